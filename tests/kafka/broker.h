// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QElapsedTimer>
#include <QList>
#include <QMap>
#include <QProcess>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>
#include <QTest>

#include <functional>
#include <memory>
#include <optional>
#include <string>

struct rd_kafka_s;

namespace leftfold::kafka_test {

/// A real broker for one test program, made and started by installer/test-broker. It ends with this object, and with the
/// program however that ends.
class Broker {
public:
    struct Options {
        QStringList settings{}; ///< lines of server.properties
        bool secure = false;
        bool logsRequests = false;
    };
    /// Waits until it answers. Throws std::runtime_error with its log where it does not.
    explicit Broker(const Options& options);
    ~Broker();
    Broker(const Broker&) = delete;
    Broker& operator=(const Broker&) = delete;

    [[nodiscard]] const QString& address() const { return m_address; }
    [[nodiscard]] const QString& version() const { return m_version; }
    [[nodiscard]] QString url(const QString& topics) const { return "kafka://" + m_address + "/" + topics; }
    [[nodiscard]] QString path(const QString& name) const { return m_folder.filePath(name); }
    /// What secure.env says: "SASL_SSL" gives the address of that listener.
    [[nodiscard]] QString secure(const QString& name) const;
    [[nodiscard]] QByteArray file(const QString& name) const;

    /// kill -9; `start` brings it back with all its data, at the same port.
    void kill();
    void start();
    void freeze() const;
    void thaw() const;

    /// The output of a tool of Kafka. Throws where it fails.
    [[nodiscard]] QByteArray tool(const QStringList& arguments) const;

    void createTopic(const QString& name, int partitions, const QMap<QString, QString>& settings = {}) const;
    void deleteTopic(const QString& name) const;
    void addPartitions(const QString& name, int total) const;
    /// Deletes what is before `offset`.
    void trim(const QString& topic, int partition, qint64 offset) const;
    void setCommitted(const QString& group, const QString& topic, int partition, qint64 offset) const;
    [[nodiscard]] QStringList topics() const;

    /// For the line that says how many tests ran against it.
    void countTest() { ++m_tests; }

private:
    void waitUntilStarted(qint64 logBytes);
    [[nodiscard]] bool commits(const QString& group, const QString& topic, int partition, qint64 offset) const;

    QTemporaryDir m_folder;
    QProcess m_process;
    Options m_options;
    QString m_address;
    QString m_version;
    int m_tests = 0;
};

/// What stands in a record, to be produced.
struct Message {
    std::optional<QByteArray> key{};
    std::optional<QByteArray> value{};
    qint64 time = 0; ///< 0: now
    QList<std::pair<QByteArray, std::optional<QByteArray>>> headers{};
};

/// A producer; what it is given is on the broker when `flush` returns.
class Producer {
public:
    explicit Producer(const Broker& broker, const QMap<QString, QString>& settings = {});
    ~Producer();
    Producer(const Producer&) = delete;
    Producer& operator=(const Producer&) = delete;

    void send(const QString& topic, int partition, const Message& message);
    void flush();
    void begin();
    void commit();
    void abort();

private:
    rd_kafka_s* m_handle = nullptr;
};

/// Waits until it is so; false where it is not after a minute.
[[nodiscard]] bool eventually(const std::function<bool()>& isSo);

/// The broker of a test program; null where none can be had here, with the reason in `why`.
[[nodiscard]] std::unique_ptr<Broker> startBroker(const Broker::Options& options, QString& why);

} // namespace leftfold::kafka_test

/// In initTestCase: a test that cannot reach its broker fails in continuous integration, elsewhere it is skipped.
#define LEFTFOLD_START_BROKER(target, ...)                                             \
    do {                                                                               \
        QString why;                                                                   \
        (target) = leftfold::kafka_test::startBroker({__VA_ARGS__}, why);              \
        if (!(target) && qEnvironmentVariable("CI") == "true") QFAIL(qPrintable(why)); \
        if (!(target)) QSKIP(qPrintable(why));                                         \
    } while (false)
