// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace leftfold::event {

/// Which events a person wants to see: all that is set must hold.
struct EventFilter {
    std::vector<std::string> types; ///< one of these; empty: any
    std::optional<std::string> aggregate; ///< an aggregate id
    std::optional<std::string> text; ///< these bytes occur in value or key
    std::optional<std::string> causedBy; ///< the causation id is this
    std::optional<std::string> correlation; ///< the correlation id is this

    friend bool operator==(const EventFilter&, const EventFilter&) = default;
};

} // namespace leftfold::event
