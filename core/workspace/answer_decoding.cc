// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/answering.h"

#include "core/decode/preview.h"
#include "core/decode/schema_versions.h"
#include "core/workspace/decoding_options.h"

#include <filesystem>

namespace leftfold::workspace {

namespace {

using base::Result;

/// By how the files are called: .avsc, .json; all else is Protobuf's.
std::string formatOf(const std::string& path)
{
    const std::string ending = std::filesystem::path(path).extension().string();
    if (ending == ".avsc" || ending == ".avro") return "avro";
    return ending == ".json" ? "json-schema" : "protobuf";
}

/// The capture's schemas and these.
std::shared_ptr<const decode::SchemaBook> bookWith(const decode::SchemaBook& known,
                                                   const std::vector<decode::Schema>& more)
{
    auto book = std::make_shared<decode::SchemaBook>();
    for (const auto& schema : known.behind(0)) book->add(*schema);
    for (const decode::Schema& schema : more) book->add(schema);
    return book;
}

SchemaVersion versionOf(const decode::SchemaBook& book, const std::shared_ptr<const decode::Schema>& schema)
{
    SchemaVersion version{schema, versionBefore(book, *schema), {}, {}};
    if (!version.before) return version;
    auto changes = changesBetween(book, *version.before, *schema);
    if (changes) {
        version.changes = std::move(*changes);
    } else {
        version.error = std::move(changes).error();
    }
    return version;
}

} // namespace

Result<Trials> answer(Bench& bench, const AskTrials& question, std::stop_token, const Telling<Trials>&)
{
    LEFTFOLD_TRY(const capture::StoredEvent event, bench.reader->event(question.index));
    const capture::Catalog& catalog = bench.reader->catalog();
    Trials answer{question.index, question.part, catalog.partitions()[event.location.partition].topic, {}, {}};
    if (!question.schemaFile.empty()) {
        const std::string rule =
            std::string(toText(question.part)) + "=" + formatOf(question.schemaFile) + ":" + question.schemaFile;
        LEFTFOLD_TRY(DecodingOptions read, decodingOptions({rule}, "", NamedBy::User));
        answer.schemas = std::move(read.schemas);
    }
    const auto book = bookWith(bench.reader->schemas(), answer.schemas);
    answer.trials = decode::tryDecoders(event.raw(), question.part, answer.topic, catalog.decoding(), *book);
    const Shown shown = bench.shown(nullptr);
    for (decode::DecoderTrial& trial : answer.trials) {
        if (trial.seen) trial.seen = shown.part(question.part, *trial.seen);
        if (trial.note.kept) trial.note.kept = shown.error(std::move(*trial.note.kept));
    }
    return answer;
}

Result<SchemaList> answer(Bench& bench, const AskSchemas&, std::stop_token stop, const Telling<SchemaList>&)
{
    const decode::SchemaBook& book = bench.reader->schemas();
    SchemaList list;
    for (const auto& schema : book.behind(0)) {
        if (stop.stop_requested()) return base::fail(base::ErrorCode::Cancelled);
        list.schemas.push_back(versionOf(book, schema));
    }
    list.missing = book.missing();
    return list;
}

} // namespace leftfold::workspace
