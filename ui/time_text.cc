// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/time_text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <algorithm>
#include <array>
#include <cmath>

namespace leftfold::ui {

namespace {

/// What QDateTime can hold with room to spare.
constexpr std::int64_t kMaxSeconds = 8'000'000'000'000'000 / 1000;

struct TimeText {
    Q_DECLARE_TR_FUNCTIONS(leftfold::ui::TimeText)
};

QDateTime wallClock(base::Time time, const QTimeZone& zone)
{
    return QDateTime::fromSecsSinceEpoch(std::clamp(time.seconds, -kMaxSeconds, kMaxSeconds), zone);
}

QString fraction(std::uint32_t nanos)
{
    QString digits = QStringLiteral("%1").arg(nanos, 9, 10, QLatin1Char('0'));
    while (digits.size() > 3 && digits.endsWith(QLatin1String("000"))) digits.chop(3);
    return digits;
}

QString text(base::Time time, const QTimeZone& zone, const QString& format)
{
    if (time == base::kBeginningOfTime) return QStringLiteral("-");
    return QLocale::c().toString(wallClock(time, zone), format) + QLatin1Char('.') + fraction(time.nanos);
}

struct Unit {
    double nanos;
    const char* text;
};

} // namespace

QTimeZone timeZone(Zone zone)
{
    return zone == Zone::Utc ? QTimeZone::utc() : QTimeZone::systemTimeZone();
}

QString zoneName(base::Time at, const QTimeZone& zone)
{
    if (zone == QTimeZone::utc()) return QStringLiteral("UTC");
    const int offset = zone.offsetFromUtc(wallClock(at, zone));
    const QTime span = QTime(0, 0).addSecs(std::abs(offset));
    const QString sign = offset < 0 ? QStringLiteral("-") : QStringLiteral("+");
    return QStringLiteral("UTC") + sign + span.toString(QStringLiteral("HH:mm"));
}

base::Result<base::Time> parseTimeIn(const QString& text, const QTimeZone& zone)
{
    const std::string typed = text.trimmed().toStdString();
    // With a zone behind it only a time that names none is one.
    auto bare = base::parseTime(typed + "Z");
    if (!bare) bare = base::parseTime(typed + "T00:00:00Z");
    if (!bare) return base::parseTime(typed);
    const QDateTime utc = wallClock(*bare, QTimeZone::utc());
    return base::Time{QDateTime(utc.date(), utc.time(), zone).toSecsSinceEpoch(), bare->nanos};
}

QString dateTimeText(base::Time time, const QTimeZone& zone)
{
    return text(time, zone, QStringLiteral("yyyy-MM-dd HH:mm:ss"));
}

QString timeOfDayText(base::Time time, const QTimeZone& zone)
{
    return text(time, zone, QStringLiteral("HH:mm:ss"));
}

QString fullTimeText(base::Time time, const QTimeZone& zone)
{
    if (time == base::kBeginningOfTime) return QStringLiteral("-");
    return dateTimeText(time, zone) + QLatin1Char(' ') + zoneName(time, zone);
}

QString spanText(double nanos)
{
    static const std::array<Unit, 8> kUnits = {{{365.25 * 86400e9, QT_TRANSLATE_NOOP("leftfold::ui::TimeText", "%1 y")},
                                                {86400e9, QT_TRANSLATE_NOOP("leftfold::ui::TimeText", "%1 d")},
                                                {3600e9, QT_TRANSLATE_NOOP("leftfold::ui::TimeText", "%1 h")},
                                                {60e9, QT_TRANSLATE_NOOP("leftfold::ui::TimeText", "%1 min")},
                                                {1e9, QT_TRANSLATE_NOOP("leftfold::ui::TimeText", "%1 s")},
                                                {1e6, QT_TRANSLATE_NOOP("leftfold::ui::TimeText", "%1 ms")},
                                                {1e3, QT_TRANSLATE_NOOP("leftfold::ui::TimeText", "%1 µs")},
                                                {1, QT_TRANSLATE_NOOP("leftfold::ui::TimeText", "%1 ns")}}};
    const auto say = [](const Unit& unit, double count) {
        return TimeText::tr(unit.text).arg(QLocale().toString(count, 'f', 0));
    };
    for (std::size_t i = 0; i < kUnits.size(); ++i) {
        const double count = std::floor(nanos / kUnits[i].nanos);
        if (count < 1 && i + 1 < kUnits.size()) continue;
        const double rest =
            i + 1 < kUnits.size() ? std::floor((nanos - count * kUnits[i].nanos) / kUnits[i + 1].nanos) : 0;
        return rest < 1 ? say(kUnits[i], count) : say(kUnits[i], count) + QLatin1Char(' ') + say(kUnits[i + 1], rest);
    }
    return {};
}

QString countText(std::uint64_t count)
{
    return QLocale().toString(static_cast<qulonglong>(count));
}

} // namespace leftfold::ui
