// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/shape.h"

#include "core/decode/field_names.h"
#include "core/decode/field_survey.h"

#include <algorithm>
#include <array>
#include <vector>

namespace leftfold::decode {

namespace {

using base::EpochUnit;

constexpr double kLeastShare = 0.6;

/// The order is that of detection.
constexpr std::array kShapes = {
    Shape{"debezium", "Debezium change events", true},
    Shape{"debezium-schema", "Debezium change events with their schema", true},
    Shape{"debezium-flat", "Debezium change events, flattened", true},
    Shape{"cloudevents", "CloudEvents"},
    Shape{"cloudevents-binary", "CloudEvents in binary mode"},
    Shape{"axon", "Axon messages"},
    Shape{"axon-rows", "Axon event store entries"},
    Shape{"kurrentdb", "KurrentDB events"},
    Shape{"kurrentdb-sink", "KurrentDB events from its Kafka sink"},
    Shape{"outbox-rows", "outbox table rows"},
    Shape{"maxwell", "Maxwell row changes", true},
    Shape{"canal", "Canal row changes", true},
    Shape{"outbox", "outbox events"},
};

enum Kinds : unsigned { Text = 1, Number = 2, Boolean = 4, Composite = 8, Null = 16, Any = 31 };

unsigned bitOf(FieldKind kind)
{
    switch (kind) {
    case FieldKind::Absent:
        return 0;
    case FieldKind::Null:
        return Null;
    case FieldKind::Text:
        return Text;
    case FieldKind::Number:
        return Number;
    case FieldKind::Boolean:
        return Boolean;
    case FieldKind::Composite:
        return Composite;
    }
    return 0;
}

/// What must stand at a place; `values`: one of these words, where not empty.
struct Sign {
    std::string_view shape;
    std::string_view ref;
    unsigned kinds = Any;
    std::string_view values = {};
};

constexpr std::string_view kOps = "c r u d t m";
constexpr std::string_view kMaxwellTypes = "insert update delete bootstrap-start bootstrap-insert bootstrap-complete";
constexpr std::string_view kCanalTypes = "INSERT UPDATE DELETE CREATE ALTER ERASE TRUNCATE RENAME CINDEX DINDEX QUERY";

constexpr Sign kSigns[] = {
    {"debezium", "/op", Text, kOps},
    {"debezium", "/source", Composite},
    {"debezium-schema", "/payload/op", Text, kOps},
    {"debezium-schema", "/payload/source", Composite},
    {"debezium-schema", "/schema", Composite | Null},
    {"debezium-flat", "/__op", Text, kOps},
    {"cloudevents", "/specversion", Text},
    {"cloudevents", "/id", Text},
    {"cloudevents", "/source", Text},
    {"cloudevents", "/type", Text},
    {"cloudevents-binary", "header:ce_specversion", Text},
    {"cloudevents-binary", "header:ce_id", Text},
    {"cloudevents-binary", "header:ce_source", Text},
    {"cloudevents-binary", "header:ce_type", Text},
    {"axon", "header:axon-message-id", Text},
    {"axon", "header:axon-message-type", Text},
    {"axon-rows", "/aggregateIdentifier", Text},
    {"axon-rows", "/eventIdentifier", Text},
    {"axon-rows", "/payloadType", Text},
    {"kurrentdb", "/eventType", Text},
    {"kurrentdb", "/streamId", Text},
    {"kurrentdb", "/eventId", Text},
    {"kurrentdb", "/data"},
    {"kurrentdb-sink", "header:esdb-record-id", Text},
    {"kurrentdb-sink", "header:esdb-record-stream-id", Text},
    {"outbox-rows", "/aggregatetype", Text},
    {"outbox-rows", "/aggregateid", Text | Number},
    {"outbox-rows", "/payload"},
    {"maxwell", "/database", Text},
    {"maxwell", "/table", Text},
    {"maxwell", "/type", Text, kMaxwellTypes},
    {"maxwell", "/ts", Number},
    {"maxwell", "/data", Composite},
    {"canal", "/database", Text},
    {"canal", "/table", Text},
    {"canal", "/type", Text, kCanalTypes},
    {"canal", "/isDdl", Boolean | Text},
    {"canal", "/es", Number | Text},
    {"outbox", "header:id", Text},
    {"outbox", "key", Text},
};

/// Places of a role, best first: the first that half of the records have (of causes and correlations: any). `row` before
/// a pointer: see changedRow.
struct Place {
    std::string_view shape;
    std::optional<FieldRef> Mapping::*role;
    std::string_view refs;
};

constexpr auto kId = &Mapping::id;
constexpr auto kType = &Mapping::type;
constexpr auto kTime = &Mapping::time;
constexpr auto kEventId = &Mapping::eventId;
constexpr auto kCause = &Mapping::causation;
constexpr auto kCorrelation = &Mapping::correlation;

const Place kPlaces[] = {
    {"debezium", kId, "row/after"},
    {"debezium", kType, "/op"},
    {"debezium", kTime, "/source/ts_ms /ts_ms"},
    {"debezium", kCorrelation, "/transaction/id"},
    {"debezium-schema", kId, "row/payload/after"},
    {"debezium-schema", kType, "/payload/op"},
    {"debezium-schema", kTime, "/payload/source/ts_ms /payload/ts_ms"},
    {"debezium-schema", kCorrelation, "/payload/transaction/id"},
    {"debezium-flat", kId, "row"},
    {"debezium-flat", kType, "/__op"},
    {"debezium-flat", kTime, "/__source_ts_ms /__ts_ms"},
    {"cloudevents", kId, "/subject key"},
    {"cloudevents", kType, "/type"},
    {"cloudevents", kTime, "/time"},
    {"cloudevents", kEventId, "/id"},
    {"cloudevents-binary", kId, "header:ce_subject key"},
    {"cloudevents-binary", kType, "header:ce_type"},
    {"cloudevents-binary", kTime, "header:ce_time"},
    {"cloudevents-binary", kEventId, "header:ce_id"},
    {"axon", kId, "header:axon-message-aggregate-id key"},
    {"axon", kType, "header:axon-message-type"},
    {"axon", kTime, "header:axon-message-timestamp"},
    {"axon", kEventId, "header:axon-message-id"},
    {"axon-rows", kId, "/aggregateIdentifier"},
    {"axon-rows", kType, "/payloadType"},
    {"axon-rows", kTime, "/timeStamp /timestamp"},
    {"axon-rows", kEventId, "/eventIdentifier"},
    {"kurrentdb", kId, "/streamId"},
    {"kurrentdb", kType, "/eventType"},
    {"kurrentdb", kTime, "/created"},
    {"kurrentdb", kEventId, "/eventId"},
    {"kurrentdb", kCause, "/metadata/$causationId"},
    {"kurrentdb", kCorrelation, "/metadata/$correlationId"},
    {"kurrentdb-sink", kId, "header:esdb-record-stream-id"},
    {"kurrentdb-sink", kType, "header:esdb-record-type header:esdb-record-event-type"},
    {"kurrentdb-sink", kTime, "header:esdb-record-timestamp"},
    {"kurrentdb-sink", kEventId, "header:esdb-record-id"},
    {"outbox-rows", kId, "/aggregateid"},
    {"outbox-rows", kType, "/type"},
    {"outbox-rows", kEventId, "/id"},
    {"maxwell", kId, "row/data"},
    {"maxwell", kType, "/type"},
    {"maxwell", kTime, "/ts"},
    {"maxwell", kCorrelation, "/xid"},
    {"canal", kId, "debezium"},
    {"canal", kType, "/type"},
    {"canal", kTime, "/es"},
    {"outbox", kId, "key"},
    {"outbox", kType, "header:eventType header:type /eventType /type"},
    {"outbox", kEventId, "header:id"},
};

bool isOneOf(std::string_view word, std::string_view words)
{
    while (!words.empty()) {
        const std::size_t end = words.find(' ');
        if (words.substr(0, end) == word) return true;
        words.remove_prefix(end == std::string_view::npos ? words.size() : end + 1);
    }
    return false;
}

/// All texts between blanks.
std::vector<std::string_view> split(std::string_view words)
{
    std::vector<std::string_view> parts;
    while (!words.empty()) {
        const std::size_t end = words.find(' ');
        parts.push_back(words.substr(0, end));
        words.remove_prefix(end == std::string_view::npos ? words.size() : end + 1);
    }
    return parts;
}

FieldRef refOf(std::string_view text)
{
    auto ref = parseFieldRef(text);
    LEFTFOLD_INVARIANT(ref.has_value());
    return std::move(*ref);
}

/// How many records of a sample show all signs of each shape.
class SignCount {
public:
    explicit SignCount(std::span<const event::Record> sample)
    {
        std::vector<FieldRef> refs;
        for (const Sign& sign : kSigns) refs.push_back(refOf(sign.ref));
        FieldExtractor extractor(std::move(refs));
        for (const event::Record& record : sample) {
            if (!record.value) continue;
            ++m_records;
            count(extractor.extract(record).fields);
        }
    }

    [[nodiscard]] bool isMost(std::size_t shape) const
    {
        return m_records > 0 && static_cast<double>(m_shown[shape]) >= kLeastShare * static_cast<double>(m_records);
    }

private:
    void count(std::span<const FieldValue> values)
    {
        std::array<bool, kShapes.size()> shows;
        shows.fill(true);
        for (std::size_t i = 0; i < values.size(); ++i) {
            const Sign& sign = kSigns[i];
            const bool isThere = (bitOf(values[i].kind) & sign.kinds) != 0
                                 && (sign.values.empty() || isOneOf(values[i].text, sign.values));
            const auto shape = std::find_if(kShapes.begin(), kShapes.end(),
                                            [&](const Shape& known) { return known.name == sign.shape; });
            if (!isThere) shows[static_cast<std::size_t>(shape - kShapes.begin())] = false;
        }
        for (std::size_t i = 0; i < shows.size(); ++i) m_shown[i] += shows[i] ? 1 : 0;
    }

    std::size_t m_records = 0;
    std::array<std::size_t, kShapes.size()> m_shown{};
};

/// In how many records a scalar stands at a place, of those that could have one.
struct Presence {
    std::size_t there = 0;
    std::size_t records = 0;
};

bool isHalf(const Presence& presence)
{
    return presence.there > 0 && 2 * presence.there >= presence.records;
}

Presence presenceOf(const FieldRef& ref, std::span<const event::Record> sample)
{
    FieldExtractor extractor({ref});
    Presence presence;
    for (const event::Record& record : sample) {
        const bool mayHaveIt = record.value || !std::holds_alternative<event::Pointer>(ref);
        presence.records += mayHaveIt ? 1 : 0;
        presence.there += aggregateId(extractor.extract(record).fields.front()) ? 1 : 0;
    }
    return presence;
}

/// Whether `pointer` names a member of what stands at `row`.
bool isColumnOf(const event::Pointer& row, const event::Pointer& pointer)
{
    return pointer.tokens.size() == row.tokens.size() + 1
           && std::equal(row.tokens.begin(), row.tokens.end(), pointer.tokens.begin());
}

/// The column of a row that looks most like its primary key: by its name, of equals the first. Empty: none does.
std::string keyColumn(const event::Pointer& row, const Survey& survey)
{
    std::string best;
    int bestScore = 0;
    for (const FieldSurvey& field : survey.fields) {
        const auto* pointer = std::get_if<event::Pointer>(&field.ref);
        if (pointer == nullptr || !isColumnOf(row, *pointer) || field.name.starts_with("__")) continue;
        const int score = field.name == "id" || field.name == "_id" ? 1'000 : idName(field.name);
        if (score <= bestScore) continue;
        best = field.name;
        bestScore = score;
    }
    return best;
}

/// The rows that events change: told by the records' keys where they have them, else by a column below `row`.
FieldRef changedRow(const event::Pointer& row, std::span<const event::Record> sample, const Survey& survey)
{
    const std::string column = keyColumn(row, survey);
    const bool isDefault = column.empty() || column == "id" || column == "_id";
    if (isDefault || isHalf(presenceOf(NativeKey{}, sample))) return ChangedRow{};
    return ChangedRow{{{column}}};
}

std::optional<FieldRef> placeOf(const Place& place, std::span<const event::Record> sample, const Survey& survey)
{
    const bool isRare = place.role == kCause || place.role == kCorrelation;
    for (const std::string_view text : split(place.refs)) {
        if (text.starts_with("row")) return changedRow(std::get<event::Pointer>(refOf(text.substr(3))), sample, survey);
        if (text == "debezium") return refOf(text);
        FieldRef ref = refOf(text);
        const Presence found = presenceOf(ref, sample);
        if (isRare ? found.there > 0 : isHalf(found)) return ref;
    }
    return std::nullopt;
}

Mapping mappingOf(const Shape& shape, std::span<const event::Record> sample, const Survey& survey)
{
    Mapping mapping;
    mapping.shape = shape.name;
    for (const Place& place : kPlaces) {
        if (place.shape == shape.name) mapping.*place.role = placeOf(place, sample, survey);
    }
    if (shape.name == "axon" && mapping.time) mapping.timeUnit = EpochUnit::Milliseconds;
    return mapping;
}

} // namespace

std::span<const Shape> allShapes()
{
    return kShapes;
}

const Shape* shapeNamed(std::string_view name)
{
    const auto known = std::find_if(kShapes.begin(), kShapes.end(), [&](const Shape& s) { return s.name == name; });
    return known == kShapes.end() ? nullptr : &*known;
}

Mapping detectShape(std::span<const event::Record> sample, const Survey& survey)
{
    const SignCount signs(sample);
    for (std::size_t i = 0; i < kShapes.size(); ++i) {
        if (signs.isMost(i)) return mappingOf(kShapes[i], sample, survey);
    }
    return {};
}

} // namespace leftfold::decode
