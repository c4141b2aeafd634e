// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/widget_test.h"
#include "ui/panels/aggregates_panel.h"
#include "ui/panels/diff_panel.h"
#include "ui/panels/event_panel.h"
#include "ui/panels/hex_view.h"
#include "ui/panels/json_tree.h"
#include "ui/panels/problems_panel.h"
#include "ui/table/window_table.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableWidget>
#include <QTest>
#include <QTimer>
#include <QToolButton>
#include <QTreeWidget>

using namespace leftfold;
using namespace leftfold::ui;
using namespace leftfold::ui::test;

namespace {

EventDetail madeEvent()
{
    EventDetail event;
    event.index = {541207};
    event.position = {{"orders", 2}, {88120}};
    event.effective = at("2026-11-20T14:03:22.118Z");
    event.type = "PaymentReceived";
    event.aggregate = "order-7741";
    event.key = "order-7741";
    event.value = R"({"amount":149.40,"method":"card","big":9007199254740993})";
    event.document = json(event.value->c_str());
    event.headers = {{"trace-id", "4bf92f3577b34da6"},
                     {"empty", ""},
                     {"none", std::nullopt},
                     {"axon-message-timestamp", std::string("\0\0\1\x8b\xcf\xe5\x68\0", 8)}};
    return event;
}

template <class Widget>
Widget* named(const QWidget& in, const QString& text)
{
    for (auto* const widget : in.findChildren<Widget*>())
        if (widget->text() == text) return widget;
    qFatal("nothing says '%s'", qPrintable(text));
}

/// All texts that labels of a widget show.
QString labels(const QWidget& in)
{
    QStringList out;
    for (auto* const label : in.findChildren<QLabel*>())
        if (label->isVisible()) out += label->text();
    return out.join('|');
}

DiffState madeState()
{
    DiffState state;
    state.phase = DiffState::Phase::Done;
    state.a = "2026-11-18 06:40:00.000 UTC  #310441";
    state.b = "2026-11-20 02:00:00.000 UTC  #498112";
    state.summary.created = 1204;
    state.summary.changed = 3311;
    state.summary.deleted = 12;
    state.summary.eventsBetween = 187671;
    return state;
}

DiffDetail madeDetail()
{
    DiffDetail detail;
    detail.id = "order-7741";
    detail.tree = merged(json(R"({"status":"placed","customer":"c-204","total":149.40,"paid":0,"draft":true})"),
                         json(R"({"status":"paid","customer":"c-204","total":149.40,"paid":149.40})"));
    for (const char* const path : {"/status", "/paid", "/draft"})
        detail.causes.push_back(
            {*event::parsePointer(path), {{{541207}, "541207 PaymentReceived 2026-11-20 14:03:22.118"}}});
    return detail;
}

template <class Model, class Row>
void serve(Model& model, const std::function<Row(quint64)>& make)
{
    QObject::connect(&model, &Model::rowsWanted, &model,
                     [&model, make](quint64 revision, quint64 first, quint32 count) {
                         std::vector<Row> rows;
                         for (quint64 row = first; row < first + count; ++row) rows.push_back(make(row));
                         model.deliver(revision, first, std::move(rows));
                     });
}

DiffRow madeDiffRow(quint64 row)
{
    const auto kind = static_cast<DiffKind>(row % 3);
    return {QStringLiteral("order-%1").arg(7000 + row), kind, kind == DiffKind::Changed ? 2U : 0U,
            kind == DiffKind::Changed ? QStringLiteral("/status, /paid")
                                      : QStringLiteral("{\"status\":\"placed\",\"total\":149.40}")};
}

AggregateRow madeAggregate(quint64 row)
{
    return {QStringLiteral("order-%1").arg(7000 + row),
            3 + row % 9,
            event::EventIndex{500'000 + row},
            {QStringLiteral("\"paid\""), row % 4 == 0 ? QString() : QStringLiteral("%1.40").arg(100 + row)}};
}

ProblemRow madeProblem(quint64 row)
{
    return {{{"orders", 2}, {static_cast<std::int64_t>(row * 10)}},
            row % 3 == 0,
            row % 3 == 0 ? QStringLiteral("this record is no JSON: at byte 17 a value was expected")
                         : QStringLiteral("3 offsets are missing before this event")};
}

/// In the middle of a row of a table.
QPoint where(const WindowTable& table, int row)
{
    return {60, row * table.view()->verticalHeader()->defaultSectionSize() + 8};
}

} // namespace

class PanelsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        dress(lightColours());
    }

    void anEventIsShownFourWays()
    {
        EventPanel panel;
        panel.resize(900, 260);
        panel.show();
        panel.setEvent(madeEvent());
        QVERIFY(labels(panel).contains("#541207"));
        QVERIFY(labels(panel).contains("orders[2]@88120"));
        QVERIFY(labels(panel).contains("2026-11-20 14:03:22.118 UTC"));
        auto* const tree = panel.findChild<JsonTree*>();
        QCOMPARE(tree->tree()->find(*event::parsePointer("/big")).siblingAtColumn(1).data().toString(),
                 QString("9007199254740993"));
        QTest::mouseClick(named<QToolButton>(panel, "Raw"), Qt::LeftButton);
        QVERIFY(panel.tab() == EventPanel::Tab::Raw);
        QCOMPARE(panel.findChild<QPlainTextEdit*>()->toPlainText(), QString::fromStdString(*madeEvent().value));
        QTest::mouseClick(named<QToolButton>(panel, "Headers"), Qt::LeftButton);
        auto* const headers = panel.findChild<QTableWidget*>();
        QCOMPARE(headers->rowCount(), 4);
        QCOMPARE(headers->item(0, 1)->text(), QString("4bf92f3577b34da6"));
        QCOMPARE(headers->item(1, 1)->text(), QString(""));
        QCOMPARE(headers->item(2, 1)->text(), QString("null"));
        QCOMPARE(headers->item(3, 1)->text(), QString("0x0000018bcfe56800 (1700000000000)"));
        QTest::mouseClick(named<QToolButton>(panel, "Hex"), Qt::LeftButton);
        QVERIFY(pixelsOf(grabbed(*panel.findChild<HexView*>()), lightColours().text) > 50);
    }

    void anEventLeadsToItsAggregateAndPlace()
    {
        EventPanel panel;
        panel.setEvent(madeEvent());
        QSignalSpy aggregate(&panel, &EventPanel::aggregateWanted);
        QSignalSpy go(&panel, &EventPanel::goToWanted);
        named<QToolButton>(panel, "order-7741")->click();
        named<QToolButton>(panel, "Go here")->click();
        QCOMPARE(told<QString>(aggregate), QString("order-7741"));
        QCOMPARE(told<quint64>(go), 541207ULL);
    }

    void whatIsNoDocumentSaysWhy()
    {
        EventPanel panel;
        panel.resize(600, 200);
        panel.show();
        EventDetail event = madeEvent();
        event.document.reset();
        event.problem = "no JSON: at byte 3 a value was expected";
        panel.setEvent(event);
        const QImage reason = grabbed(panel);
        event.problem.clear();
        event.value.reset();
        panel.setEvent(event);
        QVERIFY(grabbed(panel) != reason);
        panel.showTab(EventPanel::Tab::Raw);
        QVERIFY(panel.findChild<QPlainTextEdit*>()->placeholderText().contains("tombstone"));
        panel.setEvent(std::nullopt);
        QVERIFY(!labels(panel).contains("#"));
    }

    void bytesInHex_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("line");
        QTest::addColumn<QString>("text");
        const QByteArray bytes = R"({"sku":"sku-118","qty":2})";
        QTest::newRow("a whole line")
            << bytes << 0 << R"(00000000  7b 22 73 6b 75 22 3a 22  73 6b 75 2d 31 31 38 22  {"sku":"sku-118")";
        QTest::newRow("the rest") << bytes << 1
                                  << R"(00000010  2c 22 71 74 79 22 3a 32  7d                       ,"qty":2})";
        QTest::newRow("no characters") << QByteArray("\0\n\xff", 3) << 0
                                       << "00000000  00 0a ff                                          ...";
    }
    void bytesInHex()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, line);
        QFETCH(QString, text);
        QCOMPARE(hexLine({bytes.constData(), static_cast<std::size_t>(bytes.size())}, static_cast<std::size_t>(line)),
                 text);
    }

    void longTextsAreCutBetweenCharacters()
    {
        QCOMPARE(readable("short", 100), QString("short"));
        QCOMPARE(readable("aé", 2), QString("a\n… and 2 more bytes"));
        QVERIFY(readable(std::string(5000, 'x'), 4000).endsWith("1,000 more bytes"));
    }

    void theDiffSaysHowManyAndWhich()
    {
        DiffPanel panel;
        panel.resize(1200, 300);
        panel.show();
        QVERIFY(labels(panel).contains("Set the marks A and B"));
        serve<DiffModel, DiffRow>(*panel.model(), madeDiffRow);
        panel.setState(madeState());
        panel.model()->reset(4527);
        QVERIFY2(labels(panel).contains("1,204|created"), qPrintable(labels(panel)));
        QVERIFY(labels(panel).contains("187,671|events between"));
        QSignalSpy chosen(&panel, &DiffPanel::aggregateChosen);
        auto* const list = panel.findChild<WindowTable*>();
        QTest::mouseClick(list->view()->viewport(), Qt::LeftButton, {}, where(*list, 2));
        QCOMPARE(told<QString>(chosen), QString("order-7002"));
        QCOMPARE(panel.model()->index(1, DiffModel::Kind).data().toString(), QString("changed"));
        QCOMPARE(panel.model()->index(1, DiffModel::Changes).data().toString(), QString("2: /status, /paid"));
        DiffState nothing = madeState();
        nothing.summary = {};
        panel.setState(nothing);
        panel.model()->reset(0);
        QVERIFY(labels(panel).contains("No aggregate differs"));
    }

    void eachChangeLeadsToItsEvents()
    {
        DiffPanel panel;
        panel.resize(1200, 300);
        panel.show();
        panel.setState(madeState());
        panel.setDetail(madeDetail());
        QSignalSpy go(&panel, &DiffPanel::goToWanted);
        auto* const causes = panel.findChild<QTreeWidget*>();
        QCOMPARE(causes->topLevelItemCount(), 3);
        QCOMPARE(causes->topLevelItem(1)->text(0), QString("/paid"));
        const QRect first = causes->visualItemRect(causes->topLevelItem(0)->child(0));
        QTest::mouseClick(causes->viewport(), Qt::LeftButton, {}, first.center());
        QCOMPARE(told<quint64>(go), 541207ULL);
        auto* const tree = panel.findChild<JsonTree*>();
        QCOMPARE(tree->tree()->find(*event::parsePointer("/paid")).data(JsonTreeModel::WasRole).toString(),
                 QString("0"));
        QVERIFY(tree->tree()->find(*event::parsePointer("/draft")).data(JsonTreeModel::GoneRole).toBool());
        panel.setDetail(std::nullopt);
        QCOMPARE(causes->topLevelItemCount(), 0);
    }

    void aRunningDiffCanBeCancelled()
    {
        DiffPanel panel;
        panel.resize(900, 250);
        panel.show();
        DiffState state = madeState();
        state.phase = DiffState::Phase::Running;
        state.done = 5000;
        state.total = 20'000;
        panel.setState(state);
        QVERIFY(labels(panel).contains("5,000 of 20,000"));
        QSignalSpy cancel(&panel, &DiffPanel::cancelWanted);
        QTest::mouseClick(named<QPushButton>(panel, "Cancel"), Qt::LeftButton);
        QCOMPARE(cancel.count(), 1);
        state.phase = DiffState::Phase::Failed;
        state.error = "offsets 12 to 75 cannot be read";
        panel.setState(state);
        QVERIFY(labels(panel).contains("12 to 75"));
    }

    void aggregatesAreSortedFilteredAndGivenColumns()
    {
        AggregatesPanel panel;
        panel.resize(900, 300);
        panel.show();
        serve<AggregatesModel, AggregateRow>(*panel.model(), madeAggregate);
        AggregatesState state;
        state.phase = AggregatesState::Phase::Done;
        state.aggregates = state.matched = 128'440;
        state.knownPaths = QStringList{"/status", "/total", "/items"};
        panel.setState(state);
        panel.setQuery({{}, "id", false, {"/status", "/total"}});
        panel.model()->reset(128'440);
        QCOMPARE(panel.model()->index(3, AggregatesModel::FirstPath + 1).data().toString(), QString("103.40"));
        QVERIFY(labels(panel).contains("128,440 aggregates"));

        QSignalSpy changed(&panel, &AggregatesPanel::queryChanged);
        auto* const header = panel.findChild<WindowTable*>()->view()->horizontalHeader();
        const QPoint total(header->sectionViewportPosition(AggregatesModel::FirstPath + 1) + 20, 8);
        QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, total);
        QCOMPARE(panel.query().sortBy, QString("/total"));
        QVERIFY(!panel.query().descending);
        QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, total);
        QVERIFY(panel.query().descending);

        auto* const filter = panel.findChild<QLineEdit*>();
        QTest::keyClicks(filter, "/total > 100");
        QTest::keyClick(filter, Qt::Key_Return);
        QCOMPARE(panel.query().filter, QString("/total > 100"));
        QCOMPARE(changed.count(), 3);

        QTimer::singleShot(0, [] {
            auto* const menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
            QVERIFY(menu);
            QCOMPARE(menu->actions().size(), 3);
            menu->actions().at(1)->trigger();
            menu->close();
        });
        named<QToolButton>(panel, "Columns")->showMenu();
        QCOMPARE(panel.query().paths, QStringList("/status"));
        QCOMPARE(panel.query().sortBy, QString("id")); // its column is gone
    }

    void anAggregateIsChosen()
    {
        AggregatesPanel panel;
        panel.resize(700, 240);
        panel.show();
        serve<AggregatesModel, AggregateRow>(*panel.model(), madeAggregate);
        panel.model()->reset(50);
        QSignalSpy chosen(&panel, &AggregatesPanel::aggregateWanted);
        auto* const table = panel.findChild<WindowTable*>();
        QTest::mouseClick(table->view()->viewport(), Qt::LeftButton, {}, where(*table, 3));
        QCOMPARE(told<QString>(chosen), QString("order-7003"));
        QTest::keyClick(table->view(), Qt::Key_Down);
        QCOMPARE(told<QString>(chosen), QString("order-7004"));
    }

    void noAggregatesAreASentence()
    {
        AggregatesPanel panel;
        panel.resize(700, 240);
        panel.show();
        QVERIFY(labels(panel).contains("Projection"));
        AggregatesState state;
        state.phase = AggregatesState::Phase::Done;
        state.aggregates = 7;
        panel.setState(state);
        QVERIFY(labels(panel).contains("None of the 7 aggregates match"));
        state.phase = AggregatesState::Phase::Failed;
        state.error = "/total >: a value was expected";
        panel.setState(state);
        QVERIFY(labels(panel).contains("a value was expected"));
    }

    void whereOnlyTheFirstAreListedThatIsSaid()
    {
        AggregatesPanel panel;
        panel.show();
        AggregatesState state;
        state.phase = AggregatesState::Phase::Done;
        state.aggregates = state.matched = 300'000;
        state.listed = 100'000;
        panel.setState(state);
        QVERIFY2(labels(panel).contains("300,000 aggregates · the first 100,000 are listed"),
                 qPrintable(labels(panel)));
        state.listed = state.matched;
        panel.setState(state);
        QVERIFY(!labels(panel).contains("first"));

        DiffPanel diff;
        diff.show();
        diff.model()->reset(100'000);
        DiffState differing;
        differing.phase = DiffState::Phase::Done;
        differing.summary.created = 100'000;
        differing.summary.deleted = 1;
        diff.setState(differing);
        QVERIFY2(labels(diff).contains("the first 100,000 are listed"), qPrintable(labels(diff)));

        ProblemsPanel problems;
        problems.show();
        problems.model()->reset(10'000);
        problems.setCount(10'000);
        QVERIFY(!labels(problems).contains("are listed"));
        problems.setCount(12'345);
        QVERIFY2(labels(problems).contains("12,345 problems · the first 10,000 are listed"),
                 qPrintable(labels(problems)));
    }

    void aProblemLeadsToItsPlace()
    {
        ProblemsPanel panel;
        panel.resize(800, 200);
        panel.show();
        panel.setPhase(ProblemsPanel::Phase::Done);
        QVERIFY(labels(panel).contains("Nothing amiss"));
        serve<ProblemsModel, ProblemRow>(*panel.model(), madeProblem);
        panel.model()->reset(3);
        QSignalSpy chosen(&panel, &ProblemsPanel::problemChosen);
        auto* const table = panel.findChild<WindowTable*>();
        QTest::mouseClick(table->view()->viewport(), Qt::LeftButton, {}, where(*table, 1));
        QCOMPARE(told<event::Position>(chosen), (event::Position{{"orders", 2}, {10}}));
    }

    void modelsAreModels()
    {
        DiffModel diff;
        AggregatesModel aggregates;
        ProblemsModel problems;
        const QAbstractItemModelTester one(&diff, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const QAbstractItemModelTester two(&aggregates, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const QAbstractItemModelTester three(&problems, QAbstractItemModelTester::FailureReportingMode::QtTest);
        serve<DiffModel, DiffRow>(diff, madeDiffRow);
        serve<AggregatesModel, AggregateRow>(aggregates, madeAggregate);
        serve<ProblemsModel, ProblemRow>(problems, madeProblem);
        for (WindowModel* const model : {static_cast<WindowModel*>(&diff), static_cast<WindowModel*>(&aggregates),
                                         static_cast<WindowModel*>(&problems)}) {
            model->reset(100'000);
            model->look(0, 40);
            model->anchor(60'000);
            model->look(60'000, 60'040);
            QVERIFY(!model->index(static_cast<int>(60'000 - model->base()), 0).data().toString().isEmpty());
        }
        aggregates.setPaths({"/a", "/b", "/c"});
        aggregates.setPaths({"/a"});
        QCOMPARE(aggregates.columnCount(), static_cast<int>(AggregatesModel::FirstPath) + 1);
    }

    void pictures()
    {
        for (const bool isDark : {false, true}) {
            const Colours& colours = isDark ? darkColours() : lightColours();
            const QString end = isDark ? "-dark" : "-light";
            dress(colours);
            EventPanel event;
            event.setColours(colours);
            event.resize(1560, 230);
            event.setEvent(madeEvent());
            event.show();
            keep(event, "event" + end);
            event.showTab(EventPanel::Tab::Hex);
            keep(event, "event-hex" + end);
            event.showTab(EventPanel::Tab::Headers);
            keep(event, "event-headers" + end);

            DiffPanel diff;
            diff.setColours(colours);
            diff.resize(1560, 260);
            serve<DiffModel, DiffRow>(*diff.model(), madeDiffRow);
            diff.setState(madeState());
            diff.model()->reset(4527);
            diff.setDetail(madeDetail());
            diff.show();
            keep(diff, "diff" + end);

            AggregatesPanel aggregates;
            aggregates.setColours(colours);
            aggregates.resize(1560, 230);
            serve<AggregatesModel, AggregateRow>(*aggregates.model(), madeAggregate);
            AggregatesState state;
            state.phase = AggregatesState::Phase::Done;
            state.aggregates = state.matched = 128'440;
            aggregates.setState(state);
            aggregates.setQuery({{}, "events", true, {"/status", "/total"}});
            aggregates.model()->reset(128'440);
            aggregates.show();
            keep(aggregates, "aggregates" + end);

            ProblemsPanel problems;
            problems.setColours(colours);
            problems.resize(1560, 200);
            serve<ProblemsModel, ProblemRow>(*problems.model(), madeProblem);
            problems.model()->reset(3);
            problems.show();
            keep(problems, "problems" + end);
        }
        dress(lightColours());
    }
};

QTEST_MAIN(PanelsTest)
#include "panels_test.moc"
