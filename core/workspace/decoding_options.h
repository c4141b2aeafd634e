// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/decode/decoding.h"
#include "core/source/schema_registry.h"

#include <optional>
#include <string>
#include <vector>

namespace leftfold::workspace {

/// How a person wants payloads decoded.
struct DecodingOptions {
    std::vector<decode::DecodeRule> rules; ///< win over those the capture remembers
    std::vector<decode::Schema> schemas; ///< of the rules' files, to be copied into the capture
    std::optional<source::RegistryConnection>
        registry; ///< not set: that of the log's profile, else the one the capture was made with
    bool asksOnlyNamed = false; ///< a registry that only the capture names is not asked
    bool again = false; ///< all events are decoded anew, with schemas that have turned up since

    [[nodiscard]] bool isGiven() const { return again || registry || !rules.empty(); }
};

/// Who named the files of schemas.
enum class NamedBy : std::uint8_t {
    User, ///< what is imported from their folder may be links of the user's, which lead anywhere
    Workspace, ///< maybe of somebody else: what is imported lies in that folder, links followed
};

/// Of what was typed: rules as decode::parseDecodeRule has them, an address or a profile as source::registryFor has it. Files of schemas are
/// read, with the .proto files that they import from their own folder. Fails with BadDecoding, FileNotFound, BadSchema, ...
[[nodiscard]] base::Result<DecodingOptions> decodingOptions(const std::vector<std::string>& rules,
                                                            const std::string& registry, NamedBy namedBy);

} // namespace leftfold::workspace
