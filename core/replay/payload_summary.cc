// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/payload_summary.h"

#include <tuple>

namespace leftfold::replay {

namespace {

using base::Result;

class Uses {
public:
    void add(const std::string& topic, decode::RecordPart part, const std::optional<decode::PayloadNote>& note)
    {
        if (!note) return;
        PayloadUse& use = m_uses[{topic, part, note->schemaKey, note->format}];
        if (!note->kept) {
            ++use.decoded;
            return;
        }
        if (use.kept++ == 0) use.reason = base::render(*note->kept);
    }

    [[nodiscard]] std::vector<PayloadUse> all() const
    {
        std::vector<PayloadUse> out;
        for (const auto& [place, use] : m_uses) {
            out.push_back(use);
            std::tie(out.back().topic, out.back().part, out.back().schemaKey, out.back().format) = place;
        }
        return out;
    }

private:
    using Place = std::tuple<std::string, decode::RecordPart, std::string, decode::PayloadFormat>;
    std::map<Place, PayloadUse> m_uses;
};

} // namespace

Result<std::vector<PayloadUse>> payloadsOf(capture::Reader& reader, std::stop_token stop)
{
    if (!reader.catalog().decoding().isActive) return std::vector<PayloadUse>{};
    Uses uses;
    capture::EventRun run;
    const auto partitions = reader.catalog().partitions();
    for (std::uint32_t partition = 0; partition < partitions.size(); ++partition) {
        LEFTFOLD_TRY(const auto chunks, reader.catalog().chunksOf(partition));
        for (const capture::ChunkEntry& chunk : chunks) {
            if (stop.stop_requested()) return base::fail(base::ErrorCode::Cancelled);
            // What is damaged is told elsewhere.
            if (!reader.readRun({partition, chunk.firstOrdinal}, chunk.count, run)) continue;
            for (const capture::EventRun::Item& item : run.items()) {
                if (item.notes == nullptr) continue;
                uses.add(partitions[partition].topic, decode::RecordPart::Key, item.notes->key);
                uses.add(partitions[partition].topic, decode::RecordPart::Value, item.notes->value);
            }
        }
    }
    return uses.all();
}

} // namespace leftfold::replay
