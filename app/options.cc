// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/options.h"

#include "core/fold/fold.h"

#include <algorithm>

namespace leftfold::app {

const CLI::Validator& notNegative()
{
    static const CLI::Validator kNotNegative(
        [](std::string& text) { return text.starts_with('-') ? text + " is negative" : std::string(); }, "");
    return kNotNegative;
}

const CLI::Validator& notZero()
{
    static const CLI::Validator kNotZero([](std::string& text) { return text == "0" ? "0 is too few" : std::string(); },
                                         "");
    return kNotZero;
}

void addLog(CLI::App& verb, LogOptions& options, LogCount count)
{
    if (count == LogCount::Several) {
        verb.add_option("LOG", options.log, "the log: one capture, or the files of one source")->required();
    } else {
        verb.add_option_function<std::string>(
                "LOG", [&](const std::string& log) { options.log = {log}; }, "the log")
            ->required();
    }
    addResources(verb, options);
}

void addResources(CLI::App& verb, LogOptions& options)
{
    verb.add_option("--cache", options.cache, "folder for captures and indexes instead of the user's cache")
        ->type_name("DIR");
    verb.add_option("--workers", options.workers, "threads to work with; 0: one a core")
        ->type_name("N")
        ->check(notNegative());
}

namespace {

void addFiles(CLI::App& verb, LogOptions& options)
{
    const char* group = "Files (how they are written is detected where not given, and remembered)";
    verb.add_option("--format", options.format, "json (lines of it) or csv")
        ->check(CLI::IsMember({"json", "csv"}))
        ->type_name("FORMAT")
        ->group(group);
    verb.add_option("--delimiter", options.delimiter, "between the fields of CSV: one character, or 'tab'")
        ->type_name("C")
        ->group(group);
    verb.add_option("--columns", options.columns, "the columns of CSV that does not name them: a,b,c")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->type_name("NAMES")
        ->group(group);
    verb.add_option("--encoding", options.encoding, "utf-8, utf-16, utf-16le, utf-16be, latin-1 or windows-1252")
        ->type_name("NAME")
        ->group(group);
}

} // namespace

void addDecoding(CLI::App& verb, LogOptions& options)
{
    const char* group = "Encoded payloads (remembered in the capture)";
    verb.add_option(
            "--decode", options.decode,
            "how keys, values or headers are encoded (any number of times): "
            "[TOPIC:]key|value|header.NAME=FORMAT[:FILE[:MESSAGE]]; FORMAT is automatic, json, text, bytes, avro, "
            "protobuf, json-schema, messagepack, cbor, integer, float, uuid, time or cloudevents")
        ->allow_extra_args(false)
        ->type_name("RULE")
        ->group(group);
    verb.add_option("--registry", options.registry, "the schema registry: its address, or the profile that names it")
        ->type_name("URL")
        ->group(group);
}

void addMasks(CLI::App& verb, LogOptions& options)
{
    const char* group = "Masking (of what is shown and exported, never of what is captured)";
    verb.add_option(
            "--mask", options.masks,
            "show *** there (any number of times): a path (/customer/email, /**/iban), header:NAME, key or text:REGEX")
        ->allow_extra_args(false)
        ->type_name("RULE")
        ->group(group);
    verb.add_option("--masks", options.masksFile, "a file of such rules, one a line")->type_name("FILE")->group(group);
}

void addMapping(CLI::App& verb, LogOptions& options)
{
    addFiles(verb, options);
    addDecoding(verb, options);
    const char* group = "Mapping (detected where not given, and remembered)";
    const auto field = [&](const char* name, std::string& target, const char* help) {
        verb.add_option(name, target, help)->type_name("FIELD")->group(group);
    };
    field("--id-field", options.id, "the aggregate id");
    field("--type-field", options.type, "the event type");
    field("--time-field", options.time, "the event's time");
    verb.add_option("--time-unit", options.timeUnit, "of times written as numbers: s, ms, us or ns")
        ->check(CLI::IsMember({"s", "ms", "us", "ns"}))
        ->type_name("UNIT")
        ->group(group);
    field("--event-id-field", options.eventId, "the event's own id");
    field("--causation-field", options.causation, "the id of the event that caused it");
    field("--correlation-field", options.correlation, "the correlation id");
    verb.add_flag("--fresh", options.fresh, "forget what was captured of this source before");
    verb.add_flag("--strict", options.strict, "stop at the first record that is no JSON or cannot be decoded");
}

void addKafka(CLI::App& verb, LogOptions& options)
{
    const char* group = "Kafka (parts of the address, too: kafka://HOST:PORT/TOPIC?from=-1000)";
    const auto bound = [&](const char* name, std::string& target, const char* help) {
        verb.add_option(name, target, help)->type_name("BOUND")->group(group);
    };
    bound("--from", options.kafkaFrom,
          "the first record: an offset, a time, earliest, latest, -N (the last N offsets) or a cut");
    bound("--until", options.kafkaUntil, "the record to stop before, written in the same way");
    verb.add_option("--isolation", options.isolation, "whether records of transactions not committed are read")
        ->check(CLI::IsMember({"read_committed", "read_uncommitted"}))
        ->type_name("LEVEL")
        ->group(group);
    verb.add_option("--key", options.key, "only records with this key: from the partition it belongs to, else from all")
        ->type_name("KEY")
        ->group(group);
}

void addProjection(CLI::App& verb, ProjectionOptions& options)
{
    addBy(verb, options.by);
    verb.add_option("--fold", options.fold,
                    "how events make states: " + fold::builtInFoldNames()
                        + ", or a projection in JavaScript (FILE.js); tally where not given, debezium for changes of "
                          "database rows")
        ->type_name("FOLD");
    verb.add_option("--only-type", options.types, "only events of this type change states (any number of times)")
        ->type_name("TYPE");
    addNumbersAsText(verb, options.numbersAsText);
}

void addNumbersAsText(CLI::App& verb, bool& numbersAsText)
{
    verb.add_flag("--numbers-as-text", numbersAsText,
                  "numbers that JavaScript cannot hold exactly are texts of their digits to projections in it");
}

void addBy(CLI::App& verb, std::string& by)
{
    verb.add_option("--by", by, "what names the aggregates, instead of the mapping's id")->type_name("FIELD");
}

void addAt(CLI::App& verb, std::string& at)
{
    verb.add_option("--at", at, "the moment to stand at")->type_name("WHEN")->capture_default_str();
}

void addJson(CLI::App& verb, bool& json)
{
    verb.add_flag("--json", json, "JSON, for programs");
}

void addLimit(CLI::App& verb, std::optional<std::uint64_t>& limit, const char* help)
{
    verb.add_option("--limit", limit, help)->type_name("N")->check(notNegative());
}

std::string typedBut(const CLI::App& verb, const std::vector<std::string>& names)
{
    std::string typed;
    for (const CLI::Option* option : verb.get_options()) {
        const bool isNamed = std::ranges::find(names, option->get_name()) != names.end();
        if (option->count() > 0 && !isNamed) typed += (typed.empty() ? "" : ", ") + option->get_name();
    }
    return typed;
}

} // namespace leftfold::app
