// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/replay/transactions.h"
#include "ui/colours.h"
#include "ui/time_text.h"
#include "ui/timeline/timeline_layout.h"

#include <QWidget>
#include <memory>
#include <vector>

namespace leftfold::ui {

using Transactions = std::vector<replay::TransactionSpan>;

/// A stretch of the lane, in pixels of the axis, all of one state.
struct TransactionStretch {
    int from = 0;
    int until = 0; ///< behind its last pixel
    event::TransactionState state = event::TransactionState::Committed;
    friend bool operator==(const TransactionStretch&, const TransactionStretch&) = default;
};
/// What is painted: where several lie on one pixel, an open one is seen before an aborted one, and that before one committed. Each
/// takes three pixels at least.
[[nodiscard]] std::vector<TransactionStretch> transactionStretches(const Transactions& all, const TimeScale& scale);
/// Those at a pixel, as they are painted: of several the last that began first.
[[nodiscard]] std::vector<const replay::TransactionSpan*> transactionsAt(const Transactions& all,
                                                                         const TimeScale& scale, double x);
/// "orders[0]@5 · committed · 12 events · producer 3, epoch 0"
[[nodiscard]] QString transactionText(const replay::TransactionSpan& span);

/// The transactions of Kafka's producers, on the axis of the timeline above: where they are, and what became of them.
class TransactionLane : public QWidget {
    Q_OBJECT

public:
    /// The axis begins at `left` and ends `right` before the edge.
    TransactionLane(int left, int right, QWidget* parent = nullptr);
    void setColours(const Colours& colours);
    /// Null or empty: it takes no room.
    void setTransactions(std::shared_ptr<const Transactions> all);
    void setScale(const TimeScale& scale);
    void setPlayhead(std::optional<base::Time> time);

signals:
    void transactionChosen(replay::TransactionSpan span);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    [[nodiscard]] std::vector<const replay::TransactionSpan*> at(double x) const;

    int m_left;
    int m_right;
    std::shared_ptr<const Transactions> m_all;
    TimeScale m_scale;
    std::optional<base::Time> m_playhead;
    Colours m_colours = lightColours();
};

} // namespace leftfold::ui
