// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/redecode.h"

#include "core/capture/reader.h"

#include <algorithm>

namespace leftfold::workspace {

namespace {

using base::ErrorCode;
using base::Result;

/// Walks the stored events of a partition, a chunk at a time, until `see` says false.
template <class See>
Result<void> eachChunk(capture::Reader& reader, std::uint32_t partition, const std::stop_token& stop, See see)
{
    LEFTFOLD_TRY(const auto chunks, reader.catalog().chunksOf(partition));
    capture::EventRun run;
    for (const capture::ChunkEntry& chunk : chunks) {
        if (stop.stop_requested()) return base::fail(ErrorCode::Cancelled);
        LEFTFOLD_CHECK(reader.readRun({partition, chunk.firstOrdinal}, chunk.count, run));
        LEFTFOLD_TRY(const bool goOn, see(run));
        if (!goOn) return {};
    }
    return {};
}

/// The capture's first events, as the new rules show them.
class Sample {
public:
    Sample(const decode::Decoding& decoding, std::shared_ptr<const decode::SchemaBook> schemas)
        : m_decoder(decoding, std::move(schemas))
    {}

    Result<void> read(capture::Reader& reader, const std::stop_token& stop)
    {
        const auto partitions = reader.catalog().partitions();
        for (std::uint32_t partition = 0; partition < partitions.size() && isWanting(); ++partition) {
            LEFTFOLD_CHECK(eachChunk(reader, partition, stop, [&](const capture::EventRun& run) -> Result<bool> {
                add(run, partitions[partition].topic);
                return isWanting();
            }));
        }
        return {};
    }

    [[nodiscard]] bool wasMostlyUnreadable() const { return 2 * m_unreadable > m_records.size(); }
    [[nodiscard]] std::span<const event::Record> records() const { return m_records; }

private:
    [[nodiscard]] bool isWanting() const { return m_records.size() < decode::kSampleSize; }

    void add(const capture::EventRun& run, const std::string& topic)
    {
        auto& kept = m_storage.emplace_back();
        for (const capture::EventRun::Item& item : run.items()) {
            if (m_records.size() + kept.raw.size() == decode::kSampleSize) break;
            kept.raw.push_back(owned(*item.raw));
            m_unreadable += item.facts->undecodable;
        }
        const auto seen = m_decoder.decode(kept.raw, topic, kept.decoded);
        m_records.insert(m_records.end(), seen.begin(), seen.end());
    }

    /// A copy that outlives the run.
    event::Record owned(event::Record record)
    {
        const auto keep = [this](base::ByteView bytes) {
            std::string& text = m_texts.emplace_back(bytes);
            text.append(base::kReadablePadding, '\0');
            return base::ByteView(text).substr(0, bytes.size());
        };
        if (record.value) record.value = keep(*record.value);
        if (record.key) record.key = keep(*record.key);
        for (event::Header& header : record.headers) {
            header.name = keep(header.name);
            if (header.value) header.value = keep(*header.value);
        }
        return record;
    }

    struct Kept {
        std::vector<event::Record> raw;
        decode::DecodedRecords decoded;
    };
    decode::RecordDecoder m_decoder;
    std::deque<Kept> m_storage;
    std::deque<std::string> m_texts;
    std::vector<event::Record> m_records;
    std::size_t m_unreadable = 0;
};

Result<void> fetchAll(capture::Reader& reader, SchemaFetcher& fetcher, const decode::Decoding& decoding,
                      const std::stop_token& stop)
{
    const auto partitions = reader.catalog().partitions();
    for (std::uint32_t partition = 0; partition < partitions.size(); ++partition) {
        const auto fetch = [&](const capture::EventRun& run) -> Result<bool> {
            std::vector<event::Record> raw;
            for (const capture::EventRun::Item& item : run.items()) raw.push_back(*item.raw);
            LEFTFOLD_CHECK(fetcher.fetchFor(raw, partitions[partition].topic, decoding, stop));
            return true;
        };
        LEFTFOLD_CHECK(eachChunk(reader, partition, stop, fetch));
    }
    return {};
}

} // namespace

Result<void> redecode(capture::Writer& writer, const std::string& path, const std::shared_ptr<decode::SchemaBook>& book,
                      SchemaFetcher& fetcher, const Redecoding& wanted, std::stop_token stop)
{
    decode::Mapping mapping = decode::overlaid(writer.mapping(), wanted.given);
    const std::size_t schemasBefore = book->size();
    {
        LEFTFOLD_TRY(const auto reader, capture::Reader::open(path, {}));
        if (fetcher.hasRegistry()) book->forgetMissing();
        LEFTFOLD_CHECK(fetchAll(*reader, fetcher, wanted.decoding, stop));
        const bool isAsBefore = book->size() == schemasBefore && wanted.decoding.rules == writer.decoding().rules;
        if (isAsBefore && writer.decodes() && !wanted.again && mapping == writer.mapping()) return {};
        Sample sample(wanted.decoding, book);
        LEFTFOLD_CHECK(sample.read(*reader, stop));
        if (sample.wasMostlyUnreadable()) mapping = decode::detectMapping(sample.records(), wanted.given);
    }
    return writer.remap(mapping, wanted.decoding, std::move(stop));
}

} // namespace leftfold::workspace
