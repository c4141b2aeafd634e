// SPDX-License-Identifier: GPL-3.0-or-later
// What it costs to see one aggregate at a random moment, and to step from there.
//
//   seek_bench CAPTURE --by FIELD --ids keys|events --samples N --seed S [--index-folder DIR]
//
// For each sample an id is drawn, uniformly from the keys or from the events (ids with many events are then drawn more
// often), and a moment uniformly from the replay order. A JSON line a sample: opening the capture and its index, the
// first asking in this process ("cold" where the caller has dropped the files from the page cache), the second
// asking of the same, and a step forward and back within the aggregate, in microseconds.
#include "core/capture/key_index.h"
#include "core/replay/replayer.h"
#include "core/replay/steps.h"
#include "core/workspace/loader.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>
#include <string>

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
std::string drawId(const capture::Catalog& catalog, const capture::KeyIndex& keys, const std::string& from, std::mt19937_64& random)
{
    if (from == "keys") return std::string(need(keys.text(static_cast<std::uint32_t>(random() % keys.size()))));
    for (;;) {
        const std::uint32_t key = need(keys.keysOf(random() % catalog.eventCount(), 1))[0];
        if (key != capture::kNoKey) return std::string(need(keys.text(key)));
    }
}

struct Seeker {
    capture::Reader& reader;
    const capture::KeyIndex& keys;
    replay::Replayer& replayer;

    /// One step within the aggregate from the cut, and the state there: what a person waits for.
    double stepMicros(const std::string& id, const capture::OrdinalCut& from, replay::Direction direction)
    {
        const Clock::time_point start = Clock::now();
        const auto order = need(replay::PlayOrder::over(reader.catalog(), from));
        const auto place = need(replay::step(reader, order, &keys, order.home(), replay::OfAggregate{id}, direction, {}));
        if (place) (void)need(replayer.stateAt(id, need(order.cutAt(*place)), {}));
        return microsSince(start);
    }
};

} // namespace

int main(int argc, char** argv)
{
    std::map<std::string, std::string> options = {{"--by", "/invoice"}, {"--ids", "keys"}, {"--samples", "1"}, {"--seed", "1"}, {"--index-folder", ""}};
    for (int i = 2; i + 1 < argc; i += 2) options[argv[i]] = argv[i + 1];
    if (argc < 2) return 2;
    const std::string folder = options["--index-folder"].empty() ? need(workspace::cacheFolders({})).indexes : options["--index-folder"];

    const Clock::time_point opening = Clock::now();
    const auto reader = need(capture::Reader::open(argv[1], {folder}));
    const auto keys = need(capture::KeyIndex::open(*reader, need(decode::parseFieldRef(options["--by"])), 2, {}, {}));
    const double openMicros = microsSince(opening);
    replay::Replayer replayer(*reader, {keys, need(fold::builtInFold("tally"))}, std::make_shared<replay::Checkpoints>());
    Seeker seeker{*reader, *keys, replayer};
    std::mt19937_64 random(std::strtoull(options["--seed"].c_str(), nullptr, 10));

    for (long sample = std::strtol(options["--samples"].c_str(), nullptr, 10); sample > 0; --sample) {
        const std::string id = drawId(reader->catalog(), *keys, options["--ids"], random);
        const event::EventIndex moment{random() % reader->catalog().eventCount()};
        const Clock::time_point first = Clock::now();
        const auto cut = need(reader->resolve(moment));
        const auto state = need(replayer.stateAt(id, cut, {}));
        const double coldMicros = microsSince(first);
        const Clock::time_point second = Clock::now();
        (void)need(replayer.stateAt(id, need(reader->resolve(moment)), {}));
        const double warmMicros = microsSince(second);
        (void)seeker.stepMicros(id, cut, replay::Direction::Forward); // reads what only a step needs
        const double forward = seeker.stepMicros(id, cut, replay::Direction::Forward);
        const double back = seeker.stepMicros(id, cut, replay::Direction::Back);
        std::printf("{\"id\":\"%s\",\"index\":%llu,\"events\":%llu,\"eventsInLog\":%llu,\"openMicros\":%.1f,\"coldMicros\":%.1f,"
                    "\"warmMicros\":%.1f,\"stepForwardMicros\":%.1f,\"stepBackMicros\":%.1f}\n",
                    id.c_str(), static_cast<unsigned long long>(moment.value), static_cast<unsigned long long>(state->events),
                    static_cast<unsigned long long>(state->eventsInLog), openMicros, coldMicros, warmMicros, forward, back);
    }
    return 0;
}
