// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/mask.h"
#include "ui/colours.h"

#include <QDialog>
#include <memory>

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace leftfold::ui {

/// The rules for what is masked, one a line (snapshot::parseMaskRules): what of them is none is said while they are typed.
class MasksDialog : public QDialog {
    Q_OBJECT

public:
    explicit MasksDialog(QWidget* parent = nullptr);
    void setColours(const Colours& colours);
    void begin(const QString& rules);

signals:
    void rulesChosen(QString rules); ///< all of them are rules

private:
    void check();
    void load();

    QPlainTextEdit* m_rules;
    QLabel* m_trouble;
    QPushButton* m_use = nullptr;
    Colours m_colours;
};

/// Null: there are no rules. Where one of the lines is none, everything is masked.
[[nodiscard]] std::shared_ptr<const snapshot::Masks> masksOf(const QString& rules);

} // namespace leftfold::ui
