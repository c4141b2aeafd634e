// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/files.h"
#include "tests/fuzz/fuzz.h"

#include <vector>

/// Any bytes as a log file: whatever it is, read in one go, again, and from its cuts on it gives the same records.
namespace leftfold::fuzz {

struct Read {
    std::string records; ///< as text, to be compared
    std::vector<std::pair<std::string, std::size_t>> cuts; ///< and how much of `records` is before each
    std::string failure; ///< the code that reading ended with
};

inline void append(std::string& out, const event::RecordBatch& batch)
{
    for (const event::Record& record : batch.records) {
        out += toText(event::Position{batch.partition, record.offset}) + ' ';
        out += record.value ? std::string(*record.value) : "(none)";
        out += record.key ? " key " + std::string(*record.key) : "";
        out += '\n';
    }
}

inline Read readFrom(source::EventSource& source, const std::string& cut, const std::string& target)
{
    Read out;
    auto opened = source.open(cut, target, {});
    if (!opened) {
        out.failure = base::nameOf(opened.error().code);
        return out;
    }
    for (;;) {
        const auto batch = source.read({});
        if (!batch) out.failure = base::nameOf(batch.error().code);
        if (!batch || !*batch) return out;
        append(out.records, **batch);
        if (!(*batch)->sourceCut.empty()) out.cuts.push_back({(*batch)->sourceCut, out.records.size()});
    }
}

inline void checkCuts(source::EventSource& source, const Read& whole, const std::string& target)
{
    const std::size_t step = whole.cuts.size() / 3 + 1;
    for (std::size_t i = 0; i < whole.cuts.size(); i += step) {
        const Read rest = readFrom(source, whole.cuts[i].first, target);
        FUZZ_LAW(rest.failure == whole.failure);
        FUZZ_LAW(rest.records == whole.records.substr(whole.cuts[i].second));
    }
}

inline void readEveryWay(const std::string& path, const source::FileOptions& options)
{
    const auto source = source::openFiles({path}, options);
    if (!source) return;
    const auto target = (*source)->target();
    if (!target) return;
    const Read whole = readFrom(**source, "", *target);
    const Read again = readFrom(**source, "", *target);
    FUZZ_LAW(whole.records == again.records && whole.failure == again.failure);
    checkCuts(**source, whole, *target);
}

} // namespace leftfold::fuzz
