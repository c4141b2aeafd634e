// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/files.h"

#include "core/source/line_format.h"
#include "core/source/log_finder.h"
#include "core/source/log_reader.h"
#include "core/source/topic_names.h"

#include <algorithm>
#include <deque>

namespace leftfold::source {

namespace {

using base::ErrorCode;
using base::Result;
using event::RecordBatch;

constexpr std::size_t kMaxOpenFiles = 16;
constexpr std::size_t kSmallCutBytes = std::size_t{16} << 10;

/// The topics of the logs of a load: those of the cut stay.
std::map<std::string, std::string> topicsFor(const std::vector<TargetLog>& target, const SourcePlace& place)
{
    std::map<std::string, std::string> known{{"-", "stdin"}};
    for (const auto& [path, log] : place.logs) known[path] = log.topic;
    std::vector<std::string> paths;
    for (const TargetLog& log : target) paths.push_back(log.path);
    if (std::find(paths.begin(), paths.end(), "-") == paths.end()) known.erase("-");
    return nameTopics(paths, known);
}

/// Whether there is more to read of a log than at `place`, by its files' sizes and times.
bool hasGrown(const TargetLog& now, const LogPlace* place)
{
    const std::vector<TargetFile>& files = now.files;
    const auto hasBytes = [](const TargetFile& file) { return file.size > 0; };
    if (now.isPipe) return place == nullptr;
    if (place == nullptr || !place->file) return std::any_of(files.begin(), files.end(), hasBytes);
    const FilePlace& read = *place->file;
    const auto same =
        std::find_if(files.begin(), files.end(), [&](const TargetFile& file) { return file.id == read.id; });
    if (same == files.end()) return !(files.empty() && read.atEnd);
    const bool touched = same->size != read.size || same->modifiedNs != read.modifiedNs || !read.atEnd;
    return touched || std::any_of(same + 1, files.end(), hasBytes);
}

std::size_t bytesOf(const RecordBatch& batch)
{
    std::size_t bytes = 0;
    for (const event::Record& record : batch.records) bytes += record.value ? record.value->size() : 0;
    return bytes;
}

class FilesSource : public EventSource {
public:
    FilesSource(LogFinder finder, FileOptions options) : m_finder(std::move(finder)), m_options(std::move(options)) {}

    std::string identity() const override { return m_finder.identity(); }
    bool resumable() const override { return !m_finder.hasPipe(); }

    Result<std::string> target(std::stop_token) override
    {
        LEFTFOLD_TRY(const std::vector<TargetLog> logs, m_finder.find());
        return toJson(logs);
    }

    Result<void> open(const std::string& sourceCut, const std::string& target, std::stop_token stop) override
    {
        LEFTFOLD_TRY(const std::vector<TargetLog> logs, parseTarget(target));
        LEFTFOLD_TRY(m_place, parseSourcePlace(sourceCut));
        LEFTFOLD_CHECK(checkNoneVanished(logs));
        LEFTFOLD_CHECK(checkFormats(m_place, m_options));
        start(logs);
        m_storedCut = sourceCut.empty() ? std::string() : cut();
        return openLogs(stop);
    }

    Result<std::optional<RecordBatch>> read(std::stop_token stop) override
    {
        while (m_ready.empty() && m_current < m_logs.size()) LEFTFOLD_CHECK(readSome(stop));
        if (m_ready.empty() && !cutIsStored()) m_ready.push_back(closingBatch());
        if (m_ready.empty()) return std::optional<RecordBatch>();
        std::optional<RecordBatch> batch(std::move(m_ready.front()));
        m_ready.pop_front();
        return batch;
    }

    Result<bool> grownBeyond(const std::string& sourceCut, std::stop_token) override
    {
        LEFTFOLD_TRY(const SourcePlace place, parseSourcePlace(sourceCut));
        LEFTFOLD_CHECK(checkFormats(place, m_options));
        LEFTFOLD_TRY(const std::vector<TargetLog> logs, m_finder.find());
        for (const TargetLog& log : logs) {
            const auto known = place.logs.find(log.path);
            if (hasGrown(log, known == place.logs.end() ? nullptr : &known->second)) return true;
        }
        return false;
    }

    SourceProgress progress() const override
    {
        SourceProgress progress;
        for (const auto& log : m_logs) progress.done += log->bytesRead();
        progress.total = m_finder.hasPipe() ? 0 : m_bytesToRead;
        return progress;
    }

private:
    /// A log that was in the middle of being read must still be there.
    Result<void> checkNoneVanished(const std::vector<TargetLog>& target) const
    {
        for (const auto& [path, log] : m_place.logs) {
            const auto same = [&path = path](const TargetLog& t) { return t.path == path; };
            const bool isThere = std::any_of(target.begin(), target.end(), same);
            if (!isThere && log.file && !log.file->atEnd) {
                return base::fail(ErrorCode::SourceVanished, path, grouped(log.file->bytes));
            }
        }
        return {};
    }

    void start(const std::vector<TargetLog>& target)
    {
        const auto topics = topicsFor(target, m_place);
        m_logs.clear();
        m_ready.clear();
        m_logJson.clear();
        m_logJsonBytes = m_unsignedBytes = 0;
        m_current = 0;
        for (const auto& [path, log] : m_place.logs) rememberJson(path, log);
        for (const TargetLog& log : target) {
            const auto known = m_place.logs.find(log.path);
            LogPlace place = known == m_place.logs.end() ? LogPlace() : known->second;
            place.topic = topics.at(log.path);
            if (place.format.mode == LineMode::Unknown) place.encoding = m_options.encoding;
            m_logs.push_back(std::make_unique<LogReader>(log, std::move(place), m_options, m_place.envelopes));
        }
    }

    /// Compares all that was read before; keeps few files open for reading on.
    Result<void> openLogs(const std::stop_token& stop)
    {
        FolderListings listings;
        std::size_t openFiles = 0;
        m_bytesToRead = 0;
        for (const auto& log : m_logs) {
            LEFTFOLD_CHECK(log->open(listings, stop));
            m_bytesToRead += log->bytesToRead();
            if (log->isHoldingFile() && ++openFiles > kMaxOpenFiles) log->park();
        }
        return {};
    }

    Result<void> readSome(const std::stop_token& stop)
    {
        LogReader& log = *m_logs[m_current];
        LEFTFOLD_TRY(std::vector<RecordBatch> batches, log.read(stop));
        if (log.place().file) remember(log);
        if (batches.empty()) {
            ++m_current;
            return {};
        }
        for (const RecordBatch& batch : batches) m_unsignedBytes += bytesOf(batch);
        if (m_logJsonBytes <= std::max(kSmallCutBytes, m_unsignedBytes)) sign(batches.back());
        std::move(batches.begin(), batches.end(), std::back_inserter(m_ready));
        return {};
    }

    void remember(const LogReader& log)
    {
        LogPlace& place = m_place.logs[log.path()];
        m_lastPartition = log.place().lastPartition.value_or(log.partition());
        if (place == log.place()) return;
        place = log.place();
        rememberJson(log.path(), place);
    }

    void rememberJson(const std::string& path, const LogPlace& place)
    {
        std::string& json = m_logJson[path];
        m_logJsonBytes -= json.size();
        json = toJson(place);
        m_logJsonBytes += json.size();
    }

    /// Gives a batch the cut behind it. A cut names every log there is: of thousands of small files it is larger than
    /// what is in them, so a large one is given out only after as many bytes of records.
    void sign(RecordBatch& batch)
    {
        m_unsignedBytes = 0;
        batch.sourceCut = m_storedCut = cut();
        for (const auto& [path, log] : m_place.logs) {
            batch.tailProblems.insert(batch.tailProblems.end(), log.tail.begin(), log.tail.end());
        }
    }

    /// For a cut that moved behind the last record: blank lines, empty files, half-written lines.
    RecordBatch closingBatch()
    {
        RecordBatch batch;
        batch.partition = m_lastPartition;
        sign(batch);
        return batch;
    }

    std::string cut() const { return sourcePlaceJson(m_logJson, m_place.envelopes); }
    bool cutIsStored() const { return m_logJson.empty() || m_storedCut == cut(); }

    LogFinder m_finder;
    FileOptions m_options;
    SourcePlace m_place;
    std::map<std::string, std::string> m_logJson; ///< the logs of `m_place`, as the cut has them
    std::size_t m_logJsonBytes = 0; ///< of all of them
    std::size_t m_unsignedBytes = 0; ///< of records given out since the last cut
    std::string m_storedCut; ///< the last cut given out, or opened at
    std::vector<std::unique_ptr<LogReader>> m_logs;
    std::size_t m_current = 0;
    std::deque<RecordBatch> m_ready;
    event::Partition m_lastPartition;
    std::uint64_t m_bytesToRead = 0;
};

} // namespace

Result<std::unique_ptr<EventSource>> openFiles(const std::vector<std::string>& paths, const FileOptions& options)
{
    LEFTFOLD_TRY(LogFinder finder, LogFinder::of(paths));
    return std::make_unique<FilesSource>(std::move(finder), options);
}

std::string describeFormats(const std::string& sourceCut)
{
    const auto place = parseSourcePlace(sourceCut);
    return place ? describeFormats(*place) : std::string();
}

} // namespace leftfold::source
