// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/json_schema.h"

#include "core/base/percent.h"
#include "core/event/json_walker.h"
#include "core/event/number.h"
#include "core/event/pointer.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <re2/re2.h>
#include <set>
#include <unordered_map>

namespace leftfold::decode {

using event::Document;
using event::Kind;
using event::Value;

namespace {

constexpr std::size_t kMaxSchemaDepth = 2'048;
/// Subschemas looked at for one document: some tenths of a second.
constexpr std::size_t kMaxSteps = 2'000'000;

tl::unexpected<base::Error> bad(std::string_view cause)
{
    return base::fail(base::ErrorCode::BadSchema, "JSON", cause);
}

struct Uri {
    std::string scheme, authority, path, fragment;
    bool hasAuthority = false;
};

/// RFC 3986, appendix B; a query stays in the path.
Uri parseUri(std::string_view text)
{
    Uri uri;
    if (const auto hash = text.find('#'); hash != std::string_view::npos) {
        uri.fragment = text.substr(hash + 1);
        text = text.substr(0, hash);
    }
    if (const auto colon = text.find_first_of(":/?");
        colon != std::string_view::npos && colon > 0 && text[colon] == ':') {
        uri.scheme = text.substr(0, colon);
        text.remove_prefix(colon + 1);
    }
    uri.hasAuthority = text.starts_with("//");
    if (uri.hasAuthority) {
        const auto end = std::min(text.find('/', 2), text.size());
        uri.authority = text.substr(2, end - 2);
        text.remove_prefix(end);
    }
    uri.path = text;
    return uri;
}

/// RFC 3986 section 5.2.4.
std::string withoutDots(std::string_view path)
{
    std::vector<std::string_view> kept;
    const bool isRooted = path.starts_with('/');
    for (std::size_t at = 0; at <= path.size();) {
        const std::size_t end = std::min(path.find('/', at), path.size());
        const std::string_view part = path.substr(at, end - at);
        const bool isLast = end == path.size();
        if (part == ".." && kept.size() > (isRooted ? 1U : 0U)) kept.pop_back();
        if (part != "." && part != "..") {
            kept.push_back(part);
        } else if (isLast) {
            kept.emplace_back();
        }
        at = end + 1;
    }
    return fmt::format("{}", fmt::join(kept, "/"));
}

std::string spelled(const Uri& uri)
{
    return (uri.scheme.empty() ? "" : uri.scheme + ":") + (uri.hasAuthority ? "//" + uri.authority : "") + uri.path;
}

/// Section 5.2.2; without the fragment.
std::string resolved(const std::string& base, const Uri& reference)
{
    if (!reference.scheme.empty() || base.empty()) return spelled(reference);
    Uri out = parseUri(base);
    if (reference.hasAuthority) {
        out.authority = reference.authority;
        out.path = reference.path;
    } else if (reference.path.starts_with('/')) {
        out.path = reference.path;
    } else if (!reference.path.empty()) {
        const auto slash = out.path.rfind('/');
        const std::string folder = slash == std::string::npos ? "" : out.path.substr(0, slash + 1);
        out.path = withoutDots((folder.empty() && out.hasAuthority ? "/" : folder) + reference.path);
    }
    return spelled(out);
}

std::optional<base::ByteView> textAt(Value object, base::ByteView name)
{
    const auto found = object.find(name);
    return found && found->kind() == Kind::Text ? std::optional(found->text()) : std::nullopt;
}

/// A schema somewhere in one of the texts.
struct Place {
    std::uint32_t source;
    Value value;
};

struct Source {
    Document document;
    std::vector<std::string> bases; ///< URIs that references within are relative to
    std::unordered_map<std::size_t, std::size_t> baseOf; ///< by the index of an object's node
};

using Wide = __int128_t; // the standard has no such integer

/// Everything that a decimal number is, as far as it is short.
struct ShortDecimal {
    Wide digits = 0;
    int exponent = 0;
};
std::optional<ShortDecimal> shortDecimal(base::ByteView text)
{
    constexpr std::size_t kMostDigits = 17;
    std::string normal;
    event::appendNormalNumber(normal, text);
    ShortDecimal out;
    std::size_t count = 0;
    std::size_t at = 0;
    bool isBehindPoint = false;
    const bool isNegative = normal.front() == '-';
    for (at = isNegative ? 1 : 0; at < normal.size() && normal[at] != 'e'; ++at) {
        if (normal[at] == '.') {
            isBehindPoint = true;
            continue;
        }
        out.digits = out.digits * 10 + (normal[at] - '0');
        out.exponent -= isBehindPoint ? 1 : 0;
        if (++count > kMostDigits + 4) return std::nullopt;
    }
    int power = 0;
    if (at < normal.size()) {
        const char* from = normal.data() + at + 1 + (normal[at + 1] == '+' ? 1 : 0);
        if (std::from_chars(from, normal.data() + normal.size(), power).ec != std::errc()) return std::nullopt;
    }
    out.exponent += power;
    if (isNegative) out.digits = -out.digits;
    return out;
}

bool isWhole(base::ByteView digits)
{
    std::string normal;
    event::appendNormalNumber(normal, digits);
    const std::size_t e = normal.find('e');
    const std::size_t point = normal.find('.');
    if (e == std::string::npos) return point == std::string::npos;
    if (normal[e + 1] == '-') return false;
    const std::size_t fraction = point == std::string::npos ? 0 : e - point - 1;
    unsigned long long power = 0;
    const auto read = std::from_chars(normal.data() + e + 2, normal.data() + normal.size(), power);
    return read.ec == std::errc::result_out_of_range || power >= fraction;
}

/// Exact where both are of an ordinary length, else as doubles.
bool isMultiple(base::ByteView value, base::ByteView of)
{
    constexpr int kMostZeros = 17;
    auto a = shortDecimal(value);
    auto b = shortDecimal(of);
    if (a && b && b->digits != 0 && std::abs(a->exponent - b->exponent) <= kMostZeros) {
        for (; a->exponent > b->exponent; --a->exponent) a->digits *= 10;
        for (; b->exponent > a->exponent; --b->exponent) b->digits *= 10;
        return a->digits % b->digits == 0;
    }
    const double divisor = std::strtod(std::string(of).c_str(), nullptr);
    const double quotient = std::strtod(std::string(value).c_str(), nullptr) / divisor;
    return divisor == 0 || (std::isfinite(quotient) && quotient == std::floor(quotient));
}

std::size_t characters(base::ByteView text)
{
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string_view typeName(Value value)
{
    switch (value.kind()) {
    case Kind::Null:
        return "null";
    case Kind::Boolean:
        return "boolean";
    case Kind::Number:
        return isWhole(value.digits()) ? "integer" : "number";
    case Kind::Text:
        return "string";
    case Kind::Array:
        return "array";
    default:
        return "object";
    }
}

/// JSON for a message.
std::string brief(Value value)
{
    constexpr std::size_t kLongest = 60;
    std::string out = event::toJson(value);
    if (out.size() <= kLongest) return out;
    std::size_t end = kLongest;
    while (end > 0 && (out[end] & 0xc0) == 0x80) --end;
    return out.substr(0, end) + "...";
}

} // namespace

struct JsonSchema::Parts {
    std::vector<Source> sources; ///< the schema, and its references
    std::map<std::string, Place> byUri; ///< absolute, or the name of a reference
    std::map<std::string, Place> anchors; ///< "uri#name"
    std::map<std::string, std::unique_ptr<re2::RE2>, std::less<>> patterns;
    std::map<std::pair<std::uint32_t, std::size_t>, Place> targets; ///< of each $ref, by the node of its object
    bool hasSiblings = false; ///< what stands beside a $ref counts, since draft 2019-09

    base::Result<void> add(const std::string& name, const std::string& text)
    {
        auto document = Document::parse(text);
        if (!document) return bad((name.empty() ? "" : name + ": ") + base::render(document.error()));
        sources.push_back({std::move(*document), {name}, {}});
        const auto source = static_cast<std::uint32_t>(sources.size() - 1);
        const Value root = sources.back().document.root();
        byUri.try_emplace(name, Place{source, root});
        return collect(source, root, 0, 0);
    }

    /// Identifiers and patterns; recursion is as deep as the schema.
    base::Result<void> collect(std::uint32_t source, Value value, std::size_t base, std::size_t depth)
    {
        if (depth > kMaxDecodedDepth) return bad("it is nested too deeply");
        for (const Value item : value.items()) LEFTFOLD_CHECK(collect(source, item, base, depth + 1));
        if (value.kind() != Kind::Object) return {};
        base = identified(source, value, base);
        sources[source].baseOf[value.nodeIndex()] = base;
        for (const event::Member member : value.members()) {
            // What stands there is data.
            if (member.shadowed || member.key == "enum" || member.key == "const" || member.key == "default"
                || member.key == "examples")
                continue;
            if (member.key == "pattern" && member.value.kind() == Kind::Text)
                LEFTFOLD_CHECK(addPattern(member.value.text()));
            if (member.key == "patternProperties") {
                for (const event::Member each : member.value.members()) LEFTFOLD_CHECK(addPattern(each.key));
            }
            LEFTFOLD_CHECK(collect(source, member.value, base, depth + 1));
        }
        return {};
    }

    /// The base within this object.
    std::size_t identified(std::uint32_t source, Value value, std::size_t base)
    {
        std::vector<std::string>& bases = sources[source].bases;
        if (const auto anchor = textAt(value, "$anchor"))
            anchors.try_emplace(bases[base] + "#" + std::string(*anchor), Place{source, value});
        auto id = textAt(value, "$id");
        if (!id) id = textAt(value, "id");
        if (!id || (value.find("$ref") && !hasSiblings)) return base;
        const Uri uri = parseUri(*id);
        const std::string absolute = resolved(bases[base], uri);
        if (!uri.fragment.empty()) anchors.try_emplace(absolute + "#" + uri.fragment, Place{source, value});
        if (absolute == bases[base]) return base;
        byUri.try_emplace(absolute, Place{source, value});
        bases.push_back(absolute);
        return bases.size() - 1;
    }

    base::Result<void> addPattern(base::ByteView pattern)
    {
        if (patterns.contains(pattern)) return {};
        RE2::Options options;
        options.set_log_errors(false);
        auto compiled = std::make_unique<RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
        if (!compiled->ok()) return bad(fmt::format("the pattern '{}' cannot be read: {}", pattern, compiled->error()));
        patterns.emplace(pattern, std::move(compiled));
        return {};
    }

    base::Result<void> resolveReferences()
    {
        for (std::uint32_t source = 0; source < sources.size(); ++source)
            LEFTFOLD_CHECK(resolveWithin(source, sources[source].document.root()));
        return {};
    }

    base::Result<void> resolveWithin(std::uint32_t source, Value value)
    {
        for (const Value item : value.items()) LEFTFOLD_CHECK(resolveWithin(source, item));
        if (value.kind() != Kind::Object || !sources[source].baseOf.contains(value.nodeIndex())) return {};
        if (const auto reference = textAt(value, "$ref")) {
            const auto target = find(sources[source].bases[sources[source].baseOf[value.nodeIndex()]], *reference);
            if (!target) return bad(fmt::format("the reference {} leads nowhere", *reference));
            targets.insert_or_assign({source, value.nodeIndex()}, *target);
        }
        for (const event::Member member : value.members()) {
            if (!member.shadowed) LEFTFOLD_CHECK(resolveWithin(source, member.value));
        }
        return {};
    }

    [[nodiscard]] std::optional<Place> find(const std::string& base, base::ByteView reference) const
    {
        const Uri uri = parseUri(reference);
        const std::string absolute = resolved(base, uri);
        if (const auto anchor = anchors.find(absolute + "#" + uri.fragment); anchor != anchors.end())
            return anchor->second;
        auto found = byUri.find(absolute);
        // A registry calls a reference as the schema spells it.
        if (found == byUri.end()) found = byUri.find(spelled(uri));
        if (found == byUri.end()) found = byUri.find(std::string(reference));
        if (found == byUri.end()) return std::nullopt;
        if (uri.fragment.empty()) return found->second;
        const auto pointer = event::parsePointer(base::percentDecoded(uri.fragment));
        const auto value = pointer ? found->second.value.find(*pointer) : std::nullopt;
        return value ? std::optional(Place{found->second.source, *value}) : std::nullopt;
    }
};

namespace {

/// The way to a value, kept on the stack.
struct Way {
    const Way* parent = nullptr;
    std::string_view name;
    std::size_t index = 0;
    bool isItem = false;
};

std::string pointerTo(const Way* way)
{
    if (way == nullptr || way->parent == nullptr) return {};
    std::string out = pointerTo(way->parent) + "/";
    if (way->isItem) return out + std::to_string(way->index);
    for (const char c : way->name) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    return out;
}

template <class Parts>
class Check {
public:
    explicit Check(const Parts& parts) : m_parts(parts) {}

    std::vector<std::string> run(Value document)
    {
        const Way root;
        (void)holds({0, m_parts.sources.front().document.root()}, document, root);
        return std::move(m_found);
    }

private:
    bool tell(const Way& way, std::string_view what)
    {
        if (m_silent == 0 && m_found.size() < JsonSchema::kMaxViolations) {
            const std::string at = pointerTo(&way);
            m_found.push_back(fmt::format("{}: {}", at.empty() ? "the value" : at, what));
        }
        return false;
    }

    bool giveUp(const Way& way, std::string_view why)
    {
        if (!m_isOver)
            m_found.push_back(fmt::format("{}: {}", pointerTo(&way).empty() ? "the value" : pointerTo(&way), why));
        m_isOver = true;
        return true;
    }

    bool holds(Place schema, Value value, const Way& way)
    {
        if (m_isOver) return true;
        if (++m_steps > kMaxSteps) return giveUp(way, "the schema takes too long to be checked");
        if (m_depth >= kMaxSchemaDepth) return giveUp(way, "the schema and the value are too deep to be checked");
        ++m_depth;
        const bool isFine = schema.value.kind() == Kind::Boolean
                                ? schema.value.boolean() || tell(way, "nothing may stand here")
                                : schema.value.kind() != Kind::Object || rules(schema, value, way);
        --m_depth;
        return isFine;
    }

    /// Whether it holds, without telling why not.
    bool quietly(Place schema, Value value, const Way& way)
    {
        ++m_silent;
        const bool isFine = holds(schema, value, way);
        --m_silent;
        return isFine;
    }

    bool rules(Place schema, Value value, const Way& way)
    {
        bool isFine = true;
        const auto target = m_parts.targets.find({schema.source, schema.value.nodeIndex()});
        if (target != m_parts.targets.end()) {
            isFine = holds(target->second, value, way);
            if (!m_parts.hasSiblings) return isFine;
        }
        for (const event::Member rule : schema.value.members()) {
            if (!rule.shadowed && !general(schema, rule, value, way)) isFine = false;
        }
        switch (value.kind()) {
        case Kind::Number:
            return numbers(schema.value, value, way) && isFine;
        case Kind::Text:
            return texts(schema.value, value, way) && isFine;
        case Kind::Array:
            return arrays(schema, value, way) && isFine;
        case Kind::Object:
            return objects(schema, value, way) && isFine;
        default:
            return isFine;
        }
    }

    static Place at(Place schema, Value value) { return {schema.source, value}; }

    bool general(Place schema, const event::Member& rule, Value value, const Way& way)
    {
        if (rule.key == "type") return type(rule.value, value, way);
        if (rule.key == "enum") {
            for (const Value each : rule.value.items()) {
                if (each == value) return true;
            }
            return tell(way, fmt::format("{} is none of {}", brief(value), brief(rule.value)));
        }
        if (rule.key == "const")
            return rule.value == value || tell(way, fmt::format("{} is not {}", brief(value), brief(rule.value)));
        if (rule.key == "allOf") return allOf(schema, rule.value, value, way);
        if (rule.key == "anyOf")
            return counted(schema, rule.value, value, way) > 0 || tell(way, "none of the schemas of anyOf holds");
        if (rule.key == "oneOf") {
            const std::size_t count = counted(schema, rule.value, value, way);
            return count == 1 || m_isOver || tell(way, fmt::format("{} of the schemas of oneOf hold, not one", count));
        }
        if (rule.key == "not")
            return !quietly(at(schema, rule.value), value, way) || m_isOver || tell(way, "what stands in 'not' holds");
        if (rule.key == "if") return conditional(schema, rule.value, value, way);
        return true;
    }

    bool type(Value rule, Value value, const Way& way)
    {
        const std::string_view name = typeName(value);
        const auto fits = [&](Value each) {
            return each.kind() == Kind::Text && (each.text() == name || (name == "integer" && each.text() == "number"));
        };
        if (rule.kind() == Kind::Text && fits(rule)) return true;
        for (const Value each : rule.items()) {
            if (fits(each)) return true;
        }
        return tell(way, fmt::format("{} is of type {}, not {}", brief(value), name, brief(rule)));
    }

    bool allOf(Place schema, Value rules, Value value, const Way& way)
    {
        bool isFine = true;
        for (const Value each : rules.items()) isFine = holds(at(schema, each), value, way) && isFine;
        return isFine;
    }

    std::size_t counted(Place schema, Value rules, Value value, const Way& way)
    {
        std::size_t count = 0;
        for (const Value each : rules.items()) count += quietly(at(schema, each), value, way) ? 1 : 0;
        return count;
    }

    bool conditional(Place schema, Value condition, Value value, const Way& way)
    {
        const auto then = schema.value.find(quietly(at(schema, condition), value, way) ? "then" : "else");
        return !then || holds(at(schema, *then), value, way);
    }

    static std::optional<Value> number(Value schema, base::ByteView name)
    {
        const auto found = schema.find(name);
        return found && found->kind() == Kind::Number ? found : std::nullopt;
    }

    bool numbers(Value schema, Value value, const Way& way)
    {
        const auto isTrue = [&](base::ByteView name) {
            const auto found = schema.find(name);
            return found && found->kind() == Kind::Boolean && found->boolean();
        };
        bool isFine = true;
        const auto bound = [&](base::ByteView name, int sign, bool isOpen, std::string_view words) {
            const auto limit = number(schema, name);
            if (!limit) return;
            const auto order = event::compareNumbers(value.digits(), limit->digits());
            const bool isBeyond = sign < 0 ? order < 0 : order > 0;
            if (isBeyond || (isOpen && order == 0))
                isFine = tell(way, fmt::format("{} is {} {}", value.digits(), words, limit->digits()));
        };
        // Draft 4 had the exclusive ones as booleans.
        bound("minimum", -1, isTrue("exclusiveMinimum"), isTrue("exclusiveMinimum") ? "not more than" : "less than");
        bound("maximum", 1, isTrue("exclusiveMaximum"), isTrue("exclusiveMaximum") ? "not less than" : "more than");
        bound("exclusiveMinimum", -1, true, "not more than");
        bound("exclusiveMaximum", 1, true, "not less than");
        const auto divisor = number(schema, "multipleOf");
        if (divisor && !isMultiple(value.digits(), divisor->digits()))
            isFine = tell(way, fmt::format("{} is no multiple of {}", value.digits(), divisor->digits()));
        return isFine;
    }

    /// A number of items, characters or members, where there is such a rule.
    bool size(Value schema, base::ByteView least, base::ByteView most, std::size_t size, std::string_view what,
              const Way& way)
    {
        const auto few = number(schema, least);
        const auto many = number(schema, most);
        const std::string digits = std::to_string(size);
        if (few && event::compareNumbers(digits, few->digits()) < 0)
            return tell(way, fmt::format("{} {}, where at least {} are wanted", size, what, few->digits()));
        if (many && event::compareNumbers(digits, many->digits()) > 0)
            return tell(way, fmt::format("{} {}, where at most {} are allowed", size, what, many->digits()));
        return true;
    }

    bool matches(base::ByteView pattern, base::ByteView text) const
    {
        const auto found = m_parts.patterns.find(pattern);
        return found == m_parts.patterns.end()
               || RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *found->second);
    }

    bool texts(Value schema, Value value, const Way& way)
    {
        bool isFine = true;
        if (schema.find("minLength") || schema.find("maxLength"))
            isFine = size(schema, "minLength", "maxLength", characters(value.text()), "characters", way);
        const auto pattern = textAt(schema, "pattern");
        if (pattern && !matches(*pattern, value.text()))
            isFine = tell(way, fmt::format("{} does not match '{}'", brief(value), *pattern));
        return isFine;
    }

    bool arrays(Place schema, Value value, const Way& way)
    {
        bool isFine = size(schema.value, "minItems", "maxItems", value.size(), "items", way);
        isFine = items(schema, value, way) && isFine;
        if (const auto rule = schema.value.find("contains")) isFine = contains(schema, *rule, value, way) && isFine;
        const auto unique = schema.value.find("uniqueItems");
        if (unique && unique->kind() == Kind::Boolean && unique->boolean() && hasTwins(value))
            isFine = tell(way, "two items are equal");
        return isFine;
    }

    static bool hasTwins(Value value)
    {
        std::unordered_map<std::uint64_t, std::vector<Value>> seen;
        for (const Value item : value.items()) {
            auto& alike = seen[item.hash()];
            if (std::any_of(alike.begin(), alike.end(), [&](Value each) { return each == item; })) return true;
            alike.push_back(item);
        }
        return false;
    }

    bool items(Place schema, Value value, const Way& way)
    {
        const auto prefix = schema.value.find("prefixItems");
        const auto rule = schema.value.find("items");
        const auto tuple = prefix ? prefix : rule && rule->kind() == Kind::Array ? rule : std::nullopt;
        const auto rest = tuple && !prefix ? schema.value.find("additionalItems") : rule;
        std::vector<Value> first;
        if (tuple) {
            for (const Value each : tuple->items()) first.push_back(each);
        }
        bool isFine = true;
        std::size_t index = 0;
        for (const Value item : value.items()) {
            const auto wanted = index < first.size() ? std::optional(first[index]) : rest;
            const Way next{&way, {}, index++, true};
            if (wanted) isFine = holds(at(schema, *wanted), item, next) && isFine;
        }
        return isFine;
    }

    bool contains(Place schema, Value rule, Value value, const Way& way)
    {
        std::size_t count = 0;
        for (const Value item : value.items()) count += quietly(at(schema, rule), item, way) ? 1 : 0;
        if (m_isOver) return true;
        if (count == 0 && !schema.value.find("minContains"))
            return tell(way, "it contains no item of the kind it should");
        return size(schema.value, "minContains", "maxContains", count, "items of the kind it should contain", way);
    }

    bool objects(Place schema, Value value, const Way& way)
    {
        bool isFine = size(schema.value, "minProperties", "maxProperties", value.size(), "members", way);
        isFine = required(schema.value, "required", value, way) && isFine;
        isFine = members(schema, value, way) && isFine;
        for (const auto name : {"dependencies", "dependentRequired", "dependentSchemas"}) {
            const auto rule = schema.value.find(name);
            if (rule && !dependencies(schema, *rule, value, way)) isFine = false;
        }
        return isFine;
    }

    bool required(Value schema, base::ByteView name, Value value, const Way& way)
    {
        const auto names = schema.find(name);
        return !names || hasAll(*names, value, way);
    }

    bool hasAll(Value names, Value value, const Way& way)
    {
        bool isFine = true;
        for (const Value each : names.items()) {
            if (each.kind() == Kind::Text && !value.find(each.text()))
                isFine = tell(way, fmt::format("the member {} is missing", brief(each)));
        }
        return isFine;
    }

    bool dependencies(Place schema, Value rule, Value value, const Way& way)
    {
        bool isFine = true;
        for (const event::Member each : rule.members()) {
            if (each.shadowed || !value.find(each.key)) continue;
            const bool isMet = each.value.kind() == Kind::Array ? hasAll(each.value, value, way)
                                                                : holds(at(schema, each.value), value, way);
            isFine = isMet && isFine;
        }
        return isFine;
    }

    bool members(Place schema, Value value, const Way& way)
    {
        const auto properties = schema.value.find("properties");
        const auto patterns = schema.value.find("patternProperties");
        const auto others = schema.value.find("additionalProperties");
        const auto names = schema.value.find("propertyNames");
        if (!properties && !patterns && !others && !names) return true;
        bool isFine = true;
        for (const event::Member member : value.members()) {
            if (member.shadowed) continue;
            const Way next{&way, member.key, 0, false};
            bool isKnown = false;
            if (const auto rule = properties ? properties->find(member.key) : std::nullopt) {
                isKnown = true;
                isFine = holds(at(schema, *rule), member.value, next) && isFine;
            }
            if (patterns) isFine = byPattern(schema, *patterns, member, next, isKnown) && isFine;
            if (!isKnown && others) isFine = holds(at(schema, *others), member.value, next) && isFine;
            if (names) isFine = name(schema, *names, member.key, next) && isFine;
        }
        return isFine;
    }

    bool byPattern(Place schema, Value patterns, const event::Member& member, const Way& way, bool& isKnown)
    {
        bool isFine = true;
        for (const event::Member each : patterns.members()) {
            if (each.shadowed || !matches(each.key, member.key)) continue;
            isKnown = true;
            isFine = holds(at(schema, each.value), member.value, way) && isFine;
        }
        return isFine;
    }

    bool name(Place schema, Value rule, base::ByteView key, const Way& way)
    {
        std::string json;
        event::escape(json, key);
        const auto document = Document::parse(json);
        return !document || quietly(at(schema, rule), document->root(), way) || tell(way, "it may not have this name");
    }

    const Parts& m_parts;
    std::vector<std::string> m_found;
    std::size_t m_silent = 0;
    std::size_t m_depth = 0;
    std::size_t m_steps = 0;
    bool m_isOver = false;
};

} // namespace

JsonSchema::JsonSchema(std::unique_ptr<Parts> parts) : m_parts(std::move(parts)) {}
JsonSchema::JsonSchema(JsonSchema&&) noexcept = default;
JsonSchema& JsonSchema::operator=(JsonSchema&&) noexcept = default;
JsonSchema::~JsonSchema() = default;

base::Result<JsonSchema> JsonSchema::parse(const SchemaText& schema)
{
    if (schema.kind != SchemaKind::JsonSchema) return bad("it is of another kind");
    auto parts = std::make_unique<Parts>();
    parts->hasSiblings = schema.text.find("json-schema.org/draft/20") != std::string::npos;
    LEFTFOLD_CHECK(parts->add({}, schema.text));
    const Kind kind = parts->sources.front().document.root().kind();
    if (kind != Kind::Object && kind != Kind::Boolean) return bad("it is neither an object nor a boolean");
    for (const SchemaReference& reference : schema.references)
        LEFTFOLD_CHECK(parts->add(reference.name, reference.text));
    LEFTFOLD_CHECK(parts->resolveReferences());
    return JsonSchema(std::move(parts));
}

std::vector<std::string> JsonSchema::violations(const event::Document& document) const
{
    return Check<Parts>(*m_parts).run(document.root());
}

namespace {

class JsonSchemaDecoder final : public PayloadDecoder {
public:
    explicit JsonSchemaDecoder(JsonSchema schema) : m_schema(std::move(schema)) {}

    base::Result<void> decode(base::ByteView bytes, std::string& json) override
    {
        m_remarks.clear();
        const auto document = Document::parse(bytes);
        if (!document) return tl::unexpected(asPayload(document.error()));
        m_remarks = m_schema.violations(*document);
        event::appendJson(json, document->root());
        return {};
    }

    [[nodiscard]] std::span<const std::string> remarks() const override { return m_remarks; }

private:
    /// NotJson has the byte and the cause.
    static base::Error asPayload(base::Error error)
    {
        if (error.code != base::ErrorCode::NotJson) return error;
        error.code = base::ErrorCode::BadPayload;
        error.args.insert(error.args.begin(), "JSON");
        return error;
    }

    JsonSchema m_schema;
    std::vector<std::string> m_remarks;
};

} // namespace

base::Result<std::unique_ptr<PayloadDecoder>> makeJsonSchemaDecoder(const SchemaText& schema)
{
    LEFTFOLD_TRY(JsonSchema parsed, JsonSchema::parse(schema));
    return std::make_unique<JsonSchemaDecoder>(std::move(parsed));
}

} // namespace leftfold::decode
