// SPDX-License-Identifier: GPL-3.0-or-later
// Payloads that are encoded, in the window: how one chooses the way they are read, and sees the schemas.
#include "ui/decode/decode_dialog.h"

#include "core/capture/store.h"
#include "tests/capture/made_batches.h"
#include "tests/ui/made_window.h"
#include "tests/ui/widget_test.h"
#include "ui/decode/decode_texts.h"
#include "ui/decode/schemas_dialog.h"
#include "ui/panels/event_panel.h"

#include <QComboBox>
#include <QLabel>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTableWidget>
#include <QTest>
#include <QToolButton>

using namespace leftfold;
using namespace leftfold::ui;
using namespace leftfold::ui::test;
using capture::test::MadeBatch;
using capture::test::MadeEvent;
using capture::test::must;

namespace {

/// {"id":"o7","n":7} in MessagePack.
std::string packed(int number)
{
    return std::string("\x82\xa2id\xa2o") + static_cast<char>('0' + number) + "\xa1n" + static_cast<char>(number);
}

void makeCapture(const std::string& path)
{
    capture::test::MadeLoad load;
    for (int number = 0; number < 6; ++number) {
        MadeEvent event;
        event.partition = {"orders", 0};
        event.offset = number;
        event.value = packed(number);
        MadeBatch batch;
        batch.events = {event};
        batch.cut = "0:" + std::to_string(number);
        load.push_back(batch);
    }
    capture::test::capture(path, {load});
}

decode::Schema schemaOf(std::int64_t version, const std::string& type)
{
    decode::Schema schema;
    schema.key = std::to_string(version);
    schema.kind = decode::SchemaKind::Avro;
    schema.text = R"({"type":"record","name":"Order","fields":[{"name":"amount","type":")" + type + "\"}]}";
    schema.subject = "orders-value";
    schema.version = version;
    return schema;
}

int rowOf(const QTableWidget& list, const QString& way)
{
    for (int row = 0; row < list.rowCount(); ++row) {
        if (list.item(row, 0)->text() == way) return row;
    }
    return -1;
}

struct Decoding : MadeWindow {
    explicit Decoding() { makeCapture(folder.path("orders.lflog")); }
    [[nodiscard]] bool opened()
    {
        window.openPaths({QString::fromStdString(folder.path("orders.lflog"))});
        return settled() && window.store()->open() != nullptr;
    }
    [[nodiscard]] bool tried(const QTableWidget& list)
    {
        return QTest::qWaitFor([&] { return settled() && list.rowCount() > 0; }, 30'000);
    }
};

} // namespace

class DecodeDialogsTest : public QObject {
    Q_OBJECT

private slots:
    void aWayIsChosenAndAllAreReadSo();
    void aFileWithoutASchemaIsTold();
    void schemasAndWhatChangedInThem();
    void changesInWords_data();
    void changesInWords();
};

void DecodeDialogsTest::aWayIsChosenAndAllAreReadSo()
{
    Decoding made;
    QVERIFY(made.opened());
    made.act(workspace::GoTo{workspace::Target(event::When(event::EventIndex{3}))});
    QVERIFY(made.settled());
    QVERIFY(!made.open().of<workspace::AskEvent>().answer->document.has_value());

    QTest::mouseClick(made.button("Decode…"), Qt::LeftButton);
    auto* const dialog = made.window.findChild<DecodeDialog*>();
    auto* const list = dialog->findChild<QTableWidget*>();
    QVERIFY(made.tried(*list));
    const int row = rowOf(*list, "MessagePack");
    QVERIFY(row >= 0);
    QCOMPARE(list->item(row, 1)->text(), QString(R"({"id":"o3","n":3})"));
    auto* const use = made.button<QPushButton>("Read all of them so");
    QVERIFY(!use->isEnabled());
    list->selectRow(row);
    QVERIFY(use->isEnabled());
    keep(*dialog, "decode");
    QTest::mouseClick(use, Qt::LeftButton);

    QVERIFY(made.settled());
    QVERIFY(!dialog->isVisible());
    QCOMPARE(made.open().playhead->last->position, (event::Position{{"orders", 0}, {3}}));
    const auto shown = made.open().of<workspace::AskEvent>().answer;
    QVERIFY(shown->document.has_value());
    QCOMPARE(QString::fromStdString(toJson(shown->document->root())), QString(R"({"id":"o3","n":3})"));
    QCOMPARE(shown->rawValue, std::optional(packed(3)));
}

void DecodeDialogsTest::aFileWithoutASchemaIsTold()
{
    Decoding made;
    QVERIFY(made.opened());
    const std::string path = made.folder.path("order.avsc");
    capture::test::write(path, "{\"type\":");
    made.act(workspace::TryDecoders{{event::EventIndex{0}, decode::RecordPart::Value, path}});
    QVERIFY(made.settled());
    QVERIFY(made.open().of<workspace::AskTrials>().error.has_value());
    QVERIFY(!made.open().of<workspace::AskTrials>().answer);
    // And one that can be used is among what is tried.
    capture::test::write(path, schemaOf(1, "long").text);
    made.act(workspace::TryDecoders{{event::EventIndex{0}, decode::RecordPart::Value, path}});
    QVERIFY(made.settled());
    const auto answer = made.open().of<workspace::AskTrials>().answer;
    QVERIFY(answer != nullptr);
    QCOMPARE(answer->schemas.size(), 1U);
    QVERIFY(std::ranges::any_of(answer->trials,
                                [](const auto& trial) { return trial.rule.format == decode::PayloadFormat::Avro; }));
}

void DecodeDialogsTest::schemasAndWhatChangedInThem()
{
    Decoding made;
    {
        const auto store =
            must(capture::Store::open(made.folder.path("orders.lflog"), base::Database::Mode::ReadWrite));
        must(store->putSchema(schemaOf(1, "int")));
        must(store->putSchema(schemaOf(2, "long")));
        must(store->putMissingSchema("9", "nobody knows it"));
    }
    QVERIFY(made.opened());
    auto* const dialog = made.window.findChild<SchemasDialog*>();
    dialog->begin("2");
    auto* const list = made.named<QListWidget>("Schemas");
    QVERIFY(QTest::qWaitFor([&] { return made.settled() && list->count() == 3; }, 30'000));
    QCOMPARE(list->currentItem()->text(), QString("Avro · orders-value version 2"));
    auto* const changes = made.named<QListWidget>("What changed");
    QCOMPARE(changes->count(), 1);
    QCOMPARE(changes->item(0)->text(), QString("Order/amount: int became long"));
    QVERIFY(made.named<QPlainTextEdit>("What the schema says")->toPlainText().contains("amount"));
    keep(*dialog, "schemas");
    list->setCurrentRow(0);
    QCOMPARE(changes->count(), 0);
    list->setCurrentRow(2);
    QVERIFY(made.named<QPlainTextEdit>("What the schema says")->toPlainText().contains("nobody knows it"));
}

void DecodeDialogsTest::changesInWords_data()
{
    using Kind = decode::SchemaChangeKind;
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("words");
    const auto row = [](const char* name, Kind kind, const char* words) {
        QTest::newRow(name) << static_cast<int>(kind) << words;
    };
    row("added", Kind::Added, "a/b: added, new");
    row("removed", Kind::Removed, "a/b: removed, it was old");
    row("renamed", Kind::Renamed, "a/b: renamed from old");
    row("type", Kind::TypeChanged, "a/b: old became new");
    row("default", Kind::DefaultChanged, "a/b: its default: old became new");
    row("number", Kind::NumberChanged, "a/b: its number: old became new");
    row("symbol", Kind::SymbolAdded, "a/b: the symbol new was added");
    row("symbol gone", Kind::SymbolRemoved, "a/b: the symbol old was removed");
    row("required", Kind::RequiredChanged, "a/b: old became new");
    row("rule", Kind::RuleChanged, "a/b: old became new");
    row("doc", Kind::DocChanged, "a/b: its documentation: old became new");
}

void DecodeDialogsTest::changesInWords()
{
    QFETCH(const int, kind);
    QFETCH(const QString, words);
    QCOMPARE(changeText({static_cast<decode::SchemaChangeKind>(kind), "a/b", "old", "new"}), words);
}

QTEST_MAIN(DecodeDialogsTest)
#include "decode_dialogs_test.moc"
