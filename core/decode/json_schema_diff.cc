// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/json_schema.h"
#include "core/decode/schema_diff_parts.h"

#include <algorithm>
#include <optional>
#include <set>

namespace leftfold::decode {

namespace {

using Kind = SchemaChangeKind;
using event::Value;
using Found = std::optional<Value>;

std::string textOf(const Found& value)
{
    if (!value) return {};
    return value->kind() == event::Kind::Text ? std::string(value->text()) : event::toJson(*value);
}

std::string jsonOf(const Found& value)
{
    return value ? event::toJson(*value) : std::string();
}

/// What a schema says of the type: "string", ["null","string"], or where it points.
std::string typeText(Value schema)
{
    if (const Found reference = schema.find("$ref")) return "-> " + textOf(reference);
    return textOf(schema.find("type"));
}

bool names(const Found& list, base::ByteView name)
{
    if (!list) return false;
    for (const Value each : list->items()) {
        if (each.kind() == event::Kind::Text && each.text() == name) return true;
    }
    return false;
}

std::vector<std::string> symbols(const Found& list)
{
    std::vector<std::string> out;
    if (!list) return out;
    for (const Value each : list->items()) out.push_back(textOf(each));
    return out;
}

class JsonSchemaDiff {
public:
    SchemaChanges run(Value before, Value after)
    {
        compare(before, after, {});
        return std::move(m_changes);
    }

private:
    void compare(Value before, Value after, const std::string& path)
    {
        if (before == after) return;
        if (before.kind() != event::Kind::Object || after.kind() != event::Kind::Object) {
            addIfDifferent(m_changes, Kind::TypeChanged, path, jsonOf(before), jsonOf(after));
            return;
        }
        addIfDifferent(m_changes, Kind::TypeChanged, path, typeText(before), typeText(after));
        for (const event::Member rule : after.members()) {
            if (!rule.shadowed) changed(rule.key, before, after, path);
        }
        for (const event::Member rule : before.members()) {
            if (!rule.shadowed && !after.find(rule.key)) changed(rule.key, before, after, path);
        }
    }

    /// One word of the vocabulary.
    void changed(base::ByteView word, Value before, Value after, const std::string& path)
    {
        const Found a = before.find(word);
        const Found b = after.find(word);
        if (word == "type" || word == "$ref" || word == "required" || a == b) {
            if (word == "required") requiredBeyond(before, after, a, b, path);
            return;
        }
        if (word == "properties") return properties(before, after, a, b, path);
        if (word == "definitions" || word == "$defs" || word == "patternProperties")
            return named(a, b, below(path, word));
        if (word == "items" && a && b) return compare(*a, *b, path + "[]");
        if (word == "additionalProperties" && a && b) return compare(*a, *b, path + "{}");
        if (word == "enum") return addSymbolChanges(m_changes, path, symbols(a), symbols(b));
        if (word == "default") return addIfDifferent(m_changes, Kind::DefaultChanged, path, jsonOf(a), jsonOf(b));
        const bool isDoc = word == "description" || word == "title" || word == "$comment";
        if (isDoc) return addIfDifferent(m_changes, Kind::DocChanged, path, textOf(a), textOf(b));
        addIfDifferent(m_changes, Kind::RuleChanged, below(path, word), jsonOf(a), jsonOf(b));
    }

    /// `before` and `after` are the schemas of the objects: these say which of them are required.
    void properties(Value before, Value after, const Found& a, const Found& b, const std::string& path)
    {
        const Found wasRequired = before.find("required");
        const Found isRequired = after.find("required");
        const auto word = [](const Found& list, base::ByteView name) { return names(list, name) ? "required " : ""; };
        if (b) {
            for (const event::Member each : b->members()) {
                const Found old = a ? a->find(each.key) : Found();
                if (each.shadowed) continue;
                if (old) compare(*old, each.value, below(path, each.key));
                if (!old)
                    m_changes.push_back(
                        {Kind::Added, below(path, each.key), {}, word(isRequired, each.key) + described(each.value)});
            }
        }
        if (!a) return;
        for (const event::Member each : a->members()) {
            if (!each.shadowed && (!b || !b->find(each.key)))
                m_changes.push_back(
                    {Kind::Removed, below(path, each.key), word(wasRequired, each.key) + described(each.value), {}});
        }
    }

    static std::string described(Value schema)
    {
        const std::string type = schema.kind() == event::Kind::Object ? typeText(schema) : std::string();
        return type.empty() ? event::toJson(schema) : type;
    }

    /// Of properties that are in both; one that came or went has told it.
    void requiredBeyond(Value before, Value after, const Found& a, const Found& b, const std::string& path)
    {
        std::set<std::string> all;
        for (const Found& list : {a, b}) {
            for (const std::string& name : symbols(list)) all.insert(name);
        }
        const auto has = [](Value schema, const std::string& name) {
            const Found properties = schema.find("properties");
            return properties && properties->find(name);
        };
        for (const std::string& name : all) {
            if (has(before, name) == has(after, name) && names(a, name) != names(b, name))
                m_changes.push_back({Kind::RequiredChanged, below(path, name), names(a, name) ? "required" : "optional",
                                     names(b, name) ? "required" : "optional"});
        }
    }

    void named(const Found& a, const Found& b, const std::string& path)
    {
        if (b) {
            for (const event::Member each : b->members()) {
                const Found old = a ? a->find(each.key) : Found();
                if (old) compare(*old, each.value, below(path, each.key));
                if (!old && !each.shadowed)
                    m_changes.push_back({Kind::Added, below(path, each.key), {}, described(each.value)});
            }
        }
        if (!a) return;
        for (const event::Member each : a->members()) {
            if (!each.shadowed && (!b || !b->find(each.key)))
                m_changes.push_back({Kind::Removed, below(path, each.key), described(each.value), {}});
        }
    }

    SchemaChanges m_changes;
};

base::Result<event::Document> documentOf(const SchemaText& schema)
{
    // What cannot be used is said before anything is compared.
    LEFTFOLD_CHECK(JsonSchema::parse(schema));
    return event::Document::parse(schema.text);
}

} // namespace

base::Result<SchemaChanges> jsonSchemaChanges(const SchemaText& before, const SchemaText& after)
{
    LEFTFOLD_TRY(const event::Document a, documentOf(before));
    LEFTFOLD_TRY(const event::Document b, documentOf(after));
    return JsonSchemaDiff().run(a.root(), b.root());
}

} // namespace leftfold::decode
