// SPDX-License-Identifier: GPL-3.0-or-later
// What the verbs that read a log answer, on the sample log, where a look at its lines gives the same.
#include "tests/app/program.h"

#include <QTest>

#include <algorithm>
#include <functional>

namespace {

constexpr auto kSample = LEFTFOLD_SOURCE_DIR "/resources/samples/shop.jsonl";

/// The words of a command line, a space between two.
QStringList words(const QString& line)
{
    return line.split(' ', Qt::SkipEmptyParts);
}

/// Of each line of `log --json` or `step --json`.
QByteArrayList positionsOf(const QByteArrayList& lines)
{
    QByteArrayList positions;
    for (const QByteArray& line : lines)
        positions.append(QJsonDocument::fromJson(line)["position"].toString().toUtf8());
    return positions;
}

using Wanted = std::function<bool(const QJsonObject&, const QByteArray&)>;

} // namespace
Q_DECLARE_METATYPE(Wanted)

class VerbsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void logFilters_data();
    void logFilters() const;
    void logStopsAtItsLimit() const;
    void logGoesBackwards() const;
    void everyMomentIsUnderstood_data();
    void everyMomentIsUnderstood() const;
    void stepsGoForwardAndBack() const;
    void stepsStopWhereAsked_data();
    void stepsStopWhereAsked() const;
    void stepsEnd_data();
    void stepsEnd() const;
    void lsCountsAndHashes() const;
    void lsStopsAtItsLimit() const;
    void problemsOfTheSampleAreFound() const;
    void problemsStopAtTheirLimit() const;
    void aCleanLogHasNoProblems() const;
    void aPackedCaptureOpensAlone() const;

private:
    [[nodiscard]] QByteArrayList matching(const Wanted& wanted) const;

    Program m_program;
    QByteArrayList m_lines; ///< of the sample log
};

void VerbsTest::initTestCase()
{
    QFile sample(kSample);
    QVERIFY(sample.open(QIODevice::ReadOnly));
    const QByteArray bytes = sample.readAll();
    m_lines = bytes.split('\n');
    m_lines.removeLast();
    QCOMPARE(m_lines.size(), 3448);
    (void)m_program.write("shop.jsonl", bytes);
    const Ended fetch = m_program.run({"fetch", "shop.jsonl", "-o", "shop.lflog"});
    QVERIFY2(fetch.exitCode == 0, fetch.errors);
}

/// The positions of the lines a person would pick.
QByteArrayList VerbsTest::matching(const Wanted& wanted) const
{
    QByteArrayList positions;
    for (qsizetype i = 0; i < m_lines.size(); ++i) {
        if (wanted(QJsonDocument::fromJson(m_lines[i]).object(), m_lines[i])) {
            positions.append("shop[0]@" + QByteArray::number(i));
        }
    }
    return positions;
}

void VerbsTest::logFilters_data()
{
    QTest::addColumn<QString>("filters");
    QTest::addColumn<Wanted>("wanted");
    const auto member = [](const char* name, const char* value) -> Wanted {
        return [=](const QJsonObject& event, const QByteArray&) { return event[name].toString() == value; };
    };
    const auto row = [](const char* filters, Wanted wanted) { QTest::newRow(filters) << filters << std::move(wanted); };
    row("", [](const QJsonObject&, const QByteArray&) { return true; });
    row("--type PaymentFailed", member("type", "PaymentFailed"));
    row("--type PaymentFailed --type RefundPaid", [](const QJsonObject& event, const QByteArray&) {
        return event["type"] == "PaymentFailed" || event["type"] == "RefundPaid";
    });
    row("--type Nonesuch", member("type", "Nonesuch"));
    row("--aggregate sku-teapot-iron", member("aggregateId", "sku-teapot-iron"));
    row("--aggregate nobody", member("aggregateId", "nobody"));
    row("--aggregate order-1271 --by /data/order",
        [](const QJsonObject& event, const QByteArray&) { return event["data"].toObject()["order"] == "order-1271"; });
    row("--correlation checkout-1271", member("correlationId", "checkout-1271"));
    row("--caused-by ev-6c1d1732", member("causationId", "ev-6c1d1732"));
    row("--text teapot-glass",
        [](const QJsonObject&, const QByteArray& line) { return line.contains("teapot-glass"); });
    row("--from 2026-01-12 --until 2026-01-19T00:00:00Z", [](const QJsonObject& event, const QByteArray&) {
        const QString at = event["at"].toString();
        return at > "2026-01-12T00:00:00.000Z" && at <= "2026-01-19T00:00:00.000Z";
    });
    row("--from #10 --until shop[0]@12",
        [this](const QJsonObject&, const QByteArray& line) { return line == m_lines[11] || line == m_lines[12]; });
    row("--type StockReserved --aggregate sku-teapot-iron --text order-12",
        [](const QJsonObject& event, const QByteArray& line) {
            return event["type"] == "StockReserved" && event["aggregateId"] == "sku-teapot-iron"
                   && line.contains("order-12");
        });
}

void VerbsTest::logFilters() const
{
    QFETCH(QString, filters);
    QFETCH(Wanted, wanted);
    const Ended log = m_program.run(words("log shop.lflog --json " + filters));
    QVERIFY2(log.exitCode == 0, log.errors);
    QCOMPARE(positionsOf(log.lines()), matching(wanted));
    const Ended text = m_program.run(words("log shop.lflog " + filters));
    QCOMPARE(text.lines().size(), log.lines().size());
}

void VerbsTest::logStopsAtItsLimit() const
{
    for (const int limit : {0, 1, 3}) {
        const Ended log =
            m_program.run({"log", "shop.lflog", "--json", "--type", "RefundPaid", "--limit", QString::number(limit)});
        QCOMPARE(log.exitCode, 0);
        const QByteArrayList all =
            matching([](const QJsonObject& event, const QByteArray&) { return event["type"] == "RefundPaid"; });
        QCOMPARE(positionsOf(log.lines()), all.first(limit));
    }
}

void VerbsTest::logGoesBackwards() const
{
    for (const QString filters : {"", " --type RefundPaid", " --aggregate order-1271", " --from #100 --until #200"}) {
        QByteArrayList forward = m_program.run(words("log shop.lflog --json" + filters)).lines();
        std::reverse(forward.begin(), forward.end());
        QVERIFY(!forward.isEmpty());
        QCOMPARE(m_program.run(words("log shop.lflog --json --reverse" + filters)).lines(), forward);
    }
}

void VerbsTest::everyMomentIsUnderstood_data()
{
    QTest::addColumn<QString>("when");
    QTest::addColumn<int>("events"); ///< of sku-mug-blue, before or at it
    const auto countBelow = [this](qsizetype end) {
        return static_cast<int>(std::count_if(m_lines.begin(), m_lines.begin() + end, [](const QByteArray& line) {
            return line.contains(R"("aggregateId":"sku-mug-blue")");
        }));
    };
    QTest::newRow("the start") << "@start" << 0;
    QTest::newRow("the end") << "@end" << countBelow(m_lines.size());
    QTest::newRow("the first event") << "#0" << 1;
    QTest::newRow("an index") << "#1000" << countBelow(1001);
    QTest::newRow("the last event") << "#3447" << countBelow(m_lines.size());
    QTest::newRow("a position") << "shop[0]@1000" << countBelow(1001);
    QTest::newRow("a cut") << "shop[0]:1000" << countBelow(1000);
    QTest::newRow("a cut at the start") << "shop[0]:0" << 0;
    const auto upTo = [this, countBelow](const char* time) {
        qsizetype end = 0;
        while (QJsonDocument::fromJson(m_lines[end])["at"].toString() <= time) ++end;
        return countBelow(end);
    };
    QTest::newRow("a time") << "2026-01-12T12:00:00Z" << upTo("2026-01-12T12:00:00.000Z");
    QTest::newRow("a time in another zone") << "2026-01-12T13:00:00+01:00" << upTo("2026-01-12T12:00:00.000Z");
    QTest::newRow("a day") << "2026-01-12" << upTo("2026-01-12T00:00:00.000Z");
    QTest::newRow("before everything") << "1999-12-31" << 0;
    QTest::newRow("after everything") << "2099-01-01" << countBelow(m_lines.size());
}

void VerbsTest::everyMomentIsUnderstood() const
{
    QFETCH(QString, when);
    QFETCH(int, events);
    const Ended show = m_program.run({"show", "shop.lflog", "sku-mug-blue", "--at", when, "--json"});
    QVERIFY2(show.exitCode == 0, show.errors);
    QCOMPARE(show.json()["events"].toInt(), events);
    QCOMPARE(show.json()["exists"].toBool(), events > 0);
    QCOMPARE(show.json()["state"]["count"].toInt(), events);
    const Ended text = m_program.run({"show", "shop.lflog", "sku-mug-blue", "--at", when});
    QVERIFY2(text.out.startsWith("sku-mug-blue  at " + when.toUtf8() + ": " + QByteArray::number(events) + " of its "),
             text.out);
    QCOMPARE(text.out.contains("does not exist at this moment"), events == 0);
}

void VerbsTest::stepsGoForwardAndBack() const
{
    const Ended forward = m_program.run({"step", "shop.lflog", "--at", "#1000", "--json"});
    QCOMPARE(forward.json()["event"]["position"].toString(), "shop[0]@1001");
    QCOMPARE(forward.json()["at"].toString(), "shop[0]:1002");
    QCOMPARE(forward.json()["eventsBehind"].toInt(), 1002);
    const Ended back =
        m_program.run({"step", "shop.lflog", "--at", forward.json()["at"].toString(), "--back", "--json"});
    QCOMPARE(back.json()["event"], forward.json()["event"]);
    QCOMPARE(back.json()["at"].toString(), "shop[0]:1001");
    const Ended first = m_program.run({"step", "shop.lflog", "--at", "#0", "--back", "--json"});
    QCOMPARE(first.json()["at"].toString(), "@start");
    const Ended five = m_program.run({"step", "shop.lflog", "--at", "#1000", "-n", "5", "--json"});
    QCOMPARE(five.json()["event"]["position"].toString(), "shop[0]@1005");
    const Ended text = m_program.run({"step", "shop.lflog", "--at", "#1000"});
    QVERIFY2(text.out.contains("shop[0]@1001") && text.out.contains("now at shop[0]:1002, 1002 events"), text.out);
}

void VerbsTest::stepsStopWhereAsked_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<Wanted>("wanted");
    QTest::newRow("an aggregate") << "--of payment-1271" << Wanted([](const QJsonObject& event, const QByteArray&) {
        return event["aggregateId"] == "payment-1271";
    });
    QTest::newRow("an aggregate of another field")
        << "--of order-1271 --by /data/order" << Wanted([](const QJsonObject& event, const QByteArray&) {
               return event["data"].toObject()["order"] == "order-1271";
           });
    QTest::newRow("a type") << "--type RefundPaid" << Wanted([](const QJsonObject& event, const QByteArray&) {
        return event["type"] == "RefundPaid";
    });
}

void VerbsTest::stepsStopWhereAsked() const
{
    QFETCH(QString, kind);
    QFETCH(Wanted, wanted);
    const QByteArrayList expected = matching(wanted);
    QVERIFY(expected.size() >= 2);
    QString at = "@start";
    for (const QByteArray& position : expected) {
        const Ended step = m_program.run(words("step shop.lflog --json --at " + at + " " + kind));
        QCOMPARE(step.json()["event"]["position"].toString().toUtf8(), position);
        at = step.json()["at"].toString();
    }
    QCOMPARE(m_program.run(words("step shop.lflog --at " + at + " " + kind)).exitCode, 1);
    const Ended back = m_program.run(words("step shop.lflog --json --back -n 2 --at " + at + " " + kind));
    QCOMPARE(back.json()["event"]["position"].toString().toUtf8(), expected[expected.size() - 2]);
}

void VerbsTest::stepsEnd_data()
{
    QTest::addColumn<QString>("line");
    QTest::newRow("at the end") << "step shop.lflog";
    QTest::newRow("at the start") << "step shop.lflog --at @start --back";
    QTest::newRow("too many") << "step shop.lflog --at #3440 -n 8";
    QTest::newRow("of an aggregate nobody knows") << "step shop.lflog --at @start --of nobody";
}

void VerbsTest::stepsEnd() const
{
    QFETCH(QString, line);
    const Ended step = m_program.run(words(line));
    QCOMPARE(step.exitCode, 1);
    QCOMPARE(step.out, QByteArray());
    QVERIFY2(step.errors.startsWith("leftfold: no such event "), step.errors);
}

void VerbsTest::lsCountsAndHashes() const
{
    QCOMPARE(m_program.run({"ls", "shop.lflog", "--count"}).out, "1099\n");
    QCOMPARE(m_program.run({"ls", "shop.lflog", "--count", "--at", "@start"}).out, "0\n");
    QCOMPARE(m_program.run({"ls", "shop.lflog"}).lines().size(), 1099);
    const QJsonValue hashed = m_program.run({"ls", "shop.lflog", "--hash", "--json"}).json();
    QCOMPARE(hashed["aggregates"].toInt(), 1099);
    for (const QString workers : {"1", "2", "8"}) {
        QCOMPARE(m_program.run({"ls", "shop.lflog", "--hash", "--json", "--workers", workers}).json(), hashed);
    }
    const auto hashOf = [this](const QString& options) {
        return m_program.run(words("ls shop.lflog --hash --json " + options)).json()["hash"];
    };
    QVERIFY(hashOf("--at #3446") != hashed["hash"]);
    QVERIFY(hashOf("--fold latest") != hashed["hash"]);
    QVERIFY(hashOf("--by /data/order") != hashed["hash"]);
    QCOMPARE(hashOf("--at 2099-01-01"), hashed["hash"]);
}

void VerbsTest::lsStopsAtItsLimit() const
{
    const QByteArrayList all = m_program.run({"ls", "shop.lflog", "--json"}).lines();
    for (const int limit : {0, 1, 10, 2000}) {
        const QByteArrayList some =
            m_program.run({"ls", "shop.lflog", "--json", "--limit", QString::number(limit)}).lines();
        QCOMPARE(some, all.first(std::min<qsizetype>(limit, all.size())));
    }
}

void VerbsTest::problemsOfTheSampleAreFound() const
{
    const Ended problems = m_program.run({"problems", "shop.lflog", "--json"});
    QCOMPARE(problems.exitCode, 1);
    QStringList found;
    for (const QByteArray& line : problems.lines()) {
        const QJsonDocument problem = QJsonDocument::fromJson(line);
        found.append(problem["position"].toString() + " " + problem["code"].toString());
        QVERIFY2(!problem["message"].toString().isEmpty(), line);
    }
    QVERIFY2(found.contains("shop[0]@2426 undecodable-record"), qPrintable(found.join("; ")));
    QVERIFY2(found.contains("shop[0]@3312 time-jump"), qPrintable(found.join("; ")));
    QCOMPARE(found.filter("time-jump").size(), 1);
    const Ended text = m_program.run({"problems", "shop.lflog"});
    QCOMPARE(text.exitCode, 1);
    QVERIFY2(text.out.contains("shop[0]@3312  its time 2062-02-14T08:27:25.317Z is"), text.out);
}

void VerbsTest::problemsStopAtTheirLimit() const
{
    for (const int limit : {0, 1, 2}) {
        const Ended problems = m_program.run({"problems", "shop.lflog", "--limit", QString::number(limit)});
        QCOMPARE(problems.exitCode, 1);
        QCOMPARE(problems.lines().size(), limit);
    }
}

void VerbsTest::aCleanLogHasNoProblems() const
{
    (void)m_program.write("clean.jsonl", m_lines.first(100).join('\n') + '\n');
    const Ended problems = m_program.run({"problems", "clean.jsonl"});
    QCOMPARE(problems.exitCode, 0);
    QCOMPARE(problems.out, QByteArray());
}

void VerbsTest::aPackedCaptureOpensAlone() const
{
    const Ended pack = m_program.run({"pack", "shop.jsonl", "-o", "packed.lflog"});
    QVERIFY2(pack.exitCode == 0, pack.errors);
    QVERIFY(!QFile::exists(m_program.pathOf("packed.lflog-wal")));
    const Program elsewhere;
    QVERIFY(QFile::copy(m_program.pathOf("packed.lflog"), elsewhere.pathOf("only.lflog")));
    for (const QString line : {"ls %1 --hash", "log %1 --json", "problems %1", "show %1 order-1271"}) {
        const Ended there = elsewhere.run(words(line.arg("only.lflog")));
        const Ended here = m_program.run(words(line.arg("shop.lflog")));
        QCOMPARE(there.out, here.out);
        QCOMPARE(there.exitCode, here.exitCode);
    }
    QCOMPARE(elsewhere.run({"info", "only.lflog", "--json"}).json()["identity"],
             m_program.run({"info", "shop.lflog", "--json"}).json()["identity"]);
}

QTEST_GUILESS_MAIN(VerbsTest)
#include "verbs_test.moc"
