// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/manifest.h"

#include "core/base/file.h"
#include "core/event/canonical.h"

#include <charconv>
#include <fmt/format.h>

namespace leftfold::snapshot {

namespace {

using base::Result;
using event::DocumentBuilder;
using event::Value;

constexpr base::ByteView kOwnHash = "manifestHash";

void put(DocumentBuilder& json, base::ByteView key, base::ByteView text)
{
    json.key(key);
    json.text(text);
}

void put(DocumentBuilder& json, base::ByteView key, std::uint64_t number)
{
    json.key(key);
    json.number(std::to_string(number));
}

void putOffset(DocumentBuilder& json, base::ByteView key, event::Offset offset)
{
    json.key(key);
    json.number(offset.value);
}

void putTexts(DocumentBuilder& json, base::ByteView key, const std::vector<std::string>& texts)
{
    json.key(key);
    json.beginArray();
    for (const std::string& text : texts) json.text(text);
    json.endArray();
}

void putFile(DocumentBuilder& json, const Manifest& manifest)
{
    json.key("export");
    json.beginObject();
    put(json, "file", manifest.file);
    put(json, "format", nameOf(manifest.format));
    put(json, "bytes", manifest.bytes);
    put(json, "sha256", base::toHex(manifest.sha256));
    put(json, "rows", manifest.rows);
    put(json, "rowsHash", base::toHex(manifest.rowsHash));
    if (!manifest.masks.empty()) putTexts(json, "masked", manifest.masks);
    if (manifest.format != ExportFormat::JsonLines) {
        putTexts(json, "columns", manifest.columns);
        json.key("pathsWithoutColumn");
        json.boolean(manifest.hasPathsWithoutColumn);
    }
    json.endObject();
}

void putSnapshot(DocumentBuilder& json, base::ByteView key, const ManifestSnapshot& snapshot)
{
    json.key(key);
    json.beginObject();
    put(json, "cut", toText(snapshot.cut));
    put(json, "aggregates", snapshot.aggregates);
    put(json, "hash", base::toHex(snapshot.hash));
    json.endObject();
}

void putProjection(DocumentBuilder& json, const Manifest& manifest)
{
    json.key("projection");
    json.beginObject();
    put(json, "fingerprint", manifest.fingerprint);
    put(json, "by", manifest.by);
    put(json, "fold", manifest.fold);
    putTexts(json, "types", manifest.types);
    put(json, "mapping", manifest.mapping);
    json.endObject();
}

void putPartition(DocumentBuilder& json, const PartitionAtCut& at)
{
    json.beginObject();
    put(json, "partition", toText(at.partition));
    putOffset(json, "next", at.next);
    put(json, "events", at.events);
    json.key("identity");
    at.identity ? json.text(base::toHex(*at.identity)) : json.null();
    putOffset(json, "firstOffset", at.firstOffset);
    put(json, "missingOffsets", at.missingOffsets);
    put(json, "undecodable", at.undecodable);
    put(json, "timeless", at.timeless);
    put(json, "unreadable", at.unreadable);
    json.endObject();
}

void putLog(DocumentBuilder& json, const Manifest& manifest)
{
    json.key("log");
    json.beginObject();
    put(json, "path", manifest.logPath);
    put(json, "capture", manifest.captureId);
    put(json, "damagedEvents", manifest.damagedEvents);
    put(json, "compaction", "unknown");
    json.key("partitions");
    json.beginArray();
    for (const PartitionAtCut& at : manifest.partitions) putPartition(json, at);
    json.endArray();
    json.endObject();
}

void putAll(DocumentBuilder& json, const Manifest& manifest)
{
    json.key("leftfoldManifest");
    json.number(Manifest::kFormat);
    put(json, "version", manifest.version);
    putFile(json, manifest);
    put(json, "at", manifest.at);
    putSnapshot(json, "snapshot", manifest.snapshot);
    if (manifest.since) putSnapshot(json, "since", *manifest.since);
    putProjection(json, manifest);
    putLog(json, manifest);
}

std::string hashOfAllBut(Value manifest, base::ByteView member)
{
    DocumentBuilder json;
    json.beginObject();
    for (const event::Member& each : manifest.members()) {
        if (each.key == member) continue;
        json.key(each.key);
        json.value(each.value);
    }
    json.endObject();
    return base::toHex(base::sha256(event::canonicalJson(json.finish().root())));
}

/// Reads members of one object; the first that is missing or of another kind is remembered.
class Members {
public:
    Members(std::optional<Value> object, std::string& missing) : m_object(object), m_missing(missing) {}

    [[nodiscard]] std::optional<Value> find(base::ByteView key, event::Kind kind) const
    {
        const auto value = m_object ? m_object->find(key) : std::nullopt;
        if (value && value->kind() == kind) return value;
        if (m_missing.empty()) m_missing = key;
        return std::nullopt;
    }
    [[nodiscard]] std::string text(base::ByteView key) const
    {
        const auto value = find(key, event::Kind::Text);
        return value ? std::string(value->text()) : std::string();
    }
    template <class Number = std::uint64_t>
    [[nodiscard]] Number number(base::ByteView key) const
    {
        const auto value = find(key, event::Kind::Number);
        Number number = 0;
        if (!value) return number;
        const base::ByteView digits = value->digits();
        const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
        if (read.ec != std::errc() || read.ptr != digits.data() + digits.size()) m_missing = key;
        return number;
    }
    [[nodiscard]] event::Offset offset(base::ByteView key) const { return {number<std::int64_t>(key)}; }
    [[nodiscard]] bool boolean(base::ByteView key) const
    {
        const auto value = find(key, event::Kind::Boolean);
        return value && value->boolean();
    }
    [[nodiscard]] base::Hash256 hash(base::ByteView key) const { return expect(key, base::hash256FromHex(text(key))); }
    [[nodiscard]] base::Hash128 identity(base::ByteView key) const
    {
        return expect(key, base::hash128FromHex(text(key)));
    }
    [[nodiscard]] bool isNull(base::ByteView key) const
    {
        const auto value = m_object ? m_object->find(key) : std::nullopt;
        return value && value->isNull();
    }
    [[nodiscard]] bool has(base::ByteView key) const { return m_object && m_object->find(key); }
    [[nodiscard]] std::vector<std::string> texts(base::ByteView key) const
    {
        std::vector<std::string> texts;
        const auto array = find(key, event::Kind::Array);
        if (!array) return texts;
        for (const Value text : array->items()) {
            if (text.kind() == event::Kind::Text) texts.emplace_back(text.text());
        }
        return texts;
    }
    [[nodiscard]] Members object(base::ByteView key) const { return {find(key, event::Kind::Object), m_missing}; }
    /// A text that `parse` reads.
    template <class Parse>
    [[nodiscard]] auto parsed(base::ByteView key, Parse parse) const
    {
        auto value = parse(text(key));
        using Parsed = std::decay_t<decltype(*value)>;
        if (!value && m_missing.empty()) m_missing = key;
        return value ? std::move(*value) : Parsed{};
    }

private:
    template <class Hash>
    [[nodiscard]] Hash expect(base::ByteView key, const std::optional<Hash>& hash) const
    {
        if (!hash && m_missing.empty()) m_missing = key;
        return hash.value_or(Hash{});
    }

    std::optional<Value> m_object;
    std::string& m_missing;
};

void readFile(const Members& file, Manifest& manifest)
{
    manifest.file = file.text("file");
    manifest.format = file.parsed("format", exportFormatNamed);
    manifest.bytes = file.number("bytes");
    manifest.sha256 = file.hash("sha256");
    manifest.rows = file.number("rows");
    manifest.rowsHash = file.hash("rowsHash");
    if (file.has("masked")) manifest.masks = file.texts("masked");
    if (manifest.format == ExportFormat::JsonLines) return;
    manifest.hasPathsWithoutColumn = file.boolean("pathsWithoutColumn");
    manifest.columns = file.texts("columns");
}

ManifestSnapshot snapshotOf(const Members& members)
{
    ManifestSnapshot snapshot;
    snapshot.cut = members.parsed("cut", event::parseCut);
    snapshot.aggregates = members.number("aggregates");
    snapshot.hash = members.hash("hash");
    return snapshot;
}

PartitionAtCut partitionOf(const Members& members)
{
    PartitionAtCut at;
    at.partition = members.parsed("partition", event::parsePartition);
    at.next = members.offset("next");
    at.events = members.number("events");
    if (!members.isNull("identity")) at.identity = members.identity("identity");
    at.firstOffset = members.offset("firstOffset");
    at.missingOffsets = members.number("missingOffsets");
    at.undecodable = members.number("undecodable");
    at.timeless = members.number("timeless");
    at.unreadable = members.number("unreadable");
    return at;
}

Manifest manifestOf(const Members& members, std::string& missing)
{
    Manifest manifest;
    manifest.version = members.text("version");
    readFile(members.object("export"), manifest);
    manifest.at = members.text("at");
    manifest.snapshot = snapshotOf(members.object("snapshot"));
    if (members.has("since")) manifest.since = snapshotOf(members.object("since"));
    const Members projection = members.object("projection");
    manifest.fingerprint = projection.text("fingerprint");
    manifest.by = projection.text("by");
    manifest.fold = projection.text("fold");
    manifest.types = projection.texts("types");
    manifest.mapping = projection.text("mapping");
    const Members log = members.object("log");
    manifest.logPath = log.text("path");
    manifest.captureId = log.text("capture");
    manifest.damagedEvents = log.number("damagedEvents");
    if (const auto partitions = log.find("partitions", event::Kind::Array)) {
        for (const Value each : partitions->items()) manifest.partitions.push_back(partitionOf({each, missing}));
    }
    return manifest;
}

} // namespace

std::string manifestPathOf(const std::string& exportPath)
{
    return exportPath + ".manifest.json";
}

std::string toJson(const Manifest& manifest)
{
    DocumentBuilder content;
    content.beginObject();
    putAll(content, manifest);
    content.endObject();
    const std::string hash = hashOfAllBut(content.finish().root(), {});
    DocumentBuilder json;
    json.beginObject();
    putAll(json, manifest);
    put(json, kOwnHash, hash);
    json.endObject();
    return toPrettyJson(json.finish().root()) + '\n';
}

Result<Manifest> parseManifest(base::ByteView json, const std::string& path)
{
    const auto bad = [&](std::string_view reason) { return base::fail(base::ErrorCode::BadManifest, path, reason); };
    const auto document = event::Document::parse(json);
    if (!document) return bad(base::render(document.error()));
    std::string missing;
    const Members members(document->root(), missing);
    if (const auto format = members.number<std::int64_t>("leftfoldManifest"); !missing.empty()) {
        return bad("it does not say so");
    } else if (format != Manifest::kFormat) {
        return bad(fmt::format("its format is {}, and this Leftfold reads {}", format, Manifest::kFormat));
    }
    if (members.text(kOwnHash) != hashOfAllBut(document->root(), kOwnHash))
        return bad("it was changed after it was written");
    Manifest manifest = manifestOf(members, missing);
    if (!missing.empty()) return bad(fmt::format("its member \"{}\" is missing or not understood", missing));
    return manifest;
}

Result<Manifest> readManifest(const std::string& path)
{
    constexpr std::uint64_t kMaxBytes = std::uint64_t{1} << 30; // it has an entry for each partition
    LEFTFOLD_TRY(const std::string bytes, base::readFile(path, kMaxBytes));
    return parseManifest(bytes, path);
}

} // namespace leftfold::snapshot
