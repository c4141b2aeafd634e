// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/kafka_cluster.h"
#include "core/source/kafka_profile.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <poll.h>
#include <sstream>
#include <sys/socket.h>
#include <unistd.h>

namespace leftfold::source {

namespace {

using base::ErrorCode;
using base::Result;

struct Endpoint {
    std::string host;
    std::string port;
    [[nodiscard]] std::string text() const { return host + ":" + port; }
};

std::vector<Endpoint> endpointsOf(const KafkaConnection& connection)
{
    std::vector<Endpoint> out;
    std::istringstream servers(connection.properties.at("bootstrap.servers"));
    for (std::string server; std::getline(servers, server, ',');) {
        if (const std::size_t scheme = server.find("://"); scheme != std::string::npos) server.erase(0, scheme + 3);
        const std::size_t colon = server.rfind(':');
        std::string host = server.substr(0, colon);
        if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
        out.push_back({host, colon == std::string::npos ? "9092" : server.substr(colon + 1)});
    }
    return out;
}

using Addresses = std::shared_ptr<addrinfo>;

Result<Addresses> resolve(const Endpoint& endpoint)
{
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int code = ::getaddrinfo(endpoint.host.c_str(), endpoint.port.c_str(), &hints, &found);
    if (code != 0) return base::fail(ErrorCode::KafkaNoResolve, endpoint.text(), ::gai_strerror(code));
    return Addresses(found, &::freeaddrinfo);
}

/// 0, or the errno of why not.
int tryConnect(const addrinfo& address)
{
    const int handle = ::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (handle < 0) return errno;
    int failed = ::connect(handle, address.ai_addr, address.ai_addrlen) == 0 ? 0 : errno;
    if (failed == EINPROGRESS) {
        pollfd waiting{handle, POLLOUT, 0};
        constexpr int kWaitMs = 5000;
        socklen_t size = sizeof failed;
        if (::poll(&waiting, 1, kWaitMs) != 1) {
            failed = ETIMEDOUT;
        } else if (::getsockopt(handle, SOL_SOCKET, SO_ERROR, &failed, &size) != 0) {
            failed = errno;
        }
    }
    ::close(handle);
    return failed;
}

Result<void> connectTo(const Endpoint& endpoint, const addrinfo* addresses)
{
    int failed = EADDRNOTAVAIL;
    for (const addrinfo* address = addresses; address != nullptr && failed != 0; address = address->ai_next)
        failed = tryConnect(*address);
    if (failed == 0) return {};
    return base::fail(ErrorCode::KafkaNoConnection, endpoint.text(), std::strerror(failed));
}

ConnectionStep failedStep(const std::string& name, const base::Error& why)
{
    return {name, false, base::render(why), why};
}

/// The first of the brokers that answers.
struct Reached {
    std::vector<ConnectionStep> steps;
    bool isReached = false;
};

Reached reach(const std::vector<Endpoint>& endpoints)
{
    Reached reached;
    base::Error why{ErrorCode::KafkaNoResolve, {"", "no broker is named"}, {}};
    bool hasResolved = false;
    std::string at;
    for (const Endpoint& endpoint : endpoints) {
        const auto addresses = resolve(endpoint);
        if (!addresses) {
            if (!hasResolved) why = addresses.error();
            continue;
        }
        hasResolved = true;
        at = endpoint.text();
        const auto connected = connectTo(endpoint, addresses->get());
        reached.isReached = connected.has_value();
        if (reached.isReached) break;
        why = connected.error();
    }
    reached.steps.push_back(hasResolved ? ConnectionStep{"resolve", true, at} : failedStep("resolve", why));
    if (hasResolved)
        reached.steps.push_back(reached.isReached ? ConnectionStep{"connect", true, at} : failedStep("connect", why));
    return reached;
}

std::string protocolOf(const KafkaConnection& connection)
{
    const auto found = connection.properties.find("security.protocol");
    std::string protocol = found == connection.properties.end() ? "plaintext" : found->second;
    for (char& c : protocol) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return protocol;
}

/// The step at which an error of librdkafka stops.
const char* stepOf(ErrorCode code)
{
    if (code == ErrorCode::KafkaTls) return "TLS";
    if (code == ErrorCode::KafkaSasl || code == ErrorCode::KafkaToken) return "SASL";
    return code == ErrorCode::KafkaNotAllowed ? "authorisation" : "metadata";
}

} // namespace

Result<std::vector<ConnectionStep>> testConnection(const KafkaConnection& connection,
                                                   const std::shared_ptr<Draining>& draining, std::stop_token stop)
{
    LEFTFOLD_TRY(const auto client, KafkaClient::make(connection, Isolation::Committed, draining));
    const std::string protocol = protocolOf(connection);
    std::vector<std::string> inner;
    if (protocol.find("ssl") != std::string::npos) inner.emplace_back("TLS");
    if (protocol.find("sasl") != std::string::npos) inner.emplace_back("SASL");
    // Names are resolved by a call that may take its time: on a thread of its own, as all such.
    const auto endpoints = endpointsOf(connection);
    auto reached =
        client->ask<Reached>([endpoints](KafkaClient&) -> Result<Reached> { return reach(endpoints); }, stop);
    if (!reached && reached.error().code == ErrorCode::Cancelled) return tl::unexpected(reached.error());
    std::vector<ConnectionStep> steps;
    if (reached) {
        steps = std::move(reached->steps);
        if (!reached->isReached) return steps;
    }
    const auto topics = partitionsOf(*client, {}, stop);
    if (!topics && topics.error().code == ErrorCode::Cancelled) return tl::unexpected(topics.error());
    const std::string failed = topics ? "" : stepOf(topics.error().code);
    for (const std::string& step : inner) {
        if (step == failed) break;
        steps.push_back({step, true, {}});
    }
    if (!topics) {
        steps.push_back(failedStep(failed, topics.error()));
        return steps;
    }
    steps.push_back({"metadata", true, fmt::format("{} topics", topics->size())});
    const bool seesTopics = !topics->empty();
    steps.push_back(
        {"authorisation", seesTopics,
         seesTopics
             ? "topics can be described"
             : "no topic can be seen: there are none, or this user lacks DESCRIBE on them; ask for READ and DESCRIBE"});
    return steps;
}

} // namespace leftfold::source
