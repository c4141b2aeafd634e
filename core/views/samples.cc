// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/views/samples.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <nlohmann/json.hpp>

namespace leftfold::views {

namespace {

using base::ErrorCode;
using base::Result;
using Json = nlohmann::json;

struct Unreadable {
    std::string why;
};

base::Time timeFrom(const Json& json)
{
    if (json.is_number()) {
        const auto time = base::parseEpoch(json.dump(), base::EpochUnit::Milliseconds);
        if (time) return *time;
    } else if (json.is_string()) {
        const auto time = base::parseTime(json.get<std::string>());
        if (time) return *time;
    }
    throw Unreadable{json.dump() + " is no time"};
}

const Json& member(const Json& json, const char* name)
{
    const auto found = json.find(name);
    if (found == json.end()) throw Unreadable{"'" + std::string(name) + "' is missing"};
    return *found;
}

template <class Number>
Number numberFrom(const Json& json, const char* name)
{
    const Json& value = member(json, name);
    if (!value.is_number_integer() || value.get<double>() < 0)
        throw Unreadable{"'" + std::string(name) + "' is no number from 0 on"};
    return value.get<Number>();
}

std::string textFrom(const Json& json, const char* name)
{
    const Json& value = member(json, name);
    if (!value.is_string()) throw Unreadable{"'" + std::string(name) + "' is no text"};
    return value.get<std::string>();
}

std::pair<ViewPartition, LagSample> sampleFrom(const Json& json)
{
    if (!json.is_object()) throw Unreadable{"it is no JSON object"};
    ViewPartition of{textFrom(json, "group"), {textFrom(json, "topic"), numberFrom<std::int32_t>(json, "partition")}};
    LagSample sample;
    sample.time = timeFrom(member(json, "time"));
    if (!member(json, "committedAt").is_null()) sample.committedAt = timeFrom(json.at("committedAt"));
    if (!member(json, "committed").is_null())
        sample.committed = event::Offset{numberFrom<std::int64_t>(json, "committed")};
    sample.start = {numberFrom<std::int64_t>(json, "start")};
    sample.end = {numberFrom<std::int64_t>(json, "end")};
    return {std::move(of), sample};
}

} // namespace

Result<std::pair<ViewPartition, LagSample>> parseSample(std::string_view line)
{
    try {
        return sampleFrom(Json::parse(line));
    } catch (const Unreadable& error) {
        return base::fail(ErrorCode::BadArgument, error.why);
    } catch (const Json::exception&) {
        return base::fail(ErrorCode::BadArgument, "it is no JSON");
    }
}

std::string toJson(const ViewPartition& of, const LagSample& sample)
{
    nlohmann::ordered_json json = {{"group", of.view},
                                   {"topic", of.partition.topic},
                                   {"partition", of.partition.number},
                                   {"time", base::toIso(sample.time)},
                                   {"committedAt", nullptr},
                                   {"committed", nullptr},
                                   {"start", sample.start.value},
                                   {"end", sample.end.value}};
    if (sample.committedAt) json["committedAt"] = base::toIso(*sample.committedAt);
    if (sample.committed) json["committed"] = sample.committed->value;
    return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

Result<LagHistory> readSamples(const std::string& path)
{
    std::ifstream file(path);
    if (!file) return base::failErrno(path, errno);
    LagHistory history;
    std::size_t number = 0;
    for (std::string line; std::getline(file, line);) {
        ++number;
        if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
        auto sample = parseSample(line);
        if (!sample)
            return base::fail(ErrorCode::BadSample, path, std::to_string(number), base::render(sample.error()));
        history[sample->first].push_back(sample->second);
    }
    if (file.bad()) return base::failErrno(path, errno);
    for (auto& [of, samples] : history) std::ranges::stable_sort(samples, {}, &LagSample::time);
    return history;
}

} // namespace leftfold::views
