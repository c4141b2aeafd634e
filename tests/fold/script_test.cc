// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fold/script_rows.h"

#include "tests/fold/script_runs.h"

#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

using namespace leftfold;
using namespace leftfold::fold;
using base::ErrorCode;
using test::ScriptRun;

namespace {

class Random {
public:
    explicit Random(unsigned seed) : m_random(seed) { qInfo("seed %u", seed); }
    std::size_t below(std::size_t end) { return m_random() % end; }
    bool oneIn(std::size_t n) { return below(n) == 0; }

private:
    std::mt19937 m_random;
};

/// A folder of files, with one beside it that must not be reached.
class Files {
public:
    Files() { std::filesystem::create_directory(path("in")); }
    [[nodiscard]] std::string path(const std::string& name) const
    {
        return m_folder.filePath(QString::fromStdString(name)).toStdString();
    }
    std::string write(const std::string& name, const std::string& text) const
    {
        std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
        std::ofstream(path(name)) << text;
        return path(name);
    }

private:
    QTemporaryDir m_folder;
};

std::string failureOf(const std::string& path)
{
    const auto script = Script::load(path, {});
    return script ? "loaded" : base::render(script.error());
}

} // namespace

class ScriptTest : public QObject {
    Q_OBJECT

private slots:
    void filesAreImported();
    void importsStayInside();
    void importsGoRound();
    void missingFilesAreNamed();
    void fingerprintsFollowEveryFile();
    void filesAreReadOnce();
    void numbersThatCannotBeHeldAreFound();
    void whatIsExactIsLeft_data();
    void whatIsExactIsLeft();
    void clockAndChanceAreTold();
    void metadataAreHeaders();
    void foldersGoBetweenThreads();
    void randomScriptsHarmNothing();
};

void ScriptTest::filesAreImported()
{
    const Files files;
    files.write("in/lib/rules.js", "import { one } from '../one.js'; export const two = () => one + 1;");
    files.write("in/one.js", "export const one = 1;");
    const auto path =
        files.write("in/a.js", "import { two } from './lib/rules.js';\nexport default { apply: () => two() };");
    const auto script = Script::load(path, {});
    QVERIFY(script.has_value());
    QCOMPARE((*script)->source()->files.size(), 3U);
    const auto folder = (*script)->folder();
    const auto state = folder->begin();
    const event::Partition partition{"a", 0};
    const std::string padded = "{}" + std::string(base::kReadablePadding, '\0');
    FoldEvent event;
    event.partition = &partition;
    event.value = base::ByteView(padded).substr(0, 2);
    folder->apply(*state, event);
    QVERIFY(folder->exists(*state));
    QCOMPARE(event::toJson(folder->read(*state).root()), std::string("2"));
}

void ScriptTest::importsStayInside()
{
    const Files files;
    files.write("secret.js", "export const x = 1;");
    const auto with = [&](const std::string& from) {
        return failureOf(
            files.write("in/a.js", "import { x } from '" + from + "'; export default { apply: () => x };"));
    };
    QVERIFY(with("../secret.js").find("it lies outside of the folder") != std::string::npos);
    QVERIFY(with(files.path("secret.js")).find("only relative paths can be") != std::string::npos);
    QVERIFY(with("file:///etc/passwd").find("only relative paths can be") != std::string::npos);
    QVERIFY(with("fs").find("only relative paths can be") != std::string::npos);
    QVERIFY(with("./none.js").find("there is no such file") != std::string::npos);
    std::filesystem::create_symlink(files.path("secret.js"), files.path("in/link.js"));
    QVERIFY(with("./link.js").find("it lies outside of the folder") != std::string::npos);
    const auto dynamic = failureOf(files.write("in/b.js", "import('./a.js'); export default { apply: () => 1 };"));
    QVERIFY2(dynamic == "loaded", dynamic.c_str()); // the promise is rejected, nobody reads anything
    ScriptOptions wideOptions;
    wideOptions.root = files.path("");
    const auto wide = Script::load(
        files.write("in/c.js", "import { x } from '../secret.js'; export default { apply: () => x };"), wideOptions);
    QVERIFY(wide.has_value());
}

void ScriptTest::importsGoRound()
{
    const Files files;
    files.write("in/b.js", "import { a } from './a.js'; export const b = () => a;");
    const auto path =
        files.write("in/a.js", "import { b } from './b.js'; export const a = 1; export default { apply: () => b() };");
    QCOMPARE(failureOf(path), std::string("loaded"));
}

void ScriptTest::missingFilesAreNamed()
{
    const Files files;
    QVERIFY(failureOf(files.path("in/none.js")).find("none.js") != std::string::npos);
    QVERIFY(failureOf(files.path("in")).find("not a file") != std::string::npos);
    const auto broken = failureOf(files.write("in/b.js", "fromAll(\n"));
    QVERIFY2(broken.find("b.js:") != std::string::npos && broken.find("SyntaxError") != std::string::npos,
             broken.c_str());
}

void ScriptTest::fingerprintsFollowEveryFile()
{
    const Files files;
    files.write("in/one.js", "export const one = 1;");
    const auto path = files.write("in/a.js", "import { one } from './one.js'; export default { apply: () => one };");
    const auto first = Script::load(path, {}).value()->fingerprint();
    QCOMPARE(Script::load(path, {}).value()->fingerprint(), first);
    files.write("in/one.js", "export const one = 2;");
    QVERIFY(Script::load(path, {}).value()->fingerprint() != first);
    ScriptOptions exactly;
    exactly.exactNumbers = true;
    QVERIFY(Script::load(path, exactly).value()->fingerprint() != Script::load(path, {}).value()->fingerprint());
}

/// What is folded is what was loaded, whatever becomes of the files.
void ScriptTest::filesAreReadOnce()
{
    const Files files;
    files.write("in/one.js", "export const one = 1;");
    const auto path = files.write(
        "in/a.js", "import { one } from './one.js'; export default { init: () => one, apply: () => undefined };");
    const auto script = Script::load(path, {}).value();
    std::filesystem::remove_all(files.path("in"));
    const auto folder = script->folder();
    const auto state = folder->begin();
    folder->settle();
    QVERIFY2(!folder->failure(), folder->failure() ? base::render(*folder->failure()).c_str() : "");
}

void ScriptTest::numbersThatCannotBeHeldAreFound()
{
    ScriptRun run("({ apply: (s, e) => e.body })",
                  "a-1 A {\"id\":9007199254740993,\"ok\":9007199254740992,\"t\":\"9007199254740993\"}");
    run.hear();
    run.run(false);
    QCOMPARE(run.statesJson(),
             std::string(R"({"a-1":{"id":9007199254740992,"ok":9007199254740992,"t":"9007199254740993"}})"));
    QCOMPARE(run.findings().size(), 1U);
    QCOMPARE(run.findings().front().code, ErrorCode::ScriptNumber);
    QCOMPARE(run.findings().front().args.front(), std::string("9007199254740993"));
}

void ScriptTest::whatIsExactIsLeft_data()
{
    QTest::addColumn<bool>("isExact");
    for (const char* digits :
         {"0", "-0", "1", "123456789012345", "0.1", "1e3", "1.50", "9007199254740992", "1e22", "100000000000000000000",
          "0.30000000000000004", "5e-324", "1.7976931348623157e308", "12345678901234567000"})
        QTest::newRow(digits) << true;
    for (const char* digits : {"9007199254740993", "18446744073709551615", "0.1000000000000000055", "1e400", "-1e400",
                               "1e-400", "12345678901234567.89", "3.14159265358979323846"})
        QTest::newRow(digits) << false;
}

void ScriptTest::whatIsExactIsLeft()
{
    QFETCH(bool, isExact);
    std::string seen;
    QCOMPARE(isExactInScripts(QTest::currentDataTag(), seen), isExact);
}

void ScriptTest::clockAndChanceAreTold()
{
    ScriptRun run("({ apply: (s, e) => [Date.now(), Math.random()] })", "a-1 A {}");
    run.hear();
    run.run(false);
    QCOMPARE(run.findings().size(), 2U);
    for (const base::Error& finding : run.findings()) QCOMPARE(finding.code, ErrorCode::ScriptClock);
    ScriptRun quiet("({ apply: (s, e) => new Date(0).getTime() })", "a-1 A {}");
    quiet.hear();
    quiet.run(false);
    QVERIFY(quiet.findings().empty());
}

void ScriptTest::metadataAreHeaders()
{
    const auto script = Script::fromText("a.js", "({ apply: (s, e) => [e.metadata, e.metadataRaw] })", {}).value();
    const auto folder = script->folder();
    const auto state = folder->begin();
    const event::Partition partition{"a", 0};
    event::Record record;
    record.headers = {{"a", "1"}, {"ü", "ö"}, {"n", std::nullopt}, {"b", base::ByteView("\xff\x01", 2)}, {"a", "2"}};
    const std::string padded = "{}" + std::string(base::kReadablePadding, '\0');
    FoldEvent event;
    event.partition = &partition;
    event.value = base::ByteView(padded).substr(0, 2);
    event.record = &record;
    for (int i = 0; i < 3; ++i) folder->apply(*state, event);
    const std::string said = event::toJson(folder->read(*state).root());
    const QString expected =
        R"([{"a":"2","ü":"ö","n":null,"b":"0xff01"},"{\"a\":\"1\",\"ü\":\"ö\",\"n\":null,\"b\":\"0xff01\",\"a\":\"2\"}"])";
    QCOMPARE(QString::fromStdString(said), expected);
}

/// Made on one thread, used on another, let go on a third, which is how workers and those who wait for them have it.
void ScriptTest::foldersGoBetweenThreads()
{
    const auto script = Script::fromText("a.js", "({ init: () => 0, apply: n => n + 1 })", {}).value();
    for (int i = 0; i < 20; ++i) {
        auto folder = script->folder();
        std::unique_ptr<State> state;
        std::string said;
        std::jthread([&] {
            state = folder->begin();
            const event::Partition partition{"a", 0};
            const std::string padded = "{}" + std::string(base::kReadablePadding, '\0');
            FoldEvent event;
            event.partition = &partition;
            event.value = base::ByteView(padded).substr(0, 2);
            for (int n = 0; n < 100; ++n) folder->apply(*state, event);
            said = event::toJson(folder->read(*state).root());
        }).join();
        QCOMPARE(said, std::string("100"));
        std::jthread([&] {
            folder.reset();
            state.reset();
        }).join();
    }
}

namespace {

/// A script that may be anything.
std::string randomScript(Random& random)
{
    static const std::vector<std::string> kParts = {"fromAll()",
                                                    ".foreachStream()",
                                                    ".when({",
                                                    "})",
                                                    "A(s,e){",
                                                    "}",
                                                    "s.x=",
                                                    "e.body",
                                                    "e.body.v",
                                                    ";",
                                                    "return ",
                                                    "null",
                                                    "undefined",
                                                    "1",
                                                    "'t'",
                                                    "[",
                                                    "]",
                                                    "{",
                                                    "(",
                                                    ")",
                                                    "=>",
                                                    "async ",
                                                    "await ",
                                                    "function*",
                                                    "yield ",
                                                    "new Proxy({}, {})",
                                                    "Symbol.iterator",
                                                    "Symbol.species",
                                                    "Array",
                                                    "Object",
                                                    ".prototype",
                                                    ".constructor",
                                                    ".__proto__",
                                                    "Promise.resolve()",
                                                    ".then(",
                                                    "JSON.stringify(",
                                                    "JSON.parse(",
                                                    "throw ",
                                                    "try{",
                                                    "}catch(x){",
                                                    "}finally{",
                                                    "for(;;){",
                                                    "while(1){",
                                                    "if(",
                                                    "let ",
                                                    "const ",
                                                    "class X extends ",
                                                    "emit('a','b',{})",
                                                    "linkTo('a',e)",
                                                    "log(",
                                                    "/a+$/.test(",
                                                    "'x'.repeat(1e7)",
                                                    "Math.random()",
                                                    "Date.now()",
                                                    "new Date",
                                                    "globalThis",
                                                    "this",
                                                    "arguments",
                                                    "eval(",
                                                    "Function(",
                                                    "delete ",
                                                    "in ",
                                                    "...",
                                                    ",",
                                                    "$any(s,e){",
                                                    "$init(){",
                                                    "partitionBy(e=>",
                                                    "({apply:(s,e)=>",
                                                    "new Map",
                                                    "BigInt(3)",
                                                    "**",
                                                    "+",
                                                    "import ",
                                                    "export ",
                                                    "super",
                                                    "get x(){",
                                                    "set x(v){",
                                                    "static ",
                                                    "#p",
                                                    "label:",
                                                    "break ",
                                                    "with(",
                                                    "\\u0000",
                                                    "`${",
                                                    "`"};
    std::string script = random.oneIn(2) ? "fromAll().foreachStream().when({A(s,e){" : "";
    const std::size_t parts = 1 + random.below(30);
    for (std::size_t i = 0; i < parts; ++i) {
        script += kParts[random.below(kParts.size())];
        if (random.oneIn(3)) script += ' ';
    }
    if (random.oneIn(2)) script += "}})";
    return script;
}

} // namespace

void ScriptTest::randomScriptsHarmNothing()
{
    Random random(std::random_device{}());
    ScriptOptions options;
    options.limits.load = std::chrono::milliseconds(100);
    options.limits.event = std::chrono::milliseconds(50);
    options.limits.maxMemoryBytes = std::size_t{64} << 20;
    int loaded = 0;
    for (int i = 0; i < 300; ++i) {
        ScriptRun run(randomScript(random), "a-1 A {\"v\":[1,{\"w\":2}]}\na-2 A {\"v\":\"x\"}\na-1 A 5", options);
        run.run(random.oneIn(2));
        const std::string said = run.statesJson();
        QVERIFY(!said.empty());
        loaded += !run.failure();
    }
    qInfo("%d of 300 random scripts folded their events", loaded);
    ScriptRun good("({ init: () => 0, apply: (n, e) => n + e.body.v })", "a-1 A {\"v\":2}", options);
    good.run(false);
    QCOMPARE(QString::fromStdString(good.statesJson()), QString("{\"a-1\":2}"));
}

QTEST_GUILESS_MAIN(ScriptTest)
#include "script_test.moc"
