// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QList>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <random>

/// A number as one line of the log writes it, and what it is worth.
struct WrittenNumber {
    QByteArray pointer;
    QByteArray digits;
    std::int64_t tenThousandths = 0;
    int scale = 0; ///< decimals it is written with
};

/// One event, known in parts, and its line.
struct ShopEvent {
    std::optional<std::int64_t> nanos; ///< its own time since 1970
    QByteArray type;
    QByteArray invoice;
    std::optional<QByteArray> customer;
    std::optional<QByteArray> sku;
    QList<WrittenNumber> numbers;
    QByteArray line;
};

/// Order lines made at random, with what makes counting them hard: ids that are null, absent, objects, or numbers
/// here and texts there; equal numbers in different digits; texts, nulls and arrays where numbers are expected;
/// times out of order, far ahead, absent, and written in many ways.
class MadeShop {
public:
    explicit MadeShop(std::uint32_t seed) : m_random(seed) {}

    [[nodiscard]] ShopEvent next()
    {
        m_event = {};
        m_event.line = "{";
        addTypeAndIds();
        addNumbers();
        addTime();
        m_event.line += "}\n";
        return m_event;
    }

    /// ISO 8601 to the nanosecond.
    static QByteArray iso(std::int64_t nanos)
    {
        const std::int64_t seconds = nanos / kSecond - (nanos % kSecond < 0 ? 1 : 0);
        return clock(seconds) + "." + QByteArray::number(nanos - seconds * kSecond).rightJustified(9, '0') + "Z";
    }

    /// An integer of 10^-4 with so many decimals.
    static QByteArray plain(std::int64_t tenThousandths, int scale)
    {
        const std::int64_t value = coefficient(tenThousandths, scale);
        QByteArray digits = QByteArray::number(static_cast<qlonglong>(std::abs(value))).rightJustified(scale + 1, '0');
        if (scale > 0) digits.insert(digits.size() - scale, '.');
        return value < 0 ? "-" + digits : digits;
    }


private:
    static constexpr std::int64_t kSecond = 1'000'000'000;

    std::int64_t below(std::int64_t bound)
    {
        return static_cast<std::int64_t>(m_random() % static_cast<std::uint64_t>(bound));
    }
    bool oneIn(std::int64_t count) { return below(count) == 0; }

    static QByteArray clock(std::int64_t seconds)
    {
        return QDateTime::fromSecsSinceEpoch(seconds, Qt::UTC).toString("yyyy-MM-ddTHH:mm:ss").toUtf8();
    }

    void add(const QByteArray& member, const QByteArray& json)
    {
        m_event.line += (m_event.line.size() > 1 ? ",\"" : "\"") + member + "\":" + json;
    }

    void addTypeAndIds()
    {
        m_event.type = oneIn(20) ? "LineCancelled" : oneIn(30) ? "StockAdjusted" : "LineSold";
        add("type", "\"" + m_event.type + "\"");
        m_event.invoice = QByteArray::number(530'000 + below(2'000));
        add("invoice", "\"" + m_event.invoice + "\"");
        addCustomer();
        addSku();
    }

    /// One customer is 17850 here and "17850" there.
    void addCustomer()
    {
        const QByteArray customer = QByteArray::number(10'000 + below(400));
        if (oneIn(4)) {
            add("customer", "null");
        } else if (!oneIn(20)) {
            m_event.customer = customer;
            add("customer", oneIn(3) ? number("/customer", customer) : "\"" + customer + "\"");
        }
    }

    void addSku()
    {
        if (oneIn(50)) {
            add("sku", oneIn(2) ? R"({"code":"x"})" : R"(["x"])");
            return;
        }
        // One article of forty is sold again and again.
        m_event.sku = "Ü" + QByteArray::number(oneIn(4) ? 0 : below(40)) + " \xc2\xbd";
        add("sku", "\"" + *m_event.sku + "\"");
    }

    void addNumbers()
    {
        addNumber("quantity", "/quantity", (below(60) - 5) * 10'000);
        add("unitPrice", oneIn(40)   ? R"("n/a")"
                         : oneIn(40) ? "null"
                                     : number("/unitPrice", below(oneIn(9) ? 400'000'000 : 90'000)));
        add("sizes", "[1,2.5]");
        if (oneIn(3)) add("discount", R"({"percent":)" + number("/discount/percent", (below(41) - 20) * 2'500) + "}");
    }

    void addNumber(const QByteArray& member, const QByteArray& pointer, std::int64_t tenThousandths)
    {
        if (!oneIn(30)) add(member, number(pointer, tenThousandths));
    }

    QByteArray number(const QByteArray& pointer, const QByteArray& integer)
    {
        m_event.numbers.append({pointer, integer, integer.toLongLong() * 10'000, 0});
        return integer;
    }

    /// Writes a number in one of the ways there are: 2.5, 2.50, 2.5000, 25e-1.
    QByteArray number(const QByteArray& pointer, std::int64_t tenThousandths)
    {
        int least = 4;
        for (std::int64_t rest = tenThousandths; least > 0 && rest % 10 == 0; rest /= 10) --least;
        const int scale = least + static_cast<int>(oneIn(3) ? below(5 - least) : 0);
        QByteArray digits = oneIn(8) ? withExponent(tenThousandths, scale) : plain(tenThousandths, scale);
        m_event.numbers.append({pointer, digits, tenThousandths, scale});
        return digits;
    }

    static std::int64_t coefficient(std::int64_t tenThousandths, int scale)
    {
        for (int i = scale; i < 4; ++i) tenThousandths /= 10;
        return tenThousandths;
    }

    static QByteArray withExponent(std::int64_t tenThousandths, int scale)
    {
        return QByteArray::number(static_cast<qlonglong>(coefficient(tenThousandths, scale))) + "e-"
               + QByteArray::number(scale);
    }

    void addTime()
    {
        m_now += below(240) * kSecond + below(kSecond);
        if (oneIn(100) && m_timed) return;
        m_timed = true;
        std::int64_t time = m_now;
        if (oneIn(20)) time -= below(50'000) * kSecond;
        if (oneIn(4'000)) time += (2 + below(4)) * 86'400 * kSecond;
        add("at", "\"" + written(time) + "\"");
    }

    /// A time with 0, 3, 6 or 9 decimals, in UTC or another zone.
    QByteArray written(std::int64_t nanos)
    {
        constexpr std::array kUnits = {1'000'000'000, 1'000'000, 1'000, 1};
        const int precision = static_cast<int>(below(4));
        m_event.nanos = nanos - nanos % kUnits[static_cast<std::size_t>(precision)];
        const std::int64_t offset = oneIn(3) ? (below(25) - 12) * 1'800 : 0;
        const QByteArray fraction =
            QByteArray::number(*m_event.nanos % kSecond).rightJustified(9, '0').first(3 * precision);
        return clock(*m_event.nanos / kSecond + offset) + (fraction.isEmpty() ? "" : ".") + fraction + zone(offset);
    }

    static QByteArray zone(std::int64_t seconds)
    {
        if (seconds == 0) return "Z";
        const std::int64_t minutes = std::abs(seconds) / 60;
        return (seconds < 0 ? "-" : "+") + QByteArray::number(minutes / 60).rightJustified(2, '0') + ":"
               + QByteArray::number(minutes % 60).rightJustified(2, '0');
    }

    std::mt19937_64 m_random;
    std::int64_t m_now = 1'291'191'960 * kSecond;
    bool m_timed = false;
    ShopEvent m_event;
};
