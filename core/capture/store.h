// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/database.h"
#include "core/base/hash.h"
#include "core/base/time.h"
#include "core/base/wal_keeper.h"
#include "core/decode/schema.h"
#include "core/event/offset.h"
#include "core/event/problem.h"
#include "core/event/transaction.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace leftfold::capture {

/// The format this version writes and the newest it reads: SQLite's user_version.
inline constexpr std::int64_t kFormat = 1;

/// One row of the table `chunk`. README.md of this folder, "Tables", says what each column is for.
struct ChunkRow {
    std::int64_t id = 0; ///< from 1, in order of arrival
    std::uint32_t partition = 0;
    std::uint32_t count = 0;
    std::uint64_t firstOrdinal = 0; ///< how many events of the partition are in the chunks before
    event::Offset firstOffset;
    event::Offset lastOffset;
    base::Time effectiveBefore = base::kBeginningOfTime;
    base::Time effectiveAfter = base::kBeginningOfTime;
    std::uint32_t undecodable =
        0; ///< events whose value is no JSON document, or whose key or value could not be decoded
    std::uint32_t timeless = 0; ///< events without a time of their own
    std::int64_t dictionary = 0; ///< 0: none
    base::Hash128 identity; ///< the partition's running hash behind this chunk
    base::Hash128 before; ///< the checksum of the chunk with the id before: the chain
    base::Hash128 checksum; ///< over all other columns

    friend bool operator==(const ChunkRow&, const ChunkRow&) = default;
};

/// One row of the table `load`: one time the source was read, to a target fixed beforehand.
struct LoadRow {
    std::int64_t id = 0; ///< from 1
    std::string target; ///< the source's own words
    std::string sourceCut; ///< where the source stands: the source's own words
    bool complete = false; ///< the target is reached, the replay order of this load is stored
    std::int64_t firstChunk = 1; ///< the first chunk of this load
    std::int64_t lastChunk = 0; ///< the last chunk of this load; firstChunk - 1 while there is none
    base::Hash128 lastChecksum; ///< of the last chunk: so that a missing end is noticed
    std::uint64_t events = 0; ///< of all loads up to and with this one

    friend bool operator==(const LoadRow&, const LoadRow&) = default;
};

/// One row of the table `replay_order`: consecutive events of one load.
struct OrderRow {
    std::int64_t id = 0; ///< from 1, consecutive
    std::int64_t load = 0;
    std::uint32_t count = 0;
    std::uint32_t width = 1; ///< bytes an event; 0: all events are of one partition
    std::string
        partitions; ///< `count` numbers of `width` bytes, the partition of each event; if `width` is 0 one of 4 bytes
};

/// A stored problem and whether it goes when the source is read further.
struct ProblemRow {
    event::Problem problem;
    bool tail = false;
};

/// The tables of a capture, row by row, each row with its checksum. One connection, one thread.
/// Reading functions fail with DamagedCapture where a row does not fit its checksum.
class Store {
public:
    /// A row of the table `meta`.
    struct Meta {
        std::string_view key;
        std::string value;
    };
    /// A new, empty capture with this description, which appears at `path` whole or not at all, and is open for
    /// writing. Fails with CaptureExists where there is a file.
    [[nodiscard]] static base::Result<std::unique_ptr<Store>> create(const std::string& path,
                                                                     std::span<const Meta> description);
    /// Fails with NotACapture, CaptureTooNew, or what opening says.
    [[nodiscard]] static base::Result<std::unique_ptr<Store>> open(const std::string& path, base::Database::Mode mode);

    [[nodiscard]] base::Database& database() { return *m_database; }
    [[nodiscard]] const std::string& path() const { return m_database->path(); }

    [[nodiscard]] base::Result<void> putMeta(std::string_view key, base::ByteView value);
    /// Nothing where the key is not there.
    [[nodiscard]] base::Result<std::optional<std::string>> meta(std::string_view key);
    /// The same where the key has to be there: fails with DamagedCapture if it is not.
    [[nodiscard]] base::Result<std::string> requiredMeta(std::string_view key);

    /// WAL mode, and says in the file itself, not only in its -wal, that somebody writes here, until `leaveWriting`: so a -wal that
    /// got lost is missed.
    [[nodiscard]] base::Result<void> enterWriting();
    /// Brings everything committed into the one file. While somebody reads, it stays in WAL mode. Nothing where
    /// writing was not entered.
    [[nodiscard]] base::Result<void> leaveWriting();
    [[nodiscard]] base::Result<bool> isInWriting();

    [[nodiscard]] base::Result<void> addPartition(std::uint32_t id, const event::Partition& partition);
    [[nodiscard]] base::Result<std::vector<event::Partition>> partitions();

    [[nodiscard]] base::Result<void> addDictionary(std::int64_t id, std::uint32_t partition, base::ByteView bytes);
    [[nodiscard]] base::Result<std::string> dictionary(std::int64_t id);

    /// Stores row, columns, directory and payload; computes and sets `row.checksum`.
    [[nodiscard]] base::Result<void> addChunk(ChunkRow& row, base::ByteView columns, base::ByteView frames,
                                              base::ByteView payload);
    /// The same for a chunk that is there, its payload unchanged.
    [[nodiscard]] base::Result<void> replaceChunk(ChunkRow& row, base::ByteView columns, base::ByteView frames);
    struct ChunkContent {
        ChunkRow row;
        std::string columns;
        std::string frames;
    };
    [[nodiscard]] base::Result<ChunkContent> chunk(std::int64_t id);
    [[nodiscard]] base::Result<void> readPayload(std::int64_t chunk, std::size_t offset, std::size_t size,
                                                 std::string& out);

    [[nodiscard]] base::Result<void> putLoad(const LoadRow& load);
    [[nodiscard]] base::Result<std::vector<LoadRow>> loads();
    [[nodiscard]] base::Result<void> addOrder(const OrderRow& row);
    [[nodiscard]] base::Result<std::optional<OrderRow>> order(std::int64_t id);
    [[nodiscard]] base::Result<void> clearOrder();

    /// Also replaces what was known of that key.
    [[nodiscard]] base::Result<void> putSchema(const decode::Schema& schema);
    /// Why a schema that records name is not there. Nothing where it is.
    [[nodiscard]] base::Result<void> putMissingSchema(const std::string& key, const std::string& why);
    /// A row that does not fit its checksum counts as missing. None in a capture that never had any.
    [[nodiscard]] base::Result<std::shared_ptr<decode::SchemaBook>> schemas();

    [[nodiscard]] base::Result<void> addProblem(const ProblemRow& row);
    [[nodiscard]] base::Result<void> clearTailProblems();
    [[nodiscard]] base::Result<std::vector<ProblemRow>> problems();

    /// What is known of these transactions now, in place of what was. The table is made when the first one comes: captures of
    /// earlier versions have none, and earlier versions read those that have.
    [[nodiscard]] base::Result<void> putTransactions(std::span<const event::Transaction> transactions);
    /// All of them by partition and place; none where there is no table.
    [[nodiscard]] base::Result<std::vector<event::Transaction>> transactions();

private:
    Store() = default;
    /// How many rows there are, and the sum of their checksums: so that one that is gone is missed.
    struct RowAccount {
        std::int64_t count = 0;
        std::uint64_t high = 0;
        std::uint64_t low = 0;

        void add(base::Hash128 checksum);
        void remove(const RowAccount& others);
        [[nodiscard]] std::string text() const;
    };
    [[nodiscard]] base::Result<void> prepareAll();
    [[nodiscard]] base::Result<void> putSchemaRow(std::string_view key, std::string_view content);
    [[nodiscard]] base::Result<RowAccount> problemsWhere(std::string_view condition);
    [[nodiscard]] base::Result<void> recallProblems();
    [[nodiscard]] base::Result<bool> hasTransactions();
    [[nodiscard]] base::Result<void> putTransaction(const event::Transaction& transaction);
    [[nodiscard]] base::Result<void> recallTransactions();
    [[nodiscard]] tl::unexpected<base::Error> damaged(const std::string& what) const;

    std::unique_ptr<base::Database> m_database;
    std::unique_ptr<base::WalKeeper> m_keeper; ///< while it is written
    std::optional<RowAccount> m_problems; ///< of the rows as this connection changed them
    std::optional<RowAccount> m_transactions; ///< the same
    bool m_isWriting = false;
    std::int64_t m_loads = -1; ///< as the description says; -1: not looked up
    base::Statement m_putChunk;
    base::Statement m_putPayload;
    base::Statement m_getPayload;
    base::Statement m_getChunk;
    base::Statement m_putLoad;
    base::Statement m_putOrder;
    base::Statement m_getOrder;
    base::Statement m_getTransactionSum; ///< these two are made with the first transaction
    base::Statement m_putTransaction;
};

} // namespace leftfold::capture
