// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/resume.h"

#include <algorithm>

namespace leftfold::source {

namespace {

using base::ErrorCode;
using base::Result;
using Members = std::vector<LogMember>;

bool isUntouched(const FilePlace& place, const FileFacts& facts)
{
    return place.atEnd && facts.id == place.id && facts.size == place.size && facts.modifiedNs == place.modifiedNs;
}

bool hasCompressedName(const std::string& path)
{
    return path.ends_with(".gz") || path.ends_with(".zst");
}

Result<std::unique_ptr<FileReader>> openAt(const FilePlace& place, const LogMember& member, std::stop_token stop)
{
    const std::uint64_t limit = member.limit.value_or(0);
    const bool samePlain = member.file.facts.id == place.id;
    LEFTFOLD_TRY(RawInput input, RawInput::openFile(member.file.path, samePlain ? std::max(limit, place.size) : limit));
    LEFTFOLD_TRY(std::unique_ptr<FileReader> reader, FileReader::open(std::move(input), limit, member.encoding, stop));
    LEFTFOLD_CHECK(reader->skipTo(place, stop));
    return reader;
}

bool goesOnBehind(const Members& members, std::size_t index)
{
    return std::any_of(members.begin() + static_cast<std::ptrdiff_t>(index) + 1, members.end(),
                       [](const LogMember& member) { return member.limit.value_or(0) > 0; });
}

Result<Continuation> inSameFile(const FilePlace& place, bool hasLooseEnd, const Members& members, std::size_t index,
                                std::stop_token stop)
{
    Continuation found;
    found.index = index;
    const bool mustSettle = hasLooseEnd && goesOnBehind(members, index);
    if (isUntouched(place, members[index].file.facts) && !mustSettle) {
        ++found.index;
    } else if (members[index].limit) {
        LEFTFOLD_TRY(found.reader, openAt(place, members[index], stop));
    }
    return found;
}

/// The current file first (a copy took its place), then rotated ones from the newest, which may be compressed now.
Result<std::optional<Continuation>> byContents(const FilePlace& place, const Members& members, std::stop_token stop)
{
    for (std::size_t i = members.size(); i-- > 0 && place.bytes > 0;) {
        const bool isCurrent = members[i].file.number == kCurrent;
        if (!members[i].limit || (!isCurrent && !hasCompressedName(members[i].file.path))) continue;
        auto reader = openAt(place, members[i], stop);
        if (!reader && reader.error().code != ErrorCode::SourceTruncated
            && reader.error().code != ErrorCode::SourceRewritten) {
            return tl::unexpected(std::move(reader).error());
        }
        if (reader) return Continuation{i, std::move(*reader), false};
    }
    return std::optional<Continuation>();
}

bool allYounger(const FilePlace& place, const Members& members)
{
    return std::all_of(members.begin(), members.end(),
                       [&](const LogMember& member) { return member.file.facts.modifiedNs > place.modifiedNs; });
}

base::Error whyNowhere(const FilePlace& place, const Members& members)
{
    if (members.empty() || members.back().file.number != kCurrent) {
        return {ErrorCode::SourceVanished, {place.path, grouped(place.bytes)}, {}};
    }
    const LogFile& current = members.back().file;
    if (current.facts.size < place.bytes) {
        return {ErrorCode::SourceTruncated, {current.path, grouped(current.facts.size), grouped(place.bytes)}, {}};
    }
    return {ErrorCode::SourceRewritten,
            {current.path,
             "it is another file, and its first " + grouped(place.bytes) + " bytes are not those that were captured"},
            {}};
}

} // namespace

bool isNumberMissingBetween(const LogFile& older, const LogFile& younger)
{
    return younger.number == kCurrent ? older.number > 1 : older.number - younger.number > 1;
}

Result<Members> membersOf(const TargetLog& target, std::optional<Encoding> encoding, FolderListings& listings)
{
    LEFTFOLD_TRY(std::vector<LogFile> files, rotatedSet(target.path, listings));
    Members members;
    for (LogFile& file : files) {
        const auto inTarget = std::find_if(target.files.begin(), target.files.end(),
                                           [&](const TargetFile& t) { return t.id == file.facts.id; });
        std::optional<std::uint64_t> limit;
        if (inTarget != target.files.end()) limit = inTarget->size;
        members.push_back({std::move(file), limit, encoding});
    }
    return members;
}

Result<Continuation> continueFrom(const FilePlace& place, bool hasLooseEnd, const Members& members,
                                  std::stop_token stop)
{
    for (std::size_t i = 0; i < members.size(); ++i) {
        if (members[i].file.facts.id == place.id) return inSameFile(place, hasLooseEnd, members, i, stop);
    }
    LEFTFOLD_TRY(std::optional<Continuation> found, byContents(place, members, stop));
    if (found) return std::move(*found);
    if (members.size() > 1 && allYounger(place, members)) return Continuation{0, nullptr, true};
    if (members.empty() && place.atEnd) return Continuation{};
    return tl::unexpected(whyNowhere(place, members));
}

Result<std::unique_ptr<FileReader>> openMember(const LogMember& member, std::stop_token stop)
{
    const std::uint64_t limit = std::min(member.limit.value_or(0), member.file.facts.size);
    LEFTFOLD_TRY(RawInput input, RawInput::openFile(member.file.path, limit));
    return FileReader::open(std::move(input), limit, member.encoding, stop);
}

} // namespace leftfold::source
