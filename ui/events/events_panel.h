// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/events/events_model.h"
#include "ui/events/filter_bar.h"
#include "ui/table/window_table.h"

class QMenu;

namespace leftfold::ui {

enum class CopyAs { Json, Kcat, Csv };

/// The events: chips, and the table. `model()` is given the rows it wants.
class EventsPanel : public QWidget {
    Q_OBJECT

public:
    explicit EventsPanel(QWidget* parent = nullptr);
    void setColours(const Colours& colours);
    void setZone(Zone zone);
    [[nodiscard]] EventsModel* model() const { return m_model; }
    [[nodiscard]] FilterBar* filterBar() const { return m_filter; }
    [[nodiscard]] WindowTable* table() const { return m_table; }

    /// `query` is what the rows of the model are chosen by; `counts` how far that is.
    void setMatches(const EventQuery& query, const MatchCounts& counts);
    /// "184 match · 1,204,311 scanned": for the panel's title; without a query how many events there are.
    [[nodiscard]] QString summary() const { return m_summary; }
    /// Columns' widths and order, to be remembered.
    [[nodiscard]] QByteArray saveLayout() const;
    void restoreLayout(const QByteArray& layout);
    /// The log is another one: columns get the widths that the first rows of it need, unless a person has given them widths.
    void fitToNextRows();

signals:
    void summaryChanged(QString summary);
    void eventSelected(quint64 place); ///< to be looked at; the playhead stays
    void goToWanted(quint64 place); ///< the playhead just behind this event
    void markWanted(bool isB, quint64 place);
    void aggregateWanted(QString id);
    void breakWanted(QString type); ///< a breakpoint on this type
    void copyWanted(leftfold::ui::CopyAs as, std::vector<quint64> rows); ///< rows of the model, ascending
    void menuOpens(QMenu* menu, quint64 place); ///< before the menu of a row opens: others may add to it
    void pointersWanted(QStringList pointers); ///< columns were added or taken away by a person

private:
    void openMenu(quint64 row, QPoint at);
    void openColumnMenu(int section, QPoint at);
    void askForColumn();
    void fitColumns();
    [[nodiscard]] int widthOfMost(int column) const;

    FilterBar* m_filter;
    EventsModel* m_model;
    WindowTable* m_table;
    QString m_summary;
    bool m_isSized = false; ///< a person gave the columns their widths, now or in another run
    bool m_isFitted = false; ///< they have those of the rows of this log
    bool m_isFitting = false;
};

} // namespace leftfold::ui
