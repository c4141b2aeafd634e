// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as a log file, whose format is found out.
#include "tests/fuzz/read_files.h"

using namespace leftfold;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const fuzz::Folder folder;
    fuzz::readEveryWay(folder.write("log.jsonl", fuzz::viewOf(data, size)), {});
    return 0;
}
