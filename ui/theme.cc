// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme.h"

#include <QApplication>
#include <QFontDatabase>
#include <QPalette>
#include <QStyleFactory>
#include <utility>

namespace leftfold::ui {

namespace {

/// Of the palette that is set.
bool paletteIsDark()
{
    const QPalette palette = QGuiApplication::palette();
    return palette.color(QPalette::Window).lightness() < palette.color(QPalette::WindowText).lightness();
}

/// What the desktop says, first looked at as long as no palette of ours is set.
bool& systemIsDark()
{
    static bool isDark = paletteIsDark();
    return isDark;
}

QPalette paletteOf(const Colours& colours)
{
    QPalette palette;
    const auto set = [&](QPalette::ColorRole role, const QColor& colour) { palette.setColor(role, colour); };
    set(QPalette::Window, colours.window);
    set(QPalette::WindowText, colours.text);
    set(QPalette::Base, colours.panel);
    set(QPalette::AlternateBase, colours.header);
    set(QPalette::Text, colours.text);
    set(QPalette::Button, colours.header);
    set(QPalette::ButtonText, colours.text);
    set(QPalette::BrightText, colours.bad);
    set(QPalette::PlaceholderText, colours.secondary);
    set(QPalette::ToolTipBase, colours.panel);
    set(QPalette::ToolTipText, colours.text);
    set(QPalette::Highlight, colours.selection);
    set(QPalette::HighlightedText, colours.text);
    set(QPalette::Link, colours.accent);
    set(QPalette::LinkVisited, colours.accent);
    set(QPalette::Light, colours.panel);
    set(QPalette::Midlight, colours.line);
    set(QPalette::Mid, colours.line);
    set(QPalette::Dark, mixed(colours.line, colours.text, 0.3));
    set(QPalette::Shadow, mixed(colours.window, QColor(Qt::black), 0.5));
    const QColor faded = mixed(colours.text, colours.window, 0.6);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, faded);
    return palette;
}

QFont windowFont()
{
    const QStringList families = QFontDatabase::families();
    QFont font = QApplication::font();
    if (families.contains(QStringLiteral("Inter")))
        font.setFamilies({QStringLiteral("Inter"), QStringLiteral("Noto Sans CJK SC"), font.family()});
    font.setPixelSize(13);
    return font;
}

} // namespace

const Colours& coloursOf(Theme theme)
{
    const bool isDark = systemIsDark();
    if (theme == Theme::System) return isDark ? darkColours() : lightColours();
    return theme == Theme::Dark ? darkColours() : lightColours();
}

QString styleSheetOf(const Colours& colours)
{
    const QString field = QStringLiteral(
        "QLineEdit, QSpinBox, QPlainTextEdit { background: @panel; border: 1px solid @line; border-radius: "
        "5px;"
        " padding: 2px 6px; selection-background-color: @accent; selection-color: @onaccent; }"
        "QLineEdit { min-height: 20px; }" // of letters in any language
        "QLineEdit:focus, QSpinBox:focus, QPlainTextEdit:focus { border-color: @accent; }"
        "QComboBox { background: @header; border: 1px solid @line; border-radius: 5px; padding: 3px 4px 3px 10px; }"
        "QComboBox:hover, QComboBox:focus, QComboBox:on { border-color: @accent; }"
        "QComboBox:disabled { color: @faded; }"
        "QComboBox::drop-down { border: 0; width: 20px; }"
        "QComboBox::down-arrow { image: url(:/icons/down.svg); width: 9px; height: 9px; }"
        "QComboBox QAbstractItemView { background: @panel; border: 1px solid @line; selection-background-color: "
        "@selection;"
        " selection-color: @text; }");
    const QString buttons = QStringLiteral(
        "QPushButton, QToolButton { background: @header; border: 1px solid @line; border-radius: 5px; padding: 3px "
        "10px; }"
        "QPushButton:hover, QToolButton:hover { border-color: @accent; }"
        "QPushButton:pressed, QToolButton:pressed, QToolButton:checked { background: @selection; border-color: "
        "@accent; }"
        "QPushButton:focus, QToolButton:focus { border-color: @accent; }"
        "QPushButton:default { background: @accent; color: @onaccent; border-color: @accent; }"
        "QPushButton:disabled, QToolButton:disabled { color: @faded; }"
        "QToolBar { background: @panel; border: 0; border-bottom: 1px solid @line; spacing: 4px; padding: 5px 8px; }"
        "QToolBar QToolButton { background: transparent; border-color: transparent; padding: 4px; }"
        "QToolBar QToolButton:hover { background: @header; border-color: @line; }"
        "QToolBar QToolButton:focus { border-color: @accent; }"
        "QToolButton::menu-indicator { image: none; width: 0; }"
        "QToolBar QToolButton#framed { background: @header; border-color: @line; padding: 4px 10px; }"
        "QToolBar QToolButton#framed:checked { background: @selection; border-color: @accent; }"
        "QToolBar::separator { background: @line; width: 1px; margin: 4px 6px; }");
    const QString panes = QStringLiteral(
        "QMainWindow::separator { background: @window; width: 6px; height: 6px; }"
        "QMainWindow::separator:hover { background: @selection; }"
        "QTabBar::tab { background: @header; color: @secondary; border: 0; border-right: 1px solid @line; padding: 6px "
        "14px;"
        " border-top: 2px solid transparent; }"
        "QTabBar::tab:selected { background: @panel; color: @text; border-top: 2px solid @accent; }"
        "QTabBar::tab:hover { color: @text; }"
        "QTabBar::tab:focus { color: @accent; }"
        "QHeaderView::section { background: @panel; color: @secondary; border: 0; border-bottom: 1px solid @line;"
        " padding: 3px 6px; }"
        "QTableView, QTreeView, QListView { background: @panel; border: 0; outline: 0; gridline-color: @line; }"
        "QMenu { background: @panel; border: 1px solid @line; padding: 4px; }"
        "QMenu::item { padding: 4px 22px; border-radius: 4px; }"
        "QMenu::item:selected { background: @selection; color: @text; }"
        "QMenu::separator { height: 1px; background: @line; margin: 4px 6px; }"
        "QMenuBar { background: @panel; }"
        "QMenuBar::item { padding: 4px 9px; background: transparent; border-radius: 4px; }"
        "QMenuBar::item:selected { background: @selection; }"
        "QStatusBar { background: @panel; border-top: 1px solid @line; color: @secondary; }"
        "QStatusBar::item { border: 0; }"
        "QToolTip { background: @panel; color: @text; border: 1px solid @line; padding: 3px 6px; }"
        "QProgressBar { background: @line; border: 0; border-radius: 3px; max-height: 6px; }"
        "QProgressBar::chunk { background: @accent; border-radius: 3px; }");
    const QString scrolls =
        QStringLiteral("QScrollBar:vertical { background: transparent; width: 11px; margin: 0; }"
                       "QScrollBar:horizontal { background: transparent; height: 11px; margin: 0; }"
                       "QScrollBar::handle { background: @scroll; border-radius: 4px; margin: 2px; "
                       "min-height: 24px; min-width: 24px; }"
                       "QScrollBar::handle:hover { background: @secondary; }"
                       "QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }"
                       "QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }"
                       "#panelTitle { background: @header; border-bottom: 1px solid @line; }"
                       "#panelTitle QLabel { background: transparent; }"
                       "#panelNote, #secondary { color: @secondary; }"
                       "#panel { background: @panel; }"
                       "#card { background: @panel; border: 1px solid @line; border-radius: 8px; }");
    QString sheet = field + buttons + panes + scrolls;
    const std::pair<const char*, QColor> roles[] = {{"@panel", colours.panel},
                                                    {"@header", colours.header},
                                                    {"@window", colours.window},
                                                    {"@line", colours.line},
                                                    {"@text", colours.text},
                                                    {"@secondary", colours.secondary},
                                                    {"@accent", colours.accent},
                                                    {"@onaccent", colours.onAccent()},
                                                    {"@selection", colours.selection},
                                                    {"@faded", mixed(colours.text, colours.window, 0.6)},
                                                    {"@scroll", mixed(colours.line, colours.secondary, 0.35)}};
    for (const auto& [role, colour] : roles) sheet.replace(QLatin1String(role), colour.name());
    return sheet;
}

bool lookAtSystem(QApplication& application)
{
    // Without a palette of ours there is the desktop's again.
    const QPalette ours = QApplication::palette();
    application.setPalette(QPalette());
    const bool isDark = paletteIsDark();
    application.setPalette(ours);
    return std::exchange(systemIsDark(), isDark) != isDark;
}

void putOn(QApplication& application, const Colours& colours)
{
    (void)systemIsDark();
    // Each of these dresses every widget anew: style and font stay the same, whatever the colours.
    if (application.styleSheet().isEmpty()) {
        QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
        QApplication::setFont(windowFont());
    }
    QApplication::setPalette(paletteOf(colours));
    application.setStyleSheet(styleSheetOf(colours));
}

} // namespace leftfold::ui
