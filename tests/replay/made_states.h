// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/document.h"
#include "core/fold/latest.h"
#include "core/fold/tally.h"
#include "core/replay/replayer.h"
#include "tests/capture/made_batches.h"

#include <thread>

/// Captures of random logs, with what replaying them should give, worked out event by event.
namespace leftfold::replay::test {

using capture::test::failureOf;
using capture::test::Folder;
using capture::test::LogShape;
using capture::test::must;
using capture::test::newSeed;
using capture::test::Placed;
using capture::test::Random;
using capture::test::RandomLog;
using capture::test::text;

/// A capture with its events in replay order.
class Made {
public:
    explicit Made(unsigned seed, const LogShape& shape)
        : m_log(seed, shape),
          m_order(capture::test::replayOrder(m_log.loads()))
    {
        capture::test::capture(path(), m_log.loads());
        m_reader = capture::test::opened(path());
        m_index = capture::test::indexById(*m_reader);
        for (const Placed& placed : m_order) m_partitions.push_back(must(catalog().numberOf(placed.event->partition)));
        std::vector<std::uint64_t> next(catalog().partitions().size(), 0);
        for (const std::uint32_t partition : m_partitions) m_locations.push_back({partition, next[partition]++});
    }

    [[nodiscard]] std::string path() const { return m_folder.path("a.lflog"); }
    [[nodiscard]] capture::Reader& reader() const { return *m_reader; }
    [[nodiscard]] const capture::Catalog& catalog() const { return m_reader->catalog(); }
    [[nodiscard]] const std::shared_ptr<const capture::KeyIndex>& index() const { return m_index; }
    [[nodiscard]] const std::vector<Placed>& order() const { return m_order; }
    [[nodiscard]] const std::vector<capture::test::MadeLoad>& loads() const { return m_log.loads(); }
    [[nodiscard]] capture::Location location(std::size_t i) const { return m_locations[i]; }
    [[nodiscard]] const RandomLog& log() const { return m_log; }

    /// Any cut; one in three is a prefix of the replay order.
    [[nodiscard]] capture::OrdinalCut randomCut(Random& random) const
    {
        if (random.oneIn(3)) return must(catalog().prefix(random.below(catalog().eventCount() + 1)));
        capture::OrdinalCut cut;
        for (const std::uint64_t end : catalog().end().next)
            cut.next.push_back(random.oneIn(6) ? end : random.below(end + 1));
        return cut;
    }
    [[nodiscard]] bool isPrefix(const capture::OrdinalCut& cut) const
    {
        return must(catalog().asPrefix(cut)).has_value();
    }

    /// Folds all events of the log that are an aggregate's own and inside the cut; `visit(event, folder, state)` hears of
    /// the state after each.
    template <class Visit>
    std::unique_ptr<fold::State> foldOwn(fold::Folder& folder, const std::string& id, const capture::OrdinalCut& cut,
                                         Visit visit) const
    {
        auto state = folder.begin();
        for (std::size_t i = 0; i < m_order.size(); ++i) {
            const capture::test::MadeEvent& event = *m_order[i].event;
            if (event.id != id || !cut.contains(m_locations[i])) continue;
            const std::string value = event.value.value_or("") + std::string(base::kReadablePadding, '\0');
            fold::FoldEvent seen;
            seen.partition = &event.partition;
            seen.offset = {event.offset};
            seen.time = m_order[i].effective;
            seen.type = event.type;
            if (event.value) seen.value = base::ByteView(value).substr(0, event.value->size());
            seen.decodable = event.decodable;
            folder.apply(*state, seen);
            visit(event::EventIndex{i}, folder, *state);
        }
        return state;
    }

    /// The state of an aggregate; "(none)" where it does not exist.
    [[nodiscard]] std::string state(const fold::Fold& rule, const std::string& id, const capture::OrdinalCut& cut) const
    {
        const auto folder = rule.folder();
        const auto state = foldOwn(*folder, id, cut, [](event::EventIndex, fold::Folder&, const fold::State&) {});
        return folder->exists(*state) ? toJson(folder->read(*state).root()) : "(none)";
    }

private:
    Folder m_folder;
    RandomLog m_log;
    std::vector<Placed> m_order;
    std::unique_ptr<capture::Reader> m_reader;
    std::shared_ptr<const capture::KeyIndex> m_index;
    std::vector<std::uint32_t> m_partitions;
    std::vector<capture::Location> m_locations;
};

/// Events that make one aggregate large and spread all over the partitions.
inline LogShape spreadShape(std::size_t events = 2500)
{
    LogShape shape;
    shape.partitions = 4;
    shape.loads = 2;
    shape.events = events;
    shape.ids = 40;
    shape.batchEvents = 1 + events / 25;
    return shape;
}

inline std::string textOf(const std::optional<AggregateState>& state)
{
    return state && state->document ? toJson(state->document->root()) : "(none)";
}

/// Another fold that takes its time for each event, so that checkpoints are worth something.
class SlowFold : public fold::Fold {
public:
    SlowFold(std::shared_ptr<const fold::Fold> inner, std::chrono::microseconds pause)
        : m_inner(std::move(inner)),
          m_pause(pause)
    {}
    [[nodiscard]] std::string_view name() const override { return "slow"; }
    [[nodiscard]] std::string fingerprint() const override { return "slow " + m_inner->fingerprint(); }
    [[nodiscard]] bool needsAggregates() const override { return m_inner->needsAggregates(); }
    [[nodiscard]] std::unique_ptr<fold::Folder> folder() const override
    {
        return std::make_unique<Slow>(m_inner->folder(), m_pause);
    }

private:
    class Slow : public fold::Folder {
    public:
        Slow(std::unique_ptr<fold::Folder> inner, std::chrono::microseconds pause)
            : m_inner(std::move(inner)),
              m_pause(pause)
        {}
        std::unique_ptr<fold::State> begin() override { return m_inner->begin(); }
        void apply(fold::State& state, const fold::FoldEvent& event) override
        {
            const auto end = std::chrono::steady_clock::now() + m_pause;
            while (std::chrono::steady_clock::now() < end) std::this_thread::yield();
            m_inner->apply(state, event);
            hearFailure();
        }
        void obey(std::stop_token stop) override { m_inner->obey(std::move(stop)); }
        void settle() override
        {
            m_inner->settle();
            hearFailure();
        }
        [[nodiscard]] bool exists(const fold::State& state) const override { return m_inner->exists(state); }
        event::Document read(const fold::State& state) override { return m_inner->read(state); }
        std::string save(const fold::State& state) override { return m_inner->save(state); }
        std::unique_ptr<fold::State> restore(base::ByteView saved) override { return m_inner->restore(saved); }

    private:
        void hearFailure()
        {
            if (m_inner->failure()) fail(*m_inner->failure());
        }
        std::unique_ptr<fold::Folder> m_inner;
        std::chrono::microseconds m_pause;
    };

    std::shared_ptr<const fold::Fold> m_inner;
    std::chrono::microseconds m_pause;
};

} // namespace leftfold::replay::test
