// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/document.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leftfold::event {

/// A value that a person looks for in documents. What was typed as JSON is that value, by value: 10 is 10.0 too. A number, true,
/// false and null typed without quotes also stand for the text of the same letters (ids are written either way); "10" in
/// quotes for the text alone. Anything that is no JSON is a text. A text is found as a whole, not as a part of another.
class SoughtValue {
public:
    explicit SoughtValue(std::string_view typed);

    [[nodiscard]] bool is(Value value) const;
    /// Where it stands, in the order of the document; shadowed members and names of members do not count. At most `max` places.
    [[nodiscard]] std::vector<Pointer> placesIn(Value document, std::size_t max = SIZE_MAX) const;
    /// False only where a document with this JSON cannot hold it: spares reading most documents.
    [[nodiscard]] bool mayStandIn(base::ByteView json) const;

private:
    std::optional<Document> m_value;
    std::optional<std::string> m_text;
    std::string m_letters; ///< that must stand in any JSON that holds it and has no escapes; empty: none are known
};

} // namespace leftfold::event
