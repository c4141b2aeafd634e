// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fold/fold.h"
#include "core/fold/latest.h"
#include "core/fold/tally.h"

namespace leftfold::fold {

base::Result<std::shared_ptr<const Fold>> builtInFold(std::string_view name)
{
    if (name == "latest") return latestFold();
    if (name == "tally") return tallyFold();
    return base::fail(base::ErrorCode::NoSuchFold, name, "latest, tally");
}

} // namespace leftfold::fold
