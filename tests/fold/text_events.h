// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/document.h"
#include "core/event/json_walker.h"
#include "core/fold/fold.h"

#include <sstream>
#include <stdexcept>

namespace leftfold::fold::test {

/// An event as a picture: "retail[0]@7 2010-12-01T08:26:00Z LineSold {...}". The time "-" is none, the type "-" is
/// empty, the value "(none)" a tombstone, and what stands behind "(bad)" no JSON document.
class TextEvent {
public:
    explicit TextEvent(const std::string& line)
    {
        std::istringstream words(line);
        std::string position;
        std::string time;
        words >> position >> time >> m_type >> std::ws;
        std::getline(words, m_value);
        m_position = event::parsePosition(position).value();
        m_time = time == "-" ? base::kBeginningOfTime : base::parseTime(time).value();
        if (m_type == "-") m_type.clear();
        m_decodable = !m_value.starts_with("(bad)");
        if (!m_decodable) m_value.erase(0, 5);
        m_isTombstone = m_value == "(none)";
        m_size = m_value.size();
        m_value.append(base::kReadablePadding, '\xff');
    }

    void applyTo(State& state, Folder& folder) const
    {
        FoldEvent event;
        event.partition = &m_position.partition;
        event.offset = m_position.offset;
        event.time = m_time;
        event.type = m_type;
        event.decodable = m_decodable;
        if (!m_isTombstone) event.value = base::ByteView(m_value).substr(0, m_size);
        folder.apply(state, event);
    }

private:
    event::Position m_position;
    base::Time m_time;
    std::string m_type;
    std::string m_value;
    std::size_t m_size = 0;
    bool m_isTombstone = false;
    bool m_decodable = true;
};

inline std::vector<TextEvent> eventsOf(const std::string& lines)
{
    std::vector<TextEvent> events;
    std::istringstream in(lines);
    for (std::string line; std::getline(in, line);)
        if (line.find_first_not_of(' ') != std::string::npos) events.emplace_back(line);
    return events;
}

/// The state as JSON; "(no aggregate)" where it does not exist.
inline std::string pictureOf(Folder& folder, const State& state)
{
    return folder.exists(state) ? event::toJson(folder.read(state).root()) : "(no aggregate)";
}

/// The state after all the events, in one go.
inline std::string foldText(Folder& folder, const std::string& lines)
{
    const auto state = folder.begin();
    for (const TextEvent& event : eventsOf(lines)) event.applyTo(*state, folder);
    return pictureOf(folder, *state);
}

} // namespace leftfold::fold::test
