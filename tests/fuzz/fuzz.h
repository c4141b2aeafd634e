// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/base/error.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

/// What the fuzz targets share. A law that does not hold ends the process, as a crash does, so that the input is kept.
namespace leftfold::fuzz {

#define FUZZ_LAW(condition)                                                         \
    do {                                                                            \
        if (!(condition)) ::leftfold::fuzz::broken(#condition, __FILE__, __LINE__); \
    } while (false)

[[noreturn]] inline void broken(const char* law, const char* file, int line)
{
    std::fprintf(stderr, "%s:%d: this does not hold: %s\n", file, line, law);
    std::abort();
}

template <class T>
T must(base::Result<T> result)
{
    if (!result) {
        std::fprintf(stderr, "%s\n", base::render(result.error()).c_str());
        std::abort();
    }
    return std::move(*result);
}
inline void must(const base::Result<void>& result)
{
    if (!result) {
        std::fprintf(stderr, "%s\n", base::render(result.error()).c_str());
        std::abort();
    }
}

inline base::ByteView viewOf(const std::uint8_t* data, std::size_t size)
{
    return {reinterpret_cast<const char*>(data), size};
}

/// With readable bytes behind it, for what reads in blocks.
class Padded {
public:
    explicit Padded(base::ByteView bytes)
        : m_bytes(std::string(bytes) + std::string(base::kReadablePadding, '\0')),
          m_size(bytes.size())
    {}
    [[nodiscard]] base::ByteView view() const { return base::ByteView(m_bytes).substr(0, m_size); }

private:
    std::string m_bytes;
    std::size_t m_size;
};

/// A folder in memory, of this process alone, removed at its end.
class Folder {
public:
    Folder()
    {
        if (::mkdtemp(m_path.data()) == nullptr) std::abort();
    }
    ~Folder() { (void)std::system(("rm -rf " + m_path).c_str()); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] std::string path(const std::string& name) const { return m_path + "/" + name; }

    /// Writes a file anew and gives its path.
    std::string write(const std::string& name, base::ByteView bytes) const
    {
        const std::string at = path(name);
        const int file = ::open(at.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        if (file < 0 || ::write(file, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) std::abort();
        ::close(file);
        return at;
    }

private:
    std::string m_path = "/dev/shm/leftfold-fuzz-XXXXXX";
};

} // namespace leftfold::fuzz
