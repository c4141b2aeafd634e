// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/pointer_tree.h"

#include <algorithm>
#include <charconv>

namespace leftfold::decode {

namespace {

/// RFC 6901: digits without leading zeros.
std::optional<std::uint64_t> itemNumber(std::string_view token)
{
    std::uint64_t number = 0;
    if (token.empty() || (token.size() > 1 && token.front() == '0')) return std::nullopt;
    const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), number);
    if (error != std::errc() || end != token.data() + token.size()) return std::nullopt;
    return number;
}

PointerTree::Branch branchFor(const std::string& token, std::uint32_t node)
{
    const std::size_t size = std::min<std::size_t>(token.size(), 8);
    PointerTree::Branch branch{0, 0, token, itemNumber(token), node};
    std::memcpy(&branch.head, token.data(), size);
    std::memset(&branch.mask, 0xFF, size);
    return branch;
}

} // namespace

void PointerTree::add(const event::Pointer& pointer, std::uint32_t field)
{
    std::uint32_t node = 0;
    for (const std::string& token : pointer.tokens) {
        m_nodes[node].below.push_back(field);
        node = branchOf(node, token);
    }
    m_nodes[node].fields.push_back(field);
}

std::uint32_t PointerTree::branchOf(std::uint32_t node, const std::string& token)
{
    for (const Branch& branch : m_nodes[node].branches) {
        if (branch.token == token) return branch.node;
    }
    const auto added = static_cast<std::uint32_t>(m_nodes.size());
    m_nodes.emplace_back();
    m_nodes[node].branches.push_back(branchFor(token, added));
    m_nodes[node].sizes |= std::uint64_t{1} << (token.size() % 64);
    return added;
}

} // namespace leftfold::decode
