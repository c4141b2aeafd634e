// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workspace/state.h"
#include "ui/time_text.h"

#include <QString>

namespace leftfold::ui {

[[nodiscard]] inline QString text(const std::string& utf8)
{
    return QString::fromStdString(utf8);
}

/// Where somebody stands: "2026-11-20 14:03:22.118 UTC  orders[2]@88120  #541207".
[[nodiscard]] QString momentText(const workspace::Moment& moment, Zone zone);
/// The same, shorter: "2026-11-20 14:03:22.118 UTC · #541207".
[[nodiscard]] QString shortMomentText(const workspace::Moment& moment, Zone zone);
/// An event beside what it wrote: "541207 PaymentReceived".
[[nodiscard]] QString writerText(const workspace::EventAt& event);
/// A type as it is shown; "(none)" for the empty one.
[[nodiscard]] QString typeText(const std::string& type);
/// How a kind of step is called in the transport.
[[nodiscard]] QString stepText(workspace::StepKind kind);
/// What a notice says; empty for one that needs no words.
[[nodiscard]] QString noticeText(const workspace::Notice& notice);
/// "tally by /order", for lists of projections.
[[nodiscard]] QString projectionText(const workspace::ProjectionChoice& choice, const decode::Mapping& mapping);
/// "412 MB".
[[nodiscard]] QString bytesText(std::uint64_t bytes);
/// "48,200 of 128,440 · 31,000/s · 3 s left", as far as it is known.
[[nodiscard]] QString progressText(const workspace::Progress& progress, double seconds);

} // namespace leftfold::ui
