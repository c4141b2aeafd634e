// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/decode/field.h"
#include "core/event/diff.h"
#include "core/event/document.h"
#include "core/event/path_pattern.h"
#include "core/event/record.h"

#include <deque>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// What must not be seen: it is masked where events and states are displayed, copied and exported, and nowhere before. Captures,
// folds, filters, indexes, hashes and `verify` work on what the log holds.
namespace leftfold::snapshot {

/// What stands in place of what is masked, whatever it was: neither length nor kind is told.
inline constexpr std::string_view kMasked = "***";

struct MaskedPath {
    event::PathPattern path; ///< in payloads, keys that are JSON, and states
    friend bool operator==(const MaskedPath&, const MaskedPath&) = default;
};
struct MaskedHeader {
    std::string name; ///< without case
    friend bool operator==(const MaskedHeader&, const MaskedHeader&) = default;
};
struct MaskedKey {
    friend bool operator==(MaskedKey, MaskedKey) = default;
};
struct MaskedText {
    std::string
        pattern; ///< a regular expression (ECMAScript); what fits is masked in texts, numbers, names of members, keys, headers and ids
    friend bool operator==(const MaskedText&, const MaskedText&) = default;
};
using MaskRule = std::variant<MaskedPath, MaskedHeader, MaskedKey, MaskedText>;

/// `/customer/email`, `/**/iban` (event::PathPattern), `header:NAME`, `key`, `text:REGEX`. Fails with BadMask.
[[nodiscard]] base::Result<MaskRule> parseMaskRule(std::string_view text);
[[nodiscard]] std::string toText(const MaskRule& rule);
/// A file of rules, one a line; blank ones and those that begin with '#' do not count. Fails with BadMask, naming the line.
[[nodiscard]] base::Result<std::vector<MaskRule>> parseMaskRules(std::string_view text);

/// Reads such a file; fails as base::readFile does, too.
[[nodiscard]] base::Result<std::vector<MaskRule>> readMaskRules(const std::string& path);

/// Rules, ready to be applied. Shared by threads.
class Masks {
public:
    Masks() = default;
    explicit Masks(std::vector<MaskRule> rules);

    [[nodiscard]] bool isEmpty() const { return m_rules.empty(); }
    [[nodiscard]] const std::vector<MaskRule>& rules() const { return m_rules; }

    [[nodiscard]] event::Document masked(event::Value value) const;
    /// A value that stands at `place` of a payload or a state.
    [[nodiscard]] event::Document maskedAt(const event::Pointer& place, event::Value value) const;
    /// A place to be shown: its names may tell what patterns are to hide.
    [[nodiscard]] std::string maskedPlace(const event::Pointer& place) const;
    /// Differences of two payloads or states: what differs where it is masked is told as a difference, without the values.
    [[nodiscard]] std::vector<event::Change> masked(std::vector<event::Change> changes) const;
    /// The id of an aggregate; `isWhole`: all of it, see covers().
    [[nodiscard]] std::string maskedId(base::ByteView id, bool isWhole) const;
    /// What is said of an event or a state.
    [[nodiscard]] base::Error masked(base::Error error) const;
    /// Text that is no JSON, an id, a type.
    [[nodiscard]] std::string maskedText(base::ByteView text) const;
    /// Whether what stands there is masked as a whole: so are the ids that are read there.
    [[nodiscard]] bool covers(const decode::FieldRef& place) const;
    /// What is masked, for a manifest: the rules, but of patterns, which may tell what they hide, only that there are some.
    [[nodiscard]] std::vector<std::string> names() const;

    /// A record to be shown: bytes that are no JSON and are not to be read are masked whole where there is a rule for paths, since nobody can
    /// tell what stands where in them.
    struct Record {
        event::Record record; ///< its views point into `texts`
        std::deque<std::string> texts;
        bool valueIsJson = false;
    };
    [[nodiscard]] Record masked(const event::Record& record) const;

private:
    class Writer;
    [[nodiscard]] bool coversKey() const;
    [[nodiscard]] bool coversHeader(base::ByteView name) const;
    [[nodiscard]] bool coversPath(const event::Pointer& place) const;
    [[nodiscard]] bool isPathMasked(const std::vector<std::string>& path) const;
    [[nodiscard]] event::Pointer maskedPointer(const event::Pointer& place) const;
    [[nodiscard]] std::string maskedPayload(base::ByteView bytes, bool& isJson) const;

    std::vector<MaskRule> m_rules;
    std::vector<event::PathPattern> m_paths;
    std::vector<std::regex> m_patterns;
};

} // namespace leftfold::snapshot
