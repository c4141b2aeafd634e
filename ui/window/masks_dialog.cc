// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/masks_dialog.h"

#include "ui/error_text.h"
#include "ui/panels/parts.h"
#include "ui/texts.h"

#include <QDialogButtonBox>
#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace leftfold::ui {

MasksDialog::MasksDialog(QWidget* parent) : QDialog(parent), m_rules(new QPlainTextEdit), m_trouble(new QLabel)
{
    setWindowTitle(tr("Masking"));
    setObjectName(QStringLiteral("masks"));
    resize(560, 380);
    auto* const about = new QLabel(tr("What fits a rule is masked in everything that is shown, copied and exported, "
                                      "also in logs that are opened later. "
                                      "Captures, states, filters and hashes work on what the log holds."));
    about->setWordWrap(true);
    m_rules->setAccessibleName(tr("Rules, one a line"));
    m_rules->setPlaceholderText(QStringLiteral("/customer/email\n/**/iban\nheader:authorization\nkey\ntext:[0-9]{16}"));
    m_rules->setFont(dataFont(font()));
    m_trouble->setWordWrap(true);
    auto* const buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    m_use = buttons->addButton(tr("Mask"), QDialogButtonBox::AcceptRole);
    const auto* const load = buttons->addButton(tr("Load a file…"), QDialogButtonBox::ActionRole);
    auto* const column = new QVBoxLayout(this);
    column->addWidget(about);
    column->addWidget(m_rules, 1);
    column->addWidget(m_trouble);
    column->addWidget(buttons);
    connect(load, &QPushButton::clicked, this, &MasksDialog::load);
    connect(m_rules, &QPlainTextEdit::textChanged, this, &MasksDialog::check);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        accept();
        emit rulesChosen(m_rules->toPlainText());
    });
}

void MasksDialog::setColours(const Colours& colours)
{
    m_colours = colours;
    m_trouble->setStyleSheet(QStringLiteral("color: %1").arg(colours.bad.name()));
}

void MasksDialog::begin(const QString& rules)
{
    m_rules->setPlainText(rules);
    check();
    show();
    raise();
    m_rules->setFocus();
}

void MasksDialog::check()
{
    const auto rules = snapshot::parseMaskRules(m_rules->toPlainText().toStdString());
    m_trouble->setText(rules ? QString() : errorText(rules.error()));
    m_trouble->setVisible(!rules);
    m_use->setEnabled(rules.has_value());
    m_use->setText(rules && rules->empty() ? tr("Mask nothing") : tr("Mask"));
}

void MasksDialog::load()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Rules for masking"));
    if (path.isEmpty()) return;
    QFile file(path);
    if (file.open(QIODevice::ReadOnly)) return m_rules->setPlainText(QString::fromUtf8(file.readAll()));
    m_trouble->setText(file.errorString());
    m_trouble->show();
}

std::shared_ptr<const snapshot::Masks> masksOf(const QString& rules)
{
    auto read = snapshot::parseMaskRules(rules.toStdString());
    if (!read) read = snapshot::parseMaskRules("/**\nkey\ntext:.\n");
    return read->empty() ? nullptr : std::make_shared<const snapshot::Masks>(std::move(*read));
}

} // namespace leftfold::ui
