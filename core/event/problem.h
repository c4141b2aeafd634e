// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/event/offset.h"

namespace leftfold::event {

/// Something found about a log, with where it was found.
struct Problem {
    Position position;
    base::Error error;
    friend bool operator==(const Problem&, const Problem&) = default;
};

} // namespace leftfold::event
