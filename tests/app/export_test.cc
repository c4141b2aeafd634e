// SPDX-License-Identifier: GPL-3.0-or-later
// export, verify, merge and log --csv as a person runs them, on the sample log.
#include "tests/app/program.h"

#include <QDir>
#include <QTest>

namespace {

constexpr auto kSample = LEFTFOLD_SOURCE_DIR "/resources/samples/shop.jsonl";

QStringList words(const QString& line)
{
    return line.split(' ', Qt::SkipEmptyParts);
}

void addFormats()
{
    QTest::addColumn<QString>("format");
    for (const char* format : {"jsonl", "csv", "sqlite"}) QTest::newRow(format) << QString(format);
}

/// Rows of CSV as RFC 4180 has them.
QList<QStringList> csvRows(const QByteArray& text)
{
    QList<QStringList> rows;
    QStringList row{""};
    bool quoted = false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
            row.last() += '"';
            ++i;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (!quoted && c == ',') {
            row << "";
        } else if (!quoted && c == '\r') {
            rows << row;
            row = {""};
            ++i;
        } else {
            row.last() += QLatin1Char(c);
        }
    }
    return rows;
}

} // namespace

class ExportTest : public QObject {
    Q_OBJECT

private slots:
    void anExportIsVerified_data() { addFormats(); }
    void anExportIsVerified() const;
    void jsonLinesAreThoseOfLs() const;
    void aChangedExportIsDifferent_data() { addFormats(); }
    void aChangedExportIsDifferent() const;
    void theLogIsFoundThroughTheManifest() const;
    void nothingIsReplacedWithoutForce() const;
    void changesSinceAnEarlierExport() const;
    void wrongUseIsSaid_data();
    void wrongUseIsSaid() const;
    void eventsAsCsv() const;
    void mergedIsFetchedTogether() const;
    void aMergeSaysWhatContradicts() const;

private:
    [[nodiscard]] QStringList files() const { return QDir(m_program.pathOf("")).entryList(QDir::Files | QDir::Hidden); }
    Program m_program;
};

void ExportTest::anExportIsVerified() const
{
    QFETCH(QString, format);
    const QString file = m_program.pathOf("states-" + format);
    const Ended hash = m_program.run({"ls", kSample, "--hash", "--at", "2026-01-20", "--json"});
    const Ended exported =
        m_program.run({"export", kSample, "-o", file, "--to", format, "--at", "2026-01-20", "--json"});
    QCOMPARE(exported.exitCode, 0);
    QCOMPARE(exported.json()["hash"].toString(), hash.json()["hash"].toString());
    QCOMPARE(exported.json()["aggregates"].toInt(), hash.json()["aggregates"].toInt());
    QCOMPARE(exported.json()["format"].toString(), format);
    QVERIFY(QFile::exists(file + ".manifest.json"));
    const Ended verified = m_program.run({"verify", file, "--json"});
    QCOMPARE(verified.exitCode, 0);
    QCOMPARE(verified.json()["ok"].toBool(), true);
    QCOMPARE(verified.json()["checks"].toArray().size(), 6);
    QCOMPARE(m_program.run({"verify", file, kSample}).exitCode, 0);
}

void ExportTest::jsonLinesAreThoseOfLs() const
{
    const QString file = m_program.pathOf("latest.jsonl");
    QCOMPARE(m_program.run({"export", kSample, "-o", file, "--fold", "latest"}).exitCode, 0);
    QFile read(file);
    QVERIFY(read.open(QIODevice::ReadOnly));
    QCOMPARE(read.readAll(), m_program.run({"ls", kSample, "--fold", "latest", "--json"}).out);
}

void ExportTest::aChangedExportIsDifferent() const
{
    QFETCH(QString, format);
    const QString file = m_program.pathOf("changed-" + format);
    QCOMPARE(m_program.run({"export", kSample, "-o", file, "--to", format}).exitCode, 0);
    QFile changed(file);
    QVERIFY(changed.open(QIODevice::ReadWrite));
    QByteArray bytes = changed.readAll();
    const qsizetype at = bytes.lastIndexOf("payment-1093");
    QVERIFY(at > 0);
    bytes[at + 11] = '4';
    QVERIFY(changed.seek(0) && changed.write(bytes) == bytes.size());
    changed.close();
    const Ended verified = m_program.run({"verify", file, "--json"});
    QCOMPARE(verified.exitCode, 1);
    QCOMPARE(verified.json()["ok"].toBool(), false);
    QCOMPARE(verified.json()["findings"][0]["code"].toString(), QString("export-changed"));
    const Ended forPeople = m_program.run({"verify", file});
    QCOMPARE(forPeople.exitCode, 1);
    QVERIFY2(forPeople.out.contains("DIFFERENT  file"), forPeople.out.constData());
    QFile::remove(file);
    const Ended gone = m_program.run({"verify", file});
    QCOMPARE(gone.exitCode, 3);
    QVERIFY(gone.errors.contains("there is no such file"));
}

void ExportTest::theLogIsFoundThroughTheManifest() const
{
    m_program.write("small.jsonl", "{\"id\":\"a\",\"n\":1}\n{\"id\":\"b\",\"n\":2}\n");
    const QString log = m_program.pathOf("small.jsonl");
    const QString file = m_program.pathOf("small-states.jsonl");
    QCOMPARE(m_program.run({"export", log, "-o", "small-states.jsonl", "--by", "/id", "--fold", "latest"}).exitCode, 0);
    QCOMPARE(m_program.run({"verify", file, "--json"}).json()["log"].toString(), log);
    m_program.append("small.jsonl", "{\"id\":\"a\",\"n\":3}\n");
    QCOMPARE(m_program.run({"verify", file}).exitCode, 0);
    QVERIFY(QFile::rename(log, m_program.pathOf("moved.jsonl")));
    const Ended without = m_program.run({"verify", file, "--json"});
    QCOMPARE(without.exitCode, 0);
    QVERIFY(without.json()["log"].isNull());
    QCOMPARE(without.json()["checks"].toArray().size(), 3);
    QCOMPARE(m_program.run({"verify", file, "nowhere.jsonl"}).exitCode, 3);
    m_program.write("other.jsonl", "{\"id\":\"a\",\"n\":1}\n{\"id\":\"b\",\"n\":9}\n");
    const Ended other = m_program.run({"verify", file, m_program.pathOf("other.jsonl"), "--json"});
    QCOMPARE(other.exitCode, 1);
    QCOMPARE(other.json()["findings"][0]["code"].toString(), QString("other-log"));
}

void ExportTest::nothingIsReplacedWithoutForce() const
{
    const QString file = m_program.write("there.jsonl", "precious");
    const QStringList before = files();
    const Ended refused = m_program.run({"export", kSample, "-o", file});
    QCOMPARE(refused.exitCode, 3);
    QVERIFY(refused.errors.contains("--force replaces it"));
    QCOMPARE(files(), before);
    QCOMPARE(m_program.run({"export", kSample, "-o", file, "--force"}).exitCode, 0);
    QCOMPARE(m_program.run({"verify", file}).exitCode, 0);
}

void ExportTest::changesSinceAnEarlierExport() const
{
    QCOMPARE(m_program.run({"export", kSample, "-o", "before.csv", "--at", "2026-01-20"}).exitCode, 0);
    const Ended changes = m_program.run(
        {"export", kSample, "-o", "changes.csv", "--at", "2026-01-21", "--since", "before.csv", "--json"});
    QCOMPARE(changes.exitCode, 0);
    const Ended hash = m_program.run({"ls", kSample, "--hash", "--at", "2026-01-21", "--json"});
    QCOMPARE(changes.json()["hash"].toString(), hash.json()["hash"].toString());
    QCOMPARE(changes.json()["aggregates"].toInt(), hash.json()["aggregates"].toInt());
    QVERIFY(changes.json()["rows"].toInt() > 0);
    QVERIFY(changes.json()["rows"].toInt() < changes.json()["aggregates"].toInt());
    QCOMPARE(m_program.run({"verify", m_program.pathOf("changes.csv")}).exitCode, 0);
    const Ended other = m_program.run({"export", kSample, "-o", "x.csv", "--since", "before.csv", "--fold", "latest"});
    QCOMPARE(other.exitCode, 3);
    QVERIFY(other.errors.contains("another projection"));
    QVERIFY(!QFile::exists(m_program.pathOf("x.csv")));
}

void ExportTest::wrongUseIsSaid_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<QByteArray>("says");
    const auto row = [](const char* name, const char* line, const char* says) {
        QTest::newRow(name) << QString(line) << QByteArray(says);
    };
    row("no format", "export LOG -o states", "names no format");
    row("another format", "export LOG -o states --to xlsx", "xlsx");
    row("no file", "export LOG", "--out is required");
    row("csv and json", "log LOG --csv --json", "--csv excludes --json");
    row("one log", "merge LOG -o x.lflog", "LOG");
    row("a rename that is none", "merge LOG LOG -o x.lflog --rename LOG:shop", "is not LOG:TOPIC=NAME");
    row("a rename of no log", "merge LOG LOG -o x.lflog --rename other:shop=x", "other is none of the logs");
}

void ExportTest::wrongUseIsSaid() const
{
    QFETCH(QString, line);
    QFETCH(QByteArray, says);
    const Ended ended = m_program.run(words(line.replace("LOG", kSample)));
    QCOMPARE(ended.exitCode, 2);
    QVERIFY2(ended.errors.contains(says), ended.errors.constData());
}

void ExportTest::eventsAsCsv() const
{
    const QByteArrayList json = m_program.run({"log", kSample, "--json"}).lines();
    const QList<QStringList> rows = csvRows(m_program.run({"log", kSample, "--csv"}).out);
    QCOMPARE(rows.size(), json.size() + 1);
    QCOMPARE(rows[0].join(','), QString("index,position,time,type,id,key,base64:key,headers,value,base64:value"));
    for (qsizetype i = 0; i < json.size(); ++i) {
        const QJsonObject event = QJsonDocument::fromJson(json[i]).object();
        const QStringList& row = rows[i + 1];
        QCOMPARE(row.size(), qsizetype{10});
        QCOMPARE(row[0], QString::number(event["index"].toInt()));
        QCOMPARE(row[1], event["position"].toString());
        QCOMPARE(row[2], event["time"].toString());
        QCOMPARE(row[3], event["type"].toString());
        QCOMPARE(row[4], event["id"].toString());
        QCOMPARE(QJsonDocument::fromJson(row[8].toLatin1()).isNull(), !event.contains("value"));
    }
}

void ExportTest::mergedIsFetchedTogether() const
{
    const QString a = m_program.write("a.jsonl", "{\"id\":1,\"at\":\"2026-01-01T00:00:00Z\"}\n"
                                                 "{\"id\":2,\"at\":\"2026-01-03T00:00:00Z\"}\n");
    const QString b = m_program.write("b.jsonl", "{\"id\":1,\"at\":\"2026-01-02T00:00:00Z\"}\n");
    QCOMPARE(m_program.run({"fetch", a, b, "-o", "together.lflog"}).exitCode, 0);
    QCOMPARE(m_program.run({"fetch", a, "-o", "a.lflog"}).exitCode, 0);
    const Ended merged = m_program.run(
        {"merge", "a.lflog", b, "-o", "merged.lflog", "--id-field", "/id", "--time-field", "/at", "--json"});
    QVERIFY2(merged.exitCode == 0, merged.errors.constData());
    QCOMPARE(merged.json()["events"].toInt(), 3);
    const Ended together = m_program.run({"info", "together.lflog", "--json"});
    QCOMPARE(merged.json()["identity"].toString(), together.json()["identity"].toString());
    const auto values = [&](const QString& log) {
        QByteArrayList found;
        for (const QByteArray& line : m_program.run({"log", log, "--json"}).lines()) found << line;
        return found;
    };
    QCOMPARE(values("merged.lflog"), values("together.lflog"));
    const Ended again =
        m_program.run({"merge", "a.lflog", b, "-o", "merged.lflog", "--id-field", "/id", "--time-field", "/at"});
    QCOMPARE(again.exitCode, 3);
    QVERIFY(again.errors.contains("exists already"));
}

void ExportTest::aMergeSaysWhatContradicts() const
{
    QVERIFY(QDir(m_program.pathOf("")).mkpath("one") && QDir(m_program.pathOf("")).mkpath("two"));
    const QByteArray first = "{\"id\":1,\"at\":\"2026-01-01T00:00:00Z\"}\n";
    const QString one = m_program.write("one/x.jsonl", first + "{\"id\":2,\"at\":\"2026-01-03T00:00:00Z\"}\n");
    const QString two = m_program.write("two/x.jsonl", first + "{\"id\":3,\"at\":\"2026-01-03T00:00:00Z\"}\n");
    const Ended merged =
        m_program.run({"merge", one, two, "-o", "m.lflog", "--id-field", "/id", "--time-field", "/at", "--json"});
    QVERIFY2(merged.exitCode == 1, merged.errors.constData());
    QCOMPARE(merged.json()["contradictionCount"].toInt(), 1);
    QCOMPARE(merged.json()["contradictions"][0]["position"].toString(), QString("x[0]@1"));
    QCOMPARE(merged.json()["contradictions"][0]["kept"].toString(), one);
    const Ended problems = m_program.run({"problems", "m.lflog"});
    QCOMPARE(problems.exitCode, 1);
    QVERIFY(problems.out.contains("have different events here"));
    m_program.write("two/x.jsonl", "{\"id\":9,\"at\":\"2026-01-05T00:00:00Z\"}\n");
    const QStringList refusedLine{"merge",   one,          two,   "-o",           "n.lflog",
                                  "--fresh", "--id-field", "/id", "--time-field", "/at"};
    const Ended refused = m_program.run(refusedLine);
    QCOMPARE(refused.exitCode, 3);
    QVERIFY2(refused.errors.contains("--rename " + two.toUtf8() + ":x=NEWNAME"), refused.errors.constData());
    const Ended renamed = m_program.run(refusedLine + QStringList{"--rename", two + ":x=y"});
    QVERIFY2(renamed.exitCode == 0, renamed.errors.constData());
}

QTEST_GUILESS_MAIN(ExportTest)
#include "export_test.moc"
