// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/parts.h"

#include "ui/time_text.h"

#include <QVBoxLayout>

namespace leftfold::ui {

void setInk(QWidget* widget, const QColor& ink)
{
    QPalette palette = widget->palette();
    palette.setColor(QPalette::WindowText, ink);
    palette.setColor(QPalette::Text, ink);
    widget->setPalette(palette);
}

void setSecondary(QLabel* label, const Colours& colours)
{
    setInk(label, colours.secondary);
}

QToolButton* makeSwitch(const QString& text)
{
    auto* const button = new QToolButton;
    button->setText(text);
    button->setCheckable(true);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

void PaddedDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QStyleOptionViewItem moved = option;
    moved.rect.setLeft(option.rect.left() + 5); // the style adds 3
    QStyledItemDelegate::paint(painter, moved, index);
}

CountLabel::CountLabel(const QString& caption, QWidget* parent)
    : QWidget(parent),
      m_number(new QLabel(QStringLiteral("0"))),
      m_caption(new QLabel(caption))
{
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_number->setFont(scaled(font(), 1.5));
    layout->addWidget(m_number);
    layout->addWidget(m_caption);
}

void CountLabel::setCount(std::uint64_t count)
{
    m_number->setText(countText(count));
    setAccessibleName(m_number->text() + QLatin1Char(' ') + m_caption->text());
}

void CountLabel::setInks(const QColor& number, const QColor& caption)
{
    setInk(m_number, number);
    setInk(m_caption, caption);
}

} // namespace leftfold::ui
