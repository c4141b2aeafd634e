// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/kafka_place.h"

#include "core/source/state_json.h"

#include <fmt/format.h>

namespace leftfold::source {

namespace {

using base::Result;
using namespace state_json;

constexpr int kVersion = 1;

KafkaPlace placeFrom(const Json& json)
{
    KafkaPlace place;
    place.next = offsetFrom(json.at("next"));
    place.isGapTold = json.value("gap", false);
    if (!json.contains("last")) return place;
    place.last = offsetFrom(json.at("last"));
    place.lastHash = hashFrom(json.at("hash"));
    return place;
}

Json placeJson(const KafkaPlace& place)
{
    Json json = {{"next", place.next.value}};
    if (place.isGapTold) json["gap"] = true;
    if (!place.last) return json;
    json["last"] = place.last->value;
    json["hash"] = base::toHex(place.lastHash);
    return json;
}

KafkaTarget targetFrom(const Json& json)
{
    KafkaTarget target;
    target.cluster = json.at("cluster").get<std::string>();
    target.compacted = json.at("compacted").get<std::map<std::string, bool>>();
    for (const auto& [partition, span] : json.at("spans").items()) {
        target.spans.emplace(partitionFrom(partition), KafkaSpan{offsetFrom(span.at(0)), offsetFrom(span.at(1)),
                                                                 offsetFrom(span.at(2)), offsetFrom(span.at(3))});
    }
    return target;
}

KafkaCut cutFrom(const Json& json)
{
    KafkaCut cut;
    cut.cluster = json.at("cluster").get<std::string>();
    const auto isolation = parseIsolation(json.at("isolation").get<std::string>());
    if (!isolation) throw Unreadable{"an isolation level"};
    cut.isolation = *isolation;
    cut.compacted = json.at("compacted").get<std::map<std::string, bool>>();
    for (const auto& [partition, place] : json.at("places").items())
        cut.places.emplace(partitionFrom(partition), placeFrom(place));
    return cut;
}

} // namespace

std::string toJson(const KafkaTarget& target)
{
    Json spans = Json::object();
    for (const auto& [partition, span] : target.spans) {
        spans[toText(partition)] = {span.start.value, span.from.value, span.end.value, span.high.value};
    }
    return Json{{"kafka", kVersion}, {"cluster", target.cluster}, {"compacted", target.compacted}, {"spans", spans}}
        .dump();
}

std::string toJson(const KafkaCut& cut)
{
    Json places = Json::object();
    for (const auto& [partition, place] : cut.places) places[toText(partition)] = placeJson(place);
    return Json{{"kafka", kVersion},
                {"cluster", cut.cluster},
                {"isolation", nameOf(cut.isolation)},
                {"compacted", cut.compacted},
                {"places", places}}
        .dump();
}

Result<KafkaTarget> parseKafkaTarget(const std::string& json)
{
    return readState(json, "kafka", kVersion, targetFrom);
}

Result<KafkaCut> parseKafkaCut(const std::string& json)
{
    if (json.empty()) return KafkaCut();
    return readState(json, "kafka", kVersion, cutFrom);
}

std::string describeKafkaCut(const std::string& sourceCut)
{
    if (sourceCut.empty()) return {};
    const auto cut = parseKafkaCut(sourceCut);
    if (!cut) return {};
    std::string text = fmt::format("Kafka, {}, cluster {}", nameOf(cut->isolation), cut->cluster);
    for (const auto& [topic, compacted] : cut->compacted) {
        if (compacted) text += "; " + topic + " is compacted: past states are not reliable";
    }
    return text;
}

} // namespace leftfold::source
