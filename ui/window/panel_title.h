// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;

namespace leftfold::ui {

class ElidedLabel;

/// The line above a panel: what it is, of what, and a note to the right. As the title of a dock it can be dragged.
class PanelTitle : public QWidget {
    Q_OBJECT

public:
    explicit PanelTitle(const QString& title, QWidget* parent = nullptr);
    void setTitle(const QString& title);
    /// In the font for data, beside the title: an id.
    void setSubject(const QString& subject);
    void setNote(const QString& note);
    [[nodiscard]] QString note() const;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QLabel* m_title;
    ElidedLabel* m_subject;
    QLabel* m_note;
};

/// The title of a dock whose name stands on a tab: a line to drag it by.
class DockGrip : public QWidget {
    Q_OBJECT

public:
    explicit DockGrip(QWidget* parent = nullptr);
    [[nodiscard]] QSize sizeHint() const override { return {60, 7}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {20, 7}; }

protected:
    void paintEvent(QPaintEvent* event) override;
};

/// A panel with its title above: for what is no dock.
[[nodiscard]] QWidget* framed(PanelTitle* title, QWidget* panel);

} // namespace leftfold::ui
