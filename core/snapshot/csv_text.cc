// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/csv_text.h"

#include "core/event/json_walker.h"

namespace leftfold::snapshot {

namespace {

using base::Result;

constexpr int kEnd = -1;

bool needsQuotes(base::ByteView bytes)
{
    const auto isBlank = [](char c) { return c == ' ' || c == '\t'; };
    return bytes.empty() || bytes.find_first_of(",\"\r\n") != base::ByteView::npos || isBlank(bytes.front())
           || isBlank(bytes.back());
}

void appendQuoted(std::string& out, base::ByteView bytes)
{
    out += '"';
    for (const char c : bytes) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
}

} // namespace

bool isJsonScalar(base::ByteView field)
{
    return field == "null" || field == "true" || field == "false" || event::isJsonNumber(field);
}

void appendCsvText(std::string& out, base::ByteView text)
{
    isJsonScalar(text) ? appendQuoted(out, text) : appendCsvField(out, text);
}

void appendCsvField(std::string& out, base::ByteView bytes)
{
    if (needsQuotes(bytes))
        appendQuoted(out, bytes);
    else
        out += bytes;
}

/// The next byte; kEnd behind the last.
Result<int> CsvRows::get()
{
    if (m_left.empty() && !m_atEnd) {
        LEFTFOLD_TRY(m_left, m_blocks.next());
        m_atEnd = m_left.empty();
    }
    if (m_atEnd) return kEnd;
    const int byte = static_cast<unsigned char>(m_left.front());
    m_left.remove_prefix(1);
    return byte;
}

/// A field that begins with the byte `first`; `end` is what stands behind it: ',', '\n', '\r' or kEnd.
Result<CsvRows::Outcome> CsvRows::field(int first, CsvField& field, int& end)
{
    const auto isEnd = [](int byte) { return byte == ',' || byte == '\n' || byte == '\r' || byte == kEnd; };
    int byte = first;
    if (byte == '"') {
        field.quoted = true;
        for (;;) {
            LEFTFOLD_TRY(byte, get());
            if (byte == kEnd) return Outcome::OpenQuote;
            if (byte == '"') {
                LEFTFOLD_TRY(byte, get());
                if (byte != '"') break;
            }
            field.text += static_cast<char>(byte);
        }
        end = byte;
        return isEnd(byte) ? Outcome::Row : Outcome::Malformed;
    }
    while (!isEnd(byte)) {
        if (byte == '"') return Outcome::Malformed;
        field.text += static_cast<char>(byte);
        LEFTFOLD_TRY(byte, get());
    }
    end = byte;
    return Outcome::Row;
}

Result<CsvRows::Outcome> CsvRows::next(std::vector<CsvField>& fields)
{
    fields.clear();
    LEFTFOLD_TRY(int byte, get());
    if (byte == kEnd) return Outcome::End;
    for (;;) {
        LEFTFOLD_TRY(const Outcome outcome, field(byte, fields.emplace_back(), byte));
        if (outcome != Outcome::Row) return outcome;
        if (byte == '\r') {
            LEFTFOLD_TRY(byte, get());
            if (byte != '\n') return Outcome::Malformed;
        }
        if (byte != ',') return Outcome::Row;
        LEFTFOLD_TRY(byte, get());
    }
}

} // namespace leftfold::snapshot
