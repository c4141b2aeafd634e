// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/standing.h"
#include "app/verb.h"
#include "core/replay/steps.h"

#include <fmt/format.h>

namespace leftfold::app {

namespace {

using base::Result;

class Step : public LogVerb {
public:
    const char* name() const override { return "step"; }
    const char* about() const override { return "from a moment to the next or the previous event"; }
    void define(CLI::App& verb) override
    {
        addLog(verb, m_log, LogCount::One);
        addAt(verb, m_at);
        verb.add_flag("--back", m_back, "to the event before");
        verb.add_option("-n", m_steps, "so many steps")
            ->type_name("N")
            ->check(notNegative())
            ->check(notZero())
            ->capture_default_str();
        verb.add_option("--of", m_ofAggregate, "only stop at events of this aggregate")->type_name("ID");
        addBy(verb, m_by);
        verb.add_option("--type", m_ofType, "only stop at events of this type")->type_name("TYPE")->excludes("--of");
        auto* whole = verb.add_flag("--transaction", m_byTransaction,
                                    "over the whole transaction: of the database (Debezium, Maxwell), else of Kafka");
        whole->excludes("--of")->excludes("--type");
        verb.add_option("--transaction-field", m_transactionField,
                        "what names the transaction, where it is not found; 'kafka' for those of Kafka")
            ->type_name("FIELD");
        addMapping(verb, m_log);
        addJson(verb, m_json);
        verb.footer("Examples:\n  leftfold step orders.jsonl --at 2011-01-31\n  leftfold step orders.jsonl --at "
                    "'#4711' --back --of order-7\n\nPrints the event stepped over, and where one stands then.");
    }

private:
    SessionNeeds needs() const override { return {.fields = {m_by}}; }

    VerbResult read(Session& session, Output& out, std::stop_token stop) override
    {
        LEFTFOLD_TRY(const capture::OrdinalCut base, session.resolve(m_at));
        LEFTFOLD_TRY(const auto order, replay::PlayOrder::over(session.catalog(), base));
        LEFTFOLD_TRY(const auto keys, session.idsBeside(m_by, !m_ofAggregate.empty(), stop));
        LEFTFOLD_TRY(const replay::StepKind wanted, kind(session, stop));
        const auto direction = m_back ? replay::Direction::Back : replay::Direction::Forward;
        std::uint64_t at = order.home();
        std::uint64_t unreadable = 0;
        for (std::uint64_t i = 0; i < m_steps; ++i) {
            LEFTFOLD_TRY(const auto place,
                         replay::step(session.reader(), order, keys.get(), at, wanted, direction, stop, &unreadable));
            if (!place) {
                complain(m_back ? "no such event before" : "no such event behind");
                return Found;
            }
            at = *place;
        }
        LEFTFOLD_CHECK(print(session, order, at, keys.get(), out));
        if (unreadable == 0) return Ok;
        complain(fmt::format("{} events passed over cannot be read: any of them may be of this type", unreadable));
        return Failed;
    }

    Result<replay::StepKind> kind(Session& session, std::stop_token stop) const
    {
        if (m_byTransaction) return session.transactionSteps(m_transactionField, std::move(stop));
        if (!m_ofAggregate.empty()) return replay::OfAggregate{m_ofAggregate};
        if (!m_ofType.empty()) return replay::OfType{m_ofType};
        return replay::AnyEvent{};
    }

    Result<void> print(Session& session, const replay::PlayOrder& order, std::uint64_t place,
                       const capture::KeyIndex* keys, Output& out) const
    {
        LEFTFOLD_TRY(const event::EventIndex index, order.eventAt(m_back ? place : place - 1));
        LEFTFOLD_TRY(const std::string event, eventAt(session, index, keys, m_json, out));
        LEFTFOLD_TRY(const Standing standing, standingAt(session, order, place));
        if (!m_json) {
            out.line(event);
            out.line(out.in(90, fmt::format("now at {}, {} events behind", standing.at, standing.eventsBehind)));
            return {};
        }
        out.line(
            fmt::format(R"({{"at":"{}","eventsBehind":{},"event":{}}})", standing.at, standing.eventsBehind, event));
        return {};
    }

    std::string m_at = "@end";
    bool m_back = false;
    std::uint64_t m_steps = 1;
    std::string m_ofAggregate;
    std::string m_by;
    std::string m_ofType;
    bool m_byTransaction = false;
    std::string m_transactionField;
    bool m_json = false;
};

} // namespace

std::unique_ptr<Verb> makeStep()
{
    return std::make_unique<Step>();
}

} // namespace leftfold::app
