// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/writer.h"
#include "core/workspace/schema_fetcher.h"

#include <stop_token>

namespace leftfold::workspace {

/// What is wanted of a capture whose payloads are decoded anew.
struct Redecoding {
    decode::Decoding decoding; ///< its rules; the generation does not count
    decode::Mapping given; ///< wins over what the capture has
    bool again = false; ///< also where neither rules nor schemas are others than before
};

/// Reads all stored events with other rules, or with schemas that were missing: nothing is captured anew, the log's bytes and identity stay.
/// Schemas that were missing are asked for again. Where most of the capture's first events could not be read before, what is what in them is
/// detected anew. In one transaction: Cancelled leaves everything as it was. REQUIRES: no load under way; `book` is the writer's.
[[nodiscard]] base::Result<void> redecode(capture::Writer& writer, const std::string& path,
                                          const std::shared_ptr<decode::SchemaBook>& book, SchemaFetcher& fetcher,
                                          const Redecoding& wanted, std::stop_token stop);

} // namespace leftfold::workspace
