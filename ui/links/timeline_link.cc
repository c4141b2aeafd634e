// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/links/links.h"
#include "ui/links/main_stretch.h"
#include "ui/texts.h"
#include "ui/timeline/timeline_layout.h"
#include "ui/timeline/timeline_widget.h"

#include <algorithm>

namespace leftfold::ui {

using namespace workspace;

namespace {

std::optional<base::Time> timeOf(const std::optional<Moment>& moment)
{
    return moment && moment->last ? std::optional(moment->last->time) : std::nullopt;
}

} // namespace

TimelineLink::TimelineLink(Store* store, TimelineWidget* timeline, QObject* parent)
    : QObject(parent),
      m_store(store),
      m_timeline(timeline)
{
    connect(store, &Store::changed, this, &TimelineLink::show);
    connect(timeline, &TimelineWidget::scrubBegan, this, [this] { m_isScrubbing = true; });
    connect(timeline, &TimelineWidget::scrubEnded, this, [this] { m_isScrubbing = false; });
    connect(timeline, &TimelineWidget::playheadMoved, this, [this](base::Time time) {
        m_store->act(GoTo{Target(event::When(time)), m_isScrubbing});
    });
    connect(timeline, &TimelineWidget::rangeSelected, this, [this](const base::TimeRange& range) {
        if (m_store->open() == nullptr) return;
        EventChoice choice = m_store->open()->choice;
        choice.time = range;
        m_store->act(ListEvents{choice});
    });
    connect(timeline, &TimelineWidget::transactionChosen, this, [this](const replay::TransactionSpan& span) {
        const event::Transaction& transaction = span.transaction;
        // Of an aborted one nothing may have been captured.
        if (span.behind > span.begin)
            m_store->act(GoTo{Target(event::When(event::Position{transaction.partition, transaction.begin()}))});
        else if (span.from)
            m_store->act(GoTo{Target(event::When(*span.from))});
    });
    connect(timeline, &TimelineWidget::detailWanted, this,
            [this](const base::TimeRange& range) { m_store->act(WantDetail{range}); });
}

void TimelineLink::show(const WorkspaceState& before)
{
    const Open* open = m_store->open();
    if (open == nullptr) return;
    m_isFilling = open->isFilling || (m_isFilling && before.open() != nullptr);
    const auto& density = open->of<AskDensity>().answer;
    const auto& detail = open->of<AskDetail>().answer;
    const Open* was = before.open();
    if (density && (was == nullptr || was->of<AskDensity>().answer != density)) {
        const bool isFirst = was == nullptr || !was->of<AskDensity>().answer;
        const base::TimeRange seen = m_timeline->visibleRange();
        m_timeline->setDensity(*density);
        if (isFirst && density->events() > 0 && !m_isFilling) m_timeline->show(mainStretch(*density));
        if (!isFirst && (open->isLive || m_isFilling)) follow(*was->of<AskDensity>().answer, *density, seen);
        m_isFilling = m_isFilling && (open->isFilling || open->of<AskDensity>().isWaiting);
    }
    if (detail && (was == nullptr || was->of<AskDetail>().answer != detail)) m_timeline->setDetail(*detail);
    const auto& transactions = open->of<AskTransactions>().answer;
    if (was == nullptr || was->of<AskTransactions>().answer != transactions) m_timeline->setTransactions(transactions);
    if (was == nullptr || was->facts != open->facts) showIncomplete(*open);
    const bool isOtherHistory = was == nullptr || was->of<AskHistory>().answer != open->of<AskHistory>().answer;
    if (isOtherHistory || was->playhead != open->playhead) showDots(*open);
    m_timeline->setPlayhead(timeOf(open->playhead));
    m_timeline->setMark(ui::Mark::A, timeOf(open->a));
    m_timeline->setMark(ui::Mark::B, timeOf(open->b));
    if (was == nullptr || was->bookmarks != open->bookmarks) showBookmarks(*open);
    if (was == nullptr || was->choice.time != open->choice.time) m_timeline->setSelectedRange(open->choice.time);
}

/// The end stays in sight where it was: all that was seen and what has come since, or as long a stretch up to the new end.
void TimelineLink::follow(const replay::Density& before, const replay::Density& now, const base::TimeRange& seen)
{
    if (before.events() == 0) return m_timeline->follow(wholeRange(now));
    if (seen.to < before.span().to) return;
    const bool sawAll = !(before.span().from < seen.from);
    const double grown = base::nanosBetween(before.span().to, now.span().to);
    if (sawAll) return m_timeline->follow(wholeRange(now));
    m_timeline->follow({base::plusNanos(seen.from, grown), base::plusNanos(seen.to, grown)});
}

void TimelineLink::showBookmarks(const Open& open)
{
    std::vector<Pennant> pennants;
    for (const PlacedBookmark& bookmark : open.bookmarks) {
        if (const auto time = timeOf(bookmark.moment)) pennants.push_back({*time, text(bookmark.name)});
    }
    m_timeline->setPennants(std::move(pennants));
}

/// The history of the aggregate, below the axis.
void TimelineLink::showDots(const Open& open)
{
    std::vector<HistoryDot> dots;
    const auto& history = open.of<AskHistory>().answer;
    for (const EventAt& event : history ? history->events : std::vector<EventAt>()) {
        if (event.time == base::kBeginningOfTime) continue;
        const auto rank = static_cast<std::size_t>(std::ranges::find(open.types, event.type) - open.types.begin());
        const bool isBehind = open.playhead && event.location.partition < open.playhead->cut.next.size()
                              && open.playhead->cut.contains(event.location);
        dots.push_back({event.time, typeColour(rank), isBehind});
    }
    m_timeline->setDots(std::move(dots));
}

/// What lies before the first event of a partition whose history is not all there.
void TimelineLink::showIncomplete(const Open& open)
{
    base::Time first = base::kBeginningOfTime;
    for (const auto& partition : open.facts->summary.partitions) {
        const bool isEarlier = first == base::kBeginningOfTime || partition.firstTime < first;
        if (partition.firstTime != base::kBeginningOfTime && isEarlier) first = partition.firstTime;
    }
    std::vector<IncompleteRange> ranges;
    for (const auto& partition : open.facts->summary.partitions) {
        if (partition.events == 0 || partition.firstOffset.value == 0 || partition.firstTime <= first) continue;
        ranges.push_back(
            {{first, partition.firstTime},
             tr("%1: nothing before @%2").arg(text(toText(partition.partition))).arg(partition.firstOffset.value)});
    }
    m_timeline->setIncomplete(ranges);
}

} // namespace leftfold::ui
