// SPDX-License-Identifier: GPL-3.0-or-later
// A small capture whose bytes are changed. The input is a list of changes: where (three bytes), and by what the byte there is
// xored; where 0xffffff, the file is cut at the next place. Reading all of it must not crash, and where nothing is said to be
// damaged it must give what was stored.
#include "core/capture/key_index.h"
#include "core/capture/reader.h"
#include "core/capture/writer.h"
#include "core/decode/envelope.h"
#include "core/replay/replayer.h"
#include "core/replay/summary.h"
#include "tests/fuzz/fuzz.h"

#include <deque>
#include <fstream>
#include <iterator>

using namespace leftfold;

namespace {

const fuzz::Folder& folder()
{
    static const fuzz::Folder folder;
    return folder;
}

decode::Mapping mapping()
{
    decode::Mapping mapping;
    mapping.id = fuzz::must(decode::parseFieldRef("/id"));
    mapping.type = fuzz::must(decode::parseFieldRef("/type"));
    mapping.time = fuzz::must(decode::parseFieldRef("/at"));
    return mapping;
}

event::RecordBatch batchOf(int number)
{
    auto storage = std::make_shared<std::deque<std::string>>();
    event::RecordBatch batch;
    batch.partition = {"orders", number % 2};
    for (int i = 0; i < 40; ++i) {
        storage->push_back(R"({"id":"o-)" + std::to_string(i % 7) + R"(","type":"T)" + std::to_string(i % 3)
                           + R"(","at":"2020-01-0)" + std::to_string(1 + number) + R"(T00:00:)" + std::to_string(10 + i)
                           + R"(Z","n":)" + std::to_string(i * number) + "}");
        const std::size_t size = storage->back().size();
        storage->back().append(base::kReadablePadding, '\0');
        event::Record record;
        record.offset = {number * 100 + i};
        if (i % 13 != 5) record.value = base::ByteView(storage->back()).substr(0, size);
        if (i % 4 == 0) record.key = base::ByteView(storage->back()).substr(0, 12);
        if (i % 5 == 0) record.headers.push_back({"h", std::nullopt});
        batch.records.push_back(record);
    }
    batch.sourceCut = std::to_string(number);
    batch.problems.push_back({{batch.partition, {number * 100}}, {base::ErrorCode::OffsetGap, {"3"}, {}}});
    batch.storage = std::move(storage);
    return batch;
}

void makeCapture(const std::string& path)
{
    capture::WriterOptions options;
    options.mapping = mapping();
    options.source = "made";
    const auto writer = fuzz::must(capture::Writer::create(path, options));
    fuzz::must(writer->begin("4"));
    for (int number = 0; number < 4; ++number) fuzz::must(writer->append(batchOf(number)));
    fuzz::must(writer->finish());
    fuzz::must(writer->close());
}

/// Everything the capture says, as text.
base::Result<std::string> contentOf(capture::Reader& reader)
{
    std::string out = reader.catalog().source() + toJson(reader.catalog().mapping());
    for (const capture::LoadRow& load : reader.catalog().loads()) out += load.target + load.sourceCut;
    for (std::uint64_t i = 0; i < reader.catalog().eventCount(); ++i) {
        LEFTFOLD_TRY(const capture::StoredEvent event, reader.event(event::EventIndex{i}));
        decode::EnvelopeNotes notes;
        notes.index = {i};
        notes.time = event.effective;
        notes.type = event.type;
        decode::writeEnvelope(out, reader.catalog().partitions()[event.location.partition], event.record, notes);
    }
    LEFTFOLD_TRY(const auto problems, reader.storedProblems());
    for (const auto& row : problems) out += toText(row.problem.position) + base::render(row.problem.error);
    LEFTFOLD_TRY(const base::Hash128 identity, reader.identity());
    return out + base::toHex(identity);
}

/// What else is done with a capture.
void useAll(capture::Reader& reader)
{
    (void)reader.resolve(base::Time{1'577'836'830, 0});
    (void)reader.toCut(reader.catalog().end());
    auto index = capture::KeyIndex::open(reader, *mapping().id, 1, {}, {});
    if (!index) return;
    replay::Replayer replayer(reader, {*index, fold::builtInFold("tally").value()}, nullptr);
    (void)replayer.stateAt("o-3", reader.catalog().end(), {});
}

struct Whole {
    std::string bytes;
    std::string content;

    Whole()
    {
        const std::string path = folder().path("whole.lflog");
        makeCapture(path);
        std::ifstream file(path, std::ios::binary);
        bytes.assign(std::istreambuf_iterator<char>(file), {});
        content = fuzz::must(contentOf(*fuzz::must(capture::Reader::open(path, {}))));
    }
};

std::string changed(std::string bytes, const std::uint8_t* data, std::size_t size)
{
    bool cuts = false;
    for (std::size_t i = 0; i + 4 <= size; i += 4) {
        const std::size_t place = data[i] | data[i + 1] << 8 | data[i + 2] << 16;
        if (place == 0xffffff) {
            cuts = true;
            continue;
        }
        const std::size_t at = place % bytes.size();
        if (cuts) {
            bytes.resize(at + 1);
            cuts = false;
        } else {
            bytes[at] = static_cast<char>(bytes[at] ^ data[i + 3]);
        }
    }
    return bytes;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const Whole whole;
    const std::string path = folder().path("changed.lflog");
    for (const char* suffix : {"-wal", "-shm", "-journal"}) ::unlink((path + suffix).c_str());
    (void)folder().write("changed.lflog", changed(whole.bytes, data, size));
    const auto reader = capture::Reader::open(path, {});
    if (!reader) return 0;
    const auto content = contentOf(**reader);
    const bool isSaid = !content || (*reader)->walLoss() || !(*reader)->catalog().damage().empty();
    FUZZ_LAW(isSaid || *content == whole.content);
    useAll(**reader);
    return 0;
}
