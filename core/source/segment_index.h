// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/segment_files.h"

#include <vector>

namespace leftfold::source {

/// What the index beside a segment (".index") says of a batch: the one that ends with `last` begins at byte `at`. About one for each
/// 4 KiB of the segment.
struct IndexedBatch {
    event::Offset last;
    std::uint64_t at = 0;
    friend bool operator==(const IndexedBatch&, const IndexedBatch&) = default;
};

/// All of them, ascending; none where there is no index. Fails with SegmentIndexWrong where it contradicts itself or points behind the
/// segment. Whether there are such batches is for the reader to see: the file has no checksum.
[[nodiscard]] base::Result<std::vector<IndexedBatch>> readSegmentIndex(const SegmentFile& segment);

/// The path of the index of a segment.
[[nodiscard]] std::string indexPathOf(const SegmentFile& segment);

} // namespace leftfold::source
