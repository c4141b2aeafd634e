// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/decode/payload_decoder.h"
#include "core/event/document.h"

#include <memory>
#include <string>
#include <vector>

namespace leftfold::decode {

/// A JSON Schema that documents are checked against: drafts 4, 6 and 7, and of 2019-09 and 2020-12 all but `unevaluated...` and
/// dynamic references. `format` and `content...` check nothing, as the drafts allow. Numbers are compared exactly. Patterns are RE2's,
/// which takes linear time but knows no look-around and no back references: one that it cannot read is an error of the schema.
///
/// (valijson, the validator that Debian has, checks patterns by std::regex, which a long text crashes; it follows references in circles
/// until the stack ends, and compares numbers as doubles.)
class JsonSchema {
public:
    /// Fails with BadSchema: it is no JSON, or where a `$ref` leads nowhere or a pattern cannot be read.
    [[nodiscard]] static base::Result<JsonSchema> parse(const SchemaText& schema);
    JsonSchema(JsonSchema&&) noexcept;
    JsonSchema& operator=(JsonSchema&&) noexcept;
    ~JsonSchema();

    /// One sentence for each place that violates it, by pointer, "/items/0/price: -1 is less than 0"; at most kMaxViolations. A schema that
    /// is too deep or takes too long for a document gives a sentence that says so.
    [[nodiscard]] std::vector<std::string> violations(const event::Document& document) const;
    static constexpr std::size_t kMaxViolations = 100;

private:
    struct Parts;
    explicit JsonSchema(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> m_parts;
};

} // namespace leftfold::decode
