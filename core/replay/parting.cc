// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/parting.h"

#include "core/base/ordered_parallel.h"

#include <algorithm>

namespace leftfold::replay {

namespace {

using base::ErrorCode;
using base::Result;
using event::EventIndex;

constexpr std::size_t kAggregatesPerPiece = 64;
constexpr std::size_t kEventsPerStop = 16;

/// One of two projections at work, aggregate after aggregate. Of one thread.
class Side {
public:
    Side(const Projection& projection, const capture::Catalog& catalog, const std::stop_token& stop)
        : m_projection(projection),
          m_catalog(catalog),
          m_stop(stop)
    {}

    /// Forgets the aggregate before, and finds the events of this one.
    Result<void> begin(base::ByteView id, const capture::OrdinalCut& cut)
    {
        if (!m_folder || m_folder->failure()) renew();
        m_state = m_folder->begin();
        m_document.reset();
        m_events.clear();
        m_next = 0;
        LEFTFOLD_TRY(const auto own, OwnEvents::of(*m_projection.index, id));
        if (!own) return {};
        LEFTFOLD_TRY(const auto inside, own->inside(m_catalog, cut));
        const auto events = own->events(inside);
        m_events.assign(events.begin(), events.end());
        return {};
    }

    /// The next event that is its own; none: there are no more.
    [[nodiscard]] std::optional<std::uint32_t> next() const
    {
        return m_next < m_events.size() ? std::optional(m_events[m_next]) : std::nullopt;
    }

    /// Folds the event, if it is the next of its own, and looks at the state. False after a failure.
    bool apply(std::uint32_t index, fold::FoldEvent event)
    {
        if (next() != index) return true;
        ++m_next;
        event.index = {index};
        m_folder->apply(*m_state, event);
        m_document.reset();
        if (m_folder->exists(*m_state)) m_document = m_folder->read(*m_state);
        m_folder->settle();
        if (!m_folder->failure()) return true;
        m_document.reset();
        return false;
    }

    [[nodiscard]] const std::optional<event::Document>& document() const { return m_document; }
    [[nodiscard]] PartedSide told() const { return {m_document, m_folder->failure()}; }
    [[nodiscard]] bool isCancelled() const
    {
        return m_folder->failure() && m_folder->failure()->code == ErrorCode::Cancelled;
    }

private:
    void renew()
    {
        m_state.reset();
        m_folder = m_projection.fold->folder();
        m_folder->obey(m_stop);
    }

    const Projection& m_projection;
    const capture::Catalog& m_catalog;
    const std::stop_token& m_stop;
    std::unique_ptr<fold::Folder> m_folder;
    std::unique_ptr<fold::State> m_state;
    std::optional<event::Document> m_document;
    std::vector<std::uint32_t> m_events;
    std::size_t m_next = 0;
};

bool isSame(const std::optional<event::Document>& a, const std::optional<event::Document>& b)
{
    return a.has_value() == b.has_value() && (!a || a->root() == b->root());
}

/// Two projections in lock-step.
class LockStep {
public:
    LockStep(capture::Reader& reader, const Projection& a, const Projection& b, const capture::OrdinalCut& cut,
             std::stop_token stop)
        : m_reader(reader),
          m_cut(cut),
          m_stop(std::move(stop)),
          m_a(a, reader.catalog(), m_stop),
          m_b(b, reader.catalog(), m_stop)
    {}

    Result<std::optional<Parting>> run(base::ByteView id)
    {
        LEFTFOLD_CHECK(m_a.begin(id, m_cut));
        LEFTFOLD_CHECK(m_b.begin(id, m_cut));
        for (std::size_t looked = 0; const auto index = nextOfBoth(); ++looked) {
            if (looked % kEventsPerStop == 0 && m_stop.stop_requested()) return base::fail(ErrorCode::Cancelled);
            LEFTFOLD_TRY(const capture::StoredEvent event, m_reader.event(EventIndex{*index}));
            fold::FoldEvent seen = foldEventOf(event.record, event.facts, event.effective, event.type,
                                               m_reader.catalog().partitions()[event.location.partition]);
            seen.aggregate = id;
            const bool goesA = m_a.apply(*index, seen);
            const bool goesB = m_b.apply(*index, seen);
            if (m_a.isCancelled() || m_b.isCancelled()) return base::fail(ErrorCode::Cancelled);
            if (!goesA && !goesB) return std::nullopt;
            if (goesA && goesB && isSame(m_a.document(), m_b.document())) continue;
            return Parting{std::string(id), EventIndex{*index}, m_a.told(), m_b.told()};
        }
        return std::nullopt;
    }

private:
    [[nodiscard]] std::optional<std::uint32_t> nextOfBoth() const
    {
        const auto a = m_a.next();
        const auto b = m_b.next();
        if (!a || !b) return a ? a : b;
        return std::min(*a, *b);
    }

    capture::Reader& m_reader;
    const capture::OrdinalCut& m_cut;
    std::stop_token m_stop;
    Side m_a;
    Side m_b;
};

/// The ids that either projection knows, each once.
Result<std::vector<std::string>> idsOf(const Projection& a, const Projection& b)
{
    std::vector<std::string> ids;
    for (std::uint32_t key = 0; key < a.index->size(); ++key) {
        LEFTFOLD_TRY(const base::ByteView text, a.index->text(key));
        ids.emplace_back(text);
    }
    if (a.index == b.index) return ids;
    for (std::uint32_t key = 0; key < b.index->size(); ++key) {
        LEFTFOLD_TRY(const base::ByteView text, b.index->text(key));
        LEFTFOLD_TRY(const auto inA, a.index->find(text));
        if (!inA) ids.emplace_back(text);
    }
    return ids;
}

/// A reader and both projections, for a thread.
struct Worker {
    std::unique_ptr<capture::Reader> reader;
    std::unique_ptr<LockStep> lockStep;
};

} // namespace

Result<std::optional<Parting>> partingOf(capture::Reader& reader, const Projection& a, const Projection& b,
                                         base::ByteView id, const capture::OrdinalCut& cut, std::stop_token stop)
{
    return LockStep(reader, a, b, cut, std::move(stop)).run(id);
}

Result<Partings> findPartings(capture::Reader& reader, const Projection& a, const Projection& b,
                              const capture::OrdinalCut& cut, unsigned workers, std::stop_token stop,
                              const std::function<void(std::uint64_t, std::uint64_t)>& progress)
{
    LEFTFOLD_TRY(const std::vector<std::string> ids, idsOf(a, b));
    const std::size_t pieces = (ids.size() + kAggregatesPerPiece - 1) / kAggregatesPerPiece;
    std::vector<Worker> crew(std::clamp<std::size_t>(pieces, 1, std::max(workers, 1U)));
    for (Worker& worker : crew) {
        LEFTFOLD_TRY(worker.reader, reader.another());
        worker.lockStep = std::make_unique<LockStep>(*worker.reader, a, b, cut, stop);
    }
    const std::function<Result<Partings>(unsigned, std::size_t)> produce = [&](unsigned worker,
                                                                               std::size_t piece) -> Result<Partings> {
        Partings part;
        const std::size_t first = piece * kAggregatesPerPiece;
        for (std::size_t i = first; i < std::min(ids.size(), first + kAggregatesPerPiece); ++i) {
            const auto parting = crew[worker].lockStep->run(ids[i]);
            if (parting && *parting) part.parted.push_back({(*parting)->event, ids[i]});
            if (!parting && parting.error().code != ErrorCode::DamagedEvents) return tl::unexpected(parting.error());
            part.unreadable += !parting;
            ++part.compared;
        }
        return part;
    };
    Partings all;
    const std::function<Result<void>(std::size_t, Partings&)> consume = [&](std::size_t,
                                                                            Partings& part) -> Result<void> {
        std::ranges::move(part.parted, std::back_inserter(all.parted));
        all.compared += part.compared;
        all.unreadable += part.unreadable;
        if (progress) progress(all.compared, ids.size());
        return {};
    };
    LEFTFOLD_CHECK(base::orderedParallel<Partings>(pieces, static_cast<unsigned>(crew.size()), produce, consume, stop));
    std::ranges::sort(all.parted);
    return all;
}

} // namespace leftfold::replay
