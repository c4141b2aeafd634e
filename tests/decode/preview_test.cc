// SPDX-License-Identifier: GPL-3.0-or-later
// Every way to read a payload, tried on one record; and what changed between versions of a schema.
#include "core/decode/preview.h"
#include "core/decode/schema_versions.h"

#include <QRegularExpression>
#include <QTest>

using namespace leftfold;
using namespace leftfold::decode;

namespace {

Schema avro(const std::string& key, const std::string& text, const std::string& subject, std::int64_t version)
{
    Schema schema;
    schema.key = key;
    schema.text = text;
    schema.subject = subject;
    schema.version = version;
    return schema;
}

std::string recordOf(const std::string& fields)
{
    return R"({"type":"record","name":"Order","fields":[)" + fields + "]}";
}

/// "avro by schema 7 (orders-value version 1): {...}"
QStringList told(const std::vector<DecoderTrial>& trials)
{
    QStringList out;
    for (const DecoderTrial& trial : trials) {
        const std::string what = trial.seen ? *trial.seen : "no: " + base::render(*trial.note.kept);
        out += QString::fromStdString((trial.isInForce ? "* " : "") + describe(trial.note) + ": " + what);
    }
    return out;
}

} // namespace

class PreviewTest : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_book = std::make_shared<SchemaBook>();
        m_book->add(avro("7", recordOf(R"({"name":"id","type":"string"})"), "orders-value", 1));
        m_book->add(
            avro("8", recordOf(R"({"name":"id","type":"string"},{"name":"n","type":"int"})"), "orders-value", 2));
        m_book->add(avro("money/1", R"("long")", "money", 1));
    }

    void everyWayIsToldWithItsResultOrReason();
    void theRuleInForceIsMarked();
    void aNullPartHasNoWays();
    void aTrialsRuleReadsTheSameWhenItIsChosen();
    void schemasAreFoundByKeyAndByVersion();
    void changesAreToldSinceTheVersionBefore();

private:
    std::shared_ptr<SchemaBook> m_book;
};

void PreviewTest::everyWayIsToldWithItsResultOrReason()
{
    const std::string value = std::string("\0\0\0\0\7\4ab", 8) + std::string(base::kReadablePadding, '\0');
    event::Record record;
    record.value = base::ByteView(value).substr(0, 8);
    const QStringList all = told(tryDecoders(record, RecordPart::Value, "orders", {}, *m_book));
    QVERIFY2(all.first() == "* avro by schema 7 (orders-value version 1): {\"id\":\"ab\"}", qPrintable(all.first()));
    QVERIFY2(all.contains("bytes: \"base64:AAAAAAcEYWI=\""), qPrintable(all.join('\n')));
    QVERIFY2(all.filter(QRegularExpression("^json: no: not JSON at byte 0")).size() == 1, qPrintable(all.join('\n')));
    QVERIFY2(all.filter(QRegularExpression("^avro by schema 8 .*: no: the value is kept as it is")).size() == 1,
             qPrintable(all.join('\n')));
    QVERIFY(all.filter("money").isEmpty());
}

void PreviewTest::theRuleInForceIsMarked()
{
    const std::string value = std::string("\x81\xa1\x61\xc3", 4) + std::string(base::kReadablePadding, '\0');
    event::Record record;
    record.value = base::ByteView(value).substr(0, 4);
    Decoding decoding;
    decoding.rules.push_back({{}, RecordPart::Value, {}, PayloadFormat::MessagePack, false, {}, {}});
    const QStringList all = told(tryDecoders(record, RecordPart::Value, "orders", decoding, *m_book));
    QCOMPARE(all.filter(QRegularExpression("^\\*")), QStringList("* messagepack: {\"a\":true}"));
}

void PreviewTest::aNullPartHasNoWays()
{
    QVERIFY(tryDecoders({}, RecordPart::Key, "orders", {}, *m_book).empty());
}

void PreviewTest::aTrialsRuleReadsTheSameWhenItIsChosen()
{
    const std::string key = std::string("\0\0\0\0\7\4ab", 8) + std::string(base::kReadablePadding, '\0');
    event::Record record;
    record.key = base::ByteView(key).substr(0, 8);
    for (const DecoderTrial& trial : tryDecoders(record, RecordPart::Key, "orders", {}, *m_book)) {
        RecordDecoder decoder({{trial.rule}, {}, 0, true}, m_book);
        DecodedRecords out;
        const auto shown = decoder.decode({&record, 1}, "orders", out);
        const std::string seen(*shown.front().key);
        QVERIFY2(!trial.seen || *trial.seen == seen, seen.c_str());
    }
}

void PreviewTest::schemasAreFoundByKeyAndByVersion()
{
    QCOMPARE(schemaNamed(*m_book, "8").value()->key, std::string("8"));
    QCOMPARE(schemaNamed(*m_book, "orders-value/2").value()->key, std::string("8"));
    const auto none = schemaNamed(*m_book, "9");
    QVERIFY(!none && base::render(none.error()).find("7, 8, money/1") != std::string::npos);
}

void PreviewTest::changesAreToldSinceTheVersionBefore()
{
    const auto after = m_book->find("8");
    const auto before = versionBefore(*m_book, *after);
    QVERIFY(before && before->key == "7" && !versionBefore(*m_book, *before));
    const auto changes = changesBetween(*m_book, *before, *after);
    QVERIFY(changes && changes->size() == 1);
    QVERIFY2(describe(changes->front()).find("Order/n") != std::string::npos, describe(changes->front()).c_str());
}

QTEST_GUILESS_MAIN(PreviewTest)
#include "preview_test.moc"
