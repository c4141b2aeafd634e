// SPDX-License-Identifier: GPL-3.0-or-later
// What running back to a condition costs, beside folding once and beside running forward, and how fast a stop is obeyed.
//   run_bench CAPTURE [--by /sku] [--all-by /invoice] [--spread-by /sku] [--big /type] [--samples 5] [--index-folder DIR]
//             [--parts one,forward,back,spread,stop] [--stop-after 150]
// A JSON line a figure, then the ratios of the medians and the longest stop. `--by` should give aggregates of about 1,000 events,
// `--all-by` those that are all looked at and whose events lie close together, `--spread-by` some that lie all over the log, `--big` one of
// millions; stops come so many milliseconds after the start:
//   bench_generate 10000000 -o many.jsonl --skus 10000; leftfold fetch many.jsonl -o many.lflog
#include "core/replay/run.h"
#include "core/workspace/loader.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace leftfold;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kWantedEvents = 1000;
constexpr std::uint64_t kAll = ~std::uint64_t{0} >> 1U;
constexpr const char* kNever = "becomes /never exists";

template <class T>
T need(base::Result<T> result)
{
    if (!result) {
        std::fprintf(stderr, "run_bench: %s\n", base::render(result.error()).c_str());
        std::exit(3);
    }
    return std::move(*result);
}

double millisSince(Clock::time_point start)
{
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/// A log, opened anew for each sample: nothing that another one has read helps.
struct Log {
    std::string capture;
    std::string indexFolder;
    std::unique_ptr<capture::Reader> reader{};
    replay::Projection projection{};

    void open(const std::string& field, const char* fold)
    {
        reader = need(capture::Reader::open(capture, {indexFolder}));
        projection.index = need(capture::KeyIndex::open(*reader, need(decode::parseFieldRef(field)), 2, {}, {}));
        projection.fold = need(fold::builtInFold(fold));
    }
    [[nodiscard]] base::Result<replay::RunEnd> run(replay::Direction direction, const std::string& text,
                                                   std::stop_token stop) const
    {
        const bool isBack = direction == replay::Direction::Back;
        const auto& catalog = reader->catalog();
        const auto order = need(replay::PlayOrder::over(catalog, isBack ? catalog.end() : need(catalog.prefix(0))));
        const std::vector<replay::Breakpoint> breakpoints{need(replay::parseBreakpoint(text))};
        replay::RunOptions options;
        options.workers = 2;
        return replay::run(*reader, projection, order, order.home(), direction, breakpoints, options, std::move(stop));
    }
};

/// The aggregate whose number of events is the nearest to what is wanted.
std::uint32_t keyWith(const capture::KeyIndex& keys, std::uint64_t wanted)
{
    std::uint32_t best = 0;
    std::uint64_t nearest = ~std::uint64_t{0};
    for (std::uint32_t key = 0; key < keys.size(); ++key) {
        const std::uint64_t events = need(keys.postings(key)).size();
        const std::uint64_t distance = events > wanted ? events - wanted : wanted - events;
        if (distance < nearest) {
            nearest = distance;
            best = key;
        }
    }
    return best;
}

/// How long after a stop it takes until a run returns, in milliseconds; none where it was done before.
std::optional<double> stopTime(const Log& log, replay::Direction direction, const std::string& text,
                               std::chrono::milliseconds after)
{
    std::stop_source stop;
    Clock::time_point asked;
    std::jthread stopper([&] {
        std::this_thread::sleep_for(after);
        asked = Clock::now();
        stop.request_stop();
    });
    const auto end = log.run(direction, text, stop.get_token());
    const Clock::time_point returned = Clock::now();
    stopper.join();
    if (end || end.error().code != base::ErrorCode::Cancelled) return std::nullopt;
    return std::chrono::duration<double, std::milli>(returned - asked).count();
}

/// Folding one aggregate once, and going back over its events to where a condition turns.
template <class Keep>
void measureOne(Log& log, const std::string& by, const std::string& id, const std::string& condition,
                std::uint64_t found, Keep keep)
{
    log.open(by, "tally");
    Clock::time_point start = Clock::now();
    replay::Replayer replayer(*log.reader, log.projection, nullptr);
    LEFTFOLD_INVARIANT(need(replayer.stateAt(id, log.reader->catalog().end(), {})).has_value());
    keep("foldMillis", millisSince(start));
    log.open(by, "tally");
    start = Clock::now();
    const replay::RunEnd end = need(log.run(replay::Direction::Back, condition, {}));
    keep("backMillis", millisSince(start));
    LEFTFOLD_INVARIANT(end.place == found);
}

/// Over all aggregates, through the whole log.
double millisOverAll(Log& log, const std::string& by, replay::Direction direction)
{
    log.open(by, "latest");
    const Clock::time_point start = Clock::now();
    LEFTFOLD_INVARIANT(!need(log.run(direction, kNever, {})).place.has_value());
    return millisSince(start);
}

/// In both directions, over all aggregates and over the one with the most events.
template <class Keep>
void measureStops(Log& log, const std::string& by, const std::string& spread, const std::string& big,
                  std::chrono::milliseconds after, Keep keep)
{
    for (const std::string& field : {by, spread, big}) {
        log.open(field, "latest");
        const capture::KeyIndex& keys = *log.projection.index;
        const std::string most = field == big ? "of " + std::string(need(keys.text(keyWith(keys, kAll)))) + " " : "";
        for (const replay::Direction direction : {replay::Direction::Forward, replay::Direction::Back}) {
            const auto stopped = stopTime(log, direction, most + kNever, after);
            if (stopped) keep("stopMillis", *stopped);
        }
    }
}

} // namespace

int main(int argc, char** argv)
{
    std::map<std::string, std::string> options = {{"--by", "/sku"},        {"--all-by", "/invoice"},
                                                  {"--spread-by", "/sku"}, {"--big", "/type"},
                                                  {"--samples", "5"},      {"--stop-after", "150"},
                                                  {"--index-folder", ""},  {"--parts", "one,forward,back,spread,stop"}};
    for (int i = 2; i + 1 < argc; i += 2) options[argv[i]] = argv[i + 1];
    if (argc < 2) return 2;
    Log log{argv[1], options["--index-folder"]};
    if (log.indexFolder.empty()) log.indexFolder = need(workspace::cacheFolders({})).indexes;
    log.open(options["--by"], "tally");
    const std::uint64_t events = log.reader->catalog().eventCount();
    const std::uint32_t key = keyWith(*log.projection.index, kWantedEvents);
    const std::string id(need(log.projection.index->text(key)));
    const auto postings = need(log.projection.index->postings(key));
    // Its first event in the second half: from the end half of the log lies between.
    std::uint64_t own = 0;
    while (own + 1 < postings.size() && postings[own] < events / 2) ++own;
    const std::uint64_t found = postings[own]; // the index is opened anew below
    const std::string condition = "of " + id + " becomes /count >= " + std::to_string(own + 1);
    std::printf("{\"events\":%llu,\"aggregate\":\"%s\",\"eventsOfIt\":%zu,\"backOver\":%llu}\n",
                static_cast<unsigned long long>(events), id.c_str(), postings.size(),
                static_cast<unsigned long long>(events - postings[own]));

    const auto isAsked = [&](const char* part) { return options["--parts"].find(part) != std::string::npos; };
    std::map<std::string, std::vector<double>> millis;
    const auto keep = [&](const std::string& what, double value) {
        millis[what].push_back(value);
        std::printf("{\"%s\":%.2f}\n", what.c_str(), value);
        std::fflush(stdout);
    };
    for (long sample = std::strtol(options["--samples"].c_str(), nullptr, 10); sample > 0; --sample) {
        if (isAsked("one")) measureOne(log, options["--by"], id, condition, found, keep);
        // In turns: what comes second in a process is a little slower, whatever it is.
        for (const bool isBack : {sample % 2 == 0, sample % 2 != 0}) {
            const auto direction = isBack ? replay::Direction::Back : replay::Direction::Forward;
            if (isAsked(isBack ? "back" : "forward"))
                keep(isBack ? "allBackMillis" : "allForwardMillis", millisOverAll(log, options["--all-by"], direction));
            if (isAsked("spread"))
                keep(isBack ? "spreadBackMillis" : "spreadForwardMillis",
                     millisOverAll(log, options["--spread-by"], direction));
        }
        if (isAsked("stop"))
            measureStops(log, options["--all-by"], options["--spread-by"], options["--big"],
                         std::chrono::milliseconds(std::strtol(options["--stop-after"].c_str(), nullptr, 10)), keep);
    }
    const auto ratio = [&](const char* name, const char* a, const char* b, double limit) {
        if (millis[a].empty() || millis[b].empty()) return;
        std::printf("{\"%s\":%.3f,\"limit\":%.1f}\n", name, median(millis[a]) / median(millis[b]), limit);
    };
    ratio("backOverFold", "backMillis", "foldMillis", 3);
    ratio("allBackOverForward", "allBackMillis", "allForwardMillis", 1);
    ratio("spreadBackOverForward", "spreadBackMillis", "spreadForwardMillis", 1);
    const std::vector<double>& stops = millis["stopMillis"];
    if (!stops.empty())
        std::printf("{\"longestStopMillis\":%.1f,\"limit\":50}\n", *std::max_element(stops.begin(), stops.end()));
    return 0;
}
