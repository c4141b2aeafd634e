// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/views/lag.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

namespace leftfold::views {

namespace {

using event::Offset;
using event::OffsetCount;
using std::chrono::nanoseconds;
using Samples = std::vector<LagSample>;

nanoseconds between(base::Time from, base::Time to)
{
    return std::chrono::seconds(to.seconds - from.seconds)
           + nanoseconds(std::int64_t{to.nanos} - std::int64_t{from.nanos});
}

bool hasCommitTimes(std::span<const LagSample> history)
{
    return std::ranges::any_of(history, [](const LagSample& sample) { return sample.committedAt.has_value(); });
}

/// When the progress that a sample shows was made, as far as that is known.
base::Time progressTime(const LagSample& sample)
{
    return sample.committedAt.value_or(sample.time);
}

/// The history up to `now`, of what was committed at all.
Samples knownUntil(std::span<const LagSample> history, base::Time now)
{
    Samples known;
    std::ranges::copy_if(history, std::back_inserter(known),
                         [&](const LagSample& sample) { return sample.time <= now && sample.committed; });
    return known;
}

/// A sample for each commit; one that came too soon replaces the sample before it but keeps its time.
Samples commits(const Samples& known, std::chrono::milliseconds minimumDistance)
{
    Samples out;
    for (const LagSample& sample : known) {
        if (!sample.committedAt) continue;
        if (!out.empty() && out.back().committedAt == sample.committedAt) continue;
        const bool isSoon = !out.empty() && between(*out.back().committedAt, *sample.committedAt) < minimumDistance;
        if (!isSoon) {
            out.push_back(sample);
            continue;
        }
        const std::optional<base::Time> time = out.back().committedAt;
        out.back() = sample;
        out.back().committedAt = time;
    }
    return out;
}

/// A sample for each change of the committed offset that was seen.
Samples changes(const Samples& known)
{
    Samples out;
    for (const LagSample& sample : known) {
        if (out.empty() || out.back().committed != sample.committed) out.push_back(sample);
    }
    return out;
}

Samples lastOf(Samples samples, std::size_t count)
{
    if (samples.size() > count) samples.erase(samples.begin(), samples.end() - static_cast<std::ptrdiff_t>(count));
    return samples;
}

std::int64_t lag(const LagSample& sample)
{
    return lagOf(sample)->value;
}

/// No progress for longer than the window took, and not because there was nothing to read.
bool hasStopped(const Samples& samples, const Samples& looks, base::Time now)
{
    const base::Time first = progressTime(samples.front());
    const base::Time last = progressTime(samples.back());
    const bool isLate = between(last, now) > between(first, last);
    const auto isCaughtUp = [&](const LagSample& look) { return look.end <= *samples.back().committed; };
    return isLate && std::ranges::none_of(looks, isCaughtUp);
}

/// The two samples of a drop that was never made up for.
std::optional<Samples> rewind(const Samples& samples)
{
    for (std::size_t i = 1; i < samples.size(); ++i) {
        const Offset before = *samples[i - 1].committed;
        const auto isBack = [&](const LagSample& later) { return *later.committed >= before; };
        const auto rest = std::span(samples).subspan(i);
        if (*samples[i].committed < before && std::ranges::none_of(rest, isBack))
            return Samples{samples[i - 1], samples[i]};
    }
    return std::nullopt;
}

bool isStalled(const Samples& samples)
{
    return std::ranges::all_of(samples,
                               [&](const LagSample& sample) { return sample.committed == samples.front().committed; });
}

bool neverDecreased(const Samples& samples)
{
    return std::ranges::is_sorted(samples, {}, &lag);
}

bool isAlwaysBehind(const Samples& samples, std::int64_t allowed)
{
    return std::ranges::all_of(samples, [&](const LagSample& sample) { return lag(sample) > allowed; });
}

/// The window that is judged: its samples, and every look at the partition since the first of them.
struct Window {
    Samples samples;
    Samples looks;
    bool hasTimes = false;
};

Window windowOf(const Samples& known, const LagRules& rules)
{
    Window window;
    window.hasTimes = hasCommitTimes(known);
    // Without commit times a window is that of the looks: what does not change gives no further sample.
    window.looks = lastOf(known, rules.window);
    window.samples =
        window.hasTimes ? lastOf(commits(known, rules.minimumDistance), rules.window) : changes(window.looks);
    return window;
}

Verdict verdict(ViewStatus status, LagRule by, std::string rule, Samples samples)
{
    Verdict out;
    out.status = status;
    out.by = by;
    out.rule = std::move(rule);
    out.samples = std::move(samples);
    return out;
}

Verdict judgeComplete(const Window& window, base::Time now, const LagRules& rules)
{
    const Samples& samples = window.samples;
    const LagSample& current = window.looks.back();
    const std::int64_t behind = lag(current);
    if (behind <= rules.allowedLag)
        return verdict(ViewStatus::Ok, LagRule::CaughtUp,
                       fmt::format("the lag is {}, allowed are {}", behind, rules.allowedLag), {current});
    if (hasStopped(samples, window.looks, now)) {
        const char* const rule =
            "nothing was committed for longer than the samples before took, and there was something to read";
        return verdict(window.hasTimes ? ViewStatus::Stop : ViewStatus::NoProgress, LagRule::Stopped,
                       window.hasTimes ? rule
                                       : "no progress (commit times unreadable): the committed offset did not change "
                                         "for longer than the samples before took, and there was something to read",
                       {samples.front(), samples.back()});
    }
    if (auto drop = rewind(samples))
        return verdict(ViewStatus::Rewind, LagRule::WentBack,
                       "the committed offset went back and has not been reached again", std::move(*drop));
    const Samples& judged = window.hasTimes ? samples : window.looks;
    if (!isAlwaysBehind(judged, rules.allowedLag))
        return verdict(ViewStatus::Ok, LagRule::HadCaughtUp, "within the window it had caught up", judged);
    if (isStalled(judged)) {
        return verdict(window.hasTimes ? ViewStatus::Stall : ViewStatus::NoProgress, LagRule::SameOffset,
                       window.hasTimes
                           ? "it commits, but always the same offset"
                           : "no progress (commit times unreadable): the committed offset is the same in every sample",
                       judged);
    }
    if (neverDecreased(judged))
        return verdict(ViewStatus::Warn, LagRule::NeverLess, "it makes progress, but the lag never became less",
                       judged);
    return verdict(ViewStatus::Ok, LagRule::BecomesLess, "the lag becomes less", judged);
}

} // namespace

std::optional<OffsetCount> lagOf(const LagSample& sample)
{
    if (!sample.committed) return std::nullopt;
    const Offset from = std::max(*sample.committed, sample.start);
    return OffsetCount{std::max<std::int64_t>(0, (sample.end - from).value)};
}

OffsetCount expiredOf(const LagSample& sample)
{
    if (!sample.committed) return {};
    return {std::max<std::int64_t>(0, (sample.start - *sample.committed).value)};
}

OffsetCount aheadOf(const LagSample& sample)
{
    if (!sample.committed) return {};
    return {std::max<std::int64_t>(0, (*sample.committed - sample.end).value)};
}

std::optional<double> retentionEaten(const LagSample& sample)
{
    const auto behind = lagOf(sample);
    if (!behind) return std::nullopt;
    const std::int64_t held = (sample.end - sample.start).value;
    return held <= 0 ? 0.0 : static_cast<double>(behind->value) / static_cast<double>(held);
}

std::string_view nameOf(ViewStatus status)
{
    static constexpr std::array<std::string_view, 7> kNames = {"ok",   "unknown", "warn",  "no progress",
                                                               "stop", "stall",   "rewind"};
    return kNames.at(static_cast<std::size_t>(status));
}

Verdict judge(std::span<const LagSample> history, base::Time now, const LagRules& rules)
{
    const Samples known = knownUntil(history, now);
    const Window window = known.empty() ? Window() : windowOf(known, rules);
    const std::size_t have = std::min(rules.window, std::max(window.samples.size(), window.looks.size()));
    Verdict out;
    if (known.empty()) {
        out = verdict(ViewStatus::Unknown, LagRule::NeverCommitted, "it never committed anything", {});
    } else if (have < rules.window) {
        out = verdict(ViewStatus::Unknown, LagRule::TooFewSamples, fmt::format("{} of {} samples", have, rules.window),
                      window.samples);
    } else {
        out = judgeComplete(window, now, rules);
    }
    out.have = have;
    out.want = rules.window;
    return out;
}

CatchUp catchUpOf(std::span<const LagSample> history, base::Time now, const LagRules& rules)
{
    const Samples looks = lastOf(knownUntil(history, now), rules.window);
    if (looks.empty()) return {};
    const double behind = static_cast<double>(lag(looks.back()));
    if (behind <= 0) return {CatchUp::Kind::CaughtUp, {}};
    const double seconds = std::chrono::duration<double>(between(looks.front().time, looks.back().time)).count();
    if (looks.size() < 2 || seconds <= 0) return {};
    const double read = static_cast<double>((*looks.back().committed - *looks.front().committed).value) / seconds;
    const double written = static_cast<double>((looks.back().end - looks.front().end).value) / seconds;
    constexpr double kLongest = 1e9; // 30 years
    if (read <= written || behind / (read - written) > kLongest) return {CatchUp::Kind::Never, {}};
    return {CatchUp::Kind::In, std::chrono::seconds(static_cast<std::int64_t>(std::ceil(behind / (read - written))))};
}

CatchUp slowest(std::span<const CatchUp> partitions)
{
    using Kind = CatchUp::Kind;
    // Never is longer than any time; what is not known says nothing about the others.
    const auto rank = [](const CatchUp& item) {
        const int kind = item.kind == Kind::Never ? 3 : item.kind == Kind::In ? 2 : item.kind == Kind::CaughtUp ? 1 : 0;
        return std::pair(kind, item.in);
    };
    CatchUp out;
    for (const CatchUp& item : partitions) {
        if (rank(item) > rank(out)) out = item;
    }
    return out;
}

std::string toText(const CatchUp& catchUp)
{
    switch (catchUp.kind) {
    case CatchUp::Kind::CaughtUp:
        return "caught up";
    case CatchUp::Kind::Never:
        return "never";
    case CatchUp::Kind::Unknown:
        return "not known yet";
    case CatchUp::Kind::In:
        break;
    }
    const std::int64_t seconds = catchUp.in.count();
    if (seconds < 120) return fmt::format("in {} s", seconds);
    if (seconds < 7200) return fmt::format("in {} min", seconds / 60);
    if (seconds < 172'800) return fmt::format("in {} h", seconds / 3600);
    return fmt::format("in {} d", seconds / 86'400);
}

ViewStatus worst(std::span<const ViewStatus> partitions)
{
    return partitions.empty() ? ViewStatus::Unknown : *std::ranges::max_element(partitions);
}

TimeLag timeLagOf(OffsetCount behind, std::optional<base::Time> nextUnread, std::optional<base::Time> last,
                  base::Time now)
{
    if (behind.value <= 0) return {nanoseconds(0), nanoseconds(0)};
    TimeLag out;
    if (nextUnread) out.nextUnreadAge = std::max(nanoseconds(0), between(*nextUnread, now));
    if (nextUnread && last) out.eventTimeDistance = std::max(nanoseconds(0), between(*nextUnread, *last));
    return out;
}

} // namespace leftfold::views
