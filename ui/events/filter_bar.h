// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time_range.h"
#include "core/event/filter.h"
#include "core/event/offset.h"
#include "ui/colours.h"
#include "ui/time_text.h"

#include <QWidget>
#include <memory>

namespace leftfold::ui {

/// Which events a person wants to see: the chips together. `filter` has the key (its aggregate), the types and the text.
struct EventQuery {
    event::EventFilter filter;
    std::vector<event::Partition> partitions; ///< one of these; empty: any
    std::optional<base::TimeRange> time; ///< by effective time

    [[nodiscard]] bool isEmpty() const { return *this == EventQuery{}; }
    friend bool operator==(const EventQuery&, const EventQuery&) = default;
};

/// What can be chosen from.
struct QueryChoices {
    struct Type {
        QString name;
        std::uint64_t events = 0;
    };
    std::vector<Type> types; ///< by rank, most frequent first
    std::vector<event::Partition> partitions;
};

/// How far a search through the events is.
struct MatchCounts {
    std::uint64_t matched = 0;
    std::uint64_t scanned = 0;
    std::uint64_t total = 0; ///< events to scan
    bool running = false;
};

/// A row of chips, one for each thing to filter by. A chip opens a small field or menu; set, it shows its value and a cross.
class FilterBar : public QWidget {
    Q_OBJECT

public:
    explicit FilterBar(QWidget* parent = nullptr);
    ~FilterBar() override;
    void setColours(const Colours& colours);
    void setZone(Zone zone);
    void setChoices(const QueryChoices& choices);
    /// Shows a query; emits nothing.
    void setQuery(const EventQuery& query);
    [[nodiscard]] const EventQuery& query() const;
    /// Opens the field for the text, as Ctrl+F does.
    void editText();

signals:
    void queryChanged(leftfold::ui::EventQuery query); ///< by a person

private:
    class Parts;
    std::unique_ptr<Parts> m_parts;
};

/// "184 match · 1,204,311 scanned", or how far it is.
[[nodiscard]] QString matchText(const MatchCounts& counts);

} // namespace leftfold::ui
