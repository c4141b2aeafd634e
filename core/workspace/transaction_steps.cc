// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/transaction_steps.h"

#include "core/replay/transactions.h"
#include "core/workspace/projections.h"

namespace leftfold::workspace {

base::Result<replay::StepKind> transactionSteps(capture::Reader& reader, const std::string& field, unsigned workers,
                                                std::stop_token stop, const capture::KeyIndex::Progress& progress)
{
    const bool isKafka = field == kKafkaTransactions;
    std::optional<decode::FieldRef> found;
    if (field.empty()) {
        LEFTFOLD_TRY(found, replay::transactionField(reader));
    }
    if (isKafka || (field.empty() && !found)) {
        LEFTFOLD_TRY(auto spans, replay::transactionSpans(reader));
        if (isKafka && spans.empty())
            return base::fail(base::ErrorCode::BadArgument, "this log tells of no transactions of Kafka");
        if (!spans.empty()) {
            return replay::OfLoggedTransaction{std::make_shared<const replay::LoggedTransactions>(std::move(spans))};
        }
    }
    LEFTFOLD_TRY(auto index, openTransactions(reader, field, workers, std::move(stop), progress));
    return replay::OfTransaction{std::move(index)};
}

} // namespace leftfold::workspace
