// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/decode/payload_decoder.h"

#include <google/protobuf/descriptor.h>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace leftfold::decode {

/// The descriptors of a schema, made by libprotobuf's own parser. Files that come with Protobuf, and those that every registry knows
/// without references (confluent/..., the common ones of google/type/...), are there where a schema imports them.
class ProtobufSchema {
public:
    /// Fails with BadSchema: line, column and what is wrong there.
    [[nodiscard]] static base::Result<ProtobufSchema> ofText(const SchemaText& schema);
    [[nodiscard]] static base::Result<ProtobufSchema> ofDescriptorSet(base::ByteView fileDescriptorSet);

    ProtobufSchema(ProtobufSchema&&) noexcept;
    ProtobufSchema& operator=(ProtobufSchema&&) noexcept;
    ~ProtobufSchema();

    /// The text's own file; of a set all that are not Protobuf's.
    [[nodiscard]] const std::vector<const google::protobuf::FileDescriptor*>& files() const;
    [[nodiscard]] const google::protobuf::DescriptorPool& pool() const;

    using Message = const google::protobuf::Descriptor*;
    /// By full name; an empty one is the first of the last file. Fails with BadSchema.
    [[nodiscard]] base::Result<Message> message(std::string_view fullName) const;
    [[nodiscard]] base::Result<Message> message(std::span<const std::int32_t> path) const;

private:
    struct Parts;
    explicit ProtobufSchema(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> m_parts;
};

/// Those that a .proto file spells as messages, in its order: no entries of maps, no groups. This is how paths of messages count.
[[nodiscard]] std::vector<const google::protobuf::Descriptor*> spelledMessages(
    const google::protobuf::FileDescriptor& file);
[[nodiscard]] std::vector<const google::protobuf::Descriptor*> spelledMessages(
    const google::protobuf::Descriptor& message);

} // namespace leftfold::decode
