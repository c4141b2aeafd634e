// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fold/exact_sum.h"

#include <QtTest>

#include <algorithm>
#include <map>
#include <random>

using leftfold::fold::ExactSum;

namespace {

/// The same sum by schoolbook: a column of digits for each decimal place, carried at the end.
class Schoolbook {
public:
    void add(const std::string& number)
    {
        const int sign = number.front() == '-' ? -1 : 1;
        const std::size_t e = std::min(number.find_first_of("eE"), number.size());
        const long exponent = e < number.size() ? std::stol(number.substr(e + 1)) : 0;
        const std::string mantissa = number.substr(0, e);
        const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
        long place = static_cast<long>(point) + exponent;
        for (const char c : mantissa.substr(0, point) + mantissa.substr(std::min(point + 1, mantissa.size())))
            if (--place; c == '-')
                continue;
            else
                m_columns[place] += sign * (c - '0');
        m_scale = std::max(m_scale, -place);
    }

    [[nodiscard]] std::string digits() const
    {
        Columns columns = m_columns;
        columns.try_emplace(0, 0);
        Columns negated = columns;
        for (auto& column : negated) column.second = -column.second;
        if (carry(columns) >= 0) return written(columns, false);
        carry(negated);
        return written(negated, true);
    }

private:
    using Columns = std::map<long, long>;

    /// Leaves one digit in each column and returns the sign of what was carried out of the last.
    static long carry(Columns& columns)
    {
        long carried = 0;
        for (long place = columns.begin()->first; place <= columns.rbegin()->first || carried > 0; ++place) {
            long& column = columns[place];
            column += carried;
            carried = column >= 0 ? column / 10 : -((-column + 9) / 10);
            column -= carried * 10;
        }
        return carried;
    }

    [[nodiscard]] std::string written(const Columns& columns, bool negative) const
    {
        std::string text;
        for (long place = std::max(0L, columns.rbegin()->first); place >= -m_scale; --place) {
            const auto column = columns.find(place);
            const char digit = column == columns.end() ? '0' : static_cast<char>('0' + column->second);
            if (digit != '0' || !text.empty() || place <= 0) text.push_back(digit);
            if (place == 0 && m_scale > 0) text.push_back('.');
        }
        return text.insert(0, negative ? 1 : 0, '-');
    }

    Columns m_columns;
    long m_scale = 0;
};

std::string sumOf(const std::vector<std::string>& numbers)
{
    ExactSum sum;
    for (const std::string& number : numbers) sum.add(number);
    return sum.digits();
}

std::string savedAndRestored(const ExactSum& sum)
{
    std::string saved;
    sum.save(saved);
    ExactSum again;
    leftfold::base::ByteReader in(saved);
    return again.restore(in) && in.atEnd() ? again.digits() : "(not restored)";
}

class Numbers {
public:
    explicit Numbers(unsigned seed) : m_random(seed) {}

    int below(int end) { return std::uniform_int_distribution<int>(0, end - 1)(m_random); }

    std::string next(int longest)
    {
        std::string number(below(2) != 0 ? 1 : 0, '-');
        if (below(4) == 0)
            number += '0';
        else
            number.append(1, static_cast<char>('1' + below(9))).append(digits(below(longest)));
        if (below(2) != 0) number.append(1, '.').append(digits(1 + below(longest)));
        if (below(4) == 0) number.append(below(2) != 0 ? "e" : "E-").append(std::to_string(below(longest)));
        return number;
    }

    std::vector<std::string> some(int longest)
    {
        std::vector<std::string> numbers;
        for (int count = 1 + below(40); count > 0; --count) numbers.push_back(next(longest));
        return numbers;
    }

    void shuffle(std::vector<std::string>& numbers) { std::shuffle(numbers.begin(), numbers.end(), m_random); }

private:
    std::string digits(int count)
    {
        std::string text;
        for (; count > 0; --count) text.push_back(static_cast<char>('0' + below(10)));
        return text;
    }

    std::mt19937 m_random;
};

} // namespace

class ExactSumTest : public QObject {
    Q_OBJECT

private slots:
    void sumsByHand_data();
    void sumsByHand();
    void limitLooksAtSummandsInAnyOrder_data();
    void limitLooksAtSummandsInAnyOrder();
    void carriesMayMakeTheSumLonger();
    void beyondStaysBeyond();
    void equalsSchoolbookInAnyOrder_data();
    void equalsSchoolbookInAnyOrder();
    void goesOnAfterRestore();
    void refusesOtherBytes();
};

void ExactSumTest::sumsByHand_data()
{
    QTest::addColumn<QString>("numbers");
    QTest::addColumn<QString>("sum");
    QTest::newRow("nothing") << ""
                             << "0";
    QTest::newRow("largest scale") << "2.50 1"
                                   << "3.50";
    QTest::newRow("largest scale first or last") << "1 2.5 0.25"
                                                 << "3.75";
    QTest::newRow("scale stays when digits cancel") << "2.50 -2.50"
                                                    << "0.00";
    QTest::newRow("minus zero") << "-0"
                                << "0";
    QTest::newRow("minus zero with a scale") << "-0.00"
                                             << "0.00";
    QTest::newRow("exponent upwards has no scale") << "1e3"
                                                   << "1000";
    QTest::newRow("exponent downwards") << "1.5e-3"
                                        << "0.0015";
    QTest::newRow("exponent eats the scale") << "2.50e1"
                                             << "25.0";
    QTest::newRow("capital and plus") << "1E+2 1e0"
                                      << "101";
    QTest::newRow("zero times a huge power") << "0e999999999999999999999"
                                             << "0";
    QTest::newRow("negative below one") << "-0.05"
                                        << "-0.05";
    QTest::newRow("ten tenths") << "0.1 0.1 0.1 0.1 0.1 0.1 0.1 0.1 0.1 0.1"
                                << "1.0";
    QTest::newRow("2^53+1") << "9007199254740993 9007199254740993"
                            << "18014398509481986";
    QTest::newRow("beyond 64 bits") << "9223372036854775807 9223372036854775807"
                                    << "18446744073709551614";
    QTest::newRow("beyond 128 bits") << "170141183460469231731687303715884105727 1"
                                     << "170141183460469231731687303715884105728";
    QTest::newRow("18 digits and 18 places") << "999999999999999999 0.000000000000000001"
                                             << "999999999999999999.000000000000000001";
    QTest::newRow("40 digits") << "1234567890123456789012345678901234567890 0.5"
                               << "1234567890123456789012345678901234567890.5";
    QTest::newRow("40 places") << "0.1234567890123456789012345678901234567890 -1"
                               << "-0.8765432109876543210987654321098765432110";
    QTest::newRow("wide and back to small") << "1e60 5 -1e60"
                                            << "5";
    QTest::newRow("wide, negative") << "1e50 -3e50"
                                    << "-200000000000000000000000000000000000000000000000000";
    QTest::newRow("borrow through many limbs") << "1e60 -1e-2"
                                               << "999999999999999999999999999999999999999999999999999999999999.99";
    QTest::newRow("1e400") << "1e400 -1e400 7"
                           << "7";
}

void ExactSumTest::sumsByHand()
{
    QFETCH(QString, numbers);
    ExactSum sum;
    for (const QString& number : numbers.split(' ', Qt::SkipEmptyParts)) sum.add(number.toStdString());
    QTEST(QString::fromStdString(sum.digits()), "sum");
    QTEST(QString::fromStdString(savedAndRestored(sum)), "sum");
}

void ExactSumTest::limitLooksAtSummandsInAnyOrder_data()
{
    QTest::addColumn<QStringList>("numbers");
    QTest::addColumn<bool>("beyond");
    QTest::newRow("4,096 digits before the point") << QStringList{"1e4095"} << false;
    QTest::newRow("one more") << QStringList{"1e4096"} << true;
    QTest::newRow("4,095 behind it") << QStringList{"1e-4095"} << false;
    QTest::newRow("4,096 behind it") << QStringList{"1e-4096"} << true;
    QTest::newRow("together") << QStringList{"1e4094", "0.5"} << false;
    QTest::newRow("together one more") << QStringList{"1e4094", "0.25"} << true;
    QTest::newRow("cancelled, yet spanned") << QStringList{"1e4094", "-1e4094", "0.25"} << true;
    QTest::newRow("small ones count in full") << QStringList{"12345", "1e-4092"} << true;
    QTest::newRow("small ones at the edge") << QStringList{"12345", "1e-4091"} << false;
    QTest::newRow("a memory bomb") << QStringList{"1e999999999", "1"} << true;
    QTest::newRow("a memory bomb downwards") << QStringList{"1e-999999999999999999999999", "1"} << true;
    QTest::newRow("zero has its places too") << QStringList{"0e-5000", "1"} << true;
}

void ExactSumTest::limitLooksAtSummandsInAnyOrder()
{
    QFETCH(QStringList, numbers);
    std::sort(numbers.begin(), numbers.end());
    QSet<QString> sums;
    do {
        ExactSum sum;
        for (const QString& number : numbers) sum.add(number.toStdString());
        QTEST(sum.beyond(), "beyond");
        QCOMPARE(savedAndRestored(sum), sum.digits());
        sums.insert(QString::fromStdString(sum.digits()));
    } while (std::next_permutation(numbers.begin(), numbers.end()));
    QCOMPARE(sums.size(), 1);
}

void ExactSumTest::carriesMayMakeTheSumLonger()
{
    ExactSum sum;
    sum.add("9e4095");
    sum.add("9e4095");
    QVERIFY(!sum.beyond());
    QCOMPARE(sum.digits(), std::string(4097, '0').replace(0, 2, "18"));
    QCOMPARE(savedAndRestored(sum), sum.digits());
}

void ExactSumTest::beyondStaysBeyond()
{
    ExactSum sum;
    for (const char* number : {"1e5000", "-1e5000", "3", "0.5", "12345678901234567890123"}) sum.add(number);
    QVERIFY(sum.beyond());
    QCOMPARE(sum.digits(), std::string("beyond 4096 digits"));
}

void ExactSumTest::equalsSchoolbookInAnyOrder_data()
{
    QTest::addColumn<int>("longest");
    for (const int longest : {2, 5, 9, 20, 60, 900}) QTest::addRow("up to %d digits", longest) << longest;
}

void ExactSumTest::equalsSchoolbookInAnyOrder()
{
    QFETCH(int, longest);
    const unsigned seed = std::random_device{}();
    Numbers random(seed);
    for (int round = 0; round < 2000 / longest + 5; ++round) {
        auto numbers = random.some(longest);
        Schoolbook oracle;
        for (const std::string& number : numbers) oracle.add(number);
        const auto said =
            QString("seed %1, round %2: %3").arg(seed).arg(round).arg(QString::fromStdString(numbers.front()));
        QVERIFY2(sumOf(numbers) == oracle.digits(),
                 qPrintable(said + " ... schoolbook " + QString::fromStdString(oracle.digits()) + " sum "
                            + QString::fromStdString(sumOf(numbers))));
        random.shuffle(numbers);
        QVERIFY2(sumOf(numbers) == oracle.digits(), qPrintable(said + " shuffled"));
    }
}

void ExactSumTest::goesOnAfterRestore()
{
    const unsigned seed = std::random_device{}();
    Numbers random(seed);
    for (int round = 0; round < 300; ++round) {
        const auto numbers = random.some(1 + random.below(30));
        ExactSum sum;
        for (const std::string& number : numbers) {
            std::string saved;
            sum.save(saved);
            leftfold::base::ByteReader in(saved);
            QVERIFY2(sum.restore(in) && in.atEnd(), qPrintable(QString("seed %1").arg(seed)));
            sum.add(number);
        }
        QVERIFY2(sum.digits() == sumOf(numbers), qPrintable(QString("seed %1, round %2").arg(seed).arg(round)));
    }
}

void ExactSumTest::refusesOtherBytes()
{
    ExactSum sum;
    sum.add("12345678901234567890123456789012345678901234567890.5");
    std::string saved;
    sum.save(saved);
    for (std::size_t size = 0; size < saved.size(); ++size) {
        leftfold::base::ByteReader in(std::string_view(saved).substr(0, size));
        QVERIFY2(!ExactSum().restore(in), qPrintable(QString("cut at %1").arg(size)));
    }
    saved[0] = 7;
    leftfold::base::ByteReader in(saved);
    QVERIFY(!ExactSum().restore(in));
}

QTEST_APPLESS_MAIN(ExactSumTest)
#include "exact_sum_test.moc"
