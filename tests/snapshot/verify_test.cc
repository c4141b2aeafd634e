// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever is changed in an export is found, by the check whose matter it is.
#include "core/event/patch.h"
#include "core/snapshot/export_rows.h"
#include "core/snapshot/row_conversion.h"
#include "tests/snapshot/made_exports.h"

using namespace leftfold;
using namespace leftfold::snapshot;
using namespace leftfold::snapshot::test;
using capture::test::bytesOf;
using capture::test::failureOf;
using capture::test::newSeed;

namespace {

bool found(const VerifyReport& report, ExportCheck check)
{
    return std::ranges::any_of(report.findings, [&](const auto& finding) { return finding.check == check; });
}

/// One byte replaced, put in, or taken out.
std::string withOneByteChanged(std::string bytes, Random& random)
{
    const std::size_t at = random.below(bytes.size());
    switch (random.below(3)) {
    case 0:
        bytes[at] = static_cast<char>(bytes[at] ^ static_cast<char>(1 + random.below(255)));
        break;
    case 1:
        bytes.insert(at, 1, static_cast<char>(random.below(256)));
        break;
    default:
        bytes.erase(at, 1);
    }
    return bytes;
}

/// A row with one value of its state changed.
ExportedState withOneValueChanged(ExportedState row, Random& random)
{
    std::vector<std::pair<std::string, std::string>> parts;
    splitState(row.state.root(), [&](const std::string& pointer, event::Value value, PartKind) {
        parts.emplace_back(pointer, toJson(value));
    });
    const auto& [pointer, json] = parts[random.below(parts.size())];
    std::string other;
    do other = RandomDocuments(static_cast<unsigned>(random.below(UINT32_MAX))).next();
    while (must(event::Document::parse(other)) == must(event::Document::parse(json)));
    std::vector<event::Change> changes(1);
    changes[0].kind = event::ChangeKind::Changed;
    changes[0].pointer = must(event::parsePointer(pointer));
    changes[0].before = must(event::Document::parse(json));
    changes[0].after = must(event::Document::parse(other));
    row.state = must(event::patch(row.state, changes));
    return row;
}

/// Writes rows as an export with a manifest that fits them, as somebody would who changes an export with care.
Manifest forge(const std::string& path, const Manifest& original, const std::vector<ExportedState>& rows)
{
    RowText text(original.format);
    for (const ExportedState& row : rows) must(text.add(row.id, row.change, row.state.root()));
    QFile::remove(QString::fromStdString(path));
    auto file = must(base::FileReplacement::begin(path));
    if (original.format == ExportFormat::JsonLines) {
        must(file.write(text.lines()));
    } else {
        capture::test::write(path + ".rows", text.lines());
        (void)must(convertRows(path + ".rows", rows.size(), original.format, *text.columns(), file, {}, {}));
    }
    must(file.commit());
    Manifest forged = original;
    const std::string bytes = bytesOf(path);
    forged.bytes = bytes.size();
    forged.sha256 = base::sha256(bytes);
    return forged;
}

} // namespace

class VerifyTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_seed = newSeed(); }
    void everyChangedByteIsFound_data() { addFormats(); }
    void everyChangedByteIsFound();
    void everyChangedValueIsFoundThoughTheFilesHashFits_data() { addFormats(); }
    void everyChangedValueIsFoundThoughTheFilesHashFits();
    void everyChangeOfTheManifestIsFound();
    void theLogTellsWhichStatesDiffer_data() { addFormats(); }
    void theLogTellsWhichStatesDiffer();
    void anotherLogIsNotTakenForTheOne();
    void anotherProjectionIsNotTakenForTheOne();
    void aGrownLogIsStillTheOne();
    void whatIsNotThereCannotBeChecked();
    void aChangedColumnIsFoundBesideItsState();
    void aStopEndsIt();

private:
    unsigned m_seed = 0;
};

void VerifyTest::everyChangedByteIsFound()
{
    QFETCH(QString, format);
    constexpr int kChanges = 1000;
    Random random(m_seed);
    const MadeDocuments made(m_seed, 120, 30);
    const std::string path = made.path("export");
    (void)must(exportSnapshot(made.reader(), made.projection(), made.end(), exportTo(path, format), {}, {}));
    const std::string bytes = bytesOf(path);
    int missed = 0;
    for (int i = 0; i < kChanges; ++i) {
        const std::string changed = withOneByteChanged(bytes, random);
        if (changed == bytes) {
            --i;
            continue;
        }
        capture::test::write(path, changed);
        VerifyReport report;
        (void)must(verifyFile(path, {}, report));
        missed += !found(report, ExportCheck::File);
    }
    qInfo("%d of %d changed bytes found", kChanges - missed, kChanges);
    QCOMPARE(missed, 0);
}

void VerifyTest::everyChangedValueIsFoundThoughTheFilesHashFits()
{
    QFETCH(QString, format);
    constexpr int kChanges = 1000;
    Random random(m_seed);
    const MadeDocuments made(m_seed, 40, 12);
    const std::string path = made.path("export");
    const Manifest manifest =
        must(exportSnapshot(made.reader(), made.projection(), made.end(), exportTo(path, format), {}, {}));
    const auto rows = rowsOf(path);
    QVERIFY(!rows.empty());
    int missed = 0;
    for (int i = 0; i < kChanges; ++i) {
        auto changed = rows;
        const std::size_t at = random.below(rows.size());
        changed[at] = withOneValueChanged(rows[at], random);
        capture::test::write(manifestPathOf(path), toJson(forge(path, manifest, changed)));
        VerifyReport report;
        (void)must(verifyFile(path, {}, report));
        missed += !found(report, ExportCheck::Rows) || found(report, ExportCheck::File);
    }
    qInfo("%d of %d changed values found", kChanges - missed, kChanges);
    QCOMPARE(missed, 0);
}

void VerifyTest::everyChangeOfTheManifestIsFound()
{
    Random random(m_seed);
    const MadeDocuments made(m_seed, 60);
    const std::string path = made.path("export.jsonl");
    (void)must(exportSnapshot(made.reader(), made.projection(), made.end(), exportTo(path, "jsonl"), {}, {}));
    const std::string bytes = bytesOf(manifestPathOf(path));
    const event::Document document = must(event::Document::parse(bytes));
    int changes = 0;
    for (int i = 0; i < 1000; ++i) {
        const std::string changed = withOneByteChanged(bytes, random);
        const auto other = event::Document::parse(changed);
        if (other && *other == document) continue; // a blank more or less
        ++changes;
        capture::test::write(manifestPathOf(path), changed);
        VerifyReport report;
        QVERIFY(!must(verifyFile(path, {}, report)));
        QVERIFY2(found(report, ExportCheck::Manifest), changed.c_str());
    }
    qInfo("%d changes", changes);
    QVERIFY(changes > 500);
}

void VerifyTest::theLogTellsWhichStatesDiffer()
{
    QFETCH(QString, format);
    Random random(m_seed);
    const MadeDocuments made(m_seed);
    const std::string path = made.path("export");
    const Manifest manifest =
        must(exportSnapshot(made.reader(), made.projection(), made.end(), exportTo(path, format), {}, {}));
    auto rows = rowsOf(path);
    QVERIFY(rows.size() > 10);
    std::vector<RowDifference> expected;
    rows[2] = withOneValueChanged(rows[2], random);
    expected.push_back({RowDifference::Kind::Different, rows[2].id});
    ExportedState extra = rows[4];
    extra.id += '\1';
    expected.push_back({RowDifference::Kind::Missing, rows[4].id});
    expected.push_back({RowDifference::Kind::Extra, extra.id});
    rows[4] = extra;
    expected.push_back({RowDifference::Kind::Missing, rows.back().id});
    rows.pop_back();
    std::ranges::sort(rows, {}, &ExportedState::id);
    Manifest forged = forge(path, manifest, rows);
    forged.rows = rows.size();
    forged.rowsHash = {};
    for (const ExportedState& row : rows) forged.rowsHash = base::addModulo(forged.rowsHash, hashOf(row));
    forged.snapshot.hash = forged.rowsHash;
    capture::test::write(manifestPathOf(path), toJson(forged));
    const VerifyReport report = verified(made, path);
    QCOMPARE(report.findings.size(), std::size_t{2}); // the states, and the snapshot's hash
    QVERIFY(report.findings[0].check == ExportCheck::States && report.findings[1].check == ExportCheck::States);
    QCOMPARE(report.differentRows, 4U);
    QVERIFY(std::ranges::is_permutation(report.differences, expected));
}

void VerifyTest::anotherLogIsNotTakenForTheOne()
{
    const MadeDocuments made(m_seed);
    const MadeDocuments other(m_seed + 1);
    const MadeDocuments shorter(m_seed, 40);
    const std::string path = made.path("export.jsonl");
    const Manifest manifest =
        must(exportSnapshot(made.reader(), made.projection(), made.end(), exportTo(path, "jsonl"), {}, {}));
    for (const MadeDocuments* log : {&other, &shorter}) {
        VerifyReport report;
        must(verifyAgainstLog(path, manifest, log->reader(), log->projection(), {}, {}, {}, report));
        QVERIFY(found(report, ExportCheck::Log));
        QVERIFY(!std::ranges::count(report.done, ExportCheck::States));
    }
}

void VerifyTest::anotherProjectionIsNotTakenForTheOne()
{
    const MadeDocuments made(m_seed, 60);
    const std::string path = made.path("export.jsonl");
    const Manifest manifest =
        must(exportSnapshot(made.reader(), made.projection(), made.end(), exportTo(path, "jsonl"), {}, {}));
    replay::Projection other = made.projection();
    other.fold = must(fold::builtInFold("tally"));
    VerifyReport report;
    must(verifyAgainstLog(path, manifest, made.reader(), other, {}, {}, {}, report));
    QVERIFY(found(report, ExportCheck::Projection));
}

void VerifyTest::aGrownLogIsStillTheOne()
{
    const Folder folder;
    const MadeDocuments made(m_seed);
    const std::string path = made.path("export.csv");
    (void)must(exportSnapshot(made.reader(), made.projection(), made.end(), exportTo(path, "csv"), {}, {}));
    auto loads = made.loads();
    capture::test::MadeLoad more = loads.front();
    for (capture::test::MadeBatch& batch : more) {
        batch.cut = "1" + batch.cut.substr(1);
        for (capture::test::MadeEvent& event : batch.events) event.offset += 1'000'000;
    }
    loads.push_back(more);
    capture::test::capture(folder.path("grown"), loads, MadeDocuments::options());
    const auto grown = capture::test::opened(folder.path("grown"));
    VerifyReport report;
    const auto manifest = must(verifyFile(path, {}, report));
    must(verifyAgainstLog(path, *manifest, *grown, MadeDocuments::projectionOf(*grown), {}, {}, {}, report));
    QVERIFY(report.findings.empty());
    QCOMPARE(report.done.size(), std::size_t{6});
}

void VerifyTest::whatIsNotThereCannotBeChecked()
{
    const MadeDocuments made(m_seed, 60);
    const std::string path = made.path("export.jsonl");
    VerifyReport report;
    QCOMPARE(failureOf(verifyFile(path, {}, report)), QString("file-not-found"));
    (void)must(exportSnapshot(made.reader(), made.projection(), made.end(), exportTo(path, "jsonl"), {}, {}));
    QFile::remove(QString::fromStdString(path));
    QCOMPARE(failureOf(verifyFile(path, {}, report)), QString("file-not-found"));
    QVERIFY(report.findings.empty());
}

void VerifyTest::aChangedColumnIsFoundBesideItsState()
{
    const MadeDocuments made(m_seed);
    const std::string path = made.path("export.sqlite");
    const Manifest manifest =
        must(exportSnapshot(made.reader(), made.projection(), made.end(), exportTo(path, "sqlite"), {}, {}));
    QVERIFY(manifest.columns.size() > 3);
    std::string column = "\"";
    for (const char c : manifest.columns[2]) column += c == '"' ? std::string("\"\"") : std::string(1, c);
    column += '"';
    must(must(base::Database::open(path, base::Database::Mode::ReadWrite))
             ->execute("UPDATE states SET " + column + " = 'other' WHERE rowid = 3"));
    VerifyReport report;
    (void)must(verifyFile(path, {}, report));
    QVERIFY(found(report, ExportCheck::File));
    QVERIFY(found(report, ExportCheck::Rows));
    const auto& error = report.findings.back().error;
    QCOMPARE(QString::fromStdString(error.args[1]), QString("3"));
    QVERIFY(error.args[2].find(manifest.columns[2]) != std::string::npos);
}

void VerifyTest::aStopEndsIt()
{
    const MadeDocuments made(m_seed, 60);
    const std::string path = made.path("export.jsonl");
    (void)must(exportSnapshot(made.reader(), made.projection(), made.end(), exportTo(path, "jsonl"), {}, {}));
    std::stop_source stop;
    stop.request_stop();
    VerifyReport report;
    QCOMPARE(failureOf(verifyFile(path, stop.get_token(), report)), QString("cancelled"));
}

QTEST_GUILESS_MAIN(VerifyTest)
#include "verify_test.moc"
