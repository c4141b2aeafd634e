// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/open_workspace.h"

#include <algorithm>

namespace leftfold::workspace {

namespace {

void addMark(std::vector<Action>& actions, Mark mark, const std::optional<std::string>& at)
{
    if (!at) return;
    if (auto when = event::parseWhen(*at)) actions.emplace_back(SetMark{mark, Target(std::move(*when))});
}

/// Whether an expectation is of this projection.
bool isNamedBy(const Expectation& expectation, const std::string& name)
{
    if (const auto* parting = std::get_if<ExpectedParting>(&expectation.what))
        return parting->a == name || parting->b == name;
    return std::visit(
        [&](const auto& what) {
            if constexpr (std::is_same_v<std::decay_t<decltype(what)>, ExpectedParting>) {
                return false;
            } else {
                return what.projection == name;
            }
        },
        expectation.what);
}

/// Whether anything that stays in the file is of this projection.
bool isNamedIn(const WorkspaceFile& file, const std::string& name)
{
    const auto isOf = [&](const auto& each) { return each.projection == name; };
    return std::ranges::any_of(file.expectations, [&](const Expectation& each) { return isNamedBy(each, name); })
           || std::ranges::any_of(file.breakpoints, isOf) || std::ranges::any_of(file.watches, isOf);
}

/// Those that are shown, by the names they had; and those that something in the file is of. What names none means the first, which
/// stays the first then.
std::vector<NamedProjection> projectionsOf(const std::vector<ProjectionChoice>& shown, const WorkspaceFile& before)
{
    std::vector<NamedProjection> all;
    const auto isThere = [&](const std::string& name) {
        return std::ranges::find(all, name, &NamedProjection::name) != all.end();
    };
    if (!before.projections.empty() && isNamedIn(before, "")) all.push_back(before.projections.front());
    for (const ProjectionChoice& choice : shown) {
        const auto known = std::ranges::find(before.projections, choice, &NamedProjection::choice);
        if (known != before.projections.end() && !isThere(known->name)) all.push_back(*known);
    }
    for (const NamedProjection& known : before.projections) {
        if (isNamedIn(before, known.name) && !isThere(known.name)) all.push_back(known);
    }
    for (const ProjectionChoice& choice : shown) {
        if (std::ranges::find(all, choice, &NamedProjection::choice) == all.end())
            all.push_back({nameFor(choice, all), choice});
    }
    return all;
}

/// The field that is watched stands before those of the file.
std::vector<SavedWatch> watchesOf(const Open& open, std::vector<SavedWatch> watches)
{
    // An id that is masked is of no use elsewhere.
    if (!open.aggregate || !open.watched || open.options.masks) return watches;
    const SavedWatch watched{*open.aggregate, toText(*open.watched)};
    const auto known = std::ranges::find_if(watches, [&](const SavedWatch& each) {
        return each.aggregate == watched.aggregate && each.field == watched.field;
    });
    if (known == watches.end()) {
        watches.insert(watches.begin(), watched);
    } else {
        std::rotate(watches.begin(), known, known + 1);
    }
    return watches;
}

/// How it is decoded stays as the file says while nothing else was chosen.
void keepDecoding(const Open& open, const WorkspaceFile& before, SavedLog& saved)
{
    if (before.log != saved.file.log) return;
    const auto was = loadOptionsOf(before);
    if (!was || was->decoding.rules != open.options.decoding.rules) return;
    saved.file.decode = before.decode;
    saved.file.registry = before.registry;
    saved.leftOut.clear();
}

} // namespace

std::vector<Action> actionsOf(const WorkspaceFile& file)
{
    std::vector<Action> actions;
    if (!file.projections.empty()) {
        ChooseProjections chosen;
        for (const NamedProjection& projection : file.projections) chosen.choices.push_back(projection.choice);
        actions.emplace_back(std::move(chosen));
    }
    addMark(actions, Mark::A, file.markA);
    addMark(actions, Mark::B, file.markB);
    for (const Bookmark& bookmark : file.bookmarks) actions.emplace_back(SetBookmark{bookmark.name, bookmark.at});
    for (const SavedBreakpoint& breakpoint : file.breakpoints)
        actions.emplace_back(ListBreakpoint{breakpoint.text, 0, breakpoint.isOn});
    if (!file.views.empty()) actions.emplace_back(AddViews{{file.views.begin(), file.views.end()}});
    if (!file.watches.empty()) {
        const auto of = std::ranges::find(file.projections, file.watches.front().projection, &NamedProjection::name);
        if (of != file.projections.end())
            actions.emplace_back(ShowProjection{static_cast<std::size_t>(of - file.projections.begin())});
        actions.emplace_back(ChooseAggregate{file.watches.front().aggregate});
        if (auto field = event::parsePointer(file.watches.front().field)) actions.emplace_back(WatchField{*field});
    }
    return actions;
}

base::Result<SavedLog> workspaceOf(const Open& open, const WorkspaceFile& before)
{
    std::vector<ProjectionChoice> shown;
    for (const ShownProjection& projection : open.projections) shown.push_back(projection.choice);
    LEFTFOLD_TRY(SavedLog saved, workspaceOf(open.options, {}));
    keepDecoding(open, before, saved);
    WorkspaceFile& file = saved.file;
    file.masksFile = before.masksFile;
    for (const PlacedBookmark& bookmark : open.bookmarks) file.bookmarks.push_back({bookmark.name, bookmark.at});
    file.expectations = before.expectations;
    file.projections = projectionsOf(shown, before);
    if (open.a) file.markA = toText(open.a->when);
    if (open.b) file.markB = toText(open.b->when);
    for (const ListedBreakpoint& listed : open.breakpoints) {
        const auto known = std::ranges::find(before.breakpoints, listed.breakpoint.text, &SavedBreakpoint::text);
        std::string projection = known != before.breakpoints.end() ? known->projection : std::string();
        file.breakpoints.push_back({listed.breakpoint.text, std::move(projection), listed.isOn});
    }
    file.watches = watchesOf(open, before.watches);
    file.views.assign(open.addedViews.begin(), open.addedViews.end());
    return saved;
}

} // namespace leftfold::workspace
