// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/file.h"

#include <string>
#include <vector>

namespace leftfold::snapshot {

// CSV as RFC 4180 has it, in which quotes tell texts from other scalars:
//   17, true, null     numbers, booleans and null of JSON, without quotes
//   "17", "null", ""   texts that could be taken for these, and the empty text
//   Alice              any other text; in quotes where RFC 4180 asks for them or blanks stand at an end
//   (nothing)          no value

/// A field of a row: what stands in it, and whether it was in quotes.
struct CsvField {
    std::string text;
    bool quoted = false;
    [[nodiscard]] bool isAbsent() const { return text.empty() && !quoted; }
};

/// Whether a field without quotes is a number, a boolean or null.
[[nodiscard]] bool isJsonScalar(base::ByteView field);
/// A text that reads back as a text.
void appendCsvText(std::string& out, base::ByteView text);
/// Bytes where the column says what they are, so that quotes mean nothing but that something is there.
void appendCsvField(std::string& out, base::ByteView bytes);

/// Rows of a file, one after the other.
class CsvRows {
public:
    explicit CsvRows(base::FileBlocks blocks) : m_blocks(std::move(blocks)) {}

    enum class Outcome { Row, End, OpenQuote, Malformed };
    /// The next row into `fields`; ends with LF, CRLF or the end of the file.
    [[nodiscard]] base::Result<Outcome> next(std::vector<CsvField>& fields);

private:
    [[nodiscard]] base::Result<int> get();
    [[nodiscard]] base::Result<Outcome> field(int first, CsvField& field, int& end);

    base::FileBlocks m_blocks;
    base::ByteView m_left;
    bool m_atEnd = false;
};

} // namespace leftfold::snapshot
