// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/base/error.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <span>
#include <string>

namespace leftfold::event {

/// What walks JSON documents keeps between them: simdjson's stage 1 (chosen for the processor at run time),
/// the index it fills, and the stack of open objects and arrays. Use one per thread, again and again; it grows
/// with its documents, up to 4 GiB each, and shrinks again after exceptional ones.
class JsonReader {
public:
    JsonReader();
    ~JsonReader();
    JsonReader(JsonReader&&) noexcept;
    JsonReader& operator=(JsonReader&&) noexcept;

    /// Says that the documents walked next stand in `lines`, one a line, in their order: they are indexed together, which
    /// is cheaper for small ones and changes no answer. `lines` must live as long as they are walked.
    /// REQUIRES: base::kReadablePadding readable bytes behind `lines`; nothing but documents and line breaks in it.
    void expectLines(base::ByteView lines);
    /// False where the document has no backslash.
    [[nodiscard]] bool mayHaveEscapes(base::ByteView json) const
    {
        return isExpected(json) ? m_linesHaveEscapes
                                : !json.empty() && std::memchr(json.data(), '\\', json.size()) != nullptr;
    }

private:
    template <class Handler>
    friend class JsonWalk;
    /// Where each token of a document begins (a text by its quote), counted from `from`, and behind the last one a place
    /// with nothing but blanks before it. Empty where there is no token, a text is not closed or holds a control
    /// character, or bytes are no UTF-8.
    struct Index {
        const char* from = nullptr;
        std::span<const std::uint32_t> places;
    };
    /// Valid until the next call.
    [[nodiscard]] Index index(base::ByteView json);
    [[nodiscard]] std::span<const std::uint32_t> indexAlone(base::ByteView json);
    [[nodiscard]] std::span<const std::uint32_t> indexExpected(base::ByteView json);

    [[nodiscard]] bool isExpected(base::ByteView json) const
    {
        return !m_lines.empty() && std::less_equal<>()(m_lines.data(), json.data())
               && std::less_equal<>()(json.data() + json.size(), m_lines.data() + m_lines.size());
    }

    struct Indexer;
    std::unique_ptr<Indexer> m_indexer;
    base::ByteView m_lines; ///< what is expected; empty: nothing
    std::span<const std::uint32_t> m_linePlaces; ///< of its tokens, and its size
    std::size_t m_lineToken = 0; ///< the first token not walked yet
    bool m_linesHaveEscapes = true;
    std::string m_open; ///< '{' and '[' of what is open, outermost first
};

/// Reads one JSON document (RFC 8259) in one pass and tells `handler` what comes, in order:
///   beginObject() key(base::ByteView raw) endObject() beginArray() endArray()
///   text(base::ByteView raw) number(base::ByteView digits) boolean(bool) null()
/// `raw` is what stands between the quotes, still escaped; views point into `json`. Nesting of any depth, numbers
/// of any size and length, duplicate members and lone surrogates in escapes are fine. Anything else that the
/// standard forbids fails with NotJson (byte offset, reason), a byte order mark too; the handler has then seen
/// a part of the document.
/// REQUIRES: base::kReadablePadding readable bytes behind `json`.
template <class Handler>
[[nodiscard]] base::Result<void> walk(JsonReader& reader, base::ByteView json, Handler& handler);

/// Whether `raw` must be unescaped to be its text.
[[nodiscard]] inline bool hasEscapes(base::ByteView raw)
{
    return !raw.empty() && std::memchr(raw.data(), '\\', raw.size()) != nullptr;
}

/// Appends the text of `raw` in UTF-8. A surrogate without its other half, which UTF-8 cannot say, is written the
/// same way as other code points are, in three bytes (WTF-8), so that nothing is lost.
/// REQUIRES: `raw` comes from `walk`.
void unescape(base::ByteView raw, std::string& out);

/// Appends `text` as a JSON string with its quotes: escaped are '"', '\', control characters, and the surrogates
/// that `unescape` kept (as \udxxx). Other bytes stay as they are, so the result is JSON where `text` is WTF-8.
void escape(std::string& out, base::ByteView text);

/// Whether the document holds what `walk` accepts, found byte by byte: the slow, exact half of `walk`, which asks
/// it where and why a document failed.
[[nodiscard]] base::Result<void> checkJson(base::ByteView json);

/// Whether `digits` is one JSON number and nothing else.
[[nodiscard]] inline bool isJsonNumber(base::ByteView digits)
{
    const char* at = digits.data();
    const char* const end = at + digits.size();
    const auto skipDigits = [&] {
        const char* const start = at;
        while (at != end && *at >= '0' && *at <= '9') ++at;
        return at != start;
    };
    if (at != end && *at == '-') ++at;
    if (at != end && *at == '0') {
        ++at;
    } else if (!skipDigits()) {
        return false;
    }
    if (at != end && *at == '.' && (++at, !skipDigits())) return false;
    if (at != end && (*at == 'e' || *at == 'E')) {
        ++at;
        if (at != end && (*at == '+' || *at == '-')) ++at;
        if (!skipDigits()) return false;
    }
    return at == end;
}

/// Whether every backslash in `raw` begins an escape that JSON knows.
[[nodiscard]] bool hasGoodEscapes(base::ByteView raw);

/// One walk over one document, from token to token.
template <class Handler>
class JsonWalk {
public:
    JsonWalk(JsonReader& reader, base::ByteView json, Handler& handler)
        : m_end(json.data() + json.size()),
          m_open(reader.m_open),
          m_handler(handler)
    {
        const auto [from, places] = reader.index(json);
        m_json = from;
        m_next = places.data();
        m_last = places.data() + (places.empty() ? 0 : places.size() - 1);
        m_open.clear();
        m_backslash = reader.mayHaveEscapes(json) ? backslashFrom(json.data()) : m_end;
    }

    /// False where the document is not JSON.
    [[nodiscard]] bool run()
    {
        if (!endsAsItBegins() || value() == Step::Failed) return false;
        while (!m_open.empty()) {
            const bool isObject = m_open.back() == '{';
            const Step step = isObject ? children<'{', '}'>() : children<'[', ']'>();
            if (step == Step::Failed) return false;
        }
        return m_next == m_last;
    }

private:
    enum class Step { Failed, Done, Opened };

    /// What begins with a bracket must end with its other half. This is why only `close` looks for the last token:
    /// a closing bracket is read as nothing else, so that reading on from any other token finds one more.
    [[nodiscard]] bool endsAsItBegins() const
    {
        if (m_next == m_last) return false;
        const char last = m_json[m_last[-1]];
        return (peek() != '{' || last == '}') && (peek() != '[' || last == ']');
    }

    /// The first byte of the next token. REQUIRES: there is one.
    [[nodiscard]] char peek() const { return m_json[*m_next]; }

    /// The next token, without the blanks behind it.
    base::ByteView token()
    {
        const char* const start = m_json + *m_next++;
        const char* end = m_json + *m_next;
        while (static_cast<unsigned char>(end[-1]) <= ' ' && isBlank(end[-1])) --end;
        return {start, static_cast<std::size_t>(end - start)};
    }

    static bool isBlank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

    [[nodiscard]] const char* backslashFrom(const char* from) const
    {
        if (from == m_end) return m_end;
        const void* found = std::memchr(from, '\\', static_cast<std::size_t>(m_end - from));
        return found == nullptr ? m_end : static_cast<const char*>(found);
    }

    /// Reads on in the innermost object or array: until it ends (Done) or another begins inside it (Opened).
    template <char Begin, char End>
    Step children()
    {
        if (!m_begun) {
            m_begun = true;
            if (peek() == End) return close<Begin>();
        } else {
            if (peek() == End) return close<Begin>();
            if (peek() != ',') return Step::Failed;
            ++m_next;
        }
        while (true) {
            const Step step = Begin == '{' ? member() : value();
            if (step != Step::Done) return step;
            if (peek() != ',') return peek() == End ? close<Begin>() : Step::Failed;
            ++m_next;
        }
    }

    Step member()
    {
        base::ByteView raw;
        if (peek() != '"' || !string(raw)) return Step::Failed;
        m_handler.key(raw);
        if (peek() != ':') return Step::Failed;
        ++m_next;
        return value();
    }

    [[gnu::always_inline]] Step value()
    {
        const char c = peek();
        if (c == '"') {
            base::ByteView raw;
            if (!string(raw)) return Step::Failed;
            m_handler.text(raw);
            return Step::Done;
        }
        if (c == '-' || (c >= '0' && c <= '9')) {
            const base::ByteView digits = token();
            if (!isJsonNumber(digits)) return Step::Failed;
            m_handler.number(digits);
            return Step::Done;
        }
        return c == '{' || c == '[' ? open(c) : literal(c);
    }

    [[gnu::always_inline]] bool string(base::ByteView& raw)
    {
        const base::ByteView quoted = token();
        if (quoted.size() < 2 || quoted.back() != '"') return false;
        raw = quoted.substr(1, quoted.size() - 2);
        const char* const end = quoted.data() + quoted.size();
        return m_backslash >= end || checkEscapes(raw, end);
    }

    [[gnu::noinline]] bool checkEscapes(base::ByteView raw, const char* end)
    {
        m_backslash = backslashFrom(end);
        return hasGoodEscapes(raw);
    }

    Step literal(char first)
    {
        const base::ByteView word = token();
        if (first == 't' && word == "true") {
            m_handler.boolean(true);
        } else if (first == 'f' && word == "false") {
            m_handler.boolean(false);
        } else if (first == 'n' && word == "null") {
            m_handler.null();
        } else {
            return Step::Failed;
        }
        return Step::Done;
    }

    Step open(char bracket)
    {
        ++m_next;
        m_open.push_back(bracket);
        m_begun = false;
        bracket == '{' ? m_handler.beginObject() : m_handler.beginArray();
        return Step::Opened;
    }

    template <char Begin>
    Step close()
    {
        ++m_next;
        m_open.pop_back();
        Begin == '{' ? m_handler.endObject() : m_handler.endArray();
        return m_next != m_last || m_open.empty() ? Step::Done : Step::Failed;
    }

    const char* m_json; ///< what places are counted from
    const char* m_end; ///< of the document
    const std::uint32_t* m_next; ///< the token to read
    const std::uint32_t* m_last; ///< behind the last token; points to where that ends at the latest
    const char* m_backslash; ///< the first one not yet read: texts before it have no escapes
    std::string& m_open;
    Handler& m_handler;
    bool m_begun = false; ///< something was read in the innermost object or array
};

template <class Handler>
base::Result<void> walk(JsonReader& reader, base::ByteView json, Handler& handler)
{
    if (JsonWalk<Handler>(reader, json, handler).run()) return {};
    LEFTFOLD_CHECK(checkJson(json));
    return base::fail(base::ErrorCode::NotJson, "0", "too long to be read at once");
}

} // namespace leftfold::event
