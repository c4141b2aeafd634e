// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workspace/cluster_questions.h"

#include <QAbstractTableModel>
#include <QSet>
#include <QStringList>
#include <memory>

namespace leftfold::ui {

/// The topics of a cluster, each with a box: those ticked are opened together.
class TopicsModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Name, Partitions, Records, Size, Rate, Retention, Cleanup };
    static constexpr int kColumns = 7;
    static constexpr int kSortRole = Qt::UserRole; ///< a number or a text to sort by

    using QAbstractTableModel::QAbstractTableModel;
    /// What is ticked stays, where it is still there.
    void setTopics(std::shared_ptr<const workspace::TopicList> topics);
    [[nodiscard]] QStringList ticked() const; ///< by name
    [[nodiscard]] QString nameAt(int row) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;

signals:
    void tickedChanged();

private:
    [[nodiscard]] QString shown(const source::TopicFacts& topic, int column) const;
    [[nodiscard]] QVariant sortKey(const source::TopicFacts& topic, int column) const;
    [[nodiscard]] QString explained(const source::TopicFacts& topic, int column) const;

    std::shared_ptr<const workspace::TopicList> m_list;
    QSet<QString> m_ticked;
};

/// The last records of a topic, the newest first.
class PreviewModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Position, Time, Key, Value };

    using QAbstractTableModel::QAbstractTableModel;
    void setPreview(std::shared_ptr<const workspace::Preview> preview);
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::shared_ptr<const workspace::Preview> m_preview;
};

} // namespace leftfold::ui
