// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <memory>
#include <optional>
#include <string>

namespace leftfold::source {

/// Where secrets of profiles are kept. None of them is ever in a profile, a capture, a log or an error message.
class SecretStore {
public:
    virtual ~SecretStore() = default;
    /// None where there is no such secret. Fails with SecretMissing where the store cannot be asked.
    [[nodiscard]] virtual base::Result<std::optional<std::string>> read(const std::string& profile,
                                                                        const std::string& name) = 0;
    /// Fails with SecretMissing where the store cannot keep it.
    [[nodiscard]] virtual base::Result<void> write(const std::string& profile, const std::string& name,
                                                   const std::string& secret) = 0;
};

/// A store by its name: "keyring" (the desktop's, by libsecret), "environment", or "file:PATH" with lines NAME=SECRET, or PROFILE/NAME=SECRET; a file that others may
/// read is refused. Fails with BadArgument for another name.
[[nodiscard]] base::Result<std::unique_ptr<SecretStore>> secretStore(const std::string& name);

/// The variable that "environment" reads: LEFTFOLD_SECRET_PRODUCTION_SASL_PASSWORD.
[[nodiscard]] std::string secretVariable(const std::string& profile, const std::string& name);

} // namespace leftfold::source
