// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/projections.h"

#include "core/fold/debezium.h"
#include "core/fold/only_types.h"
#include "core/fold/script.h"
#include "core/replay/script_index.h"
#include "core/replay/streams.h"
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

bool isScript(std::string_view fold)
{
    return fold.ends_with(".js") || fold.ends_with(".mjs");
}

Result<std::shared_ptr<const fold::Fold>> openFold(const std::string& fold, bool numbersAsText, const std::string& root)
{
    if (!isScript(fold)) return fold::builtInFold(fold);
    fold::ScriptOptions options;
    options.exactNumbers = numbersAsText;
    options.root = root;
    return fold::Script::load(fold, options);
}

namespace {

/// The streams of the log, which need the index of its ids, and the aggregates as the script names them.
Result<replay::Projection> openScript(capture::Reader& reader, const ProjectionChoice& choice,
                                      const fold::Script& script, unsigned workers, std::stop_token stop,
                                      const capture::KeyIndex::Progress& progress)
{
    const decode::Mapping& mapping = reader.catalog().mapping();
    Index ids;
    if (mapping.id) {
        LEFTFOLD_TRY(ids, openIndex(reader, {}, workers, stop, progress));
    }
    const auto known = script.over(replay::streamsOf(ids, mapping));
    replay::Projection projection;
    projection.fold = known;
    if (known->partitioning() != fold::Partitioning::Stream) {
        if (!choice.by.empty())
            return base::fail(base::ErrorCode::BadArgument,
                              "this projection names its aggregates itself, without --by");
        LEFTFOLD_TRY(projection.index, replay::openScriptIndex(reader, *known, workers, std::move(stop), progress));
    } else if (choice.by.empty() && ids) {
        projection.index = std::move(ids);
    } else {
        LEFTFOLD_TRY(projection.index, openIndex(reader, choice.by, workers, std::move(stop), progress));
    }
    if (!choice.types.empty()) projection.fold = fold::onlyTypes(std::move(projection.fold), choice.types);
    return projection;
}

} // namespace

Result<replay::Projection> openProjection(capture::Reader& reader, const ProjectionChoice& choice,
                                          std::shared_ptr<const fold::Fold> known, unsigned workers,
                                          std::stop_token stop, const capture::KeyIndex::Progress& progress)
{
    if (!known && !choice.fold.empty()) {
        LEFTFOLD_TRY(known, openFold(choice.fold, choice.numbersAsText, choice.root));
    }
    if (const auto* script = dynamic_cast<const fold::Script*>(known.get()))
        return openScript(reader, choice, *script, workers, std::move(stop), progress);
    LEFTFOLD_TRY(auto index, openIndex(reader, choice.by, workers, std::move(stop), progress));
    return makeProjection(choice, std::move(index));
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
