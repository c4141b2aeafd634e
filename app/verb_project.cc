// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/event_text.h"
#include "app/verb.h"
#include "core/replay/script_project.h"
#include "core/replay/streams.h"
#include "core/workspace/projections.h"

#include <fmt/format.h>
#include <map>

namespace leftfold::app {

namespace {

using base::Result;

/// What a projection did, sorted by kind.
struct Outputs {
    std::vector<replay::ProjectedOutput> emitted; ///< and linked
    std::vector<replay::ProjectedOutput> logs;
    std::vector<replay::ProjectedOutput> skipped;
    std::map<std::string, std::uint64_t> skippedByReason;

    void add(const replay::ProjectedOutput& output)
    {
        const std::string kind = textAt(output, "kind");
        if (kind == "log") {
            logs.push_back(output);
        } else if (kind == "skipped") {
            ++skippedByReason[textAt(output, "reason")];
            skipped.push_back(output);
        } else {
            emitted.push_back(output);
        }
    }

    static std::string textAt(const replay::ProjectedOutput& output, const char* name)
    {
        const auto value = output.what.root().find(base::ByteView(name));
        return value && value->kind() == event::Kind::Text ? std::string(value->text()) : std::string();
    }
};

void eventMember(event::DocumentBuilder& json, const replay::ProjectedOutput& output)
{
    json.key("event");
    if (!output.event) return json.null();
    json.beginObject();
    numberMember(json, "index", output.event->value);
    textMember(json, "position", output.position);
    json.endObject();
}

void outputsMember(event::DocumentBuilder& json, const char* name, const std::vector<replay::ProjectedOutput>& outputs)
{
    json.key(name);
    json.beginArray();
    for (const replay::ProjectedOutput& output : outputs) {
        json.beginObject();
        eventMember(json, output);
        for (const event::Member& member : output.what.root().members()) {
            if (member.key == "event") continue;
            json.key(member.key);
            json.value(member.value);
        }
        json.endObject();
    }
    json.endArray();
}

void findingsMember(event::DocumentBuilder& json, const std::vector<replay::ProjectedAll::Finding>& findings)
{
    json.key("findings");
    json.beginArray();
    for (const auto& finding : findings) {
        json.beginObject();
        json.key("event");
        json.beginObject();
        numberMember(json, "index", finding.event.value);
        textMember(json, "position", finding.position);
        json.endObject();
        errorMembers(json, finding.what);
        json.endObject();
    }
    json.endArray();
}

void failureMember(event::DocumentBuilder& json, const replay::ProjectedAll& all)
{
    json.key("error");
    if (!all.failure) return json.null();
    const base::Error& error = *all.failure;
    json.beginObject();
    errorMembers(json, error);
    if (all.failedAt) numberMember(json, "event", all.failedAt->value);
    if (error.code == base::ErrorCode::ScriptFailed) {
        textMember(json, "position", error.args[0]);
        textMember(json, "handler", error.args[1]);
        textMember(json, "description", error.args[2]);
        textMember(json, "file", error.args[3]);
        json.key("line");
        json.number(base::ByteView(error.args[4]));
        json.key("column");
        json.number(base::ByteView(error.args[5]));
    }
    json.endObject();
}

std::string allJson(const std::string& at, const fold::Script& script, const replay::ProjectedAll& all,
                    const Outputs& outputs)
{
    event::DocumentBuilder json;
    json.beginObject();
    textMember(json, "at", at);
    numberMember(json, "events", all.events);
    json.key("definition");
    json.value(script.definition().root());
    json.key("partitions");
    json.beginArray();
    for (const replay::ProjectedPartition& partition : all.partitions) {
        json.beginObject();
        textMember(json, "partition", partition.id);
        json.key("state");
        json.value(partition.state.root());
        json.key("result");
        json.value(partition.result.root());
        json.endObject();
    }
    json.endArray();
    if (all.shared) {
        json.key("shared");
        json.value(all.shared->root());
    }
    outputsMember(json, "emitted", outputs.emitted);
    outputsMember(json, "logs", outputs.logs);
    outputsMember(json, "skipped", outputs.skipped);
    findingsMember(json, all.findings);
    failureMember(json, all);
    json.endObject();
    return toJson(json.finish().root());
}

class Project : public LogVerb {
public:
    const char* name() const override { return "project"; }
    const char* about() const override { return "runs a projection in JavaScript, and tells all that it does"; }
    void define(CLI::App& verb) override
    {
        addLog(verb, m_log, LogCount::One);
        verb.add_option("FILE", m_file, "the projection: a file of JavaScript")->required();
        addAt(verb, m_at);
        addBy(verb, m_by);
        addNumbersAsText(verb, m_numbersAsText);
        addMapping(verb, m_log);
        addJson(verb, m_json);
        verb.footer("Examples:\n  leftfold project orders.jsonl totals.js\n  leftfold project orders.jsonl totals.js "
                    "--at 2011-01-31 --json\n\nOther verbs take it as --fold FILE, and fold only what they need.");
    }

private:
    SessionNeeds needs() const override { return {.fields = {m_by}}; }
    VerbResult read(Session& session, Output& out, std::stop_token stop) override
    {
        fold::ScriptOptions options;
        options.exactNumbers = m_numbersAsText;
        LEFTFOLD_TRY(const auto loaded, fold::Script::load(m_file, options));
        LEFTFOLD_TRY(const capture::OrdinalCut cut, session.resolve(m_at));
        const decode::Mapping& mapping = session.catalog().mapping();
        std::shared_ptr<const capture::KeyIndex> streams;
        if (mapping.id) {
            LEFTFOLD_TRY(streams, session.index({}, stop));
        }
        auto ids = streams;
        if (!m_by.empty()) {
            LEFTFOLD_TRY(ids, session.index(m_by, stop));
        }
        const auto script = loaded->over(replay::streamsOf(streams, mapping));
        ProgressLine line("projecting", false);
        const auto progress = [&](std::uint64_t done, std::uint64_t total) { line.show(done, total, 0); };
        Outputs outputs;
        const auto sink = [&](const replay::ProjectedOutput& output) { outputs.add(output); };
        const auto all = replay::projectAll(session.reader(), *script, ids.get(), cut, std::move(stop), progress, sink);
        line.clear();
        if (!all) return tl::unexpected(all.error());
        if (m_json)
            out.line(allJson(m_at, *script, *all, outputs));
        else
            print(*all, outputs, out);
        if (!all->failure) return Ok;
        complain(*all->failure);
        return Failed;
    }

    void print(const replay::ProjectedAll& all, const Outputs& outputs, Output& out) const
    {
        for (const replay::ProjectedPartition& partition : all.partitions)
            out.line(fmt::format("{}  {}", out.in(1, printable(partition.id, 0)),
                                 printable(toJson(partition.state.root()), 0)));
        if (all.shared) out.line(fmt::format("shared  {}", printable(toJson(all.shared->root()), 0)));
        for (const auto* list : {&outputs.emitted, &outputs.logs}) {
            for (const replay::ProjectedOutput& output : *list)
                out.line(out.in(90, fmt::format("{}  {}", output.position, printable(toJson(output.what.root()), 0))));
        }
        for (const auto& finding : all.findings)
            out.line(out.in(90, fmt::format("{}  {}", finding.position, printable(render(finding.what), 0))));
        std::string skipped;
        for (const auto& [reason, count] : outputs.skippedByReason) skipped += fmt::format(", {} {}", count, reason);
        out.line(out.in(90, fmt::format("{} events, {} partitions{}", all.events, all.partitions.size(),
                                        skipped.empty() ? "" : "; skipped" + skipped.substr(1))));
    }

    std::string m_file;
    std::string m_at = "@end";
    std::string m_by;
    bool m_numbersAsText = false;
    bool m_json = false;
};

} // namespace

std::unique_ptr<Verb> makeProject()
{
    return std::make_unique<Project>();
}

} // namespace leftfold::app
