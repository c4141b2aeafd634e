// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/run_moment.h"

#include <algorithm>
#include <utility>

namespace leftfold::replay {

using base::ErrorCode;
using base::Result;
using event::Document;

namespace {

bool holds(const event::Condition& condition, const MaybeDocument& document)
{
    return document && condition.matches(document->root());
}

/// Whether both have the same there, or nothing.
bool isSameAt(const event::Pointer& field, const MaybeDocument& a, const MaybeDocument& b)
{
    const auto before = a ? a->root().find(field) : std::nullopt;
    const auto after = b ? b->root().find(field) : std::nullopt;
    return before.has_value() == after.has_value() && (!before || *before == *after);
}

/// What a breakpoint's function says of an event; true where it has none.
Result<fold::Answer> answerOf(const Breakpoint& breakpoint, fold::Asker* asker, const fold::FoldEvent& event,
                              const MaybeDocument& before, const MaybeDocument& after)
{
    if (!breakpoint.js) return fold::Answer{true, {}};
    LEFTFOLD_TRY(fold::Answer answer, asker->ask(event, before ? &*before : nullptr, after ? &*after : nullptr));
    if (!breakpoint.isLog) return fold::Answer{answer.isTrue, {}};
    answer.isTrue = answer.json && *answer.json != "false" && *answer.json != "null";
    return answer;
}

} // namespace

Stretch Armed::within(Stretch events) const
{
    return at ? Stretch{std::max(events.first, *at), std::min(events.last, *at + 1)} : events;
}

MaybeDocument payloadOf(const fold::FoldEvent& event)
{
    if (!event.value || !event.decodable) return std::nullopt;
    auto payload = Document::parse(*event.value);
    return payload ? MaybeDocument(std::move(*payload)) : std::nullopt;
}

MaybeDocument stateOf(fold::Folder& folder, const fold::State& state)
{
    return folder.exists(state) ? MaybeDocument(folder.read(state)) : std::nullopt;
}

bool RunMoment::satisfies(const Breakpoint& breakpoint)
{
    if (breakpoint.type && *breakpoint.type != m_event.type) return false;
    if (breakpoint.fails && !m_hasFindings) return false;
    if (breakpoint.changes && isSameAt(*breakpoint.changes, m_before, m_after)) return false;
    if (breakpoint.becomes && (!holds(*breakpoint.becomes, m_after) || holds(*breakpoint.becomes, m_before)))
        return false;
    if (breakpoint.where && !holds(*breakpoint.where, payload())) return false;
    return !breakpoint.when || breakpoint.when->matches(whole().root());
}

const MaybeDocument& RunMoment::payload()
{
    if (!std::exchange(m_isRead, true)) m_payload = payloadOf(m_event);
    return m_payload;
}

const Document& RunMoment::whole()
{
    if (m_whole) return *m_whole;
    event::DocumentBuilder builder;
    builder.beginObject();
    const auto member = [&builder](base::ByteView name, const MaybeDocument& document) {
        if (!document) return;
        builder.key(name);
        builder.value(document->root());
    };
    member("before", m_before);
    member("event", payload());
    member("after", m_after);
    builder.endObject();
    return m_whole.emplace(builder.finish());
}

Askers askersOf(std::span<const Armed> armed, const std::shared_ptr<const fold::Streams>& streams,
                const std::stop_token& stop)
{
    Askers askers;
    for (const Armed& each : armed) {
        askers.push_back(each.breakpoint->js ? each.breakpoint->js->asker(streams) : nullptr);
        if (askers.back()) askers.back()->obey(stop);
    }
    return askers;
}

Result<void> addHits(std::span<const Armed> armed, const Askers& askers, const fold::FoldEvent& event,
                     base::ByteView id, const AroundEvent& around, std::vector<Hit>& hits)
{
    RunMoment moment(event, around.hasFindings, around.before, around.after);
    for (const Armed& each : armed) {
        const Breakpoint& breakpoint = *each.breakpoint;
        if (each.at && *each.at != event.index.value) continue;
        if (breakpoint.aggregate && *breakpoint.aggregate != id) continue;
        if (!moment.satisfies(breakpoint)) continue;
        LEFTFOLD_TRY(const fold::Answer answer,
                     answerOf(breakpoint, askers[each.number].get(), event, around.before, around.after));
        if (answer.isTrue) hits.push_back({event.index, each.number, std::string(id), answer.json.value_or("")});
    }
    return {};
}

bool isOfScript(ErrorCode code)
{
    return code == ErrorCode::ScriptFailed || code == ErrorCode::ScriptTime || code == ErrorCode::ScriptMemory;
}

} // namespace leftfold::replay
