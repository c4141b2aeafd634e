// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/reader.h"
#include "core/capture/writer.h"

#include <QDir>
#include <QString>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <deque>
#include <fcntl.h>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <unistd.h>
#include <vector>

/// Logs made by a test: they own their bytes and know what a capture should say of them.
namespace leftfold::capture::test {

inline QString text(std::string_view view)
{
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

/// The value of a Result that a test relies on.
template <class T>
T must(base::Result<T> result)
{
    if (!result) qFatal("%s", base::render(result.error()).c_str());
    return std::move(*result);
}
inline void must(const base::Result<void>& result)
{
    if (!result) qFatal("%s", base::render(result.error()).c_str());
}

/// The name of what went wrong; empty if nothing did.
template <class T>
QString failureOf(const base::Result<T>& result)
{
    return result ? QString() : text(base::nameOf(result.error().code));
}

/// A new seed each run, printed; LEFTFOLD_SEED repeats one.
inline unsigned newSeed()
{
    const unsigned seed = qEnvironmentVariableIsSet("LEFTFOLD_SEED") ? qEnvironmentVariable("LEFTFOLD_SEED").toUInt()
                                                                     : std::random_device()();
    qInfo("seed %u (LEFTFOLD_SEED repeats it)", seed);
    return seed;
}

class Random {
public:
    explicit Random(unsigned seed) : m_engine(seed) {}
    /// 0 to end - 1.
    std::uint64_t below(std::uint64_t end)
    {
        return std::uniform_int_distribution<std::uint64_t>(0, end - 1)(m_engine);
    }
    bool oneIn(std::uint64_t chances) { return below(chances) == 0; }
    std::string bytes(std::size_t count)
    {
        std::string out(count, '\0');
        for (char& byte : out) byte = static_cast<char>(below(256));
        return out;
    }

private:
    std::mt19937_64 m_engine;
};

class Folder {
public:
    [[nodiscard]] std::string path(const std::string& name = {}) const
    {
        const std::string root = m_root.path().toStdString();
        return name.empty() ? root : root + '/' + name;
    }
    [[nodiscard]] std::string made(const std::string& name) const
    {
        QDir().mkpath(QString::fromStdString(path(name)));
        return path(name);
    }

private:
    /// In memory where that can be: these tests write and sync many small files.
    static QString place()
    {
        const bool inMemory = ::access("/dev/shm", W_OK | X_OK) == 0;
        return (inMemory ? QString("/dev/shm") : QDir::tempPath()) + "/leftfold-XXXXXX";
    }
    QTemporaryDir m_root{place()};
};

inline std::string bytesOf(const std::string& path)
{
    QFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::ReadOnly)) qFatal("cannot read %s", path.c_str());
    return file.readAll().toStdString();
}

inline void write(const std::string& path, const std::string& bytes)
{
    QFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes.data(), static_cast<qint64>(bytes.size())) < 0)
        qFatal("cannot write");
}

/// An event with what the mapping below should find in it.
struct MadeEvent {
    event::Partition partition;
    std::int64_t offset = 0;
    std::optional<std::string> value;
    std::optional<std::string> key;
    std::optional<base::Time> timestamp;
    event::TimestampType timestampType = event::TimestampType::None;
    std::vector<std::pair<std::string, std::optional<std::string>>> headers;

    std::optional<std::string> id;
    std::string type;
    std::optional<base::Time> time;
    bool decodable = true;

    [[nodiscard]] event::Position position() const { return {partition, {offset}}; }
};

/// The mapping of made logs.
inline decode::Mapping madeMapping()
{
    decode::Mapping mapping;
    mapping.id = must(decode::parseFieldRef("/id"));
    mapping.type = must(decode::parseFieldRef("/type"));
    mapping.time = must(decode::parseFieldRef("/at"));
    mapping.causation = must(decode::parseFieldRef("/cause"));
    mapping.correlation = must(decode::parseFieldRef("/flow"));
    return mapping;
}

struct MadeBatch {
    std::vector<MadeEvent> events; ///< of one partition
    std::string cut; ///< empty: it may be stored only with the one behind it
    std::vector<event::Problem> problems;
    std::vector<event::Problem> tailProblems;
};
using MadeLoad = std::vector<MadeBatch>;

/// Views into storage of its own, with readable bytes behind every value.
inline event::RecordBatch toBatch(const MadeBatch& made, const event::Partition& emptyPartition = {"none", 0})
{
    auto storage = std::make_shared<std::deque<std::string>>();
    const auto keep = [&](const std::string& bytes) {
        storage->push_back(bytes + std::string(base::kReadablePadding, '\0'));
        return base::ByteView(storage->back()).substr(0, bytes.size());
    };
    event::RecordBatch batch;
    batch.partition = made.events.empty() ? emptyPartition : made.events.front().partition;
    for (const MadeEvent& event : made.events) {
        event::Record record;
        record.offset = {event.offset};
        if (event.value) record.value = keep(*event.value);
        if (event.key) record.key = keep(*event.key);
        record.timestamp = event.timestamp;
        record.timestampType = event.timestampType;
        for (const auto& [name, value] : event.headers) {
            record.headers.push_back({keep(name), value ? std::optional(keep(*value)) : std::nullopt});
        }
        batch.records.push_back(std::move(record));
    }
    batch.sourceCut = made.cut;
    batch.problems = made.problems;
    batch.tailProblems = made.tailProblems;
    batch.storage = std::move(storage);
    return batch;
}

/// What a random log looks like.
struct LogShape {
    std::uint32_t partitions = 3;
    std::size_t events = 2000; ///< of all loads
    std::size_t loads = 1;
    std::size_t ids = 50;
    std::size_t batchEvents = 60; ///< at most
    std::size_t padding = 20; ///< bytes of noise in a value, at most
    bool hot = true; ///< one id has a third of all events
    bool strange = true; ///< with tombstones, raw bytes, keys, headers, events without time, id or type
    std::uint64_t cutless = 6; ///< one batch in so many has no cut
};

/// A log whose partitions interleave in time, with times that step back, repeat and fail, offsets with gaps, and ids
/// that occur in several partitions.
class RandomLog {
public:
    RandomLog(unsigned seed, const LogShape& shape) : m_random(seed), m_shape(shape)
    {
        for (std::uint32_t i = 0; i < shape.partitions; ++i) m_next[partition(i)] = m_random.oneIn(2) ? 0 : 1000;
        for (std::size_t load = 0; load < shape.loads; ++load) addLoad(load, shape.events / shape.loads);
    }

    [[nodiscard]] const std::vector<MadeLoad>& loads() const { return m_loads; }

    /// Partition numbers are mixed, so that the order of names is not that of arrival.
    [[nodiscard]] static event::Partition partition(std::uint32_t i)
    {
        return {i % 2 ? "orders" : "stock", static_cast<std::int32_t>((i * 7) % 31)};
    }
    [[nodiscard]] std::string id(std::size_t number) const { return "agg-" + std::to_string(number); }

private:
    void addLoad(std::size_t load, std::size_t events)
    {
        MadeLoad batches;
        for (std::size_t left = events; left > 0;) {
            MadeBatch batch;
            const event::Partition at = partition(static_cast<std::uint32_t>(m_random.below(m_shape.partitions)));
            const std::size_t count = std::min<std::size_t>(left, 1 + m_random.below(m_shape.batchEvents));
            for (std::size_t i = 0; i < count; ++i) batch.events.push_back(next(at));
            left -= count;
            const bool last = left == 0;
            if (last || !m_random.oneIn(m_shape.cutless))
                batch.cut = std::to_string(load) + ":" + std::to_string(batches.size());
            batches.push_back(std::move(batch));
        }
        m_loads.push_back(std::move(batches));
    }

    base::Time nextTime()
    {
        m_clock += static_cast<std::int64_t>(m_random.below(5));
        const auto back = m_random.oneIn(8) ? static_cast<std::int64_t>(m_random.below(300)) : 0;
        const std::uint32_t nanos = m_random.oneIn(20) ? static_cast<std::uint32_t>(m_random.below(1'000'000'000)) : 0;
        return {m_clock - back, nanos};
    }

    MadeEvent next(const event::Partition& at)
    {
        MadeEvent event;
        event.partition = at;
        auto& offset = m_next[at];
        if (m_random.oneIn(15)) offset += static_cast<std::int64_t>(m_random.below(100));
        event.offset = offset++;
        if (m_shape.strange) addNative(event);
        if (m_shape.strange && m_random.oneIn(30)) {
            if (m_random.oneIn(2)) return event; // a tombstone
            event.value = m_random.bytes(m_random.below(40)) + "{"; // no JSON
            event.decodable = false;
            return event;
        }
        addValue(event);
        return event;
    }

    void addNative(MadeEvent& event)
    {
        if (m_random.oneIn(3)) event.key = m_random.bytes(m_random.below(12));
        if (m_random.oneIn(4)) {
            event.timestamp = base::Time{static_cast<std::int64_t>(m_random.below(2'000'000'000)),
                                         static_cast<std::uint32_t>(m_random.below(1000))};
            event.timestampType = m_random.oneIn(2) ? event::TimestampType::Create : event::TimestampType::LogAppend;
        }
        for (std::uint64_t i = m_random.oneIn(5) ? m_random.below(4) : 0; i > 0; --i) {
            event.headers.push_back({m_random.oneIn(2) ? "h" : m_random.bytes(3), std::nullopt});
            if (m_random.oneIn(2)) event.headers.back().second = m_random.bytes(m_random.below(9));
        }
    }

    void addValue(MadeEvent& event)
    {
        std::string json = "{\"n\":" + std::to_string(m_random.below(1000));
        if (!m_shape.strange || !m_random.oneIn(25)) {
            event.time = nextTime();
            json += ",\"at\":\"" + base::toIso(*event.time) + "\"";
        }
        if (!m_shape.strange || !m_random.oneIn(25)) {
            event.id = id(m_shape.hot && m_random.oneIn(3) ? 0 : m_random.below(m_shape.ids));
            json += ",\"id\":\"" + *event.id + "\"";
        }
        if (!m_shape.strange || !m_random.oneIn(25)) {
            event.type = "T" + std::to_string(m_random.below(6));
            json += ",\"type\":\"" + event.type + "\"";
        }
        json += ",\"cause\":" + std::to_string(m_random.below(9)) + ",\"flow\":\"f" + std::to_string(m_random.below(7))
                + "\",\"noise\":\"";
        for (std::uint64_t i = m_random.below(m_shape.padding + 1); i > 0; --i)
            json += static_cast<char>('a' + m_random.below(26));
        event.value = json + "\"}";
    }

    Random m_random;
    LogShape m_shape;
    std::map<event::Partition, std::int64_t> m_next;
    std::int64_t m_clock = 1'300'000'000;
    std::vector<MadeLoad> m_loads;
};

/// An event at its place in the replay order, by the definition: each load on its own, sorted by effective time,
/// partition and offset.
struct Placed {
    const MadeEvent* event;
    base::Time effective;
};
inline std::vector<Placed> replayOrder(const std::vector<MadeLoad>& loads)
{
    std::vector<Placed> order;
    std::map<event::Partition, base::Time> reached;
    for (const MadeLoad& load : loads) {
        std::vector<Placed> ofLoad;
        for (const MadeBatch& batch : load) {
            for (const MadeEvent& event : batch.events) {
                auto& time = reached.emplace(event.partition, base::kBeginningOfTime).first->second;
                if (event.time) time = std::max(time, *event.time);
                ofLoad.push_back({&event, time});
            }
        }
        std::ranges::stable_sort(ofLoad, [](const Placed& a, const Placed& b) {
            return std::tuple(a.effective, a.event->partition, a.event->offset)
                   < std::tuple(b.effective, b.event->partition, b.event->offset);
        });
        order.insert(order.end(), ofLoad.begin(), ofLoad.end());
    }
    return order;
}

inline WriterOptions madeOptions(const std::string& indexFolder = {})
{
    WriterOptions options;
    options.mapping = madeMapping();
    options.source = "made";
    options.indexFolder = indexFolder;
    if (!indexFolder.empty()) options.indexFields = {*options.mapping.id};
    return options;
}

/// Appends the loads from where the writer stands on, as a source would; stops after `maxBatches` with false.
inline bool appendFrom(Writer& writer, const std::vector<MadeLoad>& loads, std::size_t maxBatches = SIZE_MAX)
{
    const auto place = text(writer.sourceCut()).split(':');
    const bool begun = writer.unfinishedTarget().has_value();
    const std::size_t reached =
        place.size() == 2 ? place[0].toULongLong() + 1 : 0; // loads of which something is stored
    std::size_t load = begun ? text(*writer.unfinishedTarget()).toULongLong() : reached;
    std::size_t batch = begun && load + 1 == reached ? place[1].toULongLong() + 1 : 0;
    for (; load < loads.size(); ++load, batch = 0) {
        if (!writer.unfinishedTarget()) must(writer.begin(std::to_string(load)));
        for (; batch < loads[load].size(); ++batch) {
            if (maxBatches-- == 0) return false;
            must(writer.append(toBatch(loads[load][batch])));
        }
        must(writer.finish());
    }
    return true;
}

inline void capture(const std::string& path, const std::vector<MadeLoad>& loads,
                    const WriterOptions& options = madeOptions())
{
    const auto writer = must(Writer::create(path, options));
    appendFrom(*writer, loads);
    must(writer->close());
}

inline std::size_t batchesIn(const std::vector<MadeLoad>& loads)
{
    std::size_t count = 0;
    for (const MadeLoad& load : loads) count += load.size();
    return count;
}

/// One after the other, each piece with a writer of its own, closed or just dropped. How many sessions it took.
inline std::size_t captureInSessions(const std::string& path, const std::vector<MadeLoad>& loads, Random& random,
                                     std::size_t pieces, bool close)
{
    std::size_t sessions = 0;
    for (bool done = false; !done;) {
        const auto writer =
            must(sessions == 0 ? Writer::create(path, madeOptions()) : Writer::resume(path, madeOptions()));
        const std::size_t length = 1 + batchesIn(loads) / pieces;
        done = appendFrom(*writer, loads, sessions < 200 ? length / 2 + random.below(length) : SIZE_MAX);
        if (close || done) must(writer->close());
        ++sessions;
    }
    return sessions;
}

inline std::unique_ptr<Reader> opened(const std::string& path, const std::string& indexFolder = {})
{
    return must(Reader::open(path, {indexFolder}));
}

/// One event as a line: all that the log says of it.
inline std::string lineOf(const event::Position& position, const event::Record& record, base::Time effective,
                          std::string_view type, bool decodable, const std::optional<base::Time>& time)
{
    const auto optional = [](const std::optional<base::Time>& t) { return t ? base::toIso(*t) : std::string("-"); };
    const std::string at = effective == base::kBeginningOfTime ? "-" : base::toIso(effective);
    return toText(position) + ' ' + base::toHex(hashOf(record)) + ' ' + at + ' ' + optional(time) + ' '
           + std::string(type) + (decodable ? "" : " raw") + '\n';
}

inline std::string lineOf(const Placed& placed)
{
    MadeBatch one;
    one.events.push_back(*placed.event);
    const event::RecordBatch batch = toBatch(one);
    return lineOf(placed.event->position(), batch.records[0], placed.effective, placed.event->type,
                  placed.event->decodable, placed.event->time);
}

inline std::string expectedLines(const std::vector<MadeLoad>& loads)
{
    std::string out;
    for (const Placed& placed : replayOrder(loads)) out += lineOf(placed);
    return out;
}

/// All events in replay order, as lines; or the first error there is.
inline base::Result<std::string> linesOf(Reader& reader)
{
    std::string out;
    for (std::uint64_t i = 0; i < reader.catalog().eventCount(); ++i) {
        LEFTFOLD_TRY(const StoredEvent event, reader.event(event::EventIndex{i}));
        const event::Position position{reader.catalog().partitions()[event.location.partition], event.record.offset};
        out += lineOf(position, event.record, event.effective, event.type, !event.facts.undecodable, event.facts.time);
    }
    return out;
}

/// Everything a capture says beside the events.
inline base::Result<std::string> accountOf(Reader& reader)
{
    std::string out = reader.catalog().source() + '\n' + toJson(reader.catalog().mapping()) + '\n';
    for (const event::Partition& partition : reader.catalog().partitions()) out += toText(partition) + ' ';
    for (const LoadRow& load : reader.catalog().loads()) {
        out += "\nload " + load.target + ' ' + load.sourceCut + ' ' + std::to_string(load.complete) + ' '
               + std::to_string(load.events);
    }
    LEFTFOLD_TRY(const auto problems, reader.storedProblems());
    for (const ProblemRow& row : problems) {
        out += '\n' + toText(row.problem.position) + ' ' + base::render(row.problem.error) + (row.tail ? " tail" : "");
    }
    LEFTFOLD_TRY(const base::Hash128 identity, reader.identity());
    return out + '\n' + base::toHex(identity) + '\n';
}

/// The rows of the replay order, to the byte.
inline std::string orderRows(const std::string& path)
{
    const auto database = must(base::Database::open(path, base::Database::Mode::Read));
    auto statement = must(database->prepare("SELECT * FROM replay_order ORDER BY id"));
    std::string out;
    while (must(statement.step())) {
        for (int column = 0; column < 4; ++column) out += std::to_string(statement.integer(column)) + ' ';
        for (int column = 4; column < 6; ++column) {
            out += QByteArray(statement.bytes(column).data(), static_cast<qsizetype>(statement.bytes(column).size()))
                       .toHex()
                       .toStdString()
                   + ' ';
        }
        out += '\n';
    }
    return out;
}

/// What an index says, free of how it numbers its keys: each id with its events.
inline base::Result<std::map<std::string, std::vector<std::uint32_t>>> postingsOf(const KeyIndex& index)
{
    std::map<std::string, std::vector<std::uint32_t>> out;
    for (std::uint32_t key = 0; key < index.size(); ++key) {
        LEFTFOLD_TRY(const base::ByteView id, index.text(key));
        LEFTFOLD_TRY(const auto postings, index.postings(key));
        out[std::string(id)].assign(postings.begin(), postings.end());
    }
    return out;
}

inline std::map<std::string, std::vector<std::uint32_t>> expectedPostings(const std::vector<MadeLoad>& loads)
{
    std::map<std::string, std::vector<std::uint32_t>> out;
    std::uint32_t index = 0;
    for (const Placed& placed : replayOrder(loads)) {
        if (placed.event->id) out[*placed.event->id].push_back(index);
        ++index;
    }
    return out;
}

inline std::shared_ptr<const KeyIndex> indexById(Reader& reader)
{
    return must(KeyIndex::open(reader, *madeMapping().id, 2, {}, {}));
}

} // namespace leftfold::capture::test
