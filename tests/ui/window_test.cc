// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/made_window.h"
#include "ui/events/events_panel.h"
#include "ui/events/filter_bar.h"
#include "ui/panels/event_panel.h"
#include "ui/panels/json_tree.h"
#include "ui/timeline/lag_lanes.h"
#include "ui/timeline/timeline_widget.h"
#include "ui/window/aggregate_panel.h"
#include "ui/window/command_palette.h"
#include "ui/window/export_dialog.h"
#include "ui/window/log_panel.h"
#include "ui/window/main_window.h"
#include "ui/window/start_page.h"
#include "ui/window/status_line.h"
#include "ui/window/transport_bar.h"

#include <QAbstractButton>
#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDockWidget>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QTabBar>
#include <QToolButton>

using namespace leftfold;
using namespace leftfold::ui;
using namespace leftfold::ui::test;
using leftfold::capture::test::Folder;
using Made = leftfold::ui::test::MadeWindow;

class WindowTest : public QObject {
    Q_OBJECT

private slots:
    void itOpensOnAPageThatSaysWhatToDo()
    {
        Made made;
        QVERIFY(made.window.findChild<StartPage*>()->isVisible());
        QVERIFY(made.button("Open the sample") != nullptr);
        for (const auto* dock : made.window.findChildren<QDockWidget*>()) QVERIFY(!dock->isVisible());
    }

    void theSampleIsOpenedByAClick()
    {
        Made made;
        QTest::mouseClick(made.button("Open the sample"), Qt::LeftButton);
        QVERIFY(made.settled());
        QVERIFY(made.window.store()->open() != nullptr);
        QVERIFY(!made.window.findChild<StartPage*>()->isVisible());
        auto* position = made.named<QLineEdit>("Position of the playhead");
        QVERIFY(position->isVisible());
        QCOMPARE(position->text(), QString("2026-01-05 06:01:05.731 UTC  shop[0]@0  #0"));
        QVERIFY(made.window.findChild<AggregatePanel*>()->findChild<JsonTree*>()->tree()->document().has_value());
    }

    void itFitsASmallScreenWithViews()
    {
        Made made;
        made.window.resize(1280, 720);
        QVERIFY(made.openedSample());
        std::vector<LagLane> lanes;
        std::vector<ShownView> views;
        for (const char* name : {"cache", "database", "search"}) {
            lanes.push_back({name, "✓", "", QColor(), std::nullopt, made.open().playhead->last->time});
            views.push_back({name, views::ViewStatus::Ok, 3});
        }
        made.window.findChild<TimelineWidget*>()->setLanes(lanes);
        made.window.findChild<LogPanel*>()->showViews(views);
        QTest::qWait(20);
        QVERIFY2(made.window.minimumSizeHint().height() <= 720,
                 qPrintable(QString::number(made.window.minimumSizeHint().height())));
        QCOMPARE(made.window.size(), QSize(1280, 720));
    }

    void keysStepThereAndBack()
    {
        Made made;
        QVERIFY(made.openedSample());
        QCOMPARE(made.behind(), 1U);
        made.press(Qt::Key_F10);
        QVERIFY(made.settled());
        QCOMPARE(made.behind(), 2U);
        made.press(Qt::Key_F10, Qt::ShiftModifier);
        QVERIFY(made.settled());
        QCOMPARE(made.behind(), 1U);
        made.press(Qt::Key_F11);
        QVERIFY(made.settled());
        const std::uint64_t next = made.behind();
        QVERIFY(next > 2);
        made.press(Qt::Key_F11, Qt::ShiftModifier);
        QVERIFY(made.settled());
        QCOMPARE(made.behind(), next - 1);
        made.press(Qt::Key_F5);
        QVERIFY(made.settled());
        QCOMPARE(made.behind(), made.open().facts->events);
        QVERIFY(!made.action("step")->isEnabled());
        made.press(Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(made.settled());
        QCOMPARE(made.behind(), next - 1);
    }

    void anyWhenCanBeTyped_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<quint64>("behind");
        QTest::newRow("index") << "#99" << quint64{100};
        QTest::newRow("position") << "shop[0]@41" << quint64{42};
        QTest::newRow("start") << "@start" << quint64{0};
        QTest::newRow("cut") << "shop[0]:7" << quint64{7};
    }
    void anyWhenCanBeTyped()
    {
        QFETCH(QString, typed);
        QFETCH(quint64, behind);
        Made made;
        QVERIFY(made.openedSample());
        made.press(Qt::Key_G, Qt::ControlModifier);
        auto* position = made.named<QLineEdit>("Position of the playhead");
        QTRY_VERIFY(position->hasFocus());
        QTest::keyClicks(position, typed);
        QTest::keyClick(position, Qt::Key_Return);
        QVERIFY(made.settled());
        QCOMPARE(made.behind(), behind);
    }

    void whatIsNoMomentIsSaidAndThePlaceStays()
    {
        Made made;
        QVERIFY(made.openedSample());
        made.press(Qt::Key_G, Qt::ControlModifier);
        auto* position = made.named<QLineEdit>("Position of the playhead");
        QTRY_VERIFY(position->hasFocus());
        QTest::keyClicks(position, "tomorrow");
        QTest::keyClick(position, Qt::Key_Return);
        QVERIFY(made.window.findChild<StatusLine*>()->message().contains("'tomorrow' is not a moment"));
        QCOMPARE(made.behind(), 1U);
        QVERIFY(position->text().contains("#0"));
    }

    void lettersSetMarksButNotWhileTyping()
    {
        Made made;
        QVERIFY(made.openedSample());
        made.press(Qt::Key_A);
        QVERIFY(made.open().a.has_value());
        auto* search = made.named<QLineEdit>("Find an aggregate by its id");
        search->setFocus();
        QTRY_VERIFY(search->hasFocus());
        search->clear();
        QTest::keyClick(search, Qt::Key_B);
        QVERIFY(!made.open().b.has_value());
        QCOMPARE(search->text(), QString("b"));
    }

    void anAggregateIsFoundByAPartOfItsId()
    {
        Made made;
        QVERIFY(made.openedSample());
        auto* search = made.named<QLineEdit>("Find an aggregate by its id");
        search->setFocus();
        QTRY_VERIFY(search->hasFocus());
        search->clear();
        QTest::keyClicks(search, "teapot-iron");
        QTRY_VERIFY(made.open().of<workspace::AskIds>().answer != nullptr);
        QVERIFY(made.settled());
        QCOMPARE(made.open().of<workspace::AskIds>().answer->ids.front(), std::string("sku-teapot-iron"));
        search->clear();
        QTest::keyClicks(search, "sku-teapot-iron");
        QTest::keyClick(search, Qt::Key_Return);
        QVERIFY(made.settled());
        QCOMPARE(*made.open().aggregate, std::string("sku-teapot-iron"));
    }

    void everyActionIsInThePaletteAndRunsFromThere()
    {
        Made made;
        QVERIFY(made.openedSample());
        made.press(Qt::Key_P, Qt::ControlModifier);
        auto* palette = made.window.findChild<CommandPalette*>();
        QTRY_VERIFY(palette->isVisible());
        const auto* list = palette->findChild<QListWidget*>();
        for (const QAction* action : made.window.actions()) {
            bool isListed = false;
            for (int row = 0; row < list->count(); ++row) {
                const QString shortcut = action->shortcut().toString(QKeySequence::NativeText);
                isListed = isListed
                           || (list->item(row)->text().startsWith(action->text())
                               && list->item(row)->text().contains(shortcut));
            }
            QVERIFY2(isListed, qPrintable(action->text()));
        }
        auto* typed = palette->findChild<QLineEdit*>();
        QTest::keyClicks(typed, "go to the end");
        QTest::keyClick(typed, Qt::Key_Return);
        QVERIFY(!palette->isVisible());
        QVERIFY(made.settled());
        QCOMPARE(made.behind(), made.open().facts->events);
    }

    void everyShortcutIsOfOneActionOnly()
    {
        Made made(false);
        QMap<QString, QString> owners;
        for (const QAction* action : made.window.actions()) {
            const QString keys = action->shortcut().toString();
            if (keys.isEmpty()) continue;
            QVERIFY2(!owners.contains(keys), qPrintable(keys + ": " + owners[keys] + ", " + action->text()));
            owners[keys] = action->text();
        }
        QVERIFY(owners.size() > 20);
    }

    /// Whatever takes the focus says what it is: in every panel, dialog and menu.
    void everyControlHasAName()
    {
        Made made;
        QStringList nameless;
        int controls = 0;
        const auto look = [&](const QWidget& window) {
            for (QWidget* widget : window.findChildren<QWidget*>()) {
                const bool isControl =
                    widget->focusPolicy() != Qt::NoFocus || qobject_cast<QAbstractButton*>(widget) != nullptr;
                if (!isControl || widget->objectName().startsWith("qt_") || !widget->isVisible()) continue;
                // Tabs are named by the one that is current.
                const auto* tabs = qobject_cast<QTabBar*>(widget);
                if (tabs != nullptr && tabs->count() == 0) continue;
                ++controls;
                const QAccessibleInterface* accessible = QAccessible::queryAccessibleInterface(widget);
                if (accessible == nullptr || accessible->text(QAccessible::Name).isEmpty())
                    nameless += QString("%1 '%2' in %3")
                                    .arg(widget->metaObject()->className(), widget->objectName(),
                                         widget->parentWidget()->metaObject()->className());
            }
        };
        look(made.window);
        QVERIFY(made.openedSample());
        made.press(Qt::Key_A);
        made.press(Qt::Key_F10);
        QVERIFY(made.settled());
        made.press(Qt::Key_B);
        QVERIFY(made.settled());
        using Tab = EventPanel::Tab;
        for (const Tab tab : {Tab::Tree, Tab::Raw, Tab::Hex, Tab::Headers}) {
            made.window.findChild<EventPanel*>()->showTab(tab);
            look(made.window);
        }
        for (const char* panel : {"aggregates", "diff", "projection", "script", "breakpoints", "plot", "problems"}) {
            made.dock(panel)->raise();
            QTest::qWait(10);
            QVERIFY(made.settled());
            look(made.window);
        }
        made.action("palette")->trigger();
        look(*made.window.findChild<CommandPalette*>());
        made.window.findChild<CommandPalette*>()->hide();
        made.action("export")->trigger();
        look(*made.window.findChild<ExportDialog*>());
        made.window.findChild<QDialog*>("export")->reject();
        for (auto* chip : made.window.findChild<FilterBar*>()->findChildren<QToolButton*>()) {
            chip->menu()->popup(made.window.mapToGlobal(QPoint(10, 10)));
            look(*chip->menu());
            chip->menu()->close();
        }
        QVERIFY(controls > 200);
        nameless.removeDuplicates();
        QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join("; ")));
    }

    void theFilterIsOfTheTypeThatWasChosen()
    {
        Made made;
        QVERIFY(made.openedSample());
        workspace::EventChoice choice;
        choice.filter.types = {made.open().types.front()};
        made.window.store()->act(workspace::ListEvents{choice});
        QVERIFY(made.settled());
        auto* events = made.window.findChild<EventsPanel*>();
        QCOMPARE(events->model()->total(), made.open().facts->summary.types.front().second);
        made.press(Qt::Key_F5);
        QVERIFY(made.settled());
        QCOMPARE(made.open().playhead->last->type, made.open().types.front());
    }

    void aLogThatIsNotThereSaysSoAndCanBeLeft()
    {
        Made made;
        made.window.openPaths({QString::fromStdString(made.folder.path("none.jsonl"))});
        QVERIFY(made.settled());
        auto* back = made.button("Choose another log");
        QVERIFY(back != nullptr);
        QTest::mouseClick(back, Qt::LeftButton);
        QVERIFY(made.button("Open the sample") != nullptr);
    }

    void droppedFilesAreOpened()
    {
        Made made;
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(kShop)});
        QDragEnterEvent enter(QPoint(10, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&made.window, &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop(QPointF(10, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&made.window, &drop);
        QVERIFY(made.settled());
        QVERIFY(made.window.store()->open() != nullptr);
    }

    /// There is one desktop where tests run, and it stays light: it is looked at, and ours stays on.
    void theDesktopIsLookedAtWhenItsThemeChanges()
    {
        Made made;
        for (const Theme theme : {Theme::Light, Theme::Dark, Theme::System}) {
            made.window.setTheme(theme);
            const QPalette palette = QApplication::palette();
            QVERIFY(!lookAtSystem(*qApp));
            QCOMPARE(QApplication::palette(), palette);
            QEvent changed(QEvent::ThemeChange);
            QApplication::sendEvent(&made.window, &changed);
            QCOMPARE(QApplication::palette(), palette);
        }
        QCOMPARE(QApplication::palette().color(QPalette::Window), lightColours().window);
    }

    void whatCannotBeCopiedIsSaid()
    {
        Made made;
        const std::string log = made.folder.path("bytes.jsonl");
        capture::test::write(log, "{\"type\":\"Sold\",\"order\":\"o-1\",\"at\":\"2026-01-01T00:00:00Z\"}\n"
                                  "\xff\xfe no text\n");
        made.window.openPaths({QString::fromStdString(log)});
        QVERIFY(made.settled());
        auto* events = made.window.findChild<EventsPanel*>();
        emit events->copyWanted(CopyAs::Kcat, {0, 1});
        QVERIFY(made.settled());
        const QString told = made.window.findChild<StatusLine*>()->message();
        QVERIFY2(told.startsWith("1 event copied; 1 left out"), qPrintable(told));
        QCOMPARE(QGuiApplication::clipboard()->text().count(u'\n'), 1);
        emit events->copyWanted(CopyAs::Json, {0, 1});
        QVERIFY(made.settled());
        QCOMPARE(made.window.findChild<StatusLine*>()->message(), QString("2 events copied"));
    }

    void themeAndRecentLogsAreRemembered()
    {
        const Folder folder;
        const QString log = QString::fromStdString(folder.path("orders.jsonl"));
        capture::test::write(log.toStdString(),
                             "{\"type\":\"Sold\",\"order\":\"o-1\",\"at\":\"2026-01-01T00:00:00Z\"}\n");
        {
            MainWindow window(Made::options(folder));
            window.show();
            window.openPaths({log});
            QVERIFY(QTest::qWaitFor([&] { return isSettled(window) && window.store()->open() != nullptr; }, 60'000));
            window.setTheme(Theme::Dark);
            window.close();
        }
        MainWindow window(Made::options(folder));
        QVERIFY(QApplication::palette().color(QPalette::Window) == darkColours().window);
        const auto* recent = window.findChild<StartPage*>()->findChild<QListWidget*>();
        QCOMPARE(recent->count(), 1);
        QCOMPARE(recent->item(0)->data(Qt::UserRole).toString(), log);
    }

    void closingTheLogLeadsBackToTheStartPage()
    {
        Made made;
        QVERIFY(made.openedSample());
        made.action("close")->trigger();
        QVERIFY(made.window.findChild<StartPage*>()->isVisible());
        for (const auto* dock : made.window.findChildren<QDockWidget*>()) QVERIFY(!dock->isVisible());
        QVERIFY(!made.action("step")->isEnabled());
        QVERIFY(made.openedSample());
        QVERIFY(made.action("step")->isEnabled());
    }
};

QTEST_MAIN(WindowTest)
#include "window_test.moc"
