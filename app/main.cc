// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/definitions.h"
#include "app/verb.h"
#include "core/source/draining.h"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <iostream>
#include <malloc.h>
#include <map>
#include <sstream>

namespace {

using namespace leftfold;
using app::Verb;

constexpr const char* kVersion = "leftfold " LEFTFOLD_VERSION;

constexpr const char* kAbout =
    "Explore an event log and replay it to any point in time.\n\n"
    "LOG is a capture (.lflog), a file of JSON lines (plain, .gz, .zst), a folder of them, - for\n"
    "standard input, or kafka://HOST:PORT/TOPIC[,TOPIC...]. A source is captured into the cache first;\n"
    "opening it again is instant.\n\n"
    "A WHEN is a time (2011-01-31T12:00:00Z, 2011-01-31), #N (just after event N), topic[partition]@offset\n"
    "(just after that event), a cut (topic[0]:1043,topic[1]:998), @start or @end.\n"
    "A FIELD is a JSON pointer (/customer/id), key, timestamp, header:NAME or debezium.\n";

/// Wrong words on the command line are the user's to mend: exit code 2.
bool isUsage(base::ErrorCode code)
{
    switch (code) {
    case base::ErrorCode::BadArgument:
    case base::ErrorCode::BadWhen:
    case base::ErrorCode::BadTime:
    case base::ErrorCode::BadPartition:
    case base::ErrorCode::BadPosition:
    case base::ErrorCode::BadCut:
    case base::ErrorCode::BadPointer:
    case base::ErrorCode::BadCondition:
    case base::ErrorCode::BadFieldRef:
    case base::ErrorCode::BadDecoding:
    case base::ErrorCode::BadMask:
    case base::ErrorCode::NoSuchFold:
    case base::ErrorCode::KafkaAddress:
    case base::ErrorCode::KafkaBound:
        return true;
    default:
        return false;
    }
}

int failed(const base::Error& error)
{
    if (error.code == base::ErrorCode::Cancelled) {
        app::complain("stopped; what was captured is kept, the same command goes on");
        return app::Failed;
    }
    app::complain(error);
    return isUsage(error.code) ? app::Usage : app::Failed;
}

void addColour(CLI::App& verb, app::Colour& colour)
{
    static const std::map<std::string, app::Colour> kColours = {
        {"auto", app::Colour::Auto}, {"always", app::Colour::Always}, {"never", app::Colour::Never}};
    static const CLI::Validator kIsColour(
        [](std::string& text) { return kColours.contains(text) ? std::string() : "expected auto, always or never"; },
        "");
    verb.add_option_function<std::string>(
            "--color", [&colour](const std::string& text) { colour = kColours.at(text); },
            "when to colour: on a terminal, always or never")
        ->check(kIsColour)
        ->type_name("auto|always|never");
}

/// The command line as it is declared: what --help is made of.
struct CommandLine {
    CLI::App app{kAbout, "leftfold"};
    app::Colour colour = app::Colour::Auto;
    std::vector<std::unique_ptr<Verb>> verbs = app::allVerbs();

    CommandLine()
    {
        app.set_version_flag("--version", kVersion);
        app.require_subcommand(1);
        app.footer(
            "'leftfold VERB --help' tells more. Exit codes: 0 ok, 1 differs or found, 2 wrong usage, 3 could not run.");
        for (const auto& verb : verbs) {
            CLI::App& declared = *app.add_subcommand(verb->name(), verb->about());
            verb->define(declared);
            addColour(declared, colour);
        }
    }

    [[nodiscard]] Verb& asked() const
    {
        const std::string name = app.get_subcommands().front()->get_name();
        return **std::ranges::find_if(verbs, [&](const auto& verb) { return verb->name() == name; });
    }
};

/// To standard output; Failed, with the reason, where it cannot be written.
int print(const std::string& text)
{
    app::Output out(app::Colour::Never);
    out.write(text);
    const auto written = out.flush();
    return written ? app::Ok : failed(written.error());
}

/// Also where it is no error but a question for help.
int wrongUsage(const CLI::App& app, const CLI::ParseError& error)
{
    std::ostringstream out;
    const bool isHelp = app.exit(error, out, std::cerr) == 0;
    return isHelp ? print(out.str()) : app::Usage;
}

int unknownVerb(const std::string& verb)
{
    app::complain("'" + verb + "' is no verb; 'leftfold --help' lists them");
    return app::Usage;
}

/// Where the command line asks for help or is wrong, says so, and gives the exit code.
std::optional<int> parse(CLI::App& app, int argc, char** argv)
{
    try {
        app.parse(argc, argv);
        return std::nullopt;
    } catch (const CLI::RequiredError& error) {
        const bool isUnknown = app.get_subcommands().empty() && app.remaining_size() > 0;
        return isUnknown ? unknownVerb(app.remaining().front()) : wrongUsage(app, error);
    } catch (const CLI::ParseError& error) {
        return wrongUsage(app, error);
    }
}

/// What is asked for when Leftfold is built and installed; help does not list it.
std::optional<int> printDefinitions(const CLI::App& app, int argc, char** argv)
{
    const std::string_view asked = argc > 1 ? argv[1] : "";
    if (asked == "--man" && argc == 2) return print(app::manualPage(app::definitionsOf(app), kVersion));
    if (asked != "--completions" || argc != 3) return std::nullopt;
    const std::string script = app::completions(app::definitionsOf(app), argv[2]);
    if (!script.empty()) return print(script);
    app::complain(std::string("there are completions for bash, zsh and fish, not for '") + argv[2] + "'");
    return app::Usage;
}

int run(Verb& verb, app::Colour colour)
{
    const app::StopOnSignal signals;
    app::Output out(colour);
    const auto code = verb.run(out, signals.token());
    const auto written = out.flush();
    if (!code) return failed(code.error());
    if (!written) return failed(written.error());
    return *code;
}

/// Batches come and go by the megabyte: handing their pages back to the system each time, only to fault them in
/// again, takes 7% of a capture's time.
void keepFreedMemory()
{
    constexpr int kKeptBytes = 64 << 20;
    ::mallopt(M_MMAP_THRESHOLD, 16 << 20);
    ::mallopt(M_TRIM_THRESHOLD, kKeptBytes);
}

} // namespace

int main(int argc, char** argv)
{
    keepFreedMemory();
    CommandLine line;
    if (const auto exitCode = printDefinitions(line.app, argc, argv)) return *exitCode;
    const std::optional<int> exitCode = parse(line.app, argc, argv);
    const int code = exitCode ? *exitCode : run(line.asked(), line.colour);
    // Everything of ours is written and closed.
    if (source::Draining::left() > 0) std::_Exit(code);
    return code;
}
