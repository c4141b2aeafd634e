// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fold/latest.h"

#include "core/event/json_walker.h"

namespace leftfold::fold {

namespace {

/// A payload as it came: most states are replaced before anybody looks at them.
struct LatestState final : State {
    bool exists = false;
    std::string payload;
};

const LatestState& latestOf(const State& state)
{
    return static_cast<const LatestState&>(state);
}

class LatestFolder final : public Folder {
public:
    std::unique_ptr<State> begin() override { return std::make_unique<LatestState>(); }
    void apply(State& state, const FoldEvent& event) override;
    bool exists(const State& state) const override { return latestOf(state).exists; }
    event::Document read(const State& state) override;
    std::string save(const State& state) override;
    std::unique_ptr<State> restore(base::ByteView saved) override;

private:
    event::JsonReader m_reader;
    std::string m_padded;
};

void LatestFolder::apply(State& state, const FoldEvent& event)
{
    if (!event.decodable) return;
    auto& latest = static_cast<LatestState&>(state);
    latest.exists = event.value.has_value();
    if (latest.exists)
        latest.payload.assign(*event.value);
    else
        latest.payload = std::string();
}

event::Document LatestFolder::read(const State& state)
{
    const std::string& payload = latestOf(state).payload;
    m_padded.assign(payload).append(base::kReadablePadding, '\0');
    auto document = event::Document::parse(m_reader, base::ByteView(m_padded).substr(0, payload.size()));
    // A payload that its bearer called decodable and is not reads as null.
    return document ? std::move(*document) : event::Document();
}

constexpr char kLatestExists = 'e';
constexpr char kLatestDeleted = 'd';

std::string LatestFolder::save(const State& state)
{
    const LatestState& latest = latestOf(state);
    return (latest.exists ? kLatestExists : kLatestDeleted) + latest.payload;
}

std::unique_ptr<State> LatestFolder::restore(base::ByteView saved)
{
    if (saved.empty() || (saved.front() != kLatestExists && saved.front() != kLatestDeleted)) return nullptr;
    auto state = std::make_unique<LatestState>();
    state->exists = saved.front() == kLatestExists;
    state->payload = saved.substr(1);
    return state;
}

class LatestFold final : public Fold {
public:
    std::string_view name() const override { return "latest"; }
    std::string fingerprint() const override { return "latest/1"; }
    std::unique_ptr<Folder> folder() const override { return std::make_unique<LatestFolder>(); }
};

} // namespace

std::shared_ptr<const Fold> latestFold()
{
    return std::make_shared<LatestFold>();
}

} // namespace leftfold::fold
