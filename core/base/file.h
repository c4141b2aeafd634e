// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/base/error.h"

#include <cstdint>
#include <memory>
#include <string>

namespace leftfold::base {

/// An open file descriptor, closed when it goes.
class FileHandle {
public:
    FileHandle() = default;
    explicit FileHandle(int descriptor) : m_descriptor(descriptor) {}
    FileHandle(FileHandle&& other) noexcept;
    FileHandle& operator=(FileHandle&& other) noexcept;
    ~FileHandle();
    [[nodiscard]] int get() const { return m_descriptor; }
    [[nodiscard]] bool isOpen() const { return m_descriptor >= 0; }

private:
    int m_descriptor = -1;
};

/// A whole file, mapped for reading. Only for files that nobody shortens: ours, written by rename.
class MappedFile {
public:
    [[nodiscard]] static Result<std::shared_ptr<const MappedFile>> open(const std::string& path);
    ~MappedFile();
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;
    [[nodiscard]] ByteView bytes() const { return m_bytes; }

private:
    MappedFile() = default;
    ByteView m_bytes;
};

/// Makes a folder and those above it. It is no error if they are there.
[[nodiscard]] Result<void> makeFolders(const std::string& path);

/// Writes a whole file under a temporary name in the same folder, then renames it: a reader sees the old
/// file or the new one. Not synced: for what can be rebuilt.
class FileReplacement {
public:
    [[nodiscard]] static Result<FileReplacement> begin(const std::string& path);
    FileReplacement(FileReplacement&&) noexcept = default;
    FileReplacement& operator=(FileReplacement&&) noexcept = default;
    /// Without `commit` the temporary file goes and the old one stays.
    ~FileReplacement();

    [[nodiscard]] Result<void> write(ByteView bytes);
    [[nodiscard]] Result<void> writeAt(std::uint64_t offset, ByteView bytes);
    [[nodiscard]] Result<void> commit();

private:
    FileReplacement() = default;
    FileHandle m_file;
    std::string m_path;
    std::string m_temporaryPath;
};

} // namespace leftfold::base
