// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/text.h"
#include "core/event/condition.h"
#include "core/event/number.h"
#include "core/workspace/answering.h"

#include <algorithm>
#include <map>

namespace leftfold::workspace {

namespace {

using base::Result;
using By = SnapshotChoice::By;

constexpr std::size_t kCellCharacters = 200;
constexpr std::size_t kStatesSurveyed = 200; ///< by a worker
constexpr std::size_t kSurveyDepth = 4;

/// What a row is sorted by beside its id.
struct Key {
    std::uint64_t number = 0;
    event::Kind kind = event::Kind::Null; ///< of the value in the column
    bool isThere = false;
    std::string text; ///< its digits, its text, or its JSON
};

/// Numbers stand before texts, both before all else; what is not there is last in either direction.
std::weak_ordering compare(const Key& a, const Key& b)
{
    if (a.number != b.number) return a.number <=> b.number;
    const auto rank = [](const Key& key) {
        return key.kind == event::Kind::Number ? 0 : key.kind == event::Kind::Text ? 1 : 2;
    };
    if (rank(a) != rank(b)) return rank(a) <=> rank(b);
    if (a.kind == event::Kind::Number && b.kind == event::Kind::Number) return event::compareNumbers(a.text, b.text);
    return a.text <=> b.text;
}

struct KeyedRow {
    Key key;
    SnapshotRow row;
};

class IsBefore {
public:
    explicit IsBefore(bool isDescending) : m_isDescending(isDescending) {}
    bool operator()(const KeyedRow& a, const KeyedRow& b) const
    {
        if (a.key.isThere != b.key.isThere) return a.key.isThere;
        const auto order = compare(a.key, b.key);
        if (order != 0) return m_isDescending ? order > 0 : order < 0;
        return m_isDescending ? a.row.id > b.row.id : a.row.id < b.row.id;
    }

private:
    bool m_isDescending;
};

/// Which aggregates are listed, and what is told of them; the same for all shares.
struct Listing {
    const AskSnapshot& question;
    const capture::Catalog& catalog;
    std::optional<event::Condition> where;
    Shown shown;

    [[nodiscard]] bool lets(base::ByteView id, const event::Document& state) const
    {
        if (where) return where->matches(state.root());
        return id.find(question.choice.filter) != base::ByteView::npos;
    }

    /// Its own events up to the moment.
    Result<void> count(SnapshotRow& row) const
    {
        LEFTFOLD_TRY(const auto own, replay::OwnEvents::of(*question.projection.index, row.id));
        if (!own) return {};
        LEFTFOLD_TRY(const auto inside, own->inside(catalog, question.cut));
        const auto events = own->events(inside);
        row.events = events.size();
        if (!events.empty()) row.lastEvent = event::EventIndex{events.back()};
        return {};
    }

    [[nodiscard]] Key keyOf(const SnapshotRow& row, event::Value state) const
    {
        Key key;
        key.isThere = true;
        if (question.choice.sortedBy == By::Events) key.number = row.events;
        if (question.choice.sortedBy == By::LastEvent) key.number = row.lastEvent ? row.lastEvent->value : 0;
        if (question.choice.sortedBy != By::Column) return key;
        const auto value = state.find(question.choice.sortColumn);
        key.isThere = value.has_value();
        if (!value) return key;
        key.kind = value->kind();
        key.text = key.kind == event::Kind::Number ? std::string(value->digits())
                   : key.kind == event::Kind::Text ? std::string(value->text())
                                                   : toJson(*value);
        return key;
    }

    [[nodiscard]] bool isById() const { return question.choice.sortedBy == By::Id; }
    [[nodiscard]] bool countsFirst() const
    {
        return question.choice.sortedBy == By::Events || question.choice.sortedBy == By::LastEvent;
    }
    /// In the order in which they come the first are enough.
    [[nodiscard]] bool isInOrder() const { return isById() && !question.choice.isDescending; }
};

/// How often scalars stand where, in the first states of each worker.
using Survey = std::map<event::Pointer, std::size_t>;

void survey(event::Value value, event::Pointer& at, Survey& out)
{
    if (value.kind() == event::Kind::Array) return;
    if (value.kind() != event::Kind::Object) {
        if (!at.tokens.empty()) ++out[at];
        return;
    }
    if (at.tokens.size() == kSurveyDepth) return;
    for (const event::Member& member : value.members()) {
        if (member.shadowed) continue;
        at.tokens.emplace_back(member.key);
        survey(member.value, at, out);
        at.tokens.pop_back();
    }
}

class Part : public snapshot::Share {
public:
    Part(const Listing& listing, const Part* sibling)
        : m_listing(listing),
          m_worker(sibling != nullptr ? sibling->m_worker : std::make_shared<OfWorker>())
    {}

    void add(base::ByteView id, fold::Folder& folder, const fold::State& state) override
    {
        const event::Document document = folder.read(state);
        if (++m_worker->seen <= kStatesSurveyed) {
            event::Pointer root;
            survey(document.root(), root, paths);
        }
        if (!m_listing.lets(id, document)) return;
        ++matched;
        if (m_listing.isInOrder() && m_worker->kept++ >= m_listing.question.limit) return;
        SnapshotRow row;
        row.id = std::string(id);
        if (m_listing.countsFirst()) {
            if (const auto counted = m_listing.count(row); !counted && !error) error = counted.error();
        }
        for (const event::Pointer& column : m_listing.question.choice.columns) {
            const auto value = document.root().find(column);
            row.cells.push_back(
                value ? std::optional(decode::printable(m_listing.shown.json(column, *value), kCellCharacters))
                      : std::nullopt);
        }
        Key key = m_listing.keyOf(row, document.root());
        rows.push_back({std::move(key), std::move(row)});
        if (rows.size() >= 2 * m_listing.question.limit) shorten(rows, m_listing);
    }

    /// Keeps the first rows, in no order.
    static void shorten(std::vector<KeyedRow>& rows, const Listing& listing)
    {
        const std::size_t limit = listing.question.limit;
        if (rows.size() <= limit) return;
        std::nth_element(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(limit), rows.end(),
                         IsBefore(listing.question.choice.isDescending));
        rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(limit), rows.end());
    }

    std::vector<KeyedRow> rows;
    Survey paths;
    std::uint64_t matched = 0;
    std::optional<base::Error> error;

private:
    struct OfWorker {
        std::size_t seen = 0;
        std::uint64_t kept = 0; ///< of a list in order of ids
    };

    const Listing& m_listing;
    std::shared_ptr<OfWorker> m_worker; ///< of all its shares
};

class Lister : public snapshot::Consumer {
public:
    explicit Lister(const Listing& listing) : m_listing(listing) {}

    std::unique_ptr<snapshot::Share> makeShare(snapshot::Share* sibling) override
    {
        return std::make_unique<Part>(m_listing, static_cast<Part*>(sibling));
    }
    Result<void> take(snapshot::Share& share) override
    {
        auto& part = static_cast<Part&>(share);
        if (part.error) return tl::unexpected(*part.error);
        matched += part.matched;
        for (const auto& [path, count] : part.paths) paths[path] += count;
        rows.insert(rows.end(), std::make_move_iterator(part.rows.begin()), std::make_move_iterator(part.rows.end()));
        if (rows.size() >= 2 * m_listing.question.limit) Part::shorten(rows, m_listing);
        return {};
    }

    std::vector<KeyedRow> rows;
    Survey paths;
    std::uint64_t matched = 0;

private:
    const Listing& m_listing;
};

std::vector<event::Pointer> byFrequency(const Survey& paths)
{
    std::vector<std::pair<std::size_t, event::Pointer>> counted;
    for (const auto& [path, count] : paths) counted.emplace_back(count, path);
    std::ranges::stable_sort(counted, std::ranges::greater(), [](const auto& each) { return each.first; });
    std::vector<event::Pointer> out;
    for (auto& each : counted) out.push_back(std::move(each.second));
    return out;
}

/// A condition where it is written as one, else a part of an id. One that begins as a condition and is none is an error.
Result<std::optional<event::Condition>> conditionOf(const std::string& filter)
{
    auto condition = event::Condition::parse(filter);
    if (condition) return std::optional(std::move(*condition));
    const bool isMeantAsOne = filter.find_first_of("=<>!(") != std::string::npos
                              || (filter.starts_with('/') && filter.find(' ') != std::string::npos);
    if (isMeantAsOne) return tl::unexpected(std::move(condition).error());
    return std::nullopt;
}

} // namespace

Result<SnapshotTable> answer(Bench& bench, const AskSnapshot& question, std::stop_token stop,
                             const Telling<SnapshotTable>& telling)
{
    Listing listing{question, bench.reader->catalog(), std::nullopt, bench.shown(question.projection)};
    if (!question.choice.filter.empty()) {
        LEFTFOLD_TRY(listing.where, conditionOf(question.choice.filter));
    }
    snapshot::SnapshotOptions options;
    options.workers = bench.workers;
    Lister lister(listing);
    const auto progress = [&](std::uint64_t done, std::uint64_t total) {
        if (telling.progress) telling.progress({done, total});
    };
    LEFTFOLD_TRY(const auto summary, snapshot::foldAll(*bench.reader, question.projection, question.cut, options,
                                                       std::move(stop), progress, lister));
    Part::shorten(lister.rows, listing);
    std::ranges::sort(lister.rows, IsBefore(question.choice.isDescending));
    SnapshotTable table;
    table.choice = question.choice;
    table.total = summary.aggregates;
    table.matched = lister.matched;
    table.damagedEvents = summary.damagedEvents;
    std::erase_if(lister.paths, [&](const auto& counted) { return listing.shown.tells(counted.first); });
    table.knownPaths = byFrequency(lister.paths);
    for (KeyedRow& keyed : lister.rows) {
        if (!listing.countsFirst()) LEFTFOLD_CHECK(listing.count(keyed.row));
        LEFTFOLD_TRY(keyed.row.id, listing.shown.id(base::ByteView(keyed.row.id)));
        table.rows.push_back(std::move(keyed.row));
    }
    return table;
}

} // namespace leftfold::workspace
