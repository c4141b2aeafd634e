// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workspace/state.h"
#include "ui/colours.h"
#include "ui/debug/script_editor.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace leftfold::ui {

class ElidedLabel;
class JsonTree;
class QuietHeader;

/// A projection in JavaScript at work: its text, the state it makes of the current aggregate, what it logs and where it fails.
/// Saving runs it.
class ScriptPanel : public QWidget {
    Q_OBJECT

public:
    explicit ScriptPanel(QWidget* parent = nullptr);
    void setColours(const Colours& colours);
    void show(const workspace::Open& open, const workspace::Open* before);

    /// One from a template, that has no file yet. False: what is there is to be kept.
    bool newScript();
    /// Reads a file into the editor, and runs it. False where that cannot be, or what is there is to be kept.
    bool openScript(const QString& path);
    void askForScript();
    /// Writes the file, and runs it. Asks for a name where there is none. False where it was not written: then that is said.
    bool save();
    bool saveAs(const QString& path);
    /// Asks what becomes of unsaved text; false: nothing may happen to it.
    [[nodiscard]] bool mayLeave();
    [[nodiscard]] ScriptEditor* editor() const { return m_editor; }
    [[nodiscard]] const QString& path() const { return m_path; }

signals:
    void runWanted(QString path);
    void compareWanted();
    void aggregateWanted(QString id);
    void goToWanted(quint64 eventIndex);

private:
    [[nodiscard]] QWidget* makeTop();
    [[nodiscard]] QWidget* makeSide();
    bool read(const QString& path);
    void showName();
    void showState(const workspace::Open& open);
    void showNotes(const workspace::Open& open);
    [[nodiscard]] QString outcome(const workspace::Open& open, bool& isBad) const;
    void addError(const base::Error& error, const std::optional<workspace::EventAt>& event,
                  std::vector<LineNote>& lines);
    void addNotes(const std::vector<workspace::ScriptNote>& notes, std::uint64_t total);
    void addParting(const workspace::VersionsParted& parted);
    QTreeWidgetItem* add(const std::optional<workspace::EventAt>& event, const QString& words);
    void choose(QTreeWidgetItem* item);

    ScriptEditor* m_editor;
    ElidedLabel* m_name = nullptr;
    QPushButton* m_save = nullptr;
    QPushButton* m_compare = nullptr;
    ElidedLabel* m_outcome = nullptr;
    ElidedLabel* m_subject = nullptr;
    JsonTree* m_state = nullptr;
    QTreeWidget* m_notes = nullptr;
    QuietHeader* m_notesHeader = nullptr;
    QString m_path; ///< empty: it has no file yet
    Colours m_colours = lightColours();
};

} // namespace leftfold::ui
