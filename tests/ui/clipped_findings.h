// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/ui/painted_texts.h"
#include "ui/panels/parts.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractScrollArea>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QScrollArea>
#include <QTabBar>
#include <set>

namespace leftfold::ui::test {

/// What may be cut, and why. Not `isScrolled`: by the edge of a form that scrolls it may not.
inline bool mayBeCut(const QWidget* widget, bool isScrolled = true)
{
    for (; widget != nullptr; widget = widget->parentWidget()) {
        // Lines of data that say so: ids, positions, messages. Whole in their tool tip.
        if (qobject_cast<const ElidedLabel*>(widget) != nullptr) return true;
        // Cells hold values of any length, and rows scroll; header sections are looked at one by one.
        if (isScrolled && qobject_cast<const QAbstractScrollArea*>(widget) != nullptr) return true;
        if (qobject_cast<const QAbstractItemView*>(widget) != nullptr) return true;
        // What was typed, or the position of the playhead, scrolls in its field.
        const auto* field = qobject_cast<const QLineEdit*>(widget);
        if (field != nullptr && !field->text().isEmpty()) return true;
        if (widget->isWindow()) return false;
    }
    return false;
}

inline QString describe(const QWidget& widget)
{
    const QWidget* parent = widget.parentWidget();
    return QString("%1 '%2' in %3")
        .arg(widget.metaObject()->className(),
             widget.accessibleName().isEmpty() ? widget.objectName() : widget.accessibleName(),
             parent == nullptr ? "-" : parent->metaObject()->className());
}

inline QString plain(QString text)
{
    text.replace("&&", "\u0001").remove(u'&').replace(u'\u0001', u'&');
    return text;
}

/// Texts that end with "…" by themselves.
inline std::set<QString> textsWithDots()
{
    std::set<QString> out;
    const auto add = [&out](const QString& text) {
        for (const QString& line : text.split(u'\n')) {
            if (line.endsWith(u'…')) out.insert(plain(line));
        }
    };
    for (const QWidget* widget : QApplication::allWidgets()) {
        for (const char* property : {"text", "placeholderText", "title"}) add(widget->property(property).toString());
        for (const QAction* action : widget->actions()) add(action->text());
    }
    return out;
}

/// Texts of windows that are cut, or have no room.
class Findings {
public:
    /// Of one window, as it is now.
    void look(QWidget& window, const QString& where)
    {
        m_where = where;
        QCoreApplication::sendPostedEvents(); // layouts of texts that are new
        lookAtPaint(window);
        for (const QWidget* widget : window.findChildren<QWidget*>()) {
            // Behind another tab it is not seen, and has any size.
            if (widget->window() == &window && !widget->visibleRegion().isEmpty()) lookAtSizes(*widget);
        }
    }
    [[nodiscard]] const std::set<QString>& all() const { return m_all; }
    [[nodiscard]] int texts() const { return m_texts; }

private:
    void lookAtPaint(QWidget& window)
    {
        const std::set<QString> withDots = textsWithDots();
        for (const PaintedText& painted : paintedTexts(window)) {
            ++m_texts;
            // A row that is half below the edge of its view is still its view's.
            const QWidget* widget = window.childAt((painted.clip & window.rect()).center().toPoint());
            if (widget == nullptr) widget = &window;
            if (mayBeCut(widget)) continue;
            const bool isElided = painted.text.endsWith(u'…') && !withDots.contains(painted.text);
            if (isElided || !painted.isSeen() || painted.isCutAcross() || painted.isCutAlong())
                add(*widget, painted.text,
                    isElided ? "elided" : "cut: " + ofRect(painted.ink) + " in " + ofRect(painted.clip));
        }
    }
    static QString ofRect(const QRectF& rect)
    {
        return QString("%1,%2 %3x%4").arg(rect.x()).arg(rect.y()).arg(rect.width()).arg(rect.height());
    }
    void lookAtSizes(const QWidget& widget)
    {
        if (const auto* label = qobject_cast<const QLabel*>(&widget)) return lookAtLabel(*label);
        if (const auto* tabs = qobject_cast<const QTabBar*>(&widget)) return lookAtTabs(*tabs);
        if (const auto* box = qobject_cast<const QComboBox*>(&widget)) return lookAtChoices(*box);
        if (const auto* header = qobject_cast<const QHeaderView*>(&widget)) return lookAtHeader(*header);
        const auto* button = qobject_cast<const QAbstractButton*>(&widget);
        if (button != nullptr && !button->text().isEmpty()) expect(widget, button->text(), widget.sizeHint());
        const auto* field = qobject_cast<const QLineEdit*>(&widget);
        if (field != nullptr && field->text().isEmpty() && !field->placeholderText().isEmpty()) {
            const int width = field->fontMetrics().horizontalAdvance(field->placeholderText());
            expect(widget, field->placeholderText(), {width + 12, 0});
        }
    }
    void lookAtLabel(const QLabel& label)
    {
        if (label.text().isEmpty() || mayBeCut(&label, false)) return;
        if (!label.wordWrap()) return expect(label, label.text(), label.sizeHint());
        expect(label, label.text(), {0, label.heightForWidth(label.width())});
    }
    void lookAtTabs(const QTabBar& tabs)
    {
        for (int tab = 0; tab < tabs.count(); ++tab) {
            const QRect rect = tabs.tabRect(tab);
            const int width = tabs.fontMetrics().horizontalAdvance(tabs.tabText(tab));
            if (rect.width() < width + 8 || !tabs.rect().adjusted(-1, -1, 1, 1).contains(rect))
                add(tabs, tabs.tabText(tab), "a tab without room");
        }
    }
    void lookAtChoices(const QComboBox& box)
    {
        constexpr int kArrow = 20;
        for (int i = 0; i < box.count(); ++i) {
            const int width = box.fontMetrics().horizontalAdvance(box.itemText(i));
            if (box.width() < width + kArrow + 8) add(box, box.itemText(i), "a choice without room");
        }
    }
    void lookAtHeader(const QHeaderView& header)
    {
        if (header.orientation() != Qt::Horizontal || header.isHidden()) return;
        for (int section = 0; section < header.count(); ++section) {
            const QString name = header.model()->headerData(section, Qt::Horizontal).toString();
            const int sort = header.isSortIndicatorShown() && header.sortIndicatorSection() == section ? 12 : 0;
            const int needed = header.fontMetrics().horizontalAdvance(name) + 16 + sort;
            if (!header.isSectionHidden(section) && header.sectionSize(section) < needed)
                add(header, name, "a column without room for its name");
        }
    }
    void expect(const QWidget& widget, const QString& text, QSize wanted)
    {
        if (widget.width() + 1 < wanted.width() || widget.height() + 1 < wanted.height())
            add(widget, text,
                QString("%1x%2 of %3x%4")
                    .arg(widget.width())
                    .arg(widget.height())
                    .arg(wanted.width())
                    .arg(wanted.height()));
    }
    void add(const QWidget& widget, const QString& text, const QString& what)
    {
        m_all.insert(QString("%1: %2: \"%3\": %4").arg(m_where, describe(widget), text.left(60), what));
    }

    QString m_where;
    std::set<QString> m_all;
    int m_texts = 0;
};

} // namespace leftfold::ui::test
