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

/// An event and what it belongs to beside, or instead of, the one aggregate that `KeyIndex::keysOf` names.
struct Belonging {
    std::uint32_t event = 0; ///< its index
    std::uint32_t to = 0; ///< a key; or a set
    friend bool operator==(const Belonging&, const Belonging&) = default;
};

/// The postings of one projection's aggregates: for each id the events that belong to it, in replay order, and for
/// each event its aggregate. An event may belong to several aggregates, or to all whose id begins with a text (a set: the
/// rows of a table that is truncated); the latter are in no postings: replay::OwnEvents adds them. Side file of the cache: opening it costs the same for any number of events. Aggregates are
/// numbered from 0 in an order that means nothing. Immutable; shared by threads.
class KeyIndex {
public:
    /// From the cache if it is there, else built by one parallel pass over the events (over the new ones only, where the
    /// capture has grown since). `done` hears of events read, out of all to read; it may be empty.
    using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;
    [[nodiscard]] static base::Result<std::shared_ptr<const KeyIndex>> open(Reader& reader, const decode::FieldRef& by,
                                                                            unsigned workers, std::stop_token stop,
                                                                            const Progress& progress);

    /// The same, but only from the cache: null if it is not there.
    [[nodiscard]] static std::shared_ptr<const KeyIndex> kept(const Reader& reader, const decode::FieldRef& by);

    [[nodiscard]] const decode::FieldRef& by() const { return m_by; }
    [[nodiscard]] std::uint32_t size() const { return m_size; }
    /// How many events belong to no aggregate and should: their id is null, absent or not scalar, or they cannot be read.
    [[nodiscard]] std::uint64_t withoutKey() const { return m_withoutKey; }
    /// The first of them.
    [[nodiscard]] std::optional<event::EventIndex> firstWithoutKey() const { return m_firstWithoutKey; }
    /// How many of these cannot be read: they may belong to any aggregate, whose states then lack them.
    [[nodiscard]] std::uint64_t damagedEvents() const { return m_damaged; }
    [[nodiscard]] base::Result<base::ByteView> text(std::uint32_t key) const;
    [[nodiscard]] base::Result<std::optional<std::uint32_t>> find(base::ByteView text) const;
    /// Event indexes, ascending. REQUIRES: key < size().
    [[nodiscard]] base::Result<std::span<const std::uint32_t>> postings(std::uint32_t key) const;
    /// The key of each of some consecutive events of the replay order, or kNoKey; of several the first.
    [[nodiscard]] base::Result<std::span<const std::uint32_t>> keysOf(std::uint64_t first, std::uint64_t count) const;
    /// The further keys of those of some consecutive events that have several, by event.
    [[nodiscard]] std::span<const Belonging> moreKeysOf(std::uint64_t first, std::uint64_t count) const;
    /// Those of some consecutive events that belong to a whole set, by event.
    [[nodiscard]] std::span<const Belonging> broadcastsIn(std::uint64_t first, std::uint64_t count) const;
    [[nodiscard]] std::uint32_t setCount() const { return static_cast<std::uint32_t>(m_sets.size()); }
    /// What the ids of a set begin with. REQUIRES: `set` comes from a broadcast.
    [[nodiscard]] const std::string& prefixOf(std::uint32_t set) const { return m_sets[set]; }

private:
    friend class KeyIndexBuilder;
    KeyIndex() = default;
    /// Begins with what the index in the cache knew before the last load.
    [[nodiscard]] static base::Result<void> extendEarlier(class KeyIndexBuilder& builder, const std::string& path,
                                                          const Catalog::Earlier& earlier, const Catalog& catalog);
    [[nodiscard]] static base::Result<std::shared_ptr<const KeyIndex>> over(std::shared_ptr<const IndexImage> image,
                                                                            decode::FieldRef by);
    [[nodiscard]] base::Result<void> readBeside();

    decode::FieldRef m_by;
    std::shared_ptr<const IndexImage> m_image;
    std::span<const Belonging> m_more; ///< in the image, as are the next two
    std::span<const Belonging> m_broadcasts;
    std::span<const std::uint32_t> m_outside; ///< events that rightly belong to no aggregate
    std::vector<std::string> m_sets;
    std::optional<event::EventIndex> m_firstWithoutKey;
    std::uint32_t m_size = 0;
    std::uint64_t m_withoutKey = 0;
    std::uint64_t m_damaged = 0;
};

/// Collects the keys of events as they arrive, then lays the index out. Memory: 4 bytes an event and the keys, 16 for each
/// further key and each event of a set or of none, and while building the index itself.
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
    /// What the events of a partition belong to, by ordinal.
    struct Beside {
        std::uint64_t ordinal = 0;
        std::uint32_t to = 0;
    };
    struct Partition {
        std::vector<std::uint32_t> keys;
        std::vector<Beside> more;
        std::vector<Beside> broadcasts;
        std::vector<std::uint64_t> outside;
    };
    /// What the index says of all events, in replay order.
    struct Laid {
        std::vector<Belonging> more;
        std::vector<Belonging> broadcasts;
        std::vector<std::uint32_t> outside;
    };
    Partition& ofPartition(std::uint32_t partition);
    [[nodiscard]] base::Result<void> startBeside(const KeyIndex& index, const Catalog& catalog);
    void followPredecessors(Partition& partition, std::uint64_t firstOrdinal, const ChunkKeys& keys) const;
    [[nodiscard]] base::Result<Laid> layOut(const Catalog& catalog) const;
    [[nodiscard]] std::uint64_t countKeys() const;
    void writeTexts(IndexImage& image) const;
    static void writeSets(IndexImage& image, const TextInterner& sets);
    [[nodiscard]] base::Result<void> writeKeys(IndexImage& image, const Catalog& catalog) const;
    static void writePostings(IndexImage& image, const Laid& laid);

    decode::FieldRef m_by;
    TextInterner m_texts;
    TextInterner m_sets;
    std::vector<Partition> m_partitions;
    std::uint64_t m_damaged = 0;
    std::vector<std::uint32_t> m_globalIds; ///< scratch: a chunk's text numbers in ours
};

} // namespace leftfold::capture
