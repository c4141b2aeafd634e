// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QString>
#include <QStringList>

namespace leftfold::ui {

/// An error in the words of the window's language: where, what is wrong and, where it helps, what to do.
[[nodiscard]] QString errorText(const base::Error& error);
/// The same of a code with its arguments; empty for a code that nobody has put into words, which a test forbids.
[[nodiscard]] QString errorText(base::ErrorCode code, const QStringList& arguments);

} // namespace leftfold::ui
