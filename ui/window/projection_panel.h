// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workspace/state.h"
#include "ui/colours.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QTreeWidget;

namespace leftfold::ui {

/// The projections: which aggregates there are and how events change them. Several may be open; one is shown.
class ProjectionPanel : public QWidget {
    Q_OBJECT

public:
    explicit ProjectionPanel(QWidget* parent = nullptr);
    void setColours(const Colours& colours);
    void show(const workspace::Open& open);

signals:
    void projectionShown(std::size_t number);
    void scriptWanted(); ///< another one is to be opened, or written
    void projectionsChosen(std::vector<leftfold::workspace::ProjectionChoice> choices);

private:
    struct Line {
        QString name;
        QString state;
        QString error; ///< empty: none
        friend bool operator==(const Line&, const Line&) = default;
    };
    [[nodiscard]] QWidget* makeForm();
    void list();
    [[nodiscard]] workspace::ProjectionChoice typed() const;
    void fill(std::size_t number);
    void add();
    void replaceCurrent();
    void removeCurrent();
    [[nodiscard]] std::optional<std::size_t> current() const;
    [[nodiscard]] QString stateText(const workspace::ShownProjection& projection) const;

    QTreeWidget* m_list;
    QLineEdit* m_by = nullptr;
    QComboBox* m_fold = nullptr;
    QLabel* m_foldText = nullptr;
    QLineEdit* m_types = nullptr;
    QPushButton* m_change = nullptr;
    QPushButton* m_remove = nullptr;
    std::vector<workspace::ProjectionChoice> m_choices;
    std::vector<Line> m_lines; ///< as they are shown
    Colours m_colours = lightColours();
    std::size_t m_shown = 0;
};

} // namespace leftfold::ui
