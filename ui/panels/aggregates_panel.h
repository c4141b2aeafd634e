// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/offset.h"
#include "ui/colours.h"
#include "ui/table/cached_model.h"

#include <QStringList>
#include <QWidget>
#include <memory>

namespace leftfold::ui {

/// One aggregate at the playhead.
struct AggregateRow {
    QString id;
    std::uint64_t events = 0; ///< of its own, up to the playhead
    std::optional<event::EventIndex> lastEvent;
    QStringList values; ///< at the columns' paths, as JSON; a null QString: nothing is there
};

/// How the rows are to be chosen and sorted.
struct AggregatesQuery {
    QString filter; ///< a condition on the state (core/event/condition.h), or a part of the id
    /// "id", "events" or "last", or a path of the state.
    QString sortBy = QStringLiteral("id");
    bool descending = false;
    QStringList paths; ///< of the columns
    friend bool operator==(const AggregatesQuery&, const AggregatesQuery&) = default;
};

struct AggregatesState {
    enum class Phase { NoProjection, Running, Done, Failed };
    Phase phase = Phase::NoProjection;
    std::uint64_t aggregates = 0; ///< that exist at the playhead
    std::uint64_t matched = 0; ///< that the filter lets through
    std::uint64_t listed = 0; ///< of these, the rows there are
    std::uint64_t done = 0;
    std::uint64_t total = 0;
    QString error; ///< Failed: in words
    QStringList knownPaths; ///< of the states: to choose columns from
};

class AggregatesModel : public CachedModel<AggregateRow> {
    Q_OBJECT

public:
    enum Column { Id, Events, LastEvent, FirstPath };

    explicit AggregatesModel(QObject* parent = nullptr);
    void setPaths(const QStringList& paths); ///< begins a new revision
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    [[nodiscard]] QVariant cell(std::uint64_t row, int column, int role) const override;

private:
    [[nodiscard]] bool holdsNumbers(int column) const;

    QStringList m_paths;
};

/// All aggregates at the playhead, with columns from paths of their states. Sorting and filtering are somebody else's work: it
/// tells what is wanted and shows what is delivered.
class AggregatesPanel : public QWidget {
    Q_OBJECT

public:
    explicit AggregatesPanel(QWidget* parent = nullptr);
    ~AggregatesPanel() override;
    void setColours(const Colours& colours);
    void setState(const AggregatesState& state);
    /// Shows a query; emits nothing.
    void setQuery(const AggregatesQuery& query);
    [[nodiscard]] const AggregatesQuery& query() const;
    [[nodiscard]] AggregatesModel* model() const; ///< is given the rows it wants

signals:
    void queryChanged(leftfold::ui::AggregatesQuery query); ///< by a person
    void aggregateWanted(QString id); ///< show it in its own panel
    void goToWanted(quint64 eventIndex);
    void cancelWanted();

private:
    class Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace leftfold::ui
