// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/session.h"
#include "core/replay/playhead.h"

namespace leftfold::app {

/// An event as a line for people, or as JSON. `keys` say which aggregate it is of, if they are given.
[[nodiscard]] base::Result<std::string> eventAt(Session& session, event::EventIndex index,
                                                const capture::KeyIndex* keys, bool json, const Output& out);

/// Where one stands at a place of a play order.
struct Standing {
    std::string at; ///< a moment that can be typed
    std::uint64_t eventsBehind = 0;
};
[[nodiscard]] base::Result<Standing> standingAt(Session& session, const replay::PlayOrder& order, std::uint64_t place);

} // namespace leftfold::app
