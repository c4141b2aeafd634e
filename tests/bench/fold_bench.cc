// SPDX-License-Identifier: GPL-3.0-or-later
// How fast the folds are beside a bare simdjson DOM parse of the same payloads on the same threads.
//   fold_bench FILE.jsonl POINTER [THREADS] [RUNS]
// One JSON line a sample, then one with the medians and ratios. Aggregates are spread over the threads and each
// thread folds the events of its own in their order, as the engine does; the parse reads the same shares.
#include "core/fold/fold.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <malloc.h>
#include <simdjson.h>
#include <thread>
#include <unordered_map>
#include <vector>

namespace {

using leftfold::base::ByteView;
using leftfold::fold::Folder;
using leftfold::fold::FoldEvent;
using leftfold::fold::State;

struct Payload {
    ByteView json;
    std::string type;
    std::int64_t line = 0;
    std::size_t slot = 0; ///< of the aggregate, among those of its share
};

/// What one thread works on.
struct Share {
    std::vector<Payload> payloads;
    std::size_t aggregates = 0;
};

struct Arguments {
    std::string file;
    std::string pointer;
    std::size_t threads = 2;
    std::size_t runs = 5;
};

std::string readFile(const std::string& path)
{
    std::ifstream in(path, std::ios::binary);
    if (!in) throw std::runtime_error(path + ": cannot be read");
    std::string text{std::istreambuf_iterator<char>(in), {}};
    return text.append(leftfold::base::kReadablePadding, '\0');
}

std::vector<ByteView> splitLines(ByteView text)
{
    std::vector<ByteView> lines;
    text.remove_suffix(leftfold::base::kReadablePadding);
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        if (end > 0) lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::string scalarAt(simdjson::dom::element document, const std::string& pointer)
{
    simdjson::dom::element found;
    if (document.at_pointer(pointer).get(found) != simdjson::SUCCESS) return {};
    std::string_view text;
    return found.get_string().get(text) == simdjson::SUCCESS ? std::string(text) : simdjson::minify(found);
}

std::vector<Share> share(const std::vector<ByteView>& lines, const Arguments& arguments)
{
    std::vector<Share> shares(arguments.threads);
    std::unordered_map<std::string, std::pair<std::size_t, std::size_t>> places;
    simdjson::dom::parser parser;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const simdjson::dom::element document = parser.parse(lines[i].data(), lines[i].size(), false);
        const std::size_t nextShare = places.size() % shares.size();
        const auto [entry, isNew] =
            places.try_emplace(scalarAt(document, arguments.pointer), nextShare, shares[nextShare].aggregates);
        shares[nextShare].aggregates += isNew ? 1 : 0;
        const auto [thread, slot] = entry->second;
        shares[thread].payloads.push_back({lines[i], scalarAt(document, "/type"), static_cast<std::int64_t>(i), slot});
    }
    return shares;
}

void parseAll(const Share& share)
{
    simdjson::dom::parser parser;
    for (const Payload& payload : share.payloads)
        if (parser.parse(payload.json.data(), payload.json.size(), false).error() != simdjson::SUCCESS) std::abort();
}

using States = std::vector<std::unique_ptr<State>>;

void foldAll(const Share& share, Folder& folder, States& states)
{
    static const leftfold::event::Partition partition{"bench", 0};
    states.resize(share.aggregates);
    for (const Payload& payload : share.payloads) {
        std::unique_ptr<State>& state = states[payload.slot];
        if (!state) state = folder.begin();
        const leftfold::base::Time time{1'291'191'960 + payload.line, 0};
        folder.apply(*state,
                     FoldEvent{&partition, {payload.line}, time, payload.type, payload.json, true, nullptr, {}});
    }
}

/// The seconds that all threads need together, from the first start to the last end.
double timeThreads(const std::vector<Share>& shares, const std::function<void(std::size_t)>& work)
{
    const auto start = std::chrono::steady_clock::now();
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < shares.size(); ++i) threads.emplace_back([&work, i] { work(i); });
    }
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

struct FoldRun {
    double seconds = 0;
    std::size_t states = 0;
    std::size_t heapBytes = 0; ///< that the states hold
};

FoldRun timeFold(const std::vector<Share>& shares, const leftfold::fold::Fold& fold)
{
    std::vector<std::unique_ptr<Folder>> folders;
    for (std::size_t i = 0; i < shares.size(); ++i) folders.push_back(fold.folder());
    std::vector<States> states(shares.size());
    const std::size_t before = mallinfo2().uordblks;
    FoldRun run;
    run.seconds = timeThreads(shares, [&](std::size_t i) { foldAll(shares[i], *folders[i], states[i]); });
    run.heapBytes = mallinfo2().uordblks - before;
    for (std::size_t i = 0; i < shares.size(); ++i)
        for (const auto& state : states[i]) run.states += folders[i]->exists(*state) ? 1 : 0;
    return run;
}

double median(std::vector<double> samples)
{
    std::sort(samples.begin(), samples.end());
    return samples[samples.size() / 2];
}

double report(const char* name, std::size_t run, double seconds)
{
    std::printf("{\"run\":%zu,\"what\":\"%s\",\"seconds\":%.6f}\n", run, name, seconds);
    return seconds;
}

void measure(const std::vector<Share>& shares, const Arguments& arguments)
{
    const auto tally = leftfold::fold::builtInFold("tally").value();
    const auto latest = leftfold::fold::builtInFold("latest").value();
    std::vector<double> parses, tallies, latests;
    FoldRun tallyRun, latestRun;
    for (std::size_t run = 0; run < arguments.runs; ++run) {
        parses.push_back(report("simdjson", run, timeThreads(shares, [&](std::size_t i) { parseAll(shares[i]); })));
        tallyRun = timeFold(shares, *tally);
        tallies.push_back(report("tally", run, tallyRun.seconds));
        latestRun = timeFold(shares, *latest);
        latests.push_back(report("latest", run, latestRun.seconds));
    }
    std::size_t events = 0;
    for (const Share& share : shares) events += share.payloads.size();
    std::printf("{\"events\":%zu,\"states\":%zu,\"threads\":%zu,\"simdjson\":%.6f,\"tally\":%.6f,\"latest\":%.6f,"
                "\"tallyOfSimdjson\":%.3f,\"latestOfSimdjson\":%.3f,\"tallyBytesPerState\":%zu}\n",
                events, tallyRun.states, shares.size(), median(parses), median(tallies), median(latests),
                median(parses) / median(tallies), median(parses) / median(latests),
                tallyRun.heapBytes / std::max<std::size_t>(1, tallyRun.states));
}

} // namespace

int main(int argc, char** argv)
try {
    if (argc < 3 || argc > 5) {
        std::fputs("usage: fold_bench FILE.jsonl POINTER [THREADS] [RUNS]\n", stderr);
        return 2;
    }
    Arguments arguments{argv[1], argv[2]};
    if (argc > 3) arguments.threads = std::stoul(argv[3]);
    if (argc > 4) arguments.runs = std::stoul(argv[4]);
    const std::string text = readFile(arguments.file);
    measure(share(splitLines(text), arguments), arguments);
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "fold_bench: %s\n", error.what());
    return 3;
}
