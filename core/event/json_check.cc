// SPDX-License-Identifier: GPL-3.0-or-later
// Says exactly where and why a document is not JSON. Only documents that failed come here.
#include "core/event/json_walker.h"

#include "core/base/ascii.h"

#include <vector>

namespace leftfold::event {
namespace {

constexpr std::size_t kLongestQuotedWord = 20;

bool isWordByte(char c)
{
    return base::isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '+' || c == '-'
           || c == '.' || static_cast<unsigned char>(c) >= 0x80;
}

/// How many bytes the UTF-8 sequence at the start of `bytes` has; 0 where it is none.
std::size_t utf8Length(base::ByteView bytes)
{
    const auto byte = [&](std::size_t i) { return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U; };
    const auto continues = [&](std::size_t i) { return (byte(i) & 0xc0) == 0x80; };
    const unsigned first = byte(0);
    if (first < 0x80) return 1;
    if (first >= 0xc2 && first < 0xe0) return continues(1) ? 2 : 0;
    if ((first & 0xf0) == 0xe0) {
        const bool overlong = first == 0xe0 && byte(1) < 0xa0;
        const bool surrogate = first == 0xed && byte(1) >= 0xa0;
        return continues(1) && continues(2) && !overlong && !surrogate ? 3 : 0;
    }
    if (first >= 0xf0 && first < 0xf5) {
        const bool overlong = first == 0xf0 && byte(1) < 0x90;
        const bool beyond = first == 0xf4 && byte(1) >= 0x90;
        return continues(1) && continues(2) && continues(3) && !overlong && !beyond ? 4 : 0;
    }
    return 0;
}

std::string quoted(base::ByteView text)
{
    std::string out = "'";
    out += text;
    out += '\'';
    return out;
}

class Checker {
public:
    explicit Checker(base::ByteView json) : m_json(json) {}

    base::Result<void> run()
    {
        if (document()) return {};
        return base::fail(base::ErrorCode::NotJson, std::to_string(m_faultAt), m_fault);
    }

private:
    struct Open {
        char bracket;
        std::size_t at;
    };

    bool fault(std::size_t at, std::string reason)
    {
        m_faultAt = at;
        m_fault = std::move(reason);
        return false;
    }

    [[nodiscard]] bool atEnd() const { return m_at == m_json.size(); }
    [[nodiscard]] char peek() const { return atEnd() ? '\0' : m_json[m_at]; }

    void skipBlanks()
    {
        while (!atEnd() && base::ByteView(" \n\r\t").find(peek()) != base::ByteView::npos) ++m_at;
    }

    /// The UTF-8 sequence at m_at; empty where it is none.
    [[nodiscard]] base::ByteView character() const { return m_json.substr(m_at, utf8Length(m_json.substr(m_at))); }

    /// The character at m_at as a message shows it.
    [[nodiscard]] std::string shown() const
    {
        const auto byte = static_cast<unsigned char>(peek());
        if (byte < 0x20 || byte == 0x7f) return "a control character";
        return quoted(character());
    }

    bool document()
    {
        if (m_json.starts_with("\xef\xbb\xbf")) return fault(0, "byte order mark");
        skipBlanks();
        if (atEnd()) return fault(0, "empty");
        if (!value()) return false;
        while (!m_open.empty()) {
            if (!next()) return false;
        }
        skipBlanks();
        return atEnd() || fault(m_at, "something follows the document");
    }

    /// One step inside the innermost object or array: its end, or its next member or item.
    bool next()
    {
        const Open innermost = m_open.back();
        const bool isObject = innermost.bracket == '{';
        skipBlanks();
        if (atEnd()) return unclosed();
        if (peek() == (isObject ? '}' : ']')) {
            ++m_at;
            m_open.pop_back();
            m_first = false;
            return true;
        }
        if (!m_first && !comma(isObject)) return false;
        m_first = false;
        return isObject ? member() : value();
    }

    bool unclosed()
    {
        return fault(m_open.back().at, m_open.back().bracket == '{' ? "unclosed object" : "unclosed array");
    }

    bool comma(bool isObject)
    {
        if (peek() == '}' || peek() == ']') return wrongBracket();
        if (peek() != ',') return fault(m_at, "missing comma: found " + foundHere());
        const std::size_t at = m_at++;
        skipBlanks();
        if (atEnd()) return unclosed();
        return peek() != (isObject ? '}' : ']') || fault(at, "trailing comma");
    }

    bool wrongBracket()
    {
        return fault(m_at, m_open.back().bracket == '{' ? "an object closed by ']'" : "an array closed by '}'");
    }

    std::string foundHere() { return goodCharacter() ? shown() : m_fault; }

    /// A character outside of texts must be UTF-8 as well.
    bool goodCharacter() { return utf8Length(m_json.substr(m_at)) > 0 || fault(m_at, "invalid UTF-8"); }

    bool member()
    {
        if (!goodCharacter()) return false;
        if (peek() == ']') return wrongBracket();
        if (peek() != '"') return fault(m_at, "a member's name must be a text: found " + shown());
        if (!text()) return false;
        skipBlanks();
        if (atEnd()) return unclosed();
        if (!goodCharacter()) return false;
        if (peek() != ':') return fault(m_at, "missing colon: found " + shown());
        ++m_at;
        skipBlanks();
        return !atEnd() ? value() : unclosed();
    }

    bool value()
    {
        const char c = peek();
        if (c == '{' || c == '[') {
            m_open.push_back({c, m_at++});
            m_first = true;
            return true;
        }
        if (c == '"') return text();
        if (c == '-' || base::isDigit(c)) return number();
        if (!goodCharacter()) return false;
        return isWordByte(c) ? literal() : fault(m_at, "a value is missing: found " + shown());
    }

    bool text()
    {
        const std::size_t start = m_at++;
        while (!atEnd()) {
            const char c = peek();
            if (c == '"') {
                ++m_at;
                return true;
            }
            if (static_cast<unsigned char>(c) < 0x20) return fault(m_at, "control character in a text");
            if (c == '\\' ? !skipEscape(start) : !skipCharacter()) return false;
        }
        return fault(start, "unclosed text");
    }

    bool skipCharacter()
    {
        if (!goodCharacter()) return false;
        m_at += character().size();
        return true;
    }

    bool skipEscape(std::size_t textStart)
    {
        const std::size_t start = m_at++;
        if (atEnd()) return fault(textStart, "unclosed text");
        if (!goodCharacter()) return false;
        const bool isUnit = peek() == 'u';
        const std::size_t length = isUnit ? 6 : 2;
        if (hasGoodEscapes(m_json.substr(start, length))) {
            m_at = start + length;
            return true;
        }
        if (isUnit) return fault(start, "the escape \\u needs four hexadecimal digits");
        if (static_cast<unsigned char>(peek()) < 0x20) return fault(m_at, "control character in a text");
        return fault(start, "unknown escape " + quoted(m_json.substr(start, 1 + character().size())));
    }

    bool skipDigits()
    {
        const std::size_t start = m_at;
        while (base::isDigit(peek())) ++m_at;
        return m_at != start;
    }

    bool number()
    {
        const std::size_t start = m_at;
        if (peek() == '-') ++m_at;
        if (peek() == '0' && m_at + 1 < m_json.size() && base::isDigit(m_json[m_at + 1])) {
            return fault(start, "number with a leading zero");
        }
        if (!skipDigits()) return fault(start, "number without digits");
        if (peek() == '.' && (++m_at, !skipDigits())) return fault(start, "number without digits behind its point");
        if ((peek() == 'e' || peek() == 'E') && !exponent())
            return fault(start, "number without digits in its exponent");
        if (atEnd() || (!isWordByte(peek()) && peek() != '"')) return true;
        return goodCharacter() && fault(m_at, "a number followed by " + shown());
    }

    bool exponent()
    {
        ++m_at;
        if (peek() == '+' || peek() == '-') ++m_at;
        return skipDigits();
    }

    bool literal()
    {
        const std::size_t start = m_at;
        while (!atEnd() && isWordByte(peek())) {
            if (!skipCharacter()) return false;
        }
        const base::ByteView word = m_json.substr(start, m_at - start);
        if (word == "true" || word == "false" || word == "null") return true;
        if (word.size() <= kLongestQuotedWord) return fault(start, "unknown literal " + quoted(word));
        return fault(start, "unknown literal");
    }

    base::ByteView m_json;
    std::size_t m_at = 0;
    std::vector<Open> m_open;
    bool m_first = false;
    std::size_t m_faultAt = 0;
    std::string m_fault;
};

} // namespace

base::Result<void> checkJson(base::ByteView json)
{
    return Checker(json).run();
}

} // namespace leftfold::event
