// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/export.h"

#include "core/base/file.h"
#include "core/snapshot/changed_states.h"
#include "core/snapshot/export_rows.h"
#include "core/snapshot/row_conversion.h"
#include "core/snapshot/verify.h"

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <unistd.h>

namespace leftfold::snapshot {

namespace {

using base::FileReplacement;
using base::Result;

/// Of rows, between two writes.
constexpr std::size_t kBytesAtOnce = std::size_t{1} << 20;

bool exists(const std::string& path)
{
    std::error_code ignored;
    return std::filesystem::exists(std::filesystem::symlink_status(path, ignored));
}

std::string folderOf(const std::string& path)
{
    const std::string folder = std::filesystem::path(path).parent_path().string();
    return folder.empty() ? "." : folder;
}

/// The log as seen from the manifest, so that both can be moved together.
std::string logPathFrom(const ExportOptions& options)
{
    if (options.logPath.empty()) return {};
    std::error_code error;
    const auto path = std::filesystem::proximate(options.logPath, folderOf(options.path), error);
    return error ? options.logPath : path.string();
}

/// One export under way: the file and the manifest under temporary names until both are whole.
class Exporter {
public:
    Exporter(capture::Reader& reader, const replay::Projection& projection, const capture::OrdinalCut& cut,
             const ExportOptions& options, std::stop_token stop)
        : m_reader(reader),
          m_projection(projection),
          m_cut(cut),
          m_options(options),
          m_stop(std::move(stop))
    {}

    Result<Manifest> run(const Progress& progress)
    {
        LEFTFOLD_CHECK(refuseMaskedIds());
        LEFTFOLD_CHECK(refuseToReplace());
        LEFTFOLD_TRY(FileReplacement file, FileReplacement::begin(m_options.path));
        LEFTFOLD_CHECK(describe());
        LEFTFOLD_CHECK(m_options.format == ExportFormat::JsonLines ? writeRows(file, progress)
                                                                   : writeTable(file, progress));
        LEFTFOLD_CHECK(account(file));
        LEFTFOLD_CHECK(publish(file));
        return std::move(m_manifest);
    }

private:
    [[nodiscard]] Result<void> refuseToReplace() const
    {
        if (m_options.replace) return {};
        for (const std::string& path : {m_options.path, manifestPathOf(m_options.path)}) {
            if (exists(path)) return base::fail(base::ErrorCode::FileExists, path);
        }
        return {};
    }

    /// All aggregates would have one name.
    [[nodiscard]] Result<void> refuseMaskedIds() const
    {
        if (!m_options.masks.covers(m_projection.index->by())) return {};
        return base::fail(base::ErrorCode::NotExportable, kMasked,
                          "the aggregates are named by " + toText(m_projection.index->by())
                              + ", which is masked; name them by something else");
    }

    Result<void> describe()
    {
        m_manifest.masks = m_options.masks.names();
        m_manifest.version = m_options.version;
        m_manifest.file = std::filesystem::path(m_options.path).filename().string();
        m_manifest.format = m_options.format;
        m_manifest.at = m_options.at;
        LEFTFOLD_TRY(m_manifest.snapshot.cut, m_reader.toCut(m_cut));
        m_manifest.fingerprint = m_projection.fingerprint();
        m_manifest.by = toText(m_projection.index->by());
        m_manifest.types = m_options.types;
        m_manifest.fold = m_projection.fold->name();
        m_manifest.mapping = toJson(m_reader.catalog().mapping());
        m_manifest.logPath = logPathFrom(m_options);
        m_manifest.captureId = m_reader.catalog().captureId();
        LEFTFOLD_TRY(m_manifest.partitions, partitionsAt(m_reader, m_cut, m_stop));
        return {};
    }

    /// Which columns a table has is known behind its last row: the rows wait for it in a file of their own.
    Result<void> writeTable(FileReplacement& file, const Progress& progress)
    {
        LEFTFOLD_TRY(FileReplacement spill, FileReplacement::begin(m_options.path));
        m_columns.emplace(m_options.format);
        LEFTFOLD_CHECK(writeRows(spill, progress));
        LEFTFOLD_TRY(m_manifest.columns, convertRows(spill.temporaryPath(), m_manifest.rows, m_options.format,
                                                     *m_columns, file, m_stop, progress));
        m_manifest.hasPathsWithoutColumn = m_columns->hasRest();
        return {};
    }

    Result<void> writeRows(FileReplacement& file, const Progress& progress)
    {
        if (m_options.since) return writeChanges(file, progress);
        LEFTFOLD_TRY(const auto summary,
                     allRows(m_reader, m_projection, m_cut, m_options.format, masks(), m_options.folding, m_stop,
                             progress, [&](const RowText& rows) { return take(file, rows); }));
        m_manifest.snapshot.aggregates = summary.aggregates;
        m_manifest.snapshot.hash = m_unmaskedHash;
        m_manifest.damagedEvents = summary.damagedEvents;
        return {};
    }

    /// Where the earlier export stood, in this log.
    Result<capture::OrdinalCut> earlierCut() const
    {
        const Manifest& since = *m_options.since;
        LEFTFOLD_CHECK(checkProjection(since, m_reader, m_projection, m_options.sincePath));
        LEFTFOLD_TRY(capture::OrdinalCut from, cutOf(since, m_reader, m_options.sincePath, m_stop));
        for (std::size_t i = 0; i < from.next.size(); ++i) {
            if (from.next[i] > m_cut.next[i])
                return base::fail(base::ErrorCode::BadArgument,
                                  m_options.sincePath + " is of a later moment: " + toText(since.snapshot.cut));
        }
        return from;
    }

    Result<void> writeChanges(FileReplacement& file, const Progress& progress)
    {
        LEFTFOLD_TRY(const capture::OrdinalCut from, earlierCut());
        RowText rows(m_options.format, masks());
        const auto add = [&](const ExportedState& row) -> Result<void> {
            LEFTFOLD_CHECK(rows.add(row.id, row.change, row.state.root()));
            if (rows.lines().size() < kBytesAtOnce) return {};
            LEFTFOLD_CHECK(take(file, rows));
            rows = RowText(m_options.format, masks());
            return {};
        };
        LEFTFOLD_TRY(const ChangeSummary summary,
                     changedStates(m_reader, m_projection, from, m_cut, m_options.folding, m_stop, progress, add));
        LEFTFOLD_CHECK(take(file, rows));
        m_manifest.since = m_options.since->snapshot;
        if (summary.from.hash != m_manifest.since->hash)
            return base::fail(base::ErrorCode::SnapshotDiffers, base::toHex(summary.from.hash),
                              base::toHex(m_manifest.since->hash));
        m_manifest.snapshot.hash = summary.to.hash;
        m_manifest.snapshot.aggregates = summary.to.aggregates;
        m_manifest.damagedEvents = summary.damagedEvents;
        return {};
    }

    [[nodiscard]] const Masks* masks() const { return m_options.masks.isEmpty() ? nullptr : &m_options.masks; }

    Result<void> take(FileReplacement& file, const RowText& rows)
    {
        m_manifest.rows += rows.rows();
        m_manifest.rowsHash = base::addModulo(m_manifest.rowsHash, rows.hash());
        m_unmaskedHash = base::addModulo(m_unmaskedHash, rows.unmaskedHash());
        if (m_columns) m_columns->add(*rows.columns());
        return file.write(rows.lines());
    }

    /// Size and hash of what is on the disk.
    Result<void> account(const FileReplacement& file)
    {
        LEFTFOLD_TRY(auto blocks, base::FileBlocks::open(file.temporaryPath()));
        base::StreamSha256 hash;
        for (;;) {
            if (m_stop.stop_requested()) return base::fail(base::ErrorCode::Cancelled);
            LEFTFOLD_TRY(const base::ByteView block, blocks.next());
            if (block.empty()) break;
            hash.update(block);
            m_manifest.bytes += block.size();
        }
        m_manifest.sha256 = hash.finish();
        return {};
    }

    /// The manifest that is there is not the new file's: it goes first, so that no file stands beside a wrong one.
    Result<void> publish(FileReplacement& file)
    {
        const std::string manifestPath = manifestPathOf(m_options.path);
        LEFTFOLD_TRY(FileReplacement manifest, FileReplacement::begin(manifestPath));
        LEFTFOLD_CHECK(manifest.write(toJson(m_manifest)));
        for (FileReplacement* each : {&file, &manifest}) {
            LEFTFOLD_CHECK(each->openToReaders());
            LEFTFOLD_CHECK(each->sync());
        }
        LEFTFOLD_CHECK(refuseToReplace());
        if (m_stop.stop_requested()) return base::fail(base::ErrorCode::Cancelled);
        if (m_options.replace && ::unlink(manifestPath.c_str()) != 0 && errno != ENOENT)
            return base::failErrno(manifestPath, errno);
        LEFTFOLD_CHECK(file.commit());
        LEFTFOLD_CHECK(manifest.commit());
        return base::syncFolder(folderOf(m_options.path));
    }

    capture::Reader& m_reader;
    const replay::Projection& m_projection;
    const capture::OrdinalCut& m_cut;
    const ExportOptions& m_options;
    std::stop_token m_stop;
    Manifest m_manifest;
    base::Hash256 m_unmaskedHash{}; ///< of the rows, were nothing masked
    std::optional<TableColumns> m_columns;
};

} // namespace

Result<Manifest> exportSnapshot(capture::Reader& reader, const replay::Projection& projection,
                                const capture::OrdinalCut& cut, const ExportOptions& options, std::stop_token stop,
                                const Progress& progress)
{
    return Exporter(reader, projection, cut, options, std::move(stop)).run(progress);
}

} // namespace leftfold::snapshot
