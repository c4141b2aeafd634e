// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/decode/decoding.h"
#include "core/event/record.h"
#include "core/source/schema_registry.h"

#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

namespace leftfold::workspace {

/// Sees to it that the schemas that records name are in the book before the records are encoded: asks the registry once for each, and
/// notes why one is not to be had. One thread's.
class SchemaFetcher {
public:
    /// Without a registry nothing is asked for.
    SchemaFetcher(std::shared_ptr<decode::SchemaBook> book, std::optional<source::RegistryConnection> registry);

    [[nodiscard]] bool hasRegistry() const { return m_registry.has_value(); }
    /// Its address; empty where there is none.
    [[nodiscard]] std::string url() const { return m_registry ? m_registry->url() : std::string(); }
    /// Fails with Cancelled alone: what a registry does not give is noted in the book.
    [[nodiscard]] base::Result<void> fetchFor(std::span<const event::Record> records, const std::string& topic,
                                              const decode::Decoding& decoding, std::stop_token stop);

private:
    [[nodiscard]] base::Result<void> fetch(const std::string& key, const std::string& subjectHint,
                                           std::stop_token stop);

    std::shared_ptr<decode::SchemaBook> m_book;
    std::optional<source::SchemaRegistry> m_registry;
    std::string m_lastKey; ///< the last one that needed nothing: mostly the next one's too
};

} // namespace leftfold::workspace
