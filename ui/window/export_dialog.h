// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workspace/state.h"
#include "ui/colours.h"
#include "ui/time_text.h"

#include <QDialog>
#include <QElapsedTimer>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace leftfold::ui {

/// Writes the states at the playhead to a file, then checks it against the log: what is asked, how far it is, what was found.
class ExportDialog : public QDialog {
    Q_OBJECT

public:
    explicit ExportDialog(QWidget* parent = nullptr);
    void setZone(Zone zone) { m_zone = zone; }
    void show(const workspace::Open& open);

signals:
    void exportWanted(QString path, leftfold::snapshot::ExportFormat format, bool replace);
    void cancelWanted();

protected:
    void reject() override;

private:
    void choosePath();
    void start();
    [[nodiscard]] snapshot::ExportFormat format() const;
    [[nodiscard]] QString outcome(const workspace::Exported& exported) const;

    QLabel* m_what;
    QLineEdit* m_path;
    QComboBox* m_format;
    QCheckBox* m_replace;
    QProgressBar* m_bar;
    QLabel* m_status;
    QPushButton* m_start;
    QPushButton* m_close;
    QElapsedTimer m_since;
    bool m_isRunning = false;
    bool m_wasStarted = false;
    Zone m_zone = Zone::Utc;
};

} // namespace leftfold::ui
