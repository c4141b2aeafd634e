// SPDX-License-Identifier: GPL-3.0-or-later
// A log that fills, is followed live, and has views: what becomes of the state. And looks at views as facts.
#include "core/workspace/update.h"
#include "tests/capture/made_batches.h"

using namespace leftfold;
using namespace leftfold::workspace;

namespace {

struct Played {
    WorkspaceState state;
    std::vector<Effect> effects; ///< of the last action

    Played& act(const Action& action)
    {
        auto updated = update(std::move(state), action);
        state = std::move(updated.state);
        effects = std::move(updated.effects);
        return *this;
    }
    [[nodiscard]] const Open& open() const { return *state.open(); }
    template <class Kind>
    [[nodiscard]] const Kind* effect() const
    {
        for (const Effect& each : effects) {
            if (const auto* found = std::get_if<Kind>(&each)) return found;
        }
        return nullptr;
    }
    template <class Question>
    [[nodiscard]] const Question* asked() const
    {
        const auto* ask = effect<Ask<Question>>();
        return ask == nullptr ? nullptr : &ask->question;
    }
};

std::shared_ptr<const LogFacts> factsOf(std::uint64_t events, std::uint64_t generation)
{
    LogFacts facts;
    facts.events = events;
    facts.end = {{events}};
    facts.generation = generation;
    facts.mapping.id = decode::parseFieldRef("/id").value();
    replay::PartitionSummary partition;
    partition.partition = {"orders", 0};
    partition.events = events;
    facts.summary.partitions.push_back(partition);
    return std::make_shared<const LogFacts>(std::move(facts));
}

/// A log of Kafka, opened when it held so many events.
Played opened(std::uint64_t events, bool isFilling = false, bool isLive = false,
              const std::string& log = "kafka://here:9092/orders")
{
    Played played;
    LoadOptions options;
    options.log = {log};
    played.act(OpenLog{options, isLive});
    const Ticket ticket = played.state.lastTicket;
    return played.act(LogRead{ticket, factsOf(events, 1), {}, !isFilling, isFilling});
}

Played& grow(Played& played, std::uint64_t events, std::uint64_t generation, bool isFilling = false)
{
    return played.act(LogRead{played.open().loadTicket, factsOf(events, generation), {}, !isFilling, isFilling});
}

/// "cache orders[0]:5" as a look, with an end at 10.
std::shared_ptr<const ViewsLook> lookAt(const std::string& view, std::int64_t committed)
{
    views::PartitionLook look;
    look.of = {view, {"orders", 0}};
    look.sample.time = {1000, 0};
    look.sample.committed = event::Offset{committed};
    look.sample.end = {10};
    auto all = std::make_shared<ViewsLook>();
    all->views = viewFacts({look}, {}, look.sample.time, {});
    return all;
}

} // namespace

class ClusterUpdateTest : public QObject {
    Q_OBJECT

private slots:
    void aLogIsShownWhileItFills()
    {
        Played played = opened(100, true);
        QVERIFY(played.open().isFilling);
        QVERIFY(played.effect<Ask<AskDensity>>() != nullptr);
        // No index of an order that may still change.
        QVERIFY(played.asked<AskProjection>() == nullptr);
        const Ticket ticket = played.open().loadTicket;
        played.act(LoadProgressed{ticket, {150, {}}});
        QCOMPARE(played.open().filling.events, 150U);
        played.act(LoadProgressed{ticket + 1, {190, {}}});
        QCOMPARE(played.open().filling.events, 150U);
        grow(played, 200, 2, true);
        QVERIFY(played.asked<AskProjection>() == nullptr);
        grow(played, 300, 3);
        QVERIFY(!played.open().isFilling && played.open().isFollowing);
        QVERIFY(played.asked<AskProjection>() != nullptr);
    }

    void cancellingEndsOnlyTheLoad()
    {
        Played played = opened(100, true);
        played.act(CancelWork{});
        QVERIFY(played.effect<StopLoading>() != nullptr);
        QVERIFY(played.state.open() != nullptr);
        played = opened(100);
        played.act(CancelWork{});
        QVERIFY(played.effect<StopLoading>() == nullptr);
    }

    void liveGoesAlongUntilThePlayheadIsMoved()
    {
        Played played = opened(100, false, true);
        const auto goesToEnd = [&] {
            const auto* asked = played.asked<AskPlayhead>();
            const auto* when = asked != nullptr ? std::get_if<event::When>(&asked->target) : nullptr;
            return when != nullptr && std::holds_alternative<event::AtEnd>(*when);
        };
        QVERIFY(goesToEnd());
        grow(played, 120, 2);
        QVERIFY(goesToEnd() && played.open().isLive);
        played.act(GoTo{event::When(event::AtStart{})});
        QVERIFY(!played.open().isLive);
        grow(played, 130, 3);
        QVERIFY(!goesToEnd());
        played.act(FollowLive{true});
        QVERIFY(goesToEnd() && played.open().isLive);
        played.act(FollowLive{false});
        QVERIFY(!played.open().isLive);
    }

    void whatFollowingWaitsForIsKnown()
    {
        Played played = opened(100);
        const Ticket ticket = played.open().loadTicket;
        played.act(FollowingWaits{ticket, "here:9092 cannot be reached"});
        QCOMPARE(played.open().followNote, std::string("here:9092 cannot be reached"));
        played.act(FollowingWaits{ticket, ""});
        QVERIFY(played.open().followNote.empty());
        played.act(FollowingEnded{ticket, {base::ErrorCode::KafkaTopicGone, {"orders"}, {}}});
        QVERIFY(!played.open().isFollowing && played.open().followError && played.state.notice);
    }

    void viewsAreLookedAtWhileSomebodyWantsToKnow()
    {
        Played played = opened(100);
        played.act(SeePanel{Panel::Views, true});
        QVERIFY(played.asked<AskViews>() != nullptr);
        QCOMPARE(played.asked<AskViews>()->cluster, std::string("here:9092"));
        QVERIFY(played.asked<AskViews>()->all);
        played.act(SeePanel{Panel::Views, false});
        QVERIFY(played.effect<StopViews>() != nullptr && !played.open().views.isWaiting);
        played.act(AddViews{{"cache"}});
        QVERIFY(!played.asked<AskViews>()->all);
        QCOMPARE(played.asked<AskViews>()->added, std::set<std::string>{"cache"});
        played.act(CloseLog{});
        QVERIFY(played.effect<StopViews>() != nullptr);
        // A file has none.
        played = opened(100, false, false, "/tmp/orders.jsonl");
        played.act(SeePanel{Panel::Views, true});
        QVERIFY(played.asked<AskViews>() == nullptr);
    }

    void addedViewsHaveLanesAndAPlaceToStand()
    {
        Played played = opened(100);
        played.act(AddViews{{"cache"}});
        const Ticket ticket = played.open().views.ticket;
        played.act(Answered<AskViews>{ticket, lookAt("cache", 5), false});
        QVERIFY(played.open().views.isWaiting);
        const event::Cut cut{{{{"orders", 0}, {5}}}};
        QVERIFY(played.asked<AskLanes>() != nullptr);
        QCOMPARE(played.asked<AskLanes>()->views.size(), 1U);
        QVERIFY(played.asked<AskLanes>()->views.front().second == cut);
        played.act(GoToView{"cache"});
        QVERIFY(played.asked<AskPlayhead>() != nullptr);
        QVERIFY(std::get<event::When>(played.asked<AskPlayhead>()->target) == event::When(cut));
        played.act(GoToView{"nobody"});
        QVERIFY(played.asked<AskPlayhead>() == nullptr);
        // An answer to an older question does not count.
        played.act(AddViews{{"cache", "search"}});
        played.act(Answered<AskViews>{ticket, lookAt("search", 7), false});
        QCOMPARE(played.open().views.answer->views.front().name, std::string("cache"));
        QVERIFY(played.asked<AskLanes>() == nullptr);
    }

    void topicsOfAnotherClusterAreForgotten()
    {
        Played played;
        played.act(ListTopics{"here:9092"});
        QVERIFY(played.asked<AskTopics>() != nullptr);
        const auto& topics = played.state.clusters.topics;
        played.act(Answered<AskTopics>{topics.ticket,
                                       std::make_shared<const TopicList>(TopicList{"here:9092", {}, true, 0}), true});
        played.act(ListTopics{"here:9092", true});
        QVERIFY(played.state.clusters.topics.answer != nullptr);
        played.act(ListTopics{"there:9092"});
        QVERIFY(played.state.clusters.topics.answer == nullptr);
        played.act(LeaveClusters{});
        QVERIFY(played.effect<StopClusters>() != nullptr && !played.state.clusters.topics.isWaiting);
    }

    void aViewIsAsBadAsItsWorstPartition()
    {
        views::LagHistory history;
        std::vector<views::PartitionLook> looks;
        for (int number = 0; number < 2; ++number) {
            views::PartitionLook look;
            look.of = {"cache", {"orders", number}};
            for (int i = 0; i < 3; ++i) {
                // The first partition is read to its end, of the second nothing is read any more.
                look.sample.time = {1000 + 30 * i, 0};
                look.sample.end = {100 + 10 * i};
                look.sample.committed = number == 0 ? look.sample.end : event::Offset{40};
                history[look.of].push_back(look.sample);
            }
            looks.push_back(look);
        }
        views::LagRules rules;
        rules.window = 3;
        const auto facts = viewFacts(looks, history, {1060, 0}, rules);
        QCOMPARE(facts.size(), 1U);
        QCOMPARE(facts[0].status, views::ViewStatus::NoProgress);
        QCOMPARE(facts[0].partitions[0].verdict.status, views::ViewStatus::Ok);
        QCOMPARE(*facts[0].lag, 80);
        QVERIFY(facts[0].catchUp.kind == views::CatchUp::Kind::Never);
        const std::vector<LagPoint> expected = {{{1000, 0}, 60}, {{1030, 0}, 70}, {{1060, 0}, 80}};
        QVERIFY(facts[0].history == expected);
        QVERIFY(lagOverTime(history, "search").empty());
    }
};

QTEST_APPLESS_MAIN(ClusterUpdateTest)
#include "cluster_update_test.moc"
