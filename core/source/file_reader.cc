// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/file_reader.h"

#include "core/event/json_walker.h"

#include <algorithm>
#include <array>

namespace leftfold::source {

namespace {

using base::ByteView;
using base::ErrorCode;
using base::Result;
using namespace std::string_view_literals;

/// The name iconv knows for text of four bytes a character; empty where it looks like none.
std::string_view wideEncodingOf(ByteView head)
{
    struct WideSign {
        std::string_view bytes;
        std::string_view name;
    };
    static constexpr std::array kWideSigns = {
        WideSign{"\xff\xfe\0\0"sv, "UTF-32LE"},
        WideSign{"\0\0\xfe\xff"sv, "UTF-32BE"},
    };
    for (const WideSign& sign : kWideSigns) {
        if (head.starts_with(sign.bytes)) return sign.name;
    }
    return {};
}

constexpr std::size_t kMaxHeadBytes = std::size_t{1} << 20;

/// Whether one can tell from it what the records are.
bool isHeadEnough(ByteView head)
{
    const std::size_t begin = head.find_first_not_of(" \t\r\n\xef\xbb\xbf");
    if (begin == ByteView::npos) return head.size() >= kMaxHeadBytes;
    const std::size_t end = head.find('\n', begin);
    const bool beginsAsJson = head[begin] == '{' || head[begin] == '[';
    const bool hasLines = end != ByteView::npos && (beginsAsJson || head.find('\n', end + 1) != ByteView::npos);
    return hasLines || head.size() >= kMaxHeadBytes;
}

bool isWholeDocument(ByteView text)
{
    return (text.starts_with('{') || text.starts_with('[')) && event::checkJson(text).has_value();
}

} // namespace

std::string grouped(std::uint64_t number)
{
    std::string digits = std::to_string(number);
    for (std::size_t at = digits.size(); at > 3;) {
        at -= 3;
        digits.insert(at, 1, ',');
    }
    return digits;
}

FileReader::FileReader(std::unique_ptr<ByteStream> stream, std::uint64_t limit)
    : m_limit(limit),
      m_buffer(std::move(stream)),
      m_splitter(m_buffer)
{}

Result<std::unique_ptr<FileReader>> FileReader::open(RawInput input, std::uint64_t limit,
                                                     std::optional<Encoding> encoding, std::stop_token stop)
{
    LEFTFOLD_TRY(std::unique_ptr<ByteStream> stream, decodedStream(std::move(input), stop));
    return std::unique_ptr<FileReader>(new FileReader(textStream(std::move(stream), encoding), limit));
}

Result<void> FileReader::hashUpTo(std::uint64_t bytes, const std::stop_token& stop)
{
    while (m_bytes < bytes) {
        if (m_buffer.pending().empty()) {
            LEFTFOLD_TRY(const bool more, m_buffer.more(stop));
            if (!more) return base::fail(ErrorCode::SourceTruncated, path(), grouped(m_bytes), grouped(bytes));
        }
        const ByteView part = m_buffer.pending().substr(
            0, static_cast<std::size_t>(std::min<std::uint64_t>(m_buffer.pending().size(), bytes - m_bytes)));
        m_hash.update(part);
        m_bytes += part.size();
        m_buffer.discard(part.size());
    }
    return {};
}

Result<void> FileReader::skipTo(const FilePlace& place, std::stop_token stop)
{
    LEFTFOLD_CHECK(hashUpTo(place.bytes, stop));
    if (m_hash.digest() != place.hash) {
        return base::fail(ErrorCode::SourceRewritten, path(),
                          "its first " + grouped(place.bytes) + " bytes, " + grouped(place.line)
                              + " lines, are not those that were captured");
    }
    m_splitter.startAt({place.line, place.inOpenLine});
    m_encodingChecked = place.bytes > 0;
    return {};
}

Result<void> FileReader::checkEncoding()
{
    if (m_encodingChecked) return {};
    m_encodingChecked = true;
    const std::string_view encoding = wideEncodingOf(m_buffer.pending());
    if (encoding.empty()) return {};
    return base::fail(ErrorCode::SourceEncoding, path(), encoding);
}

/// Fails where the file ended before the limit that was its size.
Result<void> FileReader::checkSize() const
{
    const RawInput& input = stream().input();
    if (input.isPipe()) return {};
    LEFTFOLD_TRY(const FileFacts now, input.factsNow());
    if (now.size >= m_limit) return {};
    return base::fail(ErrorCode::SourceTruncated, path(), grouped(now.size), grouped(m_limit));
}

Result<FileReader::Head> FileReader::head(std::stop_token stop)
{
    while (!isHeadEnough(m_buffer.pending()) && !stream().atEnd()) {
        LEFTFOLD_TRY(const bool more, m_buffer.more(stop));
        if (!more) break;
    }
    LEFTFOLD_CHECK(checkEncoding());
    const ByteView text = m_buffer.pending().substr(0, kMaxHeadBytes);
    return Head{text, stream().atEnd() || text.size() == kMaxHeadBytes};
}

Result<LineSplitter::Stopped> FileReader::collect(std::stop_token stop)
{
    LEFTFOLD_TRY(const LineSplitter::Stopped stopped, m_splitter.collect(stop));
    LEFTFOLD_CHECK(checkEncoding());
    if (stopped == LineSplitter::Stopped::AtEnd) LEFTFOLD_CHECK(checkSize());
    return stopped;
}

/// A last line without its line break is taken where nobody will write on (a pipe, a rotated file), where its
/// break stands just behind the limit, and where it is a whole document or row; what goes on behind the limit is left.
FileReader::LastLine FileReader::lastLineRule(bool isNewest) const
{
    if (m_splitter.place().inOpenLine || m_splitter.isRestBlank()) return LastLine::None;
    if (stream().input().isPipe() || !isNewest) return LastLine::Taken;
    const std::string behind = stream().input().behindLimit();
    if (!behind.empty()) {
        const bool isBreak = behind.starts_with('\n') || behind == "\r\n";
        const bool isStored = !stream().isCompressed() && !stream().isTranscoded();
        return isBreak && isStored ? LastLine::Taken : LastLine::Left;
    }
    return isRestWhole() ? LastLine::Taken : LastLine::HalfWritten;
}

bool FileReader::isRestWhole() const
{
    if (m_splitter.isSplittingRows()) return m_splitter.isRestWholeRow();
    const ByteView rest = m_splitter.restText();
    return isWholeDocument(m_hasTabs ? rest.substr(rest.rfind('\t') + 1) : rest);
}

FileReader::LastLine FileReader::settleLastLine(bool isNewest)
{
    const LastLine rule = lastLineRule(isNewest);
    if (rule == LastLine::Taken) m_splitter.takeRest();
    return rule;
}

base::Error FileReader::halfLine() const
{
    const std::uint64_t from = m_bytes + m_splitter.bytes();
    return {ErrorCode::SourceHalfLine, {path(), grouped(m_splitter.rest().size()), grouped(from)}, {}};
}

void FileReader::commit()
{
    const std::size_t bytes = m_splitter.bytes();
    if (bytes == 0) return;
    m_hash.update(m_buffer.pending().substr(0, bytes));
    m_bytes += bytes;
    m_splitter.commit();
    m_buffer.release(bytes);
}

FilePlace FileReader::place() const
{
    FilePlace place;
    place.path = path();
    place.id = stream().input().facts().id;
    place.size = stream().input().isPipe() ? 0 : m_limit;
    place.modifiedNs = stream().input().facts().modifiedNs;
    place.bytes = m_bytes;
    place.line = m_splitter.committedPlace().line;
    place.inOpenLine = m_splitter.committedPlace().inOpenLine;
    place.hash = m_hash.digest();
    return place;
}

} // namespace leftfold::source
