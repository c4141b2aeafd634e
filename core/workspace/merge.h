// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/reader.h"
#include "core/decode/mapping.h"

#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace leftfold::workspace {

/// A capture to be merged.
struct MergeInput {
    capture::Reader* reader = nullptr;
    std::string name; ///< for messages
    std::map<std::string, std::string>
        topics; ///< what topics of it are called in the result, where that is not their name
    std::optional<capture::OrdinalCut> until{}; ///< only what lies inside; none: all of it
};

struct MergeOptions {
    std::string path; ///< the capture to be made; there must be none
    decode::Mapping mapping; ///< what is set wins over the captures' own
    std::string indexFolder; ///< see capture::WriterOptions
    unsigned workers = 2;
};

/// An offset at which two captures have other events: the first one's was kept.
struct Contradiction {
    event::Position position; ///< in the result
    std::size_t kept = 0; ///< inputs
    std::size_t left = 0;
};
/// The most contradictions that are listed; all are counted.
inline constexpr std::size_t kMaxListedContradictions = 10'000;

struct MergeSummary {
    std::uint64_t events = 0; ///< in the result
    std::uint64_t shared = 0; ///< events that a later input had as well
    std::uint64_t contradictionCount = 0;
    std::vector<Contradiction> contradictions; ///< the first of them; also among the problems of the result
    base::Hash128 identity; ///< of the result
};

using MergeProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// Several captures as one: the events of each partition by offset, an event that several have once; the replay order of the
/// result is that of one finite load of all of them. So its identity is that of capturing all sources in one go. Where
/// captures have different events at one offset the first capture's is kept and the place listed.
///
/// Fails with MappingsDiffer where the captures disagree and nothing was given; with DifferentLogs where a partition of two
/// captures begins at the same offset with other events: two logs of one name, of which one has to be renamed; with
/// CaptureExists. Memory is bounded, whatever the captures. The result appears when it is whole; what fails or is stopped leaves nothing.
[[nodiscard]] base::Result<MergeSummary> mergeCaptures(const std::vector<MergeInput>& inputs,
                                                       const MergeOptions& options, std::stop_token stop,
                                                       const MergeProgress& progress);

} // namespace leftfold::workspace
