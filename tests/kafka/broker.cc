// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/kafka/broker.h"

#include "tests/app/signal_to.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QThread>

#include <array>
#include <csignal>
#include <librdkafka/rdkafka.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <unistd.h>

namespace leftfold::kafka_test {

namespace {

constexpr auto kScript = LEFTFOLD_SOURCE_DIR "/installer/test-broker";
constexpr int kMaxMs = 120'000;

[[noreturn]] void give(const QString& why)
{
    throw std::runtime_error(why.toStdString());
}

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// A handle for administration, or to produce.
rd_kafka_t* makeHandle(const QString& address, const QMap<QString, QString>& settings)
{
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    std::array<char, 512> why{};
    QMap<QString, QString> all = settings;
    all.insert("bootstrap.servers", address);
    all.insert("log_level", "0");
    for (auto it = all.cbegin(); it != all.cend(); ++it) {
        if (rd_kafka_conf_set(conf, qPrintable(it.key()), qPrintable(it.value()), why.data(), why.size())
            != RD_KAFKA_CONF_OK)
            give(why.data());
    }
    rd_kafka_t* handle = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why.data(), why.size());
    if (handle == nullptr) give(why.data());
    return handle;
}

void check(rd_kafka_error_t* error)
{
    if (error == nullptr) return;
    const QString why = rd_kafka_error_string(error);
    rd_kafka_error_destroy(error);
    give(why);
}

/// Asks an administrator's question and waits for its answer.
void administer(const QString& address, const std::function<void(rd_kafka_t*, rd_kafka_queue_t*)>& ask,
                const std::function<void(const rd_kafka_event_t*)>& checkResults)
{
    rd_kafka_t* handle = makeHandle(address, {});
    rd_kafka_queue_t* queue = rd_kafka_queue_new(handle);
    ask(handle, queue);
    rd_kafka_event_t* event = rd_kafka_queue_poll(queue, kMaxMs);
    QString why = event == nullptr ? QString("no answer") : QString();
    if (event != nullptr && rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR)
        why = rd_kafka_event_error_string(event);
    if (why.isEmpty()) {
        try {
            checkResults(event);
        } catch (const std::exception& error) {
            why = error.what();
        }
    }
    rd_kafka_event_destroy(event);
    rd_kafka_queue_destroy(queue);
    rd_kafka_destroy(handle);
    if (!why.isEmpty()) give(why);
}

void checkTopics(const rd_kafka_topic_result_t** results, size_t count)
{
    for (size_t i = 0; i < count; ++i) {
        if (rd_kafka_topic_result_error(results[i]) != RD_KAFKA_RESP_ERR_NO_ERROR)
            give(rd_kafka_topic_result_error_string(results[i]));
    }
}

} // namespace

Broker::Broker(const Options& options) : m_options(options)
{
    if (!m_folder.isValid()) give("no folder for a broker");
    start();
}

Broker::~Broker()
{
    if (m_process.state() != QProcess::NotRunning) kill();
    const QString line = QString("Kafka %1: %2 tests of %3 ran against it")
                             .arg(m_version)
                             .arg(m_tests)
                             .arg(QCoreApplication::applicationName());
    qInfo().noquote() << line;
    const QString tally = qEnvironmentVariable("LEFTFOLD_BROKER_TALLY");
    QFile file(tally);
    if (!tally.isEmpty() && file.open(QIODevice::Append)) file.write(line.toUtf8() + '\n');
}

void Broker::start()
{
    const qint64 before = QFileInfo(path("server.log")).size();
    QStringList arguments{"run", "--folder", m_folder.path()};
    if (m_options.secure) arguments += "--secure";
    for (const QString& setting : m_options.settings) arguments += {"--set", setting};
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert("LEFTFOLD_BROKER_REQUESTS", m_options.logsRequests ? "DEBUG" : "WARN");
    m_process.setProcessEnvironment(environment);
    m_process.setStandardOutputFile(path("console.log"));
    m_process.setStandardErrorFile(path("console.err"));
    m_process.setStandardInputFile("/dev/null");
    // Whatever happens to this program, the broker does not outlive it. The script becomes the broker: the same process.
    m_process.setChildProcessModifier([parent = ::getpid()] {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent) ::_exit(1);
    });
    m_process.start(kScript, arguments);
    if (!m_process.waitForStarted(kMaxMs)) give("installer/test-broker cannot be started");
    waitUntilStarted(before);
    m_address = contentOf(path("address")).trimmed();
    m_version = contentOf(path("version")).trimmed();
}

void Broker::waitUntilStarted(qint64 logBytes)
{
    QElapsedTimer timer;
    timer.start();
    while (!contentOf(path("server.log")).mid(logBytes).contains("Kafka Server started")) {
        const bool ended = m_process.waitForFinished(20);
        if (!ended && timer.elapsed() < 2 * kMaxMs) continue;
        give("the broker did not start: " + contentOf(path("console.err")).right(2000)
             + contentOf(path("server.log")).right(2000));
    }
}

QString Broker::secure(const QString& name) const
{
    for (const QByteArray& line : contentOf(path("secure.env")).split('\n')) {
        if (line.startsWith(name.toUtf8() + '=')) return line.mid(name.size() + 1);
    }
    return {};
}

QByteArray Broker::file(const QString& name) const
{
    return contentOf(path(name));
}

void Broker::kill()
{
    m_process.kill();
    m_process.waitForFinished(kMaxMs);
}

void Broker::freeze() const
{
    if (!signalTo(m_process, SIGSTOP)) give("no broker to freeze");
}

void Broker::thaw() const
{
    if (!signalTo(m_process, SIGCONT)) give("no broker to thaw");
}

QByteArray Broker::tool(const QStringList& arguments) const
{
    QProcess process;
    process.start(kScript, QStringList{"tool", "--folder", m_folder.path()} + arguments);
    if (!process.waitForFinished(kMaxMs) || process.exitCode() != 0) {
        process.kill();
        process.waitForFinished();
        give(arguments.join(' ') + ": " + process.readAllStandardError() + process.readAllStandardOutput());
    }
    return process.readAllStandardOutput();
}

void Broker::createTopic(const QString& name, int partitions, const QMap<QString, QString>& settings) const
{
    std::array<char, 512> why{};
    rd_kafka_NewTopic_t* topic = rd_kafka_NewTopic_new(qPrintable(name), partitions, 1, why.data(), why.size());
    for (auto it = settings.cbegin(); it != settings.cend(); ++it)
        rd_kafka_NewTopic_set_config(topic, qPrintable(it.key()), qPrintable(it.value()));
    administer(
        m_address,
        [&](rd_kafka_t* handle, rd_kafka_queue_t* queue) { rd_kafka_CreateTopics(handle, &topic, 1, nullptr, queue); },
        [](const rd_kafka_event_t* event) {
            size_t count = 0;
            checkTopics(rd_kafka_CreateTopics_result_topics(
                            rd_kafka_event_CreateTopics_result(const_cast<rd_kafka_event_t*>(event)), &count),
                        count);
        });
    rd_kafka_NewTopic_destroy(topic);
}

void Broker::deleteTopic(const QString& name) const
{
    rd_kafka_DeleteTopic_t* topic = rd_kafka_DeleteTopic_new(qPrintable(name));
    administer(
        m_address,
        [&](rd_kafka_t* handle, rd_kafka_queue_t* queue) { rd_kafka_DeleteTopics(handle, &topic, 1, nullptr, queue); },
        [](const rd_kafka_event_t* event) {
            size_t count = 0;
            checkTopics(rd_kafka_DeleteTopics_result_topics(
                            rd_kafka_event_DeleteTopics_result(const_cast<rd_kafka_event_t*>(event)), &count),
                        count);
        });
    rd_kafka_DeleteTopic_destroy(topic);
    if (!eventually([&] { return !topics().contains(name); })) give("the topic is still there");
}

void Broker::addPartitions(const QString& name, int total) const
{
    std::array<char, 512> why{};
    rd_kafka_NewPartitions_t* more =
        rd_kafka_NewPartitions_new(qPrintable(name), static_cast<size_t>(total), why.data(), why.size());
    administer(
        m_address,
        [&](rd_kafka_t* handle, rd_kafka_queue_t* queue) {
            rd_kafka_CreatePartitions(handle, &more, 1, nullptr, queue);
        },
        [](const rd_kafka_event_t* event) {
            size_t count = 0;
            checkTopics(rd_kafka_CreatePartitions_result_topics(
                            rd_kafka_event_CreatePartitions_result(const_cast<rd_kafka_event_t*>(event)), &count),
                        count);
        });
    rd_kafka_NewPartitions_destroy(more);
}

void Broker::trim(const QString& topic, int partition, qint64 offset) const
{
    rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, qPrintable(topic), partition)->offset = offset;
    rd_kafka_DeleteRecords_t* records = rd_kafka_DeleteRecords_new(list);
    rd_kafka_topic_partition_list_destroy(list);
    administer(
        m_address,
        [&](rd_kafka_t* handle, rd_kafka_queue_t* queue) {
            rd_kafka_DeleteRecords(handle, &records, 1, nullptr, queue);
        },
        [](const rd_kafka_event_t* event) {
            const auto result = rd_kafka_DeleteRecords_result_offsets(
                rd_kafka_event_DeleteRecords_result(const_cast<rd_kafka_event_t*>(event)));
            if (result->elems[0].err != RD_KAFKA_RESP_ERR_NO_ERROR) give(rd_kafka_err2str(result->elems[0].err));
        });
    rd_kafka_DeleteRecords_destroy(records);
}

void Broker::setCommitted(const QString& group, const QString& topic, int partition, qint64 offset) const
{
    // The first commit of all makes the topic that commits are kept in, whose leader needs a moment.
    if (!eventually([&] { return commits(group, topic, partition, offset); })) give("the offset was not committed");
}

bool Broker::commits(const QString& group, const QString& topic, int partition, qint64 offset) const
{
    bool isCommitted = true;
    rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, qPrintable(topic), partition)->offset = offset;
    rd_kafka_AlterConsumerGroupOffsets_t* alter = rd_kafka_AlterConsumerGroupOffsets_new(qPrintable(group), list);
    rd_kafka_topic_partition_list_destroy(list);
    administer(
        m_address,
        [&](rd_kafka_t* handle, rd_kafka_queue_t* queue) {
            rd_kafka_AlterConsumerGroupOffsets(handle, &alter, 1, nullptr, queue);
        },
        [&](const rd_kafka_event_t* event) {
            size_t count = 0;
            const auto groups = rd_kafka_AlterConsumerGroupOffsets_result_groups(
                rd_kafka_event_AlterConsumerGroupOffsets_result(const_cast<rd_kafka_event_t*>(event)), &count);
            for (size_t i = 0; i < count; ++i) {
                if (const auto* error = rd_kafka_group_result_error(groups[i])) give(rd_kafka_error_string(error));
                const auto* partitions = rd_kafka_group_result_partitions(groups[i]);
                isCommitted =
                    isCommitted && partitions->cnt == 1 && partitions->elems[0].err == RD_KAFKA_RESP_ERR_NO_ERROR;
            }
        });
    rd_kafka_AlterConsumerGroupOffsets_destroy(alter);
    return isCommitted;
}

QStringList Broker::topics() const
{
    rd_kafka_t* handle = makeHandle(m_address, {});
    const rd_kafka_metadata_t* metadata = nullptr;
    const auto code = rd_kafka_metadata(handle, 1, nullptr, &metadata, kMaxMs);
    QStringList names;
    for (int i = 0; code == RD_KAFKA_RESP_ERR_NO_ERROR && i < metadata->topic_cnt; ++i)
        names.append(metadata->topics[i].topic);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) rd_kafka_metadata_destroy(metadata);
    rd_kafka_destroy(handle);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) give(rd_kafka_err2str(code));
    return names;
}

Producer::Producer(const Broker& broker, const QMap<QString, QString>& settings)
    : m_handle(makeHandle(broker.address(), settings))
{
    if (settings.contains("transactional.id")) check(rd_kafka_init_transactions(m_handle, kMaxMs));
}

Producer::~Producer()
{
    rd_kafka_destroy(m_handle);
}

void Producer::send(const QString& topic, int partition, const Message& message)
{
    const QByteArray name = topic.toUtf8();
    rd_kafka_headers_t* headers = rd_kafka_headers_new(4);
    for (const auto& [header, value] : message.headers) {
        rd_kafka_header_add(headers, header.data(), header.size(), value ? value->data() : nullptr,
                            value ? value->size() : 0);
    }
    // Empty, but there: librdkafka tells the difference by the pointer.
    const auto bytes = [](const std::optional<QByteArray>& text) {
        return text ? static_cast<const void*>(text->constData()) : nullptr;
    };
    const auto size = [](const std::optional<QByteArray>& text) {
        return text ? static_cast<size_t>(text->size()) : 0;
    };
    for (;;) {
        const auto code = rd_kafka_producev(
            m_handle, RD_KAFKA_V_TOPIC(name.constData()), RD_KAFKA_V_PARTITION(partition),
            RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_KEY(bytes(message.key), size(message.key)),
            RD_KAFKA_V_VALUE(const_cast<void*>(bytes(message.value)), size(message.value)),
            RD_KAFKA_V_TIMESTAMP(message.time), RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END);
        if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return;
        if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL) give(rd_kafka_err2str(code));
        rd_kafka_poll(m_handle, 10);
    }
}

void Producer::flush()
{
    const auto code = rd_kafka_flush(m_handle, kMaxMs);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) give(rd_kafka_err2str(code));
}

void Producer::begin()
{
    check(rd_kafka_begin_transaction(m_handle));
}

void Producer::commit()
{
    check(rd_kafka_commit_transaction(m_handle, kMaxMs));
}

void Producer::abort()
{
    flush();
    check(rd_kafka_abort_transaction(m_handle, kMaxMs));
}

bool eventually(const std::function<bool()>& isSo)
{
    QElapsedTimer timer;
    for (timer.start(); timer.elapsed() < 60'000; QThread::msleep(50)) {
        if (isSo()) return true;
    }
    return isSo();
}

std::unique_ptr<Broker> startBroker(const Broker::Options& options, QString& why)
{
    try {
        return std::make_unique<Broker>(options);
    } catch (const std::exception& error) {
        why = error.what();
        return nullptr;
    }
}

} // namespace leftfold::kafka_test
