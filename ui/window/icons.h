// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QIcon>

namespace leftfold::ui {

/// The few pictures of the window, drawn as lines in any colour and size.
enum class Picture { First, ReverseContinue, StepBack, Step, Continue, Last, Play, Pause, Back, Forward, Lock };

[[nodiscard]] QIcon icon(Picture picture, const QColor& colour, const QColor& disabled);

} // namespace leftfold::ui
