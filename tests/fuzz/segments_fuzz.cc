// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/segment_walk.h"

#include <string>
#include <sys/mman.h>
#include <unistd.h>

using namespace leftfold;

namespace {

/// A file in memory that is written anew for each input.
int memoryFile()
{
    static const int file = ::memfd_create("segment", MFD_CLOEXEC);
    return file;
}

} // namespace

/// Any bytes as a segment: walking it ends, offsets grow through all records that are taken, and what is not taken is told.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const int file = memoryFile();
    if (::ftruncate(file, 0) != 0 || ::pwrite(file, data, size, 0) != static_cast<ssize_t>(size)) __builtin_trap();
    source::PartitionSegments partition;
    partition.partition = {"fuzz", 0};
    partition.files = {{{0}, "/proc/self/fd/" + std::to_string(file), size, 0}};
    source::SegmentWalk walk(partition, {{0}, size});
    event::Offset next;
    std::size_t passed = 0;
    bool isTold = false;
    for (;;) {
        const auto walked = walk.next({});
        if (!walked) __builtin_trap();
        if (!*walked) break;
        isTold = isTold || !(*walked)->problems.empty();
        passed += (*walked)->batch.bytes.size();
        const auto read = source::recordsOf((*walked)->batch);
        if (!read) continue;
        for (const event::Record& record : read->records) {
            if (record.offset < next) __builtin_trap();
            next = record.offset.next();
        }
    }
    isTold = isTold || !walk.tail().empty();
    if (passed != size && !isTold) __builtin_trap();
    return 0;
}
