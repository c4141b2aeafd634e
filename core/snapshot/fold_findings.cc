// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/fold_findings.h"

#include "core/fold/debezium.h"

#include <algorithm>
#include <memory>
#include <tuple>

namespace leftfold::snapshot {

namespace {

using base::Result;

/// A worker hears of events in replay order, so the first of all are among the first of each worker.
class FindingShare : public Share {
public:
    FindingShare(std::size_t most, const FindingShare* sibling)
        : m_most(most),
          m_kept(sibling != nullptr ? sibling->m_kept : std::make_shared<std::size_t>(0))
    {}
    void add(base::ByteView, fold::Folder&, const fold::State&) override {}
    void found(event::EventIndex event, base::ByteView id, std::span<const base::Error> findings) override
    {
        for (const base::Error& error : findings) {
            if (fold::isLink(error)) continue;
            ++total;
            if (*m_kept < m_most) first.push_back({event, std::string(id), error}), ++*m_kept;
        }
    }
    std::vector<FoldFinding> first;
    std::uint64_t total = 0;

private:
    std::size_t m_most;
    std::shared_ptr<std::size_t> m_kept; ///< by all shares of the worker
};

class FindingConsumer : public Consumer {
public:
    explicit FindingConsumer(std::size_t most) : m_most(most) {}
    [[nodiscard]] bool listens() const override { return true; }
    std::unique_ptr<Share> makeShare(Share* sibling) override
    {
        return std::make_unique<FindingShare>(m_most, static_cast<FindingShare*>(sibling));
    }
    Result<void> take(Share& share) override
    {
        auto& heard = static_cast<FindingShare&>(share);
        found.total += heard.total;
        std::ranges::move(heard.first, std::back_inserter(found.first));
        if (found.first.size() / 2 >= m_most) keepFirst();
        return {};
    }
    void keepFirst()
    {
        const auto key = [](const FoldFinding& finding) { return std::tie(finding.event, finding.id); };
        std::ranges::stable_sort(found.first, {}, key);
        found.first.resize(std::min(found.first.size(), m_most));
    }
    FoldFindings found;

private:
    std::size_t m_most;
};

} // namespace

Result<FoldFindings> findAmiss(capture::Reader& reader, const replay::Projection& projection,
                               const capture::OrdinalCut& cut, std::size_t most, const SnapshotOptions& options,
                               std::stop_token stop, const Progress& progress)
{
    FindingConsumer consumer(most);
    LEFTFOLD_TRY(consumer.found.summary,
                 foldAll(reader, projection, cut, options, std::move(stop), progress, consumer));
    consumer.keepFirst();
    return std::move(consumer.found);
}

} // namespace leftfold::snapshot
