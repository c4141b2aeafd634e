// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/sought_value.h"

#include "core/event/json_walker.h"
#include "core/event/path_chains.h"

#include <algorithm>

namespace leftfold::event {
namespace {

/// Visits every value of a document in its order, without recursion.
class Search {
public:
    Search(const SoughtValue& sought, std::size_t max) : m_sought(sought), m_max(max) {}

    std::vector<Pointer> run(Value root)
    {
        m_todo.push_back({root, PathChains::kRoot});
        while (!m_todo.empty() && m_found.size() < m_max) {
            const Todo next = m_todo.back();
            m_todo.pop_back();
            if (m_sought.is(next.value)) m_found.push_back(m_paths.pointerTo(next.path));
            children(next);
        }
        return std::move(m_found);
    }

private:
    struct Todo {
        Value value;
        std::size_t path;
    };

    void children(const Todo& parent)
    {
        const auto first = static_cast<std::ptrdiff_t>(m_todo.size());
        std::size_t index = 0;
        for (const Value item : parent.value.items()) m_todo.push_back({item, m_paths.item(parent.path, index++)});
        for (const Member& member : parent.value.members()) {
            if (!member.shadowed) m_todo.push_back({member.value, m_paths.member(parent.path, member.key)});
        }
        std::reverse(m_todo.begin() + first, m_todo.end());
    }

    const SoughtValue& m_sought;
    std::size_t m_max;
    PathChains m_paths;
    std::vector<Todo> m_todo;
    std::vector<Pointer> m_found;
};

/// Whether a text stands in JSON as it is unless its writer escapes needlessly.
bool isPlain(base::ByteView text)
{
    return std::ranges::none_of(text,
                                [](char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < ' '; });
}

} // namespace

SoughtValue::SoughtValue(std::string_view typed)
{
    if (auto value = Document::parse(typed)) m_value = std::move(*value);
    const bool isText = m_value && m_value->root().kind() == Kind::Text;
    if (isText) {
        m_text = std::string(m_value->root().text());
    } else if (!m_value || m_value->root().kind() < Kind::Array) {
        m_text = std::string(typed);
    }
    const bool isNumber = m_value && m_value->root().kind() == Kind::Number;
    if (m_text && !isNumber && isPlain(*m_text)) m_letters = *m_text;
}

bool SoughtValue::is(Value value) const
{
    if (m_text && value.kind() == Kind::Text && value.text() == *m_text) return true;
    return m_value && value == m_value->root();
}

std::vector<Pointer> SoughtValue::placesIn(Value document, std::size_t max) const
{
    return Search(*this, max).run(document);
}

bool SoughtValue::mayStandIn(base::ByteView json) const
{
    return m_letters.empty() || json.find(m_letters) != base::ByteView::npos || hasEscapes(json);
}

} // namespace leftfold::event
