// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/event_text.h"
#include "app/verb.h"
#include "core/snapshot/verify.h"
#include "core/workspace/projections.h"

#include <filesystem>
#include <fmt/format.h>

namespace leftfold::app {

namespace {

using base::Result;
using snapshot::VerifyReport;

constexpr std::array<std::string_view, 3> kKinds = {"missing", "extra", "different"};

std::string_view nameOf(snapshot::RowDifference::Kind kind)
{
    return kKinds[static_cast<std::size_t>(kind)];
}

class Verify : public Verb {
public:
    const char* name() const override { return "verify"; }
    const char* about() const override { return "whether an export is what its log gives; exit code 1 if not"; }
    void define(CLI::App& verb) override
    {
        verb.add_option("EXPORT", m_export, "a file that 'leftfold export' wrote, its manifest beside it")->required();
        verb.add_option_function<std::string>(
            "LOG", [&](const std::string& log) { m_log.log = {log}; },
            "the log it was made from, where it is not where the manifest says");
        verb.add_option("--fold", m_script, "the projection in JavaScript that the export was made by")
            ->type_name("FILE.js");
        addNumbersAsText(verb, m_numbersAsText);
        addResources(verb, m_log);
        addJson(verb, m_json);
        verb.footer("Examples:\n  leftfold verify states.jsonl\n  leftfold verify states.jsonl orders.lflog --json\n"
                    "  leftfold verify stock.jsonl --fold stock.js\n\n"
                    "Checked are the manifest, the file, the states read from it, and, where the log is there,\n"
                    "that the log still begins with the same events and gives the same states.");
    }

    VerbResult run(Output& out, std::stop_token stop) override
    {
        VerifyReport report;
        LEFTFOLD_TRY(const auto manifest, snapshot::verifyFile(m_export, stop, report));
        bool damaged = false;
        if (manifest && findLog(*manifest)) {
            LEFTFOLD_TRY(damaged, rebuild(*manifest, stop, report));
        }
        m_json ? printJson(report, out) : print(report, out);
        if (!report.findings.empty()) return Found;
        return damaged ? Failed : Ok;
    }

private:
    /// Whether there is a log to look at: the one named, else the one of the manifest if it is still there.
    [[nodiscard]] bool findLog(const snapshot::Manifest& manifest)
    {
        if (!m_log.log.empty()) return true;
        if (manifest.logPath.empty()) return false;
        std::filesystem::path path = manifest.logPath;
        if (path.is_relative()) path = std::filesystem::path(m_export).parent_path() / path;
        std::error_code ignored;
        if (!std::filesystem::exists(path, ignored)) return false;
        m_log.log = {std::filesystem::weakly_canonical(path, ignored).string()};
        return true;
    }

    /// True where the log is damaged, which was said.
    [[nodiscard]] Result<bool> rebuild(const snapshot::Manifest& manifest, std::stop_token stop, VerifyReport& report)
    {
        LEFTFOLD_TRY(const ProjectionOptions options, projectionOf(manifest));
        LEFTFOLD_TRY(const auto session, Session::open(m_log, {.fields = {options.by}}, stop));
        LEFTFOLD_TRY(const replay::Projection projection, session->projection(options, stop));
        snapshot::SnapshotOptions folding;
        folding.workers = session->workers();
        ProgressLine line("rebuilding", false);
        LEFTFOLD_CHECK(snapshot::verifyAgainstLog(
            m_export, manifest, session->reader(), projection, folding, stop,
            [&](std::uint64_t done, std::uint64_t total) { line.show(done, total, 0); }, report));
        line.clear();
        return session->lacksEvents();
    }

    /// As the manifest says; of a projection in JavaScript that knows only what it was, not where its file lies.
    [[nodiscard]] Result<ProjectionOptions> projectionOf(const snapshot::Manifest& manifest) const
    {
        const bool isOfScript = manifest.fold == kScript;
        if (isOfScript == m_script.empty())
            return base::fail(base::ErrorCode::BadArgument,
                              isOfScript ? m_export + " was made by a projection in JavaScript: name it, --fold FILE.js"
                                         : m_export + " was made by the fold " + manifest.fold + ", not by a script");
        if (!isOfScript) return ProjectionOptions{manifest.by, manifest.fold, manifest.types};
        if (!workspace::isScript(m_script))
            return base::fail(base::ErrorCode::BadArgument, m_script + " is no projection in JavaScript (FILE.js)");
        const bool isNamedByScript = !decode::parseFieldRef(manifest.by);
        return ProjectionOptions{isNamedByScript ? std::string() : manifest.by, m_script, manifest.types,
                                 m_numbersAsText};
    }

    void print(const VerifyReport& report, Output& out) const
    {
        for (const snapshot::ExportCheck check : report.done) {
            const auto finding = std::ranges::find(report.findings, check, &VerifyReport::Finding::check);
            const bool isGood = finding == report.findings.end();
            out.line(
                fmt::format("{}  {}", out.in(isGood ? 32 : 31, isGood ? "ok       " : "DIFFERENT"), nameOf(check)));
        }
        for (const VerifyReport::Finding& finding : report.findings) out.line(base::render(finding.error));
        for (const snapshot::RowDifference& row : report.differences)
            out.line(fmt::format("  {:9}  {}", nameOf(row.kind), printable(row.id, 0)));
        if (report.differentRows > report.differences.size())
            out.line(fmt::format("  and {} more", report.differentRows - report.differences.size()));
        if (m_log.log.empty()) out.line("the log was not found: what it gives was not compared; name it to do so");
    }

    void printJson(const VerifyReport& report, Output& out) const
    {
        event::DocumentBuilder json;
        json.beginObject();
        textMember(json, "export", m_export);
        json.key("log");
        m_log.log.empty() ? json.null() : json.text(m_log.log.front());
        booleanMember(json, "ok", report.findings.empty());
        json.key("checks");
        json.beginArray();
        for (const snapshot::ExportCheck check : report.done) json.text(nameOf(check));
        json.endArray();
        json.key("findings");
        json.beginArray();
        for (const VerifyReport::Finding& finding : report.findings) {
            json.beginObject();
            textMember(json, "check", nameOf(finding.check));
            errorMembers(json, finding.error);
            json.endObject();
        }
        json.endArray();
        numberMember(json, "differentRows", report.differentRows);
        json.key("differences");
        json.beginArray();
        for (const snapshot::RowDifference& row : report.differences) {
            json.beginObject();
            textMember(json, "kind", nameOf(row.kind));
            textMember(json, "id", printable(row.id, 0));
            json.endObject();
        }
        json.endArray();
        json.endObject();
        out.line(toJson(json.finish().root()));
    }

    static constexpr std::string_view kScript = "script"; ///< fold::Script::name

    LogOptions m_log;
    std::string m_export;
    std::string m_script;
    bool m_numbersAsText = false;
    bool m_json = false;
};

} // namespace

std::unique_ptr<Verb> makeVerify()
{
    return std::make_unique<Verify>();
}

} // namespace leftfold::app
