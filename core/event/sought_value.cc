// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/sought_value.h"

#include "core/event/json_walker.h"

#include <algorithm>

namespace leftfold::event {
namespace {

/// Visits every value of a document in its order, without recursion.
class Search {
public:
    Search(const SoughtValue& sought, std::size_t max) : m_sought(sought), m_max(max) {}

    std::vector<Pointer> run(Value root)
    {
        m_todo.push_back({root, kNowhere});
        while (!m_todo.empty() && m_found.size() < m_max) {
            const Todo next = m_todo.back();
            m_todo.pop_back();
            if (m_sought.is(next.value)) m_found.push_back(pointerTo(next.path));
            children(next);
        }
        return std::move(m_found);
    }

private:
    static constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);
    struct Step {
        std::size_t parent;
        base::ByteView key;
        std::optional<std::size_t> index;
    };
    struct Todo {
        Value value;
        std::size_t path;
    };

    void children(const Todo& parent)
    {
        const auto first = static_cast<std::ptrdiff_t>(m_todo.size());
        std::size_t index = 0;
        for (const Value item : parent.value.items()) add(item, {parent.path, {}, index++});
        for (const Member& member : parent.value.members()) {
            if (!member.shadowed) add(member.value, {parent.path, member.key, {}});
        }
        std::reverse(m_todo.begin() + first, m_todo.end());
    }

    void add(Value value, Step step)
    {
        m_steps.push_back(step);
        m_todo.push_back({value, m_steps.size() - 1});
    }

    [[nodiscard]] Pointer pointerTo(std::size_t path) const
    {
        Pointer pointer;
        for (std::size_t at = path; at != kNowhere; at = m_steps[at].parent) {
            const Step& step = m_steps[at];
            pointer.tokens.push_back(step.index ? std::to_string(*step.index) : std::string(step.key));
        }
        std::reverse(pointer.tokens.begin(), pointer.tokens.end());
        return pointer;
    }

    const SoughtValue& m_sought;
    std::size_t m_max;
    std::vector<Step> m_steps;
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
