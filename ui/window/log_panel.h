// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workspace/state.h"
#include "ui/colours.h"
#include "ui/time_text.h"

#include <QTreeWidget>
#include <QWidget>

class QLabel;

namespace leftfold::ui {

class ElidedLabel;

/// A view, as far as the list tells.
struct ShownView {
    QString name;
    views::ViewStatus status = views::ViewStatus::Unknown;
    std::optional<std::int64_t> lag; ///< offsets
};

/// What is in the log: its partitions with their ranges and what they lack, and the types of its events.
class LogPanel : public QWidget {
    Q_OBJECT

public:
    explicit LogPanel(QWidget* parent = nullptr);
    void setColours(const Colours& colours);
    /// `types` give the colours, in their order.
    void show(const workspace::LogFacts& facts, const std::vector<std::string>& types);
    /// Those that are added; without any there is no such section.
    void showViews(const std::vector<ShownView>& views);
    [[nodiscard]] const Colours& colours() const { return m_colours; }

signals:
    void typeChosen(QString type);
    void partitionChosen(leftfold::event::Partition partition);
    void goToWanted(leftfold::event::Position position);
    void viewChosen(QString view);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void showPartitions();
    void fitPartitions();
    void showTypes();
    QTreeWidgetItem* addTopic(const std::string& topic, std::size_t partitions, std::uint64_t events);
    void addPartition(QTreeWidgetItem* topic, const replay::PartitionSummary& partition);

    QTreeWidget* m_partitions;
    QLabel* m_typesTitle;
    QTreeWidget* m_types;
    QLabel* m_viewsTitle;
    QTreeWidget* m_views;
    QLabel* m_mapping;
    ElidedLabel* m_mappingLine; ///< the same, where there is no room for all of it
    Colours m_colours = lightColours();
    std::shared_ptr<const workspace::LogFacts> m_facts;
    std::vector<std::string> m_typeOrder;
    std::vector<ShownView> m_shownViews;
};

/// What a partition lacks, in words; empty: nothing.
[[nodiscard]] QStringList incompleteness(const replay::PartitionSummary& partition);

} // namespace leftfold::ui
