// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/colours.h"

#include <QLabel>
#include <QStyledItemDelegate>
#include <QToolButton>

class QAbstractItemView;

/// Small things the panels are made of.
namespace leftfold::ui {

/// The ground of a panel, in the colour that the theme gives it.
void asPanel(QWidget& widget);
/// A sentence in the colour for secondary text.
void setSecondary(QLabel* label, const Colours& colours);
void setInk(QWidget* widget, const QColor& ink);
/// Says where only the first of a list are listed: "the first 100,000 are listed"; else empty.
[[nodiscard]] QString firstOnlyText(std::uint64_t listed, std::uint64_t total);
/// One of a row of quiet buttons of which one is down.
[[nodiscard]] QToolButton* makeSwitch(const QString& text);

/// Cells whose texts stand as far from the edge as the names of a QuietHeader.
class PaddedDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

/// A line of data that may be longer than its place (an id, a path): cut with "…", whole in its tool tip. It asks for no room.
class ElidedLabel : public QLabel {
    Q_OBJECT

public:
    explicit ElidedLabel(const QString& text = {}, QWidget* parent = nullptr);
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
};

/// What stands in a view that has no rows: what will be listed there, or how to get it.
class EmptyHint : public QLabel {
    Q_OBJECT

public:
    /// REQUIRES: the view has its model, and keeps it.
    EmptyHint(QAbstractItemView* view, const QString& text);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void place();
    QAbstractItemView* m_view;
};

/// A number in large digits, with what it counts below it.
class CountLabel : public QWidget {
    Q_OBJECT

public:
    explicit CountLabel(const QString& caption, QWidget* parent = nullptr);
    void setCount(std::uint64_t count);
    void setInks(const QColor& number, const QColor& caption);

private:
    QLabel* m_number;
    QLabel* m_caption;
};

} // namespace leftfold::ui
