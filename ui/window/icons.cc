// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/icons.h"

#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>

namespace leftfold::ui {

namespace {

/// A triangle whose base stands at `x`, in a square of 16; to the left where `width` is negative.
void addTriangle(QPainterPath& path, double x, double width)
{
    path.moveTo(x, 3);
    path.lineTo(x + width, 8);
    path.lineTo(x, 13);
    path.closeSubpath();
}

QPainterPath shapeOf(Picture picture)
{
    QPainterPath path;
    switch (picture) {
    case Picture::First:
        path.addRect(2, 3, 2, 10);
        addTriangle(path, 13, -8);
        break;
    case Picture::ReverseContinue:
        addTriangle(path, 8, -7);
        addTriangle(path, 15, -7);
        break;
    case Picture::StepBack:
        addTriangle(path, 12, -8);
        break;
    case Picture::Step:
        addTriangle(path, 4, 8);
        break;
    case Picture::Continue:
        addTriangle(path, 1, 7);
        addTriangle(path, 8, 7);
        break;
    case Picture::Last:
        addTriangle(path, 3, 8);
        path.addRect(12, 3, 2, 10);
        break;
    case Picture::Play:
        path.addEllipse(1, 1, 14, 14);
        addTriangle(path, 6.2, 5.4);
        break;
    case Picture::Pause:
        path.addRect(4, 3, 3, 10);
        path.addRect(9, 3, 3, 10);
        break;
    case Picture::Back:
    case Picture::Forward: {
        const double side = picture == Picture::Back ? 1 : -1;
        path.moveTo(8 - side * -2, 3);
        path.lineTo(8 - side * 4, 8);
        path.lineTo(8 - side * -2, 13);
        break;
    }
    case Picture::Lock:
        path.addRoundedRect(3, 7, 10, 7, 1.5, 1.5);
        path.moveTo(5.2, 7);
        path.arcTo(5.2, 2, 5.6, 8, 180, -180);
        break;
    }
    return path;
}

bool isFilled(Picture picture)
{
    return picture != Picture::Back && picture != Picture::Forward && picture != Picture::Lock
           && picture != Picture::Play;
}

class Engine : public QIconEngine {
public:
    Engine(Picture picture, QColor colour, QColor disabled)
        : m_picture(picture),
          m_colour(std::move(colour)),
          m_disabled(std::move(disabled))
    {}
    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override
    {
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->translate(rect.topLeft());
        painter->scale(rect.width() / 16.0, rect.height() / 16.0);
        const QColor colour = mode == QIcon::Disabled ? m_disabled : m_colour;
        painter->setPen(isFilled(m_picture) ? QPen(Qt::NoPen) : QPen(colour, 1.6));
        painter->setBrush(isFilled(m_picture) ? QBrush(colour) : QBrush(Qt::NoBrush));
        painter->drawPath(shapeOf(m_picture));
        painter->restore();
    }
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return pixmap;
    }
    [[nodiscard]] QIconEngine* clone() const override { return new Engine(*this); }

private:
    Picture m_picture;
    QColor m_colour;
    QColor m_disabled;
};

} // namespace

QIcon icon(Picture picture, const QColor& colour, const QColor& disabled)
{
    return QIcon(new Engine(picture, colour, disabled));
}

} // namespace leftfold::ui
