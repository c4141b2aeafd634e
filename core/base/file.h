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

/// Bytes of a file from its start to its end, block by block: for files of any size, that others may change meanwhile.
class FileBlocks {
public:
    [[nodiscard]] static Result<FileBlocks> open(const std::string& path);
    /// The next block; empty at the end. Valid until the next call.
    [[nodiscard]] Result<ByteView> next();

private:
    FileBlocks() = default;
    FileHandle m_file;
    std::string m_path;
    std::string m_block;
};

/// Of a file that is read whole, where nothing else is said: more than anybody writes by hand.
inline constexpr std::uint64_t kMaxWholeFileBytes = std::uint64_t{16} << 20;
/// All bytes of a file or a pipe. Fails with FileNotFound, NoPermission, FileIsFolder, and with FileTooLarge where it has more than
/// `maxBytes`; each of them names the path.
[[nodiscard]] Result<std::string> readFile(const std::string& path, std::uint64_t maxBytes = kMaxWholeFileBytes);
/// The same, of a file that is somebody else's choice: what is neither file nor folder (a pipe, a device) is refused (SystemFailed), as
/// nobody waits for it.
[[nodiscard]] Result<std::string> readRegularFile(const std::string& path, std::uint64_t maxBytes = kMaxWholeFileBytes);

/// What renames in a folder did is on the disk when this returns.
[[nodiscard]] Result<void> syncFolder(const std::string& path);

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
    /// What was written is on the disk when this returns; it still has its temporary name.
    [[nodiscard]] Result<void> sync();
    /// The temporary file, for whoever writes by name: in the same folder, nobody else's.
    [[nodiscard]] const std::string& temporaryPath() const { return m_temporaryPath; }
    /// As a new file of this user would be readable; a temporary file is its owner's alone.
    [[nodiscard]] Result<void> openToReaders();

private:
    FileReplacement() = default;
    FileHandle m_file;
    std::string m_path;
    std::string m_temporaryPath;
};

} // namespace leftfold::base
