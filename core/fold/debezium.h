// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/decode/row_id.h"
#include "core/fold/fold.h"

namespace leftfold::fold {

/// The state is a row of a database, from the changes that Debezium (plain, wrapped, flattened, MongoDB), Maxwell or
/// Canal wrote of it. The rules are in the README of this folder. `ids` is how the aggregates are named: it tells which
/// row of an event with several is meant.
[[nodiscard]] std::shared_ptr<const Fold> debeziumFold(decode::ChangedRow ids = {});

/// Whether a finding only says where a row whose key changed was or goes on: nothing is amiss.
[[nodiscard]] bool isLink(const base::Error& finding);

} // namespace leftfold::fold
