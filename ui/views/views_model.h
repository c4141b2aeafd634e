// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workspace/cluster_questions.h"
#include "ui/colours.h"
#include "ui/time_text.h"

#include <QAbstractItemModel>
#include <memory>

namespace leftfold::ui {

/// Views, each with its partitions below it: where it stands, how far behind that is, and how it fares.
class ViewsModel : public QAbstractItemModel {
    Q_OBJECT

public:
    enum Column { Name, Status, Committed, End, Lag, Age, Distance, Retention, CatchUp, Member };
    static constexpr int kColumns = 10;

    using QAbstractItemModel::QAbstractItemModel;
    void setColours(const Colours& colours);
    void setZone(Zone zone);
    /// Views and partitions that are the same stay where they are, so that what is chosen stays chosen.
    void setLook(std::shared_ptr<const workspace::ViewsLook> look);
    /// Null where none is meant.
    [[nodiscard]] const workspace::ViewFacts* view(const QModelIndex& index) const;
    [[nodiscard]] const workspace::ViewPartitionFacts* partition(const QModelIndex& index) const;
    [[nodiscard]] QModelIndex find(const std::string& view) const;

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex& child) const override;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] QString shown(const workspace::ViewFacts& view, int column) const;
    [[nodiscard]] QString shown(const workspace::ViewPartitionFacts& partition, int column) const;
    [[nodiscard]] QString explained(const workspace::ViewPartitionFacts& partition) const;
    void changeAll();

    std::shared_ptr<const workspace::ViewsLook> m_look;
    Colours m_colours = lightColours();
    Zone m_zone = Zone::Utc;
};

} // namespace leftfold::ui
