// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/capture/made_batches.h"
#include "tests/ui/settled.h"
#include "ui/events/events_panel.h"
#include "ui/panels/json_tree.h"
#include "ui/window/aggregate_panel.h"
#include "ui/window/command_palette.h"
#include "ui/window/main_window.h"
#include "ui/window/start_page.h"
#include "ui/window/status_line.h"
#include "ui/window/transport_bar.h"

#include <QAbstractButton>
#include <QAccessible>
#include <QApplication>
#include <QComboBox>
#include <QDockWidget>
#include <QLineEdit>
#include <QListWidget>
#include <QMimeData>
#include <QPushButton>
#include <QToolButton>

using namespace leftfold;
using namespace leftfold::ui;
using leftfold::capture::test::Folder;
using leftfold::ui::test::isSettled;
using leftfold::workspace::Open;

namespace {

const QString kShop = LEFTFOLD_SOURCE_DIR "/resources/samples/shop.jsonl";

/// A window with settings and a cache of its own.
struct Made {
    Folder folder;
    MainWindow window{options(folder)};

    static WindowOptions options(const Folder& folder)
    {
        WindowOptions options;
        options.settingsFile = QString::fromStdString(folder.path("desktop.ini"));
        options.cacheRoot = QString::fromStdString(folder.path("cache"));
        options.samplePath = kShop;
        options.runner.version = "test";
        return options;
    }
    explicit Made(bool isShown = true)
    {
        if (!isShown) return;
        window.show();
        (void)QTest::qWaitForWindowExposed(&window);
    }
    [[nodiscard]] bool settled()
    {
        return QTest::qWaitFor([this] { return isSettled(window); }, 60'000);
    }
    [[nodiscard]] bool openedSample()
    {
        window.openSample();
        return settled() && window.store()->open() != nullptr;
    }
    [[nodiscard]] const Open& open() const { return *window.store()->open(); }
    [[nodiscard]] std::uint64_t behind() const { return open().playhead->eventsBehind; }
    template <class Widget>
    Widget* named(const QString& accessibleName)
    {
        for (Widget* widget : window.findChildren<Widget*>()) {
            if (widget->accessibleName() == accessibleName) return widget;
        }
        return nullptr;
    }
    QPushButton* button(const QString& text)
    {
        for (auto* each : window.findChildren<QPushButton*>()) {
            if (each->text() == text && each->isVisible()) return each;
        }
        return nullptr;
    }
    QAction* action(const QString& name) const { return window.windowActions().named(name); }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QTest::keyClick(&window, key, modifiers);
    }
};

} // namespace

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

    void everyControlHasAName()
    {
        Made made;
        QVERIFY(made.openedSample());
        for (const QWidget* widget : made.window.findChildren<QWidget*>()) {
            const bool isControl = qobject_cast<const QAbstractButton*>(widget) != nullptr
                                   || qobject_cast<const QLineEdit*>(widget) != nullptr
                                   || qobject_cast<const QComboBox*>(widget) != nullptr;
            if (!isControl || widget->objectName().startsWith("qt_") || !widget->isVisible()) continue;
            QAccessibleInterface* accessible = QAccessible::queryAccessibleInterface(const_cast<QWidget*>(widget));
            QVERIFY(accessible != nullptr);
            const QString where = QString("%1 '%2' in %3")
                                      .arg(widget->metaObject()->className(), widget->objectName(),
                                           widget->parentWidget()->metaObject()->className());
            QVERIFY2(!accessible->text(QAccessible::Name).isEmpty(), qPrintable(where));
        }
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
