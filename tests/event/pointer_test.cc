// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/pointer.h"

#include <QTest>

#include <random>

using namespace leftfold::event;

class PointerTest : public QObject {
    Q_OBJECT

private slots:
    void pointersAreParsed_data();
    void pointersAreParsed();
    void badPointersAreRefused_data();
    void badPointersAreRefused();
    void tokensAreAppendedEscaped();
    void textAndBackIsIdentity();
};

void PointerTest::pointersAreParsed_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("tokens");
    // The examples of RFC 6901, section 5.
    QTest::newRow("whole") << "" << QStringList();
    QTest::newRow("/foo") << "/foo" << QStringList{"foo"};
    QTest::newRow("/foo/0") << "/foo/0" << QStringList{"foo", "0"};
    QTest::newRow("empty name") << "/" << QStringList{""};
    QTest::newRow("slash") << "/a~1b" << QStringList{"a/b"};
    QTest::newRow("/c%d") << "/c%d" << QStringList{"c%d"};
    QTest::newRow("/e^f") << "/e^f" << QStringList{"e^f"};
    QTest::newRow("/g|h") << "/g|h" << QStringList{"g|h"};
    QTest::newRow("backslash") << "/i\\j" << QStringList{"i\\j"};
    QTest::newRow("quote") << "/k\"l" << QStringList{"k\"l"};
    QTest::newRow("blank") << "/ " << QStringList{" "};
    QTest::newRow("tilde") << "/m~0n" << QStringList{"m~n"};
    QTest::newRow("tilde, then 1") << "/~01" << QStringList{"~1"};
    QTest::newRow("several empty names") << "//a/" << QStringList{"", "a", ""};
}

void PointerTest::pointersAreParsed()
{
    QFETCH(QString, text);
    QFETCH(QStringList, tokens);
    const auto pointer = parsePointer(text.toStdString());
    QVERIFY(pointer.has_value());
    QStringList parsed;
    for (const std::string& token : pointer->tokens) parsed << QString::fromStdString(token);
    QCOMPARE(parsed, tokens);
    QCOMPARE(QString::fromStdString(toText(*pointer)), text);
}

void PointerTest::badPointersAreRefused_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("reason");
    QTest::newRow("no slash") << "foo"
                              << "it must be empty or begin with '/'";
    QTest::newRow("URI fragment") << "#/foo"
                                  << "it must be empty or begin with '/'";
    QTest::newRow("tilde at the end") << "/a~"
                                      << "'~' must be followed by 0 or 1";
    QTest::newRow("tilde before a slash") << "/a~/b"
                                          << "'~' must be followed by 0 or 1";
    QTest::newRow("~2") << "/x/~2"
                        << "'~' must be followed by 0 or 1";
}

void PointerTest::badPointersAreRefused()
{
    QFETCH(QString, text);
    QFETCH(QString, reason);
    const auto pointer = parsePointer(text.toStdString());
    QVERIFY(!pointer);
    QVERIFY(pointer.error().code == leftfold::base::ErrorCode::BadPointer);
    QCOMPARE(QString::fromStdString(pointer.error().args.at(0)), text);
    QCOMPARE(QString::fromStdString(pointer.error().args.at(1)), reason);
}

void PointerTest::tokensAreAppendedEscaped()
{
    std::string pointer = "/a";
    appendToken(pointer, "~/b~1");
    QCOMPARE(QByteArray::fromStdString(pointer), "/a/~0~1b~01");
}

void PointerTest::textAndBackIsIdentity()
{
    const auto seed = std::random_device()();
    qInfo("seed %u", seed);
    std::mt19937_64 random(seed);
    for (int i = 0; i < 10000; ++i) {
        Pointer pointer;
        for (auto count = random() % 4; count > 0; --count) {
            std::string& token = pointer.tokens.emplace_back();
            for (auto length = random() % 5; length > 0; --length) token += "~/01a"[random() % 5];
        }
        const auto parsed = parsePointer(toText(pointer));
        QVERIFY(parsed.has_value());
        QVERIFY(*parsed == pointer);
    }
}

QTEST_APPLESS_MAIN(PointerTest)
#include "pointer_test.moc"
