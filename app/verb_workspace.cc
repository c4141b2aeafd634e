// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/event_text.h"
#include "app/verb.h"
#include "app/workspace_run.h"
#include "core/event/pointer.h"
#include "core/event/when.h"
#include "core/replay/breakpoint.h"
#include "core/workspace/workspace_pack.h"
#include "core/workspace/workspace_paths.h"

#include <filesystem>
#include <fmt/format.h>

namespace leftfold::app {

namespace {

using base::ErrorCode;
using base::Result;
using workspace::Expectation;
using workspace::WorkspaceFile;
namespace fs = std::filesystem;

class Workspace : public Verb {
public:
    const char* name() const override { return "workspace"; }
    const char* about() const override { return "make, add to, record and pack a workspace file (.leftfold)"; }
    void define(CLI::App& verb) override
    {
        m_typed = &verb;
        verb.add_option("ACTION", m_action, "new, add, record or pack")
            ->check(CLI::IsMember({"new", "add", "record", "pack"}))
            ->required();
        verb.add_option("FILE", m_file, "the workspace, as bug.leftfold")->required();
        verb.add_option_function<std::string>(
            "LOG", [&](const std::string& log) { m_log.log = {log}; }, "new: its log");
        defineContent(verb);
        verb.add_option("-o,--out", m_out, "pack: the folder to be made")->type_name("FOLDER");
        verb.add_flag("--whole", m_whole, "pack: the whole log, also where its beginning is all that is needed");
        verb.add_flag("--force", m_force, "new: replace FILE");
        addAllowOutside(verb, m_allowOutside);
        addProjection(verb, m_projection);
        addMapping(verb, m_log);
        verb.add_option("--masks", m_log.masksFile, "new: a file of masking rules, one a line")->type_name("FILE");
        addResources(verb, m_log);
        verb.footer("Examples:\n"
                    "  leftfold workspace new bug.leftfold orders.jsonl --fold stock.js --expect-hash @end \\\n"
                    "      --break 'becomes /stock < 0' --note 'stock below zero'\n"
                    "  leftfold workspace add bug.leftfold --fold stock-fixed.js --lock-step stock\n"
                    "  leftfold run bug.leftfold\n"
                    "  leftfold workspace pack bug.leftfold -o bug-of-monday\n\n"
                    "What is expected is what comes out now; 'record' takes it anew, after a change that was meant.\n"
                    "'pack' copies log, scripts and masks into one folder, which runs anywhere.");
    }

    VerbResult run(Output& out, std::stop_token stop) override
    {
        if (!workspace::isWorkspacePath(m_file))
            return base::fail(ErrorCode::BadArgument,
                              "a workspace's name ends in .leftfold, and " + m_file + " does not");
        if (m_action != "new" && !m_log.log.empty())
            return base::fail(ErrorCode::BadArgument, "the log of a workspace is said when it is made, by 'new'");
        if (const std::string others = typedForAnother(); !others.empty())
            return base::fail(ErrorCode::BadArgument, "'workspace " + m_action + "' takes no " + others);
        LEFTFOLD_CHECK(checkTogether());
        if (m_action == "new") return make(out, std::move(stop));
        if (m_action == "pack") return pack(out, std::move(stop));
        LEFTFOLD_TRY(OpenedWorkspace opened, open(stop));
        const std::size_t known = opened.file.expectations.size();
        if (m_action == "add") LEFTFOLD_CHECK(add(opened.file));
        LEFTFOLD_CHECK(recordWorkspace(opened, m_action == "add" ? known : 0, std::move(stop)));
        return write(opened, out);
    }

private:
    /// What was typed that this action has no use for.
    [[nodiscard]] std::string typedForAnother() const
    {
        std::vector<std::string> taken = {"ACTION",  "FILE",    "--cache",  "--workers",
                                          "--color", "--fresh", "--strict", "--allow-outside"};
        if (m_action == "pack") taken.insert(taken.end(), {"--out", "--whole"});
        if (m_action == "add") taken.insert(taken.end(), {"--by", "--fold", "--only-type", "--numbers-as-text"});
        for (const CLI::Option* option : m_typed->get_options()) {
            const std::string name = option->get_name();
            const bool isOfPack = name == "--out" || name == "--whole";
            if (m_action == "new" ? !isOfPack : m_action == "add" && option->get_group() == kContent)
                taken.push_back(name);
        }
        return typedBut(*m_typed, taken);
    }

    /// What says nothing by itself, or nothing at all, as a variable of the shell that was not set.
    [[nodiscard]] Result<void> checkTogether() const
    {
        for (const char* name : {"--from", "--mark-a", "--mark-b", "--of", "--lock-step"}) {
            const CLI::Option* const option = m_typed->get_option(name);
            if (option->count() > 0 && option->as<std::string>().empty())
                return base::fail(ErrorCode::BadArgument, std::string(name) + " says nothing");
        }
        if ((m_back || !m_from.empty()) && m_breakpoints.empty())
            return base::fail(ErrorCode::BadArgument, "--back and --from are of the run to a --break");
        if (m_aggregate.empty() != (m_conditions.empty() && m_watches.empty()))
            return base::fail(ErrorCode::BadArgument, "--of says which aggregate --where and --watch are about");
        if (m_projection.numbersAsText && !workspace::isScript(m_projection.fold))
            return base::fail(ErrorCode::BadArgument, "--numbers-as-text is of a projection in JavaScript, by --fold");
        return {};
    }

    void defineContent(CLI::App& verb)
    {
        const char* group = kContent;
        const auto several = [&](const char* name, std::vector<std::string>& target, const char* type,
                                 const char* help) {
            verb.add_option(name, target, help)
                ->type_name(type)
                ->expected(1)
                ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
                ->group(group);
        };
        const auto one = [&](const char* name, std::string& target, const char* type, const char* help) {
            verb.add_option(name, target, help)->type_name(type)->group(group);
        };
        one("--name", m_name, "NAME",
            "what its projection (--by, --fold, --only-type) is called; neither: the first one of FILE");
        several("--expect-hash", m_hashes, "WHEN", "expect the hash of all states at a moment");
        several("--break", m_breakpoints, "BREAKPOINT", "a breakpoint; expect what a run to it finds");
        verb.add_flag("--back", m_back, "the run to each --break goes back")->group(group);
        one("--from", m_from, "WHEN", "where it begins; not given: at the start, and back at the end");
        one("--of", m_aggregate, "ID", "the aggregate of --where and --watch");
        several("--where", m_conditions, "CONDITION", "expect the events behind which it turns (bisect)");
        several("--watch", m_watches, "PATH", "keep a field of it in sight");
        one("--lock-step", m_other, "NAME", "expect where this projection parts from another one of FILE (compare)");
        one("--mark-a", m_markA, "WHEN", "the mark A");
        one("--mark-b", m_markB, "WHEN", "the mark B");
        several("--bookmark", m_bookmarks, "NAME=WHEN", "a place with a name");
        several("--view", m_views, "GROUP", "a consumer group to be looked at");
        one("--note", m_note, "TEXT", "what is expected here, in words");
    }

    VerbResult make(Output& out, std::stop_token stop)
    {
        if (m_log.log.empty()) return base::fail(ErrorCode::BadArgument, "which log is the workspace of?");
        std::error_code ignored;
        if (!m_force && fs::exists(m_file, ignored)) return base::fail(ErrorCode::FileExists, m_file);
        LEFTFOLD_TRY(const workspace::LoadOptions load, loadOptions(m_log, {.fields = {m_projection.by}}));
        LEFTFOLD_TRY(workspace::SavedLog saved, workspace::workspaceOf(load, {}));
        OpenedWorkspace opened;
        opened.file = std::move(saved.file);
        opened.file.decode = m_log.decode;
        for (std::string& rule : opened.file.decode) {
            LEFTFOLD_TRY(const decode::TypedRule typed, decode::parseDecodeRule(rule));
            rule = workspace::withSchemaFile(rule, typed.file, fromHere(typed.file));
        }
        opened.file.registry = m_log.registry;
        opened.file.masksFile = fromHere(m_log.masksFile);
        LEFTFOLD_CHECK(add(opened.file));
        LEFTFOLD_TRY(snapshot::Masks masks, workspace::masksOf(opened.file));
        LEFTFOLD_TRY(opened.session, Session::open(load, std::move(masks), {}, stop));
        LEFTFOLD_CHECK(recordWorkspace(opened, 0, std::move(stop)));
        return write(opened, out);
    }

    [[nodiscard]] Result<OpenedWorkspace> open(std::stop_token stop) const
    {
        LogOptions how;
        how.cache = m_log.cache;
        how.workers = m_log.workers;
        how.fresh = m_log.fresh;
        how.strict = m_log.strict;
        return openWorkspace({m_file, std::move(how), m_allowOutside, false}, std::move(stop));
    }

    [[nodiscard]] static std::string fromHere(const std::string& path)
    {
        return workspace::pathIn(fs::current_path().string(), path);
    }

    /// The projection that is asked for: one that the file has, or a new one. Its name.
    Result<std::string> projectionIn(WorkspaceFile& file) const
    {
        const bool isSaid = !m_projection.by.empty() || !m_projection.fold.empty() || !m_projection.types.empty();
        if (!isSaid && m_name.empty() && !file.projections.empty()) return file.projections.front().name;
        workspace::ProjectionChoice choice{m_projection.by, m_projection.fold, m_projection.types,
                                           m_projection.numbersAsText};
        if (workspace::isScript(choice.fold)) {
            choice.fold = fromHere(choice.fold);
            const std::string folder = workspace::folderOf(m_file);
            if (workspace::liesIn(folder, choice.fold)) choice.root = folder;
        } else if (!choice.fold.empty()) {
            LEFTFOLD_CHECK(workspace::openFold(choice.fold).map([](const auto&) {}));
        }
        for (const workspace::NamedProjection& known : file.projections) {
            const bool isMeant = m_name.empty() ? known.choice == choice : known.name == m_name;
            const bool isNoOther = known.choice == choice || choice == workspace::ProjectionChoice{};
            if (isMeant && isNoOther) return known.name;
            if (isMeant)
                return base::fail(ErrorCode::BadArgument, "another projection of " + m_file + " is called " + m_name);
        }
        std::string name = m_name.empty() ? workspace::nameFor(choice, file.projections) : m_name;
        file.projections.push_back({name, std::move(choice)});
        return name;
    }

    /// What the options say is put into the file; nothing is recorded yet.
    Result<void> add(WorkspaceFile& file) const
    {
        LEFTFOLD_TRY(const std::string projection, projectionIn(file));
        const auto expect = [&](auto what) { file.expectations.push_back(Expectation{m_note, std::move(what)}); };
        for (const std::string& at : m_hashes) {
            LEFTFOLD_CHECK(event::parseWhen(at).map([](const event::When&) {}));
            expect(workspace::ExpectedSnapshot{projection, at});
        }
        if (!m_from.empty()) LEFTFOLD_CHECK(event::parseWhen(m_from).map([](const event::When&) {}));
        for (const std::string& text : m_breakpoints) {
            LEFTFOLD_CHECK(replay::parseBreakpoint(text).map([](const replay::Breakpoint&) {}));
            file.breakpoints.push_back({text, projection, true});
            expect(workspace::ExpectedRun{projection, {text}, m_back, m_from});
        }
        for (const std::string& where : m_conditions) expect(workspace::ExpectedTurns{projection, m_aggregate, where});
        for (const std::string& field : m_watches) {
            LEFTFOLD_CHECK(event::parsePointer(field).map([](const event::Pointer&) {}));
            file.watches.push_back({m_aggregate, field, projection});
        }
        LEFTFOLD_CHECK(addOther(file, projection));
        return addPlaces(file);
    }

    Result<void> addOther(WorkspaceFile& file, const std::string& projection) const
    {
        if (m_other.empty()) return {};
        if (!file.hasProjection(m_other))
            return base::fail(ErrorCode::BadArgument, "there is no projection '" + m_other + "' in " + m_file);
        file.expectations.push_back(Expectation{m_note, workspace::ExpectedParting{m_other, projection}});
        return {};
    }

    Result<void> addPlaces(WorkspaceFile& file) const
    {
        const auto isMoment = [](const std::string& at) { return event::parseWhen(at).map([](const event::When&) {}); };
        if (!m_markA.empty()) file.markA = m_markA;
        if (!m_markB.empty()) file.markB = m_markB;
        for (const auto& mark : {file.markA, file.markB}) {
            if (mark) LEFTFOLD_CHECK(isMoment(*mark));
        }
        for (const std::string& text : m_bookmarks) {
            const std::size_t equals = text.find('=');
            if (equals == std::string::npos || equals == 0)
                return base::fail(ErrorCode::BadArgument, "'" + text + "' is no NAME=WHEN");
            LEFTFOLD_CHECK(isMoment(text.substr(equals + 1)));
            std::erase_if(file.bookmarks, [&](const auto& known) { return known.name == text.substr(0, equals); });
            file.bookmarks.push_back({text.substr(0, equals), text.substr(equals + 1)});
        }
        file.views.insert(file.views.end(), m_views.begin(), m_views.end());
        return {};
    }

    VerbResult write(const OpenedWorkspace& opened, Output& out) const
    {
        LEFTFOLD_CHECK(workspace::writeWorkspace(opened.file, m_file));
        for (const std::string& each : workspace::outsideOf(opened.file, m_file))
            complain(each + " lies outside of the folder of " + m_file
                     + ": 'run' opens it with --allow-outside, 'workspace pack' takes a copy along");
        out.line(fmt::format("{}: {} projections, {} expectations", m_file, opened.file.projections.size(),
                             opened.file.expectations.size()));
        return opened.session->lacksEvents() ? Failed : Ok;
    }

    VerbResult pack(Output& out, std::stop_token stop)
    {
        if (m_out.empty()) return base::fail(ErrorCode::BadArgument, "which folder is to be made? -o FOLDER");
        LEFTFOLD_TRY(OpenedWorkspace opened, open(stop));
        Session& session = *opened.session;
        ProgressLine line("packing", false);
        const workspace::PackOptions options{m_whole, session.indexFolder(), session.workers()};
        LEFTFOLD_TRY(const workspace::PackedWorkspace packed,
                     workspace::packWorkspace(session.reader(), opened.file, m_file, m_out, options, stop));
        line.clear();
        const std::uint64_t all = session.catalog().eventCount();
        if (packed.events < all)
            complain(fmt::format("{} of {} events are needed and packed; --whole takes all", packed.events, all));
        if (!opened.file.masksFile.empty()) complain("the packed log holds everything, also what is masked");
        for (const std::string& name : packed.files) out.line((fs::path(m_out) / name).string());
        return opened.session->lacksEvents() ? Failed : Ok;
    }

    static constexpr const char* kContent = "What is put in (new, add)"; ///< a group of options

    const CLI::App* m_typed = nullptr; ///< set by define
    std::string m_action;
    std::string m_file;
    std::string m_out;
    bool m_force = false;
    bool m_whole = false;
    bool m_allowOutside = false;
    LogOptions m_log;
    ProjectionOptions m_projection;
    std::string m_name;
    std::vector<std::string> m_hashes;
    std::vector<std::string> m_breakpoints;
    bool m_back = false;
    std::string m_from;
    std::string m_aggregate;
    std::vector<std::string> m_conditions;
    std::vector<std::string> m_watches;
    std::string m_other;
    std::string m_markA;
    std::string m_markB;
    std::vector<std::string> m_bookmarks;
    std::vector<std::string> m_views;
    std::string m_note;
};

} // namespace

std::unique_ptr<Verb> makeWorkspace()
{
    return std::make_unique<Workspace>();
}

} // namespace leftfold::app
