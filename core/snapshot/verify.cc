// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/verify.h"

#include "core/base/file.h"
#include "core/snapshot/changed_states.h"
#include "core/snapshot/export_reader.h"
#include "core/snapshot/export_rows.h"
#include "core/snapshot/row_comparison.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace leftfold::snapshot {

namespace {

using base::ErrorCode;
using base::Result;

constexpr std::array<std::string_view, 6> kCheckNames = {"manifest", "file", "rows", "log", "projection", "states"};
constexpr std::uint64_t kRowsPerLook = 256;

void find(VerifyReport& report, ExportCheck check, base::Error error)
{
    report.findings.push_back({check, std::move(error)});
}

template <class... Args>
void find(VerifyReport& report, ExportCheck check, ErrorCode code, Args&&... args)
{
    find(report, check, base::Error{code, {std::string(std::forward<Args>(args))...}, {}});
}

Result<void> checkFile(const std::string& path, const Manifest& manifest, const std::stop_token& stop,
                       VerifyReport& report)
{
    LEFTFOLD_TRY(auto blocks, base::FileBlocks::open(path));
    base::StreamSha256 hash;
    std::uint64_t bytes = 0;
    for (;;) {
        if (stop.stop_requested()) return base::fail(ErrorCode::Cancelled);
        LEFTFOLD_TRY(const base::ByteView block, blocks.next());
        if (block.empty()) break;
        hash.update(block);
        bytes += block.size();
    }
    report.done.push_back(ExportCheck::File);
    const base::Hash256 found = hash.finish();
    if (bytes != manifest.bytes) {
        find(report, ExportCheck::File, ErrorCode::ExportChanged, path,
             fmt::format("it has {} bytes, its manifest says {}", bytes, manifest.bytes));
    } else if (found != manifest.sha256) {
        find(report, ExportCheck::File, ErrorCode::ExportChanged, path,
             fmt::format("its SHA-256 is {}, its manifest says {}", base::toHex(found), base::toHex(manifest.sha256)));
    }
    return {};
}

struct RowTotal {
    std::uint64_t rows = 0;
    base::Hash256 hash{};
};

Result<RowTotal> addRows(const std::string& path, ExportFormat format, const std::stop_token& stop)
{
    LEFTFOLD_TRY(const auto reader, ExportReader::open(path));
    if (reader->format() != format)
        return base::fail(ErrorCode::NotAnExport, path, fmt::format("it is not {}, as it was", nameOf(format)));
    RowTotal total;
    for (;; ++total.rows) {
        if (total.rows % kRowsPerLook == 0 && stop.stop_requested()) return base::fail(ErrorCode::Cancelled);
        LEFTFOLD_TRY(const auto row, reader->next());
        if (!row) return total;
        total.hash = base::addModulo(total.hash, hashOf(*row));
    }
}

Result<void> checkRows(const std::string& path, const Manifest& manifest, const std::stop_token& stop,
                       VerifyReport& report)
{
    const auto total = addRows(path, manifest.format, stop);
    // The file could be read to its end just now: what fails is what stands in it.
    if (!total && total.error().code == ErrorCode::Cancelled) return tl::unexpected(total.error());
    report.done.push_back(ExportCheck::Rows);
    if (!total) {
        find(report, ExportCheck::Rows, total.error());
    } else if (total->rows != manifest.rows) {
        find(report, ExportCheck::Rows, ErrorCode::RowsDiffer, path,
             fmt::format("it has {} rows, its manifest says {}", total->rows, manifest.rows));
    } else if (total->hash != manifest.rowsHash) {
        find(report, ExportCheck::Rows, ErrorCode::RowsDiffer, path,
             fmt::format("their hash is {}, its manifest says {}", base::toHex(total->hash),
                         base::toHex(manifest.rowsHash)));
    }
    return {};
}

/// The hashes of some states, to be compared in order.
class HashShare : public Share {
public:
    void add(base::ByteView id, fold::Folder& folder, const fold::State& state) override
    {
        rows.emplace_back(id, hashOf(id, folder.read(state).root()));
    }
    std::vector<std::pair<std::string, base::Hash256>> rows;
};

class ComparingConsumer : public Consumer {
public:
    explicit ComparingConsumer(RowComparison& comparison) : m_comparison(comparison) {}
    std::unique_ptr<Share> makeShare(Share* /*sibling*/) override { return std::make_unique<HashShare>(); }
    Result<void> take(Share& share) override
    {
        for (const auto& [id, hash] : static_cast<HashShare&>(share).rows) m_comparison.expect(id, hash);
        return {};
    }

private:
    RowComparison& m_comparison;
};

/// How a partition of the log is not that of the manifest; nothing where it is.
std::optional<std::string> otherness(const PartitionAtCut& expected, const PartitionAtCut* found)
{
    const std::string name = toText(expected.partition);
    if (!found) return fmt::format("it has no event of {} before {}", name, expected.next.value);
    if (found->events != expected.events)
        return fmt::format("{} has {} events before {}, not {}", name, found->events, expected.next.value,
                           expected.events);
    if (found->identity != expected.identity)
        return fmt::format("the events of {} before {} are not the same", name, expected.next.value);
    return std::nullopt;
}

/// Tells the comparison the rows there should be. Gives the snapshot hash at the cut.
Result<base::Hash256> compare(const Manifest& manifest, capture::Reader& reader, const replay::Projection& projection,
                              const capture::OrdinalCut& cut, const SnapshotOptions& folding, std::stop_token stop,
                              const Progress& progress, RowComparison& comparison)
{
    if (!manifest.since) {
        ComparingConsumer consumer(comparison);
        LEFTFOLD_CHECK(foldAll(reader, projection, cut, folding, std::move(stop), progress, consumer));
        return comparison.hash();
    }
    LEFTFOLD_TRY(const capture::OrdinalCut from, reader.resolve(manifest.since->cut));
    const auto expect = [&](const ExportedState& row) -> Result<void> {
        comparison.expect(row.id, hashOf(row));
        return {};
    };
    LEFTFOLD_TRY(const ChangeSummary summary,
                 changedStates(reader, projection, from, cut, folding, std::move(stop), progress, expect));
    return summary.to.hash;
}

} // namespace

std::string_view nameOf(ExportCheck check)
{
    return kCheckNames[static_cast<std::size_t>(check)];
}

Result<std::optional<Manifest>> verifyFile(const std::string& path, std::stop_token stop, VerifyReport& report)
{
    auto manifest = readManifest(manifestPathOf(path));
    if (!manifest && manifest.error().code != ErrorCode::BadManifest) return tl::unexpected(manifest.error());
    LEFTFOLD_TRY(const auto there, base::FileBlocks::open(path));
    report.done.push_back(ExportCheck::Manifest);
    if (!manifest) {
        find(report, ExportCheck::Manifest, manifest.error());
        return std::nullopt;
    }
    LEFTFOLD_CHECK(checkFile(path, *manifest, stop, report));
    LEFTFOLD_CHECK(checkRows(path, *manifest, stop, report));
    return std::move(*manifest);
}

Result<capture::OrdinalCut> cutOf(const Manifest& manifest, capture::Reader& reader, const std::string& path,
                                  std::stop_token stop)
{
    for (const PartitionAtCut& each : manifest.partitions) {
        if (!reader.catalog().numberOf(each.partition))
            return base::fail(ErrorCode::OtherLog, path, fmt::format("it has no {}", toText(each.partition)));
    }
    LEFTFOLD_TRY(capture::OrdinalCut cut, reader.resolve(manifest.snapshot.cut));
    LEFTFOLD_TRY(const auto partitions, partitionsAt(reader, cut, std::move(stop)));
    for (const PartitionAtCut& expected : manifest.partitions) {
        const auto found = std::ranges::find(partitions, expected.partition, &PartitionAtCut::partition);
        if (const auto reason = otherness(expected, found == partitions.end() ? nullptr : &*found))
            return base::fail(ErrorCode::OtherLog, path, *reason);
    }
    return cut;
}

Result<void> checkProjection(const Manifest& manifest, const capture::Reader& reader,
                             const replay::Projection& projection, const std::string& path)
{
    if (projection.fingerprint() != manifest.fingerprint)
        return base::fail(ErrorCode::OtherProjection, path, manifest.fingerprint, projection.fingerprint());
    const std::string mapping = toJson(reader.catalog().mapping());
    if (mapping != manifest.mapping)
        return base::fail(ErrorCode::OtherProjection, path, "the mapping " + manifest.mapping, mapping);
    return {};
}

Result<void> verifyAgainstLog(const std::string& path, const Manifest& manifest, capture::Reader& reader,
                              const replay::Projection& projection, const SnapshotOptions& folding,
                              std::stop_token stop, const Progress& progress, VerifyReport& report)
{
    report.done.push_back(ExportCheck::Log);
    const auto cut = cutOf(manifest, reader, path, stop);
    if (!cut && cut.error().code != ErrorCode::OtherLog) return tl::unexpected(cut.error());
    if (!cut) find(report, ExportCheck::Log, cut.error());
    report.done.push_back(ExportCheck::Projection);
    const auto rule = checkProjection(manifest, reader, projection, path);
    if (!rule) find(report, ExportCheck::Projection, rule.error());
    if (!cut || !rule) return {};

    auto file = ExportReader::open(path);
    if (!file) return {}; // said already, by the check of the rows
    // What is masked in the file cannot be compared row by row: that the log still gives the states it was made from can.
    VerifyReport unused;
    RowComparison comparison(std::move(*file), manifest.masks.empty() ? report : unused);
    LEFTFOLD_TRY(const base::Hash256 hash,
                 compare(manifest, reader, projection, *cut, folding, std::move(stop), progress, comparison));
    comparison.finish();
    report.done.push_back(ExportCheck::States);
    if (report.differentRows > 0)
        find(report, ExportCheck::States, ErrorCode::StatesDiffer, std::to_string(report.differentRows));
    if (hash != manifest.snapshot.hash)
        find(report, ExportCheck::States, ErrorCode::SnapshotDiffers, base::toHex(hash),
             base::toHex(manifest.snapshot.hash));
    return {};
}

} // namespace leftfold::snapshot
