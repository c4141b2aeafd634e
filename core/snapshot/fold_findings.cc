// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/fold_findings.h"

#include "core/fold/debezium.h"

#include <algorithm>
#include <tuple>

namespace leftfold::snapshot {

namespace {

using base::Result;

/// Each hears of events in replay order, so the first of all are among the first of each.
class FindingShare : public Share {
public:
    explicit FindingShare(std::size_t most) : m_most(most) {}
    void add(base::ByteView, fold::Folder&, const fold::State&) override {}
    void found(event::EventIndex event, base::ByteView id, std::span<const base::Error> findings) override
    {
        for (const base::Error& error : findings) {
            if (!fold::isLink(error) && total++ < m_most) first.push_back({event, std::string(id), error});
        }
    }
    std::vector<FoldFinding> first;
    std::uint64_t total = 0;

private:
    std::size_t m_most;
};

class FindingConsumer : public Consumer {
public:
    explicit FindingConsumer(std::size_t most) : m_most(most) {}
    [[nodiscard]] bool listens() const override { return true; }
    std::unique_ptr<Share> makeShare() override { return std::make_unique<FindingShare>(m_most); }
    Result<void> take(Share& share) override
    {
        auto& heard = static_cast<FindingShare&>(share);
        found.total += heard.total;
        std::ranges::move(heard.first, std::back_inserter(found.first));
        const auto key = [](const FoldFinding& finding) { return std::tie(finding.event, finding.id); };
        std::ranges::stable_sort(found.first, {}, key);
        found.first.resize(std::min(found.first.size(), m_most));
        return {};
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
    return std::move(consumer.found);
}

} // namespace leftfold::snapshot
