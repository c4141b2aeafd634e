// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/capture/index_image.h"

#include "core/base/varint.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace leftfold::capture {

namespace {

using base::ErrorCode;
using base::fail;
using base::Hash128;
using base::Result;

constexpr std::uint64_t kPage = 4096;
constexpr std::uint64_t kHashesPerPage = kPage / sizeof(std::uint64_t);
constexpr std::string_view kMagic = "LFINDEX1";

constexpr std::uint64_t roundedUp(std::uint64_t bytes)
{
    return (bytes + kPage - 1) / kPage * kPage;
}

/// The header: magic, key, total size, where the pages start, the hash of the top table, sections; a hash over all that ends it.
std::string layHeader(Hash128 key, std::uint64_t size, std::uint64_t firstPage,
                      std::span<const IndexImage::Section> sections, Hash128 topHash)
{
    std::string out(kMagic);
    base::putFixed(out, key.high);
    base::putFixed(out, key.low);
    base::putFixed(out, size);
    base::putFixed(out, firstPage);
    base::putFixed(out, topHash.high);
    base::putFixed(out, topHash.low);
    base::putFixed(out, static_cast<std::uint64_t>(sections.size()));
    for (const auto& section : sections) {
        base::putFixed(out, static_cast<std::uint64_t>(section.id));
        base::putFixed(out, section.bytes);
    }
    const Hash128 own = base::hash128(out);
    base::putFixed(out, own.high);
    base::putFixed(out, own.low);
    return out;
}

} // namespace

IndexImage::~IndexImage()
{
    if (m_data) ::munmap(m_data, m_size);
    if (!m_temporaryPath.empty()) ::unlink(m_temporaryPath.c_str());
}

IndexImage::Place IndexImage::place(std::uint32_t id) const
{
    for (const auto& [section, place] : m_sections) {
        if (section == id) return place;
    }
    return {};
}

/// Layout: one header page; the top table with the checksums of the table's pages; the table with the checksums of all
/// further pages; then each section from a page of its own. Opening reads header and top table, two millionths of the file.
bool IndexImage::layOut(std::span<const Section> sections)
{
    std::uint64_t pages = 0;
    for (const Section& section : sections) pages += roundedUp(section.bytes) / kPage;
    const std::uint64_t tableBytes = roundedUp(pages * sizeof(std::uint64_t));
    m_table = kPage + roundedUp(tableBytes / kPage * sizeof(std::uint64_t));
    m_firstPage = m_table + tableBytes;
    std::uint64_t at = m_firstPage;
    for (const Section& section : sections) {
        m_sections.push_back({section.id, {at, section.bytes}});
        at += roundedUp(section.bytes);
    }
    m_size = at;
    return sections.size() < 64;
}

void IndexImage::allocate(const std::string& path)
{
    m_path = path;
    void* at = MAP_FAILED;
    if (!path.empty()) {
        m_temporaryPath = path + ".XXXXXX";
        const int file = ::mkostemp(m_temporaryPath.data(), O_CLOEXEC);
        if (file < 0) {
            m_temporaryPath.clear();
        } else {
            // posix_fallocate, not ftruncate: on a full disk writing into a hole would be a SIGBUS.
            if (::posix_fallocate(file, 0, static_cast<off_t>(m_size)) == 0) {
                at = ::mmap(nullptr, m_size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
            }
            ::close(file);
        }
    }
    if (at == MAP_FAILED) {
        if (!m_temporaryPath.empty()) ::unlink(m_temporaryPath.c_str());
        m_temporaryPath.clear();
        at = ::mmap(nullptr, m_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    }
    LEFTFOLD_INVARIANT(at != MAP_FAILED);
    m_data = static_cast<char*>(at);
}

std::unique_ptr<IndexImage> IndexImage::create(const std::string& path, Hash128 key, std::span<const Section> sections)
{
    std::unique_ptr<IndexImage> image(new IndexImage);
    LEFTFOLD_INVARIANT(image->layOut(sections));
    image->allocate(path);
    const std::string header = layHeader(key, image->m_size, image->m_firstPage, sections, {});
    std::copy(header.begin(), header.end(), image->m_data);
    return image;
}

void IndexImage::checksumPages()
{
    constexpr std::uint64_t kPiece = 1024 * kPage;
    auto* hashes = reinterpret_cast<std::uint64_t*>(m_data + m_table);
    for (std::uint64_t begin = m_firstPage; begin < m_size; begin += kPiece) {
        const std::uint64_t end = std::min(m_size, begin + kPiece);
        for (std::uint64_t at = begin; at < end; at += kPage) *hashes++ = base::hash64({m_data + at, kPage});
        releaseBytes(begin, end - begin);
    }
    auto* top = reinterpret_cast<std::uint64_t*>(m_data + kPage);
    for (std::uint64_t at = m_table; at < m_firstPage; at += kPage) *top++ = base::hash64({m_data + at, kPage});
}

/// Of a shared mapping of a file: the pages stay in the system's cache, and in the file.
void IndexImage::releaseBytes(std::uint64_t offset, std::uint64_t bytes)
{
    const std::uint64_t begin = roundedUp(offset);
    const std::uint64_t end = (offset + bytes) / kPage * kPage;
    if (!m_temporaryPath.empty() && begin < end) ::madvise(m_data + begin, end - begin, MADV_DONTNEED);
}

std::shared_ptr<const IndexImage> IndexImage::seal(std::unique_ptr<IndexImage> image)
{
    if (!image->m_temporaryPath.empty()) {
        image->checksumPages();
        base::ByteReader written({image->m_data + kMagic.size(), 2 * sizeof(std::uint64_t)});
        Hash128 key;
        key.high = written.fixed<std::uint64_t>();
        key.low = written.fixed<std::uint64_t>();
        std::vector<Section> sections;
        for (const auto& [id, place] : image->m_sections) sections.push_back({id, place.bytes});
        const Hash128 topHash = base::hash128({image->m_data + kPage, image->m_table - kPage});
        const std::string header = layHeader(key, image->m_size, image->m_firstPage, sections, topHash);
        std::copy(header.begin(), header.end(), image->m_data);
        if (::rename(image->m_temporaryPath.c_str(), image->m_path.c_str()) == 0) image->m_temporaryPath.clear();
    }
    image->m_seen = std::vector<std::atomic<std::uint8_t>>((image->m_size - image->m_table) / kPage);
    for (auto& seen : image->m_seen) seen.store(1, std::memory_order_relaxed);
    return image;
}

bool IndexImage::readHeader(Hash128 key)
{
    base::ByteReader from({m_data, kPage});
    if (from.bytes(kMagic.size()) != kMagic) return false;
    Hash128 written;
    written.high = from.fixed<std::uint64_t>();
    written.low = from.fixed<std::uint64_t>();
    const auto size = from.fixed<std::uint64_t>();
    const auto firstPage = from.fixed<std::uint64_t>();
    Hash128 topHash;
    topHash.high = from.fixed<std::uint64_t>();
    topHash.low = from.fixed<std::uint64_t>();
    std::vector<Section> sections(std::min<std::uint64_t>(from.fixed<std::uint64_t>(), 64));
    for (Section& section : sections) {
        section.id = static_cast<std::uint32_t>(from.fixed<std::uint64_t>());
        section.bytes = from.fixed<std::uint64_t>();
    }
    if (!from.ok() || written != key || size != m_size) return false;
    const std::string expected = layHeader(key, size, firstPage, sections, topHash);
    if (base::ByteView(m_data, expected.size()) != expected) return false;
    const std::uint64_t fileSize = m_size;
    if (!layOut(sections) || m_size != fileSize || m_firstPage != firstPage) return false;
    return base::hash128({m_data + kPage, m_table - kPage}) == topHash;
}

Result<std::shared_ptr<const IndexImage>> IndexImage::open(const std::string& path, Hash128 key)
{
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return base::failErrno(path, errno);
    struct stat status {};
    const bool known = ::fstat(file, &status) == 0;
    std::shared_ptr<IndexImage> image(new IndexImage);
    image->m_path = path;
    void* at = MAP_FAILED;
    if (known && static_cast<std::uint64_t>(status.st_size) >= kPage) {
        at = ::mmap(nullptr, static_cast<std::size_t>(status.st_size), PROT_READ, MAP_SHARED, file, 0);
    }
    ::close(file);
    if (at == MAP_FAILED) return fail(ErrorCode::DamagedIndex, path);
    ::madvise(at, static_cast<std::size_t>(status.st_size), MADV_RANDOM);
    image->m_data = static_cast<char*>(at);
    image->m_size = static_cast<std::uint64_t>(status.st_size);
    const std::uint64_t mapped = image->m_size;
    const bool whole = image->readHeader(key);
    image->m_size = mapped;
    if (!whole) return fail(ErrorCode::DamagedIndex, path);
    image->m_seen = std::vector<std::atomic<std::uint8_t>>((image->m_size - image->m_table) / kPage);
    return image;
}

/// Whether page `page`, counted from the table on, fits the checksum at `expected`.
bool IndexImage::pageFits(std::uint64_t page, const char* expected) const
{
    if (m_seen[page].load(std::memory_order_relaxed)) return true;
    const std::uint64_t hash = base::hash64({m_data + m_table + page * kPage, kPage});
    if (std::memcmp(&hash, expected, sizeof hash) != 0) {
        ::unlink(m_path.c_str()); // the next one to open it builds it anew
        return false;
    }
    m_seen[page].store(1, std::memory_order_relaxed);
    return true;
}

bool IndexImage::verified(std::uint64_t offset, std::uint64_t bytes) const
{
    if (bytes == 0) return true;
    const std::uint64_t tablePages = (m_firstPage - m_table) / kPage;
    const std::uint64_t first = (offset - m_firstPage) / kPage;
    const std::uint64_t last = (offset - m_firstPage + bytes - 1) / kPage;
    for (std::uint64_t page = first; page <= last; ++page) {
        if (m_seen[tablePages + page].load(std::memory_order_relaxed)) continue;
        const std::uint64_t tablePage = page / kHashesPerPage;
        if (!pageFits(tablePage, m_data + kPage + tablePage * sizeof(std::uint64_t))) return false;
        if (!pageFits(tablePages + page, m_data + m_table + page * sizeof(std::uint64_t))) return false;
    }
    return true;
}

} // namespace leftfold::capture
