// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panels/parts.h"

namespace leftfold::ui {

/// Cells in rows as high as those of all tables.
class RowsDelegate : public PaddedDelegate {
public:
    using PaddedDelegate::PaddedDelegate;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        return {PaddedDelegate::sizeHint(option, index).width(), rowHeight(option.font)};
    }
};

} // namespace leftfold::ui
