// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/event_text.h"
#include "app/verb.h"
#include "core/snapshot/export.h"

#include <filesystem>
#include <fmt/format.h>

namespace leftfold::app {

namespace {

using base::Result;

class Export : public LogVerb {
public:
    const char* name() const override { return "export"; }
    const char* about() const override { return "the states of all aggregates at a moment, as a file"; }
    void define(CLI::App& verb) override
    {
        addLog(verb, m_log, LogCount::One);
        verb.add_option("-o,--out", m_out, "the file; FILE.manifest.json beside it says what it is of")
            ->type_name("FILE")
            ->required();
        verb.add_option("--to", m_format, "jsonl, csv or sqlite; else what the end of FILE says")
            ->check(CLI::IsMember({"jsonl", "csv", "sqlite"}))
            ->type_name("FORMAT");
        verb.add_option("--since", m_since, "only what changed since an earlier export, each with what became of it")
            ->type_name("EXPORT");
        verb.add_flag("--force", m_force, "replace FILE and its manifest");
        addAt(verb, m_at);
        addProjection(verb, m_projection);
        addMapping(verb, m_log);
        addMasks(verb, m_log);
        addJson(verb, m_json);
        verb.footer("Examples:\n  leftfold export orders.jsonl -o states.jsonl\n"
                    "  leftfold export orders.jsonl --at 2011-01-31 --by /sku --fold latest -o skus.csv\n"
                    "  leftfold export orders.jsonl -o changes.jsonl --since states.jsonl\n\n"
                    "The file appears when it is whole. 'leftfold verify FILE' checks it later.");
    }

private:
    SessionNeeds needs() const override { return {.fields = {m_projection.by}}; }

    VerbResult read(Session& session, Output& out, std::stop_token stop) override
    {
        LEFTFOLD_TRY(snapshot::ExportOptions options, exportOptions(session));
        LEFTFOLD_CHECK(readSince(options));
        LEFTFOLD_TRY(const capture::OrdinalCut cut, session.resolve(m_at));
        LEFTFOLD_TRY(const replay::Projection projection, session.projection(m_projection, stop));
        ProgressLine line("exporting", false);
        LEFTFOLD_TRY(
            const snapshot::Manifest manifest,
            snapshot::exportSnapshot(session.reader(), projection, cut, options, stop,
                                     [&](std::uint64_t done, std::uint64_t total) { line.show(done, total, 0); }));
        line.clear();
        print(manifest, out);
        if (manifest.damagedEvents == 0) return Ok;
        complain(fmt::format("{} events could not be read: the states lack them", manifest.damagedEvents));
        return Failed;
    }

    [[nodiscard]] Result<snapshot::ExportOptions> exportOptions(const Session& session) const
    {
        const auto format = m_format.empty() ? snapshot::exportFormatOf(m_out) : snapshot::exportFormatNamed(m_format);
        if (!format)
            return base::fail(base::ErrorCode::BadArgument,
                              fmt::format("the end of {} names no format: say --to jsonl, csv or sqlite", m_out));
        snapshot::ExportOptions options;
        options.path = m_out;
        options.format = *format;
        options.replace = m_force;
        options.at = m_at;
        options.version = LEFTFOLD_VERSION;
        options.types = m_projection.types;
        if (m_log.log.front() != "-") options.logPath = std::filesystem::absolute(m_log.log.front()).string();
        options.folding.workers = session.workers();
        options.masks = session.masks();
        return options;
    }

    /// The manifest, or the export that it is beside of.
    Result<void> readSince(snapshot::ExportOptions& options) const
    {
        if (m_since.empty()) return {};
        std::error_code ignored;
        const std::string beside = snapshot::manifestPathOf(m_since);
        options.sincePath = std::filesystem::exists(beside, ignored) ? beside : m_since;
        LEFTFOLD_TRY(options.since, snapshot::readManifest(options.sincePath));
        return {};
    }

    void print(const snapshot::Manifest& manifest, Output& out) const
    {
        if (!m_json) {
            out.line(fmt::format("{} {} in {}", manifest.rows, manifest.since ? "changes" : "aggregates", m_out));
            out.line(fmt::format("hash  {}", base::toHex(manifest.snapshot.hash)));
            return;
        }
        event::DocumentBuilder json;
        json.beginObject();
        textMember(json, "file", m_out);
        textMember(json, "format", nameOf(manifest.format));
        numberMember(json, "aggregates", manifest.snapshot.aggregates);
        textMember(json, "hash", base::toHex(manifest.snapshot.hash));
        numberMember(json, "rows", manifest.rows);
        numberMember(json, "bytes", manifest.bytes);
        textMember(json, "sha256", base::toHex(manifest.sha256));
        textMember(json, "cut", toText(manifest.snapshot.cut));
        if (manifest.since) textMember(json, "since", toText(manifest.since->cut));
        json.endObject();
        out.line(toJson(json.finish().root()));
    }

    std::string m_out;
    std::string m_format;
    std::string m_since;
    std::string m_at = "@end";
    ProjectionOptions m_projection;
    bool m_force = false;
    bool m_json = false;
};

} // namespace

std::unique_ptr<Verb> makeExport()
{
    return std::make_unique<Export>();
}

} // namespace leftfold::app
