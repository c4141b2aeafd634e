// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/capture/writer.h"
#include "core/decode/mapping.h"
#include "core/snapshot/mask.h"
#include "core/source/event_source.h"
#include "core/source/file_options.h"
#include "core/source/kafka_source.h"
#include "core/workspace/decoding_options.h"
#include "core/workspace/schema_fetcher.h"

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace leftfold::workspace {

/// Where captures of sources and the indexes of all captures lie.
struct CacheFolders {
    std::string captures;
    std::string indexes;
};
/// Below `root`; where that is empty below $XDG_CACHE_HOME/leftfold, else ~/.cache/leftfold. Makes them.
[[nodiscard]] base::Result<CacheFolders> cacheFolders(const std::string& root);

/// What a person asked for when opening a log.
struct LoadOptions {
    std::vector<std::string> log; ///< paths: one capture, or the parts of one source; or one kafka:// address
    std::string capturePath; ///< where to capture a source; empty: in the cache
    std::string cacheRoot; ///< see cacheFolders
    source::FileOptions files; ///< what is not said is detected
    source::KafkaOptions kafka;
    decode::Mapping mapping; ///< what is set wins over what is detected
    DecodingOptions decoding;
    std::vector<decode::FieldRef> indexFields; ///< beside the mapping's id
    bool fresh = false; ///< forget an earlier capture of this source
    bool strict = false; ///< the first undecodable record ends the load
    unsigned workers = 2;
    std::shared_ptr<const snapshot::Masks> masks{}; ///< of what the window shows of it (workspace/shown.h); null: none
};

struct LoadProgress {
    std::uint64_t events = 0; ///< stored so far
    source::SourceProgress source;
};

/// Brings a capture up to date with its source: reads batches from the one, appends them to the other. One thread's,
/// which is the source's thread; the writer encodes on its own, and during a load a cluster is read on one more.
class Loader {
public:
    /// A capture is opened as it is; a source is opened, and its capture made or found. Nothing is read yet.
    [[nodiscard]] static base::Result<std::unique_ptr<Loader>> open(const LoadOptions& options);
    ~Loader();

    [[nodiscard]] const std::string& capturePath() const { return m_capturePath; }
    [[nodiscard]] const std::string& indexFolder() const { return m_folders.indexes; }
    [[nodiscard]] bool isSource() const { return m_source != nullptr; }

    using Progress = std::function<void(const LoadProgress&)>;
    /// Reads up to where the source ends now, through a load that was interrupted first. What was captured stays
    /// captured, whatever happens; Cancelled after a stop. Does nothing for a capture, unless it is to be decoded in another way, or where there is nothing new.
    [[nodiscard]] base::Result<void> update(std::stop_token stop, const Progress& progress);
    /// Whether the source has more than was captured; never, where it can be read only once. Needs no writer.
    [[nodiscard]] base::Result<bool> hasMore(std::stop_token stop = {});
    /// Waits until the source has more; false after a stop.
    [[nodiscard]] base::Result<bool> waitForMore(std::stop_token stop);
    /// Everything that was read so far can be read by others when this returns.
    [[nodiscard]] base::Result<void> commit();
    /// What the source waits for, for people; mostly empty.
    [[nodiscard]] std::string note() const { return m_source ? m_source->progress().note : std::string(); }
    /// Leaves the capture as one file, ready to be copied.
    [[nodiscard]] base::Result<void> close();

    /// One line on how the mapping was found, where this load made it: "id /invoice, type /type, ...". Empty otherwise.
    [[nodiscard]] const std::string& mappingNote() const { return m_mappingNote; }

private:
    explicit Loader(LoadOptions options) : m_options(std::move(options)) {}
    [[nodiscard]] base::Result<void> openSource();
    [[nodiscard]] base::Result<std::unique_ptr<source::EventSource>> makeSource();
    [[nodiscard]] base::Result<bool> isUpToDate(std::stop_token stop);
    [[nodiscard]] base::Result<void> ensureWriter(std::stop_token stop);
    [[nodiscard]] base::Result<void> startCapture(std::stop_token stop);
    [[nodiscard]] base::Result<void> continueCapture(std::stop_token stop);
    [[nodiscard]] base::Result<void> updateCapture(std::stop_token stop);
    [[nodiscard]] base::Result<void> decodeAnew(std::stop_token stop);
    [[nodiscard]] decode::Decoding wantedDecoding(decode::Decoding known) const;
    [[nodiscard]] bool isToBeDecodedAnew(const decode::Decoding& known, std::size_t missingSchemas) const;
    void useRegistry(const std::string& known);
    [[nodiscard]] base::Result<void> fetchSchemas(const event::RecordBatch& batch, std::stop_token stop);
    [[nodiscard]] base::Result<decode::Mapping> detect(std::stop_token stop);
    [[nodiscard]] base::Result<std::optional<event::RecordBatch>> next(std::stop_token stop);
    [[nodiscard]] base::Result<void> load(std::stop_token stop, const Progress& progress);
    [[nodiscard]] decode::Mapping wanted(const decode::Mapping& base) const;
    [[nodiscard]] capture::WriterOptions writerOptions(const decode::Mapping& mapping) const;

    LoadOptions m_options;
    CacheFolders m_folders;
    std::string m_capturePath;
    bool m_temporary =
        false; ///< the capture goes with the loader: a source that can be read only once, not captured on request
    std::shared_ptr<source::Draining> m_draining = std::make_shared<source::Draining>();
    std::unique_ptr<source::EventSource> m_source;
    std::unique_ptr<capture::Writer> m_writer;
    std::shared_ptr<decode::SchemaBook> m_schemas;
    std::unique_ptr<SchemaFetcher> m_fetcher;
    decode::Decoding m_decoding; ///< by which schemas are asked for
    std::optional<source::RegistryConnection> m_profileRegistry;
    std::deque<event::RecordBatch> m_sampled; ///< read to detect the mapping, not appended yet
    std::string m_sampleTarget;
    std::string m_mappingNote;
    std::optional<std::string> m_knownCut; ///< where the source stood at the end of the last load
};

} // namespace leftfold::workspace
