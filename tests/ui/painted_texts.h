// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFontMetricsF>
#include <QPaintEngine>
#include <QPainter>
#include <QWidget>
#include <cmath>
#include <vector>

/// What texts a widget paints, and where: it is rendered to a device that takes note of texts and of nothing else. Texts of
/// pictures that were painted before (the axes of the timeline) are not among them.
namespace leftfold::ui::test {

struct PaintedText {
    QString text;
    QRectF ink; ///< of its glyphs, in coordinates of the widget
    QRectF clip; ///< what of the widget can be painted on there
    QPointF end; ///< of the baseline

    /// Some of it is not seen, across the line of writing or along it.
    [[nodiscard]] bool isCutAcross() const { return ink.top() < clip.top() - 1 || ink.bottom() > clip.bottom() + 1; }
    [[nodiscard]] bool isCutAlong() const { return ink.left() < clip.left() - 1 || ink.right() > clip.right() + 1; }
    [[nodiscard]] bool isSeen() const { return ink.intersects(clip); }
};

class TextEngine : public QPaintEngine {
public:
    TextEngine() : QPaintEngine(AllFeatures) {}
    std::vector<PaintedText> texts;

    bool begin(QPaintDevice* /*device*/) override { return true; }
    bool end() override { return true; }
    Type type() const override { return User; }
    void updateState(const QPaintEngineState& /*state*/) override {}
    void drawPixmap(const QRectF& /*to*/, const QPixmap& /*pixmap*/, const QRectF& /*from*/) override {}
    void drawImage(const QRectF& /*to*/, const QImage& /*image*/, const QRectF& /*from*/,
                   Qt::ImageConversionFlags /*flags*/) override
    {}
    void drawTiledPixmap(const QRectF& /*to*/, const QPixmap& /*pixmap*/, const QPointF& /*at*/) override {}
    void drawPath(const QPainterPath& /*path*/) override {}
    void drawPolygon(const QPointF* /*points*/, int /*count*/, PolygonDrawMode /*mode*/) override {}
    void drawPolygon(const QPoint* /*points*/, int /*count*/, PolygonDrawMode /*mode*/) override {}
    void drawRects(const QRectF* /*rects*/, int /*count*/) override {}
    void drawRects(const QRect* /*rects*/, int /*count*/) override {}
    void drawLines(const QLineF* /*lines*/, int /*count*/) override {}
    void drawLines(const QLine* /*lines*/, int /*count*/) override {}
    void drawEllipse(const QRectF& /*rect*/) override {}
    void drawEllipse(const QRect& /*rect*/) override {}
    void drawPoints(const QPointF* /*points*/, int /*count*/) override {}
    void drawPoints(const QPoint* /*points*/, int /*count*/) override {}

    void drawTextItem(const QPointF& at, const QTextItem& item) override
    {
        const double ratio = paintDevice()->devicePixelRatio();
        const QTransform to = painter()->deviceTransform() * QTransform::fromScale(1 / ratio, 1 / ratio);
        PaintedText painted;
        painted.text = item.text();
        painted.ink = to.mapRect(QFontMetricsF(item.font()).tightBoundingRect(item.text()).translated(at));
        const QRectF system = systemClip().boundingRect();
        painted.clip =
            systemClip().isEmpty() ? QRectF(0, 0, 1e6, 1e6) : QRectF(system.topLeft() / ratio, system.size() / ratio);
        if (painter()->hasClipping()) painted.clip &= to.mapRect(painter()->clipBoundingRect());
        painted.end = to.map(at + QPointF(item.width(), 0));
        // A text in two scripts comes in parts.
        PaintedText* before = texts.empty() ? nullptr : &texts.back();
        const QPointF begin = to.map(at);
        if (before != nullptr && std::abs(before->end.y() - begin.y()) < 0.5
            && std::abs(before->end.x() - begin.x()) < 1.5) {
            before->text += painted.text;
            before->ink |= painted.ink;
            before->clip &= painted.clip;
            before->end = painted.end;
        } else if (!painted.text.trimmed().isEmpty()) {
            texts.push_back(painted);
        }
    }
};

class TextDevice : public QPaintDevice {
public:
    explicit TextDevice(const QWidget& like) : m_like(like) {}
    TextEngine engine;

    QPaintEngine* paintEngine() const override { return const_cast<TextEngine*>(&engine); }

protected:
    int metric(PaintDeviceMetric metric) const override
    {
        switch (metric) {
        case PdmWidth:
            return qRound(m_like.width() * m_like.devicePixelRatioF());
        case PdmHeight:
            return qRound(m_like.height() * m_like.devicePixelRatioF());
        case PdmWidthMM:
            return m_like.widthMM();
        case PdmHeightMM:
            return m_like.heightMM();
        case PdmDpiX:
        case PdmPhysicalDpiX:
            return m_like.logicalDpiX();
        case PdmDpiY:
        case PdmPhysicalDpiY:
            return m_like.logicalDpiY();
        case PdmDepth:
            return 32;
        case PdmNumColors:
            return 1 << 24;
        case PdmDevicePixelRatio:
            return qRound(m_like.devicePixelRatioF());
        case PdmDevicePixelRatioScaled:
            return qRound(m_like.devicePixelRatioF() * devicePixelRatioFScale());
        }
        return 0;
    }

private:
    const QWidget& m_like;
};

inline std::vector<PaintedText> paintedTexts(QWidget& widget)
{
    TextDevice device(widget);
    QPainter painter(&device);
    widget.render(&painter);
    painter.end();
    return device.engine.texts;
}

} // namespace leftfold::ui::test
