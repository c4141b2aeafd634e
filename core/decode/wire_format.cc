// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/wire_format.h"

#include "core/base/varint.h"
#include "core/decode/json_text.h"

#include <fmt/format.h>

namespace leftfold::decode {

namespace {

constexpr char kNumberMagic = 0;
constexpr char kGuidMagic = 1;
constexpr std::size_t kNumberSize = 5; ///< with the magic byte
constexpr std::size_t kGuidSize = 17;
/// Messages of a schema are not nested deeper by people.
constexpr std::int64_t kMaxPath = 256;

SchemaNumber numberOf(base::ByteView four)
{
    std::uint32_t value = 0;
    for (const char byte : four) value = value << 8 | static_cast<std::uint8_t>(byte);
    return {value};
}

SchemaGuid guidOf(base::ByteView sixteen)
{
    SchemaGuid guid;
    for (std::size_t i = 0; i < guid.bytes.size(); ++i) guid.bytes[i] = static_cast<std::uint8_t>(sixteen[i]);
    return guid;
}

/// The last one counts, as for Kafka's own `lastHeader`.
std::optional<base::ByteView> headerOf(const event::Record& record, std::string_view name)
{
    std::optional<base::ByteView> value;
    for (const event::Header& header : record.headers) {
        if (header.name == name) value = header.value;
    }
    return value;
}

/// The first places of a payload, counted from its beginning.
class PathReader {
public:
    explicit PathReader(base::ByteView bytes) : m_bytes(bytes) {}

    base::Result<ProtobufPayload> read()
    {
        ProtobufPayload out;
        const std::int64_t count = number();
        if (count < 0 || count > kMaxPath) return fault(fmt::format("a path of {} messages", count));
        for (std::int64_t i = 0; i < count && m_isWhole; ++i) {
            const std::int64_t index = number();
            if (index != static_cast<std::int32_t>(index) || index < 0)
                return fault(fmt::format("a message number {}", index));
            out.messagePath.push_back(static_cast<std::int32_t>(index));
        }
        if (!m_isWhole) return fault("it ends within the path of the message");
        if (count == 0) out.messagePath = {0}; // the usual one, in one byte
        out.payload = m_bytes.substr(m_at);
        return out;
    }

private:
    [[nodiscard]] tl::unexpected<base::Error> fault(std::string_view cause) const
    {
        return base::fail(base::ErrorCode::BadPayload, "Confluent's wire format", std::to_string(m_at), cause);
    }

    std::int64_t number()
    {
        base::ByteReader reader(m_bytes.substr(m_at));
        const std::uint64_t value = reader.varint();
        m_isWhole = m_isWhole && reader.ok();
        if (reader.ok()) m_at = m_bytes.size() - reader.left();
        return base::unzigzag(value);
    }

    base::ByteView m_bytes;
    std::size_t m_at = 0;
    bool m_isWhole = true;
};

} // namespace

std::string toText(const SchemaId& id)
{
    if (const auto* number = std::get_if<SchemaNumber>(&id)) return std::to_string(number->value);
    const auto& bytes = std::get<SchemaGuid>(id).bytes;
    std::string out;
    appendUuid(out, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    return out;
}

std::optional<SchemaMark> readSchemaMark(base::ByteView bytes)
{
    if (bytes.size() >= kNumberSize && bytes[0] == kNumberMagic)
        return SchemaMark{numberOf(bytes.substr(1, kNumberSize - 1)), bytes.substr(kNumberSize)};
    if (bytes.size() >= kGuidSize && bytes[0] == kGuidMagic)
        return SchemaMark{guidOf(bytes.substr(1, kGuidSize - 1)), bytes.substr(kGuidSize)};
    return std::nullopt;
}

std::string_view schemaHeaderName(RecordPart part)
{
    return part == RecordPart::Key ? "__key_schema_id" : "__value_schema_id";
}

std::optional<MarkedPayload> readMarkedPayload(const event::Record& record, RecordPart part)
{
    const auto& bytes = part == RecordPart::Key ? record.key : record.value;
    if (!bytes) return std::nullopt;
    if (const auto header = headerOf(record, schemaHeaderName(part))) {
        if (const auto mark = readSchemaMark(*header)) return MarkedPayload{mark->id, *bytes, mark->rest, true};
    }
    const auto mark = readSchemaMark(*bytes);
    if (!mark) return std::nullopt;
    return MarkedPayload{mark->id, mark->rest, {}, false};
}

base::Result<ProtobufPayload> protobufMessageOf(const MarkedPayload& marked)
{
    if (!marked.isInHeader) return PathReader(marked.payload).read();
    // A header without a path was written by somebody who has one message only.
    if (marked.messagePath.empty()) return ProtobufPayload{{0}, marked.payload};
    LEFTFOLD_TRY(ProtobufPayload out, PathReader(marked.messagePath).read());
    if (!out.payload.empty())
        return base::fail(base::ErrorCode::BadPayload, "Confluent's wire format",
                          std::to_string(marked.messagePath.size() - out.payload.size()),
                          "bytes behind the path of the message");
    out.payload = marked.payload;
    return out;
}

} // namespace leftfold::decode
