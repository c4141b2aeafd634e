// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/script_index.h"

#include "core/base/ordered_parallel.h"
#include "core/replay/block_reader.h"
#include "core/replay/replayer.h"

#include <algorithm>

namespace leftfold::replay {

namespace {

using base::Result;
using fold::ScriptNaming;

/// What the events of a block belong to, by partition.
struct NamedBlock {
    std::vector<capture::ChunkKeys> partitions;
    std::uint64_t damaged = 0;
};

/// A worker's reader, and its engine, which lives on the worker's thread.
class Namer {
public:
    static Result<std::unique_ptr<Namer>> make(const capture::Reader& reader, const fold::Script& script,
                                               std::stop_token stop)
    {
        std::unique_ptr<Namer> namer(new Namer(script));
        namer->m_folder->obey(std::move(stop));
        LEFTFOLD_TRY(namer->m_reader, reader.another());
        namer->m_blocks = std::make_unique<BlockReader>(*namer->m_reader);
        return namer;
    }

    Result<NamedBlock> read(std::uint64_t first, std::uint64_t count)
    {
        LEFTFOLD_CHECK(m_blocks->read(first, count));
        LEFTFOLD_TRY(const std::vector<ScriptNaming> namings, nameAll(first));
        NamedBlock block;
        block.partitions.resize(m_reader->catalog().partitions().size());
        auto naming = namings.begin();
        for (const BlockReader::Item& item : m_blocks->items()) {
            capture::ChunkKeys& keys = block.partitions[item.location.partition];
            if (item.record == nullptr) {
                keys.ids.push_back(capture::kNoKey);
                ++block.damaged;
            } else {
                add(keys, *naming++);
            }
        }
        return block;
    }

private:
    explicit Namer(const fold::Script& script)
        : m_isWhole(script.partitioning() == fold::Partitioning::Whole),
          m_folder(script.scriptFolder())
    {}

    Result<std::vector<ScriptNaming>> nameAll(std::uint64_t first)
    {
        m_events.clear();
        const auto& partitions = m_reader->catalog().partitions();
        for (std::size_t i = 0; i < m_blocks->items().size(); ++i) {
            const BlockReader::Item& item = m_blocks->items()[i];
            if (item.record == nullptr) continue;
            m_events.push_back(
                foldEventOf(*item.record, *item.facts, item.effective, item.type, partitions[item.location.partition]));
            m_events.back().index = {first + i};
        }
        if (!m_isWhole) return m_folder->nameAll(m_events);
        return std::vector(m_events.size(), ScriptNaming{ScriptNaming::Kind::Named, std::string(kWholeId)});
    }

    static void add(capture::ChunkKeys& keys, const ScriptNaming& naming)
    {
        const auto event = static_cast<std::uint32_t>(keys.ids.size());
        keys.ids.push_back(naming.kind == ScriptNaming::Kind::Named ? keys.texts.add(naming.id) : capture::kNoKey);
        if (naming.kind == ScriptNaming::Kind::Unhandled) keys.outside.push_back(event);
    }

    bool m_isWhole;
    std::unique_ptr<capture::Reader> m_reader;
    std::unique_ptr<BlockReader> m_blocks;
    std::unique_ptr<fold::ScriptFolder> m_folder;
    std::vector<fold::FoldEvent> m_events;
};

} // namespace

Result<std::shared_ptr<const capture::KeyIndex>> openScriptIndex(capture::Reader& reader, const fold::Script& script,
                                                                 unsigned workers, std::stop_token stop,
                                                                 const capture::KeyIndex::Progress& progress)
{
    const bool isWhole = script.partitioning() == fold::Partitioning::Whole;
    const decode::ByScript by{isWhole ? std::string(kWholeId) : script.fingerprint()};
    if (auto kept = capture::KeyIndex::kept(reader, by)) return kept;
    const std::uint64_t events = reader.catalog().eventCount();
    const std::uint64_t length = blockLength(reader.catalog());
    const auto blocks = static_cast<std::size_t>((events + length - 1) / length);
    workers = static_cast<unsigned>(std::clamp<std::size_t>(blocks, 1, std::max(workers, 1U)));
    std::vector<std::unique_ptr<Namer>> namers(workers);
    for (auto& namer : namers) {
        LEFTFOLD_TRY(namer, Namer::make(reader, script, stop));
    }
    capture::KeyIndexBuilder builder(by);
    const std::function<Result<NamedBlock>(unsigned, std::size_t)> produce = [&](unsigned worker, std::size_t block) {
        const std::uint64_t first = block * length;
        return namers[worker]->read(first, std::min(length, events - first));
    };
    const std::function<Result<void>(std::size_t, NamedBlock&)> consume = [&](std::size_t block,
                                                                              NamedBlock& named) -> Result<void> {
        for (std::uint32_t partition = 0; partition < named.partitions.size(); ++partition)
            builder.add(partition, named.partitions[partition]);
        builder.addDamage(named.damaged);
        if (progress) progress(std::min(events, (block + 1) * length), events);
        return {};
    };
    LEFTFOLD_CHECK(base::orderedParallel<NamedBlock>(blocks, workers, produce, consume, stop));
    return builder.build(reader.catalog(), reader.indexFolder());
}

} // namespace leftfold::replay
