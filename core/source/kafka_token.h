// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/kafka_client.h"

namespace leftfold::source {

struct Token {
    std::string value;
    std::string subject; ///< of the token, as far as it says one
    std::int64_t expiresAtMs = 0; ///< since 1970
};

/// Asks a token endpoint for a token (RFC 6749, 4.4): blocks for 30 s at most. Fails with KafkaToken, without the secret.
[[nodiscard]] base::Result<Token> fetchToken(const TokenClient& client);

/// What such an endpoint answered, at `nowMs`. Fails with KafkaToken.
[[nodiscard]] base::Result<Token> readTokenAnswer(const std::string& url, long status, const std::string& body,
                                                  std::int64_t nowMs);

} // namespace leftfold::source
