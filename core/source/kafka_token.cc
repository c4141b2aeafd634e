// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/kafka_token.h"

#include <chrono>
#include <curl/curl.h>
#include <fmt/format.h>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>

namespace leftfold::source {

namespace {

using base::ErrorCode;
using base::Result;
using Json = nlohmann::json;

constexpr long kMaxSeconds = 30;
constexpr std::size_t kMaxAnswerBytes = std::size_t{1} << 20;

struct Curl {
    CURL* handle = curl_easy_init();
    curl_slist* headers = nullptr;
    Curl() = default;
    Curl(const Curl&) = delete;
    Curl& operator=(const Curl&) = delete;
    ~Curl()
    {
        curl_slist_free_all(headers);
        curl_easy_cleanup(handle);
    }
    [[nodiscard]] std::string escaped(const std::string& text) const
    {
        const std::unique_ptr<char, decltype(&curl_free)> out(
            curl_easy_escape(handle, text.c_str(), static_cast<int>(text.size())), &curl_free);
        return out ? out.get() : std::string();
    }
};

std::size_t take(const char* bytes, std::size_t size, std::size_t count, void* body)
{
    auto& out = *static_cast<std::string*>(body);
    if (out.size() + size * count > kMaxAnswerBytes) return 0;
    out.append(bytes, size * count);
    return size * count;
}

std::string base64Decoded(std::string_view text)
{
    std::string out;
    unsigned bits = 0;
    int have = 0;
    for (const char c : text) {
        static constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        const std::size_t digit = kDigits.find(c);
        if (digit == std::string_view::npos) break;
        bits = bits << 6 | static_cast<unsigned>(digit);
        have += 6;
        if (have < 8) continue;
        have -= 8;
        out += static_cast<char>(bits >> have & 0xff);
    }
    return out;
}

/// The claims of a token that is a JWT; else nothing.
Json claimsOf(const std::string& token)
{
    const std::size_t first = token.find('.');
    if (first == std::string::npos) return Json::object();
    const std::string claims =
        base64Decoded(std::string_view(token).substr(first + 1, token.find('.', first + 1) - first - 1));
    Json read = Json::parse(claims, nullptr, false);
    return read.is_object() ? read : Json::object();
}

std::string textOf(const Json& object, const char* name)
{
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

tl::unexpected<base::Error> noToken(const std::string& url, const std::string& why)
{
    return base::fail(ErrorCode::KafkaToken, url, why);
}

} // namespace

Result<Token> readTokenAnswer(const std::string& url, long status, const std::string& body, std::int64_t nowMs)
{
    const Json answer = Json::parse(body, nullptr, false);
    if (status != 200) {
        std::string why;
        for (const char* name : {"error", "error_description"}) {
            const std::string part = answer.is_object() ? textOf(answer, name) : std::string();
            if (!part.empty()) why += " " + part;
        }
        return noToken(url, fmt::format("it answers {}{}", status, why));
    }
    if (!answer.is_object()) return noToken(url, "its answer is no JSON object");
    Token token;
    token.value = textOf(answer, "access_token");
    if (token.value.empty()) return noToken(url, "its answer has no access_token");
    const Json claims = claimsOf(token.value);
    token.subject = textOf(claims, "sub");
    const auto seconds = answer.find("expires_in");
    if (seconds != answer.end() && seconds->is_number()) {
        token.expiresAtMs = nowMs + static_cast<std::int64_t>(seconds->get<double>() * 1000);
    } else if (claims.contains("exp") && claims["exp"].is_number()) {
        token.expiresAtMs = static_cast<std::int64_t>(claims["exp"].get<double>() * 1000);
    } else {
        return noToken(url, "its answer does not say when the token expires");
    }
    return token;
}

Result<Token> fetchToken(const TokenClient& client)
{
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    if (!client.url.starts_with("https://")) return noToken(client.url, "the address does not begin with https://");
    Curl curl;
    if (curl.handle == nullptr) return noToken(client.url, "no memory");
    std::string body;
    std::string form = "grant_type=client_credentials";
    if (!client.scope.empty()) form += "&scope=" + curl.escaped(client.scope);
    const std::string user = curl.escaped(client.clientId);
    const std::string secret = curl.escaped(client.clientSecret);
    curl.headers = curl_slist_append(nullptr, "Accept: application/json");
    std::string why(CURL_ERROR_SIZE, '\0');
    curl_easy_setopt(curl.handle, CURLOPT_URL, client.url.c_str());
    curl_easy_setopt(curl.handle, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(curl.handle, CURLOPT_HTTPHEADER, curl.headers);
    curl_easy_setopt(curl.handle, CURLOPT_POSTFIELDS, form.c_str());
    curl_easy_setopt(curl.handle, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    curl_easy_setopt(curl.handle, CURLOPT_USERNAME, user.c_str());
    curl_easy_setopt(curl.handle, CURLOPT_PASSWORD, secret.c_str());
    curl_easy_setopt(curl.handle, CURLOPT_TIMEOUT, kMaxSeconds);
    curl_easy_setopt(curl.handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl.handle, CURLOPT_ERRORBUFFER, why.data());
    curl_easy_setopt(curl.handle, CURLOPT_WRITEFUNCTION, &take);
    curl_easy_setopt(curl.handle, CURLOPT_WRITEDATA, &body);
    if (!client.caFile.empty()) curl_easy_setopt(curl.handle, CURLOPT_CAINFO, client.caFile.c_str());
    const CURLcode done = curl_easy_perform(curl.handle);
    if (done != CURLE_OK) return noToken(client.url, why.front() == '\0' ? curl_easy_strerror(done) : why.c_str());
    long status = 0;
    curl_easy_getinfo(curl.handle, CURLINFO_RESPONSE_CODE, &status);
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return readTokenAnswer(client.url, status, body,
                           std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

} // namespace leftfold::source
