// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/protobuf_schema.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <google/protobuf/any.pb.h>
#include <google/protobuf/api.pb.h>
#include <google/protobuf/compiler/importer.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/descriptor_database.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/empty.pb.h>
#include <google/protobuf/field_mask.pb.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/source_context.pb.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/stubs/logging.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/type.pb.h>
#include <google/protobuf/wrappers.pb.h>
#include <map>

namespace leftfold::decode {

namespace pb = google::protobuf;

namespace {

/// The text's own file. No import can have this name.
constexpr const char* kMainFile = "(schema)";
constexpr std::string_view kOwnFolder = "google/protobuf/";

struct CommonFile {
    const char* path;
    const char* text;
};
/// What serializers carry with them, so that no registry is told: names, numbers and types are what they agreed upon.
constexpr std::array kCommonFiles = {
    CommonFile{"confluent/meta.proto",
               R"(syntax = "proto3"; package confluent; import "google/protobuf/descriptor.proto";
message Meta { string doc = 1; map<string, string> params = 2; repeated string tags = 3; }
extend google.protobuf.FileOptions { Meta file_meta = 1088; }
extend google.protobuf.MessageOptions { Meta message_meta = 1088; }
extend google.protobuf.FieldOptions { Meta field_meta = 1088; }
extend google.protobuf.EnumOptions { Meta enum_meta = 1088; }
extend google.protobuf.EnumValueOptions { Meta enum_value_meta = 1088; })"},
    CommonFile{"confluent/type/decimal.proto", R"(syntax = "proto3"; package confluent.type;
message Decimal { bytes value = 1; uint32 precision = 2; int32 scale = 3; })"},
    CommonFile{"google/type/date.proto", R"(syntax = "proto3"; package google.type;
message Date { int32 year = 1; int32 month = 2; int32 day = 3; })"},
    CommonFile{"google/type/timeofday.proto", R"(syntax = "proto3"; package google.type;
message TimeOfDay { int32 hours = 1; int32 minutes = 2; int32 seconds = 3; int32 nanos = 4; })"},
    CommonFile{"google/type/money.proto", R"(syntax = "proto3"; package google.type;
message Money { string currency_code = 1; int64 units = 2; int32 nanos = 3; })"},
    CommonFile{"google/type/decimal.proto",
               R"(syntax = "proto3"; package google.type; message Decimal { string value = 1; })"},
    CommonFile{"google/type/latlng.proto", R"(syntax = "proto3"; package google.type;
message LatLng { double latitude = 1; double longitude = 2; })"},
    CommonFile{"google/type/interval.proto",
               R"(syntax = "proto3"; package google.type; import "google/protobuf/timestamp.proto";
message Interval { google.protobuf.Timestamp start_time = 1; google.protobuf.Timestamp end_time = 2; })"},
};

tl::unexpected<base::Error> bad(std::string_view cause)
{
    return base::fail(base::ErrorCode::BadSchema, "Protobuf", cause);
}

/// The first one that is told; the others follow from it.
class FirstError final : public pb::compiler::MultiFileErrorCollector, public pb::DescriptorPool::ErrorCollector {
public:
    void AddError(const std::string& file, int line, int column, const std::string& message) override
    {
        const std::string in = file == kMainFile ? std::string() : file + ": ";
        if (m_text.empty())
            m_text =
                line < 0 ? in + message : fmt::format("{}line {}, column {}: {}", in, line + 1, column + 1, message);
    }
    void AddError(const std::string& file, const std::string& element, const pb::Message* /*descriptor*/,
                  ErrorLocation /*location*/, const std::string& message) override
    {
        if (m_text.empty()) m_text = fmt::format("{}: {}: {}", file, element, message);
    }
    [[nodiscard]] const std::string& text() const { return m_text; }

private:
    std::string m_text;
};

class TextsInMemory final : public pb::compiler::SourceTree {
public:
    explicit TextsInMemory(const SchemaText& schema)
    {
        for (const CommonFile& file : kCommonFiles) m_texts[file.path] = file.text;
        for (const SchemaReference& reference : schema.references) m_texts[reference.name] = reference.text;
        m_texts[kMainFile] = schema.text;
    }
    pb::io::ZeroCopyInputStream* Open(const std::string& name) override
    {
        const auto found = m_texts.find(name);
        if (found == m_texts.end()) return nullptr;
        return new pb::io::ArrayInputStream(found->second.data(),
                                            static_cast<int>(found->second.size())); // the library deletes it
    }
    std::string GetLastErrorMessage() override { return "it is imported, but not among the references"; }

private:
    std::map<std::string, std::string> m_texts;
};

/// The files that libprotobuf brings.
void addOwnFiles(pb::SimpleDescriptorDatabase& database)
{
    const std::array files = {
        pb::FileDescriptorProto::descriptor()->file(),
        pb::Any::descriptor()->file(),
        pb::Api::descriptor()->file(),
        pb::Duration::descriptor()->file(),
        pb::Empty::descriptor()->file(),
        pb::FieldMask::descriptor()->file(),
        pb::SourceContext::descriptor()->file(),
        pb::Struct::descriptor()->file(),
        pb::Timestamp::descriptor()->file(),
        pb::Type::descriptor()->file(),
        pb::DoubleValue::descriptor()->file(),
    };
    for (const pb::FileDescriptor* file : files) {
        pb::FileDescriptorProto copy;
        file->CopyTo(&copy);
        database.Add(copy);
    }
}

/// libprotobuf writes to the standard error what it also returns.
void keepQuiet()
{
    [[maybe_unused]] static const auto kBefore = pb::SetLogHandler(nullptr);
}

template <class Parent>
std::vector<const pb::Descriptor*> spelled(int count, Parent parent)
{
    std::vector<const pb::Descriptor*> messages;
    for (int i = 0; i < count; ++i) messages.push_back(parent(i));
    return messages;
}

bool isGroup(const pb::Descriptor& message)
{
    const auto isItsField = [&](const pb::FieldDescriptor& field) {
        return field.type() == pb::FieldDescriptor::TYPE_GROUP && field.message_type() == &message;
    };
    const pb::Descriptor* parent = message.containing_type();
    for (int i = 0; parent != nullptr && i < parent->field_count(); ++i) {
        if (isItsField(*parent->field(i))) return true;
    }
    return false;
}

void addNames(const std::vector<const pb::Descriptor*>& messages, std::vector<std::string>& names)
{
    for (const pb::Descriptor* message : messages) {
        names.push_back(message->full_name());
        addNames(spelledMessages(*message), names);
    }
}

base::Result<std::vector<std::string>> namesOf(const base::Result<ProtobufSchema>& schema)
{
    if (!schema) return tl::unexpected(schema.error());
    std::vector<std::string> names;
    for (const pb::FileDescriptor* file : schema->files()) addNames(spelledMessages(*file), names);
    return names;
}

} // namespace

/// In the order in which one needs another.
struct ProtobufSchema::Parts {
    FirstError error;
    pb::SimpleDescriptorDatabase own;
    pb::SimpleDescriptorDatabase given;
    std::unique_ptr<TextsInMemory> texts;
    std::unique_ptr<pb::DescriptorDatabase> database;
    std::unique_ptr<pb::DescriptorPool> pool;
    std::vector<const pb::FileDescriptor*> files;
};

ProtobufSchema::ProtobufSchema(std::unique_ptr<Parts> parts) : m_parts(std::move(parts)) {}
ProtobufSchema::ProtobufSchema(ProtobufSchema&&) noexcept = default;
ProtobufSchema& ProtobufSchema::operator=(ProtobufSchema&&) noexcept = default;
ProtobufSchema::~ProtobufSchema() = default;

base::Result<ProtobufSchema> ProtobufSchema::ofText(const SchemaText& schema)
{
    if (schema.kind != SchemaKind::Protobuf) return bad("it is of another kind");
    keepQuiet();
    auto parts = std::make_unique<Parts>();
    addOwnFiles(parts->own);
    parts->texts = std::make_unique<TextsInMemory>(schema);
    auto database = std::make_unique<pb::compiler::SourceTreeDescriptorDatabase>(parts->texts.get(), &parts->own);
    database->RecordErrorsTo(&parts->error);
    parts->pool = std::make_unique<pb::DescriptorPool>(database.get(), database->GetValidationErrorCollector());
    parts->database = std::move(database);
    const pb::FileDescriptor* file = parts->pool->FindFileByName(kMainFile);
    if (file == nullptr) return bad(parts->error.text().empty() ? "it cannot be read" : parts->error.text());
    parts->files = {file};
    return ProtobufSchema(std::move(parts));
}

base::Result<ProtobufSchema> ProtobufSchema::ofDescriptorSet(base::ByteView fileDescriptorSet)
{
    keepQuiet();
    auto parts = std::make_unique<Parts>();
    addOwnFiles(parts->own);
    pb::FileDescriptorSet set;
    if (fileDescriptorSet.size() > kMaxDecodedBytes
        || !set.ParseFromArray(fileDescriptorSet.data(), static_cast<int>(fileDescriptorSet.size()))
        || set.file_size() == 0)
        return bad("it is no set of file descriptors, as protoc --descriptor_set_out writes them");
    for (const pb::FileDescriptorProto& file : set.file()) parts->given.Add(file);
    parts->database = std::make_unique<pb::MergedDescriptorDatabase>(&parts->given, &parts->own);
    parts->pool = std::make_unique<pb::DescriptorPool>(parts->database.get(), &parts->error);
    for (const pb::FileDescriptorProto& each : set.file()) {
        const pb::FileDescriptor* file = parts->pool->FindFileByName(each.name());
        if (file == nullptr)
            return bad(parts->error.text().empty() ? each.name() + ": a file it imports is missing"
                                                   : parts->error.text());
        if (!std::string_view(file->name()).starts_with(kOwnFolder)) parts->files.push_back(file);
    }
    return ProtobufSchema(std::move(parts));
}

const std::vector<const pb::FileDescriptor*>& ProtobufSchema::files() const
{
    return m_parts->files;
}

const pb::DescriptorPool& ProtobufSchema::pool() const
{
    return *m_parts->pool;
}

base::Result<ProtobufSchema::Message> ProtobufSchema::message(std::string_view fullName) const
{
    if (fullName.empty()) {
        if (files().empty() || files().back()->message_type_count() == 0) return bad("there is no message in it");
        return files().back()->message_type(0);
    }
    const Message found = pool().FindMessageTypeByName(std::string(fullName));
    if (found == nullptr) return bad(fmt::format("there is no message {} in it", fullName));
    return found;
}

base::Result<ProtobufSchema::Message> ProtobufSchema::message(std::span<const std::int32_t> path) const
{
    Message found = nullptr;
    for (const std::int32_t index : path) {
        const auto messages = found == nullptr ? spelledMessages(*files().back()) : spelledMessages(*found);
        if (index < 0 || static_cast<std::size_t>(index) >= messages.size())
            return bad(fmt::format("there is no message with the path {} in it", fmt::join(path, ", ")));
        found = messages[static_cast<std::size_t>(index)];
    }
    if (found == nullptr) return bad("there is no message with an empty path");
    return found;
}

std::vector<const pb::Descriptor*> spelledMessages(const pb::FileDescriptor& file)
{
    return spelled(file.message_type_count(), [&](int i) { return file.message_type(i); });
}

std::vector<const pb::Descriptor*> spelledMessages(const pb::Descriptor& message)
{
    auto messages = spelled(message.nested_type_count(), [&](int i) { return message.nested_type(i); });
    std::erase_if(messages, [](const pb::Descriptor* each) { return each->options().map_entry() || isGroup(*each); });
    return messages;
}

base::Result<std::vector<std::string>> protobufMessages(const SchemaText& schema)
{
    return namesOf(ProtobufSchema::ofText(schema));
}

base::Result<std::vector<std::string>> protobufMessages(base::ByteView fileDescriptorSet)
{
    return namesOf(ProtobufSchema::ofDescriptorSet(fileDescriptorSet));
}

} // namespace leftfold::decode
