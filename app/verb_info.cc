// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/event_text.h"
#include "app/verb.h"
#include "core/replay/summary.h"
#include "core/source/files.h"
#include "core/source/kafka_place.h"
#include "core/source/segment_place.h"

#include <filesystem>
#include <fmt/format.h>

namespace leftfold::app {

namespace {

using base::Result;

/// Everything `info` says.
struct Facts {
    std::string capturePath;
    std::uint64_t captureBytes = 0;
    base::Hash128 identity;
    replay::LogSummary summary;
    std::optional<std::uint64_t> aggregates;
    std::uint64_t spanning = 0;
    std::uint64_t withoutId = 0;
    bool complete = true;
};

Result<Facts> gather(Session& session, std::stop_token stop)
{
    Facts facts;
    facts.capturePath = session.reader().path();
    std::error_code ignored;
    facts.captureBytes = std::filesystem::file_size(facts.capturePath, ignored);
    LEFTFOLD_TRY(facts.identity, session.reader().identity());
    LEFTFOLD_TRY(facts.summary, replay::summarize(session.reader(), stop));
    const auto loads = session.catalog().loads();
    facts.complete = !loads.empty() && loads.back().complete;
    if (session.catalog().mapping().id) {
        LEFTFOLD_TRY(const auto keys, session.index({}, stop));
        facts.aggregates = keys->size();
        facts.withoutId = keys->withoutKey();
        LEFTFOLD_TRY(facts.spanning, replay::aggregatesSpanningPartitions(session.catalog(), *keys, stop));
    }
    return facts;
}

void partitionMembers(event::DocumentBuilder& json, const replay::PartitionSummary& partition)
{
    json.beginObject();
    textMember(json, "partition", toText(partition.partition));
    numberMember(json, "events", partition.events);
    json.key("firstOffset");
    json.number(partition.firstOffset.value);
    json.key("lastOffset");
    json.number(partition.lastOffset.value);
    timeMember(json, "firstTime", partition.firstTime);
    timeMember(json, "lastTime", partition.lastTime);
    numberMember(json, "missingOffsets", partition.missingOffsets);
    numberMember(json, "undecodable", partition.undecodable);
    numberMember(json, "timeless", partition.timeless);
    numberMember(json, "lost", partition.lost);
    textMember(json, "identity", base::toHex(partition.identity));
    json.endObject();
}

/// Empty where the records are lines of JSON.
std::string formatsOf(const capture::Catalog& catalog)
{
    const auto loads = catalog.loads();
    return loads.empty() ? std::string() : source::describeFormats(loads.back().sourceCut);
}

/// Isolation level, cluster, what is compacted; empty where the source is no Kafka.
std::string kafkaOf(const capture::Catalog& catalog)
{
    if (catalog.loads().empty()) return {};
    const std::string& cut = catalog.loads().back().sourceCut;
    const std::string kafka = source::describeKafkaCut(cut);
    return kafka.empty() ? source::describeSegmentCut(cut) : kafka;
}

Result<std::string> infoJson(const Facts& facts, const capture::Catalog& catalog)
{
    event::DocumentBuilder json;
    json.beginObject();
    numberMember(json, "events", catalog.eventCount());
    textMember(json, "identity", base::toHex(facts.identity));
    textMember(json, "capture", facts.capturePath);
    numberMember(json, "captureBytes", facts.captureBytes);
    textMember(json, "source", catalog.source());
    booleanMember(json, "complete", facts.complete);
    numberMember(json, "loads", catalog.loads().size());
    if (const std::string formats = formatsOf(catalog); !formats.empty()) textMember(json, "files", formats);
    if (const std::string kafka = kafkaOf(catalog); !kafka.empty()) textMember(json, "kafka", kafka);
    LEFTFOLD_TRY(const event::Document mapping, event::Document::parse(toJson(catalog.mapping())));
    json.key("mapping");
    json.value(mapping.root());
    json.key("types");
    json.beginObject();
    for (const auto& [type, count] : facts.summary.types) numberMember(json, type, count);
    json.endObject();
    json.key("partitions");
    json.beginArray();
    for (const auto& partition : facts.summary.partitions) partitionMembers(json, partition);
    json.endArray();
    if (facts.aggregates) {
        numberMember(json, "aggregates", *facts.aggregates);
        numberMember(json, "aggregatesSpanningPartitions", facts.spanning);
        numberMember(json, "eventsWithoutAggregate", facts.withoutId);
    }
    json.key("damage");
    json.beginArray();
    for (const capture::Damage& damage : catalog.damage()) {
        json.beginObject();
        numberMember(json, "events", damage.events);
        errorMembers(json, damage.error);
        json.endObject();
    }
    json.endArray();
    json.endObject();
    return toJson(json.finish().root());
}

void printPartition(const replay::PartitionSummary& partition, Output& out)
{
    out.line(fmt::format("  {}  {} events, offsets {} to {}, {} to {}", out.in(1, toText(partition.partition)),
                         partition.events, partition.firstOffset.value, partition.lastOffset.value,
                         timeText(partition.firstTime), timeText(partition.lastTime)));
    const auto note = [&](std::uint64_t count, std::string_view text) {
        if (count > 0) out.line(fmt::format("    {} {}", count, text));
    };
    note(partition.firstOffset.value > 0 ? static_cast<std::uint64_t>(partition.firstOffset.value) : 0,
         "offsets before the first are not there: states may be incomplete");
    note(partition.missingOffsets, "offsets in between are missing");
    note(partition.undecodable, "records cannot be decoded; 'leftfold problems' lists them");
    note(partition.timeless, "events have no time of their own");
    note(partition.lost, "events are lost: the capture is damaged there");
}

void printInfo(const Facts& facts, const capture::Catalog& catalog, Output& out)
{
    out.line(fmt::format("{} events of {} types in {} partitions", catalog.eventCount(), facts.summary.types.size(),
                         facts.summary.partitions.size()));
    for (const auto& partition : facts.summary.partitions) printPartition(partition, out);
    out.line("types");
    for (const auto& [type, count] : facts.summary.types) {
        out.line(fmt::format("  {:>12}  {}", count, type.empty() ? "(none)" : out.in(36, printable(type, 0))));
    }
    if (const std::string formats = formatsOf(catalog); !formats.empty())
        out.line("files       " + printable(formats, 0));
    if (const std::string kafka = kafkaOf(catalog); !kafka.empty()) out.line("records     " + kafka);
    out.line("mapping     " + describe(catalog.mapping()));
    if (facts.aggregates) {
        out.line(fmt::format("aggregates  {}; {} events belong to none", *facts.aggregates, facts.withoutId));
    }
    if (facts.spanning > 0) {
        out.line(fmt::format(
            "            {} of them have events in several partitions: their states depend on the order in which "
            "partitions were captured",
            facts.spanning));
    }
    out.line(fmt::format("identity    {}", base::toHex(facts.identity)));
    out.line(fmt::format("source      {}", catalog.source()));
    out.line(fmt::format("capture     {} ({:.1f} MB, {} load{})", facts.capturePath,
                         static_cast<double>(facts.captureBytes) / 1e6, catalog.loads().size(),
                         catalog.loads().size() == 1 ? "" : "s"));
    if (!facts.complete)
        out.line(
            "            the last load was interrupted: the order of its events is provisional until it is complete");
}

class Info : public LogVerb {
public:
    const char* name() const override { return "info"; }
    const char* about() const override
    {
        return "what is in a log: partitions, times, types, mapping, completeness, identity";
    }
    void define(CLI::App& verb) override
    {
        addLog(verb, m_log, LogCount::One);
        addMapping(verb, m_log);
        addJson(verb, m_json);
        verb.footer("Examples:\n  leftfold info orders.jsonl\n  leftfold info today.lflog --json | jq .events");
    }

private:
    VerbResult read(Session& session, Output& out, std::stop_token stop) override
    {
        LEFTFOLD_TRY(const Facts facts, gather(session, stop));
        if (!m_json) {
            printInfo(facts, session.catalog(), out);
            return Ok;
        }
        LEFTFOLD_TRY(const std::string json, infoJson(facts, session.catalog()));
        out.line(json);
        return Ok;
    }

    bool m_json = false;
};

} // namespace

std::unique_ptr<Verb> makeInfo()
{
    return std::make_unique<Info>();
}

} // namespace leftfold::app
