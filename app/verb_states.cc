// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/event_text.h"
#include "app/verbs.h"
#include "core/snapshot/snapshot.h"

#include <fmt/format.h>

namespace leftfold::app {

namespace {

using base::Result;

void lastEventMember(event::DocumentBuilder& json, const replay::AggregateState& state,
                     const std::optional<capture::StoredEvent>& last, std::span<const event::Partition> partitions)
{
    json.key("lastEvent");
    if (!last) return json.null();
    json.beginObject();
    numberMember(json, "index", state.lastEvent->value);
    textMember(json, "position", toText(event::Position{partitions[last->location.partition], last->record.offset}));
    timeMember(json, "time", last->effective);
    textMember(json, "type", last->type);
    json.endObject();
}

std::string stateJson(const Arguments& arguments, const replay::AggregateState& state,
                      const std::optional<capture::StoredEvent>& last, std::span<const event::Partition> partitions)
{
    event::DocumentBuilder json;
    json.beginObject();
    textMember(json, "id", state.id);
    textMember(json, "at", arguments.at);
    booleanMember(json, "exists", state.document.has_value());
    numberMember(json, "events", state.events);
    numberMember(json, "eventsInLog", state.eventsInLog);
    lastEventMember(json, state, last, partitions);
    if (state.document) {
        json.key("state");
        json.value(state.document->root());
    }
    json.endObject();
    return toJson(json.finish().root());
}

void printState(const Arguments& arguments, const replay::AggregateState& state,
                const std::optional<capture::StoredEvent>& last, std::span<const event::Partition> partitions,
                Output& out)
{
    out.line(fmt::format("{}  at {}: {} of its {} events", out.in(1, printable(state.id, 0)), arguments.at,
                         state.events, state.eventsInLog));
    if (last) {
        out.line(
            out.in(90, fmt::format("last event {}  {}  {}  {}", toText(*state.lastEvent), timeText(last->effective),
                                   toText(event::Position{partitions[last->location.partition], last->record.offset}),
                                   printable(last->type, 0))));
    }
    out.line(state.document ? toPrettyJson(state.document->root()) : "does not exist at this moment");
}

} // namespace

VerbResult show(const Arguments& arguments, Session& session, Output& out, std::stop_token stop)
{
    LEFTFOLD_TRY(const capture::OrdinalCut cut, session.resolve(arguments.at));
    LEFTFOLD_TRY(replay::Projection projection, session.projection(arguments, stop));
    const std::string by = toText(projection.index->by());
    replay::Replayer replayer(session.reader(), std::move(projection), std::make_shared<replay::Checkpoints>());
    LEFTFOLD_TRY(const auto state, replayer.stateAt(arguments.aggregate, cut, stop));
    if (!state) {
        return base::fail(base::ErrorCode::NoSuchAggregate, arguments.aggregate, by);
    }
    std::optional<capture::StoredEvent> last;
    if (state->lastEvent) {
        LEFTFOLD_TRY(last, session.reader().event(*state->lastEvent));
    }
    if (arguments.json) {
        out.line(stateJson(arguments, *state, last, session.catalog().partitions()));
    } else {
        printState(arguments, *state, last, session.catalog().partitions(), out);
    }
    return Ok;
}

namespace {

/// The lines of one worker, to be printed in order.
class LineShare : public snapshot::Share {
public:
    LineShare(bool json, std::size_t width, std::uint64_t limit) : m_json(json), m_width(width), m_limit(limit) {}

    void add(base::ByteView id, fold::Folder& folder, const fold::State& state) override
    {
        if (m_lines++ >= m_limit) return;
        const event::Document document = folder.read(state);
        if (!m_json) {
            const std::string name = printable(id, 0);
            const std::size_t left = m_width > name.size() + 12 ? m_width - name.size() - 2 : 10;
            text += name + "  " + printable(toJson(document.root()), m_width == 0 ? 0 : left) + '\n';
            return;
        }
        event::DocumentBuilder key;
        key.text(id);
        text += R"({"id":)";
        event::appendJson(text, key.finish().root());
        text += R"(,"state":)";
        event::appendJson(text, document.root());
        text += "}\n";
    }
    std::string text;

private:
    bool m_json;
    std::size_t m_width;
    std::uint64_t m_limit;
    std::uint64_t m_lines = 0;
};

class LinePrinter : public snapshot::Consumer {
public:
    LinePrinter(bool json, std::uint64_t limit, Output& out) : m_json(json), m_left(limit), m_out(out) {}

    std::unique_ptr<snapshot::Share> makeShare() override
    {
        return std::make_unique<LineShare>(m_json, m_out.width(), m_left);
    }
    Result<void> take(snapshot::Share& share) override
    {
        std::string_view text = static_cast<LineShare&>(share).text;
        for (; m_left > 0 && !text.empty(); --m_left) {
            const std::size_t end = text.find('\n') + 1;
            m_out.write(text.substr(0, end));
            text.remove_prefix(end);
        }
        return m_out.flush();
    }

private:
    bool m_json;
    std::uint64_t m_left;
    Output& m_out;
};

class Counter : public snapshot::Consumer {
    class Nothing : public snapshot::Share {
        void add(base::ByteView, fold::Folder&, const fold::State&) override {}
    };

public:
    std::unique_ptr<snapshot::Share> makeShare() override { return std::make_unique<Nothing>(); }
    Result<void> take(snapshot::Share&) override { return {}; }
};

void printHash(const Arguments& arguments, const snapshot::HashedSnapshot& hashed, const replay::Projection& projection,
               Output& out)
{
    if (!arguments.json) {
        out.line(fmt::format("{}  {} aggregates", base::toHex(hashed.hash), hashed.summary.aggregates));
        return;
    }
    event::DocumentBuilder json;
    json.beginObject();
    textMember(json, "hash", base::toHex(hashed.hash));
    numberMember(json, "aggregates", hashed.summary.aggregates);
    textMember(json, "at", arguments.at);
    textMember(json, "projection", projection.fingerprint());
    json.endObject();
    out.line(toJson(json.finish().root()));
}

ExitCode afterFolding(const snapshot::SnapshotSummary& summary)
{
    if (summary.damagedEvents == 0) return Ok;
    complain(fmt::format("{} events could not be read: the states lack them", summary.damagedEvents));
    return Failed;
}

} // namespace

VerbResult ls(const Arguments& arguments, Session& session, Output& out, std::stop_token stop)
{
    LEFTFOLD_TRY(const capture::OrdinalCut cut, session.resolve(arguments.at));
    LEFTFOLD_TRY(const replay::Projection projection, session.projection(arguments, stop));
    snapshot::SnapshotOptions options;
    options.workers = session.workers();
    ProgressLine line("folding", false);
    const auto progress = [&](std::uint64_t done, std::uint64_t total) { line.show(done, total, 0); };
    if (arguments.hash) {
        LEFTFOLD_TRY(const auto hashed, snapshot::hashAll(session.reader(), projection, cut, options, stop, progress));
        line.clear();
        printHash(arguments, hashed, projection, out);
        return afterFolding(hashed.summary);
    }
    if (arguments.count) {
        Counter counter;
        LEFTFOLD_TRY(const auto summary,
                     snapshot::foldAll(session.reader(), projection, cut, options, stop, progress, counter));
        line.clear();
        out.line(arguments.json ? fmt::format(R"({{"aggregates":{}}})", summary.aggregates)
                                : std::to_string(summary.aggregates));
        return afterFolding(summary);
    }
    LinePrinter printer(arguments.json, arguments.limit.value_or(UINT64_MAX), out);
    LEFTFOLD_TRY(const auto summary,
                 snapshot::foldAll(session.reader(), projection, cut, options, stop, progress, printer));
    return afterFolding(summary);
}

} // namespace leftfold::app
