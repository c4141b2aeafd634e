// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/diff.h"

#include "core/event/item_alignment.h"
#include "core/event/member_index.h"
#include "core/event/path_chains.h"
#include "core/event/rule_equality.h"

#include <algorithm>

namespace leftfold::event {
namespace {

/// Compares without recursion: what is still to be compared waits on a stack, the next on top, so that changes come out
/// in the order of the documents.
class Differ {
public:
    /// Without rules where there are none.
    explicit Differ(const DiffRules* rules = nullptr)
    {
        if (rules && !rules->empty()) m_rules.emplace(*rules);
    }

    std::vector<Change> run(Value a, Value b)
    {
        if (!m_rules || !m_rules->ignores({})) m_todo.push_back({a, b, PathChains::kRoot});
        while (!m_todo.empty()) {
            const Todo next = m_todo.back();
            m_todo.pop_back();
            compare(next);
        }
        return std::move(m_changes);
    }

private:
    struct Todo {
        std::optional<Value> before;
        std::optional<Value> after;
        std::size_t path;
    };

    void compare(const Todo& next)
    {
        if (!next.before || !next.after) {
            report(next);
            return;
        }
        const Value a = *next.before;
        const Value b = *next.after;
        if (a == b) return;
        const bool ruled = reachesRules(next.path);
        if (ruled && m_rules->areNear(m_paths.pointerTo(next.path).tokens, a, b)) return;
        const std::size_t first = m_todo.size();
        if (a.kind() == Kind::Array && b.kind() == Kind::Array) {
            ruled ? ruledItems(a, b, next.path) : items(a, b, next.path);
        } else if (a.kind() == Kind::Object && b.kind() == Kind::Object) {
            members(a, b, next.path);
        } else {
            report(next);
        }
        std::reverse(m_todo.begin() + static_cast<std::ptrdiff_t>(first), m_todo.end());
    }

    void items(Value a, Value b, std::size_t path)
    {
        std::size_t index = 0;
        for (const ItemPair& pair : alignItems(a, b)) {
            if (!pair.before || !pair.after || pair.before->hash() != pair.after->hash()
                || *pair.before != *pair.after) {
                add(pair.before, pair.after, m_paths.item(path, index));
            }
            if (pair.after) ++index;
        }
    }

    [[nodiscard]] bool reachesRules(std::size_t path) const
    {
        return m_rules && m_paths.depth(path) < RuleEquality::kMaxDepth;
    }

    void ruledItems(Value a, Value b, std::size_t path)
    {
        RuleEquality::Path at = m_paths.pointerTo(path).tokens;
        m_rules->isOrderFree(at) ? orderFreeItems(a, b, path, at) : alignedItems(a, b, path, at);
    }

    [[nodiscard]] bool sameItem(RuleEquality::Path& array, std::size_t place, Value a, Value b) const
    {
        array.push_back(std::to_string(place));
        const bool same = m_rules->equal(array, a, b);
        array.pop_back();
        return same;
    }

    [[nodiscard]] bool ignoresItem(RuleEquality::Path& array, std::size_t place) const
    {
        array.push_back(std::to_string(place));
        const bool ignored = m_rules->ignores(array);
        array.pop_back();
        return ignored;
    }

    [[nodiscard]] std::uint64_t digestOfItem(RuleEquality::Path& array, std::size_t place, Value item) const
    {
        array.push_back(std::to_string(place));
        const std::uint64_t digest = m_rules->digest(array, item);
        array.pop_back();
        return digest;
    }

    void alignedItems(Value a, Value b, std::size_t path, RuleEquality::Path& at)
    {
        const Sameness sameness{[&](Value item, std::size_t place) { return digestOfItem(at, place, item); },
                                [&](Value left, Value right, std::size_t place) {
                                    return sameItem(at, place, left, right) || ignoresItem(at, place);
                                }};
        std::size_t index = 0;
        for (const ItemPair& pair : alignItems(a, b, sameness)) {
            const bool ignored = ignoresItem(at, index);
            const bool same = pair.before && pair.after && sameItem(at, index, *pair.before, *pair.after);
            if (!ignored && !same) add(pair.before, pair.after, m_paths.item(path, index));
            // What is ignored stays as it is in `a`.
            if (ignored ? pair.before.has_value() : pair.after.has_value()) ++index;
        }
    }

    void orderFreeItems(Value a, Value b, std::size_t path, RuleEquality::Path& at)
    {
        const RuleEquality::Matching matching = m_rules->match(at, a, b);
        std::size_t index = 0;
        auto fate = matching.ofA.begin();
        for (const Value item : a.items()) {
            const RuleEquality::Matching::Item& found = *fate++;
            if (found.fate == RuleEquality::Matching::Fate::Removed) {
                add(item, {}, m_paths.item(path, index));
                continue;
            }
            if (found.partner && !sameItem(at, index, item, *found.partner)) {
                add(item, found.partner, m_paths.item(path, index));
            }
            ++index;
        }
        for (const Value item : matching.added) add({}, item, m_paths.item(path, index++));
    }

    /// Whether rules leave out a member whatever it is.
    [[nodiscard]] bool ignoresMember(std::size_t path, base::ByteView key) const
    {
        if (!reachesRules(path)) return false;
        RuleEquality::Path at = m_paths.pointerTo(path).tokens;
        at.emplace_back(key);
        return m_rules->ignores(at);
    }

    void members(Value a, Value b, std::size_t path)
    {
        const MemberIndex inB(b);
        std::size_t paired = 0;
        for (const Member& member : a.members()) {
            if (member.shadowed) continue;
            const auto other = inB.find(member.key);
            paired += other ? 1 : 0;
            if (other && other->hash() == member.value.hash() && *other == member.value) continue;
            if (!ignoresMember(path, member.key)) add(member.value, other, m_paths.member(path, member.key));
        }
        if (paired == b.size()) return;
        const MemberIndex inA(a);
        for (const Member& member : b.members()) {
            if (member.shadowed || inA.find(member.key) || ignoresMember(path, member.key)) continue;
            add({}, member.value, m_paths.member(path, member.key));
        }
    }

    void add(std::optional<Value> before, std::optional<Value> after, std::size_t path)
    {
        m_todo.push_back({before, after, path});
    }

    void report(const Todo& what)
    {
        Change change;
        change.kind = !what.before ? ChangeKind::Added : (!what.after ? ChangeKind::Removed : ChangeKind::Changed);
        change.pointer = m_paths.pointerTo(what.path);
        if (what.before) change.before = Document::of(*what.before);
        if (what.after) change.after = Document::of(*what.after);
        m_changes.push_back(std::move(change));
    }

    std::optional<RuleEquality> m_rules;
    PathChains m_paths;
    std::vector<Todo> m_todo;
    std::vector<Change> m_changes;
};

} // namespace

std::vector<Change> diff(Value a, Value b)
{
    return Differ().run(a, b);
}

std::vector<Change> diff(Value a, Value b, const DiffRules& rules)
{
    return Differ(&rules).run(a, b);
}

} // namespace leftfold::event
