// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/colours.h"

#include <QHeaderView>

namespace leftfold::ui {

/// Names of columns, as quiet as they can be, standing where the texts below them do.
class QuietHeader : public QHeaderView {
    Q_OBJECT

public:
    /// `firstPadding`: how far the texts of the first column stand from its edge.
    explicit QuietHeader(int firstPadding = 8, QWidget* parent = nullptr);
    void setColours(const Colours& colours);

protected:
    void paintSection(QPainter* painter, const QRect& rect, int section) const override;
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;
    [[nodiscard]] QSize sizeHint() const override;

private:
    void paintArrow(QPainter& painter, const QPointF& at) const;

    int m_firstPadding;
    Colours m_colours = lightColours();
};

} // namespace leftfold::ui
