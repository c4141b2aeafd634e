// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/decode/mapping.h"
#include "core/snapshot/mask.h"
#include "core/source/file_options.h"
#include "core/workspace/expectation.h"
#include "core/workspace/loader.h"
#include "core/workspace/projections.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// What a person works on, as a small text file: README.md of this folder, "The .leftfold file". Everything here is pure but
// what says that it reads or writes.
namespace leftfold::workspace {

/// A projection, by the name that the rest of the file calls it.
struct NamedProjection {
    std::string name;
    ProjectionChoice choice;
    friend bool operator==(const NamedProjection&, const NamedProjection&) = default;
};

struct Bookmark {
    std::string name;
    std::string at; ///< a WHEN
    friend bool operator==(const Bookmark&, const Bookmark&) = default;
};

struct SavedBreakpoint {
    std::string text; ///< as replay::parseBreakpoint reads it
    std::string projection{}; ///< its name; empty: the first
    bool isOn = true;
    friend bool operator==(const SavedBreakpoint&, const SavedBreakpoint&) = default;
};

/// A field of an aggregate that is kept in sight.
struct SavedWatch {
    std::string aggregate; ///< its id
    std::string field; ///< a JSON pointer
    std::string projection{}; ///< its name; empty: the first
    friend bool operator==(const SavedWatch&, const SavedWatch&) = default;
};

/// A workspace. In memory all paths are absolute; in the file they are relative to its folder.
struct WorkspaceFile {
    static constexpr std::int64_t kFormat = 1;

    std::vector<std::string> log; ///< as LoadOptions::log; never empty
    source::FileOptions files;
    decode::Mapping mapping; ///< as far as it was said; its shape is not kept
    std::vector<std::string> decode; ///< rules as decode::parseDecodeRule has them
    std::string registry; ///< an address without secrets, or a profile; empty: none
    std::string masksFile; ///< empty: none
    std::vector<NamedProjection> projections;
    std::optional<std::string> markA; ///< WHENs
    std::optional<std::string> markB;
    std::vector<Bookmark> bookmarks;
    std::vector<SavedBreakpoint> breakpoints;
    std::vector<SavedWatch> watches;
    std::vector<std::string> views; ///< consumer groups
    std::vector<Expectation> expectations;

    friend bool operator==(const WorkspaceFile&, const WorkspaceFile&) = default;

    /// By its name; of the empty name the first, or where there are none the one that nobody chose. REQUIRES: it is there.
    [[nodiscard]] ProjectionChoice projection(std::string_view name) const;
    [[nodiscard]] bool hasProjection(std::string_view name) const;
};

/// Whether a path names a workspace: it ends in ".leftfold".
[[nodiscard]] bool isWorkspacePath(std::string_view path);

/// JSON on several lines, members in one order, without those that say nothing; `path` is where it is to lie.
[[nodiscard]] std::string toJson(const WorkspaceFile& file, const std::string& path);
/// Fails with BadWorkspace, which names the line or the member and what is wrong there, also of members that are not known or stand there twice;
/// with WorkspaceTooNew. Texts are checked as far as that needs neither files nor scripts.
[[nodiscard]] base::Result<WorkspaceFile> parseWorkspace(base::ByteView json, const std::string& path);
/// Reads the file; fails with FileNotFound and its kin too.
[[nodiscard]] base::Result<WorkspaceFile> readWorkspace(const std::string& path);
/// Writes it: whole or not at all. Fails with BadWorkspace where it could not be read again.
[[nodiscard]] base::Result<void> writeWorkspace(const WorkspaceFile& file, const std::string& path);

/// What a workspace leads to that does not lie in its folder or below it, links followed: files, those that are read as its log too, and
/// clusters and registries, which lie on the network. Whoever opens the workspace of somebody else has to be asked first; what lies inside is read without. Looks at the disk.
[[nodiscard]] std::vector<std::string> outsideOf(const WorkspaceFile& file, const std::string& path);
/// Fails with WorkspaceOutside where there is anything.
[[nodiscard]] base::Result<void> checkInside(const WorkspaceFile& file, const std::string& path);

/// How its log is opened; the cache and the threads are left to the caller. Reads files of schemas, and fails as decodingOptions does.
[[nodiscard]] base::Result<LoadOptions> loadOptionsOf(const WorkspaceFile& file);
/// Reads the file of masking rules, where there is one. Fails with BadMask, FileNotFound ...
[[nodiscard]] base::Result<snapshot::Masks> masksOf(const WorkspaceFile& file);

/// What an open log has of a workspace: its log and its projections, which get names.
struct SavedLog {
    WorkspaceFile file;
    /// Rules that name the file of a schema: where that lay is not known any more, the capture holds it. Not in `file`.
    std::vector<std::string> leftOut;
};
/// Fails with BadArgument for a log that can be read only once.
[[nodiscard]] base::Result<SavedLog> workspaceOf(const LoadOptions& options, std::span<const ProjectionChoice> choices);
/// A name for a projection that none of the others has: "tally", "stock", "latest by /sku".
[[nodiscard]] std::string nameFor(const ProjectionChoice& choice, std::span<const NamedProjection> others);

} // namespace leftfold::workspace
