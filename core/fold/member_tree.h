// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/fold/names.h"
#include "core/fold/spelling.h"

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace leftfold::fold {

/// Finds the numbers of payloads: a handler for event::walk. It remembers the members it has met, and which
/// followed which, so that a payload built like the one before costs one comparison of bytes a member and allocates
/// nothing. What it finds never depends on what it remembers.
///
/// Not found are numbers inside arrays, and those more than kMaxDepth objects deep (pointers grow with the depth:
/// a payload of a megabyte must not make gigabytes of them). Of duplicate members only the last counts.
class MemberTree {
public:
    static constexpr std::uint32_t kMaxDepth = 128;

    struct Found {
        base::ByteView digits; ///< a view into the payload
        std::uint32_t pointer; ///< the name of the member's JSON pointer
        std::uint32_t node; ///< the member, as this tree knows it
    };

    explicit MemberTree(NameCache& names);

    /// Before each payload.
    void start();
    /// After it: its numbers, in their order. Valid until the next `start`.
    [[nodiscard]] std::span<const Found> found();

    void beginObject();
    void key(base::ByteView raw);
    void endObject();
    void beginArray() { ++m_skipped; }
    void endArray() { --m_skipped; }
    void text(base::ByteView) {}
    void number(base::ByteView digits);
    void boolean(bool) {}
    void null() {}

private:
    static constexpr std::uint32_t kNone = ~0U;
    static constexpr std::uint32_t kRoot = 0;
    /// Beyond these the tree is forgotten: payloads with ever new members must not fill the memory.
    static constexpr std::size_t kMaxNodes = 1U << 16;

    /// A member, by the way that leads to it.
    struct Node {
        Spelling raw; ///< its name as last spelt, between the quotes
        std::uint32_t object = kNone; ///< whose member it is
        std::uint32_t depth = 0;
        std::uint32_t follower = kNone; ///< the member that last followed it
        std::uint32_t firstMember = kNone; ///< the member that last came first in it
        std::uint32_t pointer = kNone; ///< the name of its JSON pointer, once it was a number
        std::uint32_t foundBefore = 0; ///< how many numbers had been found when it last began
        std::uint64_t payload = 0; ///< in which it last began
    };

    void forget();
    [[nodiscard]] std::uint32_t predicted(base::ByteView raw) const;
    [[nodiscard]] std::uint32_t lookUp(base::ByteView raw);
    [[nodiscard]] std::uint32_t pointerOf(std::uint32_t node);
    [[nodiscard]] bool isShadowed(std::uint32_t node, std::size_t index) const;
    void dropShadowed();

    NameCache& m_names;
    std::vector<Node> m_nodes;
    std::unordered_map<std::string, std::uint32_t> m_members; ///< by the object's node and the unescaped name
    std::string m_memberKey; ///< scratch
    std::vector<Found> m_found;
    std::uint64_t m_payload = 0;
    std::uint32_t m_object = kNone; ///< whose members are being read
    std::uint32_t m_member = kRoot; ///< the member last begun in it, if any
    std::uint32_t m_skipped = 0; ///< open arrays, and what is open inside them
    bool m_hasDuplicates = false;
};

inline void MemberTree::beginObject()
{
    if (m_skipped != 0 || m_nodes[m_member].depth == kMaxDepth) {
        ++m_skipped;
        return;
    }
    m_object = m_member;
    m_member = kNone;
}

inline void MemberTree::endObject()
{
    if (m_skipped != 0) {
        --m_skipped;
        return;
    }
    m_member = m_object;
    m_object = m_nodes[m_object].object;
}

/// The member that `raw` is, if it comes where it came before, or where one before it is left out.
inline std::uint32_t MemberTree::predicted(base::ByteView raw) const
{
    const std::uint32_t first = m_member == kNone ? m_nodes[m_object].firstMember : m_nodes[m_member].follower;
    if (first == kNone || m_nodes[first].raw.is(raw)) return first;
    const std::uint32_t second = m_nodes[first].follower;
    return second != kNone && m_nodes[second].raw.is(raw) ? second : kNone;
}

inline void MemberTree::key(base::ByteView raw)
{
    if (m_skipped != 0) return;
    const std::uint32_t member = predicted(raw);
    m_member = member != kNone ? member : lookUp(raw);
    Node& node = m_nodes[m_member];
    m_hasDuplicates |= node.payload == m_payload;
    node.payload = m_payload;
    node.foundBefore = static_cast<std::uint32_t>(m_found.size());
}

inline void MemberTree::number(base::ByteView digits)
{
    if (m_skipped != 0) return;
    const std::uint32_t known = m_nodes[m_member].pointer;
    m_found.push_back({digits, known != kNone ? known : pointerOf(m_member), m_member});
}

} // namespace leftfold::fold
