// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fold/script_rows.h"

#include "core/base/hash.h"
#include "core/decode/text.h"
#include "core/event/number.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fmt/format.h>

namespace leftfold::fold {

namespace {

using base::ErrorCode;
using base::Result;

constexpr std::size_t kMaxTextBytes = std::size_t{64} << 20;
/// Fewer digits than these are always held.
constexpr std::size_t kSafeDigits = 15;

double& at(ScriptBatch::Row& row, BatchColumn column)
{
    return row.numbers[static_cast<std::size_t>(column)];
}

/// How long a text is in JavaScript: in units of UTF-16.
std::size_t unitsOf(base::ByteView utf8)
{
    std::size_t units = 0;
    for (const char c : utf8) {
        const auto byte = static_cast<unsigned char>(c);
        units += (byte & 0xC0) != 0x80;
        units += byte >= 0xF0;
    }
    return units;
}

/// Hears a document and keeps the numbers that JavaScript cannot hold.
struct InexactNumbers {
    struct Found {
        base::ByteView digits;
        std::string seen;
    };
    std::vector<Found> found;

    void beginObject() {}
    void beginArray() {}
    void endObject() {}
    void endArray() {}
    void key(base::ByteView /*raw*/) {}
    void text(base::ByteView /*raw*/) {}
    void boolean(bool /*value*/) {}
    void null() {}
    void number(base::ByteView digits)
    {
        std::string seen;
        if (!isExactInScripts(digits, seen)) found.push_back({digits, std::move(seen)});
    }
};

/// Bytes that are no text are written in hex.
std::string textOf(base::ByteView bytes)
{
    if (decode::isUtf8(bytes)) return std::string(bytes);
    std::string hex = "0x";
    for (const char c : bytes) hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
    return hex;
}

bool mentions(const ScriptSource& source, std::string_view word)
{
    return std::ranges::any_of(
        source.files, [&](const ScriptSource::File& file) { return file.text.find(word) != std::string::npos; });
}

} // namespace

bool isExactInScripts(base::ByteView digits, std::string& seen)
{
    const bool hasExponent = digits.find_first_of("eE") != base::ByteView::npos;
    if (digits.size() <= kSafeDigits && !hasExponent) return true;
    const double value = std::strtod(std::string(digits).c_str(), nullptr);
    seen = std::isfinite(value) ? fmt::format("{}", value) : (value < 0 ? "-Infinity" : "Infinity");
    return std::isfinite(value) && event::equalNumbers(digits, seen);
}

ScriptRows::ScriptRows(const ScriptSource& source, const Streams* streams, bool exactNumbers)
    : m_exactNumbers(exactNumbers)
{
    const auto eventId = streams != nullptr ? streams->eventId() : std::nullopt;
    if (eventId && mentions(source, "eventId"))
        m_eventId = std::make_unique<decode::FieldExtractor>(std::vector{*eventId});
}

std::uint32_t ScriptRows::typeOf(ScriptEngine& engine, std::string_view type)
{
    if (m_lastTypeId != UINT32_MAX && m_lastType == type) return m_lastTypeId;
    m_lastType = type;
    const auto [known, isNew] = m_types.try_emplace(m_lastType, 0);
    if (isNew) known->second = engine.addType(type);
    return m_lastTypeId = known->second;
}

std::uint32_t ScriptRows::topicOf(ScriptEngine& engine, const std::string& topic)
{
    const auto [known, isNew] = m_topics.try_emplace(topic, 0);
    if (isNew) known->second = engine.addTopic(topic);
    return known->second;
}

void ScriptRows::forget()
{
    m_types.clear();
    m_topics.clear();
    m_lastTypeId = m_lastTopicId = UINT32_MAX;
}

Result<void> ScriptRows::add(ScriptBatch& batch, ScriptEngine& engine, const FoldEvent& event, std::uint32_t slot,
                             std::vector<base::Error>* findings)
{
    if (event.value && event.value->size() > kMaxTextBytes)
        return base::fail(ErrorCode::ScriptMemory, toText(event::Position{*event.partition, event.offset}),
                          std::string(event.type), std::to_string(kMaxTextBytes >> 20));
    ScriptBatch::Row row;
    row.partition = event.partition->number;
    row.offset = event.offset;
    at(row, BatchColumn::Type) = typeOf(engine, event.type);
    at(row, BatchColumn::Slot) = slot;
    at(row, BatchColumn::Index) = static_cast<double>(event.index.value);
    if (event.time != base::kBeginningOfTime) {
        at(row, BatchColumn::Seconds) = static_cast<double>(event.time.seconds);
        at(row, BatchColumn::Nanoseconds) = event.time.nanos;
    }
    if (m_lastTopicId == UINT32_MAX || m_lastTopic != event.partition->topic) {
        m_lastTopic = event.partition->topic;
        m_lastTopicId = topicOf(engine, m_lastTopic);
    }
    at(row, BatchColumn::Topic) = m_lastTopicId;
    const auto seed = base::hash64(m_lastTopic) * 31 + static_cast<std::uint64_t>(event.partition->number);
    at(row, BatchColumn::Seed) = static_cast<double>(static_cast<std::uint32_t>(
        (seed + static_cast<std::uint64_t>(event.offset.value)) * 0x9E3779B97F4A7C15U >> 32));
    if (m_eventId && event.record != nullptr) {
        const auto id = decode::aggregateId(m_eventId->extract(*event.record, m_lastTopic).fields[0]);
        row.eventId = id.value_or(base::ByteView());
        batch.hasEventIds = true;
    }
    addValue(batch, row, event, findings);
    addMetadata(batch, row, event);
    batch.rows.push_back(std::move(row));
    return {};
}

void ScriptRows::addValue(ScriptBatch& batch, ScriptBatch::Row& row, const FoldEvent& event,
                          std::vector<base::Error>* findings)
{
    base::ByteView text = "null";
    EventKind kind = event.decodable ? EventKind::Tombstone : EventKind::NotJson;
    if (event.decodable && event.value) {
        kind = EventKind::Json;
        text = m_exactNumbers || findings != nullptr ? exactly(*event.value, findings) : *event.value;
    }
    at(row, BatchColumn::Kind) = static_cast<double>(kind);
    if (!batch.rows.empty()) {
        batch.text += ',';
        ++batch.textUnits;
    }
    at(row, BatchColumn::Start) = static_cast<double>(batch.textUnits);
    batch.text += text;
    batch.textUnits += unitsOf(text);
    at(row, BatchColumn::End) = static_cast<double>(batch.textUnits);
}

/// The value as it is, or with the numbers that JavaScript cannot hold as texts.
base::ByteView ScriptRows::exactly(base::ByteView value, std::vector<base::Error>* findings)
{
    InexactNumbers numbers;
    if (!event::walk(m_reader, value, numbers) || numbers.found.empty()) return value;
    m_rewritten.clear();
    const char* from = value.data();
    for (const InexactNumbers::Found& number : numbers.found) {
        const std::string seen = m_exactNumbers ? fmt::format("the text \"{}\"", number.digits) : number.seen;
        if (findings != nullptr) findings->push_back({ErrorCode::ScriptNumber, {std::string(number.digits), seen}, {}});
        m_rewritten.append(from, number.digits.data());
        m_rewritten.append("\"").append(number.digits).append("\"");
        from = number.digits.data() + number.digits.size();
    }
    m_rewritten.append(from, value.data() + value.size());
    return m_exactNumbers ? base::ByteView(m_rewritten) : value;
}

/// The headers as an object of texts; of those of one name the last.
void ScriptRows::addMetadata(ScriptBatch& batch, ScriptBatch::Row& row, const FoldEvent& event)
{
    at(row, BatchColumn::MetaStart) = -1;
    if (event.record == nullptr || event.record->headers.empty()) return;
    const std::size_t before = batch.meta.size();
    at(row, BatchColumn::MetaStart) = static_cast<double>(batch.metaUnits);
    batch.meta += '{';
    for (const event::Header& header : event.record->headers) {
        if (batch.meta.back() != '{') batch.meta += ',';
        event::escape(batch.meta, textOf(header.name));
        batch.meta += ':';
        header.value ? event::escape(batch.meta, textOf(*header.value)) : void(batch.meta += "null");
    }
    batch.meta += '}';
    batch.metaUnits += unitsOf(base::ByteView(batch.meta).substr(before));
    at(row, BatchColumn::MetaEnd) = static_cast<double>(batch.metaUnits);
}

} // namespace leftfold::fold
