// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/window_actions.h"

#include "core/workspace/update.h"
#include "ui/texts.h"

#include <QInputDialog>
#include <QMenu>
#include <QWidget>
#include <algorithm>
#include <vector>

namespace leftfold::ui {

using namespace workspace;
using replay::Direction;

WindowActions::WindowActions(Store* store, QWidget* window) : QObject(window), m_store(store), m_window(window) {}

QAction* WindowActions::add(const QString& name, const QString& text, const QKeySequence& keys,
                            std::function<void()> slot)
{
    auto* action = new QAction(text, this);
    action->setObjectName(name);
    action->setShortcut(keys);
    const QString shortcut = keys.toString(QKeySequence::NativeText);
    action->setToolTip(shortcut.isEmpty() ? text : QStringLiteral("%1 (%2)").arg(text, shortcut));
    connect(action, &QAction::triggered, this, std::move(slot));
    m_window->addAction(action);
    m_named[name] = action;
    m_all.push_back(action);
    return action;
}

void WindowActions::addGoing()
{
    const auto go = [this](event::When when) { return [this, when] { m_store->act(GoTo{Target(when)}); }; };
    add("first", tr("Go to the start"), QKeySequence("Ctrl+Shift+Home"), go(event::AtStart{}));
    add("last", tr("Go to the end"), QKeySequence("Ctrl+Shift+End"), go(event::AtEnd{}));
    add("continue", tr("Continue: to the next breakpoint, or listed event"), QKeySequence("F5"),
        [this] { m_store->act(Continue{Direction::Forward}); });
    add("reverseContinue", tr("Reverse-continue: to the breakpoint, or listed event, before"), QKeySequence("Shift+F5"),
        [this] { m_store->act(Continue{Direction::Back}); });
    addSteps();
    add("back", tr("Back to the place before"), QKeySequence::Undo, [this] { m_store->act(GoBack{}); });
    add("forward", tr("Forward again"), QKeySequence("Ctrl+Shift+Z"), [this] { m_store->act(GoForward{}); });
    add("clearFilter", tr("List all events"), QKeySequence("Ctrl+Shift+F"),
        [this] { m_store->act(ListEvents{EventChoice{}}); });
    add("unwatch", tr("Watch no field any more"), {}, [this] { m_store->act(WatchField{}); });
    add("cancel", tr("Cancel what is going on"), QKeySequence("Ctrl+."), [this] { m_store->act(CancelWork{}); });
}

void WindowActions::addSteps()
{
    const auto step = [this](Direction direction, std::optional<StepKind> kind) {
        return [this, direction, kind] { m_store->act(Step{direction, kind}); };
    };
    add("step", tr("Step"), QKeySequence("F10"), step(Direction::Forward, {}));
    add("stepBack", tr("Step back"), QKeySequence("Shift+F10"), step(Direction::Back, {}));
    add("stepAggregate", tr("Step within the aggregate"), QKeySequence("F11"),
        step(Direction::Forward, StepKind::ThisAggregate));
    add("stepAggregateBack", tr("Step back within the aggregate"), QKeySequence("Shift+F11"),
        step(Direction::Back, StepKind::ThisAggregate));
    for (std::size_t number = 0; number < kStepKinds; ++number) {
        const auto kind = static_cast<StepKind>(number);
        add(QStringLiteral("kind%1").arg(number), tr("Steps stop at: %1").arg(stepText(kind)), {},
            [this, kind] { m_store->act(ChooseStepKind{kind}); });
    }
}

void WindowActions::addMarks()
{
    for (const auto mark : {workspace::Mark::A, workspace::Mark::B}) {
        const QString name = mark == workspace::Mark::A ? QStringLiteral("A") : QStringLiteral("B");
        add("mark" + name, tr("Set mark %1 here").arg(name), QKeySequence(name),
            [this, mark] { m_store->act(SetMark{mark}); });
        add("goToMark" + name, tr("Go to mark %1").arg(name), QKeySequence("Ctrl+Alt+" + name),
            [this, mark] { goToMark(mark); });
        add("clearMark" + name, tr("Clear mark %1").arg(name), {}, [this, mark] { m_store->act(ClearMark{mark}); });
    }
    addBookmarks();
}

void WindowActions::addBookmarks()
{
    add("setBookmark", tr("Set a bookmark here…"), QKeySequence("Ctrl+B"), [this] { setBookmark(); });
    add("nextBookmark", tr("Go to the next bookmark"), QKeySequence("F2"),
        [this] { m_store->act(GoToBookmark{Direction::Forward}); });
    add("bookmarkBefore", tr("Go to the bookmark before"), QKeySequence("Shift+F2"),
        [this] { m_store->act(GoToBookmark{Direction::Back}); });
    add("removeBookmark", tr("Remove the bookmark here"), QKeySequence("Ctrl+F2"), [this] { removeBookmark(); });
}

namespace {

/// The bookmark where the playhead is; null: there is none.
const PlacedBookmark* bookmarkHere(const Open& open)
{
    const auto here = std::ranges::find_if(open.bookmarks, [&](const PlacedBookmark& each) {
        return each.moment && open.playhead && each.moment->cut == open.playhead->cut;
    });
    return here == open.bookmarks.end() ? nullptr : &*here;
}

} // namespace

void WindowActions::setBookmark()
{
    const Open* open = m_store->open();
    if (open == nullptr || !open->playhead) return;
    const PlacedBookmark* const here = bookmarkHere(*open);
    const auto& last = open->playhead->last;
    const QString proposed = here != nullptr ? text(here->name)
                             : last.has_value()
                                 ? QStringLiteral("%1 #%2").arg(typeText(last->type)).arg(last->index.value)
                                 : tr("start");
    // The playhead may go on while a name is typed.
    const std::string at = here != nullptr ? here->at : lastingText(*open->playhead);
    const std::string replaced = here != nullptr ? here->name : std::string();
    bool isSaid = false;
    const QString name = QInputDialog::getText(m_window, tr("Set a bookmark"), tr("Name of this place:"),
                                               QLineEdit::Normal, proposed, &isSaid)
                             .trimmed();
    if (!isSaid || name.isEmpty()) return;
    if (!replaced.empty() && replaced != name.toStdString()) m_store->act(RemoveBookmark{replaced});
    m_store->act(SetBookmark{name.toStdString(), at});
}

void WindowActions::removeBookmark()
{
    const Open* open = m_store->open();
    const PlacedBookmark* const here = open != nullptr ? bookmarkHere(*open) : nullptr;
    if (here != nullptr) m_store->act(RemoveBookmark{here->name});
}

/// As they are now, by their place in the log.
void WindowActions::listBookmarks(QMenu* menu) const
{
    menu->clear();
    const Open* open = m_store->open();
    std::vector<PlacedBookmark> all = open != nullptr ? open->bookmarks : std::vector<PlacedBookmark>();
    const auto placeOf = [](const PlacedBookmark& each) {
        return each.moment ? each.moment->eventsBehind : UINT64_MAX;
    };
    std::ranges::stable_sort(all, {}, placeOf);
    for (const PlacedBookmark& each : all) {
        // An ampersand alone would underline what follows.
        QAction* const action = menu->addAction(text(each.name).replace(QLatin1Char('&'), QLatin1String("&&")));
        action->setEnabled(each.moment.has_value());
        if (!each.moment) continue;
        connect(action, &QAction::triggered, this,
                [this, place = each.moment->place] { m_store->act(GoTo{Target(place)}); });
    }
    if (all.empty()) menu->addAction(tr("None yet: Ctrl+B sets one"))->setEnabled(false);
}

void WindowActions::fill(QMenu* menu) const
{
    const auto addAll = [this](QMenu* to, std::initializer_list<const char*> names) {
        for (const char* name : names) {
            if (*name == 0) {
                to->addSeparator();
            } else {
                to->addAction(named(name));
            }
        }
    };
    addAll(menu, {"open", "openFolder", "connect", "openSample", "close", "saveWorkspace", "saveWorkspaceAs", "export",
                  "decode", "schemas", "masks", ""});
    addAll(menu->addMenu(tr("Go")),
           {"first", "reverseContinue", "stepBack", "step", "continue", "last", "", "stepAggregateBack",
            "stepAggregate", "play", "live", "", "goTo", "standWithView", "back", "forward"});
    addAll(menu->addMenu(tr("Debug")),
           {"continue", "reverseContinue", "", "addBreakpoint", "breakOnType", "removeBreakpoints", "", "newScript",
            "openScript", "saveScript", "compareVersions", "", "plot", "cancel"});
    addAll(menu->addMenu(tr("Find")), {"find", "clearFilter", "findAggregate"});
    QMenu* const marks = menu->addMenu(tr("Marks"));
    addAll(marks, {"markA", "markB", "goToMarkA", "goToMarkB", "clearMarkA", "clearMarkB", "diff", "", "setBookmark",
                   "removeBookmark", "nextBookmark", "bookmarkBefore"});
    QMenu* const bookmarks = marks->addMenu(tr("Bookmarks"));
    connect(bookmarks, &QMenu::aboutToShow, this, [this, bookmarks] { listBookmarks(bookmarks); });
    addAll(menu->addMenu(tr("Panels")),
           {"panel1", "panel2", "panel3", "panel4", "panel5", "panel6", "panel7", "panel8", "panel9", "panelViews",
            "panelBreakpoints", "panelScript", "panelPlot", "", "resetLayout"});
    addAll(menu->addMenu(tr("View")),
           {"zoomIn", "zoomOut", "zoomAll", "", "zoneUtc", "zoneLocal", "", "themeSystem", "themeLight", "themeDark",
            "", "languageSystem", "languageEnglish", "languageChinese"});
    addAll(menu, {"", "palette", "about", "quit"});
}

void WindowActions::enableFor(bool logIsOpen)
{
    static const QStringList kAlways = {"connect",        "open",    "openFolder", "openSample",     "palette",
                                        "about",          "quit",    "masks",      "themeSystem",    "themeLight",
                                        "themeDark",      "zoneUtc", "zoneLocal",  "languageSystem", "languageEnglish",
                                        "languageChinese"};
    for (QAction* action : m_all) action->setEnabled(logIsOpen || kAlways.contains(action->objectName()));
}

void WindowActions::goToMark(workspace::Mark mark)
{
    const Open* open = m_store->open();
    if (open == nullptr) return;
    const auto& moment = mark == workspace::Mark::A ? open->a : open->b;
    if (moment) m_store->act(GoTo{Target(moment->place)});
}

} // namespace leftfold::ui
