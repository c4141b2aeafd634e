// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/condition_parts.h"
#include "core/event/json_walker.h"

#include <algorithm>
#include <array>

namespace leftfold::event {

using base::Result;

namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kPathEnds = " \t\r\n()=!<>\"'";
constexpr std::string_view kWordEnds = " \t\r\n()=!<>\"'";
constexpr std::size_t kMaxDepth = 256;

bool equalsIgnoringCase(std::string_view word, std::string_view keyword)
{
    return std::ranges::equal(word, keyword,
                              [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

bool isKeyword(std::string_view word)
{
    constexpr std::array<std::string_view, 5> kKeywords = {"and", "or", "not", "exists", "contains"};
    return std::ranges::any_of(kKeywords, [&](std::string_view each) { return equalsIgnoringCase(word, each); });
}

} // namespace

/// Reads a condition from left to right. What is nested is read by recursion, to a bounded depth.
class ConditionParser {
public:
    explicit ConditionParser(std::string_view text) : m_text(text) {}

    Result<Condition> run()
    {
        LEFTFOLD_TRY(const std::size_t whole, disjunction());
        LEFTFOLD_INVARIANT(whole + 1 == m_parts.nodes.size());
        skipBlanks();
        if (m_at != m_text.size()) return failHere("'and', 'or' or the end");
        m_parts.text = m_text;
        Condition condition;
        condition.m_parts = std::make_shared<const Parts>(std::move(m_parts));
        return condition;
    }

private:
    using Parts = Condition::Parts;
    using Place = std::size_t; ///< of a node
    using Operator = Parts::Operator;

    [[nodiscard]] tl::unexpected<base::Error> failAt(std::size_t byte, std::string_view expected) const
    {
        const auto column =
            1 + std::ranges::count_if(m_text.substr(0, byte), [](char c) { return (c & 0xc0) != 0x80; });
        return base::fail(base::ErrorCode::BadCondition, m_text, std::to_string(column), expected);
    }
    [[nodiscard]] tl::unexpected<base::Error> failHere(std::string_view expected)
    {
        skipBlanks();
        return failAt(m_at, expected);
    }

    void skipBlanks() { m_at = std::min(m_text.find_first_not_of(kBlanks, m_at), m_text.size()); }
    [[nodiscard]] char next()
    {
        skipBlanks();
        return m_at < m_text.size() ? m_text[m_at] : '\0';
    }
    /// What stands here up to one of `ends`.
    [[nodiscard]] std::string_view ahead(std::string_view ends)
    {
        skipBlanks();
        return m_text.substr(m_at, std::min(m_text.find_first_of(ends, m_at), m_text.size()) - m_at);
    }
    bool takeWord(std::string_view keyword)
    {
        const std::string_view word = ahead(kWordEnds);
        if (!equalsIgnoringCase(word, keyword)) return false;
        m_at += word.size();
        return true;
    }
    Place put(Parts::Node node)
    {
        m_parts.nodes.push_back(std::move(node));
        return m_parts.nodes.size() - 1;
    }

    Result<Place> disjunction()
    {
        Parts::Any any;
        do {
            LEFTFOLD_TRY(const Place operand, conjunction());
            any.operands.push_back(operand);
        } while (takeWord("or"));
        return any.operands.size() == 1 ? any.operands.front() : put(std::move(any));
    }

    Result<Place> conjunction()
    {
        Parts::All all;
        do {
            LEFTFOLD_TRY(const Place operand, negation());
            all.operands.push_back(operand);
        } while (takeWord("and"));
        return all.operands.size() == 1 ? all.operands.front() : put(std::move(all));
    }

    Result<Place> negation()
    {
        if (m_depth == kMaxDepth) return failHere("less nesting: 256 levels are the most");
        ++m_depth;
        auto place = takeWord("not") ? negated() : primary();
        --m_depth;
        return place;
    }

    Result<Place> negated()
    {
        LEFTFOLD_TRY(const Place operand, negation());
        return put(Parts::Not{operand});
    }

    Result<Place> primary()
    {
        if (next() != '(') return comparison();
        ++m_at;
        LEFTFOLD_TRY(const Place inner, disjunction());
        if (next() != ')') return failHere("'and', 'or' or ')'");
        ++m_at;
        return inner;
    }

    Result<Place> comparison()
    {
        LEFTFOLD_TRY(PathPattern where, path());
        if (takeWord("exists")) return put(Parts::Exists{std::move(where)});
        LEFTFOLD_TRY(const Operator compared, operation());
        Parts::Compare node{std::move(where), compared, Document()};
        if (next() == '/') {
            LEFTFOLD_TRY(node.value, path());
        } else {
            LEFTFOLD_TRY(node.value, value());
        }
        return put(std::move(node));
    }

    Result<PathPattern> path()
    {
        constexpr std::string_view kExpected = "a path (as /total), 'not' or '('";
        const std::size_t start = (skipBlanks(), m_at);
        std::string text;
        if (next() == '"' || next() == '\'') {
            LEFTFOLD_TRY(text, quoted());
        } else if (next() == '/') {
            text = ahead(kPathEnds);
            m_at += text.size();
        } else {
            return failHere(kExpected);
        }
        auto pattern = parsePathPattern(text);
        if (!pattern) return failAt(start, "a path (" + base::render(pattern.error()) + ")");
        return pattern;
    }

    Result<Operator> operation()
    {
        constexpr std::array<std::pair<std::string_view, Operator>, 6> kOperators = {{{"<=", Operator::LessOrEqual},
                                                                                      {">=", Operator::GreaterOrEqual},
                                                                                      {"!=", Operator::NotEqual},
                                                                                      {"=", Operator::Equal},
                                                                                      {"<", Operator::Less},
                                                                                      {">", Operator::Greater}}};
        if (takeWord("contains")) return Operator::Contains;
        skipBlanks();
        for (const auto& [sign, comparison] : kOperators) {
            if (!m_text.substr(m_at).starts_with(sign)) continue;
            m_at += sign.size();
            return comparison;
        }
        return failHere("=, !=, <, <=, >, >=, 'contains' or 'exists'");
    }

    Result<Document> value()
    {
        DocumentBuilder out;
        if (next() == '"' || next() == '\'') {
            LEFTFOLD_TRY(const std::string text, quoted());
            out.text(text);
            return out.finish();
        }
        const std::string_view word = ahead(kWordEnds);
        if (word.empty() || isKeyword(word))
            return failHere("a value (a number, a word, a \"text\", true, false, null or a path)");
        m_at += word.size();
        if (word == "true" || word == "false") {
            out.boolean(word == "true");
        } else if (word == "null") {
            out.null();
        } else if (isJsonNumber(word)) {
            out.number(word);
        } else {
            out.text(word);
        }
        return out.finish();
    }

    /// "..." with the escapes of JSON, or '...' as it stands.
    Result<std::string> quoted()
    {
        const char quote = next();
        const std::size_t start = m_at + 1;
        std::size_t end = start;
        while (end < m_text.size() && m_text[end] != quote) end += quote == '"' && m_text[end] == '\\' ? 2 : 1;
        if (end >= m_text.size()) return failAt(m_text.size(), quote == '"' ? "a closing \"" : "a closing '");
        const std::string_view raw = m_text.substr(start, end - start);
        m_at = end + 1;
        if (quote == '\'') return std::string(raw);
        const auto text = Document::parse(m_text.substr(start - 1, end + 2 - start));
        if (!text) return failAt(start, "a text as JSON writes it");
        return std::string(text->root().text());
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::size_t m_depth = 0;
    Parts m_parts;
};

Result<Condition> Condition::parse(std::string_view text)
{
    return ConditionParser(text).run();
}

} // namespace leftfold::event
