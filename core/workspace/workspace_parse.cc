// SPDX-License-Identifier: GPL-3.0-or-later
// Reading a workspace file: workspace_file.h.
#include "core/base/hash.h"
#include "core/event/condition.h"
#include "core/event/document.h"
#include "core/event/pointer.h"
#include "core/event/when.h"
#include "core/fold/script_question.h"
#include "core/workspace/workspace_file.h"
#include "core/workspace/workspace_paths.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <type_traits>

namespace leftfold::workspace {

namespace {

using base::ErrorCode;
using base::Result;
using event::Kind;
using event::Value;

constexpr const char* kFileFormats[] = {"", "json", "csv"};

/// Thrown where the file is not as it has to be; parseWorkspace catches it.
struct BadMember {
    std::string where;
    std::string what;
};

/// What `parse` makes of a text of the file, or BadMember with its reason.
template <class T>
T good(Result<T> result, const std::string& where)
{
    if (!result) throw BadMember{where, base::render(result.error())};
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

const char* nameOfKind(Kind kind)
{
    constexpr const char* kNames[] = {"null", "true or false", "a number", "a text", "a list", "an object"};
    return kNames[static_cast<std::size_t>(kind)];
}

/// The members of one object. Each that is asked for is known; `finish` tells of the others.
class MemberReader {
public:
    MemberReader(Value object, std::string where) : m_object(object), m_where(std::move(where))
    {
        expect(object, Kind::Object, m_where.empty() ? "the file" : m_where);
        for (const event::Member& member : object.members()) {
            if (member.shadowed) throw BadMember{place(member.key), "this member stands there twice"};
        }
    }

    [[nodiscard]] std::string place(base::ByteView key) const { return m_where + "/" + std::string(key); }
    [[nodiscard]] std::optional<Value> find(base::ByteView key, Kind kind)
    {
        m_known.emplace_back(key);
        const auto value = m_object.find(key);
        if (value) expect(*value, kind, place(key));
        return value;
    }
    [[nodiscard]] Value need(base::ByteView key, Kind kind)
    {
        const auto value = find(key, kind);
        if (!value) throw BadMember{place(key), "this member is missing"};
        return *value;
    }
    [[nodiscard]] std::optional<std::string> optional(base::ByteView key)
    {
        const auto value = find(key, Kind::Text);
        return value ? std::optional(textOf(*value, place(key))) : std::nullopt;
    }
    [[nodiscard]] std::string text(base::ByteView key) { return optional(key).value_or(std::string()); }
    [[nodiscard]] std::string needText(base::ByteView key) { return textOf(need(key, Kind::Text), place(key)); }
    [[nodiscard]] bool flag(base::ByteView key, bool usual)
    {
        const auto value = find(key, Kind::Boolean);
        return value ? value->boolean() : usual;
    }
    [[nodiscard]] std::uint64_t number(base::ByteView key)
    {
        const base::ByteView digits = need(key, Kind::Number).digits();
        std::uint64_t number = 0;
        const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
        if (read.ec != std::errc() || read.ptr != digits.data() + digits.size())
            throw BadMember{place(key), "should be a whole number that is not negative"};
        return number;
    }
    [[nodiscard]] std::optional<std::vector<std::string>> textsIfAny(base::ByteView key)
    {
        const auto list = find(key, Kind::Array);
        if (!list) return std::nullopt;
        std::vector<std::string> texts;
        each(*list, key, [&](Value item, const std::string& where) {
            expect(item, Kind::Text, where);
            texts.push_back(textOf(item, where));
        });
        return texts;
    }
    [[nodiscard]] std::vector<std::string> texts(base::ByteView key)
    {
        return textsIfAny(key).value_or(std::vector<std::string>());
    }
    /// `read` gets a reader for each object of a list.
    template <class Read>
    void list(base::ByteView key, Read read)
    {
        const auto list = find(key, Kind::Array);
        if (!list) return;
        each(*list, key, [&](Value item, const std::string& where) {
            MemberReader members(item, where);
            read(members);
            members.finish();
        });
    }
    template <class Read>
    void object(base::ByteView key, Read read)
    {
        const auto value = find(key, Kind::Object);
        if (!value) return;
        MemberReader members(*value, place(key));
        read(members);
        members.finish();
    }
    void finish() const
    {
        for (const event::Member& member : m_object.members()) {
            if (std::ranges::find(m_known, member.key) == m_known.end())
                throw BadMember{place(member.key), "this Leftfold knows no such member"};
        }
    }

private:
    static void expect(Value value, Kind kind, const std::string& where)
    {
        if (value.kind() != kind) throw BadMember{where, fmt::format("should be {}", nameOfKind(kind))};
    }
    static std::string textOf(Value value, const std::string& where)
    {
        std::string text(value.text());
        if (text.find('\0') != std::string::npos) throw BadMember{where, "holds the character NUL"};
        return text;
    }
    template <class Read>
    void each(Value list, base::ByteView key, Read read) const
    {
        std::size_t number = 0;
        for (const Value item : list.items()) read(item, fmt::format("{}/{}", place(key), number++));
    }

    Value m_object;
    std::string m_where;
    std::vector<std::string> m_known;
};

/// A moment; its text is kept as it was written.
std::string moment(MemberReader& members, base::ByteView key, std::string text)
{
    (void)good(event::parseWhen(text), members.place(key));
    return text;
}

std::optional<std::string> momentIfAny(MemberReader& members, base::ByteView key)
{
    auto text = members.optional(key);
    if (text) (void)good(event::parseWhen(*text), members.place(key));
    return text;
}

void readFormat(MemberReader& members, source::FileOptions& files)
{
    if (const auto format = members.optional("format")) {
        const auto name = std::ranges::find(kFileFormats, std::string_view(*format));
        if (name == std::end(kFileFormats)) throw BadMember{members.place("format"), "should be json or csv"};
        files.format = static_cast<source::FileFormat>(name - std::begin(kFileFormats));
    }
    if (const auto delimiter = members.optional("delimiter")) {
        if (delimiter->size() != 1) throw BadMember{members.place("delimiter"), "should be one ASCII character"};
        files.delimiter = delimiter->front();
    }
    files.columns = members.texts("columns");
    if (const auto encoding = members.optional("encoding"))
        files.encoding = good(source::parseEncoding(*encoding), members.place("encoding"));
}

decode::Mapping readMapping(MemberReader& members)
{
    const auto value = members.find("mapping", Kind::Object);
    if (!value) return {};
    decode::Mapping mapping = good(decode::parseMapping(toJson(*value)), members.place("mapping"));
    const auto known = event::Document::parse(toJson(mapping));
    LEFTFOLD_INVARIANT(known.has_value());
    for (const event::Member& member : value->members()) {
        if (member.key == "shape" || !known->root().find(member.key))
            throw BadMember{members.place("mapping") + "/" + std::string(member.key),
                            "this Leftfold knows no such member"};
    }
    return mapping;
}

/// The file of a rule's schema is relative too.
std::string readRule(const std::string& text, const std::string& folder, const std::string& where)
{
    const decode::TypedRule typed = good(decode::parseDecodeRule(text), where);
    return withSchemaFile(text, typed.file, pathIn(folder, typed.file));
}

NamedProjection readProjection(MemberReader& members, const std::string& folder)
{
    NamedProjection projection;
    projection.name = members.needText("name");
    ProjectionChoice& choice = projection.choice;
    choice.by = members.text("by");
    if (!choice.by.empty()) (void)good(decode::parseFieldRef(choice.by), members.place("by"));
    choice.fold = members.text("fold");
    choice.types = members.texts("types");
    choice.numbersAsText = members.flag("numbersAsText", false);
    if (isScript(choice.fold)) {
        choice.fold = pathIn(folder, choice.fold);
        if (liesIn(folder, choice.fold)) choice.root = folder;
    } else if (!choice.fold.empty()) {
        (void)good(fold::builtInFold(choice.fold), members.place("fold"));
    }
    if (projection.name.empty()) throw BadMember{members.place("name"), "says nothing"};
    return projection;
}

ExpectedSnapshot readSnapshot(MemberReader& members)
{
    ExpectedSnapshot expected;
    expected.projection = members.text("projection");
    expected.at = moment(members, "at", members.needText("at"));
    expected.hash = members.optional("hash");
    if (expected.hash && !base::hash256FromHex(*expected.hash))
        throw BadMember{members.place("hash"), "should be 64 hexadecimal digits"};
    return expected;
}

void checkPosition(const std::string& text, const std::string& where)
{
    if (text != kNoPosition) (void)good(event::parsePosition(text), where);
}

ExpectedRun readRun(MemberReader& members)
{
    ExpectedRun expected;
    expected.projection = members.text("projection");
    expected.breakpoints = members.texts("break");
    if (expected.breakpoints.empty()) throw BadMember{members.place("break"), "names no breakpoint"};
    expected.isBack = members.flag("back", false);
    expected.from = momentIfAny(members, "from").value_or(std::string());
    expected.finds = members.optional("finds");
    if (expected.finds) checkPosition(*expected.finds, members.place("finds"));
    return expected;
}

ExpectedTurns readTurns(MemberReader& members)
{
    ExpectedTurns expected;
    expected.projection = members.text("projection");
    expected.aggregate = members.needText("aggregate");
    expected.where = members.needText("where");
    if (!expected.where.starts_with(fold::kFunctionMark))
        (void)good(event::Condition::parse(expected.where), members.place("where"));
    expected.at = moment(members, "at", members.needText("at"));
    expected.turns = members.textsIfAny("turns");
    if (!expected.turns) return expected;
    for (const std::string& text : *expected.turns) (void)good(event::parsePosition(text), members.place("turns"));
    return expected;
}

ExpectedParting readParting(MemberReader& members)
{
    ExpectedParting expected;
    expected.a = members.needText("a");
    expected.b = members.needText("b");
    expected.at = moment(members, "at", members.needText("at"));
    const auto first = members.optional("parts");
    if (!first) return expected;
    checkPosition(*first, members.place("parts"));
    expected.parts = ExpectedParting::Found{*first, members.number("aggregates")};
    return expected;
}

Expectation readExpectation(MemberReader& members)
{
    Expectation expectation;
    const std::string kind = members.needText("kind");
    if (kind == "snapshot") {
        expectation.what = readSnapshot(members);
    } else if (kind == "run") {
        expectation.what = readRun(members);
    } else if (kind == "bisect") {
        expectation.what = readTurns(members);
    } else if (kind == "compare") {
        expectation.what = readParting(members);
    } else {
        throw BadMember{members.place("kind"), "should be snapshot, run, bisect or compare"};
    }
    expectation.note = members.text("note");
    return expectation;
}

/// Everything in a file that names a projection has to name one that there is.
class ProjectionNames {
public:
    explicit ProjectionNames(const WorkspaceFile& file) : m_file(file) {}
    void check(const std::string& name, const std::string& where) const
    {
        if (m_file.hasProjection(name)) return;
        std::string names;
        for (const NamedProjection& each : m_file.projections) names += (names.empty() ? "" : ", ") + each.name;
        throw BadMember{where,
                        fmt::format("there is no projection '{}': there are {}", name, names.empty() ? "none" : names)};
    }
    void check(const Expectation& expectation, const std::string& where) const
    {
        std::visit([&](const auto& what) { checkOne(what, where); }, expectation.what);
    }
    void checkUnique() const
    {
        const auto& all = m_file.projections;
        for (std::size_t i = 0; i < all.size(); ++i) {
            const auto isSame = [&](const NamedProjection& other) { return other.name == all[i].name; };
            if (std::any_of(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(i), isSame))
                throw BadMember{fmt::format("/projections/{}/name", i), "another projection has this name"};
        }
        const auto& bookmarks = m_file.bookmarks;
        for (std::size_t i = 0; i < bookmarks.size(); ++i) {
            if (bookmarks[i].name.empty()) throw BadMember{fmt::format("/bookmarks/{}/name", i), "it says nothing"};
            const auto first = std::ranges::find(bookmarks, bookmarks[i].name, &Bookmark::name);
            if (first != bookmarks.begin() + static_cast<std::ptrdiff_t>(i))
                throw BadMember{fmt::format("/bookmarks/{}/name", i), "another bookmark has this name"};
        }
    }

private:
    template <class Expected>
    void checkOne(const Expected& expected, const std::string& where) const
    {
        check(expected.projection, where + "/projection");
    }
    void checkOne(const ExpectedParting& expected, const std::string& where) const
    {
        check(expected.a, where + "/a");
        check(expected.b, where + "/b");
    }

    const WorkspaceFile& m_file;
};

void checkNames(const WorkspaceFile& file)
{
    const ProjectionNames names(file);
    names.checkUnique();
    for (std::size_t i = 0; i < file.breakpoints.size(); ++i)
        names.check(file.breakpoints[i].projection, fmt::format("/breakpoints/{}/projection", i));
    for (std::size_t i = 0; i < file.watches.size(); ++i)
        names.check(file.watches[i].projection, fmt::format("/watches/{}/projection", i));
    for (std::size_t i = 0; i < file.expectations.size(); ++i)
        names.check(file.expectations[i], fmt::format("/expect/{}", i));
}

void readLog(MemberReader& members, const std::string& folder, WorkspaceFile& file)
{
    file.log = members.texts("log");
    if (file.log.empty()) throw BadMember{members.place("log"), "names no log"};
    for (std::string& log : file.log) {
        if (log.empty() || log == "-") throw BadMember{members.place("log"), "'" + log + "' can be opened by nobody"};
        log = logIn(folder, log);
    }
    members.object("files", [&](MemberReader& files) { readFormat(files, file.files); });
    file.mapping = readMapping(members);
    for (const std::string& rule : members.texts("decode"))
        file.decode.push_back(readRule(rule, folder, members.place("decode")));
    file.registry = members.text("registry");
    const std::string masks = members.text("masks");
    if (!masks.empty()) file.masksFile = pathIn(folder, masks);
}

void readPlaces(MemberReader& members, WorkspaceFile& file)
{
    members.object("marks", [&](MemberReader& marks) {
        file.markA = momentIfAny(marks, "a");
        file.markB = momentIfAny(marks, "b");
    });
    members.list("bookmarks", [&](MemberReader& each) {
        file.bookmarks.push_back({each.needText("name"), moment(each, "at", each.needText("at"))});
    });
    members.list("breakpoints", [&](MemberReader& each) {
        file.breakpoints.push_back({each.needText("break"), each.text("projection"), each.flag("on", true)});
    });
    members.list("watches", [&](MemberReader& each) {
        SavedWatch watch{each.needText("aggregate"), each.needText("field"), each.text("projection")};
        (void)good(event::parsePointer(watch.field), each.place("field"));
        file.watches.push_back(std::move(watch));
    });
    file.views = members.texts("views");
}

WorkspaceFile workspaceFrom(MemberReader& members, const std::string& folder)
{
    WorkspaceFile file;
    readLog(members, folder, file);
    members.list("projections", [&](MemberReader& each) { file.projections.push_back(readProjection(each, folder)); });
    readPlaces(members, file);
    members.list("expect", [&](MemberReader& each) { file.expectations.push_back(readExpectation(each)); });
    members.finish();
    checkNames(file);
    return file;
}

/// "line 3, column 7" of a byte.
std::string lineOf(base::ByteView text, std::size_t byte)
{
    const base::ByteView before = text.substr(0, std::min(byte, text.size()));
    const std::size_t start = before.rfind('\n');
    return fmt::format("line {}, column {}", std::ranges::count(before, '\n') + 1,
                       before.size() - (start == base::ByteView::npos ? 0 : start + 1) + 1);
}

std::string placeOf(const base::Error& error, base::ByteView text)
{
    std::size_t byte = 0;
    if (error.code != ErrorCode::NotJson || error.args.empty()) return "the file";
    const std::string& digits = error.args.front();
    std::from_chars(digits.data(), digits.data() + digits.size(), byte);
    return lineOf(text, byte);
}

} // namespace

Result<WorkspaceFile> parseWorkspace(base::ByteView json, const std::string& path)
{
    const auto bad = [&](const std::string& where, const std::string& what) {
        return base::fail(ErrorCode::BadWorkspace, path, where, what);
    };
    const auto document = event::Document::parse(json);
    if (!document) return bad(placeOf(document.error(), json), base::render(document.error()));
    try {
        MemberReader members(document->root(), {});
        const std::uint64_t format = members.number("leftfoldWorkspace");
        if (format > static_cast<std::uint64_t>(WorkspaceFile::kFormat))
            return base::fail(ErrorCode::WorkspaceTooNew, path, std::to_string(format),
                              std::to_string(WorkspaceFile::kFormat));
        if (format == 0) return bad("/leftfoldWorkspace", "should be 1");
        return workspaceFrom(members, folderOf(path));
    } catch (const BadMember& member) {
        return bad(member.where, member.what);
    }
}

} // namespace leftfold::workspace
