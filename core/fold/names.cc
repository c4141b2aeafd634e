// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fold/names.h"

namespace leftfold::fold {

std::uint32_t Names::idOf(std::string_view text)
{
    const std::lock_guard lock(m_mutex);
    if (const auto known = m_ids.find(text); known != m_ids.end()) return known->second;
    const auto id = static_cast<std::uint32_t>(m_texts.size());
    m_ids.emplace(m_texts.emplace_back(text), id);
    return id;
}

std::string_view Names::textOf(std::uint32_t id) const
{
    const std::lock_guard lock(m_mutex);
    return m_texts[id];
}

NameCache::NameCache(std::shared_ptr<Names> names) : m_names(std::move(names)) {}

std::uint32_t NameCache::idOf(std::string_view text)
{
    if (const auto known = m_ids.find(text); known != m_ids.end()) return known->second;
    const std::uint32_t id = m_names->idOf(text);
    m_ids.emplace(m_names->textOf(id), id);
    return id;
}

std::string_view NameCache::textOf(std::uint32_t id)
{
    if (id >= m_texts.size()) m_texts.resize(id + std::size_t{1});
    if (m_texts[id].data() == nullptr) m_texts[id] = m_names->textOf(id);
    return m_texts[id];
}

} // namespace leftfold::fold
