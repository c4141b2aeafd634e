// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/source/draining.h"
#include "core/source/kafka_address.h"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

struct rd_kafka_s;

namespace leftfold::source {

/// Where tokens come from: OAuth 2.0 client credentials (RFC 6749, 4.4).
struct TokenClient {
    std::string url; ///< the token endpoint, https
    std::string clientId;
    std::string clientSecret;
    std::string scope;
    std::string caFile; ///< PEM; empty: the system's authorities
};

/// How a cluster is reached. Holds secrets: never shown, never stored.
struct KafkaConnection {
    std::string name; ///< what a person calls it: its brokers, or its profile
    std::map<std::string, std::string> properties; ///< of librdkafka, bootstrap.servers among them
    std::optional<TokenClient> tokens; ///< for OAUTHBEARER
};

/// A client of a cluster that only reads, and leaves no trace: it has no group, commits nothing, creates nothing, sends no
/// metrics. Its handle is librdkafka's; every blocking call goes through `ask`.
class KafkaClient : public std::enable_shared_from_this<KafkaClient> {
public:
    /// Connects to nothing yet. Fails with KafkaProperty.
    [[nodiscard]] static base::Result<std::shared_ptr<KafkaClient>> make(const KafkaConnection& connection,
                                                                         Isolation isolation,
                                                                         std::shared_ptr<Draining> draining);
    /// Returns at once: the handle is closed in the draining list.
    ~KafkaClient();
    KafkaClient(const KafkaClient&) = delete;
    KafkaClient& operator=(const KafkaClient&) = delete;

    [[nodiscard]] rd_kafka_s* handle() const { return m_handle; }
    [[nodiscard]] const std::string& name() const { return m_name; }

    /// Serves what librdkafka wants to tell, for so long.
    void listen(std::chrono::milliseconds timeout);
    /// What went wrong with the connection last, since the last good answer.
    [[nodiscard]] std::optional<base::Error> trouble() const;
    /// Whether that is nothing that goes away by waiting: a wrong password, an unknown authority.
    [[nodiscard]] bool isRefused() const;
    /// A good answer came.
    void forgetTrouble();

    /// Asks a question that may block for `kAnswerTime`. Cancelled within 50 ms of a stop, and fails soon where the trouble is
    /// decisive; the call then ends in the draining list.
    template <class Value>
    [[nodiscard]] base::Result<Value> ask(std::function<base::Result<Value>(KafkaClient&)> question,
                                          std::stop_token stop)
    {
        struct Answer {
            std::mutex mutex;
            std::optional<base::Result<Value>> value;
        };
        auto answer = std::make_shared<Answer>();
        Draining::start(m_draining, [client = shared_from_this(), question = std::move(question), answer] {
            auto value = question(*client);
            const std::lock_guard lock(answer->mutex);
            answer->value.emplace(std::move(value));
        });
        const auto begin = std::chrono::steady_clock::now();
        for (auto wait = std::chrono::milliseconds(1);; wait = std::min(2 * wait, kLook)) {
            listen(wait);
            {
                const std::lock_guard lock(answer->mutex);
                if (answer->value) return std::move(*answer->value);
            }
            if (stop.stop_requested()) return base::fail(base::ErrorCode::Cancelled);
            if (hasFailedSince(begin)) return tl::unexpected(*trouble());
        }
    }

    /// Asks a question whose answer nobody waits for.
    void tell(std::function<void(KafkaClient&)> question)
    {
        Draining::start(m_draining,
                        [client = shared_from_this(), question = std::move(question)] { question(*client); });
    }

    static constexpr std::chrono::milliseconds kAnswerTime{10'000};

private:
    static constexpr std::chrono::milliseconds kLook{20};
    struct Told;
    explicit KafkaClient(const KafkaConnection& connection, std::shared_ptr<Draining> draining);
    [[nodiscard]] bool hasFailedSince(std::chrono::steady_clock::time_point begin) const;

    std::string m_name;
    std::shared_ptr<Draining> m_draining;
    std::shared_ptr<Told> m_told; ///< what librdkafka's threads tell, as long as the handle lives
    rd_kafka_s* m_handle = nullptr;
};

/// An error code of librdkafka with its text, as an error a person can act on. `at` names the broker, `what` the topic or
/// whatever else it is about.
[[nodiscard]] base::Error kafkaError(int code, const std::string& text, const std::string& at, const std::string& what);

} // namespace leftfold::source
