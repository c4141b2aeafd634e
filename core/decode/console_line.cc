// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/kafka_lines.h"
#include "core/event/json_walker.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace leftfold::decode {

namespace {

using base::ByteView;
using base::Result;

constexpr std::string_view kNone = "null";
constexpr std::string_view kNoTimestamp = "NO_TIMESTAMP";
constexpr std::string_view kNoHeaders = "NO_HEADERS";
constexpr std::string_view kCreated = "CreateTime:";
constexpr std::string_view kAppended = "LogAppendTime:";
constexpr std::string_view kPartition = "Partition:";
constexpr std::string_view kOffset = "Offset:";

/// Takes what stands before the next tab, or all of it.
ByteView takeField(ByteView& rest)
{
    const std::size_t tab = rest.find('\t');
    const ByteView field = rest.substr(0, tab);
    rest.remove_prefix(tab == ByteView::npos ? rest.size() : tab + 1);
    return field;
}

std::size_t fieldsIn(ByteView rest)
{
    return static_cast<std::size_t>(std::count(rest.begin(), rest.end(), '\t')) + 1;
}

bool isDigits(ByteView text)
{
    return !text.empty() && text.find_first_not_of("0123456789") == ByteView::npos;
}

bool isNumbered(ByteView field, std::string_view label)
{
    return field.starts_with(label) && isDigits(field.substr(label.size()));
}

bool isTimestamp(ByteView field)
{
    const bool isNegative = field.starts_with(kCreated) && field.substr(kCreated.size()).starts_with('-');
    return field == kNoTimestamp || isNegative || isNumbered(field, kCreated) || isNumbered(field, kAppended);
}

/// Takes the fields that have labels, and says which are there.
ConsoleLayout takeLabelled(ByteView& rest)
{
    ConsoleLayout layout;
    const auto take = [&](bool& has, bool is) {
        has = is && rest.find('\t') != ByteView::npos;
        if (has) (void)takeField(rest);
    };
    const auto next = [&] { return rest.substr(0, rest.find('\t')); };
    take(layout.hasTimestamp, isTimestamp(next()));
    take(layout.hasPartition, isNumbered(next(), kPartition));
    take(layout.hasOffset, isNumbered(next(), kOffset));
    return layout;
}

bool isLabelled(const ConsoleLayout& layout)
{
    return layout.hasTimestamp || layout.hasPartition || layout.hasOffset;
}

bool isDocumentOrNull(ByteView text)
{
    return text == kNone || (text.starts_with('{') && event::checkJson(text).has_value());
}

/// What the fields behind the labelled ones are: those of all lines taken together.
struct Remaining {
    std::size_t fewest = std::numeric_limits<std::size_t>::max();
    bool anyNoHeaders = false;
    bool allMayBeHeaders = true;
    bool allValuesAreDocuments = true; ///< of lines that are a key and a value

    void add(ByteView rest)
    {
        fewest = std::min(fewest, fieldsIn(rest));
        const ByteView first = takeField(rest);
        anyNoHeaders = anyNoHeaders || first == kNoHeaders;
        allMayBeHeaders = allMayBeHeaders && (first == kNoHeaders || first.find(':') != ByteView::npos);
        allValuesAreDocuments = allValuesAreDocuments && isDocumentOrNull(rest) && !isDocumentOrNull(first);
    }
};

/// The comma behind which another header begins.
std::size_t headerEnd(ByteView field, std::size_t colon)
{
    std::size_t comma = field.find(',', colon);
    while (comma != ByteView::npos) {
        const std::size_t next = field.find(',', comma + 1);
        if (field.substr(0, next).find(':', comma) != ByteView::npos) break;
        comma = next;
    }
    return comma;
}

/// Names and values; a piece without a colon belongs to the value before it, which had a comma in it.
void readHeaders(ByteView field, std::vector<event::Header>& headers)
{
    while (!field.empty() && field != kNoHeaders) {
        const std::size_t colon = std::min(field.find(':'), field.size());
        const std::size_t end = headerEnd(field, colon);
        const ByteView name = field.substr(0, colon);
        const ByteView value = colon < field.size() ? field.substr(colon + 1, end - colon - 1) : ByteView();
        headers.push_back({name, value == kNone ? std::nullopt : std::optional<ByteView>(value)});
        field.remove_prefix(end == ByteView::npos ? field.size() : end + 1);
    }
}

void readTimestamp(ByteView field, event::Record& record)
{
    const bool isAppend = field.starts_with(kAppended);
    const ByteView digits = field == kNoTimestamp ? ByteView() : field.substr(field.find(':') + 1);
    const auto time = base::parseEpoch(digits, base::EpochUnit::Milliseconds);
    if (!time || digits.starts_with('-')) return;
    record.timestamp = *time;
    record.timestampType = isAppend ? event::TimestampType::LogAppend : event::TimestampType::Create;
}

std::optional<ByteView> orNull(ByteView text)
{
    if (text == kNone) return std::nullopt;
    return text;
}

template <class Number>
bool readNumber(ByteView field, std::string_view label, Number& number)
{
    if (!isNumbered(field, label)) return false;
    const char* const end = field.data() + field.size();
    return std::from_chars(field.data() + label.size(), end, number).ec == std::errc();
}

base::Result<void> notOne(const std::string& reason)
{
    return base::fail(base::ErrorCode::BadLine, "kafka-console-consumer", reason);
}

/// The fields before the value.
Result<void> readLabelled(ByteView& rest, const ConsoleLayout& layout, ConsoleContent& content)
{
    if (layout.hasTimestamp) {
        const ByteView field = takeField(rest);
        if (!isTimestamp(field)) return notOne("it has no timestamp");
        readTimestamp(field, content.record);
    }
    if (layout.hasPartition && !readNumber(takeField(rest), kPartition, content.partition.emplace()))
        return notOne("it has no partition");
    if (layout.hasOffset && !readNumber(takeField(rest), kOffset, content.offset.emplace().value))
        return notOne("it has no offset");
    return {};
}

} // namespace

std::string describe(const ConsoleLayout& layout)
{
    const std::array<std::pair<bool, std::string_view>, 5> parts = {{{layout.hasTimestamp, "timestamp"},
                                                                     {layout.hasPartition, "partition"},
                                                                     {layout.hasOffset, "offset"},
                                                                     {layout.hasHeaders, "headers"},
                                                                     {layout.hasKey, "key"}}};
    std::string out;
    for (const auto& [isThere, name] : parts) {
        if (!isThere) continue;
        if (!out.empty()) out += ", ";
        out += name;
    }
    return out;
}

std::optional<ConsoleLayout> detectConsoleLayout(std::span<const ByteView> lines)
{
    std::optional<ConsoleLayout> layout;
    Remaining remaining;
    for (ByteView line : lines) {
        const ConsoleLayout labelled = takeLabelled(line);
        if (layout && labelled != *layout) continue; // a line that does not fit will be left out
        layout = labelled;
        remaining.add(line);
    }
    if (!layout) return std::nullopt;
    if (!isLabelled(*layout) && (remaining.fewest != 2 || !remaining.allValuesAreDocuments)) return std::nullopt;
    layout->hasHeaders =
        remaining.fewest == 2 ? remaining.anyNoHeaders : remaining.fewest > 2 && remaining.allMayBeHeaders;
    layout->hasKey = remaining.fewest > 2 || (remaining.fewest == 2 && !layout->hasHeaders);
    return layout;
}

Result<ConsoleContent> readConsoleLine(ByteView line, const ConsoleLayout& layout)
{
    ConsoleContent content;
    ByteView rest = line;
    LEFTFOLD_CHECK(readLabelled(rest, layout, content));
    const std::size_t expected = std::size_t{1} + (layout.hasHeaders ? 1 : 0) + (layout.hasKey ? 1 : 0);
    if (fieldsIn(rest) < expected) return tl::unexpected(notOne("it has fewer fields than the first lines").error());
    if (layout.hasHeaders) readHeaders(takeField(rest), content.record.headers);
    if (layout.hasKey) content.record.key = orNull(takeField(rest));
    content.record.value = orNull(rest);
    return content;
}

} // namespace leftfold::decode
