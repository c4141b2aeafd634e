// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/document.h"

#include <unordered_map>

namespace leftfold::event {

/// Finds the members of one object by name: a few by looking at each, many by a table.
class MemberIndex {
public:
    explicit MemberIndex(Value object);
    [[nodiscard]] std::optional<Value> find(base::ByteView key) const;

private:
    Value m_object;
    std::unordered_map<base::ByteView, Value> m_table; ///< empty where there are few
};

} // namespace leftfold::event
