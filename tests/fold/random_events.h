// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/fold/text_events.h"

#include <QStringList>

#include <random>

namespace leftfold::fold::test {

/// Events of all kinds a log may hold, different ones for each seed.
class RandomEvents {
public:
    explicit RandomEvents(unsigned seed) : m_random(seed) {}

    int below(int end) { return std::uniform_int_distribution<int>(0, end - 1)(m_random); }

    std::vector<TextEvent> some(int count)
    {
        std::vector<TextEvent> events;
        for (int i = 0; i < count; ++i) events.emplace_back(next(i));
        return events;
    }

    /// An object of nested and duplicate members, arrays, and numbers of any size.
    QString object(int depth)
    {
        QStringList members;
        for (int count = below(5); count > 0; --count) {
            const QString name = pick({"n", "amount", "\\u006e", "a/b", QString("x%1").arg(below(30))});
            const bool nested = depth > 0 && below(4) == 0;
            members +=
                QString(R"("%1":%2)")
                    .arg(name, nested ? object(depth - 1) : pick({number(), number(), R"("text")", "null", "[1]"}));
        }
        return "{" + members.join(',') + "}";
    }

private:
    QString pick(const QStringList& words) { return words[below(static_cast<int>(words.size()))]; }

    std::string next(int i)
    {
        const QString partition = pick({"orders[0]", "orders[1]", "stock[0]"});
        const QString time =
            pick({"-", "2020-01-01T00:00:00Z", "1969-12-31T23:59:59.5Z", "2261-01-01T00:00:00.123456789Z"});
        const QString type = pick({"Placed", "Paid", "-", QString("T%1").arg(below(40))});
        return QString("%1@%2 %3 %4 %5").arg(partition).arg(i).arg(time, type, value()).toStdString();
    }

    QString value()
    {
        switch (below(12)) {
        case 0:
            return "(none)";
        case 1:
            return R"((bad){"n":)";
        case 2:
            return number();
        case 3:
            return R"([1,{"n":2}])";
        default:
            return object(3);
        }
    }

    QString number()
    {
        return pick({QString::number(below(2000) - 1000), QString("%1.%2").arg(below(1000)).arg(below(1000)), "-0",
                     "0.00", "1e3", "1.5E-3", "123456789012345678901234567890.5", "9007199254740993", "1e400",
                     pick({"7", "7", "7", "7", "1e5000"})});
    }

    std::mt19937 m_random;
};

} // namespace leftfold::fold::test
