// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/patch.h"

#include "tests/event/random_document.h"

#include <QTest>

using namespace leftfold;
using namespace leftfold::event;
using test::parsed;

namespace {

QByteArray bytes(const std::string& text)
{
    return {text.data(), static_cast<qsizetype>(text.size())};
}

Change change(ChangeKind kind, const char* pointer, const char* before, const char* after)
{
    Change out{kind, parsePointer(pointer).value(), {}, {}};
    if (*before != '\0') out.before = parsed(before);
    if (*after != '\0') out.after = parsed(after);
    return out;
}

} // namespace

class PatchTest : public QObject {
    Q_OBJECT

private slots:
    void patchesApply_data();
    void patchesApply();
    void patchesFail_data();
    void patchesFail();
    void whatIsNoPatchIsRefused();
    void aFailedPatchChangesNothing();
    void changesMustFindWhatTheySay_data();
    void changesMustFindWhatTheySay();
    void changesBecomeAJsonPatch();
    void deepPathsArePatched();
    void manyChangesInOneObject();
};

void PatchTest::patchesApply_data()
{
    QTest::addColumn<QByteArray>("document");
    QTest::addColumn<QByteArray>("patch");
    QTest::addColumn<QByteArray>("result");
    const auto row = [](const char* name, const char* document, const char* patch, const char* result) {
        QTest::newRow(name) << QByteArray(document) << QByteArray(patch) << QByteArray(result);
    };
    row("nothing", R"({"a":1.0})", "[]", R"({"a":1.0})");
    // The examples of RFC 6902, appendix A.
    row("A.1 add a member", R"({"foo":"bar"})", R"([{"op":"add","path":"/baz","value":"qux"}])",
        R"({"foo":"bar","baz":"qux"})");
    row("A.2 add an item", R"({"foo":["bar","baz"]})", R"([{"op":"add","path":"/foo/1","value":"qux"}])",
        R"({"foo":["bar","qux","baz"]})");
    row("A.3 remove a member", R"({"baz":"qux","foo":"bar"})", R"([{"op":"remove","path":"/baz"}])",
        R"({"foo":"bar"})");
    row("A.4 remove an item", R"({"foo":["bar","qux","baz"]})", R"([{"op":"remove","path":"/foo/1"}])",
        R"({"foo":["bar","baz"]})");
    row("A.5 replace", R"({"baz":"qux","foo":"bar"})", R"([{"op":"replace","path":"/baz","value":"boo"}])",
        R"({"baz":"boo","foo":"bar"})");
    row("A.6 move a member", R"({"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}})",
        R"([{"op":"move","from":"/foo/waldo","path":"/qux/thud"}])",
        R"({"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}})");
    row("A.7 move an item", R"({"foo":["all","grass","cows","eat"]})",
        R"([{"op":"move","from":"/foo/1","path":"/foo/3"}])", R"({"foo":["all","cows","eat","grass"]})");
    row("A.8 test", R"({"baz":"qux","foo":["a",2,"c"]})",
        R"([{"op":"test","path":"/baz","value":"qux"},{"op":"test","path":"/foo/1","value":2}])",
        R"({"baz":"qux","foo":["a",2,"c"]})");
    row("A.10 add an object", R"({"foo":"bar"})", R"([{"op":"add","path":"/child","value":{"grandchild":{}}}])",
        R"({"foo":"bar","child":{"grandchild":{}}})");
    row("A.11 unknown members are ignored", R"({"foo":"bar"})",
        R"([{"op":"add","path":"/baz","value":"qux","xyz":123}])", R"({"foo":"bar","baz":"qux"})");
    row("A.14 tilde", R"({"/":9,"~1":10})", R"([{"op":"test","path":"/~01","value":10}])", R"({"/":9,"~1":10})");
    row("A.16 add at the end", R"({"foo":["bar"]})", R"([{"op":"add","path":"/foo/-","value":["abc","def"]}])",
        R"({"foo":["bar",["abc","def"]]})");
    row("add replaces a member", R"({"a":1,"b":2})", R"([{"op":"add","path":"/a","value":null}])",
        R"({"a":null,"b":2})");
    row("add replaces the whole", R"({"a":1})", R"([{"op":"add","path":"","value":[1]}])", "[1]");
    row("replace replaces the whole", "1", R"([{"op":"replace","path":"","value":2}])", "2");
    row("add behind the last", "[1]", R"([{"op":"add","path":"/1","value":2}])", "[1,2]");
    row("test is by value", R"({"a":[1,{"x":1,"y":2}]})",
        R"([{"op":"test","path":"","value":{"a":[1.0,{"y":2,"x":10e-1}]}}])", R"({"a":[1,{"x":1,"y":2}]})");
    row("copy", R"({"a":{"b":[1]}})",
        R"([{"op":"copy","from":"/a","path":"/c"},{"op":"add","path":"/c/b/0","value":0}])",
        R"({"a":{"b":[1]},"c":{"b":[0,1]}})");
    row("copy of what was patched", R"({"a":[1]})",
        R"([{"op":"add","path":"/a/-","value":2},{"op":"copy","from":"/a","path":"/b"},{"op":"remove","path":"/a/0"}])",
        R"({"a":[2],"b":[1,2]})");
    row("copy into itself", R"({"a":{}})", R"([{"op":"copy","from":"/a","path":"/a/b"}])", R"({"a":{"b":{}}})");
    row("move to the same place", R"({"a":1})", R"([{"op":"move","from":"/a","path":"/a"}])", R"({"a":1})");
    row("move out of itself", R"({"a":{"b":1}})", R"([{"op":"move","from":"/a/b","path":"/a"}])", R"({"a":1})");
    row("remove and add again", R"({"a":1,"b":2})",
        R"([{"op":"remove","path":"/a"},{"op":"add","path":"/a","value":3}])", R"({"b":2,"a":3})");
    row("inside what was added", "{}",
        R"([{"op":"add","path":"/a","value":[{}]},{"op":"add","path":"/a/0/x","value":1}])", R"({"a":[{"x":1}]})");
    row("of duplicates the last", R"({"a":1,"a":{"x":1}})", R"([{"op":"replace","path":"/a/x","value":2}])",
        R"({"a":{"x":2}})");
    row("digits stay", R"({"a":1.50,"b":1e400})", R"([{"op":"copy","from":"/a","path":"/c"}])",
        R"({"a":1.50,"b":1e400,"c":1.50})");
}

void PatchTest::patchesApply()
{
    QFETCH(QByteArray, document);
    QFETCH(QByteArray, patch);
    QFETCH(QByteArray, result);
    const auto patched = applyJsonPatch(parsed(document.toStdString()), parsed(patch.toStdString()));
    QVERIFY2(patched, patched ? "" : base::render(patched.error()).c_str());
    QCOMPARE(bytes(toJson(patched->root())), result);
}

void PatchTest::patchesFail_data()
{
    QTest::addColumn<QByteArray>("document");
    QTest::addColumn<QByteArray>("patch");
    QTest::addColumn<QByteArrayList>("args");
    const auto row = [](const char* name, const char* document, const char* patch, QByteArrayList args) {
        QTest::newRow(name) << QByteArray(document) << QByteArray(patch) << args;
    };
    row("A.9 test", R"({"baz":"qux"})", R"([{"op":"test","path":"/baz","value":"bar"}])",
        {"1", "/baz", "the value there is another one"});
    row("A.12 no target", R"({"foo":"bar"})", R"([{"op":"add","path":"/baz/bat","value":"qux"}])",
        {"1", "/baz/bat", "there is nothing at '/baz'"});
    row("A.13 duplicate op: the last", R"({"foo":"bar"})",
        R"([{"op":"add","path":"/baz","value":"qux","op":"remove"}])", {"1", "/baz", "there is nothing at '/baz'"});
    row("A.15 text is no number", R"({"/":9,"~1":10})", R"([{"op":"test","path":"/~01","value":"10"}])",
        {"1", "/~01", "the value there is another one"});
    row("the second", "{}", R"([{"op":"add","path":"/a","value":1},{"op":"remove","path":"/b"}])",
        {"2", "/b", "there is nothing at '/b'"});
    row("replace nothing", "{}", R"([{"op":"replace","path":"/a","value":1}])",
        {"1", "/a", "there is nothing at '/a'"});
    row("beyond the end", "[1]", R"([{"op":"add","path":"/2","value":1}])",
        {"1", "/2", "the index 2 is beyond the end of an array of 1"});
    row("no index", "[1]", R"([{"op":"add","path":"/01","value":1}])", {"1", "/01", "'01' is no array index"});
    row("remove behind the end", "[1]", R"([{"op":"remove","path":"/-"}])", {"1", "/-", "there is nothing at '/-'"});
    row("inside a text", R"({"a":"b"})", R"([{"op":"add","path":"/a/b","value":1}])",
        {"1", "/a/b", "'/a' is neither an object nor an array"});
    row("remove the whole", "{}", R"([{"op":"remove","path":""}])", {"1", "", "the whole document cannot be removed"});
    row("into itself", R"({"a":{"b":1}})", R"([{"op":"move","from":"/a","path":"/a/b"}])",
        {"1", "/a/b", "a value cannot be moved into itself"});
    row("move nothing to itself", "{}", R"([{"op":"move","from":"/a","path":"/a"}])",
        {"1", "/a", "there is nothing at '/a'"});
    row("copy nothing", "{}", R"([{"op":"copy","from":"/a","path":"/b"}])", {"1", "/b", "there is nothing at '/a'"});
    row("test nothing", "{}", R"([{"op":"test","path":"/a","value":null}])", {"1", "/a", "there is nothing at '/a'"});
    row("unknown", "{}", R"([{"op":"spam","path":"/a"}])", {"1", "/a", "there is no operation 'spam'"});
    row("no op", "{}", R"([{"path":"/a"}])", {"1", "/a", "its 'op' is missing or no text"});
    row("no path", "{}", R"([{"op":"remove"}])", {"1", "", "its 'path' is missing or no text"});
    row("no from", "{}", R"([{"op":"copy","path":"/a"}])", {"1", "/a", "its 'from' is missing or no text"});
    row("no value", "{}", R"([{"op":"add","path":"/a"}])", {"1", "/a", "its 'value' is missing"});
    row("no pointer", "{}", R"([{"op":"add","path":"a","value":1}])",
        {"1", "a", "'a' is not a JSON pointer: it must be empty or begin with '/'"});
    row("no operation", "{}", "[5]", {"1", "", "its 'op' is missing or no text"});
}

void PatchTest::patchesFail()
{
    QFETCH(QByteArray, document);
    QFETCH(QByteArray, patch);
    QFETCH(QByteArrayList, args);
    const auto patched = applyJsonPatch(parsed(document.toStdString()), parsed(patch.toStdString()));
    QVERIFY(!patched);
    QVERIFY(patched.error().code == base::ErrorCode::PatchFailed);
    QByteArrayList found;
    for (const std::string& arg : patched.error().args) found << bytes(arg);
    QCOMPARE(found, args);
}

void PatchTest::whatIsNoPatchIsRefused()
{
    for (const char* patch : {"{}", "null", "\"[]\"", "1"}) {
        const auto patched = applyJsonPatch(parsed("{}"), parsed(patch));
        QVERIFY(!patched);
        QVERIFY(patched.error().code == base::ErrorCode::BadPatch);
    }
}

void PatchTest::aFailedPatchChangesNothing()
{
    const Document document = parsed(R"({"a":[1,{"b":2}],"c":3})");
    const std::string before = toJson(document.root());
    const auto patched = applyJsonPatch(
        document,
        parsed(R"([{"op":"remove","path":"/c"},{"op":"add","path":"/a/1/b","value":9},{"op":"remove","path":"/c"}])"));
    QVERIFY(!patched);
    QCOMPARE(bytes(toJson(document.root())), bytes(before));
}

void PatchTest::changesMustFindWhatTheySay_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<QByteArray>("pointer");
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("after");
    QTest::addColumn<QByteArray>("reason");
    const auto row = [](const char* name, ChangeKind kind, const char* pointer, const char* before, const char* after,
                        const char* reason) {
        QTest::newRow(name) << static_cast<int>(kind) << QByteArray(pointer) << QByteArray(before) << QByteArray(after)
                            << QByteArray(reason);
    };
    row("changed", ChangeKind::Changed, "/a", "1.0", "2", "");
    row("removed", ChangeKind::Removed, "/a", "1", "", "");
    row("another value", ChangeKind::Changed, "/a", "5", "2", "another value stands there than the change says");
    row("another value removed", ChangeKind::Removed, "/a", "5", "", "another value stands there than the change says");
    row("nothing there", ChangeKind::Changed, "/b", "1", "2", "there is nothing at '/b'");
    row("something there", ChangeKind::Added, "/a", "", "2", "something stands there already");
    row("added item", ChangeKind::Added, "/c/0", "", "2", "");
}

void PatchTest::changesMustFindWhatTheySay()
{
    QFETCH(int, kind);
    QFETCH(QByteArray, pointer);
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, after);
    QFETCH(QByteArray, reason);
    const std::vector<Change> changes = {change(static_cast<ChangeKind>(kind), pointer, before, after)};
    const auto patched = patch(parsed(R"({"a":1,"c":[7]})"), changes);
    QCOMPARE(patched.has_value(), reason.isEmpty());
    if (patched) return;
    QVERIFY(patched.error().code == base::ErrorCode::PatchFailed);
    QCOMPARE(bytes(patched.error().args.at(2)), reason);
}

void PatchTest::changesBecomeAJsonPatch()
{
    const std::vector<Change> changes = {change(ChangeKind::Added, "/a~1b", "", "[1.0]"),
                                         change(ChangeKind::Removed, "/c", "1", ""),
                                         change(ChangeKind::Changed, "", "1", "null")};
    QCOMPARE(bytes(toJson(toJsonPatch(changes).root())),
             QByteArray(R"([{"op":"add","path":"/a~1b","value":[1.0]},{"op":"remove","path":"/c"},)"
                        R"({"op":"replace","path":"","value":null}])"));
    QCOMPARE(bytes(toJson(toJsonPatch({}).root())), QByteArray("[]"));
}

void PatchTest::deepPathsArePatched()
{
    constexpr std::size_t kDepth = 100'000;
    const auto deep = [](const char* core) { return std::string(kDepth, '[').append(core).append(kDepth, ']'); };
    std::string path;
    for (std::size_t i = 0; i + 1 < kDepth; ++i) path += "/0";
    DocumentBuilder builder;
    builder.beginArray();
    builder.beginObject();
    builder.key("op");
    builder.text("add");
    builder.key("path");
    builder.text(path + "/-");
    builder.key("value");
    builder.number(7);
    builder.endObject();
    builder.endArray();
    const auto patched = applyJsonPatch(parsed(deep("")), builder.finish());
    QVERIFY(patched.has_value());
    QVERIFY(toJson(patched->root()) == deep("7"));
}

void PatchTest::manyChangesInOneObject()
{
    std::string a = "{";
    std::string b = "{";
    for (int i = 0; i < 50000; ++i) {
        const std::string key = std::to_string(i);
        a.append("\"").append(key).append("\":1,");
        b.append("\"").append(key).append(i % 2 == 0 ? "x\":1," : "\":2,");
    }
    a.back() = b.back() = '}';
    const Document one = parsed(a);
    const Document other = parsed(b);
    const auto changes = diff(one.root(), other.root());
    QCOMPARE(changes.size(), std::size_t{75000});
    QVERIFY(patch(one, changes).value() == other);
}

QTEST_APPLESS_MAIN(PatchTest)
#include "patch_test.moc"
