// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/field_names.h"

#include <algorithm>
#include <initializer_list>
#include <numeric>
#include <span>

namespace leftfold::decode {

namespace {

constexpr int kNever = -1'000;

struct NameScore {
    std::string_view joined; ///< the words without anything between
    int score;
};

constexpr NameScore kTypes[] = {
    {"eventtype", 100}, {"payloadtype", 95}, {"messagetype", 95}, {"eventname", 90}, {"type", 90},
    {"recordtype", 85}, {"event", 75},       {"kind", 75},        {"op", 70},        {"operation", 70},
    {"action", 70},     {"verb", 60},        {"command", 60},     {"activity", 60},  {"name", 45},
    {"method", 40},     {"change", 40},      {"level", 35},       {"severity", 35},  {"category", 35},
};

constexpr NameScore kTimes[] = {
    {"eventtime", 105}, {"occurredat", 105}, {"occurredon", 105}, {"timestamp", 100},  {"time", 100},
    {"at", 100},        {"ts", 100},         {"tsms", 95},        {"tsus", 95},        {"tsns", 95},
    {"createdat", 95},  {"created", 95},     {"datetime", 95},    {"timestampms", 95}, {"timems", 95},
    {"recordedat", 90}, {"date", 85},
};

constexpr NameScore kIds[] = {
    {"aggregateid", 100},
    {"aggregateidentifier", 100},
    {"streamid", 100},
    {"streamname", 100},
    {"stream", 95},
    {"entityid", 100},
    {"subject", 90},
    {"id", 55},
    {"uuid", 55},
    {"guid", 55},
    {"key", 55},
    {"pk", 55},
    {"identifier", 55},
    // Things that have a life of their own, the ones that change most first.
    {"invoice", 52},
    {"order", 52},
    {"cart", 50},
    {"basket", 50},
    {"booking", 50},
    {"reservation", 50},
    {"shipment", 50},
    {"payment", 50},
    {"ticket", 50},
    {"case", 50},
    {"issue", 50},
    {"account", 48},
    {"sensor", 46},
    {"device", 46},
    {"machine", 46},
    {"vehicle", 46},
    {"meter", 46},
    {"station", 46},
    {"customer", 44},
    {"patient", 44},
    {"member", 44},
    {"employee", 44},
    {"user", 42},
    {"username", 42},
    {"session", 40},
    {"product", 38},
    {"sku", 38},
    {"item", 38},
    {"article", 38},
    {"ip", 38},
    {"client", 38},
    {"clientip", 38},
    {"remoteaddr", 38},
    {"file", 36},
    {"path", 34},
    {"url", 30},
    {"uri", 30},
    {"host", 25},
    {"hostname", 25},
};

constexpr NameScore kEventIds[] = {
    {"eventid", 100},   {"eventidentifier", 100},
    {"eventuuid", 100}, {"messageid", 95},
    {"recordid", 80},   {"id", 60},
    {"uuid", 60},       {"guid", 60},
};

constexpr NameScore kCausations[] = {
    {"causationid", 100}, {"causationeventid", 100}, {"causedby", 95},
    {"causeid", 90},      {"parenteventid", 80},     {"cause", 60},
};

constexpr NameScore kCorrelations[] = {
    {"correlationid", 100}, {"conversationid", 80}, {"traceid", 70}, {"requestid", 60}, {"traceparent", 40},
};

int scoreIn(std::span<const NameScore> table, std::string_view joined)
{
    const auto found =
        std::find_if(table.begin(), table.end(), [&](const NameScore& entry) { return entry.joined == joined; });
    return found == table.end() ? 0 : found->score;
}

bool isOneOf(std::string_view word, std::initializer_list<std::string_view> words)
{
    return std::find(words.begin(), words.end(), word) != words.end();
}

std::string joinedWords(const std::vector<std::string>& words)
{
    return std::accumulate(words.begin(), words.end(), std::string());
}

/// Words of things that happen, group events or are measured: whatever else the name says, it names no aggregate.
bool namesNoThing(std::string_view word)
{
    return isOneOf(word, {"event",   "message", "causation", "correlation", "conversation", "trace",    "span",
                          "request", "parent",  "schema",    "caused",      "cause",        "commit",   "sha",
                          "hash",    "blob",    "tx",        "txid",        "lsn",          "batch",    "sequence",
                          "seq",     "version", "revision",  "line",        "page",         "offset",   "partition",
                          "index",   "count",   "total",     "amount",      "price",        "quantity", "qty",
                          "size",    "length",  "duration",  "status",      "type",         "kind",     "op",
                          "level",   "value",   "time",      "timestamp",   "ts",           "date",     "at"});
}

/// One of these holds nearly everything else: too coarse while there is another.
bool namesAWhole(std::string_view word)
{
    return isOneOf(word, {"tenant", "org", "organization", "organisation", "realm", "app", "application", "service",
                          "source", "region", "cluster"});
}

bool isPlannedTime(std::string_view word)
{
    return isOneOf(word, {"due", "birth", "birthday", "expires", "expiry", "expiration", "valid", "until", "scheduled",
                          "planned", "deadline", "next", "delivery", "end", "ends"});
}

} // namespace

std::vector<std::string> wordsOf(std::string_view name)
{
    std::vector<std::string> words;
    bool starts = true;
    bool lowerBefore = false;
    for (const char c : name) {
        const bool upper = c >= 'A' && c <= 'Z';
        const bool letter =
            upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) > 0x7F;
        if (letter && (starts || (upper && lowerBefore))) words.emplace_back();
        if (letter) words.back() += upper ? static_cast<char>(c - 'A' + 'a') : c;
        starts = !letter;
        lowerBefore = letter && !upper;
    }
    return words;
}

int typeName(std::string_view name)
{
    const auto words = wordsOf(name);
    const int known = scoreIn(kTypes, joinedWords(words));
    return known == 0 && words.size() > 1 && words.back() == "type" ? 60 : known;
}

int timeName(std::string_view name)
{
    const auto words = wordsOf(name);
    const int known = scoreIn(kTimes, joinedWords(words));
    if (known > 0 || words.empty()) return known;
    if (std::any_of(words.begin(), words.end(), isPlannedTime)) return -60;
    return isOneOf(words.back(), {"at", "on", "time", "timestamp", "ts", "date", "datetime", "when"}) ? 75 : 0;
}

int idName(std::string_view name)
{
    const auto words = wordsOf(name);
    const int known = scoreIn(kIds, joinedWords(words));
    if (known > 0 || words.empty()) return known;
    if (std::any_of(words.begin(), words.end(), namesNoThing)) return kNever;
    const bool ofSomething = words.size() > 1
                             && isOneOf(words.back(), {"id", "identifier", "uuid", "guid", "key", "no", "nr", "number",
                                                       "num", "ref", "code"});
    if (std::any_of(words.begin(), words.end(), namesAWhole)) return ofSomething ? 25 : 0;
    return ofSomething ? 60 : 0;
}

int eventIdName(std::string_view name)
{
    return scoreIn(kEventIds, joinedWords(wordsOf(name)));
}

int causationName(std::string_view name)
{
    return scoreIn(kCausations, joinedWords(wordsOf(name)));
}

int correlationName(std::string_view name)
{
    return scoreIn(kCorrelations, joinedWords(wordsOf(name)));
}

} // namespace leftfold::decode
