// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/capture/reader.h"
#include "core/workspace/loader.h"
#include "tests/capture/made_batches.h"

#include <filesystem>
#include <fstream>

using namespace leftfold;
using namespace leftfold::capture::test;

namespace {

/// `count` lines of a shop, from number `first` on.
std::string lines(int first, int count)
{
    std::string out;
    for (int i = first; i < first + count; ++i) {
        out += R"({"type":"Sold","order":"o-)" + std::to_string(i / 5) + R"(","n":)" + std::to_string(i) + R"(,"at":)"
               + std::to_string(1'600'000'000 + i) + R"(,"booked":)" + std::to_string(1'600'000'000 - i % 7) + "}\n";
    }
    return out;
}

void append(const std::string& path, const std::string& bytes)
{
    std::ofstream(path, std::ios::binary | std::ios::app) << bytes;
}

workspace::LoadOptions optionsFor(const Folder& folder, const std::string& log)
{
    workspace::LoadOptions options;
    options.log = {log};
    options.cacheRoot = folder.path("cache");
    return options;
}

struct Seen {
    std::uint64_t events = 0;
    std::size_t loads = 0;
    base::Hash128 identity;
    decode::Mapping mapping;
};

Seen look(const workspace::Loader& loader)
{
    const auto reader = must(capture::Reader::open(loader.capturePath(), {loader.indexFolder()}));
    return {reader->catalog().eventCount(), reader->catalog().loads().size(), must(reader->identity()),
            reader->catalog().mapping()};
}

Seen loaded(const workspace::LoadOptions& options)
{
    const auto loader = must(workspace::Loader::open(options));
    must(loader->update({}, {}));
    must(loader->close());
    return look(*loader);
}

} // namespace

class LoaderTest : public QObject {
    Q_OBJECT

private slots:
    void aFileIsCapturedOnceAndContinuedAsItGrows()
    {
        const Folder folder;
        const std::string log = folder.path("shop.jsonl");
        append(log, lines(0, 500));
        const Seen first = loaded(optionsFor(folder, log));
        QCOMPARE(first.events, 500U);
        QCOMPARE(text(toText(*first.mapping.id)), "/order");
        QCOMPARE(loaded(optionsFor(folder, log)).loads, std::size_t{1});
        append(log, lines(500, 20));
        const Seen second = loaded(optionsFor(folder, log));
        QCOMPARE(second.events, 520U);
        QCOMPARE(second.loads, std::size_t{2});

        const Folder other;
        append(other.path("shop.jsonl"), lines(0, 520));
        QCOMPARE(text(base::toHex(second.identity)),
                 text(base::toHex(loaded(optionsFor(other, other.path("shop.jsonl"))).identity)));
    }

    /// What was captured before stays; the rest is neither guessed nor lost in silence.
    void aFileThatShrinksWhileItIsReadIsSaid()
    {
        const Folder folder;
        const std::string log = folder.path("shop.jsonl");
        append(log, lines(0, 60'000));
        const std::string whole = bytesOf(log);
        const workspace::LoadOptions options = optionsFor(folder, log);
        {
            const auto loader = must(workspace::Loader::open(options));
            int batches = 0;
            const auto outcome = loader->update({}, [&](const workspace::LoadProgress&) {
                if (++batches == 1) std::filesystem::resize_file(log, 10);
            });
            QCOMPARE(failureOf(outcome), "source-truncated");
            must(loader->close());
            const Seen seen = look(*loader);
            QVERIFY(seen.events > 0);
            QVERIFY(seen.events < 60'000U);
        }
        {
            const auto again = must(workspace::Loader::open(options));
            QCOMPARE(failureOf(again->update({}, {})), "source-truncated");
            must(again->close());
        }
        std::ofstream(log, std::ios::binary | std::ios::trunc) << whole;
        QCOMPARE(loaded(options).events, 60'000U);
    }

    /// Stopped again and again, on the same loader and on new ones, the load ends as if it had never been stopped.
    void stoppedLoadsGoOnWithoutAHole()
    {
        const Folder folder;
        const std::string log = folder.path("shop.jsonl");
        append(log, lines(0, 60'000));
        const Seen expected = loaded(optionsFor(folder, log));
        workspace::LoadOptions options = optionsFor(folder, log);
        options.capturePath = folder.path("stopped.lflog");
        int stops = 0;
        for (bool done = false; !done;) {
            const auto loader = must(workspace::Loader::open(options));
            for (int again = 0; again < 2 && !done; ++again) {
                std::stop_source stop;
                int batches = 0;
                const auto outcome = loader->update(stop.get_token(), [&](const workspace::LoadProgress&) {
                    if (++batches == 2) stop.request_stop();
                });
                done = outcome.has_value();
                if (!done) QCOMPARE(failureOf(outcome), "cancelled");
                stops += !done;
            }
            must(loader->close());
        }
        QVERIFY(stops >= 4);
        const auto reader = opened(options.capturePath);
        QCOMPARE(reader->catalog().eventCount(), expected.events);
        QCOMPARE(text(base::toHex(must(reader->identity()))), text(base::toHex(expected.identity)));
        QCOMPARE(reader->catalog().loads().size(), std::size_t{1});
    }

    /// The file is gone: only what is captured can be read again.
    void anotherMappingReadsTheCaptureAgainNotTheSource()
    {
        const Folder folder;
        const std::string log = folder.path("shop.jsonl");
        append(log, lines(0, 5000));
        const Seen before = loaded(optionsFor(folder, log));
        QCOMPARE(text(toText(*before.mapping.time)), "/at");
        workspace::LoadOptions options = optionsFor(folder, log);
        options.mapping.time = must(decode::parseFieldRef("/booked"));
        const Seen after = loaded(options);
        QCOMPARE(text(toText(*after.mapping.time)), "/booked");
        QCOMPARE(text(base::toHex(after.identity)), text(base::toHex(before.identity)));
        QCOMPARE(after.loads, std::size_t{1});

        const auto remapped = must(capture::Reader::open(must(workspace::Loader::open(options))->capturePath(), {}));
        options.fresh = true;
        options.capturePath = folder.path("fresh.lflog");
        (void)loaded(options);
        QCOMPARE(text(*linesOf(*remapped)), text(*linesOf(*opened(options.capturePath))));
    }

    void strictStopsAtTheFirstRecordThatIsNoJson()
    {
        const Folder folder;
        const std::string log = folder.path("shop.jsonl");
        append(log, lines(0, 10) + "{\"cut\":\n" + lines(11, 10));
        workspace::LoadOptions options = optionsFor(folder, log);
        options.strict = true;
        const auto loader = must(workspace::Loader::open(options));
        const auto outcome = loader->update({}, {});
        QCOMPARE(failureOf(outcome), "undecodable-record");
        QVERIFY2(text(base::render(outcome.error())).contains("shop[0]@10"), base::render(outcome.error()).c_str());
    }

    void freshForgetsTheEarlierCapture()
    {
        const Folder folder;
        const std::string log = folder.path("shop.jsonl");
        append(log, lines(0, 100));
        QCOMPARE(loaded(optionsFor(folder, log)).events, 100U);
        write(log, lines(50, 30));
        QVERIFY(
            failureOf(must(workspace::Loader::open(optionsFor(folder, log)))->update({}, {})).startsWith("source-"));
        workspace::LoadOptions options = optionsFor(folder, log);
        options.fresh = true;
        QCOMPARE(loaded(options).events, 30U);
    }

    void aCaptureIsOpenedAsItIs()
    {
        const Folder folder;
        const std::string log = folder.path("shop.jsonl");
        append(log, lines(0, 100));
        workspace::LoadOptions options = optionsFor(folder, log);
        options.capturePath = folder.path("kept.lflog");
        (void)loaded(options);
        QFile::remove(QString::fromStdString(log));
        const Seen seen = loaded(optionsFor(folder, options.capturePath));
        QCOMPARE(seen.events, 100U);
    }

    void oneWriterAtATime()
    {
        const Folder folder;
        const std::string log = folder.path("shop.jsonl");
        append(log, lines(0, 100));
        const auto first = must(workspace::Loader::open(optionsFor(folder, log)));
        must(first->update({}, {}));
        append(log, lines(100, 5));
        const auto second = must(workspace::Loader::open(optionsFor(folder, log)));
        QCOMPARE(failureOf(second->update({}, {})), "capture-busy");
        must(first->close());
        must(second->update({}, {}));
        must(second->close());
        QCOMPARE(look(*second).events, 105U);
    }
};

QTEST_GUILESS_MAIN(LoaderTest)
#include "loader_test.moc"
