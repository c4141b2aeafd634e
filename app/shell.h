// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <map>
#include <string>

namespace leftfold::app {

/// Runs a command line by /bin/sh, with these variables beside those of this program, and waits for its end. Gives its exit code, as
/// shells do: 128 and the signal where one ended it.
[[nodiscard]] base::Result<int> runShell(const std::string& command,
                                         const std::map<std::string, std::string>& variables);

} // namespace leftfold::app
