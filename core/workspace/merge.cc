// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/merge.h"

#include "core/capture/writer.h"
#include "core/workspace/partition_merge.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <set>

namespace leftfold::workspace {

namespace {

using base::ErrorCode;
using base::Result;

/// Where the result stands until it is whole.
std::string unfinishedPath(const std::string& path)
{
    return path + ".merging";
}

Result<decode::Mapping> commonMapping(const std::vector<MergeInput>& inputs, const decode::Mapping& given)
{
    const decode::Mapping first = decode::overlaid(inputs.front().reader->catalog().mapping(), given);
    for (const MergeInput& input : inputs) {
        const decode::Mapping other = decode::overlaid(input.reader->catalog().mapping(), given);
        if (other != first)
            return base::fail(ErrorCode::MappingsDiffer, inputs.front().name, input.name, describe(first),
                              describe(other));
    }
    return first;
}

event::Partition nameInResult(const MergeInput& input, event::Partition partition)
{
    const auto renamed = input.topics.find(partition.topic);
    if (renamed != input.topics.end()) partition.topic = renamed->second;
    return partition;
}

/// What of an input is taken.
capture::OrdinalCut cutOf(const MergeInput& input)
{
    return input.until ? *input.until : input.reader->catalog().end();
}

/// A rename of what is not there is a slip.
Result<void> checkTopics(const MergeInput& input)
{
    for (const auto& [topic, name] : input.topics) {
        const auto& partitions = input.reader->catalog().partitions();
        if (std::ranges::find(partitions, topic, &event::Partition::topic) == partitions.end())
            return base::fail(ErrorCode::BadArgument, input.name + " has no " + topic + " to be renamed");
        LEFTFOLD_TRY(const event::Partition named, event::parsePartition(name + "[0]"));
        if (named.topic != name) return base::fail(ErrorCode::BadPartition, name);
    }
    return {};
}

/// A merge under way: the capture it makes goes unless it is published.
class Merger {
public:
    Merger(const std::vector<MergeInput>& inputs, const MergeOptions& options, std::stop_token stop,
           const MergeProgress& progress)
        : m_inputs(inputs),
          m_options(options),
          m_stop(std::move(stop)),
          m_progress(progress),
          m_path(unfinishedPath(options.path))
    {}
    ~Merger()
    {
        m_writer.reset();
        if (m_isOurs) (void)capture::Writer::discard(m_path);
    }
    Merger(const Merger&) = delete;
    Merger& operator=(const Merger&) = delete;

    Result<MergeSummary> run()
    {
        LEFTFOLD_CHECK(begin());
        for (const event::Partition& partition : partitions()) LEFTFOLD_CHECK(mergePartition(partition));
        LEFTFOLD_TRY(event::RecordBatch notes, this->notes());
        LEFTFOLD_CHECK(m_writer->append(std::move(notes)));
        LEFTFOLD_CHECK(m_writer->finish());
        LEFTFOLD_CHECK(m_writer->close());
        LEFTFOLD_CHECK(publish());
        return std::move(m_summary);
    }

private:
    Result<void> begin()
    {
        std::error_code ignored;
        if (std::filesystem::exists(m_options.path, ignored))
            return base::fail(ErrorCode::CaptureExists, m_options.path);
        capture::WriterOptions options;
        LEFTFOLD_TRY(options.mapping, commonMapping(m_inputs, m_options.mapping));
        options.source = "merge";
        for (const MergeInput& input : m_inputs) {
            LEFTFOLD_CHECK(checkTopics(input));
            options.source += '\n' + input.reader->catalog().source();
            m_total += cutOf(input).events();
        }
        LEFTFOLD_CHECK(joinDecoding(options));
        if (options.mapping.id) options.indexFields.push_back(*options.mapping.id);
        options.indexFolder = m_options.indexFolder;
        options.workers = m_options.workers;
        LEFTFOLD_CHECK(capture::Writer::discard(m_path)); // of a merge that was killed
        LEFTFOLD_TRY(m_writer, capture::Writer::create(m_path, options));
        m_isOurs = true;
        return m_writer->begin("merge");
    }

    /// Rules and schemas of all inputs; in a rule of all topics the first one's stays. Where nothing was decoded, nothing is.
    Result<void> joinDecoding(capture::WriterOptions& options) const
    {
        const auto isDecoded = [](const MergeInput& input) { return input.reader->catalog().decoding().isActive; };
        if (std::ranges::none_of(m_inputs, isDecoded)) return {};
        options.schemas = std::make_shared<decode::SchemaBook>();
        std::map<std::string, std::string> from;
        for (const MergeInput& input : m_inputs) {
            std::vector<decode::DecodeRule> rules = input.reader->catalog().decoding().rules;
            for (decode::DecodeRule& rule : rules) {
                const auto renamed = input.topics.find(rule.topic);
                if (renamed != input.topics.end()) rule.topic = renamed->second;
            }
            options.decoding.rules = decode::overlaid(std::move(rules), options.decoding.rules);
            for (const auto& schema : input.reader->schemas().behind(0)) {
                const auto known = options.schemas->find(schema->key);
                if (known && *known != *schema)
                    return base::fail(ErrorCode::SchemaConflict, "schema " + schema->key, from[schema->key],
                                      input.name);
                options.schemas->add(*schema);
                from.emplace(schema->key, input.name);
            }
        }
        return {};
    }

    [[nodiscard]] std::set<event::Partition> partitions() const
    {
        std::set<event::Partition> all;
        for (const MergeInput& input : m_inputs) {
            for (const event::Partition& each : input.reader->catalog().partitions())
                all.insert(nameInResult(input, each));
        }
        return all;
    }

    Result<void> mergePartition(const event::Partition& partition)
    {
        std::vector<PartitionEvents> events;
        for (std::size_t input = 0; input < m_inputs.size(); ++input) {
            const auto partitions = m_inputs[input].reader->catalog().partitions();
            for (std::uint32_t number = 0; number < partitions.size(); ++number) {
                if (nameInResult(m_inputs[input], partitions[number]) == partition)
                    events.emplace_back(*m_inputs[input].reader, number, input, cutOf(m_inputs[input]).next[number]);
            }
        }
        PartitionMerge merge(partition, std::move(events), m_inputs);
        LEFTFOLD_CHECK(merge.start());
        for (;;) {
            if (m_stop.stop_requested()) return base::fail(ErrorCode::Cancelled);
            LEFTFOLD_TRY(event::RecordBatch batch, merge.next(m_summary));
            if (batch.records.empty()) return {};
            batch.sourceCut = "merging"; // nobody resumes it; so that the writer may commit
            LEFTFOLD_CHECK(m_writer->append(std::move(batch)));
            if (m_progress) m_progress(m_summary.events + m_summary.shared + m_summary.contradictionCount, m_total);
        }
    }

    /// What was found when the inputs were captured, each once.
    [[nodiscard]] Result<event::RecordBatch> notes()
    {
        event::RecordBatch batch;
        batch.sourceCut = "merged";
        std::set<std::pair<event::Position, std::string>> told;
        Transactions transactions;
        for (const MergeInput& input : m_inputs) {
            const auto problems = input.reader->storedProblems();
            LEFTFOLD_TRY(const event::Cut until, input.reader->toCut(cutOf(input)));
            addTransactions(input, until, transactions);
            if (!problems) continue;
            for (const capture::ProblemRow& row : *problems) {
                event::Problem problem = row.problem;
                if (input.until && !until.contains(problem.position)) continue;
                problem.position.partition = nameInResult(input, problem.position.partition);
                if (told.emplace(problem.position, base::render(problem.error)).second)
                    batch.problems.push_back(problem);
            }
        }
        for (auto& [at, transaction] : transactions) batch.transactions.push_back(std::move(transaction));
        return batch;
    }

    /// Of one that several inputs know, what the first that saw its end says.
    using Transactions = std::map<event::Position, event::Transaction>;
    static void addTransactions(const MergeInput& input, const event::Cut& until, Transactions& all)
    {
        const auto known = input.reader->storedTransactions();
        if (!known) return;
        for (event::Transaction transaction : *known) {
            if (input.until && !until.contains({transaction.partition, transaction.begin()})) continue;
            transaction.partition = nameInResult(input, transaction.partition);
            const event::Position at{transaction.partition, transaction.begin()};
            const auto [same, isNew] = all.try_emplace(at, transaction);
            if (!isNew && same->second.state == event::TransactionState::Open) same->second = std::move(transaction);
        }
    }

    Result<void> publish()
    {
        m_writer.reset();
        LEFTFOLD_TRY(const auto reader, capture::Reader::open(m_path, {m_options.indexFolder}));
        LEFTFOLD_TRY(m_summary.identity, reader->identity());
        if (m_stop.stop_requested()) return base::fail(ErrorCode::Cancelled);
        if (std::rename(m_path.c_str(), m_options.path.c_str()) != 0) return base::failErrno(m_options.path, errno);
        m_isOurs = false;
        return {};
    }

    const std::vector<MergeInput>& m_inputs;
    const MergeOptions& m_options;
    std::stop_token m_stop;
    const MergeProgress& m_progress;
    std::string m_path;
    std::unique_ptr<capture::Writer> m_writer;
    bool m_isOurs = false; ///< there is a file at m_path that goes with us
    std::uint64_t m_total = 0; ///< events of all inputs
    MergeSummary m_summary;
};

} // namespace

Result<MergeSummary> mergeCaptures(const std::vector<MergeInput>& inputs, const MergeOptions& options,
                                   std::stop_token stop, const MergeProgress& progress)
{
    if (inputs.empty()) return base::fail(ErrorCode::BadArgument, "there is nothing to merge");
    return Merger(inputs, options, std::move(stop), progress).run();
}

} // namespace leftfold::workspace
