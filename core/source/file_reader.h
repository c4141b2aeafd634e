// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/encoding.h"
#include "core/source/line_splitter.h"
#include "core/source/source_state.h"

namespace leftfold::source {

/// A number for people: 12,345.
[[nodiscard]] std::string grouped(std::uint64_t number);

/// One file or pipe while its lines are read, with the place one stands at.
class FileReader {
public:
    /// Stands at the start. Without `encoding` the text is UTF-8, or UTF-16 that says so.
    [[nodiscard]] static base::Result<std::unique_ptr<FileReader>> open(RawInput input, std::uint64_t limit,
                                                                        std::optional<Encoding> encoding,
                                                                        std::stop_token stop);
    FileReader(const FileReader&) = delete;
    FileReader& operator=(const FileReader&) = delete;

    /// Reads the bytes before `place` again. Fails with SourceTruncated or SourceRewritten where they are others.
    /// REQUIRES: stands at the start.
    [[nodiscard]] base::Result<void> skipTo(const FilePlace& place, std::stop_token stop);

    /// What stands before what is collected next: at least two lines, or the first one if it begins as JSON does, as
    /// far as there is any; of very long lines the beginning.
    struct Head {
        base::ByteView text;
        bool isAll = false;
    };
    [[nodiscard]] base::Result<Head> head(std::stop_token stop);
    /// The lines have fields with tabs between, of which the last one is the value: it decides whether a line is whole.
    void expectTabs() { m_hasTabs = true; }
    /// Collects the next lines; `lines()` has them. Fails as LineSplitter does, with SourceEncoding for UTF-32, and
    /// with SourceTruncated where the file shrinks meanwhile.
    [[nodiscard]] base::Result<LineSplitter::Stopped> collect(std::stop_token stop);
    /// At the end of the file: does what is right with a last line without a line break (see `LastLine`).
    enum class LastLine { None, Taken, Left, HalfWritten };
    [[nodiscard]] LastLine settleLastLine(bool isNewest);
    /// The problem of a line that is half written.
    [[nodiscard]] base::Error halfLine() const;
    /// What was collected counts: the place moves behind it. Views stay valid while `storage()`, taken before, is held.
    void commit();

    [[nodiscard]] LineSplitter& splitter() { return m_splitter; }
    [[nodiscard]] const LineSplitter& splitter() const { return m_splitter; }
    [[nodiscard]] std::shared_ptr<const void> storage() const { return m_buffer.storage(); }
    [[nodiscard]] const ByteStream& stream() const { return m_buffer.stream(); }
    [[nodiscard]] const std::string& path() const { return stream().input().path(); }
    /// Where one stands, behind what was committed.
    [[nodiscard]] FilePlace place() const;
    /// Whether there was more behind the limit when somebody looked last.
    [[nodiscard]] bool hasGrown() const { return !stream().input().behindLimit().empty(); }

private:
    FileReader(std::unique_ptr<ByteStream> stream, std::uint64_t limit);
    [[nodiscard]] base::Result<void> hashUpTo(std::uint64_t bytes, const std::stop_token& stop);
    [[nodiscard]] base::Result<void> checkEncoding();
    [[nodiscard]] base::Result<void> checkSize() const;
    [[nodiscard]] LastLine lastLineRule(bool isNewest) const;
    [[nodiscard]] bool isRestWhole() const;

    std::uint64_t m_limit;
    BlockBuffer m_buffer;
    LineSplitter m_splitter;
    base::StreamHash m_hash;
    std::uint64_t m_bytes = 0;
    bool m_encodingChecked = false;
    bool m_hasTabs = false;
};

} // namespace leftfold::source
