// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/base/time.h"
#include "core/event/document.h"
#include "core/event/record.h"

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace leftfold::fold {

/// An event as a fold sees it. Views are valid during the call.
struct FoldEvent {
    const event::Partition* partition = nullptr;
    event::Offset offset;
    base::Time time; ///< effective time; kBeginningOfTime where no event so far had one
    std::string_view type;
    std::optional<base::ByteView> value; ///< kReadablePadding more bytes can be read behind it; none: a tombstone
    bool decodable = true; ///< false: the value is no JSON document
    const event::Record* record =
        nullptr; ///< the whole of it, with key and headers; null only in tests of folds that need none
    base::ByteView aggregate; ///< the id whose state is to change; may be empty for an event that belongs to one alone
    event::EventIndex index{}; ///< its place in the replay order; only scripts ask for it
};

/// The mutable state of one aggregate: whatever its fold works on.
class State {
public:
    virtual ~State() = default;
};

/// A fold at work on one thread, that of its first use: owns parsers and scratch. States stay with the folder that made them;
/// `save` and `restore` carry one to another folder of the same fold. Those of built-in folds may be used with any folder of it.
class Folder {
public:
    virtual ~Folder() = default;
    [[nodiscard]] virtual std::unique_ptr<State> begin() = 0;
    /// state := apply(state, event). Deterministic: no clock, no I/O, no randomness. An event that a fold
    /// cannot read leaves the state as it is.
    virtual void apply(State& state, const FoldEvent& event) = 0;
    /// False for an aggregate that no event has made, or that was deleted: outside lists, counts, hashes.
    [[nodiscard]] virtual bool exists(const State& state) const = 0;
    /// The state as a document. REQUIRES: exists(state).
    [[nodiscard]] virtual event::Document read(const State& state) = 0;
    /// A state as bytes, for checkpoints, and back: restore(save(s)) is s for every purpose, in any process. Null
    /// where the bytes cannot have come from `save`.
    [[nodiscard]] virtual std::string save(const State& state) = 0;
    [[nodiscard]] virtual std::unique_ptr<State> restore(base::ByteView saved) = 0;

    /// From now on a stop ends what takes long, within 50 ms; `failure` then says Cancelled.
    virtual void obey(std::stop_token /*stop*/) {}
    /// A fold may apply events later than it is told, some at a time: not beyond this call, `exists`, `read` or `save`.
    virtual void settle() {}
    /// Why the fold can go no further, where it cannot: a script that failed, or was stopped. Known of all events so far after
    /// `settle`, and of a state after `read` or `save`. From then on nothing that the folder says is of use.
    [[nodiscard]] const std::optional<base::Error>& failure() const { return m_failure; }
    [[nodiscard]] base::Result<void> outcome() const
    {
        if (m_failure) return tl::unexpected(*m_failure);
        return {};
    }

    /// From now on `apply` adds here what it finds amiss in an event (a patch that cannot be applied, a change that does
    /// not fit the state). Null, as at first: nothing is kept. States do not depend on it.
    void tellTo(std::vector<base::Error>* findings) { m_findings = findings; }

protected:
    [[nodiscard]] bool isHeard() const { return m_findings != nullptr; }
    [[nodiscard]] std::vector<base::Error>* listener() const { return m_findings; }
    void tell(base::Error finding)
    {
        if (m_findings != nullptr) m_findings->push_back(std::move(finding));
    }

    void fail(base::Error failure)
    {
        if (!m_failure) m_failure = std::move(failure);
    }

private:
    std::optional<base::Error> m_failure;
    std::vector<base::Error>* m_findings = nullptr;
};

/// How events change states. Immutable, shared by threads.
class Fold {
public:
    virtual ~Fold() = default;
    [[nodiscard]] virtual std::string_view name() const = 0;
    /// Names the rule and its version: equal fingerprints, equal states.
    [[nodiscard]] virtual std::string fingerprint() const = 0;
    /// Whether its folders ever find anything amiss.
    [[nodiscard]] virtual bool finds() const { return false; }
    /// Whether its folders need FoldEvent::aggregate of every event.
    [[nodiscard]] virtual bool needsAggregates() const { return false; }
    [[nodiscard]] virtual std::unique_ptr<Folder> folder() const = 0;
};

/// A built-in fold by name. Fails with NoSuchFold, naming those there are.
[[nodiscard]] base::Result<std::shared_ptr<const Fold>> builtInFold(std::string_view name);
/// Their names, for people: "tally, latest, ...".
[[nodiscard]] std::string builtInFoldNames();

} // namespace leftfold::fold
