// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/transactions.h"

#include <algorithm>
#include <array>

namespace leftfold::replay {

namespace {

using base::Result;

constexpr std::array<std::string_view, 5> kFields = {"/transaction/id", "/payload/transaction/id", "/__transaction_id",
                                                     "/payload/__transaction_id", "/xid"};
constexpr std::uint64_t kSample = 1000;

} // namespace

Result<std::optional<decode::FieldRef>> transactionField(capture::Reader& reader)
{
    std::vector<decode::FieldRef> refs;
    for (const std::string_view field : kFields) {
        LEFTFOLD_TRY(refs.emplace_back(), decode::parseFieldRef(field));
    }
    decode::FieldExtractor extractor(refs);
    for (std::uint64_t i = 0; i < std::min(kSample, reader.catalog().eventCount()); ++i) {
        const auto event = reader.event(event::EventIndex{i});
        if (!event) continue;
        const auto extraction = extractor.extract(event->record);
        for (std::size_t field = 0; field < refs.size(); ++field) {
            if (decode::aggregateId(extraction.fields[field])) return refs[field];
        }
    }
    return std::nullopt;
}

Result<std::optional<TransactionRange>> transactionRange(const capture::Catalog& catalog,
                                                         const capture::KeyIndex& transactions, base::ByteView id)
{
    LEFTFOLD_TRY(const auto key, transactions.find(id));
    if (!key) return std::nullopt;
    LEFTFOLD_TRY(const auto events, transactions.postings(*key));
    TransactionRange range;
    range.events = events.size();
    LEFTFOLD_TRY(range.before, catalog.prefix(events.front()));
    range.behind = range.before;
    std::vector<bool> isIn(range.before.next.size(), false);
    for (const std::uint32_t event : events) {
        LEFTFOLD_TRY(const capture::Location location, catalog.locate(event::EventIndex{event}));
        if (!isIn[location.partition]) range.before.next[location.partition] = location.ordinal;
        isIn[location.partition] = true;
        range.behind.next[location.partition] = location.ordinal + 1;
    }
    return range;
}

} // namespace leftfold::replay
