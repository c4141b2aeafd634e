// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/pointer.h"
#include "core/snapshot/moment_diff.h"
#include "ui/colours.h"
#include "ui/panels/json_tree_model.h"
#include "ui/table/cached_model.h"

#include <QWidget>
#include <memory>

namespace leftfold::ui {

enum class DiffKind { Created, Changed, Deleted };

/// An aggregate that is not the same at A and at B.
struct DiffRow {
    QString id;
    DiffKind kind = DiffKind::Changed;
    std::uint64_t changes = 0; ///< Changed: how many
    QString summary; ///< "/status, /paid": what changed
};

/// How far the diff is, and what it found so far.
struct DiffState {
    enum class Phase { NoMarks, Running, Done, Failed };
    Phase phase = Phase::NoMarks;
    QString a; ///< where the marks stand: "2026-11-18 12:00:00.000 UTC · #310,441"
    QString b;
    snapshot::DiffSummary summary;
    std::uint64_t done = 0;
    std::uint64_t total = 0;
    QString error; ///< Failed: in words
};

/// One aggregate at A and at B, and the events behind each change.
struct DiffDetail {
    struct Cause {
        event::EventIndex event;
        QString text; ///< "541207 PaymentReceived 2026-11-20 14:03:22.118"
    };
    QString id;
    DiffKind kind = DiffKind::Changed;
    MergedDocument tree; ///< `merged` of both states, or the one there is
    /// For each change: where, and the events between the marks that wrote there.
    std::vector<std::pair<event::Pointer, std::vector<Cause>>> causes;
};

class DiffModel : public CachedModel<DiffRow> {
    Q_OBJECT

public:
    enum Column { Id, Kind, Changes };

    explicit DiffModel(QObject* parent = nullptr);
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    [[nodiscard]] QVariant cell(std::uint64_t row, int column, int role) const override;
};

/// The marks compared: counts, the aggregates that differ, and for one of them both trees merged and why.
class DiffPanel : public QWidget {
    Q_OBJECT

public:
    explicit DiffPanel(QWidget* parent = nullptr);
    ~DiffPanel() override;
    void setColours(const Colours& colours);
    void setState(const DiffState& state);
    [[nodiscard]] DiffModel* model() const; ///< is given the rows it wants
    /// None: none is chosen, or it is on its way.
    void setDetail(std::optional<DiffDetail> detail);

signals:
    void aggregateChosen(QString id); ///< its detail is wanted
    void aggregateWanted(QString id); ///< show it in its own panel
    void goToWanted(quint64 eventIndex);
    void cancelWanted();

private:
    class Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace leftfold::ui
