// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/colours.h"
#include "ui/table/quiet_header.h"
#include "ui/table/window_model.h"

#include <QTableView>
#include <QWidget>
#include <vector>

class QScrollBar;
class QKeyEvent;
class QLabel;
class QWheelEvent;

namespace leftfold::ui {

/// A table over a WindowModel, with a scroll bar of its own over all rows. Arrows, Page Up and Down, Ctrl+Home and Ctrl+End go through
/// all of them; Enter and a double click choose a row. Where there is no row a sentence stands in its place.
class WindowTable : public QWidget {
    Q_OBJECT

public:
    explicit WindowTable(WindowModel* model, QWidget* parent = nullptr);
    void setColours(const Colours& colours);
    /// What to say where there are no rows.
    void setEmptyText(const QString& text);

    [[nodiscard]] QTableView* view() const { return m_view; }
    [[nodiscard]] WindowModel* model() const { return m_model; }
    [[nodiscard]] std::uint64_t topRow() const;
    void setTopRow(std::uint64_t row);
    [[nodiscard]] int visibleRows() const; ///< whole ones
    /// Scrolls as little as needed, some rows away from the edges.
    void showRow(std::uint64_t row);
    [[nodiscard]] std::optional<std::uint64_t> currentRow() const { return m_current; }
    /// Makes it current and shows it; emits nothing.
    void setCurrentRow(std::optional<std::uint64_t> row);
    /// Rows selected, ascending: a stretch; the current row where only one is.
    [[nodiscard]] std::vector<quint64> selectedRows() const;

signals:
    void currentRowChanged(quint64 row); ///< by a person
    void rowChosen(quint64 row); ///< Enter, double click
    void contextMenuWanted(quint64 row, QPoint globalPosition);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    class Delegate;
    bool pressKey(QKeyEvent* event);
    void wheel(QWheelEvent* event);
    void go(std::uint64_t row, bool extend);
    void choose(std::uint64_t row);
    void openMenu(std::uint64_t row);
    void fitRows();
    void updateScrollBar();
    void updateView();
    [[nodiscard]] std::uint64_t lastTop() const; ///< the top row when the last one is at the bottom
    [[nodiscard]] bool isSelected(std::uint64_t row) const;

    WindowModel* m_model;
    QTableView* m_view;
    QScrollBar* m_bar;
    QuietHeader* m_header;
    QLabel* m_empty;
    Delegate* m_delegate;
    std::uint64_t m_top = 0;
    std::optional<std::uint64_t> m_current;
    std::uint64_t m_selectionAnchor = 0; ///< selected is what lies between it and the current row
    double m_rowsPerStep = 1; ///< of the scroll bar
    int m_wheelRest = 0; ///< turned, and not yet a whole row
    bool m_extends = false; ///< the next current row extends the selection
    bool m_updating = false;
};

} // namespace leftfold::ui
