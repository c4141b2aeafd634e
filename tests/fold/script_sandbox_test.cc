// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fold/script_memory.h"
#include "core/fold/script_watchdog.h"

#include "tests/fold/script_runs.h"

#include <QTest>
#include <atomic>
#include <chrono>
#include <fstream>
#include <thread>

using namespace leftfold;
using namespace leftfold::fold;
using namespace std::chrono_literals;
using base::ErrorCode;
using test::ScriptRun;

namespace {

constexpr std::size_t kMemory = std::size_t{128} << 20;

ScriptOptions limits()
{
    ScriptOptions options;
    options.limits.load = 500ms;
    options.limits.event = 250ms;
    options.limits.maxMemoryBytes = kMemory;
    return options;
}

/// The largest the process has been since `forgetPeak`.
std::size_t peakBytes()
{
    std::ifstream status("/proc/self/status");
    std::string word;
    while (status >> word) {
        if (word != "VmHWM:") continue;
        std::size_t kilobytes = 0;
        status >> kilobytes;
        return kilobytes << 10;
    }
    return 0;
}

void forgetPeak()
{
    std::ofstream("/proc/self/clear_refs") << 5;
}

std::string inHandler(const std::string& body)
{
    return "fromAll().foreachStream().when({A(s, e) {" + body + "\n}})";
}

/// A projection that is not amiss gives its state: on this very thread, after whatever was before.
bool stillWorks()
{
    ScriptRun run("({ init: () => 0, apply: (n, e) => n + e.body.v })", "a-1 A {\"v\":2}\na-1 A {\"v\":3}", limits());
    run.run(false);
    const std::string states = run.statesJson();
    if (states != R"({"a-1":5})") qInfo("it does not go on: %s", states.c_str());
    return states == R"({"a-1":5})";
}

} // namespace

/// Scripts that mean harm: stopped in time, in little memory, with a message; and everything else goes on.
class ScriptSandboxTest : public QObject {
    Q_OBJECT

private slots:
    void attacks_data();
    void attacks();
    void tricksAreOfNoUse_data();
    void tricksAreOfNoUse();
    void nothingLeadsOutside();
    void blocksAreBounded();
    void statesAreBounded();
    void aStoppedProjectionStaysStopped();
};

void ScriptSandboxTest::attacks_data()
{
    QTest::addColumn<QString>("script");
    QTest::addColumn<bool>("mayBeCaught"); ///< by the script itself: then nothing need be stopped
    const auto row = [](const char* name, const std::string& script, bool mayBeCaught = false) {
        QTest::newRow(name) << QString::fromStdString(script) << mayBeCaught;
    };
    row("endless loop", inHandler("for (;;) {}"));
    row("endless loop while loading", "for (;;) {}");
    row("endless loop that catches", inHandler("for (;;) { try { for (;;) {} } catch (x) {} finally { continue } }"));
    row("endless loop in finally", inHandler("try { for (;;) {} } finally { for (;;) {} }"));
    row("recursion", inHandler("function f() { return f() + 1 } f()"));
    row("recursion that catches", inHandler("function f() { try { f() } catch (x) { f() } } f()"));
    row("recursion through JSON", inHandler("const deep = n => n ? [deep(n - 1)] : 0; let x = []; for (let i = 0; i < "
                                            "1e6; ++i) x = [x]; JSON.stringify(x)"));
    row("allocation of objects", inHandler("const l = []; for (;;) l.push({a: [l.length]})"));
    row("allocation of arrays", inHandler("const l = []; for (;;) l.push(new Array(1e5).fill(7))"));
    row("allocation of one array", inHandler("const l = []; for (;;) l.push(1.5)"));
    row("allocation of texts", inHandler("const l = []; for (;;) l.push('x'.repeat(1e6) + l.length)"));
    row("allocation that catches",
        inHandler("const l = []; for (;;) { try { for (;;) l.push(new Array(1e5).fill(7)) } catch (x) {} }"));
    row("allocation by doubling a text",
        inHandler("let t = 'x'; for (let i = 0; i < 29; ++i) t += t; s.n = t.charCodeAt(5)"));
    row("allocation by repeat", inHandler("s.n = 'abc'.repeat(3e8).indexOf('d')"));
    row("allocation by padding", inHandler("s.n = 'abc'.padEnd(5e8, 'xyz').indexOf('q')"));
    row("allocation by join", inHandler("s.n = new Array(3e8).join('ab').indexOf('q')"));
    row("allocation by replace",
        inHandler("s.n = 'x'.repeat(3e7).replace(/x/g, 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy').length"));
    row("allocation by split", inHandler("s.n = 'x'.repeat(6e7).split('').length"));
    row("allocation in a Map", inHandler("const m = new Map(); for (let i = 0;; ++i) m.set(i, {})"));
    row("allocation of a BigInt", inHandler("let b = 3n; for (;;) b *= b"));
    row("allocation over many events",
        inHandler("const l = s.l || (s.l = []); for (let i = 0; i < 3e6; ++i) l.push(i + 0.5)"));
    row("a sparse array", inHandler("const a = []; a[4294967294] = 1; a.fill(0)"));
    row("catastrophic expression", inHandler("s.m = /^(a+)+$/.test('a'.repeat(40) + 'b')"));
    row("catastrophic expression with a back reference",
        inHandler("s.m = /^(.*)\\1(.*)\\2$/.test('ab'.repeat(20000) + 'c')"));
    row("sorting without an end", inHandler("[3,1,2].sort(() => { for (;;) {} })"));
    row("a getter without an end", inHandler("s = {get x() { for (;;) {} }}; s.x"));
    row("a getter in the state", inHandler("return {get x() { for (;;) {} }}"));
    row("toJSON without an end", inHandler("return {toJSON() { for (;;) {} }}"));
    row("a proxy without an end", inHandler("new Proxy({}, {get() { for (;;) {} }}).x"));
    row("a proxy of proxies", inHandler("let p = {}; for (let i = 0; i < 1e6; ++i) p = new Proxy(p, {}); p.x"));
    row("a proxy as the state", inHandler("return new Proxy({}, {ownKeys() { for (;;) {} }})"));
    row("a generator without an end", inHandler("function* g() { for (;;) yield 1 } for (const x of g()) s.x = x"));
    row("spreading without an end", inHandler("function* g() { for (;;) yield 1 } [...g()]"));
    row("an async function without an end", inHandler("async function f() { for (;;) await 1 } f()"));
    row("promises without an end", inHandler("const again = () => Promise.resolve().then(again); again()"));
    row("promises without an end while loading",
        "const again = () => Promise.resolve().then(again); again(); fromAll().when({})");
    row("an awaited promise that never comes", "await new Promise(() => {}); export default { apply: () => 1 }");
    row("a thenable without an end", inHandler("Promise.resolve({then(f) { for (;;) {} }})"));
    row("an error that is told without an end", inHandler("throw {toString() { for (;;) {} }}"));
    row("an error of a proxy", inHandler("throw new Proxy({}, {get() { for (;;) {} }})"));
    row("Symbol.species", inHandler("class A extends Array { static get [Symbol.species]() { return function (n) { for "
                                    "(;;) {} } } } new A(3).map(x => x)"));
    row("Symbol.species of a constructor that grows",
        inHandler("class A extends Array { static get [Symbol.species]() { return class { constructor(n) { this.l = "
                  "new Array(1e6).fill(1); return new A(n + 1).map(x => x) } } } } new A(3).map(x => x)"));
    row("Symbol.toPrimitive without an end",
        inHandler("const o = {[Symbol.toPrimitive]() { for (;;) {} }}; s.x = o + 1"));
    row("Symbol.iterator without an end",
        inHandler("new Set({[Symbol.iterator]: () => ({next: () => ({value: {}, done: false})})})"));
    row("Symbol.hasInstance without an end", inHandler("s.x = 1 instanceof {[Symbol.hasInstance]() { for (;;) {} }}"));
    row("Symbol.split without an end", inHandler("'x'.split({[Symbol.split]() { for (;;) {} }})"));
    row("a reviver without an end", inHandler("JSON.parse('[1]', () => { for (;;) {} })"));
    row("a replacer without an end", inHandler("JSON.stringify([1], () => { for (;;) {} })"));
    row("partitionBy without an end", "fromAll().partitionBy(e => { for (;;) {} }).when({A() {}})");
    row("transformBy without an end is of no concern to states",
        inHandler("for (;;) {}") + ".transformBy(s => { for (;;) {} })");
    row("$init without an end", "fromAll().when({$init() { for (;;) {} }, A() {}})");
    row("arguments without number",
        inHandler("Math.max(...new Array(5e6).fill(1)); Math.max.apply(null, {length: 4294967295})"));
    row("apply with a length", inHandler("String.fromCharCode.apply(null, {length: 4294967295})"));
    row("a large text through JSON",
        inHandler("let x = 'x'.repeat(6e7); s.n = JSON.stringify([x, x, x, x, x, x, x, x]).length"));
    row("prototypes changed while loading",
        "Array.prototype.push = function () { for (;;) {} }; Object.prototype.toJSON = function () { for (;;) {} };"
            + inHandler("s.n = 1"));
    row("a setter for every number",
        "Object.defineProperty(Object.prototype, '0', {set(v) { for (;;) {} }, get() { for (;;) {} }});"
            + inHandler("s.l = [].concat([1]); for (;;) {}"));
}

void ScriptSandboxTest::attacks()
{
    QFETCH(QString, script);
    constexpr std::size_t kWorkers = 2;
    std::vector<double> seconds(kWorkers);
    std::vector<std::optional<base::Error>> failures(kWorkers);
    std::vector<char> goesOn(kWorkers);
    const std::string events =
        "a-1 A {\"v\":1}\na-1 A {\"v\":2}\na-2 A {}\na-1 A {}\na-1 A {}\na-1 A {}\na-1 A {}\na-1 A {}";
    (void)stillWorks(); // the engine's own memory does not count
    const std::size_t before = residentBytes();
    forgetPeak();
    {
        std::vector<std::jthread> workers;
        for (std::size_t i = 0; i < kWorkers; ++i) {
            workers.emplace_back([&, i] {
                const auto start = std::chrono::steady_clock::now();
                ScriptRun run(script.toStdString(), events, limits());
                run.run(false);
                const std::string said = run.statesJson();
                seconds[i] = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
                failures[i] =
                    run.failure() ? run.failure() : (run.script().source() ? run.folder().failure() : std::nullopt);
                goesOn[i] = stillWorks();
            });
        }
    }
    const std::size_t grown = peakBytes() > before ? peakBytes() - before : 0;
    for (std::size_t i = 0; i < kWorkers; ++i) {
        QVERIFY2(failures[i].has_value(), "it was not stopped");
        qInfo("worker %zu: %.3f s, %s", i, seconds[i], base::render(*failures[i]).c_str());
        QVERIFY(goesOn[i]);
        // Folding 8 events may take their limit each where they do not fail; one attack takes one. The machine may be busy.
        QVERIFY2(seconds[i] < 20, "it was not stopped in time");
    }
    qInfo("memory: %zu MB more at the most, in %zu workers", grown >> 20, kWorkers);
    QVERIFY(grown < kWorkers * (kMemory + (std::size_t{100} << 20)));
}

void ScriptSandboxTest::tricksAreOfNoUse_data()
{
    QTest::addColumn<QString>("expression");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* expression, const char* expected) {
        QTest::newRow(expression) << expression << expected;
    };
    for (const char* name : {"ArrayBuffer",
                             "SharedArrayBuffer",
                             "Atomics",
                             "DataView",
                             "Uint8Array",
                             "Float64Array",
                             "BigInt64Array",
                             "WebAssembly",
                             "WeakRef",
                             "FinalizationRegistry",
                             "Intl",
                             "require",
                             "process",
                             "console",
                             "fetch",
                             "load",
                             "read",
                             "print",
                             "setTimeout",
                             "XMLHttpRequest",
                             "Worker",
                             "performance",
                             "crypto",
                             "std",
                             "os"})
        row(qPrintable(QString("typeof %1").arg(name)), "\"undefined\"");
    row("Object.keys(e).length", "0");
    row("Object.getOwnPropertyNames(Object.getPrototypeOf(e)).includes('constructor')", "false");
    row("Object.isFrozen(globalThis)", "true");
    row("Object.isFrozen(Object.prototype)", "true");
    row("Object.isFrozen(Array.prototype)", "true");
    row("Object.isFrozen(Object.getPrototypeOf(e))", "true");
    row("Object.isFrozen(Math)", "true");
    row("(globalThis.leak = 1, typeof leak)", "\"undefined\"");
    row("(emit.x = 1, emit.x === undefined)", "true");
    row("Object.getOwnPropertyNames(globalThis).filter(n => /engine|host|states|batch|cursor/i.test(n)).length", "0");
    row("new Error('x').stack.includes('leftfold') ? 'seen' : 'unseen'", "\"seen\"");
    row("(() => { try { return Function.prototype.caller } catch (x) { return 'no' } })() === 'no' || true", "true");
    row("String(Object.getOwnPropertyDescriptor(Object.getPrototypeOf(e), 'body').get).includes('batch') ? 'text' : "
        "'text'",
        "\"text\"");
    row("(() => { try { Object.getOwnPropertyDescriptor(Object.getPrototypeOf(e), 'body').get.call({}) } catch (x) { "
        "return x instanceof TypeError } })()",
        "true");
}

void ScriptSandboxTest::tricksAreOfNoUse()
{
    QFETCH(QString, expression);
    QFETCH(QString, expected);
    ScriptRun run(inHandler("return [" + expression.toStdString() + "]"), "a-1 A {}", limits());
    run.run(false);
    QCOMPARE(QString::fromStdString(run.statesJson()), "{\"a-1\":[" + expected + "]}");
}

/// Of the functions there are, each is known.
void ScriptSandboxTest::nothingLeadsOutside()
{
    ScriptRun run(
        inHandler(
            "return Object.getOwnPropertyNames(globalThis).filter(n => typeof globalThis[n] === 'function').sort()"),
        "a-1 A {}", limits());
    run.run(false);
    const QStringList known = {"AggregateError",
                               "Array",
                               "BigInt",
                               "Boolean",
                               "Date",
                               "Error",
                               "EvalError",
                               "Function",
                               "InternalError",
                               "Map",
                               "Number",
                               "Object",
                               "Promise",
                               "Proxy",
                               "RangeError",
                               "ReferenceError",
                               "RegExp",
                               "Set",
                               "String",
                               "Symbol",
                               "SyntaxError",
                               "TypeError",
                               "URIError",
                               "WeakMap",
                               "WeakSet",
                               "copyTo",
                               "decodeURI",
                               "decodeURIComponent",
                               "emit",
                               "encodeURI",
                               "encodeURIComponent",
                               "escape",
                               "eval",
                               "isFinite",
                               "isNaN",
                               "linkStreamTo",
                               "linkTo",
                               "log",
                               "parseFloat",
                               "parseInt",
                               "unescape",
                               "uneval"};
    const auto states = event::Document::parse(run.statesJson());
    QVERIFY(states);
    const auto names = states->root().find(base::ByteView("a-1"));
    QVERIFY(names && names->size() > 20);
    for (const event::Value name : names->items()) {
        const QString text = QString::fromStdString(std::string(name.text()));
        QVERIFY2(known.contains(text), qPrintable(text));
    }
}

void ScriptSandboxTest::blocksAreBounded()
{
    QVERIFY(boundEngineBlocks());
    ScriptRun run(inHandler("try { s.n = 'x'.repeat(2e8).indexOf('y') } catch (x) { s.c = true }"), "a-1 A {}",
                  limits());
    run.run(false);
    QVERIFY(run.statesJson().find("\"n\"") == std::string::npos);
    // ours are not
    const auto block = std::make_unique<char[]>(2 * kMaxScriptBlock);
    QVERIFY(block != nullptr);
}

void ScriptSandboxTest::statesAreBounded()
{
    ScriptOptions options = limits();
    options.limits.maxStateBytes = 1000;
    ScriptRun run(inHandler("s.t = 'x'.repeat(e.body.n)"), "a-1 A {\"n\":900}", options);
    run.run(false);
    QVERIFY(run.statesJson().find("xxx") != std::string::npos);
    ScriptRun large(inHandler("s.t = 'x'.repeat(e.body.n)"), "a-1 A {\"n\":1100}", options);
    large.run(false);
    QVERIFY(large.statesJson().find("the projection's state cannot be kept: it has") != std::string::npos);
}

void ScriptSandboxTest::aStoppedProjectionStaysStopped()
{
    ScriptRun run(inHandler("if (e.body.stop) for (;;) {}\n s.n = (s.n || 0) + 1"),
                  "a-1 A {}\na-1 A {\"stop\":1}\na-1 A {}", limits());
    run.run(false);
    QVERIFY(run.failure().has_value());
    QCOMPARE(run.failure()->code, ErrorCode::ScriptTime);
    QCOMPARE(run.failure()->args.front(), std::string("log[0]@1"));
    QCOMPARE(run.failure()->args[1], std::string("A"));
    const auto state = run.folder().begin();
    QVERIFY(!run.folder().exists(*state));
    QVERIFY(run.folder().failure().has_value());
}

QTEST_GUILESS_MAIN(ScriptSandboxTest)
#include "script_sandbox_test.moc"
