// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/schema_fetcher.h"

#include "core/decode/record_decoder.h"

namespace leftfold::workspace {

using base::ErrorCode;
using base::Result;

SchemaFetcher::SchemaFetcher(std::shared_ptr<decode::SchemaBook> book,
                             std::optional<source::RegistryConnection> registry)
    : m_book(std::move(book))
{
    if (registry) m_registry.emplace(std::move(*registry));
}

Result<void> SchemaFetcher::fetchFor(std::span<const event::Record> records, const std::string& topic,
                                     const decode::Decoding& decoding, std::stop_token stop)
{
    if (!m_registry) return {};
    for (const event::Record& record : records) {
        for (const std::string& key : namedSchemas(record, topic, decoding)) {
            if (key == m_lastKey) continue;
            if (!m_book->find(key) && !m_book->whyMissing(key)) LEFTFOLD_CHECK(fetch(key, topic + "-value", stop));
            m_lastKey = key;
        }
    }
    return {};
}

Result<void> SchemaFetcher::fetch(const std::string& key, const std::string& subjectHint, std::stop_token stop)
{
    auto schemas = m_registry->fetch(key, subjectHint, std::move(stop));
    if (!schemas) {
        if (schemas.error().code == ErrorCode::Cancelled) return tl::unexpected(schemas.error());
        m_book->setMissing(key, schemas.error());
        return {};
    }
    for (decode::Schema& schema : *schemas) m_book->add(std::move(schema));
    return {};
}

} // namespace leftfold::workspace
