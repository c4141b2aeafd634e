// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/breakpoint.h"

#include "core/event/document.h"

#include <charconv>

namespace leftfold::replay {

namespace {

using base::Result;

constexpr std::string_view kBlanks = " \t\r\n";

class Parser {
public:
    explicit Parser(std::string_view text) : m_text(text) {}

    Result<Breakpoint> run()
    {
        m_out.text = m_text;
        while (m_at = std::min(m_text.find_first_not_of(kBlanks, m_at), m_text.size()), m_at < m_text.size()) {
            LEFTFOLD_TRY(const std::string clause, word("a clause"));
            LEFTFOLD_CHECK(take(clause));
        }
        const bool isAnything = m_out.type || m_out.aggregate || m_out.at || m_out.where || m_out.needsState();
        if (!isAnything) return refuse("it says nothing of the events it stops at");
        return std::move(m_out);
    }

private:
    [[nodiscard]] tl::unexpected<base::Error> refuse(const std::string& why) const
    {
        return base::fail(base::ErrorCode::BadArgument, "'" + std::string(m_text) + "' is no breakpoint: " + why);
    }

    Result<void> take(const std::string& clause)
    {
        if (clause == "fails") {
            m_out.fails = true;
        } else if (clause == "log") {
            m_out.isLog = true;
        } else if (clause == "type") {
            LEFTFOLD_TRY(m_out.type, word("a type behind 'type'"));
        } else if (clause == "of") {
            LEFTFOLD_TRY(m_out.aggregate, word("an aggregate id behind 'of'"));
        } else if (clause == "at") {
            LEFTFOLD_TRY(const std::string when, word("a moment behind 'at'"));
            LEFTFOLD_TRY(m_out.at, event::parseWhen(when));
        } else if (clause == "changes") {
            LEFTFOLD_TRY(const std::string path, word("a path behind 'changes'"));
            LEFTFOLD_TRY(m_out.changes, event::parsePointer(path));
        } else if (clause == "hit") {
            LEFTFOLD_TRY(m_out.hit, number());
        } else if (clause == "where") {
            LEFTFOLD_TRY(m_out.where, condition());
        } else if (clause == "becomes") {
            LEFTFOLD_TRY(m_out.becomes, condition());
        } else if (clause == "when") {
            LEFTFOLD_TRY(m_out.when, condition());
        } else if (clause == fold::kFunctionMark) {
            LEFTFOLD_TRY(m_out.js, question());
        } else {
            return refuse("'" + clause
                          + "' is none of type, of, at, changes, fails, hit, log, where, becomes, when and js:");
        }
        return {};
    }

    /// The next one, or what stands in quotes.
    Result<std::string> word(const char* what)
    {
        m_at = std::min(m_text.find_first_not_of(kBlanks, m_at), m_text.size());
        if (m_at == m_text.size()) return refuse(std::string("there should stand ") + what);
        if (m_text[m_at] == '"') return quoted();
        const std::size_t end = std::min(m_text.find_first_of(kBlanks, m_at), m_text.size());
        const std::string_view found = m_text.substr(m_at, end - m_at);
        m_at = end;
        return std::string(found);
    }
    Result<std::string> quoted()
    {
        std::size_t end = m_at + 1;
        while (end < m_text.size() && m_text[end] != '"') end += m_text[end] == '\\' ? 2 : 1;
        if (end >= m_text.size()) return refuse("a quotation mark has no end");
        const auto text = event::Document::parse(m_text.substr(m_at, end + 1 - m_at));
        if (!text) return tl::unexpected(text.error());
        m_at = end + 1;
        return std::string(text->root().text());
    }
    Result<std::uint64_t> number()
    {
        LEFTFOLD_TRY(const std::string digits, word("a number behind 'hit'"));
        std::uint64_t value = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (error != std::errc() || end != digits.data() + digits.size() || value == 0)
            return refuse("behind 'hit' stands '" + digits + "' instead of a number from 1 on");
        return value;
    }
    /// The rest.
    Result<event::Condition> condition()
    {
        const std::string_view rest = m_text.substr(m_at);
        m_at = m_text.size();
        return event::Condition::parse(rest);
    }

    Result<std::shared_ptr<const fold::ScriptQuestion>> question()
    {
        const std::string_view rest = m_text.substr(std::min(m_text.find_first_not_of(kBlanks, m_at), m_text.size()));
        m_at = m_text.size();
        return fold::ScriptQuestion::parse(std::string(rest), fold::ScriptQuestion::Kind::Change);
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    Breakpoint m_out;
};

} // namespace

Result<Breakpoint> parseBreakpoint(std::string_view text)
{
    return Parser(text).run();
}

std::string breakpointWord(std::string_view word)
{
    const bool isPlain = !word.empty() && word.find_first_of(" \t\r\n\"\\") == std::string_view::npos;
    if (isPlain) return std::string(word);
    event::DocumentBuilder quoted;
    quoted.text(word);
    return toJson(quoted.finish().root());
}

} // namespace leftfold::replay
