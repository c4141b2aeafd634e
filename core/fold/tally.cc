// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fold/tally.h"

#include "core/event/json_walker.h"
#include "core/fold/member_tree.h"
#include "core/fold/tally_state.h"

namespace leftfold::fold {

namespace {

const TallyState& tallyOf(const State& state)
{
    return static_cast<const TallyState&>(state);
}

class TallyFolder final : public Folder {
public:
    explicit TallyFolder(std::shared_ptr<Names> names) : m_names(std::move(names)) {}

    std::unique_ptr<State> begin() override { return std::make_unique<TallyState>(); }
    void apply(State& state, const FoldEvent& event) override;
    bool exists(const State& state) const override { return tallyOf(state).count() > 0; }
    event::Document read(const State& state) override { return tallyOf(state).document(m_names); }
    std::string save(const State& state) override { return tallyOf(state).save(m_names); }
    std::unique_ptr<State> restore(base::ByteView saved) override { return TallyState::restore(saved, m_names); }

private:
    /// The last type or partition met, since the next event mostly has the same.
    template <class Value>
    struct Known {
        Value value{};
        std::uint32_t name = 0;
        bool isKnown = false;
    };

    [[nodiscard]] std::uint32_t nameOf(std::string_view type);
    [[nodiscard]] std::uint32_t nameOf(const event::Partition& partition);
    void addNumbers(TallyState& tally, base::ByteView payload);

    NameCache m_names;
    MemberTree m_members{m_names};
    event::JsonReader m_reader;
    Known<std::string> m_type;
    Known<event::Partition> m_partition;
};

void TallyFolder::apply(State& state, const FoldEvent& event)
{
    auto& tally = static_cast<TallyState&>(state);
    tally.countEvent({event.time.seconds, event.time.nanos, nameOf(*event.partition), event.offset},
                     nameOf(event.type));
    if (event.value && event.decodable) addNumbers(tally, *event.value);
}

void TallyFolder::addNumbers(TallyState& tally, base::ByteView payload)
{
    m_members.start();
    if (!event::walk(m_reader, payload, m_members)) return;
    const auto found = m_members.found();
    tally.reserveNumbers(found.size());
    std::size_t place = 0;
    for (const MemberTree::Found& number : found) tally.addNumber(number.pointer, number.digits, place);
}

std::uint32_t TallyFolder::nameOf(std::string_view type)
{
    if (!m_type.isKnown || m_type.value != type) m_type = {std::string(type), m_names.idOf(type), true};
    return m_type.name;
}

std::uint32_t TallyFolder::nameOf(const event::Partition& partition)
{
    if (!m_partition.isKnown || m_partition.value != partition)
        m_partition = {partition, m_names.idOf(event::toText(partition)), true};
    return m_partition.name;
}

class TallyFold final : public Fold {
public:
    std::string_view name() const override { return "tally"; }
    std::string fingerprint() const override { return "tally/1"; }
    std::unique_ptr<Folder> folder() const override { return std::make_unique<TallyFolder>(m_names); }

private:
    std::shared_ptr<Names> m_names = std::make_shared<Names>();
};

} // namespace

std::shared_ptr<const Fold> tallyFold()
{
    return std::make_shared<TallyFold>();
}

} // namespace leftfold::fold
