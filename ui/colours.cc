// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/colours.h"

#include <QFontMetrics>
#include <algorithm>

namespace leftfold::ui {

namespace {

const std::array<QColor, 8> kTypes = {QColor(0x3b7dd8), QColor(0x2e9e6b), QColor(0xe08a2e), QColor(0x8a63c9),
                                      QColor(0x52b6d9), QColor(0xd1495b), QColor(0xb59b00), QColor(0x8a93a0)};

} // namespace

const Colours& lightColours()
{
    static const Colours colours = {QColor(0xeef0f3),
                                    QColor(0xffffff),
                                    QColor(0xf6f7f9),
                                    QColor(0xdfe3e8),
                                    QColor(0x1d2430),
                                    QColor(0x667085),
                                    QColor(0x2f6fde),
                                    QColor(0xe4edfd),
                                    QColor(0xfff3d6),
                                    QColor(0x2e9e6b),
                                    QColor(0xc98a00),
                                    QColor(0xd1495b),
                                    kTypes};
    return colours;
}

const Colours& darkColours()
{
    static const Colours colours = {QColor(0x12151a),
                                    QColor(0x1b1f26),
                                    QColor(0x20252d),
                                    QColor(0x2b313b),
                                    QColor(0xe4e8ee),
                                    QColor(0x95a0b0),
                                    QColor(0x6aa0ff),
                                    QColor(0x24344f),
                                    QColor(0x3d3420),
                                    QColor(0x4fc08d),
                                    QColor(0xe3b341),
                                    QColor(0xef7787),
                                    kTypes};
    return colours;
}

const QColor& typeColour(std::size_t rank)
{
    return kTypes[std::min(rank, kTypes.size() - 1)];
}

QColor mixed(const QColor& a, const QColor& b, double share)
{
    const auto channel = [share](int from, int to) { return qRound(from + (to - from) * share); };
    return {channel(a.red(), b.red()), channel(a.green(), b.green()), channel(a.blue(), b.blue())};
}

QColor Colours::dimmed(const QColor& colour) const
{
    return mixed(colour, panel, 0.58);
}

int rowHeight(const QFont& font)
{
    return std::max(kRowHeight, QFontMetrics(font).height() + 5);
}

QFont scaled(const QFont& font, double factor)
{
    QFont out = font;
    if (font.pointSizeF() > 0) {
        out.setPointSizeF(font.pointSizeF() * factor);
    } else {
        out.setPixelSize(std::max(1, qRound(font.pixelSize() * factor)));
    }
    return out;
}

QFont dataFont(const QFont& beside)
{
    QFont font = scaled(beside, 0.92); // its letters are larger than those of other fonts
    font.setFamilies(
        {QStringLiteral("JetBrains Mono"), QStringLiteral("DejaVu Sans Mono"), QStringLiteral("monospace")});
    font.setStyleHint(QFont::Monospace);
    font.setWeight(QFont::Normal);
    return font;
}

} // namespace leftfold::ui
