// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/capture/made_batches.h"
#include "tests/ui/settled.h"
#include "ui/window/main_window.h"

#include <QAbstractButton>
#include <QAction>
#include <QDockWidget>

namespace leftfold::ui::test {

inline const QString kShop = QStringLiteral(LEFTFOLD_SOURCE_DIR "/resources/samples/shop.jsonl");

/// A window with settings and a cache of its own.
struct MadeWindow {
    capture::test::Folder folder;
    MainWindow window{options(folder)};

    static WindowOptions options(const capture::test::Folder& folder)
    {
        WindowOptions options;
        options.settingsFile = QString::fromStdString(folder.path("desktop.ini"));
        options.cacheRoot = QString::fromStdString(folder.path("cache"));
        options.samplePath = kShop;
        options.runner.version = "test";
        return options;
    }
    explicit MadeWindow(bool isShown = true)
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
    [[nodiscard]] const workspace::Open& open() const { return *window.store()->open(); }
    [[nodiscard]] std::uint64_t behind() const { return open().playhead->eventsBehind; }
    void act(const workspace::Action& action) { window.store()->act(action); }
    template <class Widget>
    Widget* named(const QString& accessibleName)
    {
        for (Widget* widget : window.findChildren<Widget*>()) {
            if (widget->accessibleName() == accessibleName) return widget;
        }
        return nullptr;
    }
    template <class Button = QAbstractButton>
    Button* button(const QString& text)
    {
        for (auto* each : window.findChildren<Button*>()) {
            if (each->text() == text && each->isVisible()) return each;
        }
        return nullptr;
    }
    QDockWidget* dock(const char* name) { return window.findChild<QDockWidget*>(QLatin1String(name)); }
    QAction* action(const QString& name) const { return window.windowActions().named(name); }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QTest::keyClick(&window, key, modifiers);
    }
};

} // namespace leftfold::ui::test
