// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/decode/decode_texts.h"
#include "ui/error_text.h"
#include "ui/links/links.h"
#include "ui/panels/aggregates_panel.h"
#include "ui/panels/diff_panel.h"
#include "ui/panels/event_panel.h"
#include "ui/panels/problems_panel.h"
#include "ui/texts.h"
#include "ui/window/aggregate_panel.h"

#include <algorithm>

namespace leftfold::ui {

using namespace workspace;

namespace {

QStringList textsOf(const std::vector<event::Pointer>& pointers)
{
    QStringList out;
    for (const event::Pointer& pointer : pointers) out.push_back(text(toText(pointer)));
    return out;
}

std::vector<event::Pointer> pointersOf(const QStringList& texts)
{
    std::vector<event::Pointer> out;
    for (const QString& each : texts) {
        if (auto pointer = event::parsePointer(each.toStdString())) out.push_back(std::move(*pointer));
    }
    return out;
}

QStringList valuesOf(const std::vector<std::optional<std::string>>& cells)
{
    QStringList out;
    for (const auto& cell : cells) out.push_back(cell ? text(*cell) : QString());
    return out;
}

/// Rows [first, first + count) of a list that is there already.
template <class Row, class Shown>
std::vector<Shown> slice(const std::vector<Row>& rows, quint64 first, quint32 count, Shown (*shown)(const Row&))
{
    std::vector<Shown> out;
    const std::size_t end = std::min<std::size_t>(rows.size(), first + count);
    for (std::size_t i = first; i < end; ++i) out.push_back(shown(rows[i]));
    return out;
}

event::When just(quint64 eventIndex)
{
    return event::EventIndex{eventIndex};
}

} // namespace

// Event

EventLink::EventLink(Store* store, EventPanel* panel, QObject* parent) : QObject(parent), m_store(store), m_panel(panel)
{
    connect(store, &Store::changed, this, &EventLink::show);
    connect(panel, &EventPanel::aggregateWanted, this,
            [this](const QString& id) { m_store->act(ChooseAggregate{id.toStdString()}); });
    connect(panel, &EventPanel::goToWanted, this, [this](quint64 index) { m_store->act(GoTo{just(index)}); });
}

void EventLink::show(const WorkspaceState& before)
{
    const Open* open = m_store->open();
    if (open == nullptr || !isNew<AskEvent>(before, m_store->state())) return;
    const auto& asked = open->of<AskEvent>();
    if (asked.isWaiting) return;
    if (!asked.answer) return m_panel->setEvent(std::nullopt);
    const WholeEvent& whole = *asked.answer;
    EventDetail detail;
    detail.index = whole.row.event.index;
    detail.position = whole.row.event.position;
    detail.effective = whole.row.event.time;
    detail.time = whole.ownTime;
    detail.timestamp = whole.timestamp;
    detail.type = whole.row.event.type;
    detail.aggregate = whole.row.event.id;
    detail.key = whole.key;
    detail.value = whole.value;
    detail.document = whole.document;
    for (const HeaderText& header : whole.headers) detail.headers.emplace_back(header.name, header.value);
    detail.raw = whole.rawValue;
    if (whole.valuePayload) {
        detail.decoded = noteText(*whole.valuePayload);
        if (whole.valuePayload->schema) detail.schema = text(whole.valuePayload->schemaKey);
    }
    if (whole.undecodable) detail.problem = errorText(*whole.undecodable);
    if (whole.valuePayload && whole.valuePayload->kept) detail.problem = errorText(*whole.valuePayload->kept);
    m_panel->setEvent(std::move(detail));
}

// Aggregate

AggregateLink::AggregateLink(Store* store, AggregatePanel* panel, QObject* parent)
    : QObject(parent),
      m_store(store),
      m_panel(panel)
{
    connect(store, &Store::changed, this, &AggregateLink::show);
    connect(panel, &AggregatePanel::idsWanted, this,
            [this](const QString& part) { m_store->act(SearchIds{part.toStdString()}); });
    connect(panel, &AggregatePanel::aggregateChosen, this,
            [this](const QString& id) { m_store->act(ChooseAggregate{id.toStdString()}); });
    connect(panel, &AggregatePanel::goToWanted, this, [this](quint64 index) { m_store->act(GoTo{just(index)}); });
    connect(panel, &AggregatePanel::watchWanted, this,
            [this](const event::Pointer& field) { m_store->act(WatchField{field}); });
    connect(panel, &AggregatePanel::changeWanted, this,
            [this](const event::Pointer& field, replay::Direction direction) {
                m_store->act(WatchField{field});
                m_store->act(Step{direction, StepKind::WatchedField});
            });
    connect(panel, &AggregatePanel::listEventsWanted, this, [this](const QString& id) {
        EventChoice choice;
        choice.filter.aggregate = id.toStdString();
        m_store->act(ListEvents{choice});
    });
}

void AggregateLink::show(const WorkspaceState& before)
{
    const Open* open = m_store->open();
    if (open == nullptr) return;
    m_panel->show(*open);
    const Open* was = before.open();
    if (was == nullptr || was->of<AskHistory>().answer != open->of<AskHistory>().answer)
        m_panel->setHistory(open->of<AskHistory>().answer);
    const auto& view = open->of<AskAggregate>();
    if (was == nullptr || was->of<AskAggregate>().answer != view.answer || was->of<AskAggregate>().error != view.error)
        m_panel->setView(view.answer, view.error);
    const auto& ids = open->of<AskIds>();
    if (ids.answer && (was == nullptr || was->of<AskIds>().answer != ids.answer)) m_panel->setIds(*ids.answer);
}

// Aggregates

namespace {

AggregateRow shownAggregate(const SnapshotRow& row)
{
    return {text(row.id), row.events, row.lastEvent, valuesOf(row.cells)};
}

SnapshotChoice choiceOf(const AggregatesQuery& query)
{
    SnapshotChoice choice;
    choice.columns = pointersOf(query.paths);
    choice.filter = query.filter.trimmed().toStdString();
    choice.isDescending = query.descending;
    if (query.sortBy == QLatin1String("events")) choice.sortedBy = SnapshotChoice::By::Events;
    if (query.sortBy == QLatin1String("last")) choice.sortedBy = SnapshotChoice::By::LastEvent;
    const auto pointer = event::parsePointer(query.sortBy.toStdString());
    if (query.sortBy.startsWith(u'/') && pointer) {
        choice.sortedBy = SnapshotChoice::By::Column;
        choice.sortColumn = *pointer;
    }
    return choice;
}

} // namespace

AggregatesLink::AggregatesLink(Store* store, AggregatesPanel* panel, QObject* parent)
    : QObject(parent),
      m_store(store),
      m_panel(panel)
{
    connect(store, &Store::changed, this, &AggregatesLink::show);
    connect(panel->model(), &WindowModel::rowsWanted, this, &AggregatesLink::deliver);
    connect(panel, &AggregatesPanel::queryChanged, this,
            [this](const AggregatesQuery& query) { m_store->act(ListSnapshot{choiceOf(query)}); });
    connect(panel, &AggregatesPanel::aggregateWanted, this,
            [this](const QString& id) { m_store->act(ChooseAggregate{id.toStdString()}); });
    connect(panel, &AggregatesPanel::goToWanted, this, [this](quint64 index) { m_store->act(GoTo{just(index)}); });
    connect(panel, &AggregatesPanel::cancelWanted, this, [this] { m_store->act(CancelWork{}); });
}

void AggregatesLink::show(const WorkspaceState& before)
{
    const Open* open = m_store->open();
    if (open == nullptr || (!isNew<AskSnapshot>(before, m_store->state()) && before.open() != nullptr)) return;
    const auto& asked = open->of<AskSnapshot>();
    using Phase = AggregatesState::Phase;
    AggregatesState state;
    state.phase = !open->projection().opened ? Phase::NoProjection
                  : asked.isWaiting          ? Phase::Running
                  : asked.error              ? Phase::Failed
                                             : Phase::Done;
    state.done = asked.progress.done;
    state.total = asked.progress.total;
    if (asked.error) state.error = errorText(*asked.error);
    if (asked.answer) {
        state.aggregates = asked.answer->total;
        state.matched = asked.answer->matched;
        state.listed = asked.answer->rows.size();
        state.knownPaths = textsOf(asked.answer->knownPaths);
    }
    const Open* was = before.open();
    if (was == nullptr || was->of<AskSnapshot>().answer != asked.answer) {
        if (asked.answer) m_panel->model()->setPaths(textsOf(asked.answer->choice.columns));
        m_panel->model()->reset(asked.answer ? asked.answer->rows.size() : 0);
    }
    m_panel->setState(state);
}

void AggregatesLink::deliver(quint64 revision, quint64 first, quint32 count)
{
    const Open* open = m_store->open();
    if (open == nullptr || !open->of<AskSnapshot>().answer) return;
    m_panel->model()->deliver(revision, first,
                              slice(open->of<AskSnapshot>().answer->rows, first, count, shownAggregate));
}

// Diff

namespace {

ui::DiffRow shownDiff(const workspace::DiffRow& row)
{
    const auto kind = row.kind == workspace::DiffRow::Kind::Created   ? DiffKind::Created
                      : row.kind == workspace::DiffRow::Kind::Deleted ? DiffKind::Deleted
                                                                      : DiffKind::Changed;
    return {text(row.id), kind, row.changes, text(row.summary)};
}

DiffKind kindOf(const snapshot::AggregateDiff& diff)
{
    if (!diff.before) return DiffKind::Created;
    return diff.after ? DiffKind::Changed : DiffKind::Deleted;
}

} // namespace

DiffLink::DiffLink(Store* store, DiffPanel* panel, QObject* parent) : QObject(parent), m_store(store), m_panel(panel)
{
    connect(store, &Store::changed, this, &DiffLink::show);
    connect(panel->model(), &WindowModel::rowsWanted, this, &DiffLink::deliver);
    connect(panel, &DiffPanel::aggregateChosen, this,
            [this](const QString& id) { m_store->act(ChoosePair{id.toStdString()}); });
    connect(panel, &DiffPanel::aggregateWanted, this,
            [this](const QString& id) { m_store->act(ChooseAggregate{id.toStdString()}); });
    connect(panel, &DiffPanel::goToWanted, this, [this](quint64 index) { m_store->act(GoTo{just(index)}); });
    connect(panel, &DiffPanel::cancelWanted, this, [this] { m_store->act(CancelWork{}); });
}

void DiffLink::setZone(Zone zone)
{
    m_zone = zone;
    if (const Open* open = m_store->open()) showState(*open);
}

void DiffLink::show(const WorkspaceState& before)
{
    const Open* open = m_store->open();
    if (open == nullptr) return;
    const Open* was = before.open();
    const bool isOtherMark = was == nullptr || was->a != open->a || was->b != open->b;
    if (was == nullptr || was->of<AskDiff>().answer != open->of<AskDiff>().answer) {
        const auto& answer = open->of<AskDiff>().answer;
        const std::uint64_t rows = answer ? answer->rows->size() : 0;
        const bool isMore = was != nullptr && was->of<AskDiff>().ticket == open->of<AskDiff>().ticket
                            && was->of<AskDiff>().answer != nullptr && m_panel->model()->total() <= rows;
        isMore ? m_panel->model()->resize(rows) : m_panel->model()->reset(rows);
    }
    if (isOtherMark || isNew<AskDiff>(before, m_store->state())) showState(*open);
    if (was == nullptr || isNew<AskPair>(before, m_store->state())) showPair(*open);
}

void DiffLink::showState(const Open& open)
{
    const auto& asked = open.of<AskDiff>();
    using Phase = DiffState::Phase;
    DiffState state;
    state.phase = !open.a || !open.b ? Phase::NoMarks
                  : asked.isWaiting  ? Phase::Running
                  : asked.error      ? Phase::Failed
                                     : Phase::Done;
    if (open.a) state.a = shortMomentText(*open.a, m_zone);
    if (open.b) state.b = shortMomentText(*open.b, m_zone);
    state.done = asked.progress.done;
    state.total = asked.progress.total;
    if (asked.answer) state.summary = asked.answer->summary;
    if (asked.error) state.error = errorText(*asked.error);
    m_panel->setState(state);
}

void DiffLink::showPair(const Open& open)
{
    const auto& asked = open.of<AskPair>();
    if (!asked.answer || asked.isWaiting) return m_panel->setDetail(std::nullopt);
    const snapshot::AggregateDiff& diff = asked.answer->diff;
    DiffDetail detail;
    detail.id = text(diff.id);
    detail.kind = kindOf(diff);
    if (diff.before && diff.after) {
        detail.tree = merged(*diff.before, *diff.after);
    } else if (diff.before || diff.after) {
        detail.tree.document = diff.after ? *diff.after : *diff.before;
    }
    for (std::size_t i = 0; i < asked.answer->causes.size(); ++i) {
        std::vector<DiffDetail::Cause> causes;
        for (const EventAt& event : asked.answer->causes[i])
            causes.push_back({event.index, QStringLiteral("%1 %2").arg(writerText(event),
                                                                       dateTimeText(event.time, timeZone(m_zone)))});
        detail.causes.emplace_back(diff.changes[i].pointer, std::move(causes));
    }
    m_panel->setDetail(std::move(detail));
}

void DiffLink::deliver(quint64 revision, quint64 first, quint32 count)
{
    const Open* open = m_store->open();
    if (open == nullptr || !open->of<AskDiff>().answer) return;
    m_panel->model()->deliver(revision, first, slice(*open->of<AskDiff>().answer->rows, first, count, shownDiff));
}

// Problems

namespace {

ui::ProblemRow shownProblem(const workspace::ProblemRow& row)
{
    const QString id = row.id.empty() ? QString() : text(row.id) + QStringLiteral(": ");
    return {row.position, row.isDamage, id + errorText(row.error)};
}

} // namespace

ProblemsLink::ProblemsLink(Store* store, ProblemsPanel* panel, QObject* parent)
    : QObject(parent),
      m_store(store),
      m_panel(panel)
{
    connect(store, &Store::changed, this, &ProblemsLink::show);
    connect(panel->model(), &WindowModel::rowsWanted, this, &ProblemsLink::deliver);
    connect(panel, &ProblemsPanel::problemChosen, this,
            [this](const event::Position& position) { m_store->act(GoTo{event::When(position)}); });
}

void ProblemsLink::show(const WorkspaceState& before)
{
    const Open* open = m_store->open();
    if (open == nullptr || !isNew<AskProblems>(before, m_store->state())) return;
    const auto& asked = open->of<AskProblems>();
    const Open* was = before.open();
    if (was == nullptr || was->of<AskProblems>().answer != asked.answer)
        m_panel->model()->reset(asked.answer ? asked.answer->rows.size() : 0);
    if (asked.isWaiting) return m_panel->setPhase(ProblemsPanel::Phase::Running);
    if (asked.error) return m_panel->setPhase(ProblemsPanel::Phase::Failed, errorText(*asked.error));
    m_panel->setPhase(ProblemsPanel::Phase::Done);
    m_panel->setCount(asked.answer ? asked.answer->total : 0);
}

void ProblemsLink::deliver(quint64 revision, quint64 first, quint32 count)
{
    const Open* open = m_store->open();
    if (open == nullptr || !open->of<AskProblems>().answer) return;
    m_panel->model()->deliver(revision, first, slice(open->of<AskProblems>().answer->rows, first, count, shownProblem));
}

} // namespace leftfold::ui
