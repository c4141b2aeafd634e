// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"

#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <cerrno>
#include <set>

using namespace leftfold::base;

namespace {

QString text(std::string_view view)
{
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

/// The numbers of the placeholders of a template, each once; -1 where a brace is no placeholder.
std::set<int> placeholders(std::string_view english)
{
    std::set<int> found;
    for (std::size_t i = 0; i < english.size(); ++i) {
        if (english[i] != '{') continue;
        const bool good =
            i + 2 < english.size() && english[i + 2] == '}' && english[i + 1] >= '0' && english[i + 1] <= '9';
        found.insert(good ? english[i + 1] - '0' : -1);
    }
    return found;
}

Result<int> half(int number)
{
    if (number % 2 != 0) return fail(ErrorCode::BadArgument, "odd");
    return number / 2;
}

Result<int> quarter(int number)
{
    LEFTFOLD_TRY(const int once, half(number));
    LEFTFOLD_CHECK(half(once));
    return once / 2;
}

} // namespace

class ErrorTest : public QObject {
    Q_OBJECT

private slots:
    void namesAreStableWordsAndUnique();
    void placeholdersCountFromZeroWithoutGaps();
    void everyTemplateTakesItsArguments();
    void rendersContextFromTheOutsideIn();
    void missingArgumentsStayVisible();
    void argumentsAreNotTemplates();
    void errnoBecomesTheCodeThatSaysItBest_data();
    void errnoBecomesTheCodeThatSaysItBest();
    void tryHandsOnTheFirstError();
};

void ErrorTest::namesAreStableWordsAndUnique()
{
    static const QRegularExpression kWords(QStringLiteral("^[a-z0-9]+(-[a-z0-9]+)*$"));
    QVERIFY(allErrorCodes().size() > 10);
    std::set<std::string_view> seen;
    for (const ErrorCode code : allErrorCodes()) {
        const QString name = text(nameOf(code));
        QVERIFY2(kWords.match(name).hasMatch(), qPrintable(name));
        QVERIFY2(seen.insert(nameOf(code)).second, qPrintable(name));
    }
    // Scripts match these; a change breaks them.
    QCOMPARE(text(nameOf(ErrorCode::Cancelled)), QStringLiteral("cancelled"));
    QCOMPARE(text(nameOf(ErrorCode::NotJson)), QStringLiteral("not-json"));
    QCOMPARE(text(nameOf(ErrorCode::BadTime)), QStringLiteral("bad-time"));
}

void ErrorTest::placeholdersCountFromZeroWithoutGaps()
{
    for (const ErrorCode code : allErrorCodes()) {
        int expected = 0;
        for (const int number : placeholders(templateOf(code))) {
            QVERIFY2(number == expected, qPrintable(text(nameOf(code))));
            ++expected;
        }
    }
}

void ErrorTest::everyTemplateTakesItsArguments()
{
    for (const ErrorCode code : allErrorCodes()) {
        Error error{code, {}, {}};
        for (const int number : placeholders(templateOf(code)))
            error.args.push_back("argument" + std::to_string(number));
        const QString line = text(render(error));
        QVERIFY2(!line.isEmpty() && !line.contains('{') && !line.contains('\n'), qPrintable(line));
        for (const std::string& arg : error.args) QVERIFY2(line.contains(text(arg)), qPrintable(line));
    }
}

void ErrorTest::rendersContextFromTheOutsideIn()
{
    Error error{ErrorCode::NotJson, {"7", "a text has no end"}, {}};
    QCOMPARE(text(render(error)), QStringLiteral("not JSON at byte 7: a text has no end"));
    error = inContext(std::move(error), "line 812").value();
    error = inContext(std::move(error), "opening orders.jsonl").value();
    QCOMPARE(text(render(error)),
             QStringLiteral("opening orders.jsonl: line 812: not JSON at byte 7: a text has no end"));
}

void ErrorTest::missingArgumentsStayVisible()
{
    QCOMPARE(text(render({ErrorCode::NotJson, {"7"}, {}})), QStringLiteral("not JSON at byte 7: {1}"));
    QCOMPARE(text(render({ErrorCode::NotJson, {}, {}})), QStringLiteral("not JSON at byte {0}: {1}"));
}

void ErrorTest::argumentsAreNotTemplates()
{
    QCOMPARE(text(render({ErrorCode::NotJson, {"{1}", "{0}"}, {}})), QStringLiteral("not JSON at byte {1}: {0}"));
}

void ErrorTest::errnoBecomesTheCodeThatSaysItBest_data()
{
    QTest::addColumn<int>("number");
    QTest::addColumn<QString>("line");
    QTest::newRow("ENOENT") << ENOENT << QStringLiteral("a.jsonl: there is no such file");
    QTest::newRow("EACCES") << EACCES << QStringLiteral("a.jsonl: permission denied");
    QTest::newRow("EPERM") << EPERM << QStringLiteral("a.jsonl: permission denied");
    QTest::newRow("EROFS") << EROFS << QStringLiteral("a.jsonl: permission denied");
    QTest::newRow("ENOSPC") << ENOSPC << QStringLiteral("a.jsonl: no space left on the disk");
    QTest::newRow("EDQUOT") << EDQUOT << QStringLiteral("a.jsonl: no space left on the disk");
    QTest::newRow("EISDIR") << EISDIR << QStringLiteral("a.jsonl is a folder, not a file");
}

void ErrorTest::errnoBecomesTheCodeThatSaysItBest()
{
    QFETCH(int, number);
    QFETCH(QString, line);
    QCOMPARE(text(render(failErrno("a.jsonl", number).value())), line);
}

void ErrorTest::tryHandsOnTheFirstError()
{
    QCOMPARE(quarter(12).value(), 3);
    QVERIFY(quarter(7).error() == (Error{ErrorCode::BadArgument, {"odd"}, {}}));
    QVERIFY(quarter(6).error() == (Error{ErrorCode::BadArgument, {"odd"}, {}}));
}

QTEST_APPLESS_MAIN(ErrorTest)
#include "error_test.moc"
