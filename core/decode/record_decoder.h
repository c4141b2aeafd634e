// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/decode/decoding.h"
#include "core/event/record.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace leftfold::decode {

/// How a record's key or value was read, where it is not taken as it stands.
struct PayloadNote {
    PayloadFormat format = PayloadFormat::Automatic; ///< Automatic: none was found to read it
    std::string schemaKey; ///< of the schema that the record, or a rule, names; empty: none is named
    std::shared_ptr<const Schema> schema; ///< null: none is named, or it is not there
    std::vector<std::string> remarks; ///< see PayloadDecoder::remarks
    /// Why the bytes stayed as they are: PayloadKept, with the reason of each decoder tried.
    std::optional<base::Error> kept;
    friend bool operator==(const PayloadNote&, const PayloadNote&) = default;
};
/// How a header was read.
struct HeaderNote {
    std::size_t place = 0; ///< among the record's headers
    PayloadNote note;
    friend bool operator==(const HeaderNote&, const HeaderNote&) = default;
};
struct PayloadNotes {
    std::optional<PayloadNote> key;
    std::optional<PayloadNote> value;
    std::vector<HeaderNote> headers; ///< of those that do not stand as they are

    /// The first reason why something was kept as it is: of the value, the key, a header; null if all was read.
    [[nodiscard]] const base::Error* firstKept() const;
};

/// Records as people see them: a decoded value is JSON, a decoded key or header is JSON or, where it is a text, that text.
struct DecodedRecords {
    std::vector<event::Record> records; ///< empty where all stand as they are; else as many as there are
    std::vector<PayloadNotes> notes; ///< as many as `records`
    std::string bytes; ///< what decoded views point into

    void clear();
};

/// The keys of the schemas that a record itself names, where its topic's rules leave that to it: none, one or two.
[[nodiscard]] std::vector<std::string> namedSchemas(const event::Record& record, std::string_view topic,
                                                    const Decoding& decoding);

/// Reads encoded keys and values: one per thread. Records in which nothing is encoded cost a look at a byte or two.
class RecordDecoder {
public:
    RecordDecoder(Decoding decoding, std::shared_ptr<const SchemaBook> schemas);
    ~RecordDecoder();
    RecordDecoder(RecordDecoder&&) noexcept;
    RecordDecoder& operator=(RecordDecoder&&) noexcept;

    /// The records as people see them: the same where none is encoded, else `out.records`. Valid as long as both are.
    [[nodiscard]] std::span<const event::Record> decode(std::span<const event::Record> records, std::string_view topic,
                                                        DecodedRecords& out);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace leftfold::decode
