// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panels/parts.h"

#include <QPainter>

namespace leftfold::ui {

/// Cells in rows as high as those of all tables.
class RowsDelegate : public PaddedDelegate {
public:
    using PaddedDelegate::PaddedDelegate;
    /// The ground of a row has no gaps between its cells.
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const QVariant ground = index.data(Qt::BackgroundRole);
        const bool isSelected = (option.state & QStyle::State_Selected) != 0;
        if (ground.isValid() && !isSelected) painter->fillRect(option.rect, ground.value<QBrush>());
        QStyleOptionViewItem padded = option;
        padded.rect.setRight(option.rect.right() - 5); // the style adds 3
        PaddedDelegate::paint(painter, padded, index);
    }
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        return {PaddedDelegate::sizeHint(option, index).width(), rowHeight(option.font)};
    }
};

} // namespace leftfold::ui
