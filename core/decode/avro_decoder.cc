// SPDX-License-Identifier: GPL-3.0-or-later
// Avro's binary encoding (specification 1.12, "Binary Encoding"), read straight into JSON: a generic value in between would know
// nothing of logical types, and costs more than reading does.
#include "core/base/varint.h"
#include "core/decode/avro_schema.h"
#include "core/decode/json_text.h"
#include "core/event/json_walker.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

namespace leftfold::decode {

namespace {

/// Values without a single byte (null, an empty record) cost nothing to write and something to show.
constexpr std::size_t kMaxEmptyValues = 65'536;

/// What JSON can tell apart by itself.
enum class Shown : std::uint8_t { Null, Boolean, Number, Text, Array, Object };

Shown shownAs(const AvroType& type)
{
    switch (type.kind) {
    case AvroKind::Null:
        return Shown::Null;
    case AvroKind::Boolean:
        return Shown::Boolean;
    case AvroKind::Array:
        return Shown::Array;
    case AvroKind::Record:
    case AvroKind::Map:
        return Shown::Object;
    case AvroKind::Int:
    case AvroKind::Long:
        return type.logical == AvroLogical::None ? Shown::Number : Shown::Text;
    case AvroKind::Float:
    case AvroKind::Double:
        return Shown::Number;
    default:
        return type.logical == AvroLogical::Decimal || type.logical == AvroLogical::BigDecimal ? Shown::Number
                                                                                               : Shown::Text;
    }
}

std::string label(std::string_view name)
{
    std::string out;
    event::escape(out, name);
    return out + ":";
}

/// What is written in front of a type's parts, made once.
struct Labels {
    std::vector<std::string> fields; ///< of a record: "name":
    std::vector<std::string> symbols; ///< of an enum, quoted
    std::vector<std::string> branches; ///< of a union: {"name":, or empty where the plain value tells the branch
};

Labels labelsOf(const AvroSchema& schema, const AvroType& type)
{
    Labels labels;
    for (const AvroField& field : type.fields) labels.fields.push_back(label(field.name));
    for (const std::string& symbol : type.symbols) event::escape(labels.symbols.emplace_back(), symbol);
    if (type.kind != AvroKind::Union) return labels;
    for (const AvroTypeId branch : type.parts) {
        const AvroType& part = schema.types[branch];
        const Shown shown = shownAs(part);
        const auto alike = std::count_if(type.parts.begin(), type.parts.end(),
                                         [&](AvroTypeId other) { return shownAs(schema.types[other]) == shown; });
        const bool isPlain = alike < 2 || shown == Shown::Number;
        labels.branches.push_back(isPlain ? std::string() : "{" + label(avroBranchName(part)));
    }
    return labels;
}

/// One payload being read. A function that gives false has told why.
class AvroReading {
public:
    AvroReading(const AvroSchema& schema, const std::vector<Labels>& labels, base::ByteView bytes, std::string& out)
        : m_schema(schema),
          m_labels(labels),
          m_bytes(bytes),
          m_out(out),
          m_limit(out.size() + kMaxDecodedBytes)
    {}

    base::Result<void> read()
    {
        if (value(m_schema.root) && (m_at == m_bytes.size() || fault("bytes behind the end of the value"))) return {};
        const std::string cause = m_path.empty() ? m_cause : fmt::format("{} ({})", m_cause, m_path);
        return base::fail(base::ErrorCode::BadPayload, "Avro", std::to_string(m_at), cause);
    }

private:
    bool fault(std::string_view cause)
    {
        m_cause = cause;
        return false;
    }
    /// On the way out of a value that cannot be read: where it stands.
    bool at(std::string_view name)
    {
        m_path = fmt::format("/{}{}", name, m_path);
        return false;
    }

    bool value(AvroTypeId id)
    {
        const AvroType& type = m_schema.types[id];
        switch (type.kind) {
        case AvroKind::Null:
            m_out += "null";
            return isWithinLimits(m_at);
        case AvroKind::Boolean:
            return boolean();
        case AvroKind::Int:
        case AvroKind::Long:
            return integer(type);
        case AvroKind::Float:
            return real<float>();
        case AvroKind::Double:
            return real<double>();
        case AvroKind::Bytes:
            return bytes(type);
        case AvroKind::String:
            return text();
        case AvroKind::Enum:
            return enumeration(type, m_labels[id]);
        case AvroKind::Fixed:
            return fixed(type);
        default:
            return nested(id, type);
        }
    }

    bool nested(AvroTypeId id, const AvroType& type)
    {
        if (++m_depth > kMaxDecodedDepth) return fault("values are nested too deeply");
        const std::size_t from = m_at;
        const bool isRead = type.kind == AvroKind::Record  ? record(type, m_labels[id])
                            : type.kind == AvroKind::Union ? choice(type, m_labels[id])
                            : type.kind == AvroKind::Array ? array(type)
                                                           : map(type);
        --m_depth;
        return isRead && isWithinLimits(from);
    }

    bool isWithinLimits(std::size_t from)
    {
        if (m_at == from && ++m_empty > kMaxEmptyValues) return fault("too many values that take no bytes");
        return m_out.size() <= m_limit || fault("it would be too large as JSON");
    }

    bool record(const AvroType& type, const Labels& labels)
    {
        m_out += '{';
        for (std::size_t i = 0; i < type.fields.size(); ++i) {
            if (i > 0) m_out += ',';
            m_out += labels.fields[i];
            if (!value(type.fields[i].type)) return at(type.fields[i].name);
        }
        m_out += '}';
        return true;
    }

    bool choice(const AvroType& type, const Labels& labels)
    {
        const std::size_t from = m_at;
        std::int64_t index;
        if (!varint(index)) return false;
        if (index < 0 || static_cast<std::uint64_t>(index) >= type.parts.size()) {
            m_at = from;
            return fault(fmt::format("branch {} of a union of {}", index, type.parts.size()));
        }
        const std::string& wrapped = labels.branches[static_cast<std::size_t>(index)];
        m_out += wrapped;
        if (!value(type.parts[static_cast<std::size_t>(index)])) return false;
        if (!wrapped.empty()) m_out += '}';
        return true;
    }

    /// Arrays and maps are blocks of items; of a negative count the size of the block in bytes follows.
    bool blockCount(std::uint64_t& count)
    {
        std::int64_t number;
        std::int64_t size;
        if (!varint(number)) return false;
        if (number < 0 && !varint(size)) return false;
        count = number < 0 ? ~static_cast<std::uint64_t>(number) + 1 : static_cast<std::uint64_t>(number);
        return true;
    }

    template <class Item>
    bool blocks(char open, char close, Item item)
    {
        m_out += open;
        for (bool isFirst = true;;) {
            std::uint64_t count;
            if (!blockCount(count)) return false;
            if (count == 0) break;
            for (; count > 0; --count) {
                if (!isFirst) m_out += ',';
                isFirst = false;
                if (!item()) return false;
            }
        }
        m_out += close;
        return true;
    }

    bool array(const AvroType& type)
    {
        std::size_t index = 0;
        return blocks('[', ']',
                      [&] { return value(type.parts.front()) ? (++index, true) : at(std::to_string(index)); });
    }

    bool map(const AvroType& type)
    {
        return blocks('{', '}', [&] {
            const std::size_t from = m_out.size();
            if (!text()) return false;
            const std::size_t end = m_out.size();
            m_out += ':';
            return value(type.parts.front()) || at(std::string_view(m_out).substr(from + 1, end - from - 2));
        });
    }

    bool boolean()
    {
        base::ByteView byte;
        if (!take(1, byte)) return false;
        if (static_cast<std::uint8_t>(byte[0]) > 1) return --m_at, fault("a boolean that is neither 0 nor 1");
        m_out += byte[0] == 1 ? "true" : "false";
        return true;
    }

    bool integer(const AvroType& type)
    {
        const std::size_t from = m_at;
        std::int64_t number;
        if (!varint(number)) return false;
        if (type.kind == AvroKind::Int && number != static_cast<std::int32_t>(number)) {
            m_at = from;
            return fault(fmt::format("{} is no 32-bit integer", number));
        }
        appendInteger(type.logical, number);
        return true;
    }

    void appendInteger(AvroLogical logical, std::int64_t number)
    {
        constexpr std::int64_t kMillis = 1'000;
        constexpr std::int64_t kMicros = 1'000'000;
        constexpr std::int64_t kNanos = 1'000'000'000;
        switch (logical) {
        case AvroLogical::Date:
            return appendDate(m_out, number);
        case AvroLogical::TimeMillis:
            return time(number, kMillis);
        case AvroLogical::TimeMicros:
            return time(number, kMicros);
        case AvroLogical::TimestampMillis:
            return appendTimestamp(m_out, number, kMillis, Zone::Utc);
        case AvroLogical::TimestampMicros:
            return appendTimestamp(m_out, number, kMicros, Zone::Utc);
        case AvroLogical::TimestampNanos:
            return appendTimestamp(m_out, number, kNanos, Zone::Utc);
        case AvroLogical::LocalTimestampMillis:
            return appendTimestamp(m_out, number, kMillis, Zone::Local);
        case AvroLogical::LocalTimestampMicros:
            return appendTimestamp(m_out, number, kMicros, Zone::Local);
        case AvroLogical::LocalTimestampNanos:
            return appendTimestamp(m_out, number, kNanos, Zone::Local);
        default:
            return appendInt(m_out, number);
        }
    }
    void time(std::int64_t number, std::int64_t perSecond) { appendTimeOfDay(m_out, number, perSecond); }

    template <class Real>
    bool real()
    {
        base::ByteView from;
        if (!take(sizeof(Real), from)) return false;
        Real number;
        std::memcpy(&number, from.data(), sizeof number);
        if constexpr (sizeof(Real) == sizeof(float)) {
            appendFloat(m_out, number);
        } else {
            appendDouble(m_out, number);
        }
        return true;
    }

    bool text()
    {
        const std::size_t from = m_at;
        base::ByteView text;
        if (!sized(text)) return false;
        if (appendUtf8Text(m_out, text)) return true;
        m_at = from;
        return fault("a text that is not UTF-8");
    }

    bool bytes(const AvroType& type)
    {
        const std::size_t from = m_at;
        base::ByteView bytes;
        if (!sized(bytes)) return false;
        if (type.logical != AvroLogical::BigDecimal) return appendBytes(type, bytes);
        if (bigDecimal(bytes)) return true;
        m_at = from;
        return fault("a big-decimal that is none");
    }

    /// Its bytes are an encoding again: the unscaled number as bytes, the scale as an int.
    bool bigDecimal(base::ByteView inner)
    {
        base::ByteReader reader(inner);
        const std::int64_t size = base::unzigzag(reader.varint());
        const base::ByteView unscaled = size < 0 ? base::ByteView() : reader.bytes(static_cast<std::size_t>(size));
        const std::int64_t scale = base::unzigzag(reader.varint());
        if (size < 0 || !reader.atEnd() || scale != static_cast<std::int32_t>(scale)) return false;
        if (!appendDecimal(m_out, unscaled, static_cast<std::int32_t>(scale))) appendBytesText(m_out, inner);
        return true;
    }

    bool fixed(const AvroType& type)
    {
        base::ByteView bytes;
        return take(type.size, bytes) && appendBytes(type, bytes);
    }

    bool appendBytes(const AvroType& type, base::ByteView bytes)
    {
        if (type.logical == AvroLogical::Uuid) {
            m_out += '"';
            appendUuid(m_out, bytes);
            m_out += '"';
        } else if (type.logical == AvroLogical::Duration) {
            duration(bytes);
        } else if (type.logical != AvroLogical::Decimal || !appendDecimal(m_out, bytes, type.scale)) {
            appendBytesText(m_out, bytes);
        }
        return true;
    }

    /// Months, days and milliseconds, each little-endian, none of which can be told in another.
    void duration(base::ByteView bytes)
    {
        base::ByteReader reader(bytes);
        const auto months = reader.fixed<std::uint32_t>();
        const auto days = reader.fixed<std::uint32_t>();
        const auto millis = reader.fixed<std::uint32_t>();
        fmt::format_to(std::back_inserter(m_out), "\"P{}M{}DT{}.{:03}S\"", months, days, millis / 1'000,
                       millis % 1'000);
    }

    bool enumeration(const AvroType& type, const Labels& labels)
    {
        const std::size_t from = m_at;
        std::int64_t index;
        if (!varint(index)) return false;
        if (index < 0 || static_cast<std::uint64_t>(index) >= type.symbols.size()) {
            m_at = from;
            return fault(fmt::format("symbol {} of the enum {}, which has {}", index, type.name, type.symbols.size()));
        }
        m_out += labels.symbols[static_cast<std::size_t>(index)];
        return true;
    }

    bool varint(std::int64_t& number)
    {
        const std::size_t from = m_at;
        std::uint64_t value = 0;
        for (unsigned shift = 0; m_at < m_bytes.size() && shift < 70; shift += 7) {
            const auto byte = static_cast<std::uint8_t>(m_bytes[m_at++]);
            if (shift == 63 && byte > 1) break;
            value |= std::uint64_t{byte & 0x7fU} << shift;
            if (byte < 0x80) return number = base::unzigzag(value), true;
        }
        const bool isCut = m_at == m_bytes.size() && m_at - from < base::kMaxVarintBytes;
        m_at = from;
        return fault(isCut ? "it ends within a number" : "a number of more than 64 bits");
    }

    bool sized(base::ByteView& bytes)
    {
        const std::size_t from = m_at;
        std::int64_t size;
        if (!varint(size)) return false;
        if (size >= 0 && take(static_cast<std::uint64_t>(size), bytes)) return true;
        m_at = from;
        return size >= 0 ? false : fault(fmt::format("a size of {}", size));
    }

    bool take(std::uint64_t size, base::ByteView& bytes)
    {
        if (size > m_bytes.size() - m_at)
            return fault(fmt::format("{} bytes should follow, {} do", size, m_bytes.size() - m_at));
        bytes = m_bytes.substr(m_at, size);
        m_at += size;
        return true;
    }

    const AvroSchema& m_schema;
    const std::vector<Labels>& m_labels;
    base::ByteView m_bytes;
    std::string& m_out;
    std::size_t m_limit;
    std::size_t m_at = 0;
    std::size_t m_depth = 0;
    std::size_t m_empty = 0;
    std::string m_cause;
    std::string m_path; ///< where what failed stands, from the root
};

class AvroDecoder final : public PayloadDecoder {
public:
    explicit AvroDecoder(AvroSchema schema) : m_schema(std::move(schema))
    {
        for (const AvroType& type : m_schema.types) m_labels.push_back(labelsOf(m_schema, type));
    }

    base::Result<void> decode(base::ByteView bytes, std::string& json) override
    {
        const std::size_t before = json.size();
        base::Result<void> result = AvroReading(m_schema, m_labels, bytes, json).read();
        if (!result) json.resize(before);
        return result;
    }

private:
    AvroSchema m_schema;
    std::vector<Labels> m_labels;
};

} // namespace

base::Result<std::unique_ptr<PayloadDecoder>> makeAvroDecoder(const SchemaText& schema)
{
    LEFTFOLD_TRY(AvroSchema parsed, parseAvroSchema(schema));
    return std::make_unique<AvroDecoder>(std::move(parsed));
}

} // namespace leftfold::decode
