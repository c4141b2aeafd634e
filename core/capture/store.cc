// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/capture/store.h"

#include "core/base/varint.h"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace leftfold::capture {

namespace {

using base::ByteView;
using base::Database;
using base::ErrorCode;
using base::fail;
using base::Hash128;
using base::Result;
using base::Statement;

constexpr std::int64_t kApplicationId = 0x4c464c47; // "LFLG"

constexpr const char* kTables = R"(
CREATE TABLE meta(key TEXT PRIMARY KEY, value BLOB NOT NULL, checksum BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE partition(id INTEGER PRIMARY KEY, topic TEXT NOT NULL, number INTEGER NOT NULL, checksum BLOB NOT NULL);
CREATE TABLE dictionary(id INTEGER PRIMARY KEY, partition INTEGER NOT NULL, data BLOB NOT NULL, checksum BLOB NOT NULL);
CREATE TABLE chunk(
    id INTEGER PRIMARY KEY, partition INTEGER NOT NULL, count INTEGER NOT NULL, first_ordinal INTEGER NOT NULL,
    first_offset INTEGER NOT NULL, last_offset INTEGER NOT NULL,
    effective_before_s INTEGER NOT NULL, effective_before_ns INTEGER NOT NULL,
    effective_after_s INTEGER NOT NULL, effective_after_ns INTEGER NOT NULL,
    undecodable INTEGER NOT NULL, timeless INTEGER NOT NULL, dictionary INTEGER NOT NULL,
    identity BLOB NOT NULL, before BLOB NOT NULL, checksum BLOB NOT NULL, columns BLOB NOT NULL, frames BLOB NOT NULL);
CREATE TABLE payload(id INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE load(id INTEGER PRIMARY KEY, target TEXT NOT NULL, source_cut TEXT NOT NULL, complete INTEGER NOT NULL,
    first_chunk INTEGER NOT NULL, last_chunk INTEGER NOT NULL, last_checksum BLOB NOT NULL, events INTEGER NOT NULL,
    checksum BLOB NOT NULL);
CREATE TABLE replay_order(id INTEGER PRIMARY KEY, load INTEGER NOT NULL, count INTEGER NOT NULL, width INTEGER NOT NULL,
    partitions BLOB NOT NULL, checksum BLOB NOT NULL);
CREATE TABLE problem(id INTEGER PRIMARY KEY, topic TEXT NOT NULL, number INTEGER NOT NULL, offset INTEGER NOT NULL,
    tail INTEGER NOT NULL, code TEXT NOT NULL, words TEXT NOT NULL, checksum BLOB NOT NULL);
)";

/// Made when the first schema comes: captures without any have none.
constexpr const char* kSchemaTable =
    "CREATE TABLE IF NOT EXISTS schema(key TEXT PRIMARY KEY, content BLOB NOT NULL, checksum BLOB NOT NULL)";

/// Made when a log tells its first transaction.
constexpr const char* kTransactionTable = R"(
CREATE TABLE kafka_transaction(topic TEXT NOT NULL, number INTEGER NOT NULL, begin INTEGER NOT NULL, words TEXT NOT NULL,
    checksum BLOB NOT NULL, PRIMARY KEY(topic, number, begin)) WITHOUT ROWID;
)";

/// XXH3-128 over the columns of a row, laid one behind the other, bytes with their length.
class RowHash {
public:
    RowHash& add(std::int64_t value)
    {
        base::putFixed(m_bytes, value);
        return *this;
    }
    RowHash& add(Hash128 value)
    {
        base::putFixed(m_bytes, value.high);
        base::putFixed(m_bytes, value.low);
        return *this;
    }
    RowHash& addBytes(ByteView bytes)
    {
        add(static_cast<std::int64_t>(bytes.size()));
        m_bytes += bytes;
        return *this;
    }
    [[nodiscard]] Hash128 get() const { return base::hash128(m_bytes); }

private:
    std::string m_bytes;
};

std::string hashBytes(Hash128 hash)
{
    std::string out;
    base::putFixed(out, hash.high);
    base::putFixed(out, hash.low);
    return out;
}

Hash128 hashFrom(ByteView bytes)
{
    base::ByteReader from(bytes);
    Hash128 hash;
    hash.high = from.fixed<std::uint64_t>();
    hash.low = from.fixed<std::uint64_t>();
    return hash;
}

Hash128 checksumOf(const ChunkRow& row, ByteView columns, ByteView frames)
{
    return RowHash()
        .add(row.before)
        .add(row.id)
        .add(row.partition)
        .add(row.count)
        .add(static_cast<std::int64_t>(row.firstOrdinal))
        .add(row.firstOffset.value)
        .add(row.lastOffset.value)
        .add(row.effectiveBefore.seconds)
        .add(row.effectiveBefore.nanos)
        .add(row.effectiveAfter.seconds)
        .add(row.effectiveAfter.nanos)
        .add(row.undecodable)
        .add(row.timeless)
        .add(row.dictionary)
        .add(row.identity)
        .addBytes(columns)
        .addBytes(frames)
        .get();
}

Hash128 checksumOf(const LoadRow& load)
{
    return RowHash()
        .add(load.id)
        .addBytes(load.target)
        .addBytes(load.sourceCut)
        .add(load.complete)
        .add(load.firstChunk)
        .add(load.lastChunk)
        .add(load.lastChecksum)
        .add(static_cast<std::int64_t>(load.events))
        .get();
}

Hash128 checksumOf(const OrderRow& row)
{
    return RowHash().add(row.id).add(row.load).add(row.count).add(row.width).addBytes(row.partitions).get();
}

Hash128 checksumOf(const event::Partition& partition, std::int64_t id)
{
    return RowHash().add(id).addBytes(partition.topic).add(partition.number).get();
}

Hash128 checksumOf(const event::Problem& problem, std::string_view code, std::string_view words, bool tail)
{
    return RowHash().addBytes(toText(problem.position)).addBytes(code).addBytes(words).add(tail).get();
}

base::Time timeAt(const Statement& statement, int column)
{
    return {statement.integer(column), static_cast<std::uint32_t>(statement.integer(column + 1))};
}

ChunkRow chunkFrom(const Statement& statement)
{
    ChunkRow row;
    row.id = statement.integer(0);
    row.partition = static_cast<std::uint32_t>(statement.integer(1));
    row.count = static_cast<std::uint32_t>(statement.integer(2));
    row.firstOrdinal = static_cast<std::uint64_t>(statement.integer(3));
    row.firstOffset = {statement.integer(4)};
    row.lastOffset = {statement.integer(5)};
    row.effectiveBefore = timeAt(statement, 6);
    row.effectiveAfter = timeAt(statement, 8);
    row.undecodable = static_cast<std::uint32_t>(statement.integer(10));
    row.timeless = static_cast<std::uint32_t>(statement.integer(11));
    row.dictionary = statement.integer(12);
    row.identity = hashFrom(statement.bytes(13));
    row.before = hashFrom(statement.bytes(14));
    row.checksum = hashFrom(statement.bytes(15));
    return row;
}

LoadRow loadFrom(const Statement& statement)
{
    LoadRow load;
    load.id = statement.integer(0);
    load.target = statement.bytes(1);
    load.sourceCut = statement.bytes(2);
    load.complete = statement.integer(3) != 0;
    load.firstChunk = statement.integer(4);
    load.lastChunk = statement.integer(5);
    load.lastChecksum = hashFrom(statement.bytes(6));
    load.events = static_cast<std::uint64_t>(statement.integer(7));
    return load;
}

nlohmann::json timeJson(const std::optional<base::Time>& time)
{
    return time ? nlohmann::json(base::toIso(*time)) : nlohmann::json();
}

nlohmann::json offsetJson(const std::optional<event::Offset>& offset)
{
    return offset ? nlohmann::json(offset->value) : nlohmann::json();
}

std::string wordsOf(const event::Transaction& transaction)
{
    return nlohmann::json{{"producer", transaction.producer},
                          {"epoch", transaction.epoch},
                          {"first", offsetJson(transaction.first)},
                          {"last", transaction.last.value},
                          {"state", event::nameOf(transaction.state)},
                          {"firstTime", timeJson(transaction.firstTime)},
                          {"marker", offsetJson(transaction.marker)},
                          {"markedAt", timeJson(transaction.markedAt)},
                          {"coordinatorEpoch", transaction.coordinatorEpoch}}
        .dump();
}

std::optional<base::Time> timeFrom(const nlohmann::json& json)
{
    if (!json.is_string()) return std::nullopt;
    const auto time = base::parseTime(json.get<std::string>());
    return time ? std::optional(*time) : std::nullopt;
}

std::optional<event::Offset> offsetFrom(const nlohmann::json& json)
{
    return json.is_number_integer() ? std::optional(event::Offset{json.get<std::int64_t>()}) : std::nullopt;
}

/// Nothing where the words are not what `wordsOf` writes.
std::optional<event::Transaction> transactionFrom(event::Partition partition, std::string_view words)
{
    const auto json = nlohmann::json::parse(words, nullptr, false);
    event::Transaction transaction;
    transaction.partition = std::move(partition);
    try {
        transaction.producer = json.at("producer").get<std::int64_t>();
        transaction.epoch = json.at("epoch").get<std::int16_t>();
        transaction.first = offsetFrom(json.at("first"));
        transaction.last = {json.at("last").get<std::int64_t>()};
        const auto state = json.at("state").get<std::string>();
        for (const auto each : {event::TransactionState::Committed, event::TransactionState::Aborted})
            if (state == event::nameOf(each)) transaction.state = each;
        transaction.firstTime = timeFrom(json.at("firstTime"));
        transaction.marker = offsetFrom(json.at("marker"));
        transaction.markedAt = timeFrom(json.at("markedAt"));
        transaction.coordinatorEpoch = json.at("coordinatorEpoch").get<std::int32_t>();
    } catch (const nlohmann::json::exception&) {
        return std::nullopt;
    }
    return transaction;
}

Hash128 checksumOf(const event::Partition& partition, std::int64_t begin, std::string_view words)
{
    return RowHash().addBytes(toText(partition)).add(begin).addBytes(words).get();
}

std::string wordsOf(const base::Error& error)
{
    return nlohmann::json{{"args", error.args}, {"context", error.context}}.dump(
        -1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// Nothing where the words are not what `wordsOf` writes, or the code is none of this version's.
std::optional<base::Error> errorFrom(std::string_view code, std::string_view words)
{
    const auto json = nlohmann::json::parse(words, nullptr, false);
    if (!json.is_object() || !json.contains("args") || !json.contains("context")) return std::nullopt;
    for (const ErrorCode known : base::allErrorCodes()) {
        if (base::nameOf(known) != code) continue;
        base::Error error{known, {}, {}};
        for (const auto& arg : json["args"]) error.args.push_back(arg.is_string() ? arg.get<std::string>() : "");
        for (const auto& place : json["context"])
            error.context.push_back(place.is_string() ? place.get<std::string>() : "");
        return error;
    }
    return std::nullopt;
}

} // namespace

Result<std::unique_ptr<Store>> Store::create(const std::string& path, std::span<const Meta> description)
{
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored)) return fail(ErrorCode::CaptureExists, path);
    // Made under another name: whoever dies here leaves no file that is neither a capture nor nothing.
    const std::string making = path + "-new";
    ::unlink(making.c_str());
    {
        std::unique_ptr<Store> store(new Store);
        LEFTFOLD_TRY(store->m_database, Database::open(making, Database::Mode::Create));
        Database& database = *store->m_database;
        LEFTFOLD_CHECK(database.execute(
            "PRAGMA page_size = 16384; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; BEGIN IMMEDIATE;"));
        LEFTFOLD_CHECK(database.execute(kTables));
        for (const Meta& meta : description) LEFTFOLD_CHECK(store->putMeta(meta.key, meta.value));
        LEFTFOLD_CHECK(store->putMeta("loads", "0"));
        LEFTFOLD_CHECK(store->putMeta("problems", RowAccount().text()));
        LEFTFOLD_CHECK(store->putMeta("writing", "0"));
        LEFTFOLD_CHECK(database.execute(
            fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}; COMMIT;", kApplicationId, kFormat)));
    }
    // What a removed capture of this name left behind would be taken for this one's.
    for (const char* suffix : {"-wal", "-shm", "-journal"}) ::unlink((path + suffix).c_str());
    if (::rename(making.c_str(), path.c_str()) != 0) return base::failErrno(path, errno);
    return open(path, Database::Mode::ReadWrite);
}

Result<std::unique_ptr<Store>> Store::open(const std::string& path, Database::Mode mode)
{
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) return fail(ErrorCode::NotACapture, path, "it is a folder");
    std::unique_ptr<Store> store(new Store);
    LEFTFOLD_TRY(store->m_database, Database::open(path, mode));
    auto application = store->m_database->number("PRAGMA application_id");
    if (!application && mode == Database::Mode::Read && !std::filesystem::exists(path + "-wal", ignored)) {
        // A -wal that is missing cannot be made anew in a read-only folder.
        LEFTFOLD_TRY(store->m_database, Database::open(path, Database::Mode::ReadImmutable));
        application = store->m_database->number("PRAGMA application_id");
    }
    if (!application) return fail(ErrorCode::NotACapture, path, base::render(application.error()));
    if (*application != kApplicationId) return fail(ErrorCode::NotACapture, path, "it is another kind of file");
    LEFTFOLD_TRY(const std::int64_t format, store->m_database->number("PRAGMA user_version"));
    if (format != kFormat) {
        return fail(ErrorCode::CaptureTooNew, path, std::to_string(format), std::to_string(kFormat));
    }
    LEFTFOLD_CHECK(store->prepareAll());
    return store;
}

Result<void> Store::prepareAll()
{
    LEFTFOLD_TRY(m_putChunk,
                 m_database->prepare("INSERT OR REPLACE INTO chunk VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"));
    LEFTFOLD_TRY(m_putPayload, m_database->prepare("INSERT INTO payload VALUES(?,?)"));
    LEFTFOLD_TRY(m_getPayload, m_database->prepare("SELECT substr(data, ?, ?) FROM payload WHERE id = ?"));
    LEFTFOLD_TRY(m_getChunk, m_database->prepare("SELECT * FROM chunk WHERE id = ?"));
    LEFTFOLD_TRY(m_putLoad, m_database->prepare("INSERT OR REPLACE INTO load VALUES(?,?,?,?,?,?,?,?,?)"));
    LEFTFOLD_TRY(m_putOrder, m_database->prepare("INSERT INTO replay_order VALUES(?,?,?,?,?,?)"));
    LEFTFOLD_TRY(m_getOrder, m_database->prepare("SELECT * FROM replay_order WHERE id = ?"));
    return {};
}

tl::unexpected<base::Error> Store::damaged(const std::string& what) const
{
    return fail(ErrorCode::DamagedCapture, path(), what);
}

Result<void> Store::putMeta(std::string_view key, ByteView value)
{
    LEFTFOLD_TRY(Statement statement, m_database->prepare("INSERT OR REPLACE INTO meta VALUES(?,?,?)"));
    const std::string checksum = hashBytes(RowHash().addBytes(key).addBytes(value).get());
    return statement.bindText(0, key).bindBlob(1, value).bindBlob(2, checksum).run();
}

Result<std::optional<std::string>> Store::meta(std::string_view key)
{
    LEFTFOLD_TRY(Statement statement, m_database->prepare("SELECT value, checksum FROM meta WHERE key = ?"));
    LEFTFOLD_TRY(const bool found, statement.bindText(0, key).step());
    if (!found) return std::nullopt;
    std::string value(statement.bytes(0));
    if (hashFrom(statement.bytes(1)) != RowHash().addBytes(key).addBytes(value).get()) {
        return damaged(fmt::format("its description ({}) does not fit its checksum", key));
    }
    return value;
}

Result<std::string> Store::requiredMeta(std::string_view key)
{
    LEFTFOLD_TRY(auto value, meta(key));
    if (!value) return damaged(fmt::format("its description ({}) is missing", key));
    return std::move(*value);
}

Result<void> Store::enterWriting()
{
    LEFTFOLD_CHECK(m_database->execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL"));
    m_isWriting = true;
    LEFTFOLD_CHECK(putMeta("writing", "1"));
    // FULL, not TRUNCATE: as long as it may be missed the -wal is not empty.
    LEFTFOLD_CHECK(m_database->execute("PRAGMA wal_checkpoint(FULL)"));
    m_keeper = std::make_unique<base::WalKeeper>(*m_database);
    return {};
}

Result<void> Store::leaveWriting()
{
    if (!m_isWriting) return {};
    m_keeper.reset();
    LEFTFOLD_CHECK(putMeta("writing", "0"));
    LEFTFOLD_CHECK(m_database->execute("PRAGMA wal_checkpoint(TRUNCATE)"));
    m_isWriting = false;
    // Refused while somebody reads: the next clean close does it.
    (void)m_database->execute("PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE");
    return {};
}

Result<bool> Store::isInWriting()
{
    const auto writing = requiredMeta("writing");
    if (!writing) return tl::unexpected(writing.error());
    return *writing != "0";
}

Result<void> Store::addPartition(std::uint32_t id, const event::Partition& partition)
{
    LEFTFOLD_TRY(Statement statement, m_database->prepare("INSERT INTO partition VALUES(?,?,?,?)"));
    const std::string checksum = hashBytes(checksumOf(partition, id));
    return statement.bind(0, id).bindText(1, partition.topic).bind(2, partition.number).bindBlob(3, checksum).run();
}

Result<std::vector<event::Partition>> Store::partitions()
{
    LEFTFOLD_TRY(Statement statement, m_database->prepare("SELECT * FROM partition ORDER BY id"));
    std::vector<event::Partition> partitions;
    for (;;) {
        LEFTFOLD_TRY(const bool row, statement.step());
        if (!row) return partitions;
        event::Partition partition{std::string(statement.bytes(1)), static_cast<std::int32_t>(statement.integer(2))};
        const std::int64_t id = statement.integer(0);
        if (id != static_cast<std::int64_t>(partitions.size())
            || hashFrom(statement.bytes(3)) != checksumOf(partition, id)) {
            return damaged(fmt::format("the name of partition {} does not fit its checksum", partitions.size()));
        }
        partitions.push_back(std::move(partition));
    }
}

Result<void> Store::addDictionary(std::int64_t id, std::uint32_t partition, ByteView bytes)
{
    LEFTFOLD_TRY(Statement statement, m_database->prepare("INSERT INTO dictionary VALUES(?,?,?,?)"));
    const std::string checksum = hashBytes(RowHash().add(id).add(partition).addBytes(bytes).get());
    return statement.bind(0, id).bind(1, partition).bindBlob(2, bytes).bindBlob(3, checksum).run();
}

Result<std::string> Store::dictionary(std::int64_t id)
{
    LEFTFOLD_TRY(Statement statement, m_database->prepare("SELECT * FROM dictionary WHERE id = ?"));
    LEFTFOLD_TRY(const bool found, statement.bind(0, id).step());
    if (!found) return damaged(fmt::format("dictionary {} is missing", id));
    std::string bytes(statement.bytes(2));
    if (hashFrom(statement.bytes(3)) != RowHash().add(id).add(statement.integer(1)).addBytes(bytes).get()) {
        return damaged(fmt::format("dictionary {} does not fit its checksum", id));
    }
    return bytes;
}

Result<void> Store::replaceChunk(ChunkRow& row, ByteView columns, ByteView frames)
{
    row.checksum = checksumOf(row, columns, frames);
    const std::string identity = hashBytes(row.identity);
    const std::string before = hashBytes(row.before);
    const std::string checksum = hashBytes(row.checksum);
    return m_putChunk.bind(0, row.id)
        .bind(1, row.partition)
        .bind(2, row.count)
        .bind(3, static_cast<std::int64_t>(row.firstOrdinal))
        .bind(4, row.firstOffset.value)
        .bind(5, row.lastOffset.value)
        .bind(6, row.effectiveBefore.seconds)
        .bind(7, row.effectiveBefore.nanos)
        .bind(8, row.effectiveAfter.seconds)
        .bind(9, row.effectiveAfter.nanos)
        .bind(10, row.undecodable)
        .bind(11, row.timeless)
        .bind(12, row.dictionary)
        .bindBlob(13, identity)
        .bindBlob(14, before)
        .bindBlob(15, checksum)
        .bindBlob(16, columns)
        .bindBlob(17, frames)
        .run();
}

Result<void> Store::addChunk(ChunkRow& row, ByteView columns, ByteView frames, ByteView payload)
{
    LEFTFOLD_CHECK(replaceChunk(row, columns, frames));
    return m_putPayload.bind(0, row.id).bindBlob(1, payload).run();
}

Result<Store::ChunkContent> Store::chunk(std::int64_t id)
{
    const auto found = m_getChunk.bind(0, id).step();
    if (!found) return tl::unexpected(found.error());
    if (!*found) {
        m_getChunk.reset();
        return damaged(fmt::format("chunk {} is missing", id));
    }
    ChunkContent content{chunkFrom(m_getChunk), std::string(m_getChunk.bytes(16)), std::string(m_getChunk.bytes(17))};
    m_getChunk.reset();
    if (content.row.checksum != checksumOf(content.row, content.columns, content.frames)) {
        return damaged(fmt::format("chunk {} does not fit its checksum", id));
    }
    return content;
}

Result<void> Store::readPayload(std::int64_t chunk, std::size_t offset, std::size_t size, std::string& out)
{
    // Not sqlite3_blob: one that is kept open holds a read transaction, and with it every writer up.
    const auto found = m_getPayload.bind(0, static_cast<std::int64_t>(offset) + 1)
                           .bind(1, static_cast<std::int64_t>(size))
                           .bind(2, chunk)
                           .step();
    if (!found) return tl::unexpected(found.error());
    const ByteView bytes = *found ? m_getPayload.bytes(0) : ByteView();
    const bool whole = *found && bytes.size() == size;
    if (whole) out += bytes;
    m_getPayload.reset();
    if (!whole) return damaged(fmt::format("the payload of chunk {} is {}", chunk, *found ? "too short" : "missing"));
    return {};
}

Result<void> Store::putLoad(const LoadRow& load)
{
    if (load.id > m_loads) {
        LEFTFOLD_CHECK(putMeta("loads", std::to_string(load.id)));
        m_loads = load.id;
    }
    const std::string last = hashBytes(load.lastChecksum);
    const std::string checksum = hashBytes(checksumOf(load));
    return m_putLoad.bind(0, load.id)
        .bindText(1, load.target)
        .bindText(2, load.sourceCut)
        .bind(3, load.complete)
        .bind(4, load.firstChunk)
        .bind(5, load.lastChunk)
        .bindBlob(6, last)
        .bind(7, static_cast<std::int64_t>(load.events))
        .bindBlob(8, checksum)
        .run();
}

Result<std::vector<LoadRow>> Store::loads()
{
    LEFTFOLD_TRY(Statement statement, m_database->prepare("SELECT * FROM load ORDER BY id"));
    std::vector<LoadRow> loads;
    for (;;) {
        LEFTFOLD_TRY(const bool row, statement.step());
        if (!row) break;
        loads.push_back(loadFrom(statement));
        const LoadRow& load = loads.back();
        if (load.id != static_cast<std::int64_t>(loads.size()) || hashFrom(statement.bytes(8)) != checksumOf(load)) {
            return damaged(fmt::format("the account of load {} does not fit its checksum", loads.size()));
        }
    }
    LEFTFOLD_TRY(const std::string count, requiredMeta("loads"));
    if (count != std::to_string(loads.size()))
        return damaged(fmt::format("it holds {} of its {} loads", loads.size(), count));
    m_loads = static_cast<std::int64_t>(loads.size());
    return loads;
}

Result<void> Store::addOrder(const OrderRow& row)
{
    const std::string checksum = hashBytes(checksumOf(row));
    return m_putOrder.bind(0, row.id)
        .bind(1, row.load)
        .bind(2, row.count)
        .bind(3, row.width)
        .bindBlob(4, row.partitions)
        .bindBlob(5, checksum)
        .run();
}

Result<std::optional<OrderRow>> Store::order(std::int64_t id)
{
    const auto found = m_getOrder.bind(0, id).step();
    if (!found) return tl::unexpected(found.error());
    if (!*found) {
        m_getOrder.reset();
        return std::nullopt;
    }
    OrderRow row{m_getOrder.integer(0), m_getOrder.integer(1), static_cast<std::uint32_t>(m_getOrder.integer(2)),
                 static_cast<std::uint32_t>(m_getOrder.integer(3)), std::string(m_getOrder.bytes(4))};
    const Hash128 checksum = hashFrom(m_getOrder.bytes(5));
    m_getOrder.reset();
    if (checksum != checksumOf(row))
        return damaged(fmt::format("block {} of the replay order does not fit its checksum", id));
    return row;
}

Result<void> Store::clearOrder()
{
    return m_database->execute("DELETE FROM replay_order");
}

Result<void> Store::putSchemaRow(std::string_view key, std::string_view content)
{
    LEFTFOLD_CHECK(m_database->execute(kSchemaTable));
    LEFTFOLD_TRY(Statement statement, m_database->prepare("INSERT OR REPLACE INTO schema VALUES(?,?,?)"));
    const std::string checksum = hashBytes(RowHash().addBytes(key).addBytes(content).get());
    return statement.bindText(0, key).bindBlob(1, content).bindBlob(2, checksum).run();
}

Result<void> Store::putSchema(const decode::Schema& schema)
{
    return putSchemaRow(schema.key, toJson(schema));
}

Result<void> Store::putMissingSchema(const std::string& key, const std::string& why)
{
    return putSchemaRow(
        key, nlohmann::json{{"missing", why}}.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

Result<std::shared_ptr<decode::SchemaBook>> Store::schemas()
{
    auto book = std::make_shared<decode::SchemaBook>();
    LEFTFOLD_TRY(const std::int64_t tables,
                 m_database->number("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema'"));
    if (tables == 0) return book;
    LEFTFOLD_TRY(Statement statement, m_database->prepare("SELECT key, content, checksum FROM schema ORDER BY rowid"));
    for (;;) {
        LEFTFOLD_TRY(const bool more, statement.step());
        if (!more) return book;
        const std::string key(statement.bytes(0));
        const std::string content(statement.bytes(1));
        const bool isWhole = hashFrom(statement.bytes(2)) == RowHash().addBytes(key).addBytes(content).get();
        auto schema = isWhole ? decode::parseSchema(key, content) : std::nullopt;
        if (schema) {
            book->add(std::move(*schema));
            continue;
        }
        const auto missing = nlohmann::json::parse(content, nullptr, false);
        const bool isNote = isWhole && missing.is_object() && missing.contains("missing");
        book->setMissing(key, isNote ? base::Error{ErrorCode::BadArgument, {missing.value("missing", "")}, {}}
                                     : damaged("schema " + key + " does not fit its checksum").value());
    }
}

void Store::RowAccount::add(Hash128 checksum)
{
    ++count;
    high += checksum.high;
    low += checksum.low;
}

void Store::RowAccount::remove(const RowAccount& others)
{
    count -= others.count;
    high -= others.high;
    low -= others.low;
}

std::string Store::RowAccount::text() const
{
    return fmt::format("{} {}", count, base::toHex(Hash128{high, low}));
}

Result<Store::RowAccount> Store::problemsWhere(std::string_view condition)
{
    LEFTFOLD_TRY(Statement statement,
                 m_database->prepare(fmt::format("SELECT checksum FROM problem WHERE {}", condition)));
    RowAccount account;
    for (;;) {
        LEFTFOLD_TRY(const bool row, statement.step());
        if (!row) return account;
        account.add(hashFrom(statement.bytes(0)));
    }
}

Result<void> Store::recallProblems()
{
    if (m_problems) return {};
    LEFTFOLD_TRY(const RowAccount account, problemsWhere("true"));
    LEFTFOLD_TRY(const std::string expected, requiredMeta("problems"));
    if (account.text() != expected) return damaged("problems that were stored are missing");
    m_problems = account;
    return {};
}

Result<void> Store::addProblem(const ProblemRow& row)
{
    LEFTFOLD_CHECK(recallProblems());
    LEFTFOLD_TRY(Statement statement,
                 m_database->prepare(
                     "INSERT INTO problem(topic, number, offset, tail, code, words, checksum) VALUES(?,?,?,?,?,?,?)"));
    const std::string words = wordsOf(row.problem.error);
    const std::string_view code = base::nameOf(row.problem.error.code);
    const Hash128 hash = checksumOf(row.problem, code, words, row.tail);
    const std::string checksum = hashBytes(hash);
    m_problems->add(hash);
    LEFTFOLD_CHECK(putMeta("problems", m_problems->text()));
    return statement.bindText(0, row.problem.position.partition.topic)
        .bind(1, row.problem.position.partition.number)
        .bind(2, row.problem.position.offset.value)
        .bind(3, row.tail)
        .bindText(4, code)
        .bindText(5, words)
        .bindBlob(6, checksum)
        .run();
}

Result<void> Store::clearTailProblems()
{
    LEFTFOLD_CHECK(recallProblems());
    LEFTFOLD_TRY(const RowAccount tail, problemsWhere("tail"));
    if (tail.count == 0) return {};
    LEFTFOLD_CHECK(m_database->execute("DELETE FROM problem WHERE tail"));
    m_problems->remove(tail);
    return putMeta("problems", m_problems->text());
}

Result<std::vector<ProblemRow>> Store::problems()
{
    LEFTFOLD_TRY(Statement statement, m_database->prepare("SELECT * FROM problem ORDER BY id"));
    std::vector<ProblemRow> rows;
    RowAccount account;
    for (;;) {
        LEFTFOLD_TRY(const bool more, statement.step());
        if (!more) break;
        ProblemRow row;
        row.problem.position = {{std::string(statement.bytes(1)), static_cast<std::int32_t>(statement.integer(2))},
                                {statement.integer(3)}};
        row.tail = statement.integer(4) != 0;
        const std::string_view code = statement.bytes(5);
        const std::string_view words = statement.bytes(6);
        auto error = errorFrom(code, words);
        account.add(hashFrom(statement.bytes(7)));
        if (!error || hashFrom(statement.bytes(7)) != checksumOf(row.problem, code, words, row.tail)) {
            return damaged(fmt::format("problem {} does not fit its checksum", statement.integer(0)));
        }
        row.problem.error = std::move(*error);
        rows.push_back(std::move(row));
    }
    LEFTFOLD_TRY(const std::string expected, requiredMeta("problems"));
    if (account.text() != expected) return damaged("problems that were stored are missing");
    return rows;
}

Result<bool> Store::hasTransactions()
{
    LEFTFOLD_TRY(
        const std::int64_t tables,
        m_database->number("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'kafka_transaction'"));
    return tables > 0;
}

Result<void> Store::recallTransactions()
{
    if (m_transactions) return {};
    LEFTFOLD_TRY(const bool isThere, hasTransactions());
    if (!isThere) LEFTFOLD_CHECK(m_database->execute(kTransactionTable));
    RowAccount account;
    {
        LEFTFOLD_TRY(Statement statement, m_database->prepare("SELECT checksum FROM kafka_transaction"));
        for (;;) {
            LEFTFOLD_TRY(const bool row, statement.step());
            if (!row) break;
            account.add(hashFrom(statement.bytes(0)));
        }
    }
    LEFTFOLD_TRY(const auto expected, meta("transactions"));
    if (expected.value_or(RowAccount().text()) != account.text())
        return damaged("transactions that were stored are missing");
    LEFTFOLD_TRY(
        m_getTransactionSum,
        m_database->prepare("SELECT checksum FROM kafka_transaction WHERE topic = ? AND number = ? AND begin = ?"));
    LEFTFOLD_TRY(m_putTransaction, m_database->prepare("INSERT OR REPLACE INTO kafka_transaction VALUES(?,?,?,?,?)"));
    m_transactions = account;
    return {};
}

Result<void> Store::putTransactions(std::span<const event::Transaction> transactions)
{
    LEFTFOLD_CHECK(recallTransactions());
    for (const event::Transaction& transaction : transactions) LEFTFOLD_CHECK(putTransaction(transaction));
    return putMeta("transactions", m_transactions->text());
}

Result<void> Store::putTransaction(const event::Transaction& transaction)
{
    const auto& [topic, number] = transaction.partition;
    const std::int64_t begin = transaction.begin().value;
    const auto before = m_getTransactionSum.bindText(0, topic).bind(1, number).bind(2, begin).step();
    if (!before) return tl::unexpected(before.error());
    if (*before) {
        RowAccount replaced;
        replaced.add(hashFrom(m_getTransactionSum.bytes(0)));
        m_transactions->remove(replaced);
    }
    m_getTransactionSum.reset();
    const std::string words = wordsOf(transaction);
    const Hash128 hash = checksumOf(transaction.partition, begin, words);
    const std::string checksum = hashBytes(hash);
    m_transactions->add(hash);
    return m_putTransaction.bindText(0, topic)
        .bind(1, number)
        .bind(2, begin)
        .bindText(3, words)
        .bindBlob(4, checksum)
        .run();
}

Result<std::vector<event::Transaction>> Store::transactions()
{
    std::vector<event::Transaction> out;
    LEFTFOLD_TRY(const auto expected, meta("transactions"));
    LEFTFOLD_TRY(const bool isThere, hasTransactions());
    if (!isThere && !expected) return out;
    if (!isThere) return damaged("transactions that were stored are missing");
    LEFTFOLD_TRY(Statement statement,
                 m_database->prepare("SELECT * FROM kafka_transaction ORDER BY topic, number, begin"));
    RowAccount account;
    for (;;) {
        LEFTFOLD_TRY(const bool row, statement.step());
        if (!row) break;
        event::Partition partition{std::string(statement.bytes(0)), static_cast<std::int32_t>(statement.integer(1))};
        const std::string_view words = statement.bytes(3);
        const Hash128 hash = hashFrom(statement.bytes(4));
        account.add(hash);
        auto transaction = hash == checksumOf(partition, statement.integer(2), words)
                               ? transactionFrom(std::move(partition), words)
                               : std::nullopt;
        if (!transaction) return damaged("a transaction does not fit its checksum");
        out.push_back(std::move(*transaction));
    }
    if (account.text() != expected.value_or(std::string())) return damaged("transactions that were stored are missing");
    return out;
}

} // namespace leftfold::capture
