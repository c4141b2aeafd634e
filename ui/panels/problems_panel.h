// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/offset.h"
#include "ui/colours.h"
#include "ui/table/cached_model.h"

#include <QWidget>
#include <memory>

namespace leftfold::ui {

struct ProblemRow {
    event::Position position;
    bool severe = false; ///< something is lost, or cannot be read
    QString words;
};

class ProblemsModel : public CachedModel<ProblemRow> {
    Q_OBJECT

public:
    enum Column { Position, Severity, Words };

    explicit ProblemsModel(QObject* parent = nullptr);
    void setColours(const Colours& colours);
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    [[nodiscard]] QVariant cell(std::uint64_t row, int column, int role) const override;

private:
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
    /// How many there are, told when the model has its rows: where those are only the first, that is said.
    void setCount(std::uint64_t total);
    void setPhase(Phase phase, const QString& error = {});
    [[nodiscard]] ProblemsModel* model() const; ///< is given the rows it wants

signals:
    void problemChosen(leftfold::event::Position position);

private:
    class Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace leftfold::ui
