// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/streams.h"

#include <algorithm>

namespace leftfold::replay {

namespace {

class LogStreams final : public fold::Streams {
public:
    LogStreams(std::shared_ptr<const capture::KeyIndex> keys, const decode::Mapping& mapping)
        : m_keys(std::move(keys)),
          m_eventId(mapping.eventId),
          m_idsAreStreams(mapping.shape.starts_with("kurrentdb"))
    {}

    std::string nameOf(event::EventIndex index, std::string_view topic) const override
    {
        const std::uint32_t key = keyOf(index);
        if (key == capture::kNoKey) return std::string(topic);
        const auto id = m_keys->text(key);
        if (!id) return std::string(topic);
        return m_idsAreStreams ? std::string(*id) : std::string(topic).append("-").append(*id);
    }

    std::uint64_t numberOf(event::EventIndex index) const override
    {
        const std::uint32_t key = keyOf(index);
        if (key == capture::kNoKey) return index.value;
        const auto postings = m_keys->postings(key);
        if (!postings) return index.value;
        return static_cast<std::uint64_t>(std::ranges::lower_bound(*postings, index.value) - postings->begin());
    }

    std::optional<decode::FieldRef> eventId() const override { return m_eventId; }

private:
    [[nodiscard]] std::uint32_t keyOf(event::EventIndex index) const
    {
        if (!m_keys) return capture::kNoKey;
        const auto keys = m_keys->keysOf(index.value, 1);
        return keys ? keys->front() : capture::kNoKey;
    }

    std::shared_ptr<const capture::KeyIndex> m_keys;
    std::optional<decode::FieldRef> m_eventId;
    bool m_idsAreStreams;
};

} // namespace

std::shared_ptr<const fold::Streams> streamsOf(std::shared_ptr<const capture::KeyIndex> keys,
                                               const decode::Mapping& mapping)
{
    return std::make_shared<LogStreams>(std::move(keys), mapping);
}

std::shared_ptr<const fold::Streams> streamsOf(const Projection& projection, const decode::Mapping& mapping)
{
    const auto* script = dynamic_cast<const fold::Script*>(projection.fold.get());
    if (script != nullptr && script->streams()) return script->streams();
    const bool isById = projection.index && mapping.id == projection.index->by();
    return streamsOf(isById ? projection.index : nullptr, mapping);
}

} // namespace leftfold::replay
