// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/segment_walk.h"

#include "core/source/big_endian.h"

#include <algorithm>
#include <fmt/format.h>

namespace leftfold::source {

namespace {

using base::ByteView;
using base::ErrorCode;
using base::Result;
using event::Offset;

constexpr std::size_t kPrefix = 12; // offset and length
constexpr std::size_t kMagicAt = 16;
constexpr std::size_t kHeader = 61; // of magic 2
constexpr std::size_t kLeastMessage = 26; // of magic 0, with its prefix
constexpr std::size_t kSearchBlock = std::size_t{1} << 20;
/// So many batches behind a place that was searched for prove that it is one.
constexpr int kChain = 8;
constexpr int kShortChain = 3;

Offset behindOf(const BatchHeader& header)
{
    return header.last.next();
}

event::OffsetCount lengthOf(const BatchHeader& header)
{
    return behindOf(header) - header.first;
}

/// What the header of a batch of magic 2 says before anything is believed.
struct RawHeader {
    std::int64_t first = 0;
    std::int32_t size = 0;
    int magic = 0;
    int attributes = 0;
    std::int32_t lastDelta = 0;
    std::int32_t records = 0;
};

RawHeader rawHeaderOf(ByteView bytes)
{
    RawHeader raw;
    BigEndian in(bytes);
    raw.first = in.int64().value_or(0);
    raw.size = in.int32().value_or(0);
    if (bytes.size() > kMagicAt) raw.magic = static_cast<std::uint8_t>(bytes[kMagicAt]);
    if (raw.magic != 2 || bytes.size() < kHeader) return raw;
    BigEndian rest(bytes.substr(kMagicAt + 5));
    raw.attributes = rest.int16().value_or(0);
    raw.lastDelta = rest.int32().value_or(0);
    BigEndian end(bytes.substr(kHeader - 4));
    raw.records = end.int32().value_or(0);
    return raw;
}

/// Whether a header may be one, so that few places are looked at closely.
bool mayBeHeader(const RawHeader& raw)
{
    if (raw.magic > 2 || raw.first < 0 || raw.size < static_cast<std::int32_t>(kLeastMessage - kPrefix)) return false;
    if (raw.magic < 2) return true;
    return (raw.attributes & ~0x7f) == 0 && raw.lastDelta >= 0 && raw.records >= 0 && raw.records - 1 <= raw.lastDelta;
}

} // namespace

SegmentWalk::SegmentWalk(PartitionSegments partition, SegmentEnd end) : m_partition(std::move(partition)), m_end(end)
{
    std::erase_if(m_partition.files, [&](const SegmentFile& file) { return file.base > end.segment; });
    if (!m_partition.files.empty()) m_point = {m_partition.files.front().base, 0, m_partition.files.front().base};
}

void SegmentWalk::standAt(const SegmentPoint& point)
{
    const auto file = std::ranges::find(m_partition.files, point.segment, &SegmentFile::base);
    m_segment = static_cast<std::size_t>(file - m_partition.files.begin());
    m_passed = 0;
    for (std::size_t i = 0; i < m_segment; ++i) m_passed += m_partition.files[i].bytes;
    m_point = point;
    m_isOpen = m_isAtEnd = m_isRepeating = false;
    m_alternative.reset();
    m_problems.clear();
}

std::optional<Offset> SegmentWalk::nextBase() const
{
    return isLast() ? std::nullopt : std::optional(m_partition.files[m_segment + 1].base);
}

void SegmentWalk::tell(ErrorCode code, std::vector<std::string> args)
{
    args.insert(args.begin(), m_window.path());
    m_problems.push_back({{m_partition.partition, m_point.expected}, {code, std::move(args), {}}});
}

void SegmentWalk::skip(std::uint64_t bytes, const std::string& why)
{
    tell(ErrorCode::SegmentSkipped, {std::to_string(bytes), std::to_string(m_point.at), why});
    m_point.at += bytes;
}

Result<void> SegmentWalk::enterSegment()
{
    if (m_isOpen) return {};
    const SegmentFile& file = m_partition.files[m_segment];
    LEFTFOLD_CHECK(
        m_window.open(file.path, file.base == m_end.segment ? std::min(file.bytes, m_end.bytes) : file.bytes));
    m_isOpen = true;
    return {};
}

void SegmentWalk::endRepetition()
{
    if (std::exchange(m_isRepeating, false) && m_point.at > 0)
        tell(ErrorCode::SegmentSkipped, {std::to_string(m_point.at), "0", "the segment before it has these records"});
}

void SegmentWalk::leaveSegment()
{
    endRepetition();
    m_passed += m_point.at;
    m_isOpen = false;
    if (isLast()) {
        m_isAtEnd = true;
        return;
    }
    ++m_segment;
    const Offset base = m_partition.files[m_segment].base;
    m_isRepeating = base < m_point.expected;
    m_point = {base, 0, std::max(base, m_point.expected)};
    m_alternative.reset();
}

Result<bool> SegmentWalk::isZeroFrom(std::uint64_t at)
{
    while (at < m_window.limit()) {
        LEFTFOLD_TRY(const ByteView bytes, m_window.from(at, kSearchBlock));
        if (bytes.find_first_not_of('\0') != ByteView::npos) return false;
        at += bytes.size();
    }
    return true;
}

Result<SegmentWalk::Look> SegmentWalk::lookAt(std::uint64_t at)
{
    LEFTFOLD_TRY(const ByteView bytes, m_window.from(at, kHeader));
    Look look;
    if (bytes.empty()) return look;
    look.size = bytes.size();
    look.kind = Look::Kind::Incomplete;
    look.why = "a batch that is not all there";
    const RawHeader raw = rawHeaderOf(bytes);
    if (raw.first == 0 && raw.size == 0) {
        LEFTFOLD_TRY(const bool isZero, isZeroFrom(at));
        if (isZero) look.kind = Look::Kind::Zeros;
        if (isZero) return look;
        LEFTFOLD_TRY(const ByteView again, m_window.from(at, kHeader));
        return lookAtBatch(at, again);
    }
    return lookAtBatch(at, bytes);
}

Result<SegmentWalk::Look> SegmentWalk::lookAtBatch(std::uint64_t at, ByteView bytes)
{
    Look look;
    const RawHeader raw = rawHeaderOf(bytes);
    const std::uint64_t left = m_window.limit() - at;
    look.kind = Look::Kind::Incomplete;
    look.why = "a batch that is not all there";
    if (bytes.size() <= kMagicAt) return look;
    if (raw.size > 0) look.size = kPrefix + static_cast<std::uint64_t>(raw.size);
    if (raw.magic == 2 && mayBeHeader(raw)) look.behind = Offset{raw.first}.next() + event::OffsetCount{raw.lastDelta};
    if (raw.magic == 2 && follows({raw.first}) == false) look.behind.reset();
    if (look.size > left) return look;
    LEFTFOLD_TRY(const ByteView whole, m_window.from(at, static_cast<std::size_t>(std::max<std::uint64_t>(
                                                             look.size, std::min<std::uint64_t>(left, kHeader)))));
    const auto batch = batchAt(whole);
    if (batch && !*batch) return look;
    look.kind = batch ? Look::Kind::Batch : Look::Kind::Damaged;
    if (!batch) look.why = base::render(batch.error());
    if (batch) look.batch = **batch;
    if (!batch || look.batch.header.magic == 2) return look;
    // Only its records tell where it begins.
    const auto records = recordsOf(look.batch);
    if (records && !records->records.empty()) {
        look.batch.header.first = records->records.front().offset;
        look.batch.header.last = records->records.back().offset;
        return look;
    }
    look.kind = Look::Kind::Damaged;
    look.why = records ? "the batch is damaged: it has no records" : base::render(records.error());
    return look;
}

bool SegmentWalk::follows(Offset first) const
{
    return first == m_point.expected || (m_alternative && first == *m_alternative);
}

/// Whether something behind a batch says that its offset is right.
Result<SegmentWalk::Proof> SegmentWalk::proofOf(const BatchHeader& header, std::uint64_t behind)
{
    LEFTFOLD_TRY(const Look next, lookAt(behind));
    if (next.kind == Look::Kind::Batch) return next.batch.header.first > header.last ? Proof::Proven : Proof::Refuted;
    const bool isEnd = next.kind == Look::Kind::End || next.kind == Look::Kind::Zeros;
    const auto base = nextBase();
    if (!isEnd || !base) return Proof::None;
    return *base > header.last ? Proof::Proven : Proof::Refuted;
}

/// Where the next batch begins behind what is damaged at `at`; nothing where there is none.
Result<std::optional<std::uint64_t>> SegmentWalk::resume(std::uint64_t at, const Look& look,
                                                         const std::stop_token& stop)
{
    const std::uint64_t behind = at + look.size;
    if (look.size > 0 && behind <= m_window.limit()) {
        LEFTFOLD_TRY(const Look next, lookAt(behind));
        const bool isBatch = next.kind == Look::Kind::Batch && next.batch.header.first >= m_point.expected;
        const bool isEnd = next.kind == Look::Kind::End || next.kind == Look::Kind::Zeros;
        if (isBatch || isEnd) return std::optional(behind);
    }
    // The batch that follows by what the damaged one says of itself; else any that proves itself.
    if (look.behind) {
        LEFTFOLD_TRY(const auto found, search(at + 1, look.behind, stop));
        if (found) return found;
    }
    return search(at + 1, std::nullopt, stop);
}

Result<std::optional<std::uint64_t>> SegmentWalk::search(std::uint64_t at, std::optional<Offset> first,
                                                         const std::stop_token& stop)
{
    const auto base = nextBase();
    while (at + kLeastMessage <= m_window.limit()) {
        if (stop.stop_requested()) return base::fail(ErrorCode::Cancelled);
        // Copied: looking closely at a place moves the window.
        LEFTFOLD_TRY(const ByteView held, m_window.from(at, kSearchBlock));
        const std::string block(held.substr(0, kSearchBlock));
        const ByteView bytes = block;
        std::size_t i = 0;
        for (; i + kLeastMessage <= bytes.size(); ++i) {
            const bool isShort = i + kHeader > bytes.size() && at + bytes.size() < m_window.limit();
            if (isShort) break; // seen whole with the next block
            if (bytes[i] != 0 || bytes[i + 1] != 0 || static_cast<std::uint8_t>(bytes[i + kMagicAt]) > 2) continue;
            const RawHeader raw = rawHeaderOf(bytes.substr(i));
            const std::uint64_t size = kPrefix + static_cast<std::uint64_t>(std::max(0, raw.size));
            if (!mayBeHeader(raw) || at + i + size > m_window.limit()) continue;
            if (first && raw.magic == 2 && raw.first != first->value) continue;
            LEFTFOLD_TRY(const Look look, lookAt(at + i));
            if (look.kind != Look::Kind::Batch) continue;
            const BatchHeader& header = look.batch.header;
            if (header.first < m_point.expected || (base && header.last >= *base)) continue;
            if (first && header.first != *first) continue;
            LEFTFOLD_TRY(const bool isIt, first ? Result<bool>(true) : isChained(header, at + i + look.size));
            if (isIt) return std::optional(at + i);
        }
        if (i == 0) break;
        at += i;
    }
    return std::optional<std::uint64_t>();
}

/// Whether batches follow on a place that was searched for, as they would not on bytes that only look like one.
Result<bool> SegmentWalk::isChained(const BatchHeader& header, std::uint64_t behind)
{
    Offset expected = behindOf(header);
    for (int i = 0; i < kChain; ++i) {
        LEFTFOLD_TRY(const Look next, lookAt(behind));
        if (next.kind == Look::Kind::End || next.kind == Look::Kind::Zeros) return true;
        if (next.kind != Look::Kind::Batch) return i >= kShortChain;
        if (next.batch.header.first < expected) return false;
        expected = behindOf(next.batch.header);
        behind += next.size;
    }
    return true;
}

/// Passes what is damaged. False where the segment ends with it.
Result<bool> SegmentWalk::skipDamage(const Look& look, const std::stop_token& stop)
{
    LEFTFOLD_TRY(const auto next, resume(m_point.at, look, stop));
    if (next) {
        skip(*next - m_point.at, look.why);
        if (look.behind) m_alternative = look.behind;
        return true;
    }
    const std::uint64_t left = m_window.limit() - m_point.at;
    if (look.kind == Look::Kind::Incomplete && isLast()) {
        tell(ErrorCode::SegmentTail, {std::to_string(left), std::to_string(m_point.at)});
        return false;
    }
    skip(left, look.why);
    return false;
}

/// Whether a batch that is whole stands where it says; else it is passed.
Result<bool> SegmentWalk::isToBeTaken(const Look& look)
{
    const BatchHeader& header = look.batch.header;
    if (follows(header.first)) return true;
    if (m_isRepeating && header.last < m_point.expected) {
        m_point.at += look.size;
        return false;
    }
    const Offset instead = m_alternative.value_or(m_point.expected) + lengthOf(header);
    if (m_isRepeating && header.first < m_point.expected) return true; // its first records were there before
    if (header.first < m_point.expected) {
        skip(look.size, fmt::format("it says that it begins at offset {}, where {} should follow", header.first.value,
                                    m_point.expected.value));
        m_alternative = instead;
        return false;
    }
    LEFTFOLD_TRY(const Proof proof, proofOf(header, m_point.at + look.size));
    if (proof == Proof::Proven) return true;
    if (proof == Proof::None && isLast()) {
        LEFTFOLD_TRY(const Look next, lookAt(m_point.at + look.size));
        if (next.kind == Look::Kind::End || next.kind == Look::Kind::Zeros || next.kind == Look::Kind::Incomplete) {
            tell(ErrorCode::SegmentUnproven,
                 {std::to_string(look.size), std::to_string(m_point.at), std::to_string(header.first.value),
                  std::to_string(m_point.expected.value)});
            m_isAtEnd = true;
            return false;
        }
    }
    skip(look.size,
         fmt::format("it says that it begins at offset {}, where {} should follow, and what stands behind it {}",
                     header.first.value, m_point.expected.value,
                     proof == Proof::Refuted ? "begins before its end" : "is damaged"));
    m_alternative = instead;
    return false;
}

Result<std::optional<BatchHeader>> SegmentWalk::peek(const SegmentPoint& point)
{
    standAt(point);
    if (m_segment == m_partition.files.size()) return std::optional<BatchHeader>();
    LEFTFOLD_CHECK(enterSegment());
    LEFTFOLD_TRY(const Look look, lookAt(point.at));
    return look.kind == Look::Kind::Batch ? std::optional(look.batch.header) : std::nullopt;
}

Result<std::optional<WalkedBatch>> SegmentWalk::next(const std::stop_token& stop)
{
    while (!m_isAtEnd && m_segment < m_partition.files.size()) {
        if (stop.stop_requested()) return base::fail(ErrorCode::Cancelled);
        LEFTFOLD_CHECK(enterSegment());
        LEFTFOLD_TRY(Look look, lookAt(m_point.at));
        if (look.kind == Look::Kind::End) {
            leaveSegment();
        } else if (look.kind == Look::Kind::Zeros) {
            tell(ErrorCode::SegmentReserved,
                 {std::to_string(m_window.limit() - m_point.at), std::to_string(m_point.at)});
            leaveSegment();
        } else if (look.kind != Look::Kind::Batch) {
            LEFTFOLD_TRY(const bool goesOn, skipDamage(look, stop));
            if (!goesOn) leaveSegment();
        } else {
            LEFTFOLD_TRY(const bool isTaken, isToBeTaken(look));
            if (!isTaken) continue;
            endRepetition();
            // What was looked at behind it may have moved the window.
            LEFTFOLD_TRY(look, lookAt(m_point.at));
            WalkedBatch out{look.batch, m_point, m_point, std::exchange(m_problems, {})};
            m_point.at += look.size;
            m_point.expected = behindOf(look.batch.header);
            m_alternative.reset();
            out.behind = m_point;
            return std::optional(std::move(out));
        }
    }
    return std::optional<WalkedBatch>();
}

} // namespace leftfold::source
