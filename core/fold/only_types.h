// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fold/fold.h"

namespace leftfold::fold {

/// The same fold, but only events of these types change states. The types are part of the fingerprint; their order is not.
[[nodiscard]] std::shared_ptr<const Fold> onlyTypes(std::shared_ptr<const Fold> fold, std::vector<std::string> types);

} // namespace leftfold::fold
