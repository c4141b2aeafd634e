// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/timeline_layout.h"

#include "ui/time_text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <algorithm>
#include <array>
#include <cmath>

namespace leftfold::ui {

namespace {

using base::Time;
using base::TimeRange;

constexpr double kSecond = 1e9;
constexpr double kDay = 86400 * kSecond;

struct TimelineText {
    Q_DECLARE_TR_FUNCTIONS(leftfold::ui::TimelineText)
};

double lengthOf(const TimeRange& range)
{
    return base::nanosBetween(range.from, range.to);
}

} // namespace

TimeRange wholeRange(const replay::Density& density)
{
    if (density.events() == 0) return {{0, 0}, {1, 0}};
    const TimeRange& span = density.span();
    const double air = std::max(lengthOf(span) * 0.01, kMinVisibleNanos);
    return {base::plusNanos(span.from, -air), base::plusNanos(span.to, air)};
}

TimeRange fitted(const TimeRange& range, const TimeRange& whole)
{
    const double most = lengthOf(whole);
    const double length = std::clamp(lengthOf(range), std::min(kMinVisibleNanos, most), most);
    if (length >= most) return whole;
    TimeRange out{range.from, base::plusNanos(range.from, length)};
    if (out.from < whole.from) out = {whole.from, base::plusNanos(whole.from, length)};
    if (whole.to < out.to) out = {base::plusNanos(whole.to, -length), whole.to};
    return out;
}

TimeRange zoomed(const TimeRange& range, Time anchor, double factor, const TimeRange& whole)
{
    const double length = lengthOf(range);
    const double least = std::min(kMinVisibleNanos, lengthOf(whole));
    const double next = std::clamp(length / factor, least, lengthOf(whole));
    const double left = base::nanosBetween(range.from, anchor) * next / length;
    const Time from = base::plusNanos(anchor, -left);
    return fitted({from, base::plusNanos(from, next)}, whole);
}

TimeRange panned(const TimeRange& range, double nanos, const TimeRange& whole)
{
    return fitted({base::plusNanos(range.from, nanos), base::plusNanos(range.to, nanos)}, whole);
}

namespace {

/// A distance between ticks: so many nanoseconds, or months where that is not 0.
struct Step {
    double nanos;
    int months;
};

constexpr double kMonth = 30.4 * kDay;

/// The smallest round step of at least so many nanoseconds.
Step stepFor(double least)
{
    static constexpr std::array<double, 22> kRound = {
        1,    2,    5,    10,       15,       30,        60,    120,       300,       600,       900,
        1800, 3600, 7200, 3 * 3600, 6 * 3600, 12 * 3600, 86400, 2 * 86400, 3 * 86400, 7 * 86400, 14 * 86400};
    if (least < kSecond) {
        double step = 1;
        while (true) {
            for (const double digit : {1.0, 2.0, 5.0})
                if (digit * step >= least) return {digit * step, 0};
            step *= 10;
        }
    }
    for (const double seconds : kRound)
        if (seconds * kSecond >= least) return {seconds * kSecond, 0};
    for (const int months : {1, 2, 3, 6, 12, 24, 60})
        if (months * kMonth >= least) return {months * kMonth, months};
    int years = 10;
    while (years < 100'000'000 && years * 12 * kMonth < least) years *= 10;
    return {years * 12 * kMonth, years * 12};
}

QString dateLabel(const QDateTime& at, const Step& step)
{
    if (step.months >= 12) return QLocale().toString(at, TimelineText::tr("yyyy", "format of a year on the time axis"));
    if (step.months > 0)
        return QLocale().toString(at, TimelineText::tr("MMM yyyy", "format of a month on the time axis"));
    return QLocale().toString(at, TimelineText::tr("MMM d", "format of a day on the time axis"));
}

QString labelOf(Time time, const QDateTime& at, const Step& step, const QTimeZone& zone)
{
    if (step.months > 0 || (at.time() == QTime(0, 0) && time.nanos == 0)) return dateLabel(at, step);
    if (step.nanos >= 60 * kSecond) return QLocale::c().toString(at, QStringLiteral("HH:mm"));
    if (step.nanos >= kSecond) return QLocale::c().toString(at, QStringLiteral("HH:mm:ss"));
    return timeOfDayText(time, zone);
}

Time timeOf(const QDateTime& at)
{
    return {at.toSecsSinceEpoch(), 0};
}

/// Ticks within one second of each other: zones differ by whole seconds, so UTC will do.
void addFine(std::vector<TimeTick>& out, const TimeScale& scale, const Step& step, const QTimeZone& zone)
{
    const Time second{scale.range.from.seconds, 0};
    const double first = std::ceil(base::nanosBetween(second, scale.range.from) / step.nanos);
    for (double i = first;; ++i) {
        const Time time = base::plusNanos(second, i * step.nanos);
        if (!(time < scale.range.to)) return;
        out.push_back({time, labelOf(time, QDateTime::fromSecsSinceEpoch(time.seconds, zone), step, zone)});
    }
}

/// Ticks counted from each midnight, so that they stay round where clocks are changed.
void addOfDay(std::vector<TimeTick>& out, const TimeScale& scale, const Step& step, const QTimeZone& zone)
{
    const auto seconds = static_cast<qint64>(step.nanos / kSecond);
    QDate day = QDateTime::fromSecsSinceEpoch(scale.range.from.seconds, zone).date();
    for (QDateTime midnight = day.startOfDay(zone); timeOf(midnight) < scale.range.to;
         midnight = day.startOfDay(zone)) {
        day = day.addDays(1);
        const qint64 start = midnight.toSecsSinceEpoch();
        const qint64 end = day.startOfDay(zone).toSecsSinceEpoch();
        const qint64 skipped = std::max<qint64>(0, (scale.range.from.seconds - start) / seconds);
        for (qint64 at = start + skipped * seconds; at < end - (end - start > seconds ? seconds / 2 : 0);
             at += seconds) {
            const Time time{at, 0};
            if (time < scale.range.from) continue;
            if (!(time < scale.range.to)) return;
            out.push_back({time, labelOf(time, QDateTime::fromSecsSinceEpoch(at, zone), step, zone)});
        }
    }
}

/// Ticks of whole days, counted from a day that never changes, or of months, counted from the year 0.
void addOfDate(std::vector<TimeTick>& out, const TimeScale& scale, const Step& step, const QTimeZone& zone)
{
    const QDate first = QDateTime::fromSecsSinceEpoch(scale.range.from.seconds, zone).date();
    const auto days = static_cast<qint64>(step.nanos / kDay);
    const int months = first.year() * 12 + first.month() - 1;
    QDate day = step.months == 0 ? QDate::fromJulianDay(first.toJulianDay() / days * days) : QDate(0, 1, 1);
    if (step.months > 0) {
        const int whole = months / step.months * step.months;
        day = QDate(whole / 12 == 0 ? 1 : whole / 12, whole % 12 + 1, 1);
    }
    while (day.isValid()) {
        const QDateTime at = day.startOfDay(zone);
        const Time time = timeOf(at);
        if (!at.isValid() || !(time < scale.range.to)) return;
        if (!(time < scale.range.from)) out.push_back({time, dateLabel(at, step)});
        day = step.months == 0 ? day.addDays(days) : day.addMonths(step.months);
    }
}

} // namespace

std::vector<TimeTick> timeTicks(const TimeScale& scale, const QTimeZone& zone, double labelWidth)
{
    // What lies beyond any calendar has an axis without labels.
    constexpr std::int64_t kMaxSeconds = 100'000'000'000;
    std::vector<TimeTick> out;
    if (std::max(std::abs(scale.range.from.seconds), std::abs(scale.range.to.seconds)) > kMaxSeconds) return out;
    const Step step = stepFor(labelWidth * scale.nanosPerPixel());
    if (step.nanos < kSecond) {
        addFine(out, scale, step, zone);
    } else if (step.nanos < kDay) {
        addOfDay(out, scale, step, zone);
    } else {
        addOfDate(out, scale, step, zone);
    }
    return out;
}

double Columns::total(std::size_t column) const
{
    double sum = 0;
    for (std::size_t lane = 0; lane < lanes; ++lane) sum += counts[column * lanes + lane];
    return sum;
}

double Columns::highest() const
{
    double out = 0;
    for (std::size_t column = 0; column < size(); ++column) out = std::max(out, total(column));
    return out;
}

Columns columnsFor(const TimeScale& scale, const replay::Density& density)
{
    Columns out;
    out.lanes = density.lanes();
    out.columnNanos = scale.nanosPerPixel();
    const double left = base::nanosBetween(density.span().from, scale.range.from) / out.columnNanos;
    const double first = std::floor(left);
    out.offset = left - first;
    const Time from = base::plusNanos(density.span().from, first * out.columnNanos);
    out.counts = density.counts(from, out.columnNanos, static_cast<std::size_t>(std::ceil(scale.width)) + 1);
    return out;
}

namespace {

QString shortCount(double count)
{
    const auto say = [](double value, const char* unit) {
        return QLocale().toString(value, 'g', 3) + QLatin1String(unit);
    };
    if (count >= 1e9) return say(count / 1e9, "G");
    if (count >= 1e6) return say(count / 1e6, "M");
    return count >= 1e3 ? say(count / 1e3, "k") : say(count, "");
}

/// At least `value`, and a round number times a power of ten.
double roundUp(double value)
{
    const double power = std::pow(10, std::floor(std::log10(value)));
    for (const double digit : {1.0, 1.2, 1.6, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0})
        if (digit * power >= value * (1 - 1e-9)) return digit * power;
    return 10 * power;
}

struct RateUnit {
    double nanos;
    const char* text;
};

} // namespace

RateScale rateScale(double highestCount, double columnNanos)
{
    static const std::array<RateUnit, 6> kUnits = {
        {{1e3, QT_TRANSLATE_NOOP("leftfold::ui::TimelineText", "%1/µs")},
         {1e6, QT_TRANSLATE_NOOP("leftfold::ui::TimelineText", "%1/ms")},
         {kSecond, QT_TRANSLATE_NOOP("leftfold::ui::TimelineText", "%1/s")},
         {60 * kSecond, QT_TRANSLATE_NOOP("leftfold::ui::TimelineText", "%1/min")},
         {3600 * kSecond, QT_TRANSLATE_NOOP("leftfold::ui::TimelineText", "%1/h")},
         {kDay, QT_TRANSLATE_NOOP("leftfold::ui::TimelineText", "%1/d")}}};
    RateScale out;
    if (!(highestCount > 0)) return out;
    // The shortest unit in which the rate is a number of events, not a part of one.
    const RateUnit* unit = &kUnits.back();
    for (const RateUnit& candidate : kUnits) {
        if (candidate.nanos < columnNanos / 10 || highestCount * candidate.nanos / columnNanos < 2) continue;
        unit = &candidate;
        break;
    }
    const double perColumn = columnNanos / unit->nanos;
    const double top = roundUp(highestCount / perColumn);
    out.unitNanos = unit->nanos;
    out.top = top * perColumn;
    for (const double share : {0.0, 0.5, 1.0}) {
        const double rate = share * top;
        out.ticks.push_back(
            {rate * perColumn, rate == 0 ? QStringLiteral("0") : TimelineText::tr(unit->text).arg(shortCount(rate))});
    }
    return out;
}

std::vector<int> stacked(const float* counts, std::size_t lanes, double top, int height)
{
    std::vector<int> ends(lanes, 0);
    double sum = 0;
    int end = 0;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        sum += counts[lane];
        const int rounded = static_cast<int>(std::lround(sum / top * height));
        // Not more than a hundredth of an event is left of a bucket's share: that is no event.
        const bool isSeen = counts[lane] > 0.01F && end == 0;
        end = std::clamp(std::max(rounded, isSeen ? 1 : end), end, height);
        ends[lane] = end;
    }
    return ends;
}

QImage paintColumns(const Columns& columns, double top, const QSize& size, const Colours& colours)
{
    if (size.isEmpty()) return {}; // not laid out yet
    QImage image(size, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    const int height = size.height();
    const int shift = static_cast<int>(std::lround(columns.offset));
    std::array<QRgb, 8> palette{};
    for (std::size_t lane = 0; lane < palette.size(); ++lane) palette[lane] = colours.types[lane].rgb();
    std::vector<QRgb*> lines(static_cast<std::size_t>(height));
    for (int y = 0; y < height; ++y) lines[static_cast<std::size_t>(y)] = reinterpret_cast<QRgb*>(image.scanLine(y));
    for (int x = 0; x < size.width(); ++x) {
        const auto column = static_cast<std::size_t>(x + shift);
        if (column >= columns.size()) break;
        const std::vector<int> ends = stacked(&columns.counts[column * columns.lanes], columns.lanes, top, height);
        int from = 0;
        for (std::size_t lane = 0; lane < columns.lanes; ++lane) {
            const QRgb colour = palette[std::min(lane, palette.size() - 1)];
            for (; from < ends[lane]; ++from) lines[static_cast<std::size_t>(height - 1 - from)][x] = colour;
        }
    }
    return image;
}

QString columnText(const Columns& columns, std::size_t column, const replay::Density& density)
{
    QStringList out;
    for (std::size_t lane = 0; lane < columns.lanes && column < columns.size(); ++lane) {
        const auto count = static_cast<std::uint64_t>(std::lround(columns.counts[column * columns.lanes + lane]));
        if (count == 0) continue;
        const QString name = lane < density.types().size() ? QString::fromStdString(density.types()[lane])
                                                           : TimelineText::tr("other types");
        out += name + QLatin1Char(' ') + countText(count);
    }
    return out.join(QStringLiteral(" · "));
}

} // namespace leftfold::ui
