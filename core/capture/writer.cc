// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/capture/writer.h"

#include "core/base/file.h"
#include "core/event/document.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <random>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace leftfold::capture {

namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using event::RecordBatch;

constexpr std::size_t kChunksPerTransaction = 32;
constexpr auto kTransactionTime = std::chrono::milliseconds(200);
constexpr std::int64_t kMaxDictionaries = 64;
/// Under way for each encoder.
constexpr std::size_t kFewestJobs = 3;
constexpr std::size_t kMostJobs = 8;
constexpr std::size_t kMaxBytesUnderWay = std::size_t{16} << 20;
constexpr std::uint32_t kOrderRowEvents = 4096;
/// Two bytes an event name its partition in the replay order.
constexpr std::size_t kMaxPartitions = 65'536;
/// Event indexes are 32 bits wide in the indexes, and the last one means "none".
constexpr std::uint64_t kMaxEvents = UINT32_MAX - 1;

std::string newCaptureId()
{
    std::random_device random;
    return fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

std::size_t bytesIn(const event::Record& record)
{
    std::size_t bytes = (record.value ? record.value->size() : 0) + (record.key ? record.key->size() : 0);
    for (const event::Header& header : record.headers)
        bytes += header.name.size() + (header.value ? header.value->size() : 0);
    return bytes;
}

struct Length {
    std::size_t records = 0;
    std::size_t bytes = 0;
};

/// How many of the records make the next chunk: at most so many, or so many bytes; one at least.
Length chunkLength(std::span<const event::Record> records)
{
    Length length;
    for (const event::Record& record : records) {
        const std::size_t bytes = bytesIn(record);
        const bool isFull = length.records == kMaxChunkEvents || length.bytes + bytes > kMaxChunkBytes;
        if (length.records > 0 && isFull) return length;
        ++length.records;
        length.bytes += bytes;
    }
    return length;
}

Result<void> refuseUndecodable(const EncodeJob& job, const event::Partition& partition)
{
    for (std::size_t i = 0; i < job.records.size(); ++i) {
        if (!job.columns.facts[i].undecodable) continue;
        const event::Record& record = job.records[i];
        const auto document = event::Document::parse(record.value.value_or(base::ByteView()));
        const std::string place = toText(event::Position{partition, record.offset});
        return fail(ErrorCode::UndecodableRecord,
                    fmt::format("{}{}: {}", place, record.line > 0 ? fmt::format(" (line {})", record.line) : "",
                                document ? "undecodable" : base::render(document.error())));
    }
    return {};
}

std::vector<ProblemRow> problemsOf(const RecordBatch& batch)
{
    std::vector<ProblemRow> rows;
    for (const event::Problem& problem : batch.problems) rows.push_back({problem, false});
    for (const event::Problem& problem : batch.tailProblems) rows.push_back({problem, true});
    return rows;
}

} // namespace

/// What the next chunk of a partition follows.
struct Writer::PartitionState {
    std::uint32_t number = 0;
    std::uint64_t stored = 0; ///< events
    std::optional<event::Offset> lastOffset; ///< of what was submitted
    base::Time effective = base::kBeginningOfTime;
    base::Hash128 identity;
    std::shared_ptr<const Dictionary> dictionary;
    std::int64_t dictionaryId = 0;
};

/// The writer's lock: a file beside the capture, locked as long as its holder lives, however that ends.
class Writer::Lock {
public:
    static Result<std::unique_ptr<Lock>> take(const std::string& capture)
    {
        std::unique_ptr<Lock> lock(new Lock);
        lock->m_path = capture + "-lock";
        for (;;) {
            lock->m_file = base::FileHandle(::open(lock->m_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
            if (!lock->m_file.isOpen()) return base::failErrno(lock->m_path, errno);
            if (::flock(lock->m_file.get(), LOCK_EX | LOCK_NB) != 0) {
                lock->m_path.clear();
                return fail(ErrorCode::CaptureBusy, capture);
            }
            if (lock->isStillThere()) return lock;
        }
    }
    ~Lock()
    {
        if (!m_path.empty() && m_file.isOpen()) ::unlink(m_path.c_str());
    }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

private:
    Lock() = default;
    /// The holder before us may have removed the file between our opening and our locking it.
    [[nodiscard]] bool isStillThere() const
    {
        struct stat ours {};
        struct stat named {};
        return ::fstat(m_file.get(), &ours) == 0 && ::stat(m_path.c_str(), &named) == 0 && ours.st_ino == named.st_ino;
    }

    std::string m_path;
    base::FileHandle m_file;
};

Writer::Writer() : m_lastCommit(std::chrono::steady_clock::now()) {}

Writer::~Writer()
{
    if (!m_store) return;
    if (m_inTransaction) (void)m_store->database().execute("ROLLBACK");
    (void)m_store->leaveWriting();
}

Result<std::unique_ptr<Writer>> Writer::create(const std::string& path, const WriterOptions& options)
{
    std::unique_ptr<Writer> writer(new Writer);
    LEFTFOLD_TRY(writer->m_lock, Lock::take(path));
    const Store::Meta description[] = {
        {"id", newCaptureId()}, {"source", options.source}, {"mapping", toJson(options.mapping)}};
    LEFTFOLD_TRY(writer->m_store, Store::create(path, description));
    LEFTFOLD_CHECK(writer->m_store->enterWriting());
    writer->m_options = options;
    writer->m_mapping = options.mapping;
    if (!options.indexFolder.empty()) {
        for (const decode::FieldRef& by : options.indexFields) {
            writer->m_indexBuilders.push_back(std::make_unique<KeyIndexBuilder>(by));
        }
    }
    writer->m_pool = std::make_unique<EncoderPool>(writer->m_mapping, options.indexFields, options.workers);
    return writer;
}

Result<void> Writer::discard(const std::string& path)
{
    LEFTFOLD_TRY(const auto lock, Lock::take(path));
    for (const char* suffix : {"", "-wal", "-shm", "-journal", "-new"}) {
        const std::string file = path + suffix;
        if (::unlink(file.c_str()) != 0 && errno != ENOENT) return base::failErrno(file, errno);
    }
    return {};
}

bool Writer::isAtWork(const std::string& path)
{
    const base::FileHandle file(::open((path + "-lock").c_str(), O_RDONLY | O_CLOEXEC));
    return file.isOpen() && ::flock(file.get(), LOCK_SH | LOCK_NB) != 0;
}

Result<std::unique_ptr<Writer>> Writer::resume(const std::string& path, const WriterOptions& options)
{
    std::unique_ptr<Writer> writer(new Writer);
    LEFTFOLD_TRY(writer->m_lock, Lock::take(path));
    LEFTFOLD_TRY(writer->m_store, Store::open(path, base::Database::Mode::ReadWrite));
    writer->m_options = options;
    LEFTFOLD_CHECK(writer->readState());
    LEFTFOLD_CHECK(writer->m_store->enterWriting());
    writer->m_pool = std::make_unique<EncoderPool>(writer->m_mapping, std::vector<decode::FieldRef>(), options.workers);
    return writer;
}

Result<void> Writer::readState()
{
    LEFTFOLD_TRY(const auto catalog, Catalog::open(*m_store, m_options.indexFolder));
    if (!catalog->damage().empty()) return tl::unexpected(catalog->damage().front().error);
    if (catalog->source() != m_options.source) {
        return fail(ErrorCode::OtherSource, m_store->path(), catalog->source(), m_options.source);
    }
    m_mapping = catalog->mapping();
    m_events = catalog->eventCount();
    for (const event::Partition& partition : catalog->partitions()) {
        auto state = std::make_unique<PartitionState>();
        state->number = static_cast<std::uint32_t>(m_partitions.size());
        state->stored = catalog->eventsOf(state->number);
        LEFTFOLD_TRY(const auto chunks, catalog->chunksOf(state->number));
        if (!chunks.empty()) {
            state->lastOffset = event::Offset{chunks.back().lastOffset};
            state->effective = chunks.back().effectiveAfter;
            state->identity = chunks.back().identity;
            state->dictionaryId = chunks.back().dictionary;
        }
        if (state->dictionaryId != 0) {
            LEFTFOLD_TRY(std::string bytes, m_store->dictionary(state->dictionaryId));
            LEFTFOLD_TRY(state->dictionary, Dictionary::load(std::move(bytes)));
        }
        m_partitionNumbers[partition] = state->number;
        m_partitions.push_back(partition);
        m_states.push_back(std::move(state));
    }
    LEFTFOLD_TRY(m_dictionaries, m_store->database().number("SELECT max(id) FROM dictionary"));
    if (!catalog->loads().empty()) {
        m_load = catalog->loads().back();
        m_loadUnderWay = !m_load.complete;
    }
    m_hasTailProblems = true; // those of an earlier session go with the first cut
    return {};
}

std::string Writer::sourceCut() const
{
    return m_load.sourceCut;
}

std::optional<std::string> Writer::unfinishedTarget() const
{
    if (!m_loadUnderWay) return std::nullopt;
    return m_load.target;
}

Result<void> Writer::begin(const std::string& target)
{
    LEFTFOLD_INVARIANT(!m_loadUnderWay);
    LoadRow next;
    next.id = m_load.id + 1;
    next.target = target;
    next.sourceCut = m_load.sourceCut;
    next.firstChunk = m_load.lastChunk + 1;
    next.lastChunk = m_load.lastChunk;
    next.lastChecksum = m_load.lastChecksum;
    next.events = m_load.events;
    m_load = next;
    m_loadUnderWay = true;
    return commitTransaction();
}

Result<Writer::PartitionState*> Writer::stateOf(const event::Partition& partition)
{
    const auto found = m_partitionNumbers.find(partition);
    if (found != m_partitionNumbers.end()) return m_states[found->second].get();
    if (m_partitions.size() == kMaxPartitions) {
        return fail(ErrorCode::BadArgument, fmt::format("a capture holds at most {} partitions", kMaxPartitions));
    }
    auto state = std::make_unique<PartitionState>();
    state->number = static_cast<std::uint32_t>(m_partitions.size());
    LEFTFOLD_CHECK(ensureTransaction());
    LEFTFOLD_CHECK(m_store->addPartition(state->number, partition));
    m_partitionNumbers[partition] = state->number;
    m_partitions.push_back(partition);
    m_states.push_back(std::move(state));
    return m_states.back().get();
}

Result<void> Writer::checkOffsets(PartitionState& state, const RecordBatch& batch)
{
    for (const event::Record& record : batch.records) {
        if (state.lastOffset && record.offset <= *state.lastOffset) {
            return fail(ErrorCode::OffsetNotGrowing, std::to_string(record.offset.value), toText(batch.partition),
                        std::to_string(state.lastOffset->value));
        }
        state.lastOffset = record.offset;
    }
    return {};
}

Result<void> Writer::giveDictionary(PartitionState& state, EncodeJob& job)
{
    if (m_options.trainsDictionaries && !state.dictionary && m_dictionaries < kMaxDictionaries) {
        state.dictionary = Dictionary::train(job.records);
        if (state.dictionary) {
            state.dictionaryId = ++m_dictionaries;
            LEFTFOLD_CHECK(ensureTransaction());
            LEFTFOLD_CHECK(m_store->addDictionary(state.dictionaryId, state.number, state.dictionary->bytes()));
        }
    }
    job.dictionary = state.dictionary;
    job.dictionaryId = state.dictionaryId;
    return {};
}

/// The tail problems of a cut are all there are: they replace those of the cut before.
Result<void> Writer::storeProblems(const std::vector<ProblemRow>& problems, bool atCut)
{
    if (problems.empty() && !m_hasTailProblems) return {};
    LEFTFOLD_CHECK(ensureTransaction());
    if (atCut) {
        LEFTFOLD_CHECK(m_store->clearTailProblems());
        m_hasTailProblems = std::ranges::any_of(problems, &ProblemRow::tail);
    }
    for (const ProblemRow& problem : problems) LEFTFOLD_CHECK(m_store->addProblem(problem));
    return {};
}

Result<void> Writer::storeTransactions(const std::vector<event::Transaction>& transactions)
{
    if (transactions.empty()) return {};
    LEFTFOLD_CHECK(ensureTransaction());
    return m_store->putTransactions(transactions);
}

Result<void> Writer::appendEmpty(const RecordBatch& batch)
{
    LEFTFOLD_CHECK(drain());
    LEFTFOLD_CHECK(storeProblems(problemsOf(batch), !batch.sourceCut.empty()));
    LEFTFOLD_CHECK(storeTransactions(batch.transactions));
    if (batch.sourceCut.empty()) return {};
    m_load.sourceCut = batch.sourceCut;
    m_cutIsCurrent = true;
    return commitTransaction();
}

Result<void> Writer::append(RecordBatch batch)
{
    LEFTFOLD_INVARIANT(m_loadUnderWay && !m_failed);
    if (batch.records.empty()) return appendEmpty(batch);
    if (m_events + batch.records.size() > kMaxEvents) return fail(ErrorCode::TooManyEvents, std::to_string(kMaxEvents));
    LEFTFOLD_TRY(PartitionState * state, stateOf(batch.partition));
    LEFTFOLD_CHECK(checkOffsets(*state, batch));
    for (std::span<const event::Record> left = batch.records; !left.empty();) {
        const auto [length, bytes] = chunkLength(left);
        const bool isWhole = length == batch.records.size();
        auto job = std::make_shared<EncodeJob>();
        job->storage = batch.storage;
        job->topic = batch.partition.topic;
        if (!isWhole) job->records.assign(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(length));
        left = left.subspan(length);
        if (isWhole) job->records = std::move(batch.records);
        LEFTFOLD_CHECK(giveDictionary(*state, *job));
        m_notes.push_back({state->number, bytes, {}, {}, {}});
        if (left.empty())
            m_notes.back() = {state->number, bytes, batch.sourceCut, problemsOf(batch), std::move(batch.transactions)};
        m_bytesUnderWay += bytes;
        m_pool->submit(std::move(job));
    }
    while (m_pool->underWay() > 0 && (hasEnoughUnderWay() || m_pool->oldestIsDone())) {
        LEFTFOLD_CHECK(storeOldest());
    }
    return {};
}

/// Enough for the encoders to go on with while this thread waits for the disk.
bool Writer::hasEnoughUnderWay() const
{
    const std::size_t jobs = m_pool->underWay();
    return jobs > kMostJobs * m_options.workers
           || (jobs > kFewestJobs * m_options.workers && m_bytesUnderWay > kMaxBytesUnderWay);
}

Result<void> Writer::storeOldest()
{
    auto stored = storeNext();
    // What comes behind a chunk that was not stored must not be stored either.
    m_failed = m_failed || !stored;
    return stored;
}

Result<void> Writer::storeNext()
{
    const std::shared_ptr<EncodeJob> job = m_pool->takeOldest();
    const JobNote note = std::move(m_notes.front());
    m_notes.pop_front();
    m_bytesUnderWay -= note.bytes;
    PartitionState& state = *m_states[note.partition];

    ChunkRow row;
    row.id = m_load.lastChunk + 1;
    row.partition = state.number;
    row.count = static_cast<std::uint32_t>(job->records.size());
    row.firstOrdinal = state.stored;
    row.firstOffset = job->records.front().offset;
    row.lastOffset = job->records.back().offset;
    row.effectiveBefore = state.effective;
    if (m_options.strict) LEFTFOLD_CHECK(refuseUndecodable(*job, m_partitions[state.number]));
    for (const EventFacts& facts : job->columns.facts) {
        row.undecodable += facts.undecodable;
        row.timeless += !facts.time;
        if (facts.time) state.effective = std::max(state.effective, *facts.time);
    }
    row.effectiveAfter = state.effective;
    row.dictionary = job->dictionaryId;
    for (const base::Hash128 hash : job->hashes) state.identity = event::chain(state.identity, hash);
    row.identity = state.identity;
    row.before = m_load.lastChecksum;
    LEFTFOLD_CHECK(ensureTransaction());
    LEFTFOLD_CHECK(m_store->addChunk(row, job->encoded.columns, job->encoded.frames, job->encoded.payload));
    LEFTFOLD_CHECK(storeProblems(note.problems, !note.sourceCut.empty()));
    LEFTFOLD_CHECK(storeTransactions(note.transactions));

    state.stored += row.count;
    m_events += row.count;
    m_load.lastChunk = row.id;
    m_load.lastChecksum = row.checksum;
    m_load.events += row.count;
    m_cutIsCurrent = !note.sourceCut.empty();
    if (m_cutIsCurrent) m_load.sourceCut = note.sourceCut;
    ++m_uncommittedChunks;
    for (std::size_t i = 0; i < m_indexBuilders.size(); ++i) m_indexBuilders[i]->add(state.number, job->keys[i]);
    return commitIsDue() ? commitTransaction() : Result<void>();
}

bool Writer::commitIsDue() const
{
    const bool first = m_load.lastChunk == m_load.firstChunk;
    return m_cutIsCurrent
           && (first || m_uncommittedChunks >= kChunksPerTransaction
               || std::chrono::steady_clock::now() - m_lastCommit >= kTransactionTime);
}

Result<void> Writer::drain()
{
    while (m_pool->underWay() > 0) LEFTFOLD_CHECK(storeOldest());
    return {};
}

Result<void> Writer::ensureTransaction()
{
    if (m_inTransaction) return {};
    LEFTFOLD_CHECK(m_store->database().execute("BEGIN IMMEDIATE"));
    m_inTransaction = true;
    return {};
}

Result<void> Writer::commitTransaction()
{
    if (m_loadUnderWay) {
        LEFTFOLD_CHECK(ensureTransaction());
        LEFTFOLD_CHECK(m_store->putLoad(m_load));
    }
    if (!m_inTransaction) return {};
    LEFTFOLD_CHECK(m_store->database().execute("COMMIT"));
    m_inTransaction = false;
    m_uncommittedChunks = 0;
    m_lastCommit = std::chrono::steady_clock::now();
    return {};
}

Result<void> Writer::commit()
{
    if (!m_failed) LEFTFOLD_CHECK(drain());
    // Inside a group of batches there is no cut to resume from yet: the group is stored whole or not at all.
    return m_cutIsCurrent ? commitTransaction() : Result<void>();
}

namespace {

/// Collects runs into rows of the replay order: what the rows look like depends on the order alone.
class OrderRows {
public:
    OrderRows(Store& store, std::int64_t load, std::int64_t firstRow, std::size_t partitions)
        : m_store(store),
          m_width(partitions > 256 ? 2 : 1)
    {
        m_row.id = firstRow;
        m_row.load = load;
    }

    Result<void> put(std::uint32_t partition, std::uint64_t count)
    {
        while (count > 0) {
            const auto here = static_cast<std::uint32_t>(std::min<std::uint64_t>(count, kOrderRowEvents - m_row.count));
            m_uniform = m_row.count == 0 || (m_uniform && partition == m_last);
            m_last = partition;
            for (std::uint32_t i = 0; i < here; ++i)
                m_row.partitions.append(reinterpret_cast<const char*>(&partition), m_width);
            m_row.count += here;
            count -= here;
            if (m_row.count == kOrderRowEvents) LEFTFOLD_CHECK(flush());
        }
        return {};
    }

    Result<void> flush()
    {
        if (m_row.count == 0) return {};
        m_row.width = m_uniform ? 0 : m_width;
        if (m_uniform) m_row.partitions.assign(reinterpret_cast<const char*>(&m_last), sizeof m_last);
        LEFTFOLD_CHECK(m_store.addOrder(m_row));
        ++m_row.id;
        m_row.count = 0;
        m_row.partitions.clear();
        return {};
    }

    [[nodiscard]] std::int64_t nextRow() const { return m_row.id; }

private:
    Store& m_store;
    std::uint32_t m_width;
    std::uint32_t m_last = 0;
    bool m_uniform = true;
    OrderRow m_row;
};

} // namespace

Result<void> Writer::storeOrder(LoadRow& load, std::int64_t& nextRow)
{
    std::vector<std::vector<ChunkEntry>> chunks(m_partitions.size());
    for (std::int64_t id = load.firstChunk; id <= load.lastChunk; ++id) {
        LEFTFOLD_TRY(const auto content, m_store->chunk(id));
        chunks[content.row.partition].push_back(entryOf(content.row));
    }
    OrderRows rows(*m_store, load.id, nextRow, m_partitions.size());
    LEFTFOLD_CHECK(mergeLoad(*m_store, chunks, m_partitions,
                             [&](std::uint32_t partition, std::uint64_t count) { return rows.put(partition, count); }));
    LEFTFOLD_CHECK(rows.flush());
    nextRow = rows.nextRow();
    return {};
}

Result<void> Writer::finish()
{
    LEFTFOLD_INVARIANT(m_loadUnderWay);
    LEFTFOLD_CHECK(drain());
    LEFTFOLD_CHECK(ensureTransaction());
    LEFTFOLD_TRY(std::int64_t nextRow, m_store->database().number("SELECT max(id) FROM replay_order"));
    ++nextRow;
    if (m_load.lastChunk >= m_load.firstChunk) LEFTFOLD_CHECK(storeOrder(m_load, nextRow));
    m_load.complete = true;
    LEFTFOLD_CHECK(commitTransaction());
    m_loadUnderWay = false;
    return writeIndexes();
}

/// Indexes for what was written in one go; all others are made when they are first asked for.
Result<void> Writer::writeIndexes()
{
    if (m_options.indexFolder.empty()) return {};
    LEFTFOLD_CHECK(base::makeFolders(m_options.indexFolder));
    LEFTFOLD_TRY(const auto catalog, Catalog::open(*m_store, m_options.indexFolder));
    for (const auto& builder : m_indexBuilders) {
        LEFTFOLD_TRY(const auto index, builder->build(*catalog, m_options.indexFolder));
    }
    m_indexBuilders.clear();
    return {};
}

Result<void> Writer::remapChunk(ChunkRow& row, Reader& reader, Encoder& encoder, base::Time& effective)
{
    EventRun run;
    LEFTFOLD_CHECK(reader.readRun({row.partition, row.firstOrdinal}, row.count, run));
    EncodeJob job;
    job.topic = m_partitions[row.partition].topic;
    for (const EventRun::Item& item : run.items()) job.records.push_back(*item.record);
    encoder.readFields(job);
    LEFTFOLD_TRY(const auto content, m_store->chunk(row.id));
    row.timeless = 0;
    row.effectiveBefore = effective;
    for (const EventFacts& facts : job.columns.facts) {
        row.timeless += !facts.time;
        if (facts.time) effective = std::max(effective, *facts.time);
    }
    row.effectiveAfter = effective;
    ChunkCodec codec;
    return m_store->replaceChunk(row, codec.encodeColumns(job.columns), content.frames);
}

Result<void> Writer::remap(const decode::Mapping& mapping, std::stop_token stop)
{
    LEFTFOLD_INVARIANT(!m_loadUnderWay && !m_inTransaction);
    LEFTFOLD_TRY(const auto reader, Reader::open(m_store->path(), {}));
    LEFTFOLD_TRY(auto loads, m_store->loads());
    Encoder encoder(mapping, {});
    std::vector<base::Time> effective(m_partitions.size(), base::kBeginningOfTime);
    base::Hash128 before;
    const auto rewrite = [&]() -> Result<void> {
        LEFTFOLD_CHECK(m_store->clearOrder());
        std::int64_t nextRow = 1;
        for (LoadRow& load : loads) {
            for (std::int64_t id = load.firstChunk; id <= load.lastChunk; ++id) {
                if (stop.stop_requested()) return fail(ErrorCode::Cancelled);
                LEFTFOLD_TRY(auto content, m_store->chunk(id));
                content.row.before = before;
                LEFTFOLD_CHECK(remapChunk(content.row, *reader, encoder, effective[content.row.partition]));
                before = content.row.checksum;
            }
            load.lastChecksum = before;
            if (load.lastChunk >= load.firstChunk) LEFTFOLD_CHECK(storeOrder(load, nextRow));
            LEFTFOLD_CHECK(m_store->putLoad(load));
        }
        return m_store->putMeta("mapping", toJson(mapping));
    };
    LEFTFOLD_CHECK(ensureTransaction());
    auto rewritten = rewrite();
    m_inTransaction = false;
    if (!rewritten) {
        (void)m_store->database().execute("ROLLBACK");
        return rewritten;
    }
    LEFTFOLD_CHECK(m_store->database().execute("COMMIT"));
    m_mapping = mapping;
    for (std::size_t i = 0; i < m_states.size(); ++i) m_states[i]->effective = effective[i];
    if (!loads.empty()) m_load = loads.back();
    m_pool = std::make_unique<EncoderPool>(m_mapping, std::vector<decode::FieldRef>(), m_options.workers);
    return {};
}

Result<void> Writer::close()
{
    auto committed = commit();
    if (m_inTransaction) {
        // A full disk may have ended the transaction already.
        (void)m_store->database().execute("ROLLBACK");
        m_inTransaction = false;
    }
    if (!committed) return committed;
    LEFTFOLD_CHECK(m_store->leaveWriting());
    m_pool.reset();
    m_store.reset();
    m_lock.reset();
    return {};
}

} // namespace leftfold::capture
