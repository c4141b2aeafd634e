// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/json_walker.h"
#include "core/fold/latest.h"
#include "core/snapshot/snapshot.h"
#include "tests/capture/made_batches.h"
#include "tests/event/random_document.h"

/// A log whose states are random documents, with everything in them that a format may trip over.
namespace leftfold::snapshot::test {

using capture::test::Folder;
using capture::test::must;
using capture::test::Random;

inline const std::vector<std::string>& hardTexts()
{
    static const std::vector<std::string> texts = {"",
                                                   "null",
                                                   "true",
                                                   "17",
                                                   "-1.5e3",
                                                   "007",
                                                   " leading",
                                                   "trailing ",
                                                   "\t",
                                                   "a,b",
                                                   "a;b",
                                                   "say \"hi\"",
                                                   "\"",
                                                   "line\nbreak",
                                                   "line\r\nbreak",
                                                   "\r",
                                                   "[1,2]",
                                                   "{}",
                                                   "=1+1",
                                                   "'",
                                                   "\xc3\xa9\xf0\x9f\x98\x80",
                                                   "\xed\xa0\xbd",
                                                   std::string("nul\0nul", 7),
                                                   "\x01\x1f\x7f",
                                                   "\xef\xbb\xbf",
                                                   "ordinary"};
    return texts;
}

inline const std::vector<std::string>& hardNumbers()
{
    static const std::vector<std::string> numbers = {"0",
                                                     "-0",
                                                     "1",
                                                     "1.0",
                                                     "1e0",
                                                     "0.1",
                                                     "12.30",
                                                     "9007199254740993",
                                                     "9223372036854775807",
                                                     "9223372036854775808",
                                                     "-9223372036854775808",
                                                     "1e400",
                                                     "1e-400",
                                                     "3.141592653589793238462643383279502884197",
                                                     "1234567890123456789012345678901234567890"};
    return numbers;
}

inline const std::vector<std::string>& hardNames()
{
    static const std::vector<std::string> names = {"total",        "Total",     "name",     "a b",
                                                   "a,b",          "a/b",       "a~b",      "",
                                                   "id",           "state",     "json:/id", "rest",
                                                   "quote\"",      "new\nline", "\xc3\xa9", "deep",
                                                   "\xed\xa0\xbd", "0",         "change",   std::string("n\0l", 3)};
    return names;
}

/// Documents made of the above, in the shapes that rows have; or any other.
class RandomDocuments {
public:
    explicit RandomDocuments(unsigned seed) : m_random(seed), m_engine(seed) {}

    std::string next()
    {
        std::string json;
        if (m_random.oneIn(4)) {
            event::test::appendRandomJson(json, m_engine, 4);
        } else if (m_random.oneIn(40)) {
            json = nested(1 + m_random.below(300));
        } else {
            appendObject(json, 3);
        }
        return json;
    }

private:
    template <class T>
    const T& oneOf(const std::vector<T>& all)
    {
        return all[m_random.below(all.size())];
    }

    static std::string nested(std::uint64_t depth)
    {
        std::string json;
        for (std::uint64_t i = 0; i < depth; ++i) json += R"({"deep":)";
        return json + "1" + std::string(depth, '}');
    }

    void appendObject(std::string& json, int depth)
    {
        json += '{';
        for (std::uint64_t i = 0, members = m_random.below(7); i < members; ++i) {
            if (i > 0) json += ',';
            event::escape(json, oneOf(hardNames()));
            json += ':';
            appendValue(json, depth - 1);
        }
        json += '}';
    }

    void appendValue(std::string& json, int depth)
    {
        switch (m_random.below(depth > 0 ? 8 : 6)) {
        case 0:
            json += "null";
            return;
        case 1:
            json += m_random.oneIn(2) ? "true" : "false";
            return;
        case 2:
        case 3:
            json += oneOf(hardNumbers());
            return;
        case 6:
            return appendObject(json, depth);
        case 7:
            json += '[';
            appendValue(json, depth - 1);
            json += ']';
            return;
        default:
            event::escape(json, oneOf(hardTexts()));
        }
    }

    Random m_random;
    event::test::Random m_engine;
};

/// The log and its capture. States are the last values, worked out by walking the events one by one.
class MadeDocuments {
public:
    explicit MadeDocuments(unsigned seed, std::size_t events = 400, std::size_t ids = 60) : m_random(seed)
    {
        RandomDocuments documents(seed);
        std::vector<std::string> names;
        for (std::size_t i = 0; i < ids; ++i) names.push_back(idNumber(i));
        std::map<event::Partition, std::int64_t> next;
        capture::test::MadeLoad load;
        for (std::size_t i = 0; i < events; ++i) {
            capture::test::MadeEvent event;
            event.partition = {"made", static_cast<std::int32_t>(m_random.below(3))};
            event.offset = next[event.partition]++;
            event.key = names[m_random.below(ids)];
            event.id = event.key;
            event.timestamp = event.time = base::Time{1'000'000 + static_cast<std::int64_t>(i), 0};
            event.timestampType = event::TimestampType::Create;
            if (!m_random.oneIn(10)) event.value = documents.next();
            load.push_back({{event}, "0:" + std::to_string(i), {}, {}});
        }
        m_loads.push_back(std::move(load));
        capture::test::capture(path(), m_loads, options());
        m_reader = capture::test::opened(path());
        m_projection = projectionOf(*m_reader);
    }

    [[nodiscard]] static capture::WriterOptions options()
    {
        capture::WriterOptions options;
        options.mapping.id = decode::NativeKey{};
        options.mapping.time = decode::NativeTimestamp{};
        options.source = "made";
        return options;
    }
    [[nodiscard]] static replay::Projection projectionOf(capture::Reader& reader)
    {
        return {must(capture::KeyIndex::open(reader, decode::NativeKey{}, 2, {}, {})), fold::latestFold()};
    }

    [[nodiscard]] std::string path(const std::string& name = "a.lflog") const { return m_folder.path(name); }
    [[nodiscard]] std::string folder() const { return m_folder.path(); }
    [[nodiscard]] capture::Reader& reader() const { return *m_reader; }
    [[nodiscard]] const replay::Projection& projection() const { return m_projection; }
    [[nodiscard]] capture::OrdinalCut end() const { return m_reader->catalog().end(); }
    [[nodiscard]] const std::vector<capture::test::MadeLoad>& loads() const { return m_loads; }

    [[nodiscard]] capture::OrdinalCut randomCut()
    {
        capture::OrdinalCut cut;
        for (const std::uint64_t end : m_reader->catalog().end().next) cut.next.push_back(m_random.below(end + 1));
        return cut;
    }

    /// Every aggregate that exists at the cut.
    [[nodiscard]] std::map<std::string, event::Document> statesAt(const capture::OrdinalCut& cut) const
    {
        std::map<std::string, event::Document> states;
        std::map<event::Partition, std::uint64_t> seen;
        for (const capture::test::Placed& placed : capture::test::replayOrder(m_loads)) {
            const capture::test::MadeEvent& event = *placed.event;
            const std::uint32_t number = must(m_reader->catalog().numberOf(event.partition));
            if (seen[event.partition]++ >= cut.next[number]) continue;
            if (event.value) {
                states.insert_or_assign(*event.key, must(event::Document::parse(*event.value)));
            } else {
                states.erase(*event.key);
            }
        }
        return states;
    }

private:
    /// Ids as keys may be: any bytes.
    std::string idNumber(std::size_t i)
    {
        if (i == 0) return "";
        if (m_random.oneIn(3)) return m_random.bytes(1 + m_random.below(6)) + std::to_string(i);
        if (m_random.oneIn(3)) return hardTexts()[m_random.below(hardTexts().size())] + std::to_string(i);
        return "id-" + std::to_string(i);
    }

    Folder m_folder;
    Random m_random;
    std::vector<capture::test::MadeLoad> m_loads;
    std::unique_ptr<capture::Reader> m_reader;
    replay::Projection m_projection;
};

} // namespace leftfold::snapshot::test
