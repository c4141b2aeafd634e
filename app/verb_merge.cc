// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/event_text.h"
#include "app/verb.h"
#include "core/workspace/merge.h"

#include <fmt/format.h>

namespace leftfold::app {

namespace {

using base::Result;
using workspace::MergeSummary;

/// FILE:TOPIC=NAME, as it was typed.
struct Rename {
    std::string log;
    std::string topic;
    std::string name;
};

std::optional<Rename> parseRename(const std::string& text)
{
    const std::size_t equals = text.rfind('=');
    const std::size_t colon = equals == std::string::npos ? equals : text.rfind(':', equals);
    if (colon == std::string::npos || colon == 0 || colon + 1 == equals || equals + 1 == text.size())
        return std::nullopt;
    return Rename{text.substr(0, colon), text.substr(colon + 1, equals - colon - 1), text.substr(equals + 1)};
}

class Merge : public Verb {
public:
    const char* name() const override { return "merge"; }
    const char* about() const override { return "several logs as one capture, in one replay order"; }
    void define(CLI::App& verb) override
    {
        verb.add_option("LOG", m_logs, "captures, or sources, which are captured into the cache first")
            ->required()
            ->expected(2, 1'000);
        verb.add_option("-o,--out", m_out, "the capture to be made")->type_name("FILE.lflog")->required();
        verb.add_option(
                "--rename", m_renames,
                "call a topic of one of the logs NAME (any number of times): two different logs may have one name")
            ->type_name("LOG:TOPIC=NAME");
        addResources(verb, m_log);
        addMapping(verb, m_log);
        addJson(verb, m_json);
        verb.footer("Examples:\n  leftfold merge monday.lflog tuesday.lflog -o both.lflog\n"
                    "  leftfold merge berlin/shop.jsonl paris/shop.jsonl -o shops.lflog --rename "
                    "paris/shop.jsonl:shop=paris\n\n"
                    "Events that several logs have are taken once. Where they contradict each other the first\n"
                    "log's event is kept and the place listed: exit code 1.");
    }

    VerbResult run(Output& out, std::stop_token stop) override
    {
        std::vector<std::unique_ptr<Session>> sessions;
        LEFTFOLD_TRY(const auto inputs, openAll(sessions, stop));
        workspace::MergeOptions options;
        options.path = m_out;
        options.workers = workersOf(m_log);
        LEFTFOLD_TRY(options.mapping, mappingOf(m_log));
        options.indexFolder = sessions.front()->reader().indexFolder();
        ProgressLine line("merging", false);
        LEFTFOLD_TRY(const MergeSummary summary, workspace::mergeCaptures(inputs, options, std::move(stop),
                                                                          [&](std::uint64_t done, std::uint64_t total) {
                                                                              line.show(done, total, 0);
                                                                          }));
        line.clear();
        m_json ? printJson(summary, out) : print(summary, out);
        return summary.contradictionCount > 0 ? Found : Ok;
    }

private:
    Result<std::vector<workspace::MergeInput>> openAll(std::vector<std::unique_ptr<Session>>& sessions,
                                                       const std::stop_token& stop) const
    {
        std::vector<workspace::MergeInput> inputs;
        for (const std::string& log : m_logs) {
            LogOptions options = m_log;
            options.log = {log};
            LEFTFOLD_TRY(auto session, Session::open(options, {.mustCapture = true}, stop));
            inputs.push_back({&session->reader(), log, {}});
            sessions.push_back(std::move(session));
        }
        for (const std::string& text : m_renames) LEFTFOLD_CHECK(rename(text, inputs));
        return inputs;
    }

    static Result<void> rename(const std::string& text, std::vector<workspace::MergeInput>& inputs)
    {
        const auto rename = parseRename(text);
        if (!rename) return base::fail(base::ErrorCode::BadArgument, fmt::format("'{}' is not LOG:TOPIC=NAME", text));
        const auto input = std::ranges::find(inputs, rename->log, &workspace::MergeInput::name);
        if (input == inputs.end())
            return base::fail(base::ErrorCode::BadArgument, fmt::format("{} is none of the logs", rename->log));
        input->topics[rename->topic] = rename->name;
        return {};
    }

    void print(const MergeSummary& summary, Output& out) const
    {
        out.line(
            fmt::format("{} events in {}, {} of them in more than one log", summary.events, m_out, summary.shared));
        out.line(fmt::format("identity  {}", base::toHex(summary.identity)));
        if (summary.contradictionCount == 0) return;
        out.line(fmt::format("{} contradictions; kept is", summary.contradictionCount));
        for (const workspace::Contradiction& each : summary.contradictions)
            out.line(fmt::format("  {}  the event of {}, not that of {}", toText(each.position), m_logs[each.kept],
                                 m_logs[each.left]));
    }

    void printJson(const MergeSummary& summary, Output& out) const
    {
        event::DocumentBuilder json;
        json.beginObject();
        textMember(json, "capture", m_out);
        numberMember(json, "events", summary.events);
        numberMember(json, "shared", summary.shared);
        textMember(json, "identity", base::toHex(summary.identity));
        numberMember(json, "contradictionCount", summary.contradictionCount);
        json.key("contradictions");
        json.beginArray();
        for (const workspace::Contradiction& each : summary.contradictions) {
            json.beginObject();
            textMember(json, "position", toText(each.position));
            textMember(json, "kept", m_logs[each.kept]);
            textMember(json, "left", m_logs[each.left]);
            json.endObject();
        }
        json.endArray();
        json.endObject();
        out.line(toJson(json.finish().root()));
    }

    std::vector<std::string> m_logs;
    std::string m_out;
    std::vector<std::string> m_renames;
    LogOptions m_log;
    bool m_json = false;
};

} // namespace

std::unique_ptr<Verb> makeMerge()
{
    return std::make_unique<Merge>();
}

} // namespace leftfold::app
