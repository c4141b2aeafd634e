// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/base/time.h"
#include "core/fold/script.h"
#include "core/fold/script_prelude.h"

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace leftfold::fold {

/// Events on their way into the engine: all texts joined, and a row of numbers each.
struct ScriptBatch {
    struct Row {
        std::array<double, static_cast<std::size_t>(BatchColumn::Count)> numbers{};
        std::string eventId;
        std::int32_t partition = 0; ///< its number; the topic is a column
        event::Offset offset;
    };
    std::string text = "["; ///< the payloads as items of an array, without its end
    std::size_t textUnits = 1; ///< its length as JavaScript counts
    std::string meta; ///< the metadata, one behind the other
    std::size_t metaUnits = 0;
    bool hasEventIds = false;
    std::vector<Row> rows;

    void clear();
};

/// What a question was answered.
struct ScriptAnswer {
    bool isTrue = false; ///< as JavaScript takes it
    std::optional<std::string> json; ///< none: undefined, or a function
};

/// A script loaded into a realm of its own: the only part of Leftfold that knows SpiderMonkey. It belongs to the thread that
/// made it and must be used there; it may be destroyed on any thread. Whatever a script does ends with an error here; after
/// an error of `run` the engine is of no more use.
class ScriptEngine {
public:
    /// Finds the file that `from` imports as `specifier`.
    using ImportReader =
        std::function<base::Result<ScriptSource::File>(const std::string& specifier, const ScriptSource::File& from)>;
    /// Runs the script within its limits. Fails with ScriptLoad, ScriptDefinition, ScriptImport, ScriptTime or ScriptMemory.
    [[nodiscard]] static base::Result<std::unique_ptr<ScriptEngine>> load(std::shared_ptr<const ScriptSource> source,
                                                                          const ScriptLimits& limits,
                                                                          std::shared_ptr<const Streams> streams,
                                                                          const ImportReader& reader);
    ~ScriptEngine();
    ScriptEngine(const ScriptEngine&) = delete;
    ScriptEngine& operator=(const ScriptEngine&) = delete;

    /// What the script says of itself, as JSON.
    [[nodiscard]] base::Result<std::string> definition();

    /// A place for the state of an aggregate, with no state yet. `freeSlot` may be called on any thread.
    /// `mayReuse`: one that was freed will do.
    [[nodiscard]] std::uint32_t newSlot(bool mayReuse);
    void freeSlot(std::uint32_t slot);
    void nameSlot(std::uint32_t slot, base::ByteView partition);
    [[nodiscard]] std::uint32_t addType(std::string_view name);
    [[nodiscard]] std::uint32_t addTopic(std::string_view name);
    [[nodiscard]] std::string placeOf(const ScriptBatch::Row& row) const;

    /// Folds the events of a batch, in order. Fails with ScriptFailed, ScriptTime, ScriptMemory, ScriptState.
    [[nodiscard]] base::Result<void> run(const ScriptBatch& batch);
    /// What each event of a batch belongs to. Fails as `run` does.
    [[nodiscard]] base::Result<std::vector<ScriptNaming>> partitions(const ScriptBatch& batch);

    [[nodiscard]] bool exists(std::uint32_t slot);
    /// The state, or what its transformations make of it, as JSON. Fails with ScriptState, and as `run` does.
    [[nodiscard]] base::Result<std::string> read(std::uint32_t slot);
    [[nodiscard]] base::Result<std::string> result(std::uint32_t slot);
    /// The state as bytes that `restore` takes, in any engine of this version.
    [[nodiscard]] base::Result<std::string> save(std::uint32_t slot);
    [[nodiscard]] bool restore(std::uint32_t slot, base::ByteView saved);

    /// Calls the function of a question: with the state before each event of a batch, the event, and the state after it; or with the
    /// state after it and the event. States are JSON; none: undefined. Fails as `run` does. REQUIRES: the source is a question.
    struct States {
        std::vector<std::optional<std::string>> before; ///< empty: not asked for
        std::vector<std::optional<std::string>> after;
    };
    [[nodiscard]] base::Result<std::vector<ScriptAnswer>> ask(const ScriptBatch& batch, const States& states);

    /// A stop ends what runs, with Cancelled.
    void obey(std::stop_token stop);
    /// Whether this is the thread that made it.
    [[nodiscard]] bool isMine() const;

    /// From now on what is emitted, linked, logged and skipped is kept, for `takeOutputs`: a JSON array.
    void record(bool on);
    [[nodiscard]] base::Result<std::string> takeOutputs();
    /// Whether the script has asked for the time or for random numbers since the last call.
    struct Asked {
        bool time = false;
        bool chance = false;
    };
    [[nodiscard]] Asked takeAsked();

    struct Realm;

private:
    explicit ScriptEngine(std::shared_ptr<Realm> realm) : m_realm(std::move(realm)) {}
    std::shared_ptr<Realm> m_realm;
};

} // namespace leftfold::fold
