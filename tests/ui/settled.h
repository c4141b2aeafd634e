// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/window/main_window.h"

namespace leftfold::ui::test {

/// Nothing is on its way.
inline bool isSettled(const MainWindow& window)
{
    const auto& state = window.store()->state();
    if (std::holds_alternative<workspace::Loading>(state.log)) return false;
    if (state.open() == nullptr) return true;
    return std::apply([](const auto&... asked) { return (!asked.isWaiting && ...); }, state.open()->asked);
}

} // namespace leftfold::ui::test
