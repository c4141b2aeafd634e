// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/offset.h"
#include "ui/colours.h"
#include "ui/table/row_cache.h"
#include "ui/table/window_model.h"

#include <QWidget>
#include <memory>

namespace leftfold::ui {

struct ProblemRow {
    event::Position position;
    bool severe = false; ///< something is lost, or cannot be read
    QString words;
};

class ProblemsModel : public WindowModel {
    Q_OBJECT

public:
    enum Column { Position, Severity, Words };

    explicit ProblemsModel(QObject* parent = nullptr);
    void setColours(const Colours& colours);
    void deliver(quint64 revision, quint64 first, std::vector<ProblemRow> rows);
    [[nodiscard]] const ProblemRow* row(std::uint64_t row) const;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    [[nodiscard]] bool has(std::uint64_t row) const override;
    void forgetAll() override { m_rows.clear(); }
    void forgetBlock(std::uint64_t block) override { m_rows.forget(block); }
    [[nodiscard]] QVariant cell(std::uint64_t row, int column, int role) const override;

private:
    mutable RowCache<ProblemRow> m_rows;
    Colours m_colours = lightColours();
};

/// What was found about the log; a click goes there.
class ProblemsPanel : public QWidget {
    Q_OBJECT

public:
    enum class Phase { Running, Done, Failed };

    explicit ProblemsPanel(QWidget* parent = nullptr);
    ~ProblemsPanel() override;
    void setColours(const Colours& colours);
    void setPhase(Phase phase, const QString& error = {});
    [[nodiscard]] ProblemsModel* model() const; ///< is given the rows it wants

signals:
    void problemChosen(leftfold::event::Position position);

private:
    class Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace leftfold::ui
