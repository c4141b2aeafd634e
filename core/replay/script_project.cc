// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/script_project.h"

#include "core/replay/block_reader.h"
#include "core/replay/replayer.h"
#include "core/replay/script_index.h"
#include "core/replay/stretch.h"

#include <algorithm>
#include <charconv>
#include <map>

namespace leftfold::replay {

namespace {

using base::Result;
using event::Document;

/// How many events go by before their outputs are taken.
constexpr std::uint64_t kEventsPerTaking = 256;

Document skippedFor(std::string_view reason)
{
    event::DocumentBuilder json;
    json.beginObject();
    json.key("kind");
    json.text("skipped");
    json.key("reason");
    json.text(reason);
    json.endObject();
    return json.finish();
}

class Projecting {
public:
    Projecting(capture::Reader& reader, const fold::Script& script, const capture::KeyIndex* ids,
               const capture::OrdinalCut& cut, std::stop_token stop,
               const std::function<void(const ProjectedOutput&)>& sink)
        : m_reader(reader),
          m_script(script),
          m_ids(ids),
          m_cut(cut),
          m_sink(sink),
          m_folder(script.scriptFolder())
    {
        m_folder->record();
        m_folder->tellTo(&m_findings);
        m_folder->obey(std::move(stop));
    }

    Result<void> block(BlockReader& blocks)
    {
        for (std::size_t i = 0; i < blocks.items().size() && !m_all.failure; ++i) {
            const BlockReader::Item& item = blocks.items()[i];
            if (item.record == nullptr || !m_cut.contains(item.location)) continue;
            const event::Partition& partition = m_reader.catalog().partitions()[item.location.partition];
            fold::FoldEvent seen = foldEventOf(*item.record, *item.facts, item.effective, item.type, partition);
            seen.index = {blocks.firstIndex() + i};
            LEFTFOLD_CHECK(apply(seen));
            if (++m_all.events % kEventsPerTaking == 0) LEFTFOLD_CHECK(tellOutputs());
        }
        return {};
    }

    Result<ProjectedAll> finish()
    {
        LEFTFOLD_CHECK(tellOutputs());
        // A projection that stopped is told with the states it had; its engine, which was stopped, gives none.
        for (const auto& [id, state] : m_states) {
            if (m_all.failure || !m_folder->exists(*state)) continue;
            readPartition(id, *state);
        }
        if (m_all.failure && m_all.failure->code == base::ErrorCode::Cancelled) return tl::unexpected(*m_all.failure);
        return std::move(m_all);
    }

private:
    /// Which aggregate the event belongs to; none, with the reason told, if to none.
    std::optional<std::string> aggregateOf(const fold::FoldEvent& event)
    {
        switch (m_script.partitioning()) {
        case fold::Partitioning::Whole:
            return std::string(kWholeId);
        case fold::Partitioning::Stream:
            return indexed(event);
        case fold::Partitioning::Function:
            break;
        }
        auto named = m_folder->nameAll({&event, 1});
        if (!named) {
            stopAt(event, std::move(named).error());
            return std::nullopt;
        }
        if (named->front().kind == fold::ScriptNaming::Kind::Named) return std::move(named->front().id);
        const bool isUnhandled = named->front().kind == fold::ScriptNaming::Kind::Unhandled;
        skip(event, isUnhandled        ? "unhandled"
                    : !event.decodable ? "non-json"
                    : !event.value     ? "no-delete-handler"
                                       : "no-partition");
        return std::nullopt;
    }

    std::optional<std::string> indexed(const fold::FoldEvent& event)
    {
        if (m_ids != nullptr) {
            const auto keys = m_ids->keysOf(event.index.value, 1);
            if (keys && keys->front() != capture::kNoKey) {
                const auto id = m_ids->text(keys->front());
                if (id) return std::string(*id);
            }
        }
        skip(event, event.decodable ? "no-partition" : "non-json");
        return std::nullopt;
    }

    Result<void> apply(fold::FoldEvent& event)
    {
        const auto id = aggregateOf(event);
        if (!id) return {};
        event.aggregate = *id;
        auto& state = m_states[*id];
        if (!state) state = m_folder->begin();
        m_folder->apply(*state, event);
        if (m_folder->failure()) stopAt(event, *m_folder->failure());
        for (base::Error& finding : m_findings)
            m_all.findings.push_back(
                {event.index, toText(event::Position{*event.partition, event.offset}), std::move(finding)});
        m_findings.clear();
        return {};
    }

    void stopAt(const fold::FoldEvent& event, base::Error error)
    {
        m_all.failure = std::move(error);
        m_all.failedAt = event.index;
    }

    void skip(const fold::FoldEvent& event, std::string_view reason)
    {
        (void)tellOutputs(); // they come in the order of events
        m_sink({event.index, toText(event::Position{*event.partition, event.offset}), skippedFor(reason)});
    }

    Result<void> tellOutputs()
    {
        if (m_all.failure && m_all.failure->code != base::ErrorCode::ScriptFailed) return {};
        const auto outputs = m_folder->takeOutputs();
        if (!outputs) {
            if (!m_all.failure) m_all.failure = outputs.error();
            return {};
        }
        for (const event::Value each : outputs->root().items()) {
            ProjectedOutput output;
            output.what = Document::of(each);
            const auto event = each.find(base::ByteView("event"));
            if (event && event->kind() == event::Kind::Number) LEFTFOLD_CHECK(locate(event->digits(), output));
            if (!isOfFailure(output)) m_sink(output);
        }
        return {};
    }

    /// What the event emitted in which the script failed is lost with it; what it logged tells why.
    [[nodiscard]] bool isOfFailure(const ProjectedOutput& output) const
    {
        const auto kind = output.what.root().find(base::ByteView("kind"));
        const bool isLog = kind && kind->kind() == event::Kind::Text && kind->text() == "log";
        return m_all.failedAt && output.event == m_all.failedAt && !isLog;
    }

    Result<void> locate(base::ByteView digits, ProjectedOutput& output) const
    {
        std::uint64_t index = 0;
        std::from_chars(digits.data(), digits.data() + digits.size(), index);
        output.event = event::EventIndex{index};
        LEFTFOLD_TRY(const capture::StoredEvent event, m_reader.event(*output.event));
        const event::Partition& partition = m_reader.catalog().partitions()[event.location.partition];
        output.position = toText(event::Position{partition, event.record.offset});
        return {};
    }

    void readPartition(const std::string& id, const fold::State& state)
    {
        Document document = m_folder->read(state);
        const auto result = m_folder->resultOf(state);
        if (m_folder->failure() || !result) {
            m_all.failure = m_folder->failure() ? *m_folder->failure() : result.error();
            return;
        }
        auto made = Document::parse(*result);
        if (!made) return;
        const auto shared = document.root().find(base::ByteView("shared"));
        const auto partitions = document.root().find(base::ByteView("partitions"));
        const auto isShared = m_script.definition().root().find(base::ByteView("isBiState"));
        if (!shared || !partitions || !isShared || !isShared->boolean()) {
            m_all.partitions.push_back({id, std::move(document), std::move(*made)});
            return;
        }
        m_all.shared = Document::of(*shared);
        for (const event::Member& each : partitions->members()) {
            const auto transformed = made->root().find(each.key);
            m_all.partitions.push_back({std::string(each.key), Document::of(each.value),
                                        transformed ? Document::of(*transformed) : Document()});
        }
    }

    capture::Reader& m_reader;
    const fold::Script& m_script;
    const capture::KeyIndex* m_ids;
    const capture::OrdinalCut& m_cut;
    const std::function<void(const ProjectedOutput&)>& m_sink;
    std::unique_ptr<fold::ScriptFolder> m_folder;
    std::map<std::string, std::unique_ptr<fold::State>> m_states;
    std::vector<base::Error> m_findings;
    ProjectedAll m_all;
};

} // namespace

Result<ProjectedAll> projectAll(capture::Reader& reader, const fold::Script& script, const capture::KeyIndex* ids,
                                const capture::OrdinalCut& cut, std::stop_token stop,
                                const std::function<void(std::uint64_t, std::uint64_t)>& progress,
                                const std::function<void(const ProjectedOutput&)>& sink)
{
    Projecting projecting(reader, script, ids, cut, stop, sink);
    BlockReader blocks(reader);
    const std::uint64_t length = blockLength(reader.catalog());
    LEFTFOLD_TRY(const capture::OrdinalCut start, reader.catalog().prefix(0));
    LEFTFOLD_TRY(const Stretch bounds, stretchBetween(reader.catalog(), start, cut));
    for (std::uint64_t first = bounds.first; first < bounds.last; first += length) {
        if (stop.stop_requested()) return base::fail(base::ErrorCode::Cancelled);
        LEFTFOLD_CHECK(blocks.read(first, std::min(length, bounds.last - first)));
        LEFTFOLD_CHECK(projecting.block(blocks));
        if (progress) progress(first, bounds.last);
    }
    return projecting.finish();
}

} // namespace leftfold::replay
