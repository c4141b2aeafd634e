// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/projections.h"

#include "core/fold/debezium.h"
#include "core/fold/only_types.h"
#include "core/replay/transactions.h"

namespace leftfold::workspace {

using base::Result;
using Index = std::shared_ptr<const capture::KeyIndex>;

Result<Index> openIndex(capture::Reader& reader, const std::string& field, unsigned workers, std::stop_token stop,
                        const capture::KeyIndex::Progress& progress)
{
    std::optional<decode::FieldRef> by = reader.catalog().mapping().id;
    if (!field.empty()) {
        LEFTFOLD_TRY(by, decode::parseFieldRef(field));
    }
    if (!by)
        return base::fail(base::ErrorCode::BadArgument,
                          "nothing in this log looks like an aggregate id: name a field with --by");
    return capture::KeyIndex::open(reader, *by, workers, std::move(stop), progress);
}

Result<Index> openTransactions(capture::Reader& reader, const std::string& field, unsigned workers,
                               std::stop_token stop, const capture::KeyIndex::Progress& progress)
{
    if (!field.empty()) return openIndex(reader, field, workers, std::move(stop), progress);
    LEFTFOLD_TRY(const auto found, replay::transactionField(reader));
    if (!found)
        return base::fail(base::ErrorCode::BadArgument,
                          "nothing in this log names a database transaction: name a field with --transaction-field");
    return openIndex(reader, toText(*found), workers, std::move(stop), progress);
}

Result<replay::Projection> makeProjection(const ProjectionChoice& choice, Index index)
{
    replay::Projection projection;
    if (!choice.fold.empty()) {
        LEFTFOLD_TRY(projection.fold, fold::builtInFold(choice.fold));
    }
    const auto* rows = std::get_if<decode::ChangedRow>(&index->by());
    if (rows != nullptr && (choice.fold.empty() || choice.fold == "debezium"))
        projection.fold = fold::debeziumFold(*rows);
    if (!projection.fold) {
        LEFTFOLD_TRY(projection.fold, fold::builtInFold("tally"));
    }
    if (!choice.types.empty()) projection.fold = fold::onlyTypes(std::move(projection.fold), choice.types);
    projection.index = std::move(index);
    return projection;
}

} // namespace leftfold::workspace
