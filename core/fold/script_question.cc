// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fold/script_question.h"

#include "core/fold/script_engine.h"
#include "core/fold/script_rows.h"

namespace leftfold::fold {

namespace {

using base::ErrorCode;
using base::Result;

constexpr const char* kName = "the function";

Result<ScriptSource::File> noImport(const std::string& specifier, const ScriptSource::File& from)
{
    return base::fail(ErrorCode::ScriptImport, from.name, specifier, "a function lies in no folder");
}

Result<std::unique_ptr<ScriptEngine>> engineOf(const ScriptQuestion& question, std::shared_ptr<const Streams> streams)
{
    return ScriptEngine::load(question.source(), question.limits(), std::move(streams), noImport);
}

std::optional<std::string> jsonOf(const event::Document* state)
{
    if (state == nullptr) return std::nullopt;
    return toJson(state->root());
}

class Asking final : public Asker {
public:
    Asking(std::shared_ptr<const ScriptQuestion> question, std::shared_ptr<const Streams> streams)
        : m_question(std::move(question)),
          m_streams(std::move(streams)),
          m_rows(*m_question->source(), m_streams.get(), false)
    {}

    Result<Answer> ask(const FoldEvent& event, const event::Document* before, const event::Document* after) override
    {
        LEFTFOLD_CHECK(makeReady());
        m_batch.clear();
        LEFTFOLD_CHECK(m_rows.add(m_batch, *m_engine, event, 0, nullptr));
        m_batch.text += ']';
        m_engine->nameSlot(0, event.aggregate);
        ScriptEngine::States states;
        if (m_question->kind() == ScriptQuestion::Kind::Change) states.before.push_back(jsonOf(before));
        states.after.push_back(jsonOf(after));
        auto answers = m_engine->ask(m_batch, states);
        if (answers) return Answer{answers->front().isTrue, std::move(answers->front().json)};
        m_engine.reset(); // it is of no more use
        return tl::unexpected(std::move(answers).error());
    }

    void obey(std::stop_token stop) override
    {
        m_stop = std::move(stop);
        if (m_engine) m_engine->obey(m_stop);
    }

private:
    Result<void> makeReady()
    {
        if (m_engine && m_engine->isMine()) return {};
        LEFTFOLD_TRY(m_engine, engineOf(*m_question, m_streams));
        m_engine->obey(m_stop);
        m_rows.forget();
        return {};
    }

    std::shared_ptr<const ScriptQuestion> m_question;
    std::shared_ptr<const Streams> m_streams;
    std::unique_ptr<ScriptEngine> m_engine;
    ScriptRows m_rows;
    ScriptBatch m_batch;
    std::stop_token m_stop;
};

} // namespace

Result<std::shared_ptr<const ScriptQuestion>> ScriptQuestion::parse(std::string text, Kind kind,
                                                                    const ScriptLimits& limits)
{
    const auto source = std::make_shared<ScriptSource>();
    source->isQuestion = true;
    source->files.push_back({kName, kName, std::move(text)});
    std::shared_ptr<ScriptQuestion> question(new ScriptQuestion);
    question->m_source = source;
    question->m_limits = limits;
    question->m_kind = kind;
    const auto engine = engineOf(*question, nullptr);
    if (engine) return question;
    if (engine.error().code != ErrorCode::ScriptDefinition) return tl::unexpected(engine.error());
    return base::fail(ErrorCode::BadCondition, question->text(), "1",
                      kind == Kind::Change ? "a function: (before, event, after) => ..."
                                           : "a function: (state, event) => ...");
}

std::unique_ptr<Asker> ScriptQuestion::asker(std::shared_ptr<const Streams> streams) const
{
    return std::make_unique<Asking>(shared_from_this(), std::move(streams));
}

} // namespace leftfold::fold
