// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/document.h"

#include "core/event/member_index.h"
#include "core/event/number.h"

#include <vector>

namespace leftfold::event {
namespace {

constexpr std::size_t kFewToSearch = 16;

using Pair = std::pair<Value, Value>;

/// Members without the shadowed ones.
class Visible {
public:
    explicit Visible(Members members) : m_at(members.begin()), m_end(members.end()) { skip(); }
    [[nodiscard]] bool atEnd() const { return m_at == m_end; }
    Member take()
    {
        const Member member = *m_at;
        ++m_at;
        skip();
        return member;
    }

private:
    void skip()
    {
        while (m_at != m_end && (*m_at).shadowed) ++m_at;
    }
    Members::Iterator m_at;
    Members::Iterator m_end;
};

/// Pairs the members of two objects of one size by name; false where a name of one is not in the other.
bool pairByName(Value a, Value b, std::vector<Pair>& todo)
{
    const MemberIndex index(b);
    for (const Member& member : a.members()) {
        if (member.shadowed) continue;
        const auto other = index.find(member.key);
        if (!other) return false;
        todo.emplace_back(member.value, *other);
    }
    return true;
}

/// The same, first trying the order they stand in, which mostly is the same.
bool pairMembers(Value a, Value b, std::vector<Pair>& todo)
{
    const std::size_t before = todo.size();
    Visible left(a.members());
    Visible right(b.members());
    while (!left.atEnd()) {
        const Member one = left.take();
        const Member other = right.take();
        if (one.key != other.key) {
            todo.resize(before, {a, b});
            return pairByName(a, b, todo);
        }
        todo.emplace_back(one.value, other.value);
    }
    return true;
}

void pairItems(Value a, Value b, std::vector<Pair>& todo)
{
    auto other = b.items().begin();
    for (const Value item : a.items()) {
        todo.emplace_back(item, *other);
        ++other;
    }
}

/// Whether two values are equal as far as they themselves go; what is inside them is added to `todo`.
bool equalOutside(Value a, Value b, std::vector<Pair>& todo)
{
    if (a.hash() != b.hash() || a.kind() != b.kind()) return false;
    switch (a.kind()) {
    case Kind::Null:
        return true;
    case Kind::Boolean:
        return a.boolean() == b.boolean();
    case Kind::Number:
        return equalNumbers(a.digits(), b.digits());
    case Kind::Text:
        return a.text() == b.text();
    case Kind::Array:
        if (a.size() != b.size()) return false;
        pairItems(a, b, todo);
        return true;
    case Kind::Object:
        return a.size() == b.size() && pairMembers(a, b, todo);
    }
    return false;
}

} // namespace

MemberIndex::MemberIndex(Value object) : m_object(object)
{
    if (object.size() <= kFewToSearch) return;
    m_table.reserve(object.size());
    for (const Member& member : object.members()) {
        if (!member.shadowed) m_table.emplace(member.key, member.value);
    }
}

std::optional<Value> MemberIndex::find(base::ByteView key) const
{
    if (m_table.empty()) return m_object.find(key);
    const auto found = m_table.find(key);
    return found == m_table.end() ? std::nullopt : std::optional(found->second);
}

Items Value::items() const
{
    return Items(*this);
}
Members Value::members() const
{
    return Members(*this);
}

std::optional<Value> Value::at(std::size_t index) const
{
    if (kind() != Kind::Array || index >= size()) return {};
    if (nodeCount() == size() + 1) return Value(m_storage, m_index + 1 + index);
    return *std::next(items().begin(), static_cast<std::ptrdiff_t>(index));
}

std::optional<Value> Value::find(base::ByteView key) const
{
    for (const Member& member : members()) {
        if (!member.shadowed && member.key == key) return member.value;
    }
    return {};
}

std::optional<Value> Value::find(const Pointer& pointer) const
{
    std::optional<Value> at = *this;
    for (const std::string& token : pointer.tokens) {
        if (at->kind() == Kind::Array) {
            const auto index = arrayIndex(token);
            at = index ? at->at(*index) : std::nullopt;
        } else {
            at = at->find(token);
        }
        if (!at) return {};
    }
    return at;
}

bool operator==(Value a, Value b)
{
    if (a.m_storage == b.m_storage && a.m_index == b.m_index) return true;
    std::vector<Pair> todo;
    if (!equalOutside(a, b, todo)) return false;
    while (!todo.empty()) {
        const auto [left, right] = todo.back();
        todo.pop_back();
        if (!equalOutside(left, right, todo)) return false;
    }
    return true;
}

bool identical(Value a, Value b)
{
    return toJson(a) == toJson(b);
}

Document::Document()
{
    static const Document kNull = [] {
        DocumentBuilder builder;
        builder.null();
        return builder.finish();
    }();
    m_storage = kNull.m_storage;
}

Document Document::of(Value value)
{
    DocumentBuilder builder;
    builder.value(value);
    return builder.finish();
}

std::size_t Document::byteSize() const
{
    return sizeof(detail::Storage) + m_storage->nodes.capacity() * sizeof(detail::Node) + m_storage->bytes.capacity();
}

} // namespace leftfold::event
