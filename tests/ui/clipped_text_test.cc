// SPDX-License-Identifier: GPL-3.0-or-later
// No text of the window is cut where it should not be: in both languages, in a large and a small window, and with
// QT_SCALE_FACTOR=2 (an entry of ctest of its own). What is painted is compared with where it may be seen, and what controls
// ask for with what they have.
#include "tests/ui/clipped_findings.h"
#include "tests/ui/kafka_values.h"
#include "tests/ui/made_window.h"
#include "ui/debug/breakpoints_panel.h"
#include "ui/debug/script_panel.h"
#include "ui/events/events_panel.h"
#include "ui/events/filter_bar.h"
#include "ui/kafka/connect_dialog.h"
#include "ui/language.h"
#include "ui/panels/event_panel.h"
#include "ui/table/quiet_header.h"
#include "ui/views/views_panel.h"
#include "ui/window/command_palette.h"
#include "ui/window/export_dialog.h"
#include "ui/window/start_page.h"

#include <QApplication>
#include <QComboBox>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QStackedWidget>
#include <QTimer>
#include <QTranslator>

using namespace leftfold;
using namespace leftfold::ui;
using namespace leftfold::ui::test;

namespace {

const char* const kFailing = "({\n  init: () => ({ n: 0 }),\n  apply: (state, e) => {\n    log(`at ${e.eventType}`);\n"
                             "    if (e.eventType === 'PaymentFailed') throw new Error('oh no');\n"
                             "    state.n += 1;\n    return state;\n  },\n})\n";

} // namespace

class ClippedTextTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        const bool isDoubled = qEnvironmentVariable("QT_SCALE_FACTOR") == "2";
        QCOMPARE(qApp->devicePixelRatio(), isDoubled ? 2.0 : 1.0);
    }

    void aTextThatIsCutIsFound()
    {
        QWidget window;
        auto* narrow = new QPushButton("A text that has no room here", &window);
        narrow->setFixedSize(60, 24);
        auto* low = new QLabel("Lower than its text", &window);
        low->setGeometry(0, 40, 300, 6);
        auto* good = new QLabel("All of it", &window);
        good->setGeometry(0, 80, 300, 30);
        window.resize(400, 200);
        window.show();
        Findings findings;
        findings.look(window, "made");
        QCOMPARE(findings.texts(), 3);
        const QString all = listed(findings);
        QVERIFY2(all.contains("A text that has no room here") && all.contains("Lower than its text"), qPrintable(all));
        QVERIFY2(!all.contains("All of it"), qPrintable(all));
    }

    void nothingIsCut_data()
    {
        QTest::addColumn<QString>("language");
        QTest::addColumn<QSize>("size");
        for (const char* language : {"en", "zh_CN"}) {
            QTest::addRow("%s 1600x1000", language) << language << QSize(1600, 1000);
            QTest::addRow("%s 1280x720", language) << language << QSize(1280, 720);
        }
    }
    void nothingIsCut()
    {
        QFETCH(QString, language);
        QFETCH(QSize, size);
        speak(*qApp, localeOf(language));
        MadeWindow made(false);
        made.window.resize(size);
        made.window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&made.window));
        Findings findings;
        lookAtStart(made, findings);
        QVERIFY(made.openedSample());
        made.act(workspace::GoToText{"#1731"});
        made.act(workspace::ChooseAggregate{"payment-1271"});
        made.act(workspace::SetMark{workspace::Mark::A, workspace::Target(event::When(event::EventIndex{1200}))});
        made.act(workspace::SetMark{workspace::Mark::B, workspace::Target(event::When(event::EventIndex{2600}))});
        QVERIFY(made.settled());
        made.press(Qt::Key_F11);
        QVERIFY(made.settled());
        lookAtPanels(made, findings);
        if (QTest::currentTestFailed()) return;
        lookAtDialogs(made, findings);
        lookAtMenus(made, findings);
        lookAtFilters(made, findings);
        lookAtDebugger(made, findings);
        if (QTest::currentTestFailed()) return;
        QVERIFY(findings.texts() > 1000);
        for (const QString& finding : findings.all()) qWarning("%s", qPrintable(finding));
        QVERIFY(findings.all().empty());
    }

    void nothingOfKafkaIsCut_data()
    {
        QTest::addColumn<QString>("language");
        for (const char* language : {"en", "zh_CN"}) QTest::newRow(language) << language;
    }
    /// As large as it opens, and as small as it can be made.
    void nothingOfKafkaIsCut()
    {
        QFETCH(QString, language);
        speak(*qApp, localeOf(language));
        MadeWindow made;
        QVERIFY(made.openedSample());
        Findings findings;
        for (const bool isSmall : {false, true}) {
            ConnectDialog dialog(&made.window);
            dialog.setColours(lightColours());
            dialog.open();
            if (isSmall) dialog.resize(dialog.minimumSizeHint());
            lookAtClusters(dialog, findings);
            lookAtTopics(dialog, findings);
        }
        lookAtViews(made, findings);
        for (const QString& finding : findings.all()) qWarning("%s", qPrintable(finding));
        QVERIFY(findings.texts() > 300);
        QVERIFY(findings.all().empty());
    }

    void cleanup()
    {
        for (auto* translator : qApp->findChildren<QTranslator*>()) delete translator;
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    }

private:
    static QString listed(const Findings& findings)
    {
        return QStringList(findings.all().begin(), findings.all().end()).join(u'\n');
    }

    static void lookAtStart(MadeWindow& made, Findings& findings)
    {
        auto* page = made.window.findChild<StartPage*>();
        page->setRecent({kShop});
        QTest::qWait(20);
        findings.look(made.window, "start");
        workspace::LoadOptions options;
        options.log = {"/var/log/a-log-with-a-rather-long-name-of-many-words-that-is-still-one-name.jsonl"};
        workspace::WorkspaceState state;
        workspace::LoadProgress progress;
        progress.events = 123'456'789;
        progress.source.done = 12'345'678'901;
        progress.source.total = 98'765'432'109;
        state.log = workspace::Loading{options, progress, false, nullptr};
        page->show(state);
        QTest::qWait(20);
        findings.look(made.window, "loading");
        state.log = workspace::Failed{options, base::Error{base::ErrorCode::FileNotFound, options.log, {}}};
        page->show(state);
        QTest::qWait(20);
        findings.look(made.window, "failed");
    }

    static void lookAtPanels(MadeWindow& made, Findings& findings)
    {
        auto* event = made.window.findChild<EventPanel*>();
        using Tab = EventPanel::Tab;
        for (const Tab tab : {Tab::Tree, Tab::Raw, Tab::Hex, Tab::Headers}) {
            event->showTab(tab);
            QTest::qWait(20);
            findings.look(made.window, QString("event %1").arg(static_cast<int>(tab)));
        }
        for (const char* panel : {"aggregates", "diff", "projection", "problems"}) {
            made.dock(panel)->raise();
            QTest::qWait(20);
            QVERIFY(made.settled());
            if (panel == QString("diff")) {
                made.act(workspace::ChoosePair{"payment-1271"});
                QVERIFY(made.settled());
            }
            QTest::qWait(20);
            findings.look(made.window, panel);
        }
    }

    /// Before anything was done in it, with something in each panel, and with what is wrong.
    static void lookAtDebugger(MadeWindow& made, Findings& findings)
    {
        const auto look = [&](const char* panel, const QString& where) {
            made.dock(panel)->show();
            made.dock(panel)->raise();
            if (!made.settled()) return false;
            QTest::qWait(20);
            findings.look(made.window, where);
            return true;
        };
        for (const char* panel : {"script", "breakpoints", "plot"}) QVERIFY(look(panel, QString("no %1").arg(panel)));
        for (const char* each : {"type PaymentFailed", "becomes /types/PaymentCaptured = 2",
                                 "type OrderPlaced log js: (before, event, after) => event.body.data"}) {
            made.act(workspace::ListBreakpoint{each});
            QVERIFY(made.settled());
        }
        QVERIFY(look("breakpoints", "breakpoints"));
        made.press(Qt::Key_F5);
        QVERIFY(look("breakpoints", "breakpoints after a run"));
        made.window.findChild<BreakpointsPanel*>()->findChild<QLineEdit*>()->setText("of order-7 chnges /x");
        QTRY_VERIFY(made.open().of<workspace::AskBreakpoint>().answer->error.has_value());
        QVERIFY(look("breakpoints", "a wrong breakpoint"));
        auto* script = made.window.findChild<ScriptPanel*>();
        const QString path = QString::fromStdString(made.folder.path("counting-with-a-rather-long-name.js"));
        script->editor()->setText(kFailing);
        QVERIFY(script->saveAs(path));
        QVERIFY(look("script", "a script that fails"));
        script->editor()->setText(QString(kFailing).replace("throw new Error('oh no')", "state.n += 1"));
        QVERIFY(script->saveAs(path));
        QVERIFY(made.settled());
        script->editor()->setText(QString(kFailing).replace("throw new Error('oh no')", "state.n += 2"));
        QVERIFY(script->saveAs(path));
        QVERIFY(look("script", "a script that runs"));
        made.act(workspace::CompareVersions{});
        QVERIFY(look("script", "versions compared"));
        for (const auto& [function, width] : {std::pair("state => state.n", 0), std::pair("state => state.n", 86'400),
                                              std::pair("state => state.no.such", 0)}) {
            made.act(workspace::DrawPlot{workspace::PlotChoice{function, std::chrono::seconds(width)}});
            QVERIFY(look("plot", QString("plot of %1 by %2").arg(function).arg(width)));
        }
    }

    static void lookAtDialogs(MadeWindow& made, Findings& findings)
    {
        made.action("palette")->trigger();
        QTest::qWait(20);
        auto* palette = made.window.findChild<CommandPalette*>();
        QVERIFY(palette->isVisible());
        findings.look(*palette, "palette");
        palette->hide();
        made.action("export")->trigger();
        auto* dialog = made.window.findChild<ExportDialog*>();
        QTRY_VERIFY(dialog->isVisible());
        QTest::qWait(20);
        findings.look(*dialog, "export");
        dialog->findChild<QLineEdit*>()->setText(QString::fromStdString(made.folder.path("states.jsonl")));
        for (auto* button : dialog->findChildren<QPushButton*>()) {
            if (button->isDefault()) QTest::mouseClick(button, Qt::LeftButton);
        }
        QVERIFY(made.settled());
        QTest::qWait(20);
        findings.look(*dialog, "exported");
        qobject_cast<QDialog*>(dialog)->reject();
        QTimer::singleShot(0, [&findings] {
            QWidget* about = QApplication::activeModalWidget();
            findings.look(*about, "about");
            about->close();
        });
        made.action("about")->trigger();
    }

    static void lookAtClusters(ConnectDialog& dialog, Findings& findings)
    {
        workspace::Clusters clusters;
        dialog.begin();
        dialog.show(clusters);
        QTest::qWait(20);
        findings.look(dialog, "no profile");
        // Each way of signing in shows other fields.
        workspace::Profiles profiles;
        for (const char* mechanism : {"PLAIN", "OAUTHBEARER"}) {
            profiles.profiles = {{"production",
                                  {{"bootstrap.servers", "k1.example.org:9093,k2.example.org:9093"},
                                   {"security.protocol", "SASL_SSL"},
                                   {"sasl.mechanisms", mechanism}}}};
            profiles.changed = "production";
            clusters.profiles.ticket += 1;
            clusters.profiles.answer = std::make_shared<const workspace::Profiles>(profiles);
            dialog.show(clusters);
            QTest::qWait(20);
            findings.look(dialog, QString("a profile with %1").arg(mechanism));
        }
        workspace::ConnectionReport report;
        for (const char* step : {"resolve", "connect", "TLS", "SASL", "metadata", "authorisation"})
            report.steps.push_back({step, true, "k1.example.org:9093 (10.0.0.7)"});
        clusters.connection.answer = std::make_shared<const workspace::ConnectionReport>(report);
        dialog.show(clusters);
        QTest::qWait(20);
        findings.look(dialog, "tested");
        clusters.profiles.ticket += 1;
        clusters.profiles.error = base::Error{base::ErrorCode::NoSuchProfile, {"production", "staging"}, {}};
        dialog.show(clusters);
        QTest::qWait(20);
        findings.look(dialog, "refused");
        keep(dialog, "clusters-" + QLocale().name());
    }

    static void lookAtTopics(ConnectDialog& dialog, Findings& findings)
    {
        workspace::Clusters clusters;
        clusters.topics.isWaiting = true;
        dialog.begin("production");
        dialog.show(clusters);
        QTest::qWait(20);
        findings.look(dialog, "asking for topics");
        clusters.topics.isWaiting = false;
        clusters.topics.answer =
            listOf({topic("audit", 1, {{"cleanup.policy", "compact"}}),
                    topic("orders", 12, {{"cleanup.policy", "delete"}, {"retention.ms", "604800000"}})},
                   true);
        dialog.show(clusters);
        QTest::qWait(20);
        workspace::Preview preview{"production", "audit", {}};
        preview.rows.push_back({{{"audit", 0}, {7}}, at("2026-11-22T12:00:00.5Z"), "k", "{}", false, 2});
        clusters.preview.answer = std::make_shared<const workspace::Preview>(preview);
        dialog.show(clusters);
        for (auto* box : dialog.findChildren<QComboBox*>()) {
            if (box->isVisible()) box->setCurrentIndex(box->count() - 1);
        }
        QTest::qWait(20);
        findings.look(dialog, "topics");
        keep(dialog, "topics-" + QLocale().name());
    }

    static void lookAtViews(MadeWindow& made, Findings& findings)
    {
        workspace::Open open = made.open();
        open.options.log = {"kafka://localhost:9092/orders"};
        auto* panel = made.window.findChild<ViewsPanel*>();
        made.dock("views")->show();
        made.dock("views")->raise();
        QTest::qWait(20);
        panel->show(open);
        findings.look(made.window, "no views yet");
        workspace::ViewsLook look = *lookOf({{"cache", {"5-10", "-4"}}, {"search", {"10-10"}}});
        look.views.front().status = views::ViewStatus::Rewind;
        open.views.answer = std::make_shared<const workspace::ViewsLook>(look);
        panel->show(open);
        QTest::qWait(20);
        findings.look(made.window, "views");
        keep(made.window, "views-" + QLocale().name());
    }

    /// All of them, opened one after the other.
    static void lookAtMenus(MadeWindow& made, Findings& findings)
    {
        int looked = 0;
        for (auto* menu : made.window.findChildren<QMenu*>()) {
            menu->popup(made.window.mapToGlobal(QPoint(10, 10)));
            QTest::qWait(5);
            findings.look(*menu, QString("menu %1").arg(++looked));
            menu->close();
        }
        QVERIFY(looked > 10);
    }

    static void lookAtFilters(MadeWindow& made, Findings& findings)
    {
        workspace::EventChoice choice;
        choice.filter.types = {made.open().types.front(), made.open().types.back()};
        choice.partitions = {made.open().facts->summary.partitions.front().partition};
        choice.filter.text = "no such text";
        made.act(workspace::ListEvents{choice});
        QVERIFY(made.settled());
        QTest::qWait(20);
        findings.look(made.window, "nothing listed");
        choice = {};
        choice.time =
            base::TimeRange{made.open().playhead->last->time, base::plusNanos(made.open().playhead->last->time, 5e9)};
        made.act(workspace::ListEvents{choice});
        QVERIFY(made.settled());
        QTest::qWait(20);
        findings.look(made.window, "a time chosen");
    }
};

QTEST_MAIN(ClippedTextTest)
#include "clipped_text_test.moc"
