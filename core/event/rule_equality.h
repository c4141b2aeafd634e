// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/diff_rules.h"

#include <optional>
#include <string>
#include <vector>

namespace leftfold::event {

/// Compares values under rules. A path says where they stand: the rules know nothing else.
class RuleEquality {
public:
    using Path = std::vector<std::string>;
    static constexpr std::size_t kMaxDepth = 256;

    /// REQUIRES: `rules` outlives it.
    explicit RuleEquality(const DiffRules& rules) : m_rules(rules) {}

    [[nodiscard]] bool ignores(const Path& path) const;
    /// Whether the order of the array's items means nothing.
    [[nodiscard]] bool isOrderFree(const Path& array) const { return kindAt(array) != ArrayKind::List; }
    /// Whether numbers that differ are near enough here.
    [[nodiscard]] bool areNear(const Path& path, Value a, Value b) const;

    /// REQUIRES: path.size() <= kMaxDepth, as in all below. The path comes back as it was.
    [[nodiscard]] bool equal(Path& path, Value a, Value b) const;
    /// Values that are equal without tolerances have equal digests; different ones hardly ever do.
    [[nodiscard]] std::uint64_t digest(Path& path, Value value) const;

    /// How the items of an order-free array fare.
    struct Matching {
        enum class Fate : std::uint8_t { Kept, Removed };
        struct Item {
            Fate fate = Fate::Removed;
            std::optional<Value> partner; ///< where it is kept and may yet differ
        };
        std::vector<Item> ofA; ///< by place in a
        std::vector<Value> added; ///< what only b has
    };
    /// REQUIRES: both are arrays, isOrderFree(path).
    [[nodiscard]] Matching match(Path& path, Value a, Value b) const;

private:
    enum class ArrayKind : std::uint8_t { List, MatchedBy, Set, Multiset };
    using Values = std::vector<Value>;
    using Places = std::vector<std::size_t>;
    class Matcher;
    [[nodiscard]] ArrayKind kindAt(const Path& array) const;
    [[nodiscard]] const Pointer& keyAt(const Path& array) const;
    [[nodiscard]] bool ignoresItem(Path& array, std::size_t index) const;
    [[nodiscard]] bool equalItems(Path& array, std::size_t index, Value a, Value b) const;
    [[nodiscard]] bool equalLists(Path& path, Value a, Value b) const;
    [[nodiscard]] bool equalOrderFree(Path& path, Value a, Value b) const;
    [[nodiscard]] bool equalObjects(Path& path, Value a, Value b) const;
    [[nodiscard]] std::string itemText(Path& array, std::size_t index, Value item) const;
    void appendReduced(std::string& out, Path& path, Value value) const;
    void appendReducedList(std::string& out, Path& path, Value array) const;
    void appendReducedOrderFree(std::string& out, Path& path, Value array) const;
    void appendReducedObject(std::string& out, Path& path, Value object) const;

    const DiffRules& m_rules;
};

} // namespace leftfold::event
