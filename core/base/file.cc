// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/file.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace leftfold::base {

FileHandle::FileHandle(FileHandle&& other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}

FileHandle& FileHandle::operator=(FileHandle&& other) noexcept
{
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}

FileHandle::~FileHandle()
{
    if (isOpen()) ::close(m_descriptor);
}

Result<std::shared_ptr<const MappedFile>> MappedFile::open(const std::string& path)
{
    const FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.isOpen()) return failErrno(path, errno);
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) return failErrno(path, errno);
    std::shared_ptr<MappedFile> mapped(new MappedFile);
    const auto size = static_cast<std::size_t>(status.st_size);
    if (size == 0) return mapped;
    void* at = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file.get(), 0);
    if (at == MAP_FAILED) return failErrno(path, errno);
    mapped->m_bytes = {static_cast<const char*>(at), size};
    return mapped;
}

MappedFile::~MappedFile()
{
    if (!m_bytes.empty()) ::munmap(const_cast<char*>(m_bytes.data()), m_bytes.size());
}

Result<FileBlocks> FileBlocks::open(const std::string& path)
{
    FileBlocks blocks;
    blocks.m_path = path;
    blocks.m_file = FileHandle(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!blocks.m_file.isOpen()) return failErrno(path, errno);
    blocks.m_block.resize(std::size_t{1} << 18);
    return blocks;
}

Result<ByteView> FileBlocks::next()
{
    for (;;) {
        const ssize_t size = ::read(m_file.get(), m_block.data(), m_block.size());
        if (size >= 0) return ByteView(m_block).substr(0, static_cast<std::size_t>(size));
        if (errno != EINTR) return failErrno(m_path, errno);
    }
}

Result<std::string> readFile(const std::string& path, std::uint64_t maxBytes)
{
    LEFTFOLD_TRY(FileBlocks blocks, FileBlocks::open(path));
    std::string bytes;
    for (;;) {
        LEFTFOLD_TRY(const ByteView block, blocks.next());
        if (block.empty()) return bytes;
        if (block.size() > maxBytes - bytes.size())
            return fail(ErrorCode::FileTooLarge, path, std::to_string(maxBytes >> 20));
        bytes += block;
    }
}

Result<std::string> readRegularFile(const std::string& path, std::uint64_t maxBytes)
{
    std::error_code ignored;
    const std::filesystem::file_status status = std::filesystem::status(path, ignored);
    const bool isThere = std::filesystem::exists(status);
    if (isThere && !std::filesystem::is_directory(status) && !std::filesystem::is_regular_file(status))
        return fail(ErrorCode::SystemFailed, path, "not a file");
    return readFile(path, maxBytes);
}

Result<void> syncFolder(const std::string& path)
{
    const FileHandle folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.isOpen()) return failErrno(path, errno);
    // Some file systems cannot sync a folder: nothing more can be done there.
    if (::fsync(folder.get()) != 0 && errno != EINVAL && errno != EROFS) return failErrno(path, errno);
    return {};
}

Result<void> makeFolders(const std::string& path)
{
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error) return failErrno(path, error.value());
    return {};
}

Result<FileReplacement> FileReplacement::begin(const std::string& path)
{
    FileReplacement replacement;
    replacement.m_path = path;
    replacement.m_temporaryPath = path + ".XXXXXX";
    replacement.m_file = FileHandle(::mkostemp(replacement.m_temporaryPath.data(), O_CLOEXEC));
    if (!replacement.m_file.isOpen()) return failErrno(path, errno);
    return replacement;
}

FileReplacement::~FileReplacement()
{
    if (m_file.isOpen()) ::unlink(m_temporaryPath.c_str());
}

Result<void> FileReplacement::write(ByteView bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(m_file.get(), bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR) return failErrno(m_path, errno);
        if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

Result<void> FileReplacement::writeAt(std::uint64_t offset, ByteView bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = ::pwrite(m_file.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (written < 0 && errno != EINTR) return failErrno(m_path, errno);
        if (written > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(written));
            offset += static_cast<std::uint64_t>(written);
        }
    }
    return {};
}

Result<void> FileReplacement::sync()
{
    if (::fsync(m_file.get()) != 0) return failErrno(m_path, errno);
    return {};
}

Result<void> FileReplacement::openToReaders()
{
    const mode_t mask = ::umask(0077);
    ::umask(mask);
    if (::fchmod(m_file.get(), 0666 & ~mask) != 0) return failErrno(m_path, errno);
    return {};
}

Result<void> FileReplacement::commit()
{
    if (::rename(m_temporaryPath.c_str(), m_path.c_str()) != 0) return failErrno(m_path, errno);
    m_file = FileHandle();
    return {};
}

} // namespace leftfold::base
