// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/number.h"

#include "core/event/json_walker.h"
#include "tests/event/random_document.h"

#include <QTest>

using namespace leftfold;
using namespace leftfold::event;

namespace {

std::string normal(base::ByteView digits)
{
    std::string out;
    appendNormalNumber(out, digits);
    return out;
}

const char* sign(std::weak_ordering order)
{
    return order < 0 ? "<" : (order > 0 ? ">" : "=");
}

/// A random number, and the same value in units of 10^-12, so that 64-bit integers can judge it.
struct Judged {
    std::string digits;
    std::int64_t value;
};

Judged randomJudged(test::Random& random)
{
    const auto mantissa = static_cast<std::int64_t>(random() % 20001) - 10000;
    const int exponent = static_cast<int>(random() % 13) - 6;
    std::int64_t value = mantissa;
    for (int i = -6; i < exponent; ++i) value *= 10;
    std::string digits = std::to_string(mantissa);
    switch (random() % 3) {
    case 0:
        digits.append("e").append(std::to_string(exponent));
        break;
    case 1: // many digits, so that the long way is taken
        digits.append(".").append(30, '0').append(exponent < 0 ? "E" : "E+").append(std::to_string(exponent));
        break;
    default:
        digits.append(25, '0').append("e").append(std::to_string(exponent - 25));
    }
    return {digits, value};
}

} // namespace

class NumberTest : public QObject {
    Q_OBJECT

private slots:
    void numbersCompareByValue_data();
    void numbersCompareByValue();
    void normalForms_data();
    void normalForms();
    void syntax_data();
    void syntax();
    void comparisonAgreesWithIntegers();
    void lawsHoldOnUnusualNumbers();
    void longExponentsCostTheirOwnLength();
};

void NumberTest::numbersCompareByValue_data()
{
    QTest::addColumn<QByteArray>("a");
    QTest::addColumn<QByteArray>("order");
    QTest::addColumn<QByteArray>("b");
    const auto row = [](const char* a, const char* order, const char* b) {
        QTest::addRow("%s %s %s", a, order, b) << QByteArray(a) << QByteArray(order) << QByteArray(b);
    };
    row("1", "=", "1.0");
    row("1", "=", "1e0");
    row("1", "=", "0.1e1");
    row("1", "=", "10e-1");
    row("0", "=", "-0");
    row("0", "=", "-0.000e999999999999999999999");
    row("0", "<", "1e-999999999999999999999");
    row("0", ">", "-1e-999999999999999999999");
    row("-1", "<", "1");
    row("-2", "<", "-1");
    row("2", "<", "10");
    row("-10", "<", "-2");
    row("0.1", "<", "0.11");
    row("0.09", "<", "0.1");
    row("1.5", ">", "1.25");
    row("9007199254740992", "<", "9007199254740993");
    row("9223372036854775807", "<", "9223372036854775808");
    row("99999999999999999999", "<", "1e20");
    row("100000000000000000000", "=", "1e20");
    row("1e20", "=", "1E+20");
    row("999999999999999999", "<", "1000000000000000000");
    row("999999999999999999", ">", "99999999999999999.9");
    row("0.000000000000000001", "<", "1");
    row("0.000000000000000001", "=", "1e-18");
    row("123456789012345678", ">", "0.12345678901234567");
    row("3.141592653589793238462643383279502884197", "<", "3.141592653589793238462643383279502884198");
    row("1e400", ">", "1e399");
    row("-1e400", "<", "-1e399");
    row("1e-400", "<", "1e-399");
    row("1e999999999", "<", "1e1000000000");
    row("1e99999999999999999999", "<", "1e100000000000000000000");
    row("10e99999999999999999999", "=", "1e100000000000000000000");
    row("0.1e100000000000000000000", "=", "1e99999999999999999999");
    row("10e-100000000000000000000", "=", "1e-99999999999999999999");
    row("1e-100000000000000000000", "<", "1e-99999999999999999999");
    row("1e1000000000000000000", "=", "10e999999999999999999");
    row("1e-1000000000000000000", "=", "0.1e-999999999999999999");
    row("1e00000000000000000000000005", "=", "1e5");
}

void NumberTest::numbersCompareByValue()
{
    QFETCH(QByteArray, a);
    QFETCH(QByteArray, order);
    QFETCH(QByteArray, b);
    const std::string one = a.toStdString();
    const std::string other = b.toStdString();
    QCOMPARE(sign(compareNumbers(one, other)), order.constData());
    QCOMPARE(sign(0 <=> compareNumbers(other, one)), order.constData());
    QCOMPARE(equalNumbers(one, other), order == "=");
    QCOMPARE(hashNumber(one) == hashNumber(other), order == "=");
    QCOMPARE(normal(one) == normal(other), order == "=");
}

void NumberTest::normalForms_data()
{
    QTest::addColumn<QByteArray>("form");
    const auto row = [](const char* digits, const char* form) { QTest::newRow(digits) << QByteArray(form); };
    row("0", "0");
    row("-0", "0");
    row("0.00", "0");
    row("-0e-5", "0");
    row("1", "1");
    row("1.0", "1");
    row("-1.50", "-1.5");
    row("100", "100");
    row("1e2", "100");
    row("12.5e-1", "1.25");
    row("0.0025", "0.0025");
    row("25e-4", "0.0025");
    row("1e-6", "0.000001");
    row("1e-7", "1e-7");
    row("1.5e-7", "1.5e-7");
    row("123456789012345678901", "123456789012345678901");
    row("100000000000000000000", "100000000000000000000");
    row("1e20", "100000000000000000000");
    row("1e21", "1e+21");
    row("1234567890123456789012", "1.234567890123456789012e+21");
    row("1000000000000000000000", "1e+21");
    row("-15e299", "-1.5e+300");
    row("1e999999999", "1e+999999999");
    row("10e99999999999999999999", "1e+100000000000000000000");
    row("10e-100000000000000000000", "1e-99999999999999999999");
    row("0.1e-99999999999999999999", "1e-100000000000000000000");
    row("3.1415926535897932384626433832795028841970", "3.141592653589793238462643383279502884197");
}

void NumberTest::normalForms()
{
    QFETCH(QByteArray, form);
    QCOMPARE(QByteArray::fromStdString(normal(QTest::currentDataTag())), form);
    QCOMPARE(QByteArray::fromStdString(normal(form.toStdString())), form);
}

void NumberTest::syntax_data()
{
    QTest::addColumn<bool>("good");
    for (const char* good : {"0", "-0", "1", "10.50", "1e5", "1E-05", "-0.0e+0"}) QTest::newRow(good) << true;
    for (const char* bad :
         {"", "-", "00", "01", "-01", ".5", "5.", "1.e5", "1e", "1e+", "+1", "1 ", " 1", "0x1", "1a", "--1"}) {
        QTest::addRow("'%s'", bad) << false;
    }
}

void NumberTest::syntax()
{
    QFETCH(bool, good);
    const QByteArray tag(QTest::currentDataTag());
    QCOMPARE(isJsonNumber((good ? tag : tag.mid(1, tag.size() - 2)).toStdString()), good);
}

void NumberTest::comparisonAgreesWithIntegers()
{
    const auto seed = std::random_device()();
    qInfo("seed %u", seed);
    test::Random random(seed);
    for (int i = 0; i < 100000; ++i) {
        const Judged a = randomJudged(random);
        const Judged b = randomJudged(random);
        const auto expected = std::weak_ordering(a.value <=> b.value);
        QVERIFY2(compareNumbers(a.digits, b.digits) == expected, (a.digits + " " + b.digits).c_str());
        QVERIFY2((normal(a.digits) == normal(b.digits)) == (expected == 0), (a.digits + " " + b.digits).c_str());
        if (expected == 0) QCOMPARE(hashNumber(a.digits), hashNumber(b.digits));
        QVERIFY(isJsonNumber(normal(a.digits)));
        QVERIFY(equalNumbers(a.digits, normal(a.digits)));
    }
}

void NumberTest::lawsHoldOnUnusualNumbers()
{
    const auto& numbers = test::someNumbers();
    for (const std::string& a : numbers) {
        QVERIFY(equalNumbers(a, normal(a)));
        QCOMPARE(hashNumber(a), hashNumber(normal(a)));
        for (const std::string& b : numbers) {
            const auto order = compareNumbers(a, b);
            QVERIFY(order == (0 <=> compareNumbers(b, a)));
            QCOMPARE(normal(a) == normal(b), order == 0);
            for (const std::string& c : numbers) {
                if (order < 0 && compareNumbers(b, c) < 0) QVERIFY(compareNumbers(a, c) < 0);
            }
        }
    }
}

void NumberTest::longExponentsCostTheirOwnLength()
{
    const std::string nines(100000, '9');
    const std::string digits = std::string("1e").append(nines);
    QCOMPARE(normal(digits).size(), digits.size() + 1);
    QVERIFY(compareNumbers(digits, std::string("1e-").append(nines)) > 0);
    QVERIFY(equalNumbers(std::string("10e").append(nines), std::string("1e1").append(100000, '0')));
}

QTEST_APPLESS_MAIN(NumberTest)
#include "number_test.moc"
