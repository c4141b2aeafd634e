// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workspace/state.h"
#include "ui/colours.h"
#include "ui/time_text.h"

#include <QWidget>
#include <memory>

namespace leftfold::ui {

/// How far the materialized views of the log's cluster are behind: a tree of views and their partitions, and of the chosen one the rule
/// its status comes from, its lag over time, and what can be done with it.
class ViewsPanel : public QWidget {
    Q_OBJECT

public:
    explicit ViewsPanel(QWidget* parent = nullptr);
    ~ViewsPanel() override;
    void setColours(const Colours& colours);
    void setZone(Zone zone);
    void show(const workspace::Open& open);
    void choose(const QString& view);
    void stand(); ///< where the chosen view stands

signals:
    void addWanted(QString view, bool add); ///< sampled and with a lane, or not any more
    void standWanted(QString view);
    void lookWanted();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    class Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace leftfold::ui
