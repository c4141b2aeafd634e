// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/secret_store.h"

#include <algorithm>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <libsecret/secret.h>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

namespace leftfold::source {

namespace {

using base::ErrorCode;
using base::Result;

class Environment : public SecretStore {
public:
    Result<std::optional<std::string>> read(const std::string& profile, const std::string& name) override
    {
        const char* value = std::getenv(secretVariable(profile, name).c_str());
        return value == nullptr ? std::optional<std::string>() : std::string(value);
    }
    Result<void> write(const std::string& profile, const std::string& name, const std::string&) override
    {
        return base::fail(ErrorCode::SecretMissing, name, "set the variable " + secretVariable(profile, name));
    }
};

/// A file of its owner's alone.
class SecretFile : public SecretStore {
public:
    explicit SecretFile(std::string path) : m_path(std::move(path)) {}

    Result<std::optional<std::string>> read(const std::string& profile, const std::string& name) override
    {
        struct stat facts {};
        if (::stat(m_path.c_str(), &facts) != 0) {
            if (errno == ENOENT) return std::optional<std::string>();
            return base::failErrno(m_path, errno);
        }
        if ((facts.st_mode & 077) != 0)
            return base::fail(ErrorCode::SecretMissing, name,
                              m_path + " can be read by others; chmod 600 makes it yours alone");
        std::ifstream file(m_path);
        std::optional<std::string> found;
        for (std::string line; std::getline(file, line);) {
            const std::size_t equals = line.find('=');
            const std::string key = line.substr(0, equals);
            if (equals == std::string::npos) continue;
            if (key == profile + "/" + name) return std::optional(line.substr(equals + 1));
            if (key == name) found = line.substr(equals + 1);
        }
        return found;
    }

    Result<void> write(const std::string& profile, const std::string& name, const std::string& secret) override
    {
        const std::string key = profile + "/" + name + "=";
        std::string text;
        {
            std::ifstream file(m_path);
            for (std::string line; std::getline(file, line);) {
                if (!line.starts_with(key)) text += line + '\n';
            }
        }
        text += key + secret + '\n';
        const std::string made = m_path + ".new";
        const int handle = ::open(made.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        if (handle < 0) return base::failErrno(made, errno);
        const bool written =
            ::write(handle, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(handle) == 0;
        const int why = errno;
        ::close(handle);
        if (!written) return base::failErrno(made, why);
        if (::rename(made.c_str(), m_path.c_str()) != 0) return base::failErrno(m_path, errno);
        return {};
    }

private:
    std::string m_path;
};

const SecretSchema& schema()
{
    static const SecretSchema kSchema = {
        "org.leftfold.profile",
        SECRET_SCHEMA_NONE,
        {{"profile", SECRET_SCHEMA_ATTRIBUTE_STRING}, {"name", SECRET_SCHEMA_ATTRIBUTE_STRING}},
        0,
        nullptr,
        nullptr,
        nullptr,
        nullptr,
        nullptr,
        nullptr,
        nullptr};
    return kSchema;
}

class Keyring : public SecretStore {
public:
    Result<std::optional<std::string>> read(const std::string& profile, const std::string& name) override
    {
        GError* failed = nullptr;
        gchar* secret = secret_password_lookup_sync(&schema(), nullptr, &failed, "profile", profile.c_str(), "name",
                                                    name.c_str(), nullptr);
        if (failed != nullptr) return refused(name, failed);
        std::optional<std::string> found;
        if (secret != nullptr) found = secret;
        secret_password_free(secret);
        return found;
    }
    Result<void> write(const std::string& profile, const std::string& name, const std::string& secret) override
    {
        GError* failed = nullptr;
        const std::string label = "Leftfold: " + name + " of " + profile;
        secret_password_store_sync(&schema(), SECRET_COLLECTION_DEFAULT, label.c_str(), secret.c_str(), nullptr,
                                   &failed, "profile", profile.c_str(), "name", name.c_str(), nullptr);
        if (failed != nullptr) return refused(name, failed);
        return {};
    }

private:
    static tl::unexpected<base::Error> refused(const std::string& name, GError* failed)
    {
        const std::string why = std::string("the keyring cannot be asked: ") + failed->message;
        g_error_free(failed);
        return base::fail(ErrorCode::SecretMissing, name, why);
    }
};

} // namespace

std::string secretVariable(const std::string& profile, const std::string& name)
{
    std::string variable = "LEFTFOLD_SECRET_" + profile + "_" + name;
    std::ranges::transform(variable, variable.begin(), [](unsigned char c) {
        return std::isalnum(c) != 0 ? static_cast<char>(std::toupper(c)) : '_';
    });
    return variable;
}

Result<std::unique_ptr<SecretStore>> secretStore(const std::string& name)
{
    std::unique_ptr<SecretStore> store;
    if (name == "keyring") store = std::make_unique<Keyring>();
    if (name == "environment") store = std::make_unique<Environment>();
    if (name.starts_with("file:") && name.size() > 5) store = std::make_unique<SecretFile>(name.substr(5));
    if (store) return store;
    return base::fail(ErrorCode::BadArgument,
                      "'" + name + "' is no store of secrets: expected keyring, environment or file:PATH");
}

} // namespace leftfold::source
