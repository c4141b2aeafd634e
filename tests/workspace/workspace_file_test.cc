// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/workspace_file.h"

#include "core/source/segments.h"
#include "core/workspace/workspace_paths.h"
#include "tests/capture/made_batches.h"

#include <QTest>

#include <filesystem>
#include <sys/stat.h>

using namespace leftfold;
using namespace leftfold::capture::test;
using namespace leftfold::workspace;

namespace {

namespace fs = std::filesystem;

/// A workspace with whatever there is, at random; all of its files lie in the folder.
class RandomWorkspace {
public:
    RandomWorkspace(Random& random, std::string folder) : m_random(random), m_folder(std::move(folder)) {}

    WorkspaceFile make()
    {
        WorkspaceFile file;
        for (std::uint64_t left = 1 + m_random.below(3); left > 0; --left) file.log.push_back(path(".jsonl"));
        if (chance()) file.log = {"kafka://production/orders,payments[0]?from=-100"};
        if (chance()) file.files = {source::FileFormat::Csv, ';', {"a", word()}, source::Encoding::Latin1};
        if (chance()) file.mapping.id = must(decode::parseFieldRef("/" + word()));
        if (chance()) file.mapping.timeUnit = base::EpochUnit::Microseconds;
        if (chance()) file.decode = {"value=avro:" + path(".avsc"), "orders:key=text"};
        if (chance()) file.registry = "https://registry:8081";
        if (chance()) file.masksFile = path(".txt");
        for (std::uint64_t left = m_random.below(4); left > 0; --left) addProjection(file);
        if (chance()) file.markA = "#12";
        if (chance()) file.markB = "2026-01-31T12:00:00Z";
        if (chance()) file.bookmarks = {{word(), "@start"}, {word() + " 2", "shop[0]:7"}};
        if (chance()) file.breakpoints = {{"type A hit 3 where /x = \"\\u00e4\\n\"", name(file), chance()}};
        if (chance()) file.watches = {{word(), "/a~1b/0", name(file)}};
        if (chance()) file.views = {word(), word()};
        for (std::uint64_t left = m_random.below(6); left > 0; --left) file.expectations.push_back(expectation(file));
        return file;
    }

private:
    bool chance() { return m_random.below(2) == 0; }
    std::string word()
    {
        static const std::vector<std::string> kWords = {"a", "order 7", "\"q\\", "ä€", "{}", "\n\t", "x?y"};
        return kWords[m_random.below(kWords.size())];
    }
    std::string path(const std::string& end)
    {
        const std::string name = (chance() ? "below/" : "") + std::to_string(m_random.below(9)) + end;
        return m_folder + "/" + name;
    }
    void addProjection(WorkspaceFile& file)
    {
        ProjectionChoice choice;
        if (chance()) choice.by = "/" + word();
        if (chance()) choice.fold = "latest";
        if (chance()) {
            choice.fold = path(".js");
            choice.root = m_folder;
            choice.numbersAsText = chance();
        }
        if (chance()) choice.types = {word(), word()};
        file.projections.push_back({nameFor(choice, file.projections), choice});
    }
    std::string name(const WorkspaceFile& file)
    {
        if (file.projections.empty() || chance()) return {};
        return file.projections[m_random.below(file.projections.size())].name;
    }
    std::string position() { return chance() ? "none" : "shop[0]@" + std::to_string(m_random.below(1000)); }
    Expectation expectation(const WorkspaceFile& file)
    {
        Expectation expectation;
        if (chance()) expectation.note = word();
        switch (m_random.below(4)) {
        case 0: {
            ExpectedSnapshot expected{name(file), chance() ? "@end" : "#7"};
            if (chance()) expected.hash = std::string(64, 'a');
            expectation.what = expected;
            break;
        }
        case 1: {
            ExpectedRun expected{name(file), {"type " + std::string("A"), "fails"}, chance(), chance() ? "#9" : ""};
            if (chance()) expected.finds = position();
            expectation.what = expected;
            break;
        }
        case 2: {
            ExpectedTurns expected{name(file), word(), chance() ? "/a < 1" : "js: s => s.a"};
            if (chance()) expected.turns = std::vector<std::string>(m_random.below(3), "shop[0]@1");
            expectation.what = expected;
            break;
        }
        default: {
            ExpectedParting expected{name(file), name(file), "@end"};
            if (chance()) expected.parts = ExpectedParting::Found{position(), m_random.below(100)};
            expectation.what = expected;
        }
        }
        return expectation;
    }

    Random& m_random;
    std::string m_folder;
};

constexpr const char* kSmall = R"({
  "leftfoldWorkspace": 1,
  "log": [
    "logs/shop.jsonl"
  ],
  "projections": [
    {
      "name": "stock",
      "by": "/sku",
      "fold": "folds/stock.js"
    }
  ],
  "expect": [
    {
      "note": "twice",
      "kind": "run",
      "projection": "stock",
      "break": [
        "becomes /captured = 2"
      ],
      "back": true,
      "finds": "shop[0]@632"
    }
  ]
}
)";

} // namespace

class WorkspaceFileTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsWrittenIsRead()
    {
        const unsigned seed = newSeed();
        Random random(seed);
        const Folder folder;
        const std::string base = fs::canonical(folder.path(".")).string();
        const std::string path = base + "/all.leftfold";
        for (int round = 0; round < 300; ++round) {
            const WorkspaceFile file = RandomWorkspace(random, base).make();
            must(writeWorkspace(file, path));
            const WorkspaceFile read = must(readWorkspace(path));
            QVERIFY2(read == file, toJson(file, path).c_str());
            QCOMPARE(text(toJson(read, path)), text(bytesOf(path)));
            QVERIFY(bytesOf(path).find(base) == std::string::npos);
        }
    }

    void itIsTheTextThatItShouldBe()
    {
        const WorkspaceFile file = must(parseWorkspace(kSmall, "/w/bug.leftfold"));
        QCOMPARE(text(file.log.front()), "/w/logs/shop.jsonl");
        QCOMPARE(text(file.projection("stock").fold), "/w/folds/stock.js");
        QCOMPARE(text(file.projection("").root), "/w");
        QCOMPARE(text(toJson(file, "/w/bug.leftfold")), kSmall);
        QCOMPARE(text(describe(file.expectations.front())), "run back to becomes /captured = 2");
        QCOMPARE(text(resultOf(file.expectations.front())), "shop[0]@632");
    }

    void itCanBeMoved()
    {
        const std::string json = toJson(must(parseWorkspace(kSmall, "/w/bug.leftfold")), "/w/below/other.leftfold");
        QVERIFY(json.find("\"../logs/shop.jsonl\"") != std::string::npos);
        QCOMPARE(text(must(parseWorkspace(json, "/w/below/other.leftfold")).log.front()), "/w/logs/shop.jsonl");
    }

    void whatIsWrongIsNamed_data()
    {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("after");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* name, const char* before, const char* after, const char* message) {
            QTest::newRow(name) << before << after << message;
        };
        row("no JSON", "\"back\": true,", "\"back\": tru,", "bug.leftfold, line 21, column ");
        row("cut short", "\"finds\": \"shop[0]@632\"", "\"finds", "bug.leftfold, line 22, column ");
        row("an unknown member", "\"back\"", "\"bakc\"", "/expect/0/bakc: this Leftfold knows no such member");
        row("twice", "\"name\": \"stock\",", "\"name\": \"stock\", \"name\": \"b\",",
            "/projections/0/name: this member stands there twice");
        row("another kind", "\"back\": true", "\"back\": 1", "/expect/0/back: should be true or false");
        row("missing", "\"name\": \"stock\",", "", "/projections/0/name: this member is missing");
        row("no log", "\"logs/shop.jsonl\"", "", "/log: names no log");
        row("standard input", "logs/shop.jsonl", "-", "/log: '-' can be opened by nobody");
        row("a log that is no text", "\"logs/shop.jsonl\"", "7", "/log/0: should be a text");
        row("no such projection", "\"projection\": \"stock\"", "\"projection\": \"stack\"",
            "/expect/0/projection: there is no projection 'stack': there are stock");
        row("no such fold", "folds/stock.js", "stock", "/projections/0/fold: there is no fold 'stock'");
        row("no field", "\"/sku\"", "\"sku\"", "/projections/0/by: 'sku' names no field");
        row("no position", "shop[0]@632", "632", "/expect/0/finds: '632' is not a position");
        row("a moment that says nothing", "\"back\": true,", "\"from\": \"\",", "/expect/0/from: '' is not a moment");
        row("of a snapshot, too", "\"finds\": \"shop[0]@632\"\n    }",
            "\"finds\": \"none\"\n    }, {\"kind\": \"snapshot\", \"at\": \"\"}", "/expect/1/at: '' is not a moment");
        row("of a bookmark, too", "\"projections\"",
            "\"bookmarks\": [{\"name\": \"here\", \"at\": \"\"}], \"projections\"",
            "/bookmarks/0/at: '' is not a moment");
        row("no kind", "\"run\"", "\"walk\"", "/expect/0/kind: should be snapshot, run, bisect or compare");
        row("nothing to run to", "\"becomes /captured = 2\"", "", "/expect/0/break: names no breakpoint");
        row("a NUL", "stock.js", "st\\u0000ck.js", "/projections/0/fold: holds the character NUL");
        row("a newer one", "\"leftfoldWorkspace\": 1", "\"leftfoldWorkspace\": 2",
            "was written by a newer Leftfold (format 2, this one reads up to 1)");
        row("no version", "\"leftfoldWorkspace\": 1,", "", "/leftfoldWorkspace: this member is missing");
    }
    void whatIsWrongIsNamed()
    {
        QFETCH(QString, before);
        QFETCH(QString, after);
        QFETCH(QString, message);
        QString json = kSmall;
        QVERIFY(json.contains(before));
        json.replace(before, after);
        const auto read = parseWorkspace(json.toStdString(), "bug.leftfold");
        QVERIFY(!read);
        const QString said = text(base::render(read.error()));
        QVERIFY2(said.contains(message), qPrintable(said));
        QVERIFY2(said.contains("bug.leftfold"), qPrintable(said));
    }

    /// Cut at every byte it is refused, and nothing breaks.
    void aPartOfItIsNone()
    {
        const std::string all = kSmall;
        for (std::size_t size = 0; size + 2 < all.size(); ++size)
            QVERIFY(!parseWorkspace(std::string_view(all).substr(0, size), "bug.leftfold"));
    }

    void whatLiesOutsideIsTold()
    {
        const Folder folder;
        const std::string base = fs::canonical(folder.path(".")).string();
        const std::string path = base + "/in/bug.leftfold";
        (void)folder.made("in");
        write(base + "/in/shop.jsonl", "");
        write(base + "/outside.jsonl", "");
        WorkspaceFile file;
        file.log = {base + "/in/shop.jsonl"};
        file.projections = {{"a", {.fold = base + "/in/below/a.js"}}};
        QVERIFY(outsideOf(file, path).empty());
        QVERIFY(checkInside(file, path).has_value());
        fs::create_symlink(base + "/outside.jsonl", base + "/in/link.jsonl");
        const auto tells = [&](const std::string& what) {
            const auto outside = outsideOf(file, path);
            return outside.size() == 1 && outside.front() == what;
        };
        file.log = {base + "/in/link.jsonl"};
        QVERIFY(tells(base + "/in/link.jsonl"));
        file.log = {base + "/outside.jsonl"};
        QVERIFY(tells(base + "/outside.jsonl"));
        file.log = {base + "/in/../outside.jsonl"};
        QVERIFY(tells(base + "/in/../outside.jsonl"));
        file.log = {base + "/inner.jsonl"};
        QVERIFY(tells(base + "/inner.jsonl"));
        file.log = {"kafka://production/orders"};
        QVERIFY(tells("kafka://production/orders"));
        file.log = {base + "/in/shop.jsonl"};
        file.masksFile = base + "/masks.txt";
        QVERIFY(tells(base + "/masks.txt"));
        file.masksFile.clear();
        file.decode = {"value=avro:" + base + "/order.avsc"};
        QVERIFY(tells(base + "/order.avsc"));
        file.decode.clear();
        file.registry = "http://registry:8081";
        QVERIFY(tells("registry http://registry:8081"));
        file.registry.clear();
        file.projections.front().choice.fold = base + "/a.js";
        QVERIFY(tells(base + "/a.js"));
        QCOMPARE(failureOf(checkInside(file, path)), QString("workspace-outside"));
    }

    /// What is read with a log that lies inside is the log, too.
    void linksInALogThatLeadOutAreTold()
    {
        const Folder folder;
        const std::string base = fs::canonical(folder.path(".")).string();
        const std::string path = base + "/in/bug.leftfold";
        fs::create_directories(base + "/in/logs/below");
        fs::create_directories(base + "/in/others");
        for (const char* name : {"/secret.jsonl", "/in/logs/a.jsonl", "/in/logs/app.log", "/in/others/b.jsonl"})
            write(base + name, "");
        WorkspaceFile file;
        file.log = {base + "/in/logs"};
        const auto listed = [&] {
            QString all;
            for (const std::string& each : outsideOf(file, path)) all += text(each.substr(base.size())) + ";";
            return all;
        };
        fs::create_symlink("../others/b.jsonl", base + "/in/logs/inside.jsonl");
        fs::create_symlink("..", base + "/in/logs/round"); // and round
        QCOMPARE(listed(), QString());
        fs::create_symlink(base + "/secret.jsonl", base + "/in/logs/link.jsonl");
        fs::create_symlink("../../..", base + "/in/logs/below/up");
        QCOMPARE(listed(), QString("/in/logs/below/up;/in/logs/link.jsonl;"));
        // Behind a link that leads elsewhere inside, too.
        fs::create_symlink(base + "/secret.jsonl", base + "/in/others/c.jsonl");
        fs::remove(base + "/in/logs/round");
        fs::create_directory_symlink("../others", base + "/in/logs/round");
        QCOMPARE(listed(), QString("/in/logs/below/up;/in/logs/link.jsonl;/in/others/c.jsonl;"));
        QCOMPARE(failureOf(checkInside(file, path)), QString("workspace-outside"));
        // Of a file those that are rotations of it.
        file.log = {base + "/in/logs/app.log"};
        QCOMPARE(listed(), QString());
        fs::create_symlink(base + "/secret.jsonl", base + "/in/logs/app.log.1");
        QCOMPARE(listed(), QString("/in/logs/app.log.1;"));
        file.log = {base + "/in/logs/a.jsonl"};
        QCOMPARE(listed(), QString());
        file.log = {base + "/in/logs?isolation=read_committed"};
        QCOMPARE(listed(), QString("/in/logs/app.log.1;/in/logs/below/up;/in/logs/link.jsonl;/in/others/c.jsonl;"));
    }

    /// What is judged is the path that is opened: it ends at the last '?', and where something has one in its name, behind that.
    void whatIsSaidOfALogIsBehindTheLastQuestionMark()
    {
        const Folder folder;
        const std::string base = fs::canonical(folder.path(".")).string();
        const std::string path = base + "/in/bug.leftfold";
        fs::create_directories(base + "/kafka-data/orders-0");
        write(base + "/kafka-data/orders-0/00000000000000000000.log", "");
        fs::create_directories(base + "/in/a?");
        fs::create_directory_symlink("..", base + "/in/a?b");
        const auto logOf = [&](const std::string& log) {
            const std::string json = "{\"leftfoldWorkspace\": 1, \"log\": [\"" + log + "\"]}";
            return must(parseWorkspace(json, path));
        };
        const WorkspaceFile up = logOf("a?/../../kafka-data?isolation=read_committed");
        QVERIFY(source::isSegmentAddress(up.log.front()));
        QCOMPARE(outsideOf(up, path), std::vector{base + "/kafka-data"});
        const WorkspaceFile linked = logOf("a?b/kafka-data?isolation=read_committed");
        QVERIFY(source::isSegmentAddress(linked.log.front()));
        QCOMPARE(outsideOf(linked, path), std::vector{base + "/in/a?b/kafka-data"});
        fs::rename(base + "/kafka-data", base + "/in/a?/data");
        QVERIFY(outsideOf(logOf("a?/data?isolation=read_committed"), path).empty());
        QVERIFY(outsideOf(logOf("a?/data"), path).empty());
    }

    void rotationsOfALinkedLogAreThoseBesideTheFile()
    {
        const Folder folder;
        const std::string base = fs::canonical(folder.path(".")).string();
        const std::string path = base + "/in/bug.leftfold";
        fs::create_directories(base + "/in/sub");
        write(base + "/secret.jsonl", "");
        write(base + "/in/sub/real.log", "");
        write(base + "/in/sub/real.log.1", "");
        fs::create_symlink("sub/real.log", base + "/in/app.log");
        WorkspaceFile file;
        file.log = {base + "/in/app.log"};
        QVERIFY(outsideOf(file, path).empty());
        fs::create_symlink(base + "/secret.jsonl", base + "/in/sub/real.log.2");
        QCOMPARE(outsideOf(file, path), std::vector{base + "/in/sub/real.log.2"});
    }

    /// It may be there later, while the folder is followed.
    void aLinkToNothingCountsWhereItLeadsTo()
    {
        const Folder folder;
        const std::string base = fs::canonical(folder.path(".")).string();
        const std::string path = base + "/in/bug.leftfold";
        fs::create_directories(base + "/in/logs");
        write(base + "/in/logs/a.jsonl", "");
        const auto link = [&](const std::string& to, const std::string& name) {
            fs::create_symlink(to, base + "/in/logs/" + name);
        };
        link("later.jsonl", "inside.jsonl");
        link("none/../../later.jsonl", "inside-too.jsonl");
        link("loop.jsonl", "loop.jsonl");
        WorkspaceFile file;
        file.log = {base + "/in/logs"};
        QVERIFY(outsideOf(file, path).empty());
        link("../../later.jsonl", "b.jsonl");
        link("b.jsonl", "c.jsonl");
        link("../none/../../later", "d.jsonl");
        link(base + "/later.jsonl", "e.jsonl");
        const std::string logs = base + "/in/logs/";
        const std::vector out{logs + "b.jsonl", logs + "c.jsonl", logs + "d.jsonl", logs + "e.jsonl"};
        QCOMPARE(outsideOf(file, path), out);
        write(base + "/later.jsonl", "");
        fs::create_directories(base + "/later");
        fs::create_directories(base + "/in/none");
        QCOMPARE(outsideOf(file, path), out);
        file.log = {logs + "b.jsonl"};
        QCOMPARE(outsideOf(file, path), std::vector{logs + "b.jsonl"});
    }

    void whatIsReadBesideSegmentsIsOfTheLog()
    {
        const Folder folder;
        const std::string base = fs::canonical(folder.path(".")).string();
        const std::string path = base + "/in/bug.leftfold";
        const std::string partition = base + "/in/orders-0";
        fs::create_directories(partition);
        write(base + "/secret", "");
        write(partition + "/00000000000000000000.log", "");
        write(partition + "/00000000000000000000.index", "");
        WorkspaceFile file;
        file.log = {partition};
        QVERIFY(outsideOf(file, path).empty());
        fs::create_symlink("/dev/zero", base + "/in/log-start-offset-checkpoint");
        fs::create_symlink("../secret", base + "/in/cleaner-offset-checkpoint");
        const std::vector checkpoints{base + "/in/cleaner-offset-checkpoint", base + "/in/log-start-offset-checkpoint"};
        QCOMPARE(outsideOf(file, path), checkpoints);
        file.log = {partition + "?isolation=read_committed"};
        QCOMPARE(outsideOf(file, path), checkpoints);
        file.log = {partition + "/00000000000000000000.log"};
        QCOMPARE(outsideOf(file, path), checkpoints);
        for (const std::string& each : checkpoints) fs::remove(each);
        QVERIFY(outsideOf(file, path).empty());
        fs::remove(partition + "/00000000000000000000.index");
        fs::create_symlink("../../secret", partition + "/00000000000000000000.index");
        QCOMPARE(outsideOf(file, path), std::vector{partition + "/00000000000000000000.index"});
        // A workspace beside its segments: what stands beside their folder is outside.
        file.log = {partition};
        write(base + "/in/log-start-offset-checkpoint", "");
        fs::remove(partition + "/00000000000000000000.index");
        QCOMPARE(outsideOf(file, partition + "/bug.leftfold"), std::vector{base + "/in/log-start-offset-checkpoint"});
    }

    /// Nobody would ever write into it.
    void aPipeAmongItsFilesIsNotWaitedFor()
    {
        const Folder folder;
        const std::string base = fs::canonical(folder.path(".")).string();
        const std::string pipe = base + "/pipe.proto";
        QCOMPARE(::mkfifo(pipe.c_str(), 0600), 0);
        WorkspaceFile file;
        file.log = {base + "/shop.jsonl"};
        file.masksFile = pipe;
        QCOMPARE(failureOf(masksOf(file)), QString("system-failed"));
        for (const char* rule : {"value=protobuf:pipe.proto:Price", "value=avro:pipe.proto"}) {
            file.decode = {withSchemaFile(rule, "pipe.proto", pipe)};
            QCOMPARE(failureOf(loadOptionsOf(file)), QString("system-failed"));
        }
        write(base + "/price.proto", "syntax = \"proto3\"; import \"pipe.proto\"; message Price {}");
        file.decode = {"value=protobuf:" + base + "/price.proto:Price"};
        QCOMPARE(failureOf(loadOptionsOf(file)), QString("system-failed"));
    }

    void importsOfASchemaStayInItsFolder()
    {
        const Folder folder;
        const std::string base = fs::canonical(folder.path(".")).string();
        fs::create_directories(base + "/in");
        write(base + "/unit.proto", "syntax = \"proto3\"; enum Unit { EUR = 0; }");
        write(base + "/in/price.proto", "syntax = \"proto3\"; import \"unit.proto\"; message Price { Unit unit = 1; }");
        fs::create_symlink("../unit.proto", base + "/in/unit.proto");
        const std::string rule = "value=protobuf:" + base + "/in/price.proto:Price";
        WorkspaceFile file;
        file.log = {base + "/in/shop.jsonl"};
        file.decode = {rule};
        const auto ofWorkspace = loadOptionsOf(file);
        QCOMPARE(failureOf(ofWorkspace), QString("bad-schema"));
        QVERIFY(base::render(ofWorkspace.error()).find("outside of its folder") != std::string::npos);
        QCOMPARE(must(decodingOptions({rule}, "", NamedBy::User)).schemas.size(), std::size_t{2});
        // The user's links are the user's; names that lead out are whoever's wrote the file.
        write(base + "/in/price.proto", "syntax = \"proto3\"; import \"../unit.proto\"; message Price {}");
        QCOMPARE(failureOf(decodingOptions({rule}, "", NamedBy::User)), QString("bad-schema"));
        write(base + "/in/price.proto", "syntax = \"proto3\"; import \"" + base + "/unit.proto\"; message Price {}");
        QCOMPARE(failureOf(decodingOptions({rule}, "", NamedBy::User)), QString("bad-schema"));
    }

    void anOpenLogIsSaved()
    {
        LoadOptions options;
        options.log = {"/data/orders.jsonl"};
        options.mapping.id = must(decode::parseFieldRef("/order"));
        options.decoding.rules = {must(decode::parseDecodeRule("key=integer")).rule,
                                  must(decode::parseDecodeRule("value=avro:order.avsc")).rule};
        options.decoding.rules.back().schema = "file:order.avsc#00000000";
        const std::vector<ProjectionChoice> choices = {
            {}, {.fold = "/data/stock.js"}, {.by = "/sku", .fold = "/x/stock.js"}, {}};
        const SavedLog saved = must(workspaceOf(options, choices));
        QCOMPARE(saved.leftOut.size(), std::size_t{1});
        QCOMPARE(saved.file.decode.size(), std::size_t{1});
        std::string names;
        for (const NamedProjection& each : saved.file.projections) names += each.name + ';';
        QCOMPARE(text(names), "tally;stock;stock by /sku;tally 2;");
        const LoadOptions again = must(loadOptionsOf(saved.file));
        QCOMPARE(again.log.size(), std::size_t{1});
        QVERIFY(again.log == options.log && again.mapping == options.mapping);
        QCOMPARE(again.indexFields.size(), std::size_t{1});
        options.log = {"-"};
        QCOMPARE(failureOf(workspaceOf(options, {})), QString("bad-argument"));
    }
};

QTEST_GUILESS_MAIN(WorkspaceFileTest)
#include "workspace_file_test.moc"
