// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/document.h"
#include "core/event/json_walker.h"

namespace leftfold::event {
namespace {

/// Writes a value of any depth without recursion.
class JsonWriter {
public:
    JsonWriter(std::string& out, bool pretty) : m_out(out), m_pretty(pretty) {}

    void write(Value root)
    {
        value(root);
        while (!m_open.empty()) step();
    }

private:
    struct Open {
        bool isObject;
        bool first;
        Items::Iterator item, itemEnd;
        Members::Iterator member, memberEnd;
    };

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
            m_out += value.digits();
            break;
        case Kind::Text:
            escape(m_out, value.text());
            break;
        case Kind::Array:
        case Kind::Object:
            open(value);
            break;
        }
    }

    void open(Value container)
    {
        const bool isObject = container.kind() == Kind::Object;
        m_out += isObject ? '{' : '[';
        m_open.push_back({isObject, true, container.items().begin(), container.items().end(),
                          container.members().begin(), container.members().end()});
    }

    /// The next member or item of the innermost container, or its end.
    void step()
    {
        Open& innermost = m_open.back();
        if (innermost.isObject ? innermost.member == innermost.memberEnd : innermost.item == innermost.itemEnd) {
            close(innermost);
            return;
        }
        if (!innermost.first) m_out += ',';
        innermost.first = false;
        newLine();
        if (!innermost.isObject) {
            value(*innermost.item++);
            return;
        }
        const Member member = *innermost.member++;
        escape(m_out, member.key);
        m_out += m_pretty ? ": " : ":";
        value(member.value);
    }

    void close(Open innermost)
    {
        m_open.pop_back();
        if (!innermost.first) newLine();
        m_out += innermost.isObject ? '}' : ']';
    }

    void newLine()
    {
        if (!m_pretty) return;
        m_out += '\n';
        m_out.append(m_open.size() * 2, ' ');
    }

    std::string& m_out;
    bool m_pretty;
    std::vector<Open> m_open;
};

} // namespace

void appendJson(std::string& out, Value value)
{
    JsonWriter(out, false).write(value);
}

std::string toJson(Value value)
{
    std::string out;
    appendJson(out, value);
    return out;
}

std::string toPrettyJson(Value value)
{
    std::string out;
    JsonWriter(out, true).write(value);
    return out;
}

} // namespace leftfold::event
