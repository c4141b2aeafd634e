// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/kafka_place.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace leftfold::source {

namespace {

using base::Result;
using Json = nlohmann::json;

constexpr int kVersion = 1;

struct Unreadable {
    std::string why;
};

event::Partition partitionFrom(const std::string& text)
{
    auto partition = event::parsePartition(text);
    if (!partition) throw Unreadable{"'" + text + "' is no partition"};
    return std::move(*partition);
}

event::Offset offsetFrom(const Json& json)
{
    return {json.get<std::int64_t>()};
}

KafkaPlace placeFrom(const Json& json)
{
    KafkaPlace place;
    place.next = offsetFrom(json.at("next"));
    place.isGapTold = json.value("gap", false);
    if (!json.contains("last")) return place;
    place.last = offsetFrom(json.at("last"));
    const auto hash = base::hash128FromHex(json.at("hash").get<std::string>());
    if (!hash) throw Unreadable{"a hash"};
    place.lastHash = *hash;
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

template <class Reader>
auto readState(const std::string& text, Reader reader) -> Result<decltype(reader(Json()))>
{
    try {
        const Json json = Json::parse(text);
        if (json.value("kafka", 0) != kVersion)
            throw Unreadable{"it is of another source, or another version of Leftfold"};
        return reader(json);
    } catch (const Json::exception& error) {
        return base::fail(base::ErrorCode::SourceStateUnreadable, error.what());
    } catch (const Unreadable& error) {
        return base::fail(base::ErrorCode::SourceStateUnreadable, error.why);
    }
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
    return readState(json, targetFrom);
}

Result<KafkaCut> parseKafkaCut(const std::string& json)
{
    if (json.empty()) return KafkaCut();
    return readState(json, cutFrom);
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
