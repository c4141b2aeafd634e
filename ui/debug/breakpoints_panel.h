// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workspace/state.h"
#include "ui/colours.h"
#include "ui/debug/hits_model.h"

#include <QTimer>
#include <QWidget>

class QBoxLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QTreeView;
class QTreeWidget;
class QTreeWidgetItem;

namespace leftfold::ui {

class ElidedLabel;
class QuietHeader;

/// What runs stop at: the breakpoints, a field to write one in, and beside them which one stopped the last run and what log points told.
class BreakpointsPanel : public QWidget {
    Q_OBJECT

public:
    explicit BreakpointsPanel(QWidget* parent = nullptr);
    void setColours(const Colours& colours);
    void show(const workspace::Open& open);
    /// To write a new one.
    void editNew();
    /// What came of a text that was checked; empty: it is a breakpoint.
    void setChecked(const QString& text, const QString& error);
    /// The text in the field was listed: the next one is written.
    void setListed(const QString& text);

signals:
    void checkWanted(QString text); ///< while it is written
    void listWanted(QString text, quint64 replaces); ///< 0: a new one
    void switched(quint64 number, bool isOn);
    void removeWanted(quint64 number); ///< 0: all of them
    void goToWanted(quint64 eventIndex);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    [[nodiscard]] QWidget* makeBreakpoints();
    [[nodiscard]] QWidget* makeRuns();
    void arrange();
    void list(const workspace::Open& open);
    void showRun(const workspace::Open& open);
    [[nodiscard]] QString runText(const workspace::Open& open) const;
    void choose(QTreeWidgetItem* item);
    void add();
    void change();
    void removeChosen();
    void goTo(const QModelIndex& index);
    void explain();
    [[nodiscard]] quint64 chosen() const; ///< its number; 0: none

    QBoxLayout* m_halves;
    QTreeWidget* m_list = nullptr;
    QuietHeader* m_listHeader = nullptr;
    QLineEdit* m_text = nullptr;
    QLabel* m_said = nullptr;
    QPushButton* m_change = nullptr;
    QPushButton* m_remove = nullptr;
    ElidedLabel* m_outcome = nullptr;
    QTreeView* m_hits = nullptr;
    QuietHeader* m_header = nullptr;
    HitsModel* m_model;
    QTimer m_checkSoon;
    QString m_error; ///< of the text in the field
    std::shared_ptr<const workspace::Ran> m_ran;
    Colours m_colours = lightColours();
};

} // namespace leftfold::ui
