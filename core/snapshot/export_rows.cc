// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/export_rows.h"

#include "core/snapshot/json_lines_export.h"

namespace leftfold::snapshot {

namespace {

using base::Result;

class RowShare : public Share {
public:
    RowShare(ExportFormat format, const Masks* masks) : rows(format, masks) {}
    void add(base::ByteView id, fold::Folder& folder, const fold::State& state) override
    {
        if (added) added = rows.add(id, RowChange::None, folder.read(state).root());
    }
    RowText rows;
    Result<void> added; ///< the first row that failed ends it
};

class RowConsumer : public Consumer {
public:
    RowConsumer(ExportFormat format, const Masks* masks, const TakeRows& take)
        : m_format(format),
          m_masks(masks),
          m_take(take)
    {}
    std::unique_ptr<Share> makeShare(Share* /*sibling*/) override
    {
        return std::make_unique<RowShare>(m_format, m_masks);
    }
    Result<void> take(Share& share) override
    {
        auto& taken = static_cast<RowShare&>(share);
        LEFTFOLD_CHECK(taken.added);
        LEFTFOLD_CHECK(m_take(taken.rows));
        taken.rows.dropLines();
        return {};
    }

private:
    ExportFormat m_format;
    const Masks* m_masks;
    const TakeRows& m_take;
};

} // namespace

Result<void> RowText::add(base::ByteView id, RowChange change, event::Value state)
{
    std::optional<event::Document> masked;
    if (m_masks != nullptr) {
        if (m_masks->maskedText(id) != id)
            return base::fail(base::ErrorCode::NotExportable, kMasked,
                              "its id is masked; name the aggregates by something else");
        m_unmaskedHash = base::addModulo(m_unmaskedHash, rowHash(change, hashOf(id, state)));
        masked = m_masks->masked(state);
        state = masked->root();
    }
    LEFTFOLD_CHECK(appendJsonLine(m_lines, id, change, state));
    m_hash = base::addModulo(m_hash, rowHash(change, hashOf(id, state)));
    if (m_columns) m_columns->add(id, change, state);
    ++m_rows;
    return {};
}

Result<SnapshotSummary> allRows(capture::Reader& reader, const replay::Projection& projection,
                                const capture::OrdinalCut& cut, ExportFormat format, const Masks* masks,
                                const SnapshotOptions& options, std::stop_token stop, const Progress& progress,
                                const TakeRows& take)
{
    RowConsumer consumer(format, masks, take);
    return foldAll(reader, projection, cut, options, std::move(stop), progress, consumer);
}

} // namespace leftfold::snapshot
