// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

class QSettings;
class QWidget;

namespace leftfold::ui {

/// The logs opened last that are still there, the last first.
[[nodiscard]] QStringList recentLogs(const QSettings& settings);
/// The sample is not one of them.
/// Empty where nothing is to be written. A name without an ending gets `suffix`; what is there already is asked for.
[[nodiscard]] QString askWhereToSave(QWidget* window, const QString& title, const QString& path, const QString& kinds,
                                     const QString& suffix);
void rememberRecent(QSettings& settings, const QString& path, const QString& samplePath);

/// What the user chooses in a dialog; empty: nothing. The folder is remembered.
[[nodiscard]] QStringList askForLogs(QWidget* window, QSettings& settings);
[[nodiscard]] QStringList askForFolder(QWidget* window, QSettings& settings);

} // namespace leftfold::ui
