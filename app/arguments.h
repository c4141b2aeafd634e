// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/terminal.h"
#include "core/event/filter.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace leftfold::app {

enum class Verb { Fetch, Info, Log, Show, Ls, Step, Problems, Pack };

/// What stands on the command line, as text: read further by whoever needs it.
struct Arguments {
    Verb verb = Verb::Info;
    // every verb
    std::vector<std::string> log;
    std::string cache;
    Colour colour = Colour::Auto;
    bool json = false;
    bool fresh = false;
    bool strict = false;
    unsigned workers = 0; ///< 0: one a core
    // mapping
    std::string id;
    std::string type;
    std::string time;
    std::string timeUnit;
    std::string eventId;
    std::string causation;
    std::string correlationField;
    // fetch, pack
    std::string out;
    std::vector<std::string> index;
    // moments
    std::string at = "@end";
    std::string from = "@start";
    std::string until = "@end";
    // projection
    std::string by;
    std::string fold = "tally";
    std::string aggregate; ///< show: the id
    // log
    event::EventFilter filter;
    bool reverse = false;
    bool follow = false;
    std::optional<std::uint64_t> limit;
    // ls
    bool count = false;
    bool hash = false;
    // step
    bool back = false;
    std::uint64_t steps = 1;
    std::string ofAggregate;
    std::string ofType;
};

/// Reads the command line. Where it asks for help or is wrong, says so, and gives the exit code instead.
struct Parsed {
    Arguments arguments;
    std::optional<int> exitCode;
};
[[nodiscard]] Parsed parseArguments(int argc, char** argv);

} // namespace leftfold::app
