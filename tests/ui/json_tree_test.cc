// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/json_tree.h"

#include "tests/event/random_document.h"
#include "tests/ui/widget_test.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QHeaderView>
#include <QSignalSpy>
#include <QTest>

using namespace leftfold;
using namespace leftfold::ui;
using namespace leftfold::ui::test;

namespace {

/// The rows as text: "field: value", children indented.
QStringList lines(const QAbstractItemModel& model, const QModelIndex& parent = {}, int depth = 0)
{
    QStringList out;
    for (int row = 0; row < model.rowCount(parent); ++row) {
        const QModelIndex field = model.index(row, 0, parent);
        QString line =
            QString(depth, '.') + field.data().toString() + ": " + field.siblingAtColumn(1).data().toString();
        if (field.data(LitRole).toBool()) line += " lit";
        if (field.data(JsonTreeModel::GoneRole).toBool()) line += " gone";
        if (field.data(JsonTreeModel::WasRole).isValid())
            line += " was " + field.data(JsonTreeModel::WasRole).toString();
        out += line;
        out += lines(model, field, depth + 1);
    }
    return out;
}

} // namespace

class JsonTreeTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        dress(lightColours());
        m_seed = newSeed();
    }

    void valuesStandAsTheyAreWritten_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("rows");
        QTest::newRow("numbers keep their digits")
            << QByteArray(R"({"a":12345678901234567.890,"b":9007199254740993,"c":1e400,"d":-0})")
            << "a: 12345678901234567.890|b: 9007199254740993|c: 1e400|d: -0";
        QTest::newRow("texts as JSON") << QByteArray("{\"a\":\"x\\\"y\\nz\",\"b\":\"\"}")
                                       << "a: \"x\\\"y\\nz\"|b: \"\"";
        QTest::newRow("the others") << QByteArray(R"([true,false,null,{},[]])")
                                    << "0: true|1: false|2: null|3: {}|4: []";
        QTest::newRow("nested") << QByteArray(R"({"items":{"sku":{"qty":2}},"list":[1,2]})")
                                << "items: {1}|.sku: {1}|..qty: 2|list: [2]|.0: 1|.1: 2";
        QTest::newRow("a scalar") << QByteArray("24.90") << ": 24.90";
        QTest::newRow("an empty object") << QByteArray("{}") << ": {}";
        QTest::newRow("members of one name") << QByteArray(R"({"a":1,"a":2})") << "a: 1|a: 2";
    }
    void valuesStandAsTheyAreWritten()
    {
        QFETCH(QByteArray, json);
        QFETCH(QString, rows);
        JsonTreeModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model.rowCount(), 0);
        model.setDocument(::json(json.constData()));
        QCOMPARE(lines(model).join('|'), rows);
        model.setDocument(std::nullopt);
        QCOMPARE(model.rowCount(), 0);
    }

    void pointersLeadBack()
    {
        JsonTreeModel model;
        model.setDocument(json(R"({"a/b":[{"c~":1}],"x":2})"));
        const QModelIndex found = model.find(*event::parsePointer("/a~1b/0/c~0"));
        QCOMPARE(found.siblingAtColumn(1).data().toString(), QString("1"));
        QCOMPARE(found.data(JsonTreeModel::PointerRole).toString(), QString("/a~1b/0/c~0"));
        QVERIFY(!model.find(*event::parsePointer("/nothing")).isValid());
        model.setDocument(json("5"));
        QCOMPARE(model.index(0, 0).data(JsonTreeModel::PointerRole).toString(), QString(""));
    }

    void anyDocumentFollowsAnyOther()
    {
        event::test::Random random(m_seed);
        JsonTreeModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        for (int i = 0; i < 150; ++i) {
            const event::Document document = event::test::randomDocument(random);
            model.setDocument(document);
            JsonTreeModel fresh;
            fresh.setDocument(document);
            QCOMPARE(lines(model), lines(fresh));
        }
    }

    void whatIsUnfoldedStaysSo()
    {
        JsonTree tree;
        tree.resize(500, 400);
        tree.show();
        tree.setDocument(json(R"({"status":"placed","items":{"a":{"qty":1}},"total":1})"));
        const QModelIndex items = tree.tree()->find(*event::parsePointer("/items"));
        QVERIFY(tree.isExpanded(items));
        tree.collapse(items);
        tree.setDocument(json(R"({"status":"paid","items":{"a":{"qty":2},"b":{"qty":1}},"total":2,"paid":true})"));
        QVERIFY(!tree.isExpanded(tree.tree()->find(*event::parsePointer("/items"))));
        tree.expand(tree.tree()->find(*event::parsePointer("/items")));
        tree.setDocument(json(R"({"new":0,"status":"sent","items":{"b":{"qty":1}}})"));
        QVERIFY(tree.isExpanded(tree.tree()->find(*event::parsePointer("/items"))));
        QCOMPARE(lines(*tree.tree()).join('|'), QString("new: 0|status: \"sent\"|items: {1}|.b: {1}|..qty: 1"));
    }

    void aClickOnTheWriterChoosesIt()
    {
        JsonTree tree;
        tree.tree()->setShowsWriters(true);
        tree.resize(600, 300);
        tree.show();
        const event::Document document = json(R"({"status":"paid","total":3})");
        ValueNotes notes;
        notes[document.root().find("status")->nodeIndex()] = {event::EventIndex{541207}, "541207 PaymentReceived", true,
                                                              false, "\"placed\""};
        tree.setDocument(document, notes);
        QCOMPARE(tree.tree()->columnCount(), 3);
        QSignalSpy chosen(&tree, &JsonTree::writerChosen);
        const QModelIndex writer =
            tree.tree()->find(*event::parsePointer("/status")).siblingAtColumn(JsonTreeModel::WrittenBy);
        QTest::mouseClick(tree.viewport(), Qt::LeftButton, {}, tree.visualRect(writer).center());
        QCOMPARE(chosen.count(), 1);
        QCOMPARE(told<quint64>(chosen), 541207ULL);
        QTest::keyClick(&tree, Qt::Key_Return);
        QCOMPARE(chosen.count(), 2);
        const QModelIndex none =
            tree.tree()->find(*event::parsePointer("/total")).siblingAtColumn(JsonTreeModel::WrittenBy);
        QTest::mouseClick(tree.viewport(), Qt::LeftButton, {}, tree.visualRect(none).center());
        QCOMPARE(chosen.count(), 2);
        const QImage picture = grabbed(tree);
        QVERIFY(pixelsOf(picture, lightColours().selection) + pixelsOf(picture, lightColours().lit) > 2000);
    }

    /// Dragging the playhead is no wish for other columns.
    void columnsShareTheWidthWhateverElseIsDragged()
    {
        JsonTree tree;
        tree.tree()->setShowsWriters(true);
        QWidget other;
        tree.resize(600, 300);
        tree.show();
        other.show();
        tree.setDocument(json(R"({"a":1,"b":2})"), {});
        const auto widths = [&tree] {
            return QList<int>{tree.header()->sectionSize(0), tree.header()->sectionSize(1)};
        };
        const QList<int> shares = widths();
        QTest::mousePress(&other, Qt::LeftButton);
        QVERIFY(QApplication::mouseButtons() & Qt::LeftButton);
        tree.resize(100, 300);
        QVERIFY(widths() != shares);
        QTest::mouseRelease(&other, Qt::LeftButton);
        tree.resize(600, 300);
        QCOMPARE(widths(), shares);
    }

    void mergedDocumentsShowBothSides_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("after");
        QTest::addColumn<QString>("rows");
        QTest::newRow("equal") << QByteArray(R"({"a":1})") << QByteArray(R"({"a":1.0})") << "a: 1.0";
        QTest::newRow("changed") << QByteArray(R"({"a":1,"b":2})") << QByteArray(R"({"a":1,"b":"x"})")
                                 << "a: 1|b: \"x\" lit was 2";
        QTest::newRow("added") << QByteArray(R"({"a":1})") << QByteArray(R"({"a":1,"b":{"c":2}})")
                               << "a: 1|b: {1} lit|.c: 2";
        QTest::newRow("gone, at its place")
            << QByteArray(R"({"x":0,"a":1,"y":{"z":1},"b":2})") << QByteArray(R"({"b":2,"a":1})")
            << "x: 0 lit gone|b: 2|a: 1|y: {1} lit gone|.z: 1";
        QTest::newRow("inside") << QByteArray(R"({"o":{"p":{"q":1}}})") << QByteArray(R"({"o":{"p":{"q":2}}})")
                                << "o: {1}|.p: {1}|..q: 2 lit was 1";
        QTest::newRow("another kind") << QByteArray(R"({"a":[1]})") << QByteArray(R"({"a":{}})") << "a: {} lit was [1]";
        QTest::newRow("items") << QByteArray(R"([1,2,3])") << QByteArray(R"([1,3,4])")
                               << "0: 1|1: 2 lit gone|2: 3|3: 4 lit";
        QTest::newRow("scalars") << QByteArray("1") << QByteArray("2") << ": 2 lit was 1";
    }
    void mergedDocumentsShowBothSides()
    {
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, after);
        QFETCH(QString, rows);
        MergedDocument both = merged(json(before.constData()), json(after.constData()));
        JsonTreeModel model;
        model.setDocument(both.document, both.notes);
        QCOMPARE(lines(model).join('|'), rows);
    }

    void mergedWithItselfNothingIsLit()
    {
        event::test::Random random(m_seed);
        for (int i = 0; i < 200; ++i) {
            const event::Document a = event::test::randomDocument(random);
            QVERIFY(merged(a, a).notes.empty());
            const event::Document b = event::test::randomDocument(random);
            QCOMPARE(merged(a, b).notes.empty(), a == b);
            for (const auto& [node, note] : merged(a, b).notes)
                QVERIFY(note.lit && node < merged(a, b).document.nodeCount());
        }
    }

    void bigDocumentsCostWhatIsSeen()
    {
        std::string text = "[";
        for (int i = 0; i < 200'000; ++i) text += (i ? ",{\"n\":" : "{\"n\":") + std::to_string(i) + "}";
        JsonTree tree;
        tree.resize(500, 400);
        tree.show();
        tree.setDocument(json((text + "]").c_str()));
        QCOMPARE(tree.tree()->rowCount(), 200'000);
        QVERIFY(!tree.isExpanded(tree.tree()->index(0, 0)));
    }

    void pictures()
    {
        for (const bool isDark : {false, true}) {
            const Colours& colours = isDark ? darkColours() : lightColours();
            dress(colours);
            JsonTree tree;
            tree.setColours(colours);
            tree.tree()->setShowsWriters(true);
            tree.resize(420, 320);
            const event::Document before = json(
                R"({"status":"placed","customer":"c-204","items":{"sku-118":{"qty":2,"price":24.90}},"total":149.40,"paid":0,"note":"x"})");
            const event::Document after = json(
                R"({"status":"paid","customer":"c-204","items":{"sku-118":{"qty":2,"price":24.90}},"total":149.40,"paid":149.40})");
            MergedDocument both = merged(before, after);
            for (auto& [node, note] : both.notes) note.writtenBy = "541207 PaymentReceived";
            tree.setDocument(both.document, both.notes);
            tree.show();
            keep(tree, isDark ? "tree-dark" : "tree-light");
        }
        dress(lightColours());
    }

private:
    unsigned m_seed = 0;
};

QTEST_MAIN(JsonTreeTest)
#include "json_tree_test.moc"
