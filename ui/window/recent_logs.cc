// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/recent_logs.h"

#include <QFileInfo>
#include <QSettings>

namespace leftfold::ui {

namespace {

constexpr qsizetype kMostRecent = 12;

} // namespace

QStringList recentLogs(const QSettings& settings)
{
    QStringList paths = settings.value("recent").toStringList();
    paths.removeIf([](const QString& path) { return !QFileInfo::exists(path); });
    return paths;
}

void rememberRecent(QSettings& settings, const QString& path, const QString& samplePath)
{
    const QString absolute = QFileInfo(path).absoluteFilePath();
    if (absolute == QFileInfo(samplePath).absoluteFilePath()) return;
    QStringList paths = recentLogs(settings);
    paths.removeAll(absolute);
    paths.prepend(absolute);
    settings.setValue("recent", QStringList(paths.first(std::min(paths.size(), kMostRecent))));
}

} // namespace leftfold::ui
