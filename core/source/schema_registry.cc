// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/schema_registry.h"

#include <algorithm>
#include <curl/curl.h>
#include <fmt/format.h>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>

namespace leftfold::source {

namespace {

using base::ErrorCode;
using base::Result;
using decode::Schema;
using decode::SchemaLink;
using Json = nlohmann::json;

constexpr long kMaxConnectSeconds = 5;
constexpr long kMaxSeconds = 10;
constexpr int kPollMs = 20;
constexpr std::size_t kMaxAnswerBytes = std::size_t{16} << 20;
constexpr int kMaxSilences = 2;
/// Payloads that only look as if they named a schema each name another one.
constexpr int kMaxUnknown = 100;
constexpr std::size_t kMaxLinks = 1000;
constexpr const char* kAccept = "Accept: application/vnd.schemaregistry.v1+json, application/json";

struct Answer {
    long status = 0;
    std::string body;
};

std::size_t take(const char* bytes, std::size_t size, std::size_t count, void* body)
{
    auto& out = *static_cast<std::string*>(body);
    if (out.size() + size * count > kMaxAnswerBytes) return 0;
    out.append(bytes, size * count);
    return size * count;
}

std::string textOf(const Json& object, const char* name)
{
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::int64_t numberOf(const Json& object, const char* name)
{
    const auto found = object.find(name);
    return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

/// What a registry says of an error: {"error_code":40403,"message":"Schema not found"}.
std::string refusal(const Answer& answer)
{
    const Json json = Json::parse(answer.body, nullptr, false);
    const std::string message = json.is_object() ? textOf(json, "message") : std::string();
    std::string text =
        fmt::format("it answers {}{}{}", answer.status, message.empty() ? "" : " ", message.substr(0, 200));
    if (answer.status == 401) text += "; check the user and the secret of the registry";
    if (answer.status == 403) text += "; the user may not read it";
    return text;
}

/// Fails with the reason alone.
tl::expected<Schema, std::string> schemaFrom(const Answer& answer, std::string key)
{
    const Json json = Json::parse(answer.body, nullptr, false);
    if (!json.is_object() || !json.contains("schema")) return tl::unexpected<std::string>("its answer is no schema");
    const std::string kind = textOf(json, "schemaType");
    const auto known = decode::schemaKind(kind.empty() ? "AVRO" : kind);
    if (!known) return tl::unexpected(fmt::format("it is of the type '{}', which is not known here", kind));
    Schema schema;
    schema.key = std::move(key);
    schema.kind = *known;
    schema.text = textOf(json, "schema");
    schema.subject = textOf(json, "subject");
    schema.version = numberOf(json, "version");
    const Json links = json.value("references", Json::array());
    if (!links.is_array()) return schema;
    for (const Json& link : links) {
        if (link.is_object())
            schema.links.push_back({textOf(link, "name"), textOf(link, "subject"), numberOf(link, "version")});
    }
    return schema;
}

bool isNumber(const std::string& key)
{
    return !key.empty() && key.find_first_not_of("0123456789") == std::string::npos;
}

} // namespace

struct SchemaRegistry::Impl {
    explicit Impl(RegistryConnection given) : connection(std::move(given))
    {
        static std::once_flag once;
        std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
        while (connection.url.ends_with('/')) connection.url.pop_back();
        multi = curl_multi_init();
        easy = curl_easy_init();
        headers = curl_slist_append(nullptr, kAccept);
    }
    ~Impl()
    {
        if (easy != nullptr) curl_easy_cleanup(easy);
        if (multi != nullptr) curl_multi_cleanup(multi);
        curl_slist_free_all(headers);
    }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    void set(const std::string& path, std::string& body, std::string& why)
    {
        const std::string url = connection.url + path;
        const auto setText = [this](CURLoption option, const std::string& text) {
            if (!text.empty()) curl_easy_setopt(easy, option, text.c_str());
        };
        curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
        curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
        curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
        curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, kMaxConnectSeconds);
        curl_easy_setopt(easy, CURLOPT_TIMEOUT, kMaxSeconds);
        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); // a stop does not wait for a silent name server
        curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, why.data());
        curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &take);
        curl_easy_setopt(easy, CURLOPT_WRITEDATA, &body);
        setText(CURLOPT_CAINFO, connection.caFile);
        setText(CURLOPT_SSLCERT, connection.certificateFile);
        setText(CURLOPT_SSLKEY, connection.keyFile);
        setText(CURLOPT_KEYPASSWD, connection.keyPassword);
        if (!connection.token.empty()) {
            curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
            curl_easy_setopt(easy, CURLOPT_XOAUTH2_BEARER, connection.token.c_str());
        } else if (!connection.user.empty()) {
            curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
            curl_easy_setopt(easy, CURLOPT_USERNAME, connection.user.c_str());
            curl_easy_setopt(easy, CURLOPT_PASSWORD, connection.password.c_str());
        }
    }

    /// False after a stop.
    bool transfer(const std::stop_token& stop, CURLcode& done) const
    {
        curl_multi_add_handle(multi, easy);
        int running = 1;
        while (running > 0 && !stop.stop_requested()) {
            curl_multi_perform(multi, &running);
            if (running > 0) curl_multi_poll(multi, nullptr, 0, kPollMs, nullptr);
        }
        int left = 0;
        done = CURLE_OPERATION_TIMEDOUT;
        while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
            if (message->msg == CURLMSG_DONE) done = message->data.result;
        }
        curl_multi_remove_handle(multi, easy);
        return running == 0;
    }

    tl::unexpected<base::Error> failed(const std::string& what, const std::string& why) const
    {
        return base::fail(ErrorCode::SchemaRegistry, connection.url, what, why);
    }

    /// What is refused or not answered is not asked for again and again.
    tl::unexpected<base::Error> giveUp(const std::string& what, const std::string& why)
    {
        asksNoMore = why + "; it is not asked again in this run";
        return failed(what, asksNoMore);
    }

    Result<Answer> get(const std::string& path, const std::string& what, const std::stop_token& stop)
    {
        if (!asksNoMore.empty()) return failed(what, asksNoMore);
        if (easy == nullptr || multi == nullptr) return failed(what, "no memory");
        Answer answer;
        std::string why(CURL_ERROR_SIZE, '\0');
        curl_easy_reset(easy);
        set(path, answer.body, why);
        CURLcode done = CURLE_OK;
        if (!transfer(stop, done)) return base::fail(ErrorCode::Cancelled);
        if (done != CURLE_OK) {
            const std::string reason = why.front() == '\0' ? curl_easy_strerror(done) : why.c_str();
            return ++silences >= kMaxSilences ? giveUp(what, reason) : failed(what, reason);
        }
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &answer.status);
        if (answer.status == 401 || answer.status == 403) return giveUp(what, refusal(answer));
        if (answer.status >= 500 && ++silences >= kMaxSilences) return giveUp(what, refusal(answer));
        if (answer.status == 200) silences = 0;
        return answer;
    }

    Result<Schema> getSchema(const std::string& path, const std::string& key, const std::string& what,
                             const std::stop_token& stop)
    {
        LEFTFOLD_TRY(const Answer answer, get(path, what, stop));
        if (answer.status != 200) {
            if (answer.status == 404 && ++unknown >= kMaxUnknown)
                return giveUp(what, "too many schemas are not known to it");
            return failed(what, refusal(answer));
        }
        auto schema = schemaFrom(answer, key);
        if (!schema) return failed(what, schema.error());
        return std::move(*schema);
    }

    /// Under which subject and version a schema stands is told where the registry tells it.
    Result<void> getSubject(Schema& schema, const std::string& hint, const std::stop_token& stop)
    {
        const auto answer =
            get("/schemas/ids/" + schema.key + "/versions", "the subjects of schema " + schema.key, stop);
        if (!answer && answer.error().code == ErrorCode::Cancelled) return tl::unexpected(answer.error());
        const Json json = answer && answer->status == 200 ? Json::parse(answer->body, nullptr, false) : Json();
        if (!json.is_array()) return {};
        for (const Json& each : json) {
            if (!each.is_object() || (!schema.subject.empty() && textOf(each, "subject") != hint)) continue;
            schema.subject = textOf(each, "subject");
            schema.version = numberOf(each, "version");
        }
        return {};
    }

    [[nodiscard]] std::string escaped(const std::string& text) const
    {
        const std::unique_ptr<char, decltype(&curl_free)> out(
            curl_easy_escape(easy, text.c_str(), static_cast<int>(text.size())), &curl_free);
        return out ? out.get() : std::string();
    }

    /// All that is reachable, each once.
    Result<void> getLinked(std::vector<Schema>& schemas, const std::stop_token& stop)
    {
        std::set<std::string> seen;
        std::vector<SchemaLink> open = schemas.front().links;
        while (!open.empty()) {
            const SchemaLink link = std::move(open.back());
            open.pop_back();
            if (!seen.insert(keyOf(link)).second) continue;
            if (seen.size() > kMaxLinks) return failed("schema " + schemas.front().key, "it refers to too many others");
            const std::string what = fmt::format("{} version {}", link.subject, link.version);
            const std::string path = fmt::format("/subjects/{}/versions/{}", escaped(link.subject), link.version);
            LEFTFOLD_TRY(Schema linked, getSchema(path, keyOf(link), what, stop));
            open.insert(open.end(), linked.links.begin(), linked.links.end());
            schemas.push_back(std::move(linked));
        }
        return {};
    }

    RegistryConnection connection;
    CURLM* multi = nullptr;
    CURL* easy = nullptr;
    curl_slist* headers = nullptr;
    int silences = 0;
    int unknown = 0;
    std::string asksNoMore; ///< why
};

SchemaRegistry::SchemaRegistry(RegistryConnection connection) : m_impl(std::make_unique<Impl>(std::move(connection))) {}
SchemaRegistry::~SchemaRegistry() = default;

const std::string& SchemaRegistry::url() const
{
    return m_impl->connection.url;
}

Result<std::vector<Schema>> SchemaRegistry::fetch(const std::string& key, const std::string& subjectHint,
                                                  std::stop_token stop)
{
    const std::string path = (isNumber(key) ? "/schemas/ids/" : "/schemas/guids/") + key;
    LEFTFOLD_TRY(Schema schema, m_impl->getSchema(path, key, "schema " + key, stop));
    if (isNumber(key)) LEFTFOLD_CHECK(m_impl->getSubject(schema, subjectHint, stop));
    std::vector<Schema> schemas{std::move(schema)};
    LEFTFOLD_CHECK(m_impl->getLinked(schemas, stop));
    // What is referred to comes first: whoever has the schema has all of it.
    std::reverse(schemas.begin(), schemas.end());
    return schemas;
}

} // namespace leftfold::source
