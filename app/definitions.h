// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace leftfold::app {

/// What the command line takes, as plain values: the one source of --help, read for the manual page and the completions.
struct OptionDefinition {
    std::vector<std::string> names; ///< "-n", "--limit"; of a positional its one name, "LOG"
    bool isPositional = false;
    bool isRequired = false;
    bool takesSeveral = false;
    std::string value; ///< what stands behind it, "N"; empty for a flag
    std::vector<std::string> choices; ///< all values there are, where these are few
    std::string defaultValue;
    std::string about;
    std::string group;
};

struct VerbDefinition {
    std::string name;
    std::string about;
    std::string footer;
    std::vector<OptionDefinition> positionals; ///< in their order
    std::vector<OptionDefinition> options;
};

struct ProgramDefinition {
    std::string about;
    std::string footer;
    std::vector<OptionDefinition> options;
    std::vector<VerbDefinition> verbs;
};

/// Without what help hides.
[[nodiscard]] ProgramDefinition definitionsOf(const CLI::App& app);

/// The manual page leftfold(1), in roff (man macros).
[[nodiscard]] std::string manualPage(const ProgramDefinition& program, const std::string& version);

/// What completes command lines in a shell: "bash", "zsh" or "fish"; empty for another.
[[nodiscard]] std::string completions(const ProgramDefinition& program, const std::string& shell);

} // namespace leftfold::app
