// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workspace/action.h"

namespace leftfold::workspace {

/// Keeps what came for a question; false: nobody waits for it any more.
template <class Question>
bool take(Asked<Question>& asked, const Answered<Question>& action)
{
    if (!asked.isWaiting || asked.ticket != action.ticket) return false;
    asked.isWaiting = !action.isLast;
    if (action.answer) {
        asked.answer = *action.answer;
        asked.error.reset();
    } else {
        asked.error = action.answer.error();
    }
    return true;
}

} // namespace leftfold::workspace
