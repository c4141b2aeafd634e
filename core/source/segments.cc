// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/segments.h"

#include "core/source/kafka_buffer.h"
#include "core/source/segment_index.h"
#include "core/source/segment_place.h"
#include "core/source/transaction_tracker.h"

#include <algorithm>
#include <deque>
#include <filesystem>
#include <fmt/format.h>
#include <tuple>

namespace leftfold::source {

namespace {

using base::ErrorCode;
using base::Result;
using event::Offset;
using event::Partition;
using event::Problem;
using event::RecordBatch;
using event::Transaction;
using event::TransactionState;

constexpr std::size_t kSmallSegmentCut = std::size_t{16} << 10;

/// What becomes of the transactions of a partition, seen by walking ahead of whoever asks.
class FateFinder {
public:
    FateFinder(const PartitionSegments& files, const SegmentEnd& end, const SegmentPoint& from,
               TransactionTracker tracker)
        : m_walk(files, end),
          m_tracker(std::move(tracker))
    {
        m_walk.standAt(from);
    }

    /// Of the transaction that this producer has at `offset`. Offsets asked for grow.
    Result<TransactionState> of(std::int64_t producer, Offset offset, const std::stop_token& stop)
    {
        std::deque<End>& ends = m_ends[producer];
        while (!ends.empty() && ends.front().marker < offset) ends.pop_front();
        while (ends.empty() && !m_isAtEnd) LEFTFOLD_CHECK(walkOn(stop));
        return ends.empty() ? TransactionState::Open : ends.front().state;
    }

    /// REQUIRES: some transaction was found to be open.
    [[nodiscard]] std::vector<Transaction> open() const { return m_tracker.open(); }
    [[nodiscard]] const std::vector<Problem>& tail() const { return m_walk.tail(); }

private:
    struct End {
        Offset marker;
        TransactionState state = TransactionState::Open;
    };

    Result<void> walkOn(const std::stop_token& stop)
    {
        LEFTFOLD_TRY(const auto walked, m_walk.next(stop));
        m_isAtEnd = !walked;
        if (!walked) return {};
        const BatchHeader& header = walked->batch.header;
        if (!header.isControl && header.isTransactional) m_tracker.add(header);
        if (!header.isControl) return {};
        const auto records = recordsOf(walked->batch);
        if (!records) return {};
        for (const event::Record& record : records->records) {
            const auto marker = markerOf(header, record);
            if (!marker) continue;
            m_ends[marker->producer].push_back({marker->offset, marker->state});
            (void)m_tracker.end(header, *marker);
        }
        return {};
    }

    SegmentWalk m_walk;
    TransactionTracker m_tracker;
    std::map<std::int64_t, std::deque<End>> m_ends;
    bool m_isAtEnd = false;
};

/// One partition while it is read.
struct Part {
    Part(PartitionSegments found, const SegmentSpan& asked)
        : files(std::move(found)),
          span(asked),
          walk(files, asked.end),
          tracker(files.partition)
    {}

    PartitionSegments files;
    SegmentSpan span;
    SegmentWalk walk;
    TransactionTracker tracker;
    std::unique_ptr<FateFinder> fates;
    SegmentPlace place; ///< behind what was read
    std::vector<Transaction> openBefore;
    KafkaBuffer buffer;
    std::vector<Transaction> told; ///< ends of transactions, not given out yet
    std::vector<Problem> tail;
    std::uint64_t bytesBefore = 0; ///< passed already when the load began
    std::uint64_t bytes = 0;
};

SegmentSpan spanOf(const PartitionSegments& partition)
{
    SegmentSpan span;
    span.start = partition.start;
    if (partition.files.empty()) return span;
    const SegmentFile& last = partition.files.back();
    span.end = {last.base, last.bytes};
    span.modifiedNs = last.modifiedNs;
    return span;
}

/// The segment that holds an offset, or would.
SegmentPoint segmentWith(const PartitionSegments& partition, Offset offset)
{
    Offset base = partition.files.empty() ? Offset{} : partition.files.front().base;
    for (const SegmentFile& file : partition.files) {
        if (file.base <= offset) base = file.base;
    }
    return {base, 0, base};
}

std::string pathOf(const PartitionSegments& partition, Offset segment)
{
    const auto file = std::ranges::find(partition.files, segment, &SegmentFile::base);
    return file == partition.files.end() ? partition.folder : file->path;
}

/// Whether the record captured last is still the same: none where it cannot be compared, as compaction removed it.
std::optional<bool> isSame(const WalkedBatch& walked, const SegmentPlace& place)
{
    const auto records = recordsOf(walked.batch);
    if (!records) return std::nullopt;
    const auto record = std::ranges::find(records->records, *place.last, &event::Record::offset);
    if (record == records->records.end()) return std::nullopt;
    return event::hashOf(*record) == place.lastHash;
}

class SegmentSource : public EventSource {
public:
    SegmentSource(SegmentFinder finder, Isolation isolation) : m_finder(std::move(finder)), m_isolation(isolation) {}

    std::string identity() const override
    {
        std::string identity = "segments";
        for (const std::string& path : m_finder.paths()) identity += '\n' + path;
        return identity + '\n' + toText(SegmentAddress{{}, m_finder.topics(), m_isolation});
    }
    bool resumable() const override { return true; }

    Result<std::string> target(std::stop_token) override
    {
        LEFTFOLD_TRY(const auto partitions, m_finder.find());
        SegmentTarget target;
        for (const PartitionSegments& partition : partitions) target[partition.partition] = spanOf(partition);
        return toJson(target);
    }

    Result<void> open(const std::string& sourceCut, const std::string& target, std::stop_token stop) override
    {
        LEFTFOLD_TRY(const SegmentTarget asked, parseSegmentTarget(target));
        LEFTFOLD_TRY(m_cut, parseSegmentCut(sourceCut));
        m_cut.isolation = m_isolation;
        m_parts.clear();
        m_ready.clear();
        m_json.clear();
        m_current = 0;
        m_jsonBytes = m_unsignedBytes = 0;
        for (const auto& [partition, place] : m_cut.places) remember(partition, place);
        m_storedCut = sourceCut.empty() ? std::string() : cut();
        m_hasStoredTails = !sourceCut.empty();
        LEFTFOLD_TRY(std::vector<PartitionSegments> partitions, m_finder.find());
        for (PartitionSegments& partition : partitions) {
            const auto span = asked.find(partition.partition);
            if (span != asked.end()) LEFTFOLD_CHECK(addPart(std::move(partition), span->second, stop));
        }
        return {};
    }

    Result<std::optional<RecordBatch>> read(std::stop_token stop) override
    {
        while (m_ready.empty() && m_current < m_parts.size()) LEFTFOLD_CHECK(readSome(stop));
        if (m_ready.empty() && needsClosing()) m_ready.push_back(closingBatch());
        if (m_ready.empty()) return std::optional<RecordBatch>();
        std::optional<RecordBatch> batch(std::move(m_ready.front()));
        m_ready.pop_front();
        return batch;
    }

    Result<bool> grownBeyond(const std::string& sourceCut, std::stop_token) override
    {
        LEFTFOLD_TRY(const SegmentCut cut, parseSegmentCut(sourceCut));
        LEFTFOLD_TRY(const auto partitions, m_finder.find());
        for (const PartitionSegments& partition : partitions) {
            const auto known = cut.places.find(partition.partition);
            const SegmentSpan now = spanOf(partition);
            const bool isRead = known != cut.places.end() && known->second.seen && known->second.seen->end == now.end
                                && known->second.seen->modifiedNs == now.modifiedNs;
            if (!isRead && (known != cut.places.end() || now.end.bytes > 0 || partition.files.size() > 1)) return true;
        }
        return false;
    }

    SourceProgress progress() const override
    {
        SourceProgress progress;
        for (const Part& part : m_parts) {
            progress.done += part.walk.bytesPassed() - std::min(part.walk.bytesPassed(), part.bytesBefore);
            progress.total += part.bytes - std::min(part.bytes, part.bytesBefore);
        }
        return progress;
    }

private:
    Result<void> addPart(PartitionSegments files, const SegmentSpan& span, const std::stop_token& stop)
    {
        const std::string& topic = files.partition.topic;
        if (files.isCompacted && std::ranges::find(m_cut.compacted, topic) == m_cut.compacted.end())
            m_cut.compacted.push_back(topic);
        Part& part = m_parts.emplace_back(std::move(files), span);
        for (const SegmentFile& file : part.files.files) {
            if (file.base < span.end.segment) part.bytes += file.bytes;
            if (file.base == span.end.segment) part.bytes += std::min(file.bytes, span.end.bytes);
        }
        const auto known = m_cut.places.find(part.files.partition);
        if (known == m_cut.places.end()) {
            const Offset first = part.files.files.empty() ? Offset{} : part.files.files.front().base;
            part.place.next = std::max(first, span.start);
            LEFTFOLD_TRY(part.place.point, sought(part, part.place.next));
        } else {
            part.place = known->second;
            LEFTFOLD_CHECK(goOn(part, stop));
        }
        part.openBefore = part.place.open;
        part.tracker.resume(part.place.open);
        part.walk.standAt(part.place.point);
        part.bytesBefore = part.walk.bytesPassed();
        return {};
    }

    /// Where a partition that was read before is read on.
    Result<void> goOn(Part& part, const std::stop_token& stop)
    {
        SegmentPlace& place = part.place;
        place.seen.reset();
        if (part.files.files.empty()) {
            return base::fail(ErrorCode::SegmentGone, part.files.folder,
                              fmt::format("it has no segments, where {} was captured up to offset {}",
                                          toText(part.files.partition), place.next.value));
        }
        LEFTFOLD_TRY(const bool isWhereItWas, checkLast(part, stop));
        const auto file = std::ranges::find(part.files.files, place.point.segment, &SegmentFile::base);
        if (!isWhereItWas || file == part.files.files.end() || file->bytes < place.point.at) {
            LEFTFOLD_TRY(place.point, sought(part, place.next));
        }
        const Offset start = std::max(part.span.start, part.files.files.front().base);
        if (start <= place.next) return {};
        part.buffer.add({{part.files.partition, place.next},
                         {ErrorCode::KafkaExpired, {std::to_string((start - place.next).value)}, {}}});
        place.next = start;
        LEFTFOLD_TRY(place.point, sought(part, start));
        return {};
    }

    /// Where to begin for an offset: by the index of its segment, if that says the truth; else with the segment.
    static Result<SegmentPoint> sought(Part& part, Offset offset)
    {
        const SegmentPoint begin = segmentWith(part.files, offset);
        const auto file = std::ranges::find(part.files.files, begin.segment, &SegmentFile::base);
        if (file == part.files.files.end() || offset <= file->base) return begin;
        auto entries = readSegmentIndex(*file);
        const auto refuse = [&](const base::Error& why) {
            part.buffer.add({{part.files.partition, offset}, why});
            return begin;
        };
        if (!entries) return refuse(entries.error());
        const auto behind = std::ranges::lower_bound(*entries, offset, {}, &IndexedBatch::last);
        if (behind == entries->begin()) return begin;
        const IndexedBatch& entry = *std::prev(behind);
        LEFTFOLD_TRY(const auto header, part.walk.peek({begin.segment, entry.at, begin.expected}));
        if (header && header->last == entry.last) return SegmentPoint{begin.segment, entry.at, header->first};
        return refuse({ErrorCode::SegmentIndexWrong,
                       {indexPathOf(*file),
                        fmt::format("no batch that ends with offset {} begins at byte {}", entry.last.value, entry.at)},
                       {}});
    }

    /// Compares the record captured last. False where its batch stands elsewhere now, as compaction wrote the segment anew.
    Result<bool> checkLast(const Part& part, const std::stop_token& stop)
    {
        const SegmentPlace& place = part.place;
        if (!place.last) return true;
        SegmentWalk walk(part.files, part.span.end);
        walk.standAt(place.lastBatch);
        LEFTFOLD_TRY(auto walked, walk.next(stop));
        const auto holds = [&] {
            return walked && walked->batch.header.first <= *place.last && *place.last <= walked->batch.header.last;
        };
        const bool isWhereItWas = holds() && walked->begin == place.lastBatch;
        if (!isWhereItWas) {
            if (*place.last < part.files.files.front().base) return false; // expired
            walk.standAt(segmentWith(part.files, *place.last));
            do {
                LEFTFOLD_TRY(walked, walk.next(stop));
            } while (walked && walked->batch.header.last < *place.last);
            if (!walked) {
                return base::fail(ErrorCode::KafkaTruncated, toText(part.files.partition), "an earlier one",
                                  std::to_string(place.next.value));
            }
        }
        if (!holds() || isSame(*walked, place).value_or(true)) return isWhereItWas;
        return base::fail(ErrorCode::KafkaOtherRecord, toText(event::Position{part.files.partition, *place.last}));
    }

    Result<void> readSome(const std::stop_token& stop)
    {
        Part& part = m_parts[m_current];
        LEFTFOLD_TRY(auto walked, part.walk.next(stop));
        if (!walked) {
            finish(part, part.walk.tail(), part.tracker.open());
            return {};
        }
        return take(part, *walked, stop);
    }

    Result<void> take(Part& part, WalkedBatch& walked, const std::stop_token& stop)
    {
        const BatchHeader& header = walked.batch.header;
        if (header.last < part.place.next) { // read before
            tell(part, walked);
            part.place.point = walked.behind;
            return {};
        }
        TransactionState fate = TransactionState::Committed;
        if (header.isTransactional && !header.isControl && m_isolation == Isolation::Committed) {
            LEFTFOLD_TRY(fate, fateOf(part, walked, stop));
            if (fate == TransactionState::Open) {
                std::vector<Problem> tail = std::move(walked.problems);
                tail.insert(tail.end(), part.fates->tail().begin(), part.fates->tail().end());
                finish(part, std::move(tail), part.fates->open());
                return {};
            }
        }
        tell(part, walked);
        if (header.isControl) {
            takeMarkers(part, walked);
        } else {
            if (header.isTransactional) part.tracker.add(header);
            if (fate != TransactionState::Aborted) takeRecords(part, walked);
        }
        part.place.point = walked.behind;
        part.place.next = std::max(part.place.next, header.last.next());
        return {};
    }

    static void tell(Part& part, WalkedBatch& walked)
    {
        for (Problem& problem : walked.problems) part.buffer.add(std::move(problem));
        walked.problems.clear();
    }

    static Result<TransactionState> fateOf(Part& part, const WalkedBatch& walked, const std::stop_token& stop)
    {
        if (!part.fates)
            part.fates = std::make_unique<FateFinder>(part.files, part.span.end, walked.begin, part.tracker);
        return part.fates->of(walked.batch.header.producer, walked.batch.header.first, stop);
    }

    static void takeMarkers(Part& part, const WalkedBatch& walked)
    {
        const auto records = recordsOf(walked.batch);
        if (!records) return skipBatch(part, walked, records.error());
        for (const event::Record& record : records->records) {
            if (const auto marker = markerOf(walked.batch.header, record))
                part.told.push_back(part.tracker.end(walked.batch.header, *marker));
        }
    }

    static void skipBatch(Part& part, const WalkedBatch& walked, const base::Error& why)
    {
        part.buffer.add({{part.files.partition, walked.batch.header.first},
                         {ErrorCode::SegmentSkipped,
                          {pathOf(part.files, walked.begin.segment), std::to_string(walked.batch.bytes.size()),
                           std::to_string(walked.begin.at), base::render(why)},
                          {}}});
    }

    void takeRecords(Part& part, const WalkedBatch& walked)
    {
        auto read = recordsOf(walked.batch);
        if (!read) return skipBatch(part, walked, read.error());
        part.place.point = walked.begin;
        for (event::Record& record : read->records) {
            if (record.offset < part.place.next) continue;
            if (part.files.isCompacted && !part.place.isGapTold && record.offset > part.place.next) {
                part.place.isGapTold = true;
                part.buffer.add({{part.files.partition, record.offset}, {ErrorCode::KafkaCompacted, {}, {}}});
            }
            part.place.next = record.offset.next();
            part.place.lastBatch = walked.begin;
            part.buffer.add(std::move(record));
            if (part.buffer.isFull()) give(part);
        }
    }

    /// What was read of a partition.
    void give(Part& part)
    {
        SegmentPlace& place = part.place;
        if (!part.buffer.records().empty()) {
            place.last = part.buffer.records().back().offset;
            place.lastHash = event::hashOf(part.buffer.records().back());
        }
        place.open = part.tracker.open();
        place.lastStable = part.tracker.lastStable(place.next);
        m_cut.places[part.files.partition] = place;
        remember(part.files.partition, place);
        if (part.buffer.isEmpty() && part.told.empty()) return;
        m_unsignedBytes += part.buffer.bytes();
        m_ready.push_back(part.buffer.take(part.files.partition));
        m_ready.back().transactions = std::exchange(part.told, {});
        // A cut names every partition: of thousands it is larger than what a quiet one has.
        if (m_jsonBytes <= std::max(kSmallSegmentCut, m_unsignedBytes)) sign(m_ready.back());
    }

    /// The partition is read as far as it can be.
    void finish(Part& part, std::vector<Problem> tail, const std::vector<Transaction>& open)
    {
        part.tail = std::move(tail);
        part.fates.reset();
        part.place.seen = part.span;
        if (open != part.openBefore) part.told.insert(part.told.end(), open.begin(), open.end());
        give(part);
        ++m_current;
    }

    void remember(const Partition& partition, const SegmentPlace& place)
    {
        std::string& json = m_json[partition];
        m_jsonBytes -= json.size();
        json = toJson(place);
        m_jsonBytes += json.size();
    }

    /// A cut, with everything that is only so while the source stands there.
    void sign(RecordBatch& batch)
    {
        m_unsignedBytes = 0;
        batch.sourceCut = m_storedCut = cut();
        m_hasStoredTails = false;
        for (const Part& part : m_parts) {
            batch.tailProblems.insert(batch.tailProblems.end(), part.tail.begin(), part.tail.end());
        }
        m_signedTails = batch.tailProblems.size();
    }

    /// A cut that moved without a record, or that was given out before all of what belongs to it was known.
    [[nodiscard]] bool needsClosing() const
    {
        if (m_json.empty()) return false;
        if (m_storedCut != cut()) return true;
        std::size_t tails = 0;
        for (const Part& part : m_parts) tails += part.tail.size();
        return !m_hasStoredTails && tails != m_signedTails;
    }

    RecordBatch closingBatch()
    {
        RecordBatch batch;
        batch.partition = m_parts.empty() ? Partition{} : m_parts.back().files.partition;
        sign(batch);
        return batch;
    }

    [[nodiscard]] std::string cut() const { return segmentCutJson(m_cut, m_json); }

    SegmentFinder m_finder;
    Isolation m_isolation;
    SegmentCut m_cut;
    std::map<Partition, std::string> m_json; ///< the places of `m_cut`, as the cut has them
    std::size_t m_jsonBytes = 0; ///< of all of them
    std::size_t m_unsignedBytes = 0; ///< of records given out since the last cut
    std::string m_storedCut; ///< the last cut given out, or opened at
    bool m_hasStoredTails = false; ///< nothing was given out yet: what the capture has is what was told with its cut
    std::size_t m_signedTails = 0;
    std::deque<Part> m_parts; ///< stay where they are
    std::size_t m_current = 0;
    std::deque<RecordBatch> m_ready;
};

std::vector<std::string_view> partsOf(std::string_view text, char separator)
{
    std::vector<std::string_view> parts;
    for (;;) {
        const std::size_t end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

/// Topics as a Kafka address has them.
Result<std::vector<KafkaTopic>> topicsOf(std::string_view text)
{
    if (text.empty()) return base::fail(ErrorCode::BadArgument, "topics= names no topic");
    LEFTFOLD_TRY(KafkaAddress address, parseKafkaAddress("kafka://broker:1/" + std::string(text)));
    return std::move(address.topics);
}

Result<void> readSaid(std::string_view said, SegmentAddress& address)
{
    const std::size_t equals = said.find('=');
    const std::string_view name = said.substr(0, equals);
    const std::string_view value = equals == std::string_view::npos ? std::string_view() : said.substr(equals + 1);
    if (name == "topics") {
        LEFTFOLD_TRY(address.topics, topicsOf(value));
    } else if (name == "isolation") {
        LEFTFOLD_TRY(address.isolation, parseIsolation(value));
    } else {
        return base::fail(
            ErrorCode::BadArgument,
            fmt::format("'{}' says nothing of a Kafka log folder: expected topics=NAME,NAME[PARTITION] or "
                        "isolation=LEVEL, joined by &",
                        said));
    }
    return {};
}

} // namespace

std::pair<std::string, std::string> splitSegmentAddress(const std::string& text)
{
    std::error_code ignored;
    const std::size_t end = std::filesystem::exists(text, ignored) ? std::string::npos : text.rfind('?');
    if (end == std::string::npos) return {text, {}};
    return {text.substr(0, end), text.substr(end)};
}

bool isSegmentAddress(const std::string& text)
{
    return SegmentFinder::isSegmentLog(splitSegmentAddress(text).first);
}

Result<SegmentAddress> parseSegmentAddress(const std::string& text)
{
    SegmentAddress address;
    std::string all;
    std::tie(address.path, all) = splitSegmentAddress(text);
    if (all.empty()) return address;
    for (const std::string_view said : partsOf(std::string_view(all).substr(1), '&'))
        LEFTFOLD_CHECK(readSaid(said, address));
    return address;
}

std::string toText(const SegmentAddress& address)
{
    std::string said;
    const auto add = [&](const std::string& text) { said += (said.empty() ? "?" : "&") + text; };
    std::string topics;
    for (const KafkaTopic& topic : address.topics) {
        if (topic.partitions.empty()) topics += (topics.empty() ? "" : ",") + topic.name;
        for (const std::int32_t number : topic.partitions)
            topics += (topics.empty() ? "" : ",") + toText(Partition{topic.name, number});
    }
    if (!topics.empty()) add("topics=" + topics);
    if (address.isolation) add("isolation=" + std::string(nameOf(*address.isolation)));
    return address.path + said;
}

Result<std::unique_ptr<EventSource>> openSegments(const std::vector<std::string>& addresses)
{
    std::vector<std::string> paths;
    std::vector<KafkaTopic> topics;
    std::optional<Isolation> isolation;
    for (const std::string& text : addresses) {
        LEFTFOLD_TRY(SegmentAddress address, parseSegmentAddress(text));
        paths.push_back(address.path);
        topics.insert(topics.end(), address.topics.begin(), address.topics.end());
        if (address.isolation && isolation.value_or(*address.isolation) != *address.isolation)
            return base::fail(ErrorCode::BadArgument, "the parts of one log are read at one isolation level");
        if (address.isolation) isolation = address.isolation;
    }
    LEFTFOLD_TRY(SegmentFinder finder, SegmentFinder::of(paths, std::move(topics)));
    return std::unique_ptr<EventSource>(new SegmentSource(std::move(finder), isolation.value_or(Isolation::Committed)));
}

} // namespace leftfold::source
