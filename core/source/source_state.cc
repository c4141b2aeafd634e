// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/source_state.h"

#include "core/base/percent.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

namespace leftfold::source {

namespace {

using base::Result;
using Json = nlohmann::json;

/// What our own texts cannot hold.
struct Unreadable {
    std::string why;
};

constexpr int kVersion = 1;

/// JSON is text, paths are bytes.
std::string encoded(std::string_view bytes)
{
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string out;
    for (const char c : bytes) {
        if (c > ' ' && c < 0x7f && c != '%' && c != '"' && c != '\\') {
            out += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
        }
    }
    return out;
}

base::Hash128 hashFrom(const std::string& hex)
{
    base::Hash128 hash;
    if (hex.size() != 32) throw Unreadable{"a hash has 32 digits"};
    std::from_chars(hex.data(), hex.data() + 16, hash.high, 16);
    std::from_chars(hex.data() + 16, hex.data() + 32, hash.low, 16);
    return hash;
}

Json idJson(const FileId& id)
{
    return Json::array({id.device, id.inode, id.bornNs});
}

FileId idFrom(const Json& json)
{
    return {json.at(0).get<std::uint64_t>(), json.at(1).get<std::uint64_t>(), json.at(2).get<std::int64_t>()};
}

event::Partition partitionFrom(const std::string& text)
{
    auto partition = event::parsePartition(base::percentDecoded(text));
    if (!partition) throw Unreadable{render(partition.error())};
    return std::move(*partition);
}

base::ErrorCode codeFrom(const std::string& name)
{
    for (const base::ErrorCode code : base::allErrorCodes()) {
        if (base::nameOf(code) == name) return code;
    }
    throw Unreadable{"there is no problem " + name};
}

Json problemJson(const event::Problem& problem)
{
    Json args = Json::array();
    for (const std::string& arg : problem.error.args) args.push_back(encoded(arg));
    return {{"in", encoded(toText(problem.position.partition))},
            {"at", problem.position.offset.value},
            {"code", base::nameOf(problem.error.code)},
            {"args", args}};
}

event::Problem problemFrom(const Json& json)
{
    event::Problem problem;
    problem.position.partition = partitionFrom(json.at("in").get<std::string>());
    problem.position.offset = {json.at("at").get<std::int64_t>()};
    problem.error.code = codeFrom(json.at("code").get<std::string>());
    for (const Json& arg : json.at("args")) problem.error.args.push_back(base::percentDecoded(arg.get<std::string>()));
    return problem;
}

Json fileJson(const FilePlace& file)
{
    return {{"path", encoded(file.path)},  {"id", idJson(file.id)}, {"size", file.size},
            {"modified", file.modifiedNs}, {"bytes", file.bytes},   {"line", file.line},
            {"openLine", file.inOpenLine}, {"atEnd", file.atEnd},   {"hash", base::toHex(file.hash)}};
}

FilePlace fileFrom(const Json& json)
{
    FilePlace file;
    file.path = base::percentDecoded(json.at("path").get<std::string>());
    file.id = idFrom(json.at("id"));
    file.size = json.at("size").get<std::uint64_t>();
    file.modifiedNs = json.at("modified").get<std::int64_t>();
    file.bytes = json.at("bytes").get<std::uint64_t>();
    file.line = json.at("line").get<std::uint64_t>();
    file.inOpenLine = json.at("openLine").get<bool>();
    file.atEnd = json.at("atEnd").get<bool>();
    file.hash = hashFrom(json.at("hash").get<std::string>());
    return file;
}

constexpr int kLastMode = static_cast<int>(LineMode::Console);

Encoding encodingFrom(const std::string& name)
{
    const auto encoding = parseEncoding(name);
    if (!encoding) throw Unreadable{render(encoding.error())};
    return *encoding;
}

Json dialectJson(const CsvDialect& dialect)
{
    Json columns = Json::array();
    for (const std::string& name : dialect.columns) columns.push_back(encoded(name));
    return {{"delimiter", encoded({&dialect.delimiter, 1})}, {"columns", columns}};
}

CsvDialect dialectFrom(const Json& json)
{
    CsvDialect dialect;
    const std::string delimiter = base::percentDecoded(json.at("delimiter").get<std::string>());
    if (delimiter.size() != 1) throw Unreadable{"a delimiter is one byte"};
    dialect.delimiter = delimiter.front();
    for (const Json& name : json.at("columns"))
        dialect.columns.push_back(base::percentDecoded(name.get<std::string>()));
    return dialect;
}

Json consoleJson(const decode::ConsoleLayout& layout)
{
    return Json::array({layout.hasTimestamp, layout.hasPartition, layout.hasOffset, layout.hasHeaders, layout.hasKey});
}

decode::ConsoleLayout consoleFrom(const Json& json)
{
    return {json.at(0).get<bool>(), json.at(1).get<bool>(), json.at(2).get<bool>(), json.at(3).get<bool>(),
            json.at(4).get<bool>()};
}

LogPlace logFrom(const Json& json)
{
    LogPlace log;
    log.topic = base::percentDecoded(json.at("topic").get<std::string>());
    log.format.mode = static_cast<LineMode>(std::clamp(json.at("mode").get<int>(), 0, kLastMode));
    if (json.contains("encoding")) log.encoding = encodingFrom(json.at("encoding").get<std::string>());
    if (json.contains("rows")) log.format.dialect = dialectFrom(json.at("rows"));
    if (json.contains("console")) log.format.console = consoleFrom(json.at("console"));
    log.next = {json.at("next").get<std::int64_t>()};
    if (json.contains("last")) log.lastPartition = partitionFrom(json.at("last").get<std::string>());
    if (json.contains("file")) log.file = fileFrom(json.at("file"));
    if (json.contains("tail")) {
        for (const Json& problem : json.at("tail")) log.tail.push_back(problemFrom(problem));
    }
    return log;
}

SourcePlace placeFrom(const Json& json)
{
    SourcePlace place;
    for (const auto& [path, log] : json.at("logs").items())
        place.logs.emplace(base::percentDecoded(path), logFrom(log));
    for (const auto& [partition, next] : json.at("envelopes").items()) {
        place.envelopes.emplace(partitionFrom(partition), event::Offset{next.get<std::int64_t>()});
    }
    return place;
}

std::vector<TargetLog> targetFrom(const Json& json)
{
    std::vector<TargetLog> target;
    for (const Json& log : json.at("logs")) {
        TargetLog& added = target.emplace_back();
        added.path = base::percentDecoded(log.at("path").get<std::string>());
        added.wholeSet = log.at("wholeSet").get<bool>();
        added.isPipe = log.at("pipe").get<bool>();
        for (const Json& file : log.at("files")) {
            added.files.push_back({base::percentDecoded(file.at("path").get<std::string>()), idFrom(file.at("id")),
                                   file.at("size").get<std::uint64_t>(), 0});
        }
    }
    return target;
}

/// Reads JSON with `reader`, which throws where something else stands there than we write.
template <class Reader>
auto readState(const std::string& text, Reader reader) -> Result<decltype(reader(Json()))>
{
    try {
        const Json json = Json::parse(text);
        if (json.at("version").get<int>() != kVersion) {
            return base::fail(base::ErrorCode::SourceStateUnreadable, "another version of Leftfold wrote it");
        }
        return reader(json);
    } catch (const Json::exception& error) {
        return base::fail(base::ErrorCode::SourceStateUnreadable, error.what());
    } catch (const Unreadable& error) {
        return base::fail(base::ErrorCode::SourceStateUnreadable, error.why);
    }
}

} // namespace

std::string toJson(const LogPlace& place)
{
    Json json = {
        {"topic", encoded(place.topic)}, {"mode", static_cast<int>(place.format.mode)}, {"next", place.next.value}};
    if (place.encoding) json["encoding"] = nameOf(*place.encoding);
    if (place.format.mode == LineMode::Rows) json["rows"] = dialectJson(place.format.dialect);
    if (place.format.mode == LineMode::Console) json["console"] = consoleJson(place.format.console);
    if (place.lastPartition) json["last"] = encoded(toText(*place.lastPartition));
    if (place.file) json["file"] = fileJson(*place.file);
    for (const event::Problem& problem : place.tail) json["tail"].push_back(problemJson(problem));
    return json.dump();
}

std::string sourcePlaceJson(const std::map<std::string, std::string>& logs,
                            const std::map<event::Partition, event::Offset>& envelopes)
{
    std::string json = "{\"version\":" + std::to_string(kVersion) + ",\"logs\":{";
    const char* separator = "\"";
    for (const auto& [path, log] : logs) {
        json += separator + encoded(path) + "\":" + log;
        separator = ",\"";
    }
    json += "},\"envelopes\":{";
    separator = "\"";
    for (const auto& [partition, next] : envelopes) {
        json += separator + encoded(toText(partition)) + "\":" + std::to_string(next.value);
        separator = ",\"";
    }
    return json + "}}";
}

std::string toJson(const SourcePlace& place)
{
    std::map<std::string, std::string> logs;
    for (const auto& [path, log] : place.logs) logs.emplace(path, toJson(log));
    return sourcePlaceJson(logs, place.envelopes);
}

Result<SourcePlace> parseSourcePlace(const std::string& json)
{
    if (json.empty()) return SourcePlace();
    return readState(json, placeFrom);
}

std::string toJson(const std::vector<TargetLog>& target)
{
    Json logs = Json::array();
    for (const TargetLog& log : target) {
        Json files = Json::array();
        for (const TargetFile& file : log.files) {
            files.push_back({{"path", encoded(file.path)}, {"id", idJson(file.id)}, {"size", file.size}});
        }
        logs.push_back(
            {{"path", encoded(log.path)}, {"wholeSet", log.wholeSet}, {"pipe", log.isPipe}, {"files", files}});
    }
    return Json{{"version", kVersion}, {"logs", logs}}.dump();
}

Result<std::vector<TargetLog>> parseTarget(const std::string& json)
{
    return readState(json, targetFrom);
}

} // namespace leftfold::source
