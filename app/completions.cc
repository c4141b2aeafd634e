// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/definitions.h"

#include <algorithm>
#include <fmt/format.h>

namespace leftfold::app {

namespace {

std::string joined(const std::vector<std::string>& words)
{
    std::string out;
    for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
    return out;
}

std::vector<std::string> namesOf(const std::vector<VerbDefinition>& verbs)
{
    std::vector<std::string> names;
    for (const VerbDefinition& verb : verbs) names.push_back(verb.name);
    return names;
}

std::vector<std::string> namesOf(const std::vector<OptionDefinition>& options)
{
    std::vector<std::string> names;
    for (const OptionDefinition& option : options) names.insert(names.end(), option.names.begin(), option.names.end());
    return names;
}

/// A text between single quotes, as bash and zsh read them.
std::string quoted(const std::string& text)
{
    std::string out = "'";
    for (const char byte : text) out += byte == '\'' ? "'\\''" : std::string(1, byte);
    return out + "'";
}

bool isFile(const OptionDefinition& option)
{
    return option.value == "DIR" || option.value.starts_with("FILE");
}

// --- bash

/// What to offer behind an option that takes a value; nothing where that is anything at all.
void appendBashValues(std::string& out, const VerbDefinition& verb)
{
    for (const OptionDefinition& option : verb.options) {
        if (option.value.empty()) continue;
        std::string patterns;
        for (const std::string& name : option.names)
            patterns += fmt::format("{}{}:{}", patterns.empty() ? "" : "|", verb.name, name);
        if (!option.choices.empty())
            out += fmt::format("    {}) COMPREPLY=($(compgen -W '{}' -- \"$cur\")); return ;;\n", patterns,
                               joined(option.choices));
        else if (isFile(option))
            out += fmt::format("    {}) return ;;\n", patterns);
        else
            out += fmt::format("    {}) compopt +o default +o bashdefault 2>/dev/null; return ;;\n", patterns);
    }
}

std::string bashCompletions(const ProgramDefinition& program)
{
    std::string out = "# bash completion for leftfold, made by the program itself: leftfold --completions bash\n"
                      "_leftfold() {\n"
                      "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} verb=${COMP_WORDS[1]}\n"
                      "  COMPREPLY=()\n"
                      "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n";
    std::vector<std::string> first = namesOf(program.verbs);
    const std::vector<std::string> options = namesOf(program.options);
    first.insert(first.end(), options.begin(), options.end());
    out += fmt::format("    COMPREPLY=($(compgen -W '{}' -- \"$cur\"))\n    return\n  fi\n", joined(first));
    out += "  case $verb:$prev in\n";
    for (const VerbDefinition& verb : program.verbs) appendBashValues(out, verb);
    out += "  esac\n  [[ $cur == -* ]] || return\n  local options=\n  case $verb in\n";
    for (const VerbDefinition& verb : program.verbs)
        out += fmt::format("    {}) options='{}' ;;\n", verb.name, joined(namesOf(verb.options)));
    out += "  esac\n  COMPREPLY=($(compgen -W \"$options\" -- \"$cur\"))\n}\n"
           "complete -o bashdefault -o default -F _leftfold leftfold\n";
    return out;
}

// --- zsh

/// What _arguments reads as its own in a description.
std::string zshText(const std::string& text)
{
    std::string out;
    for (const char byte : text) {
        if (byte == '[' || byte == ']' || byte == ':' || byte == '\\') out += '\\';
        out += byte;
    }
    return out;
}

std::string zshValue(const OptionDefinition& option)
{
    if (option.value.empty()) return "";
    const std::string action = !option.choices.empty() ? "(" + joined(option.choices) + ")"
                               : isFile(option)        ? "_files"
                                                       : " ";
    return ":" + zshText(option.value) + ":" + action;
}

std::string zshCompletions(const ProgramDefinition& program)
{
    std::string out = "#compdef leftfold\n"
                      "# zsh completion for leftfold, made by the program itself: leftfold --completions zsh\n"
                      "_leftfold() {\n  local -a verbs=(\n";
    for (const VerbDefinition& verb : program.verbs)
        out += fmt::format("    {}\n", quoted(verb.name + ":" + zshText(verb.about)));
    out += "  )\n  if (( CURRENT == 2 )); then\n    _describe verb verbs\n    _arguments";
    for (const std::string& name : namesOf(program.options)) out += " " + quoted(name);
    out += "\n    return\n  fi\n  local verb=$words[2]\n  shift words\n  (( CURRENT-- ))\n  case $verb in\n";
    for (const VerbDefinition& verb : program.verbs) {
        out += fmt::format("    {})\n      _arguments", verb.name);
        for (const OptionDefinition& option : verb.options) {
            for (const std::string& name : option.names)
                out += " \\\n        " + quoted(name + "[" + zshText(option.about) + "]" + zshValue(option));
        }
        out += " \\\n        '*:file:_files' ;;\n";
    }
    return out + "  esac\n}\n_leftfold \"$@\"\n";
}

// --- fish

std::string fishQuoted(const std::string& text)
{
    std::string out = "'";
    for (const char byte : text) {
        if (byte == '\'' || byte == '\\') out += '\\';
        out += byte;
    }
    return out + "'";
}

std::string fishNames(const OptionDefinition& option)
{
    std::string out;
    for (const std::string& name : option.names)
        out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    return out;
}

std::string fishOption(const std::string& condition, const OptionDefinition& option)
{
    std::string out = "complete -c leftfold -n " + fishQuoted(condition) + fishNames(option);
    if (!option.choices.empty())
        out += " -x -a " + fishQuoted(joined(option.choices));
    else if (!option.value.empty())
        out += isFile(option) ? " -r" : " -x";
    return out + " -d " + fishQuoted(option.about) + "\n";
}

std::string fishCompletions(const ProgramDefinition& program)
{
    std::string out = "# fish completion for leftfold, made by the program itself: leftfold --completions fish\n";
    for (const OptionDefinition& option : program.options) out += fishOption("__fish_use_subcommand", option);
    for (const VerbDefinition& verb : program.verbs) {
        out += fmt::format("complete -c leftfold -f -n __fish_use_subcommand -a {} -d {}\n", verb.name,
                           fishQuoted(verb.about));
    }
    for (const VerbDefinition& verb : program.verbs) {
        for (const OptionDefinition& option : verb.options)
            out += fishOption("__fish_seen_subcommand_from " + verb.name, option);
    }
    return out;
}

} // namespace

std::string completions(const ProgramDefinition& program, const std::string& shell)
{
    if (shell == "bash") return bashCompletions(program);
    if (shell == "zsh") return zshCompletions(program);
    if (shell == "fish") return fishCompletions(program);
    return {};
}

} // namespace leftfold::app
