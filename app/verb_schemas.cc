// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/payload_text.h"
#include "app/verb.h"
#include "core/decode/schema_versions.h"

#include <fmt/format.h>

namespace leftfold::app {

namespace {

using base::ErrorCode;
using base::Result;
using decode::Schema;
using replay::SchemaUse;

std::string usedBy(const SchemaUse& listed)
{
    std::string out;
    for (const replay::PayloadUse& use : listed.uses) {
        out += fmt::format("{}{} {} ({})", out.empty() ? "" : ", ", printable(use.topic, 0), toText(use.part),
                           use.decoded + use.kept);
    }
    return out.empty() ? "by no event itself" : out;
}

std::string subjectText(const Schema& schema)
{
    if (schema.subject.empty()) return "-";
    return fmt::format("{} version {}", printable(schema.subject, 0), schema.version);
}

void schemaMembers(event::DocumentBuilder& json, const SchemaUse& listed, bool withText)
{
    const Schema& schema = *listed.schema;
    json.beginObject();
    textMember(json, "schema", schema.key);
    textMember(json, "kind", toText(schema.kind));
    if (!schema.subject.empty()) textMember(json, "subject", schema.subject);
    if (schema.version > 0) numberMember(json, "version", static_cast<std::uint64_t>(schema.version));
    json.key("references");
    json.beginArray();
    for (const decode::SchemaLink& link : schema.links) json.text(keyOf(link));
    json.endArray();
    numberMember(json, "events", listed.events);
    json.key("usedBy");
    payloadMembers(json, listed.uses);
    if (withText && !schema.isDescriptorSet) textMember(json, "text", schema.text);
    json.endObject();
}

class Schemas : public LogVerb {
public:
    const char* name() const override { return "schemas"; }
    const char* about() const override
    {
        return "the schemas a capture holds, who uses them, and what changed in them";
    }
    void define(CLI::App& verb) override
    {
        addLog(verb, m_log, LogCount::One);
        verb.add_flag("--text", m_text, "also what they say");
        verb.add_option("--diff", m_diff,
                        "what changed from one schema to another: two of the names listed, or SUBJECT/VERSION; of one, "
                        "since the version before it")
            ->expected(1, 2)
            ->type_name("SCHEMA");
        addMapping(verb, m_log);
        addJson(verb, m_json);
        verb.get_option("--diff")->excludes("--text");
        verb.footer(
            "Examples:\n  leftfold schemas orders.lflog\n  leftfold schemas orders.lflog --text\n  leftfold schemas "
            "orders.lflog --diff 7 9\n\nWith --diff the exit code is 1 where something differs.");
    }

private:
    VerbResult read(Session& session, Output& out, std::stop_token stop) override
    {
        const decode::SchemaBook& book = session.reader().schemas();
        if (!m_diff.empty()) return diff(book, out);
        LEFTFOLD_TRY(const auto listed, replay::schemasOf(session.reader(), stop));
        m_json ? printJson(listed, book, out) : print(listed, book, out);
        return Ok;
    }

    void print(const std::vector<SchemaUse>& listed, const decode::SchemaBook& book, Output& out) const
    {
        if (listed.empty() && book.missingCount() == 0) out.line("there are no schemas in this capture");
        for (const SchemaUse& each : listed) {
            out.line(fmt::format("{}  {}  {}  used {}", out.in(1, printable(each.schema->key, 0)),
                                 toText(each.schema->kind), subjectText(*each.schema), usedBy(each)));
            if (m_text && !each.schema->isDescriptorSet) out.line(each.schema->text);
        }
        for (const auto& [key, why] : book.missing())
            out.line(fmt::format("{}  missing: {}", out.in(31, printable(key, 0)), base::render(why)));
    }

    void printJson(const std::vector<SchemaUse>& listed, const decode::SchemaBook& book, Output& out) const
    {
        event::DocumentBuilder json;
        json.beginObject();
        json.key("schemas");
        json.beginArray();
        for (const SchemaUse& each : listed) schemaMembers(json, each, m_text);
        json.endArray();
        json.key("missing");
        json.beginArray();
        for (const auto& [key, why] : book.missing()) {
            json.beginObject();
            textMember(json, "schema", key);
            textMember(json, "reason", base::render(why));
            json.endObject();
        }
        json.endArray();
        json.endObject();
        out.line(toJson(json.finish().root()));
    }

    VerbResult diff(const decode::SchemaBook& book, Output& out) const
    {
        LEFTFOLD_TRY(const auto after, decode::schemaNamed(book, m_diff.back()));
        std::shared_ptr<const Schema> before = versionBefore(book, *after);
        if (m_diff.size() == 2) {
            LEFTFOLD_TRY(before, decode::schemaNamed(book, m_diff.front()));
        }
        if (!before)
            return base::fail(ErrorCode::BadArgument,
                              "this capture has no version before schema " + after->key + ": name both");
        LEFTFOLD_TRY(const auto changes, changesBetween(book, *before, *after));
        if (m_json) {
            printChanges(changes, out);
        } else {
            for (const decode::SchemaChange& change : changes) out.line(printable(describe(change), 0));
        }
        return changes.empty() ? Ok : Found;
    }

    static void printChanges(const std::vector<decode::SchemaChange>& changes, Output& out)
    {
        event::DocumentBuilder json;
        json.beginArray();
        for (const decode::SchemaChange& change : changes) {
            json.beginObject();
            textMember(json, "path", change.path);
            textMember(json, "before", change.before);
            textMember(json, "after", change.after);
            textMember(json, "text", describe(change));
            json.endObject();
        }
        json.endArray();
        out.line(toJson(json.finish().root()));
    }

    bool m_text = false;
    std::vector<std::string> m_diff;
    bool m_json = false;
};

} // namespace

std::unique_ptr<Verb> makeSchemas()
{
    return std::make_unique<Schemas>();
}

} // namespace leftfold::app
