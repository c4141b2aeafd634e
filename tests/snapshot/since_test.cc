// SPDX-License-Identifier: GPL-3.0-or-later
// An export of what changed since an earlier one, put onto that one, is an export of everything.
#include "tests/snapshot/made_exports.h"

using namespace leftfold;
using namespace leftfold::snapshot;
using namespace leftfold::snapshot::test;
using capture::test::failureOf;
using capture::test::newSeed;

namespace {

capture::OrdinalCut behind(capture::OrdinalCut cut, const capture::OrdinalCut& end, Random& random)
{
    for (std::size_t i = 0; i < cut.next.size(); ++i) cut.next[i] += random.below(end.next[i] - cut.next[i] + 1);
    return cut;
}

using States = std::map<std::string, event::Document>;

void apply(States& states, const std::vector<ExportedState>& changes)
{
    for (const ExportedState& row : changes) {
        const bool isThere = states.contains(row.id);
        QCOMPARE(isThere, row.change != RowChange::Created);
        if (row.change == RowChange::Deleted) {
            states.erase(row.id);
        } else {
            QVERIFY(!isThere || !(states.at(row.id) == row.state));
            states.insert_or_assign(row.id, row.state);
        }
    }
}

} // namespace

class SinceTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_seed = newSeed(); }
    void changesOnTopOfTheEarlierExportAreAll_data() { addFormats(); }
    void changesOnTopOfTheEarlierExportAreAll();
    void aChangeOfItsRowsIsFound();
    void anotherLogOrALaterMomentIsRefused();

private:
    unsigned m_seed = 0;
};

void SinceTest::changesOnTopOfTheEarlierExportAreAll()
{
    QFETCH(QString, format);
    Random random(m_seed);
    std::size_t changes = 0;
    for (unsigned log = 0; log < 6; ++log) {
        MadeDocuments made(m_seed + log);
        capture::OrdinalCut cut = made.randomCut();
        Manifest manifest =
            must(exportSnapshot(made.reader(), made.projection(), cut, exportTo(made.path("first"), format), {}, {}));
        States states;
        for (ExportedState& row : rowsOf(made.path("first"))) states.emplace(row.id, row.state);
        for (int step = 0; step < 4; ++step) {
            cut = step == 2 ? cut : behind(cut, made.end(), random);
            ExportOptions options = exportTo(made.path("changes" + std::to_string(step)), format);
            options.since = manifest;
            options.sincePath = "earlier";
            manifest = must(exportSnapshot(made.reader(), made.projection(), cut, options, {}, {}));
            const auto rows = rowsOf(options.path);
            if (step == 2) QVERIFY(rows.empty());
            changes += rows.size();
            apply(states, rows);
            const auto expected = made.statesAt(cut);
            QVERIFY(states == expected);
            QCOMPARE(manifest.snapshot.aggregates, expected.size());
            const auto whole = must(hashAll(made.reader(), made.projection(), cut, {}, {}, {}));
            QCOMPARE(base::toHex(manifest.snapshot.hash), base::toHex(whole.hash));
            QVERIFY(must(readManifest(manifestPathOf(options.path))) == manifest);
            const VerifyReport report = verified(made, options.path);
            for (const auto& finding : report.findings) qWarning("%s", base::render(finding.error).c_str());
            QVERIFY(report.findings.empty());
        }
    }
    qInfo("%zu changes", changes);
    QVERIFY(changes > 100);
}

void SinceTest::aChangeOfItsRowsIsFound()
{
    const MadeDocuments made(m_seed);
    const auto half = must(made.reader().catalog().prefix(200));
    const Manifest first =
        must(exportSnapshot(made.reader(), made.projection(), half, exportTo(made.path("first"), "jsonl"), {}, {}));
    ExportOptions options = exportTo(made.path("changes"), "jsonl");
    options.since = first;
    const Manifest manifest = must(exportSnapshot(made.reader(), made.projection(), made.end(), options, {}, {}));
    QVERIFY(manifest.rows > 2);
    const std::string bytes = capture::test::bytesOf(options.path);
    const std::size_t line = bytes.find('\n') + 1;
    capture::test::write(options.path, bytes.substr(line));
    const VerifyReport report = verified(made, options.path);
    QCOMPARE(report.differentRows, 1U);
    QVERIFY(report.differences[0].kind == RowDifference::Kind::Missing);
}

void SinceTest::anotherLogOrALaterMomentIsRefused()
{
    const MadeDocuments made(m_seed);
    const MadeDocuments other(m_seed + 1);
    const auto half = must(made.reader().catalog().prefix(200));
    ExportOptions options = exportTo(made.path("later"), "jsonl");
    options.since =
        must(exportSnapshot(made.reader(), made.projection(), made.end(), exportTo(made.path("all"), "jsonl"), {}, {}));
    const QStringList before = filesIn(made.folder());
    QCOMPARE(failureOf(exportSnapshot(made.reader(), made.projection(), half, options, {}, {})),
             QString("bad-argument"));
    QCOMPARE(failureOf(exportSnapshot(other.reader(), other.projection(), other.end(), options, {}, {})),
             QString("other-log"));
    replay::Projection tally = made.projection();
    tally.fold = must(fold::builtInFold("tally"));
    QCOMPARE(failureOf(exportSnapshot(made.reader(), tally, made.end(), options, {}, {})), QString("other-projection"));
    QCOMPARE(filesIn(made.folder()), before);
}

QTEST_GUILESS_MAIN(SinceTest)
#include "since_test.moc"
