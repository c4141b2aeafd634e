// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/workspace_pack.h"

#include "core/base/file.h"
#include "core/fold/script.h"
#include "core/workspace/merge.h"
#include "core/workspace/workspace_paths.h"
#include "core/workspace/workspace_replay.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <map>

namespace leftfold::workspace {

namespace {

using base::ErrorCode;
using base::Result;
namespace fs = std::filesystem;

/// A folder under way: it goes unless it is kept.
class Packing {
public:
    Packing(capture::Reader& log, const WorkspaceFile& file, const std::string& path, std::string folder,
            const PackOptions& options, const std::stop_token& stop)
        : m_log(log),
          m_path(path),
          m_folder(std::move(folder)),
          m_options(options),
          m_stop(stop)
    {
        m_packed.file = file;
    }
    ~Packing()
    {
        std::error_code ignored;
        if (m_isOurs) fs::remove_all(m_folder, ignored);
    }
    Packing(const Packing&) = delete;
    Packing& operator=(const Packing&) = delete;

    Result<PackedWorkspace> run()
    {
        LEFTFOLD_CHECK(begin());
        const std::string name = fs::path(m_path).filename().string();
        const std::string log = fs::path(name).stem().string() + ".lflog";
        m_packed.files = {name, log};
        m_taken.emplace(name, std::string());
        m_taken.emplace(log, std::string());
        LEFTFOLD_CHECK(takeLog((m_folder / log).string()));
        WorkspaceFile& file = m_packed.file;
        file.log = {(m_folder / log).string()};
        file.files = {};
        file.mapping = {};
        file.decode.clear();
        file.registry.clear();
        for (NamedProjection& projection : file.projections) LEFTFOLD_CHECK(takeScript(projection.choice));
        LEFTFOLD_CHECK(takeMasks());
        LEFTFOLD_CHECK(writeWorkspace(file, (m_folder / name).string()));
        m_isOurs = false;
        return std::move(m_packed);
    }

private:
    Result<void> begin()
    {
        std::error_code error;
        if (fs::exists(m_folder, error) && !(fs::is_directory(m_folder, error) && fs::is_empty(m_folder, error)))
            return base::fail(ErrorCode::FileExists, m_folder.string());
        LEFTFOLD_CHECK(base::makeFolders(m_folder.string()));
        m_folder = folderOf((m_folder / "file").string());
        m_isOurs = true;
        return {};
    }

    Result<void> takeLog(const std::string& path)
    {
        const std::uint64_t all = m_log.catalog().eventCount();
        m_packed.events = all;
        if (!m_options.isWhole) {
            LEFTFOLD_TRY(m_packed.events, eventsNeeded(m_log, m_packed.file));
        }
        if (m_packed.events < all) {
            LEFTFOLD_CHECK(takePart(path));
            LEFTFOLD_TRY(const bool isEnough, saysTheSame(path));
            if (isEnough) return {};
            std::error_code ignored;
            fs::remove(path, ignored);
            m_packed.events = all;
        }
        return m_log.copyTo(path);
    }

    Result<void> takePart(const std::string& path)
    {
        LEFTFOLD_TRY(capture::OrdinalCut until, m_log.catalog().prefix(m_packed.events));
        MergeOptions options;
        options.path = path;
        options.indexFolder = m_options.indexFolder;
        options.workers = m_options.workers;
        return mergeCaptures({{&m_log, m_path, {}, std::move(until)}}, options, m_stop, {}).map([](const auto&) {});
    }

    /// A log that was captured in pieces may be in another order once it is captured in one.
    Result<bool> saysTheSame(const std::string& path)
    {
        LEFTFOLD_TRY(const auto part, capture::Reader::open(path, {m_options.indexFolder}));
        WorkspaceReplay over(*part, m_packed.file, m_options.workers);
        WorkspaceReplay overAll(m_log, m_packed.file, m_options.workers);
        for (const Expectation& expectation : m_packed.file.expectations) {
            const auto here = over.check(expectation, m_stop, {});
            LEFTFOLD_TRY(const CheckedExpectation there, overAll.check(expectation, m_stop, {}));
            if (!here && here.error().code == ErrorCode::Cancelled) return tl::unexpected(here.error());
            if (!here || here->found != there.found || here->stopped != there.stopped) return false;
        }
        return true;
    }

    /// The script with what it imports, all where they stand relative to each other.
    Result<void> takeScript(ProjectionChoice& choice)
    {
        if (!isScript(choice.fold)) return {};
        fold::ScriptOptions options;
        options.root = choice.root;
        LEFTFOLD_TRY(const auto script, fold::Script::load(choice.fold, options));
        const auto& files = script->source()->files;
        const std::string below = folderFor(files);
        for (const fold::ScriptSource::File& file : files) LEFTFOLD_CHECK(take(below + file.name, file.text));
        choice.fold = (m_folder / (below + files.front().name)).string();
        choice.root = m_folder.string();
        return {};
    }

    /// Where no file of another script stands in the way.
    [[nodiscard]] std::string folderFor(const std::vector<fold::ScriptSource::File>& files) const
    {
        const auto isFree = [&](const std::string& below) {
            return std::ranges::all_of(files, [&](const fold::ScriptSource::File& file) {
                const auto taken = m_taken.find(below + file.name);
                return taken == m_taken.end() || (!taken->second.empty() && taken->second == file.text);
            });
        };
        std::string below;
        for (int number = 2; !isFree(below); ++number) below = fmt::format("scripts-{}/", number);
        return below;
    }

    Result<void> takeMasks()
    {
        std::string& masks = m_packed.file.masksFile;
        if (masks.empty()) return {};
        LEFTFOLD_TRY(const std::string text, base::readFile(masks));
        std::string name = fs::path(masks).filename().string();
        while (m_taken.contains(name)) name = "masks-" + name;
        LEFTFOLD_CHECK(take(name, text));
        masks = (m_folder / name).string();
        return {};
    }

    Result<void> take(const std::string& name, const std::string& text)
    {
        if (!m_taken.emplace(name, text).second) return {};
        const fs::path path = m_folder / name;
        LEFTFOLD_CHECK(base::makeFolders(path.parent_path().string()));
        LEFTFOLD_TRY(auto writing, base::FileReplacement::begin(path.string()));
        LEFTFOLD_CHECK(writing.write(text));
        LEFTFOLD_CHECK(writing.openToReaders());
        LEFTFOLD_CHECK(writing.commit());
        m_packed.files.push_back(name);
        return {};
    }

    capture::Reader& m_log;
    const std::string& m_path;
    fs::path m_folder;
    const PackOptions& m_options;
    const std::stop_token& m_stop;
    bool m_isOurs = false;
    std::map<std::string, std::string>
        m_taken; ///< names in the folder, and what stands there where that is a script's text
    PackedWorkspace m_packed;
};

} // namespace

namespace {

/// The longest prefix of the replay order that anything needs. What lies at the end needs all of it.
class Needs {
public:
    Needs(capture::Reader& log, const WorkspaceFile& file) : m_log(log), m_file(file) {}

    Result<std::uint64_t> count()
    {
        if (m_file.expectations.empty()) return m_log.catalog().eventCount();
        for (const Expectation& expectation : m_file.expectations) {
            if (!expectation.isRecorded()) return m_log.catalog().eventCount();
            LEFTFOLD_CHECK(std::visit([&](const auto& what) { return add(what); }, expectation.what));
        }
        for (const auto& mark : {m_file.markA, m_file.markB}) {
            if (mark) LEFTFOLD_CHECK(add(*mark));
        }
        for (const Bookmark& bookmark : m_file.bookmarks) LEFTFOLD_CHECK(add(bookmark.at));
        return m_count;
    }

private:
    Result<void> add(const ExpectedSnapshot& expected) { return add(expected.at); }
    Result<void> add(const ExpectedTurns& expected) { return add(expected.at); }
    Result<void> add(const ExpectedParting& expected) { return add(expected.at); }
    /// Forward it goes to what it finds, or through to the end.
    Result<void> add(const ExpectedRun& expected)
    {
        if (expected.isBack) return add(expected.from.empty() ? "@end" : expected.from);
        if (!expected.from.empty()) LEFTFOLD_CHECK(add(expected.from));
        return add(*expected.finds == kNoPosition ? "@end" : *expected.finds);
    }

    Result<void> add(const std::string& when)
    {
        LEFTFOLD_TRY(const event::When parsed, event::parseWhen(when));
        LEFTFOLD_TRY(const capture::OrdinalCut cut, m_log.resolve(parsed));
        for (std::uint32_t partition = 0; partition < cut.next.size(); ++partition) {
            if (cut.next[partition] == 0) continue;
            LEFTFOLD_TRY(const event::EventIndex last, m_log.catalog().indexOf({partition, cut.next[partition] - 1}));
            m_count = std::max(m_count, last.value + 1);
        }
        return {};
    }

    capture::Reader& m_log;
    const WorkspaceFile& m_file;
    std::uint64_t m_count = 0;
};

} // namespace

Result<std::uint64_t> eventsNeeded(capture::Reader& log, const WorkspaceFile& file)
{
    return Needs(log, file).count();
}

Result<PackedWorkspace> packWorkspace(capture::Reader& log, const WorkspaceFile& file, const std::string& path,
                                      const std::string& folder, const PackOptions& options,
                                      const std::stop_token& stop)
{
    return Packing(log, file, path, folder, options, stop).run();
}

} // namespace leftfold::workspace
