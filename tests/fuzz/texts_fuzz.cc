// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as one of the small texts people write (moments, positions, cuts, times, pointers, fields, mappings) and as an
// envelope line: what is read says itself again in a way that reads as the same.
#include "core/base/time.h"
#include "core/decode/envelope.h"
#include "core/decode/field.h"
#include "core/decode/mapping.h"
#include "core/event/pointer.h"
#include "core/event/when.h"
#include "tests/fuzz/fuzz.h"

#include <deque>

using namespace leftfold;

namespace {

void checkTimes(base::ByteView text)
{
    if (const auto time = base::parseTime(text)) FUZZ_LAW(base::parseTime(base::toIso(*time)) == *time);
    for (const auto unit : {base::EpochUnit::Seconds, base::EpochUnit::Milliseconds, base::EpochUnit::Microseconds,
                            base::EpochUnit::Nanoseconds}) {
        if (const auto time = base::parseEpoch(text, unit)) FUZZ_LAW(base::parseTime(base::toIso(*time)) == *time);
    }
    (void)base::guessEpochUnit(text);
}

void checkPlaces(base::ByteView text)
{
    if (const auto when = event::parseWhen(text)) FUZZ_LAW(event::parseWhen(toText(*when)).has_value());
    if (const auto pointer = event::parsePointer(text)) FUZZ_LAW(toText(*pointer) == text);
    if (const auto field = decode::parseFieldRef(text)) FUZZ_LAW(decode::parseFieldRef(toText(*field)) == *field);
    if (const auto mapping = decode::parseMapping(text)) {
        FUZZ_LAW(decode::parseMapping(toJson(*mapping)) == *mapping);
        (void)decode::describe(*mapping);
    }
}

void checkEnvelope(base::ByteView line)
{
    const fuzz::Padded padded(line);
    std::deque<std::string> arena;
    const auto read = decode::readEnvelope(padded.view(), arena);
    if (!read) return;
    std::string written;
    decode::writeEnvelope(written, read->partition, read->record, {});
    const fuzz::Padded again(written);
    std::deque<std::string> otherArena;
    const auto content = decode::readEnvelope(again.view(), otherArena);
    FUZZ_LAW(content && content->partition == read->partition);
    FUZZ_LAW(event::hashOf(content->record) == event::hashOf(read->record));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const base::ByteView text = fuzz::viewOf(data, size);
    checkTimes(text);
    checkPlaces(text);
    checkEnvelope(text);
    return 0;
}
