// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/rule_equality.h"

#include "core/event/canonical.h"
#include "core/event/member_index.h"
#include "core/event/number_distance.h"

#include <algorithm>
#include <functional>
#include <map>
#include <unordered_map>

namespace leftfold::event {

namespace {

/// Beyond, items that differ by more than their spelling are not compared each with each.
constexpr std::size_t kMaxComparisons = std::size_t{1} << 20;

bool anyMatches(const std::vector<PathPattern>& patterns, const RuleEquality::Path& path)
{
    return std::ranges::any_of(patterns, [&](const PathPattern& pattern) { return matches(pattern, path); });
}

std::vector<Value> valuesOf(Value array)
{
    std::vector<Value> items;
    items.reserve(array.size());
    for (const Value item : array.items()) items.push_back(item);
    return items;
}

/// What an item is matched by; nothing where it has nothing at the key.
std::optional<std::string> keyText(const Pointer& key, Value item)
{
    const auto found = item.find(key);
    if (!found) return std::nullopt;
    return canonicalJson(*found);
}

/// A path with one more token, as long as this lives.
class Deeper {
public:
    Deeper(RuleEquality::Path& path, std::string token) : m_path(path) { m_path.push_back(std::move(token)); }
    ~Deeper() { m_path.pop_back(); }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;

private:
    RuleEquality::Path& m_path;
};

} // namespace

bool RuleEquality::ignores(const Path& path) const
{
    return anyMatches(m_rules.ignored, path);
}

bool RuleEquality::areNear(const Path& path, Value a, Value b) const
{
    if (a.kind() != Kind::Number || b.kind() != Kind::Number) return false;
    const auto rule =
        std::ranges::find_if(m_rules.tolerances, [&](const auto& each) { return matches(each.path, path); });
    return rule != m_rules.tolerances.end() && areWithin(rule->digits, a.digits(), b.digits());
}

RuleEquality::ArrayKind RuleEquality::kindAt(const Path& array) const
{
    if (std::ranges::any_of(m_rules.matchedBy, [&](const auto& each) { return matches(each.array, array); }))
        return ArrayKind::MatchedBy;
    if (anyMatches(m_rules.sets, array)) return ArrayKind::Set;
    return anyMatches(m_rules.multisets, array) ? ArrayKind::Multiset : ArrayKind::List;
}

const Pointer& RuleEquality::keyAt(const Path& array) const
{
    return std::ranges::find_if(m_rules.matchedBy, [&](const auto& each) { return matches(each.array, array); })->key;
}

bool RuleEquality::ignoresItem(Path& array, std::size_t index) const
{
    if (m_rules.ignored.empty()) return false;
    const Deeper at(array, std::to_string(index));
    return ignores(array);
}

bool RuleEquality::equalItems(Path& array, std::size_t index, Value a, Value b) const
{
    const Deeper at(array, std::to_string(index));
    return equal(array, a, b);
}

bool RuleEquality::equal(Path& path, Value a, Value b) const
{
    if (a == b) return true;
    if (path.size() >= kMaxDepth) return false;
    if (areNear(path, a, b)) return true;
    if (a.kind() == Kind::Object && b.kind() == Kind::Object) return equalObjects(path, a, b);
    if (a.kind() != Kind::Array || b.kind() != Kind::Array) return false;
    return isOrderFree(path) ? equalOrderFree(path, a, b) : equalLists(path, a, b);
}

bool RuleEquality::equalLists(Path& path, Value a, Value b) const
{
    const Values itemsA = valuesOf(a);
    const Values itemsB = valuesOf(b);
    for (std::size_t i = 0; i < std::max(itemsA.size(), itemsB.size()); ++i) {
        const bool isPair = i < itemsA.size() && i < itemsB.size();
        if (isPair && equalItems(path, i, itemsA[i], itemsB[i])) continue;
        if (!ignoresItem(path, i)) return false;
    }
    return true;
}

bool RuleEquality::equalOrderFree(Path& path, Value a, Value b) const
{
    const Matching matching = match(path, a, b);
    if (!matching.added.empty()) return false;
    const Values items = valuesOf(a);
    for (std::size_t i = 0; i < items.size(); ++i) {
        const Matching::Item& item = matching.ofA[i];
        if (item.fate == Matching::Fate::Removed) return false;
        if (item.partner && !equalItems(path, i, items[i], *item.partner)) return false;
    }
    return true;
}

bool RuleEquality::equalObjects(Path& path, Value a, Value b) const
{
    const MemberIndex inA(a);
    const MemberIndex inB(b);
    for (const Member& member : a.members()) {
        if (member.shadowed) continue;
        const Deeper at(path, std::string(member.key));
        if (ignores(path)) continue;
        const auto other = inB.find(member.key);
        if (!other || !equal(path, member.value, *other)) return false;
    }
    for (const Member& member : b.members()) {
        if (member.shadowed || inA.find(member.key)) continue;
        const Deeper at(path, std::string(member.key));
        if (!ignores(path)) return false;
    }
    return true;
}

/// Pairs the items of two order-free arrays.
class RuleEquality::Matcher {
public:
    Matcher(const RuleEquality& rules, Path& path, Value a, Value b)
        : m_rules(rules),
          m_path(path),
          m_a(valuesOf(a)),
          m_b(valuesOf(b)),
          m_isTaken(m_b.size(), false)
    {
        m_out.ofA.resize(m_a.size());
    }

    void byKey(const Pointer& key)
    {
        std::map<std::string, Places> places; // of b, in their order
        Places withoutKeyB;
        for (std::size_t j = 0; j < m_b.size(); ++j) {
            auto text = keyText(key, m_b[j]);
            text ? places[*text].push_back(j) : withoutKeyB.push_back(j);
        }
        std::map<std::string, std::size_t> used;
        Places withoutKeyA;
        for (std::size_t i = 0; i < m_a.size(); ++i) {
            const auto text = keyText(key, m_a[i]);
            if (!text) {
                withoutKeyA.push_back(i);
                continue;
            }
            const Places& ofKey = places[*text];
            if (std::size_t& next = used[*text]; next < ofKey.size()) pair(i, ofKey[next++], true);
        }
        oneToOne(withoutKeyA, withoutKeyB);
    }

    void asSets()
    {
        std::unordered_map<std::string, Places> inA;
        std::unordered_map<std::string, Places> inB;
        for (std::size_t i = 0; i < m_a.size(); ++i) inA[m_rules.itemText(m_path, i, m_a[i])].push_back(i);
        for (std::size_t j = 0; j < m_b.size(); ++j) inB[m_rules.itemText(m_path, j, m_b[j])].push_back(j);
        for (const auto& [text, places] : inA) {
            if (!inB.contains(text) && !isNearAny(m_a[places.front()], m_b)) continue;
            for (const std::size_t i : places) m_out.ofA[i].fate = Matching::Fate::Kept;
        }
        for (const auto& [text, places] : inB) {
            const bool isCovered = inA.contains(text) || isNearAny(m_b[places.front()], m_a);
            for (std::size_t n = isCovered ? 0 : 1; n < places.size(); ++n) m_isTaken[places[n]] = true;
        }
    }

    /// Equal ones first, then, where numbers may be apart, the first that is near enough. Of equal ones in b the last is
    /// taken, so that what is left is the same when the result of a patch is compared again.
    void oneToOne(const Places& ofA, const Places& ofB)
    {
        std::unordered_map<std::string, Places> places;
        for (const std::size_t j : ofB) places[m_rules.itemText(m_path, j, m_b[j])].push_back(j);
        Places left;
        for (const std::size_t i : ofA) {
            Places& same = places[m_rules.itemText(m_path, i, m_a[i])];
            if (same.empty()) {
                left.push_back(i);
                continue;
            }
            pair(i, same.back(), false);
            same.pop_back();
        }
        if (m_rules.m_rules.tolerances.empty() || ofB.size() > kMaxComparisons / (left.size() + 1)) return;
        for (const std::size_t i : left) {
            const auto near = std::ranges::find_if(
                ofB, [&](std::size_t j) { return !m_isTaken[j] && m_rules.equalItems(m_path, i, m_a[i], m_b[j]); });
            if (near != ofB.end()) pair(i, *near, false);
        }
    }

    void all()
    {
        Places ofA(m_a.size());
        Places ofB(m_b.size());
        for (std::size_t i = 0; i < ofA.size(); ++i) ofA[i] = i;
        for (std::size_t j = 0; j < ofB.size(); ++j) ofB[j] = j;
        oneToOne(ofA, ofB);
    }

    Matching finish()
    {
        for (std::size_t i = 0; i < m_a.size(); ++i) {
            Matching::Item& item = m_out.ofA[i];
            if (item.fate == Matching::Fate::Removed && m_rules.ignoresItem(m_path, i))
                item.fate = Matching::Fate::Kept;
        }
        for (std::size_t j = 0; j < m_b.size(); ++j) {
            if (!m_isTaken[j] && !m_rules.ignoresItem(m_path, j)) m_out.added.push_back(m_b[j]);
        }
        return std::move(m_out);
    }

private:
    void pair(std::size_t i, std::size_t j, bool mayDiffer)
    {
        m_out.ofA[i].fate = Matching::Fate::Kept;
        if (mayDiffer && !m_rules.ignoresItem(m_path, i)) m_out.ofA[i].partner = m_b[j];
        m_isTaken[j] = true;
    }

    bool isNearAny(Value item, const Values& others)
    {
        if (m_rules.m_rules.tolerances.empty() || others.size() > kMaxComparisons) return false;
        return std::ranges::any_of(others, [&](Value other) { return m_rules.equalItems(m_path, 0, item, other); });
    }

    const RuleEquality& m_rules;
    Path& m_path;
    Values m_a;
    Values m_b;
    std::vector<bool> m_isTaken; ///< of b: it is in a too, or needs not be
    Matching m_out;
};

RuleEquality::Matching RuleEquality::match(Path& path, Value a, Value b) const
{
    Matcher matcher(*this, path, a, b);
    switch (kindAt(path)) {
    case ArrayKind::MatchedBy:
        matcher.byKey(keyAt(path));
        break;
    case ArrayKind::Set:
        matcher.asSets();
        break;
    case ArrayKind::Multiset:
    case ArrayKind::List:
        matcher.all();
        break;
    }
    return matcher.finish();
}

std::uint64_t RuleEquality::digest(Path& path, Value value) const
{
    std::string text;
    appendReduced(text, path, value);
    return std::hash<std::string>()(text);
}

std::string RuleEquality::itemText(Path& array, std::size_t index, Value item) const
{
    const Deeper at(array, std::to_string(index));
    std::string text;
    appendReduced(text, array, item);
    return text;
}

/// The canonical text of a value without what the rules make meaningless, tolerances aside.
void RuleEquality::appendReduced(std::string& out, Path& path, Value value) const
{
    const bool isObject = value.kind() == Kind::Object;
    if (path.size() >= kMaxDepth || (value.kind() != Kind::Array && !isObject)) return appendCanonicalJson(out, value);
    if (isObject) return appendReducedObject(out, path, value);
    isOrderFree(path) ? appendReducedOrderFree(out, path, value) : appendReducedList(out, path, value);
}

void RuleEquality::appendReducedList(std::string& out, Path& path, Value array) const
{
    const Values items = valuesOf(array);
    std::size_t size = items.size();
    while (size > 0 && ignoresItem(path, size - 1)) --size;
    out += '[';
    for (std::size_t i = 0; i < size; ++i) {
        out += ignoresItem(path, i) ? std::string("~") : itemText(path, i, items[i]);
        out += ',';
    }
    out += ']';
}

void RuleEquality::appendReducedOrderFree(std::string& out, Path& path, Value array) const
{
    const ArrayKind kind = kindAt(path);
    std::vector<std::pair<std::string, std::string>> texts; // key, item
    const Values items = valuesOf(array);
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (ignoresItem(path, i)) continue;
        std::string text = itemText(path, i, items[i]);
        const auto key = kind == ArrayKind::MatchedBy ? keyText(keyAt(path), items[i]) : std::nullopt;
        texts.emplace_back(key.value_or(text), std::move(text));
    }
    std::ranges::stable_sort(texts, {}, [](const auto& each) { return each.first; });
    if (kind == ArrayKind::Set) texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
    out += '[';
    for (const auto& [key, text] : texts) out += text + ',';
    out += ']';
}

void RuleEquality::appendReducedObject(std::string& out, Path& path, Value object) const
{
    std::map<base::ByteView, Value> members;
    for (const Member& member : object.members()) {
        if (!member.shadowed) members.emplace(member.key, member.value);
    }
    out += '{';
    for (const auto& [key, value] : members) {
        const Deeper at(path, std::string(key));
        if (ignores(path)) continue;
        out += std::to_string(key.size()) + ':';
        out += key;
        appendReduced(out, path, value);
        out += ',';
    }
    out += '}';
}

} // namespace leftfold::event
