// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/segment_place.h"

#include "core/source/state_json.h"

#include <fmt/format.h>

namespace leftfold::source {

namespace {

using base::Result;
using event::Offset;
using event::Transaction;
using namespace state_json;

constexpr int kVersion = 1;

Json pointJson(const SegmentPoint& point)
{
    return Json::array({point.segment.value, point.at, point.expected.value});
}

SegmentPoint pointFrom(const Json& json)
{
    return {offsetFrom(json.at(0)), json.at(1).get<std::uint64_t>(), offsetFrom(json.at(2))};
}

Json spanJson(const SegmentSpan& span)
{
    return Json::array({span.end.segment.value, span.end.bytes, span.modifiedNs, span.start.value});
}

SegmentSpan spanFrom(const Json& json)
{
    return {{offsetFrom(json.at(0)), json.at(1).get<std::uint64_t>()},
            json.at(2).get<std::int64_t>(),
            offsetFrom(json.at(3))};
}

Json openJson(const Transaction& transaction)
{
    Json json = {{"producer", transaction.producer},
                 {"epoch", transaction.epoch},
                 {"first", transaction.begin().value},
                 {"last", transaction.last.value}};
    if (transaction.firstTime) json["time"] = base::toIso(*transaction.firstTime);
    return json;
}

Transaction openFrom(const Json& json)
{
    Transaction transaction;
    transaction.producer = json.at("producer").get<std::int64_t>();
    transaction.epoch = json.at("epoch").get<std::int16_t>();
    transaction.first = offsetFrom(json.at("first"));
    transaction.last = offsetFrom(json.at("last"));
    if (!json.contains("time")) return transaction;
    const auto time = base::parseTime(json.at("time").get<std::string>());
    if (!time) throw Unreadable{"a time"};
    transaction.firstTime = *time;
    return transaction;
}

SegmentPlace placeFrom(const Json& json)
{
    SegmentPlace place;
    place.point = pointFrom(json.at("point"));
    place.next = offsetFrom(json.at("next"));
    place.lastStable = offsetFrom(json.at("stable"));
    place.isGapTold = json.value("gap", false);
    if (json.contains("seen")) place.seen = spanFrom(json.at("seen"));
    if (json.contains("open")) {
        for (const Json& each : json.at("open")) place.open.push_back(openFrom(each));
    }
    if (!json.contains("last")) return place;
    place.last = offsetFrom(json.at("last"));
    place.lastBatch = pointFrom(json.at("batch"));
    place.lastHash = hashFrom(json.at("hash"));
    return place;
}

SegmentTarget targetFrom(const Json& json)
{
    SegmentTarget target;
    for (const auto& [partition, span] : json.at("spans").items())
        target.emplace(partitionFrom(partition), spanFrom(span));
    return target;
}

SegmentCut cutFrom(const Json& json)
{
    SegmentCut cut;
    const auto isolation = parseIsolation(json.at("isolation").get<std::string>());
    if (!isolation) throw Unreadable{"an isolation level"};
    cut.isolation = *isolation;
    cut.compacted = json.at("compacted").get<std::vector<std::string>>();
    for (const auto& [partition, place] : json.at("places").items()) {
        SegmentPlace& added = cut.places[partitionFrom(partition)];
        added = placeFrom(place);
        for (Transaction& each : added.open) each.partition = partitionFrom(partition);
    }
    return cut;
}

} // namespace

std::string toJson(const SegmentTarget& target)
{
    Json spans = Json::object();
    for (const auto& [partition, span] : target) spans[toText(partition)] = spanJson(span);
    return Json{{"segments", kVersion}, {"spans", spans}}.dump();
}

std::string toJson(const SegmentPlace& place)
{
    Json json = {{"point", pointJson(place.point)}, {"next", place.next.value}, {"stable", place.lastStable.value}};
    if (place.isGapTold) json["gap"] = true;
    if (place.seen) json["seen"] = spanJson(*place.seen);
    for (const Transaction& each : place.open) json["open"].push_back(openJson(each));
    if (!place.last) return json.dump();
    json["last"] = place.last->value;
    json["batch"] = pointJson(place.lastBatch);
    json["hash"] = base::toHex(place.lastHash);
    return json.dump();
}

std::string segmentCutJson(const SegmentCut& cut, const std::map<event::Partition, std::string>& places)
{
    std::string json = fmt::format(R"({{"segments":{},"isolation":"{}","compacted":{},"places":{{)", kVersion,
                                   nameOf(cut.isolation), Json(cut.compacted).dump());
    const char* separator = "\"";
    for (const auto& [partition, place] : places) {
        json += separator + toText(partition) + "\":" + place;
        separator = ",\"";
    }
    return json + "}}";
}

Result<SegmentTarget> parseSegmentTarget(const std::string& json)
{
    return readState(json, "segments", kVersion, targetFrom);
}

Result<SegmentCut> parseSegmentCut(const std::string& json)
{
    if (json.empty()) return SegmentCut();
    return readState(json, "segments", kVersion, cutFrom);
}

std::string describeSegmentCut(const std::string& sourceCut)
{
    if (sourceCut.empty()) return {};
    const auto cut = parseSegmentCut(sourceCut);
    if (!cut) return {};
    std::string text = fmt::format("segments of Kafka, {}", nameOf(cut->isolation));
    for (const auto& [partition, place] : cut->places) {
        if (!place.open.empty())
            text += fmt::format("; {} is stable up to offset {}: a transaction is open there", toText(partition),
                                place.lastStable.value);
    }
    for (const std::string& topic : cut->compacted)
        text += "; " + topic + " is compacted: past states are not reliable";
    return text;
}

} // namespace leftfold::source
