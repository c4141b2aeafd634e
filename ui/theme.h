// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/colours.h"

#include <QString>

class QApplication;

namespace leftfold::ui {

enum class Theme { System, Light, Dark };

/// The colours of a theme; of the system's by what the desktop says: to be asked first before any theme is put on.
[[nodiscard]] const Colours& coloursOf(Theme theme);
/// Looks at the desktop again while a theme is on; whether it went from light to dark, or back.
[[nodiscard]] bool lookAtSystem(QApplication& application);
/// Puts it on all windows: Fusion, palette, fonts, and a small style sheet.
void putOn(QApplication& application, const Colours& colours);
[[nodiscard]] QString styleSheetOf(const Colours& colours);

} // namespace leftfold::ui
