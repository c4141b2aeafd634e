// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/loader.h"

#include "core/base/file.h"
#include "core/capture/reader.h"
#include "core/source/files.h"
#include "core/source/kafka_profile.h"
#include "core/source/segment_place.h"
#include "core/source/segments.h"
#include "core/workspace/redecode.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <mutex>
#include <thread>
#include <unistd.h>

namespace leftfold::workspace {

namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr std::size_t kSampleRecords = 1000;
constexpr auto kLibraryEnds = std::chrono::seconds(2);
constexpr auto kLookForMore = std::chrono::milliseconds(100);
constexpr std::size_t kReadAheadBytes = std::size_t{8} << 20;
/// How much the encoders stand back behind the threads that read a cluster: while these wait, so do the encoders.
constexpr int kEncoderNiceness = 5;

bool exists(const std::string& path)
{
    std::error_code ignored;
    return std::filesystem::exists(path, ignored);
}

/// The first of the capture's files is enough to tell: SQLite's header, then the application id at byte 68.
bool looksLikeCapture(const std::string& path)
{
    // Opening a pipe, even only to look, takes it from whoever writes into it.
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(path, ignored)) return false;
    const auto store = capture::Store::open(path, base::Database::Mode::Read);
    return store || store.error().code == ErrorCode::CaptureTooNew;
}

bool hasCaptureName(const std::string& path)
{
    return path.ends_with(".lflog");
}

/// For the name of a capture in the cache: what a person would recognise, then what tells it apart.
std::string cacheName(const std::vector<std::string>& log, const std::string& identity)
{
    std::string stem = std::filesystem::path(log.front()).filename().string();
    if (stem.empty() || stem == "-") stem = "log";
    return fmt::format("{}-{}.lflog", event::topicNameFor(stem.substr(0, 60)), base::toHex(base::hash128(identity)));
}

/// How the records are written, where that is not JSON lines, and what is what in them.
std::string noteOf(const decode::Mapping& mapping, const std::deque<event::RecordBatch>& sample)
{
    const auto cut = std::find_if(sample.rbegin(), sample.rend(),
                                  [](const event::RecordBatch& batch) { return !batch.sourceCut.empty(); });
    std::string formats = cut == sample.rend() ? std::string() : source::describeFormats(cut->sourceCut);
    if (formats.empty() && cut != sample.rend()) formats = source::describeKafkaCut(cut->sourceCut);
    if (formats.empty() && cut != sample.rend()) formats = source::describeSegmentCut(cut->sourceCut);
    return (formats.empty() ? formats : formats + "; ") + describe(mapping);
}

bool isOfCluster(const LoadOptions& options)
{
    return source::isKafkaAddress(options.log.front());
}

/// What `make` makes, with threads that stand back: on Linux they inherit that from the one that makes them.
template <class Make>
auto madeByNiceThread(Make make)
{
    decltype(make()) made = fail(ErrorCode::Cancelled);
    std::jthread([&] {
        (void)::nice(kEncoderNiceness);
        made = make();
    }).join();
    return made;
}

using Batch = std::optional<event::RecordBatch>;

/// Reads a source on a thread of its own, a few batches ahead of whoever takes them, until it ends, fails or is destroyed.
/// What was not taken is gone then.
class ReadAhead {
public:
    struct Item {
        Result<Batch> batch;
        source::SourceProgress progress; ///< behind it
    };
    using Read = std::function<Result<Batch>(std::stop_token)>;

    ReadAhead(source::EventSource& source, Read read)
        : m_source(source),
          m_read(std::move(read)),
          m_thread([this](std::stop_token stop) { work(stop); })
    {}

    /// The next one, in order; the last one has no batch. Fails with Cancelled after a stop.
    Item take(const std::stop_token& stop)
    {
        std::unique_lock lock(m_mutex);
        if (!m_changed.wait(lock, stop, [this] { return !m_items.empty(); })) return {fail(ErrorCode::Cancelled), {}};
        Item item = std::move(m_items.front());
        m_items.pop_front();
        m_bytes -= bytesOf(item);
        m_changed.notify_all();
        return item;
    }

private:
    static std::size_t bytesOf(const Item& item)
    {
        std::size_t bytes = 0;
        if (!item.batch || !*item.batch) return bytes;
        for (const event::Record& record : (*item.batch)->records) bytes += record.value ? record.value->size() : 0;
        return bytes;
    }

    void work(const std::stop_token& stop)
    {
        for (bool ends = false; !ends;) {
            Item item{m_read(stop), m_source.progress()};
            ends = !item.batch || !*item.batch;
            std::unique_lock lock(m_mutex);
            if (!m_changed.wait(lock, stop, [this] { return m_bytes < kReadAheadBytes; })) return;
            m_bytes += bytesOf(item);
            m_items.push_back(std::move(item));
            m_changed.notify_all();
        }
    }

    source::EventSource& m_source;
    const Read m_read;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::deque<Item> m_items;
    std::size_t m_bytes = 0;
    std::jthread m_thread; ///< last, so that it ends first
};

/// Removes a capture, and nothing that is none. Fails with CaptureBusy while somebody writes it.
Result<void> removeCapture(const std::string& path)
{
    if (!exists(path)) return {};
    if (!looksLikeCapture(path) && !hasCaptureName(path))
        return fail(ErrorCode::NotACapture, path, "it will not be replaced");
    return capture::Writer::discard(path);
}

} // namespace

Result<CacheFolders> cacheFolders(const std::string& root)
{
    std::string at = root;
    if (at.empty()) {
        const char* cache = std::getenv("XDG_CACHE_HOME");
        const char* home = std::getenv("HOME");
        if (cache && *cache == '/') {
            at = std::string(cache) + "/leftfold";
        } else if (home && *home == '/') {
            at = std::string(home) + "/.cache/leftfold";
        } else {
            return fail(ErrorCode::BadArgument,
                        "there is no folder for the cache: neither XDG_CACHE_HOME nor HOME is set");
        }
    }
    CacheFolders folders{at + "/captures", at + "/indexes"};
    LEFTFOLD_CHECK(base::makeFolders(folders.captures));
    LEFTFOLD_CHECK(base::makeFolders(folders.indexes));
    return folders;
}

Result<std::unique_ptr<Loader>> Loader::open(const LoadOptions& options)
{
    if (options.log.empty()) return fail(ErrorCode::BadArgument, "no log is named");
    std::unique_ptr<Loader> loader(new Loader(options));
    auto folders = cacheFolders(options.cacheRoot);
    if (folders) loader->m_folders = *folders;
    const std::string& first = options.log.front();
    const bool isCapture = options.log.size() == 1 && exists(first) && !std::filesystem::is_directory(first)
                           && (hasCaptureName(first) || looksLikeCapture(first));
    if (isCapture && options.capturePath.empty()) {
        // Without a cache its indexes are built in memory; a cache that was asked for has to be there.
        if (!folders && !options.cacheRoot.empty()) return tl::unexpected(folders.error());
        loader->m_capturePath = first;
        return loader;
    }
    if (isCapture) return fail(ErrorCode::BadArgument, first + " is a capture already; 'leftfold pack' copies it");
    if (!folders) return tl::unexpected(folders.error());
    LEFTFOLD_CHECK(loader->openSource());
    return loader;
}

Loader::~Loader()
{
    m_source.reset();
    m_draining->wait(kLibraryEnds);
    if (!m_temporary) return;
    m_writer.reset();
    (void)removeCapture(m_capturePath);
    std::error_code ignored;
    std::filesystem::remove_all(m_folders.indexes, ignored);
}

Result<std::unique_ptr<source::EventSource>> Loader::makeSource()
{
    const auto isKafka = [](const std::string& log) { return source::isKafkaAddress(log); };
    if (std::ranges::any_of(m_options.log, source::isSegmentAddress)) return source::openSegments(m_options.log);
    if (std::ranges::none_of(m_options.log, isKafka)) return source::openFiles(m_options.log, m_options.files);
    if (m_options.log.size() > 1)
        return fail(ErrorCode::BadArgument, "a Kafka log stands alone: name several topics in one address");
    LEFTFOLD_TRY(const source::KafkaAddress address, source::parseKafkaAddress(m_options.log.front()));
    LEFTFOLD_TRY(const source::KafkaConnection connection, source::connectionFor(address.brokers));
    if (const auto profile = source::readProfile(address.brokers); profile && !m_options.decoding.registry) {
        LEFTFOLD_TRY(m_profileRegistry, source::registryOf(*profile));
    }
    return source::openKafka(address, connection, m_options.kafka, m_draining);
}

Result<void> Loader::openSource()
{
    LEFTFOLD_TRY(m_source, makeSource());
    m_capturePath = m_options.capturePath;
    if (m_capturePath.empty() && m_source->resumable()) {
        m_capturePath = m_folders.captures + "/" + cacheName(m_options.log, m_source->identity());
    } else if (m_capturePath.empty()) {
        m_capturePath = fmt::format("{}/once-{}-{:x}.lflog", m_folders.captures, ::getpid(),
                                    std::chrono::steady_clock::now().time_since_epoch().count());
        m_folders.indexes = m_capturePath + "-indexes";
        m_temporary = true;
    }
    return m_options.fresh && exists(m_capturePath) ? removeCapture(m_capturePath) : Result<void>();
}

decode::Mapping Loader::wanted(const decode::Mapping& base) const
{
    return decode::overlaid(base, m_options.mapping);
}

capture::WriterOptions Loader::writerOptions(const decode::Mapping& mapping) const
{
    capture::WriterOptions options;
    options.mapping = mapping;
    options.source = m_source->identity();
    options.decoding = m_decoding;
    options.schemas = m_schemas;
    if (mapping.id) options.indexFields.push_back(*mapping.id);
    for (const decode::FieldRef& by : m_options.indexFields) {
        if (std::ranges::find(options.indexFields, by) == options.indexFields.end()) options.indexFields.push_back(by);
    }
    options.indexFolder = m_folders.indexes;
    options.workers = m_options.workers;
    // A cluster, or its disk, gives records faster than they are compressed.
    options.trainsDictionaries = !isOfCluster(m_options) && !source::isSegmentAddress(m_options.log.front());
    options.strict = m_options.strict;
    return options;
}

/// A look without a writer's lock: most openings find everything as it was.
Result<bool> Loader::isUpToDate(std::stop_token stop)
{
    if (!exists(m_capturePath)) return false;
    const auto reader = capture::Reader::open(m_capturePath, {m_folders.indexes});
    if (!reader) return tl::unexpected(reader.error());
    const capture::Catalog& catalog = (*reader)->catalog();
    if (catalog.loads().empty() || !catalog.loads().back().complete) return false;
    if (wanted(catalog.mapping()) != catalog.mapping()) return false;
    if (isToBeDecodedAnew(catalog.decoding(), (*reader)->schemas().missingCount())) return false;
    if (catalog.source() != m_source->identity()) {
        return fail(ErrorCode::OtherSource, m_capturePath, catalog.source(), m_source->identity());
    }
    // What stands in a pipe now is something else than what was captured from it.
    if (!m_source->resumable()) return fail(ErrorCode::SourceReadOnce, m_options.log.front());
    LEFTFOLD_TRY(const bool grown, m_source->grownBeyond(catalog.loads().back().sourceCut, std::move(stop)));
    return !grown;
}

Result<void> Loader::ensureWriter(std::stop_token stop)
{
    if (m_writer) return {};
    // What an earlier attempt that failed has read is read again.
    m_sampled.clear();
    m_sampleTarget.clear();
    return exists(m_capturePath) ? continueCapture(std::move(stop)) : startCapture(std::move(stop));
}

Result<void> Loader::startCapture(std::stop_token stop)
{
    LEFTFOLD_TRY(m_sampleTarget, m_source->target(stop));
    LEFTFOLD_CHECK(m_source->open({}, m_sampleTarget, stop));
    m_schemas = std::make_shared<decode::SchemaBook>();
    for (const decode::Schema& schema : m_options.decoding.schemas) m_schemas->add(schema);
    useRegistry({});
    m_decoding = wantedDecoding({});
    LEFTFOLD_TRY(const decode::Mapping mapping, detect(stop));
    m_mappingNote = noteOf(mapping, m_sampled);
    const auto create = [&] { return capture::Writer::create(m_capturePath, writerOptions(mapping)); };
    LEFTFOLD_TRY(m_writer, isOfCluster(m_options) ? madeByNiceThread(create) : create());
    return m_writer->begin(m_sampleTarget);
}

/// Reads a sample, which is appended afterwards.
Result<decode::Mapping> Loader::detect(std::stop_token stop)
{
    decode::RecordDecoder decoder(m_decoding, m_schemas);
    std::deque<decode::DecodedRecords> decoded;
    std::vector<event::Record> sample;
    while (sample.size() < kSampleRecords) {
        LEFTFOLD_TRY(auto batch, m_source->read(stop));
        if (!batch) break;
        LEFTFOLD_CHECK(fetchSchemas(*batch, stop));
        const std::size_t wantedRecords = std::min(kSampleRecords - sample.size(), batch->records.size());
        const auto seen = decoder.decode(std::span(batch->records).first(wantedRecords), batch->partition.topic,
                                         decoded.emplace_back());
        sample.insert(sample.end(), seen.begin(), seen.end());
        m_sampled.push_back(std::move(*batch));
    }
    return decode::detectMapping(sample, m_options.mapping);
}

decode::Decoding Loader::wantedDecoding(decode::Decoding known) const
{
    known.rules = decode::overlaid(std::move(known.rules), m_options.decoding.rules);
    if (m_fetcher && m_fetcher->hasRegistry()) known.registry = m_fetcher->url();
    return known;
}

/// The one that was named, that of the profile, or the one the capture was made with, in this order.
void Loader::useRegistry(const std::string& known)
{
    std::optional<source::RegistryConnection> registry = m_options.decoding.registry;
    if (!registry) registry = m_profileRegistry;
    if (!registry && !known.empty() && !m_options.decoding.asksOnlyNamed) {
        auto connection = source::registryFor(known);
        if (connection) registry = std::move(*connection);
    }
    m_fetcher = std::make_unique<SchemaFetcher>(m_schemas, std::move(registry));
}

/// Whether what was asked for reads stored events in another way, or may.
bool Loader::isToBeDecodedAnew(const decode::Decoding& known, std::size_t missingSchemas) const
{
    const DecodingOptions& asked = m_options.decoding;
    if (asked.again || decode::overlaid(known.rules, asked.rules) != known.rules) return true;
    return asked.registry && known.isActive && (missingSchemas > 0 || known.registry.empty());
}

Result<void> Loader::fetchSchemas(const event::RecordBatch& batch, std::stop_token stop)
{
    if (!m_fetcher || (m_writer && !m_writer->decodes())) return {};
    return m_fetcher->fetchFor(batch.records, batch.partition.topic, m_decoding, std::move(stop));
}

Result<void> Loader::decodeAnew(std::stop_token stop)
{
    for (const decode::Schema& schema : m_options.decoding.schemas) m_schemas->add(schema);
    auto done =
        redecode(*m_writer, m_capturePath, m_schemas, *m_fetcher,
                 {wantedDecoding(m_writer->decoding()), m_options.mapping, m_options.decoding.again}, std::move(stop));
    if (!done) {
        (void)close(); // so that the next attempt does not go on with the old one
        return done;
    }
    m_options.decoding.again = false;
    m_decoding = m_writer->decoding();
    return {};
}

/// A capture alone is read, but for being decoded in another way.
Result<void> Loader::updateCapture(std::stop_token stop)
{
    if (!m_options.decoding.isGiven()) return {};
    std::string source;
    {
        LEFTFOLD_TRY(const auto reader, capture::Reader::open(m_capturePath, {m_folders.indexes}));
        const capture::Catalog& catalog = reader->catalog();
        if (!isToBeDecodedAnew(catalog.decoding(), reader->schemas().missingCount())) return {};
        if (catalog.loads().empty() || !catalog.loads().back().complete)
            return fail(ErrorCode::BadArgument,
                        "a load of this capture was interrupted: complete it from its source first");
        source = catalog.source();
    }
    m_schemas = std::make_shared<decode::SchemaBook>();
    capture::WriterOptions options;
    options.source = source;
    options.schemas = m_schemas;
    options.indexFolder = m_folders.indexes;
    LEFTFOLD_TRY(m_writer, capture::Writer::resume(m_capturePath, options));
    useRegistry(m_writer->decoding().registry);
    LEFTFOLD_CHECK(decodeAnew(std::move(stop)));
    return close();
}

Result<void> Loader::continueCapture(std::stop_token stop)
{
    m_schemas = std::make_shared<decode::SchemaBook>();
    const auto resume = [&] { return capture::Writer::resume(m_capturePath, writerOptions(m_options.mapping)); };
    LEFTFOLD_TRY(m_writer, isOfCluster(m_options) ? madeByNiceThread(resume) : resume());
    useRegistry(m_writer->decoding().registry);
    m_decoding = m_writer->decoding();
    if (isToBeDecodedAnew(m_decoding, m_schemas->missingCount())) {
        if (m_writer->unfinishedTarget()) LEFTFOLD_CHECK(load(stop, {}));
        return decodeAnew(std::move(stop));
    }
    const decode::Mapping mapping = wanted(m_writer->mapping());
    if (mapping == m_writer->mapping()) return {};
    if (m_writer->unfinishedTarget()) LEFTFOLD_CHECK(load(stop, {}));
    m_mappingNote = describe(mapping);
    auto remapped = m_writer->remap(mapping, std::move(stop));
    if (!remapped) (void)close(); // so that the next attempt does not go on with the old one
    return remapped;
}

Result<std::optional<event::RecordBatch>> Loader::next(std::stop_token stop)
{
    if (m_sampled.empty()) return m_source->read(std::move(stop));
    std::optional<event::RecordBatch> batch = std::move(m_sampled.front());
    m_sampled.pop_front();
    return batch;
}

Result<void> Loader::load(std::stop_token stop, const Progress& progress)
{
    if (m_sampleTarget.empty() && m_sampled.empty()) {
        if (!m_writer->unfinishedTarget()) {
            LEFTFOLD_TRY(const std::string target, m_source->target(stop));
            LEFTFOLD_CHECK(m_writer->begin(target));
        }
        LEFTFOLD_CHECK(m_source->open(m_writer->sourceCut(), *m_writer->unfinishedTarget(), stop));
    }
    m_sampleTarget.clear();
    // A cluster gives batches while others are stored. What is not appended in the end is read again by the next load, which
    // opens the source anew.
    std::optional<ReadAhead> ahead;
    if (isOfCluster(m_options))
        ahead.emplace(*m_source, [this](std::stop_token reading) { return next(std::move(reading)); });
    for (;;) {
        // A batch that was taken is appended, whatever happens: a load that goes on later has no hole.
        ReadAhead::Item item{fail(ErrorCode::Cancelled), {}};
        if (!stop.stop_requested())
            item = ahead ? ahead->take(stop) : ReadAhead::Item{next(stop), m_source->progress()};
        if (!item.batch) {
            if (ahead) {
                ahead.reset();
                m_sampled.clear();
            }
            LEFTFOLD_CHECK(m_writer->commit());
            return tl::unexpected(item.batch.error());
        }
        if (!*item.batch) break;
        if (auto fetched = fetchSchemas(**item.batch, stop); !fetched) {
            // Appended without its schemas it would be read in another way than later: it waits for the next load.
            if (ahead) {
                ahead.reset();
                m_sampled.clear();
            } else {
                m_sampled.push_front(std::move(**item.batch));
            }
            LEFTFOLD_CHECK(m_writer->commit());
            return fetched;
        }
        if (auto appended = m_writer->append(std::move(**item.batch)); !appended) {
            (void)close();
            return appended;
        }
        if (progress) progress({m_writer->events(), item.progress});
    }
    auto finished = m_writer->finish();
    if (!finished) (void)close();
    return finished;
}

Result<void> Loader::update(std::stop_token stop, const Progress& progress)
{
    if (!m_source) return updateCapture(std::move(stop));
    m_knownCut.reset();
    if (!m_writer) {
        LEFTFOLD_TRY(const bool upToDate, isUpToDate(stop));
        if (upToDate) return {};
    }
    LEFTFOLD_CHECK(ensureWriter(stop));
    const bool interrupted = m_writer->unfinishedTarget().has_value() && m_sampleTarget.empty() && m_sampled.empty();
    if (interrupted) LEFTFOLD_CHECK(load(stop, progress));
    if (!m_sampleTarget.empty() || !m_sampled.empty()) return load(stop, progress);
    LEFTFOLD_TRY(const bool grown, m_source->grownBeyond(m_writer->sourceCut(), stop));
    return grown ? load(stop, progress) : Result<void>();
}

Result<bool> Loader::hasMore(std::stop_token stop)
{
    if (!m_source || !m_source->resumable()) return false;
    if (m_writer) return m_source->grownBeyond(m_writer->sourceCut(), std::move(stop));
    if (!m_knownCut) {
        LEFTFOLD_TRY(const auto reader, capture::Reader::open(m_capturePath, {m_folders.indexes}));
        const auto loads = reader->catalog().loads();
        m_knownCut = loads.empty() ? std::string() : loads.back().sourceCut;
    }
    return m_source->grownBeyond(*m_knownCut, std::move(stop));
}

Result<bool> Loader::waitForMore(std::stop_token stop)
{
    if (!m_source || !m_source->resumable()) return false;
    LEFTFOLD_CHECK(ensureWriter(stop));
    std::mutex mutex;
    std::condition_variable_any stopped;
    while (!stop.stop_requested()) {
        LEFTFOLD_TRY(const bool grown, m_source->grownBeyond(m_writer->sourceCut(), stop));
        if (grown) return true;
        std::unique_lock lock(mutex);
        stopped.wait_for(lock, stop, kLookForMore, [] { return false; });
    }
    return false;
}

Result<void> Loader::commit()
{
    return m_writer ? m_writer->commit() : Result<void>();
}

Result<void> Loader::close()
{
    if (!m_writer) return {};
    auto closed = m_writer->close();
    m_writer.reset();
    return closed;
}

} // namespace leftfold::workspace
