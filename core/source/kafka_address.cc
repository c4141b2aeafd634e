// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/kafka_address.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace leftfold::source {

namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr std::string_view kScheme = "kafka://";

template <class Number>
std::optional<Number> parseNumber(std::string_view text)
{
    Number number = 0;
    const auto end = text.data() + text.size();
    const bool isDigits = !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
    const auto read = std::from_chars(text.data(), end, number);
    if (!isDigits || read.ec != std::errc() || read.ptr != end) return std::nullopt;
    return number;
}

std::vector<std::string_view> split(std::string_view text, char separator)
{
    std::vector<std::string_view> parts;
    for (;;) {
        const std::size_t end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

std::optional<std::string> decoded(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        unsigned byte = 0;
        const std::string_view digits = text.substr(i + 1, 2);
        const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
        if (digits.size() != 2 || read.ptr != digits.data() + 2) return std::nullopt;
        out += static_cast<char>(byte);
        i += 2;
    }
    return out;
}

/// Everything that means something in an address, and what is no plain ASCII.
std::string encoded(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool isPlain =
            byte > 0x20 && byte < 0x7f && std::string_view("%&?#\"'").find(c) == std::string_view::npos;
        out += isPlain ? std::string(1, c) : fmt::format("%{:02X}", byte);
    }
    return out;
}

/// Kafka's own rule for names of topics.
bool isTopicName(std::string_view name)
{
    const auto isGood = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_'
               || c == '-';
    };
    return !name.empty() && name.size() <= 249 && name != "." && name != ".." && std::ranges::all_of(name, isGood);
}

/// "orders" or "orders[3]", added to the topics there are.
bool addTopic(std::vector<KafkaTopic>& topics, std::string_view text)
{
    std::optional<std::int32_t> partition;
    if (text.ends_with(']')) {
        const std::size_t open = text.find('[');
        if (open == std::string_view::npos) return false;
        partition = parseNumber<std::int32_t>(text.substr(open + 1, text.size() - open - 2));
        if (!partition) return false;
        text = text.substr(0, open);
    }
    if (!isTopicName(text)) return false;
    const auto same = std::ranges::find(topics, text, &KafkaTopic::name);
    if (same == topics.end()) {
        topics.push_back({std::string(text), {}});
        if (partition) topics.back().partitions = {*partition};
        return true;
    }
    // All partitions and one of them, or the same twice: what is meant?
    if (!partition || same->partitions.empty() || std::ranges::count(same->partitions, *partition) > 0) return false;
    same->partitions.push_back(*partition);
    return true;
}

Result<void> readParameter(KafkaAddress& address, std::string_view text, std::string_view whole)
{
    const std::size_t equals = text.find('=');
    const std::string_view name = text.substr(0, equals);
    const auto value = decoded(equals == std::string_view::npos ? std::string_view() : text.substr(equals + 1));
    const auto wrong = [&](const std::string& why) { return fail(ErrorCode::KafkaAddress, whole, why); };
    if (equals == std::string_view::npos || !value) return wrong(fmt::format("'{}' is no NAME=VALUE", text));
    if (name == "from" || name == "until") {
        LEFTFOLD_CHECK(parseKafkaBound(*value).map([](const KafkaBound&) {}));
        (name == "from" ? address.from : address.until) = *value;
    } else if (name == "isolation") {
        LEFTFOLD_TRY(address.isolation, parseIsolation(*value));
    } else if (name == "key") {
        address.key = *value;
    } else {
        return wrong(fmt::format("there is no '{}': expected from, until, isolation or key", name));
    }
    return {};
}

} // namespace

std::string_view nameOf(Isolation isolation)
{
    return isolation == Isolation::Committed ? "read_committed" : "read_uncommitted";
}

Result<Isolation> parseIsolation(std::string_view text)
{
    for (const Isolation isolation : {Isolation::Committed, Isolation::Uncommitted}) {
        if (text == nameOf(isolation)) return isolation;
    }
    return fail(ErrorCode::BadArgument,
                fmt::format("'{}' is no isolation level: expected read_committed or read_uncommitted", text));
}

Result<KafkaBound> parseKafkaBound(std::string_view text)
{
    if (text == "earliest") return Earliest{};
    if (text == "latest") return Latest{};
    if (const auto offset = parseNumber<std::int64_t>(text)) return event::Offset{*offset};
    if (text.starts_with('-')) {
        if (const auto offsets = parseNumber<std::int64_t>(text.substr(1))) return FromEnd{*offsets};
    }
    if (const auto time = base::parseTime(text)) return *time;
    if (text.find('[') != std::string_view::npos) {
        if (auto cut = event::parseCut(text)) return std::move(*cut);
    }
    return fail(ErrorCode::KafkaBound, text);
}

bool isKafkaAddress(std::string_view text)
{
    return text.starts_with(kScheme);
}

Result<KafkaAddress> parseKafkaAddress(std::string_view text)
{
    const auto wrong = [&](const std::string& why) { return fail(ErrorCode::KafkaAddress, text, why); };
    if (!isKafkaAddress(text)) return wrong("it does not begin with kafka://");
    std::string_view left = text.substr(kScheme.size());
    const std::size_t question = left.find('?');
    const std::string_view parameters =
        question == std::string_view::npos ? std::string_view() : left.substr(question + 1);
    left = left.substr(0, question);
    const std::size_t slash = left.find('/');
    KafkaAddress address;
    std::vector<std::string_view> brokers = split(left.substr(0, slash), ',');
    if (std::ranges::count(brokers, std::string_view()) > 0) return wrong("it names no broker and no profile");
    std::ranges::sort(brokers);
    address.brokers = fmt::format("{}", fmt::join(brokers, ","));
    if (slash != std::string_view::npos && slash + 1 < left.size()) {
        for (const std::string_view topic : split(left.substr(slash + 1), ',')) {
            if (!addTopic(address.topics, topic)) return wrong(fmt::format("'{}' is no topic, or there twice", topic));
        }
    }
    std::ranges::sort(address.topics, {}, &KafkaTopic::name);
    for (KafkaTopic& topic : address.topics) std::ranges::sort(topic.partitions);
    if (question == std::string_view::npos) return address;
    for (const std::string_view parameter : split(parameters, '&'))
        LEFTFOLD_CHECK(readParameter(address, parameter, text));
    return address;
}

std::string toText(const KafkaAddress& address)
{
    std::vector<std::string> topics;
    for (const KafkaTopic& topic : address.topics) {
        if (topic.partitions.empty()) topics.push_back(topic.name);
        for (const std::int32_t number : topic.partitions) topics.push_back(fmt::format("{}[{}]", topic.name, number));
    }
    std::vector<std::string> parameters;
    if (address.from != "earliest") parameters.push_back("from=" + encoded(address.from));
    if (address.until != "latest") parameters.push_back("until=" + encoded(address.until));
    if (address.isolation != Isolation::Committed)
        parameters.push_back(fmt::format("isolation={}", nameOf(address.isolation)));
    if (address.key) parameters.push_back("key=" + encoded(*address.key));
    return fmt::format("{}{}/{}{}{}", kScheme, address.brokers, fmt::join(topics, ","), parameters.empty() ? "" : "?",
                       fmt::join(parameters, "&"));
}

} // namespace leftfold::source
