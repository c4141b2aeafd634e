// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workspace/state.h"
#include "ui/colours.h"
#include "ui/panels/json_tree_model.h"
#include "ui/time_text.h"

#include <QTimer>
#include <QWidget>

class QCompleter;
class QLabel;
class QLineEdit;
class QStringListModel;

namespace leftfold::ui {

class HistoryDots;
class JsonTree;

/// An aggregate's state to be shown: merged with what its last event took away, what that event changed lit, and each value with
/// the event that last wrote it.
struct StateTree {
    std::optional<event::Document> document; ///< none: it does not exist at the playhead
    ValueNotes notes;
};
[[nodiscard]] StateTree stateTree(const workspace::AggregateView& view);

/// One aggregate at the playhead: search by id, its events along the time, its state with who wrote what.
class AggregatePanel : public QWidget {
    Q_OBJECT

public:
    explicit AggregatePanel(QWidget* parent = nullptr);
    void setColours(const Colours& colours);
    void setZone(Zone zone);
    void show(const workspace::Open& open);
    void setHistory(std::shared_ptr<const workspace::History> history);
    void setView(std::shared_ptr<const workspace::AggregateView> view, const std::optional<base::Error>& error);
    /// What was found for a text that was searched.
    void setIds(const workspace::Ids& ids);
    /// To type an id.
    void editId();

signals:
    void idsWanted(QString part);
    void aggregateChosen(QString id);
    void goToWanted(quint64 eventIndex);
    void watchWanted(leftfold::event::Pointer field);
    void changeWanted(leftfold::event::Pointer field, leftfold::replay::Direction direction); ///< to go to
    void breakWanted(leftfold::event::Pointer field); ///< a breakpoint on its changes
    void plotWanted(leftfold::event::Pointer field);
    void listEventsWanted(QString id); ///< only this aggregate's

private:
    void choose(const QString& id);
    void addToMenu(QMenu* menu, const QString& pointer);
    [[nodiscard]] QString emptyText() const;
    [[nodiscard]] QString footer() const;

    QLineEdit* m_search;
    QCompleter* m_completer;
    QStringListModel* m_found;
    QTimer m_searchSoon;
    HistoryDots* m_dots;
    JsonTree* m_tree;
    QLabel* m_footer;
    std::shared_ptr<const workspace::AggregateView> m_view;
    std::optional<std::string> m_id;
    std::optional<event::Pointer> m_watched;
    QString m_projection;
    bool m_isIndexing = false;
};

} // namespace leftfold::ui
