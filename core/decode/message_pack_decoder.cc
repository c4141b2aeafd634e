// SPDX-License-Identifier: GPL-3.0-or-later
// MessagePack by msgpack-cxx, whose parser tells a visitor what comes, without recursion and without a tree in memory.
#include "core/base/time.h"
#include "core/decode/json_text.h"
#include "core/decode/nested_json.h"
#include "core/decode/payload_decoder.h"

// Boost is needed only for conversions that are not used here.
#define MSGPACK_NO_BOOST
#include <msgpack/null_visitor.hpp>
#include <msgpack/unpack.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <optional>

namespace leftfold::decode {

namespace {

using Kind = NestedJson::Kind;

constexpr std::int8_t kTimestamp = -1; ///< the extension type
constexpr std::uint32_t kMaxNanos = 999'999'999;

std::uint64_t bigEndian(base::ByteView bytes)
{
    std::uint64_t value = 0;
    for (const char byte : bytes) value = value << 8 | static_cast<std::uint8_t>(byte);
    return value;
}

/// "Timestamp extension type" of the specification: 32 bits of seconds; 30 of nanoseconds and 34 of seconds; or 32 and 64.
std::optional<base::Time> timestamp(base::ByteView data)
{
    base::Time time;
    if (data.size() == 4) {
        time.seconds = static_cast<std::int64_t>(bigEndian(data));
    } else if (data.size() == 8) {
        time.nanos = static_cast<std::uint32_t>(bigEndian(data) >> 34);
        time.seconds = static_cast<std::int64_t>(bigEndian(data) & 0x3'ffff'ffffULL);
    } else if (data.size() == 12) {
        time.nanos = static_cast<std::uint32_t>(bigEndian(data.substr(0, 4)));
        time.seconds = static_cast<std::int64_t>(bigEndian(data.substr(4)));
    } else {
        return std::nullopt;
    }
    return time.nanos <= kMaxNanos ? std::optional(time) : std::nullopt;
}

/// What msgpack-cxx calls. Its names are the library's.
class Visitor : public msgpack::null_visitor {
public:
    explicit Visitor(std::string& out) : m_json(out) {}

    bool visit_nil()
    {
        return scalar(Kind::Other, [&] { m_json.out() += "null"; });
    }
    bool visit_boolean(bool value)
    {
        return scalar(Kind::Other, [&] { m_json.out() += value ? "true" : "false"; });
    }
    bool visit_positive_integer(std::uint64_t value)
    {
        return scalar(Kind::Integer, [&] { appendUint(m_json.out(), value); });
    }
    bool visit_negative_integer(std::int64_t value)
    {
        return scalar(Kind::Integer, [&] { appendInt(m_json.out(), value); });
    }
    bool visit_float32(float value)
    {
        return scalar(Kind::Other, [&] { appendFloat(m_json.out(), value); });
    }
    bool visit_float64(double value)
    {
        return scalar(Kind::Other, [&] { appendDouble(m_json.out(), value); });
    }
    /// The specification allows texts that are no UTF-8; older writers have no other type for bytes.
    bool visit_str(const char* text, std::uint32_t size)
    {
        if (!m_json.begin()) return tooMuch();
        const bool isText = appendUtf8Text(m_json.out(), {text, size});
        if (!isText) appendBytesText(m_json.out(), {text, size});
        m_json.end(isText ? Kind::Text : Kind::Bytes);
        return true;
    }
    bool visit_bin(const char* bytes, std::uint32_t size)
    {
        return scalar(Kind::Bytes, [&] { appendBytesText(m_json.out(), {bytes, size}); });
    }
    /// The first byte is the type.
    bool visit_ext(const char* bytes, std::uint32_t size)
    {
        const base::ByteView data(bytes + 1, size - 1);
        return scalar(Kind::Other, [&] { appendExtension(static_cast<std::int8_t>(bytes[0]), data); });
    }
    bool start_array(std::uint32_t /*items*/) { return m_json.beginArray() || tooMuch(); }
    bool end_array() { return m_json.endArray(), true; }
    bool start_map(std::uint32_t /*pairs*/) { return m_json.beginMap() || tooMuch(); }
    bool end_map() { return m_json.endMap(), true; }

    void parse_error(std::size_t /*parsed*/, std::size_t at) { fault(at, "a byte that begins no value"); }
    void insufficient_bytes(std::size_t /*parsed*/, std::size_t at) { fault(at, "it ends within a value"); }

    [[nodiscard]] const std::string& cause() const { return m_cause; }
    /// Not set where the visitor itself refused: it does not know.
    [[nodiscard]] std::optional<std::size_t> position() const { return m_position; }

private:
    template <class Append>
    bool scalar(Kind kind, Append append)
    {
        if (!m_json.begin()) return tooMuch();
        append();
        m_json.end(kind);
        return true;
    }

    void appendExtension(std::int8_t type, base::ByteView data)
    {
        const auto time = type == kTimestamp ? timestamp(data) : std::nullopt;
        if (time) {
            m_json.out() += '"' + base::toIso(*time) + '"';
            return;
        }
        m_json.out() += fmt::format("{{\"$ext\":{},\"data\":", type);
        appendBytesText(m_json.out(), data);
        m_json.out() += '}';
    }

    bool tooMuch()
    {
        m_cause = m_json.depth() >= kMaxDecodedDepth ? "values are nested too deeply" : "it would be too large as JSON";
        return false;
    }
    void fault(std::size_t at, std::string_view cause)
    {
        m_position = at;
        m_cause = cause;
    }

    NestedJson m_json;
    std::string m_cause;
    std::optional<std::size_t> m_position;
};

class MessagePackDecoder final : public PayloadDecoder {
public:
    base::Result<void> decode(base::ByteView bytes, std::string& json) override
    {
        const std::size_t before = json.size();
        Visitor visitor(json);
        std::size_t at = 0;
        const bool isRead = !bytes.empty() && msgpack::parse(bytes.data(), bytes.size(), at, visitor);
        if (isRead && at == bytes.size()) return {};
        json.resize(before);
        const std::string cause = bytes.empty() ? "there are no bytes"
                                  : isRead      ? "bytes behind the end of the value"
                                                : visitor.cause();
        return base::fail(base::ErrorCode::BadPayload, "MessagePack",
                          std::to_string(std::min(visitor.position().value_or(at), bytes.size())), cause);
    }
};

} // namespace

std::unique_ptr<PayloadDecoder> makeMessagePackDecoder()
{
    return std::make_unique<MessagePackDecoder>();
}

} // namespace leftfold::decode
