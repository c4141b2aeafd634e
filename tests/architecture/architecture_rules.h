// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// The rules that hold the layers apart, as functions of text: what a file includes, what its first
/// lines say, where it stands. Paths are relative to the root, with '/'.
namespace leftfold::architecture {

/// What is wrong, one sentence each, naming file and line.
using Findings = std::vector<std::string>;

/// One #include line.
struct Include {
    std::string path;
    bool quoted = false;
    std::size_t line = 0; ///< 1-based
};

inline std::vector<Include> includesOf(std::string_view text)
{
    static const std::regex kInclude(R"re(^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">])re");
    std::vector<Include> out;
    std::size_t number = 0;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string line(text.substr(begin, end - begin));
        ++number;
        std::smatch match;
        if (std::regex_search(line, match, kInclude)) out.push_back({match[2], match[1] == "\"", number});
        begin = end + 1;
    }
    return out;
}

/// The layer a path belongs to: "app", "ui", "core/replay"; "" outside of all layers. A file that lies
/// in core itself, in no folder, gives "core".
inline std::string layerOf(std::string_view path)
{
    const std::size_t slash = path.find('/');
    const std::string_view top = path.substr(0, slash);
    if (slash == std::string_view::npos) return {};
    if (top == "app" || top == "ui") return std::string(top);
    if (top != "core") return {};
    const std::size_t second = path.find('/', slash + 1);
    return std::string(path.substr(0, second == std::string_view::npos ? slash : second));
}

/// What each folder of core may include beside itself. source, capture and fold do not know each other;
/// what stands on a capture does not know where its events came from.
inline const std::map<std::string, std::set<std::string>>& coreArrows()
{
    static const std::map<std::string, std::set<std::string>> kArrows = {
        {"core/base", {}},
        {"core/event", {"core/base"}},
        {"core/decode", {"core/base", "core/event"}},
        {"core/source", {"core/base", "core/event", "core/decode"}},
        {"core/capture", {"core/base", "core/event", "core/decode"}},
        {"core/fold", {"core/base", "core/event", "core/decode"}},
        {"core/replay", {"core/base", "core/event", "core/decode", "core/capture", "core/fold"}},
        {"core/snapshot", {"core/base", "core/event", "core/decode", "core/capture", "core/fold", "core/replay"}},
        {"core/views",
         {"core/base", "core/event", "core/decode", "core/source", "core/capture", "core/fold", "core/replay",
          "core/snapshot"}},
        {"core/workspace",
         {"core/base", "core/event", "core/decode", "core/source", "core/capture", "core/fold", "core/replay",
          "core/snapshot", "core/views"}},
    };
    return kArrows;
}

inline bool isCore(const std::string& layer)
{
    return layer.starts_with("core");
}

/// Whether a file of layer `from` may include one of layer `to`.
inline bool arrowAllowed(const std::string& from, const std::string& to)
{
    if (from == "app") return true;
    if (from == "ui") return to == "ui" || isCore(to);
    const auto arrows = coreArrows().find(from);
    if (arrows == coreArrows().end() || !coreArrows().contains(to)) return false;
    return from == to || arrows->second.contains(to);
}

/// QtCore/QString, QString, qglobal.h, and the headers of moc and uic.
inline bool isQtHeader(std::string_view path)
{
    static const std::regex kQt(
        R"re(^(Qt[A-Z][A-Za-z0-9]*/.*|Q[A-Z][A-Za-z0-9]*|q[a-z0-9_]+\.h|(moc|ui)_.*|.*\.moc)$)re");
    return std::regex_match(path.begin(), path.end(), kQt);
}

inline std::optional<std::string> findingOf(const std::string& from, const Include& include)
{
    const std::string to = layerOf(include.path);
    const bool ofOurs = !to.empty();
    if (isCore(from) && isQtHeader(include.path)) return "core includes Qt: " + include.path;
    if (ofOurs && !include.quoted) return "a header of our own in angle brackets: " + include.path;
    if (ofOurs && !arrowAllowed(from, to)) return from + " must not include " + include.path;
    if (include.quoted && !ofOurs && !isQtHeader(include.path)) return "not a path from the root: " + include.path;
    return std::nullopt;
}

/// The arrows between layers, for a file of core, ui or app; nothing for any other.
inline Findings includeFindings(const std::string& path, std::string_view text)
{
    const std::string from = layerOf(path);
    Findings out;
    if (from.empty()) return out;
    for (const Include& include : includesOf(text)) {
        if (const auto found = findingOf(from, include)) {
            out.push_back(path + ":" + std::to_string(include.line) + ": " + *found);
        }
    }
    return out;
}

/// The JavaScript engine's headers are included by one file, and by the program that measures it.
inline Findings engineFindings(const std::string& path, std::string_view text)
{
    static const std::set<std::string> kMay = {"core/fold/script_engine.cc", "tests/bench/script_bench.cc"};
    Findings out;
    if (kMay.contains(path)) return out;
    for (const Include& include : includesOf(text)) {
        const bool isEngine = include.path.starts_with("js/") || include.path.starts_with("mozilla/")
                              || include.path == "jsapi.h" || include.path == "jsfriendapi.h";
        if (isEngine)
            out.push_back(path + ":" + std::to_string(include.line) + ": only script_engine.cc knows the engine");
    }
    return out;
}

/// A file of core outside of every folder that the order knows.
inline Findings folderFindings(const std::string& path)
{
    const std::string layer = layerOf(path);
    const bool known = !isCore(layer) || coreArrows().contains(layer) || path == "core/CMakeLists.txt";
    return known ? Findings{} : Findings{path + ": no such folder in the order of core"};
}

/// Whether a file is source: by its name, or because it starts as a script does.
inline bool isSource(const std::string& path, std::string_view text)
{
    static const std::set<std::string> kExtensions = {".cc", ".h",  ".def", ".cmake", ".in",
                                                      ".py", ".sh", ".js",  ".qss",   ".sql"};
    static const std::set<std::string> kNames = {"CMakeLists.txt", ".clang-format", ".clang-tidy",
                                                 ".editorconfig",  ".gitignore",    ".gitattributes"};
    const std::filesystem::path file(path);
    return kExtensions.contains(file.extension()) || kNames.contains(file.filename()) || text.starts_with("#!");
}

/// A source file says its licence in one of its first three lines.
inline Findings licenceFindings(const std::string& path, std::string_view text)
{
    std::size_t end = 0;
    for (int line = 0; line < 3 && end != std::string_view::npos; ++line) end = text.find('\n', end + (line ? 1 : 0));
    // The name is put together here so that this file's own text is no match for it.
    const std::string wanted = std::string("SPDX-License-") + "Identifier: GPL-3.0-or-later";
    if (!isSource(path, text) || text.substr(0, end).find(wanted) != std::string_view::npos) return {};
    return {path + ": no SPDX line"};
}

/// The fixed set of names in the root.
inline Findings topLevelFindings(const std::string& path)
{
    static const std::set<std::string> kFolders = {"app", "core", "ui", "resources", "tests", "installer"};
    static const std::set<std::string> kFiles = {"CMakeLists.txt", "CMakePresets.json", "README.md"};
    const std::size_t slash = path.find('/');
    const std::string top = path.substr(0, slash);
    const bool allowed = top.starts_with('.') || (slash == std::string::npos ? kFiles : kFolders).contains(top);
    return allowed ? Findings{} : Findings{path + ": not in the fixed set of the root"};
}

/// Everything that one file can be reproached with.
inline Findings findingsOf(const std::string& path, std::string_view text)
{
    Findings out;
    for (const Findings& some : {includeFindings(path, text), engineFindings(path, text), folderFindings(path),
                                 licenceFindings(path, text), topLevelFindings(path)}) {
        out.insert(out.end(), some.begin(), some.end());
    }
    return out;
}

} // namespace leftfold::architecture
