// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/replay/script_index.h"
#include "core/replay/streams.h"
#include "tests/replay/made_states.h"

/// Projections in JavaScript over made captures.
namespace leftfold::replay::test {

/// Everything that an event has ends up in the state, so that whatever is handed over wrongly shows.
constexpr const char* kAllOfIt =
    "({ init: () => ({ n: 0, types: {}, odd: undefined, small: -0, many: [] }),\n"
    "   apply: (was, e) => { const s = was ?? { n: 0, types: {}, many: [] };\n"
    "     s.n++; s.types[e.eventType] = (s.types[e.eventType] ?? 0) + 1; s.last = e.body;\n"
    "     s.local = String(new Date(e.created)); s.at = e.created; s.stream = e.streamId + '@' + e.sequenceNumber; "
    "s.meta = e.metadata;\n"
    "     s.many.push(e.sequenceNumber % 3 ? NaN : { v: e.bodyRaw.length }); if (s.many.length > 4) s.many.shift();\n"
    "     s.chance = Math.random(); s.now = Date.now(); return e.sequenceNumber % 11 === 10 ? null : s; },\n"
    "   remove: (s, e) => s && s.n > 7 ? undefined : { n: 0, types: {}, many: [] } })";
constexpr const char* kByStream =
    "fromAll().foreachStream().when({ $init: () => ({ n: 0, seen: {} }),\n"
    "  T1(s, e) { s.n++; s.seen[e.body.n] = e.eventId; }, T2: (s, e) => ({ n: s.n + 1, seen: {}, b: e.body }),\n"
    "  T3(s, e) { s.n += e.body.n; }, $deleted(s) { s.gone = true; } })";
constexpr const char* kByNumber =
    "fromAll().partitionBy(e => e.body.n % 7).when({ $init: () => ({ l: [] }), $any(s, e) { s.l.push(e.streamId); "
    "if (s.l.length > 9) return { l: s.l.slice(5) }; } })";
constexpr const char* kWhole =
    "fromAll().when({ $init: () => ({ n: 0, by: {} }), $any(s, e) { s.n++; s.by[e.streamId] = e.eventType; } })";

/// A script over a capture, opened as the program does. REQUIRES: `made` outlives it.
inline Projection scripted(const Made& made, const std::string& text)
{
    const auto loaded = must(fold::Script::fromText("test.js", text, {}));
    const auto script = loaded->over(streamsOf(made.index(), made.catalog().mapping()));
    if (script->partitioning() == fold::Partitioning::Stream) return {made.index(), script};
    return {must(openScriptIndex(made.reader(), *script, 2, {}, {})), script};
}

} // namespace leftfold::replay::test
