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

/// Those that are shown, by the names they had; and those that expectations are of.
std::vector<NamedProjection> projectionsOf(const std::vector<ProjectionChoice>& shown, const WorkspaceFile& before)
{
    std::vector<NamedProjection> all;
    const auto isThere = [&](const std::string& name) {
        return std::ranges::find(all, name, &NamedProjection::name) != all.end();
    };
    for (const ProjectionChoice& choice : shown) {
        const auto known = std::ranges::find(before.projections, choice, &NamedProjection::choice);
        if (known != before.projections.end() && !isThere(known->name)) all.push_back(*known);
    }
    for (const NamedProjection& known : before.projections) {
        const bool isNamed = std::ranges::any_of(before.expectations,
                                                 [&](const Expectation& each) { return isNamedBy(each, known.name); });
        if (isNamed && !isThere(known.name)) all.push_back(known);
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
    if (!open.aggregate || !open.watched) return watches;
    SavedWatch watched{*open.aggregate, toText(*open.watched)};
    std::erase_if(watches, [&](const SavedWatch& each) {
        return each.aggregate == watched.aggregate && each.field == watched.field;
    });
    watches.insert(watches.begin(), std::move(watched));
    return watches;
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
    for (const SavedBreakpoint& breakpoint : file.breakpoints)
        actions.emplace_back(ListBreakpoint{breakpoint.text, 0, breakpoint.isOn});
    if (!file.views.empty()) actions.emplace_back(AddViews{{file.views.begin(), file.views.end()}});
    if (!file.watches.empty()) {
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
    WorkspaceFile& file = saved.file;
    file.masksFile = before.masksFile;
    file.bookmarks = before.bookmarks;
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
