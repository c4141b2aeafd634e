// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/kafka_profile.h"

#include "core/base/file.h"
#include "core/source/schema_registry.h"
#include "core/source/secret_store.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <sstream>

namespace leftfold::source {

namespace {

using base::ErrorCode;
using base::Result;

constexpr std::array<std::string_view, 11> kSecrets = {"sasl.password",           "ssl.key.password",
                                                       "ssl.keystore.password",   "ssl.key.pem",
                                                       "token.client.secret",     "sasl.oauthbearer.client.secret",
                                                       "sasl.oauthbearer.config", "sasl.jaas.config",
                                                       "registry.password",       "registry.token",
                                                       "registry.key.password"};
/// Prefixes of properties that are Leftfold's own.
constexpr std::array<std::string_view, 3> kOurs = {"token.", "secret.", "registry."};

std::string trimmed(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(" \t\r") - first + 1));
}

/// A profile's name is that of a file.
bool isProfileName(std::string_view name)
{
    const auto isGood = [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.'; };
    return !name.empty() && name.front() != '.' && name.size() <= 100 && std::ranges::all_of(name, isGood);
}

Result<std::string> pathOf(const std::string& name)
{
    if (!isProfileName(name))
        return base::fail(ErrorCode::BadArgument,
                          "'" + name + "' cannot name a profile: letters, digits, '-', '_' and '.' can");
    LEFTFOLD_TRY(const std::string folder, profileFolder());
    return folder + "/" + name + ".profile";
}

bool has(const KafkaProfile& profile, const char* property)
{
    return profile.properties.contains(property);
}

std::string valueOf(const KafkaProfile& profile, const char* property)
{
    const auto found = profile.properties.find(property);
    return found == profile.properties.end() ? std::string() : found->second;
}

using Given = std::map<std::string, std::string>;

/// The environment first: what runs unattended has it.
Result<std::optional<std::string>> secretOf(const KafkaProfile& profile, const std::string& property,
                                            const Given& given)
{
    if (const auto found = given.find(property); found != given.end()) return std::optional(found->second);
    LEFTFOLD_TRY(const auto environment, secretStore("environment"));
    LEFTFOLD_TRY(auto secret, environment->read(profile.name, property));
    if (secret || !has(profile, "secret.store")) return secret;
    LEFTFOLD_TRY(const auto store, secretStore(valueOf(profile, "secret.store")));
    return store->read(profile.name, property);
}

Result<void> checkRegistryUrl(const std::string& url)
{
    const bool isHttp = url.starts_with("http://") || url.starts_with("https://");
    const std::size_t host = url.find("://");
    if (isHttp && url.size() > host + 3 && url.find_first_of("@?#\\ ") == std::string::npos) return {};
    return base::fail(ErrorCode::BadArgument,
                      "the address of a schema registry is http://HOST:PORT or https://HOST:PORT, perhaps with a path");
}

Result<std::string> neededSecret(const KafkaProfile& profile, const std::string& property, const Given& given)
{
    LEFTFOLD_TRY(auto secret, secretOf(profile, property, given));
    if (secret) return std::move(*secret);
    const std::string where = has(profile, "secret.store") ? " nor in " + valueOf(profile, "secret.store") : "";
    return base::fail(
        ErrorCode::SecretMissing, property + " of " + profile.name,
        fmt::format("neither in the variable {}{}; 'leftfold profile secret {} {}' asks for it and keeps it",
                    secretVariable(profile.name, property), where, profile.name, property));
}

} // namespace

bool isSecret(std::string_view property)
{
    return std::ranges::find(kSecrets, property) != kSecrets.end();
}

Result<KafkaProfile> parseProfile(const std::string& name, std::string_view text)
{
    KafkaProfile profile{name, {}};
    std::istringstream lines{std::string(text)};
    int number = 0;
    for (std::string raw; std::getline(lines, raw);) {
        ++number;
        const std::string line = trimmed(raw);
        if (line.empty() || line.front() == '#') continue;
        const std::size_t equals = line.find('=');
        const std::string property = trimmed(line.substr(0, equals));
        if (equals == std::string::npos || property.empty())
            return base::fail(ErrorCode::BadProfile, name, fmt::format("line {} is no NAME=VALUE", number));
        if (isSecret(property)) {
            return base::fail(
                ErrorCode::BadProfile, name,
                fmt::format("line {} has a secret ({}), which belongs into a store: 'leftfold profile secret {} {}'",
                            number, property, name, property));
        }
        profile.properties[property] = trimmed(line.substr(equals + 1));
    }
    if (!has(profile, "bootstrap.servers"))
        return base::fail(ErrorCode::BadProfile, name, "it has no bootstrap.servers");
    return profile;
}

std::string toText(const KafkaProfile& profile)
{
    std::string text = "# A Kafka cluster, for Leftfold. No secrets here.\n";
    for (const auto& [name, value] : profile.properties) text += name + "=" + value + "\n";
    return text;
}

Result<std::string> profileFolder()
{
    const char* config = std::getenv("XDG_CONFIG_HOME");
    const char* home = std::getenv("HOME");
    if (config != nullptr && *config == '/') return std::string(config) + "/leftfold/profiles";
    if (home != nullptr && *home == '/') return std::string(home) + "/.config/leftfold/profiles";
    return base::fail(ErrorCode::BadArgument,
                      "there is no folder for profiles: neither XDG_CONFIG_HOME nor HOME is set");
}

Result<std::vector<std::string>> profileNames()
{
    LEFTFOLD_TRY(const std::string folder, profileFolder());
    std::vector<std::string> names;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
        if (entry.path().extension() == ".profile") names.push_back(entry.path().stem().string());
    }
    std::ranges::sort(names);
    return names;
}

Result<KafkaProfile> readProfile(const std::string& name)
{
    LEFTFOLD_TRY(const std::string path, pathOf(name));
    const auto text = base::readFile(path);
    if (!text && text.error().code == ErrorCode::FileNotFound)
        return base::fail(ErrorCode::NoSuchProfile, name, std::filesystem::path(path).parent_path().string());
    if (!text) return tl::unexpected(text.error());
    return parseProfile(name, *text);
}

Result<void> writeProfile(const KafkaProfile& profile)
{
    LEFTFOLD_TRY(const std::string path, pathOf(profile.name));
    LEFTFOLD_CHECK(base::makeFolders(std::filesystem::path(path).parent_path().string()));
    // What is written must be what can be read.
    LEFTFOLD_TRY(const KafkaProfile read, parseProfile(profile.name, toText(profile)));
    const std::string made = path + ".new";
    std::ofstream file(made);
    file << toText(read);
    file.close();
    if (!file || std::rename(made.c_str(), path.c_str()) != 0) return base::failErrno(path, errno);
    return {};
}

Result<void> removeProfile(const std::string& name)
{
    LEFTFOLD_CHECK(readProfile(name).map([](const KafkaProfile&) {}));
    LEFTFOLD_TRY(const std::string path, pathOf(name));
    if (std::remove(path.c_str()) != 0) return base::failErrno(path, errno);
    return {};
}

Result<KafkaConnection> connectionOf(const KafkaProfile& profile, const Given& given)
{
    KafkaConnection connection;
    connection.name = profile.name;
    for (const auto& property : profile.properties) {
        const bool isOurs = std::ranges::any_of(kOurs, [&](auto prefix) { return property.first.starts_with(prefix); });
        if (!isOurs) connection.properties.insert(property);
    }
    if (has(profile, "sasl.username")) {
        LEFTFOLD_TRY(connection.properties["sasl.password"], neededSecret(profile, "sasl.password", given));
    }
    for (const auto& [property, needs] : {std::pair("ssl.key.password", "ssl.key.location"),
                                          std::pair("ssl.keystore.password", "ssl.keystore.location")}) {
        if (!has(profile, needs)) continue;
        LEFTFOLD_TRY(const auto secret, secretOf(profile, property, given));
        if (secret) connection.properties[property] = *secret;
    }
    if (has(profile, "token.url")) {
        LEFTFOLD_TRY(const std::string secret, neededSecret(profile, "token.client.secret", given));
        connection.tokens = TokenClient{valueOf(profile, "token.url"), valueOf(profile, "token.client.id"), secret,
                                        valueOf(profile, "token.scope"), valueOf(profile, "token.ca.location")};
    }
    return connection;
}

Result<std::optional<RegistryConnection>> registryOf(const KafkaProfile& profile)
{
    if (!has(profile, "registry.url")) return std::nullopt;
    RegistryConnection connection;
    connection.url = valueOf(profile, "registry.url");
    LEFTFOLD_CHECK(checkRegistryUrl(connection.url));
    connection.user = valueOf(profile, "registry.user");
    connection.caFile = valueOf(profile, "registry.ca.location");
    connection.certificateFile = valueOf(profile, "registry.certificate.location");
    connection.keyFile = valueOf(profile, "registry.key.location");
    if (valueOf(profile, "registry.auth") == "bearer") {
        LEFTFOLD_TRY(connection.token, neededSecret(profile, "registry.token", {}));
    } else if (!connection.user.empty()) {
        LEFTFOLD_TRY(connection.password, neededSecret(profile, "registry.password", {}));
    }
    if (!connection.keyFile.empty()) {
        LEFTFOLD_TRY(const auto password, secretOf(profile, "registry.key.password", {}));
        connection.keyPassword = password.value_or("");
    }
    return connection;
}

Result<RegistryConnection> registryFor(const std::string& text)
{
    if (text.find("://") == std::string::npos) {
        LEFTFOLD_TRY(const KafkaProfile profile, readProfile(text));
        LEFTFOLD_TRY(auto connection, registryOf(profile));
        if (connection) return std::move(*connection);
        return base::fail(ErrorCode::BadArgument,
                          fmt::format("the profile {} names no schema registry: give it a registry.url", text));
    }
    RegistryConnection connection;
    connection.url = text;
    const std::size_t host = text.find("://") + 3;
    const std::size_t at = text.substr(0, text.find('/', host)).rfind('@');
    if (at != std::string::npos) {
        connection.user = text.substr(host, at - host);
        connection.url = text.substr(0, host) + text.substr(at + 1);
    }
    LEFTFOLD_CHECK(checkRegistryUrl(connection.url));
    if (connection.user.find(':') != std::string::npos)
        return base::fail(ErrorCode::BadArgument,
                          "a password has no place in the address of the schema registry: put it into the variable "
                              + secretVariable("registry", "password"));
    const KafkaProfile none{"registry", {}};
    LEFTFOLD_TRY(const auto token, secretOf(none, "token", {}));
    if (token) connection.token = *token;
    if (!connection.user.empty()) {
        LEFTFOLD_TRY(connection.password, neededSecret(none, "password", {}));
    }
    return connection;
}

KafkaConnection plainConnection(const std::string& brokers)
{
    KafkaConnection connection;
    connection.name = brokers;
    connection.properties["bootstrap.servers"] = brokers;
    return connection;
}

Result<KafkaConnection> connectionFor(const std::string& brokers)
{
    if (brokers.find_first_of(":,") != std::string::npos) return plainConnection(brokers);
    auto profile = readProfile(brokers);
    if (profile) return connectionOf(*profile);
    const bool isHost = brokers == "localhost" || brokers.find('.') != std::string::npos;
    if (isHost && profile.error().code == ErrorCode::NoSuchProfile) return plainConnection(brokers);
    return tl::unexpected(profile.error());
}

} // namespace leftfold::source
