// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/panel_title.h"

#include "ui/colours.h"
#include "ui/panels/parts.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QStyleOption>

namespace leftfold::ui {

PanelTitle::PanelTitle(const QString& title, QWidget* parent)
    : QWidget(parent),
      m_title(new QLabel(title)),
      m_subject(new ElidedLabel),
      m_note(new QLabel)
{
    setObjectName(QStringLiteral("panelTitle"));
    m_note->setObjectName(QStringLiteral("panelNote"));
    QFont bold = font();
    bold.setBold(true);
    m_title->setFont(bold);
    m_subject->setFont(dataFont(font()));
    m_note->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(10, 4, 10, 4);
    row->setSpacing(8);
    row->addWidget(m_title);
    row->addWidget(m_subject, 1);
    row->addWidget(m_note);
}

void PanelTitle::setTitle(const QString& title)
{
    m_title->setText(title);
}

void PanelTitle::setSubject(const QString& subject)
{
    m_subject->setText(subject);
}

void PanelTitle::setNote(const QString& note)
{
    m_note->setText(note);
}

QString PanelTitle::note() const
{
    return m_note->text();
}

QSize PanelTitle::minimumSizeHint() const
{
    return {80, std::max(28, fontMetrics().height() + 10)};
}

void PanelTitle::paintEvent(QPaintEvent*)
{
    QStyleOption option;
    option.initFrom(this);
    QPainter painter(this);
    style()->drawPrimitive(QStyle::PE_Widget, &option, &painter, this);
}

DockGrip::DockGrip(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("panelGrip"));
    setCursor(Qt::OpenHandCursor);
    setToolTip(tr("Drag to move the panel"));
    setAccessibleName(toolTip());
}

void DockGrip::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect(), palette().color(QPalette::Base));
    painter.setPen(Qt::NoPen);
    painter.setBrush(palette().color(QPalette::Mid));
    painter.drawRoundedRect(QRectF(width() / 2.0 - 16, 2.5, 32, 2.5), 1.2, 1.2);
}

QWidget* framed(PanelTitle* title, QWidget* panel)
{
    auto* frame = new QWidget;
    frame->setObjectName(QStringLiteral("panel"));
    auto* column = new QVBoxLayout(frame);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(title);
    column->addWidget(panel, 1);
    return frame;
}

} // namespace leftfold::ui
