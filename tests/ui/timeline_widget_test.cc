// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/timeline_widget.h"

#include "tests/ui/widget_test.h"
#include "ui/timeline/overview_strip.h"
#include "ui/timeline/timeline_layout.h"

#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>
#include <qcustomplot.h>

using namespace leftfold;
using namespace leftfold::ui;
using namespace leftfold::ui::test;

namespace {

/// A timeline of a week, shown.
struct Shown {
    Shown()
    {
        widget.resize(1200, 190);
        widget.setDensity(madeDensity(40'000));
        widget.QWidget::show();
        if (!QTest::qWaitForWindowExposed(&widget)) qFatal("not shown");
        QCoreApplication::processEvents();
    }
    [[nodiscard]] QCustomPlot& plot() const { return *widget.findChild<QCustomPlot*>(); }
    [[nodiscard]] QRect area() const { return plot().axisRect()->rect(); }
    [[nodiscard]] TimeScale scale() const { return {widget.visibleRange(), static_cast<double>(area().width())}; }
    /// Where a time is in the plot, half way up.
    [[nodiscard]] QPoint where(base::Time time) const
    {
        return {area().left() + static_cast<int>(std::lround(scale().x(time))), area().center().y()};
    }
    [[nodiscard]] double pixelsBetween(base::Time a, base::Time b) const
    {
        return std::abs(base::nanosBetween(a, b)) / scale().nanosPerPixel();
    }
    void turn(QPoint at, int delta, Qt::KeyboardModifiers modifiers = {})
    {
        QWheelEvent event(at, plot().mapToGlobal(at), {}, {0, delta}, Qt::NoButton, modifiers, Qt::NoScrollPhase,
                          false);
        QCoreApplication::sendEvent(&plot(), &event);
    }
    void drag(QPoint from, QPoint to, Qt::KeyboardModifiers modifiers = {})
    {
        QTest::mousePress(&plot(), Qt::LeftButton, modifiers, from);
        for (int i = 1; i <= 4; ++i) moveTo(from + (to - from) * i / 4, modifiers);
        QTest::mouseRelease(&plot(), Qt::LeftButton, modifiers, to);
    }
    void moveTo(QPoint at, Qt::KeyboardModifiers modifiers = {})
    {
        QMouseEvent event(QEvent::MouseMove, at, plot().mapToGlobal(at), Qt::NoButton, Qt::LeftButton, modifiers);
        QCoreApplication::sendEvent(&plot(), &event);
    }
    [[nodiscard]] QImage picture()
    {
        plot().replot(QCustomPlot::rpImmediateRefresh);
        return grabbed(widget);
    }

    TimelineWidget widget;
};

const char* const kNoon = "2026-11-17T12:00:00Z";

} // namespace

class TimelineWidgetTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        dress(lightColours());
    }

    void atFirstEverythingIsSeen()
    {
        Shown shown;
        QVERIFY(shown.widget.visibleRange().contains(at("2026-11-14T00:00:00Z")));
        QVERIFY(shown.widget.visibleRange().contains(at("2026-11-20T23:59:59Z")));
        QVERIFY(shown.widget.summary().contains("40,000 events"));
        QVERIFY(shown.widget.summary().contains("UTC"));
        QVERIFY2(shown.widget.summary().contains("7 d"), qPrintable(shown.widget.summary()));
        const QImage picture = shown.picture();
        for (const int lane : {0, 1, 2, 3, 4})
            QVERIFY(pixelsOf(picture, lightColours().types[static_cast<std::size_t>(lane)]) > 300);
    }

    void aClickMovesThePlayhead()
    {
        Shown shown;
        QSignalSpy moved(&shown.widget, &TimelineWidget::playheadMoved);
        QTest::mouseClick(&shown.plot(), Qt::LeftButton, {}, shown.where(at(kNoon)));
        QCOMPARE(moved.count(), 1);
        QVERIFY(shown.pixelsBetween(told<base::Time>(moved), at(kNoon)) <= 1.1);
    }

    void theWheelZoomsAtThePointer()
    {
        Shown shown;
        const QPoint pointer = shown.where(at(kNoon));
        const double before = base::nanosBetween(shown.widget.visibleRange().from, shown.widget.visibleRange().to);
        for (int i = 0; i < 8; ++i) shown.turn(pointer, 120);
        const double after = base::nanosBetween(shown.widget.visibleRange().from, shown.widget.visibleRange().to);
        QVERIFY(after < before / 5);
        QVERIFY((shown.where(at(kNoon)) - pointer).manhattanLength() <= 4);
        for (int i = 0; i < 20; ++i) shown.turn(pointer, -120);
        QVERIFY(base::nanosBetween(shown.widget.visibleRange().from, shown.widget.visibleRange().to) == before);
    }

    void draggingPansAndIsOneStepBack()
    {
        Shown shown;
        shown.widget.show({at("2026-11-16T00:00:00Z"), at("2026-11-18T00:00:00Z")});
        const base::TimeRange before = shown.widget.visibleRange();
        QSignalSpy moved(&shown.widget, &TimelineWidget::playheadMoved);
        shown.drag({600, 80}, {400, 80});
        QVERIFY(shown.pixelsBetween(shown.widget.visibleRange().from, before.from) > 195);
        QVERIFY(shown.pixelsBetween(shown.widget.visibleRange().from, before.from) < 205);
        QCOMPARE(moved.count(), 0);
        shown.widget.back();
        QVERIFY(shown.widget.visibleRange() == before);
        shown.widget.back();
        QVERIFY(!shown.widget.canGoBack());
    }

    void shiftDragSelectsARange()
    {
        Shown shown;
        QSignalSpy selected(&shown.widget, &TimelineWidget::rangeSelected);
        const base::TimeRange before = shown.widget.visibleRange();
        const base::Time from = at("2026-11-15T12:00:00Z");
        const base::Time to = at("2026-11-18T12:00:00Z");
        shown.drag(shown.where(to), shown.where(from), Qt::ShiftModifier); // backwards
        QCOMPARE(selected.count(), 1);
        const auto range = told<base::TimeRange>(selected);
        QVERIFY(shown.pixelsBetween(range.from, from) <= 1.1);
        QVERIFY(shown.pixelsBetween(range.to, to) <= 1.1);
        QVERIFY(shown.widget.visibleRange() == before);
        QTest::mouseClick(&shown.plot(), Qt::LeftButton, Qt::ShiftModifier, shown.where(from));
        QCOMPARE(selected.count(), 1);
    }

    void draggingThePlayheadScrubs()
    {
        Shown shown;
        shown.widget.setPlayhead(at(kNoon));
        QSignalSpy moved(&shown.widget, &TimelineWidget::playheadMoved);
        QSignalSpy began(&shown.widget, &TimelineWidget::scrubBegan);
        QSignalSpy ended(&shown.widget, &TimelineWidget::scrubEnded);
        const base::TimeRange before = shown.widget.visibleRange();
        const base::Time to = at("2026-11-19T12:00:00Z");
        shown.drag(shown.where(at(kNoon)) + QPoint(2, 0), shown.where(to));
        QCOMPARE(began.count(), 1);
        QCOMPARE(ended.count(), 1);
        QCOMPARE(moved.count(), 4);
        QVERIFY(shown.pixelsBetween(told<base::Time>(moved), to) <= 1.1);
        QVERIFY(shown.widget.visibleRange() == before);
    }

    void movingThePlayheadPaintsItsLayerAlone()
    {
        Shown shown;
        QSignalSpy painted(&shown.plot(), &QCustomPlot::afterReplot);
        shown.widget.setPlayhead(at(kNoon));
        shown.widget.setPlayhead(at("2026-11-18T12:00:00Z"));
        shown.widget.setMark(Mark::A, at(kNoon));
        QCoreApplication::processEvents();
        QCOMPARE(painted.count(), 0);
        const QImage picture = grabbed(shown.widget);
        const QPoint line = shown.plot().mapTo(&shown.widget, shown.where(at("2026-11-18T12:00:00Z")));
        QVERIFY(pixelsOf(picture, lightColours().text, {line.x() - 1, shown.area().top() + 5, 3, 40}) >= 40);
    }

    void whatIsAfterThePlayheadIsDimmed()
    {
        Shown shown;
        shown.widget.setPlayhead(at(kNoon));
        const QImage picture = shown.picture();
        const int x = shown.plot().mapTo(&shown.widget, shown.where(at(kNoon))).x();
        const QColor colour = lightColours().types[0];
        QVERIFY(pixelsOf(picture, colour, {0, 0, x - 2, picture.height() - 30}) > 1000);
        QCOMPARE(pixelsOf(picture, colour, {x + 2, 0, picture.width(), picture.height() - 30}), 0);
    }

    void theHistoryOfAnAggregateStandsBelowTheAxis()
    {
        Shown shown;
        const QColor ink(0x12, 0x34, 0x56);
        const QPoint noon = shown.where(at(kNoon));
        const QRect below(noon.x() - 4, shown.area().bottom() + 1, 9, 10);
        const auto inked = [&] { return pixelsOf(shown.picture(), ink, below.translated(shown.plot().pos())); };
        QCOMPARE(inked(), 0);
        shown.widget.setDots({{at(kNoon), ink, true}});
        QVERIFY(inked() > 10);
        shown.widget.setDots({{at(kNoon), ink, false}}); // after the playhead: dimmed
        QCOMPARE(inked(), 0);
    }

    void marksHaveFlags()
    {
        Shown shown;
        const QImage without = shown.picture();
        shown.widget.setMark(Mark::A, at("2026-11-16T00:00:00Z"));
        shown.widget.setMark(Mark::B, at("2026-11-19T00:00:00Z"));
        const QImage with = shown.picture();
        const QRect flags(0, 0, with.width(), 18);
        QVERIFY(pixelsOf(with, lightColours().accent, flags) > 60);
        QVERIFY(pixelsOf(with, lightColours().types[2], flags) > 60);
        QCOMPARE(pixelsOf(without, lightColours().accent, flags), 0);
        shown.widget.setMark(Mark::A, std::nullopt);
        QCOMPARE(pixelsOf(shown.picture(), lightColours().accent, flags), 0);
    }

    void bookmarksHavePennants()
    {
        Shown shown;
        const QRect flags(0, 0, shown.picture().width(), 12);
        const auto inked = [&] { return pixelsOf(shown.picture(), lightColours().secondary, flags); };
        QCOMPARE(inked(), 0);
        shown.widget.setPennants({{at("2026-11-16T00:00:00Z"), "the refund"}, {at("1999-01-01T00:00:00Z"), "unseen"}});
        QVERIFY(inked() > 20);
        shown.widget.setPennants({});
        QCOMPARE(inked(), 0);
    }

    void keysPanAndZoom()
    {
        Shown shown;
        shown.widget.show({at("2026-11-16T00:00:00Z"), at("2026-11-18T00:00:00Z")});
        const base::TimeRange before = shown.widget.visibleRange();
        QTest::keyClick(&shown.widget, Qt::Key_Right);
        QVERIFY(before.from < shown.widget.visibleRange().from);
        QTest::keyClick(&shown.widget, Qt::Key_Left);
        QVERIFY(shown.widget.visibleRange() == before);
        QTest::keyClick(&shown.widget, Qt::Key_Plus);
        const auto length = [&] {
            return base::nanosBetween(shown.widget.visibleRange().from, shown.widget.visibleRange().to);
        };
        QVERIFY(length() < base::nanosBetween(before.from, before.to));
        QTest::keyClick(&shown.widget, Qt::Key_Home);
        QVERIFY(shown.widget.visibleRange().from < at("2026-11-14T00:00:01Z"));
        QTest::keyClick(&shown.widget, Qt::Key_End);
        QVERIFY(at("2026-11-20T23:00:00Z") < shown.widget.visibleRange().to);
        QTest::keyClick(&shown.widget, Qt::Key_0);
        QVERIFY(length() > 7 * 86400e9);
        QTest::keyClick(&shown.widget, Qt::Key_Backspace);
        QVERIFY(length() < 7 * 86400e9);
    }

    void keysZoomAtThePlayhead()
    {
        Shown shown;
        shown.widget.setPlayhead(at(kNoon));
        const int before = shown.where(at(kNoon)).x();
        for (int i = 0; i < 5; ++i) QTest::keyClick(&shown.widget, Qt::Key_Plus);
        QVERIFY(std::abs(shown.where(at(kNoon)).x() - before) <= 2);
    }

    void finerThanItsBucketsADetailIsWanted()
    {
        Shown shown;
        shown.widget.setPlayhead(at("2026-11-20T00:00:00Z"));
        QSignalSpy wanted(&shown.widget, &TimelineWidget::detailWanted);
        shown.widget.show({at("2026-11-17T12:00:00Z"), at("2026-11-17T12:00:10Z")});
        QVERIFY(wanted.wait(3000));
        const auto range = told<base::TimeRange>(wanted);
        QVERIFY(range.from < at("2026-11-17T12:00:00Z") && at("2026-11-17T12:00:10Z") < range.to);
        replay::DensityMaker maker(range, {"ItemAdded"});
        maker.add(at("2026-11-17T12:00:05Z"), 0);
        const QImage before = shown.picture();
        shown.widget.setDetail(maker.finish());
        const QImage after = shown.picture();
        QVERIFY(before != after);
        const QPoint bar = shown.plot().mapTo(&shown.widget, shown.where(at("2026-11-17T12:00:05Z")));
        QVERIFY(pixelsOf(after, lightColours().types[0], {bar.x() - 2, shown.area().top(), 5, shown.area().height()})
                > 10);
        wanted.clear();
        shown.widget.show({at("2026-11-17T12:00:03Z"), at("2026-11-17T12:00:06Z")});
        QVERIFY(!wanted.wait(250));
    }

    void moreOfTheLogKeepsWhatIsSeen()
    {
        Shown shown;
        const base::TimeRange part{at("2026-11-16T00:00:00Z"), at("2026-11-18T00:00:00Z")};
        shown.widget.show(part);
        shown.widget.setDensity(madeDensity(50'000, at("2026-11-15T00:00:00Z")));
        QVERIFY(shown.widget.visibleRange() == part);
        shown.widget.showAll();
        shown.widget.setDensity(madeDensity(50'000, at("2026-11-16T00:00:00Z")));
        QVERIFY(shown.widget.visibleRange().contains(at("2026-11-22T23:00:00Z")));
    }

    void theOverviewMovesWhatIsSeen()
    {
        Shown shown;
        shown.widget.show({at("2026-11-16T00:00:00Z"), at("2026-11-16T12:00:00Z")});
        auto* const strip = shown.widget.findChild<OverviewStrip*>();
        QTest::mouseClick(strip, Qt::LeftButton, {}, {strip->width() * 9 / 10, 8});
        QVERIFY(shown.widget.visibleRange().contains(at("2026-11-20T08:00:00Z")));
        QCOMPARE(qRound(base::nanosBetween(shown.widget.visibleRange().from, shown.widget.visibleRange().to) / 3600e9),
                 12);
    }

    void theTimeZoneIsShownAndChosen()
    {
        Shown shown;
        auto* const button = shown.widget.findChild<QToolButton*>();
        QCOMPARE(button->text(), QString("UTC"));
        QSignalSpy chosen(&shown.widget, &TimelineWidget::zoneChosen);
        button->menu()->actions().last()->trigger();
        QCOMPARE(chosen.count(), 1);
        QCOMPARE(told<Zone>(chosen), Zone::Local);
        shown.widget.setZone(Zone::Local);
        QVERIFY(button->text() != "UTC");
        QVERIFY(shown.widget.summary().contains(zoneName(at("2026-11-20T12:00:00Z"), timeZone(Zone::Local))));
    }

    void whatIsMissingIsHatchedAndNamed()
    {
        Shown shown;
        const QImage before = shown.picture();
        shown.widget.setIncomplete(
            {{{at("2026-11-13T00:00:00Z"), at("2026-11-14T06:00:00Z")}, "orders[2]: expired before @1042"}});
        const QImage after = shown.picture();
        QVERIFY(before.copy(shown.area()) != after.copy(shown.area()));
    }

    void anEmptyLogHasAnAxisAndNothingElse()
    {
        TimelineWidget widget;
        widget.resize(800, 180);
        widget.QWidget::show();
        widget.setDensity(replay::Density());
        widget.setPlayhead(std::nullopt);
        QCOMPARE(widget.summary(), QString("no events with a time"));
        for (const int key : {Qt::Key_Plus, Qt::Key_Left, Qt::Key_End, Qt::Key_0, Qt::Key_Backspace})
            QTest::keyClick(&widget, static_cast<Qt::Key>(key));
        QVERIFY(!widget.grab().isNull());
    }

    void pictures()
    {
        for (const bool isDark : {false, true}) {
            const Colours& colours = isDark ? darkColours() : lightColours();
            dress(colours);
            Shown shown;
            shown.widget.setColours(colours);
            shown.widget.resize(1560, 200);
            shown.widget.setMark(Mark::A, at("2026-11-18T06:40:00Z"));
            shown.widget.setMark(Mark::B, at("2026-11-20T02:00:00Z"));
            shown.widget.setPlayhead(at("2026-11-19T08:20:00Z"));
            shown.widget.setIncomplete(
                {{{at("2026-11-13T00:00:00Z"), at("2026-11-14T12:00:00Z")}, "orders[2]: expired before @1042"}});
            QCoreApplication::processEvents();
            keep(shown.widget, isDark ? "timeline-dark" : "timeline-light");
            shown.widget.show({at("2026-11-18T06:00:00Z"), at("2026-11-18T06:00:20Z")});
            shown.widget.setSelectedRange(base::TimeRange{at("2026-11-18T06:00:04Z"), at("2026-11-18T06:00:08Z")});
            QCoreApplication::processEvents();
            keep(shown.widget, isDark ? "timeline-close-dark" : "timeline-close-light");
        }
        dress(lightColours());
    }
};

QTEST_MAIN(TimelineWidgetTest)
#include "timeline_widget_test.moc"
