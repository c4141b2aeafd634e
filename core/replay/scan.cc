// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/scan.h"

#include "core/replay/own_events.h"
#include "core/replay/stretch.h"

#include <algorithm>
#include <numeric>

namespace leftfold::replay {

namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

/// The filter, ready to be asked about one event after the other.
class Matcher {
public:
    static Result<Matcher> make(const event::EventFilter& filter, const decode::Mapping& mapping)
    {
        std::vector<decode::FieldRef> fields;
        std::vector<std::string> wanted;
        if (filter.causedBy) {
            if (!mapping.causation)
                return fail(ErrorCode::BadArgument,
                            "this log's mapping has no causation id; name its field with --causation-field");
            fields.push_back(*mapping.causation);
            wanted.push_back(*filter.causedBy);
        }
        if (filter.correlation) {
            if (!mapping.correlation)
                return fail(ErrorCode::BadArgument,
                            "this log's mapping has no correlation id; name its field with --correlation-field");
            fields.push_back(*mapping.correlation);
            wanted.push_back(*filter.correlation);
        }
        return Matcher(filter, std::move(fields), std::move(wanted));
    }

    [[nodiscard]] bool matches(const BlockReader::Item& item)
    {
        if (!m_filter.types.empty() && std::ranges::find(m_filter.types, item.type) == m_filter.types.end())
            return false;
        if (m_filter.text && !holdsText(*item.record)) return false;
        return m_wanted.empty() || fieldsMatch(*item.record);
    }

private:
    Matcher(const event::EventFilter& filter, std::vector<decode::FieldRef> fields, std::vector<std::string> wanted)
        : m_filter(filter),
          m_wanted(std::move(wanted)),
          m_extractor(std::move(fields))
    {}

    [[nodiscard]] bool holdsText(const event::Record& record) const
    {
        const auto holds = [this](const std::optional<base::ByteView>& bytes) {
            return bytes && bytes->find(*m_filter.text) != base::ByteView::npos;
        };
        return holds(record.value) || holds(record.key);
    }

    [[nodiscard]] bool fieldsMatch(const event::Record& record)
    {
        const auto extraction = m_extractor.extract(record);
        for (std::size_t i = 0; i < m_wanted.size(); ++i) {
            const auto text = decode::aggregateId(extraction.fields[i]);
            if (!text || *text != m_wanted[i]) return false;
        }
        return true;
    }

    const event::EventFilter& m_filter;
    std::vector<std::string> m_wanted;
    decode::FieldExtractor m_extractor;
};

/// One walk: the range, what has been seen, and whom to tell.
class Walk {
public:
    Walk(capture::Reader& reader, const capture::KeyIndex* keys, const ScanRange& range, Matcher matcher,
         std::stop_token stop, const std::function<Result<bool>(const ScannedEvent&)>& sink,
         const std::function<void(event::EventIndex)>& damaged)
        : m_reader(reader),
          m_keys(keys),
          m_range(range),
          m_matcher(std::move(matcher)),
          m_stop(std::move(stop)),
          m_sink(sink),
          m_damaged(damaged),
          m_blocks(reader)
    {}

    Result<ScanSummary> throughAll(Stretch bounds)
    {
        const std::uint64_t length = blockLength(m_reader.catalog());
        // The first block is a small one: a `--limit 10` need not read thousands.
        std::uint64_t wanted = capture::kFrameEvents;
        for (std::uint64_t done = 0; bounds.first + done < bounds.last && m_goOn;) {
            const std::uint64_t count = std::min(wanted, bounds.last - bounds.first - done);
            const std::uint64_t first = m_range.reverse ? bounds.last - done - count : bounds.first + done;
            LEFTFOLD_CHECK(block(first, count));
            done += count;
            wanted = std::min(length, 4 * wanted);
        }
        return finish();
    }

    Result<ScanSummary> throughOwn(std::span<const std::uint32_t> events)
    {
        for (std::size_t i = 0; i < events.size() && m_goOn; ++i) {
            const std::uint32_t index = events[m_range.reverse ? events.size() - 1 - i : i];
            LEFTFOLD_TRY(const capture::Location location, m_reader.catalog().locate(event::EventIndex{index}));
            if (m_range.from.contains(location) || !m_range.until.contains(location)) continue;
            LEFTFOLD_CHECK(block(index, 1));
        }
        return finish();
    }

private:
    Result<void> block(std::uint64_t first, std::uint64_t count)
    {
        if (m_stop.stop_requested()) return fail(ErrorCode::Cancelled);
        LEFTFOLD_CHECK(m_blocks.read(first, count));
        std::span<const std::uint32_t> keys;
        if (m_keys) {
            LEFTFOLD_TRY(keys, m_keys->keysOf(first, count));
        }
        for (std::uint64_t i = 0; i < count && m_goOn; ++i) {
            const std::uint64_t place = m_range.reverse ? count - 1 - i : i;
            LEFTFOLD_CHECK(look(first + place, m_blocks.items()[place], m_keys ? keys[place] : capture::kNoKey));
        }
        return {};
    }

    Result<void> look(std::uint64_t index, const BlockReader::Item& item, std::uint32_t key)
    {
        if (m_range.from.contains(item.location) || !m_range.until.contains(item.location)) return {};
        ++m_summary.scanned;
        if (!item.record) {
            ++m_summary.damaged;
            if (m_damaged) m_damaged({index});
            return {};
        }
        if (!m_matcher.matches(item)) return {};
        ++m_summary.matched;
        ScannedEvent event{{index}, &item, std::nullopt};
        if (key != capture::kNoKey) {
            LEFTFOLD_TRY(event.id, m_keys->text(key));
        }
        LEFTFOLD_TRY(m_goOn, m_sink(event));
        return {};
    }

    Result<ScanSummary> finish()
    {
        m_summary.damage = m_blocks.damage();
        return m_summary;
    }

    capture::Reader& m_reader;
    const capture::KeyIndex* m_keys;
    const ScanRange& m_range;
    Matcher m_matcher;
    std::stop_token m_stop;
    const std::function<Result<bool>(const ScannedEvent&)>& m_sink;
    const std::function<void(event::EventIndex)>& m_damaged;
    BlockReader m_blocks;
    ScanSummary m_summary;
    bool m_goOn = true;
};

} // namespace

Result<ScanSummary> scan(capture::Reader& reader, const capture::KeyIndex* keys, const ScanRange& range,
                         const event::EventFilter& filter, std::stop_token stop,
                         const std::function<Result<bool>(const ScannedEvent&)>& sink,
                         const std::function<void(event::EventIndex)>& damaged)
{
    LEFTFOLD_TRY(Matcher matcher, Matcher::make(filter, reader.catalog().mapping()));
    Walk walk(reader, keys, range, std::move(matcher), std::move(stop), sink, damaged);
    if (!filter.aggregate) {
        LEFTFOLD_TRY(const Stretch bounds, stretchBetween(reader.catalog(), range.from, range.until));
        return walk.throughAll(bounds);
    }
    LEFTFOLD_INVARIANT(keys != nullptr);
    LEFTFOLD_TRY(const auto own, OwnEvents::of(*keys, *filter.aggregate));
    if (!own) return ScanSummary{};
    return walk.throughOwn(own->inLog());
}

} // namespace leftfold::replay
