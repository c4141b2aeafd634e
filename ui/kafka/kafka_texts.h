// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workspace/cluster_questions.h"
#include "ui/colours.h"
#include "ui/time_text.h"

#include <QString>

/// What is told of clusters and views, in words.
namespace leftfold::ui {

/// A step of getting in: "resolve the name", "encrypt (TLS)", ...
[[nodiscard]] QString stepName(const source::ConnectionStep& step);
/// What came of it, and what to do.
[[nodiscard]] QString stepOutcome(const source::ConnectionStep& step);

/// How long records are kept: "7 d", "at most 500 MB", "for ever"; "?" where the settings may not be seen.
[[nodiscard]] QString retentionText(const source::TopicFacts& topic);
/// "delete", "compact", as Kafka calls it.
[[nodiscard]] QString cleanupText(const source::TopicFacts& topic);

/// "OK", "no progress", ...
[[nodiscard]] QString statusText(views::ViewStatus status);
/// A sign beside the colour: colours are never the only one.
[[nodiscard]] QString statusSign(views::ViewStatus status);
[[nodiscard]] QColor statusColour(views::ViewStatus status, const Colours& colours);
/// The rule that fired, as a sentence.
[[nodiscard]] QString ruleText(const views::Verdict& verdict);
/// The samples it fired on: "10 samples, @3 at 12:00:00.000 to @9 at 12:05:00.000".
[[nodiscard]] QString samplesText(const views::Verdict& verdict, Zone zone);
/// Why a lag is none that can be read away; empty: it is.
[[nodiscard]] QString labelText(const views::PartitionLook& look);
[[nodiscard]] QString catchUpText(const views::CatchUp& catchUp);
/// "3 min 20 s"; "?" where it is not known.
[[nodiscard]] QString spanOrUnknown(const std::optional<std::chrono::nanoseconds>& span);
[[nodiscard]] QString offsetText(const std::optional<event::Offset>& offset);
/// "read_committed": Kafka's own words, which everybody looks for.
[[nodiscard]] QString isolationText(source::Isolation isolation);
/// What that means, in a sentence.
[[nodiscard]] QString isolationExplained(source::Isolation isolation);
/// "orders, payments at production": how a Kafka log is called in titles; another one by its file name.
[[nodiscard]] QString logName(const std::string& log);

} // namespace leftfold::ui
