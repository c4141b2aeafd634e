// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/diff_text.h"

#include "app/event_text.h"
#include "core/event/patch.h"

#include <fmt/format.h>

namespace leftfold::app {

namespace {

using event::Change;
using event::ChangeKind;

constexpr int kRed = 31;
constexpr int kGreen = 32;
constexpr int kYellow = 33;

struct Sign {
    const char* text;
    int colour;
    const char* name; ///< of a change
    const char* aggregate; ///< what happened to a whole aggregate
};

Sign signOf(ChangeKind kind)
{
    switch (kind) {
    case ChangeKind::Added:
        return {"+", kGreen, "added", "created"};
    case ChangeKind::Removed:
        return {"-", kRed, "removed", "deleted"};
    case ChangeKind::Changed:
        break;
    }
    return {"~", kYellow, "changed", "changed"};
}

ChangeKind kindOf(const PrintedDiff& diff)
{
    if (!*diff.before) return ChangeKind::Added;
    return *diff.after ? ChangeKind::Changed : ChangeKind::Removed;
}

/// A value in at most the `width` characters a terminal has left; all of it elsewhere.
std::string valueText(const event::Document& value, std::size_t width)
{
    return printable(toJson(value.root()), width);
}

/// What is left of a line for each of `values` values.
std::size_t leftFor(const Output& out, std::size_t used, std::size_t values)
{
    if (out.width() == 0) return 0;
    return std::max<std::size_t>(out.width() > used ? (out.width() - used) / values : 0, 10);
}

std::string changeLine(const Change& change, const char* indent, const Output& out)
{
    const Sign sign = signOf(change.kind);
    const std::string pointer = toText(change.pointer);
    std::string line = fmt::format("{}{} {}", indent, sign.text, pointer.empty() ? "(all)" : printable(pointer, 0));
    if (change.kind == ChangeKind::Changed) {
        const std::size_t width = leftFor(out, line.size() + 6, 2);
        line += fmt::format("  {} -> {}", valueText(*change.before, width), valueText(*change.after, width));
    } else {
        const event::Document& value = change.before ? *change.before : *change.after;
        line += "  " + valueText(value, leftFor(out, line.size() + 2, 1));
    }
    return out.in(sign.colour, line) + '\n';
}

void valueMember(event::DocumentBuilder& json, base::ByteView key, const std::optional<event::Document>& value)
{
    if (!value) return;
    json.key(key);
    json.value(value->root());
}

void appendChanges(event::DocumentBuilder& json, std::span<const Change> changes)
{
    json.beginArray();
    for (const Change& change : changes) {
        json.beginObject();
        textMember(json, "change", signOf(change.kind).name);
        textMember(json, "path", toText(change.pointer));
        valueMember(json, "before", change.before);
        valueMember(json, "after", change.after);
        json.endObject();
    }
    json.endArray();
}

event::Document patchOf(const PrintedDiff& diff)
{
    const ChangeKind kind = kindOf(diff);
    if (kind == ChangeKind::Changed) return event::toJsonPatch(diff.changes);
    const Change whole{kind, {}, *diff.before, *diff.after};
    return event::toJsonPatch(std::span(&whole, 1));
}

std::string aggregateJson(const PrintedDiff& diff, DiffForm form)
{
    event::DocumentBuilder json;
    json.beginObject();
    textMember(json, "id", diff.id);
    if (form == DiffForm::Patch) {
        json.key("patch");
        json.value(patchOf(diff).root());
    } else {
        textMember(json, "change", signOf(kindOf(diff)).aggregate);
        valueMember(json, "before", *diff.before);
        valueMember(json, "after", *diff.after);
        json.key("changes");
        appendChanges(json, diff.changes);
    }
    json.endObject();
    return toJson(json.finish().root()) + '\n';
}

std::string aggregateLines(const PrintedDiff& diff, DiffForm form, const Output& out)
{
    const Sign sign = signOf(kindOf(diff));
    std::string line = fmt::format("{} {}", sign.text, printable(diff.id, 0));
    const event::Document* const only = kindOf(diff) == ChangeKind::Changed ? nullptr
                                        : *diff.before                      ? &**diff.before
                                                                            : &**diff.after;
    if (form == DiffForm::People && only) line += "  " + valueText(*only, leftFor(out, line.size() + 2, 1));
    std::string text = out.in(sign.colour, line) + '\n';
    if (form == DiffForm::Brief) return text;
    for (const Change& change : diff.changes) text += changeLine(change, "    ", out);
    return text;
}

} // namespace

std::string aggregateText(const PrintedDiff& diff, DiffForm form, const Output& out)
{
    const bool isJson = form == DiffForm::Json || form == DiffForm::Patch;
    return isJson ? aggregateJson(diff, form) : aggregateLines(diff, form, out);
}

std::string changesText(std::span<const Change> changes, DiffForm form, const Output& out)
{
    if (form == DiffForm::Patch) return toJson(event::toJsonPatch(changes).root()) + '\n';
    std::string text;
    if (form == DiffForm::Json) {
        event::DocumentBuilder json;
        appendChanges(json, changes);
        return toJson(json.finish().root()) + '\n';
    }
    for (const Change& change : changes) text += changeLine(change, "", out);
    return text;
}

std::string patchText(const PrintedDiff& diff)
{
    return toJson(patchOf(diff).root()) + '\n';
}

} // namespace leftfold::app
