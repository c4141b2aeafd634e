// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/kafka_groups.h"

#include "core/source/kafka_handles.h"

#include <algorithm>
#include <array>
#include <span>

namespace leftfold::source {

namespace {

using base::Result;

constexpr int kGroupTimeout = static_cast<int>(KafkaClient::kAnswerTime.count());

using OptionsHandle = std::unique_ptr<rd_kafka_AdminOptions_t, DestroyedBy<rd_kafka_AdminOptions_destroy>>;

OptionsHandle optionsFor(const KafkaClient& client, rd_kafka_admin_op_t operation)
{
    OptionsHandle options(rd_kafka_AdminOptions_new(client.handle(), operation));
    std::array<char, 512> ignored{};
    rd_kafka_AdminOptions_set_request_timeout(options.get(), kGroupTimeout, ignored.data(), ignored.size());
    return options;
}

tl::unexpected<base::Error> failed(const KafkaClient& client, rd_kafka_resp_err_t code, const std::string& text,
                                   const std::string& group)
{
    return tl::unexpected(kafkaError(code, text, client.name(), group));
}

/// Asks, and waits for the answer.
template <class Ask>
Result<EventHandle> answerTo(const KafkaClient& client, const std::string& group, Ask ask)
{
    const QueueHandle queue(rd_kafka_queue_new(client.handle()));
    ask(queue.get());
    EventHandle event(rd_kafka_queue_poll(queue.get(), 2 * kGroupTimeout));
    if (!event) return failed(client, RD_KAFKA_RESP_ERR__TIMED_OUT, "no answer", group);
    const auto code = rd_kafka_event_error(event.get());
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return failed(client, code, rd_kafka_event_error_string(event.get()), group);
    return event;
}

Result<std::vector<GroupFacts>> groups(KafkaClient& client)
{
    const OptionsHandle options = optionsFor(client, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPS);
    LEFTFOLD_TRY(const EventHandle event, answerTo(client, {}, [&](rd_kafka_queue_t* queue) {
                     rd_kafka_ListConsumerGroups(client.handle(), options.get(), queue);
                 }));
    const auto* result = rd_kafka_event_ListConsumerGroups_result(event.get());
    std::size_t count = 0;
    const auto errors = rd_kafka_ListConsumerGroups_result_errors(result, &count);
    if (count > 0) return failed(client, rd_kafka_error_code(errors[0]), rd_kafka_error_string(errors[0]), {});
    const auto listed = rd_kafka_ListConsumerGroups_result_valid(result, &count);
    std::vector<GroupFacts> out;
    for (const auto* group : std::span(listed, count)) {
        out.push_back({rd_kafka_ConsumerGroupListing_group_id(group),
                       rd_kafka_consumer_group_state_name(rd_kafka_ConsumerGroupListing_state(group))});
    }
    std::ranges::sort(out, {}, &GroupFacts::name);
    return out;
}

Result<Offsets> committed(KafkaClient& client, const std::string& group)
{
    rd_kafka_ListConsumerGroupOffsets_t* asked = rd_kafka_ListConsumerGroupOffsets_new(group.c_str(), nullptr);
    const OptionsHandle options = optionsFor(client, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS);
    auto event = answerTo(client, group, [&](rd_kafka_queue_t* queue) {
        rd_kafka_ListConsumerGroupOffsets(client.handle(), &asked, 1, options.get(), queue);
    });
    rd_kafka_ListConsumerGroupOffsets_destroy(asked);
    if (!event) return tl::unexpected(event.error());
    std::size_t count = 0;
    const auto results = rd_kafka_ListConsumerGroupOffsets_result_groups(
        rd_kafka_event_ListConsumerGroupOffsets_result(event->get()), &count);
    Offsets out;
    for (const auto* result : std::span(results, count)) {
        if (const auto* error = rd_kafka_group_result_error(result))
            return failed(client, rd_kafka_error_code(error), rd_kafka_error_string(error), group);
        const auto* list = rd_kafka_group_result_partitions(result);
        for (const auto& item : std::span(list->elems, static_cast<std::size_t>(list->cnt))) {
            if (item.offset >= 0) out.emplace(event::Partition{item.topic, item.partition}, event::Offset{item.offset});
        }
    }
    return out;
}

void addMember(const rd_kafka_MemberDescription_t* member, std::map<event::Partition, std::string>& out)
{
    const std::string name =
        std::string(rd_kafka_MemberDescription_client_id(member)) + " at " + rd_kafka_MemberDescription_host(member);
    const auto* assignment = rd_kafka_MemberDescription_assignment(member);
    const auto* list = assignment == nullptr ? nullptr : rd_kafka_MemberAssignment_partitions(assignment);
    for (int i = 0; list != nullptr && i < list->cnt; ++i) out[{list->elems[i].topic, list->elems[i].partition}] = name;
}

Result<std::map<event::Partition, std::string>> members(KafkaClient& client, const std::string& group)
{
    const OptionsHandle options = optionsFor(client, RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS);
    const char* name = group.c_str();
    LEFTFOLD_TRY(const EventHandle event, answerTo(client, group, [&](rd_kafka_queue_t* queue) {
                     rd_kafka_DescribeConsumerGroups(client.handle(), &name, 1, options.get(), queue);
                 }));
    std::size_t count = 0;
    const auto described = rd_kafka_DescribeConsumerGroups_result_groups(
        rd_kafka_event_DescribeConsumerGroups_result(event.get()), &count);
    std::map<event::Partition, std::string> out;
    for (const auto* item : std::span(described, count)) {
        if (const auto* error = rd_kafka_ConsumerGroupDescription_error(item);
            error != nullptr && rd_kafka_error_code(error) != RD_KAFKA_RESP_ERR_NO_ERROR)
            return failed(client, rd_kafka_error_code(error), rd_kafka_error_string(error), group);
        for (std::size_t i = 0; i < rd_kafka_ConsumerGroupDescription_member_count(item); ++i)
            addMember(rd_kafka_ConsumerGroupDescription_member(item, i), out);
    }
    return out;
}

} // namespace

Result<std::vector<GroupFacts>> groupsOf(KafkaClient& client, std::stop_token stop)
{
    return client.ask<std::vector<GroupFacts>>(&groups, std::move(stop));
}

Result<Offsets> committedOf(KafkaClient& client, const std::string& group, std::stop_token stop)
{
    return client.ask<Offsets>([group](KafkaClient& asked) { return committed(asked, group); }, std::move(stop));
}

Result<std::map<event::Partition, std::string>> membersOf(KafkaClient& client, const std::string& group,
                                                          std::stop_token stop)
{
    return client.ask<std::map<event::Partition, std::string>>(
        [group](KafkaClient& asked) { return members(asked, group); }, std::move(stop));
}

} // namespace leftfold::source
