// SPDX-License-Identifier: GPL-3.0-or-later
// `leftfold blame` as a person and a program meet it.
#include "tests/app/program.h"

#include <QTest>

namespace {

constexpr auto kLog =
    R"({"at":"2020-01-01","id":"o-1","kind":"Made","who":"ann","lines":[{"sku":"a","n":1}],"note":"hm"}
{"at":"2020-01-02","id":"o-2","kind":"Made","who":"bob","lines":[]}
{"at":"2020-01-03","id":"o-1","kind":"LineAdded","who":"ann","lines":[{"sku":"b","n":5},{"sku":"a","n":1}],"note":"hm"}
{"at":"2020-01-04","id":"o-1","kind":"Renamed","who":"ann","lines":[{"sku":"b","n":5},{"sku":"a","n":2}],"remark":"hm"}
)";

} // namespace

class BlameVerbTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void aLineALeaf() const;
    void onlyWhatIsThere() const;
    void atAMoment() const;
    void jsonForPrograms() const;
    void whatIsNotThere_data();
    void whatIsNotThere() const;

private:
    [[nodiscard]] Ended blame(const QStringList& more) const
    {
        return m_program.run(QStringList{"blame", "orders.jsonl"} + more + QStringList{"--fold", "latest"});
    }
    Program m_program;
};

void BlameVerbTest::initTestCase()
{
    (void)m_program.write("orders.jsonl", kLog);
    QCOMPARE(m_program.run({"info", "orders.jsonl"}).exitCode, 0); // what is said of the mapping is said once
}

void BlameVerbTest::aLineALeaf() const
{
    const Ended ended = blame({"o-1"});
    QCOMPARE(ended.errors, QByteArray());
    QCOMPARE(ended.exitCode, 0);
    const QByteArray expected =
        R"(#3  2020-01-04T00:00:00Z  orders[0]@3  Renamed    /at           "2020-01-04"
#0  2020-01-01T00:00:00Z  orders[0]@0  Made       /id           "o-1"
#3  2020-01-04T00:00:00Z  orders[0]@3  Renamed    /kind         "Renamed"
#0  2020-01-01T00:00:00Z  orders[0]@0  Made       /who          "ann"
#2  2020-01-03T00:00:00Z  orders[0]@2  LineAdded  /lines/0/sku  "b"
#2  2020-01-03T00:00:00Z  orders[0]@2  LineAdded  /lines/0/n    5
#0  2020-01-01T00:00:00Z  orders[0]@0  Made       /lines/1/sku  "a"
#3  2020-01-04T00:00:00Z  orders[0]@3  Renamed    /lines/1/n    2
#0  2020-01-01T00:00:00Z  orders[0]@0  Made       /remark       "hm"  (moved by #3)
)";
    QCOMPARE(ended.out, expected);
}

void BlameVerbTest::onlyWhatIsThere() const
{
    const Ended ended = blame({"o-1", "/lines/1"});
    QCOMPARE(ended.exitCode, 0);
    QCOMPARE(ended.out, QByteArray(R"(#0  2020-01-01T00:00:00Z  orders[0]@0  Made     /lines/1/sku  "a"
#3  2020-01-04T00:00:00Z  orders[0]@3  Renamed  /lines/1/n    2
)"));
    const Ended empty = blame({"o-2", "/lines"});
    QCOMPARE(empty.out, QByteArray("#1  2020-01-02T00:00:00Z  orders[0]@1  Made  /lines  []\n"));
}

void BlameVerbTest::atAMoment() const
{
    const Ended ended = blame({"o-1", "/lines", "--at", "2020-01-03"});
    QCOMPARE(ended.exitCode, 0);
    QCOMPARE(ended.lines().size(), 4);
    QVERIFY(ended.lines().last().endsWith("/lines/1/n    1"));
    QVERIFY(ended.lines().last().startsWith("#0 "));
}

void BlameVerbTest::jsonForPrograms() const
{
    const Ended ended = blame({"o-1", "/remark", "--json"});
    QCOMPARE(ended.exitCode, 0);
    QCOMPARE(ended.out, QByteArray(R"({"path":"/remark","value":"hm","event":{"index":0,"position":"orders[0]@0",)"
                                   R"("time":"2020-01-01T00:00:00Z","type":"Made"},"movedBy":3})"
                                   "\n"));
    const QByteArrayList lines = blame({"o-1", "--json"}).lines();
    QCOMPARE(lines.size(), 9);
    for (const QByteArray& line : lines) {
        const QJsonObject leaf = QJsonDocument::fromJson(line).object();
        QVERIFY2(leaf.contains("path") && leaf.contains("value") && leaf["event"].isObject(), line);
    }
}

void BlameVerbTest::whatIsNotThere_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QString>("reason");
    QTest::newRow("no such aggregate") << QStringList{"o-9"} << 3 << "an aggregate 'o-9' (by /id)";
    QTest::newRow("not yet") << QStringList{"o-2", "--at", "2020-01-01"} << 1 << "o-2 does not exist at 2020-01-01";
    QTest::newRow("no such path") << QStringList{"o-1", "/lines/2"} << 1 << "there is nothing at /lines/2";
    QTest::newRow("no path at all") << QStringList{"o-1", "lines"} << 2 << "lines";
}

void BlameVerbTest::whatIsNotThere() const
{
    QFETCH(QStringList, arguments);
    QFETCH(int, exitCode);
    QFETCH(QString, reason);
    const Ended ended = blame(arguments);
    QVERIFY2(ended.errors.contains(reason.toUtf8()), ended.errors);
    QCOMPARE(ended.exitCode, exitCode);
    QCOMPARE(ended.out, QByteArray());
}

QTEST_GUILESS_MAIN(BlameVerbTest)
#include "blame_test.moc"
