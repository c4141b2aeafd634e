// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

class QSettings;

namespace leftfold::ui {

/// The logs opened last that are still there, the last first.
[[nodiscard]] QStringList recentLogs(const QSettings& settings);
/// The sample is not one of them.
void rememberRecent(QSettings& settings, const QString& path, const QString& samplePath);

} // namespace leftfold::ui
