// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/events/events_panel.h"

#include "tests/ui/widget_test.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QCheckBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>
#include <QToolButton>
#include <QWheelEvent>

using namespace leftfold;
using namespace leftfold::ui;
using namespace leftfold::ui::test;

namespace {

/// A panel with so many made events, all delivered at once.
struct Shown {
    explicit Shown(std::uint64_t events, bool isServed = true)
    {
        panel.resize(1000, 460);
        panel.model()->setTypes(kMadeTypes);
        if (isServed) serve(*panel.model());
        panel.model()->reset(events);
        panel.setMatches({}, {events, events, events, false});
        panel.show();
        if (!QTest::qWaitForWindowExposed(&panel)) qFatal("not shown");
    }
    [[nodiscard]] WindowTable& table() { return *panel.table(); }
    [[nodiscard]] QTableView& view() { return *table().view(); }
    /// What stands in a cell of a row that is seen.
    [[nodiscard]] QString cell(std::uint64_t row, int column)
    {
        const auto at = panel.model()->modelRow(row);
        return at ? panel.model()->index(*at, column).data().toString() : QString("not in the window");
    }
    void click(std::uint64_t row, Qt::KeyboardModifiers modifiers = {})
    {
        QTest::mouseClick(view().viewport(), Qt::LeftButton, modifiers, where(row));
    }
    [[nodiscard]] QPoint where(std::uint64_t row)
    {
        return {120, static_cast<int>(row - table().topRow()) * view().verticalHeader()->defaultSectionSize() + 5};
    }
    void wheel(int delta)
    {
        const QPoint at(100, 100);
        QWheelEvent event(at, view().viewport()->mapToGlobal(at), {}, {0, delta}, Qt::NoButton, {}, Qt::NoScrollPhase,
                          false);
        QCoreApplication::sendEvent(view().viewport(), &event);
    }

    EventsPanel panel;
};

/// Does something with the menu that opens next, and closes it.
void inNextMenu(const std::function<void(QMenu&)>& act)
{
    QTimer::singleShot(0, [act] {
        auto* const menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
        if (!menu) qFatal("no menu is open");
        act(*menu);
        menu->close();
    });
}

QAction* actionNamed(const QMenu& menu, const QString& text)
{
    for (QAction* const action : menu.actions())
        if (action->text() == text) return action;
    qFatal("no '%s' in the menu", qPrintable(text));
}

QToolButton* chipNamed(const QWidget& bar, const QString& name)
{
    for (auto* const chip : bar.findChildren<QToolButton*>())
        if (chip->text().startsWith(name)) return chip;
    qFatal("no chip '%s'", qPrintable(name));
}

} // namespace

class EventsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        dress(lightColours());
        m_seed = newSeed();
    }

    void theModelIsOneWhateverHappens()
    {
        std::mt19937_64 random(m_seed);
        EventsModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        std::vector<std::tuple<quint64, quint64, quint32>> wanted;
        connect(&model, &EventsModel::rowsWanted, this,
                [&](quint64 revision, quint64 first, quint32 count) { wanted.emplace_back(revision, first, count); });
        for (int i = 0; i < 2000; ++i) {
            switch (random() % 8) {
            case 0:
                model.reset(random() % 3 == 0 ? random() % 50 : random() % 100'000'000);
                break;
            case 1:
                model.resize(model.total() + random() % 5000);
                break;
            case 2:
                if (model.total() > 0) model.anchor(random() % model.total());
                break;
            case 3:
                model.setPlayhead(random() % 1000);
                break;
            case 4:
                if (i % 5 == 0) model.setPointers(random() % 2 ? QStringList{"/a", "/b"} : QStringList{});
                break;
            case 5:
                if (model.total() > 0) model.look(model.base() + random() % 3000, model.base() + random() % 3000 + 40);
                break;
            default:
                if (wanted.empty()) break;
                const auto [revision, first, count] = wanted[random() % wanted.size()];
                std::vector<EventRow> rows;
                for (quint64 row = first; row < first + count; ++row) rows.push_back(madeRow(row));
                model.deliver(revision, first, std::move(rows));
                if (revision == model.revision()) QVERIFY(model.row(first) && model.row(first)->place == first);
            }
            QVERIFY(model.rowCount() <= WindowModel::kWindow);
            QVERIFY(model.base() + static_cast<std::uint64_t>(model.rowCount()) <= model.total());
        }
    }

    void whatIsOutOfDateIsNotShown()
    {
        EventsModel model;
        model.reset(1000);
        const quint64 before = model.revision();
        model.reset(500);
        model.deliver(before, 0, {madeRow(0)});
        QVERIFY(!model.row(0));
        model.deliver(model.revision(), 0, {madeRow(0)});
        QVERIFY(model.row(0));
    }

    void eachBlockIsWantedOnce()
    {
        EventsModel model;
        QSignalSpy wanted(&model, &EventsModel::rowsWanted);
        model.reset(10'000);
        model.look(300, 340);
        QCOMPARE(wanted.count(), 3); // its own, and one to each side
        model.look(310, 350);
        QCOMPARE(wanted.count(), 3);
        model.dropped(model.revision(), 256);
        model.look(310, 350);
        QCOMPARE(wanted.count(), 4);
        QCOMPARE(told<quint64>(wanted, 1), 256ULL);
    }

    void rowsThatHaveNotArrivedArePlaceholders()
    {
        Shown shown(100'000, false);
        shown.panel.model()->setPlayhead(10);
        QCOMPARE(shown.cell(5, EventsModel::Index), QString("5"));
        QCOMPARE(shown.cell(5, EventsModel::Payload), QString());
        QVERIFY(shown.panel.model()->index(20, 0).data(DimRole).toBool());
        QVERIFY(!shown.panel.model()->index(5, 0).data(DimRole).toBool());
    }

    void rowsSayWhatTheEventsAre()
    {
        Shown shown(100'000);
        QCOMPARE(shown.cell(7, EventsModel::Index), QString("7"));
        QCOMPARE(shown.cell(7, EventsModel::Time), QString("2026-11-20 14:03:21.840"));
        QCOMPARE(shown.cell(7, EventsModel::Position), QString("orders[1]@2"));
        QCOMPARE(shown.cell(7, EventsModel::Key), QString("order-2433"));
        QCOMPARE(shown.cell(7, EventsModel::Payload), madeRow(7).payload);
        const QModelIndex type = shown.panel.model()->index(7, EventsModel::Type);
        QCOMPARE(type.data(SwatchRole).value<QColor>(), shown.panel.model()->typeColour(type.data().toString()));
        QCOMPARE(shown.panel.model()->typeColour("ItemAdded"), lightColours().types[0]);
        QCOMPARE(shown.panel.model()->typeColour("never seen"), lightColours().types[7]);
    }

    void thePlayheadCutsPastFromFuture()
    {
        Shown shown(100'000);
        shown.panel.model()->setPlayhead(5);
        for (int row = 0; row < 10; ++row) {
            QCOMPARE(shown.panel.model()->index(row, 0).data(DimRole).toBool(), row >= 5);
            QCOMPARE(shown.panel.model()->index(row, 0).data(CurrentRole).toBool(), row == 4);
        }
        const QImage picture = grabbed(shown.view());
        QVERIFY(pixelsOf(picture, lightColours().selection) > 5000);
    }

    void keysGoThroughAllRows()
    {
        Shown shown(10'000'000);
        QSignalSpy selected(&shown.panel, &EventsPanel::eventSelected);
        QTest::keyClick(&shown.view(), Qt::Key_Down);
        QTest::keyClick(&shown.view(), Qt::Key_Down);
        QCOMPARE(told<quint64>(selected), 1ULL);
        QTest::keyClick(&shown.view(), Qt::Key_End, Qt::ControlModifier);
        QCOMPARE(told<quint64>(selected), 9'999'999ULL);
        QCOMPARE(shown.cell(9'999'999, EventsModel::Index), QString("9999999"));
        QCOMPARE(shown.table().topRow() + static_cast<std::uint64_t>(shown.table().visibleRows()),
                 std::uint64_t{10'000'000});
        for (int i = 0; i < 300; ++i) QTest::keyClick(&shown.view(), Qt::Key_PageUp);
        const auto page = static_cast<unsigned long long>(shown.table().visibleRows() - 1);
        QCOMPARE(told<quint64>(selected), 9'999'999ULL - 300 * page);
        QTest::keyClick(&shown.view(), Qt::Key_Home, Qt::ControlModifier);
        QCOMPARE(shown.table().currentRow(), std::optional<std::uint64_t>(0));
        QCOMPARE(shown.table().topRow(), std::uint64_t{0});
    }

    void theCurrentRowIsAlwaysSeen()
    {
        std::mt19937_64 random(m_seed);
        Shown shown(5'000'000);
        for (int i = 0; i < 60; ++i) {
            const std::uint64_t row = random() % 5'000'000;
            shown.table().setCurrentRow(row);
            QVERIFY(row >= shown.table().topRow()
                    && row < shown.table().topRow() + static_cast<std::uint64_t>(shown.table().visibleRows()));
            QCOMPARE(shown.view().verticalScrollBar()->value(),
                     static_cast<int>(shown.table().topRow() - shown.panel.model()->base()));
            QCOMPARE(shown.cell(row, EventsModel::Index), QString::number(row));
        }
    }

    void theWheelAndTheBarScroll()
    {
        Shown shown(10'000'000);
        shown.wheel(-120);
        QCOMPARE(shown.table().topRow(), std::uint64_t{3});
        shown.wheel(-60);
        shown.wheel(-60);
        QCOMPARE(shown.table().topRow(), std::uint64_t{6});
        shown.wheel(1200);
        QCOMPARE(shown.table().topRow(), std::uint64_t{0});
        auto* const bar = shown.table().findChild<QScrollBar*>(QString(), Qt::FindDirectChildrenOnly);
        bar->setValue(bar->maximum());
        QCOMPARE(shown.table().topRow() + static_cast<std::uint64_t>(shown.table().visibleRows()),
                 std::uint64_t{10'000'000});
        bar->setValue(bar->maximum() / 2);
        QVERIFY(shown.table().topRow() > 4'900'000 && shown.table().topRow() < 5'100'000);
        QVERIFY(shown.cell(shown.table().topRow(), EventsModel::Payload).startsWith('{'));
    }

    void moreRowsThanAScrollBarHas()
    {
        Shown shown(40'000'000'000ULL);
        auto* const bar = shown.table().findChild<QScrollBar*>(QString(), Qt::FindDirectChildrenOnly);
        bar->setValue(bar->maximum());
        QTest::keyClick(&shown.view(), Qt::Key_End, Qt::ControlModifier);
        QCOMPARE(shown.table().currentRow(), std::optional<std::uint64_t>(39'999'999'999ULL));
        QCOMPARE(shown.cell(39'999'999'999ULL, EventsModel::Index), QString("39999999999"));
    }

    void aClickSelectsAndADoubleClickGoes()
    {
        Shown shown(10'000);
        QSignalSpy selected(&shown.panel, &EventsPanel::eventSelected);
        QSignalSpy go(&shown.panel, &EventsPanel::goToWanted);
        shown.table().setTopRow(5000);
        shown.click(5003);
        QCOMPARE(told<quint64>(selected), 5003ULL);
        QCOMPARE(go.count(), 0);
        shown.click(5004);
        QTest::mouseDClick(shown.view().viewport(), Qt::LeftButton, {}, shown.where(5004));
        QCOMPARE(told<quint64>(go), 5004ULL);
        QTest::keyClick(&shown.view(), Qt::Key_Return);
        QCOMPARE(go.count(), 2);
        shown.click(5001);
        shown.click(5006, Qt::ShiftModifier);
        QCOMPARE(shown.table().selectedRows(), (std::vector<quint64>{5001, 5002, 5003, 5004, 5005, 5006}));
        QTest::keyClick(&shown.view(), Qt::Key_Up, Qt::ShiftModifier);
        QCOMPARE(shown.table().selectedRows().size(), std::size_t{5});
    }

    void theMenuOfARow()
    {
        Shown shown(10'000);
        QSignalSpy go(&shown.panel, &EventsPanel::goToWanted);
        QSignalSpy mark(&shown.panel, &EventsPanel::markWanted);
        QSignalSpy aggregate(&shown.panel, &EventsPanel::aggregateWanted);
        QSignalSpy copy(&shown.panel, &EventsPanel::copyWanted);
        shown.click(2);
        shown.click(4, Qt::ShiftModifier);
        inNextMenu([](QMenu& menu) {
            actionNamed(menu, "Go here")->trigger();
            actionNamed(menu, "Set B here")->trigger();
            actionNamed(menu, "Show aggregate")->trigger();
            actionNamed(menu, "Copy as kcat line")->trigger();
        });
        QContextMenuEvent event(QContextMenuEvent::Mouse, shown.where(3),
                                shown.view().viewport()->mapToGlobal(shown.where(3)));
        QCoreApplication::sendEvent(shown.view().viewport(), &event);
        QCOMPARE(told<quint64>(go), 3ULL);
        QCOMPARE(told<bool>(mark), true);
        QCOMPARE(told<quint64>(mark, 1), 3ULL);
        QCOMPARE(told<QString>(aggregate), *madeRow(3).key);
        QCOMPARE(told<CopyAs>(copy), CopyAs::Kcat);
        QCOMPARE(told<std::vector<quint64>>(copy, 1), (std::vector<quint64>{2, 3, 4}));
    }

    void nothingFoundIsASentence()
    {
        Shown shown(100);
        EventQuery query;
        query.filter.text = "nowhere";
        shown.panel.model()->reset(0);
        shown.panel.setMatches(query, {0, 1'204'311, 1'204'311, false});
        auto* const words = shown.view().viewport()->findChild<QLabel*>();
        QVERIFY(words->isVisible());
        QVERIFY2(words->width() > 300 && words->height() > 100, "the sentence has no room");
        QVERIFY(pixelsOf(grabbed(shown.view()), words->palette().color(QPalette::WindowText)) > 30);
        QVERIFY2(words->text().contains("1,204,311"), qPrintable(words->text()));
        QCOMPARE(shown.panel.summary(), QString("0 match · 1,204,311 scanned"));
        shown.panel.model()->reset(3);
        QVERIFY(!words->isVisible());
    }

    void countsAreTold()
    {
        QCOMPARE(matchText({184, 1'204'311, 1'204'311, false}), QString("184 match · 1,204,311 scanned"));
        QCOMPARE(matchText({3, 5000, 1'204'311, true}), QString("3 match · 5,000 of 1,204,311 scanned"));
    }

    void chipsSetAndClearFilters()
    {
        FilterBar bar;
        bar.setChoices({{{"ItemAdded", 300}, {"OrderPlaced", 200}}, {{"orders", 0}, {"orders", 1}}});
        bar.resize(900, 36);
        bar.show();
        QSignalSpy changed(&bar, &FilterBar::queryChanged);

        inNextMenu([](QMenu& menu) {
            auto* const field = menu.findChild<QLineEdit*>();
            QTest::keyClicks(field, "order-7741");
            QTest::keyClick(field, Qt::Key_Return);
        });
        chipNamed(bar, "key")->showMenu();
        QCOMPARE(changed.count(), 1);
        QCOMPARE(bar.query().filter.aggregate, std::optional<std::string>("order-7741"));
        QCOMPARE(chipNamed(bar, "key")->text(), QString("key order-7741"));

        inNextMenu([](QMenu& menu) {
            const auto boxes = menu.findChildren<QCheckBox*>();
            QCOMPARE(boxes.size(), 2);
            QCOMPARE(boxes.at(1)->text(), QString("OrderPlaced  (200)"));
            boxes.at(1)->click();
        });
        chipNamed(bar, "type")->showMenu();
        QCOMPARE(bar.query().filter.types, std::vector<std::string>{"OrderPlaced"});

        inNextMenu([](QMenu& menu) { menu.findChildren<QCheckBox*>().at(1)->click(); });
        chipNamed(bar, "partition")->showMenu();
        QCOMPARE(bar.query().partitions, (std::vector<event::Partition>{{"orders", 1}}));

        inNextMenu([](QMenu& menu) {
            const auto fields = menu.findChildren<QLineEdit*>();
            fields.at(0)->setText("2026-11-20 14:03");
            fields.at(1)->setText("nonsense");
            QTest::keyClick(fields.at(1), Qt::Key_Return);
            QVERIFY(!fields.at(1)->toolTip().isEmpty());
            fields.at(1)->setText("2026-11-20 14:05");
            QTest::keyClick(fields.at(1), Qt::Key_Return);
        });
        chipNamed(bar, "time")->showMenu();
        QCOMPARE(bar.query().time,
                 std::optional<base::TimeRange>({at("2026-11-20T14:03:00Z"), at("2026-11-20T14:05:00Z")}));

        const int before = static_cast<int>(changed.count());
        auto* const chip = chipNamed(bar, "time");
        QTest::mouseClick(chip, Qt::LeftButton, {}, {chip->width() - 10, chip->height() / 2});
        QCOMPARE(changed.count(), before + 1);
        QVERIFY(!bar.query().time);
        QTest::keyClick(chipNamed(bar, "key"), Qt::Key_Delete);
        QVERIFY(!bar.query().filter.aggregate);
    }

    void timesAreTypedInTheZoneThatIsShown()
    {
        const QTimeZone shanghai("Asia/Shanghai");
        const auto read = [&](const char* text, const QTimeZone& zone) {
            const auto time = parseTimeIn(text, zone);
            return time ? *time : base::kBeginningOfTime;
        };
        QVERIFY(read("2026-11-20 14:03:22.118", QTimeZone::utc()) == at("2026-11-20T14:03:22.118Z"));
        QVERIFY(read("2026-11-20 14:03:22.118", shanghai) == at("2026-11-20T06:03:22.118Z"));
        QVERIFY(read("2026-11-20T14:03:22.118Z", shanghai) == at("2026-11-20T14:03:22.118Z"));
        QVERIFY(read("2026-11-20 14:03+01:00", shanghai) == at("2026-11-20T13:03:00Z"));
        QVERIFY(read(" 2026-11-20 ", shanghai) == at("2026-11-19T16:00:00Z"));
        QVERIFY(!parseTimeIn("tomorrow", shanghai));
    }

    void columnsFitTheRowsUntilAPersonSizesThem()
    {
        Shown shown(300);
        QHeaderView& header = *shown.view().horizontalHeader();
        const QFontMetrics metrics(shown.panel.font());
        for (const QString& type : kMadeTypes)
            QVERIFY(header.sectionSize(EventsModel::Type) > metrics.horizontalAdvance(type) + 16);
        const QString time = shown.cell(0, EventsModel::Time);
        QVERIFY(header.sectionSize(EventsModel::Time)
                > QFontMetrics(dataFont(shown.panel.font())).horizontalAdvance(time) + 15);
        header.resizeSection(EventsModel::Key, 77);
        shown.panel.fitToNextRows();
        shown.panel.model()->reset(200);
        QTRY_VERIFY(shown.panel.model()->row(0) != nullptr);
        QCOMPARE(header.sectionSize(EventsModel::Key), 77);
    }

    void aQueryThatIsShownTellsNothing()
    {
        FilterBar bar;
        QSignalSpy changed(&bar, &FilterBar::queryChanged);
        EventQuery query;
        query.filter.types = {"ItemAdded", "OrderPlaced", "OrderShipped"};
        bar.setQuery(query);
        QCOMPARE(changed.count(), 0);
        QCOMPARE(chipNamed(bar, "type")->text(), QString("type ItemAdded and 2 more"));
    }

    void aLogThatGrowsKeepsItsPlace()
    {
        Shown shown(10'000);
        shown.table().setCurrentRow(9'990);
        const std::uint64_t top = shown.table().topRow();
        shown.panel.model()->resize(2'000'000);
        QCOMPARE(shown.table().topRow(), top);
        QCOMPARE(shown.table().currentRow(), std::optional<std::uint64_t>(9'990));
        QTest::keyClick(&shown.view(), Qt::Key_End);
        QCOMPARE(shown.cell(1'999'999, EventsModel::Index), QString("1999999"));
    }

    void columnsFromThePayload()
    {
        Shown shown(1000, false);
        connect(shown.panel.model(), &EventsModel::rowsWanted, this,
                [&](quint64 revision, quint64 first, quint32 count) {
                    std::vector<EventRow> rows;
                    for (quint64 row = first; row < first + count; ++row) {
                        rows.push_back(madeRow(row));
                        rows.back().values = {QString::number(row % 7), QString()};
                    }
                    shown.panel.model()->deliver(revision, first, std::move(rows));
                });
        shown.panel.model()->setPointers({"/qty", "/nothing"});
        QCOMPARE(shown.cell(3, EventsModel::FirstChosen), QString("3"));
        QCOMPARE(shown.cell(3, EventsModel::FirstChosen + 1), QString());
        QCOMPARE(shown.panel.model()->headerData(EventsModel::FirstChosen, Qt::Horizontal, Qt::DisplayRole).toString(),
                 QString("/qty"));
    }

    void pictures()
    {
        for (const bool isDark : {false, true}) {
            const Colours& colours = isDark ? darkColours() : lightColours();
            dress(colours);
            Shown shown(1'204'311);
            shown.panel.setColours(colours);
            EventQuery query;
            query.time = base::TimeRange{at("2026-11-20T14:03:00Z"), at("2026-11-20T14:05:00Z")};
            shown.panel.setMatches(query, {184, 1'204'311, 1'204'311, false});
            shown.panel.model()->setPlayhead(541'208);
            shown.table().setCurrentRow(541'205);
            shown.table().setTopRow(541'199);
            keep(shown.panel, isDark ? "events-dark" : "events-light");
            shown.panel.model()->reset(0);
            shown.panel.setMatches(query, {0, 1'204'311, 1'204'311, false});
            keep(shown.panel, isDark ? "events-empty-dark" : "events-empty-light");
        }
        dress(lightColours());
    }

private:
    unsigned m_seed = 0;
};

QTEST_MAIN(EventsTest)
#include "events_test.moc"
