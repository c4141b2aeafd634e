// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as a CSV file: with the header that it has, and with columns that are given.
#include "tests/fuzz/read_files.h"

using namespace leftfold;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const fuzz::Folder folder;
    const std::string path = folder.write("log.csv", fuzz::viewOf(data, size));
    source::FileOptions options;
    options.format = source::FileFormat::Csv;
    fuzz::readEveryWay(path, options);
    options.columns = {"id", "type", "at"};
    options.delimiter = ';';
    fuzz::readEveryWay(path, options);
    return 0;
}
