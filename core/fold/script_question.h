// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/document.h"
#include "core/fold/script.h"

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace leftfold::fold {

/// What a question says of an event.
struct Answer {
    bool isTrue = false; ///< as JavaScript takes it: not false, 0, "", null, undefined, NaN
    std::optional<std::string> json; ///< the value; none: undefined
};

/// A question that is asked on one thread, that of its first use; on another one it is loaded anew.
class Asker {
public:
    virtual ~Asker() = default;
    /// `before` and `after` are the states around the event; null: none. Fails with ScriptFailed and its kin, and with Cancelled.
    /// An error is of this event only.
    [[nodiscard]] virtual base::Result<Answer> ask(const FoldEvent& event, const event::Document* before,
                                                   const event::Document* after) = 0;
    /// From now on a stop ends what takes long, within 50 ms.
    virtual void obey(std::stop_token stop) = 0;
};

/// Where a condition may stand: what follows is a function instead.
inline constexpr std::string_view kFunctionMark = "js:";

/// A function in JavaScript that is asked about single events: a condition, or something to be printed or drawn. It runs
/// in the sandbox of projections, and its events are theirs. States are handed over as JSON, so it cannot change one.
class ScriptQuestion final : public std::enable_shared_from_this<ScriptQuestion> {
public:
    /// What the function is called with; a state that there is none of is undefined.
    enum class Kind : std::uint8_t {
        Change, ///< (before, event, after)
        State, ///< (state, event), with the state after the event
    };
    /// Runs the text once. Fails with BadCondition where it is no function, and as ScriptEngine::load does.
    [[nodiscard]] static base::Result<std::shared_ptr<const ScriptQuestion>> parse(std::string text, Kind kind,
                                                                                   const ScriptLimits& limits = {});
    [[nodiscard]] const std::string& text() const { return m_source->files.front().text; }
    [[nodiscard]] Kind kind() const { return m_kind; }
    /// `streams` are what events are known by; null: their topics.
    [[nodiscard]] std::unique_ptr<Asker> asker(std::shared_ptr<const Streams> streams) const;

    [[nodiscard]] const std::shared_ptr<const ScriptSource>& source() const { return m_source; }
    [[nodiscard]] const ScriptLimits& limits() const { return m_limits; }

private:
    ScriptQuestion() = default;
    std::shared_ptr<const ScriptSource> m_source;
    ScriptLimits m_limits;
    Kind m_kind = Kind::Change;
};

} // namespace leftfold::fold
