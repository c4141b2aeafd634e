// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/reader.h"
#include "core/replay/steps.h"

namespace leftfold::workspace {

/// In place of a field: the transactions of Kafka that the log told, whatever else it names.
inline constexpr const char* kKafkaTransactions = "kafka";

/// Steps over whole transactions: by `field`; where that is empty by what is found to name those of a database, else by those of
/// Kafka that the log told. BadArgument if there are none. An index is built where the cache has none.
[[nodiscard]] base::Result<replay::StepKind> transactionSteps(capture::Reader& reader, const std::string& field,
                                                              unsigned workers, std::stop_token stop,
                                                              const capture::KeyIndex::Progress& progress);

} // namespace leftfold::workspace
