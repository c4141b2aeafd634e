// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/decode/field.h"
#include "core/fold/fold.h"

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace leftfold::fold {

/// What a script may take. Each aggregate's state may be 16 MB as JSON; a single text, or list, 64 MB.
struct ScriptLimits {
    std::chrono::milliseconds load{500};
    std::chrono::milliseconds event{250};
    std::size_t maxStateBytes = std::size_t{16} << 20;
    std::size_t maxMemoryBytes = std::size_t{1} << 30; ///< of one engine, with the states it holds
};

struct ScriptOptions {
    ScriptLimits limits;
    /// Imports may name files in this folder and below; empty: the folder of the script.
    std::string root;
    /// Payload numbers that JavaScript cannot hold exactly are handed over as texts of their digits.
    bool exactNumbers = false;
};

/// The files of a script, as they were when it was loaded.
struct ScriptSource {
    struct File {
        std::string path; ///< canonical
        std::string name; ///< for people: relative to the root
        std::string text;
    };
    std::vector<File> files; ///< the script itself, then what it imports
    bool isModule = false; ///< it imports or exports something
    bool isQuestion = false; ///< it is no projection but one function: script_question.h
    /// Who imports what: the importing file's path and what is written there, and the path it leads to.
    std::map<std::pair<std::string, std::string>, std::string> imports;
};

/// How a script names aggregates.
enum class Partitioning : std::uint8_t {
    Stream, ///< a state an aggregate: foreachStream; the short form without `by`
    Function, ///< partitionBy, `by`
    Whole, ///< one state for all; also projections with shared state, whose partitions are inside of it
};

/// What an event belongs to, as a script says.
struct ScriptNaming {
    enum class Kind : std::uint8_t {
        Named,
        None, ///< partitionBy gave nothing, or there is no body to look at
        Unhandled, ///< no event of this projection
    };
    Kind kind = Kind::None;
    std::string id;
};

/// The streams of a log: what scripts know events by.
class Streams {
public:
    virtual ~Streams() = default;
    /// The stream an event belongs to. `topic` is that of its partition. Any thread.
    [[nodiscard]] virtual std::string nameOf(event::EventIndex index, std::string_view topic) const = 0;
    /// Its number in that stream, from 0, in replay order.
    [[nodiscard]] virtual std::uint64_t numberOf(event::EventIndex index) const = 0;
    /// Where in a record its own id stands, if that is known.
    [[nodiscard]] virtual std::optional<decode::FieldRef> eventId() const { return std::nullopt; }
};

/// A script at work.
class ScriptFolder : public Folder {
public:
    /// What each of the events belongs to, by `partitionBy` or `by`. Fails as folding does.
    [[nodiscard]] virtual base::Result<std::vector<ScriptNaming>> nameAll(std::span<const FoldEvent> events) = 0;
    /// What `transformBy` and `filterBy` make of a state, as JSON. REQUIRES: it exists.
    [[nodiscard]] virtual base::Result<std::string> resultOf(const State& state) = 0;
    /// Keeps what is emitted, linked, logged and skipped from now on; events are then applied one by one.
    virtual void record() = 0;
    /// What was recorded since the last call: a JSON array. After ScriptFailed too, then with what the event did until it failed.
    /// REQUIRES: `record`.
    [[nodiscard]] virtual base::Result<event::Document> takeOutputs() = 0;
};

/// A projection in JavaScript, of KurrentDB's form or the shorter one: README.md of this folder.
class Script final : public Fold, public std::enable_shared_from_this<Script> {
public:
    /// Reads the script, and what it imports, and runs it once. Fails with FileNotFound and its kin, and as ScriptEngine::load does.
    [[nodiscard]] static base::Result<std::shared_ptr<const Script>> load(const std::string& path,
                                                                          const ScriptOptions& options);
    /// A script without a file, that imports nothing. `name` is for messages.
    [[nodiscard]] static base::Result<std::shared_ptr<const Script>> fromText(const std::string& name, std::string text,
                                                                              const ScriptOptions& options);
    /// The same script, that knows the streams of a log.
    [[nodiscard]] std::shared_ptr<const Script> over(std::shared_ptr<const Streams> streams) const;

    /// What it says of itself: sources, handlers, options, as KurrentDB calls them.
    [[nodiscard]] const event::Document& definition() const { return m_definition; }
    [[nodiscard]] Partitioning partitioning() const { return m_partitioning; }
    [[nodiscard]] std::string_view name() const override { return "script"; }
    [[nodiscard]] std::string fingerprint() const override;
    /// A short name for all that it says of events: the same for the same files.
    [[nodiscard]] const std::string& contentName() const { return m_contentName; }
    [[nodiscard]] bool finds() const override { return true; }
    [[nodiscard]] bool needsAggregates() const override { return true; }
    [[nodiscard]] std::unique_ptr<Folder> folder() const override { return scriptFolder(); }
    [[nodiscard]] std::unique_ptr<ScriptFolder> scriptFolder() const;
    [[nodiscard]] const std::shared_ptr<const ScriptSource>& source() const { return m_source; }
    [[nodiscard]] const ScriptOptions& options() const { return m_options; }
    [[nodiscard]] const std::shared_ptr<const Streams>& streams() const { return m_streams; }

private:
    Script() = default;
    [[nodiscard]] static base::Result<std::shared_ptr<const Script>> make(ScriptSource source,
                                                                          const ScriptOptions& options);
    [[nodiscard]] base::Result<void> readDefinition(std::string_view json);

    std::shared_ptr<const ScriptSource> m_source;
    ScriptOptions m_options;
    std::shared_ptr<const Streams> m_streams;
    event::Document m_definition;
    Partitioning m_partitioning = Partitioning::Stream;
    std::string m_contentName;
};

} // namespace leftfold::fold
