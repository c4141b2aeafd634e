// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workspace_run.h"

#include "app/event_text.h"

#include <fmt/format.h>

namespace leftfold::app {

using base::Result;
using workspace::CheckedExpectation;
using workspace::Expectation;

namespace {

class ExpectationLines {
public:
    ExpectationLines(const Session& session, bool json, Output& out) : m_session(session), m_json(json), m_out(out) {}

    void print(const Expectation& expected, const CheckedExpectation& checked)
    {
        m_all += 1;
        m_held += checked.holds ? 1 : 0;
        m_json ? printJson(expected, checked) : printText(expected, checked);
    }
    void printEnd()
    {
        m_out.line(m_json ? fmt::format(R"({{"expectations":{},"hold":{}}})", m_all, m_held)
                          : m_out.in(90, fmt::format("{} of {} hold", m_held, m_all)));
    }
    [[nodiscard]] bool allHold() const { return m_all == m_held; }

private:
    /// What came out: a result, or why there is none.
    [[nodiscard]] std::string foundBy(const CheckedExpectation& checked) const
    {
        return checked.stopped ? base::render(m_session.shown(*checked.stopped)) : resultOf(checked.found);
    }

    void printText(const Expectation& expected, const CheckedExpectation& checked)
    {
        const std::string what = m_session.shownText(describe(expected));
        const std::string found = foundBy(checked);
        if (checked.holds) {
            m_out.line(fmt::format("{}  {}: {}", m_out.in(32, "ok     "), what, found));
        } else {
            m_out.line(fmt::format("{}  {}", m_out.in(31, "differs"), what));
            m_out.line("         expected  "
                       + (expected.isRecorded() ? resultOf(expected) : "nothing was recorded yet"));
            m_out.line("         got       " + found);
        }
        if (!expected.note.empty())
            m_out.line(m_out.in(90, "         " + printable(m_session.shownText(expected.note), 0)));
    }

    void printJson(const Expectation& expected, const CheckedExpectation& checked)
    {
        event::DocumentBuilder json;
        json.beginObject();
        textMember(json, "kind", kindOf(expected));
        textMember(json, "what", m_session.shownText(describe(expected)));
        if (!expected.note.empty()) textMember(json, "note", m_session.shownText(expected.note));
        booleanMember(json, "holds", checked.holds);
        json.key("expected");
        expected.isRecorded() ? json.text(resultOf(expected)) : json.null();
        json.key("got");
        checked.stopped ? json.null() : json.text(resultOf(checked.found));
        if (checked.stopped) {
            json.key("error");
            json.beginObject();
            errorMembers(json, m_session.shown(*checked.stopped));
            json.endObject();
        }
        json.endObject();
        m_out.line(toJson(json.finish().root()));
    }

    const Session& m_session;
    bool m_json;
    Output& m_out;
    std::size_t m_all = 0;
    std::size_t m_held = 0;
};

snapshot::Progress shownBy(ProgressLine& line)
{
    return [&line](std::uint64_t done, std::uint64_t total) { line.show(done, total, 0); };
}

} // namespace

void addAllowOutside(CLI::App& verb, bool& allowOutside)
{
    verb.add_flag("--allow-outside", allowOutside,
                  "of a workspace: open logs, scripts and other files outside of its folder, clusters and registries");
}

Result<OpenedWorkspace> openWorkspace(const WorkspaceRun& asked, std::stop_token stop)
{
    OpenedWorkspace opened;
    LEFTFOLD_TRY(opened.file, workspace::readWorkspace(asked.path));
    if (!asked.allowOutside) {
        auto inside = checkInside(opened.file, asked.path);
        if (!inside) {
            complain("--allow-outside opens it all the same");
            return tl::unexpected(std::move(inside).error());
        }
    }
    LEFTFOLD_TRY(const snapshot::Masks own, workspace::masksOf(opened.file));
    LEFTFOLD_TRY(const snapshot::Masks more, masksOf(asked.how));
    std::vector<snapshot::MaskRule> rules = own.rules();
    rules.insert(rules.end(), more.rules().begin(), more.rules().end());
    LEFTFOLD_TRY(workspace::LoadOptions load, workspace::loadOptionsOf(opened.file));
    load.cacheRoot = asked.how.cache;
    load.workers = workersOf(asked.how);
    load.fresh = asked.how.fresh;
    load.strict = asked.how.strict;
    LEFTFOLD_TRY(opened.session, Session::open(load, snapshot::Masks(std::move(rules)), {}, std::move(stop)));
    return opened;
}

VerbResult checkWorkspace(OpenedWorkspace& opened, bool json, Output& out, std::stop_token stop)
{
    workspace::WorkspaceReplay replay(opened.session->reader(), opened.file, opened.session->workers());
    ExpectationLines lines(*opened.session, json, out);
    std::uint64_t unreadable = 0;
    for (const Expectation& expected : opened.file.expectations) {
        ProgressLine line("replaying", false);
        LEFTFOLD_TRY(const CheckedExpectation checked, replay.check(expected, stop, shownBy(line)));
        line.clear();
        lines.print(expected, checked);
        unreadable += checked.unreadable;
    }
    lines.printEnd();
    if (unreadable > 0) complain(fmt::format("{} events or aggregates could not be read", unreadable));
    if (unreadable > 0 || opened.session->lacksEvents()) return Failed;
    return lines.allHold() ? Ok : Found;
}

VerbResult runWorkspace(const WorkspaceRun& asked, Output& out, std::stop_token stop)
{
    LEFTFOLD_TRY(OpenedWorkspace opened, openWorkspace(asked, stop));
    if (opened.file.expectations.empty())
        complain(asked.path + " expects nothing: 'leftfold workspace add' has the options that make it");
    return checkWorkspace(opened, asked.json, out, std::move(stop));
}

Result<void> recordWorkspace(OpenedWorkspace& opened, std::size_t first, std::stop_token stop)
{
    // What cannot be opened as a workspace's is not made one: less may be read of it than of the user's own words.
    LEFTFOLD_CHECK(workspace::loadOptionsOf(opened.file).map([](const workspace::LoadOptions&) {}));
    workspace::WorkspaceReplay replay(opened.session->reader(), opened.file, opened.session->workers());
    std::vector<Expectation>& all = opened.file.expectations;
    for (std::size_t number = first; number < all.size(); ++number) {
        ProgressLine line("replaying", false);
        LEFTFOLD_TRY(CheckedExpectation checked, replay.check(all[number], stop, shownBy(line)));
        line.clear();
        if (checked.stopped) return base::inContext(std::move(*checked.stopped), describe(all[number]));
        all[number] = std::move(checked.found);
    }
    return {};
}

} // namespace leftfold::app
