// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/time.h"

#include "core/base/ascii.h"

#include <algorithm>
#include <array>
#include <optional>

namespace leftfold::base {

namespace {

__extension__ using Wide = __int128;

constexpr std::int64_t kSecondsPerDay = 86'400;
constexpr std::uint32_t kNanosPerSecond = 1'000'000'000;
/// The years int64 seconds can say need no more digits.
constexpr std::size_t kMaxYearDigits = 12;

struct Date {
    std::int64_t year = 0;
    int month = 1;
    int day = 1;
};

/// A clock reading as written, before its offset is taken off.
struct Clock {
    std::int64_t secondOfDay = 0; ///< up to 86,400: hour 24, second 60
    std::uint32_t nanos = 0;
};

bool isLeap(std::int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int daysIn(std::int64_t year, int month)
{
    constexpr std::array kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && isLeap(year) ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

std::int64_t floorDiv(std::int64_t a, std::int64_t b)
{
    return a / b - (a % b < 0 ? 1 : 0);
}

/// Days since 1970-01-01 of a date of the proleptic Gregorian calendar. Counts in years that start
/// in March, so that the leap day is the last of its year. REQUIRES: a year from 0 to 9999.
std::int64_t daysOf(unsigned year, unsigned month, unsigned day)
{
    const bool early = month <= 2;
    const unsigned march = 400 + year - (early ? 1 : 0);
    const unsigned dayOfYear = (153 * (month + (early ? 9 : 0) - (early ? 0 : 3)) + 2) / 5 + day - 1;
    return static_cast<std::int64_t>(march * 365 + march / 4 - march / 100 + march / 400 + dayOfYear) - 719'468
           - 146'097;
}

std::int64_t daysOf(const Date& date)
{
    const std::int64_t era = floorDiv(date.year, 400);
    const auto yearOfEra = static_cast<unsigned>(date.year - era * 400);
    return era * 146'097 + daysOf(yearOfEra, static_cast<unsigned>(date.month), static_cast<unsigned>(date.day));
}

Date dateOf(std::int64_t days)
{
    const std::int64_t shifted = days + 719'468;
    const std::int64_t era = floorDiv(shifted, 146'097);
    const std::int64_t dayOfEra = shifted - era * 146'097;
    const std::int64_t yearOfEra = (dayOfEra - dayOfEra / 1'460 + dayOfEra / 36'524 - dayOfEra / 146'096) / 365;
    const std::int64_t dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const auto marchMonth = static_cast<int>((5 * dayOfYear + 2) / 153);
    const auto day = static_cast<int>(dayOfYear - (153 * marchMonth + 2) / 5 + 1);
    const int month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
    return {era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day};
}

bool inSeconds(Wide seconds)
{
    return seconds >= std::numeric_limits<std::int64_t>::min() && seconds <= std::numeric_limits<std::int64_t>::max();
}

/// The number two digits stand for; `wrong` gets a bit above the lowest four where one is no digit.
unsigned pair(const char* at, unsigned& wrong)
{
    const unsigned high = static_cast<unsigned char>(at[0]) - unsigned{'0'};
    const unsigned low = static_cast<unsigned char>(at[1]) - unsigned{'0'};
    wrong |= (high > 9 ? 16U : 0U) | (low > 9 ? 16U : 0U);
    return high * 10 + low;
}

/// The fraction of `text`, "Z" or "." with 1 to 9 digits and "Z", in nanoseconds; `wrong` as above.
std::uint32_t usualFraction(std::string_view text, unsigned& wrong)
{
    if (text == "Z") return 0;
    wrong |= text.size() < 3 || text.size() > 11 || text.front() != '.' || text.back() != 'Z' ? 16U : 0U;
    if (wrong != 0) return 0;
    std::uint32_t nanos = 0;
    for (std::size_t i = 1; i <= 9; ++i) {
        const unsigned digit = i + 1 < text.size() ? static_cast<unsigned char>(text[i]) - unsigned{'0'} : 0;
        wrong |= digit > 9 ? 16U : 0U;
        nanos = nanos * 10 + digit;
    }
    return nanos;
}

/// "2010-12-01T08:26:00Z" or "...00.123Z", the forms nearly every log uses, without a branch a character. Nothing
/// where the text is another form or no valid time: the grammar below has the last word.
std::optional<Time> parseUsualForm(std::string_view text)
{
    if (text.size() < 20) return std::nullopt;
    const char* at = text.data();
    if (at[4] != '-' || at[7] != '-' || at[10] != 'T' || at[13] != ':' || at[16] != ':') return std::nullopt;
    unsigned wrong = 0;
    const unsigned year = pair(at, wrong) * 100 + pair(at + 2, wrong);
    const unsigned month = pair(at + 5, wrong);
    const unsigned day = pair(at + 8, wrong);
    const unsigned hour = pair(at + 11, wrong);
    const unsigned minute = pair(at + 14, wrong);
    const unsigned second = pair(at + 17, wrong);
    const std::uint32_t nanos = usualFraction(text.substr(19), wrong);
    if (wrong != 0 || month - 1 > 11 || hour > 23 || minute > 59 || second > 59 || day == 0) return std::nullopt;
    if (day > 28 && static_cast<int>(day) > daysIn(year, static_cast<int>(month))) return std::nullopt;
    const std::int64_t days = daysOf(year, month, day);
    return Time{days * kSecondsPerDay + static_cast<std::int64_t>(hour * 3'600 + minute * 60 + second), nanos};
}

/// Reads a text from the left. What cannot go on remembers why; the first reason stays.
class TimeParser {
public:
    explicit TimeParser(std::string_view text) : m_text(text), m_rest(text) {}

    Result<Time> parse()
    {
        const Date date = readDate();
        const Clock clock = m_rest.empty() || m_reason ? Clock{} : readClock();
        const std::int64_t offset = m_rest.empty() || m_reason ? 0 : readOffset();
        if (!m_reason && !m_rest.empty()) stop("nothing may follow the time but Z or an offset as +01:00");
        if (!m_reason) return timeFrom(date, clock, offset);
        return fail(ErrorCode::BadTime, m_text, *m_reason);
    }

private:
    void stop(std::string reason)
    {
        if (!m_reason) m_reason = std::move(reason);
    }

    [[nodiscard]] bool startsWith(char c) const { return !m_rest.empty() && m_rest.front() == c; }

    bool skip(char c)
    {
        if (!startsWith(c)) return false;
        m_rest.remove_prefix(1);
        return true;
    }

    bool skipBlanks()
    {
        const std::size_t blanks = std::min(m_rest.find_first_not_of(" \t"), m_rest.size());
        m_rest.remove_prefix(blanks);
        return blanks > 0;
    }

    [[nodiscard]] std::size_t digitsAhead() const
    {
        return static_cast<std::size_t>(std::find_if_not(m_rest.begin(), m_rest.end(), isDigit) - m_rest.begin());
    }

    /// `count` digits as a number; `what` says in an error what they should have been. 0 once anything was wrong.
    std::int64_t number(std::size_t count, std::string_view what)
    {
        if (m_reason) return 0;
        if (digitsAhead() < count) {
            stop("expected " + std::string(what));
            return 0;
        }
        std::int64_t value = 0;
        for (const char digit : m_rest.substr(0, count)) value = value * 10 + (digit - '0');
        m_rest.remove_prefix(count);
        return value;
    }

    int bounded(std::size_t count, std::string_view what, int low, int high)
    {
        const auto value = static_cast<int>(number(count, what));
        if (!m_reason && (value < low || value > high))
            stop("there is no " + std::string(what) + " " + std::to_string(value));
        return m_reason ? low : value;
    }

    /// ±YYYY-MM-DD with 4 to 12 digits of year, YYYY-MM-DD or YYYYMMDD.
    Date readDate()
    {
        constexpr std::string_view kWhat = "a date as 2011-01-31";
        const bool negative = startsWith('-');
        const bool expanded = negative || startsWith('+');
        if (expanded) m_rest.remove_prefix(1);
        const std::size_t digits = digitsAhead();
        const bool basic = !expanded && digits == 8;
        if (!basic && (digits < 4 || digits > (expanded ? kMaxYearDigits : 4))) stop("expected " + std::string(kWhat));
        Date date;
        date.year = number(basic ? 4 : digits, kWhat) * (negative ? -1 : 1);
        if (!basic && !skip('-')) stop("expected " + std::string(kWhat));
        date.month = bounded(2, "month", 1, 12);
        if (!basic && !skip('-')) stop("expected " + std::string(kWhat));
        date.day = bounded(2, "day", 1, 31);
        if (!m_reason && date.day > daysIn(date.year, date.month))
            stop("that month has no day " + std::to_string(date.day));
        return date;
    }

    /// Thh:mm[:ss[.fraction]] or Thhmm[ss[.fraction]].
    Clock readClock()
    {
        if (!skip('T') && !skip('t') && !skipBlanks()) {
            stop("expected T or a blank behind the date");
            return {};
        }
        const int hour = bounded(2, "hour", 0, 24);
        const bool extended = skip(':');
        const int minute = bounded(2, "minute", 0, 59);
        const bool hasSecond = extended ? skip(':') : digitsAhead() > 0;
        const int second = hasSecond ? bounded(2, "second", 0, 60) : 0;
        Clock clock;
        if (hasSecond && (skip('.') || skip(','))) clock.nanos = readFraction();
        if (hour == 24 && (minute != 0 || second != 0 || clock.nanos != 0))
            stop("hour 24 is only the end of a day, 24:00:00");
        clock.secondOfDay = hour * 3'600 + minute * 60 + second;
        return clock;
    }

    std::uint32_t readFraction()
    {
        const std::size_t digits = digitsAhead();
        if (digits == 0) stop("expected digits of the fraction");
        std::uint32_t nanos = 0;
        for (std::size_t i = 0; i < 9; ++i) {
            nanos = nanos * 10 + (i < digits ? static_cast<std::uint32_t>(m_rest[i] - '0') : 0);
        }
        m_rest.remove_prefix(digits);
        return nanos;
    }

    /// Z, z, ±hh, ±hhmm, ±hh:mm, blanks before allowed; the seconds the clock is ahead of UTC.
    std::int64_t readOffset()
    {
        skipBlanks();
        if (skip('Z') || skip('z')) return 0;
        const bool negative = startsWith('-');
        if (!negative && !startsWith('+')) return 0;
        m_rest.remove_prefix(1);
        const int hours = bounded(2, "offset of hours", 0, 23);
        const bool colon = skip(':');
        const int minutes = colon || digitsAhead() > 0 ? bounded(2, "offset of minutes", 0, 59) : 0;
        return (hours * 3'600 + minutes * 60) * (negative ? -1 : 1);
    }

    [[nodiscard]] Result<Time> timeFrom(const Date& date, const Clock& clock, std::int64_t offset) const
    {
        const Wide seconds = Wide{daysOf(date)} * kSecondsPerDay + clock.secondOfDay - offset;
        if (!inSeconds(seconds)) return fail(ErrorCode::BadTime, m_text, "it is further away than a time can say");
        return Time{static_cast<std::int64_t>(seconds), clock.nanos};
    }

    std::string_view m_text;
    std::string_view m_rest;
    std::optional<std::string> m_reason;
};

/// The parts of a number as it is written: -12.50e3 is negative, "12", "50", 3.
struct NumberParts {
    bool negative = false;
    std::string_view integer;
    std::string_view fraction;
    std::int64_t exponent = 0;
};

std::string_view takeDigits(std::string_view& rest)
{
    const auto end = std::find_if_not(rest.begin(), rest.end(), isDigit);
    const std::string_view digits = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
    rest.remove_prefix(digits.size());
    return digits;
}

bool takeChar(std::string_view& rest, char c)
{
    if (rest.empty() || rest.front() != c) return false;
    rest.remove_prefix(1);
    return true;
}

/// Exponents beyond a million million are as good as that: nothing near them is a time.
std::optional<std::int64_t> takeExponent(std::string_view& rest)
{
    const bool negative = takeChar(rest, '-');
    if (!negative) takeChar(rest, '+');
    const std::string_view digits = takeDigits(rest);
    if (digits.empty()) return std::nullopt;
    std::int64_t value = 0;
    for (const char digit : digits) value = std::min<std::int64_t>(value * 10 + (digit - '0'), 1'000'000'000'000);
    return negative ? -value : value;
}

std::optional<NumberParts> splitNumber(std::string_view text)
{
    NumberParts parts;
    parts.negative = takeChar(text, '-');
    parts.integer = takeDigits(text);
    if (parts.integer.empty()) return std::nullopt;
    if (takeChar(text, '.')) {
        parts.fraction = takeDigits(text);
        if (parts.fraction.empty()) return std::nullopt;
    }
    if (takeChar(text, 'e') || takeChar(text, 'E')) {
        const auto exponent = takeExponent(text);
        if (!exponent) return std::nullopt;
        parts.exponent = *exponent;
    }
    if (!text.empty()) return std::nullopt;
    return parts;
}

/// The digits of a number from the first that is not zero, integer and fraction in one row.
struct Significand {
    std::string_view integer;
    std::string_view fraction;
    /// Where the decimal point stands behind the first significant digit, exponent taken in.
    std::int64_t point = 0;

    explicit Significand(const NumberParts& parts) : integer(parts.integer), fraction(parts.fraction)
    {
        integer.remove_prefix(std::min(integer.find_first_not_of('0'), integer.size()));
        point = static_cast<std::int64_t>(integer.size()) + parts.exponent;
        if (!integer.empty()) return;
        const std::size_t zeros = std::min(fraction.find_first_not_of('0'), fraction.size());
        fraction.remove_prefix(zeros);
        point -= static_cast<std::int64_t>(zeros);
    }
    [[nodiscard]] std::size_t size() const { return integer.size() + fraction.size(); }
    [[nodiscard]] char at(std::size_t i) const
    {
        return i < integer.size() ? integer[i] : i < size() ? fraction[i - integer.size()] : '0';
    }
};

int decimalsOf(EpochUnit unit)
{
    return 3 * static_cast<int>(unit);
}

/// The number's whole nanoseconds, rounded towards the past; nothing where they leave 30 digits.
std::optional<Wide> wholeNanos(const NumberParts& parts, EpochUnit unit)
{
    const Significand digits(parts);
    if (digits.size() == 0) return Wide{0};
    const std::int64_t whole = digits.point + 9 - decimalsOf(unit);
    if (whole > 30) return std::nullopt;
    const auto count = static_cast<std::size_t>(std::max<std::int64_t>(whole, 0));
    Wide value = 0;
    for (std::size_t i = 0; i < count; ++i) value = value * 10 + (digits.at(i) - '0');
    if (!parts.negative) return value;
    bool more = false;
    for (std::size_t i = count; i < digits.size() && !more; ++i) more = digits.at(i) != '0';
    return -value - (more ? 1 : 0);
}

/// Digits alone and not too many, as nearly every log writes them: no wide arithmetic.
std::optional<Time> parsePlainDigits(std::string_view digits, EpochUnit unit)
{
    if (digits.empty() || digits.size() > 18) return std::nullopt;
    std::uint64_t value = 0;
    for (const char c : digits) {
        const unsigned digit = static_cast<unsigned char>(c) - unsigned{'0'};
        if (digit > 9) return std::nullopt;
        value = value * 10 + digit;
    }
    constexpr std::array<std::uint64_t, 4> kUnits = {1, 1'000, 1'000'000, 1'000'000'000};
    const std::uint64_t perSecond = kUnits[static_cast<std::size_t>(unit)];
    const std::uint64_t nanos = value % perSecond * (kNanosPerSecond / perSecond);
    return Time{static_cast<std::int64_t>(value / perSecond), static_cast<std::uint32_t>(nanos)};
}

/// Writes texts of bounded size from the left.
class IsoWriter {
public:
    void sign(char c) { *m_at++ = c; }

    /// `value` in `width` digits. REQUIRES: it has no more.
    void fixed(std::uint64_t value, std::size_t width)
    {
        for (std::size_t i = width; i-- > 0; value /= 10) m_at[i] = static_cast<char>('0' + value % 10);
        m_at += width;
    }

    void date(const Date& date)
    {
        const bool expanded = date.year < 0 || date.year > 9999;
        const auto year = static_cast<std::uint64_t>(date.year < 0 ? -date.year : date.year);
        std::size_t width = expanded ? 6 : 4;
        for (std::uint64_t rest = year / 1'000'000; expanded && rest > 0; rest /= 10) ++width;
        if (expanded) sign(date.year < 0 ? '-' : '+');
        fixed(year, width);
        sign('-');
        fixed(static_cast<std::uint64_t>(date.month), 2);
        sign('-');
        fixed(static_cast<std::uint64_t>(date.day), 2);
    }

    void fraction(std::uint32_t nanos)
    {
        if (nanos == 0) return;
        sign('.');
        if (nanos % 1'000'000 == 0) return fixed(nanos / 1'000'000, 3);
        if (nanos % 1'000 == 0) return fixed(nanos / 1'000, 6);
        fixed(nanos, 9);
    }

    [[nodiscard]] std::string text() const
    {
        return std::string(m_text.data(), static_cast<std::size_t>(m_at - m_text.data()));
    }

private:
    std::array<char, 48> m_text{};
    char* m_at = m_text.data();
};

} // namespace

Result<Time> parseTime(std::string_view text)
{
    if (const auto usual = parseUsualForm(text)) return *usual;
    return TimeParser(text).parse();
}

Result<Time> parseEpoch(std::string_view digits, EpochUnit unit)
{
    if (const auto plain = parsePlainDigits(digits, unit)) return *plain;
    const auto parts = splitNumber(digits);
    if (!parts) return fail(ErrorCode::BadTime, digits, "expected a number");
    const auto nanos = wholeNanos(*parts, unit);
    if (!nanos) return fail(ErrorCode::BadTime, digits, "it is further away than a time can say");
    Wide seconds = *nanos / kNanosPerSecond;
    auto rest = static_cast<std::int64_t>(*nanos % kNanosPerSecond);
    if (rest < 0) {
        rest += kNanosPerSecond;
        seconds -= 1;
    }
    if (!inSeconds(seconds)) return fail(ErrorCode::BadTime, digits, "it is further away than a time can say");
    return Time{static_cast<std::int64_t>(seconds), static_cast<std::uint32_t>(rest)};
}

EpochUnit guessEpochUnit(std::string_view digits)
{
    const auto parts = splitNumber(digits);
    if (!parts) return EpochUnit::Seconds;
    const Significand number(*parts);
    // 11 digits of seconds end in the year 5138; three digits more for every finer unit.
    if (number.size() == 0 || number.point <= 11) return EpochUnit::Seconds;
    if (number.point <= 14) return EpochUnit::Milliseconds;
    return number.point <= 17 ? EpochUnit::Microseconds : EpochUnit::Nanoseconds;
}

std::string toIso(Time time)
{
    const std::int64_t days = floorDiv(time.seconds, kSecondsPerDay);
    const std::int64_t rest = time.seconds % kSecondsPerDay;
    const auto second = static_cast<std::uint64_t>(rest < 0 ? rest + kSecondsPerDay : rest);
    IsoWriter out;
    out.date(dateOf(days));
    out.sign('T');
    out.fixed(second / 3'600, 2);
    out.sign(':');
    out.fixed(second / 60 % 60, 2);
    out.sign(':');
    out.fixed(second % 60, 2);
    out.fraction(time.nanos);
    out.sign('Z');
    return out.text();
}

} // namespace leftfold::base
