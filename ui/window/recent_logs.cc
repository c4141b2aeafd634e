// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/recent_logs.h"

#include "core/source/kafka_address.h"

#include <QCoreApplication>
#include <QFileDialog>
#include <QFileInfo>
#include <QSettings>

namespace leftfold::ui {

namespace {

constexpr qsizetype kMostRecent = 12;

class Texts {
    Q_DECLARE_TR_FUNCTIONS(leftfold::ui::RecentLogs)
};

} // namespace

namespace {

bool isKafka(const QString& path)
{
    return source::isKafkaAddress(path.toStdString());
}

} // namespace

QStringList recentLogs(const QSettings& settings)
{
    QStringList paths = settings.value("recent").toStringList();
    paths.removeIf([](const QString& path) { return !isKafka(path) && !QFileInfo::exists(path); });
    return paths;
}

void rememberRecent(QSettings& settings, const QString& path, const QString& samplePath)
{
    const QString absolute = isKafka(path) ? path : QFileInfo(path).absoluteFilePath();
    if (absolute == QFileInfo(samplePath).absoluteFilePath()) return;
    QStringList paths = recentLogs(settings);
    paths.removeAll(absolute);
    paths.prepend(absolute);
    settings.setValue("recent", QStringList(paths.first(std::min(paths.size(), kMostRecent))));
}

QStringList askForLogs(QWidget* window, QSettings& settings)
{
    const QString kinds =
        Texts::tr("Logs")
        + QStringLiteral(" (*.jsonl *.ndjson *.json *.csv *.tsv *.log *.txt *.gz *.zst *.lflog *.leftfold);;")
        + Texts::tr("All files") + QStringLiteral(" (*)");
    const QStringList paths =
        QFileDialog::getOpenFileNames(window, Texts::tr("Open a log"), settings.value("folder").toString(), kinds);
    if (!paths.isEmpty()) settings.setValue("folder", QFileInfo(paths.front()).absolutePath());
    return paths;
}

QString askWhereToSave(QWidget* window, const QString& title, const QString& path, const QString& kinds,
                       const QString& suffix)
{
    QFileDialog dialog(window, title, QFileInfo(path).path(), kinds);
    dialog.setAcceptMode(QFileDialog::AcceptSave);
    dialog.setDefaultSuffix(suffix);
    dialog.selectFile(QFileInfo(path).fileName());
    return dialog.exec() == QDialog::Accepted ? dialog.selectedFiles().value(0) : QString();
}

QStringList askForFolder(QWidget* window, QSettings& settings)
{
    const QString path = QFileDialog::getExistingDirectory(window, Texts::tr("Open a folder of logs"),
                                                           settings.value("folder").toString());
    return path.isEmpty() ? QStringList() : QStringList(path);
}

} // namespace leftfold::ui
