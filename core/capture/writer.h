// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/catalog.h"
#include "core/capture/encoder.h"
#include "core/capture/key_index.h"

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace leftfold::capture {

struct WriterOptions {
    decode::Mapping mapping; ///< for a new capture; one that is continued keeps its own
    std::string source; ///< the identity of the log; what is continued must have the same
    std::vector<decode::FieldRef> indexFields; ///< fields whose index is made on the way
    std::string indexFolder; ///< where the indexes go; empty: none are made
    unsigned workers = 2; ///< threads that encode
    bool trainsDictionaries = true; ///< for smaller frames that take longer to make
    bool strict = false; ///< a record that is no JSON document ends the load (UndecodableRecord) and is not stored
};

/// Appends to a capture: batches of records in, one transaction for a few batches together with the cut of their
/// source. Killed at any moment, the capture holds a prefix of every partition and the cut that belongs to it.
/// One writer a capture, by a lock; readers may be there. One thread's, but encodes on threads of its own.
class Writer {
public:
    /// A new capture (fails with CaptureExists), or one to be continued (OtherSource, CaptureBusy, DamagedCapture:
    /// nothing is added to a capture that is known to be damaged).
    [[nodiscard]] static base::Result<std::unique_ptr<Writer>> create(const std::string& path,
                                                                      const WriterOptions& options);
    [[nodiscard]] static base::Result<std::unique_ptr<Writer>> resume(const std::string& path,
                                                                      const WriterOptions& options);
    /// Deletes a capture with what belongs to it. It is no error if there is none. Fails with CaptureBusy.
    [[nodiscard]] static base::Result<void> discard(const std::string& path);
    /// Whether some writer has the capture open.
    [[nodiscard]] static bool isAtWork(const std::string& path);
    /// What was not committed is gone, as after a crash, but the capture is left as by `close`.
    ~Writer();

    [[nodiscard]] const decode::Mapping& mapping() const { return m_mapping; }
    [[nodiscard]] std::uint64_t events() const { return m_events; }
    /// Where the source stands behind what is stored; empty at the start.
    [[nodiscard]] std::string sourceCut() const;
    /// The target of a load that was begun and has not reached it.
    [[nodiscard]] std::optional<std::string> unfinishedTarget() const;

    /// A new load. REQUIRES: no unfinished one.
    [[nodiscard]] base::Result<void> begin(const std::string& target);
    /// Stores the batch, soon: with the next commit. Blocks while the encoders are behind. Fails with OffsetNotGrowing,
    /// TooManyEvents, UndecodableRecord (strict), DiskFull ...; after that only `close` may be called, what was stored stays.
    [[nodiscard]] base::Result<void> append(event::RecordBatch batch);
    /// Everything appended so far is on disk when this returns.
    [[nodiscard]] base::Result<void> commit();
    /// The load has reached its target: computes and stores its replay order, and makes the indexes.
    [[nodiscard]] base::Result<void> finish();
    /// Reads every event again by another mapping of type and time: new columns, new effective times, new
    /// replay order, in one transaction. Nothing is captured anew. REQUIRES: no load under way.
    [[nodiscard]] base::Result<void> remap(const decode::Mapping& mapping, std::stop_token stop);
    /// Commits, checkpoints, and leaves one file that can be copied. What goes wrong on the way is told, nothing committed is lost.
    [[nodiscard]] base::Result<void> close();

private:
    struct PartitionState;
    class Lock;
    /// What is stored together with a job's chunk.
    struct JobNote {
        std::uint32_t partition = 0;
        std::size_t bytes = 0; ///< of the chunk's records
        std::string sourceCut; ///< behind it; empty inside a group of batches
        std::vector<ProblemRow> problems;
        std::vector<event::Transaction> transactions;
    };
    Writer();
    [[nodiscard]] base::Result<void> readState();
    [[nodiscard]] base::Result<PartitionState*> stateOf(const event::Partition& partition);
    [[nodiscard]] base::Result<void> checkOffsets(PartitionState& state, const event::RecordBatch& batch);
    [[nodiscard]] base::Result<void> giveDictionary(PartitionState& state, EncodeJob& job);
    [[nodiscard]] base::Result<void> appendEmpty(const event::RecordBatch& batch);
    [[nodiscard]] base::Result<void> storeProblems(const std::vector<ProblemRow>& problems, bool atCut);
    [[nodiscard]] base::Result<void> storeTransactions(const std::vector<event::Transaction>& transactions);
    [[nodiscard]] bool hasEnoughUnderWay() const;
    [[nodiscard]] base::Result<void> storeOldest();
    [[nodiscard]] base::Result<void> storeNext();
    [[nodiscard]] base::Result<void> drain();
    [[nodiscard]] base::Result<void> ensureTransaction();
    [[nodiscard]] base::Result<void> commitTransaction();
    [[nodiscard]] bool commitIsDue() const;
    [[nodiscard]] base::Result<void> storeOrder(LoadRow& load, std::int64_t& nextRow);
    [[nodiscard]] base::Result<void> remapChunk(ChunkRow& row, Reader& reader, Encoder& encoder, base::Time& effective);
    [[nodiscard]] base::Result<void> writeIndexes();

    std::unique_ptr<Lock> m_lock;
    std::unique_ptr<Store> m_store;
    WriterOptions m_options;
    decode::Mapping m_mapping;
    std::unique_ptr<EncoderPool> m_pool;
    std::deque<JobNote> m_notes; ///< of the jobs under way, oldest first
    std::size_t m_bytesUnderWay = 0;
    std::vector<event::Partition> m_partitions;
    std::map<event::Partition, std::uint32_t> m_partitionNumbers;
    std::vector<std::unique_ptr<PartitionState>> m_states;
    std::vector<std::unique_ptr<KeyIndexBuilder>>
        m_indexBuilders; ///< empty where the capture was not written in one go
    LoadRow m_load;
    bool m_loadUnderWay = false;
    bool m_cutIsCurrent = true; ///< the load's source cut fits what is stored in this transaction
    bool m_inTransaction = false;
    bool m_failed = false; ///< a chunk could not be stored: nothing more is
    bool m_hasTailProblems = false; ///< there may be some in the table
    std::int64_t m_dictionaries = 0;
    std::uint64_t m_events = 0;
    std::size_t m_uncommittedChunks = 0;
    std::chrono::steady_clock::time_point m_lastCommit;
};

} // namespace leftfold::capture
