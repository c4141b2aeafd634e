// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/file_reader.h"
#include "core/source/line_format.h"

#include <map>

namespace leftfold::source {

/// The lines a reader collected, as records of one partition with offsets from `first` on. No cut yet.
[[nodiscard]] event::RecordBatch recordsOf(const FileReader& reader, const event::Partition& partition,
                                           event::Offset first);

/// Where reading envelopes stands.
struct EnvelopePlace {
    std::map<event::Partition, event::Offset>& next; ///< moves on
    std::optional<event::Partition>& last; ///< of the last envelope; moves on
    event::Partition fallback; ///< for problems before any envelope, and the topic where lines name none
};

/// The lines a reader collected, each as the record it is the envelope of: a batch for each partition, in the order
/// of their first lines. A line that is no envelope is left out, with a problem in the last batch.
/// Fails with OffsetNotGrowing, with file and line, where two lines contradict each other; lines of other programs
/// that do so are left out instead.
/// REQUIRES: a mode that isOfEnvelopes.
[[nodiscard]] base::Result<std::vector<event::RecordBatch>> envelopesOf(const FileReader& reader,
                                                                        const LineFormat& format, EnvelopePlace place);

} // namespace leftfold::source
