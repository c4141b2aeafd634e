// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/document.h"
#include "core/fold/script.h"

#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace leftfold::fold::test {

/// An event as a picture: "order-7 OrderPlaced {...}", its stream, its type and its payload; the type "-" is empty, the payload
/// "(none)" a tombstone, and what stands behind "(bad)" no JSON document. Each is a second behind the one before.
struct StreamEvent {
    std::string stream;
    std::string type;
    std::string value; ///< with kReadablePadding behind it
    std::size_t size = 0;
    bool isTombstone = false;
    bool decodable = true;
    std::vector<event::Header> headers;
};

inline std::vector<StreamEvent> streamEvents(const std::string& lines)
{
    std::vector<StreamEvent> events;
    std::istringstream in(lines);
    for (std::string line; std::getline(in, line);) {
        if (line.find_first_not_of(' ') == std::string::npos) continue;
        StreamEvent event;
        std::istringstream words(line);
        words >> event.stream >> event.type >> std::ws;
        std::getline(words, event.value);
        if (event.type == "-") event.type.clear();
        event.decodable = !event.value.starts_with("(bad)");
        if (!event.decodable) event.value.erase(0, 5);
        event.isTombstone = event.value == "(none)";
        event.size = event.value.size();
        event.value.append(base::kReadablePadding, '\xff');
        events.push_back(std::move(event));
    }
    return events;
}

/// The streams of such events.
class PicturedStreams final : public Streams {
public:
    explicit PicturedStreams(const std::vector<StreamEvent>& events)
    {
        std::map<std::string, std::uint64_t> counts;
        for (const StreamEvent& event : events) {
            m_names.push_back(event.stream);
            m_numbers.push_back(counts[event.stream]++);
        }
    }
    std::string nameOf(event::EventIndex index, std::string_view /*topic*/) const override
    {
        return m_names.at(index.value);
    }
    std::uint64_t numberOf(event::EventIndex index) const override { return m_numbers.at(index.value); }

private:
    std::vector<std::string> m_names;
    std::vector<std::uint64_t> m_numbers;
};

/// A script over pictured events, all in one folder, as `leftfold project` runs it.
class ScriptRun {
public:
    ScriptRun(const std::string& script, const std::string& lines, const ScriptOptions& options = {})
        : m_events(streamEvents(lines))
    {
        auto loaded = Script::fromText("test.js", script, options);
        if (!loaded) {
            m_failure = loaded.error();
            return;
        }
        m_script = (*loaded)->over(std::make_shared<PicturedStreams>(m_events));
        m_folder = m_script->scriptFolder();
    }
    /// Folds everything, or until the projection stops.
    ScriptRun& run(bool isRecording)
    {
        if (!m_script) return *this;
        if (isRecording) m_folder->record();
        for (std::size_t i = 0; i < m_events.size() && !m_failure; ++i) fold(i);
        if (m_failure) return *this;
        m_folder->settle();
        if (m_folder->failure()) m_failure = *m_folder->failure();
        return *this;
    }
    void hear() { m_folder->tellTo(&m_findings); }

    [[nodiscard]] const std::optional<base::Error>& failure() const { return m_failure; }
    [[nodiscard]] const std::vector<base::Error>& findings() const { return m_findings; }
    [[nodiscard]] const Script& script() const { return *m_script; }
    [[nodiscard]] ScriptFolder& folder() { return *m_folder; }
    [[nodiscard]] std::map<std::string, std::unique_ptr<State>>& states() { return m_states; }

    /// {"order-7":{...},...} of those that exist, by id; or what went wrong.
    [[nodiscard]] std::string statesJson()
    {
        return json([this](const State& state) -> base::Result<std::string> {
            return event::toJson(m_folder->read(state).root());
        });
    }
    [[nodiscard]] std::string resultsJson()
    {
        return json([this](const State& state) { return m_folder->resultOf(state); });
    }
    [[nodiscard]] std::string outputsJson()
    {
        if (m_failure) return base::render(*m_failure);
        const auto outputs = m_folder->takeOutputs();
        return outputs ? event::toJson(outputs->root()) : base::render(outputs.error());
    }

private:
    FoldEvent seen(std::size_t i) const
    {
        const StreamEvent& from = m_events[i];
        FoldEvent event;
        event.partition = &m_partition;
        event.offset = event::Offset{static_cast<std::int64_t>(i)};
        event.index = {i};
        event.time = {1'600'000'000 + static_cast<std::int64_t>(i), 123'456'700};
        event.type = from.type;
        event.decodable = from.decodable;
        if (!from.isTombstone) event.value = base::ByteView(from.value).substr(0, from.size);
        return event;
    }

    void fold(std::size_t i)
    {
        FoldEvent event = seen(i);
        std::string id = m_script->partitioning() == Partitioning::Whole ? "all" : m_events[i].stream;
        if (m_script->partitioning() == Partitioning::Function) {
            const auto named = m_folder->nameAll({&event, 1});
            if (!named) m_failure = named.error();
            if (!named || named->front().kind != ScriptNaming::Kind::Named) return;
            id = named->front().id;
        }
        event.aggregate = id;
        auto& state = m_states[id];
        if (!state) state = m_folder->begin();
        m_folder->apply(*state, event);
        if (m_folder->failure()) m_failure = *m_folder->failure();
    }

    template <class Read>
    std::string json(const Read& read)
    {
        if (m_failure) return base::render(*m_failure);
        std::string out = "{";
        for (const auto& [id, state] : m_states) {
            if (!m_folder->exists(*state)) continue;
            const base::Result<std::string> text = read(*state);
            if (m_folder->failure()) return base::render(*m_folder->failure());
            if (!text) return base::render(text.error());
            out += (out.size() > 1 ? ",\"" : "\"") + id + "\":" + *text;
        }
        return m_folder->failure() ? base::render(*m_folder->failure()) : out + "}";
    }

    std::vector<StreamEvent> m_events;
    event::Partition m_partition{"log", 0};
    std::shared_ptr<const Script> m_script;
    std::unique_ptr<ScriptFolder> m_folder;
    std::map<std::string, std::unique_ptr<State>> m_states;
    std::vector<base::Error> m_findings;
    std::optional<base::Error> m_failure;
};

} // namespace leftfold::fold::test
