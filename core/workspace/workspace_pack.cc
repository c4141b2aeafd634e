// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/workspace_pack.h"

#include "core/base/file.h"
#include "core/fold/script.h"
#include "core/workspace/workspace_paths.h"

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
    Packing(const capture::Reader& log, const WorkspaceFile& file, const std::string& path, std::string folder)
        : m_log(log),
          m_path(path),
          m_folder(std::move(folder))
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
        LEFTFOLD_CHECK(m_log.copyTo((m_folder / log).string()));
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
        std::string text;
        LEFTFOLD_TRY(auto blocks, base::FileBlocks::open(masks));
        for (;;) {
            LEFTFOLD_TRY(const base::ByteView block, blocks.next());
            if (block.empty()) break;
            text += block;
        }
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

    const capture::Reader& m_log;
    const std::string& m_path;
    fs::path m_folder;
    bool m_isOurs = false;
    std::map<std::string, std::string>
        m_taken; ///< names in the folder, and what stands there where that is a script's text
    PackedWorkspace m_packed;
};

} // namespace

Result<PackedWorkspace> packWorkspace(const capture::Reader& log, const WorkspaceFile& file, const std::string& path,
                                      const std::string& folder)
{
    return Packing(log, file, path, folder).run();
}

} // namespace leftfold::workspace
