// SPDX-License-Identifier: GPL-3.0-or-later
// The rules of semantics.md, section 3, each from recorded samples.
#include "core/views/look.h"
#include "core/views/samples.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace leftfold;
using namespace leftfold::views;

namespace {

QString text(std::string_view bytes)
{
    return QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size()));
}

std::optional<std::int64_t> numberOf(const QString& word)
{
    return word == "-" ? std::nullopt : std::optional<std::int64_t>(word.toLongLong());
}

/// Samples as "second committedSecond committed end", separated by commas; '-' where something is not known. The partition starts at 0, or
/// at what follows a fifth word.
std::vector<LagSample> samples(const QString& picture)
{
    std::vector<LagSample> out;
    for (const QString& item : picture.split(',', Qt::SkipEmptyParts)) {
        const QStringList words = item.simplified().split(' ');
        LagSample sample;
        sample.time = {words[0].toLongLong(), 0};
        if (const auto at = numberOf(words[1])) sample.committedAt = base::Time{*at, 0};
        if (const auto committed = numberOf(words[2])) sample.committed = event::Offset{*committed};
        sample.end = {words[3].toLongLong()};
        if (words.size() > 4) sample.start = {words[4].toLongLong()};
        out.push_back(sample);
    }
    return out;
}

LagRules window(std::size_t size)
{
    LagRules rules;
    rules.window = size;
    return rules;
}

/// "stop by 4 samples" of judging the samples at a second, with a window as long as what is given.
QString judged(const QString& picture, std::int64_t second, LagRules rules)
{
    const Verdict verdict = judge(samples(picture), {second, 0}, rules);
    return text(nameOf(verdict.status)) + " by " + QString::number(verdict.samples.size());
}

LagSample sample(std::optional<std::int64_t> committed, std::int64_t start, std::int64_t end)
{
    LagSample out;
    if (committed) out.committed = event::Offset{*committed};
    out.start = {start};
    out.end = {end};
    return out;
}

} // namespace

class LagTest : public QObject {
    Q_OBJECT

private slots:
    void lagIsFromTheCommitOrTheStartToTheEnd_data();
    void lagIsFromTheCommitOrTheStartToTheEnd();
    void aLagThatCannotBeReadAwayIsLabelled_data();
    void aLagThatCannotBeReadAwayIsLabelled();
    void twoDistancesInTime();
    void statusIsByTheFirstRuleThatFires_data();
    void statusIsByTheFirstRuleThatFires();
    void whatComesLaterIsNotLookedAt();
    void aCommitThatCameTooSoonReplacesTheOneBeforeButKeepsItsTime();
    void theRuleSaysOnWhichSamplesItFired();
    void catchingUpIsBySlopes_data();
    void catchingUpIsBySlopes();
    void aViewIsAsBadAsItsWorstPartition();
    void recordedSamplesAreRead();
    void recordedSamplesThatCannotBeReadAreNamed_data();
    void recordedSamplesThatCannotBeReadAreNamed();
};

void LagTest::lagIsFromTheCommitOrTheStartToTheEnd_data()
{
    QTest::addColumn<QString>("committed");
    QTest::addColumn<qint64>("start");
    QTest::addColumn<qint64>("end");
    QTest::addColumn<QString>("lag");
    QTest::newRow("behind") << "40" << qint64(0) << qint64(100) << "60";
    QTest::newRow("at the end") << "100" << qint64(0) << qint64(100) << "0";
    QTest::newRow("from the start, where more was deleted") << "40" << qint64(70) << qint64(100) << "30";
    QTest::newRow("behind the end it is never negative") << "120" << qint64(0) << qint64(100) << "0";
    QTest::newRow("no commit is none, never 0 and never the end") << "-" << qint64(0) << qint64(100) << "none";
    QTest::newRow("an empty partition") << "7" << qint64(7) << qint64(7) << "0";
}

void LagTest::lagIsFromTheCommitOrTheStartToTheEnd()
{
    QFETCH(QString, committed);
    QFETCH(qint64, start);
    QFETCH(qint64, end);
    QFETCH(QString, lag);
    const auto found = lagOf(sample(numberOf(committed), start, end));
    QCOMPARE(found ? QString::number(found->value) : QString("none"), lag);
}

void LagTest::aLagThatCannotBeReadAwayIsLabelled_data()
{
    QTest::addColumn<QString>("committed");
    QTest::addColumn<qint64>("start");
    QTest::addColumn<qint64>("lastStable");
    QTest::addColumn<QString>("next");
    QTest::addColumn<QString>("label");
    QTest::newRow("one marker behind") << "99" << qint64(0) << qint64(100) << "-"
                                       << "marker only";
    QTest::newRow("a record to read") << "99" << qint64(0) << qint64(100) << "99"
                                      << "";
    QTest::newRow("markers before it") << "90" << qint64(0) << qint64(100) << "93"
                                       << "3 offsets before the next record hold none";
    QTest::newRow("an open transaction is next") << "80" << qint64(0) << qint64(80) << "-"
                                                 << "open transaction";
    QTest::newRow("markers, then an open transaction") << "79" << qint64(0) << qint64(80) << "-"
                                                       << "open transaction";
    QTest::newRow("expired") << "40" << qint64(70) << qint64(100) << "70"
                             << "expired: 30 offsets lost";
    QTest::newRow("ahead after truncation") << "120" << qint64(0) << qint64(100) << "-"
                                            << "ahead by 20: the partition was truncated or made anew";
    QTest::newRow("never committed") << "-" << qint64(0) << qint64(100) << "-"
                                     << "never committed";
    QTest::newRow("no lag") << "100" << qint64(0) << qint64(100) << "-"
                            << "";
}

void LagTest::aLagThatCannotBeReadAwayIsLabelled()
{
    QFETCH(QString, committed);
    QFETCH(qint64, start);
    QFETCH(qint64, lastStable);
    QFETCH(QString, next);
    QFETCH(QString, label);
    const auto found = numberOf(next);
    const std::optional<event::Offset> nextUnread = found ? std::optional(event::Offset{*found}) : std::nullopt;
    QCOMPARE(text(labelOf(sample(numberOf(committed), start, 100), {lastStable}, nextUnread, true)), label);
}

void LagTest::twoDistancesInTime()
{
    using std::chrono::seconds;
    const TimeLag lag = timeLagOf({5}, base::Time{1000, 0}, base::Time{1060, 0}, {1100, 0});
    QVERIFY(lag.nextUnreadAge == seconds(100));
    QVERIFY(lag.eventTimeDistance == seconds(60));
    const TimeLag none = timeLagOf({0}, std::nullopt, std::nullopt, {1100, 0});
    QVERIFY(none.nextUnreadAge == seconds(0) && none.eventTimeDistance == seconds(0));
    const TimeLag unknown = timeLagOf({5}, std::nullopt, base::Time{1060, 0}, {1100, 0});
    QVERIFY(!unknown.nextUnreadAge && !unknown.eventTimeDistance);
}

void LagTest::statusIsByTheFirstRuleThatFires_data()
{
    QTest::addColumn<QString>("picture");
    QTest::addColumn<qint64>("now");
    QTest::addColumn<int>("size");
    QTest::addColumn<QString>("verdict");
    const auto row = [](const char* name, const char* picture, qint64 now, int size, const char* verdict) {
        QTest::newRow(name) << QString(picture) << now << size << QString(verdict);
    };
    row("no sample", "", 100, 4, "unknown by 0");
    row("never committed", "10 - - 50, 20 - - 60", 25, 2, "unknown by 0");
    row("an incomplete window", "10 10 1 50, 20 20 2 60", 25, 4, "unknown by 2");
    row("no lag is ok, whatever was before", "10 10 9 50, 20 20 5 60, 30 30 5 70, 40 40 80 80", 400, 4, "ok by 1");
    row("stop: silent for longer than the window took", "10 10 1 50, 20 20 2 60, 30 30 3 70, 40 40 4 80", 71, 4,
        "stop by 2");
    row("as long as the window is no stop yet", "10 10 1 50, 20 20 2 60, 30 30 3 70, 40 40 4 80", 70, 4, "warn by 4");
    row("no stop where the end was reached within the window",
        "10 10 1 50, 20 20 2 60, 30 30 3 70, 40 40 80 80, 50 40 80 90", 90, 4, "ok by 4");
    row("rewind", "10 10 9 50, 20 20 5 60, 30 30 6 70, 40 40 7 80", 45, 4, "rewind by 2");
    row("a rewind that recovered is none", "10 10 9 50, 20 20 5 60, 30 30 9 70, 40 40 11 80", 45, 4, "warn by 4");
    row("every drop is looked at", "10 10 9 50, 20 20 5 60, 30 30 12 70, 40 40 7 80", 45, 4, "rewind by 2");
    row("stall: commits of one offset", "10 10 5 50, 20 20 5 60, 30 30 5 60, 40 40 5 80", 45, 4, "stall by 4");
    row("warn: the lag never decreases", "10 10 10 50, 20 20 20 60, 30 30 30 71, 40 40 40 90", 45, 4, "warn by 4");
    row("ok: it decreases once", "10 10 10 50, 20 20 20 60, 30 30 32 70, 40 40 40 90", 45, 4, "ok by 4");
    row("ok: within the window there was no lag", "10 10 10 50, 20 20 60 60, 30 30 60 70, 40 40 60 90", 45, 4,
        "ok by 4");
    // Where commit times are unreadable, what is seen by polling counts; STOP and STALL are one.
    row("no progress, by polling", "10 - 5 50, 20 - 5 60, 30 - 5 70, 40 - 5 80", 45, 4, "no progress by 2");
    row("no progress after some", "10 - 4 50, 20 - 5 60, 30 - 5 70, 40 - 5 80", 45, 4, "no progress by 2");
    row("on a quiet topic it waits for events", "10 - 50 50, 20 - 50 50, 30 - 50 50, 40 - 50 51", 45, 4, "ok by 4");
    row("warn, by polling", "10 - 4 50, 20 - 5 60, 30 - 6 70, 40 - 7 80", 45, 4, "warn by 4");
    row("rewind, by polling", "10 - 9 50, 20 - 5 60, 30 - 6 70, 40 - 7 80", 45, 4, "rewind by 2");
    row("one look is no window", "10 - 5 50", 15, 4, "unknown by 1");
}

void LagTest::statusIsByTheFirstRuleThatFires()
{
    QFETCH(QString, picture);
    QFETCH(qint64, now);
    QFETCH(int, size);
    QFETCH(QString, verdict);
    QCOMPARE(judged(picture, now, window(static_cast<std::size_t>(size))), verdict);
}

void LagTest::whatComesLaterIsNotLookedAt()
{
    const QString picture = "10 10 1 50, 20 20 2 60, 30 30 3 70, 40 40 4 80, 50 50 90 90";
    QCOMPARE(judged(picture, 45, window(4)), QString("warn by 4"));
    QCOMPARE(judged(picture, 55, window(4)), QString("ok by 1"));
}

void LagTest::aCommitThatCameTooSoonReplacesTheOneBeforeButKeepsItsTime()
{
    LagRules rules = window(3);
    rules.minimumDistance = std::chrono::seconds(5);
    const Verdict verdict = judge(samples("10 10 1 50, 20 20 2 60, 22 22 9 60, 30 30 10 70"), {35, 0}, rules);
    QCOMPARE(verdict.have, 3U);
    QCOMPARE(verdict.samples.size(), 3U);
    QCOMPARE(verdict.samples[1].committed->value, std::int64_t{9});
    QCOMPARE(verdict.samples[1].committedAt->seconds, std::int64_t{20});
}

void LagTest::theRuleSaysOnWhichSamplesItFired()
{
    const Verdict verdict = judge(samples("10 10 9 50, 20 20 5 60, 30 30 6 70, 40 40 7 80"), {45, 0}, window(4));
    QCOMPARE(text(verdict.rule), QString("the committed offset went back and has not been reached again"));
    QCOMPARE(verdict.samples.front().committed->value, std::int64_t{9});
    QCOMPARE(verdict.samples.back().committed->value, std::int64_t{5});
    const Verdict unknown = judge(samples("10 10 1 50, 20 20 2 60"), {25, 0}, window(4));
    QCOMPARE(text(unknown.rule), QString("2 of 4 samples"));
}

void LagTest::catchingUpIsBySlopes_data()
{
    QTest::addColumn<QString>("picture");
    QTest::addColumn<QString>("catchUp");
    QTest::newRow("faster than what comes") << "0 - 0 100, 10 - 50 110"
                                            << "in 15 s"; // 60 behind, 5 - 1 a second
    QTest::newRow("as fast as what comes") << "0 - 0 100, 10 - 50 150"
                                           << "never";
    QTest::newRow("slower") << "0 - 0 100, 10 - 5 150"
                            << "never";
    QTest::newRow("there") << "0 - 0 100, 10 - 110 110"
                           << "caught up";
    QTest::newRow("one sample has no slope") << "0 - 0 100"
                                             << "not known yet";
    QTest::newRow("nothing committed") << "0 - - 100"
                                       << "not known yet";
}

void LagTest::catchingUpIsBySlopes()
{
    QFETCH(QString, picture);
    QFETCH(QString, catchUp);
    QCOMPARE(text(toText(catchUpOf(samples(picture), {100, 0}))), catchUp);
}

void LagTest::aViewIsAsBadAsItsWorstPartition()
{
    using enum ViewStatus;
    QCOMPARE(worst(std::vector{Ok, Warn, Ok}), Warn);
    QCOMPARE(worst(std::vector{Stop, Rewind, Stall}), Rewind);
    QCOMPARE(worst(std::vector<ViewStatus>{}), Unknown);
    const CatchUp soon{CatchUp::Kind::In, std::chrono::seconds(5)};
    const CatchUp later{CatchUp::Kind::In, std::chrono::seconds(50)};
    const CatchUp never{CatchUp::Kind::Never, {}};
    QVERIFY(slowest(std::vector{soon, later, CatchUp{CatchUp::Kind::CaughtUp, {}}}) == later);
    QVERIFY(slowest(std::vector{soon, never, later}) == never);
    QVERIFY(retentionEaten(sample(25, 0, 100)) == 0.75);
    QVERIFY(retentionEaten(sample(10, 50, 100)) == 1.0);
    QVERIFY(!retentionEaten(sample({}, 0, 100)));
}

void LagTest::recordedSamplesAreRead()
{
    const ViewPartition of{"billing", {"orders", 3}};
    const std::vector<LagSample> recorded = samples("10 9 1 50, 20 - - 60 5");
    QTemporaryDir folder;
    const std::string path = folder.filePath("lag.jsonl").toStdString();
    std::ofstream file(path);
    // Oldest last: they are sorted.
    file << toJson(of, recorded[1]) << "\n\n" << toJson(of, recorded[0]) << "\n";
    file
        << R"({"group":"other","topic":"t","partition":0,"time":1500,"committedAt":null,"committed":7,"start":0,"end":9,"host":"x"})"
        << "\n";
    file.close();
    const auto history = readSamples(path);
    QVERIFY(history.has_value());
    QCOMPARE(history->size(), 2U);
    QVERIFY(history->at(of) == recorded);
    const LagSample& other = history->begin()->first.view == "other" ? history->begin()->second.front()
                                                                     : std::next(history->begin())->second.front();
    QVERIFY(other.time == (base::Time{1, 500'000'000}));
}

void LagTest::recordedSamplesThatCannotBeReadAreNamed_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("why");
    QTest::newRow("no JSON") << "what?"
                             << "it is no JSON";
    QTest::newRow("no object") << "[]"
                               << "it is no JSON object";
    QTest::newRow("no end")
        << R"({"group":"g","topic":"t","partition":0,"time":1,"committedAt":null,"committed":null,"start":0})"
        << "'end' is missing";
    QTest::newRow("no time")
        << R"({"group":"g","topic":"t","partition":0,"time":"soon","committedAt":null,"committed":null,"start":0,"end":1})"
        << "\"soon\" is no time";
    QTest::newRow("a negative offset")
        << R"({"group":"g","topic":"t","partition":0,"time":1,"committedAt":null,"committed":-1,"start":0,"end":1})"
        << "'committed' is no number from 0 on";
}

void LagTest::recordedSamplesThatCannotBeReadAreNamed()
{
    QFETCH(QString, line);
    QFETCH(QString, why);
    QTemporaryDir folder;
    const QString path = folder.filePath("lag.jsonl");
    std::ofstream file(path.toStdString());
    file << "\n" << line.toStdString() << "\n";
    file.close();
    const auto history = readSamples(path.toStdString());
    QVERIFY(!history);
    QCOMPARE(text(base::render(history.error())), path + ", line 2: " + why);
}

QTEST_GUILESS_MAIN(LagTest)
#include "lag_test.moc"
