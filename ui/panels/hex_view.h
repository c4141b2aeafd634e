// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/colours.h"

#include <QAbstractScrollArea>
#include <string>

namespace leftfold::ui {

/// Bytes in hex, sixteen a line, with their characters beside them. Paints the lines that are seen.
class HexView : public QAbstractScrollArea {
    Q_OBJECT

public:
    explicit HexView(QWidget* parent = nullptr);
    void setColours(const Colours& colours);
    void setBytes(std::string bytes);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void updateScrollBar();
    [[nodiscard]] int lineHeight() const;

    std::string m_bytes;
    Colours m_colours = lightColours();
};

/// "00000010  7b 22 73 6b 75 22 3a 22  73 6b 75 2d 31 31 38 22  {"sku":"sku-118"", without a line break: line number `line`
/// (16 bytes each), padded where the bytes end in it. REQUIRES: line * 16 < bytes.size().
[[nodiscard]] QString hexLine(std::string_view bytes, std::size_t line);

} // namespace leftfold::ui
