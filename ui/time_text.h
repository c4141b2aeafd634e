// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time_range.h"

#include <QString>
#include <QTimeZone>

namespace leftfold::ui {

/// How times are shown: in UTC, or in the zone of this computer.
enum class Zone { Utc, Local };
[[nodiscard]] QTimeZone timeZone(Zone zone);
/// A time as `base::parseTime` reads it, but of this zone where it names none.
[[nodiscard]] base::Result<base::Time> parseTimeIn(const QString& text, const QTimeZone& zone);
/// "UTC", or the local zone at that moment as "UTC+08:00".
[[nodiscard]] QString zoneName(base::Time at, const QTimeZone& zone);

/// "2026-11-20 14:03:22.118": always milliseconds, and further digits in groups of three where there are any. "-" for kBeginningOfTime.
[[nodiscard]] QString dateTimeText(base::Time time, const QTimeZone& zone);
/// The same without the date: "14:03:22.118".
[[nodiscard]] QString timeOfDayText(base::Time time, const QTimeZone& zone);
/// The same with date and zone, for people: "2026-11-20 14:03:22.118 UTC".
[[nodiscard]] QString fullTimeText(base::Time time, const QTimeZone& zone);
/// "7 d 9 h", "3 h 20 min", "120 ms": the two largest units.
[[nodiscard]] QString spanText(double nanos);
/// "1,204,311", in the grouping of the language. Positions and indexes are never grouped.
[[nodiscard]] QString countText(std::uint64_t count);

} // namespace leftfold::ui
