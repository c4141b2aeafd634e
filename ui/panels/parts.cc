// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/parts.h"

#include "ui/time_text.h"

#include <QAbstractItemView>
#include <QEvent>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>

namespace leftfold::ui {

void asPanel(QWidget& widget)
{
    widget.setObjectName(QStringLiteral("panel"));
    widget.setAttribute(Qt::WA_StyledBackground);
}

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

QString firstOnlyText(std::uint64_t listed, std::uint64_t total)
{
    return listed < total ? CountLabel::tr("the first %1 are listed").arg(countText(listed)) : QString();
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

ElidedLabel::ElidedLabel(const QString& text, QWidget* parent) : QLabel(text, parent)
{
    setTextFormat(Qt::PlainText);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
}

QSize ElidedLabel::minimumSizeHint() const
{
    return {0, QLabel::minimumSizeHint().height()};
}

void ElidedLabel::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    const QStringList lines = text().split(u'\n');
    const QRect area = contentsRect();
    QRect line(area.left(), 0, area.width(), fontMetrics().lineSpacing());
    line.moveTop(area.center().y() + 1 - line.height() * static_cast<int>(lines.size()) / 2);
    bool isWhole = true;
    for (const QString& each : lines) {
        const QString shown = fontMetrics().elidedText(each, Qt::ElideRight, line.width());
        isWhole = isWhole && shown == each;
        painter.drawText(line, static_cast<int>(alignment()) | Qt::TextSingleLine, shown);
        line.translate(0, line.height());
    }
    setToolTip(isWhole ? QString() : text());
}

EmptyHint::EmptyHint(QAbstractItemView* view, const QString& text) : QLabel(text, view->viewport()), m_view(view)
{
    setObjectName(QStringLiteral("secondary"));
    setTextFormat(Qt::PlainText);
    setAlignment(Qt::AlignHCenter | Qt::AlignTop);
    setWordWrap(true);
    setAttribute(Qt::WA_TransparentForMouseEvents);
    view->viewport()->installEventFilter(this);
    for (const auto changed : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(view->model(), changed, this, &EmptyHint::place);
    connect(view->model(), &QAbstractItemModel::modelReset, this, &EmptyHint::place);
    place();
}

void EmptyHint::place()
{
    constexpr int kMargin = 12;
    const QRect area = m_view->viewport()->rect().adjusted(kMargin, 0, -kMargin, 0);
    // In a low view the words come first, the margin after them.
    const int above = std::clamp((area.height() - heightForWidth(area.width())) / 2, 0, kMargin);
    setGeometry(area.adjusted(0, above, 0, 0));
    setVisible(m_view->model()->rowCount() == 0);
}

bool EmptyHint::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize) place();
    return QLabel::eventFilter(watched, event);
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
