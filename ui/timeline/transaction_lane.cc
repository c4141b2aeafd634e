// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/transaction_lane.h"

#include "ui/texts.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>

namespace leftfold::ui {

namespace {

using event::TransactionState;
using replay::TransactionSpan;

constexpr int kTransactionLane = 14; ///< its height
constexpr int kTransactionBar = 7;
constexpr int kLeastPixels = 3;
constexpr std::size_t kMostTold = 5;

/// Its pixels, whether they are seen or not; nothing where it has no place on the axis.
std::optional<std::pair<double, double>> pixelsOf(const TransactionSpan& span, const TimeScale& scale)
{
    if (!span.from || !span.until) return std::nullopt;
    const double from = std::floor(scale.x(*span.from));
    return std::pair(from, std::max(from + kLeastPixels, std::ceil(scale.x(*span.until))));
}

/// What is to be seen before what else.
int weight(TransactionState state)
{
    return state == TransactionState::Open ? 3 : state == TransactionState::Aborted ? 2 : 1;
}

QString stateText(TransactionState state)
{
    if (state == TransactionState::Open) return TransactionLane::tr("open");
    return state == TransactionState::Committed ? TransactionLane::tr("committed") : TransactionLane::tr("aborted");
}

QColor inkOf(TransactionState state, const Colours& colours)
{
    if (state == TransactionState::Open) return colours.warning;
    return state == TransactionState::Committed ? mixed(colours.good, colours.panel, 0.45) : colours.bad;
}

} // namespace

std::vector<TransactionStretch> transactionStretches(const Transactions& all, const TimeScale& scale)
{
    const auto width = static_cast<std::size_t>(std::max(0.0, std::ceil(scale.width)));
    std::vector<const TransactionSpan*> seen(width, nullptr);
    for (const TransactionSpan& span : all) {
        const auto pixels = pixelsOf(span, scale);
        if (!pixels || pixels->second <= 0 || pixels->first >= scale.width) continue;
        const auto behind = static_cast<std::size_t>(std::min(static_cast<double>(width), pixels->second));
        for (auto x = static_cast<std::size_t>(std::max(0.0, pixels->first)); x < behind; ++x) {
            const bool isSeen =
                seen[x] == nullptr || weight(seen[x]->transaction.state) < weight(span.transaction.state);
            if (isSeen) seen[x] = &span;
        }
    }
    std::vector<TransactionStretch> stretches;
    for (std::size_t x = 0; x < width; ++x) {
        if (seen[x] == nullptr) continue;
        const TransactionState state = seen[x]->transaction.state;
        const auto pixel = static_cast<int>(x);
        if (stretches.empty() || stretches.back().until != pixel || stretches.back().state != state)
            stretches.push_back({pixel, pixel, state});
        stretches.back().until = pixel + 1;
    }
    return stretches;
}

std::vector<const TransactionSpan*> transactionsAt(const Transactions& all, const TimeScale& scale, double x)
{
    std::vector<const TransactionSpan*> found;
    for (const TransactionSpan& span : all) {
        const auto pixels = pixelsOf(span, scale);
        if (pixels && pixels->first <= x && x < pixels->second) found.push_back(&span);
    }
    std::ranges::stable_sort(found, [](const auto* a, const auto* b) { return *b->from < *a->from; });
    return found;
}

QString transactionText(const TransactionSpan& span)
{
    const event::Transaction& transaction = span.transaction;
    const QString place = text(toText(event::Position{transaction.partition, transaction.begin()}));
    return QStringLiteral("%1 · %2 · %3 · %4")
        .arg(place, stateText(transaction.state),
             TransactionLane::tr("%1 events").arg(countText(span.behind - span.begin)),
             TransactionLane::tr("producer %1, epoch %2").arg(transaction.producer).arg(transaction.epoch));
}

TransactionLane::TransactionLane(int left, int right, QWidget* parent) : QWidget(parent), m_left(left), m_right(right)
{
    setAccessibleName(tr("Transactions"));
    setFixedHeight(kTransactionLane);
    setVisible(false);
}

void TransactionLane::setColours(const Colours& colours)
{
    m_colours = colours;
    update();
}

void TransactionLane::setTransactions(std::shared_ptr<const Transactions> all)
{
    m_all = std::move(all);
    std::array<std::uint64_t, 3> counts{};
    for (const TransactionSpan& span : m_all ? *m_all : Transactions())
        ++counts[static_cast<std::size_t>(span.transaction.state)];
    setAccessibleDescription(
        tr("%1 open, %2 committed, %3 aborted").arg(countText(counts[0]), countText(counts[1]), countText(counts[2])));
    setVisible(m_all && !m_all->empty());
    update();
}

void TransactionLane::setScale(const TimeScale& scale)
{
    m_scale = scale;
    update();
}

void TransactionLane::setPlayhead(std::optional<base::Time> time)
{
    if (time == m_playhead) return;
    m_playhead = time;
    update();
}

void TransactionLane::paintEvent(QPaintEvent*)
{
    if (!m_all) return;
    QPainter painter(this);
    painter.fillRect(rect(), m_colours.panel);
    painter.setFont(scaled(font(), 0.8)); // its name fits beside the axis
    painter.setPen(m_colours.secondary);
    const QRectF name(2, 0, m_left - 6, height());
    painter.drawText(
        name, Qt::AlignRight | Qt::AlignVCenter,
        QFontMetrics(painter.font()).elidedText(tr("Transactions"), Qt::ElideRight, static_cast<int>(name.width())));
    const double top = (height() - kTransactionBar) / 2.0;
    painter.fillRect(QRectF(m_left, top + kTransactionBar / 2.0 - 0.5, m_scale.width, 1), m_colours.line);
    for (const TransactionStretch& stretch : transactionStretches(*m_all, m_scale))
        painter.fillRect(QRectF(m_left + stretch.from, top, stretch.until - stretch.from, kTransactionBar),
                         inkOf(stretch.state, m_colours));
    const double at = m_playhead ? m_scale.x(*m_playhead) : -1;
    if (at >= 0 && at <= m_scale.width) painter.fillRect(QRectF(m_left + at - 1, 0, 2, height()), m_colours.text);
}

std::vector<const TransactionSpan*> TransactionLane::at(double x) const
{
    return m_all ? transactionsAt(*m_all, m_scale, x - m_left) : std::vector<const TransactionSpan*>();
}

bool TransactionLane::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const auto found = at(help->pos().x());
    QStringList lines;
    for (std::size_t i = 0; i < std::min(kMostTold, found.size()); ++i) lines += transactionText(*found[i]);
    if (found.size() > kMostTold) lines += tr("and %1 more").arg(countText(found.size() - kMostTold));
    if (!lines.empty()) QToolTip::showText(help->globalPos(), lines.join(QLatin1Char('\n')), this);
    return true;
}

void TransactionLane::mousePressEvent(QMouseEvent* event)
{
    const auto found = at(event->position().x());
    if (!found.empty()) emit transactionChosen(*found.front());
}

} // namespace leftfold::ui
