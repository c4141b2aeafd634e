// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fold/script_files.h"

#include "core/base/file.h"

#include <filesystem>

namespace leftfold::fold {

namespace {

using base::ErrorCode;
using base::Result;
namespace fs = std::filesystem;

bool isInside(const fs::path& path, const fs::path& root)
{
    const auto [end, ignored] = std::mismatch(root.begin(), root.end(), path.begin(), path.end());
    return end == root.end();
}

} // namespace

Result<std::string> scriptRoot(const std::string& path, const std::string& root)
{
    std::error_code error;
    const fs::path folder = root.empty() ? fs::absolute(path, error).parent_path() : fs::path(root);
    const fs::path canonical = fs::canonical(folder, error);
    if (error) return base::fail(ErrorCode::FileNotFound, root.empty() ? path : root);
    return canonical.string();
}

Result<ScriptSource::File> readScriptFile(const std::string& path, const std::string& root)
{
    std::error_code error;
    const fs::path canonical = fs::canonical(path, error);
    if (error) return base::failErrno(path, error.value());
    ScriptSource::File file;
    file.path = canonical.string();
    const fs::path relative = canonical.lexically_relative(root);
    file.name = isInside(canonical, root) ? relative.string() : canonical.filename().string();
    LEFTFOLD_TRY(file.text, base::readRegularFile(canonical.string(), kMaxScriptBytes));
    return file;
}

Result<ScriptSource::File> readImportedFile(const std::string& specifier, const ScriptSource::File& from,
                                            const std::string& root)
{
    const auto refuse = [&](const char* why) { return base::fail(ErrorCode::ScriptImport, from.name, specifier, why); };
    if (!specifier.starts_with("./") && !specifier.starts_with("../"))
        return refuse("only relative paths can be, as './rules.js'");
    std::error_code error;
    const fs::path canonical = fs::canonical(fs::path(from.path).parent_path() / specifier, error);
    if (error) return refuse("there is no such file");
    if (!isInside(canonical, root)) return refuse("it lies outside of the folder of the projection");
    auto file = readScriptFile(canonical.string(), root);
    if (!file) return refuse("it cannot be read");
    return file;
}

} // namespace leftfold::fold
