// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/diff_text.h"
#include "app/event_text.h"
#include "app/verb.h"
#include "core/base/file.h"
#include "core/replay/transactions.h"
#include "core/snapshot/states_file.h"

#include <fmt/format.h>

namespace leftfold::app {

namespace {

using base::Result;

/// What was found, in one line for people.
std::string summaryLine(const snapshot::DiffSummary& summary)
{
    const std::uint64_t differ = summary.created + summary.changed + summary.deleted;
    return fmt::format("{} aggregates differ: {} created, {} changed, {} deleted; {} touched by the {} events between",
                       differ, summary.created, summary.changed, summary.deleted, summary.touched,
                       summary.eventsBetween);
}

/// The same for programs, behind the aggregates.
std::string summaryJson(const snapshot::DiffSummary& summary)
{
    event::DocumentBuilder json;
    json.beginObject();
    json.key("summary");
    json.beginObject();
    numberMember(json, "created", summary.created);
    numberMember(json, "changed", summary.changed);
    numberMember(json, "deleted", summary.deleted);
    numberMember(json, "touched", summary.touched);
    numberMember(json, "eventsBetween", summary.eventsBetween);
    numberMember(json, "eventsFolded", summary.eventsFolded);
    json.endObject();
    json.endObject();
    return toJson(json.finish().root());
}

/// The words of the command line for what is no difference.
struct RuleOptions {
    std::vector<std::string> ignored;
    std::vector<std::string> sets;
    std::vector<std::string> multisets;
    std::vector<std::string> matchBy;
    std::vector<std::string> tolerances;

    void define(CLI::App& verb)
    {
        const auto rule = [&](const char* name, std::vector<std::string>& rules, const char* type, const char* help) {
            verb.add_option(name, rules, help)
                ->type_name(type)
                ->allow_extra_args(false)
                ->group("What is no difference (each any number of times; in a PATH * is any member or item, ** any "
                        "number of them)");
        };
        rule("--ignore", ignored, "PATH", "whatever stands here, or does not");
        rule("--as-set", sets, "PATH", "an array whose items may stand in any order and be repeated");
        rule("--as-multiset", multisets, "PATH", "an array whose items may stand in any order");
        rule("--match-by", matchBy, "PATH=KEY",
             "an array whose items are matched by what they have at KEY, as /items=/id");
        rule("--tolerance", tolerances, "PATH=NUMBER", "numbers that may be so far apart, as /total=0.01");
    }

    [[nodiscard]] Result<event::DiffRules> rules() const
    {
        event::DiffRules out;
        LEFTFOLD_CHECK(readAll(ignored, out.ignored, event::parsePathPattern));
        LEFTFOLD_CHECK(readAll(sets, out.sets, event::parsePathPattern));
        LEFTFOLD_CHECK(readAll(multisets, out.multisets, event::parsePathPattern));
        LEFTFOLD_CHECK(readAll(matchBy, out.matchedBy, event::parseMatchBy));
        LEFTFOLD_CHECK(readAll(tolerances, out.tolerances, event::parseTolerance));
        return out;
    }

private:
    template <class Rule>
    static Result<void> readAll(const std::vector<std::string>& texts, std::vector<Rule>& rules,
                                Result<Rule> (*read)(std::string_view))
    {
        for (const std::string& text : texts) {
            LEFTFOLD_TRY(Rule rule, read(text));
            rules.push_back(std::move(rule));
        }
        return {};
    }
};

Result<event::Document> readJsonFile(const std::string& path)
{
    constexpr std::uint64_t kMaxBytes = std::uint64_t{4} << 30; // of JSON that is one value
    LEFTFOLD_TRY(const std::string bytes, base::readFile(path, kMaxBytes));
    auto document = event::Document::parse(bytes);
    if (!document) return base::inContext(std::move(document).error(), path);
    return document;
}

class Diff : public Verb {
public:
    const char* name() const override { return "diff"; }
    const char* about() const override { return "what differs between two moments, or between two files"; }
    void define(CLI::App& verb) override
    {
        verb.add_option("LOG", m_first, "the log; or a JSON file, or one of states (ls --json, exports)")->required();
        verb.add_option("A", m_a, "the moment before: a WHEN; or the other file");
        verb.add_option("B", m_b, "the moment after: a WHEN; it may also lie before A");
        verb.add_option("ID", m_id, "only this aggregate");
        addResources(verb, m_log);
        addProjection(verb, m_projection);
        verb.add_option("--transaction", m_transaction,
                        "instead of A and B: before and after this database transaction (Debezium, Maxwell)")
            ->type_name("ID");
        verb.add_option("--transaction-field", m_transactionField, "what names the transaction, where it is not found")
            ->type_name("FIELD");
        verb.add_flag("--brief", m_brief, "only which aggregates differ");
        verb.add_flag("--patch", m_patch,
                      "JSON patches (RFC 6902), a line an aggregate; with ID, or of files, the patch alone")
            ->excludes("--brief");
        m_rules.define(verb);
        addMapping(verb, m_log);
        addMasks(verb, m_log);
        addJson(verb, m_json);
        verb.footer("Examples:\n  leftfold diff orders.jsonl 2011-01-30 2011-01-31\n"
                    "  leftfold diff orders.jsonl '#4711' @end order-7 --fold latest --ignore /updatedAt\n"
                    "  leftfold diff before.json after.json --match-by /items=/id --tolerance '/items/*/price=0.01'\n"
                    "  leftfold diff changes.jsonl --transaction 571\n"
                    "  leftfold ls orders.jsonl --json > today.jsonl; leftfold diff yesterday.jsonl today.jsonl\n\n"
                    "Only aggregates with an event between the two moments are looked at. Exit code 1: they differ.");
    }

    VerbResult run(Output& out, std::stop_token stop) override
    {
        LEFTFOLD_TRY(m_masks, masksOf(m_log));
        LEFTFOLD_TRY(const event::DiffRules rules, m_rules.rules());
        if (m_transaction.empty() == m_a.empty()) {
            return base::fail(base::ErrorCode::BadArgument,
                              m_a.empty() ? "A is required: a moment, a file, or a --transaction instead of both"
                                          : "--transaction stands instead of A and B");
        }
        if (m_transaction.empty() && m_b.empty()) return compareFiles(rules, out, std::move(stop));
        m_log.log = {m_first};
        LEFTFOLD_TRY(const auto session, Session::open(m_log, {.fields = {m_projection.by}}, stop));
        m_idsAreMasked = session->areIdsMasked(m_projection.by);
        LEFTFOLD_TRY(const ExitCode code, compareMoments(*session, rules, out, std::move(stop)));
        return session->lacksEvents() && code == Ok ? Failed : code;
    }

private:
    [[nodiscard]] DiffForm form() const
    {
        if (m_patch) return DiffForm::Patch;
        if (m_json) return DiffForm::Json;
        return m_brief ? DiffForm::Brief : DiffForm::People;
    }
    [[nodiscard]] bool isForPeople() const { return form() == DiffForm::People || form() == DiffForm::Brief; }

    VerbResult compareFiles(const event::DiffRules& rules, Output& out, std::stop_token stop) const
    {
        LEFTFOLD_TRY(const bool firstHasStates, snapshot::StatesFile::looksLikeOne(m_first));
        LEFTFOLD_TRY(const bool otherHasStates, snapshot::StatesFile::looksLikeOne(m_a));
        const bool areStates = firstHasStates || otherHasStates;
        return areStates ? compareStates(rules, out, std::move(stop)) : compareDocuments(rules, out);
    }

    VerbResult compareStates(const event::DiffRules& rules, Output& out, std::stop_token stop) const
    {
        LEFTFOLD_TRY(snapshot::StatesFile before, snapshot::StatesFile::open(m_first));
        LEFTFOLD_TRY(snapshot::StatesFile after, snapshot::StatesFile::open(m_a));
        bool found = false;
        LEFTFOLD_TRY(const auto summary, snapshot::diffStates(before, after, rules, std::move(stop),
                                                              [&](const snapshot::AggregateDiff& diff) -> Result<void> {
                                                                  if (isForPeople() && !found)
                                                                      printHeading(m_first, m_a, out);
                                                                  found = true;
                                                                  print(diff, out);
                                                                  return {};
                                                              }));
        if (isForPeople()) {
            out.line(out.in(90, fmt::format("{} of {} aggregates differ: {} created, {} changed, {} deleted",
                                            summary.created + summary.changed + summary.deleted, summary.aggregates,
                                            summary.created, summary.changed, summary.deleted)));
        } else if (form() == DiffForm::Json) {
            out.line(fmt::format(R"({{"summary":{{"created":{},"changed":{},"deleted":{},"aggregates":{}}}}})",
                                 summary.created, summary.changed, summary.deleted, summary.aggregates));
        }
        return found ? Found : Ok;
    }

    VerbResult compareDocuments(const event::DiffRules& rules, Output& out) const
    {
        LEFTFOLD_TRY(const event::Document before, readJsonFile(m_first));
        LEFTFOLD_TRY(const event::Document after, readJsonFile(m_a));
        const auto changes = m_masks.masked(event::diff(before.root(), after.root(), rules));
        if (isForPeople() && !changes.empty()) printHeading(m_first, m_a, out);
        if (!m_brief) out.write(changesText(changes, form(), out));
        return changes.empty() ? Ok : Found;
    }

    struct Moments {
        capture::OrdinalCut before;
        capture::OrdinalCut after;
    };
    Result<Moments> moments(Session& session, std::stop_token stop) const
    {
        Moments found;
        if (m_transaction.empty()) {
            LEFTFOLD_TRY(found.before, session.resolve(m_a));
            LEFTFOLD_TRY(found.after, session.resolve(m_b));
            return found;
        }
        if (const auto begin = event::parsePosition(m_transaction); begin && m_transactionField.empty()) {
            LEFTFOLD_TRY(const auto spans, replay::transactionSpans(session.reader()));
            LEFTFOLD_TRY(auto logged, replay::transactionRange(session.catalog(), spans, *begin));
            if (logged) return Moments{std::move(logged->before), std::move(logged->behind)};
        }
        LEFTFOLD_TRY(const auto transactions, session.transactions(m_transactionField, std::move(stop)));
        LEFTFOLD_TRY(auto range, replay::transactionRange(session.catalog(), *transactions, m_transaction));
        if (!range) return base::fail(base::ErrorCode::BadArgument, "there is no transaction '" + m_transaction + "'");
        return Moments{std::move(range->before), std::move(range->behind)};
    }

    VerbResult compareMoments(Session& session, const event::DiffRules& rules, Output& out, std::stop_token stop) const
    {
        LEFTFOLD_TRY(const Moments at, moments(session, stop));
        const capture::OrdinalCut& a = at.before;
        const capture::OrdinalCut& b = at.after;
        LEFTFOLD_TRY(const replay::Projection projection, session.projection(m_projection, stop));
        snapshot::DiffOptions options;
        options.workers = session.workers();
        options.rules = rules;
        if (!m_id.empty()) options.only = m_id;
        ProgressLine line("comparing aggregates", false);
        bool found = false;
        LEFTFOLD_TRY(const auto summary,
                     snapshot::diffMoments(
                         session.reader(), projection, a, b, options, stop,
                         [&](std::uint64_t done, std::uint64_t total) { line.show(done, total, 0); },
                         [&](const snapshot::AggregateDiff& diff) -> Result<void> {
                             line.clear();
                             if (isForPeople() && !found) printMoments(out);
                             found = true;
                             print(diff, out);
                             return {};
                         }));
        line.clear();
        printEnd(summary, found, out);
        if (summary.damagedEvents == 0) return found ? Found : Ok;
        complain(fmt::format("{} events could not be read: the states lack them", summary.damagedEvents));
        return Failed;
    }

    void printMoments(Output& out) const
    {
        if (m_transaction.empty()) return printHeading(m_a, m_b, out);
        printHeading("before transaction " + m_transaction, "after transaction " + m_transaction, out);
    }

    static void printHeading(const std::string& before, const std::string& after, Output& out)
    {
        out.line(out.in(1, "--- " + before));
        out.line(out.in(1, "+++ " + after));
    }

    void print(const snapshot::AggregateDiff& diff, Output& out) const
    {
        if (m_masks.isEmpty()) return printWhole(diff, out);
        printWhole(masked(diff, m_masks, m_idsAreMasked), out);
    }

    void printWhole(const snapshot::AggregateDiff& diff, Output& out) const
    {
        const PrintedDiff printed{diff.id, &diff.before, &diff.after, diff.changes};
        out.write(form() == DiffForm::Patch && !m_id.empty() ? patchText(printed)
                                                             : aggregateText(printed, form(), out));
    }

    void printEnd(const snapshot::DiffSummary& summary, bool found, Output& out) const
    {
        if (form() == DiffForm::Json) {
            out.line(summaryJson(summary));
        } else if (form() == DiffForm::Patch) {
            if (!m_id.empty() && !found) out.line("[]");
        } else {
            out.line(out.in(90, summaryLine(summary)));
        }
    }

    LogOptions m_log;
    std::string m_first; ///< LOG, or a file
    std::string m_a;
    std::string m_b;
    std::string m_id;
    std::string m_transaction;
    std::string m_transactionField;
    ProjectionOptions m_projection;
    RuleOptions m_rules;
    snapshot::Masks m_masks;
    bool m_idsAreMasked = false;
    bool m_brief = false;
    bool m_patch = false;
    bool m_json = false;
};

} // namespace

std::unique_ptr<Verb> makeDiff()
{
    return std::make_unique<Diff>();
}

} // namespace leftfold::app
