// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/chunk.h"
#include "core/capture/text_interner.h"
#include "core/decode/mapping.h"
#include "core/decode/record_decoder.h"

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

namespace leftfold::capture {

/// In place of a key number: the event belongs to no aggregate.
inline constexpr std::uint32_t kNoKey = UINT32_MAX;

/// The aggregates of a chunk's events by one field, as numbers into the chunk's own texts. Events are named by their place
/// in the chunk, ascending.
struct ChunkKeys {
    struct Beside {
        std::uint32_t event = 0;
        std::uint32_t text = 0;
    };
    std::vector<std::uint32_t> ids; ///< one an event, or kNoKey
    TextInterner texts;
    std::vector<Beside> more; ///< further ids of events that belong to several aggregates
    std::vector<Beside> everyOf; ///< events of all aggregates whose id begins with a name
    std::vector<Beside> asBefore; ///< events of the aggregate of the event before, if its key is that name
    std::vector<std::uint32_t> outside; ///< events that rightly belong to none
    TextInterner names;

    void add(const decode::FieldValue& value);
    void add(const decode::Membership& membership);
};

/// A chunk on its way into the capture: what goes in, and what the encoder makes of it.
struct EncodeJob {
    std::shared_ptr<const void> storage; ///< keeps what the records point into
    std::vector<event::Record> records;
    std::string topic; ///< of the records' partition
    std::shared_ptr<const Dictionary> dictionary;
    std::int64_t dictionaryId = 0;

    ChunkColumns columns;
    EncodedChunk encoded;
    std::vector<base::Hash128> hashes; ///< of each record
    std::vector<ChunkKeys> keys; ///< one a key field
    bool hasEncoded = false; ///< some key or value is not what it stands as, or should not be
    /// The first record of which something encoded could not be read.
    struct Kept {
        std::size_t place = 0;
        base::Error why;
    };
    std::optional<Kept> firstKept;
};

/// How an encoder reads payloads.
struct PayloadRules {
    decode::Decoding decoding;
    std::shared_ptr<const decode::SchemaBook> schemas; ///< null: payloads are taken as they stand
};

/// The part of storing a chunk that needs nothing of the chunks before it: reading fields, hashing,
/// compressing. Knows the mapping and the fields to index. One a thread.
class Encoder {
public:
    Encoder(const decode::Mapping& mapping, std::span<const decode::FieldRef> keys, const PayloadRules& payloads = {});
    void encode(EncodeJob& job);
    /// Only the columns and the keys: for indexing what is stored already.
    void readFields(EncodeJob& job);

private:
    [[nodiscard]] EventFacts factsOf(const decode::FieldExtractor::Extraction& extraction, const event::Record& record,
                                     TextInterner& types) const;
    void noteKept(std::size_t place, EncodeJob& job) const;

    decode::Mapping m_mapping;
    std::vector<decode::FieldRef> m_keys;
    decode::FieldExtractor m_extractor;
    std::optional<decode::RecordDecoder> m_payloads;
    decode::DecodedRecords m_decoded;
    ChunkCodec m_codec;
};

/// Encoders on threads of their own. Jobs are taken in order; the one who gave them waits for each in the
/// same order, so what is stored is stored in order.
class EncoderPool {
public:
    EncoderPool(const decode::Mapping& mapping, std::vector<decode::FieldRef> keys, const PayloadRules& payloads,
                unsigned workers);
    ~EncoderPool();
    void submit(std::shared_ptr<EncodeJob> job);
    /// The oldest job not yet taken, when it is done. REQUIRES: there is one.
    [[nodiscard]] std::shared_ptr<EncodeJob> takeOldest();
    [[nodiscard]] std::size_t underWay() const { return m_order.size(); }
    /// Whether `takeOldest` would return at once.
    [[nodiscard]] bool oldestIsDone();

private:
    struct Entry {
        std::shared_ptr<EncodeJob> job;
        bool done = false;
    };
    void work(std::stop_token stop, Encoder& encoder);

    std::mutex m_mutex;
    std::condition_variable_any m_submitted;
    std::condition_variable m_done;
    std::deque<std::shared_ptr<Entry>> m_waiting;
    std::deque<std::shared_ptr<Entry>> m_order; ///< touched by the owner alone
    std::vector<std::unique_ptr<Encoder>> m_encoders;
    std::vector<std::jthread> m_threads; ///< last, so that they end first
};

} // namespace leftfold::capture
