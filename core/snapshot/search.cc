// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/search.h"

#include "core/event/json_walker.h"
#include "core/replay/scan.h"

namespace leftfold::snapshot {

namespace {

using base::ErrorCode;
using base::Result;
using event::SoughtValue;

/// Looks at payloads one by one.
class PayloadReader {
public:
    explicit PayloadReader(const SoughtValue& sought) : m_sought(sought) {}

    std::optional<event::Pointer> find(const replay::BlockReader::Item& item)
    {
        if (!item.record->value || item.facts->undecodable || !m_sought.mayStandIn(*item.record->value)) return {};
        const auto payload = event::Document::parse(m_json, *item.record->value);
        if (!payload) return {};
        auto places = m_sought.placesIn(payload->root(), 1);
        if (places.empty()) return {};
        return std::move(places.front());
    }

private:
    const SoughtValue& m_sought;
    event::JsonReader m_json;
};

/// What was found, by id.
class SearchShare : public Share {
public:
    explicit SearchShare(const SoughtValue& sought) : m_sought(sought) {}

    void add(base::ByteView id, fold::Folder& folder, const fold::State& state) override
    {
        auto places = m_sought.placesIn(folder.read(state).root());
        if (!places.empty()) found.push_back({std::string(id), std::move(places), {}});
    }

    std::vector<FoundIn> found;

private:
    const SoughtValue& m_sought;
};

/// Completes and hands on what the workers found.
class SearchConsumer : public Consumer {
public:
    using Sink = std::function<Result<void>(const FoundIn&)>;
    SearchConsumer(capture::Reader& reader, const replay::Projection& projection, const capture::OrdinalCut& cut,
                   const SoughtValue& sought, std::uint64_t limit, std::stop_token stop, const Sink& sink)
        : m_replayer(reader, projection, nullptr),
          m_cut(cut),
          m_sought(sought),
          m_left(limit),
          m_stop(std::move(stop)),
          m_sink(sink)
    {}

    std::unique_ptr<Share> makeShare(Share* /*sibling*/) override { return std::make_unique<SearchShare>(m_sought); }
    Result<void> take(Share& share) override
    {
        for (FoundIn& found : static_cast<SearchShare&>(share).found) {
            ++aggregates;
            if (m_left == 0) continue;
            --m_left;
            LEFTFOLD_CHECK(findEvent(found));
            LEFTFOLD_CHECK(m_sink(found));
        }
        return {};
    }

    std::uint64_t aggregates = 0;

private:
    Result<void> findEvent(FoundIn& found)
    {
        const auto walked =
            m_replayer.walk(found.id, m_cut, m_stop, [&](const replay::Replayer::Step& step) -> Result<bool> {
                if (!step.folder->exists(*step.state)) return true;
                if (m_sought.placesIn(step.folder->read(*step.state).root(), 1).empty()) return true;
                found.broughtBy = step.index;
                return false;
            });
        if (walked || walked.error().code == ErrorCode::DamagedEvents) return {};
        return tl::unexpected(walked.error());
    }

    replay::Replayer m_replayer;
    const capture::OrdinalCut& m_cut;
    const SoughtValue& m_sought;
    std::uint64_t m_left;
    std::stop_token m_stop;
    const Sink& m_sink;
};

} // namespace

Result<PayloadSearch> findInPayloads(capture::Reader& reader, const capture::OrdinalCut& cut, const SoughtValue& sought,
                                     std::stop_token stop, const Progress& progress)
{
    constexpr std::uint64_t kEventsPerTelling = 4096;
    PayloadSearch out;
    PayloadReader payloads(sought);
    LEFTFOLD_TRY(const capture::OrdinalCut start, reader.catalog().prefix(0));
    const std::uint64_t total = cut.events();
    std::uint64_t done = 0;
    const auto look = [&](const replay::ScannedEvent& event) -> Result<bool> {
        if (progress && ++done % kEventsPerTelling == 0) progress(done, total);
        if (auto place = payloads.find(*event.item)) out.first = FirstInPayload{event.index, std::move(*place)};
        return !out.first;
    };
    LEFTFOLD_TRY(const auto summary, replay::scan(reader, nullptr, {start, cut, false}, {}, std::move(stop), look));
    out.damagedEvents = summary.damaged;
    return out;
}

Result<StateSearch> findInStates(capture::Reader& reader, const replay::Projection& projection,
                                 const capture::OrdinalCut& cut, const SoughtValue& sought,
                                 const SnapshotOptions& options, std::uint64_t limit, std::stop_token stop,
                                 const Progress& progress, const std::function<Result<void>(const FoundIn&)>& sink)
{
    SearchConsumer consumer(reader, projection, cut, sought, limit, stop, sink);
    LEFTFOLD_TRY(const auto summary, foldAll(reader, projection, cut, options, stop, progress, consumer));
    return StateSearch{consumer.aggregates, summary.damagedEvents};
}

} // namespace leftfold::snapshot
