// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/schema.h"

#include "core/decode/text.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

namespace leftfold::decode {

namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, 3> kKinds = {"AVRO", "PROTOBUF", "JSON"}; // as in SchemaKind

std::string textMember(const Json& object, const char* name)
{
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::int64_t numberMember(const Json& object, const char* name)
{
    const auto found = object.find(name);
    return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

std::string base64(base::ByteView bytes)
{
    std::string out;
    appendBase64(out, bytes);
    return out;
}

} // namespace

std::string_view toText(SchemaKind kind)
{
    return kKinds[static_cast<std::size_t>(kind)];
}

std::optional<SchemaKind> schemaKind(std::string_view text)
{
    const auto found = std::ranges::find(kKinds, text);
    if (found == kKinds.end()) return std::nullopt;
    return static_cast<SchemaKind>(found - kKinds.begin());
}

std::string keyOf(const SchemaLink& link)
{
    return link.version == 0 ? link.subject : link.subject + "/" + std::to_string(link.version);
}

std::string toJson(const Schema& schema)
{
    Json json{{"kind", toText(schema.kind)}};
    json[isUtf8(schema.text) ? "text" : "base64"] = isUtf8(schema.text) ? schema.text : base64(schema.text);
    if (!schema.subject.empty()) json["subject"] = schema.subject;
    if (schema.version != 0) json["version"] = schema.version;
    if (schema.isDescriptorSet) json["isDescriptorSet"] = true;
    for (const SchemaLink& link : schema.links) {
        json["references"].push_back({{"name", link.name}, {"subject", link.subject}, {"version", link.version}});
    }
    return json.dump();
}

std::optional<Schema> parseSchema(std::string key, std::string_view text)
{
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object()) return std::nullopt;
    const auto kind = schemaKind(textMember(json, "kind"));
    if (!kind) return std::nullopt;
    Schema schema;
    schema.key = std::move(key);
    schema.kind = *kind;
    schema.text = textMember(json, "text");
    schema.isDescriptorSet = json.value("isDescriptorSet", Json(false)) == Json(true);
    schema.subject = textMember(json, "subject");
    schema.version = numberMember(json, "version");
    if (json.contains("base64")) {
        auto bytes = fromBase64(textMember(json, "base64"));
        if (!bytes) return std::nullopt;
        schema.text = std::move(*bytes);
    }
    for (const Json& each : json.value("references", Json::array())) {
        if (!each.is_object()) return std::nullopt;
        schema.links.push_back({textMember(each, "name"), textMember(each, "subject"), numberMember(each, "version")});
    }
    return schema;
}

std::shared_ptr<const Schema> SchemaBook::find(const std::string& key) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_byKey.find(key);
    return found == m_byKey.end() ? nullptr : found->second;
}

void SchemaBook::add(Schema schema)
{
    const std::lock_guard lock(m_mutex);
    m_missing.erase(schema.key);
    if (m_byKey.contains(schema.key)) return;
    m_schemas.push_back(std::make_shared<const Schema>(std::move(schema)));
    m_byKey.emplace(m_schemas.back()->key, m_schemas.back());
}

std::optional<base::Error> SchemaBook::whyMissing(const std::string& key) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_missing.find(key);
    return found == m_missing.end() ? std::nullopt : std::optional(found->second);
}

void SchemaBook::setMissing(const std::string& key, base::Error why)
{
    const std::lock_guard lock(m_mutex);
    m_missing.insert_or_assign(key, std::move(why));
}

void SchemaBook::forgetMissing()
{
    const std::lock_guard lock(m_mutex);
    m_missing.clear();
}

std::map<std::string, base::Error> SchemaBook::missing() const
{
    const std::lock_guard lock(m_mutex);
    return m_missing;
}

std::size_t SchemaBook::missingCount() const
{
    const std::lock_guard lock(m_mutex);
    return m_missing.size();
}

std::vector<std::shared_ptr<const Schema>> SchemaBook::behind(std::size_t known) const
{
    const std::lock_guard lock(m_mutex);
    const std::size_t first = std::min(known, m_schemas.size());
    return {m_schemas.begin() + static_cast<std::ptrdiff_t>(first), m_schemas.end()};
}

std::size_t SchemaBook::size() const
{
    const std::lock_guard lock(m_mutex);
    return m_schemas.size();
}

base::Result<SchemaText> withReferences(const Schema& schema, const SchemaBook& book)
{
    SchemaText out{schema.kind, schema.text, {}};
    std::set<std::string> names;
    std::vector<SchemaLink> open = schema.links;
    while (!open.empty()) {
        const SchemaLink link = std::move(open.back());
        open.pop_back();
        if (!names.insert(link.name).second) continue;
        const auto linked = book.find(keyOf(link));
        if (!linked) {
            const auto why = book.whyMissing(keyOf(link));
            return base::fail(base::ErrorCode::SchemaMissing, link.name + " (" + keyOf(link) + ")",
                              why ? base::render(*why) : "the capture does not have it");
        }
        out.references.push_back({link.name, linked->text});
        open.insert(open.end(), linked->links.begin(), linked->links.end());
    }
    return out;
}

} // namespace leftfold::decode
