// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/field_names.h"
#include "core/decode/field_survey.h"
#include "core/decode/mapping.h"
#include "core/decode/shape.h"

#include <algorithm>
#include <cmath>

namespace leftfold::decode {

namespace {

/// From so many values on, what they have in common says something.
constexpr std::size_t kTelling = 10;
constexpr double kPresence = 20;
constexpr double kDepth = 12;

double share(std::size_t part, std::size_t whole)
{
    return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

bool isPointer(const FieldSurvey& field)
{
    return std::holds_alternative<event::Pointer>(field.ref);
}

/// One place of a log, seen by what the roles ask of it.
struct Candidate {
    const FieldSurvey& field;
    double presence; ///< share of the records that have a scalar here
    std::size_t scalars;
    bool isScalar; ///< (nearly) never an object, array or boolean

    Candidate(const Survey& survey, const FieldSurvey& surveyed)
        : field(surveyed),
          presence(share(surveyed.scalars(), isPointer(surveyed) ? survey.records : survey.all)),
          scalars(surveyed.scalars()),
          isScalar(scalars > 0 && surveyed.others * 20 <= scalars)
    {}
    [[nodiscard]] bool isUnique() const
    {
        return static_cast<double>(field.distinct.size()) > 0.98 * static_cast<double>(scalars);
    }
    [[nodiscard]] bool isConstant() const { return field.distinct.size() == 1; }
    [[nodiscard]] double depthCost() const { return kDepth * static_cast<double>(field.depth - 1); }
    [[nodiscard]] double meanBytes() const { return share(field.textBytes, field.texts); }
};

using Score = std::optional<double>;

/// The best field by `score`, the earlier one of equals, if it reaches `least`.
template <class ScoreOf>
const FieldSurvey* best(const Survey& survey, double least, ScoreOf scoreOf)
{
    const FieldSurvey* winner = nullptr;
    for (const FieldSurvey& field : survey.fields) {
        const Candidate candidate(survey, field);
        if (!candidate.isScalar) continue;
        const Score score = scoreOf(candidate);
        if (!score || *score < least || (winner != nullptr && *score <= least)) continue;
        winner = &field;
        least = *score;
    }
    return winner;
}

Score typeScore(const Candidate& candidate)
{
    const FieldSurvey& field = candidate.field;
    const int name = typeName(field.name);
    const bool isWeak = name < 50;
    if (name <= 0 || field.texts < candidate.scalars || candidate.meanBytes() > 80 || 2 * field.isoTimes > field.texts)
        return std::nullopt;
    const std::size_t most = isWeak ? field.texts / 10 : std::max<std::size_t>(20, field.texts / 5);
    if (field.distinct.size() > most) return std::nullopt;
    const double constant = candidate.isConstant() && candidate.scalars >= kTelling ? 30 : 0;
    return name + kPresence * candidate.presence - candidate.depthCost() - constant;
}

Score timeScore(const Candidate& candidate)
{
    const FieldSurvey& field = candidate.field;
    if (share(field.times(), candidate.scalars) < 0.95 || std::holds_alternative<NativeKey>(field.ref))
        return std::nullopt;
    const int name = timeName(field.name);
    // A text with date and time of day is a time whatever its name; a large number is not.
    const bool isClear = field.isoTimes > field.dateOnly && 2 * field.isoTimes > candidate.scalars;
    if (name == 0 && !isClear) return std::nullopt;
    const double backwards = 40 * share(field.timeStepsBack, field.timeSteps);
    const double dateOnly = 60 * share(field.dateOnly, candidate.scalars);
    return (name == 0 ? 30 : name) + kPresence * candidate.presence - candidate.depthCost() - backwards - dateOnly;
}

/// The share of the log's types that speak of the thing this id names: orderId and OrderPlaced.
double mentionedBy(const FieldSurvey* type, const std::string& name)
{
    if (type == nullptr) return 0;
    const auto words = wordsOf(name);
    if (words.empty() || words.front().size() < 3) return 0;
    std::size_t mentions = 0;
    for (const auto& [text, count] : type->distinct) {
        const auto said = wordsOf(text);
        if (std::find(said.begin(), said.end(), words.front()) != said.end()) mentions += count;
    }
    return share(mentions, type->texts);
}

/// What a name or, where it says nothing, the look of the values gives an aggregate id to start with.
Score idStart(const Candidate& candidate)
{
    const FieldSurvey& field = candidate.field;
    if (std::holds_alternative<NativeKey>(field.ref)) return 2 * candidate.presence >= 1 ? Score(120) : std::nullopt;
    const int name = idName(field.name);
    if (name < 0) return std::nullopt;
    if (name > 0) return name;
    const bool looksLikeCodes = field.texts == candidate.scalars && share(field.codes, field.texts) >= 0.9;
    return looksLikeCodes ? Score(0) : std::nullopt;
}

Score idScore(const Candidate& candidate, const FieldSurvey* type)
{
    const FieldSurvey& field = candidate.field;
    const auto start = idStart(candidate);
    if (!start || field.integers < field.numbers || 2 * field.isoTimes > candidate.scalars || &field == type)
        return std::nullopt;
    const bool telling = candidate.scalars >= kTelling;
    const auto bits = [](std::size_t count) { return std::log2(static_cast<double>(count) + 1); };
    const double consecutive = 15 * share(field.sameAsBefore, candidate.scalars);
    const double spread = 15 * bits(field.distinct.size()) / bits(candidate.scalars);
    // An aggregate has several events, and a log several aggregates.
    const double unlikely = !telling ? 0 : candidate.isUnique() ? 30 : candidate.isConstant() ? 45 : 0;
    return *start + kPresence * candidate.presence - candidate.depthCost() + consecutive + spread
           + 20 * mentionedBy(type, field.name) - unlikely;
}

Score eventIdScore(const Candidate& candidate)
{
    const int name = eventIdName(candidate.field.name);
    const bool isPlain = name < 80;
    if (name <= 0 || std::holds_alternative<NativeKey>(candidate.field.ref) || candidate.presence < 0.95
        || !candidate.isUnique())
        return std::nullopt;
    if (isPlain && (candidate.scalars < kTelling || candidate.field.depth > 1)) return std::nullopt;
    return name - candidate.depthCost();
}

template <class NameOf>
const FieldSurvey* bestByName(const Survey& survey, NameOf nameOf)
{
    return best(survey, 1, [&](const Candidate& candidate) -> Score {
        const int name = nameOf(candidate.field.name);
        if (name <= 0) return std::nullopt;
        return name - candidate.depthCost();
    });
}

std::optional<FieldRef> refOf(const FieldSurvey* field)
{
    if (field == nullptr) return std::nullopt;
    return field->ref;
}

const FieldSurvey* surveyOf(const Survey& survey, const std::optional<FieldRef>& ref)
{
    const auto known = std::find_if(survey.fields.begin(), survey.fields.end(),
                                    [&](const FieldSurvey& field) { return field.ref == ref; });
    return known == survey.fields.end() ? nullptr : &*known;
}

/// The unit most numbers at the time's place have by their size, if most of its values are numbers.
std::optional<base::EpochUnit> unitOf(std::span<const event::Record> sample, const FieldRef& time)
{
    FieldExtractor extractor({time});
    std::array<std::size_t, 4> votes{};
    std::size_t values = 0;
    for (const event::Record& record : sample) {
        const FieldValue value = extractor.extract(record).fields.front();
        const bool isNumber = base::parseEpoch(value.text, base::EpochUnit::Seconds).has_value();
        if (aggregateId(value)) ++values;
        if (aggregateId(value) && isNumber) ++votes[static_cast<std::size_t>(base::guessEpochUnit(value.text))];
    }
    const auto most = std::max_element(votes.begin(), votes.end());
    if (*most == 0 || 2 * *most < values) return std::nullopt;
    return static_cast<base::EpochUnit>(most - votes.begin());
}

/// What was given, and for the rest what a shape says.
Mapping joined(Mapping given, const Mapping& shaped)
{
    for (const auto role : {&Mapping::id, &Mapping::type, &Mapping::time, &Mapping::eventId, &Mapping::causation,
                            &Mapping::correlation}) {
        if (!(given.*role)) given.*role = shaped.*role;
    }
    if (!given.timeUnit && given.time == shaped.time) given.timeUnit = shaped.timeUnit;
    given.shape = shaped.shape;
    return given;
}

/// The roles that only names tell.
void guessNames(Mapping& mapping, const Survey& seen, const FieldSurvey* type)
{
    if (!mapping.id)
        mapping.id = refOf(best(seen, 20, [&](const Candidate& candidate) { return idScore(candidate, type); }));
    const auto isFree = [&](const Candidate& candidate) { return candidate.field.ref != mapping.id; };
    if (!mapping.eventId)
        mapping.eventId = refOf(best(seen, 1, [&](const Candidate& candidate) {
            return isFree(candidate) ? eventIdScore(candidate) : Score();
        }));
    if (!mapping.causation) mapping.causation = refOf(bestByName(seen, causationName));
    if (!mapping.correlation) mapping.correlation = refOf(bestByName(seen, correlationName));
}

} // namespace

Mapping detectMapping(std::span<const event::Record> sample, const Mapping& given)
{
    sample = sample.first(std::min(sample.size(), kSampleSize));
    const Survey seen = survey(sample);
    const Mapping shaped = detectShape(sample, seen);
    const Shape* shape = shapeNamed(shaped.shape);
    Mapping mapping = joined(given, shaped);
    const bool isRowChange = shape != nullptr && shape->isRowChange;
    if (!mapping.type) mapping.type = refOf(best(seen, 40, typeScore));
    const FieldSurvey* type = surveyOf(seen, mapping.type);
    if (!mapping.time) mapping.time = refOf(best(seen, 25, timeScore));
    if (!mapping.time && 2 * seen.timestamps >= seen.all && seen.timestamps > 0) mapping.time = NativeTimestamp{};
    if (!isRowChange) guessNames(mapping, seen, type);
    if (mapping.time && !mapping.timeUnit) mapping.timeUnit = unitOf(sample, *mapping.time);
    return mapping;
}

} // namespace leftfold::decode
