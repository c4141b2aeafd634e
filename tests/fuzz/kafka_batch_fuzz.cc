// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/kafka_batch.h"

#include <string>

using namespace leftfold;

/// Any bytes as a segment: it ends, and the records of a batch that is taken lie within it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string bytes(reinterpret_cast<const char*>(data), size);
    bytes.reserve(size + base::kReadablePadding);
    base::ByteView rest = bytes;
    for (;;) {
        const auto batch = source::batchAt(rest);
        if (!batch) {
            const auto next = source::nextBatch(rest);
            if (!next) return 0;
            rest.remove_prefix(*next);
            continue;
        }
        if (!*batch) return 0;
        if (const auto read = source::recordsOf(**batch)) {
            for (const event::Record& record : read->records)
                if (record.offset < (*batch)->header.first && (*batch)->header.magic == 2) __builtin_trap();
        }
        rest.remove_prefix((*batch)->bytes.size());
    }
}
