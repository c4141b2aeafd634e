// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/condition.h"
#include "core/event/number.h"
#include "tests/event/random_document.h"

#include <QTest>

#include <array>

using namespace leftfold;
using namespace leftfold::event;
using test::parsed;

namespace {

constexpr const char* kOrder =
    R"({"id":"order-7","status":"shipped","total":120.50,"big":9007199254740993,"paid":true,"note":null,"a b":1,
        "x=1":2,"tags":["gift","red"],"items":[{"sku":"A-1","price":20},{"sku":"B-2","price":100.5}],"meta":{"~/":5},
        "empty":"","17850":{"n":1}})";

/// A condition with what it means, worked out without the parser.
struct Made {
    std::string text;
    bool holds = false;
};

class MadeConditions {
public:
    explicit MadeConditions(test::Random& random) : m_random(random) {}

    Made any(Value document, int depth)
    {
        const auto kind = depth > 0 ? m_random() % 5 : 4;
        if (kind == 0) return joined(document, depth, "and");
        if (kind == 1) return joined(document, depth, "or");
        if (kind == 2) {
            const Made inner = any(document, depth - 1);
            return {"not (" + inner.text + ")", !inner.holds};
        }
        if (kind == 3) {
            const Made inner = any(document, depth - 1);
            return {blank() + "(" + blank() + inner.text + ")", inner.holds};
        }
        return comparison(document);
    }

private:
    std::string blank() { return std::string(m_random() % 3, ' '); }

    Made joined(Value document, int depth, const std::string& word)
    {
        const Made left = any(document, depth - 1);
        const Made right = any(document, depth - 1);
        return {"(" + left.text + ") " + word + " (" + right.text + ")",
                word == "and" ? left.holds && right.holds : left.holds || right.holds};
    }

    Made comparison(Value document)
    {
        static const std::vector<std::string> kPaths = {"", "/a", "/b", "/a/a", "/0", "/a/0", "/~0", "/a~1b", "/b/b"};
        static const std::vector<std::string> kOperators = {"=", "!=", "<", "<=", ">", ">=", "contains", "exists"};
        const std::string path = test::oneOf(kPaths, m_random);
        const std::string operation = test::oneOf(kOperators, m_random);
        const std::string written = path.empty() || m_random() % 3 == 0 ? "\"" + path + "\"" : path;
        const auto found = document.find(parsePointer(path).value());
        if (operation == "exists") return {written + " " + operation, found.has_value()};
        std::string json;
        test::appendRandomJson(json, m_random, 0);
        const Document value = parsed(json);
        const bool isWord = operation == "contains";
        return {written + (isWord ? " " : blank()) + operation + (isWord ? " " : blank()) + json,
                found && naive(*found, operation, value.root())};
    }

    static bool naive(Value left, const std::string& operation, Value right)
    {
        if (operation == "=") return left == right;
        if (operation == "!=") return left != right;
        if (operation == "contains") {
            if (left.kind() == Kind::Array) {
                bool found = false;
                for (std::size_t i = 0; i < left.size(); ++i) found = found || *left.at(i) == right;
                return found;
            }
            if (right.kind() != Kind::Text) return false;
            if (left.kind() == Kind::Object) return left.find(right.text()).has_value();
            return left.kind() == Kind::Text
                   && std::string(left.text()).find(std::string(right.text())) != std::string::npos;
        }
        int order = 0;
        if (left.kind() == Kind::Number && right.kind() == Kind::Number) {
            const auto compared = compareNumbers(left.digits(), right.digits());
            order = compared < 0 ? -1 : (compared > 0 ? 1 : 0);
        } else if (left.kind() == Kind::Text && right.kind() == Kind::Text) {
            order = std::string(left.text()).compare(std::string(right.text()));
        } else {
            return false;
        }
        if (operation == "<") return order < 0;
        if (operation == "<=") return order <= 0;
        return operation == ">" ? order > 0 : order >= 0;
    }

    test::Random& m_random;
};

} // namespace

class ConditionTest : public QObject {
    Q_OBJECT

private slots:
    void itHolds_data();
    void itHolds();
    void whatIsNoConditionIsSaidWithItsColumn_data();
    void whatIsNoConditionIsSaidWithItsColumn();
    void itMeansWhatItSays();
    void anyTextIsReadOrRefused();
    void deepNestingIsRefused();
    void itKeepsItsText();
};

void ConditionTest::itHolds_data()
{
    QTest::addColumn<QByteArray>("condition");
    QTest::addColumn<bool>("holds");
    const auto yes = [](const char* condition) { QTest::newRow(condition) << QByteArray(condition) << true; };
    const auto no = [](const char* condition) { QTest::newRow(condition) << QByteArray(condition) << false; };
    yes("/total > 100");
    yes("/total>100");
    no("/total > 120.50");
    yes("/total >= 120.5");
    yes("/total = 1205e-1");
    yes("/total != 1");
    no("/total < -1");
    yes("/big = 9007199254740993");
    no("/big = 9007199254740992");
    yes("/big > 9007199254740992");
    yes("/status = shipped");
    yes("/status=\"shipped\"");
    yes("/status = 'shipped'");
    yes("/status = \"ship\\u0070ed\"");
    no("/status = 'ship\\u0070ed'");
    no("/status = Shipped");
    yes("/status >= shiny and /status < shiq");
    yes("/id contains der");
    no("/id contains Der");
    yes("/tags contains red");
    no("/tags contains re");
    yes("/tags/* contains re");
    yes("/meta contains \"~/\"");
    yes("/meta/~0~1 = 5");
    no("/total contains 1");
    yes("/paid = true");
    no("/paid = 'true'");
    no("/paid < true");
    yes("/note = null");
    yes("/note exists");
    no("/nothing exists");
    no("/nothing = null");
    no("/nothing != 1");
    yes("not /nothing = 1");
    yes("/total != \"120.50\"");
    no("/total = \"120.50\"");
    no("/total < \"2\"");
    yes("/items/*/price > 100");
    yes("/items/*/price < 100");
    no("/items/*/price > 101");
    no("not /items/*/price > 100");
    yes("/items/0/sku = A-1");
    yes("/**/sku = B-2");
    yes("/**/price = 100.5");
    no("/*/sku exists");
    yes("/items/1/price = /items/*/price");
    yes("/items/1/price > /items/0/price");
    no("/items/0/price > /nothing");
    yes("\"/a b\" = 1");
    yes("'/x=1' = 2");
    yes("/17850/n = 1");
    yes("\"\" exists");
    yes("\"\" contains total");
    yes("/empty = \"\"");
    yes("/empty = ''");
    yes("/items/0 = /items/0");
    yes("/total > 1000 or /paid = true and /status = shipped");
    yes("/paid = true or /total > 1000 and /status = new");
    no("(/paid = true or /total > 1000) and /status = new");
    no("not /paid = true or /total > 1000");
    no("not (/paid = true or /total > 1000)");
    yes("not not /paid = true");
    yes("((/paid = true))");
    yes("/paid = true AND NOT /total < 1");
    yes("\t/paid\n=  true  ");
}

void ConditionTest::itHolds()
{
    QFETCH(QByteArray, condition);
    QFETCH(bool, holds);
    const auto read = Condition::parse(condition.toStdString());
    QVERIFY2(read.has_value(), read ? "" : base::render(read.error()).c_str());
    QCOMPARE(read->matches(parsed(kOrder).root()), holds);
}

void ConditionTest::whatIsNoConditionIsSaidWithItsColumn_data()
{
    QTest::addColumn<QByteArray>("condition");
    QTest::addColumn<QByteArray>("column");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* condition, const char* column, const char* expected) {
        QTest::newRow(*condition ? condition : "(empty)")
            << QByteArray(condition) << QByteArray(column) << QByteArray(expected);
    };
    const char* const path = "a path (as /total), 'not' or '('";
    const char* const value = "a value (a number, a word, a \"text\", true, false, null or a path)";
    const char* const operation = "=, !=, <, <=, >, >=, 'contains' or 'exists'";
    row("", "1", path);
    row("total > 1", "1", path);
    row("/total", "7", operation);
    row("/total 5", "8", operation);
    row("/total ==", "9", value);
    row("/total >", "9", value);
    row("/total > and /b = 1", "10", value);
    row("/total > 1 /b = 1", "12", "'and', 'or' or the end");
    row("/total > 1 and", "15", path);
    row("/total > 1)", "11", "'and', 'or' or the end");
    row("(/total > 1", "12", "'and', 'or' or ')'");
    row("(/total > 1 /b = 2)", "13", "'and', 'or' or ')'");
    row("/a = \"x", "8", "a closing \"");
    row("/a = \"x\\\"", "10", "a closing \"");
    row("/a = 'x", "8", "a closing '");
    row("\"a\" = 1", "1", "a path ('a' is not a JSON pointer: it does not begin with '/')");
    row("/a~9 = 1", "1", "a path ('/a~9' is not a JSON pointer: '~' is not followed by 0, 1 or 2)");
    row("/a = \"\\q\"", "7", "a text as JSON writes it");
    row("/\xc3\xa9 > 1 \xc3\xa9", "8", "'and', 'or' or the end"); // columns are characters
    row("not", "4", path);
    row("/a & /b", "4", operation);
}

void ConditionTest::whatIsNoConditionIsSaidWithItsColumn()
{
    QFETCH(QByteArray, condition);
    QFETCH(QByteArray, column);
    QFETCH(QByteArray, expected);
    const auto read = Condition::parse(condition.toStdString());
    QVERIFY(!read.has_value());
    QCOMPARE(read.error().code, base::ErrorCode::BadCondition);
    QCOMPARE(QByteArray::fromStdString(read.error().args.at(0)), condition);
    QCOMPARE(QByteArray::fromStdString(read.error().args.at(1)), column);
    QCOMPARE(QByteArray::fromStdString(read.error().args.at(2)), expected);
    QVERIFY(base::render(read.error()).find("at column " + column.toStdString() + " should stand ")
            != std::string::npos);
}

void ConditionTest::itMeansWhatItSays()
{
    const auto seed = std::random_device()();
    qInfo("seed %u", seed);
    test::Random random(seed);
    MadeConditions conditions(random);
    int holding = 0;
    for (int i = 0; i < 5000; ++i) {
        const Document document = test::randomDocument(random);
        const Made made = conditions.any(document.root(), 3);
        const auto read = Condition::parse(made.text);
        QVERIFY2(read.has_value(), read ? "" : base::render(read.error()).c_str());
        QVERIFY2(read->matches(document.root()) == made.holds, (made.text + "\n" + toJson(document.root())).c_str());
        holding += made.holds;
    }
    QVERIFY(holding > 250 && holding < 4750);
}

void ConditionTest::anyTextIsReadOrRefused()
{
    const auto seed = std::random_device()();
    qInfo("seed %u", seed);
    test::Random random(seed);
    static const std::vector<std::string> kPieces = {"/a", "(", ")",  "not", "and", "or",     "=",        "!=", "<",
                                                     "1",  "'", "\"", "\\",  " ",   "exists", "contains", "*",  "/**"};
    const Document document = parsed(kOrder);
    int read = 0;
    for (int i = 0; i < 5000; ++i) {
        std::string text;
        for (auto n = random() % 10; n > 0; --n) text += test::oneOf(kPieces, random);
        const auto condition = Condition::parse(text);
        if (condition) {
            (void)condition->matches(document.root());
            ++read;
            continue;
        }
        const int column = std::stoi(condition.error().args.at(1));
        QVERIFY2(column >= 1 && column <= static_cast<int>(text.size()) + 1, text.c_str());
    }
    QVERIFY(read > 0);
}

void ConditionTest::deepNestingIsRefused()
{
    const auto nested = [](std::size_t depth) {
        return Condition::parse(std::string(depth, '(') + "/a = 1" + std::string(depth, ')'));
    };
    QVERIFY(nested(200).has_value());
    QCOMPARE(nested(100'000).error().code, base::ErrorCode::BadCondition);
    std::string nots;
    for (int i = 0; i < 100'000; ++i) nots += "not ";
    QCOMPARE(Condition::parse(nots + "/a = 1").error().code, base::ErrorCode::BadCondition);
    std::string chain = "/a = 1";
    for (int i = 0; i < 100'000; ++i) chain += " or /total = 120.5"; // a row of them is no nesting
    QVERIFY(Condition::parse(chain)->matches(parsed(kOrder).root()));
}

void ConditionTest::itKeepsItsText()
{
    const auto condition = Condition::parse(" /a = 1 ");
    QCOMPARE(condition->text(), std::string(" /a = 1 "));
    QVERIFY(*condition == *Condition::parse(" /a = 1 "));
    QVERIFY(!(*condition == *Condition::parse("/a = 1")));
}

QTEST_GUILESS_MAIN(ConditionTest)
#include "condition_test.moc"
