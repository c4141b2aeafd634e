// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/decode/schema.h"
#include "core/source/kafka_profile.h"

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace leftfold::source {

/// How a schema registry is reached. Files are PEM; what is empty is not used.
struct RegistryConnection {
    std::string url; ///< as http://host:8081, or with a path, https://host/apis/ccompat/v7; without user and password
    std::string user;
    std::string password;
    std::string token; ///< of a bearer, instead of user and password
    std::string caFile; ///< where not given, the system's certificates
    std::string certificateFile;
    std::string keyFile;
    std::string keyPassword;
};

/// The registry of a profile (`registry.url`, `registry.user`, `registry.auth=bearer`, `registry.ca.location`, `registry.certificate.location`,
/// `registry.key.location`; the secrets `registry.password`, `registry.token`, `registry.key.password`); none where the profile names none.
/// Fails with SecretMissing.
[[nodiscard]] base::Result<std::optional<RegistryConnection>> registryOf(const KafkaProfile& profile);
/// An address (http:// or https://, with a user in front of the host, never a password), whose secrets are in the environment
/// (LEFTFOLD_SECRET_REGISTRY_PASSWORD, LEFTFOLD_SECRET_REGISTRY_TOKEN), or the name of a profile. Fails with BadArgument, SecretMissing or
/// NoSuchProfile.
[[nodiscard]] base::Result<RegistryConnection> registryFor(const std::string& text);

/// A schema registry with the interface of Confluent's (also Karapace, Redpanda, Apicurio under /apis/ccompat/v7). Asks for what it
/// was not asked for, waits 10 s at most for each answer, and once it was refused or did not answer twice, asks no more: so a
/// capture waits for half a minute at worst. One thread's.
class SchemaRegistry {
public:
    explicit SchemaRegistry(RegistryConnection connection);
    ~SchemaRegistry();
    SchemaRegistry(const SchemaRegistry&) = delete;
    SchemaRegistry& operator=(const SchemaRegistry&) = delete;

    [[nodiscard]] const std::string& url() const;
    /// The schema behind all that it refers to, by a number or a GUID. `subjectHint` is preferred where it is registered under several subjects.
    /// Fails with SchemaRegistry, naming address and cause, never a secret; with Cancelled within 50 ms of a stop.
    [[nodiscard]] base::Result<std::vector<decode::Schema>> fetch(const std::string& key,
                                                                  const std::string& subjectHint, std::stop_token stop);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace leftfold::source
