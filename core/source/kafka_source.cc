// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/kafka_source.h"

#include "core/source/kafka_buffer.h"
#include "core/source/kafka_partitioner.h"
#include "core/source/kafka_target.h"

#include <algorithm>
#include <deque>
#include <fmt/format.h>

namespace leftfold::source {

namespace {

using base::Error;
using base::ErrorCode;
using base::Result;
using event::Offset;
using event::Partition;
using event::RecordBatch;
using Clock = std::chrono::steady_clock;

constexpr int kLookMs = 40; // a stop is seen that soon
constexpr auto kQuietTime = std::chrono::seconds(1);
constexpr std::size_t kMaxBufferedBytes = std::size_t{32} << 20;
constexpr std::size_t kSmallCutBytes = std::size_t{16} << 10;
/// Half of what librdkafka fetches ahead (`queued.max.messages.kbytes`): below it there is room again, and still enough to do.
constexpr std::size_t kFullQueueBytes = std::size_t{8} << 20;

/// One partition while it is read.
struct Part {
    Partition partition;
    KafkaSpan span;
    KafkaPlace place; ///< behind what was given out
    Offset position; ///< behind what was read
    std::size_t stage = 0; ///< of a search for a key
    KafkaBuffer buffer;
    bool isCompacted = false;
    bool isStarted = false;
    bool isFetching = false; ///< librdkafka asks the broker for more
    bool isDone = false;
    bool isChecked = true; ///< the record captured last is still the same, or cannot be compared
    bool isOutOfRange = false; ///< the broker has nothing at the position
};

struct Topic {
    std::string name;
    TopicHandle handle;
    std::vector<Part*> parts; ///< by number; null: not chosen
    std::size_t stage = 0; ///< of a search for a key: parts of it are being read
    bool hasHits = false;
};

/// Records older than `from`, not older than `until`, or with another key are left out.
struct Wanted {
    std::optional<base::Time> from;
    std::optional<base::Time> until;
    std::optional<std::string> key;

    [[nodiscard]] bool operator()(const event::Record& record) const
    {
        if (from && record.timestamp && *record.timestamp < *from) return false;
        if (until && record.timestamp && *record.timestamp >= *until) return false;
        return !key || record.key == base::ByteView(*key);
    }
};

std::optional<base::Time> timeOf(const std::string& bound)
{
    const auto parsed = parseKafkaBound(bound);
    const auto* time = parsed ? std::get_if<base::Time>(&*parsed) : nullptr;
    return time ? std::optional(*time) : std::nullopt;
}

/// The partition ends before the record that was captured last.
bool isCutOff(const KafkaSpan& span, const KafkaPlace& place)
{
    return place.last && span.high <= *place.last;
}

bool isRelativeToEnd(const std::string& bound)
{
    return bound == "latest" || bound.starts_with('-');
}

class KafkaSource : public EventSource {
public:
    KafkaSource(KafkaAddress address, KafkaConnection connection, KafkaOptions options,
                std::shared_ptr<Draining> draining)
        : m_address(std::move(address)),
          m_connection(std::move(connection)),
          m_options(options),
          m_draining(std::move(draining)),
          m_wanted{timeOf(m_address.from), timeOf(m_address.until), m_address.key}
    {}

    ~KafkaSource() override
    {
        // Whatever refers to the handle goes before it, and not on this thread.
        if (m_client)
            Draining::start(m_draining, [client = std::move(m_client),
                                         queue = std::shared_ptr<rd_kafka_queue_t>(std::move(m_queue)),
                                         topics = std::make_shared<std::deque<Topic>>(std::move(m_topics))]() mutable {
                topics.reset();
                queue.reset();
                client.reset();
            });
    }

    std::string identity() const override { return toText(m_address); }
    bool resumable() const override { return true; }

    Result<std::string> target(std::stop_token stop) override
    {
        LEFTFOLD_CHECK(connect());
        LEFTFOLD_TRY(const KafkaTarget target, targetOf(*m_client, m_address, std::move(stop)));
        m_client->forgetTrouble();
        return toJson(target);
    }

    Result<void> open(const std::string& sourceCut, const std::string& target, std::stop_token) override
    {
        LEFTFOLD_CHECK(connect());
        LEFTFOLD_TRY(const KafkaTarget asked, parseKafkaTarget(target));
        LEFTFOLD_TRY(m_cut, parseKafkaCut(sourceCut));
        if (!m_cut.cluster.empty() && m_cut.cluster != asked.cluster) {
            return base::fail(ErrorCode::KafkaOtherCluster, m_connection.name, asked.cluster, m_cut.cluster);
        }
        m_storedCut = sourceCut;
        LEFTFOLD_CHECK(makeParts(asked));
        m_cut.cluster = asked.cluster;
        m_cut.isolation = m_address.isolation;
        m_cut.compacted = asked.compacted;
        m_lastAnswer = m_lastRecord = Clock::now();
        for (Topic& topic : m_topics) LEFTFOLD_CHECK(startStage(topic));
        return {};
    }

    Result<std::optional<RecordBatch>> read(std::stop_token stop) override
    {
        while (m_ready.empty()) {
            if (stop.stop_requested()) return base::fail(ErrorCode::Cancelled);
            if (m_failure) return tl::unexpected(*m_failure);
            LEFTFOLD_TRY(const bool isReading, advanceStages());
            if (!isReading) break;
            LEFTFOLD_CHECK(readSome(stop));
            // Nothing came, but what it waits for is to be told: an empty batch brings the note along.
            if (m_ready.empty() && std::exchange(m_toldNote, m_note) != m_note) return std::optional(RecordBatch());
        }
        if (m_ready.empty()) giveAll();
        if (m_ready.empty() && toJson(m_cut) != m_storedCut) giveCut();
        if (m_ready.empty()) return std::optional<RecordBatch>();
        std::optional<RecordBatch> batch(std::move(m_ready.front()));
        m_ready.pop_front();
        return batch;
    }

    Result<bool> grownBeyond(const std::string& sourceCut, std::stop_token stop) override
    {
        LEFTFOLD_TRY(const KafkaCut cut, parseKafkaCut(sourceCut));
        LEFTFOLD_CHECK(connect());
        const auto now = targetOf(*m_client, m_address, std::move(stop));
        if (!now && isPassing(now.error())) {
            m_note = base::render(now.error());
            return false;
        }
        if (!now) return tl::unexpected(now.error());
        m_client->forgetTrouble();
        m_note.clear();
        if (!cut.cluster.empty() && now->cluster != cut.cluster) return true; // `open` says what is wrong
        return std::ranges::any_of(now->spans,
                                   [&](const auto& item) { return hasGrown(item.first, item.second, cut); });
    }

    SourceProgress progress() const override
    {
        SourceProgress progress{0, 0, SourceProgress::Unit::Positions, m_note};
        for (const Part& part : m_parts) {
            if (!part.isStarted) continue;
            progress.done += static_cast<std::uint64_t>((part.position - part.span.from).value);
            progress.total +=
                static_cast<std::uint64_t>(std::max<std::int64_t>(0, (part.span.end - part.span.from).value));
        }
        return progress;
    }

private:
    Result<void> connect()
    {
        if (m_client) return {};
        LEFTFOLD_TRY(m_client, KafkaClient::make(m_connection, m_address.isolation, m_draining));
        m_queue.reset(rd_kafka_queue_new(m_client->handle()));
        return {};
    }

    /// A broker that is away comes back, where somebody follows.
    [[nodiscard]] bool isPassing(const Error& error) const
    {
        return m_options.waitsForEver
               && (error.code == ErrorCode::KafkaNoConnection || error.code == ErrorCode::KafkaNoResolve
                   || error.code == ErrorCode::KafkaNoAnswer);
    }

    [[nodiscard]] bool hasGrown(const Partition& partition, const KafkaSpan& span, const KafkaCut& cut) const
    {
        const auto known = cut.places.find(partition);
        if (known != cut.places.end()) return span.end > known->second.next || isCutOff(span, known->second);
        if (m_address.key && isFound(partition.topic, cut)) return false;
        return span.end > startOf(span, cut);
    }

    /// A partition that came later begins with its first record, whatever `from` said of those there were.
    [[nodiscard]] Offset startOf(const KafkaSpan& span, const KafkaCut& cut) const
    {
        return !cut.places.empty() && isRelativeToEnd(m_address.from) ? span.start : span.from;
    }

    static bool isFound(const std::string& topic, const KafkaCut& cut)
    {
        return std::ranges::any_of(cut.places,
                                   [&](const auto& item) { return item.first.topic == topic && item.second.last; });
    }

    Result<void> makeParts(const KafkaTarget& target)
    {
        stopAll();
        m_ready.clear();
        m_failure.reset();
        m_parts.clear();
        m_bufferedBytes = m_unsignedBytes = 0;
        for (const auto& [partition, span] : target.spans) {
            Part& part = m_parts.emplace_back();
            part.partition = partition;
            part.span = span;
            const auto compacted = target.compacted.find(partition.topic);
            part.isCompacted = compacted != target.compacted.end() && compacted->second;
            LEFTFOLD_CHECK(place(part));
            Topic& topic = topicOf(partition.topic);
            const auto number = static_cast<std::size_t>(partition.number);
            if (topic.parts.size() <= number) topic.parts.resize(number + 1);
            topic.parts[number] = &part;
        }
        for (Topic& topic : m_topics) planSearch(topic);
        return {};
    }

    Topic& topicOf(const std::string& name)
    {
        const auto known = std::ranges::find(m_topics, name, &Topic::name);
        if (known != m_topics.end()) return *known;
        Topic& topic = m_topics.emplace_back();
        topic.name = name;
        topic.handle.reset(rd_kafka_topic_new(m_client->handle(), name.c_str(), nullptr));
        return topic;
    }

    /// Where reading goes on.
    Result<void> place(Part& part)
    {
        const auto known = m_cut.places.find(part.partition);
        if (known == m_cut.places.end()) {
            part.position = part.place.next = part.span.from = startOf(part.span, m_cut);
            return {};
        }
        part.place = known->second;
        part.position = part.span.from = part.place.next;
        if (isCutOff(part.span, part.place)) {
            return base::fail(ErrorCode::KafkaTruncated, toText(part.partition), std::to_string(part.span.high.value),
                              std::to_string(part.place.next.value));
        }
        if (part.span.start > part.place.next) skipExpired(part, part.span.start);
        return {};
    }

    void skipExpired(Part& part, Offset start)
    {
        const Offset stop = std::min(start, part.span.end);
        if (stop > part.position) {
            part.buffer.add({{part.partition, part.position},
                             {ErrorCode::KafkaExpired, {std::to_string((stop - part.position).value)}, {}}});
        }
        part.position = std::max(part.position, start);
    }

    /// Which partitions are looked at first, where a key is sought.
    void planSearch(Topic& topic)
    {
        topic.stage = 0;
        topic.hasHits = isFound(topic.name, m_cut);
        if (!m_address.key) return;
        const std::vector<std::int32_t> likely = likelyPartitions(*m_address.key, topic.parts.size());
        for (Part* part : topic.parts) {
            if (part == nullptr) continue;
            const auto at = std::ranges::find(likely, part->partition.number);
            part->stage = static_cast<std::size_t>(at - likely.begin());
            // Found before: those partitions go on, all others stay unread.
            if (topic.hasHits) part->stage = m_cut.places.contains(part->partition) ? 0 : kNever;
        }
    }

    Result<void> startStage(Topic& topic)
    {
        for (Part* part : topic.parts) {
            if (part == nullptr || part->stage != topic.stage || part->isStarted) continue;
            part->isStarted = true;
            m_cut.places[part->partition] = part->place;
            if (part->position >= part->span.end) {
                settle(*part);
            } else {
                LEFTFOLD_CHECK(start(topic, *part));
            }
        }
        return {};
    }

    Result<void> start(const Topic& topic, Part& part)
    {
        Offset at = part.position;
        // The record captured last comes once more, to be compared.
        part.isChecked = !part.place.last || *part.place.last < part.span.start || part.position != part.place.next;
        if (!part.isChecked) at = *part.place.last;
        return fetchFrom(topic, part, at);
    }

    Result<void> fetchFrom(const Topic& topic, Part& part, Offset from)
    {
        part.isFetching =
            rd_kafka_consume_start_queue(topic.handle.get(), part.partition.number, from.value, m_queue.get()) == 0;
        if (part.isFetching) return {};
        const auto code = rd_kafka_last_error();
        return tl::unexpected(kafkaError(code, rd_kafka_err2str(code), m_connection.name, topic.name));
    }

    /// The partition is read up to its end.
    void settle(Part& part)
    {
        part.isDone = true;
        part.position = std::max(part.position, part.span.end);
    }

    /// False where everything is read.
    Result<bool> advanceStages()
    {
        bool isReading = false;
        for (Topic& topic : m_topics) {
            while (isStageDone(topic) && !topic.hasHits && topic.stage < kLastStage) {
                ++topic.stage;
                LEFTFOLD_CHECK(startStage(topic));
            }
            isReading = isReading || !isStageDone(topic);
        }
        return isReading;
    }

    static bool isStageDone(const Topic& topic)
    {
        return std::ranges::all_of(
            topic.parts, [&](const Part* part) { return part == nullptr || !part->isStarted || part->isDone; });
    }

    Result<void> readSome(const std::stop_token& stop)
    {
        m_wasFull = m_wasFull || queuedBytes() >= kFullQueueBytes;
        const int count = rd_kafka_consume_callback_queue(m_queue.get(), kLookMs, &KafkaSource::take, this);
        if (m_wasFull && queuedBytes() < kFullQueueBytes) {
            m_wasFull = false;
            wakeFetching();
        }
        m_client->listen(std::chrono::milliseconds(0));
        const auto now = Clock::now();
        if (count > 0) {
            m_lastAnswer = now;
            m_note.clear();
            m_client->forgetTrouble();
        }
        for (Topic& topic : m_topics) LEFTFOLD_CHECK(settleStopped(topic, stop));
        if (m_failure || m_bufferedBytes > kMaxBufferedBytes || now - m_lastRecord > kQuietTime) giveAll();
        return count > 0 ? Result<void>() : checkPatience(now);
    }

    Result<void> settleStopped(Topic& topic, const std::stop_token& stop)
    {
        for (Part* part : topic.parts) {
            if (part == nullptr || !part->isStarted) continue;
            if (part->isOutOfRange) LEFTFOLD_CHECK(findAgain(topic, *part, stop));
            if (part->isDone) stopFetching(topic, *part);
        }
        return {};
    }

    static void stopFetching(const Topic& topic, Part& part)
    {
        if (std::exchange(part.isFetching, false)) rd_kafka_consume_stop(topic.handle.get(), part.partition.number);
    }

    /// The broker has nothing at the position any more: retention passed it, or the topic is another one.
    Result<void> findAgain(Topic& topic, Part& part, const std::stop_token& stop)
    {
        part.isOutOfRange = false;
        LEFTFOLD_TRY(const Offsets starts, listOffsets(*m_client, {part.partition}, kAtStart, stop));
        LEFTFOLD_TRY(const Offsets ends, listOffsets(*m_client, {part.partition}, kAtEnd, stop));
        const Offset start = starts.at(part.partition);
        const Offset end = ends.at(part.partition);
        if (end < part.position) {
            fail({ErrorCode::KafkaTruncated,
                  {toText(part.partition), std::to_string(end.value), std::to_string(part.position.value)},
                  {}});
            return {};
        }
        part.isChecked = true;
        skipExpired(part, start);
        if (part.position >= part.span.end) {
            settle(part);
            return {};
        }
        // librdkafka has given this partition up: it cannot be sought in, only started again.
        stopFetching(topic, part);
        return fetchFrom(topic, part, part.position);
    }

    Result<void> checkPatience(Clock::time_point now)
    {
        const auto waited = std::chrono::duration_cast<std::chrono::seconds>(now - m_lastAnswer);
        const auto trouble = m_client->trouble();
        if (trouble && m_client->isRefused()) return tl::unexpected(*trouble);
        if (waited < kNoticed) return {};
        m_note = fmt::format("waiting for {} since {} s{}", m_connection.name, waited.count(),
                             trouble ? ": " + base::render(*trouble) : "");
        if (m_options.waitsForEver || waited < m_options.patience) return {};
        giveAll();
        return base::fail(ErrorCode::KafkaNoAnswer, m_connection.name, std::to_string(waited.count()),
                          trouble ? " (" + base::render(*trouble) + ")" : "");
    }

    void fail(Error error)
    {
        if (!m_failure) m_failure = std::move(error);
    }

    static void take(rd_kafka_message_t* message, void* opaque)
    {
        auto& self = *static_cast<KafkaSource*>(opaque);
        Topic* const topic = self.topicOf(*message);
        const auto number = static_cast<std::size_t>(message->partition);
        Part* part = topic != nullptr && message->partition >= 0 && number < topic->parts.size() ? topic->parts[number]
                                                                                                 : nullptr;
        if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
            self.takeError(*message, topic, part);
        } else if (part != nullptr && !part->isDone && !self.m_failure) {
            self.takeRecord(*message, *topic, *part);
        }
        ++self.m_taken;
        self.m_takenBytes += message->len + message->key_len;
        // What makes a batch is stored while the rest of the queue waits.
        if (!self.m_ready.empty()) rd_kafka_yield(self.m_client->handle());
    }

    /// What librdkafka has fetched ahead, about.
    [[nodiscard]] std::size_t queuedBytes() const
    {
        return m_taken == 0 ? 0 : rd_kafka_queue_length(m_queue.get()) * (m_takenBytes / m_taken);
    }

    void wakeFetching()
    {
        std::set<Partition> fetched;
        for (const Part& part : m_parts) {
            if (part.isFetching && !part.isDone) fetched.insert(part.partition);
        }
        wakeFetchingOf(*m_client, fetched);
    }

    /// Messages come in runs of one topic. Null where it is none of ours.
    Topic* topicOf(const rd_kafka_message_t& message)
    {
        if (message.rkt == nullptr) return nullptr;
        if (message.rkt != m_lastHandle) {
            const std::string_view name = rd_kafka_topic_name(message.rkt);
            const auto found = std::ranges::find_if(m_topics, [&](const Topic& topic) { return topic.name == name; });
            m_lastTopic = found == m_topics.end() ? nullptr : &*found;
            m_lastHandle = message.rkt;
        }
        return m_lastTopic;
    }

    void takeError(const rd_kafka_message_t& message, const Topic* topic, Part* part)
    {
        switch (message.err) {
        case RD_KAFKA_RESP_ERR__PARTITION_EOF:
            // An end before the target's is passed: the broker that leads now may still be catching up.
            if (part != nullptr && message.offset >= part->span.end.value) settle(*part);
            return;
        case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
        case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
            if (part != nullptr && !part->isDone) part->isOutOfRange = true;
            return;
        case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
        case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
        case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
            if (part == nullptr || !part->isDone)
                fail({ErrorCode::KafkaTopicGone, {topic != nullptr ? topic->name : std::string("?")}, {}});
            return;
        case RD_KAFKA_RESP_ERR__TRANSPORT:
        case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
        case RD_KAFKA_RESP_ERR__TIMED_OUT:
        case RD_KAFKA_RESP_ERR__RESOLVE:
            return; // waited for, and told by the client
        default:
            fail(kafkaError(message.err, rd_kafka_message_errstr(&message), m_connection.name,
                            part != nullptr    ? toText(part->partition)
                            : topic != nullptr ? topic->name
                                               : ""));
        }
    }

    void takeRecord(const rd_kafka_message_t& message, Topic& topic, Part& part)
    {
        const Offset offset{message.offset};
        if (!part.isChecked && !check(message, part)) return;
        if (offset < part.position) return;
        if (offset >= part.span.end) {
            settle(part);
            return;
        }
        event::Record record = recordOf(message);
        if (part.isCompacted && !part.place.isGapTold && offset > part.position) {
            part.place.isGapTold = true;
            part.buffer.add({{part.partition, offset}, {ErrorCode::KafkaCompacted, {}, {}}});
        }
        part.position = offset.next();
        // With the last record there is no need to wait for the end of the partition.
        if (part.position >= part.span.end) settle(part);
        if (!m_wanted(record)) return;
        topic.hasHits = true;
        const std::size_t before = part.buffer.bytes();
        part.buffer.add(std::move(record));
        m_bufferedBytes += part.buffer.bytes() - before;
        if (part.buffer.isFull()) give(part);
    }

    /// False where the record is not to be captured: it is the one that was captured last, or another one in its place.
    bool check(const rd_kafka_message_t& message, Part& part)
    {
        part.isChecked = true;
        // Compaction may have removed it; then nothing can be compared.
        if (message.offset != part.place.last->value) return true;
        if (event::hashOf(recordOf(message)) != part.place.lastHash) {
            fail({ErrorCode::KafkaOtherRecord, {toText(event::Position{part.partition, *part.place.last})}, {}});
        }
        return false;
    }

    void give(Part& part)
    {
        part.place.next = std::max(part.place.next, part.position);
        if (!part.buffer.records().empty()) {
            const event::Record& last = part.buffer.records().back();
            part.place.last = last.offset;
            part.place.lastHash = event::hashOf(last);
        }
        m_cut.places[part.partition] = part.place;
        if (part.buffer.isEmpty()) return;
        m_bufferedBytes -= std::min(m_bufferedBytes, part.buffer.bytes());
        m_unsignedBytes += part.buffer.bytes();
        m_ready.push_back(part.buffer.take(part.partition));
        m_lastRecord = Clock::now();
        // A cut names every partition: of thousands it is larger than what a quiet one has.
        if (m_cutBytes <= std::max(kSmallCutBytes, m_unsignedBytes)) sign(m_ready.back());
    }

    /// Everything read so far.
    void giveAll()
    {
        const std::size_t before = m_ready.size();
        for (Part& part : m_parts) {
            if (part.isStarted) give(part);
        }
        if (m_ready.size() > before) sign(m_ready.back());
        m_lastRecord = Clock::now();
    }

    /// For a cut that moved without a record: markers, or records that were not asked for.
    void giveCut()
    {
        RecordBatch batch;
        batch.partition = m_parts.empty() ? Partition{m_address.topics.front().name, 0} : m_parts.front().partition;
        sign(batch);
        m_ready.push_back(std::move(batch));
    }

    void sign(RecordBatch& batch)
    {
        m_unsignedBytes = 0;
        batch.sourceCut = m_storedCut = toJson(m_cut);
        m_cutBytes = batch.sourceCut.size();
    }

    void stopAll()
    {
        for (Topic& topic : m_topics) {
            for (Part* part : topic.parts) {
                if (part != nullptr) stopFetching(topic, *part);
            }
            topic.parts.clear();
        }
    }

    static constexpr std::size_t kLastStage = 2;
    static constexpr std::size_t kNever = 1000;
    static constexpr auto kNoticed = std::chrono::seconds(3);

    const KafkaAddress m_address;
    const KafkaConnection m_connection;
    const KafkaOptions m_options;
    std::shared_ptr<Draining> m_draining;
    const Wanted m_wanted;
    std::shared_ptr<KafkaClient> m_client;
    QueueHandle m_queue;
    std::deque<Topic> m_topics; ///< stay where they are
    const rd_kafka_topic_t* m_lastHandle = nullptr; ///< of the message before
    Topic* m_lastTopic = nullptr;
    std::deque<Part> m_parts;
    KafkaCut m_cut;
    std::string m_storedCut;
    std::deque<RecordBatch> m_ready;
    std::optional<Error> m_failure;
    std::string m_note;
    std::string m_toldNote;
    std::size_t m_taken = 0; ///< messages, from librdkafka
    std::size_t m_takenBytes = 0;
    bool m_wasFull = false; ///< librdkafka's queue, since fetching was woken
    std::size_t m_bufferedBytes = 0;
    std::size_t m_unsignedBytes = 0;
    std::size_t m_cutBytes = 0;
    Clock::time_point m_lastAnswer;
    Clock::time_point m_lastRecord;
};

} // namespace

Result<std::unique_ptr<EventSource>> openKafka(const KafkaAddress& address, const KafkaConnection& connection,
                                               const KafkaOptions& options, std::shared_ptr<Draining> draining)
{
    if (address.topics.empty()) return base::fail(ErrorCode::KafkaAddress, toText(address), "it names no topic");
    if (address.until == "earliest") return base::fail(ErrorCode::BadArgument, "nothing is before the earliest record");
    return std::unique_ptr<EventSource>(new KafkaSource(address, connection, options, std::move(draining)));
}

} // namespace leftfold::source
