// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/decoding_options.h"

#include "core/base/file.h"
#include "core/workspace/workspace_paths.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <iterator>
#include <regex>
#include <set>

namespace leftfold::workspace {

namespace {

using base::ErrorCode;
using base::Result;
using decode::PayloadFormat;
using decode::Schema;
using decode::SchemaKind;

SchemaKind kindOf(PayloadFormat format)
{
    if (format == PayloadFormat::Protobuf) return SchemaKind::Protobuf;
    return format == PayloadFormat::JsonSchema ? SchemaKind::JsonSchema : SchemaKind::Avro;
}

/// Text is what people write; a set of descriptors begins with field 1, whose length follows.
bool isDescriptorSet(const std::string& text)
{
    return !text.empty() && text.front() == '\n'
           && text.find_first_of(std::string("\0\x01\x02\x03\x04\x05\x06\x07\x08", 9)) != std::string::npos;
}

std::vector<std::string> importsOf(const std::string& proto)
{
    static const std::regex kImport(R"re((?:^|[\n;])\s*import\s+(?:public\s+|weak\s+)?"([^"]+)"\s*;)re");
    std::vector<std::string> names;
    for (auto at = std::sregex_iterator(proto.begin(), proto.end(), kImport); at != std::sregex_iterator(); ++at)
        names.push_back((*at)[1]);
    return names;
}

/// What somebody else wrote, in a workspace or not, reads nothing of this machine: neither by names that lead out of the folder,
/// nor by links that came along with it.
bool mayImport(const std::filesystem::path& folder, const std::string& name, NamedBy namedBy)
{
    const std::filesystem::path inside = std::filesystem::path(name).lexically_normal();
    if (inside.is_absolute() || inside.empty() || *inside.begin() == "..") return false;
    return namedBy == NamedBy::User || liesIn(folder.empty() ? "." : folder.string(), (folder / name).string());
}

/// Of what came along nothing is waited for: a pipe is the user's own.
Result<std::string> readNamed(const std::string& path, NamedBy namedBy)
{
    return namedBy == NamedBy::User ? base::readFile(path) : base::readRegularFile(path);
}

/// The files a .proto file imports, those of them too; of the folder it is in. Protobuf's own come with it.
Result<void> readImports(const std::filesystem::path& folder, NamedBy namedBy, Schema& schema,
                         std::set<std::string>& seen, std::vector<Schema>& out)
{
    for (const std::string& name : importsOf(schema.text)) {
        if (name.starts_with("google/protobuf/")) continue;
        const std::string key = "/" + name; // behind that of the main file, when all is read
        schema.links.push_back({name, key, 0});
        if (!seen.insert(name).second) continue;
        Schema imported;
        imported.key = key;
        imported.kind = SchemaKind::Protobuf;
        if (!mayImport(folder, name, namedBy))
            return base::fail(ErrorCode::BadSchema, "Protobuf",
                              "it imports " + name + ", which lies outside of its folder");
        LEFTFOLD_TRY(imported.text, readNamed((folder / name).string(), namedBy));
        LEFTFOLD_CHECK(readImports(folder, namedBy, imported, seen, out));
        out.push_back(std::move(imported));
    }
    return {};
}

/// A file that imports others is another schema when one of these changes: what all of them say is in the key, which is given.
std::string nameAll(const std::string& file, std::vector<Schema>& all)
{
    std::string texts;
    for (const Schema& schema : all) texts += schema.text + '\n';
    std::string key = fmt::format("file:{}#{:08x}", file, static_cast<std::uint32_t>(base::hash64(texts)));
    for (Schema& schema : all) {
        schema.key = key + schema.key;
        for (decode::SchemaLink& link : schema.links) link.subject = key + link.subject;
    }
    return key;
}

/// Here and not at every event is where a file that cannot be used is told.
Result<void> checkUsable(const decode::DecodeRule& rule, const std::vector<Schema>& all)
{
    const auto toNothing = [](const auto&) {};
    const Schema& main = all.back();
    if (main.isDescriptorSet) return decode::makeProtobufDescriptorDecoder(main.text, rule.message).map(toNothing);
    decode::SchemaBook book;
    for (const Schema& schema : all) book.add(schema);
    LEFTFOLD_TRY(const decode::SchemaText text, withReferences(main, book));
    if (main.kind == SchemaKind::Avro) return decode::makeAvroDecoder(text).map(toNothing);
    if (main.kind == SchemaKind::JsonSchema) return decode::makeJsonSchemaDecoder(text).map(toNothing);
    return decode::makeProtobufDecoder(text, rule.message).map(toNothing);
}

Result<void> readSchema(decode::TypedRule& typed, NamedBy namedBy, std::vector<Schema>& out)
{
    const std::filesystem::path path(typed.file);
    Schema schema;
    schema.kind = kindOf(typed.rule.format);
    LEFTFOLD_TRY(schema.text, readNamed(typed.file, namedBy));
    schema.isDescriptorSet = schema.kind == SchemaKind::Protobuf && isDescriptorSet(schema.text);
    std::vector<Schema> all;
    if (schema.kind == SchemaKind::Protobuf && !schema.isDescriptorSet) {
        std::set<std::string> seen;
        LEFTFOLD_CHECK(readImports(path.parent_path(), namedBy, schema, seen, all));
    }
    all.push_back(std::move(schema));
    typed.rule.schema = nameAll(path.filename().string(), all);
    auto checked = checkUsable(typed.rule, all);
    if (!checked) return base::inContext(std::move(checked).error(), typed.file);
    std::ranges::move(all, std::back_inserter(out));
    return {};
}

} // namespace

Result<DecodingOptions> decodingOptions(const std::vector<std::string>& rules, const std::string& registry,
                                        NamedBy namedBy)
{
    DecodingOptions options;
    for (const std::string& text : rules) {
        LEFTFOLD_TRY(decode::TypedRule typed, decode::parseDecodeRule(text));
        if (!typed.file.empty()) LEFTFOLD_CHECK(readSchema(typed, namedBy, options.schemas));
        options.rules.push_back(std::move(typed.rule));
    }
    if (!registry.empty()) {
        LEFTFOLD_TRY(options.registry, source::registryFor(registry));
    }
    return options;
}

} // namespace leftfold::workspace
