// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/arguments.h"

#include <CLI/CLI.hpp>
#include <map>

namespace leftfold::app {

namespace {

constexpr const char* kVersion = "leftfold " LEFTFOLD_VERSION;

constexpr const char* kAbout =
    "Explore an event log and replay it to any point in time.\n\n"
    "LOG is a capture (.lflog), a file of JSON lines (plain, .gz, .zst), a folder of them, or - for\n"
    "standard input. A source is captured into the cache first; opening it again is instant.\n\n"
    "A WHEN is a time (2011-01-31T12:00:00Z, 2011-01-31), #N (just after event N), topic[partition]@offset\n"
    "(just after that event), a cut (topic[0]:1043,topic[1]:998), @start or @end.\n"
    "A FIELD is a JSON pointer (/customer/id), key, timestamp or header:NAME.\n";

const std::map<std::string, Colour> kColours = {
    {"auto", Colour::Auto}, {"always", Colour::Always}, {"never", Colour::Never}};

/// Numbers without a sign take a minus for a very large number.
const CLI::Validator kNotNegative(
    [](std::string& text) { return text.starts_with('-') ? text + " is negative" : std::string(); }, "");
const CLI::Validator kNotZero([](std::string& text) { return text == "0" ? "0 is too few" : std::string(); }, "");

void addLog(CLI::App& verb, Arguments& arguments, bool several)
{
    if (several) {
        verb.add_option("LOG", arguments.log, "the log: one capture, or the files of one source")->required();
    } else {
        verb.add_option_function<std::string>(
                "LOG", [&](const std::string& log) { arguments.log = {log}; }, "the log")
            ->required();
    }
    verb.add_option("--cache", arguments.cache, "folder for captures and indexes instead of the user's cache")
        ->type_name("DIR");
    verb.add_option("--color", arguments.colour, "auto, always or never")
        ->transform(CLI::CheckedTransformer(kColours))
        ->type_name("HOW");
    verb.add_option("--workers", arguments.workers, "threads to work with; 0: one a core")
        ->type_name("N")
        ->check(kNotNegative);
}

void addMapping(CLI::App& verb, Arguments& arguments)
{
    const char* group = "Mapping (detected where not given, and remembered)";
    const auto field = [&](const char* name, std::string& target, const char* help) {
        verb.add_option(name, target, help)->type_name("FIELD")->group(group);
    };
    field("--id-field", arguments.id, "the aggregate id");
    field("--type-field", arguments.type, "the event type");
    field("--time-field", arguments.time, "the event's time");
    verb.add_option("--time-unit", arguments.timeUnit, "of times written as numbers: s, ms, us or ns")
        ->check(CLI::IsMember({"s", "ms", "us", "ns"}))
        ->type_name("UNIT")
        ->group(group);
    field("--event-id-field", arguments.eventId, "the event's own id");
    field("--causation-field", arguments.causation, "the id of the event that caused it");
    field("--correlation-field", arguments.correlationField, "the correlation id");
    verb.add_flag("--fresh", arguments.fresh, "forget what was captured of this source before");
    verb.add_flag("--strict", arguments.strict, "stop at the first record that is no JSON");
}

void addJson(CLI::App& verb, Arguments& arguments)
{
    verb.add_flag("--json", arguments.json, "JSON, for programs");
}

void addProjection(CLI::App& verb, Arguments& arguments)
{
    verb.add_option("--by", arguments.by, "what names the aggregates, instead of the mapping's id")->type_name("FIELD");
    verb.add_option("--fold", arguments.fold, "how events make states: tally or latest")
        ->type_name("FOLD")
        ->capture_default_str();
}

void addAt(CLI::App& verb, Arguments& arguments)
{
    verb.add_option("--at", arguments.at, "the moment to stand at")->type_name("WHEN")->capture_default_str();
}

void addFetch(CLI::App& app, Arguments& arguments)
{
    CLI::App& verb = *app.add_subcommand("fetch", "capture a source, or continue its capture");
    addLog(verb, arguments, true);
    verb.add_option("-o,--out", arguments.out, "where to capture to, instead of the cache")->type_name("FILE.lflog");
    verb.add_option("--by", arguments.index, "also index aggregates by this field (any number of times)")
        ->type_name("FIELD");
    addMapping(verb, arguments);
    addJson(verb, arguments);
    verb.footer(
        "Examples:\n  leftfold fetch orders.jsonl\n  leftfold fetch logs/ -o today.lflog --time-field /created_at\n"
        "  zcat old.gz | leftfold fetch - -o old.lflog\n\nInterrupted, it keeps what was captured; the same command "
        "goes on.");
}

void addInfo(CLI::App& app, Arguments& arguments)
{
    CLI::App& verb =
        *app.add_subcommand("info", "what is in a log: partitions, times, types, mapping, completeness, identity");
    addLog(verb, arguments, false);
    addMapping(verb, arguments);
    addJson(verb, arguments);
    verb.footer("Examples:\n  leftfold info orders.jsonl\n  leftfold info today.lflog --json | jq .events");
}

void addLogVerb(CLI::App& app, Arguments& arguments)
{
    CLI::App& verb = *app.add_subcommand("log", "the events, in replay order");
    addLog(verb, arguments, false);
    verb.add_option("--from", arguments.from, "leave out what lies before")->type_name("WHEN")->capture_default_str();
    verb.add_option("--until", arguments.until, "leave out what lies behind")->type_name("WHEN")->capture_default_str();
    verb.add_option("--type", arguments.filter.types, "only events of this type (any number of times)")
        ->type_name("TYPE");
    verb.add_option("--aggregate", arguments.filter.aggregate, "only events of this aggregate")->type_name("ID");
    verb.add_option("--by", arguments.by, "what names the aggregates, instead of the mapping's id")->type_name("FIELD");
    verb.add_option("--text", arguments.filter.text, "only events in whose value or key this occurs")
        ->type_name("TEXT");
    verb.add_option("--caused-by", arguments.filter.causedBy, "only events caused by this event")
        ->type_name("EVENT-ID");
    verb.add_option("--correlation", arguments.filter.correlation, "only events with this correlation id")
        ->type_name("ID");
    verb.add_flag("--reverse", arguments.reverse, "last first");
    verb.add_option("--limit", arguments.limit, "at most so many events")->type_name("N")->check(kNotNegative);
    verb.add_flag("--follow", arguments.follow, "then wait for more, as the source grows")->excludes("--reverse");
    addMapping(verb, arguments);
    addJson(verb, arguments);
    verb.footer(
        "Examples:\n  leftfold log orders.jsonl --limit 10\n  leftfold log orders.jsonl --aggregate order-7 --json\n"
        "  leftfold log orders.jsonl --from 2011-01-31 --until 2011-02-01 --type OrderPlaced\n\n"
        "With --json each line is an event as it was captured: written to a file and opened again\nit is the same "
        "log.");
}

void addShow(CLI::App& app, Arguments& arguments)
{
    CLI::App& verb = *app.add_subcommand("show", "the state of one aggregate at a moment");
    addLog(verb, arguments, false);
    verb.add_option("ID", arguments.aggregate, "the aggregate's id")->required();
    addAt(verb, arguments);
    addProjection(verb, arguments);
    addMapping(verb, arguments);
    addJson(verb, arguments);
    verb.footer("Examples:\n  leftfold show orders.jsonl order-7\n  leftfold show orders.jsonl 17850 --by /customer "
                "--at 2011-01-31T12:00:00Z\n"
                "  leftfold show orders.jsonl order-7 --fold latest --at '#4711' --json");
}

void addLs(CLI::App& app, Arguments& arguments)
{
    CLI::App& verb = *app.add_subcommand("ls", "all aggregates at a moment, with their states");
    addLog(verb, arguments, false);
    addAt(verb, arguments);
    addProjection(verb, arguments);
    verb.add_flag("--count", arguments.count, "only how many there are");
    verb.add_flag("--hash", arguments.hash, "only the hash of all states")->excludes("--count");
    verb.add_option("--limit", arguments.limit, "at most so many aggregates")->type_name("N")->check(kNotNegative);
    addMapping(verb, arguments);
    addJson(verb, arguments);
    verb.footer("Examples:\n  leftfold ls orders.jsonl --at 2011-01-31 --count\n  leftfold ls orders.jsonl --by /sku "
                "--json > states.jsonl");
}

void addStep(CLI::App& app, Arguments& arguments)
{
    CLI::App& verb = *app.add_subcommand("step", "from a moment to the next or the previous event");
    addLog(verb, arguments, false);
    addAt(verb, arguments);
    verb.add_flag("--back", arguments.back, "to the event before");
    verb.add_option("-n", arguments.steps, "so many steps")
        ->type_name("N")
        ->check(kNotNegative)
        ->check(kNotZero)
        ->capture_default_str();
    verb.add_option("--of", arguments.ofAggregate, "only stop at events of this aggregate")->type_name("ID");
    verb.add_option("--by", arguments.by, "what names the aggregates, instead of the mapping's id")->type_name("FIELD");
    verb.add_option("--type", arguments.ofType, "only stop at events of this type")
        ->type_name("TYPE")
        ->excludes("--of");
    addMapping(verb, arguments);
    addJson(verb, arguments);
    verb.footer("Examples:\n  leftfold step orders.jsonl --at 2011-01-31\n  leftfold step orders.jsonl --at '#4711' "
                "--back --of order-7\n\n"
                "Prints the event stepped over, and where one stands then.");
}

void addProblems(CLI::App& app, Arguments& arguments)
{
    CLI::App& verb = *app.add_subcommand(
        "problems", "what is wrong with a log, each with its position; exit code 1 if there is anything");
    addLog(verb, arguments, false);
    verb.add_option("--limit", arguments.limit, "at most so many")->type_name("N")->check(kNotNegative);
    addMapping(verb, arguments);
    addJson(verb, arguments);
    verb.footer("Example:\n  leftfold problems orders.jsonl --json | jq -r .position");
}

void addPack(CLI::App& app, Arguments& arguments)
{
    CLI::App& verb = *app.add_subcommand("pack", "copy a capture into one file, also while it is being written");
    addLog(verb, arguments, false);
    verb.add_option("-o,--out", arguments.out, "the copy")->type_name("FILE.lflog")->required();
    verb.footer("Example:\n  leftfold pack orders.jsonl -o orders.lflog");
}

const std::map<std::string, Verb> kVerbs = {
    {"fetch", Verb::Fetch}, {"info", Verb::Info}, {"log", Verb::Log},           {"show", Verb::Show},
    {"ls", Verb::Ls},       {"step", Verb::Step}, {"problems", Verb::Problems}, {"pack", Verb::Pack},
};

/// Also where it is no error but a question for help.
ExitCode wrongUsage(const CLI::App& app, const CLI::ParseError& error)
{
    return app.exit(error) == 0 ? Ok : Usage;
}

ExitCode unknownVerb(const std::string& verb)
{
    complain("'" + verb + "' is no verb; 'leftfold --help' lists them");
    return Usage;
}

} // namespace

Parsed parseArguments(int argc, char** argv)
{
    Parsed parsed;
    CLI::App app(kAbout, "leftfold");
    app.set_version_flag("--version", kVersion);
    app.require_subcommand(1);
    app.footer(
        "'leftfold VERB --help' tells more. Exit codes: 0 ok, 1 differs or found, 2 wrong usage, 3 could not run.");
    for (const auto add : {addFetch, addInfo, addLogVerb, addShow, addLs, addStep, addProblems, addPack})
        add(app, parsed.arguments);
    try {
        app.parse(argc, argv);
        parsed.arguments.verb = kVerbs.at(app.get_subcommands().front()->get_name());
    } catch (const CLI::RequiredError& error) {
        const bool isUnknown = app.get_subcommands().empty() && app.remaining_size() > 0;
        parsed.exitCode = isUnknown ? unknownVerb(app.remaining().front()) : wrongUsage(app, error);
    } catch (const CLI::ParseError& error) {
        parsed.exitCode = wrongUsage(app, error);
    }
    return parsed;
}

} // namespace leftfold::app
