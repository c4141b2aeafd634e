// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/record.h"
#include "core/source/kafka_profile.h"
#include "core/source/kafka_source.h"
#include "tests/kafka/broker.h"

#include <QStringList>

namespace leftfold::kafka_test {

inline QString text(std::string_view bytes)
{
    return QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size()));
}

/// What loads of a Kafka log gave.
struct Loaded {
    QStringList records; ///< as kafka-console-consumer prints them with everything it can print
    QStringList positions; ///< "orders[0]@3"
    QStringList problems; ///< "orders[0]@3 text"
    std::vector<base::Hash128> hashes; ///< of the records
    std::string cut;
    QString error; ///< of the function that failed; empty: none did
};

/// A record as kafka-console-consumer prints it; null is NULL.
inline QString asConsoleLine(const event::Partition& partition, const event::Record& record)
{
    using event::TimestampType;
    const auto shown = [](const std::optional<base::ByteView>& bytes) {
        return bytes ? text(*bytes) : QString("NULL");
    };
    QStringList headers;
    for (const event::Header& header : record.headers) headers.append(text(header.name) + ':' + shown(header.value));
    const char* const type = record.timestampType == TimestampType::LogAppend ? "LogAppendTime" : "CreateTime";
    const qint64 ms = record.timestamp ? record.timestamp->seconds * 1000 + record.timestamp->nanos / 1'000'000 : -1;
    return QString("%1:%2\tPartition:%3\tOffset:%4\t%5\t%6\t%7")
        .arg(type)
        .arg(ms)
        .arg(partition.number)
        .arg(record.offset.value)
        .arg(headers.isEmpty() ? QString("NO_HEADERS") : headers.join(','), shown(record.key), shown(record.value));
}

inline void add(Loaded& loaded, const event::RecordBatch& batch)
{
    for (const event::Record& record : batch.records) {
        loaded.records.append(asConsoleLine(batch.partition, record));
        loaded.positions.append(text(toText(event::Position{batch.partition, record.offset})));
        loaded.hashes.push_back(event::hashOf(record));
    }
    for (const event::Problem& problem : batch.problems)
        loaded.problems.append(text(toText(problem.position)) + ' ' + text(base::render(problem.error)));
    if (!batch.sourceCut.empty()) loaded.cut = batch.sourceCut;
}

/// Loads of one log, one after the other, with connections of its own.
class Loads {
public:
    explicit Loads(const QString& url, const source::KafkaOptions& options = {})
    {
        const auto address = source::parseKafkaAddress(url.toStdString());
        if (!address) {
            m_loaded.error = text(base::render(address.error()));
            return;
        }
        auto source = source::openKafka(*address, source::plainConnection(address->brokers), options, m_draining);
        if (!source) m_loaded.error = text(base::render(source.error()));
        if (source) m_source = std::move(*source);
    }
    ~Loads()
    {
        m_source.reset();
        m_draining->wait(std::chrono::seconds(10));
    }
    Loads(const Loads&) = delete;
    Loads& operator=(const Loads&) = delete;

    [[nodiscard]] source::EventSource& source() { return *m_source; }
    void standAt(const std::string& cut) { m_loaded.cut = cut; }

    /// A load to where the log ends now, or of so many batches; `between` is called after each.
    const Loaded& load(std::size_t maxBatches = SIZE_MAX, const std::function<void()>& between = {})
    {
        if (!m_source) return m_loaded;
        const auto target = m_source->target();
        if (!target) {
            m_loaded.error = text(base::render(target.error()));
            return m_loaded;
        }
        return loadTo(*target, maxBatches, between);
    }

    const Loaded& loadTo(const std::string& target, std::size_t maxBatches = SIZE_MAX,
                         const std::function<void()>& between = {})
    {
        m_loaded.error.clear();
        const auto opened = m_source->open(m_loaded.cut, target, {});
        if (!opened) m_loaded.error = text(base::render(opened.error()));
        for (std::size_t i = 0; opened && i < maxBatches; ++i) {
            auto batch = m_source->read({});
            if (!batch) m_loaded.error = text(base::render(batch.error()));
            if (!batch || !*batch) break;
            add(m_loaded, **batch);
            if (between) between();
        }
        return m_loaded;
    }

private:
    std::shared_ptr<source::Draining> m_draining = std::make_shared<source::Draining>();
    std::unique_ptr<source::EventSource> m_source;
    Loaded m_loaded;
};

inline Loaded load(const QString& url)
{
    return Loads(url).load();
}

} // namespace leftfold::kafka_test
