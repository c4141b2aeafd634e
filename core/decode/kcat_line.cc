// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/kafka_lines.h"
#include "core/decode/text.h"
#include "core/event/json_walker.h"

#include <algorithm>
#include <charconv>
#include <vector>

namespace leftfold::decode {

namespace {

using base::ByteView;
using base::ErrorCode;
using base::Result;
using Arena = std::deque<std::string>;

ByteView trimmed(ByteView text, std::string_view what)
{
    const std::size_t begin = text.find_first_not_of(what);
    if (begin == ByteView::npos) return {};
    return text.substr(begin, text.find_last_not_of(what) - begin + 1);
}

/// A member of the outermost object, as it is written.
struct RawMember {
    ByteView name;
    ByteView value;
};

/// Hears the walk over an object and cuts it into its members.
class MemberCutter {
public:
    explicit MemberCutter(ByteView line) : m_line(trimmed(line, kBlanks)) {}

    void key(ByteView raw)
    {
        if (m_depth != 1) return;
        endMember(raw.data() - 1);
        m_members.push_back({raw, {}});
        m_valueStart = raw.data() + raw.size() + 1;
    }
    void beginObject() { ++m_depth; }
    void beginArray() { ++m_depth; }
    void endArray() { --m_depth; }
    void endObject()
    {
        if (--m_depth == 0) endMember(m_line.data() + m_line.size() - 1);
    }
    void text(ByteView) {}
    void number(ByteView) {}
    void boolean(bool) {}
    void null() {}

    /// Of duplicate members the last.
    [[nodiscard]] const RawMember* find(std::string_view name) const
    {
        const auto found =
            std::find_if(m_members.rbegin(), m_members.rend(), [&](const RawMember& m) { return m.name == name; });
        return found == m_members.rend() ? nullptr : &*found;
    }

private:
    static constexpr std::string_view kBlanks = " \t\r\n";

    void endMember(const char* behind)
    {
        if (m_members.empty()) return;
        const ByteView value(m_valueStart, static_cast<std::size_t>(behind - m_valueStart));
        m_members.back().value = trimmed(value, " \t\r\n:,");
    }

    ByteView m_line;
    std::size_t m_depth = 0;
    std::vector<RawMember> m_members;
    const char* m_valueStart = nullptr;
};

/// Hears the walk over the headers: names and values one after the other.
class HeaderList {
public:
    HeaderList(Arena& arena, std::vector<event::Header>& headers) : m_arena(arena), m_headers(headers) {}

    void beginObject() { m_isGood = false; }
    void endObject() {}
    void beginArray() { m_isGood = m_isGood && m_depth++ == 0; }
    void endArray() {}
    void key(ByteView) {}
    void text(ByteView raw);
    void number(ByteView digits) { part(digits); }
    void boolean(bool value) { part(value ? "true" : "false"); }
    void null() { part(std::nullopt); }

    [[nodiscard]] bool isGood() const { return m_isGood && m_depth == 1 && !m_name; }

private:
    void part(std::optional<ByteView> bytes)
    {
        if (!m_name) {
            m_isGood = m_isGood && bytes.has_value();
            m_name = bytes.value_or(ByteView());
            return;
        }
        m_headers.push_back({*m_name, bytes});
        m_name.reset();
    }

    Arena& m_arena;
    std::vector<event::Header>& m_headers;
    std::optional<ByteView> m_name;
    std::size_t m_depth = 0;
    bool m_isGood = true;
};

ByteView withoutEscapes(ByteView raw, Arena& arena)
{
    if (!event::hasEscapes(raw)) return raw;
    std::string text;
    event::unescape(raw, text);
    const std::size_t size = text.size();
    text.append(base::kReadablePadding, '\0');
    return ByteView(arena.emplace_back(std::move(text))).substr(0, size);
}

void HeaderList::text(ByteView raw)
{
    part(withoutEscapes(raw, m_arena));
}

/// The bytes a key or a payload stands for: those of a text, else those that are written there; null for null.
std::optional<ByteView> bytesOf(const RawMember* member, Arena& arena)
{
    if (member == nullptr || member->value == "null") return std::nullopt;
    if (!member->value.starts_with('"')) return member->value;
    return withoutEscapes(member->value.substr(1, member->value.size() - 2), arena);
}

template <class Number>
bool readNumber(const RawMember* member, Number& number)
{
    if (member == nullptr) return false;
    const char* const end = member->value.data() + member->value.size();
    const auto read = std::from_chars(member->value.data(), end, number);
    return read.ec == std::errc() && read.ptr == end && number >= 0;
}

/// kcat prints -1 where there is none.
void readTimestamp(const MemberCutter& members, event::Record& record)
{
    const RawMember* type = members.find("tstype");
    const RawMember* digits = members.find("ts");
    if (type == nullptr || digits == nullptr || digits->value.starts_with('-')) return;
    const bool isAppend = type->value == "\"logappend\"";
    if (!isAppend && type->value != "\"create\"") return;
    const auto time = base::parseEpoch(digits->value, base::EpochUnit::Milliseconds);
    if (!time) return;
    record.timestamp = *time;
    record.timestampType = isAppend ? event::TimestampType::LogAppend : event::TimestampType::Create;
}

bool readHeaders(const RawMember* member, Arena& arena, std::vector<event::Header>& headers)
{
    if (member == nullptr || member->value == "null") return true;
    event::JsonReader reader;
    HeaderList list(arena, headers);
    return event::walk(reader, member->value, list) && list.isGood();
}

base::Result<void> notOne(const std::string& reason)
{
    return base::fail(ErrorCode::BadLine, "kcat -J", reason);
}

Result<void> readMembers(const MemberCutter& members, Arena& arena, KcatContent& content)
{
    const RawMember* topic = members.find("topic");
    if (topic == nullptr || !topic->value.starts_with('"')) return notOne("it names no topic");
    if (!readNumber(members.find("partition"), content.partition.number)) return notOne("it names no partition");
    if (!readNumber(members.find("offset"), content.record.offset.value)) return notOne("it has no offset");
    const RawMember* payload = members.find("payload");
    if (payload == nullptr) return notOne("it has no payload");
    content.partition.topic = event::topicNameFor(*bytesOf(topic, arena));
    content.record.value = bytesOf(payload, arena);
    content.record.key = bytesOf(members.find("key"), arena);
    readTimestamp(members, content.record);
    if (!readHeaders(members.find("headers"), arena, content.record.headers))
        return notOne("its headers are no list of names and values");
    return {};
}

} // namespace

bool isKcatLine(ByteView line)
{
    Arena arena;
    return readKcatLine(line, arena).has_value();
}

Result<KcatContent> readKcatLine(ByteView line, Arena& arena)
{
    event::JsonReader reader;
    MemberCutter members(line);
    if (!line.starts_with('{')) return tl::unexpected(notOne("it is no JSON object").error());
    if (auto walked = event::walk(reader, line, members); !walked)
        return tl::unexpected(notOne(base::render(walked.error())).error());
    KcatContent content;
    LEFTFOLD_CHECK(readMembers(members, arena, content));
    return content;
}

namespace {

bool holdsOnlyText(const event::Record& record)
{
    const auto isText = [](const std::optional<ByteView>& bytes) { return !bytes || isUtf8(*bytes); };
    return isText(record.key) && isText(record.value)
           && std::ranges::all_of(record.headers, [&](const event::Header& header) {
                  return isUtf8(header.name) && isText(header.value);
              });
}

void appendBytes(std::string& out, const std::optional<ByteView>& bytes)
{
    bytes ? event::escape(out, *bytes) : void(out += "null");
}

std::int64_t millisecondsOf(base::Time time)
{
    constexpr std::int64_t kMost = INT64_MAX / 1000 - 1; // beyond it Kafka has no times
    return std::clamp(time.seconds, -kMost, kMost) * 1000 + time.nanos / 1'000'000;
}

} // namespace

bool appendKcatLine(std::string& out, const event::Partition& partition, const event::Record& record)
{
    if (!holdsOnlyText(record)) return false;
    out += "{\"topic\":";
    event::escape(out, partition.topic);
    out += ",\"partition\":" + std::to_string(partition.number);
    out += ",\"offset\":" + std::to_string(record.offset.value);
    if (record.timestamp) {
        out += record.timestampType == event::TimestampType::LogAppend ? ",\"tstype\":\"logappend\""
                                                                       : ",\"tstype\":\"create\"";
        out += ",\"ts\":" + std::to_string(millisecondsOf(*record.timestamp));
    }
    for (std::size_t i = 0; i < record.headers.size(); ++i) {
        out += i == 0 ? ",\"headers\":[" : ",";
        event::escape(out, record.headers[i].name);
        out += ',';
        appendBytes(out, record.headers[i].value);
    }
    if (!record.headers.empty()) out += ']';
    out += ",\"key\":";
    appendBytes(out, record.key);
    out += ",\"payload\":";
    appendBytes(out, record.value);
    out += '}';
    return true;
}

} // namespace leftfold::decode
