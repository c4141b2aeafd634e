// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/ascii.h"
#include "core/decode/envelope.h"
#include "core/decode/envelope_format.h"
#include "core/decode/text.h"
#include "core/event/json_walker.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace leftfold::decode {

namespace {

using base::ByteView;
using Arena = std::deque<std::string>;

/// The members that count. `Other` ones are for people and programs beside us.
enum class Member : std::uint8_t {
    Format,
    Position,
    Timestamp,
    TimestampType,
    Key,
    KeyBase64,
    Headers,
    Value,
    ValueText,
    ValueBase64,
    KeyEncoded,
    ValueEncoded,
    Other
};

constexpr std::array<std::string_view, 12> kNames = {"leftfold",  "position",    "timestamp",  "timestampType",
                                                     "key",       "keyBase64",   "headers",    "value",
                                                     "valueText", "valueBase64", "keyEncoded", "valueEncoded"};

Member memberNamed(std::string_view name)
{
    return static_cast<Member>(std::find(kNames.begin(), kNames.end(), name) - kNames.begin());
}

/// Text or bytes put into the arena: padded, so that a parser may be set on them.
ByteView inArena(Arena& arena, std::string bytes)
{
    const std::size_t size = bytes.size();
    bytes.append(base::kReadablePadding, '\0');
    return ByteView(arena.emplace_back(std::move(bytes))).substr(0, size);
}

ByteView unescaped(ByteView raw, Arena& arena)
{
    if (!event::hasEscapes(raw)) return raw;
    std::string text;
    event::unescape(raw, text);
    return inArena(arena, std::move(text));
}

/// Hears the walk over an envelope and fills its record. Knows nothing of the bytes inside "value" but where
/// they begin and end.
class EnvelopeParser {
public:
    EnvelopeParser(ByteView line, Arena& arena, EnvelopeContent& content)
        : m_line(line),
          m_arena(arena),
          m_content(content)
    {}

    void key(ByteView raw)
    {
        if (m_depth != 1) return insideKey(raw);
        endValue(raw.data() - 1);
        m_member = memberNamed(raw);
        if (m_member == Member::Other) return;
        if (m_seen[index(m_member)]) stop(fmt::format("\"{}\" is there twice", raw));
        m_seen[index(m_member)] = true;
        if (m_member == Member::Value) m_valueStart = raw.data() + raw.size() + 1;
    }

    void beginObject()
    {
        ++m_depth;
        if (m_depth == 1 || m_member == Member::Value || m_member == Member::Other) return;
        // The one object there may be is {"base64":"..."} for a name or value of a header.
        if (m_member != Member::Headers || m_depth != 4 || m_base64 != Base64::No) return wrongKind();
        m_base64 = Base64::Open;
    }

    void endObject()
    {
        --m_depth;
        if (m_depth == 0) endValue(lastBrace());
        if (m_member != Member::Headers || m_base64 == Base64::No) return;
        if (m_base64 != Base64::Given) wrongKind();
        m_base64 = Base64::No;
    }

    void beginArray()
    {
        ++m_depth;
        if (m_depth == 1) return stop("it is no object");
        if (m_member == Member::Value || m_member == Member::Other) return;
        if (m_member != Member::Headers || m_depth > 3) return wrongKind();
        if (m_depth == 3) m_parts = 0;
    }

    void endArray()
    {
        --m_depth;
        if (m_member == Member::Headers && m_depth == 2 && m_parts != 2) wrongKind();
    }

    void text(ByteView raw)
    {
        if (m_depth == 0) return stop("it is no object");
        if (m_member == Member::Headers) return headerText(raw);
        if (m_depth == 1) memberText(raw);
    }

    void number(ByteView digits)
    {
        if (m_depth == 1 && m_member == Member::Format) return format(digits);
        plainScalar();
    }
    void boolean(bool) { plainScalar(); }
    void null()
    {
        if (m_member == Member::Headers && m_depth == 3 && m_parts == 1) {
            ++m_parts;
            return;
        }
        plainScalar();
    }

    /// After the walk: what is missing or does not go together. The reason, if it is no envelope.
    [[nodiscard]] const std::string& finish()
    {
        if (!m_seen[index(Member::Format)]) stop("the member \"leftfold\" is missing");
        if (!m_seen[index(Member::Position)]) stop("the member \"position\" is missing");
        if (m_seen[index(Member::Key)] && m_seen[index(Member::KeyBase64)]) stop("it has two keys");
        const int values =
            m_seen[index(Member::Value)] + m_seen[index(Member::ValueText)] + m_seen[index(Member::ValueBase64)];
        if (values > 1) stop("it has two values");
        const bool timed = m_content.record.timestamp.has_value();
        if (timed != m_seen[index(Member::TimestampType)])
            stop("\"timestamp\" and \"timestampType\" come together or not at all");
        // What stands decoded beside its bytes is for people.
        if (m_encodedKey) m_content.record.key = m_encodedKey;
        if (m_encodedValue) m_content.record.value = m_encodedValue;
        return m_reason;
    }

private:
    enum class Base64 : std::uint8_t { No, Open, Named, Given };

    static std::size_t index(Member member) { return static_cast<std::size_t>(member); }

    void stop(std::string reason)
    {
        if (m_reason.empty()) m_reason = std::move(reason);
    }

    void wrongKind() { stop(fmt::format("\"{}\" is not as it should be", kNames[index(m_member)])); }

    /// A number, boolean or null, which none of the members is but "value" and those that do not count.
    void plainScalar()
    {
        if (m_depth == 0) return stop("it is no object");
        if (m_member != Member::Value && m_member != Member::Other) wrongKind();
    }

    void insideKey(ByteView raw)
    {
        if (m_member != Member::Headers) return;
        if (m_base64 != Base64::Open || raw != "base64") return wrongKind();
        m_base64 = Base64::Named;
    }

    void format(ByteView digits)
    {
        if (digits != kFormat) stop(fmt::format("format {} is not known here, only {}", digits, kFormat));
    }

    void memberText(ByteView raw)
    {
        switch (m_member) {
        case Member::Format:
        case Member::Headers:
            return wrongKind();
        case Member::Position:
            return position(unescaped(raw, m_arena));
        case Member::Timestamp:
            return timestamp(unescaped(raw, m_arena));
        case Member::TimestampType:
            return timestampType(raw);
        case Member::Key:
            m_content.record.key = unescaped(raw, m_arena);
            return;
        case Member::KeyBase64:
            m_content.record.key = decoded(raw);
            return;
        case Member::ValueText:
            m_content.record.value = unescaped(raw, m_arena);
            return;
        case Member::ValueBase64:
            m_content.record.value = decoded(raw);
            return;
        case Member::KeyEncoded:
            m_encodedKey = decoded(raw);
            return;
        case Member::ValueEncoded:
            m_encodedValue = decoded(raw);
            return;
        case Member::Value:
        case Member::Other:
            return;
        }
    }

    void position(ByteView text)
    {
        auto position = event::parsePosition(text);
        if (!position) return stop(base::render(position.error()));
        m_content.partition = std::move(position->partition);
        m_content.record.offset = position->offset;
    }

    void timestamp(ByteView text)
    {
        const auto time = base::parseTime(text);
        if (!time) return stop(base::render(time.error()));
        m_content.record.timestamp = *time;
    }

    void timestampType(ByteView raw)
    {
        if (raw != kCreate && raw != kAppend) return wrongKind();
        m_content.record.timestampType =
            raw == kCreate ? event::TimestampType::Create : event::TimestampType::LogAppend;
    }

    ByteView decoded(ByteView raw)
    {
        auto bytes = fromBase64(unescaped(raw, m_arena));
        if (!bytes) {
            wrongKind();
            return {};
        }
        return inArena(m_arena, std::move(*bytes));
    }

    void headerText(ByteView raw)
    {
        if (m_depth == 4 && m_base64 == Base64::Named) {
            m_base64 = Base64::Given;
            return headerPart(decoded(raw));
        }
        if (m_depth != 3) return wrongKind();
        headerPart(unescaped(raw, m_arena));
    }

    void headerPart(ByteView bytes)
    {
        auto& headers = m_content.record.headers;
        if (m_parts == 0)
            headers.push_back({bytes, std::nullopt});
        else
            headers.back().value = bytes;
        if (++m_parts > 2) wrongKind();
    }

    /// "value" ends before `behind`: the quote of the next name or the brace of the envelope.
    void endValue(const char* behind)
    {
        if (m_valueStart == nullptr) return;
        const char* start = m_valueStart;
        while (base::isBlank(*start) || *start == ':') ++start;
        while (base::isBlank(behind[-1])) --behind;
        if (behind[-1] == ',') --behind;
        while (base::isBlank(behind[-1])) --behind;
        m_content.record.value = ByteView(start, static_cast<std::size_t>(behind - start));
        m_valueStart = nullptr;
    }

    [[nodiscard]] const char* lastBrace() const
    {
        const char* at = m_line.data() + m_line.size() - 1;
        while (*at != '}') --at;
        return at;
    }

    ByteView m_line;
    Arena& m_arena;
    EnvelopeContent& m_content;
    std::size_t m_depth = 0;
    Member m_member = Member::Other;
    std::array<bool, kNames.size()> m_seen{};
    const char* m_valueStart = nullptr; ///< behind the name "value", as long as its end was not seen
    int m_parts = 0; ///< of the header being read: its name, its value
    Base64 m_base64 = Base64::No;
    std::optional<ByteView> m_encodedKey;
    std::optional<ByteView> m_encodedValue;
    std::string m_reason;
};

bool skip(ByteView& rest, std::string_view word)
{
    while (!rest.empty() && base::isBlank(rest.front())) rest.remove_prefix(1);
    if (!rest.starts_with(word)) return false;
    rest.remove_prefix(word.size());
    return true;
}

} // namespace

bool isEnvelope(ByteView line)
{
    return skip(line, "{") && skip(line, "\"leftfold\"") && skip(line, ":");
}

base::Result<EnvelopeContent> readEnvelope(ByteView line, std::deque<std::string>& arena)
{
    // Scratch, and dear to make for every line.
    thread_local event::JsonReader reader;
    EnvelopeContent content;
    EnvelopeParser parser(line, arena, content);
    auto walked = event::walk(reader, line, parser);
    if (!walked) return base::fail(base::ErrorCode::BadEnvelope, base::render(walked.error()));
    if (const std::string& reason = parser.finish(); !reason.empty())
        return base::fail(base::ErrorCode::BadEnvelope, reason);
    return content;
}

} // namespace leftfold::decode
