// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"

namespace leftfold::event {

/// Whether two numbers are at most `tolerance` apart: exact, decimal for decimal. Numbers that together span more than
/// 4,096 digits (1e5000 and 1) are only if they are equal. All REQUIRE valid JSON numbers, the tolerance one that is not negative.
[[nodiscard]] bool areWithin(base::ByteView tolerance, base::ByteView a, base::ByteView b);

} // namespace leftfold::event
