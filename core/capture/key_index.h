// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/encoder.h"
#include "core/capture/reader.h"

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <vector>

namespace leftfold::capture {

/// The postings of one projection's aggregates: for each id the events that belong to it, in replay order, and for
/// each event its aggregate. Side file of the cache: opening it costs the same for any number of events. Aggregates are
/// numbered from 0 in an order that means nothing. Immutable; shared by threads.
class KeyIndex {
public:
    /// From the cache if it is there, else built by one parallel pass over the events (over the new ones only, where the
    /// capture has grown since). `done` hears of events read, out of all to read; it may be empty.
    using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;
    [[nodiscard]] static base::Result<std::shared_ptr<const KeyIndex>> open(Reader& reader, const decode::FieldRef& by,
                                                                            unsigned workers, std::stop_token stop,
                                                                            const Progress& progress);

    [[nodiscard]] const decode::FieldRef& by() const { return m_by; }
    [[nodiscard]] std::uint32_t size() const { return m_size; }
    /// How many events belong to no aggregate: their id is null, absent or not scalar, or they cannot be read.
    [[nodiscard]] std::uint64_t withoutKey() const { return m_withoutKey; }
    /// How many of these cannot be read: they may belong to any aggregate, whose states then lack them.
    [[nodiscard]] std::uint64_t damagedEvents() const { return m_damaged; }
    [[nodiscard]] base::Result<base::ByteView> text(std::uint32_t key) const;
    [[nodiscard]] base::Result<std::optional<std::uint32_t>> find(base::ByteView text) const;
    /// Event indexes, ascending. REQUIRES: key < size().
    [[nodiscard]] base::Result<std::span<const std::uint32_t>> postings(std::uint32_t key) const;
    /// The key of each of some consecutive events of the replay order, or kNoKey.
    [[nodiscard]] base::Result<std::span<const std::uint32_t>> keysOf(std::uint64_t first, std::uint64_t count) const;

private:
    friend class KeyIndexBuilder;
    KeyIndex() = default;
    /// Begins with what the index in the cache knew before the last load.
    [[nodiscard]] static base::Result<void> extendEarlier(class KeyIndexBuilder& builder, const std::string& path,
                                                          const Catalog::Earlier& earlier, const Catalog& catalog);
    [[nodiscard]] static base::Result<std::shared_ptr<const KeyIndex>> over(std::shared_ptr<const IndexImage> image,
                                                                            decode::FieldRef by);

    decode::FieldRef m_by;
    std::shared_ptr<const IndexImage> m_image;
    std::uint32_t m_size = 0;
    std::uint64_t m_withoutKey = 0;
    std::uint64_t m_damaged = 0;
};

/// Collects the keys of events as they arrive, then lays the index out. Memory: 4 bytes an event and the keys, and
/// while building the index itself.
class KeyIndexBuilder {
public:
    explicit KeyIndexBuilder(decode::FieldRef by) : m_by(std::move(by)) {}
    [[nodiscard]] const decode::FieldRef& by() const { return m_by; }
    /// The next events of a partition.
    void add(std::uint32_t partition, const ChunkKeys& keys);
    /// So many of the events added without a key cannot be read.
    void addDamage(std::uint64_t events) { m_damaged += events; }
    /// An index that lacks events that cannot be read is not put into the folder: every opening is told of them.
    /// REQUIRES: as many events of each partition were added as the catalog has.
    [[nodiscard]] base::Result<std::shared_ptr<const KeyIndex>> build(const Catalog& catalog,
                                                                      const std::string& indexFolder);
    /// Takes over an index of the first events of the replay order. REQUIRES: nothing was added yet.
    [[nodiscard]] base::Result<void> startFrom(const KeyIndex& index, const Catalog& catalog, std::uint64_t events);

private:
    std::vector<std::uint32_t>& ofPartition(std::uint32_t partition);
    void writeTexts(IndexImage& image) const;
    [[nodiscard]] base::Result<std::uint64_t> writeKeys(IndexImage& image, const Catalog& catalog);

    decode::FieldRef m_by;
    TextInterner m_texts;
    std::vector<std::vector<std::uint32_t>> m_keys; ///< by partition, then ordinal
    std::uint64_t m_damaged = 0;
    std::vector<std::uint32_t> m_globalIds; ///< scratch: a chunk's text numbers in ours
};

} // namespace leftfold::capture
