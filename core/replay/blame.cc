// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/blame.h"

#include "core/base/varint.h"
#include "core/event/item_alignment.h"
#include "core/event/member_index.h"

#include <algorithm>
#include <span>
#include <utility>

namespace leftfold::replay {

namespace {

using event::Kind;
using event::Value;

constexpr std::uint32_t kNone = ~0U;

/// Values that are equal by chance rather than because they moved.
bool canMove(Value value)
{
    switch (value.kind()) {
    case Kind::Null:
    case Kind::Boolean:
        return false;
    case Kind::Number:
        return true;
    case Kind::Text:
        return !value.text().empty();
    case Kind::Array:
    case Kind::Object:
        return value.size() > 0;
    }
    return false;
}

/// The values of one hash among many sorted by hash.
std::span<const Value> withHash(const std::vector<Value>& values, std::uint64_t hash)
{
    const auto first = std::ranges::lower_bound(values, hash, {}, &Value::hash);
    return {first, std::ranges::upper_bound(first, values.end(), hash, {}, &Value::hash)};
}

/// The one that equals `value`; none where there is none or more than one.
std::optional<Value> onlyEqual(std::span<const Value> values, Value value)
{
    std::optional<Value> only;
    for (const Value each : values) {
        if (each != value) continue;
        if (only) return {};
        only = each;
    }
    return only;
}

/// What is directly inside a value and counts.
template <class Take>
void forEachInside(Value value, Take take)
{
    for (const Value item : value.items()) take(item);
    for (const event::Member& member : value.members()) {
        if (!member.shadowed) take(member.value);
    }
}

} // namespace

/// From one state to the next. What is still to be looked at waits on a stack, since states may be nested deep.
class Blame::Step {
public:
    Step(std::uint32_t event, const Entries& before, Entries& after) : m_event(event), m_before(before), m_after(after)
    {}

    void run(Value a, Value b)
    {
        m_pairs.emplace_back(a, b);
        while (!m_pairs.empty()) {
            const auto [before, after] = m_pairs.back();
            m_pairs.pop_back();
            before == after ? keep(before, after, kNone) : change(before, after);
        }
        move();
    }

    /// All of a value is new.
    void write(Value value)
    {
        m_values.push_back(value);
        while (!m_values.empty()) {
            const Value next = m_values.back();
            m_values.pop_back();
            m_after[next.nodeIndex()] = {m_event, kNone};
            forEachInside(next, [&](Value inside) { m_values.push_back(inside); });
        }
    }

private:
    using Pair = std::pair<Value, Value>;

    /// REQUIRES: the two are equal.
    void keep(Value a, Value b, std::uint32_t movedBy)
    {
        const std::size_t first = m_pairs.size();
        m_pairs.emplace_back(a, b);
        while (m_pairs.size() > first) {
            const auto [before, after] = m_pairs.back();
            m_pairs.pop_back();
            Entry& entry = m_after[after.nodeIndex()];
            entry = m_before[before.nodeIndex()];
            if (movedBy != kNone) entry.movedBy = movedBy;
            if (before.kind() == Kind::Array) pairEqualItems(before, after);
            if (before.kind() == Kind::Object) pairMembers(before, after);
        }
    }

    /// REQUIRES: the two are unequal.
    void change(Value a, Value b)
    {
        if (a.kind() == Kind::Array && b.kind() == Kind::Array) {
            m_after[b.nodeIndex()] = {m_event, kNone};
            pairItems(a, b);
        } else if (a.kind() == Kind::Object && b.kind() == Kind::Object) {
            m_after[b.nodeIndex()] = {m_event, kNone};
            pairMembers(a, b);
        } else {
            write(b);
        }
    }

    void pairEqualItems(Value a, Value b)
    {
        auto before = a.items().begin();
        for (const Value item : b.items()) m_pairs.emplace_back(*before++, item);
    }

    void pairItems(Value a, Value b)
    {
        for (const event::ItemPair& pair : event::alignItems(a, b)) {
            if (pair.before && pair.after)
                m_pairs.emplace_back(*pair.before, *pair.after);
            else if (pair.before)
                m_removed.push_back(*pair.before);
            else
                m_added.push_back(*pair.after);
        }
    }

    void pairMembers(Value a, Value b)
    {
        if (!pairMembersInOrder(a, b)) pairMembersByName(a, b);
    }

    /// The same names in the same order, as it mostly is; false, and nothing done, if they are not.
    bool pairMembersInOrder(Value a, Value b)
    {
        if (a.size() != b.size()) return false;
        const std::size_t first = m_pairs.size();
        auto before = a.members().begin();
        const auto end = a.members().end();
        for (const event::Member& member : b.members()) {
            if (before == end || (*before).key != member.key || (*before).shadowed || member.shadowed) {
                m_pairs.resize(first, {a, b});
                return false;
            }
            m_pairs.emplace_back((*before).value, member.value);
            ++before;
        }
        return before == end;
    }

    void pairMembersByName(Value a, Value b)
    {
        const event::MemberIndex inA(a);
        std::size_t paired = 0;
        for (const event::Member& member : b.members()) {
            if (member.shadowed) continue;
            if (const auto before = inA.find(member.key)) {
                m_pairs.emplace_back(*before, member.value);
                ++paired;
            } else {
                m_added.push_back(member.value);
            }
        }
        if (paired == a.size()) return;
        const event::MemberIndex inB(b);
        for (const event::Member& member : a.members()) {
            if (!member.shadowed && !inB.find(member.key)) m_removed.push_back(member.value);
        }
    }

    /// What was added either moved here or is new.
    void move()
    {
        std::ranges::sort(m_removed, {}, &Value::hash);
        std::ranges::sort(m_added, {}, &Value::hash);
        for (const Value added : m_added) {
            std::optional<Value> from;
            if (!m_removed.empty() && canMove(added) && onlyEqual(withHash(m_added, added.hash()), added))
                from = onlyEqual(withHash(m_removed, added.hash()), added);
            from ? keep(*from, added, m_event) : write(added);
        }
    }

    std::uint32_t m_event;
    const Entries& m_before;
    Entries& m_after;
    std::vector<Pair> m_pairs;
    std::vector<Value> m_values;
    std::vector<Value> m_removed;
    std::vector<Value> m_added;
};

Blame Blame::after(event::EventIndex event, std::optional<event::Document> next) const
{
    Blame out;
    out.m_document = std::move(next);
    if (!out.m_document) return out;
    auto entries = std::make_shared<Entries>(out.m_document->nodeCount(), Entry{kNone, kNone});
    static const Entries kNothing;
    Step step(static_cast<std::uint32_t>(event.value), m_entries ? *m_entries : kNothing, *entries);
    if (m_document)
        step.run(m_document->root(), out.m_document->root());
    else
        step.write(out.m_document->root());
    out.m_entries = std::move(entries);
    return out;
}

std::optional<Writing> Blame::of(event::Value value) const
{
    const Entry& entry = (*m_entries)[value.nodeIndex()];
    if (entry.by == kNone) return {};
    Writing writing{{entry.by}, {}};
    if (entry.movedBy != kNone) writing.movedBy = event::EventIndex{entry.movedBy};
    return writing;
}

Blame Blame::shownAs(event::Document copy) const
{
    auto entries = std::make_shared<Entries>(copy.nodeCount(), Entry{kNone, kNone});
    std::vector<std::pair<Value, Value>> left{{m_document->root(), copy.root()}};
    while (!left.empty()) {
        const auto [value, shown] = left.back();
        left.pop_back();
        (*entries)[shown.nodeIndex()] = (*m_entries)[value.nodeIndex()];
        if (value.kind() != shown.kind()) continue;
        auto item = value.items().begin();
        for (const Value each : shown.items()) left.emplace_back(*item++, each);
        auto member = value.members().begin();
        for (const event::Member& each : shown.members()) left.emplace_back((*member++).value, each.value);
    }
    Blame out;
    out.m_document = std::move(copy);
    out.m_entries = std::move(entries);
    return out;
}

std::string Blame::save() const
{
    std::string out;
    if (!m_entries) return out;
    for (const Entry& entry : *m_entries) {
        base::putVarint(out, entry.by == kNone ? 0 : std::uint64_t{entry.by} + 1);
        base::putVarint(out, entry.movedBy == kNone ? 0 : std::uint64_t{entry.movedBy} + 1);
    }
    return out;
}

std::optional<Blame> Blame::restore(base::ByteView saved, std::optional<event::Document> document)
{
    Blame out;
    base::ByteReader bytes(saved);
    if (document) {
        auto entries = std::make_shared<Entries>(document->nodeCount());
        for (Entry& entry : *entries) {
            entry.by = static_cast<std::uint32_t>(bytes.varint() - 1);
            entry.movedBy = static_cast<std::uint32_t>(bytes.varint() - 1);
        }
        out.m_entries = std::move(entries);
    }
    if (!bytes.atEnd()) return {};
    out.m_document = std::move(document);
    return out;
}

} // namespace leftfold::replay
