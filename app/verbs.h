// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/session.h"

namespace leftfold::app {

/// Each verb: what the command line says in, the answer on `out`, the exit code back. What has been written
/// stays written, whatever happens afterwards.
using VerbResult = base::Result<ExitCode>;
[[nodiscard]] VerbResult fetch(const Arguments& arguments, Session& session, Output& out);
[[nodiscard]] VerbResult info(const Arguments& arguments, Session& session, Output& out, std::stop_token stop);
[[nodiscard]] VerbResult log(const Arguments& arguments, Session& session, Output& out, std::stop_token stop);
[[nodiscard]] VerbResult show(const Arguments& arguments, Session& session, Output& out, std::stop_token stop);
[[nodiscard]] VerbResult ls(const Arguments& arguments, Session& session, Output& out, std::stop_token stop);
[[nodiscard]] VerbResult step(const Arguments& arguments, Session& session, Output& out, std::stop_token stop);
[[nodiscard]] VerbResult problems(const Arguments& arguments, Session& session, Output& out, std::stop_token stop);
[[nodiscard]] VerbResult pack(const Arguments& arguments, Session& session, Output& out);

} // namespace leftfold::app
