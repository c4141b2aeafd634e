// SPDX-License-Identifier: GPL-3.0-or-later
// Reads a Kafka topic to its end as Leftfold's sources give it out, every record of it, and stores nothing: what reading alone costs,
// over the network or from a broker's log folder.
//   source_bench kafka://HOST:PORT/TOPIC | LOGFOLDER?topics=TOPIC
// Prints a JSON line: the events, their bytes (keys, values, headers), the sum of the offsets behind the partitions, and the seconds it took.
#include "core/source/draining.h"
#include "core/source/kafka_profile.h"
#include "core/source/kafka_source.h"
#include "core/source/segments.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>

namespace {

using namespace leftfold;

template <class T>
T need(base::Result<T> result)
{
    if (!result) {
        std::fprintf(stderr, "source_bench: %s\n", base::render(result.error()).c_str());
        std::exit(3);
    }
    return std::move(*result);
}

std::unique_ptr<source::EventSource> opened(const std::string& log, const std::shared_ptr<source::Draining>& draining)
{
    if (source::isSegmentAddress(log)) return need(source::openSegments({log}));
    const source::KafkaAddress address = need(source::parseKafkaAddress(log));
    return need(source::openKafka(address, need(source::connectionFor(address.brokers)), {}, draining));
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 2) return 2;
    const auto start = std::chrono::steady_clock::now();
    const auto draining = std::make_shared<source::Draining>();
    const auto log = opened(argv[1], draining);
    if (const auto open = log->open({}, need(log->target()), {}); !open) {
        std::fprintf(stderr, "source_bench: %s\n", base::render(open.error()).c_str());
        return 3;
    }
    std::uint64_t events = 0;
    std::uint64_t bytes = 0;
    std::map<event::Partition, std::uint64_t> ends; // what both ways have to agree on
    while (const auto batch = need(log->read({}))) {
        for (const event::Record& record : batch->records) {
            bytes += (record.key ? record.key->size() : 0) + (record.value ? record.value->size() : 0);
            for (const event::Header& header : record.headers)
                bytes += header.name.size() + (header.value ? header.value->size() : 0);
        }
        events += batch->records.size();
        if (!batch->records.empty())
            ends[batch->partition] = static_cast<std::uint64_t>(batch->records.back().offset.value) + 1;
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    std::uint64_t offsets = 0;
    for (const auto& [partition, end] : ends) offsets += end;
    std::printf("{\"events\":%llu,\"bytes\":%llu,\"offsets\":%llu,\"seconds\":%.3f}\n",
                static_cast<unsigned long long>(events), static_cast<unsigned long long>(bytes),
                static_cast<unsigned long long>(offsets), seconds);
    std::fflush(stdout);
    std::_Exit(0); // threads of the client may still be there
}
