// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/kafka_client.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace leftfold::source {

/// How a cluster is reached, under a name: properties of librdkafka, and those of Leftfold for tokens (`token.url`, `token.client.id`, `token.scope`,
/// `token.ca.location`) and for where secrets are kept (`secret.store`: keyring, environment, file:PATH). Secrets are none of them.
struct KafkaProfile {
    std::string name;
    std::map<std::string, std::string> properties;
    friend bool operator==(const KafkaProfile&, const KafkaProfile&) = default;
};

/// Lines NAME=VALUE; blank ones and those that begin with '#' do not count. Fails with BadProfile, also where a secret stands there.
[[nodiscard]] base::Result<KafkaProfile> parseProfile(const std::string& name, std::string_view text);
[[nodiscard]] std::string toText(const KafkaProfile& profile);
/// sasl.password, ssl.key.password, ssl.keystore.password, token.client.secret and what else only its owner may know.
[[nodiscard]] bool isSecret(std::string_view property);

/// $XDG_CONFIG_HOME/leftfold/profiles, else ~/.config/leftfold/profiles.
[[nodiscard]] base::Result<std::string> profileFolder();
[[nodiscard]] base::Result<std::vector<std::string>> profileNames();
/// Fails with NoSuchProfile.
[[nodiscard]] base::Result<KafkaProfile> readProfile(const std::string& name);
[[nodiscard]] base::Result<void> writeProfile(const KafkaProfile& profile);
[[nodiscard]] base::Result<void> removeProfile(const std::string& name);

/// What was made of the settings of another program.
struct ImportedProfile {
    KafkaProfile profile;
    std::map<std::string, std::string> secrets; ///< by the property they are of: for a SecretStore
    std::vector<std::string> notes; ///< what was left out, and what to do about it
};
/// Of a client.properties as Java clients read it.
[[nodiscard]] base::Result<ImportedProfile> importJava(const std::string& name, std::string_view text);
/// Of a kcat.conf: properties of librdkafka.
[[nodiscard]] base::Result<ImportedProfile> importKcat(const std::string& name, std::string_view text);

/// A profile with its secrets: from the environment, else from its store. Fails with SecretMissing where one that is needed is not there.
/// Secrets that are given, by their property, are not looked for.
[[nodiscard]] base::Result<KafkaConnection> connectionOf(const KafkaProfile& profile,
                                                         const std::map<std::string, std::string>& given = {});
/// How the brokers of an address are reached: "host:port,..." without any protection; a name without a port is that of a
/// profile, or, where it has a dot or is localhost, a host at port 9092.
[[nodiscard]] base::Result<KafkaConnection> connectionFor(const std::string& brokers);
[[nodiscard]] KafkaConnection plainConnection(const std::string& brokers);

/// A step of getting in: resolve, connect, TLS, SASL, metadata, authorisation.
struct ConnectionStep {
    std::string name;
    bool isGood = false;
    std::string text; ///< what was found, or what went wrong and what to do
    std::optional<base::Error> error{}; ///< why it failed, where an error says so
};
/// Tries to get in, step by step; ends with the first that fails.
[[nodiscard]] base::Result<std::vector<ConnectionStep>> testConnection(const KafkaConnection& connection,
                                                                       const std::shared_ptr<Draining>& draining,
                                                                       std::stop_token stop);

} // namespace leftfold::source
