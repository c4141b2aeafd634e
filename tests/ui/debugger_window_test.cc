// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/made_window.h"
#include "tests/ui/widget_test.h"
#include "ui/debug/breakpoints_panel.h"
#include "ui/debug/hits_model.h"
#include "ui/debug/plot_panel.h"
#include "ui/debug/script_panel.h"
#include "ui/events/events_panel.h"
#include "ui/language.h"
#include "ui/panels/json_tree.h"
#include "ui/table/window_model.h"
#include "ui/timeline/timeline_widget.h"
#include "ui/window/aggregate_panel.h"
#include "ui/window/projection_panel.h"
#include "ui/window/status_line.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QTranslator>
#include <QTreeView>
#include <QTreeWidget>
#include <cmath>
#include <qcustomplot.h>

using namespace leftfold;
using namespace leftfold::ui;
using namespace leftfold::ui::test;
using Made = leftfold::ui::test::MadeWindow;

namespace {

const char* const kCounting = "({\n"
                              "  init: () => ({ events: 0 }),\n"
                              "  apply: (state, e) => ({ events: state.events + 1, last: e.eventType }),\n"
                              "})\n";

QTreeWidgetItem* itemOf(QTreeWidget* list, int row)
{
    return list->topLevelItem(row);
}

/// Chooses what the menu of a field of the aggregate offers.
bool chooseInFieldMenu(Made& made, const QString& field, const QString& words)
{
    auto* tree = made.window.findChild<AggregatePanel*>()->findChild<JsonTree*>();
    QMenu menu;
    emit tree->menuOpens(&menu, field);
    for (QAction* action : menu.actions()) {
        if (action->text() != words) continue;
        action->trigger();
        return made.settled();
    }
    return false;
}

/// The sample, with a breakpoint that was typed.
bool hasBreakpoint(Made& made, const QString& typed)
{
    made.press(Qt::Key_F9);
    auto* field = made.named<QLineEdit>("Text of a breakpoint");
    if (!QTest::qWaitFor([&] { return field->hasFocus(); })) return false;
    QTest::keyClicks(field, typed);
    QTest::keyClick(field, Qt::Key_Return);
    return made.settled();
}

QString stateOf(const JsonTree* tree)
{
    const auto& document = tree->tree()->document();
    return document ? QString::fromStdString(toJson(document->root())) : QString("none");
}

} // namespace

/// Breakpoints, scripts and plots, driven as a person does.
class DebuggerWindowTest : public QObject {
    Q_OBJECT

private slots:
    void aBreakpointIsTypedAndStopsThereAndBack()
    {
        Made made;
        QVERIFY(made.openedSample());
        QVERIFY(hasBreakpoint(made, "type PaymentFailed"));
        auto* list = made.named<QTreeWidget>("Breakpoints");
        QCOMPARE(list->topLevelItemCount(), 1);
        QCOMPARE(itemOf(list, 0)->text(0), QString("type PaymentFailed"));
        QVERIFY(made.named<QLineEdit>("Text of a breakpoint")->text().isEmpty());
        made.press(Qt::Key_F5);
        QVERIFY(made.settled());
        QCOMPARE(made.behind(), 72U); // behind #71
        QCOMPARE(made.open().playhead->last->type, std::string("PaymentFailed"));
        QCOMPARE(*made.open().aggregate, std::string("payment-1014"));
        QCOMPARE(itemOf(list, 0)->text(1), QString("1"));
        QCOMPARE(made.window.findChild<StatusLine*>()->message(), QString("Stopped at #71: type PaymentFailed"));
        auto* hits = made.named<QTreeView>("Where the last run stopped, and what log points told");
        QCOMPARE(hits->model()->rowCount(), 1);
        QCOMPARE(hits->model()->index(0, 0).data().toString(), QString("71 PaymentFailed"));
        made.press(Qt::Key_F5, Qt::ShiftModifier);
        QVERIFY(made.settled());
        QCOMPARE(made.behind(), 71U);
        made.press(Qt::Key_F5);
        QVERIFY(made.settled());
        made.press(Qt::Key_F5);
        QVERIFY(made.settled());
        QCOMPARE(made.behind(), 221U);
        // Off it does not stop: there is nothing else to stop at, so it goes to the end.
        itemOf(list, 0)->setCheckState(0, Qt::Unchecked);
        made.press(Qt::Key_F5);
        QVERIFY(made.settled());
        QCOMPARE(made.behind(), made.open().facts->events);
    }

    void whatIsWrongIsSaidWhileItIsTyped()
    {
        Made made;
        QVERIFY(made.openedSample());
        made.press(Qt::Key_F9);
        auto* field = made.named<QLineEdit>("Text of a breakpoint");
        QTRY_VERIFY(field->hasFocus());
        QTest::keyClicks(field, "of order-7 chnges /x");
        auto* panel = made.window.findChild<BreakpointsPanel*>();
        const auto says = [panel](const QString& part) {
            for (const auto* label : panel->findChildren<QLabel*>()) {
                if (label->text().contains(part)) return true;
            }
            return false;
        };
        QTRY_VERIFY(says("chnges"));
        QTest::keyClick(field, Qt::Key_Return);
        QVERIFY(made.settled());
        QVERIFY(made.open().breakpoints.empty());
        QCOMPARE(field->text(), QString("of order-7 chnges /x")); // to be put right
        keep(made.window, "breakpoint-wrong");
        field->setText("of order-7 changes /x");
        QTRY_VERIFY(!says("chnges"));
    }

    void breakpointsAreChangedAndRemovedFromTheList()
    {
        Made made;
        QVERIFY(made.openedSample());
        QVERIFY(hasBreakpoint(made, "type PaymentFailed"));
        auto* list = made.named<QTreeWidget>("Breakpoints");
        auto* field = made.named<QLineEdit>("Text of a breakpoint");
        list->setCurrentItem(itemOf(list, 0));
        QCOMPARE(field->text(), QString("type PaymentFailed"));
        field->setText("at #40");
        QPushButton* change = nullptr;
        for (auto* button : made.window.findChild<BreakpointsPanel*>()->findChildren<QPushButton*>()) {
            if (button->text() == "Change") change = button;
        }
        QTest::mouseClick(change, Qt::LeftButton);
        QVERIFY(made.settled());
        QCOMPARE(list->topLevelItemCount(), 1);
        QCOMPARE(itemOf(list, 0)->text(0), QString("at #40"));
        list->setCurrentItem(itemOf(list, 0));
        list->setFocus();
        QTest::keyClick(list, Qt::Key_Delete);
        QCOMPARE(list->topLevelItemCount(), 0);
    }

    void aFieldsMenuBreaksWatchesAndPlots()
    {
        Made made;
        QVERIFY(made.openedSample());
        made.act(workspace::ChooseAggregate{"payment-1271"});
        made.act(workspace::GoToText{"@end"});
        QVERIFY(made.settled());
        QVERIFY(chooseInFieldMenu(made, "/count", "Break when it changes"));
        QCOMPARE(made.open().breakpoints.size(), std::size_t{1});
        QCOMPARE(made.open().breakpoints.front().breakpoint.text, std::string("of payment-1271 changes /count"));
        made.press(Qt::Key_F5, Qt::ShiftModifier);
        QVERIFY(made.settled());
        const std::uint64_t before = made.behind();
        QCOMPARE(made.open().playhead->next->id.value_or(""), std::string("payment-1271"));
        // What it made of the aggregate is lit, with what it was behind the event.
        const auto& view = *made.open().of<workspace::AskAggregate>().answer;
        QVERIFY(view.undone.has_value());
        auto* tree = made.window.findChild<AggregatePanel*>()->findChild<JsonTree*>()->tree();
        const QModelIndex count = tree->find(*event::parsePointer("/count")).siblingAtColumn(JsonTreeModel::Value);
        QVERIFY(count.isValid());
        QVERIFY(count.data(JsonTreeModel::WasRole).isValid());
        QVERIFY(chooseInFieldMenu(made, "/count", "On to its next change"));
        QCOMPARE(made.behind(), before + 1);
        QVERIFY(chooseInFieldMenu(made, "/count", "Who wrote this: back to the change before"));
        QCOMPARE(made.behind(), before);
        QVERIFY(chooseInFieldMenu(made, "/count", "Plot over time"));
        QVERIFY(made.open().of<workspace::AskPlot>().answer != nullptr);
        QVERIFY(!made.open().of<workspace::AskPlot>().answer->points.empty());
    }

    void anEventsMenuBreaksOnItsType()
    {
        Made made;
        QVERIFY(made.openedSample());
        emit made.window.findChild<EventsPanel*>()->breakWanted("Payment Failed");
        QVERIFY(made.settled());
        QCOMPARE(made.open().breakpoints.front().breakpoint.text, std::string("type \"Payment Failed\""));
        QVERIFY(made.dock("breakpoints")->widget()->isVisible());
        made.press(Qt::Key_F9, Qt::ControlModifier);
        QVERIFY(made.settled());
        QCOMPARE(made.open().breakpoints.back().breakpoint.text, std::string("type StockReceived"));
    }

    void whatLogPointsTellIsListedAndAClickGoesThere()
    {
        Made made;
        QVERIFY(made.openedSample());
        QVERIFY(hasBreakpoint(made, "type PaymentFailed log js: (before, event, after) => event.body.data.amount"));
        made.press(Qt::Key_F5);
        QVERIFY(made.settled());
        QCOMPARE(made.behind(), 1U); // nothing stopped it
        auto* hits = made.named<QTreeView>("Where the last run stopped, and what log points told");
        QCOMPARE(hits->model()->rowCount(), 27);
        keep(made.window, "breakpoints-log");
        const QModelIndex second = hits->model()->index(1, 0);
        QCOMPARE(second.data().toString(), QString("220 PaymentFailed"));
        QTest::mouseClick(hits->viewport(), Qt::LeftButton, {}, hits->visualRect(second).center());
        QVERIFY(made.settled());
        QCOMPARE(made.behind(), 221U);
    }

    void aScriptIsSavedAndRun()
    {
        Made made;
        QVERIFY(made.openedSample());
        made.act(workspace::ChooseAggregate{"payment-1271"});
        made.act(workspace::GoToText{"@end"});
        QVERIFY(made.settled());
        made.action("newScript")->trigger();
        auto* panel = made.window.findChild<ScriptPanel*>();
        ScriptEditor* editor = panel->editor();
        QVERIFY(editor->text().contains("init:"));
        editor->setText(kCounting);
        const QString path = QString::fromStdString(made.folder.path("counting.js"));
        QVERIFY(panel->saveAs(path));
        QVERIFY(made.settled());
        auto* state = made.named<JsonTree>("State that the script makes");
        QVERIFY2(stateOf(state).startsWith("{\"events\":"), qPrintable(stateOf(state)));
        QCOMPARE(made.open().projection().choice.fold, path.toStdString());
        QCOMPARE(*made.open().aggregate, std::string("payment-1271"));

        // What is typed goes to the text, what the window does stays its own.
        editor->setFocus();
        QTRY_VERIFY(editor->hasFocus());
        QTest::keyClick(editor, Qt::Key_A);
        QVERIFY(!made.open().a.has_value());
        QVERIFY(editor->isModified());
        QTest::keyClick(editor, Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(editor->text(), QString(kCounting));

        editor->setText(
            QString(kCounting).replace("state.events + 1", "state.events + (e.eventType === 'PaymentFailed' ? 2 : 1)"));
        QTest::keyClick(editor, Qt::Key_S, Qt::ControlModifier);
        QVERIFY(made.settled());
        QVERIFY(!editor->isModified());
        QFile saved(path);
        QVERIFY(saved.open(QIODevice::ReadOnly));
        QVERIFY(saved.readAll().contains("? 2 : 1"));

        auto* compare = made.button<QPushButton>("Compare with the version before");
        QVERIFY(compare->isEnabled());
        QTest::mouseClick(compare, Qt::LeftButton);
        QVERIFY(made.settled());
        auto* notes = made.named<QTreeWidget>("Errors and logs of the script");
        QVERIFY(notes->topLevelItemCount() >= 3);
        QCOMPARE(itemOf(notes, 0)->text(0), QString("71 PaymentFailed"));
        keep(made.window, "script-compared");
        QTest::mouseClick(notes->viewport(), Qt::LeftButton, {}, notes->visualItemRect(itemOf(notes, 0)).center());
        QVERIFY(made.settled());
        QCOMPARE(made.behind(), 72U);
        QCOMPARE(*made.open().aggregate, std::string("payment-1014"));
    }

    void errorsOfAScriptStandAtTheirLines()
    {
        Made made;
        QVERIFY(made.openedSample());
        made.action("newScript")->trigger();
        auto* panel = made.window.findChild<ScriptPanel*>();
        ScriptEditor* editor = panel->editor();
        editor->setText(
            "({\n  init: () => ({ n: 0 }),\n  apply: (state, e) => {\n"
            "    if (e.eventType === 'PaymentFailed') throw new Error('oh no');\n    return state;\n  },\n})\n");
        QVERIFY(panel->saveAs(QString::fromStdString(made.folder.path("failing.js"))));
        QVERIFY(made.settled());
        QCOMPARE(editor->notes().size(), std::size_t{1});
        QCOMPARE(editor->notes().front().line, 4);
        QVERIFY(editor->notes().front().words.contains("oh no"));
        QVERIFY(editor->annotation(3).contains("oh no"));
        QVERIFY((editor->markersAtLine(3) & 2U) != 0);
        auto* notes = made.named<QTreeWidget>("Errors and logs of the script");
        QCOMPARE(itemOf(notes, 0)->text(0), QString("71 PaymentFailed"));
        editor->setCursorPosition(0, 0);
        QTest::mouseClick(notes->viewport(), Qt::LeftButton, {}, notes->visualItemRect(itemOf(notes, 0)).center());
        QVERIFY(made.settled());
        QCOMPARE(made.behind(), 72U);
        int line = 0;
        int column = 0;
        editor->getCursorPosition(&line, &column);
        QCOMPARE(line, 3);
        keep(made.window, "script-failed");
        // One that cannot be read says so too, and a good one clears it.
        editor->setText("({\n  apply: (state, e) => ),\n})\n");
        QVERIFY(panel->save());
        QVERIFY(made.settled());
        QCOMPARE(editor->notes().size(), std::size_t{1});
        QCOMPARE(editor->notes().front().line, 2);
        editor->setText(kCounting);
        QVERIFY(panel->save());
        QVERIFY(made.settled());
        QVERIFY(editor->notes().empty());
    }

    void aScriptThatIsOpenedIsAProjectionLikeOthers()
    {
        Made made;
        QVERIFY(made.openedSample());
        const QString path = QString::fromStdString(made.folder.path("logging.js"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("({ init: () => ({ n: 0 }), apply: (s, e) => { log(e.eventType); return { n: s.n + 1 }; } })");
        file.close();
        auto* panel = made.window.findChild<ScriptPanel*>();
        QVERIFY(panel->openScript(path));
        QVERIFY(made.settled());
        auto* projections = made.named<QTreeWidget>("Projections");
        QCOMPARE(projections->topLevelItemCount(), 2);
        QCOMPARE(itemOf(projections, 1)->text(0), QString("logging.js"));
        auto* notes = made.named<QTreeWidget>("Errors and logs of the script");
        QVERIFY(notes->topLevelItemCount() > 1000);
        QCOMPARE(itemOf(notes, 0)->text(1), QString("StockReceived"));
        // Shown again as it is chosen in the list of projections; the form knows it.
        projections->setCurrentItem(itemOf(projections, 0));
        QVERIFY(made.settled());
        QVERIFY(made.open().projection().choice.fold.empty());
        projections->setCurrentItem(itemOf(projections, 1));
        QVERIFY(made.settled());
        QCOMPARE(made.open().projection().choice.fold, path.toStdString());
        bool isThere = false;
        for (const auto* box : made.window.findChild<ProjectionPanel*>()->findChildren<QComboBox*>())
            isThere = isThere || box->currentText() == "logging.js";
        QVERIFY(isThere);
    }

    void aPlotIsDrawnAndAClickGoesThere()
    {
        Made made;
        QVERIFY(made.openedSample());
        made.act(workspace::ChooseAggregate{"sku-mug-white"});
        QVERIFY(made.settled());
        made.press(Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
        auto* field = made.named<QLineEdit>("Function to be drawn");
        QTRY_VERIFY(field->hasFocus());
        QTest::keyClicks(field, "state => state.count");
        QTest::keyClick(field, Qt::Key_Return);
        QVERIFY(made.settled());
        auto* panel = made.window.findChild<PlotPanel*>();
        const auto& answer = made.open().of<workspace::AskPlot>().answer;
        QVERIFY(answer != nullptr);
        QVERIFY(answer->points.size() > 10);
        auto* plot = panel->findChild<QCustomPlot*>();
        QCOMPARE(plot->graph(0)->dataCount(), static_cast<int>(answer->points.size()));
        auto* timeline = made.window.findChild<TimelineWidget*>();
        timeline->showAll();
        QTest::qWait(50);
        const auto points = drawnPoints(*answer, Measure::Sum);
        const std::size_t middle = points.size() / 2;
        QTest::mouseClick(plot, Qt::LeftButton, {}, plot->mapFrom(panel, panel->placeOf(middle)));
        QVERIFY(made.settled());
        // Points may stand as near to one another as a pixel.
        const double seconds =
            std::abs(base::nanosBetween(points[middle].time, made.open().playhead->last->time)) / 1e9;
        const double all = base::nanosBetween(timeline->visibleRange().from, timeline->visibleRange().to) / 1e9;
        QVERIFY2(seconds < all / 50, qPrintable(QString::number(seconds)));
        QCOMPARE(*made.open().aggregate, std::string("sku-mug-white"));
        keep(made.window, "plot");
        // The axis is the timeline's.
        const base::TimeRange seen = timeline->visibleRange();
        timeline->zoom(4);
        const double shown = plot->xAxis->range().size();
        QVERIFY(std::abs(shown - base::nanosBetween(seen.from, seen.to) / 4e9) < shown / 100);
    }

    void aPlotOverAllIsByTimeAndItsErrorsAreSaid()
    {
        Made made;
        QVERIFY(made.openedSample());
        made.press(Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
        auto* field = made.named<QLineEdit>("Function to be drawn");
        field->setText("(state, event) => event.body.data.amount");
        auto* over = made.named<QComboBox>("Of what it is drawn");
        over->setCurrentIndex(1);
        QTest::keyClick(field, Qt::Key_Return);
        QVERIFY(made.settled());
        QVERIFY(!made.open().of<workspace::AskPlot>().answer->all.buckets.empty());
        keep(made.window, "plot-all");
        field->setText("state => state.no.such");
        QTest::keyClick(field, Qt::Key_Return);
        QVERIFY(made.settled());
        QVERIFY(made.open().of<workspace::AskPlot>().error.has_value());
        bool isSaid = false;
        for (const auto* label : made.window.findChild<PlotPanel*>()->findChildren<QLabel*>())
            isSaid = isSaid || label->text().contains("state.no");
        QVERIFY(isSaid);
    }

    void hitsAreAModelLikeOthers()
    {
        HitsModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model.rowCount(), 0);
        workspace::Ran ran;
        workspace::RunHit hit;
        hit.event.index = {7};
        hit.event.type = "Paid";
        hit.text = "type Paid";
        hit.aggregate = "order-7";
        ran.hits = {hit};
        hit.event.index = {3};
        hit.said = "12";
        ran.told = std::make_shared<const std::vector<workspace::RunHit>>(3, hit);
        model.setRun(std::make_shared<const workspace::Ran>(ran));
        QCOMPARE(model.rowCount(), 4);
        QCOMPARE(model.index(0, HitsModel::Event).data().toString(), QString("7 Paid"));
        QCOMPARE(model.index(0, HitsModel::Said).data().toString(), QString("stopped: type Paid"));
        QCOMPARE(model.index(3, HitsModel::Said).data().toString(), QString("12"));
        QCOMPARE(model.index(3, HitsModel::Aggregate).data().toString(), QString("order-7"));
        QVERIFY(model.index(0, HitsModel::Event).data(LitRole).toBool());
        QVERIFY(!model.index(1, HitsModel::Event).data(LitRole).toBool());
        model.setRun(nullptr);
        QCOMPARE(model.rowCount(), 0);
    }

    void widthsOfBucketsAreRound()
    {
        const base::Time from = at("2026-01-01T00:00:00Z");
        const auto width = [from](double seconds) {
            return static_cast<int>(roundWidth({from, base::plusNanos(from, seconds * 1e9)}).count());
        };
        QCOMPARE(width(1), 1);
        QCOMPARE(width(400), 1);
        QCOMPARE(width(86'400), 300);
        QCOMPARE(width(42 * 86'400.0), 10'800);
        QCOMPARE(width(3e9), 31'536'000);
    }

    void pictures_data()
    {
        QTest::addColumn<int>("theme");
        QTest::addColumn<QString>("language");
        QTest::newRow("light") << static_cast<int>(Theme::Light) << "en";
        QTest::newRow("dark") << static_cast<int>(Theme::Dark) << "en";
        QTest::newRow("chinese") << static_cast<int>(Theme::Light) << "zh_CN";
    }
    /// For people to look at; and nothing in them is without a name.
    void pictures()
    {
        QFETCH(int, theme);
        QFETCH(QString, language);
        speak(*qApp, localeOf(language));
        Made made(false);
        made.window.setTheme(static_cast<Theme>(theme));
        made.window.resize(1600, 1000);
        made.window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&made.window));
        QVERIFY(made.openedSample());
        const QString name = QString::fromLatin1(QTest::currentDataTag());
        made.act(workspace::ListBreakpoint{"type PaymentFailed"});
        made.act(workspace::ListBreakpoint{"becomes /types/PaymentCaptured = 2"});
        made.act(workspace::ListBreakpoint{"type OrderPlaced log js: (before, event, after) => event.body.data"});
        QVERIFY(made.settled());
        made.press(Qt::Key_F5);
        QVERIFY(made.settled());
        made.action("panelBreakpoints")->trigger();
        keep(made.window, "debugger-breakpoints-" + name);
        auto* panel = made.window.findChild<ScriptPanel*>();
        made.action("panelScript")->trigger();
        panel->editor()->setText(
            "({\n  // counts\n  init: () => ({ n: 0, \"total\": 0.5 }),\n  apply: (state, e) => {\n"
            "    log(`at ${e.eventType}`);\n    if (e.eventType === 'PaymentFailed') throw new Error('oh no');\n"
            "    state.n += 1;\n    return state;\n  },\n})\n");
        QVERIFY(panel->saveAs(QString::fromStdString(made.folder.path("picture.js"))));
        QVERIFY(made.settled());
        keep(made.window, "debugger-script-" + name);
        made.act(workspace::ShowProjection{0});
        made.act(workspace::ChooseAggregate{"sku-mug-white"});
        made.action("panelPlot")->trigger();
        made.act(workspace::DrawPlot{workspace::PlotChoice{"state => state.count"}});
        QVERIFY(made.settled());
        keep(made.window, "debugger-plot-" + name);
        for (const auto* widget : made.window.findChildren<QWidget*>()) {
            const bool isField = qobject_cast<const QLineEdit*>(widget) != nullptr
                                 || qobject_cast<const QComboBox*>(widget) != nullptr
                                 || qobject_cast<const QTreeWidget*>(widget) != nullptr;
            const bool isInDebugger = made.dock("script")->isAncestorOf(widget)
                                      || made.dock("plot")->isAncestorOf(widget)
                                      || made.dock("breakpoints")->isAncestorOf(widget);
            if (isField && isInDebugger) QVERIFY(!widget->accessibleName().isEmpty());
        }
    }
    void cleanup()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        for (auto* translator : qApp->findChildren<QTranslator*>()) delete translator;
    }
};

QTEST_MAIN(DebuggerWindowTest)
#include "debugger_window_test.moc"
