// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFont>
#include <array>
#include <cstddef>

namespace leftfold::ui {

/// The colours of the window by their role. Types of events have a colour by their rank, the most frequent first.
struct Colours {
    QColor window, panel, header;
    QColor line, text, secondary;
    QColor accent, selection, lit;
    QColor good, warning, bad;
    std::array<QColor, 8> types;

    [[nodiscard]] bool isDark() const { return panel.lightness() < text.lightness(); }
    /// Text on a filled accent.
    [[nodiscard]] QColor onAccent() const { return isDark() ? window : panel; }
    /// What lies after the playhead: the colour, as it looks far away on a panel.
    [[nodiscard]] QColor dimmed(const QColor& colour) const;
    friend bool operator==(const Colours&, const Colours&) = default;
};

[[nodiscard]] const Colours& lightColours();
[[nodiscard]] const Colours& darkColours();

/// The colour of the types of one rank, in every theme.
[[nodiscard]] const QColor& typeColour(std::size_t rank);
/// The colour between two: 0 is `a`, 1 is `b`.
[[nodiscard]] QColor mixed(const QColor& a, const QColor& b, double share);

/// How high a row of a table or tree is, in pixels, in the font of the window at 100%.
inline constexpr int kRowHeight = 22;
/// The same for a font of any size.
[[nodiscard]] int rowHeight(const QFont& font);

/// A font so many times as large, whether its size was told in points or in pixels.
[[nodiscard]] QFont scaled(const QFont& font, double factor);
/// The monospaced font for data (ids, values, positions, times), that looks as large as `beside`.
[[nodiscard]] QFont dataFont(const QFont& beside);

} // namespace leftfold::ui
