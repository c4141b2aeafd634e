// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/avro_schema.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

namespace leftfold::decode {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 8> kPrimitives = {"null",  "boolean", "int",   "long",
                                                         "float", "double",  "bytes", "string"};
constexpr std::array<std::string_view, 14> kKinds = {"null",   "boolean", "int",  "long",  "float", "double", "bytes",
                                                     "string", "record",  "enum", "array", "map",   "union",  "fixed"};

struct LogicalRule {
    std::string_view name;
    AvroLogical logical;
    AvroKind base;
    std::size_t size = 0; ///< of a fixed
};
constexpr std::array kLogicals = {
    LogicalRule{"decimal", AvroLogical::Decimal, AvroKind::Bytes},
    LogicalRule{"decimal", AvroLogical::Decimal, AvroKind::Fixed},
    LogicalRule{"big-decimal", AvroLogical::BigDecimal, AvroKind::Bytes},
    LogicalRule{"uuid", AvroLogical::Uuid, AvroKind::String},
    LogicalRule{"uuid", AvroLogical::Uuid, AvroKind::Fixed, 16},
    LogicalRule{"date", AvroLogical::Date, AvroKind::Int},
    LogicalRule{"time-millis", AvroLogical::TimeMillis, AvroKind::Int},
    LogicalRule{"time-micros", AvroLogical::TimeMicros, AvroKind::Long},
    LogicalRule{"timestamp-millis", AvroLogical::TimestampMillis, AvroKind::Long},
    LogicalRule{"timestamp-micros", AvroLogical::TimestampMicros, AvroKind::Long},
    LogicalRule{"timestamp-nanos", AvroLogical::TimestampNanos, AvroKind::Long},
    LogicalRule{"local-timestamp-millis", AvroLogical::LocalTimestampMillis, AvroKind::Long},
    LogicalRule{"local-timestamp-micros", AvroLogical::LocalTimestampMicros, AvroKind::Long},
    LogicalRule{"local-timestamp-nanos", AvroLogical::LocalTimestampNanos, AvroKind::Long},
    LogicalRule{"duration", AvroLogical::Duration, AvroKind::Fixed, 12},
};

/// Thrown inside this file only.
struct SchemaFault {
    std::string cause;
};

const Json* memberOf(const Json& object, std::string_view name)
{
    const auto found = object.find(name);
    return found == object.end() ? nullptr : &*found;
}

std::string textOf(const Json& object, std::string_view name)
{
    const Json* member = memberOf(object, name);
    return member != nullptr && member->is_string() ? member->get<std::string>() : std::string();
}

std::string jsonOf(const Json& value)
{
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string jsonOrNothing(const Json* value)
{
    return value == nullptr ? std::string() : jsonOf(*value);
}

bool isName(std::string_view name)
{
    const auto isLetter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    const auto isInside = [&](char c) {
        return isLetter(c) || (c >= '0' && c <= '9') || static_cast<std::uint8_t>(c) >= 0x80;
    };
    return !name.empty() && (isLetter(name.front()) || static_cast<std::uint8_t>(name.front()) >= 0x80)
           && std::all_of(name.begin(), name.end(), isInside);
}

std::string fullName(const std::string& name, const std::string& nameSpace)
{
    return nameSpace.empty() || name.find('.') != std::string::npos ? name : nameSpace + "." + name;
}

std::string nameSpaceOf(const std::string& full)
{
    const std::size_t dot = full.rfind('.');
    return dot == std::string::npos ? std::string() : full.substr(0, dot);
}

class SchemaParser {
public:
    explicit SchemaParser(const SchemaText& text) : m_text(text) {}

    AvroSchema parse()
    {
        for (std::size_t i = 0; i < kPrimitives.size(); ++i) m_schema.types.push_back(typeOf(static_cast<AvroKind>(i)));
        m_schema.root = textType(m_text.text, "the schema");
        return std::move(m_schema);
    }

private:
    static AvroType typeOf(AvroKind kind)
    {
        AvroType type;
        type.kind = kind;
        return type;
    }

    [[noreturn]] void fault(std::string_view cause) const
    {
        throw SchemaFault{m_path.empty() ? std::string(cause) : fmt::format("{}: {}", m_path, cause)};
    }

    AvroTypeId textType(const std::string& text, std::string_view what)
    {
        const Json json = Json::parse(text, nullptr, false);
        if (json.is_discarded()) fault(fmt::format("{} is not JSON", what));
        return type(json, "");
    }

    /// Keeps the names passed on the way, for messages, and the depth bounded.
    template <class Body>
    auto within(std::string_view name, Body body)
    {
        if (++m_depth > kMaxDecodedDepth) fault("types are nested too deeply");
        const std::size_t size = m_path.size();
        m_path += (m_path.empty() || name.empty() ? "" : "/") + std::string(name);
        auto result = body();
        m_path.resize(size);
        --m_depth;
        return result;
    }

    AvroTypeId type(const Json& json, const std::string& nameSpace)
    {
        return within("", [&] {
            if (json.is_string()) return named(json.get<std::string>(), nameSpace);
            if (json.is_array()) return unionType(json, nameSpace);
            if (json.is_object()) return objectType(json, nameSpace);
            fault(fmt::format("{} is no type", jsonOf(json)));
        });
    }

    static std::optional<AvroTypeId> primitive(std::string_view name)
    {
        const auto* found = std::find(kPrimitives.begin(), kPrimitives.end(), name);
        if (found == kPrimitives.end()) return std::nullopt;
        return static_cast<AvroTypeId>(found - kPrimitives.begin());
    }

    AvroTypeId named(const std::string& name, const std::string& nameSpace)
    {
        if (const auto found = primitive(name)) return *found;
        if (const auto found = known(name, nameSpace)) return *found;
        // A reference is read when something needs it, so that their order does not count.
        for (const SchemaReference& reference : m_text.references) {
            if (reference.name == name || reference.name == fullName(name, nameSpace)) readReference(reference);
        }
        if (const auto found = known(name, nameSpace)) return *found;
        for (const SchemaReference& reference : m_text.references) readReference(reference);
        if (const auto found = known(name, nameSpace)) return *found;
        fault(fmt::format("there is no type {}", fullName(name, nameSpace)));
    }

    std::optional<AvroTypeId> known(const std::string& name, const std::string& nameSpace) const
    {
        for (const std::string& full : {fullName(name, nameSpace), name}) {
            if (const auto found = m_named.find(full); found != m_named.end()) return found->second;
        }
        return std::nullopt;
    }

    void readReference(const SchemaReference& reference)
    {
        if (!m_read.insert(reference.name).second) return;
        const std::string path = std::exchange(m_path, {});
        within("", [&] { return textType(reference.text, "the reference " + reference.name); });
        m_path = path;
    }

    AvroTypeId unionType(const Json& json, const std::string& nameSpace)
    {
        AvroType made = typeOf(AvroKind::Union);
        for (const Json& branch : json) made.parts.push_back(type(branch, nameSpace));
        checkBranches(made);
        return add(std::move(made));
    }

    void checkBranches(const AvroType& made) const
    {
        std::set<std::string_view> names;
        for (const AvroTypeId branch : made.parts) {
            const AvroType& part = m_schema.types[branch];
            if (part.kind == AvroKind::Union) fault("a union directly in a union");
            if (!names.insert(avroBranchName(part)).second)
                fault(fmt::format("a union with {} twice", avroBranchName(part)));
        }
    }

    AvroTypeId add(AvroType made)
    {
        m_schema.types.push_back(std::move(made));
        return static_cast<AvroTypeId>(m_schema.types.size() - 1);
    }

    AvroTypeId objectType(const Json& json, const std::string& nameSpace)
    {
        const Json* kind = memberOf(json, "type");
        if (kind == nullptr) fault("a type without \"type\"");
        // {"type": {...}} is the type within.
        if (!kind->is_string()) return type(*kind, nameSpace);
        const auto name = kind->get<std::string>();
        if (name == "array") return container(json, AvroKind::Array, "items", "[]", nameSpace);
        if (name == "map") return container(json, AvroKind::Map, "values", "{}", nameSpace);
        if (name == "record" || name == "error") return record(json, nameSpace);
        if (name == "enum") return enumType(json, nameSpace);
        if (name == "fixed") return fixed(json, nameSpace);
        const AvroTypeId plain = named(name, nameSpace);
        return memberOf(json, "logicalType") != nullptr && primitive(name) ? logical(json, plain) : plain;
    }

    AvroTypeId container(const Json& json, AvroKind kind, std::string_view member, std::string_view path,
                         const std::string& nameSpace)
    {
        const Json* inner = memberOf(json, member);
        if (inner == nullptr) fault(fmt::format("no \"{}\"", member));
        AvroType made = typeOf(kind);
        made.parts.push_back(within(path, [&] { return type(*inner, nameSpace); }));
        return add(std::move(made));
    }

    AvroTypeId logical(const Json& json, AvroTypeId plain)
    {
        AvroType made = m_schema.types[plain];
        setLogical(made, json);
        return made.logical == AvroLogical::None ? plain : add(std::move(made));
    }

    static void setLogical(AvroType& made, const Json& json)
    {
        const std::string name = textOf(json, "logicalType");
        const auto* rule = std::find_if(kLogicals.begin(), kLogicals.end(), [&](const LogicalRule& each) {
            return each.name == name && each.base == made.kind && (each.size == 0 || each.size == made.size);
        });
        if (rule == kLogicals.end()) return;
        if (rule->logical == AvroLogical::Decimal && !setDecimal(made, json)) return;
        made.logical = rule->logical;
    }

    static bool setDecimal(AvroType& made, const Json& json)
    {
        const auto number = [&](std::string_view name, std::int64_t otherwise) {
            const Json* member = memberOf(json, name);
            if (member == nullptr) return otherwise;
            return member->is_number_integer() ? member->get<std::int64_t>() : std::int64_t{-1};
        };
        const std::int64_t precision = number("precision", -1);
        const std::int64_t scale = number("scale", 0);
        if (precision <= 0 || scale < 0 || scale > precision || precision > std::numeric_limits<std::int32_t>::max())
            return false;
        made.precision = static_cast<std::int32_t>(precision);
        made.scale = static_cast<std::int32_t>(scale);
        return true;
    }

    /// Names the type and makes it known, before what is in it is read: it may name itself.
    AvroTypeId define(const Json& json, AvroKind kind, const std::string& nameSpace)
    {
        AvroType made = typeOf(kind);
        const std::string name = textOf(json, "name");
        const Json* own = memberOf(json, "namespace");
        made.name = fullName(name, own != nullptr && own->is_string() ? own->get<std::string>() : nameSpace);
        const std::size_t dot = made.name.rfind('.');
        if (!isName(std::string_view(made.name).substr(dot == std::string::npos ? 0 : dot + 1)))
            fault(fmt::format("a type with the name '{}'", name));
        if (primitive(made.name)) fault(fmt::format("{} cannot be the name of a type", made.name));
        made.doc = textOf(json, "doc");
        for (const std::string& alias : textsOf(json, "aliases"))
            made.aliases.push_back(fullName(alias, nameSpaceOf(made.name)));
        const AvroTypeId id = add(std::move(made));
        if (!m_named.emplace(m_schema.types[id].name, id).second)
            fault(fmt::format("{} is defined twice", m_schema.types[id].name));
        return id;
    }

    static std::vector<std::string> textsOf(const Json& json, std::string_view name)
    {
        std::vector<std::string> texts;
        const Json* member = memberOf(json, name);
        if (member == nullptr || !member->is_array()) return texts;
        for (const Json& text : *member) {
            if (text.is_string()) texts.push_back(text.get<std::string>());
        }
        return texts;
    }

    AvroTypeId record(const Json& json, const std::string& nameSpace)
    {
        const AvroTypeId id = define(json, AvroKind::Record, nameSpace);
        const std::string name = m_schema.types[id].name;
        const Json* fields = memberOf(json, "fields");
        if (fields == nullptr || !fields->is_array()) fault(fmt::format("the record {} has no \"fields\"", name));
        std::vector<AvroField> made = within(name, [&] { return fieldsOf(*fields, nameSpaceOf(name)); });
        m_schema.types[id].fields = std::move(made);
        return id;
    }

    std::vector<AvroField> fieldsOf(const Json& json, const std::string& nameSpace)
    {
        std::vector<AvroField> fields;
        std::set<std::string> names;
        for (const Json& each : json) {
            if (!each.is_object()) fault(fmt::format("{} is no field", jsonOf(each)));
            fields.push_back(field(each, nameSpace));
            if (!names.insert(fields.back().name).second) fault(fmt::format("the field {} twice", fields.back().name));
        }
        return fields;
    }

    AvroField field(const Json& json, const std::string& nameSpace)
    {
        AvroField made;
        made.name = textOf(json, "name");
        if (!isName(made.name)) fault(fmt::format("a field with the name '{}'", made.name));
        const Json* inner = memberOf(json, "type");
        if (inner == nullptr) fault(fmt::format("the field {} has no type", made.name));
        made.type = within(made.name, [&] { return type(*inner, nameSpace); });
        // {"name": "at", "type": "long", "logicalType": ...} is a common mistake; the specification says nothing of it, and readers
        // take the plain type.
        made.aliases = textsOf(json, "aliases");
        made.doc = textOf(json, "doc");
        made.defaultJson = jsonOrNothing(memberOf(json, "default"));
        return made;
    }

    AvroTypeId enumType(const Json& json, const std::string& nameSpace)
    {
        const AvroTypeId id = define(json, AvroKind::Enum, nameSpace);
        AvroType& made = m_schema.types[id];
        made.symbols = textsOf(json, "symbols");
        made.defaultJson = jsonOrNothing(memberOf(json, "default"));
        const Json* symbols = memberOf(json, "symbols");
        if (symbols == nullptr || !symbols->is_array() || symbols->size() != made.symbols.size())
            fault(fmt::format("the enum {} has no \"symbols\"", made.name));
        return id;
    }

    AvroTypeId fixed(const Json& json, const std::string& nameSpace)
    {
        const AvroTypeId id = define(json, AvroKind::Fixed, nameSpace);
        AvroType& made = m_schema.types[id];
        const Json* size = memberOf(json, "size");
        if (size == nullptr || !size->is_number_unsigned() || size->get<std::uint64_t>() > kMaxDecodedBytes)
            fault(fmt::format("the fixed {} has no \"size\"", made.name));
        made.size = size->get<std::size_t>();
        setLogical(made, json);
        return id;
    }

    const SchemaText& m_text;
    AvroSchema m_schema;
    std::map<std::string, AvroTypeId> m_named;
    std::set<std::string> m_read; ///< references
    std::string m_path;
    std::size_t m_depth = 0;
};

} // namespace

base::Result<AvroSchema> parseAvroSchema(const SchemaText& schema)
{
    if (schema.kind != SchemaKind::Avro) return base::fail(base::ErrorCode::BadSchema, "Avro", "it is of another kind");
    try {
        return SchemaParser(schema).parse();
    } catch (const SchemaFault& fault) {
        return base::fail(base::ErrorCode::BadSchema, "Avro", fault.cause);
    }
}

std::string_view avroBranchName(const AvroType& type)
{
    return type.name.empty() ? kKinds[static_cast<std::size_t>(type.kind)] : std::string_view(type.name);
}

std::string_view avroLogicalName(AvroLogical logical)
{
    const auto* rule = std::find_if(kLogicals.begin(), kLogicals.end(),
                                    [&](const LogicalRule& each) { return each.logical == logical; });
    return rule == kLogicals.end() ? std::string_view() : rule->name;
}

} // namespace leftfold::decode
