// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/decode/row_id.h"
#include "core/event/pointer.h"
#include "core/event/record.h"

#include <memory>
#include <optional>
#include <span>
#include <variant>

namespace leftfold::decode {

/// The record's own key, its own timestamp, or one of its headers (the last of that name).
struct NativeKey {
    friend auto operator<=>(const NativeKey&, const NativeKey&) = default;
};
struct NativeTimestamp {
    friend auto operator<=>(const NativeTimestamp&, const NativeTimestamp&) = default;
};
struct HeaderNamed {
    std::string name;
    friend auto operator<=>(const HeaderNamed&, const HeaderNamed&) = default;
};

/// What a script says of the whole record (a projection's `partitionBy`): only the script can read it. Written `script:NAME`,
/// and never parsed; a FieldExtractor finds nothing there.
struct ByScript {
    std::string name; ///< tells scripts that may say something else apart
    friend auto operator<=>(const ByScript&, const ByScript&) = default;
};

/// Where in a record something is looked up. Written `/invoice`, `key`, `timestamp`, `header:ce_type`, `debezium`.
using FieldRef = std::variant<event::Pointer, NativeKey, NativeTimestamp, HeaderNamed, ChangedRow, ByScript>;

/// Fails with BadFieldRef, naming the text and the forms there are.
[[nodiscard]] base::Result<FieldRef> parseFieldRef(std::string_view text);
[[nodiscard]] std::string toText(const FieldRef& ref);

enum class FieldKind : std::uint8_t { Absent, Null, Text, Number, Boolean, Composite };

/// What stood there. `text` is the decoded text, the digits as written, or "true" / "false"; empty otherwise.
struct FieldValue {
    FieldKind kind = FieldKind::Absent;
    base::ByteView text;
};

/// The aggregate id a value stands for: any scalar as text, so that 17850 and "17850" are one.
/// Null, absent and non-scalar values belong to no aggregate.
[[nodiscard]] std::optional<base::ByteView> aggregateId(const FieldValue& value);

/// Reads some fields of each record, and in the same pass checks the whole value: one per thread.
class FieldExtractor {
public:
    explicit FieldExtractor(std::vector<FieldRef> refs);
    ~FieldExtractor();
    FieldExtractor(FieldExtractor&&) noexcept;
    FieldExtractor& operator=(FieldExtractor&&) noexcept;

    struct Extraction {
        /// One a ref, in their order; of duplicate members the last. Valid until the next call.
        std::span<const FieldValue> fields;
        /// One a ref; empty unless that is a ChangedRow, whose field is the first of its ids.
        std::span<const Membership> memberships;
        /// Why the value is no JSON document (NotJson, with the byte and the reason), if it is none. A null
        /// value is fine. Fields by pointer are then Absent, the others as found.
        std::optional<base::Error> undecodable;
    };
    /// `topic` is that of the record's partition; only a ChangedRow asks for it.
    /// REQUIRES: kReadablePadding readable bytes behind the record's value.
    [[nodiscard]] Extraction extract(const event::Record& record, std::string_view topic = {});
    /// Says which records are extracted next: those of them whose values are neighbouring lines of one text are read
    /// together, which is cheaper and changes no answer. Returns how many these are; call again behind them.
    /// REQUIRES: the records live until then; `records` is not empty.
    [[nodiscard]] std::size_t expect(std::span<const event::Record> records);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace leftfold::decode
