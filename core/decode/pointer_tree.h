// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/event/pointer.h"

#include <cstdint>
#include <cstring>
#include <optional>
#include <vector>

namespace leftfold::decode {

/// Several pointers laid together by their common beginnings, so that one walk over a document finds what
/// stands at all of them. Fields are named by numbers of the caller.
class PointerTree {
public:
    struct Branch {
        std::uint64_t head; ///< the first eight bytes of the token, zeros behind a shorter one
        std::uint64_t mask; ///< those bytes of `head` that are the token's
        std::string token;
        std::optional<std::uint64_t> item; ///< the token as the number of an array's item, if it is one
        std::uint32_t node;
    };
    struct Node {
        std::vector<std::uint32_t> fields; ///< those whose pointer ends here
        std::vector<std::uint32_t> below; ///< those whose pointer goes on from here
        std::vector<Branch> branches;
        std::uint64_t sizes = 0; ///< bit n: a token of a branch has n bytes (modulo 64)
    };

    PointerTree() : m_nodes(1) {}
    void add(const event::Pointer& pointer, std::uint32_t field);

    [[nodiscard]] const Node& root() const { return m_nodes.front(); }
    /// The node of a member. Asked for every key of every record: most differ in size already, the rest in
    /// their first eight bytes. REQUIRES: eight readable bytes at `key`.
    [[nodiscard]] const Node* member(const Node& node, base::ByteView key) const
    {
        if ((node.sizes >> (key.size() % 64) & 1) == 0) return nullptr;
        std::uint64_t head;
        std::memcpy(&head, key.data(), sizeof head);
        for (const Branch& branch : node.branches) {
            if ((head & branch.mask) == branch.head && branch.token == key) return &m_nodes[branch.node];
        }
        return nullptr;
    }
    [[nodiscard]] const Node* item(const Node& node, std::uint64_t number) const
    {
        for (const Branch& branch : node.branches) {
            if (branch.item == number) return &m_nodes[branch.node];
        }
        return nullptr;
    }

private:
    [[nodiscard]] std::uint32_t branchOf(std::uint32_t node, const std::string& token);

    std::vector<Node> m_nodes;
};

} // namespace leftfold::decode
