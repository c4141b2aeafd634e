// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workspace/answers.h"
#include "ui/colours.h"
#include "ui/time_text.h"

#include <QWidget>

namespace leftfold::ui {

/// Where the dots of a history stand in a strip of some width: along the time from the first to the last event; evenly where
/// they are all of one time. In pixels, between `margin` and width - margin.
[[nodiscard]] std::vector<double> dotPlaces(const std::vector<workspace::EventAt>& events, double width, double margin);

/// An aggregate's events as dots along their time: those behind the playhead full, those after it dimmed, the last one
/// behind it ringed. A click goes there; arrows choose, Enter goes.
class HistoryDots : public QWidget {
    Q_OBJECT

public:
    explicit HistoryDots(QWidget* parent = nullptr);
    void setColours(const Colours& colours);
    void setZone(Zone zone);
    void setTypes(const std::vector<std::string>& byRank);
    /// Null: nothing is shown.
    void setHistory(std::shared_ptr<const workspace::History> history);
    /// What lies behind the playhead.
    void setCut(const capture::OrdinalCut& cut);

    [[nodiscard]] QSize sizeHint() const override { return {260, 48}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {100, 48}; }

signals:
    void eventChosen(quint64 index);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    [[nodiscard]] std::optional<std::size_t> dotAt(const QPointF& at) const;
    [[nodiscard]] std::optional<std::size_t> current() const;
    [[nodiscard]] QColor colourOf(const workspace::EventAt& event) const;

    std::shared_ptr<const workspace::History> m_history;
    capture::OrdinalCut m_cut;
    std::vector<std::string> m_types;
    std::optional<std::size_t> m_focused;
    Colours m_colours = lightColours();
    Zone m_zone = Zone::Utc;
};

} // namespace leftfold::ui
