// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/avro_schema.h"
#include "core/decode/schema_diff_parts.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace leftfold::decode {

namespace {

using Kind = SchemaChangeKind;

/// "long", "int (date)", "decimal(9, 2) in bytes", "array of shop.Line", "null or string"
std::string typeText(const AvroSchema& schema, AvroTypeId id)
{
    const AvroType& type = schema.types[id];
    if (type.kind == AvroKind::Array) return "array of " + typeText(schema, type.parts[0]);
    if (type.kind == AvroKind::Map) return "map of " + typeText(schema, type.parts[0]);
    if (type.kind == AvroKind::Union) {
        std::vector<std::string> parts;
        for (const AvroTypeId part : type.parts) parts.push_back(typeText(schema, part));
        return parts.empty() ? "nothing" : fmt::format("{}", fmt::join(parts, " or "));
    }
    std::string text(avroBranchName(type));
    if (type.kind == AvroKind::Fixed) text += fmt::format(" of {} bytes", type.size);
    if (type.logical == AvroLogical::Decimal)
        return fmt::format("decimal({}, {}) in {}", type.precision, type.scale, text);
    return type.logical == AvroLogical::None ? text : fmt::format("{} ({})", text, avroLogicalName(type.logical));
}

std::string shortName(const std::string& fullName)
{
    return fullName.substr(fullName.rfind('.') + 1);
}

class AvroDiff {
public:
    AvroDiff(const AvroSchema& before, const AvroSchema& after) : m_before(before), m_after(after) {}

    SchemaChanges run()
    {
        const AvroType& root = m_after.types[m_after.root];
        compare(m_before.root, m_after.root, shortName(root.name));
        return std::move(m_changes);
    }

private:
    void compare(AvroTypeId before, AvroTypeId after, const std::string& path)
    {
        const AvroType& a = m_before.types[before];
        const AvroType& b = m_after.types[after];
        if (a.kind != b.kind) {
            typeChanged(before, after, path);
            return withinUnion(before, after, path);
        }
        switch (a.kind) {
        case AvroKind::Record:
            return records(before, after, path);
        case AvroKind::Enum:
            return enums(before, after, path);
        case AvroKind::Array:
            return compare(a.parts[0], b.parts[0], path + "[]");
        case AvroKind::Map:
            return compare(a.parts[0], b.parts[0], path + "{}");
        case AvroKind::Union:
            return unions(before, after, path);
        default:
            return typeChanged(before, after, path);
        }
    }

    void typeChanged(AvroTypeId before, AvroTypeId after, const std::string& path)
    {
        addIfDifferent(m_changes, Kind::TypeChanged, path, typeText(m_before, before), typeText(m_after, after));
    }

    /// A type that became one of a union's branches, or was the one of them that is left, may have changed within.
    void withinUnion(AvroTypeId before, AvroTypeId after, const std::string& path)
    {
        const bool wasUnion = m_before.types[before].kind == AvroKind::Union;
        const bool isUnion = m_after.types[after].kind == AvroKind::Union;
        const std::vector<AvroTypeId> old = wasUnion ? m_before.types[before].parts : std::vector{before};
        const std::vector<AvroTypeId> now = isUnion ? m_after.types[after].parts : std::vector{after};
        if (wasUnion || isUnion) branches(old, now, path);
    }

    void branches(const std::vector<AvroTypeId>& old, const std::vector<AvroTypeId>& now, const std::string& path)
    {
        for (const AvroTypeId branch : now) {
            const AvroType& b = m_after.types[branch];
            const auto same = std::find_if(old.begin(), old.end(), [&](AvroTypeId each) {
                const AvroType& a = m_before.types[each];
                return a.kind == b.kind && (isNamedAlike(a, b) || a.name.empty());
            });
            const bool isInner = b.kind == AvroKind::Record || b.kind == AvroKind::Enum || b.kind == AvroKind::Array
                                 || b.kind == AvroKind::Map;
            if (same != old.end() && isInner)
                compare(*same, branch, b.name.empty() ? path : below(path, shortName(b.name)));
        }
    }

    void unions(AvroTypeId before, AvroTypeId after, const std::string& path)
    {
        typeChanged(before, after, path);
        branches(m_before.types[before].parts, m_after.types[after].parts, path);
    }

    static bool isNamedAlike(const AvroType& a, const AvroType& b)
    {
        return a.name == b.name || std::find(b.aliases.begin(), b.aliases.end(), a.name) != b.aliases.end();
    }

    /// Whether what is in them is worth comparing. The roots always are.
    bool names(AvroTypeId before, AvroTypeId after, const std::string& path)
    {
        const AvroType& a = m_before.types[before];
        const AvroType& b = m_after.types[after];
        if (!m_compared.insert({before, after}).second) return false;
        if (a.name != b.name)
            m_changes.push_back({isNamedAlike(a, b) ? Kind::Renamed : Kind::TypeChanged, path, a.name, b.name});
        if (!isNamedAlike(a, b) && after != m_after.root) return false;
        addIfDifferent(m_changes, Kind::DocChanged, path, a.doc, b.doc);
        return true;
    }

    void enums(AvroTypeId before, AvroTypeId after, const std::string& path)
    {
        if (!names(before, after, path)) return;
        const AvroType& a = m_before.types[before];
        const AvroType& b = m_after.types[after];
        addSymbolChanges(m_changes, path, a.symbols, b.symbols);
        addIfDifferent(m_changes, Kind::DefaultChanged, path, a.defaultJson, b.defaultJson);
    }

    void records(AvroTypeId before, AvroTypeId after, const std::string& path)
    {
        if (!names(before, after, path)) return;
        const AvroType& a = m_before.types[before];
        const AvroType& b = m_after.types[after];
        std::set<std::string> kept;
        for (const AvroField& field : b.fields) {
            const std::string at = below(path, field.name);
            if (const AvroField* old = oldOf(a, b, field)) {
                kept.insert(old->name);
                fields(*old, field, at);
            } else {
                m_changes.push_back({Kind::Added, at, {}, typeText(m_after, field.type)});
            }
        }
        for (const AvroField& field : a.fields) {
            if (!kept.contains(field.name))
                m_changes.push_back({Kind::Removed, below(path, field.name), typeText(m_before, field.type), {}});
        }
    }

    /// By its name; else by one of its aliases, unless another field has that name now.
    static const AvroField* oldOf(const AvroType& before, const AvroType& after, const AvroField& field)
    {
        const auto named = [](const AvroType& in, const std::string& name) -> const AvroField* {
            const auto found = std::find_if(in.fields.begin(), in.fields.end(),
                                            [&](const AvroField& each) { return each.name == name; });
            return found == in.fields.end() ? nullptr : &*found;
        };
        if (const AvroField* same = named(before, field.name)) return same;
        for (const std::string& alias : field.aliases) {
            const AvroField* old = named(before, alias);
            if (old != nullptr && named(after, alias) == nullptr) return old;
        }
        return nullptr;
    }

    void fields(const AvroField& before, const AvroField& after, const std::string& path)
    {
        addIfDifferent(m_changes, Kind::Renamed, path, before.name, after.name);
        compare(before.type, after.type, path);
        addIfDifferent(m_changes, Kind::DefaultChanged, path, before.defaultJson, after.defaultJson);
        addIfDifferent(m_changes, Kind::DocChanged, path, before.doc, after.doc);
    }

    const AvroSchema& m_before;
    const AvroSchema& m_after;
    SchemaChanges m_changes;
    std::set<std::pair<AvroTypeId, AvroTypeId>> m_compared; ///< named types: told once, and recursive ones end
};

} // namespace

base::Result<SchemaChanges> avroChanges(const SchemaText& before, const SchemaText& after)
{
    LEFTFOLD_TRY(const AvroSchema a, parseAvroSchema(before));
    LEFTFOLD_TRY(const AvroSchema b, parseAvroSchema(after));
    return AvroDiff(a, b).run();
}

} // namespace leftfold::decode
