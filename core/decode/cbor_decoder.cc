// SPDX-License-Identifier: GPL-3.0-or-later
// CBOR (RFC 8949). Read here: libcbor refuses simple values, nlohmann's reader turns what it does not know into errors and
// numbers beyond 64 bits away. A head is three lines; what it means is in nested_json.cc.
#include "core/decode/json_text.h"
#include "core/decode/nested_json.h"
#include "core/decode/payload_decoder.h"
#include "core/decode/text.h"

#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <limits>
#include <optional>

namespace leftfold::decode {

namespace {

using Kind = NestedJson::Kind;

enum class Major : std::uint8_t { Unsigned, Negative, Bytes, Text, Array, Map, Tag, Other };

/// The first byte of an item, and the number in or behind it.
struct Head {
    Major major;
    std::uint8_t info; ///< 24 to 27: so many bytes follow; 31: indefinite length, or the break of one
    std::uint64_t value;
};
constexpr std::uint8_t kIndefinite = 31;
constexpr std::uint64_t kNoEnd = std::numeric_limits<std::uint64_t>::max();

/// Half precision, RFC 8949 appendix D.
float halfOf(std::uint64_t bits)
{
    const auto exponent = static_cast<int>(bits >> 10 & 0x1f);
    const auto mantissa = static_cast<float>(bits & 0x3ff);
    const float magnitude = exponent == 0    ? std::ldexp(mantissa, -24)
                            : exponent != 31 ? std::ldexp(mantissa + 1024.0F, exponent - 25)
                            : mantissa == 0  ? std::numeric_limits<float>::infinity()
                                             : std::numeric_limits<float>::quiet_NaN();
    return (bits & 0x8000) != 0 ? -magnitude : magnitude;
}

template <class Real, class Bits>
Real realOf(Bits bits)
{
    Real out;
    std::memcpy(&out, &bits, sizeof out);
    return out;
}

/// One payload being read. A function that gives false has told why.
class CborReading {
public:
    CborReading(base::ByteView bytes, std::string& out) : m_bytes(bytes), m_json(out) {}

    base::Result<void> read()
    {
        if (items() && (m_at == m_bytes.size() || fault(m_at, "bytes behind the end of the value"))) return {};
        return base::fail(base::ErrorCode::BadPayload, "CBOR", std::to_string(m_faultAt), m_cause);
    }

private:
    bool fault(std::size_t at, std::string_view cause)
    {
        m_faultAt = at;
        m_cause = cause;
        return false;
    }
    bool begun(bool hasBegun)
    {
        return hasBegun
               || fault(m_itemAt, m_json.depth() >= kMaxDecodedDepth ? "values are nested too deeply"
                                                                     : "it would be too large as JSON");
    }

    /// Items until the first one is whole.
    bool items()
    {
        do {
            if (!item() || !closeFull()) return false;
        } while (!m_left.empty() || m_isTagged);
        return true;
    }

    bool item()
    {
        m_itemAt = m_at;
        Head head;
        if (!readHead(head)) return false;
        const bool wasTagged = std::exchange(m_isTagged, head.major == Major::Tag);
        if (head.major == Major::Other && head.info == kIndefinite) return !wasTagged ? breakItem() : misplacedBreak();
        if (head.major != Major::Tag && !m_left.empty() && m_left.back() != kNoEnd) --m_left.back();
        return value(head);
    }

    /// Arrays and maps whose number of items was told end by themselves.
    bool closeFull()
    {
        while (!m_isTagged && !m_left.empty() && m_left.back() == 0) close();
        return true;
    }

    void close()
    {
        m_left.pop_back();
        m_isMap.back() ? m_json.endMap() : m_json.endArray();
        m_isMap.pop_back();
    }

    bool misplacedBreak() { return fault(m_itemAt, "an end of something that has none"); }

    bool breakItem()
    {
        if (m_left.empty() || m_left.back() != kNoEnd) return misplacedBreak();
        if (m_json.wantsValue()) return fault(m_itemAt, "a key without a value");
        close();
        return true;
    }

    bool readHead(Head& head)
    {
        const std::size_t from = m_at;
        if (m_at == m_bytes.size()) return fault(from, "it ends before the value does");
        const auto first = static_cast<std::uint8_t>(m_bytes[m_at++]);
        head = {static_cast<Major>(first >> 5), static_cast<std::uint8_t>(first & 31),
                static_cast<std::uint64_t>(first & 31)};
        if (head.info < 24 || head.info == kIndefinite)
            return hasMeaning(head) || fault(from, "a byte that begins no value");
        if (head.info > 27) return fault(from, "a byte that begins no value");
        const std::size_t size = std::size_t{1} << (head.info - 24);
        if (size > m_bytes.size() - m_at) return fault(from, "it ends within a value");
        head.value = 0;
        for (; m_at < from + 1 + size; ++m_at) head.value = head.value << 8 | static_cast<std::uint8_t>(m_bytes[m_at]);
        return true;
    }

    /// Numbers and tags have no indefinite form.
    static bool hasMeaning(const Head& head)
    {
        return head.info != kIndefinite || (head.major >= Major::Bytes && head.major != Major::Tag);
    }

    bool value(const Head& head)
    {
        switch (head.major) {
        case Major::Unsigned:
            return scalar(Kind::Integer, [&] { appendUint(m_json.out(), head.value); });
        case Major::Negative:
            return scalar(Kind::Integer, [&] { appendNegative(head.value); });
        case Major::Bytes:
        case Major::Text:
            return string(head);
        case Major::Array:
            return begun(m_json.beginArray()) && open(head, false);
        case Major::Map:
            return begun(m_json.beginMap()) && open(head, true);
        case Major::Tag:
            return begun(m_json.beginTag(head.value));
        default:
            return other(head);
        }
    }

    template <class Append>
    bool scalar(Kind kind, Append append)
    {
        if (!begun(m_json.begin())) return false;
        append();
        m_json.end(kind);
        return true;
    }

    /// -1 - value, down to -2^64.
    void appendNegative(std::uint64_t value)
    {
        if (value == kNoEnd) {
            m_json.out() += "-18446744073709551616";
            return;
        }
        m_json.out() += '-';
        appendUint(m_json.out(), value + 1);
    }

    bool open(const Head& head, bool isMap)
    {
        const bool hasEnd = head.info != kIndefinite;
        // Each item takes a byte at least.
        if (hasEnd && head.value > (m_bytes.size() - m_at) / (isMap ? 2 : 1))
            return fault(m_itemAt, "more items than bytes follow");
        m_left.push_back(!hasEnd ? kNoEnd : isMap ? 2 * head.value : head.value);
        m_isMap.push_back(isMap);
        return true;
    }

    bool string(const Head& head)
    {
        base::ByteView bytes;
        if (head.info == kIndefinite ? !chunks(head.major, bytes) : !take(head.value, bytes)) return false;
        if (head.major == Major::Bytes) return scalar(Kind::Bytes, [&] { appendBytesText(m_json.out(), bytes); });
        if (!isUtf8(bytes)) return fault(m_itemAt, "a text that is not UTF-8");
        return scalar(Kind::Text, [&] { (void)appendUtf8Text(m_json.out(), bytes); });
    }

    /// Pieces of the same kind and of known size, until a break.
    bool chunks(Major major, base::ByteView& bytes)
    {
        m_joined.clear();
        for (;;) {
            const std::size_t from = m_at;
            Head head;
            base::ByteView piece;
            if (!readHead(head)) return false;
            if (head.major == Major::Other && head.info == kIndefinite) break;
            if (head.major != major || head.info == kIndefinite) return fault(from, "no piece of the text or bytes");
            if (!take(head.value, piece)) return false;
            m_joined += piece;
        }
        bytes = m_joined;
        return true;
    }

    bool take(std::uint64_t size, base::ByteView& bytes)
    {
        if (size > m_bytes.size() - m_at)
            return fault(m_itemAt, fmt::format("{} bytes should follow, {} do", size, m_bytes.size() - m_at));
        bytes = m_bytes.substr(m_at, size);
        m_at += size;
        return true;
    }

    /// Floats, and the simple values.
    bool other(const Head& head)
    {
        switch (head.info) {
        case 25:
            return scalar(Kind::Other, [&] { appendFloat(m_json.out(), halfOf(head.value)); });
        case 26:
            return scalar(Kind::Other,
                          [&] { appendFloat(m_json.out(), realOf<float>(static_cast<std::uint32_t>(head.value))); });
        case 27:
            return scalar(Kind::Other, [&] { appendDouble(m_json.out(), realOf<double>(head.value)); });
        case 24:
            if (head.value < 32) return fault(m_itemAt, "a byte that begins no value");
            [[fallthrough]];
        default:
            return scalar(Kind::Other, [&] { m_json.out() += simple(head.value); });
        }
    }

    static std::string simple(std::uint64_t value)
    {
        switch (value) {
        case 20:
            return "false";
        case 21:
            return "true";
        case 22:
            return "null";
        case 23:
            return R"({"$undefined":true})";
        default:
            return fmt::format(R"({{"$simple":{}}})", value);
        }
    }

    base::ByteView m_bytes;
    NestedJson m_json;
    std::size_t m_at = 0;
    std::size_t m_itemAt = 0;
    std::size_t m_faultAt = 0;
    std::string m_cause;
    std::string m_joined;
    std::vector<std::uint64_t> m_left; ///< items that each open array or map still wants; kNoEnd: until a break
    std::vector<bool> m_isMap;
    bool m_isTagged = false; ///< the last item was a tag
};

class CborDecoder final : public PayloadDecoder {
public:
    base::Result<void> decode(base::ByteView bytes, std::string& json) override
    {
        const std::size_t before = json.size();
        base::Result<void> result = CborReading(bytes, json).read();
        if (!result) json.resize(before);
        return result;
    }
};

} // namespace

std::unique_ptr<PayloadDecoder> makeCborDecoder()
{
    return std::make_unique<CborDecoder>();
}

} // namespace leftfold::decode
