// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/event_text.h"
#include "app/verb.h"
#include "core/replay/scan.h"

#include <algorithm>
#include <fmt/format.h>
#include <span>

namespace leftfold::app {

namespace {

using base::Result;

PrintedEvent printed(const capture::Catalog& catalog, const replay::ScannedEvent& event)
{
    return {event.index,
            &catalog.partitions()[event.item->location.partition],
            event.item->record,
            event.item->effective,
            event.item->facts->undecodable,
            event.item->type,
            event.id};
}

/// "orders[0]@5..9  committed  2026-01-31T12:00:00Z  producer 4000/0, marker @10 at 2026-01-31T12:00:01Z by coordinator epoch 2"
std::string lineOf(const event::Transaction& transaction, const Output& out)
{
    const bool isOpen = transaction.state == event::TransactionState::Open;
    const std::string offsets = transaction.first
                                    ? fmt::format("@{}..{}", transaction.first->value, transaction.last.value)
                                    : std::string("  no records");
    const int colour = isOpen ? 33 : transaction.state == event::TransactionState::Committed ? 32 : 31;
    std::string line = fmt::format("{}{}  {}  {}  producer {}/{}", toText(transaction.partition), offsets,
                                   out.in(colour, nameOf(transaction.state)),
                                   transaction.firstTime ? base::toIso(*transaction.firstTime) : "-",
                                   transaction.producer, transaction.epoch);
    if (transaction.marker)
        line +=
            fmt::format(", marker @{} at {} by coordinator epoch {}", transaction.marker->value,
                        transaction.markedAt ? base::toIso(*transaction.markedAt) : "-", transaction.coordinatorEpoch);
    return line;
}

std::string jsonOf(const event::Transaction& transaction)
{
    event::DocumentBuilder json;
    json.beginObject();
    const auto number = [&](const char* key, std::optional<std::int64_t> value) {
        json.key(key);
        value ? json.number(*value) : json.null();
    };
    const auto offset = [&](const char* key, const std::optional<event::Offset>& value) {
        number(key, value ? std::optional(value->value) : std::nullopt);
    };
    textMember(json, "partition", toText(transaction.partition));
    textMember(json, "state", nameOf(transaction.state));
    number("producer", transaction.producer);
    number("epoch", transaction.epoch);
    offset("first", transaction.first);
    offset("last", transaction.first ? std::optional(transaction.last) : std::nullopt);
    timeMember(json, "firstTime", transaction.firstTime.value_or(base::kBeginningOfTime));
    offset("marker", transaction.marker);
    timeMember(json, "markedAt", transaction.markedAt.value_or(base::kBeginningOfTime));
    number("coordinatorEpoch",
           transaction.marker ? std::optional<std::int64_t>(transaction.coordinatorEpoch) : std::nullopt);
    json.endObject();
    return toJson(json.finish().root());
}

class Log : public LogVerb {
public:
    const char* name() const override { return "log"; }
    const char* about() const override { return "the events, in replay order"; }
    void define(CLI::App& verb) override
    {
        addLog(verb, m_log, LogCount::One);
        verb.add_option("--from", m_from, "leave out what lies before")->type_name("WHEN")->capture_default_str();
        verb.add_option("--until", m_until, "leave out what lies behind")->type_name("WHEN")->capture_default_str();
        addFilter(verb);
        verb.add_flag("--reverse", m_reverse, "last first");
        addLimit(verb, m_limit, "at most so many events");
        verb.add_flag("--follow", m_follow, "then wait for more, as the source grows")->excludes("--reverse");
        verb.add_flag("--transactions", m_transactions,
                      "instead of events the transactions of Kafka, as segments of its logs tell them")
            ->excludes("--follow");
        addMapping(verb, m_log);
        verb.add_flag("--csv", m_csv, "CSV (RFC 4180), a row an event");
        addJson(verb, m_json);
        verb.get_option("--csv")->excludes("--json")->excludes("--transactions");
        verb.footer("Examples:\n  leftfold log orders.jsonl --limit 10\n  leftfold log orders.jsonl --aggregate "
                    "order-7 --json\n  leftfold log orders.jsonl --from 2011-01-31 --until 2011-02-01 --type "
                    "OrderPlaced\n\nWith --json each line is an event as it was captured: written to a file and "
                    "opened again\nit is the same log.");
    }

private:
    void addFilter(CLI::App& verb)
    {
        verb.add_option("--type", m_filter.types, "only events of this type (any number of times)")->type_name("TYPE");
        verb.add_option("--aggregate", m_filter.aggregate, "only events of this aggregate")->type_name("ID");
        addBy(verb, m_by);
        verb.add_option("--text", m_filter.text, "only events in whose value or key this occurs")->type_name("TEXT");
        verb.add_option("--caused-by", m_filter.causedBy, "only events caused by this event")->type_name("EVENT-ID");
        verb.add_option("--correlation", m_filter.correlation, "only events with this correlation id")->type_name("ID");
    }

    SessionNeeds needs() const override { return {.fields = {m_by}, .follows = m_follow}; }

    VerbResult read(Session& session, Output& out, std::stop_token stop) override
    {
        if (m_transactions) return listTransactions(session, out);
        replay::ScanRange range;
        LEFTFOLD_TRY(range.from, session.resolve(m_from));
        LEFTFOLD_TRY(range.until, session.resolve(m_until));
        range.reverse = m_reverse;
        m_left = m_limit.value_or(UINT64_MAX);
        if (m_csv) out.line(std::string(eventCsvHeader()) + '\r');
        if (m_left > 0) {
            LEFTFOLD_TRY(const auto summary, print(session, range, out, stop));
            if (summary.damaged > 0) {
                complain(fmt::format("{} events could not be read and are left out: {}", summary.damaged,
                                     base::render(*summary.damage)));
                return Failed;
            }
        }
        if (!m_follow) return Ok;
        const auto followed = follow(session, out, stop);
        LEFTFOLD_CHECK(session.close());
        if (!followed && followed.error().code != base::ErrorCode::Cancelled) return tl::unexpected(followed.error());
        return Ok;
    }

    VerbResult listTransactions(Session& session, Output& out) const
    {
        LEFTFOLD_TRY(auto transactions, session.reader().storedTransactions());
        if (transactions.empty()) {
            complain("this log tells of no transactions of Kafka: only the segments of a broker's log folder do");
            return Ok;
        }
        if (m_reverse) std::ranges::reverse(transactions);
        const std::size_t shown = std::min<std::uint64_t>(transactions.size(), m_limit.value_or(UINT64_MAX));
        for (const event::Transaction& each : std::span(transactions).first(shown))
            out.line(m_json ? jsonOf(each) : lineOf(each, out));
        return Ok;
    }

    /// Prints the events of a range; how many is counted down in `m_left`.
    Result<replay::ScanSummary> print(Session& session, const replay::ScanRange& range, Output& out,
                                      std::stop_token stop)
    {
        LEFTFOLD_TRY(const auto keys, session.idsBeside(m_by, m_filter.aggregate.has_value(), stop));
        std::string line;
        return replay::scan(session.reader(), keys.get(), range, m_filter, stop,
                            [&](const replay::ScannedEvent& event) -> Result<bool> {
                                const PrintedEvent shown = printed(session.catalog(), event);
                                writeLine(shown, line, out);
                                return --m_left > 0;
                            });
    }

    /// `line` is scratch.
    void writeLine(const PrintedEvent& event, std::string& line, Output& out) const
    {
        line.clear();
        if (m_json) {
            appendEventJson(line, event);
        } else if (m_csv) {
            appendEventCsv(line, event);
            line += '\r';
        } else {
            line = eventLine(event, out);
        }
        out.line(line);
    }

    /// Prints what comes, as it comes.
    Result<void> follow(Session& session, Output& out, std::stop_token stop)
    {
        capture::OrdinalCut seen = session.catalog().end();
        while (m_left > 0) {
            LEFTFOLD_CHECK(out.flush());
            LEFTFOLD_TRY(const bool more, session.waitForMore(stop));
            if (!more) return {};
            LEFTFOLD_CHECK(session.refresh(stop));
            seen.next.resize(session.catalog().partitions().size(), 0);
            LEFTFOLD_TRY(const auto summary, print(session, {seen, session.catalog().end(), false}, out, stop));
            (void)summary;
            seen = session.catalog().end();
        }
        return {};
    }

    std::string m_from = "@start";
    std::string m_until = "@end";
    event::EventFilter m_filter;
    std::string m_by;
    bool m_reverse = false;
    bool m_follow = false;
    std::optional<std::uint64_t> m_limit;
    std::uint64_t m_left = 0; ///< to be printed yet
    bool m_json = false;
    bool m_csv = false;
    bool m_transactions = false;
};

} // namespace

std::unique_ptr<Verb> makeLog()
{
    return std::make_unique<Log>();
}

} // namespace leftfold::app
