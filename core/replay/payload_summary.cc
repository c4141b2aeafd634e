// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/payload_summary.h"

#include <map>
#include <tuple>

namespace leftfold::replay {

namespace {

using base::Result;

class Uses {
public:
    void add(const std::string& topic, decode::RecordPart part, const std::optional<decode::PayloadNote>& note)
    {
        if (note) count(m_uses[{topic, part, {}, note->schemaKey, note->format}], *note);
    }

    void add(const std::string& topic, base::ByteView header, const decode::PayloadNote& note)
    {
        count(m_uses[{topic, decode::RecordPart::Value, std::string(header), note.schemaKey, note.format}], note);
    }

    [[nodiscard]] std::vector<PayloadUse> all() const
    {
        std::vector<PayloadUse> out;
        for (const auto& [place, use] : m_uses) {
            out.push_back(use);
            PayloadUse& last = out.back();
            std::tie(last.topic, last.part, last.header, last.schemaKey, last.format) = place;
        }
        return out;
    }

private:
    static void count(PayloadUse& use, const decode::PayloadNote& note)
    {
        if (!note.kept) {
            ++use.decoded;
        } else if (use.kept++ == 0) {
            use.reason = base::render(*note.kept);
        }
    }

    using Place = std::tuple<std::string, decode::RecordPart, std::string, std::string, decode::PayloadFormat>;
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
                for (const decode::HeaderNote& header : item.notes->headers)
                    uses.add(partitions[partition].topic, item.record->headers[header.place].name, header.note);
            }
        }
    }
    return uses.all();
}

Result<std::vector<SchemaUse>> schemasOf(capture::Reader& reader, std::stop_token stop)
{
    LEFTFOLD_TRY(const auto uses, payloadsOf(reader, std::move(stop)));
    std::vector<SchemaUse> out;
    for (const auto& schema : reader.schemas().behind(0)) {
        SchemaUse& each = out.emplace_back();
        each.schema = schema;
        for (const PayloadUse& use : uses) {
            if (use.schemaKey != schema->key) continue;
            each.uses.push_back(use);
            each.events += use.decoded + use.kept;
        }
    }
    return out;
}

Result<std::vector<decode::DecoderTrial>> decodersFor(capture::Reader& reader, event::EventIndex index,
                                                      decode::RecordPart part)
{
    LEFTFOLD_TRY(const capture::StoredEvent event, reader.event(index));
    const capture::Catalog& catalog = reader.catalog();
    return decode::tryDecoders(event.raw(), part, catalog.partitions()[event.location.partition].topic,
                               catalog.decoding(), reader.schemas());
}

} // namespace leftfold::replay
