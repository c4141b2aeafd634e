// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/decode/payload_decoder.h"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace leftfold::decode {

/// As registries name them: "AVRO", "PROTOBUF", "JSON".
[[nodiscard]] std::string_view toText(SchemaKind kind);
[[nodiscard]] std::optional<SchemaKind> schemaKind(std::string_view text);

/// Where a schema takes a name from another one, as a registry tells it.
struct SchemaLink {
    std::string name; ///< see SchemaReference
    std::string subject;
    std::int64_t version = 0;
    friend bool operator==(const SchemaLink&, const SchemaLink&) = default;
};

/// A schema and what it is known by. The key is one of: `7` (its number in a registry), its GUID, `SUBJECT/VERSION` (what others refer
/// to), `file:NAME#HASH` (given by a person), `file:NAME#HASH/NAME` (a file that imports).
struct Schema {
    std::string key;
    SchemaKind kind = SchemaKind::Avro;
    std::string text;
    bool isDescriptorSet = false; ///< Protobuf: `text` is a FileDescriptorSet, not a .proto file
    std::vector<SchemaLink> links;
    std::string subject; ///< empty: not known
    std::int64_t version = 0; ///< 0: not known

    friend bool operator==(const Schema&, const Schema&) = default;
};

/// The key of what a link leads to.
[[nodiscard]] std::string keyOf(const SchemaLink& link);

/// One line of JSON without the key, and back: nothing where it is none.
[[nodiscard]] std::string toJson(const Schema& schema);
[[nodiscard]] std::optional<Schema> parseSchema(std::string key, std::string_view json);

/// The schemas of a capture, and why others are not there. They are added and never changed. Shared by threads.
class SchemaBook {
public:
    /// Null where there is none.
    [[nodiscard]] std::shared_ptr<const Schema> find(const std::string& key) const;
    /// Also forgets why it was missing. Of two schemas of one key the first stays.
    void add(Schema schema);
    [[nodiscard]] std::optional<base::Error> whyMissing(const std::string& key) const;
    void setMissing(const std::string& key, base::Error why);
    /// So that they are asked for again.
    void forgetMissing();
    [[nodiscard]] std::map<std::string, base::Error> missing() const;
    [[nodiscard]] std::size_t missingCount() const;
    /// In the order they were added, from the one behind the first `known` of them.
    [[nodiscard]] std::vector<std::shared_ptr<const Schema>> behind(std::size_t known) const;
    [[nodiscard]] std::size_t size() const;

private:
    mutable std::mutex m_mutex;
    std::vector<std::shared_ptr<const Schema>> m_schemas;
    std::map<std::string, std::shared_ptr<const Schema>> m_byKey;
    std::map<std::string, base::Error> m_missing;
};

/// A schema with all it needs. Fails with SchemaMissing where something is not in the book.
[[nodiscard]] base::Result<SchemaText> withReferences(const Schema& schema, const SchemaBook& book);

} // namespace leftfold::decode
