// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/kafka_lines.h"
#include "core/decode/text.h"
#include "core/replay/field_steps.h"
#include "core/replay/playhead.h"
#include "core/replay/scan.h"
#include "core/replay/stretch.h"
#include "core/snapshot/event_text.h"
#include "core/workspace/answering.h"
#include "core/workspace/transaction_steps.h"

#include <algorithm>

namespace leftfold::workspace {

namespace {

using base::Result;
using capture::KeyIndex;
using capture::OrdinalCut;

constexpr std::size_t kRowCharacters = 300;
constexpr std::size_t kColumnCharacters = 200;
/// Looked at in one piece: what is found in it is told, and a stop is heard.
constexpr std::uint64_t kScanPiece = 1U << 15;

Result<std::optional<std::string>> idOf(const KeyIndex* keys, event::EventIndex index)
{
    if (keys == nullptr) return std::nullopt;
    LEFTFOLD_TRY(const auto key, keys->keysOf(index.value, 1));
    if (key[0] == capture::kNoKey) return std::nullopt;
    LEFTFOLD_TRY(const base::ByteView id, keys->text(key[0]));
    return std::string(id);
}

/// Of an event that cannot be read: as near as the catalog knows.
event::Offset offsetOfDamaged(const capture::ChunkEntry& entry, std::uint64_t ordinal)
{
    return {entry.firstOffset + static_cast<std::int64_t>(ordinal - entry.firstOrdinal)};
}

/// What stands at the paths in a row's value, as JSON, shortened.
std::vector<std::optional<std::string>> cellsOf(const EventRow& row, const event::Record& record, const Shown& shown,
                                                std::span<const event::Pointer> columns)
{
    std::vector<std::optional<std::string>> cells(columns.size());
    if (columns.empty() || row.isUndecodable || !record.value) return cells;
    const auto document = event::Document::parse(*record.value);
    if (!document) return cells;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (const auto value = document->root().find(columns[i]))
            cells[i] = decode::printable(shown.json(columns[i], *value), kColumnCharacters);
    }
    return cells;
}

void fill(EventRow& row, const event::Record& record, bool isUndecodable)
{
    row.isUndecodable = isUndecodable;
    row.isTombstone = !record.value;
    row.bytes = record.value ? record.value->size() : 0;
    row.summary =
        decode::printable(record.value.value_or(base::ByteView()).substr(0, 4 * kRowCharacters), kRowCharacters);
    row.key = record.key ? decode::printable(*record.key, kColumnCharacters) : row.event.id.value_or("");
}

/// One row, whatever its event is like.
Result<EventRow> rowOf(Bench& bench, event::EventIndex index, const AskRows& question)
{
    const Shown shown = bench.shown(question.keys.get());
    EventRow row;
    LEFTFOLD_TRY(row.event, describeShown(bench, index, question.keys.get()));
    const auto event = bench.reader->event(index);
    if (!event) {
        row.isDamaged = true;
        row.key = row.event.id.value_or("");
        return row;
    }
    if (shown.isMasked()) {
        fill(row, shown.masks().masked(event->record).record, event->facts.undecodable);
    } else {
        fill(row, event->record, event->facts.undecodable);
    }
    row.columns = cellsOf(row, event->record, shown, question.columns);
    return row;
}

/// How the play order numbers events, where it is not the replay order.
Result<void> givePlaces(capture::Reader& reader, const std::optional<OrdinalCut>& base, std::vector<EventRow>& rows)
{
    std::optional<replay::PlayOrder> order;
    if (base) {
        LEFTFOLD_TRY(order, replay::PlayOrder::over(reader.catalog(), *base));
    }
    for (EventRow& row : rows) {
        row.place = row.event.index.value;
        if (order) {
            LEFTFOLD_TRY(row.place, order->placeOf(row.event.index));
        }
    }
    return {};
}

/// The cut of the events before a time.
Result<OrdinalCut> cutBefore(capture::Reader& reader, base::Time time)
{
    if (time == base::kBeginningOfTime) return reader.catalog().prefix(0);
    const base::Time last =
        time.nanos > 0 ? base::Time{time.seconds, time.nanos - 1} : base::Time{time.seconds - 1, 999'999'999};
    return reader.resolve(last);
}

OrdinalCut smaller(OrdinalCut a, const OrdinalCut& b)
{
    for (std::size_t i = 0; i < a.next.size(); ++i) a.next[i] = std::min(a.next[i], b.next[i]);
    return a;
}
OrdinalCut larger(OrdinalCut a, const OrdinalCut& b)
{
    for (std::size_t i = 0; i < a.next.size(); ++i) a.next[i] = std::max(a.next[i], b.next[i]);
    return a;
}

/// A choice of events as ranges of each partition.
struct Range {
    OrdinalCut from;
    OrdinalCut until;
};
Result<Range> rangeOf(capture::Reader& reader, const EventChoice& choice)
{
    const capture::Catalog& catalog = reader.catalog();
    Range range{{}, catalog.end()};
    LEFTFOLD_TRY(range.from, catalog.prefix(0));
    if (choice.time) {
        LEFTFOLD_TRY(range.from, cutBefore(reader, choice.time->from));
        LEFTFOLD_TRY(range.until, cutBefore(reader, choice.time->to));
    }
    const auto isWanted = [&](const event::Partition& partition) {
        return choice.partitions.empty() || std::ranges::find(choice.partitions, partition) != choice.partitions.end();
    };
    for (std::size_t i = 0; i < catalog.partitions().size(); ++i) {
        if (!isWanted(catalog.partitions()[i])) range.until.next[i] = range.from.next[i];
    }
    return range;
}

} // namespace

Result<EventAt> describeEvent(capture::Reader& reader, event::EventIndex index, const KeyIndex* keys)
{
    EventAt event;
    event.index = index;
    LEFTFOLD_TRY(event.location, reader.catalog().locate(index));
    event.position.partition = reader.catalog().partitions()[event.location.partition];
    LEFTFOLD_TRY(event.id, idOf(keys, index));
    LEFTFOLD_TRY(const capture::ChunkEntry* entry, reader.catalog().chunkOf(event.location));
    const std::uint64_t place = event.location.ordinal - entry->firstOrdinal;
    const auto chunk =
        entry->id == 0 ? Result<std::shared_ptr<const capture::LoadedChunk>>(nullptr) : reader.chunk(*entry);
    if (!chunk || !*chunk) {
        event.position.offset = offsetOfDamaged(*entry, event.location.ordinal);
        event.time = entry->effectiveBefore;
        return event;
    }
    const capture::ChunkColumns& columns = (*chunk)->columns;
    event.position.offset = columns.offsets[place];
    event.time = (*chunk)->effective[place];
    event.type = columns.types[columns.facts[place].type];
    return event;
}

Result<EventAt> describeShown(const Bench& bench, event::EventIndex index, const KeyIndex* keys)
{
    LEFTFOLD_TRY(EventAt event, describeEvent(*bench.reader, index, keys));
    LEFTFOLD_TRY(event.id, bench.shown(keys).id(std::move(event.id)));
    return event;
}

Result<Rows> answer(Bench& bench, const AskRows& question, std::stop_token stop, const Telling<Rows>&)
{
    const std::uint64_t events = bench.reader->catalog().eventCount();
    const std::uint64_t size = question.matches ? question.matches->size() : events;
    Rows rows{question.first, {}};
    for (std::uint64_t row = question.first; row < std::min(size, question.first + question.count); ++row) {
        if (stop.stop_requested()) return base::fail(base::ErrorCode::Cancelled);
        const std::uint64_t index = question.matches ? (*question.matches)[row] : row;
        LEFTFOLD_TRY(EventRow made, rowOf(bench, event::EventIndex{index}, question));
        rows.rows.push_back(std::move(made));
    }
    LEFTFOLD_CHECK(givePlaces(*bench.reader, question.base, rows.rows));
    return rows;
}

Result<Matches> answer(Bench& bench, const AskMatches& question, std::stop_token stop, const Telling<Matches>& telling)
{
    const capture::Catalog& catalog = bench.reader->catalog();
    event::EventFilter filter = question.choice.filter;
    if (filter.aggregate) {
        LEFTFOLD_TRY(filter.aggregate, bench.shown(question.keys.get()).meant(*filter.aggregate));
    }
    LEFTFOLD_TRY(const Range range, rangeOf(*bench.reader, question.choice));
    LEFTFOLD_TRY(const auto stretch, replay::stretchBetween(catalog, range.from, range.until));
    auto found = std::make_shared<std::vector<std::uint32_t>>();
    Matches matches;
    for (std::size_t i = 0; i < range.until.next.size(); ++i)
        matches.toScan += range.until.next[i] - std::min(range.from.next[i], range.until.next[i]);
    // An aggregate's events are found by its index, at once.
    const std::uint64_t piece = filter.aggregate ? stretch.last : kScanPiece;
    std::size_t told = 0;
    for (std::uint64_t first = stretch.first; first < stretch.last; first += piece) {
        LEFTFOLD_TRY(const OrdinalCut begin, catalog.prefix(first));
        LEFTFOLD_TRY(const OrdinalCut end, catalog.prefix(std::min(stretch.last, first + piece)));
        const replay::ScanRange part{larger(range.from, begin), smaller(range.until, end)};
        LEFTFOLD_TRY(const auto summary,
                     replay::scan(*bench.reader, question.keys.get(), part, filter, stop,
                                  [&](const replay::ScannedEvent& event) -> Result<bool> {
                                      found->push_back(static_cast<std::uint32_t>(event.index.value));
                                      return true;
                                  }));
        matches.scanned += summary.scanned;
        matches.damaged += summary.damaged;
        if (telling.progress) telling.progress({matches.scanned, matches.toScan});
        // Copied for each telling: so only when there is much more than was told, or little at all.
        const bool isWorthTelling = found->size() >= told + told / 2 || found->size() < 4096;
        if (!isWorthTelling || !telling.more || !telling.mayTellMore()) continue;
        told = found->size();
        Matches partial = matches;
        partial.events = std::make_shared<const std::vector<std::uint32_t>>(*found);
        telling.more(std::move(partial));
    }
    matches.events = std::move(found);
    matches.isDone = true;
    return matches;
}

Result<Moment> describePlace(const Bench& bench, Place place, const KeyIndex* keys)
{
    capture::Reader& reader = *bench.reader;
    LEFTFOLD_TRY(const auto order, replay::PlayOrder::over(reader.catalog(), place.base));
    place.at = std::min(place.at, order.size());
    Moment moment;
    LEFTFOLD_TRY(moment.cut, order.cutAt(place.at));
    moment.eventsBehind = moment.cut.events();
    moment.isPrefix = order.isReplayOrder();
    moment.hasIds = keys != nullptr;
    if (place.at > 0) {
        LEFTFOLD_TRY(const event::EventIndex last, order.eventAt(place.at - 1));
        LEFTFOLD_TRY(moment.last, describeShown(bench, last, keys));
    }
    if (place.at < order.size()) {
        LEFTFOLD_TRY(const event::EventIndex next, order.eventAt(place.at));
        LEFTFOLD_TRY(moment.next, describeShown(bench, next, keys));
    }
    if (moment.isPrefix) {
        // All prefixes are one play order: the same place has one name.
        LEFTFOLD_TRY(place.base, reader.catalog().prefix(0));
        moment.when = moment.last ? event::When(moment.last->index) : event::When(event::AtStart{});
    } else {
        LEFTFOLD_TRY(moment.when, reader.toCut(moment.cut));
    }
    moment.place = std::move(place);
    return moment;
}

namespace {

Result<Moment> momentOf(const Bench& bench, const Target& target, const KeyIndex* keys)
{
    if (const auto* place = std::get_if<Place>(&target)) return describePlace(bench, *place, keys);
    LEFTFOLD_TRY(const OrdinalCut cut, bench.reader->resolve(std::get<event::When>(target)));
    LEFTFOLD_TRY(const auto order, replay::PlayOrder::over(bench.reader->catalog(), cut));
    return describePlace(bench, Place{cut, order.home()}, keys);
}

Result<replay::StepKind> kindOf(Bench& bench, const AskStep& question, std::stop_token stop)
{
    if (const auto* aggregate = std::get_if<StepAggregate>(&question.target)) {
        LEFTFOLD_TRY(std::string id, bench.shown(question.projection).meant(aggregate->id));
        return replay::OfAggregate{std::move(id)};
    }
    if (const auto* type = std::get_if<StepType>(&question.target)) return replay::OfType{type->type};
    if (!std::holds_alternative<StepTransaction>(question.target)) return replay::AnyEvent{};
    if (!bench.transactions) {
        LEFTFOLD_TRY(bench.transactions, transactionSteps(*bench.reader, {}, bench.workers, std::move(stop), {}));
    }
    return *bench.transactions;
}

} // namespace

Result<Moment> answer(Bench& bench, const AskPlayhead& question, std::stop_token, const Telling<Moment>&)
{
    return momentOf(bench, question.target, question.keys.get());
}

Result<MarkMoment> answer(Bench& bench, const AskMark& question, std::stop_token, const Telling<MarkMoment>&)
{
    LEFTFOLD_TRY(Moment moment, momentOf(bench, question.target, nullptr));
    return MarkMoment{question.mark, std::move(moment)};
}

Result<BookmarkMoment> answer(Bench& bench, const AskBookmark& question, std::stop_token,
                              const Telling<BookmarkMoment>&)
{
    LEFTFOLD_TRY(event::When when, event::parseWhen(question.at));
    auto moment = momentOf(bench, Target(std::move(when)), nullptr);
    if (!moment) return BookmarkMoment{question.name, question.at, std::nullopt, std::move(moment).error()};
    return BookmarkMoment{question.name, question.at, std::move(*moment), std::nullopt};
}

namespace {

Result<ViewPlace> placeOf(capture::Reader& reader, const std::string& view, const event::Cut& committed)
{
    ViewPlace place{view, std::nullopt, base::kBeginningOfTime, 0};
    const capture::Catalog& catalog = reader.catalog();
    for (std::uint32_t number = 0; number < catalog.partitions().size(); ++number) {
        const auto next = committed.next.find(catalog.partitions()[number]);
        const std::uint64_t events = catalog.eventsOf(number);
        if (next == committed.next.end() || events == 0) continue;
        LEFTFOLD_TRY(const auto last, reader.event(capture::Location{number, events - 1}));
        place.end = std::max(place.end, last.effective);
        LEFTFOLD_TRY(const std::uint64_t ordinal, reader.ordinalOf(number, next->second));
        if (ordinal >= events) continue;
        LEFTFOLD_TRY(const auto unread, reader.event(capture::Location{number, ordinal}));
        if (!place.from || unread.effective < *place.from) place.from = unread.effective;
        place.unread += events - ordinal;
    }
    return place;
}

} // namespace

Result<Lanes> answer(Bench& bench, const AskLanes& question, std::stop_token, const Telling<Lanes>&)
{
    Lanes lanes;
    for (const auto& [view, committed] : question.views) {
        LEFTFOLD_TRY(ViewPlace place, placeOf(*bench.reader, view, committed));
        lanes.places.push_back(std::move(place));
    }
    return lanes;
}

Result<std::vector<replay::TransactionSpan>> answer(Bench& bench, const AskTransactions&, std::stop_token,
                                                    const Telling<std::vector<replay::TransactionSpan>>&)
{
    return replay::transactionSpans(*bench.reader);
}

Result<Stepped> answer(Bench& bench, const AskStep& question, std::stop_token stop, const Telling<Stepped>&)
{
    Stepped stepped;
    stepped.direction = question.direction;
    LEFTFOLD_TRY(const auto order, replay::PlayOrder::over(bench.reader->catalog(), question.from.base));
    std::optional<std::uint64_t> at;
    if (const auto* field = std::get_if<StepField>(&question.target)) {
        replay::Replayer replayer(*bench.reader, question.projection, bench.checkpoints);
        LEFTFOLD_TRY(const std::string id, bench.shown(question.projection).meant(field->id));
        LEFTFOLD_TRY(
            at, replay::stepToChange(replayer, order, question.from.at, id, field->field, question.direction, stop));
    } else {
        LEFTFOLD_TRY(const replay::StepKind kind, kindOf(bench, question, stop));
        LEFTFOLD_TRY(at, replay::step(*bench.reader, order, question.projection.index.get(), question.from.at, kind,
                                      question.direction, stop, &stepped.unreadable));
    }
    if (!at) return stepped;
    LEFTFOLD_TRY(stepped.moment, describePlace(bench, Place{question.from.base, *at}, question.keys.get()));
    return stepped;
}

namespace {

void hide(const Shown& shown, decode::PayloadNote& note)
{
    if (note.kept) note.kept = shown.error(std::move(*note.kept));
}

} // namespace

Result<WholeEvent> answer(Bench& bench, const AskEvent& question, std::stop_token, const Telling<WholeEvent>&)
{
    WholeEvent whole;
    AskRows asRow;
    asRow.keys = question.keys;
    LEFTFOLD_TRY(whole.row, rowOf(bench, question.index, asRow));
    whole.row.place = question.index.value;
    auto event = bench.reader->event(question.index);
    if (!event) {
        whole.undecodable = std::move(event).error();
        return whole;
    }
    const Shown shown = bench.shown(question.keys.get());
    std::optional<snapshot::Masks::Record> masked;
    if (shown.isMasked()) masked = shown.masks().masked(event->record);
    const event::Record& record = masked ? masked->record : event->record;
    whole.ownTime = event->facts.time;
    whole.timestamp = record.timestamp;
    if (record.value) whole.value = std::string(*record.value);
    if (record.key) whole.key = std::string(*record.key);
    for (const event::Header& header : record.headers)
        whole.headers.push_back(
            {std::string(header.name), header.value ? std::optional(std::string(*header.value)) : std::nullopt});
    whole.line = record.line;
    if (const decode::PayloadNotes* notes = event->notes()) {
        whole.keyPayload = notes->key;
        whole.valuePayload = notes->value;
        whole.headerPayloads = notes->headers;
        for (decode::HeaderNote& header : whole.headerPayloads) hide(shown, header.note);
        if (whole.keyPayload) hide(shown, *whole.keyPayload);
        if (whole.valuePayload) hide(shown, *whole.valuePayload);
        // Bytes that nobody has read may hold anything.
        if (event->raw().value && !masked) whole.rawValue = std::string(*event->raw().value);
        if (event->raw().key && !masked) whole.rawKey = std::string(*event->raw().key);
    }
    if (!record.value) return whole;
    auto document = event::Document::parse(*record.value);
    if (document) {
        whole.document = std::move(*document);
    } else {
        whole.undecodable = shown.error(std::move(document).error());
    }
    return whole;
}

namespace {

/// False where the form cannot hold the event.
bool appendEvent(std::string& text, EventForm form, const snapshot::PrintedEvent& event)
{
    const std::size_t before = text.size();
    // A masked event has no bytes as the log holds them.
    const event::Record& raw = event.raw != nullptr ? *event.raw : *event.record;
    if (form == EventForm::Kcat && !decode::appendKcatLine(text, *event.partition, raw)) return false;
    if (form == EventForm::Json) snapshot::appendEventJson(text, event);
    if (form == EventForm::Csv) snapshot::appendEventCsv(text, event);
    return text.size() > before;
}

} // namespace

Result<CopiedEvents> answer(Bench& bench, const AskCopy& question, std::stop_token stop, const Telling<CopiedEvents>&)
{
    const Shown shown = bench.shown(question.keys.get());
    CopiedEvents copied;
    if (question.form == EventForm::Csv) copied.text = std::string(snapshot::eventCsvHeader()) + '\n';
    for (const event::EventIndex index : question.events) {
        if (stop.stop_requested()) return base::fail(base::ErrorCode::Cancelled);
        LEFTFOLD_TRY(const capture::StoredEvent event, bench.reader->event(index));
        LEFTFOLD_TRY(const auto id, idOf(question.keys.get(), index));
        const auto& partition = bench.reader->catalog().partitions()[event.location.partition];
        const std::optional<base::ByteView> shownId = id ? std::optional<base::ByteView>(*id) : std::nullopt;
        const snapshot::PrintedEvent printed{
            index,      &partition, &event.record, event.effective, event.facts.undecodable,
            event.type, shownId,    &event.raw(),  event.notes()};
        std::optional<snapshot::MaskedEvent> masked;
        if (shown.isMasked()) masked.emplace(printed, shown.masks(), shown.hidesWholeIds());
        if (appendEvent(copied.text, question.form, masked ? masked->printed() : printed)) {
            copied.text += '\n';
        } else {
            ++copied.leftOut;
        }
    }
    return copied;
}

} // namespace leftfold::workspace
