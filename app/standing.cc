// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/standing.h"

#include "app/event_text.h"

namespace leftfold::app {

namespace {

using base::Result;

Result<std::optional<base::ByteView>> idOf(const capture::KeyIndex* keys, event::EventIndex index)
{
    if (keys == nullptr) return std::nullopt;
    LEFTFOLD_TRY(const auto key, keys->keysOf(index.value, 1));
    if (key[0] == capture::kNoKey) return std::nullopt;
    LEFTFOLD_TRY(const base::ByteView id, keys->text(key[0]));
    return id;
}

} // namespace

Result<std::string> eventAt(Session& session, event::EventIndex index, const capture::KeyIndex* keys, bool json,
                            const Output& out)
{
    LEFTFOLD_TRY(const capture::StoredEvent event, session.reader().event(index));
    PrintedEvent shown{index,
                       &session.catalog().partitions()[event.location.partition],
                       &event.record,
                       event.effective,
                       event.facts.undecodable,
                       event.type,
                       std::nullopt};
    LEFTFOLD_TRY(shown.id, idOf(keys, index));
    if (!json) return eventLine(shown, out);
    std::string envelope;
    appendEventJson(envelope, shown);
    return envelope;
}

Result<Standing> standingAt(Session& session, const replay::PlayOrder& order, std::uint64_t place)
{
    LEFTFOLD_TRY(const capture::OrdinalCut cut, order.cutAt(place));
    LEFTFOLD_TRY(const event::Cut at, session.reader().toCut(cut));
    return Standing{at.next.empty() ? "@start" : toText(at), cut.events()};
}

} // namespace leftfold::app
