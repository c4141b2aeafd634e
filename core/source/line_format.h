// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/file_options.h"
#include "core/source/source_state.h"

namespace leftfold::source {

/// What the text that begins with `head` looks like; Unknown where there is nothing to tell it from. `isAll`: nothing
/// comes behind it. `path` is the file's: a name may say what its content does not.
[[nodiscard]] LineFormat formatOf(base::ByteView head, bool isAll, const std::string& path, const FileOptions& options);

/// How the logs up to a place are written, for people: each way once; empty where all are JSON lines.
[[nodiscard]] std::string describeFormats(const SourcePlace& place);

/// Fails with SourceOtherFormat where logs were read up to `place` in another way than `options` say.
[[nodiscard]] base::Result<void> checkFormats(const SourcePlace& place, const FileOptions& options);

} // namespace leftfold::source
