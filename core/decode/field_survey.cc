// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/field_survey.h"

#include "core/base/ascii.h"
#include "core/decode/text.h"
#include "core/event/json_walker.h"

#include <algorithm>
#include <numeric>

namespace leftfold::decode {

namespace {

using base::ByteView;
using base::EpochUnit;

constexpr std::size_t kMaxDepth = 3;
/// A log whose records use ever new names (ids as names of members) must not fill the memory.
constexpr std::size_t kMaxFields = 2'000;
constexpr std::size_t kLongestCode = 64;

bool isInteger(ByteView digits)
{
    return digits.find_first_of(".eE") == ByteView::npos;
}

bool looksLikeCode(ByteView text)
{
    const bool printable =
        std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) > ' '; });
    return text.size() <= kLongestCode && printable && std::any_of(text.begin(), text.end(), base::isDigit);
}

/// The unit of a number that may be a time after 1973; smaller ones are no times, whatever their name.
std::optional<EpochUnit> epochUnit(ByteView digits)
{
    const auto seconds = base::parseEpoch(digits, EpochUnit::Seconds);
    if (!seconds || seconds->seconds < 100'000'000) return std::nullopt;
    return base::guessEpochUnit(digits);
}

class Surveyor {
public:
    void startRecord() { ++m_record; }

    /// The field at a path, made if it is new; null where there are too many.
    template <class MakeRef>
    FieldSurvey* fieldAt(const std::string& path, std::string_view name, std::size_t depth, MakeRef makeRef)
    {
        const auto known = m_byPath.find(path);
        if (known != m_byPath.end()) return &m_fields[known->second];
        if (m_fields.size() >= kMaxFields) return nullptr;
        m_byPath.emplace(path, m_fields.size());
        FieldSurvey& field = m_fields.emplace_back();
        field.ref = makeRef();
        field.name = name;
        field.depth = depth;
        return &field;
    }

    void text(FieldSurvey& field, ByteView text) const
    {
        ++field.texts;
        field.textBytes += text.size();
        if (looksLikeCode(text)) ++field.codes;
        const bool digits = !text.empty() && std::all_of(text.begin(), text.end(), base::isDigit);
        const auto time = digits ? epoch(field, text) : iso(field, text);
        scalar(field, text, time);
    }

    void number(FieldSurvey& field, ByteView digits) const
    {
        ++field.numbers;
        if (isInteger(digits)) ++field.integers;
        scalar(field, digits, epoch(field, digits));
    }

    [[nodiscard]] std::vector<FieldSurvey> finish() && { return std::move(m_fields); }

private:
    static std::optional<base::Time> iso(FieldSurvey& field, ByteView text)
    {
        const auto time = base::parseTime(text);
        if (!time) return std::nullopt;
        ++field.isoTimes;
        if (text.size() <= 10) ++field.dateOnly;
        return *time;
    }

    static std::optional<base::Time> epoch(FieldSurvey& field, ByteView digits)
    {
        const auto unit = epochUnit(digits);
        if (!unit) return std::nullopt;
        ++field.epochs[static_cast<std::size_t>(*unit)];
        return base::parseEpoch(digits, *unit).value();
    }

    void scalar(FieldSurvey& field, ByteView text, const std::optional<base::Time>& time) const
    {
        const bool follows = field.lastRecord + 1 == m_record;
        if (follows && field.lastText == text) ++field.sameAsBefore;
        if (follows && time && field.lastTime) {
            ++field.timeSteps;
            if (*time < *field.lastTime) ++field.timeStepsBack;
        }
        ++field.distinct[std::string(text)];
        field.lastText = text;
        field.lastTime = time;
        field.lastRecord = m_record;
    }

    std::size_t m_record = 0;
    std::unordered_map<std::string, std::size_t> m_byPath;
    std::vector<FieldSurvey> m_fields;
};

/// Hears the walk over one value.
class SurveyWalk {
public:
    explicit SurveyWalk(Surveyor& surveyor) : m_surveyor(surveyor) {}

    [[nodiscard]] bool isObject() const { return m_isObject; }

    void beginObject()
    {
        if (m_depth == 0)
            m_isObject = true;
        else
            other();
        ++m_depth;
        m_pathEnds.push_back(m_path.size());
    }
    void endObject() { close(); }
    void beginArray()
    {
        other();
        ++m_depth;
        ++m_arrays;
        m_pathEnds.push_back(m_path.size());
    }
    void endArray()
    {
        --m_arrays;
        close();
    }
    void key(ByteView raw)
    {
        if (!isLookedAt()) return;
        m_name.clear();
        event::unescape(raw, m_name);
        m_path.resize(m_pathEnds.back());
        event::appendToken(m_path, m_name);
    }
    void text(ByteView raw)
    {
        FieldSurvey* field = here();
        if (field == nullptr) return;
        m_text.clear();
        event::unescape(raw, m_text);
        m_surveyor.text(*field, m_text);
    }
    void number(ByteView digits)
    {
        if (FieldSurvey* field = here()) m_surveyor.number(*field, digits);
    }
    void boolean(bool) { other(); }
    void null() {}

private:
    [[nodiscard]] bool isLookedAt() const
    {
        return m_isObject && m_arrays == 0 && m_depth >= 1 && m_depth <= kMaxDepth;
    }

    /// Nothing where a name is no UTF-8 (lone surrogates): a mapping could not be written down.
    FieldSurvey* here()
    {
        if (!isLookedAt() || !isUtf8(m_path)) return nullptr;
        return m_surveyor.fieldAt(m_path, m_name, m_depth,
                                  [this] { return FieldRef(event::parsePointer(m_path).value()); });
    }

    void other()
    {
        if (FieldSurvey* field = here()) ++field->others;
    }

    void close()
    {
        --m_depth;
        m_path.resize(m_pathEnds.back());
        m_pathEnds.pop_back();
    }

    Surveyor& m_surveyor;
    bool m_isObject = false;
    std::size_t m_depth = 0;
    std::size_t m_arrays = 0;
    std::string m_path;
    std::vector<std::size_t> m_pathEnds;
    std::string m_name;
    std::string m_text;
};

std::string_view withoutPrefix(std::string_view header)
{
    for (const std::string_view prefix : {"ce_", "axon-message-", "esdb-record-", "__debezium."}) {
        if (header.starts_with(prefix)) return header.substr(prefix.size());
    }
    return header;
}

void surveyKey(Surveyor& surveyor, const event::Record& record)
{
    if (!record.key) return;
    FieldSurvey* field = surveyor.fieldAt("key", "key", 1, [] { return FieldRef(NativeKey{}); });
    if (field != nullptr) surveyor.text(*field, *record.key);
}

void surveyHeaders(Surveyor& surveyor, const event::Record& record)
{
    for (const event::Header& header : record.headers) {
        if (!header.value || !isUtf8(header.name) || !isUtf8(*header.value)) continue;
        const FieldRef ref = HeaderNamed{std::string(header.name)};
        FieldSurvey* field =
            surveyor.fieldAt(toText(ref), withoutPrefix(header.name), 1, [&] { return FieldRef(ref); });
        if (field != nullptr) surveyor.text(*field, *header.value);
    }
}

} // namespace

std::size_t FieldSurvey::times() const
{
    return isoTimes + std::accumulate(epochs.begin(), epochs.end(), std::size_t{0});
}

Survey survey(std::span<const event::Record> sample)
{
    Survey result;
    Surveyor surveyor;
    event::JsonReader reader;
    for (const event::Record& record : sample) {
        surveyor.startRecord();
        ++result.all;
        if (record.timestamp) ++result.timestamps;
        if (record.key) ++result.keys;
        surveyKey(surveyor, record);
        surveyHeaders(surveyor, record);
        if (!record.value) continue;
        SurveyWalk walk(surveyor);
        const bool isJson = event::walk(reader, *record.value, walk).has_value();
        if (isJson && walk.isObject()) ++result.records;
    }
    result.fields = std::move(surveyor).finish();
    return result;
}

} // namespace leftfold::decode
