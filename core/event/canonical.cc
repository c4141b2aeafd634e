// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/canonical.h"

#include "core/event/json_walker.h"
#include "core/event/number.h"

#include <algorithm>
#include <vector>

namespace leftfold::event {
namespace {

/// Writes without recursion: what is still to be written waits on a stack, the next on top.
class CanonicalWriter {
public:
    explicit CanonicalWriter(std::string& out) : m_out(out) {}

    void write(Value root)
    {
        value(root);
        while (!m_todo.empty()) {
            const Todo next = m_todo.back();
            m_todo.pop_back();
            write(next);
        }
    }

private:
    struct Todo {
        Value value;
        base::ByteView key;
        char before; ///< ',' or NUL; the closing bracket where that is all there is to write
        bool hasKey;
    };

    void write(const Todo& next)
    {
        if (next.before != '\0') m_out += next.before;
        if (next.before == '}' || next.before == ']') return;
        if (next.hasKey) {
            escape(m_out, next.key);
            m_out += ':';
        }
        value(next.value);
    }

    void value(Value value)
    {
        switch (value.kind()) {
        case Kind::Null:
            m_out += "null";
            break;
        case Kind::Boolean:
            m_out += value.boolean() ? "true" : "false";
            break;
        case Kind::Number:
            appendNormalNumber(m_out, value.digits());
            break;
        case Kind::Text:
            escape(m_out, value.text());
            break;
        case Kind::Array:
            array(value);
            break;
        case Kind::Object:
            object(value);
            break;
        }
    }

    void array(Value array)
    {
        m_out += '[';
        m_todo.push_back({array, {}, ']', false});
        const std::size_t first = m_todo.size();
        for (const Value item : array.items()) m_todo.push_back({item, {}, ',', false});
        queue(first);
    }

    void object(Value object)
    {
        m_out += '{';
        m_todo.push_back({object, {}, '}', false});
        const std::size_t first = m_todo.size();
        for (const Member& member : object.members()) {
            if (!member.shadowed) m_todo.push_back({member.value, member.key, ',', true});
        }
        std::sort(m_todo.begin() + static_cast<std::ptrdiff_t>(first), m_todo.end(),
                  [](const Todo& a, const Todo& b) { return a.key < b.key; });
        queue(first);
    }

    /// What was pushed from `first` on in writing order is turned into popping order.
    void queue(std::size_t first)
    {
        if (first == m_todo.size()) return;
        m_todo[first].before = '\0';
        std::reverse(m_todo.begin() + static_cast<std::ptrdiff_t>(first), m_todo.end());
    }

    std::string& m_out;
    std::vector<Todo> m_todo;
};

} // namespace

void appendCanonicalJson(std::string& out, Value value)
{
    CanonicalWriter(out).write(value);
}

std::string canonicalJson(Value value)
{
    std::string out;
    appendCanonicalJson(out, value);
    return out;
}

} // namespace leftfold::event
