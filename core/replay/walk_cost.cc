// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/walk_cost.h"

#include "core/capture/chunk.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace leftfold::replay {

namespace {

using base::Result;

constexpr std::size_t kPiece = 64; ///< aggregates
constexpr std::size_t kSampledPieces = 16;
constexpr std::uint64_t kEventsPerStop = 65536;
constexpr std::uint64_t kSampledTurns = 32;
constexpr std::uint64_t kSampledEvents = 1U << 18; ///< more are not looked at, but for those of a piece that is begun
/// Decoded frames that a reader for walks keeps, about.
constexpr std::uint64_t kFramesKept = 512;

/// What walks read, one after the other: frames that were not read just before.
class FrameReads {
public:
    FrameReads(const capture::Catalog& catalog, std::uint64_t partitionsInTurn, std::uint64_t end)
        : m_catalog(catalog),
          m_partitions(partitionsInTurn),
          m_length(capture::kFrameEvents * partitionsInTurn),
          m_end(end),
          m_readAt((end / m_length + 1) * m_partitions, 0)
    {}

    Result<void> walk(std::span<const std::uint32_t> postings, const std::stop_token& stop)
    {
        for (const std::uint32_t event : postings) {
            if (event >= m_end) break;
            if (m_events % kEventsPerStop == 0 && stop.stop_requested()) return base::fail(base::ErrorCode::Cancelled);
            LEFTFOLD_TRY(const std::uint32_t partition, partitionOf(event));
            ++m_events;
            std::uint64_t& readAt = m_readAt[event / m_length * m_partitions + partition % m_partitions];
            if (readAt > 0 && readAt + kFramesKept > m_reads) continue;
            readAt = ++m_reads;
        }
        return {};
    }
    [[nodiscard]] std::uint64_t reads() const { return m_reads; }
    [[nodiscard]] std::uint64_t events() const { return m_events; }

private:
    Result<std::uint32_t> partitionOf(std::uint32_t event)
    {
        if (m_partitions == 1) return 0;
        m_found.clear();
        LEFTFOLD_CHECK(m_catalog.partitionsOf(event, 1, m_found));
        return m_found.front();
    }

    const capture::Catalog& m_catalog;
    std::uint64_t m_partitions; ///< that are told apart
    std::uint64_t m_length; ///< of the replay order: it has about a frame of each of the partitions there
    std::uint64_t m_end;
    std::vector<std::uint64_t> m_readAt; ///< by frame: the number of its last read, from 1 on
    std::vector<std::uint32_t> m_found; ///< scratch
    std::uint64_t m_reads = 0;
    std::uint64_t m_events = 0;
};

} // namespace

Result<std::uint64_t> partitionsInTurn(const capture::Catalog& catalog, std::stop_token stop)
{
    const std::uint64_t length =
        std::min<std::uint64_t>(catalog.eventCount(), capture::kFrameEvents * catalog.partitions().size());
    if (length == 0) return 1;
    std::uint64_t distinct = 0;
    std::vector<std::uint32_t> found;
    std::vector<std::uint64_t> seenIn(catalog.partitions().size(), 0); // by partition: its last sample, from 1 on
    for (std::uint64_t sample = 1; sample <= kSampledTurns; ++sample) {
        if (stop.stop_requested()) return base::fail(base::ErrorCode::Cancelled);
        found.clear();
        const std::uint64_t first = (catalog.eventCount() - length) * (sample - 1) / kSampledTurns;
        LEFTFOLD_CHECK(catalog.partitionsOf(first, length, found));
        for (const std::uint32_t partition : found) distinct += std::exchange(seenIn[partition], sample) != sample;
    }
    return std::max<std::uint64_t>(distinct / kSampledTurns, 1);
}

Result<WalkCost> walkCost(const capture::Catalog& catalog, const capture::KeyIndex& index,
                          std::span<const std::uint32_t> keys, std::uint64_t end, std::uint64_t inTurn,
                          std::stop_token stop)
{
    const std::size_t pieces = (keys.size() + kPiece - 1) / kPiece;
    const std::size_t every = std::max<std::size_t>(pieces / kSampledPieces, 1);
    FrameReads frames(catalog, inTurn, end);
    std::uint64_t reads = 0;
    std::uint64_t folded = 0;
    std::size_t sampled = 0;
    for (std::size_t piece = every - 1; piece < pieces && frames.events() < kSampledEvents; piece += every) {
        // What the piece before leaves in the reader helps.
        const std::size_t warm = every > 1 ? piece - 1 : piece;
        for (std::size_t i = warm * kPiece; i < std::min(keys.size(), (piece + 1) * kPiece); ++i) {
            if (stop.stop_requested()) return base::fail(base::ErrorCode::Cancelled);
            LEFTFOLD_TRY(const auto postings, index.postings(keys[i]));
            const std::uint64_t readsBefore = frames.reads();
            const std::uint64_t foldedBefore = frames.events();
            LEFTFOLD_CHECK(frames.walk(postings, stop));
            if (i < piece * kPiece) continue;
            reads += frames.reads() - readsBefore;
            folded += frames.events() - foldedBefore;
        }
        ++sampled;
    }
    const double all = static_cast<double>(pieces) / static_cast<double>(sampled);
    return WalkCost{all * static_cast<double>(reads * capture::kFrameEvents), all * static_cast<double>(folded)};
}

} // namespace leftfold::replay
