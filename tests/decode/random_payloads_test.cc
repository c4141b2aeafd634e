// SPDX-License-Identifier: GPL-3.0-or-later
// 100,000 payloads that the formats' own Python libraries wrote (payload_producer.py): what is decoded equals the producer's account.
// Between the versions of a schema, the changes that are told are those that were made.
#include "core/decode/payload_decoder.h"
#include "core/decode/schema_diff.h"
#include "core/event/document.h"
#include "tests/decode/payloads.h"

#include <QProcess>
#include <QTest>

using namespace leftfold;
using namespace leftfold::decode;

namespace {

std::string bytesOf(const QByteArray& base64)
{
    return QByteArray::fromBase64(base64).toStdString();
}

SchemaText schemaOf(SchemaKind kind, const QList<QByteArray>& fields)
{
    SchemaText schema{kind, bytesOf(fields[3]), {}};
    for (qsizetype i = 4; i + 1 < fields.size(); i += 2)
        schema.references.push_back({fields[i].toStdString(), bytesOf(fields[i + 1])});
    return schema;
}

MadeDecoder decoderOf(const QList<QByteArray>& fields)
{
    if (fields[1] == "avro") return makeAvroDecoder(schemaOf(SchemaKind::Avro, fields));
    if (fields[1] == "protobuf")
        return makeProtobufDecoder(schemaOf(SchemaKind::Protobuf, fields), fields[2].toStdString());
    return fields[1] == "cbor" ? makeCborDecoder() : makeMessagePackDecoder();
}

QByteArray kindName(SchemaChangeKind kind)
{
    switch (kind) {
    case SchemaChangeKind::Added:
        return "Added";
    case SchemaChangeKind::Removed:
        return "Removed";
    case SchemaChangeKind::TypeChanged:
        return "TypeChanged";
    default:
        return "another change";
    }
}

/// "Added Root/f7", sorted.
QList<QByteArray> changesOf(const QList<QByteArray>& fields)
{
    const auto avro = [](const QByteArray& text) { return SchemaText{SchemaKind::Avro, bytesOf(text), {}}; };
    const auto changes = schemaChanges(avro(fields[1]), avro(fields[2]));
    if (!changes) return {QByteArray::fromStdString(base::render(changes.error()))};
    QList<QByteArray> out;
    for (const SchemaChange& change : *changes)
        out += kindName(change.kind) + ' ' + QByteArray::fromStdString(change.path);
    std::sort(out.begin(), out.end());
    return out;
}

/// The last line is empty where the producer ended well.
QList<QByteArray> produced(unsigned seed, int each)
{
    QStringList arguments = {QString(LEFTFOLD_SOURCE_DIR) + "/tests/decode/payload_producer.py", QString::number(seed)};
    for (int i = 0; i < 4; ++i) arguments += QString::number(each);
    QProcess producer;
    // Debian's own, which has the modules that installer/packages names.
    producer.start("/usr/bin/python3", arguments);
    if (!producer.waitForFinished(800'000) || producer.exitCode() != 0)
        qFatal("the producer: %s", producer.readAllStandardError().constData());
    return producer.readAllStandardOutput().split('\n');
}

} // namespace

class RandomPayloadsTest : public QObject {
    Q_OBJECT

private slots:
    void decodedValuesAreTheProducers();
};

void RandomPayloadsTest::decodedValuesAreTheProducers()
{
    constexpr int kEach = 25'000;
    const auto seed = std::random_device()() % 1'000'000;
    qInfo("seed %u", seed);
    MadeDecoder decoder = makeCborDecoder();
    QByteArray schemaLine;
    int values = 0;
    int changes = 0;
    for (const QByteArray& line : produced(seed, kEach)) {
        const QList<QByteArray> fields = line.split('\t');
        if (fields[0] == "schema") {
            decoder = decoderOf(fields);
            schemaLine = line;
            QVERIFY2(decoder, qPrintable(decoder ? QString() : errorText(decoder.error())));
        } else if (fields[0] == "value") {
            const auto expected = event::Document::parse(fields[2].toStdString());
            QVERIFY2(expected, line.constData());
            std::string json;
            const auto result = (*decoder)->decode(bytesOf(fields[1]), json);
            QVERIFY2(
                result,
                (schemaLine + '\n' + line + '\n' + (result ? "" : base::render(result.error()).c_str())).constData());
            const auto read = event::Document::parse(json);
            QVERIFY2(read && *read == *expected, (schemaLine + '\n' + line + '\n' + json.c_str()).constData());
            QVERIFY((*decoder)->remarks().empty());
            ++values;
        } else if (fields[0] == "change") {
            QCOMPARE(changesOf(fields), fields.mid(3));
            ++changes;
        }
    }
    QVERIFY(values >= 4 * kEach);
    QVERIFY(changes > 100);
}

QTEST_APPLESS_MAIN(RandomPayloadsTest)
#include "random_payloads_test.moc"
