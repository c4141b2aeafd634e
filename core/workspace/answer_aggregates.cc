// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/text.h"
#include "core/replay/findings.h"
#include "core/snapshot/fold_findings.h"
#include "core/workspace/answering.h"

#include <algorithm>
#include <set>

namespace leftfold::workspace {

namespace {

using base::Result;
using capture::OrdinalCut;
using Documents = std::optional<event::Document>;

constexpr std::size_t kMostWriters = 5'000;
constexpr std::size_t kMostDots = 2'000;
constexpr std::size_t kMostCauses = 100;
constexpr std::size_t kSummaryCharacters = 200;

void collectWriters(const replay::Blame& blame, event::Value value, std::set<event::EventIndex>& writers)
{
    if (const auto writing = blame.of(value)) writers.insert(writing->by);
    for (const event::Value item : value.items()) collectWriters(blame, item, writers);
    for (const event::Member& member : value.members()) {
        if (!member.shadowed) collectWriters(blame, member.value, writers);
    }
}

Result<std::vector<EventAt>> writersOf(capture::Reader& reader, const replay::Blame& blame)
{
    std::set<event::EventIndex> indexes;
    if (blame.document()) collectWriters(blame, blame.document()->root(), indexes);
    std::vector<EventAt> writers;
    for (const event::EventIndex index : indexes) {
        if (writers.size() == kMostWriters) break;
        LEFTFOLD_TRY(EventAt writer, describeEvent(reader, index, nullptr));
        writers.push_back(std::move(writer));
    }
    return writers;
}

/// The cut without an event that is the last of its partition there.
OrdinalCut without(OrdinalCut cut, capture::Location event)
{
    cut.next[event.partition] = std::min(cut.next[event.partition], event.ordinal);
    return cut;
}

OrdinalCut with(OrdinalCut cut, capture::Location event)
{
    cut.next[event.partition] = std::max(cut.next[event.partition], event.ordinal + 1);
    return cut;
}

/// What the event that was just taken back had made of the aggregate, if it is one of its own. Where a script fails in it there is nothing
/// to be shown.
Result<void> addUndone(Bench& bench, replay::Replayer& replayer, const AskAggregate& question, const std::string& id,
                       std::stop_token stop, AggregateView& view)
{
    LEFTFOLD_TRY(EventAt undone, describeEvent(*bench.reader, *question.undone, nullptr));
    auto after = replayer.stateAt(id, with(question.cut, undone.location), std::move(stop));
    if (!after || !*after || (*after)->lastEvent != question.undone) return {};
    view.undone = std::move(undone);
    view.after = bench.shown(question.projection).state(std::move((*after)->document));
    return {};
}

} // namespace

Result<AggregateView> answer(Bench& bench, const AskAggregate& question, std::stop_token stop,
                             const Telling<AggregateView>&)
{
    replay::Replayer replayer(*bench.reader, question.projection, bench.checkpoints);
    AggregateView view;
    view.id = question.id;
    view.fingerprint = question.projection.fingerprint();
    const Shown shown = bench.shown(question.projection);
    LEFTFOLD_TRY(const std::string id, shown.meant(question.id));
    LEFTFOLD_TRY(const auto found, replay::blameAt(replayer, id, question.cut, stop));
    view.isInLog = found.has_value();
    if (!found) return view;
    view.events = found->state.events;
    view.eventsInLog = found->state.eventsInLog;
    view.blame = shown.blame(found->blame);
    if (view.blame.document()) view.stateBytes = toJson(view.blame.document()->root()).size();
    LEFTFOLD_TRY(view.writers, writersOf(*bench.reader, view.blame));
    if (question.undone) LEFTFOLD_CHECK(addUndone(bench, replayer, question, id, stop, view));
    if (!found->state.lastEvent) return view;
    LEFTFOLD_TRY(view.lastEvent, describeEvent(*bench.reader, *found->state.lastEvent, nullptr));
    view.isOfPlayhead = question.playheadEvent == found->state.lastEvent;
    if (!view.isOfPlayhead) return view;
    LEFTFOLD_TRY(auto before, replayer.stateAt(id, without(question.cut, view.lastEvent->location), std::move(stop)));
    if (before) view.before = shown.state(std::move(before->document));
    return view;
}

Result<History> answer(Bench& bench, const AskHistory& question, std::stop_token stop, const Telling<History>&)
{
    History history{question.id, {}, 0};
    LEFTFOLD_TRY(const std::string id, bench.shown(question.projection).meant(question.id));
    LEFTFOLD_TRY(const auto own, replay::OwnEvents::of(*question.projection.index, id));
    if (!own) return history;
    const auto events = own->inLog();
    history.total = events.size();
    const std::size_t shown = std::min(events.size(), kMostDots);
    for (std::size_t i = 0; i < shown; ++i) {
        if (stop.stop_requested()) return base::fail(base::ErrorCode::Cancelled);
        const std::size_t each = shown < 2 ? 0 : i * (events.size() - 1) / (shown - 1);
        LEFTFOLD_TRY(EventAt event, describeEvent(*bench.reader, event::EventIndex{events[each]}, nullptr));
        history.events.push_back(std::move(event));
    }
    return history;
}

Result<Ids> answer(Bench& bench, const AskIds& question, std::stop_token stop, const Telling<Ids>&)
{
    Ids found{question.text, {}, 0};
    std::vector<std::string> inside;
    for (std::uint32_t key = 0; key < question.keys->size(); ++key) {
        if (key % 4096 == 0 && stop.stop_requested()) return base::fail(base::ErrorCode::Cancelled);
        LEFTFOLD_TRY(const base::ByteView id, question.keys->text(key));
        const std::size_t at = id.find(question.text);
        if (at == base::ByteView::npos) continue;
        ++found.total;
        std::vector<std::string>& list = at == 0 ? found.ids : inside;
        if (list.size() < 20 * question.limit) list.emplace_back(id);
    }
    // The shortest first: a whole id stands before those it is a part of.
    const auto isBefore = [](const std::string& a, const std::string& b) {
        return std::pair(a.size(), std::string_view(a)) < std::pair(b.size(), std::string_view(b));
    };
    std::ranges::sort(found.ids, isBefore);
    std::ranges::sort(inside, isBefore);
    found.ids.insert(found.ids.end(), inside.begin(), inside.end());
    found.ids.resize(std::min(found.ids.size(), question.limit));
    const Shown shown = bench.shown(question.keys.get());
    for (std::string& id : found.ids) {
        LEFTFOLD_TRY(id, shown.id(base::ByteView(id)));
    }
    return found;
}

Result<DiffTable> answer(Bench& bench, const AskDiff& question, std::stop_token stop, const Telling<DiffTable>& telling)
{
    auto rows = std::make_shared<std::vector<DiffRow>>();
    DiffTable table;
    snapshot::DiffOptions options;
    options.workers = bench.workers;
    const Shown shown = bench.shown(question.projection);
    const auto add = [&](const snapshot::AggregateDiff& found) -> Result<void> {
        const snapshot::AggregateDiff masked =
            shown.isMasked() ? snapshot::masked(found, shown.masks(), false) : snapshot::AggregateDiff();
        const snapshot::AggregateDiff& diff = shown.isMasked() ? masked : found;
        DiffRow row;
        LEFTFOLD_TRY(row.id, shown.id(base::ByteView(found.id)));
        row.kind = !diff.before  ? DiffRow::Kind::Created
                   : !diff.after ? DiffRow::Kind::Deleted
                                 : DiffRow::Kind::Changed;
        row.changes = diff.changes.size();
        switch (row.kind) {
        case DiffRow::Kind::Created:
            ++table.summary.created;
            row.summary = decode::printable(toJson(diff.after->root()), kSummaryCharacters);
            break;
        case DiffRow::Kind::Deleted:
            ++table.summary.deleted;
            row.summary = decode::printable(toJson(diff.before->root()), kSummaryCharacters);
            break;
        case DiffRow::Kind::Changed:
            ++table.summary.changed;
            for (const event::Change& change : diff.changes) {
                if (row.summary.size() > kSummaryCharacters) break;
                row.summary += (row.summary.empty() ? "" : ", ") + toText(change.pointer);
            }
        }
        if (rows->size() < question.limit) rows->push_back(std::move(row));
        if (telling.more && rows->size() % 256 == 0 && telling.mayTellMore()) {
            table.rows = std::make_shared<const std::vector<DiffRow>>(*rows);
            telling.more(table);
        }
        return {};
    };
    const auto progress = [&](std::uint64_t done, std::uint64_t total) {
        if (telling.progress) telling.progress({done, total});
    };
    LEFTFOLD_TRY(table.summary, snapshot::diffMoments(*bench.reader, question.projection, question.a, question.b,
                                                      options, std::move(stop), progress, add));
    table.rows = std::move(rows);
    return table;
}

namespace {

bool isPrefix(const event::Pointer& a, const event::Pointer& b)
{
    return a.tokens.size() <= b.tokens.size() && std::equal(a.tokens.begin(), a.tokens.end(), b.tokens.begin());
}

/// Whether what an event changed is, lies in, or holds, the place of a change between the marks.
bool touches(const event::Change& byEvent, const event::Change& between)
{
    return isPrefix(byEvent.pointer, between.pointer) || isPrefix(between.pointer, byEvent.pointer);
}

/// What an event made of a state.
std::vector<event::Change> changesBetween(const Documents& before, const Documents& after)
{
    if (before && after) return event::diff(before->root(), after->root());
    if (!before && !after) return {};
    return {{event::ChangeKind::Changed, {}, before, after}};
}

/// Walks the aggregate's events up to the later mark and notes, for each change, those between the marks that wrote there.
Result<std::vector<std::vector<EventAt>>> causesOf(Bench& bench, replay::Replayer& replayer, const std::string& id,
                                                   const AskPair& question, const std::vector<event::Change>& changes,
                                                   std::stop_token stop)
{
    std::vector<std::vector<EventAt>> causes(changes.size());
    Documents before;
    const auto note = [&](const replay::Replayer::Step& step) -> Result<bool> {
        const bool exists = step.folder->exists(*step.state);
        Documents after = exists ? Documents(step.folder->read(*step.state)) : std::nullopt;
        const bool isBetween = !question.a.contains(step.event->location);
        const auto made = isBetween ? changesBetween(before, after) : std::vector<event::Change>();
        for (std::size_t i = 0; i < changes.size() && !made.empty(); ++i) {
            const bool isCause =
                std::ranges::any_of(made, [&](const event::Change& each) { return touches(each, changes[i]); });
            if (!isCause || causes[i].size() >= kMostCauses) continue;
            LEFTFOLD_TRY(EventAt event, describeEvent(*bench.reader, step.index, nullptr));
            causes[i].push_back(std::move(event));
        }
        before = std::move(after);
        return true;
    };
    LEFTFOLD_TRY(const bool isThere, replayer.walk(id, question.b, std::move(stop), note));
    (void)isThere;
    return causes;
}

} // namespace

Result<DiffPair> answer(Bench& bench, const AskPair& question, std::stop_token stop, const Telling<DiffPair>&)
{
    replay::Replayer replayer(*bench.reader, question.projection, bench.checkpoints);
    DiffPair pair;
    pair.diff.id = question.id;
    const Shown shown = bench.shown(question.projection);
    LEFTFOLD_TRY(const std::string id, shown.meant(question.id));
    LEFTFOLD_TRY(auto before, replayer.stateAt(id, question.a, stop));
    LEFTFOLD_TRY(auto after, replayer.stateAt(id, question.b, stop));
    if (before) pair.diff.before = std::move(before->document);
    if (after) pair.diff.after = std::move(after->document);
    pair.diff.changes = changesBetween(pair.diff.before, pair.diff.after);
    LEFTFOLD_TRY(pair.causes, causesOf(bench, replayer, id, question, pair.diff.changes, std::move(stop)));
    if (!shown.isMasked()) return pair;
    pair.diff.changes = shown.masks().masked(std::move(pair.diff.changes));
    pair.diff.before = shown.state(std::move(pair.diff.before));
    pair.diff.after = shown.state(std::move(pair.diff.after));
    return pair;
}

namespace {

/// The problems found so far: the first of them, and how many.
class ProblemList {
public:
    ProblemList(Bench& bench, const AskProblems& question)
        : m_bench(bench),
          m_question(question),
          m_shown(bench.shown(question.keys.get()))
    {}

    void add(const event::Problem& problem, std::string id, bool isDamage)
    {
        ++m_table.total;
        if (m_table.rows.size() >= m_question.limit) return;
        ProblemRow row{problem.position, isDamage, std::nullopt, std::move(id), m_shown.error(problem.error)};
        row.isDamage = isDamage || problem.error.code == base::ErrorCode::UndecodableRecord;
        if (const auto index = indexOf(problem.position)) row.event = *index;
        m_table.rows.push_back(std::move(row));
    }
    void addDamage(const base::Error& damage)
    {
        event::Problem problem{event::Position(), damage};
        problem.position.partition.topic = "capture";
        // "{0} events of {1} from offset {2} to {3}"
        const bool namesPartition = damage.code == base::ErrorCode::DamagedEvents && damage.args.size() > 1;
        if (namesPartition) {
            if (auto partition = event::parsePartition(damage.args[1]))
                problem.position.partition = std::move(*partition);
        }
        add(problem, {}, true);
    }
    void addMore(std::uint64_t unlisted) { m_table.total += unlisted; }
    ProblemTable finish() { return std::move(m_table); }
    [[nodiscard]] std::size_t left() const { return m_question.limit - m_table.rows.size(); }

private:
    std::optional<event::EventIndex> indexOf(const event::Position& position) const
    {
        const capture::Catalog& catalog = m_bench.reader->catalog();
        const auto partition = catalog.numberOf(position.partition);
        if (!partition) return std::nullopt;
        const auto ordinal = m_bench.reader->ordinalOf(*partition, position.offset);
        if (!ordinal || *ordinal >= catalog.eventsOf(*partition)) return std::nullopt;
        const auto index = catalog.indexOf({*partition, *ordinal});
        return index ? std::optional(*index) : std::nullopt;
    }

    Bench& m_bench;
    const AskProblems& m_question;
    const Shown m_shown;
    ProblemTable m_table;
};

} // namespace

Result<ProblemTable> answer(Bench& bench, const AskProblems& question, std::stop_token stop,
                            const Telling<ProblemTable>& telling)
{
    ProblemList list(bench, question);
    if (bench.reader->walLoss()) list.addDamage(*bench.reader->walLoss());
    for (const capture::Damage& damage : bench.reader->catalog().damage()) list.addDamage(damage.error);
    LEFTFOLD_CHECK(replay::findProblems(*bench.reader, question.keys.get(), stop, [&](const event::Problem& problem) {
        list.add(problem, {}, false);
        return true;
    }));
    if (!question.projection.fold || !question.projection.fold->finds()) return list.finish();
    snapshot::SnapshotOptions options;
    options.workers = bench.workers;
    const auto progress = [&](std::uint64_t done, std::uint64_t total) {
        if (telling.progress) telling.progress({done, total});
    };
    LEFTFOLD_TRY(const auto amiss,
                 snapshot::findAmiss(*bench.reader, question.projection, bench.reader->catalog().end(), list.left(),
                                     options, std::move(stop), progress));
    for (const snapshot::FoldFinding& finding : amiss.first) {
        LEFTFOLD_TRY(const EventAt event, describeEvent(*bench.reader, finding.event, nullptr));
        LEFTFOLD_TRY(std::string id, bench.shown(question.projection).id(base::ByteView(finding.id)));
        list.add({event.position, finding.error}, std::move(id), false);
    }
    list.addMore(amiss.total - amiss.first.size());
    return list.finish();
}

Result<Exported> answer(Bench& bench, const AskExport& question, std::stop_token stop, const Telling<Exported>& telling)
{
    snapshot::ExportOptions options;
    options.path = question.path;
    options.format = question.format;
    options.replace = question.replace;
    options.at = question.at;
    options.version = bench.version;
    options.types = question.types;
    options.logPath = question.logPath;
    if (bench.masks) options.masks = *bench.masks;
    options.folding.workers = bench.workers;
    // Writing and checking are one piece of work with two halves.
    const auto half = [&](std::uint64_t number) {
        return [&telling, number](std::uint64_t done, std::uint64_t total) {
            if (telling.progress) telling.progress({number * total + done, 2 * total});
        };
    };
    Exported exported;
    exported.path = question.path;
    LEFTFOLD_TRY(exported.manifest,
                 snapshot::exportSnapshot(*bench.reader, question.projection, question.cut, options, stop, half(0)));
    LEFTFOLD_TRY(const auto manifest, snapshot::verifyFile(question.path, stop, exported.report));
    if (!manifest) return exported;
    LEFTFOLD_CHECK(snapshot::verifyAgainstLog(question.path, *manifest, *bench.reader, question.projection,
                                              options.folding, std::move(stop), half(1), exported.report));
    return exported;
}

Result<OpenedProjection> answer(Bench& bench, const AskProjection& question, std::stop_token stop,
                                const Telling<OpenedProjection>& telling)
{
    std::shared_ptr<const fold::Fold> fold;
    if (!question.choice.fold.empty()) {
        LEFTFOLD_TRY(fold, openFold(question.choice.fold, question.choice.numbersAsText,
                                    question.choice.root)); // told before the log is read
    }
    const auto progress = [&](std::uint64_t done, std::uint64_t total) {
        if (telling.progress) telling.progress({done, total});
    };
    LEFTFOLD_TRY(auto projection, openProjection(*bench.reader, question.choice, std::move(fold), bench.workers,
                                                 std::move(stop), progress));
    return OpenedProjection{question.choice, std::move(projection)};
}

namespace {

Result<replay::Density> densityOf(Bench& bench, const replay::DensityOptions& options, std::stop_token stop,
                                  const Telling<replay::Density>& telling)
{
    return replay::Density::read(*bench.reader, options, std::move(stop), [&](std::uint64_t done, std::uint64_t total) {
        if (telling.progress) telling.progress({done, total});
    });
}

} // namespace

Result<replay::Density> answer(Bench& bench, const AskDensity& question, std::stop_token stop,
                               const Telling<replay::Density>& telling)
{
    return densityOf(bench, question.options, std::move(stop), telling);
}
Result<replay::Density> answer(Bench& bench, const AskDetail& question, std::stop_token stop,
                               const Telling<replay::Density>& telling)
{
    return densityOf(bench, question.options, std::move(stop), telling);
}

} // namespace leftfold::workspace
