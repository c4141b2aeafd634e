// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/segment_index.h"

#include "core/base/file.h"
#include "core/source/big_endian.h"

#include <fmt/format.h>

namespace leftfold::source {

namespace {

using base::ErrorCode;
using base::Result;

constexpr std::size_t kEntry = 8; // offset behind the base, and byte
constexpr std::string_view kIndexSuffix = ".log";
constexpr std::uint64_t kMaxIndex = std::uint64_t{64} << 20; // brokers keep them below 10 MiB

} // namespace

std::string indexPathOf(const SegmentFile& segment)
{
    return segment.path.substr(0, segment.path.size() - kIndexSuffix.size()) + ".index";
}

Result<std::vector<IndexedBatch>> readSegmentIndex(const SegmentFile& segment)
{
    const std::string path = indexPathOf(segment);
    const auto content = base::readRegularFile(path, kMaxIndex);
    if (!content && content.error().code == ErrorCode::FileNotFound) return std::vector<IndexedBatch>();
    if (!content) return tl::unexpected(content.error());
    std::vector<IndexedBatch> out;
    BigEndian in(*content);
    while (in.left() >= kEntry) {
        const std::int32_t delta = *in.int32();
        const std::int32_t at = *in.int32();
        if (delta == 0 && at == 0) break; // room reserved for what comes
        const bool isAscending =
            out.empty()
            || (segment.base.value + delta > out.back().last.value && static_cast<std::int64_t>(out.back().at) < at);
        if (delta < 0 || at < 0 || !isAscending || static_cast<std::uint64_t>(at) >= segment.bytes) {
            return base::fail(
                ErrorCode::SegmentIndexWrong, path,
                fmt::format("entry {} says offset {} at byte {}", out.size(), segment.base.value + delta, at));
        }
        out.push_back({{segment.base.value + delta}, static_cast<std::uint64_t>(at)});
    }
    return out;
}

} // namespace leftfold::source
