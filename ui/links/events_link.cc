// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/events/events_panel.h"
#include "ui/links/links.h"
#include "ui/texts.h"

#include <QClipboard>
#include <QGuiApplication>
#include <algorithm>

namespace leftfold::ui {

using namespace workspace;

namespace {

/// More blocks than this are not waited for: the view has gone on.
constexpr std::size_t kMostWaiting = 6;

EventQuery queryOf(const EventChoice& choice)
{
    return {choice.filter, choice.partitions, choice.time};
}
EventChoice choiceOf(const EventQuery& query)
{
    return {query.filter, query.partitions, query.time};
}

ui::EventRow shown(const workspace::EventRow& row)
{
    ui::EventRow out;
    out.place = row.place;
    out.index = row.event.index;
    out.time = row.event.time;
    out.position = row.event.position;
    if (row.event.id) out.key = text(*row.event.id);
    if (!out.key && !row.key.empty()) out.key = text(row.key);
    out.type = text(row.event.type);
    out.bytes = row.bytes;
    out.payload = text(row.summary);
    for (const auto& value : row.columns) out.values.push_back(value ? text(*value) : QString());
    out.undecodable = row.isUndecodable;
    out.tombstone = row.isTombstone;
    out.damaged = row.isDamaged;
    return out;
}

} // namespace

EventsLink::EventsLink(Store* store, EventsPanel* panel, QObject* parent)
    : QObject(parent),
      m_store(store),
      m_panel(panel)
{
    connect(store, &Store::changed, this, &EventsLink::show);
    connect(panel->model(), &WindowModel::rowsWanted, this, &EventsLink::want);
    connect(panel->filterBar(), &FilterBar::queryChanged, this,
            [this](const EventQuery& query) { m_store->act(ListEvents{choiceOf(query)}); });
    connect(panel, &EventsPanel::eventSelected, this, [this](quint64 place) {
        if (const auto index = indexAt(place)) m_store->act(ChooseEvent{*index});
    });
    connect(panel, &EventsPanel::goToWanted, this, [this](quint64 place) { m_store->act(GoTo{behind(place)}); });
    connect(panel, &EventsPanel::markWanted, this, [this](bool isB, quint64 place) {
        m_store->act(SetMark{isB ? workspace::Mark::B : workspace::Mark::A, behind(place)});
    });
    connect(panel, &EventsPanel::aggregateWanted, this,
            [this](const QString& id) { m_store->act(ChooseAggregate{id.toStdString()}); });
    connect(panel, &EventsPanel::copyWanted, this,
            [this](CopyAs as, const std::vector<quint64>& rows) { copyRows(static_cast<int>(as), rows); });
    connect(panel, &EventsPanel::pointersWanted, this, [this](const QStringList& pointers) {
        std::vector<event::Pointer> columns;
        for (const QString& pointer : pointers) {
            if (auto parsed = event::parsePointer(pointer.toStdString())) columns.push_back(std::move(*parsed));
        }
        m_store->act(ChooseEventColumns{columns});
    });
}

void EventsLink::show(const WorkspaceState& before)
{
    const Open* open = m_store->open();
    if (open == nullptr) return;
    showList(before.open(), *open);
    if (isOther(before, *open, &Open::facts)) showChoices(*open);
    takeRows(*open);
    if (isOther(before, *open, &Open::playhead)) showPlayhead(*open);
    const auto& copied = open->of<AskCopy>();
    if (copied.answer && copied.ticket != m_copied && !copied.isWaiting) {
        m_copied = copied.ticket;
        QGuiApplication::clipboard()->setText(text(copied.answer->text));
        const std::uint64_t leftOut = copied.answer->leftOut;
        const std::uint64_t written = m_copying - std::min(m_copying, leftOut);
        QString words = written == 1 ? tr("1 event copied") : tr("%1 events copied").arg(countText(written));
        if (leftOut > 0)
            words += tr("; %1 left out: a line of kcat has no way to write bytes that are no text. Copy these as JSON.")
                         .arg(countText(leftOut));
        emit told(words);
    }
}

/// Which rows there are; other rows altogether are a new beginning for the model.
void EventsLink::showList(const Open* before, const Open& open)
{
    EventsModel* model = m_panel->model();
    const bool isOtherLog = before == nullptr || before->facts->capturePath != open.facts->capturePath;
    // While it fills, its order may change.
    const bool isOtherOrder = !isOtherLog && before->isFilling && before->facts != open.facts;
    const bool isOtherList = isOtherLog || isOtherOrder || before->choice != open.choice
                             || before->keys() != open.keys()
                             || before->playsInReplayOrder() != open.playsInReplayOrder()
                             || (!open.playsInReplayOrder() && before->playhead
                                 && before->playhead->place.base != open.playhead->place.base);
    const bool isOtherColumns = isOtherLog || before->eventColumns != open.eventColumns;
    const auto* matches = before != nullptr ? before->of<AskMatches>().answer.get() : nullptr;
    const bool isLonger =
        !isOtherList && (before->facts != open.facts || matches != open.of<AskMatches>().answer.get());
    if (isOtherLog) m_panel->fitToNextRows();
    if (isOtherColumns) {
        QStringList pointers;
        for (const event::Pointer& column : open.eventColumns) pointers.push_back(text(toText(column)));
        model->setPointers(pointers);
    }
    if (isOtherList) {
        model->setUnfiltered(!open.isFiltered() && open.playsInReplayOrder());
        model->reset(open.listedEvents());
        m_panel->filterBar()->setQuery(queryOf(open.choice));
    } else if (isLonger) {
        model->resize(open.listedEvents());
    }
    const bool isCounted = before != nullptr && !isOtherList && !isLonger
                           && before->of<AskMatches>().isWaiting == open.of<AskMatches>().isWaiting
                           && before->of<AskMatches>().progress == open.of<AskMatches>().progress;
    if (isCounted) return;
    showMatches(open);
    if (isOtherList && open.playhead) showPlayhead(open);
}

void EventsLink::showMatches(const Open& open)
{
    const auto& asked = open.of<AskMatches>();
    MatchCounts counts;
    counts.total = open.facts->events;
    counts.matched = open.listedEvents();
    counts.scanned = open.facts->events;
    if (open.isFiltered()) {
        counts.scanned = asked.answer ? asked.answer->scanned : 0;
        if (asked.isWaiting) counts.scanned = std::max(counts.scanned, asked.progress.done);
        counts.total = asked.answer ? asked.answer->toScan : open.facts->events;
        counts.running = asked.isWaiting;
    }
    m_panel->setMatches(queryOf(open.choice), counts);
}

void EventsLink::showChoices(const Open& open)
{
    QueryChoices choices;
    QStringList ranks;
    for (const std::string& type : open.types) ranks.push_back(text(type));
    for (const auto& [type, events] : open.facts->summary.types) choices.types.push_back({text(type), events});
    for (const auto& partition : open.facts->summary.partitions) choices.partitions.push_back(partition.partition);
    m_panel->model()->setTypes(ranks);
    m_panel->filterBar()->setChoices(choices);
}

/// The playhead's row is marked and seen; where it is not among the matches, the place where it would be.
void EventsLink::showPlayhead(const Open& open)
{
    if (!open.playhead) return;
    m_panel->model()->setPlayhead(open.playhead->place.at);
    if (m_panel->model()->total() == 0) return;
    if (!open.playhead->last) return m_panel->table()->setCurrentRow(0);
    std::uint64_t row = open.playhead->last->index.value;
    if (open.isFiltered()) {
        const auto& matches = open.of<AskMatches>().answer;
        if (!matches) return;
        const auto behind = std::ranges::upper_bound(*matches->events, row);
        row = static_cast<std::uint64_t>(behind - matches->events->begin());
        row -= row > 0 ? 1 : 0;
    }
    if (row < m_panel->model()->total()) m_panel->table()->setCurrentRow(row);
}

void EventsLink::want(quint64 revision, quint64 first, quint32 count)
{
    m_waiting.push_back({revision, first, count});
    if (m_waiting.size() > kMostWaiting) {
        const Wanted old = m_waiting.front();
        m_waiting.pop_front();
        m_panel->model()->dropped(old.revision, old.first);
    }
    if (!m_asked) askNext();
}

/// The block wanted last is looked at now.
void EventsLink::askNext()
{
    while (!m_asked && !m_waiting.empty() && m_store->open() != nullptr) {
        const Wanted next = m_waiting.back();
        m_waiting.pop_back();
        if (next.revision != m_panel->model()->revision()) continue;
        m_asked = next;
        const Ticket before = m_store->open()->of<AskRows>().ticket;
        m_store->act(WantRows{next.first, next.count});
        m_ticket = m_store->open()->of<AskRows>().ticket;
        if (m_ticket != before) continue;
        // Not asked after all: there is no list to read from yet.
        m_asked.reset();
        m_ticket = 0;
        m_panel->model()->dropped(next.revision, next.first);
    }
}

void EventsLink::takeRows(const Open& open)
{
    const auto& asked = open.of<AskRows>();
    if (!m_asked || m_ticket == 0 || (asked.ticket == m_ticket && asked.isWaiting)) return;
    const Wanted wanted = *m_asked;
    const bool isAnswered = asked.ticket == m_ticket && asked.answer && !asked.error;
    // What `askNext` asks is taken in a turn of its own.
    m_asked.reset();
    m_ticket = 0;
    if (isAnswered) {
        std::vector<ui::EventRow> rows;
        for (const workspace::EventRow& row : asked.answer->rows) rows.push_back(shown(row));
        m_panel->model()->deliver(wanted.revision, wanted.first, std::move(rows));
    } else {
        m_panel->model()->dropped(wanted.revision, wanted.first);
    }
    askNext();
}

void EventsLink::copyRows(int as, const std::vector<quint64>& rows)
{
    const Open* open = m_store->open();
    if (open == nullptr) return;
    std::vector<event::EventIndex> events;
    const auto& matches = open->of<AskMatches>().answer;
    for (const quint64 row : rows) {
        if (open->isFiltered() && !matches) continue;
        events.push_back({open->isFiltered() ? (*matches->events)[row] : row});
    }
    m_copying = events.size();
    m_store->act(CopyEvents{static_cast<EventForm>(as), std::move(events)});
}

std::optional<event::EventIndex> EventsLink::indexAt(quint64 place) const
{
    const Open* open = m_store->open();
    if (open == nullptr) return std::nullopt;
    if (open->playsInReplayOrder()) return event::EventIndex{place};
    const auto row = m_panel->table()->currentRow();
    const ui::EventRow* event = row ? m_panel->model()->row(*row) : nullptr;
    return event != nullptr ? std::optional(event->index) : std::nullopt;
}

Target EventsLink::behind(quint64 place) const
{
    const Open* open = m_store->open();
    if (open == nullptr || !open->playhead) return event::When(event::EventIndex{place});
    return Place{open->playhead->place.base, place + 1};
}

} // namespace leftfold::ui
