// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fold/script.h"

#include "core/base/hash.h"
#include "core/fold/script_engine.h"
#include "core/fold/script_files.h"
#include "core/fold/script_rows.h"

#include <algorithm>

namespace leftfold::fold {

namespace {

using base::ErrorCode;
using base::Result;

constexpr std::string_view kVersion = "script/1 ";
/// What the engine says of what only modules may have, in a script that is none: import, export, await.
constexpr std::string_view kOfModules[] = {"may only appear at top level of a module", "await is only valid in"};
/// A batch is folded when it has so many events, or bytes.
constexpr std::size_t kBatchEvents = 64;
constexpr std::size_t kBatchBytes = std::size_t{128} << 10;

constexpr char kNoState = 'n';
constexpr char kSomeState = 's';

/// A place in the engine that holds the state itself.
struct ScriptState final : State {
    ScriptState(std::shared_ptr<ScriptEngine> of, std::uint32_t at) : engine(std::move(of)), slot(at) {}
    ~ScriptState() override
    {
        if (engine) engine->freeSlot(slot);
    }
    ScriptState(const ScriptState&) = delete;
    ScriptState& operator=(const ScriptState&) = delete;

    std::shared_ptr<ScriptEngine> engine; ///< null: the script could not be loaded
    std::uint32_t slot;
    bool isNamed = false;
};

Result<ScriptSource::File> knownImport(const ScriptSource& source, const std::string& specifier,
                                       const ScriptSource::File& from)
{
    const auto target = source.imports.find({from.path, specifier});
    if (target == source.imports.end())
        return base::fail(ErrorCode::ScriptImport, from.name, specifier, "it was not imported before");
    return *std::ranges::find(source.files, target->second, &ScriptSource::File::path);
}

/// The folder of a script. Events gather in a batch, since a call into the engine costs as much as a small handler.
class Folding final : public ScriptFolder {
public:
    explicit Folding(std::shared_ptr<const Script> script)
        : m_script(std::move(script)),
          m_rows(*m_script->source(), m_script->streams().get(), m_script->options().exactNumbers)
    {}

    std::unique_ptr<State> begin() override
    {
        if (!isReady()) return std::make_unique<ScriptState>(nullptr, 0);
        return std::make_unique<ScriptState>(m_engine, m_engine->newSlot(m_batch.rows.empty()));
    }

    void apply(State& state, const FoldEvent& event) override
    {
        auto& of = static_cast<ScriptState&>(state);
        if (failure() || !isReady()) return;
        LEFTFOLD_INVARIANT(of.engine == m_engine);
        if (!of.isNamed && !event.aggregate.empty()) {
            m_engine->nameSlot(of.slot, event.aggregate);
            of.isNamed = true;
        }
        auto added = m_rows.add(m_batch, *m_engine, event, of.slot, isHeard() ? listener() : nullptr);
        if (!added) return fail(std::move(added).error());
        const bool isFull = m_batch.rows.size() >= kBatchEvents || m_batch.text.size() >= kBatchBytes;
        if (isFull || isHeard() || m_isRecording) settle();
    }

    void obey(std::stop_token stop) override
    {
        m_stop = std::move(stop);
        if (m_engine) m_engine->obey(m_stop);
    }

    void settle() override
    {
        if (m_batch.rows.empty() || failure()) return;
        m_batch.text += ']';
        auto outcome = m_engine->run(m_batch);
        const std::string position = m_engine->placeOf(m_batch.rows.back());
        m_batch.clear();
        if (!outcome) return fail(std::move(outcome).error());
        tellAsked(position);
    }

    bool exists(const State& state) const override
    {
        const auto& of = static_cast<const ScriptState&>(state);
        const_cast<Folding*>(this)->settle(); // what was told before counts
        return of.engine && !failure() && m_engine->exists(slotOf(state));
    }

    event::Document read(const State& state) override
    {
        settle();
        return documentOf(failure() ? tl::unexpected(*failure()) : m_engine->read(slotOf(state)));
    }

    std::string save(const State& state) override
    {
        if (!exists(state)) return {kNoState};
        auto saved = m_engine->save(slotOf(state));
        if (saved) return kSomeState + *saved;
        fail(std::move(saved).error());
        return {};
    }

    std::unique_ptr<State> restore(base::ByteView saved) override
    {
        if (saved.empty() || !isReady()) return nullptr;
        auto state = begin();
        if (saved.front() == kNoState) return state;
        const bool isRestored =
            saved.front() == kSomeState && m_engine->restore(static_cast<ScriptState&>(*state).slot, saved.substr(1));
        return isRestored ? std::move(state) : nullptr;
    }

    Result<std::vector<ScriptNaming>> nameAll(std::span<const FoldEvent> events) override
    {
        if (!isReady()) return tl::unexpected(*failure());
        std::vector<ScriptNaming> namings;
        ScriptBatch batch;
        const auto ask = [&]() -> Result<void> {
            batch.text += ']';
            LEFTFOLD_TRY(auto some, m_engine->partitions(batch));
            std::ranges::move(some, std::back_inserter(namings));
            batch.clear();
            return {};
        };
        for (const FoldEvent& event : events) {
            LEFTFOLD_CHECK(m_rows.add(batch, *m_engine, event, 0, nullptr));
            if (batch.rows.size() >= kBatchEvents || batch.text.size() >= kBatchBytes) LEFTFOLD_CHECK(ask());
        }
        if (!batch.rows.empty()) LEFTFOLD_CHECK(ask());
        return namings;
    }

    Result<std::string> resultOf(const State& state) override
    {
        settle();
        if (failure()) return tl::unexpected(*failure());
        return m_engine->result(slotOf(state));
    }

    void record() override
    {
        m_isRecording = true;
        if (isReady()) m_engine->record(true);
    }

    Result<event::Document> takeOutputs() override
    {
        settle();
        // A handler that threw leaves what was done before; an engine that was stopped leaves nothing.
        const bool hasStopped = failure() && failure()->code != base::ErrorCode::ScriptFailed;
        if (hasStopped || (failure() && !m_engine)) return tl::unexpected(*failure());
        LEFTFOLD_TRY(const std::string json, m_engine->takeOutputs());
        return event::Document::parse(json);
    }

private:
    /// The engine belongs to the thread that first needs it; on another one the script is loaded anew.
    bool isReady()
    {
        if (m_engine && m_engine->isMine()) return true;
        if (failure()) return false;
        LEFTFOLD_INVARIANT(m_batch.rows.empty());
        const auto& source = m_script->source();
        auto engine = ScriptEngine::load(source, m_script->options().limits, m_script->streams(),
                                         [&](const std::string& specifier, const ScriptSource::File& from) {
                                             return knownImport(*source, specifier, from);
                                         });
        if (!engine) {
            fail(std::move(engine).error());
            return false;
        }
        m_engine = std::move(*engine);
        m_engine->obey(m_stop);
        if (m_isRecording) m_engine->record(true);
        m_rows.forget();
        return true;
    }

    std::uint32_t slotOf(const State& state) const
    {
        const auto& of = static_cast<const ScriptState&>(state);
        LEFTFOLD_INVARIANT(of.engine == m_engine);
        return of.slot;
    }

    event::Document documentOf(Result<std::string> json)
    {
        if (json) {
            auto document = event::Document::parse(*json);
            if (document) return std::move(*document);
            fail(std::move(document).error());
        } else {
            fail(std::move(json).error());
        }
        return {};
    }

    void tellAsked(const std::string& position)
    {
        const ScriptEngine::Asked asked = m_engine->takeAsked();
        if (!isHeard()) return;
        if (asked.time) tell({ErrorCode::ScriptClock, {"the time of day", "the time of the event"}, {position}});
        if (asked.chance)
            tell({ErrorCode::ScriptClock,
                  {"random numbers", "numbers that follow from the event's position"},
                  {position}});
    }

    std::shared_ptr<const Script> m_script;
    std::shared_ptr<ScriptEngine> m_engine;
    ScriptRows m_rows;
    std::stop_token m_stop;
    ScriptBatch m_batch;
    bool m_isRecording = false;
};

bool isOfModules(const base::Error& error)
{
    if (error.code != ErrorCode::ScriptLoad) return false;
    return std::ranges::any_of(
        kOfModules, [&](std::string_view words) { return error.args.back().find(words) != std::string::npos; });
}

std::string contentNameOf(const ScriptSource& source)
{
    std::string all;
    for (const ScriptSource::File& file : source.files) {
        all += std::to_string(file.name.size()) + ' ' + file.name + std::to_string(file.text.size()) + ' ' + file.text;
    }
    return base::toHex(base::hash128(all));
}

} // namespace

Result<std::shared_ptr<const Script>> Script::load(const std::string& path, const ScriptOptions& options)
{
    ScriptOptions rooted = options;
    LEFTFOLD_TRY(rooted.root, scriptRoot(path, options.root));
    ScriptSource source;
    LEFTFOLD_TRY(auto file, readScriptFile(path, rooted.root));
    source.isModule = file.path.ends_with(".mjs");
    source.files.push_back(std::move(file));
    return make(std::move(source), rooted);
}

Result<std::shared_ptr<const Script>> Script::fromText(const std::string& name, std::string text,
                                                       const ScriptOptions& options)
{
    ScriptSource source;
    source.files.push_back({name, name, std::move(text)});
    return make(std::move(source), options);
}

Result<std::shared_ptr<const Script>> Script::make(ScriptSource source, const ScriptOptions& options)
{
    const auto made = std::make_shared<ScriptSource>(std::move(source));
    const auto read = [&](const std::string& specifier, const ScriptSource::File& from) -> Result<ScriptSource::File> {
        if (options.root.empty())
            return base::fail(ErrorCode::ScriptImport, from.name, specifier, "this projection lies in no folder");
        LEFTFOLD_TRY(auto file, readImportedFile(specifier, from, options.root));
        made->imports.insert_or_assign({from.path, specifier}, file.path);
        if (std::ranges::find(made->files, file.path, &ScriptSource::File::path) == made->files.end())
            made->files.push_back(file);
        return file;
    };
    auto engine = ScriptEngine::load(made, options.limits, nullptr, read);
    if (!engine && !made->isModule && isOfModules(engine.error())) {
        made->isModule = true;
        engine = ScriptEngine::load(made, options.limits, nullptr, read);
    }
    if (!engine) return tl::unexpected(std::move(engine).error());
    LEFTFOLD_TRY(const std::string definition, (*engine)->definition());
    std::shared_ptr<Script> script(new Script);
    script->m_source = made;
    script->m_options = options;
    script->m_contentName = contentNameOf(*made);
    LEFTFOLD_CHECK(script->readDefinition(definition));
    return script;
}

Result<void> Script::readDefinition(std::string_view json)
{
    LEFTFOLD_TRY(m_definition, event::Document::parse(json));
    const auto isSet = [&](const char* name) {
        const auto value = m_definition.root().find(base::ByteView(name));
        return value && value->kind() == event::Kind::Boolean && value->boolean();
    };
    if (isSet("exactNumbers")) m_options.exactNumbers = true;
    m_partitioning = Partitioning::Whole;
    if (isSet("isBiState")) return {};
    if (isSet("byStreams")) m_partitioning = Partitioning::Stream;
    if (isSet("byCustomPartitions")) m_partitioning = Partitioning::Function;
    return {};
}

std::shared_ptr<const Script> Script::over(std::shared_ptr<const Streams> streams) const
{
    std::shared_ptr<Script> script(new Script(*this));
    script->m_streams = std::move(streams);
    return script;
}

std::string Script::fingerprint() const
{
    return std::string(kVersion) + m_contentName + (m_options.exactNumbers ? " exact numbers" : "");
}

std::unique_ptr<ScriptFolder> Script::scriptFolder() const
{
    return std::make_unique<Folding>(shared_from_this());
}

} // namespace leftfold::fold
