// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/hex_view.h"

#include <QEvent>
#include <QPainter>
#include <QScrollBar>

namespace leftfold::ui {

namespace {

constexpr std::size_t kBytes = 16; ///< a line

} // namespace

QString hexLine(std::string_view bytes, std::size_t line)
{
    const std::string_view here = bytes.substr(line * kBytes, kBytes);
    QString hex = QStringLiteral("%1 ").arg(line * kBytes, 8, 16, QLatin1Char('0'));
    QString characters;
    for (std::size_t i = 0; i < kBytes; ++i) {
        if (i % 8 == 0) hex += QLatin1Char(' ');
        if (i >= here.size()) {
            hex += QStringLiteral("   ");
            continue;
        }
        const auto byte = static_cast<unsigned char>(here[i]);
        hex += QStringLiteral("%1 ").arg(byte, 2, 16, QLatin1Char('0'));
        characters += byte >= 0x20 && byte < 0x7f ? QLatin1Char(static_cast<char>(byte)) : QLatin1Char('.');
    }
    return hex + QLatin1Char(' ') + characters;
}

HexView::HexView(QWidget* parent) : QAbstractScrollArea(parent)
{
    setFrameShape(NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Bytes in hex"));
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
}

void HexView::setColours(const Colours& colours)
{
    m_colours = colours;
    viewport()->update();
}

void HexView::setBytes(std::string bytes)
{
    m_bytes = std::move(bytes);
    verticalScrollBar()->setValue(0);
    updateScrollBar();
    viewport()->update();
}

int HexView::lineHeight() const
{
    return QFontMetrics(dataFont(font())).height() + 2;
}

void HexView::updateScrollBar()
{
    const auto lines = static_cast<int>((m_bytes.size() + kBytes - 1) / kBytes);
    const int visible = std::max(1, viewport()->height() / lineHeight());
    verticalScrollBar()->setRange(0, std::max(0, lines - visible));
    verticalScrollBar()->setPageStep(visible);
}

void HexView::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    updateScrollBar();
}

void HexView::changeEvent(QEvent* event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange) updateScrollBar();
}

void HexView::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), m_colours.panel);
    painter.setFont(dataFont(font()));
    const int ascent = painter.fontMetrics().ascent();
    const int place = painter.fontMetrics().horizontalAdvance(QLatin1Char('0')) * 10;
    int y = 6;
    for (auto line = static_cast<std::size_t>(verticalScrollBar()->value()); line * kBytes < m_bytes.size(); ++line) {
        if (y > viewport()->height()) return;
        const QString text = hexLine(m_bytes, line);
        painter.setPen(m_colours.secondary);
        painter.drawText(10, y + ascent, text.left(10));
        painter.setPen(m_colours.text);
        painter.drawText(10 + place, y + ascent, text.mid(10));
        y += lineHeight();
    }
}

} // namespace leftfold::ui
