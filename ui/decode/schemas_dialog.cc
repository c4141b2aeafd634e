// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/decode/schemas_dialog.h"

#include "ui/decode/decode_texts.h"
#include "ui/error_text.h"
#include "ui/panels/parts.h"
#include "ui/texts.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QSplitter>
#include <QVBoxLayout>

namespace leftfold::ui {

using workspace::AskSchemas;
using workspace::SchemaList;
using workspace::SchemaVersion;

namespace {

constexpr int kKey = Qt::UserRole;

/// As its registry keeps it; JSON on several lines.
QString wordsOf(const decode::Schema& schema)
{
    if (schema.isDescriptorSet) return SchemasDialog::tr("Descriptors, without their text.");
    if (schema.kind == decode::SchemaKind::Protobuf) return text(schema.text);
    const auto document = event::Document::parse(schema.text);
    return text(document ? event::toPrettyJson(document->root()) : schema.text);
}

} // namespace

class SchemasDialog::Parts {
public:
    explicit Parts(SchemasDialog& dialog) : m_dialog(dialog)
    {
        dialog.setWindowTitle(tr("Schemas of this log"));
        dialog.setObjectName(QStringLiteral("schemas"));
        dialog.resize(860, 560);
        m_list = new QListWidget;
        m_list->setAccessibleName(tr("Schemas"));
        m_changesTitle = new QLabel;
        m_changes = new QListWidget;
        m_changes->setAccessibleName(tr("What changed"));
        m_changes->setFont(dataFont(dialog.font()));
        m_words = new QPlainTextEdit;
        m_words->setReadOnly(true);
        m_words->setFont(dataFont(dialog.font()));
        m_words->setAccessibleName(tr("What the schema says"));
        auto* const side = new QWidget;
        auto* const column = new QVBoxLayout(side);
        column->setContentsMargins(0, 0, 0, 0);
        column->addWidget(m_words, 3);
        column->addWidget(m_changesTitle);
        column->addWidget(m_changes, 2);
        auto* const split = new QSplitter;
        split->addWidget(m_list);
        split->addWidget(side);
        split->setStretchFactor(1, 1);
        split->setSizes({270, 590});
        auto* const buttons = new QDialogButtonBox(QDialogButtonBox::Close);
        auto* const whole = new QVBoxLayout(&dialog);
        whole->addWidget(split, 1);
        whole->addWidget(buttons);
        connect(buttons, &QDialogButtonBox::rejected, &dialog, &QDialog::reject);
        connect(m_list, &QListWidget::currentRowChanged, &dialog, [this](int row) { showRow(row); });
    }

    void begin(const QString& key)
    {
        m_wanted = key;
        m_shown.reset();
        emit m_dialog.schemasWanted();
        m_dialog.QDialog::show();
        m_dialog.raise();
    }
    void show(const workspace::Open& open)
    {
        const auto& asked = open.of<AskSchemas>();
        if (asked.isWaiting || asked.answer == m_shown) return;
        m_shown = asked.answer;
        m_list->clear();
        if (!m_shown) return showRow(-1);
        for (const SchemaVersion& version : m_shown->schemas) {
            auto* const item = new QListWidgetItem(
                kindText(version.schema->kind) + QStringLiteral(" · ") + schemaText(*version.schema), m_list);
            item->setData(kKey, text(version.schema->key));
        }
        for (const auto& [key, why] : m_shown->missing) {
            auto* const item = new QListWidgetItem(tr("%1: missing").arg(text(key)), m_list);
            item->setData(kKey, text(key));
            item->setForeground(m_colours.bad);
        }
        choose();
    }
    void setColours(const Colours& colours) { m_colours = colours; }

private:
    void choose()
    {
        int row = m_list->count() > 0 ? 0 : -1;
        for (int i = 0; i < m_list->count(); ++i) {
            if (m_list->item(i)->data(kKey).toString() == m_wanted) row = i;
        }
        m_list->setCurrentRow(row);
        showRow(row);
    }
    void showRow(int row)
    {
        m_changes->clear();
        m_changesTitle->clear();
        const auto known = m_shown ? static_cast<int>(m_shown->schemas.size()) : 0;
        if (row < 0) return m_words->setPlainText(tr("There are no schemas in this log."));
        if (row >= known) {
            const auto missing = std::next(m_shown->missing.begin(), row - known);
            return m_words->setPlainText(errorText(missing->second));
        }
        const SchemaVersion& version = m_shown->schemas[static_cast<std::size_t>(row)];
        m_words->setPlainText(wordsOf(*version.schema));
        if (!version.before) return m_changesTitle->setText(tr("There is no version before it in this log."));
        m_changesTitle->setText(tr("What changed since %1").arg(schemaText(*version.before)));
        if (version.error) m_changes->addItem(errorText(*version.error));
        for (const decode::SchemaChange& change : version.changes) m_changes->addItem(changeText(change));
        if (!version.error && version.changes.empty())
            m_changes->addItem(tr("Nothing that decides how payloads are read."));
    }

    SchemasDialog& m_dialog;
    QListWidget* m_list = nullptr;
    QLabel* m_changesTitle = nullptr;
    QListWidget* m_changes = nullptr;
    QPlainTextEdit* m_words = nullptr;
    Colours m_colours = lightColours();
    QString m_wanted;
    std::shared_ptr<const SchemaList> m_shown;
};

SchemasDialog::SchemasDialog(QWidget* parent) : QDialog(parent), m_parts(std::make_unique<Parts>(*this)) {}

SchemasDialog::~SchemasDialog() = default;

void SchemasDialog::setColours(const Colours& colours)
{
    m_parts->setColours(colours);
}

void SchemasDialog::begin(const QString& key)
{
    m_parts->begin(key);
}

void SchemasDialog::show(const workspace::Open& open)
{
    m_parts->show(open);
}

} // namespace leftfold::ui
