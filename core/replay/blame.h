// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/document.h"
#include "core/event/offset.h"
#include "core/replay/replayer.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace leftfold::replay {

/// Which event a value of a state comes from.
struct Writing {
    event::EventIndex by; ///< the last event that changed the value, or made it
    /// The last event that moved it here from another place, as it was; none if nothing did since it was written.
    std::optional<event::EventIndex> movedBy;
    friend bool operator==(const Writing&, const Writing&) = default;
};

/// A state and, for each of its values, the event that last wrote it. Immutable; copies share. The rule, from one state
/// to the next:
///
/// - A value that was not there, or was unequal, is written by the event. An equal one keeps its writer, however often it
///   was written again and in whatever spelling (1 and 1.0 are equal, and members are unordered). So an object or array is
///   written by the last event that changed anything inside it, also by taking something out.
/// - Members are the same by name, items as event::alignItems pairs them (items that shift keep their writers; changed
///   items stand against each other one by one). Where one is an object or array and stays one, its members or items are
///   looked at one by one; of a value of another kind, and of all others that are new, everything inside is new.
/// - A member or item that the event took away and a member or item that it added, equal to each other, and to no other
///   that it took away or added, are one that moved: it keeps its writers, and everything inside, and is marked.
///   Null, booleans and what is empty ("", [], {}) never move: they are equal by chance. Nor does what was copied.
/// - What ceased to exist is forgotten: made again, all of it is new.
class Blame {
public:
    /// Of an aggregate that does not exist.
    Blame() = default;
    /// After one more event, which made the state `next` of this; none: it does not exist.
    [[nodiscard]] Blame after(event::EventIndex event, std::optional<event::Document> next) const;

    [[nodiscard]] const std::optional<event::Document>& document() const { return m_document; }
    /// Constant time. None for members that are shadowed and what is inside them. REQUIRES: a value of document().
    [[nodiscard]] std::optional<Writing> of(event::Value value) const;

    /// The same writers beside a copy of the document in which other values stand in place of some, as masks do: what stands where
    /// something stood that is not in the copy was written when that was. REQUIRES: the members and items that the copy has are those
    /// of the document, in their order.
    [[nodiscard]] Blame shownAs(event::Document copy) const;

    /// As bytes, for checkpoints, without the document; and back, beside the same document. Nothing where the bytes
    /// cannot be of that document.
    [[nodiscard]] std::string save() const;
    [[nodiscard]] static std::optional<Blame> restore(base::ByteView saved, std::optional<event::Document> document);

private:
    /// Events by their index, which postings keep in 32 bits too.
    struct Entry {
        std::uint32_t by;
        std::uint32_t movedBy;
    };
    using Entries = std::vector<Entry>; ///< by Value::nodeIndex
    class Step;

    std::optional<event::Document> m_document;
    std::shared_ptr<const Entries> m_entries;
};

/// An aggregate's state at a cut (see Replayer::stateAt) with its blame.
struct AggregateBlame {
    AggregateState state;
    Blame blame; ///< of state.document
};

/// Walks all of the aggregate's own events inside the cut, or those behind a checkpoint that an earlier blame has left:
/// so the first blame of an aggregate costs about what folding its events and reading the state after each costs, and
/// those that follow about 10 ms. Nothing if the log has no such aggregate. Fails as stateAt does.
[[nodiscard]] base::Result<std::optional<AggregateBlame>> blameAt(Replayer& replayer, base::ByteView id,
                                                                  const capture::OrdinalCut& cut, std::stop_token stop);

} // namespace leftfold::replay
