// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kafka/profile_form.h"

#include "ui/texts.h"

#include <QComboBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QToolButton>

namespace leftfold::ui {

namespace {

constexpr int kMoreLines = 3;

QString valueOf(const source::KafkaProfile& profile, const char* property)
{
    const auto found = profile.properties.find(property);
    return found == profile.properties.end() ? QString() : text(found->second);
}

/// The entry with that data; one more where there is none, so that nothing a profile says is lost.
void choose(QComboBox* box, const QString& value)
{
    int at = box->findData(value, Qt::UserRole, Qt::MatchFixedString);
    if (at < 0) {
        box->addItem(value, value);
        at = box->count() - 1;
    }
    box->setCurrentIndex(at);
}

} // namespace

ProfileForm::ProfileForm(QWidget* parent)
    : QWidget(parent),
      m_form(new QFormLayout(this)),
      m_name(new QLineEdit),
      m_protocol(new QComboBox),
      m_mechanism(new QComboBox),
      m_store(new QComboBox),
      m_more(new QPlainTextEdit)
{
    m_form->setContentsMargins(0, 0, 0, 0);
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_form->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    const auto add = [this](const QString& label, QWidget* field) {
        field->setAccessibleName(label);
        m_form->addRow(label, field);
    };
    addField("bootstrap.servers", tr("Brokers"), tr("host:port, with commas between several"));
    m_name->setPlaceholderText(tr("To keep it as a profile: production"));
    add(tr("Name"), m_name);
    m_protocol->addItem(tr("None (PLAINTEXT)"), QStringLiteral("PLAINTEXT"));
    m_protocol->addItem(tr("Encrypted (SSL)"), QStringLiteral("SSL"));
    m_protocol->addItem(tr("Sign in, not encrypted (SASL_PLAINTEXT)"), QStringLiteral("SASL_PLAINTEXT"));
    m_protocol->addItem(tr("Sign in, encrypted (SASL_SSL)"), QStringLiteral("SASL_SSL"));
    add(tr("Security"), m_protocol);
    for (const char* mechanism : {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"})
        m_mechanism->addItem(QString::fromLatin1(mechanism), QString::fromLatin1(mechanism));
    add(tr("Mechanism"), m_mechanism);
    addField("sasl.username", tr("User"));
    addSecret("sasl.password", tr("Password"));
    addField("token.url", tr("Token address"), QStringLiteral("https://login.example.org/oauth2/token"));
    addField("token.client.id", tr("Client id"));
    addSecret("token.client.secret", tr("Client secret"));
    addField("token.scope", tr("Scope"));
    addPath("ssl.ca.location", tr("Authority"), tr("A PEM file; empty: those of this computer"));
    addPath("ssl.certificate.location", tr("Certificate"), tr("Of this client, a PEM file, where one is asked for"));
    addPath("ssl.key.location", tr("Private key"), tr("A PEM file"));
    addSecret("ssl.key.password", tr("Key password"));
    const auto* registry =
        addField("registry.url", tr("Schema registry"), tr("https://host:8081, where payloads need schemas"));
    connect(registry, &QLineEdit::textChanged, this, [this] { showFields(); });
    addField("registry.user", tr("Registry user"));
    addSecret("registry.password", tr("Registry password"));
    m_store->addItem(tr("In the keyring of the desktop"), QStringLiteral("keyring"));
    m_store->addItem(tr("In environment variables"), QStringLiteral("environment"));
    add(tr("Keep secrets"), m_store);
    m_more->setPlaceholderText(tr("Further properties of librdkafka, NAME=VALUE, one a line"));
    m_more->setTabChangesFocus(true);
    m_more->setFixedHeight(m_more->fontMetrics().lineSpacing() * kMoreLines + 14);
    add(tr("More"), m_more);
    for (QComboBox* box : {m_protocol, m_mechanism}) {
        connect(box, &QComboBox::currentIndexChanged, this, [this] {
            showFields();
            emit changed();
        });
    }
    connect(m_name, &QLineEdit::textChanged, this, &ProfileForm::changed);
    showFields();
}

QLineEdit* ProfileForm::addField(const char* property, const QString& label, const QString& placeholder)
{
    auto* field = new QLineEdit;
    field->setAccessibleName(label);
    field->setPlaceholderText(placeholder);
    field->setToolTip(QString::fromLatin1(property));
    m_form->addRow(label, field);
    m_fields[property] = field;
    m_rows[property] = field;
    connect(field, &QLineEdit::textChanged, this, &ProfileForm::changed);
    return field;
}

QLineEdit* ProfileForm::addSecret(const char* property, const QString& label)
{
    QLineEdit* field = addField(property, label, tr("Empty: as it is kept"));
    field->setEchoMode(QLineEdit::Password);
    m_fields.erase(property);
    m_secrets[property] = field;
    return field;
}

QLineEdit* ProfileForm::addPath(const char* property, const QString& label, const QString& placeholder)
{
    auto* field = new QLineEdit;
    field->setAccessibleName(label);
    field->setPlaceholderText(placeholder);
    field->setToolTip(QString::fromLatin1(property));
    auto* browse = new QToolButton;
    browse->setText(tr("Choose…"));
    browse->setAccessibleName(tr("Choose a file: %1").arg(label));
    auto* both = new QWidget;
    auto* row = new QHBoxLayout(both);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(field, 1);
    row->addWidget(browse);
    m_form->addRow(label, both);
    m_fields[property] = field;
    m_rows[property] = both;
    connect(field, &QLineEdit::textChanged, this, &ProfileForm::changed);
    connect(browse, &QToolButton::clicked, this, [this, field] { choosePath(field); });
    return field;
}

void ProfileForm::choosePath(QLineEdit* field)
{
    const QString path = QFileDialog::getOpenFileName(this, field->accessibleName(), field->text(),
                                                      tr("PEM files") + QStringLiteral(" (*.pem *.crt *.cer *.key);;")
                                                          + tr("All files") + QStringLiteral(" (*)"));
    if (!path.isEmpty()) field->setText(path);
}

bool ProfileForm::isShown(const std::string& property) const
{
    const QString protocol = m_protocol->currentData().toString();
    const bool isToken = m_mechanism->currentData().toString() == QLatin1String("OAUTHBEARER");
    if (property == "registry.user" || property == "registry.password") return hasRegistry();
    if (property.starts_with("token.")) return protocol.startsWith(QLatin1String("SASL")) && isToken;
    if (property.starts_with("sasl.")) return protocol.startsWith(QLatin1String("SASL")) && !isToken;
    if (property.starts_with("ssl.")) return protocol.endsWith(QLatin1String("SSL"));
    return true;
}

bool ProfileForm::hasRegistry() const
{
    return !m_fields.at("registry.url")->text().trimmed().isEmpty();
}

void ProfileForm::showFields()
{
    for (const auto& [property, row] : m_rows) m_form->setRowVisible(row, isShown(property));
    const bool isPlain = m_protocol->currentData().toString() == QLatin1String("PLAINTEXT");
    m_form->setRowVisible(m_mechanism, m_protocol->currentData().toString().startsWith(QLatin1String("SASL")));
    m_form->setRowVisible(m_store, !isPlain || hasRegistry());
}

void ProfileForm::setProfile(const source::KafkaProfile& profile)
{
    const QSignalBlocker quiet(this);
    m_name->setText(text(profile.name));
    const QString protocol = valueOf(profile, "security.protocol");
    choose(m_protocol, protocol.isEmpty() ? QStringLiteral("PLAINTEXT") : protocol.toUpper());
    const QString mechanism = valueOf(profile, "sasl.mechanisms");
    choose(m_mechanism, mechanism.isEmpty() ? QStringLiteral("PLAIN") : mechanism);
    const QString store = valueOf(profile, "secret.store");
    choose(m_store, store.isEmpty() ? QStringLiteral("keyring") : store);
    for (const auto& [property, field] : m_fields) field->setText(valueOf(profile, property.c_str()));
    forgetSecrets();
    QStringList more;
    for (const auto& [property, value] : profile.properties) {
        const bool isKnown = m_fields.contains(property) || property == "security.protocol"
                             || property == "sasl.mechanisms" || property == "secret.store";
        if (!isKnown) more += text(property) + u'=' + text(value);
    }
    m_more->setPlainText(more.join(u'\n'));
    showFields();
}

source::KafkaProfile ProfileForm::profile() const
{
    source::KafkaProfile profile{m_name->text().trimmed().toStdString(), {}};
    for (const QString& line : m_more->toPlainText().split(u'\n', Qt::SkipEmptyParts)) {
        const QString name = line.section(u'=', 0, 0).trimmed();
        if (!name.isEmpty()) profile.properties[name.toStdString()] = line.section(u'=', 1).trimmed().toStdString();
    }
    for (const auto& [property, field] : m_fields) {
        const QString value = field->text().trimmed();
        if (!value.isEmpty() && isShown(property)) profile.properties[property] = value.toStdString();
    }
    const QString protocol = m_protocol->currentData().toString();
    const bool isPlaintext = protocol == QLatin1String("PLAINTEXT");
    if (!isPlaintext || hasRegistry())
        profile.properties["secret.store"] = m_store->currentData().toString().toStdString();
    if (isPlaintext) return profile;
    profile.properties["security.protocol"] = protocol.toStdString();
    if (protocol.startsWith(QLatin1String("SASL")))
        profile.properties["sasl.mechanisms"] = m_mechanism->currentData().toString().toStdString();
    return profile;
}

std::map<std::string, std::string> ProfileForm::secrets() const
{
    std::map<std::string, std::string> typed;
    for (const auto& [property, field] : m_secrets) {
        if (!field->text().isEmpty() && isShown(property)) typed[property] = field->text().toStdString();
    }
    return typed;
}

void ProfileForm::forgetSecrets()
{
    for (const auto& [property, field] : m_secrets) field->clear();
}

bool ProfileForm::isPlain() const
{
    const source::KafkaProfile filled = profile();
    return filled.name.empty() && filled.properties.size() == 1 && filled.properties.contains("bootstrap.servers");
}

void ProfileForm::edit()
{
    m_fields.at("bootstrap.servers")->setFocus();
}

} // namespace leftfold::ui
