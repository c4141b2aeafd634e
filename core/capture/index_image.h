// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/base/hash.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace leftfold::capture {

/// An index that can be rebuilt: a few arrays of fixed-width numbers in one file of the cache, mapped into
/// memory, so that opening it costs the same for any number of events. Every 4 KiB page carries a checksum
/// that is looked at when the page is first used: a flipped bit gives DamagedIndex, never a wrong answer.
/// Immutable once sealed; shared by threads. Format: README.md of this folder, "Index files".
class IndexImage {
public:
    /// A section while the image is made: its name (one of the owner's choice) and its size.
    struct Section {
        std::uint32_t id = 0;
        std::uint64_t bytes = 0;
    };

    /// An image to be filled. With a path it is a file that appears there when sealed; with an empty path, or where the
    /// file cannot be made, it lives in memory only. `key` says what the image is made from.
    [[nodiscard]] static std::unique_ptr<IndexImage> create(const std::string& path, base::Hash128 key,
                                                            std::span<const Section> sections);
    /// Checksums, then the file gets its name.
    [[nodiscard]] static std::shared_ptr<const IndexImage> seal(std::unique_ptr<IndexImage> image);

    /// Fails with FileNotFound, or with DamagedIndex where it is damaged or made from something else.
    [[nodiscard]] static base::Result<std::shared_ptr<const IndexImage>> open(const std::string& path,
                                                                              base::Hash128 key);

    ~IndexImage();
    IndexImage(const IndexImage&) = delete;
    IndexImage& operator=(const IndexImage&) = delete;

    /// A section to write into, before sealing.
    template <class T>
    [[nodiscard]] std::span<T> writable(std::uint32_t id)
    {
        const auto [offset, bytes] = place(id);
        return {reinterpret_cast<T*>(m_data + offset), bytes / sizeof(T)};
    }

    /// Before sealing: these elements are written, and may leave memory for the file, if there is one. They can be read
    /// and written as before.
    template <class T>
    void release(std::uint32_t id, std::size_t first, std::size_t count)
    {
        releaseBytes(place(id).offset + first * sizeof(T), count * sizeof(T));
    }

    template <class T>
    [[nodiscard]] std::size_t sizeOf(std::uint32_t id) const
    {
        return place(id).bytes / sizeof(T);
    }

    /// Elements [first, first + count) of a section. Fails with DamagedIndex where a page of them does not fit its
    /// checksum or the section is too short for them.
    template <class T>
    [[nodiscard]] base::Result<std::span<const T>> range(std::uint32_t id, std::size_t first, std::size_t count) const
    {
        const auto [offset, bytes] = place(id);
        const std::size_t elements = bytes / sizeof(T);
        if (first > elements || count > elements - first || !verified(offset + first * sizeof(T), count * sizeof(T))) {
            return base::fail(base::ErrorCode::DamagedIndex, m_path);
        }
        return std::span<const T>{reinterpret_cast<const T*>(m_data + offset) + first, count};
    }

    template <class T>
    [[nodiscard]] base::Result<T> at(std::uint32_t id, std::size_t index) const
    {
        LEFTFOLD_TRY(const std::span<const T> one, range<T>(id, index, 1));
        return one[0];
    }

    /// The whole section.
    template <class T>
    [[nodiscard]] base::Result<std::span<const T>> all(std::uint32_t id) const
    {
        return range<T>(id, 0, sizeOf<T>(id));
    }

private:
    struct Place {
        std::uint64_t offset = 0;
        std::uint64_t bytes = 0;
    };
    IndexImage() = default;
    [[nodiscard]] Place place(std::uint32_t id) const;
    [[nodiscard]] bool verified(std::uint64_t offset, std::uint64_t bytes) const;
    [[nodiscard]] bool pageFits(std::uint64_t page, const char* expected) const;
    [[nodiscard]] bool layOut(std::span<const Section> sections);
    [[nodiscard]] bool readHeader(base::Hash128 key);
    void checksumPages();
    void releaseBytes(std::uint64_t offset, std::uint64_t bytes);
    void allocate(const std::string& path);

    std::string m_path;
    std::string m_temporaryPath;
    char* m_data = nullptr;
    std::uint64_t m_size = 0;
    std::uint64_t m_table = 0; ///< where the table of the pages' checksums starts
    std::uint64_t m_firstPage = 0; ///< where those pages start
    std::vector<std::pair<std::uint32_t, Place>> m_sections;
    /// One a page from the table on: 1 once its checksum was found right. Pages of an image made by this process are trusted.
    mutable std::vector<std::atomic<std::uint8_t>> m_seen;
};

} // namespace leftfold::capture
