// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workspace/debug_questions.h"

#include <QAbstractTableModel>
#include <memory>

namespace leftfold::ui {

/// The events at which breakpoints held in a run: the one it stopped at, then what log points told.
class HitsModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Event, Aggregate, Said };

    explicit HitsModel(QObject* parent = nullptr);
    void setRun(std::shared_ptr<const workspace::Ran> run);
    [[nodiscard]] const workspace::RunHit& hit(int row) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::shared_ptr<const workspace::Ran> m_run;
};

} // namespace leftfold::ui
