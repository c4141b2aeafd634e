// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/export_dialog.h"

#include "ui/error_text.h"
#include "ui/texts.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>

namespace leftfold::ui {

using snapshot::ExportFormat;

namespace {

QString checkText(snapshot::ExportCheck check)
{
    switch (check) {
    case snapshot::ExportCheck::Manifest:
        return ExportDialog::tr("the manifest");
    case snapshot::ExportCheck::File:
        return ExportDialog::tr("the file");
    case snapshot::ExportCheck::Rows:
        return ExportDialog::tr("its rows");
    case snapshot::ExportCheck::Log:
        return ExportDialog::tr("the log");
    case snapshot::ExportCheck::Projection:
        return ExportDialog::tr("the projection");
    case snapshot::ExportCheck::States:
        return ExportDialog::tr("the states, rebuilt");
    }
    return {};
}

} // namespace

ExportDialog::ExportDialog(QWidget* parent)
    : QDialog(parent),
      m_what(new QLabel),
      m_path(new QLineEdit),
      m_format(new QComboBox),
      m_replace(new QCheckBox(tr("Replace a file that is there"))),
      m_bar(new QProgressBar),
      m_status(new QLabel),
      m_start(new QPushButton(tr("Export"))),
      m_close(new QPushButton(tr("Close")))
{
    setWindowTitle(tr("Export the states at the playhead"));
    setObjectName(QStringLiteral("export"));
    setMinimumWidth(560);
    m_what->setWordWrap(true);
    m_format->addItem(tr("JSON lines"), QStringLiteral("jsonl"));
    m_format->addItem(tr("CSV"), QStringLiteral("csv"));
    m_format->addItem(tr("SQLite database"), QStringLiteral("sqlite"));
    m_path->setText(QDir::home().filePath(QStringLiteral("states.jsonl")));
    auto* browse = new QPushButton(tr("Choose…"));
    auto* pathAndBrowse = new QHBoxLayout;
    pathAndBrowse->addWidget(m_path, 1);
    pathAndBrowse->addWidget(browse);
    auto* form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("What"), m_what);
    form->addRow(tr("File"), pathAndBrowse);
    form->addRow(tr("Format"), m_format);
    form->addRow(QString(), m_replace);
    m_path->setAccessibleName(tr("File"));
    m_bar->setTextVisible(false);
    m_bar->setAccessibleName(tr("How far the export is"));
    m_bar->hide();
    m_status->setWordWrap(true);
    m_status->setAccessibleName(tr("How the export went"));
    m_status->setMinimumHeight(60);
    m_status->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_status->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(m_close);
    buttons->addWidget(m_start);
    m_start->setDefault(true);
    auto* column = new QVBoxLayout(this);
    column->addLayout(form);
    column->addWidget(m_bar);
    column->addWidget(m_status);
    column->addLayout(buttons);
    connect(browse, &QPushButton::clicked, this, &ExportDialog::choosePath);
    connect(m_start, &QPushButton::clicked, this, &ExportDialog::start);
    connect(m_close, &QPushButton::clicked, this, &ExportDialog::reject);
    connect(m_format, &QComboBox::currentIndexChanged, this, [this] {
        const QFileInfo file(m_path->text());
        if (!file.fileName().isEmpty())
            m_path->setText(file.dir().filePath(file.completeBaseName() + u'.' + m_format->currentData().toString()));
    });
}

void ExportDialog::choosePath()
{
    const QString path = QFileDialog::getSaveFileName(this, windowTitle(), m_path->text());
    if (path.isEmpty()) return;
    m_path->setText(path);
    if (const auto named = snapshot::exportFormatOf(path.toStdString()))
        m_format->setCurrentIndex(m_format->findData(QString::fromUtf8(nameOf(*named).data())));
    // The file dialog has asked already.
    m_replace->setChecked(QFileInfo::exists(path));
}

ExportFormat ExportDialog::format() const
{
    return snapshot::exportFormatNamed(m_format->currentData().toString().toStdString())
        .value_or(ExportFormat::JsonLines);
}

void ExportDialog::start()
{
    if (m_path->text().trimmed().isEmpty()) return;
    m_since.start();
    m_wasStarted = true;
    emit exportWanted(m_path->text().trimmed(), format(), m_replace->isChecked());
}

void ExportDialog::show(const workspace::Open& open)
{
    const auto& asked = open.of<workspace::AskExport>();
    m_isRunning = asked.isWaiting;
    if (open.playhead)
        m_what->setText(tr("%1, at %2")
                            .arg(projectionText(open.projection().choice, open.facts->mapping),
                                 shortMomentText(*open.playhead, m_zone)));
    m_start->setEnabled(!m_isRunning && open.projection().opened);
    m_close->setText(m_isRunning ? tr("Cancel") : tr("Close"));
    m_bar->setVisible(m_isRunning);
    const auto& [done, total] = asked.progress;
    m_bar->setRange(0, total == 0 ? 0 : 1000);
    if (total > 0) m_bar->setValue(static_cast<int>(1000 * done / total));
    if (m_isRunning) {
        const bool isChecking = total > 0 && 2 * done > total;
        m_status->setText((isChecking ? tr("Checking the file against the log · ") : tr("Writing · "))
                          + progressText(asked.progress, static_cast<double>(m_since.elapsed()) / 1000));
    } else if (!m_wasStarted) {
        m_status->clear();
    } else if (asked.error) {
        m_status->setText(asked.error->code == base::ErrorCode::Cancelled ? tr("Cancelled: nothing was written")
                                                                          : errorText(*asked.error));
    } else if (asked.answer) {
        m_status->setText(outcome(*asked.answer));
    }
}

QString ExportDialog::outcome(const workspace::Exported& exported) const
{
    QString out = tr("%1 aggregates, %2, in %3")
                      .arg(countText(exported.manifest.rows), bytesText(exported.manifest.bytes), text(exported.path));
    if (exported.manifest.damagedEvents > 0)
        out +=
            u'\n'
            + tr("%1 events could not be read: the states lack them").arg(countText(exported.manifest.damagedEvents));
    for (const auto& finding : exported.report.findings) out += u'\n' + errorText(finding.error);
    if (!exported.report.findings.empty()) return out;
    QStringList checks;
    for (const snapshot::ExportCheck check : exported.report.done) checks.push_back(checkText(check));
    return out + u'\n' + tr("Verified: %1").arg(checks.join(QStringLiteral(", ")));
}

void ExportDialog::reject()
{
    if (m_isRunning) {
        emit cancelWanted();
        return;
    }
    m_wasStarted = false;
    QDialog::reject();
}

} // namespace leftfold::ui
