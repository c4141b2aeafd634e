// SPDX-License-Identifier: GPL-3.0-or-later
// What it costs to see one aggregate at a random moment, and to step from there.
//
//   seek_bench CAPTURE --by FIELD --ids keys|events --samples N --seed S [--index-folder DIR]
//
// For each sample an id is drawn, uniformly from the keys or from the events (ids with many events are then drawn more
// often), and a moment uniformly from those at which it exists. Capture and indexes are dropped from the page cache, then opened
// anew and asked ("cold", opening included), asked again ("warm"); then, from a random event of the aggregate, one step
// forward and one back within it, states included. A JSON line a sample, in microseconds.
#include "core/base/file.h"
#include "core/capture/key_index.h"
#include "core/replay/replayer.h"
#include "core/replay/steps.h"
#include "core/workspace/loader.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <unistd.h>

namespace {

using namespace leftfold;
using Clock = std::chrono::steady_clock;

template <class T>
T need(base::Result<T> result)
{
    if (!result) {
        std::fprintf(stderr, "seek_bench: %s\n", base::render(result.error()).c_str());
        std::exit(3);
    }
    return std::move(*result);
}

double microsSince(Clock::time_point start)
{
    return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

/// An id drawn as `--ids` says.
std::string drawId(const capture::Catalog& catalog, const capture::KeyIndex& keys, const std::string& from,
                   std::mt19937_64& random)
{
    if (from == "keys") return std::string(need(keys.text(static_cast<std::uint32_t>(random() % keys.size()))));
    for (;;) {
        const std::uint32_t key = need(keys.keysOf(random() % catalog.eventCount(), 1))[0];
        if (key != capture::kNoKey) return std::string(need(keys.text(key)));
    }
}

void dropFile(const std::filesystem::path& path)
{
    const base::FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.isOpen()) return;
    ::fdatasync(file.get()); // dirty pages stay otherwise
    ::posix_fadvise(file.get(), 0, 0, POSIX_FADV_DONTNEED);
}

void dropFromPageCache(const std::string& capture, const std::string& indexFolder)
{
    dropFile(capture);
    for (const auto& entry : std::filesystem::directory_iterator(indexFolder)) dropFile(entry.path());
}

struct Seeker {
    capture::Reader& reader;
    const capture::KeyIndex& keys;
    replay::Replayer& replayer;

    /// One step within the aggregate from the cut, and the state there: what a person waits for. And the cut there.
    std::pair<double, capture::OrdinalCut> step(const std::string& id, const capture::OrdinalCut& from,
                                                replay::Direction direction)
    {
        const Clock::time_point start = Clock::now();
        const auto order = need(replay::PlayOrder::over(reader.catalog(), from));
        const auto place =
            need(replay::step(reader, order, &keys, order.home(), replay::OfAggregate{id}, direction, {}));
        LEFTFOLD_INVARIANT(place.has_value());
        capture::OrdinalCut there = need(order.cutAt(*place));
        (void)need(replayer.stateAt(id, there, {}));
        return {microsSince(start), std::move(there)};
    }
};

} // namespace

int main(int argc, char** argv)
{
    std::map<std::string, std::string> options = {
        {"--by", "/invoice"}, {"--ids", "keys"}, {"--samples", "1"}, {"--seed", "1"}, {"--index-folder", ""}};
    for (int i = 2; i + 1 < argc; i += 2) options[argv[i]] = argv[i + 1];
    if (argc < 2) return 2;
    const std::string folder =
        options["--index-folder"].empty() ? need(workspace::cacheFolders({})).indexes : options["--index-folder"];

    const decode::FieldRef by = need(decode::parseFieldRef(options["--by"]));
    const std::shared_ptr<const fold::Fold> tally = need(fold::builtInFold("tally"));
    std::mt19937_64 random(std::strtoull(options["--seed"].c_str(), nullptr, 10));
    for (long sample = std::strtol(options["--samples"].c_str(), nullptr, 10); sample > 0; --sample) {
        std::string id;
        event::EventIndex moment;
        {
            const auto reader = need(capture::Reader::open(argv[1], {folder}));
            const auto keys = need(capture::KeyIndex::open(*reader, by, 2, {}, {}));
            id = drawId(reader->catalog(), *keys, options["--ids"], random);
            const std::uint64_t first = need(keys->postings(*need(keys->find(id))))[0];
            moment.value = first + random() % (reader->catalog().eventCount() - first);
        }
        dropFromPageCache(argv[1], folder);
        const Clock::time_point opening = Clock::now();
        const auto reader = need(capture::Reader::open(argv[1], {folder}));
        const auto keys = need(capture::KeyIndex::open(*reader, by, 2, {}, {}));
        const double openMicros = microsSince(opening);
        replay::Replayer replayer(*reader, {keys, tally}, std::make_shared<replay::Checkpoints>());
        const auto state = need(replayer.stateAt(id, need(reader->resolve(moment)), {}));
        const double coldMicros = microsSince(opening);
        const Clock::time_point second = Clock::now();
        (void)need(replayer.stateAt(id, need(reader->resolve(moment)), {}));
        const double warmMicros = microsSince(second);
        std::printf("{\"id\":\"%s\",\"index\":%llu,\"events\":%llu,\"eventsInLog\":%llu,\"openMicros\":%.1f,"
                    "\"coldMicros\":%.1f,"
                    "\"warmMicros\":%.1f",
                    id.c_str(), static_cast<unsigned long long>(moment.value),
                    static_cast<unsigned long long>(state->events), static_cast<unsigned long long>(state->eventsInLog),
                    openMicros, coldMicros, warmMicros);
        const auto postings = need(keys->postings(*need(keys->find(id))));
        if (postings.size() > 1) {
            Seeker seeker{*reader, *keys, replayer};
            const std::uint32_t stand = postings[random() % (postings.size() - 1)];
            const auto here = need(reader->catalog().prefix(std::uint64_t{stand} + 1));
            (void)seeker.step(id, here, replay::Direction::Forward); // reads what was not read yet
            const auto [forward, there] = seeker.step(id, here, replay::Direction::Forward);
            const double back = seeker.step(id, there, replay::Direction::Back).first;
            std::printf(",\"stepForwardMicros\":%.1f,\"stepBackMicros\":%.1f", forward, back);
        }
        std::printf("}\n");
    }
    return 0;
}
