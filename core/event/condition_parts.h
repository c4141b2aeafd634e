// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/condition.h"

#include <variant>
#include <vector>

namespace leftfold::event {

/// What a condition was read into: nodes that name their operands by place, the last node is the whole.
struct Condition::Parts {
    enum class Operator : std::uint8_t { Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual, Contains };
    struct Any {
        std::vector<std::size_t> operands;
    };
    struct All {
        std::vector<std::size_t> operands;
    };
    struct Not {
        std::size_t operand;
    };
    struct Exists {
        PathPattern path;
    };
    struct Compare {
        PathPattern path;
        Operator comparison;
        std::variant<Document, PathPattern> value;
    };
    using Node = std::variant<Any, All, Not, Exists, Compare>;

    std::string text;
    std::vector<Node> nodes;
};

} // namespace leftfold::event
