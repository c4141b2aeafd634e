// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/event_text.h"
#include "app/verb.h"
#include "core/replay/blame.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace leftfold::app {

namespace {

using base::Result;

/// A leaf of the state: what has nothing inside.
struct Leaf {
    std::string path;
    event::Document value;
    replay::Writing writing;
};

/// The leaves of a value, in its order. What is inside waits on a stack, the next on top.
std::vector<Leaf> leavesOf(const replay::Blame& blame, const std::string& path, event::Value value)
{
    std::vector<Leaf> leaves;
    std::vector<std::pair<std::string, event::Value>> todo{{path, value}};
    while (!todo.empty()) {
        const auto [at, next] = std::move(todo.back());
        todo.pop_back();
        if (next.size() == 0) {
            if (const auto writing = blame.of(next)) leaves.push_back({at, event::Document::of(next), *writing});
            continue;
        }
        const auto first = static_cast<std::ptrdiff_t>(todo.size());
        std::size_t index = 0;
        for (const event::Value item : next.items()) todo.emplace_back(fmt::format("{}/{}", at, index++), item);
        for (const event::Member& member : next.members()) {
            if (member.shadowed) continue;
            todo.emplace_back(at, member.value);
            event::appendToken(todo.back().first, member.key);
        }
        std::reverse(todo.begin() + first, todo.end());
    }
    return leaves;
}

/// What is told of an event.
struct Writer {
    event::Position position;
    base::Time time;
    std::string type;
};
using Writers = std::map<event::EventIndex, Writer>;

Result<Writers> writersOf(const std::vector<Leaf>& leaves, Session& session)
{
    Writers writers;
    for (const Leaf& leaf : leaves) {
        if (writers.contains(leaf.writing.by)) continue;
        LEFTFOLD_TRY(const capture::StoredEvent event, session.reader().event(leaf.writing.by));
        const event::Partition& partition = session.catalog().partitions()[event.location.partition];
        writers[leaf.writing.by] = {{partition, event.record.offset}, event.effective, session.shownText(event.type)};
    }
    return writers;
}

/// The columns of a line before the path, as text.
struct Columns {
    std::string index;
    std::string time;
    std::string position;
    std::string type;
};

Columns columnsOf(event::EventIndex index, const Writer& writer)
{
    return {toText(index), timeText(writer.time), toText(writer.position), printable(writer.type, 0)};
}

/// How wide each column is.
struct Widths {
    std::size_t index = 0;
    std::size_t time = 0;
    std::size_t position = 0;
    std::size_t type = 0;
    std::size_t path = 0;

    Widths(const std::vector<Leaf>& leaves, const Writers& writers)
    {
        for (const auto& [event, writer] : writers) {
            const Columns columns = columnsOf(event, writer);
            index = std::max(index, columns.index.size());
            time = std::max(time, columns.time.size());
            position = std::max(position, columns.position.size());
            type = std::max(type, characters(columns.type));
        }
        for (const Leaf& leaf : leaves) path = std::max(path, characters(printable(leaf.path, 0)));
    }

    [[nodiscard]] static std::size_t characters(std::string_view text)
    {
        return static_cast<std::size_t>(
            std::ranges::count_if(text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xc0) != 0x80; }));
    }
};

std::string padded(std::string text, std::size_t width)
{
    text.append(width - std::min(width, Widths::characters(text)), ' ');
    return text;
}

void printLeaf(const Leaf& leaf, const Columns& columns, const Widths& widths, Output& out)
{
    const std::string where = fmt::format("{}  {}  {}", padded(columns.index, widths.index),
                                          padded(columns.time, widths.time), padded(columns.position, widths.position));
    std::string line =
        fmt::format("{}  {}  {}  {}", out.in(90, where), out.in(36, padded(columns.type, widths.type)),
                    out.in(1, padded(printable(leaf.path, 0), widths.path)), printable(toJson(leaf.value.root()), 0));
    if (leaf.writing.movedBy) line += out.in(90, fmt::format("  (moved by {})", toText(*leaf.writing.movedBy)));
    out.line(line);
}

std::string leafJson(const Leaf& leaf, const Writer& writer)
{
    event::DocumentBuilder json;
    json.beginObject();
    textMember(json, "path", leaf.path);
    json.key("value");
    json.value(leaf.value.root());
    json.key("event");
    json.beginObject();
    numberMember(json, "index", leaf.writing.by.value);
    textMember(json, "position", toText(writer.position));
    timeMember(json, "time", writer.time);
    textMember(json, "type", writer.type);
    json.endObject();
    if (leaf.writing.movedBy) numberMember(json, "movedBy", leaf.writing.movedBy->value);
    json.endObject();
    return toJson(json.finish().root());
}

class Blame : public LogVerb {
public:
    const char* name() const override { return "blame"; }
    const char* about() const override { return "for each field of a state the event that last wrote it"; }
    void define(CLI::App& verb) override
    {
        addLog(verb, m_log, LogCount::One);
        verb.add_option("ID", m_id, "the aggregate's id")->required();
        verb.add_option("PATH", m_path, "only what is there: a JSON pointer into the state");
        addAt(verb, m_at);
        addProjection(verb, m_projection);
        addMapping(verb, m_log);
        addMasks(verb, m_log);
        addJson(verb, m_json);
        verb.footer("Examples:\n  leftfold blame orders.jsonl order-7 --fold latest\n  leftfold blame orders.jsonl "
                    "order-7 /lines/0 --fold latest --at 2011-01-31\n\nA value written again unchanged keeps its "
                    "writer, and so do array items that shift and members that are renamed.");
    }

private:
    SessionNeeds needs() const override { return {.fields = {m_projection.by}}; }
    VerbResult read(Session& session, Output& out, std::stop_token stop) override
    {
        LEFTFOLD_TRY(const event::Pointer path, event::parsePointer(m_path));
        LEFTFOLD_TRY(const capture::OrdinalCut cut, session.resolve(m_at));
        LEFTFOLD_TRY(replay::Projection projection, session.projection(m_projection, stop));
        const std::string by = toText(projection.index->by());
        replay::Replayer replayer(session.reader(), std::move(projection), nullptr);
        LEFTFOLD_TRY(const auto found, replay::blameAt(replayer, m_id, cut, stop));
        if (!found) return base::fail(base::ErrorCode::NoSuchAggregate, m_id, by);
        if (!found->state.document) {
            complain(fmt::format("{} does not exist at {}", printable(m_id, 0), m_at));
            return Found;
        }
        const auto value = found->blame.document()->root().find(path);
        if (!value) {
            complain(fmt::format("there is nothing at {} in the state of {} at {}", printable(m_path, 0),
                                 printable(m_id, 0), m_at));
            return Found;
        }
        LEFTFOLD_CHECK(print(shown(leavesOf(found->blame, m_path, *value), session), session, out));
        return Ok;
    }

    /// Without what is masked.
    static std::vector<Leaf> shown(std::vector<Leaf> leaves, const Session& session)
    {
        if (session.masks().isEmpty()) return leaves;
        for (Leaf& leaf : leaves) {
            const auto place = event::parsePointer(leaf.path).value_or(event::Pointer());
            leaf.value = session.masks().maskedAt(place, leaf.value.root());
            leaf.path = session.masks().maskedPlace(place);
        }
        return leaves;
    }

    Result<void> print(const std::vector<Leaf>& leaves, Session& session, Output& out) const
    {
        LEFTFOLD_TRY(const Writers writers, writersOf(leaves, session));
        const Widths widths(leaves, writers);
        for (const Leaf& leaf : leaves) {
            const Writer& writer = writers.at(leaf.writing.by);
            m_json ? out.line(leafJson(leaf, writer))
                   : printLeaf(leaf, columnsOf(leaf.writing.by, writer), widths, out);
        }
        return {};
    }

    std::string m_id;
    std::string m_path;
    std::string m_at = "@end";
    ProjectionOptions m_projection;
    bool m_json = false;
};

} // namespace

std::unique_ptr<Verb> makeBlame()
{
    return std::make_unique<Blame>();
}

} // namespace leftfold::app
