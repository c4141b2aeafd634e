// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/kafka_client.h"

#include "core/source/kafka_token.h"

#include <array>
#include <cstdlib>
#include <librdkafka/rdkafka.h>
#include <openssl/x509_vfy.h>

namespace leftfold::source {

namespace {

using base::Error;
using base::ErrorCode;
using base::Result;

constexpr std::size_t kReasonBytes = 512;

/// What reading asks of librdkafka. A profile may change how much is fetched at once, but nothing that would leave a trace.
const std::map<std::string, std::string> kDefaults = {
    {"client.id", "leftfold"},
    {"fetch.message.max.bytes", "1048576"}, // of a partition, at once
    {"fetch.max.bytes", "8388608"}, // of a broker, at once
    {"queued.max.messages.kbytes", "16384"}, // bounded by bytes, not by number
    {"queued.min.messages", "10000000"},
    {"fetch.wait.max.ms", "100"},
    {"fetch.error.backoff.ms", "20"}, // also how long a full queue makes a partition wait
    {"check.crcs", "true"},
    {"reconnect.backoff.max.ms", "2000"},
    {"socket.keepalive.enable", "true"},
    {"log_level", "4"},
};
const std::map<std::string, std::string> kFixed = {
    {"allow.auto.create.topics", "false"}, {"enable.partition.eof", "true"}, {"enable.auto.commit", "false"},
    {"enable.auto.offset.store", "false"}, {"auto.offset.reset", "error"},
};

Result<void> set(rd_kafka_conf_t* conf, const std::string& name, const std::string& value)
{
    std::array<char, kReasonBytes> why{};
    const auto done = rd_kafka_conf_set(conf, name.c_str(), value.c_str(), why.data(), why.size());
    if (done == RD_KAFKA_CONF_OK) return {};
    // The text quotes the value, which may be a secret.
    const bool unknown = done == RD_KAFKA_CONF_UNKNOWN;
    return base::fail(ErrorCode::KafkaProperty, name,
                      unknown ? "librdkafka does not know it" : "librdkafka does not take its value");
}

Result<void> setAll(rd_kafka_conf_t* conf, const KafkaConnection& connection, Isolation isolation)
{
    for (const auto& [name, value] : kDefaults) {
        if (!connection.properties.contains(name)) LEFTFOLD_CHECK(set(conf, name, value));
    }
    for (const auto& [name, value] : connection.properties) {
        if (name == "group.id" || name == "group.instance.id") continue;
        LEFTFOLD_CHECK(set(conf, name, value));
    }
    for (const auto& [name, value] : kFixed) LEFTFOLD_CHECK(set(conf, name, value));
    return set(conf, "isolation.level", std::string(nameOf(isolation)));
}

/// Where librdkafka says "ssl://host:port/bootstrap: what happened": the two parts.
struct Reason {
    std::string broker;
    std::string what;
};
Reason reasonOf(const std::string& text)
{
    const std::size_t end = text.find(": ");
    if (end == std::string::npos || text.find('/') > end) return {{}, text};
    std::string broker = text.substr(0, end);
    if (const std::size_t scheme = broker.find("://"); scheme != std::string::npos) broker.erase(0, scheme + 3);
    broker.erase(std::min(broker.find('/'), broker.size()));
    return {broker, text.substr(end + 2)};
}

bool isDecisive(ErrorCode code)
{
    return code == ErrorCode::KafkaNoResolve || code == ErrorCode::KafkaNoConnection || code == ErrorCode::KafkaTls
           || code == ErrorCode::KafkaSasl || code == ErrorCode::KafkaToken;
}

/// What stays so until somebody does something.
bool isRefusal(ErrorCode code)
{
    return code == ErrorCode::KafkaTls || code == ErrorCode::KafkaSasl;
}

bool contains(const std::string& text, const char* part)
{
    return text.find(part) != std::string::npos;
}

std::string tlsAdvice(const std::string& why)
{
    if (contains(why, "expired") || contains(why, "not yet valid"))
        return "the broker's certificate has to be renewed, or this machine's clock is wrong";
    if (contains(why, "issuer") || contains(why, "self-signed") || contains(why, "self signed"))
        return "name the file with the authority that signed the broker's certificate in the profile (ssl.ca.location)";
    if (contains(why, "mismatch"))
        return "the certificate is made for another name than the one this broker is reached by";
    if (contains(why, "alert") || contains(why, "certificate required"))
        return "the broker wants a client certificate that it trusts (ssl.certificate.location, ssl.key.location)";
    if (contains(why, "unsupported protocol") || contains(why, "wrong version") || contains(why, "Disconnected"))
        return "does the broker speak TLS at this port?";
    return "check the certificates of the profile";
}

} // namespace

Error kafkaError(int code, const std::string& text, const std::string& at, const std::string& what)
{
    const auto make = [](ErrorCode error, std::vector<std::string> args) { return Error{error, std::move(args), {}}; };
    switch (code) {
    case RD_KAFKA_RESP_ERR__RESOLVE:
        return make(ErrorCode::KafkaNoResolve, {at, text});
    case RD_KAFKA_RESP_ERR__SSL:
        return make(ErrorCode::KafkaTls, {at, text, tlsAdvice(text)});
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM:
        return make(ErrorCode::KafkaSasl, {at, text});
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
    case RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE:
    case RD_KAFKA_RESP_ERR__WAIT_COORD:
        return make(ErrorCode::KafkaNoConnection, {at, text});
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
        return make(ErrorCode::KafkaNotAllowed, {"topic " + what, text});
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
        return make(ErrorCode::KafkaNotAllowed, {"group " + what, text});
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
        return make(ErrorCode::KafkaNotAllowed, {"the cluster " + at, text});
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
        return make(ErrorCode::KafkaNoTopic, {what, at});
    case RD_KAFKA_RESP_ERR__BAD_MSG:
    case RD_KAFKA_RESP_ERR__BAD_COMPRESSION:
    case RD_KAFKA_RESP_ERR_INVALID_MSG:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_COMPRESSION_TYPE:
        return make(ErrorCode::KafkaDamaged, {what, text});
    default:
        return make(ErrorCode::KafkaFailed, {what.empty() ? at : what, text});
    }
}

/// What librdkafka tells, on whatever thread.
struct KafkaClient::Told {
    const std::string name;
    const std::optional<TokenClient> tokens;
    std::mutex mutex;
    std::optional<Error> trouble;
    bool refused = false;
    std::string certificate; ///< what is wrong with the broker's
    std::string token; ///< why there is none

    static Told& of(void* opaque) { return *static_cast<Told*>(opaque); }

    Error found(int code, const char* reason) const
    {
        Reason told = reasonOf(reason);
        if (told.broker.empty()) told.broker = name;
        if (!token.empty()) return {ErrorCode::KafkaToken, {tokens ? tokens->url : name, token}, {}};
        // librdkafka says only that the certificate was refused.
        if (code == RD_KAFKA_RESP_ERR__SSL && !certificate.empty()) told.what = certificate;
        return kafkaError(code, told.what, told.broker, {});
    }

    static void error(rd_kafka_t*, int code, const char* reason, void* opaque)
    {
        Told& self = of(opaque);
        const std::lock_guard lock(self.mutex);
        // That all brokers are down says less than what was said before: why each one is.
        if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN && self.trouble) return;
        Error found = self.found(code, reason);
        // After a refusal the connection is closed, which is no news.
        if (self.refused && !isRefusal(found.code)) return;
        self.refused = isRefusal(found.code);
        self.trouble = std::move(found);
    }

    static int verify(rd_kafka_t*, const char*, std::int32_t, int* x509Error, int, const char*, std::size_t, char* why,
                      std::size_t size, void* opaque)
    {
        if (*x509Error == X509_V_OK) return 1;
        Told& self = of(opaque);
        const std::lock_guard lock(self.mutex);
        self.certificate = X509_verify_cert_error_string(*x509Error);
        const std::size_t length = std::min(size - 1, self.certificate.size());
        self.certificate.copy(why, length);
        why[length] = '\0';
        return 0;
    }

    /// Empty, or why there is no token.
    std::string renewToken(rd_kafka_t* handle) const
    {
        if (!tokens) return "the profile names no token endpoint";
        const auto fetched = fetchToken(*tokens);
        if (!fetched) return fetched.error().args.back();
        std::array<char, kReasonBytes> why{};
        const auto done = rd_kafka_oauthbearer_set_token(handle, fetched->value.c_str(), fetched->expiresAtMs,
                                                         fetched->subject.c_str(), nullptr, 0, why.data(), why.size());
        return done == RD_KAFKA_RESP_ERR_NO_ERROR ? std::string() : why.data();
    }

    static void refreshToken(rd_kafka_t* handle, const char*, void* opaque)
    {
        Told& self = of(opaque);
        const std::string why = self.renewToken(handle);
        {
            const std::lock_guard lock(self.mutex);
            self.token = why;
            if (why.empty()) return;
            self.trouble = self.found(RD_KAFKA_RESP_ERR__AUTHENTICATION, "");
        }
        rd_kafka_oauthbearer_set_token_failure(handle, why.c_str());
    }

    /// Never on standard error: what matters comes as an error, too.
    static void log(const rd_kafka_t*, int, const char*, const char*) {}
};

KafkaClient::KafkaClient(const KafkaConnection& connection, std::shared_ptr<Draining> draining)
    : m_name(connection.name),
      m_draining(std::move(draining)),
      m_told(new Told{connection.name, connection.tokens, {}, {}, false, {}, {}})
{}

Result<std::shared_ptr<KafkaClient>> KafkaClient::make(const KafkaConnection& connection, Isolation isolation,
                                                       std::shared_ptr<Draining> draining)
{
    std::shared_ptr<KafkaClient> client(new KafkaClient(connection, std::move(draining)));
    std::unique_ptr<rd_kafka_conf_t, decltype(&rd_kafka_conf_destroy)> conf(rd_kafka_conf_new(),
                                                                            &rd_kafka_conf_destroy);
    LEFTFOLD_CHECK(setAll(conf.get(), connection, isolation));
    rd_kafka_conf_set_opaque(conf.get(), client->m_told.get());
    rd_kafka_conf_set_error_cb(conf.get(), &Told::error);
    rd_kafka_conf_set_log_cb(conf.get(), &Told::log);
    (void)rd_kafka_conf_set_ssl_cert_verify_cb(conf.get(), &Told::verify);
    if (connection.tokens) {
        rd_kafka_conf_set_oauthbearer_token_refresh_cb(conf.get(), &Told::refreshToken);
        rd_kafka_conf_enable_sasl_queue(conf.get(), 1);
    }
    std::array<char, kReasonBytes> why{};
    client->m_handle = rd_kafka_new(RD_KAFKA_CONSUMER, conf.get(), why.data(), why.size());
    if (client->m_handle == nullptr) return base::fail(ErrorCode::KafkaFailed, client->m_name, why.data());
    (void)conf.release(); // the handle has it now
    if (connection.tokens) rd_kafka_error_destroy(rd_kafka_sasl_background_callbacks_enable(client->m_handle));
    return client;
}

KafkaClient::~KafkaClient()
{
    if (m_handle == nullptr) return;
    Draining::start(m_draining, [handle = m_handle, told = m_told] { rd_kafka_destroy(handle); });
}

void KafkaClient::listen(std::chrono::milliseconds timeout)
{
    rd_kafka_poll(m_handle, static_cast<int>(timeout.count()));
}

std::optional<Error> KafkaClient::trouble() const
{
    const std::lock_guard lock(m_told->mutex);
    return m_told->trouble;
}

bool KafkaClient::isRefused() const
{
    const std::lock_guard lock(m_told->mutex);
    return m_told->refused;
}

void KafkaClient::forgetTrouble()
{
    const std::lock_guard lock(m_told->mutex);
    m_told->trouble.reset();
    m_told->refused = false;
}

bool KafkaClient::hasFailedSince(std::chrono::steady_clock::time_point begin) const
{
    constexpr auto kSecondTry = std::chrono::milliseconds(1500);
    const bool isOver = std::chrono::steady_clock::now() - begin > kSecondTry;
    const std::lock_guard lock(m_told->mutex);
    return m_told->trouble && (m_told->refused || (isOver && isDecisive(m_told->trouble->code)));
}

} // namespace leftfold::source
