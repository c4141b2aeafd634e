// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace leftfold::app {

// Options that several verbs share, as the text that was typed: read further by whoever needs them. Each `add` declares
// them to the command line; the struct must live as long as it does.

/// How a log is opened and captured.
struct LogOptions {
    std::vector<std::string> log;
    std::string cache;
    unsigned workers = 0; ///< 0: one a core
    bool fresh = false;
    bool strict = false;
    // how files are written, where it is not to be detected
    std::string format;
    std::string delimiter;
    std::vector<std::string> columns;
    std::string encoding;
    // what is read of Kafka, instead of what the address says
    std::string kafkaFrom;
    std::string kafkaUntil;
    std::string isolation;
    std::optional<std::string> key;
    // how payloads are decoded, where it is not to be found out
    std::vector<std::string> decode;
    std::string registry;
    // what must not be shown
    std::vector<std::string> masks;
    std::string masksFile;
    // the mapping, where it is not to be detected
    std::string id;
    std::string type;
    std::string time;
    std::string timeUnit;
    std::string eventId;
    std::string causation;
    std::string correlation;
};
enum class LogCount { One, Several };
void addLog(CLI::App& verb, LogOptions& options, LogCount count);
/// --cache and --workers alone, for verbs that name their logs otherwise.
void addResources(CLI::App& verb, LogOptions& options);
/// The fields of a record, and how to capture. Put last, as help lists them behind the verb's own.
void addMapping(CLI::App& verb, LogOptions& options);

/// How encoded payloads are read: a part of addMapping.
void addDecoding(CLI::App& verb, LogOptions& options);

/// What is masked in what a verb shows.
void addMasks(CLI::App& verb, LogOptions& options);

/// What is read of Kafka topics: a part of what names their log.
void addKafka(CLI::App& verb, LogOptions& options);

struct ProjectionOptions {
    std::string by;
    std::string fold; ///< empty: debezium where aggregates are named by it, else tally
    std::vector<std::string> types; ///< only events of these change states; empty: all
    bool numbersAsText = false;
};
void addProjection(CLI::App& verb, ProjectionOptions& options);

void addBy(CLI::App& verb, std::string& by);
void addNumbersAsText(CLI::App& verb, bool& numbersAsText);
void addAt(CLI::App& verb, std::string& at);
void addJson(CLI::App& verb, bool& json);
void addLimit(CLI::App& verb, std::optional<std::uint64_t>& limit, const char* help);

/// The options and flags that were typed, but those named: "--at, --mask"; empty where there are none.
[[nodiscard]] std::string typedBut(const CLI::App& verb, const std::vector<std::string>& names);

/// Numbers without a sign take a minus for a very large number: to be checked for each.
[[nodiscard]] const CLI::Validator& notNegative();
[[nodiscard]] const CLI::Validator& notZero();

} // namespace leftfold::app
