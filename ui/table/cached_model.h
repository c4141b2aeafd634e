// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/table/row_cache.h"
#include "ui/table/window_model.h"

namespace leftfold::ui {

/// A WindowModel whose rows are values of one type: those used last are kept.
template <class Row>
class CachedModel : public WindowModel {
public:
    /// Rows [first, first + rows.size()), as wanted; those of an earlier revision are not taken.
    void deliver(quint64 revision, quint64 first, std::vector<Row> rows)
    {
        if (!arrives(revision, first)) return;
        const quint64 count = rows.size();
        m_rows.put(first / kRowBlock, std::move(rows));
        arrived(first, count);
    }
    /// Null where it has not arrived, or was let go again.
    [[nodiscard]] const Row* row(std::uint64_t number) const { return m_rows.find(number); }

protected:
    using WindowModel::WindowModel;
    [[nodiscard]] bool has(std::uint64_t number) const override { return row(number) != nullptr; }
    void forgetAll() override { m_rows.clear(); }
    void forgetBlock(std::uint64_t block) override { m_rows.forget(block); }

private:
    mutable RowCache<Row> m_rows;
};

} // namespace leftfold::ui
