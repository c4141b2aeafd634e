// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fold/member_tree.h"

#include "core/event/json_walker.h"
#include "core/event/pointer.h"

namespace leftfold::fold {

MemberTree::MemberTree(NameCache& names) : m_names(names)
{
    forget();
}

void MemberTree::forget()
{
    m_members.clear();
    m_nodes.assign(1, Node{});
}

void MemberTree::start()
{
    if (m_nodes.size() > kMaxNodes) forget();
    ++m_payload;
    m_found.clear();
    m_object = kNone;
    m_member = kRoot;
    m_skipped = 0;
    m_hasDuplicates = false;
}

/// The member of that name, met before or not; the next payload will be expected to have it here.
std::uint32_t MemberTree::lookUp(base::ByteView raw)
{
    m_memberKey.assign(reinterpret_cast<const char*>(&m_object), sizeof m_object);
    event::unescape(raw, m_memberKey);
    const auto next = static_cast<std::uint32_t>(m_nodes.size());
    const auto [entry, isNew] = m_members.try_emplace(m_memberKey, next);
    if (isNew) m_nodes.push_back({.raw = {}, .object = m_object, .depth = m_nodes[m_object].depth + 1});
    m_nodes[entry->second].raw = Spelling(raw);
    (m_member == kNone ? m_nodes[m_object].firstMember : m_nodes[m_member].follower) = entry->second;
    return entry->second;
}

std::uint32_t MemberTree::pointerOf(std::uint32_t node)
{
    std::vector<std::uint32_t> way;
    for (std::uint32_t at = node; at != kRoot; at = m_nodes[at].object) way.push_back(at);
    std::string pointer;
    std::string name;
    for (auto at = way.rbegin(); at != way.rend(); ++at) {
        name.clear();
        event::unescape(m_nodes[*at].raw.text(), name);
        event::appendToken(pointer, name);
    }
    m_nodes[node].pointer = m_names.idOf(pointer);
    return m_nodes[node].pointer;
}

/// Whether the number found as the index-th stood in a member that began again later.
bool MemberTree::isShadowed(std::uint32_t node, std::size_t index) const
{
    for (; node != kRoot; node = m_nodes[node].object)
        if (m_nodes[node].foundBefore > index) return true;
    return false;
}

void MemberTree::dropShadowed()
{
    std::size_t kept = 0;
    for (std::size_t i = 0; i < m_found.size(); ++i)
        if (!isShadowed(m_found[i].node, i)) m_found[kept++] = m_found[i];
    m_found.resize(kept);
    m_hasDuplicates = false;
}

std::span<const MemberTree::Found> MemberTree::found()
{
    if (m_hasDuplicates) dropShadowed();
    return m_found;
}

} // namespace leftfold::fold
