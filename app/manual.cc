// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/definitions.h"

#include <sstream>
#include <string_view>

namespace leftfold::app {

namespace {

/// Text as roff: what roff would read as its own is escaped, and so is '-', which is to be one that can be copied.
std::string roff(std::string_view text)
{
    std::string out;
    for (const char byte : text) {
        switch (byte) {
        case '\\':
            out += "\\e";
            break;
        case '-':
            out += "\\-";
            break;
        case '\'':
            out += "\\(aq";
            break;
        case '~':
            out += "\\(ti";
            break;
        case '^':
            out += "\\(ha";
            break;
        case '`':
            out += "\\(ga";
            break;
        default:
            out += byte;
        }
    }
    return out.starts_with('.') ? "\\&" + out : out;
}

std::string bold(std::string_view text)
{
    return "\\fB" + roff(text) + "\\fR";
}

std::string italic(std::string_view text)
{
    return "\\fI" + roff(text) + "\\fR";
}

/// Lines as they are; a blank line begins a paragraph, lines that are indented stand as they stand.
void appendText(std::string& out, const std::string& text)
{
    std::istringstream lines(text);
    bool asIs = false;
    bool isFirst = true;
    for (std::string line; std::getline(lines, line);) {
        const bool indented = line.starts_with("  ");
        if (indented != asIs) out += indented ? ".RS 4\n.nf\n" : ".fi\n.RE\n";
        asIs = indented;
        if (line.empty()) {
            if (!isFirst) out += ".PP\n";
        } else {
            out += roff(indented ? std::string_view(line).substr(2) : std::string_view(line)) + "\n";
        }
        isFirst = false;
    }
    if (asIs) out += ".fi\n.RE\n";
}

void appendOption(std::string& out, const OptionDefinition& option)
{
    out += ".TP\n";
    for (std::size_t i = 0; i < option.names.size(); ++i) out += (i > 0 ? ", " : "") + bold(option.names[i]);
    if (!option.value.empty()) out += " " + italic(option.value);
    out += "\n" + roff(option.about);
    if (!option.choices.empty() && option.value.find('|') == std::string::npos) {
        out += ": one of";
        for (const std::string& choice : option.choices) out += " " + bold(choice);
    }
    if (!option.defaultValue.empty()) out += " (default " + bold(option.defaultValue) + ")";
    out += "\n";
}

void appendVerb(std::string& out, const VerbDefinition& verb)
{
    out += ".SS " + roff(verb.name) + "\n" + bold("leftfold " + verb.name);
    for (const OptionDefinition& positional : verb.positionals) {
        const std::string name = italic(positional.names.front()) + (positional.takesSeveral ? "..." : "");
        out += positional.isRequired ? " " + name : " [" + name + "]";
    }
    out += " [" + italic("options") + "]\n.PP\n" + roff(verb.about) + "\n";
    for (const OptionDefinition& positional : verb.positionals) appendOption(out, positional);
    std::string group;
    for (const OptionDefinition& option : verb.options) {
        if (option.group != group && option.group != "Options") out += ".PP\n" + roff(option.group) + "\n";
        group = option.group;
        appendOption(out, option);
    }
    if (!verb.footer.empty()) {
        out += ".PP\n";
        appendText(out, verb.footer);
    }
}

} // namespace

std::string manualPage(const ProgramDefinition& program, const std::string& version)
{
    const std::size_t endOfFirst = program.about.find('\n');
    std::string first = program.about.substr(0, endOfFirst);
    if (first.ends_with('.')) first.pop_back();
    std::string out =
        ".\\\" Made by the program itself: leftfold --man\n.TH LEFTFOLD 1 \"\" \"" + roff(version) + "\"\n";
    out += ".ad l\n.nh\n.SH NAME\nleftfold \\- " + roff(first) + "\n";
    out += ".SH SYNOPSIS\n" + bold("leftfold") + " " + italic("VERB") + " [" + italic("arguments") + "]\n";
    out += ".SH DESCRIPTION\n";
    appendText(out, endOfFirst == std::string::npos ? "" : program.about.substr(endOfFirst + 1));
    out += ".SH OPTIONS\n";
    for (const OptionDefinition& option : program.options) appendOption(out, option);
    out += ".SH VERBS\n";
    for (const VerbDefinition& verb : program.verbs) appendVerb(out, verb);
    out += ".SH NOTES\n";
    appendText(out, program.footer);
    return out;
}

} // namespace leftfold::app
