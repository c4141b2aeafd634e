// SPDX-License-Identifier: GPL-3.0-or-later
// libprotobuf reads the bytes into a dynamic message, so that merging, packing, presence and unknown fields are as everywhere; its own
// JSON would lose unknown fields, and show 64-bit integers as texts.
#include "core/base/time.h"
#include "core/decode/json_text.h"
#include "core/decode/protobuf_schema.h"
#include "core/decode/text.h"
#include "core/event/json_walker.h"

#include <algorithm>
#include <fmt/format.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/unknown_field_set.h>
#include <google/protobuf/wire_format_lite.h>
#include <optional>
#include <set>
#include <unordered_map>

namespace leftfold::decode {

namespace pb = google::protobuf;

namespace {

using Field = const pb::FieldDescriptor*;
using Wire = pb::internal::WireFormatLite;

/// A message of two bytes can stand for one of kilobytes in memory.
constexpr std::size_t kMaxMemory = 2 * kMaxDecodedBytes;
constexpr std::size_t kUnknownFieldSize = 64;

/// Follows the bytes without keeping anything: where and why they are no message, and how much memory the message takes.
class WireWalk {
public:
    using SizeOf = std::unordered_map<const pb::Descriptor*, std::size_t>;

    WireWalk(base::ByteView bytes, const SizeOf& sizes)
        : m_input(reinterpret_cast<const std::uint8_t*>(bytes.data()), static_cast<int>(bytes.size())),
          m_sizes(sizes)
    {
        m_input.SetTotalBytesLimit(static_cast<int>(bytes.size()));
    }

    /// False: fault() tells why, at() where.
    bool walk(const pb::Descriptor* type) { return message(type, 0); }
    [[nodiscard]] const std::string& fault() const { return m_fault; }
    [[nodiscard]] int at() const { return m_at; }
    [[nodiscard]] std::size_t memory() const { return m_memory; }

private:
    bool failed(int at, std::string_view why)
    {
        m_at = at;
        m_fault = why;
        return false;
    }

    /// Until the end of what was pushed as limit, or the end of the group. No type: nobody knows it.
    bool message(const pb::Descriptor* type, int group)
    {
        if (++m_depth > kMaxDecodedDepth) return failed(m_input.CurrentPosition(), "messages are nested too deeply");
        const auto size = m_sizes.find(type);
        m_memory += size == m_sizes.end() ? kUnknownFieldSize : size->second;
        for (bool isOpen = true; isOpen;) {
            if (m_input.BytesUntilTotalBytesLimit() == 0 || m_input.BytesUntilLimit() == 0) {
                if (group != 0) return failed(m_input.CurrentPosition(), "a group without an end");
                break;
            }
            if (!field(type, group, isOpen)) return false;
        }
        --m_depth;
        return true;
    }

    bool field(const pb::Descriptor* type, int group, bool& isOpen)
    {
        const int from = m_input.CurrentPosition();
        std::uint32_t tag = 0;
        if (!m_input.ReadVarint32(&tag) || Wire::GetTagFieldNumber(tag) == 0)
            return failed(from, "no number of a field");
        const int number = Wire::GetTagFieldNumber(tag);
        const Field known = type == nullptr ? nullptr : type->FindFieldByNumber(number);
        switch (Wire::GetTagWireType(tag)) {
        case Wire::WIRETYPE_VARINT:
            return varint(from, number);
        case Wire::WIRETYPE_FIXED64:
            return skip(from, number, 8);
        case Wire::WIRETYPE_FIXED32:
            return skip(from, number, 4);
        case Wire::WIRETYPE_LENGTH_DELIMITED:
            return sized(from, number, known);
        case Wire::WIRETYPE_START_GROUP:
            return message(known != nullptr && known->type() == pb::FieldDescriptor::TYPE_GROUP ? known->message_type()
                                                                                                : nullptr,
                           number);
        case Wire::WIRETYPE_END_GROUP:
            isOpen = false;
            return number == group || failed(from, fmt::format("an end of the group {} where none is open", number));
        default:
            return failed(from, fmt::format("field {} has a type that does not exist", number));
        }
    }

    bool varint(int from, int number)
    {
        std::uint64_t value = 0;
        return m_input.ReadVarint64(&value) || failed(from, fmt::format("field {} is no number", number));
    }

    bool skip(int from, int number, int size)
    {
        return m_input.Skip(size) || failed(from, fmt::format("it ends within field {}", number));
    }

    bool sized(int from, int number, Field known)
    {
        std::uint64_t size = 0;
        if (!m_input.ReadVarint64(&size)) return failed(from, fmt::format("field {} has no size", number));
        const int left = std::min(m_input.BytesUntilTotalBytesLimit(),
                                  m_input.BytesUntilLimit() < 0 ? INT32_MAX : m_input.BytesUntilLimit());
        if (size > static_cast<std::uint64_t>(left))
            return failed(from, fmt::format("field {} has {} bytes, but {} follow", number, size, left));
        if (known == nullptr || known->cpp_type() == pb::FieldDescriptor::CPPTYPE_MESSAGE)
            m_memory += kUnknownFieldSize;
        if (known != nullptr && known->type() == pb::FieldDescriptor::TYPE_MESSAGE)
            return nested(known, static_cast<int>(size));
        if (known != nullptr && known->type() == pb::FieldDescriptor::TYPE_STRING)
            return text(from, known, static_cast<int>(size));
        if (known != nullptr && known->is_packable()) return packed(from, known, static_cast<int>(size));
        return m_input.Skip(static_cast<int>(size));
    }

    bool nested(Field known, int size)
    {
        const auto before = m_input.PushLimit(size);
        const bool isRead = message(known->message_type(), 0);
        m_input.PopLimit(before);
        return isRead;
    }

    bool text(int from, Field known, int size)
    {
        std::string text;
        if (!m_input.ReadString(&text, size)) return failed(from, "it ends within a text");
        return known->file()->syntax() != pb::FileDescriptor::SYNTAX_PROTO3 || isUtf8(text)
               || failed(from, fmt::format("{} is a text that is not UTF-8", known->name()));
    }

    bool packed(int from, Field known, int size)
    {
        const auto before = m_input.PushLimit(size);
        bool isRead = true;
        while (isRead && m_input.BytesUntilLimit() > 0) {
            const auto wire = Wire::WireTypeForFieldType(static_cast<Wire::FieldType>(known->type()));
            isRead = wire == Wire::WIRETYPE_FIXED64   ? skip(from, known->number(), 8)
                     : wire == Wire::WIRETYPE_FIXED32 ? skip(from, known->number(), 4)
                                                      : varint(from, known->number());
        }
        m_input.PopLimit(before);
        return isRead;
    }

    pb::io::CodedInputStream m_input;
    const SizeOf& m_sizes;
    std::size_t m_depth = 0;
    std::size_t m_memory = 0;
    std::string m_fault;
    int m_at = 0;
};

/// What all messages of a decoder need.
struct Kit {
    const pb::DescriptorPool& pool;
    pb::DynamicMessageFactory& factory;
};

/// Parses all of the bytes; null where they are no such message. Fields that proto2 requires may be missing.
std::unique_ptr<pb::Message> parsed(const Kit& kit, const pb::Descriptor* type, base::ByteView bytes)
{
    std::unique_ptr<pb::Message> message(kit.factory.GetPrototype(type)->New());
    pb::io::CodedInputStream input(reinterpret_cast<const std::uint8_t*>(bytes.data()), static_cast<int>(bytes.size()));
    input.SetRecursionLimit(static_cast<int>(kMaxDecodedDepth));
    const bool isRead = message->MergePartialFromCodedStream(&input) && input.ConsumedEntireMessage();
    return isRead ? std::move(message) : nullptr;
}

/// One message, written as JSON.
class MessageWriter {
public:
    MessageWriter(const Kit& kit, std::string& out, std::vector<std::string>& remarks)
        : m_kit(kit),
          m_out(out),
          m_remarks(remarks),
          m_limit(out.size() + kMaxDecodedBytes)
    {}

    /// False: it is too large, or messages packed in messages (Any) are nested too deeply.
    bool write(const pb::Message& message)
    {
        if (m_out.size() > m_limit || ++m_depth > 2 * kMaxDecodedDepth) return false;
        const bool isWritten = wellKnown(message);
        --m_depth;
        return isWritten;
    }

private:
    bool wellKnown(const pb::Message& message)
    {
        switch (message.GetDescriptor()->well_known_type()) {
        case pb::Descriptor::WELLKNOWNTYPE_TIMESTAMP:
            return timestamp(message) || plain(message);
        case pb::Descriptor::WELLKNOWNTYPE_DURATION:
            return duration(message) || plain(message);
        case pb::Descriptor::WELLKNOWNTYPE_FIELDMASK:
            return fieldMask(message);
        case pb::Descriptor::WELLKNOWNTYPE_ANY:
            return any(message);
        case pb::Descriptor::WELLKNOWNTYPE_STRUCT:
            return hasUnknown(message) ? plain(message) : map(message, fieldOf(message, 1));
        case pb::Descriptor::WELLKNOWNTYPE_LISTVALUE:
            return hasUnknown(message) ? plain(message) : list(message, fieldOf(message, 1));
        case pb::Descriptor::WELLKNOWNTYPE_VALUE:
            return hasUnknown(message) ? plain(message) : structValue(message);
        case pb::Descriptor::WELLKNOWNTYPE_UNSPECIFIED:
            return (message.GetDescriptor()->full_name() == "confluent.type.Decimal" && decimal(message))
                   || plain(message);
        default: // a wrapper
            return hasUnknown(message) ? plain(message) : single(message, fieldOf(message, 1));
        }
    }

    static Field fieldOf(const pb::Message& message, int number)
    {
        return message.GetDescriptor()->FindFieldByNumber(number);
    }
    static bool hasUnknown(const pb::Message& message)
    {
        return !message.GetReflection()->GetUnknownFields(message).empty();
    }

    void name(std::string_view text)
    {
        if (m_out.back() != '{') m_out += ',';
        event::escape(m_out, text);
        m_out += ':';
    }

    bool plain(const pb::Message& message)
    {
        m_out += '{';
        if (!members(message)) return false;
        m_out += '}';
        return true;
    }

    /// What a program of this schema would see: fields without presence always, the others where they are set.
    bool members(const pb::Message& message)
    {
        const pb::Descriptor& type = *message.GetDescriptor();
        const pb::Reflection& reflection = *message.GetReflection();
        for (int i = 0; i < type.field_count(); ++i) {
            const Field field = type.field(i);
            if (field->has_presence() && !reflection.HasField(message, field)) {
                if (field->is_required())
                    m_remarks.push_back("the required field " + field->full_name() + " is missing");
                continue;
            }
            name(field->name());
            if (!value(message, field)) return false;
        }
        return extensions(message) && unknown(reflection.GetUnknownFields(message));
    }

    bool extensions(const pb::Message& message)
    {
        if (message.GetDescriptor()->extension_range_count() == 0) return true;
        std::vector<Field> fields;
        message.GetReflection()->ListFields(message, &fields);
        for (const Field field : fields) {
            if (!field->is_extension()) continue;
            name('[' + field->full_name() + ']');
            if (!value(message, field)) return false;
        }
        return true;
    }

    bool value(const pb::Message& message, Field field)
    {
        if (field->is_map()) return map(message, field);
        return field->is_repeated() ? list(message, field) : single(message, field);
    }

    bool list(const pb::Message& message, Field field)
    {
        const int count = message.GetReflection()->FieldSize(message, field);
        m_out += '[';
        for (int i = 0; i < count; ++i) {
            if (i > 0) m_out += ',';
            if (!item(message, field, i)) return false;
        }
        m_out += ']';
        return m_out.size() <= m_limit;
    }

    /// Entries in the order in which they came; of a key that came twice the last one counts, as for every JSON here.
    bool map(const pb::Message& message, Field field)
    {
        const pb::Reflection& reflection = *message.GetReflection();
        const int count = reflection.FieldSize(message, field);
        m_out += '{';
        for (int i = 0; i < count; ++i) {
            const pb::Message& entry = reflection.GetRepeatedMessage(message, field, i);
            if (i > 0) m_out += ',';
            key(entry);
            m_out += ':';
            if (!single(entry, fieldOf(entry, 2))) return false;
        }
        m_out += '}';
        return m_out.size() <= m_limit;
    }

    void key(const pb::Message& entry)
    {
        const Field field = fieldOf(entry, 1);
        const bool isText = field->cpp_type() == pb::FieldDescriptor::CPPTYPE_STRING;
        if (!isText) m_out += '"';
        (void)single(entry, field);
        if (!isText) m_out += '"';
    }

    bool single(const pb::Message& message, Field field)
    {
        const pb::Reflection& reflection = *message.GetReflection();
        switch (field->cpp_type()) {
        case pb::FieldDescriptor::CPPTYPE_INT32:
            return appendInt(m_out, reflection.GetInt32(message, field)), true;
        case pb::FieldDescriptor::CPPTYPE_INT64:
            return appendInt(m_out, reflection.GetInt64(message, field)), true;
        case pb::FieldDescriptor::CPPTYPE_UINT32:
            return appendUint(m_out, reflection.GetUInt32(message, field)), true;
        case pb::FieldDescriptor::CPPTYPE_UINT64:
            return appendUint(m_out, reflection.GetUInt64(message, field)), true;
        case pb::FieldDescriptor::CPPTYPE_DOUBLE:
            return appendDouble(m_out, reflection.GetDouble(message, field)), true;
        case pb::FieldDescriptor::CPPTYPE_FLOAT:
            return appendFloat(m_out, reflection.GetFloat(message, field)), true;
        case pb::FieldDescriptor::CPPTYPE_BOOL:
            return boolean(reflection.GetBool(message, field));
        case pb::FieldDescriptor::CPPTYPE_ENUM:
            return enumeration(field, reflection.GetEnumValue(message, field));
        case pb::FieldDescriptor::CPPTYPE_STRING:
            return text(field, reflection.GetStringReference(message, field, &m_scratch));
        default:
            return write(reflection.GetMessage(message, field));
        }
    }

    bool item(const pb::Message& message, Field field, int i)
    {
        const pb::Reflection& reflection = *message.GetReflection();
        switch (field->cpp_type()) {
        case pb::FieldDescriptor::CPPTYPE_INT32:
            return appendInt(m_out, reflection.GetRepeatedInt32(message, field, i)), true;
        case pb::FieldDescriptor::CPPTYPE_INT64:
            return appendInt(m_out, reflection.GetRepeatedInt64(message, field, i)), true;
        case pb::FieldDescriptor::CPPTYPE_UINT32:
            return appendUint(m_out, reflection.GetRepeatedUInt32(message, field, i)), true;
        case pb::FieldDescriptor::CPPTYPE_UINT64:
            return appendUint(m_out, reflection.GetRepeatedUInt64(message, field, i)), true;
        case pb::FieldDescriptor::CPPTYPE_DOUBLE:
            return appendDouble(m_out, reflection.GetRepeatedDouble(message, field, i)), true;
        case pb::FieldDescriptor::CPPTYPE_FLOAT:
            return appendFloat(m_out, reflection.GetRepeatedFloat(message, field, i)), true;
        case pb::FieldDescriptor::CPPTYPE_BOOL:
            return boolean(reflection.GetRepeatedBool(message, field, i));
        case pb::FieldDescriptor::CPPTYPE_ENUM:
            return enumeration(field, reflection.GetRepeatedEnumValue(message, field, i));
        case pb::FieldDescriptor::CPPTYPE_STRING:
            return text(field, reflection.GetRepeatedStringReference(message, field, i, &m_scratch));
        default:
            return write(reflection.GetRepeatedMessage(message, field, i));
        }
    }

    bool boolean(bool value)
    {
        m_out += value ? "true" : "false";
        return true;
    }

    bool enumeration(Field field, int number)
    {
        if (const auto* known = field->enum_type()->FindValueByNumber(number)) {
            if (known->type()->full_name() == "google.protobuf.NullValue") return m_out += "null", true;
            event::escape(m_out, known->name());
        } else {
            appendInt(m_out, number);
        }
        return true;
    }

    /// Texts of proto2 may be of any encoding; such ones are shown as the bytes they are.
    bool text(Field field, const std::string& value)
    {
        if (field->type() == pb::FieldDescriptor::TYPE_BYTES || !appendUtf8Text(m_out, value))
            appendBytesText(m_out, value);
        return true;
    }

    bool timestamp(const pb::Message& message)
    {
        const std::int64_t seconds = int64(message, 1);
        const int nanos = int32(message, 2);
        if (hasUnknown(message) || nanos < 0 || nanos > 999'999'999) return false;
        m_out += '"' + base::toIso({seconds, static_cast<std::uint32_t>(nanos)}) + '"';
        return true;
    }

    /// ISO 8601: "PT1.5S", "-PT0.000000001S".
    bool duration(const pb::Message& message)
    {
        const std::int64_t seconds = int64(message, 1);
        const int nanos = int32(message, 2);
        const bool isMixed = (seconds < 0 && nanos > 0) || (seconds > 0 && nanos < 0);
        if (hasUnknown(message) || isMixed || nanos < -999'999'999 || nanos > 999'999'999) return false;
        const std::uint64_t whole =
            seconds < 0 ? ~static_cast<std::uint64_t>(seconds) + 1 : static_cast<std::uint64_t>(seconds);
        std::string fraction = nanos == 0 ? "" : fmt::format(".{:09}", std::abs(nanos));
        while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
        m_out += fmt::format("\"{}PT{}{}S\"", seconds < 0 || nanos < 0 ? "-" : "", whole, fraction);
        return true;
    }

    bool fieldMask(const pb::Message& message)
    {
        if (hasUnknown(message)) return plain(message);
        const Field paths = fieldOf(message, 1);
        std::string joined;
        for (int i = 0; i < message.GetReflection()->FieldSize(message, paths); ++i) {
            if (i > 0) joined += ',';
            joined += message.GetReflection()->GetRepeatedString(message, paths, i);
        }
        return text(paths, joined);
    }

    bool structValue(const pb::Message& message)
    {
        const auto* kind = message.GetDescriptor()->oneof_decl(0);
        const Field set = message.GetReflection()->GetOneofFieldDescriptor(message, kind);
        if (set == nullptr) return m_out += "null", true;
        return single(message, set);
    }

    /// {"@type": url} and the members of the message, or beside "value" what is shown as no object.
    bool any(const pb::Message& message)
    {
        const std::string url = string(message, 1);
        const std::string bytes = string(message, 2);
        const auto* type = m_kit.pool.FindMessageTypeByName(url.substr(url.rfind('/') + 1));
        const auto inner = type == nullptr ? nullptr : parsed(m_kit, type, bytes);
        if (!url.empty() && inner == nullptr)
            m_remarks.push_back(type == nullptr ? "the schema does not know the message " + url
                                                : "no message " + url + " is in the bytes for it");
        m_out += '{';
        name("@type");
        (void)text(fieldOf(message, 1), url);
        if (!anyValue(inner.get(), bytes) || !unknown(message.GetReflection()->GetUnknownFields(message))) return false;
        m_out += '}';
        return true;
    }

    bool anyValue(const pb::Message* inner, const std::string& bytes)
    {
        const bool isObject = inner != nullptr
                              && inner->GetDescriptor()->well_known_type() == pb::Descriptor::WELLKNOWNTYPE_UNSPECIFIED
                              && inner->GetDescriptor()->full_name() != "confluent.type.Decimal";
        if (isObject) {
            if (++m_depth > 2 * kMaxDecodedDepth) return false;
            const bool isWritten = members(*inner);
            --m_depth;
            return isWritten;
        }
        name("value");
        if (inner != nullptr) return write(*inner);
        appendBytesText(m_out, bytes);
        return true;
    }

    bool decimal(const pb::Message& message)
    {
        const Field value = fieldOf(message, 1);
        const Field scale = fieldOf(message, 3);
        if (hasUnknown(message) || value == nullptr || value->type() != pb::FieldDescriptor::TYPE_BYTES
            || scale == nullptr || scale->type() != pb::FieldDescriptor::TYPE_INT32)
            return false;
        return appendDecimal(m_out, string(message, 1), int32(message, 3));
    }

    static std::int64_t int64(const pb::Message& message, int number)
    {
        return message.GetReflection()->GetInt64(message, fieldOf(message, number));
    }
    static std::int32_t int32(const pb::Message& message, int number)
    {
        return message.GetReflection()->GetInt32(message, fieldOf(message, number));
    }
    static std::string string(const pb::Message& message, int number)
    {
        return message.GetReflection()->GetString(message, fieldOf(message, number));
    }

    bool unknown(const pb::UnknownFieldSet& fields)
    {
        if (fields.empty()) return true;
        name("$unknown");
        unknownList(fields);
        return m_out.size() <= m_limit;
    }

    /// [{"field":7,"varint":150}, ...]
    void unknownList(const pb::UnknownFieldSet& fields)
    {
        m_out += '[';
        for (int i = 0; i < fields.field_count() && m_out.size() <= m_limit; ++i) {
            const pb::UnknownField& field = fields.field(i);
            m_out += fmt::format("{}{{\"field\":{},", i > 0 ? "," : "", field.number());
            unknownField(field);
            m_out += '}';
        }
        m_out += ']';
    }

    void unknownField(const pb::UnknownField& field)
    {
        switch (field.type()) {
        case pb::UnknownField::TYPE_VARINT:
            m_out += fmt::format("\"varint\":{}", field.varint());
            break;
        case pb::UnknownField::TYPE_FIXED32:
            m_out += fmt::format("\"fixed32\":{}", field.fixed32());
            break;
        case pb::UnknownField::TYPE_FIXED64:
            m_out += fmt::format("\"fixed64\":{}", field.fixed64());
            break;
        case pb::UnknownField::TYPE_LENGTH_DELIMITED:
            m_out += "\"bytes\":";
            appendBytesText(m_out, field.length_delimited());
            break;
        case pb::UnknownField::TYPE_GROUP:
            m_out += "\"group\":";
            unknownList(field.group());
            break;
        }
    }

    const Kit& m_kit;
    std::string& m_out;
    std::vector<std::string>& m_remarks;
    std::size_t m_limit;
    std::size_t m_depth = 0;
    std::string m_scratch;
};

class ProtobufDecoder final : public PayloadDecoder {
public:
    ProtobufDecoder(ProtobufSchema schema, const pb::Descriptor* type)
        : m_schema(std::move(schema)),
          m_type(type),
          m_factory(&m_schema.pool())
    {
        addSizes(type);
        for (const auto& size : m_sizes) m_largest = std::max(m_largest, size.second);
    }

    base::Result<void> decode(base::ByteView bytes, std::string& json) override
    {
        m_remarks.clear();
        if (bytes.size() > INT32_MAX) return bad(0, "it is too large");
        // Two bytes are the least a message within another takes.
        const bool mayBeLarge = bytes.size() / 2 * m_largest > kMaxMemory;
        if (mayBeLarge) LEFTFOLD_CHECK(checked(bytes));
        const Kit kit{m_schema.pool(), m_factory};
        const auto message = parsed(kit, m_type, bytes);
        if (message == nullptr) return refused(bytes);
        return written(kit, *message, json);
    }

    [[nodiscard]] std::span<const std::string> remarks() const override { return m_remarks; }

private:
    static tl::unexpected<base::Error> bad(std::int64_t at, std::string_view cause)
    {
        return base::fail(base::ErrorCode::BadPayload, "Protobuf", std::to_string(at), cause);
    }

    /// Of each type of message that can be within one of `type`: what it takes in memory when it is empty.
    void addSizes(const pb::Descriptor* type)
    {
        std::vector<const pb::Descriptor*> found = {type};
        for (std::size_t i = 0; i < found.size(); ++i) {
            if (!m_sizes.try_emplace(found[i], m_factory.GetPrototype(found[i])->SpaceUsedLong()).second) continue;
            for (int f = 0; f < found[i]->field_count(); ++f) {
                if (const auto* inner = found[i]->field(f)->message_type()) found.push_back(inner);
            }
        }
    }

    [[nodiscard]] base::Result<void> checked(base::ByteView bytes) const
    {
        WireWalk walk(bytes, m_sizes);
        if (!walk.walk(m_type)) return bad(walk.at(), walk.fault());
        if (walk.memory() > kMaxMemory) return bad(0, "it would be too large in memory");
        return {};
    }

    [[nodiscard]] base::Result<void> refused(base::ByteView bytes) const
    {
        WireWalk walk(bytes, m_sizes);
        if (!walk.walk(m_type)) return bad(walk.at(), walk.fault());
        return bad(0, "it cannot be read as " + m_type->full_name());
    }

    base::Result<void> written(const Kit& kit, const pb::Message& message, std::string& json)
    {
        const std::size_t before = json.size();
        if (MessageWriter(kit, json, m_remarks).write(message)) return {};
        json.resize(before);
        m_remarks.clear();
        return bad(0, "it would be too large or too deep as JSON");
    }

    ProtobufSchema m_schema;
    const pb::Descriptor* m_type;
    pb::DynamicMessageFactory m_factory;
    WireWalk::SizeOf m_sizes;
    std::size_t m_largest = kUnknownFieldSize;
    std::vector<std::string> m_remarks;
};

using Made = base::Result<std::unique_ptr<PayloadDecoder>>;

template <class Message>
Made decoderOf(base::Result<ProtobufSchema> schema, Message message)
{
    if (!schema) return tl::unexpected(std::move(schema).error());
    LEFTFOLD_TRY(const auto type, schema->message(message));
    return std::make_unique<ProtobufDecoder>(std::move(*schema), type);
}

} // namespace

Made makeProtobufDecoder(const SchemaText& schema, std::string_view message)
{
    return decoderOf(ProtobufSchema::ofText(schema), message);
}

Made makeProtobufDecoder(const SchemaText& schema, std::span<const std::int32_t> messagePath)
{
    return decoderOf(ProtobufSchema::ofText(schema), messagePath);
}

Made makeProtobufDescriptorDecoder(base::ByteView fileDescriptorSet, std::string_view message)
{
    return decoderOf(ProtobufSchema::ofDescriptorSet(fileDescriptorSet), message);
}

} // namespace leftfold::decode
