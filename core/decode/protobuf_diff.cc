// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/protobuf_schema.h"
#include "core/decode/schema_diff_parts.h"

#include <algorithm>
#include <google/protobuf/descriptor.pb.h>
#include <map>
#include <optional>
#include <set>

namespace leftfold::decode {

namespace pb = google::protobuf;

namespace {

using Kind = SchemaChangeKind;
using Field = const pb::FieldDescriptor*;

template <class Descriptor>
using InOrder = std::vector<std::pair<std::string, const Descriptor*>>;

/// What a schema declares, its imports' too; by paths, "Order/Line".
struct Declared {
    InOrder<pb::Descriptor> messages;
    InOrder<pb::EnumDescriptor> enums;
    std::set<const pb::FileDescriptor*> files;

    explicit Declared(const ProtobufSchema& schema)
    {
        for (const pb::FileDescriptor* file : schema.files()) add(*file);
    }

private:
    static bool isCommon(std::string_view file)
    {
        return file.starts_with("google/protobuf/") || file.starts_with("google/type/")
               || file.starts_with("confluent/");
    }

    void add(const pb::FileDescriptor& file)
    {
        if (isCommon(file.name()) || !files.insert(&file).second) return;
        for (int i = 0; i < file.message_type_count(); ++i) add(*file.message_type(i), file.message_type(i)->name());
        for (int i = 0; i < file.enum_type_count(); ++i)
            enums.emplace_back(file.enum_type(i)->name(), file.enum_type(i));
        for (int i = 0; i < file.dependency_count(); ++i) add(*file.dependency(i));
    }

    void add(const pb::Descriptor& message, const std::string& path)
    {
        if (message.options().map_entry()) return;
        messages.emplace_back(path, &message);
        for (int i = 0; i < message.nested_type_count(); ++i)
            add(*message.nested_type(i), below(path, message.nested_type(i)->name()));
        for (int i = 0; i < message.enum_type_count(); ++i)
            enums.emplace_back(below(path, message.enum_type(i)->name()), message.enum_type(i));
    }
};

std::string typeText(Field field)
{
    if (field->is_map()) {
        const pb::Descriptor* entry = field->message_type();
        return "map of " + typeText(entry->FindFieldByNumber(1)) + " to " + typeText(entry->FindFieldByNumber(2));
    }
    if (field->type() == pb::FieldDescriptor::TYPE_ENUM) return field->enum_type()->full_name();
    return field->message_type() != nullptr ? field->message_type()->full_name() : field->type_name();
}

std::string label(Field field)
{
    if (field->is_map()) return {};
    if (field->is_repeated()) return "repeated";
    if (field->is_required()) return "required";
    return field->has_presence() && field->message_type() == nullptr && field->real_containing_oneof() == nullptr
               ? "optional"
               : "";
}

std::string oneofName(Field field)
{
    return field->real_containing_oneof() == nullptr ? std::string() : field->real_containing_oneof()->name();
}

std::string defaultText(Field field)
{
    if (!field->has_default_value()) return {};
    pb::FieldDescriptorProto copy;
    field->CopyTo(&copy);
    return copy.default_value();
}

std::string optionsText(Field field)
{
    return field->options().ShortDebugString();
}

template <class Descriptor>
std::string docOf(const Descriptor* of)
{
    pb::SourceLocation location;
    if (!of->GetSourceLocation(&location)) return {};
    std::string doc = location.leading_comments.empty() ? location.trailing_comments : location.leading_comments;
    const auto isBlank = [](char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; };
    while (!doc.empty() && isBlank(doc.back())) doc.pop_back();
    doc.erase(doc.begin(), std::find_if_not(doc.begin(), doc.end(), isBlank));
    return doc;
}

template <class Descriptor>
const Descriptor* find(const InOrder<Descriptor>& in, const std::string& path)
{
    const auto found = std::find_if(in.begin(), in.end(), [&](const auto& each) { return each.first == path; });
    return found == in.end() ? nullptr : found->second;
}

class ProtobufDiff {
public:
    SchemaChanges run(const Declared& before, const Declared& after)
    {
        declared(before.messages, after.messages, "message",
                 [&](auto* a, auto* b, const auto& path) { messages(*a, *b, path); });
        declared(before.enums, after.enums, "enum", [&](auto* a, auto* b, const auto& path) { enums(*a, *b, path); });
        return std::move(m_changes);
    }

private:
    template <class Descriptor, class Compare>
    void declared(const InOrder<Descriptor>& before, const InOrder<Descriptor>& after, const std::string& what,
                  Compare compare)
    {
        for (const auto& each : after) {
            const Descriptor* old = find(before, each.first);
            if (old == nullptr) {
                m_changes.push_back({Kind::Added, each.first, {}, what});
                continue;
            }
            addIfDifferent(m_changes, Kind::Renamed, each.first, old->full_name(), each.second->full_name());
            addIfDifferent(m_changes, Kind::DocChanged, each.first, docOf(old), docOf(each.second));
            compare(old, each.second, each.first);
        }
        for (const auto& each : before) {
            if (find(after, each.first) == nullptr) m_changes.push_back({Kind::Removed, each.first, what, {}});
        }
    }

    void messages(const pb::Descriptor& before, const pb::Descriptor& after, const std::string& path)
    {
        std::set<Field> kept;
        for (int i = 0; i < after.field_count(); ++i) {
            const Field field = after.field(i);
            const std::string at = below(path, field->name());
            if (const Field old = oldOf(before, after, field)) {
                kept.insert(old);
                fields(old, field, at);
            } else {
                m_changes.push_back({Kind::Added, at, {}, described(field)});
            }
        }
        for (int i = 0; i < before.field_count(); ++i) {
            const Field field = before.field(i);
            if (!kept.contains(field))
                m_changes.push_back({Kind::Removed, below(path, field->name()), described(field), {}});
        }
    }

    static std::string described(Field field)
    {
        const std::string word = label(field);
        return (word.empty() ? "" : word + " ") + typeText(field) + " = " + std::to_string(field->number());
    }

    /// By its number, which is what the bytes know; else by its name, if nothing has its old number.
    static Field oldOf(const pb::Descriptor& before, const pb::Descriptor& after, Field field)
    {
        if (const Field same = before.FindFieldByNumber(field->number())) return same;
        const Field named = before.FindFieldByName(field->name());
        return named != nullptr && after.FindFieldByNumber(named->number()) == nullptr ? named : nullptr;
    }

    void fields(Field before, Field after, const std::string& path)
    {
        addIfDifferent(m_changes, Kind::Renamed, path, before->name(), after->name());
        addIfDifferent(m_changes, Kind::NumberChanged, path, std::to_string(before->number()),
                       std::to_string(after->number()));
        addIfDifferent(m_changes, Kind::TypeChanged, path, typeText(before), typeText(after));
        addIfDifferent(m_changes, Kind::RequiredChanged, path, label(before), label(after));
        addIfDifferent(m_changes, Kind::DefaultChanged, path, defaultText(before), defaultText(after));
        addIfDifferent(m_changes, Kind::RuleChanged, below(path, "oneof"), oneofName(before), oneofName(after));
        addIfDifferent(m_changes, Kind::RuleChanged, below(path, "options"), optionsText(before), optionsText(after));
        addIfDifferent(m_changes, Kind::DocChanged, path, docOf(before), docOf(after));
    }

    void enums(const pb::EnumDescriptor& before, const pb::EnumDescriptor& after, const std::string& path)
    {
        addSymbolChanges(m_changes, path, symbols(before), symbols(after));
        for (int i = 0; i < after.value_count(); ++i) {
            const auto* now = after.value(i);
            const auto* old = before.FindValueByName(now->name());
            if (old == nullptr) continue;
            const std::string at = below(path, now->name());
            addIfDifferent(m_changes, Kind::NumberChanged, at, std::to_string(old->number()),
                           std::to_string(now->number()));
            addIfDifferent(m_changes, Kind::DocChanged, at, docOf(old), docOf(now));
        }
    }

    static std::vector<std::string> symbols(const pb::EnumDescriptor& of)
    {
        std::vector<std::string> out;
        for (int i = 0; i < of.value_count(); ++i) out.push_back(of.value(i)->name());
        return out;
    }

    SchemaChanges m_changes;
};

} // namespace

base::Result<SchemaChanges> protobufChanges(const SchemaText& before, const SchemaText& after)
{
    LEFTFOLD_TRY(const ProtobufSchema a, ProtobufSchema::ofText(before));
    LEFTFOLD_TRY(const ProtobufSchema b, ProtobufSchema::ofText(after));
    return ProtobufDiff().run(Declared(a), Declared(b));
}

} // namespace leftfold::decode
