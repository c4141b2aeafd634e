// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/definitions.h"

#include "core/fold/fold.h"

#include <sstream>

namespace leftfold::app {

namespace {

std::vector<std::string> split(const std::string& text, char separator)
{
    std::vector<std::string> parts;
    std::istringstream stream(text);
    for (std::string part; std::getline(stream, part, separator);) {
        part.erase(0, part.find_first_not_of(' '));
        if (!part.empty()) parts.push_back(part);
    }
    return parts;
}

/// A type name as CLI11 has it: "N", "auto|always|never", or with what a check says, "UNIT:{s,ms}".
void readType(const std::string& type, OptionDefinition& option)
{
    const std::size_t colon = type.find(':');
    option.value = type.substr(0, colon);
    const std::size_t open = type.find('{', colon == std::string::npos ? type.size() : colon);
    if (open != std::string::npos) option.choices = split(type.substr(open + 1, type.find('}', open) - open - 1), ',');
    if (option.value.find('|') != std::string::npos) option.choices = split(option.value, '|');
    if (option.value == "FOLD") option.choices = split(fold::builtInFoldNames(), ',');
}

OptionDefinition definitionOf(const CLI::Option& option)
{
    OptionDefinition out;
    out.isPositional = option.get_positional();
    if (out.isPositional) out.names.push_back(option.get_name(true));
    for (const std::string& name : option.get_snames()) out.names.push_back("-" + name);
    for (const std::string& name : option.get_lnames()) out.names.push_back("--" + name);
    out.isRequired = option.get_required();
    out.takesSeveral = option.get_items_expected_max() > 1;
    if (option.get_items_expected_max() > 0 && !out.isPositional) readType(option.get_type_name(), out);
    out.defaultValue = option.get_default_str();
    out.about = option.get_description();
    out.group = option.get_group();
    return out;
}

void addOptions(const CLI::App& app, std::vector<OptionDefinition>& positionals, std::vector<OptionDefinition>& options)
{
    for (const CLI::Option* option : app.get_options()) {
        if (option->get_group().empty()) continue;
        OptionDefinition definition = definitionOf(*option);
        (definition.isPositional ? positionals : options).push_back(std::move(definition));
    }
}

} // namespace

ProgramDefinition definitionsOf(const CLI::App& app)
{
    ProgramDefinition out;
    out.about = app.get_description();
    out.footer = app.get_footer();
    std::vector<OptionDefinition> none;
    addOptions(app, none, out.options);
    for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
        VerbDefinition definition;
        definition.name = verb->get_name();
        definition.about = verb->get_description();
        definition.footer = verb->get_footer();
        addOptions(*verb, definition.positionals, definition.options);
        out.verbs.push_back(std::move(definition));
    }
    return out;
}

} // namespace leftfold::app
