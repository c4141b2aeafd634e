// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/pointer.h"

#include <algorithm>
#include <charconv>

namespace leftfold::event {
namespace {

/// The token between two slashes with ~1 and ~0 undone; false where '~' is followed by anything else.
bool appendDecoded(std::string& out, std::string_view token)
{
    for (std::size_t i = 0; i < token.size(); ++i) {
        if (token[i] != '~') {
            out += token[i];
            continue;
        }
        ++i;
        if (i == token.size() || (token[i] != '0' && token[i] != '1')) return false;
        out += token[i] == '0' ? '~' : '/';
    }
    return true;
}

} // namespace

base::Result<Pointer> parsePointer(std::string_view text)
{
    Pointer pointer;
    if (!text.empty() && text.front() != '/') {
        return base::fail(base::ErrorCode::BadPointer, text, "it must be empty or begin with '/'");
    }
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('/', at + 1), text.size());
        if (!appendDecoded(pointer.tokens.emplace_back(), text.substr(at + 1, end - at - 1))) {
            return base::fail(base::ErrorCode::BadPointer, text, "'~' must be followed by 0 or 1");
        }
        at = end;
    }
    return pointer;
}

std::string toText(const Pointer& pointer)
{
    std::string out;
    for (const std::string& token : pointer.tokens) appendToken(out, token);
    return out;
}

void appendToken(std::string& pointer, std::string_view token)
{
    pointer += '/';
    for (const char c : token) {
        if (c == '~') {
            pointer += "~0";
        } else if (c == '/') {
            pointer += "~1";
        } else {
            pointer += c;
        }
    }
}

std::optional<std::size_t> arrayIndex(std::string_view token)
{
    if (token.empty() || (token.front() == '0' && token.size() > 1)) return {};
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
    if (error != std::errc() || end != token.data() + token.size()) return {};
    return index;
}

} // namespace leftfold::event
