// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/decode/decode_texts.h"

#include "ui/texts.h"

#include <QCoreApplication>

namespace leftfold::ui {

namespace {

using decode::PayloadFormat;
using decode::SchemaChange;
using decode::SchemaChangeKind;

/// What was there before, or is there now, where there may be nothing.
QString orNothing(const std::string& words)
{
    return words.empty() ? QCoreApplication::translate("leftfold::ui::Decoding", "nothing") : text(words);
}

QString became(const QString& what, const SchemaChange& change)
{
    return QCoreApplication::translate("leftfold::ui::Decoding", "%1: %2 became %3")
        .arg(what, orNothing(change.before), orNothing(change.after));
}

} // namespace

QString formatText(PayloadFormat format)
{
    switch (format) {
    case PayloadFormat::Automatic:
        return QCoreApplication::translate("leftfold::ui::Decoding", "not known");
    case PayloadFormat::Text:
        return QCoreApplication::translate("leftfold::ui::Decoding", "text");
    case PayloadFormat::Bytes:
        return QCoreApplication::translate("leftfold::ui::Decoding", "bytes");
    case PayloadFormat::Integer:
        return QCoreApplication::translate("leftfold::ui::Decoding", "an integer");
    case PayloadFormat::Float:
        return QCoreApplication::translate("leftfold::ui::Decoding", "a floating-point number");
    case PayloadFormat::Time:
        return QCoreApplication::translate("leftfold::ui::Decoding", "a time");
    case PayloadFormat::Json:
        return QStringLiteral("JSON");
    case PayloadFormat::Avro:
        return QStringLiteral("Avro");
    case PayloadFormat::Protobuf:
        return QStringLiteral("Protobuf");
    case PayloadFormat::JsonSchema:
        return QStringLiteral("JSON Schema");
    case PayloadFormat::MessagePack:
        return QStringLiteral("MessagePack");
    case PayloadFormat::Cbor:
        return QStringLiteral("CBOR");
    case PayloadFormat::Uuid:
        return QStringLiteral("UUID");
    case PayloadFormat::CloudEvents:
        return QStringLiteral("CloudEvents");
    }
    return {};
}

QString kindText(decode::SchemaKind kind)
{
    switch (kind) {
    case decode::SchemaKind::Avro:
        return formatText(PayloadFormat::Avro);
    case decode::SchemaKind::Protobuf:
        return formatText(PayloadFormat::Protobuf);
    case decode::SchemaKind::JsonSchema:
        return formatText(PayloadFormat::JsonSchema);
    }
    return {};
}

QString schemaText(const decode::Schema& schema)
{
    if (!schema.subject.empty())
        return QCoreApplication::translate("leftfold::ui::Decoding", "%1 version %2")
            .arg(text(schema.subject))
            .arg(schema.version);
    const std::string file = "file:";
    if (!schema.key.starts_with(file)) return text(schema.key);
    return text(schema.key.substr(file.size(), schema.key.find('#') - file.size()));
}

QString noteText(const decode::PayloadNote& note)
{
    const QString format = formatText(note.format);
    if (note.schema)
        return QCoreApplication::translate("leftfold::ui::Decoding", "%1 by %2").arg(format, schemaText(*note.schema));
    if (note.schemaKey.empty()) return format;
    return QCoreApplication::translate("leftfold::ui::Decoding", "%1 by schema %2").arg(format, text(note.schemaKey));
}

QString changeText(const SchemaChange& change)
{
    const QString path = text(change.path);
    switch (change.kind) {
    case SchemaChangeKind::Added:
        return QCoreApplication::translate("leftfold::ui::Decoding", "%1: added, %2")
            .arg(path, orNothing(change.after));
    case SchemaChangeKind::Removed:
        return QCoreApplication::translate("leftfold::ui::Decoding", "%1: removed, it was %2")
            .arg(path, orNothing(change.before));
    case SchemaChangeKind::Renamed:
        return QCoreApplication::translate("leftfold::ui::Decoding", "%1: renamed from %2")
            .arg(path, orNothing(change.before));
    case SchemaChangeKind::DefaultChanged:
        return became(QCoreApplication::translate("leftfold::ui::Decoding", "%1: its default").arg(path), change);
    case SchemaChangeKind::NumberChanged:
        return became(QCoreApplication::translate("leftfold::ui::Decoding", "%1: its number").arg(path), change);
    case SchemaChangeKind::SymbolAdded:
        return QCoreApplication::translate("leftfold::ui::Decoding", "%1: the symbol %2 was added")
            .arg(path, orNothing(change.after));
    case SchemaChangeKind::SymbolRemoved:
        return QCoreApplication::translate("leftfold::ui::Decoding", "%1: the symbol %2 was removed")
            .arg(path, orNothing(change.before));
    case SchemaChangeKind::DocChanged:
        return became(QCoreApplication::translate("leftfold::ui::Decoding", "%1: its documentation").arg(path), change);
    case SchemaChangeKind::TypeChanged:
    case SchemaChangeKind::RequiredChanged:
    case SchemaChangeKind::RuleChanged:
        return became(path, change);
    }
    return {};
}

} // namespace leftfold::ui
