// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/event/offset.h"

#include <nlohmann/json.hpp>
#include <string>

/// How sources of Kafka read back the targets and cuts that they wrote. For the .cc files of this folder alone.
namespace leftfold::source::state_json {

using Json = nlohmann::json;

/// Thrown where something else stands there than we write; `readState` catches it.
struct Unreadable {
    std::string why;
};

inline event::Partition partitionFrom(const std::string& text)
{
    auto partition = event::parsePartition(text);
    if (!partition) throw Unreadable{"'" + text + "' is no partition"};
    return std::move(*partition);
}

inline event::Offset offsetFrom(const Json& json)
{
    return {json.get<std::int64_t>()};
}

inline base::Hash128 hashFrom(const Json& json)
{
    const auto hash = base::hash128FromHex(json.get<std::string>());
    if (!hash) throw Unreadable{"a hash"};
    return *hash;
}

/// What `reader` makes of a state whose member `kind` says `version`. Fails with SourceStateUnreadable.
template <class Reader>
auto readState(const std::string& text, const char* kind, int version, Reader reader)
    -> base::Result<decltype(reader(Json()))>
{
    try {
        const Json json = Json::parse(text);
        if (json.value(kind, 0) != version) throw Unreadable{"it is of another source, or another version of Leftfold"};
        return reader(json);
    } catch (const Json::exception& error) {
        return base::fail(base::ErrorCode::SourceStateUnreadable, error.what());
    } catch (const Unreadable& error) {
        return base::fail(base::ErrorCode::SourceStateUnreadable, error.why);
    }
}

} // namespace leftfold::source::state_json
