// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "core/event/offset.h"
#include "ui/colours.h"
#include "ui/table/cached_model.h"
#include "ui/time_text.h"

#include <QStringList>
#include <map>

namespace leftfold::ui {

/// One event as the table shows it.
struct EventRow {
    std::uint64_t place =
        0; ///< in the order in which one steps: the playhead has it behind itself when it stands beyond
    event::EventIndex index;
    base::Time time = base::kBeginningOfTime; ///< effective
    event::Position position;
    std::optional<QString> key; ///< the aggregate's id; none: it belongs to no aggregate
    QString type;
    std::uint64_t bytes = 0; ///< of the payload
    QString payload; ///< its beginning, one line of readable text
    QStringList values; ///< at the chosen pointers, as JSON; a null QString: nothing is there
    bool undecodable = false;
    bool tombstone = false;
    bool damaged = false; ///< cannot be read: only its place, index and position are known
};

/// The events of a log, or those that a filter lets through. Columns: #, time, position, key, type, bytes, payload, and those chosen.
class EventsModel : public CachedModel<EventRow> {
    Q_OBJECT

public:
    enum Column : int { Index, Time, Position, Key, Type, Bytes, Payload, FirstChosen };

    explicit EventsModel(QObject* parent = nullptr);
    void setColours(const Colours& colours);
    void setZone(Zone zone);
    /// Colours of types by rank: the first has the first colour of the palette, and so on; from the eighth on all have the last.
    void setTypes(const QStringList& byRank);
    [[nodiscard]] const QStringList& types() const { return m_types; }
    /// JSON pointers of payload values that have columns of their own. Begins a new revision.
    void setPointers(const QStringList& pointers);
    [[nodiscard]] const QStringList& pointers() const { return m_pointers; }
    /// How many events are behind the playhead; rows after it are dimmed, the row just behind it is marked.
    void setPlayhead(std::uint64_t eventsBehind);
    /// Whether row and place are one (nothing is filtered), so that placeholders can be dimmed too.
    void setUnfiltered(bool unfiltered);

    [[nodiscard]] QColor typeColour(const QString& type) const;

    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    [[nodiscard]] QVariant cell(std::uint64_t row, int column, int role) const override;
    [[nodiscard]] QVariant placeholder(std::uint64_t row, int column, int role) const override;

private:
    [[nodiscard]] QString text(const EventRow& row, int column) const;

    Colours m_colours = lightColours();
    QTimeZone m_zone = timeZone(Zone::Utc);
    QStringList m_types;
    std::map<QString, int> m_ranks;
    QStringList m_pointers;
    std::uint64_t m_playhead = 0;
    bool m_unfiltered = true;
};

} // namespace leftfold::ui
