// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/capture/encoder.h"

#include <algorithm>

namespace leftfold::capture {

namespace {

using decode::FieldRef;

/// The fields to read in one pass: those of the mapping the capture needs, then those to index.
std::vector<FieldRef> refsOf(const decode::Mapping& mapping, std::span<const FieldRef> keys)
{
    std::vector<FieldRef> refs;
    if (mapping.type) refs.push_back(*mapping.type);
    if (mapping.time) refs.push_back(*mapping.time);
    refs.insert(refs.end(), keys.begin(), keys.end());
    return refs;
}

bool anyTimestamp(std::span<const event::Record> records)
{
    return std::ranges::any_of(records, [](const event::Record& record) { return record.timestamp.has_value(); });
}

} // namespace

void ChunkKeys::add(const decode::FieldValue& value)
{
    const auto id = decode::aggregateId(value);
    ids.push_back(id ? texts.add(*id) : kNoKey);
}

void ChunkKeys::add(const decode::Membership& membership)
{
    const auto event = static_cast<std::uint32_t>(ids.size());
    ids.push_back(membership.ids.empty() ? kNoKey : texts.add(membership.ids.front()));
    for (std::size_t i = 1; i < membership.ids.size(); ++i) more.push_back({event, texts.add(membership.ids[i])});
    if (membership.everyOf) everyOf.push_back({event, names.add(*membership.everyOf)});
    if (membership.asBefore) asBefore.push_back({event, names.add(*membership.asBefore)});
    if (membership.outside) outside.push_back(event);
}

Encoder::Encoder(const decode::Mapping& mapping, std::span<const FieldRef> keys, const PayloadRules& payloads)
    : m_mapping(mapping),
      m_keys(keys.begin(), keys.end()),
      m_extractor(refsOf(mapping, keys))
{
    if (payloads.schemas) m_payloads.emplace(payloads.decoding, payloads.schemas);
}

EventFacts Encoder::factsOf(const decode::FieldExtractor::Extraction& extraction, const event::Record& record,
                            TextInterner& types) const
{
    EventFacts facts;
    facts.undecodable = extraction.undecodable.has_value();
    std::size_t field = 0;
    base::ByteView type;
    if (m_mapping.type) {
        const decode::FieldValue& value = extraction.fields[field++];
        if (decode::aggregateId(value)) type = value.text;
    }
    facts.type = types.add(type);
    if (m_mapping.time) {
        const auto time = decode::timeOf(extraction.fields[field], m_mapping.timeUnit);
        facts.badTime = !time.has_value();
        if (time) facts.time = *time;
    } else {
        facts.time = record.timestamp;
    }
    return facts;
}

void Encoder::readFields(EncodeJob& job)
{
    const std::size_t count = job.records.size();
    const std::size_t firstKey = (m_mapping.type ? 1u : 0u) + (m_mapping.time ? 1u : 0u);
    TextInterner types;
    job.columns = {};
    job.columns.offsets.reserve(count);
    job.columns.facts.reserve(count);
    job.keys.resize(m_keys.size());
    for (ChunkKeys& keys : job.keys) keys.ids.reserve(count);
    std::span<const event::Record> records = job.records;
    if (m_payloads) records = m_payloads->decode(records, job.topic, m_decoded);
    job.hasEncoded = m_payloads && !m_decoded.notes.empty();
    job.firstKept.reset();
    std::size_t expected = 0;
    for (std::size_t at = 0; at < count; ++at) {
        if (at == expected) expected += m_extractor.expect(records.subspan(at));
        const event::Record& record = records[at];
        const auto extraction = m_extractor.extract(record, job.topic);
        job.columns.offsets.push_back(record.offset);
        job.columns.facts.push_back(factsOf(extraction, record, types));
        if (job.hasEncoded) noteKept(at, job);
        for (std::size_t i = 0; i < m_keys.size(); ++i) {
            const bool isRow = std::holds_alternative<decode::ChangedRow>(m_keys[i]);
            isRow ? job.keys[i].add(extraction.memberships[firstKey + i])
                  : job.keys[i].add(extraction.fields[firstKey + i]);
        }
    }
    for (std::uint32_t type = 0; type < types.size(); ++type) job.columns.types.emplace_back(types.text(type));
    if (!anyTimestamp(job.records)) return;
    for (const event::Record& record : job.records) {
        job.columns.timestamps.push_back(record.timestamp);
        job.columns.timestampTypes.push_back(record.timestampType);
    }
}

void Encoder::noteKept(std::size_t place, EncodeJob& job) const
{
    const base::Error* const why = m_decoded.notes[place].firstKept();
    if (why == nullptr) return;
    job.columns.facts[place].kept = true;
    if (!job.firstKept) job.firstKept = EncodeJob::Kept{place, *why};
}

void Encoder::encode(EncodeJob& job)
{
    readFields(job);
    job.hashes.reserve(job.records.size());
    for (const event::Record& record : job.records) job.hashes.push_back(hashOf(record));
    job.encoded = m_codec.encode(job.records, job.columns, job.dictionary.get());
}

EncoderPool::EncoderPool(const decode::Mapping& mapping, std::vector<FieldRef> keys, const PayloadRules& payloads,
                         unsigned workers)
{
    for (unsigned i = 0; i < std::max(workers, 1u); ++i) {
        m_encoders.push_back(std::make_unique<Encoder>(mapping, keys, payloads));
        m_threads.emplace_back(
            [this, encoder = m_encoders.back().get()](std::stop_token stop) { work(stop, *encoder); });
    }
}

EncoderPool::~EncoderPool() = default;

void EncoderPool::work(std::stop_token stop, Encoder& encoder)
{
    for (;;) {
        std::shared_ptr<Entry> entry;
        {
            std::unique_lock lock(m_mutex);
            if (!m_submitted.wait(lock, stop, [this] { return !m_waiting.empty(); })) return;
            entry = std::move(m_waiting.front());
            m_waiting.pop_front();
        }
        encoder.encode(*entry->job);
        {
            const std::lock_guard lock(m_mutex);
            entry->done = true;
        }
        m_done.notify_all();
    }
}

void EncoderPool::submit(std::shared_ptr<EncodeJob> job)
{
    auto entry = std::make_shared<Entry>(Entry{std::move(job), false});
    m_order.push_back(entry);
    {
        const std::lock_guard lock(m_mutex);
        m_waiting.push_back(std::move(entry));
    }
    m_submitted.notify_one();
}

std::shared_ptr<EncodeJob> EncoderPool::takeOldest()
{
    const std::shared_ptr<Entry> entry = m_order.front();
    m_order.pop_front();
    std::unique_lock lock(m_mutex);
    m_done.wait(lock, [&] { return entry->done; });
    return entry->job;
}

bool EncoderPool::oldestIsDone()
{
    const std::lock_guard lock(m_mutex);
    return !m_order.empty() && m_order.front()->done;
}

} // namespace leftfold::capture
