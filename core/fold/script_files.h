// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fold/script.h"

#include <string>

namespace leftfold::fold {

/// The largest file a script may have.
inline constexpr std::size_t kMaxScriptBytes = std::size_t{16} << 20;

/// Reads a file of a script. `root` is canonical; the name is the path inside of it. Fails with FileNotFound and its kin.
[[nodiscard]] base::Result<ScriptSource::File> readScriptFile(const std::string& path, const std::string& root);

/// Reads what a file imports: a relative path (`./rules.js`), that leads to a file inside the root, links followed. Fails
/// with ScriptImport.
[[nodiscard]] base::Result<ScriptSource::File> readImportedFile(const std::string& specifier,
                                                                const ScriptSource::File& from,
                                                                const std::string& root);

/// The folder that imports of a script may name: `root`, or the one it lies in; canonical.
[[nodiscard]] base::Result<std::string> scriptRoot(const std::string& path, const std::string& root);

} // namespace leftfold::fold
