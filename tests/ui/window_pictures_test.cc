// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/made_window.h"
#include "tests/ui/painted_texts.h"
#include "ui/debug/breakpoints_panel.h"
#include "ui/debug/script_panel.h"
#include "ui/language.h"
#include "ui/timeline/timeline_widget.h"
#include "ui/window/start_page.h"

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QImage>
#include <QLineEdit>
#include <QPushButton>
#include <QSplitter>
#include <QTranslator>
#include <qcustomplot.h>

using namespace leftfold;
using namespace leftfold::ui;
using namespace leftfold::ui::test;

namespace {

/// As much as takes some time to read.
constexpr int kTimesTheSample = 40;

const char* const kFailing = "({\n  // counts\n  init: () => ({ n: 0, \"total\": 0.5 }),\n  apply: (state, e) => {\n"
                             "    log(`at ${e.eventType}`);\n"
                             "    if (e.eventType === 'PaymentFailed') throw new Error('oh no');\n"
                             "    state.n += 1;\n    return state;\n  },\n})\n";

/// How many of the pixels of two pictures of one size differ.
double difference(const QImage& a, const QImage& b)
{
    qsizetype different = 0;
    for (int y = 0; y < a.height(); ++y) {
        for (int x = 0; x < a.width(); ++x) different += a.pixel(x, y) != b.pixel(x, y) ? 1 : 0;
    }
    return static_cast<double>(different) / (static_cast<double>(a.width()) * a.height());
}

/// Something is written there: not all of it has one colour.
bool isInked(const QImage& picture, const QRect& area)
{
    const QRect inside = area & picture.rect();
    if (inside.isEmpty()) return false;
    const QRgb first = picture.pixel(inside.topLeft());
    for (int y = inside.top(); y <= inside.bottom(); ++y) {
        for (int x = inside.left(); x <= inside.right(); ++x) {
            if (picture.pixel(x, y) != first) return true;
        }
    }
    return false;
}

/// The colour that most of a picture has, by every seventh pixel.
QRgb ground(const QImage& picture)
{
    QHash<QRgb, int> counts;
    for (int y = 0; y < picture.height(); y += 7) {
        for (int x = 0; x < picture.width(); x += 7) ++counts[picture.pixel(x, y)];
    }
    return std::max_element(counts.begin(), counts.end()).key();
}

/// A text of a class of the window, in the language it speaks now.
QString said(const char* context, const char* text)
{
    return QCoreApplication::translate((QByteArray("leftfold::ui::") + context).constData(), text);
}

/// Its words up to what is filled in.
QString saidBegin(const char* context, const char* text)
{
    const QString whole = said(context, text);
    const qsizetype at = whole.indexOf(u'%');
    return (at == 0 ? whole.mid(2) : whole.left(at)).trimmed();
}

} // namespace

/// Pictures of the window for people, in pictures/ beside the test: every state in every dress, with the texts that have to
/// be there.
class WindowPicturesTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        QFile sample(kShop);
        QVERIFY(sample.open(QIODevice::ReadOnly));
        const QByteArray events = sample.readAll();
        QFile large(largePath());
        QVERIFY(large.open(QIODevice::WriteOnly));
        for (int i = 0; i < kTimesTheSample; ++i) large.write(events);
    }

    void pictures_data()
    {
        QTest::addColumn<int>("theme");
        QTest::addColumn<QSize>("size");
        QTest::addColumn<QString>("language");
        const std::pair<const char*, QSize> sizes[] = {{"1600x1000", {1600, 1000}}, {"1280x720", {1280, 720}}};
        for (const auto& [name, size] : sizes) {
            QTest::addRow("light-%s", name) << static_cast<int>(Theme::Light) << size << "en";
            QTest::addRow("dark-%s", name) << static_cast<int>(Theme::Dark) << size << "en";
            QTest::addRow("chinese-%s", name) << static_cast<int>(Theme::Light) << size << "zh_CN";
        }
    }
    void pictures()
    {
        QFETCH(int, theme);
        QFETCH(QSize, size);
        QFETCH(QString, language);
        speak(*qApp, localeOf(language));
        MadeWindow made(false);
        m_ground = (theme == static_cast<int>(Theme::Dark) ? darkColours() : lightColours()).panel.rgb();
        made.window.setTheme(static_cast<Theme>(theme));
        made.window.resize(size);
        made.window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&made.window));
        QCOMPARE(made.window.size(), size);
        if (language == "zh_CN") QVERIFY(said("StartPage", "Open a log") != "Open a log");

        beforeALogIsOpen(made);
        theSampleOpen(made);
        if (made.window.store()->open() == nullptr) return;
        itsPanels(made);
        itsDebugger(made);
        if (QTest::currentTestFailed()) return;
        whatIsNotThere(made);
    }

    /// The picture at the top of README.md: the walk's double charge, where a run to a breakpoint met it.
    void theDebuggerAtWork()
    {
        MadeWindow made(false);
        m_empty = {};
        made.window.setTheme(Theme::Light);
        made.window.resize(1600, 1000);
        made.window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&made.window));
        QVERIFY(made.openedSample());
        QDockWidget* script = made.dock("script");
        QDockWidget* breakpoints = made.dock("breakpoints");
        made.window.addDockWidget(Qt::BottomDockWidgetArea, breakpoints, Qt::Horizontal);
        breakpoints->show();
        made.window.resizeDocks({script, breakpoints}, {1090, 510}, Qt::Horizontal);
        made.window.resizeDocks({made.dock("timeline"), script}, {180, 390}, Qt::Vertical);
        script->raise();
        auto* panel = made.window.findChild<ScriptPanel*>();
        panel->findChild<QSplitter*>()->setSizes({680, 410});
        QVERIFY(panel->openScript(LEFTFOLD_SOURCE_DIR "/resources/samples/payments.js"));
        QVERIFY(made.settled());
        for (const char* each : {"when /before/status = captured", "of payment-1219 changes /status",
                                 "type PaymentFailed log js: (before, event, after) => event.body.data.reason"}) {
            made.act(workspace::ListBreakpoint{each});
            QVERIFY(made.settled());
        }
        made.act(workspace::GoToText{"@start"});
        QVERIFY(made.settled());
        made.press(Qt::Key_F5);
        QVERIFY(made.settled());
        QCOMPARE(made.behind(), 633U);
        (void)take(made, "debugger",
                   {"payments.js", "when /before/status = captured", "632 PaymentCaptured", "payment-1093", "122.2",
                    "61.1", "no error in 3,448 events"});
    }

    void cleanup()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        for (auto* translator : qApp->findChildren<QTranslator*>()) delete translator;
    }

private:
    [[nodiscard]] QString largePath() const { return QString::fromStdString(m_folder.path("large.jsonl")); }

    void beforeALogIsOpen(MadeWindow& made)
    {
        m_empty = {};
        m_empty = take(made, "start",
                       {said("StartPage", "Open a log"), said("StartPage", "Open file…"),
                        said("StartPage", "Open the sample"), said("StartPage", "Or drop a file here.")});
        bool isTaken = false;
        const auto whileItLoads = connect(made.window.store(), &Store::changed, this, [&] {
            const auto* loading = std::get_if<workspace::Loading>(&made.window.store()->state().log);
            if (isTaken || loading == nullptr || loading->progress.events == 0) return;
            isTaken = true;
            const QString events = saidBegin("StartPage", "%1 events");
            (void)take(made, "loading",
                       {saidBegin("StartPage", "Reading %1") + " large.jsonl", events, said("StartPage", "Cancel")});
            QTest::mouseClick(made.button(said("StartPage", "Cancel")), Qt::LeftButton);
        });
        made.window.openPaths({largePath()});
        QVERIFY(made.settled());
        disconnect(whileItLoads);
        QVERIFY(isTaken);
        QVERIFY(made.window.findChild<StartPage*>()->isVisible());
    }

    void theSampleOpen(MadeWindow& made)
    {
        QVERIFY(made.openedSample());
        m_loaded = take(made, "loaded",
                        {said("MainWindow", "Events"), said("MainWindow", "Timeline"), said("MainWindow", "Log"),
                         said("MainWindow", "Aggregate"), "sku-mug-white", "2026-01-05 06:01:05.731", "StockReserved",
                         "shop[0]@0", said("EventsModel", "position"), said("FilterBar", "partition")});
        made.act(workspace::GoToText{"#1731"});
        QVERIFY(made.settled());
        made.act(workspace::ChooseAggregate{"payment-1271"});
        made.act(workspace::SetMark{workspace::Mark::A, workspace::Target(event::When(event::EventIndex{1200}))});
        made.act(workspace::SetMark{workspace::Mark::B, workspace::Target(event::When(event::EventIndex{2600}))});
        QVERIFY(made.settled());
        made.press(Qt::Key_F11);
        QVERIFY(made.settled());
        // In a small window a long type is cut.
        const QString writer = made.window.width() < 1600 ? "1732 Payment" : "1732 PaymentAuthorized";
        const QImage stepped = take(made, "stepped",
                                    {"payment-1271", "PaymentFailed", "PaymentAuthorized", "2026-01-27 07:29:03.173",
                                     said("JsonTreeModel", "last written by"), writer, "2", "#1732"});
        QVERIFY(difference(m_loaded, stepped) > 0.05);
        scrub(made);
    }

    /// The playhead is held, somewhere to the left of where it was.
    void scrub(MadeWindow& made)
    {
        auto* timeline = made.window.findChild<TimelineWidget*>();
        auto* plot = timeline->findChild<QCustomPlot*>();
        const QRect area = plot->axisRect()->rect();
        const base::TimeRange seen = timeline->visibleRange();
        const double share =
            base::nanosBetween(seen.from, made.open().playhead->last->time) / base::nanosBetween(seen.from, seen.to);
        const QPoint from(area.left() + static_cast<int>(share * area.width()), area.center().y());
        const std::uint64_t behind = made.behind();
        const QImage before = made.window.grab().toImage();
        QTest::mousePress(plot, Qt::LeftButton, {}, from);
        const QPoint to = from - QPoint(area.width() / 4, 0);
        for (int i = 1; i <= 8; ++i) {
            const QPoint at = from + (to - from) * i / 8;
            QMouseEvent move(QEvent::MouseMove, at, plot->mapToGlobal(at), Qt::NoButton, Qt::LeftButton, {});
            QCoreApplication::sendEvent(plot, &move);
            QTest::qWait(1);
        }
        QVERIFY(made.settled());
        QVERIFY(made.behind() < behind);
        const auto& last = *made.open().playhead->last;
        const QImage scrubbed =
            take(made, "scrubbed", {QString::number(last.index.value), QString::fromStdString(last.type)});
        QVERIFY(difference(before, scrubbed) > 0.02);
        QTest::mouseRelease(plot, Qt::LeftButton, {}, to);
        made.press(Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(made.settled());
        QCOMPARE(made.behind(), behind);
    }

    void itsPanels(MadeWindow& made)
    {
        const std::pair<const char*, QStringList> panels[] = {
            {"aggregates", {said("AggregatesModel", "last event"), "order-1003"}},
            {"diff",
             {said("DiffPanel", "created"), said("DiffPanel", "events between"), "order-1139",
              said("DiffPanel", "changed"), said("DiffPanel", "The events behind each change")}},
            {"projection",
             {said("ProjectionPanel", "Aggregates by"), "/aggregateId", said("ProjectionPanel", "Change")}},
            {"problems", {said("ProblemsModel", "what was found"), "shop[0]@2426"}}};
        for (const auto& [panel, texts] : panels) {
            const QImage before = made.window.grab().toImage();
            made.dock(panel)->raise();
            QTest::qWait(20);
            QVERIFY(made.settled());
            if (panel == QLatin1String("diff")) made.act(workspace::ChoosePair{"order-1139"});
            QVERIFY(made.settled());
            QVERIFY(difference(before, take(made, panel, texts)) > 0.02);
        }
    }

    void itsDebugger(MadeWindow& made)
    {
        const auto look = [&](const char* panel, const QString& name, const QStringList& texts) {
            made.dock(panel)->show();
            made.dock(panel)->raise();
            QVERIFY(made.settled());
            (void)take(made, name, texts);
        };
        look("breakpoints", "no-breakpoints",
             {saidBegin("BreakpointsPanel", "F5 runs on to where a breakpoint holds, Shift+F5 back to the last such "
                                            "event before."),
              said("BreakpointsPanel", "Add")});
        look("script", "no-script", {said("ScriptPanel", "New script, not saved yet"), "apply:"});
        look("plot", "no-plot", {said("PlotPanel", "Draw")});
        made.act(workspace::GoToText{"@start"});
        for (const char* each : {"type PaymentFailed", "becomes /types/PaymentCaptured = 2",
                                 "type OrderPlaced log js: (before, event, after) => event.body.data"}) {
            made.act(workspace::ListBreakpoint{each});
            QVERIFY(made.settled());
        }
        made.press(Qt::Key_F5);
        look("breakpoints", "breakpoints",
             {"becomes /types/PaymentCaptured = 2", saidBegin("BreakpointsPanel", "Stopped behind %1"),
              "71 PaymentFailed", "payment-1014", said("HitsModel", "what it said")});
        made.window.findChild<BreakpointsPanel*>()->findChild<QLineEdit*>()->setText("of order-7 chnges /x");
        QTRY_VERIFY(made.open().of<workspace::AskBreakpoint>().answer->error.has_value());
        look("breakpoints", "wrong-breakpoint", {"chnges"});
        auto* script = made.window.findChild<ScriptPanel*>();
        const QString path = QString::fromStdString(made.folder.path("counting.js"));
        script->editor()->setText(kFailing);
        QVERIFY(script->saveAs(path));
        look("script", "script-fails", {"counting.js", "oh no", "71 PaymentFailed", "0 StockReceived"});
        made.act(workspace::ChooseAggregate{"payment-1271"});
        made.act(workspace::GoToText{"@end"});
        for (const char* other : {"state.n += 1", "state.n += 2"}) {
            script->editor()->setText(QString(kFailing).replace("throw new Error('oh no')", other));
            QVERIFY(script->saveAs(path));
            QVERIFY(made.settled());
        }
        look("script", "script", {"counting.js", saidBegin("ScriptPanel", "no error in %1 events"), "payment-1271"});
        made.act(workspace::CompareVersions{});
        look("script", "script-compared",
             {saidBegin("ScriptPanel", "The versions part here first, over %1: %2 of %3 "
                                       "aggregates part")});
        made.act(workspace::ChooseAggregate{"sku-mug-white"});
        made.act(workspace::DrawPlot{workspace::PlotChoice{"state => state.n"}});
        look("plot", "plot", {"state => state.n", "sku-mug-white"});
        made.act(workspace::DrawPlot{
            workspace::PlotChoice{"(state, event) => event.body.data.amount", std::chrono::seconds(86'400)}});
        look("plot", "plot-over-all", {said("PlotPanel", "over all, by time"), said("PlotPanel", "sum")});
        made.act(workspace::ShowProjection{0});
        QVERIFY(made.settled());
    }

    void whatIsNotThere(MadeWindow& made)
    {
        workspace::EventChoice choice;
        choice.filter.text = "no such text";
        made.act(workspace::ListEvents{choice});
        QVERIFY(made.settled());
        const QImage empty = take(made, "nothing-listed",
                                  {"no such text", saidBegin("EventsPanel", "None of the %1 events match. Take a "
                                                                            "filter away, or widen it.")});
        QVERIFY(difference(m_loaded, empty) > 0.05);
        made.window.openPaths({QString::fromStdString(m_folder.path("none.jsonl"))});
        QVERIFY(made.settled());
        (void)take(made, "error",
                   {"none.jsonl", said("StartPage", "Try again"), said("StartPage", "Choose another log")});
    }

    /// Keeps a picture of the window; it is not that of the empty window, its colours are those of the theme, and the texts are
    /// painted in it.
    QImage take(MadeWindow& made, const QString& name, const QStringList& texts)
    {
        QTest::qWait(20);
        const QImage picture = made.window.grab().toImage();
        const QDir folder(QCoreApplication::applicationDirPath());
        folder.mkpath("pictures");
        const char* dress = QTest::currentDataTag();
        const QString file = dress == nullptr ? name : name + u'-' + QLatin1String(dress);
        picture.save(folder.filePath(QString("pictures/%1.png").arg(file)));
        const std::vector<PaintedText> painted = paintedTexts(made.window);
        const auto isPainted = [&](const QString& text) {
            return std::ranges::any_of(painted, [&](const PaintedText& each) {
                return each.text.contains(text) && each.isSeen() && isInked(picture, each.ink.toAlignedRect());
            });
        };
        const auto check = [&] {
            for (const QString& text : texts)
                QVERIFY2(isPainted(text), qPrintable(QString("%1 of %2").arg(text, name)));
            QVERIFY2(m_empty.isNull() || difference(m_empty, picture) > 0.02, qPrintable(name));
            const bool isOfTheTheme =
                m_empty.isNull() || name == "error" || name == "loading" || ground(picture) == m_ground;
            QVERIFY2(isOfTheTheme, qPrintable(name));
        };
        check();
        return picture;
    }

    const capture::test::Folder m_folder;
    QImage m_empty; ///< no log is open
    QImage m_loaded;
    QRgb m_ground = 0;
};

QTEST_MAIN(WindowPicturesTest)
#include "window_pictures_test.moc"
