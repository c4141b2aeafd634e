// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/path_pattern.h"

#include <algorithm>

namespace leftfold::event {
namespace {

using base::ErrorCode;
using base::Result;
using Token = PathPattern::Token;
using Tokens = std::span<const Token>;
using Path = std::span<const std::string>;

Result<std::string> unescaped(std::string_view token, std::string_view whole)
{
    constexpr std::string_view kMeant = "~/*";
    std::string out;
    for (std::size_t i = 0; i < token.size(); ++i) {
        if (token[i] != '~') {
            out += token[i];
            continue;
        }
        const char code = ++i < token.size() ? token[i] : '\0';
        if (code < '0' || code > '2')
            return base::fail(ErrorCode::BadPointer, whole, "'~' is not followed by 0, 1 or 2");
        out += kMeant[static_cast<std::size_t>(code - '0')];
    }
    return out;
}

bool isAnyNumber(const Token& token)
{
    return token.kind == Token::Kind::AnyNumber;
}

/// REQUIRES: no AnyNumber among the tokens, and as many as the path has.
bool eachMatches(Tokens tokens, Path path)
{
    return std::ranges::equal(tokens, path, [](const Token& token, const std::string& step) {
        return token.kind == Token::Kind::AnyOne || token.text == step;
    });
}

/// Walks what a pattern leads to: values wait with the tokens that are still to go.
class Walk {
public:
    Walk(Tokens tokens, const std::function<bool(Value)>& isWanted) : m_tokens(tokens), m_isWanted(isWanted) {}

    bool any(Value root)
    {
        m_todo.push_back({root, 0});
        while (!m_todo.empty()) {
            const Todo next = m_todo.back();
            m_todo.pop_back();
            if (look(next)) return true;
        }
        return false;
    }

private:
    struct Todo {
        Value value;
        std::size_t token;
    };

    bool look(Todo at)
    {
        if (at.token == m_tokens.size()) return m_isWanted(at.value);
        const Token& token = m_tokens[at.token];
        switch (token.kind) {
        case Token::Kind::Exact:
            exact(at.value, token.text, at.token + 1);
            break;
        case Token::Kind::AnyOne:
            children(at.value, at.token + 1);
            break;
        case Token::Kind::AnyNumber:
            children(at.value, at.token);
            m_todo.push_back({at.value, at.token + 1});
            break;
        }
        return false;
    }

    void exact(Value value, const std::string& text, std::size_t next)
    {
        std::optional<Value> found = value.find(base::ByteView(text));
        if (const auto index = arrayIndex(text); index && value.kind() == Kind::Array) found = value.at(*index);
        if (found) m_todo.push_back({*found, next});
    }

    void children(Value value, std::size_t next)
    {
        for (const Value item : value.items()) m_todo.push_back({item, next});
        for (const Member& member : value.members()) {
            if (!member.shadowed) m_todo.push_back({member.value, next});
        }
    }

    Tokens m_tokens;
    const std::function<bool(Value)>& m_isWanted;
    std::vector<Todo> m_todo;
};

} // namespace

Result<PathPattern> parsePathPattern(std::string_view text)
{
    PathPattern pattern;
    if (text.empty()) return pattern;
    if (text.front() != '/') return base::fail(ErrorCode::BadPointer, text, "it does not begin with '/'");
    std::string_view left = text;
    while (!left.empty()) {
        left.remove_prefix(1);
        const std::size_t end = std::min(left.find('/'), left.size());
        const std::string_view token = left.substr(0, end);
        left.remove_prefix(end);
        if (token == "*") {
            pattern.tokens.push_back({Token::Kind::AnyOne, {}});
        } else if (token == "**") {
            pattern.tokens.push_back({Token::Kind::AnyNumber, {}});
        } else {
            LEFTFOLD_TRY(std::string exact, unescaped(token, text));
            pattern.tokens.push_back({Token::Kind::Exact, std::move(exact)});
        }
    }
    if (std::ranges::count_if(pattern.tokens, isAnyNumber) > 1)
        return base::fail(ErrorCode::BadPointer, text, "'**' stands in it more than once");
    return pattern;
}

std::string toText(const PathPattern& pattern)
{
    std::string out;
    for (const Token& token : pattern.tokens) {
        if (token.kind == Token::Kind::AnyOne) {
            out += "/*";
        } else if (token.kind == Token::Kind::AnyNumber) {
            out += "/**";
        } else if (token.text == "*" || token.text == "**") {
            out += token.text == "*" ? "/~2" : "/~2~2";
        } else {
            appendToken(out, token.text);
        }
    }
    return out;
}

bool matches(const PathPattern& pattern, Path path)
{
    const Tokens tokens(pattern.tokens);
    const auto gap = std::ranges::find_if(tokens, isAnyNumber);
    if (gap == tokens.end()) return tokens.size() == path.size() && eachMatches(tokens, path);
    const auto before = static_cast<std::size_t>(gap - tokens.begin());
    const std::size_t behind = tokens.size() - before - 1;
    return path.size() >= before + behind && eachMatches(tokens.first(before), path.first(before))
           && eachMatches(tokens.last(behind), path.last(behind));
}

bool anyAt(Value root, const PathPattern& pattern, const std::function<bool(Value)>& isWanted)
{
    return Walk(pattern.tokens, isWanted).any(root);
}

} // namespace leftfold::event
