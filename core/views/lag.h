// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "core/event/offset.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace leftfold::views {

/// Where a view stood in one partition, and where the partition began and ended, at one time. `committed` was read before
/// `end`, so that it never seems to be ahead only because time passed.
struct LagSample {
    base::Time time; ///< when it was looked at
    std::optional<base::Time> committedAt; ///< when it was committed, where that is known
    std::optional<event::Offset> committed; ///< none: never committed, which is neither 0 nor the end
    event::Offset start;
    event::Offset end;
    friend bool operator==(const LagSample&, const LagSample&) = default;
};

/// max(0, end - max(committed, start)); none where nothing was committed.
[[nodiscard]] std::optional<event::OffsetCount> lagOf(const LagSample& sample);
/// Offsets that were deleted before the view read them.
[[nodiscard]] event::OffsetCount expiredOf(const LagSample& sample);
/// How far the view stands behind the end of the partition: the partition was truncated, or made anew.
[[nodiscard]] event::OffsetCount aheadOf(const LagSample& sample);
/// The part of what the partition holds that the view has not read, 0 to 1: at 1 it starts to lose events.
[[nodiscard]] std::optional<double> retentionEaten(const LagSample& sample);

/// What a view's progress in a partition looks like, from good to bad (the names are Burrow's; NoProgress is Stop or Stall
/// where commit times are unreadable).
enum class ViewStatus : std::uint8_t { Ok, Unknown, Warn, NoProgress, Stop, Stall, Rewind };
[[nodiscard]] std::string_view nameOf(ViewStatus status);

struct LagRules {
    std::size_t window = 10; ///< samples
    std::int64_t allowedLag = 0;
    std::chrono::milliseconds minimumDistance{1000}; ///< of two commits that are two samples
};

/// The rules of a status: README.md has them in words.
enum class LagRule : std::uint8_t {
    NeverCommitted,
    TooFewSamples,
    CaughtUp,
    Stopped,
    WentBack,
    HadCaughtUp,
    SameOffset,
    NeverLess,
    BecomesLess
};

/// A status with the rule that fired and the samples it fired on.
struct Verdict {
    ViewStatus status = ViewStatus::Unknown;
    LagRule by = LagRule::NeverCommitted;
    std::string rule; ///< a sentence
    std::vector<LagSample> samples; ///< oldest first
    std::size_t have = 0; ///< samples of the window
    std::size_t want = 0;
    friend bool operator==(const Verdict&, const Verdict&) = default;
};

/// Judges `history` (of one partition of one view, oldest first) as of `now`: what is later is not looked at. Rules and their order: README.md.
[[nodiscard]] Verdict judge(std::span<const LagSample> history, base::Time now, const LagRules& rules = {});

/// How long until the view has caught up, by the slopes of what it committed and of the end over the window.
struct CatchUp {
    enum class Kind : std::uint8_t { CaughtUp, In, Never, Unknown };
    Kind kind = Kind::Unknown;
    std::chrono::seconds in{0};
    friend bool operator==(const CatchUp&, const CatchUp&) = default;
};
[[nodiscard]] CatchUp catchUpOf(std::span<const LagSample> history, base::Time now, const LagRules& rules = {});
/// Of a whole view: that of its slowest partition.
[[nodiscard]] CatchUp slowest(std::span<const CatchUp> partitions);
[[nodiscard]] std::string toText(const CatchUp& catchUp);

/// The worst: a view is as bad as its worst partition. Unknown for none.
[[nodiscard]] ViewStatus worst(std::span<const ViewStatus> partitions);

/// What records say about the distance in time; each none where it is not known.
struct TimeLag {
    std::optional<std::chrono::nanoseconds> nextUnreadAge; ///< now - timestamp of the first record not read
    std::optional<std::chrono::nanoseconds> eventTimeDistance; ///< timestamp of the last record - that
    friend bool operator==(const TimeLag&, const TimeLag&) = default;
};
/// Without lag both are 0.
[[nodiscard]] TimeLag timeLagOf(event::OffsetCount lag, std::optional<base::Time> nextUnread,
                                std::optional<base::Time> last, base::Time now);

} // namespace leftfold::views
