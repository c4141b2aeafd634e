// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/workspace_file.h"

#include "core/base/file.h"
#include "core/event/document.h"
#include "core/source/kafka_address.h"
#include "core/workspace/workspace_paths.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <iterator>

namespace leftfold::workspace {

namespace {

using base::ErrorCode;
using base::Result;
using event::DocumentBuilder;
namespace fs = std::filesystem;

// Writing

/// Members that say nothing are left out.
class MemberWriter {
public:
    explicit MemberWriter(DocumentBuilder& json) : m_json(json) {}
    void text(base::ByteView key, const std::string& text)
    {
        if (!text.empty()) always(key, text);
    }
    void always(base::ByteView key, const std::string& text)
    {
        m_json.key(key);
        m_json.text(text);
    }
    void text(base::ByteView key, const std::optional<std::string>& text)
    {
        if (text) always(key, *text);
    }
    void flag(base::ByteView key, bool value, bool usual)
    {
        if (value == usual) return;
        m_json.key(key);
        m_json.boolean(value);
    }
    void texts(base::ByteView key, const std::vector<std::string>& texts)
    {
        if (!texts.empty()) textsAlways(key, texts);
    }
    void textsAlways(base::ByteView key, const std::vector<std::string>& texts)
    {
        m_json.key(key);
        m_json.beginArray();
        for (const std::string& text : texts) m_json.text(text);
        m_json.endArray();
    }
    template <class Item, class Write>
    void list(base::ByteView key, const std::vector<Item>& items, Write write)
    {
        if (items.empty()) return;
        m_json.key(key);
        m_json.beginArray();
        for (const Item& item : items) {
            m_json.beginObject();
            write(item);
            m_json.endObject();
        }
        m_json.endArray();
    }
    DocumentBuilder& json() { return m_json; }

private:
    DocumentBuilder& m_json;
};

constexpr const char* kFormatNames[] = {"", "json", "csv"};

void writeFiles(MemberWriter& out, const source::FileOptions& files)
{
    if (files == source::FileOptions{}) return;
    out.json().key("files");
    out.json().beginObject();
    out.text("format", std::string(kFormatNames[static_cast<std::size_t>(files.format)]));
    if (files.delimiter) out.always("delimiter", std::string(1, *files.delimiter));
    out.texts("columns", files.columns);
    if (files.encoding) out.always("encoding", std::string(nameOf(*files.encoding)));
    out.json().endObject();
}

void writeMapping(MemberWriter& out, decode::Mapping mapping)
{
    mapping.shape.clear();
    if (mapping == decode::Mapping{}) return;
    const auto document = event::Document::parse(toJson(mapping));
    LEFTFOLD_INVARIANT(document.has_value());
    out.json().key("mapping");
    out.json().value(document->root());
}

void writeProjection(MemberWriter& out, const NamedProjection& projection, const std::string& folder)
{
    const ProjectionChoice& choice = projection.choice;
    out.always("name", projection.name);
    out.text("by", choice.by);
    out.text("fold", isScript(choice.fold) ? pathFrom(folder, choice.fold) : choice.fold);
    out.texts("types", choice.types);
    out.flag("numbersAsText", choice.numbersAsText, false);
}

void writeMarks(MemberWriter& out, const WorkspaceFile& file)
{
    if (!file.markA && !file.markB) return;
    out.json().key("marks");
    out.json().beginObject();
    out.text("a", file.markA);
    out.text("b", file.markB);
    out.json().endObject();
}

void writeExpected(MemberWriter& out, const ExpectedSnapshot& expected)
{
    out.always("kind", "snapshot");
    out.text("projection", expected.projection);
    out.always("at", expected.at);
    out.text("hash", expected.hash);
}

void writeExpected(MemberWriter& out, const ExpectedRun& expected)
{
    out.always("kind", "run");
    out.text("projection", expected.projection);
    out.textsAlways("break", expected.breakpoints);
    out.flag("back", expected.isBack, false);
    out.text("from", expected.from);
    out.text("finds", expected.finds);
}

void writeExpected(MemberWriter& out, const ExpectedTurns& expected)
{
    out.always("kind", "bisect");
    out.text("projection", expected.projection);
    out.always("aggregate", expected.aggregate);
    out.always("where", expected.where);
    out.always("at", expected.at);
    if (expected.turns) out.textsAlways("turns", *expected.turns);
}

void writeExpected(MemberWriter& out, const ExpectedParting& expected)
{
    out.always("kind", "compare");
    out.always("a", expected.a);
    out.always("b", expected.b);
    out.always("at", expected.at);
    if (!expected.parts) return;
    out.always("parts", expected.parts->first);
    out.json().key("aggregates");
    out.json().number(std::to_string(expected.parts->aggregates));
}

} // namespace

ProjectionChoice WorkspaceFile::projection(std::string_view name) const
{
    if (name.empty()) return projections.empty() ? ProjectionChoice{} : projections.front().choice;
    const auto found = std::ranges::find(projections, name, &NamedProjection::name);
    LEFTFOLD_INVARIANT(found != projections.end());
    return found->choice;
}

bool WorkspaceFile::hasProjection(std::string_view name) const
{
    return name.empty() || std::ranges::find(projections, name, &NamedProjection::name) != projections.end();
}

bool isWorkspacePath(std::string_view path)
{
    return path.ends_with(".leftfold");
}

std::string toJson(const WorkspaceFile& file, const std::string& path)
{
    const std::string folder = folderOf(path);
    DocumentBuilder json;
    MemberWriter out(json);
    json.beginObject();
    json.key("leftfoldWorkspace");
    json.number(WorkspaceFile::kFormat);
    std::vector<std::string> log;
    for (const std::string& each : file.log) log.push_back(logFrom(folder, each));
    out.textsAlways("log", log);
    writeFiles(out, file.files);
    writeMapping(out, file.mapping);
    std::vector<std::string> rules;
    for (const std::string& rule : file.decode) {
        const auto typed = decode::parseDecodeRule(rule);
        rules.push_back(typed ? withSchemaFile(rule, typed->file, pathFrom(folder, typed->file)) : rule);
    }
    out.texts("decode", rules);
    out.text("registry", file.registry);
    if (!file.masksFile.empty()) out.always("masks", pathFrom(folder, file.masksFile));
    out.list("projections", file.projections, [&](const NamedProjection& each) { writeProjection(out, each, folder); });
    writeMarks(out, file);
    out.list("bookmarks", file.bookmarks, [&](const Bookmark& each) {
        out.always("name", each.name);
        out.always("at", each.at);
    });
    out.list("breakpoints", file.breakpoints, [&](const SavedBreakpoint& each) {
        out.always("break", each.text);
        out.text("projection", each.projection);
        out.flag("on", each.isOn, true);
    });
    out.list("watches", file.watches, [&](const SavedWatch& each) {
        out.always("aggregate", each.aggregate);
        out.always("field", each.field);
        out.text("projection", each.projection);
    });
    out.texts("views", file.views);
    out.list("expect", file.expectations, [&](const Expectation& each) {
        out.text("note", each.note);
        std::visit([&](const auto& what) { writeExpected(out, what); }, each.what);
    });
    json.endObject();
    return toPrettyJson(json.finish().root()) + '\n';
}

Result<WorkspaceFile> readWorkspace(const std::string& path)
{
    LEFTFOLD_TRY(const std::string bytes, base::readFile(path));
    return parseWorkspace(bytes, path);
}

Result<void> writeWorkspace(const WorkspaceFile& file, const std::string& path)
{
    const std::string json = toJson(file, path);
    LEFTFOLD_CHECK(parseWorkspace(json, path).map([](const WorkspaceFile&) {})); // what is written can be read
    LEFTFOLD_TRY(auto writing, base::FileReplacement::begin(path));
    LEFTFOLD_CHECK(writing.write(json));
    LEFTFOLD_CHECK(writing.openToReaders());
    LEFTFOLD_CHECK(writing.sync());
    return writing.commit();
}

std::vector<std::string> outsideOf(const WorkspaceFile& file, const std::string& path)
{
    const std::string folder = folderOf(path);
    std::vector<std::string> outside;
    const auto look = [&](const std::string& each) {
        if (!each.empty() && !liesIn(folder, each)) outside.push_back(each);
    };
    const auto lookAtLog = [&](const std::string& log) {
        if (!liesIn(folder, log)) return outside.push_back(log);
        std::ranges::move(linksOutOf(folder, log), std::back_inserter(outside));
    };
    for (const std::string& log : file.log)
        source::isKafkaAddress(log) ? outside.push_back(log) : lookAtLog(splitLog(log).first);
    for (const std::string& rule : file.decode) {
        const auto typed = decode::parseDecodeRule(rule);
        if (typed) look(typed->file);
    }
    if (!file.registry.empty()) outside.push_back("registry " + file.registry);
    look(file.masksFile);
    for (const NamedProjection& projection : file.projections) {
        if (isScript(projection.choice.fold)) look(projection.choice.fold);
    }
    return outside;
}

Result<void> checkInside(const WorkspaceFile& file, const std::string& path)
{
    std::string all;
    for (const std::string& each : outsideOf(file, path)) all += (all.empty() ? "" : ", ") + each;
    if (all.empty()) return {};
    return base::fail(ErrorCode::WorkspaceOutside, path, all);
}

Result<LoadOptions> loadOptionsOf(const WorkspaceFile& file)
{
    LoadOptions options;
    options.log = file.log;
    options.files = file.files;
    options.mapping = file.mapping;
    LEFTFOLD_TRY(options.decoding, decodingOptions(file.decode, file.registry, NamedBy::Workspace));
    // What lies outside was agreed to by its name in this file; a capture may name others.
    options.decoding.asksOnlyNamed = true;
    for (const NamedProjection& projection : file.projections) {
        if (projection.choice.by.empty()) continue;
        LEFTFOLD_TRY(decode::FieldRef by, decode::parseFieldRef(projection.choice.by));
        options.indexFields.push_back(std::move(by));
    }
    return options;
}

Result<snapshot::Masks> masksOf(const WorkspaceFile& file)
{
    if (file.masksFile.empty()) return snapshot::Masks();
    LEFTFOLD_TRY(const std::string text, base::readRegularFile(file.masksFile));
    auto rules = snapshot::parseMaskRules(text);
    if (!rules) return base::inContext(std::move(rules).error(), file.masksFile);
    return snapshot::Masks(std::move(*rules));
}

std::string nameFor(const ProjectionChoice& choice, std::span<const NamedProjection> others)
{
    std::string name = isScript(choice.fold) ? fs::path(choice.fold).stem().string() : choice.fold;
    if (name.empty()) name = choice.by == "debezium" ? "debezium" : "tally";
    if (!choice.by.empty()) name += " by " + choice.by;
    const auto isTaken = [&](const std::string& wanted) {
        return std::ranges::find(others, wanted, &NamedProjection::name) != others.end();
    };
    if (!isTaken(name)) return name;
    for (std::size_t number = 2;; ++number) {
        std::string numbered = fmt::format("{} {}", name, number);
        if (!isTaken(numbered)) return numbered;
    }
}

Result<SavedLog> workspaceOf(const LoadOptions& options, std::span<const ProjectionChoice> choices)
{
    SavedLog saved;
    for (const std::string& log : options.log) {
        if (log == "-")
            return base::fail(ErrorCode::BadArgument,
                              "standard input can be read only once: a workspace of it needs its capture");
        saved.file.log.push_back(logIn(fs::current_path().string(), log));
    }
    saved.file.files = options.files;
    saved.file.mapping = options.mapping;
    saved.file.mapping.shape.clear();
    for (const decode::DecodeRule& rule : options.decoding.rules)
        (rule.schema.empty() ? saved.file.decode : saved.leftOut).push_back(toText(rule));
    if (options.decoding.registry) saved.file.registry = options.decoding.registry->url;
    for (ProjectionChoice choice : choices) {
        if (isScript(choice.fold)) choice.fold = pathIn(fs::current_path().string(), choice.fold);
        std::string name = nameFor(choice, saved.file.projections);
        saved.file.projections.push_back({std::move(name), std::move(choice)});
    }
    return saved;
}

} // namespace leftfold::workspace
