// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/moment_diff.h"

#include "core/base/ordered_parallel.h"
#include "core/replay/block_reader.h"
#include "core/replay/own_events.h"
#include "core/replay/touched.h"
#include "core/snapshot/two_states.h"

#include <algorithm>

namespace leftfold::snapshot {

namespace {

using base::ErrorCode;
using base::Result;
using capture::OrdinalCut;

/// The most of a piece, unless one aggregate alone has more events.
constexpr std::size_t kPieceAggregates = 1024;
constexpr std::size_t kPieceEvents = 1U << 16;
/// How often a stop is looked for.
constexpr std::size_t kEventsPerLook = 256;

using Keys = std::vector<std::uint32_t>;

struct Moments {
    const OrdinalCut& a;
    const OrdinalCut& b;
};

struct Piece {
    std::size_t first = 0; ///< among the touched aggregates
    std::size_t count = 0;
};

/// What one worker made of a piece.
struct Product {
    std::vector<AggregateDiff> diffs;
    std::uint64_t eventsFolded = 0;
    std::uint64_t damagedEvents = 0;
};

/// An event of an aggregate of a piece.
struct OwnEvent {
    std::uint32_t event = 0;
    std::uint32_t slot = 0; ///< the aggregate's place in the piece
    Inside inside = Inside::Both;
};

Result<void> sortById(const capture::KeyIndex& index, Keys& keys)
{
    std::vector<std::pair<base::ByteView, std::uint32_t>> named;
    for (const std::uint32_t key : keys) {
        LEFTFOLD_TRY(const base::ByteView id, index.text(key));
        named.emplace_back(id, key);
    }
    std::ranges::sort(named);
    std::ranges::transform(named, keys.begin(), [](const auto& each) { return each.second; });
    return {};
}

/// Compares the aggregates of one piece: their events are read in replay order, whosever they are, so that each frame of the log
/// is decoded once.
class PieceDiff {
public:
    PieceDiff(capture::Reader& reader, const replay::Projection& projection, const Moments& moments,
              const event::DiffRules& rules, std::span<const std::uint32_t> keys)
        : m_reader(reader),
          m_projection(projection),
          m_moments(moments),
          m_rules(rules),
          m_keys(keys),
          m_folder(projection.fold->folder())
    {}

    Result<Product> run(const std::stop_token& stop)
    {
        m_folder->obey(stop);
        for (std::uint32_t slot = 0; slot < m_keys.size(); ++slot) LEFTFOLD_CHECK(gather(slot));
        std::ranges::sort(m_events, {}, [](const OwnEvent& own) { return std::pair(own.event, own.slot); });
        for (std::size_t i = 0; i < m_events.size(); ++i) {
            if (i % kEventsPerLook == 0 && stop.stop_requested()) return base::fail(ErrorCode::Cancelled);
            LEFTFOLD_CHECK(apply(m_events[i]));
        }
        for (std::uint32_t slot = 0; slot < m_keys.size(); ++slot) LEFTFOLD_CHECK(compare(slot));
        return std::move(m_product);
    }

private:
    /// Both lists ascend: whatever stands in both is taken once.
    Result<void> gather(std::uint32_t slot)
    {
        LEFTFOLD_TRY(m_ids.emplace_back(), m_projection.index->text(m_keys[slot]));
        LEFTFOLD_TRY(const auto own, replay::OwnEvents::of(*m_projection.index, m_ids.back()));
        LEFTFOLD_INVARIANT(own.has_value());
        LEFTFOLD_TRY(const auto insideA, own->inside(m_reader.catalog(), m_moments.a));
        LEFTFOLD_TRY(const auto insideB, own->inside(m_reader.catalog(), m_moments.b));
        const auto ofA = own->events(insideA);
        const auto ofB = own->events(insideB);
        auto b = ofB.begin();
        for (const std::uint32_t event : ofA) {
            for (; b != ofB.end() && *b < event; ++b) m_events.push_back({*b, slot, Inside::B});
            const bool isInBoth = b != ofB.end() && *b == event;
            m_events.push_back({event, slot, isInBoth ? Inside::Both : Inside::A});
            if (isInBoth) ++b;
        }
        for (; b != ofB.end(); ++b) m_events.push_back({*b, slot, Inside::B});
        m_states.emplace_back(TwoStates::Counts{ofA.size(), ofB.size()});
        return {};
    }

    Result<void> apply(const OwnEvent& own)
    {
        auto event = m_reader.event(event::EventIndex{own.event});
        if (!event) {
            if (!replay::isOfDamage(event.error().code)) return tl::unexpected(std::move(event).error());
            ++m_product.damagedEvents;
            m_states[own.slot].skip(own.inside);
            return {};
        }
        const event::Partition& partition = m_reader.catalog().partitions()[event->location.partition];
        fold::FoldEvent seen =
            replay::foldEventOf(event->record, event->facts, event->effective, event->type, partition);
        seen.aggregate = m_ids[own.slot];
        seen.index = {own.event};
        m_states[own.slot].apply(*m_folder, seen, own.inside);
        ++m_product.eventsFolded;
        return m_folder->outcome();
    }

    Result<void> compare(std::uint32_t slot)
    {
        TwoStates::Documents documents = m_states[slot].finish(*m_folder);
        LEFTFOLD_CHECK(m_folder->outcome());
        if (!documents.a && !documents.b) return {};
        AggregateDiff diff;
        if (documents.a && documents.b) {
            diff.changes = event::diff(documents.a->root(), documents.b->root(), m_rules);
            if (diff.changes.empty()) return {};
        }
        diff.id = m_ids[slot];
        diff.before = std::move(documents.a);
        diff.after = std::move(documents.b);
        m_product.diffs.push_back(std::move(diff));
        return {};
    }

    capture::Reader& m_reader;
    const replay::Projection& m_projection;
    const Moments& m_moments;
    const event::DiffRules& m_rules;
    std::span<const std::uint32_t> m_keys;
    std::unique_ptr<fold::Folder> m_folder;
    std::vector<base::ByteView> m_ids; ///< by slot
    std::vector<OwnEvent> m_events;
    std::vector<TwoStates> m_states; ///< by slot
    Product m_product;
};

Result<std::vector<Piece>> piecesOf(const capture::KeyIndex& index, const Keys& keys)
{
    std::vector<Piece> pieces;
    std::size_t events = 0;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        LEFTFOLD_TRY(const auto postings, index.postings(keys[i]));
        const bool isFull =
            pieces.empty() || pieces.back().count == kPieceAggregates || events + postings.size() > kPieceEvents;
        if (isFull) {
            pieces.push_back({i, 0});
            events = 0;
        }
        ++pieces.back().count;
        events += postings.size();
    }
    return pieces;
}

void countIn(const AggregateDiff& diff, DiffSummary& summary)
{
    ++(!diff.before ? summary.created : (!diff.after ? summary.deleted : summary.changed));
}

Result<Keys> keysToCompare(const replay::Projection& projection, const DiffOptions& options, replay::Between between)
{
    if (!options.only) {
        LEFTFOLD_CHECK(sortById(*projection.index, between.aggregates));
        return std::move(between.aggregates);
    }
    LEFTFOLD_TRY(const auto key, projection.index->find(*options.only));
    if (!key) return base::fail(ErrorCode::NoSuchAggregate, *options.only, toText(projection.index->by()));
    return std::ranges::binary_search(between.aggregates, *key) ? Keys{*key} : Keys{};
}

} // namespace

Result<DiffSummary> diffMoments(capture::Reader& reader, const replay::Projection& projection, const OrdinalCut& a,
                                const OrdinalCut& b, const DiffOptions& options, std::stop_token stop,
                                const Progress& progress, const std::function<Result<void>(const AggregateDiff&)>& sink)
{
    LEFTFOLD_TRY(replay::Between between, replay::touchedBetween(reader.catalog(), projection, a, b, stop));
    DiffSummary summary;
    summary.eventsBetween = between.events;
    LEFTFOLD_TRY(const Keys keys, keysToCompare(projection, options, std::move(between)));
    summary.touched = keys.size();
    const Moments moments{a, b};
    LEFTFOLD_TRY(const std::vector<Piece> pieces, piecesOf(*projection.index, keys));
    const auto workers =
        static_cast<unsigned>(std::clamp<std::size_t>(pieces.size(), 1, std::max(options.workers, 1U)));
    std::vector<std::unique_ptr<capture::Reader>> readers(workers);
    const std::function<Result<Product>(unsigned, std::size_t)> produce = [&](unsigned worker,
                                                                              std::size_t number) -> Result<Product> {
        if (!readers[worker]) {
            LEFTFOLD_TRY(readers[worker], reader.another());
        }
        const Piece& piece = pieces[number];
        const auto ofPiece = std::span(keys).subspan(piece.first, piece.count);
        return PieceDiff(*readers[worker], projection, moments, options.rules, ofPiece).run(stop);
    };
    const std::function<Result<void>(std::size_t, Product&)> consume = [&](std::size_t number,
                                                                           Product& product) -> Result<void> {
        summary.eventsFolded += product.eventsFolded;
        summary.damagedEvents += product.damagedEvents;
        for (const AggregateDiff& diff : product.diffs) {
            countIn(diff, summary);
            LEFTFOLD_CHECK(sink(diff));
        }
        if (progress) progress(pieces[number].first + pieces[number].count, keys.size());
        return {};
    };
    LEFTFOLD_CHECK(base::orderedParallel<Product>(pieces.size(), workers, produce, consume, stop));
    return summary;
}

AggregateDiff masked(const AggregateDiff& diff, const Masks& masks, bool idIsMasked)
{
    AggregateDiff out;
    out.id = masks.maskedId(diff.id, idIsMasked);
    if (diff.before) out.before = masks.masked(diff.before->root());
    if (diff.after) out.after = masks.masked(diff.after->root());
    out.changes = masks.masked(diff.changes);
    return out;
}

} // namespace leftfold::snapshot
