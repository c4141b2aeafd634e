// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/colours.h"

#include <Qsci/qsciscintilla.h>
#include <vector>

class QsciLexerJavaScript;

namespace leftfold::ui {

/// What is said at a line of a script.
struct LineNote {
    int line = 0; ///< from 1
    int column = 0; ///< from 1; 0: not known
    QString words;
    friend bool operator==(const LineNote&, const LineNote&) = default;
};

/// JavaScript with highlighting, line numbers, and errors at their lines. The keys of the window hold in it, but for those that edit.
class ScriptEditor : public QsciScintilla {
    Q_OBJECT

public:
    explicit ScriptEditor(QWidget* parent = nullptr);
    void setColours(const Colours& colours);
    /// A mark at the line, and the words below it; instead of those that were there.
    void setNotes(const std::vector<LineNote>& notes);
    [[nodiscard]] const std::vector<LineNote>& notes() const { return m_notes; }
    /// Puts the cursor there, in sight.
    void goTo(int line, int column);

protected:
    bool event(QEvent* event) override;

private:
    QsciLexerJavaScript* m_lexer;
    std::vector<LineNote> m_notes;
    Colours m_colours = lightColours();
};

} // namespace leftfold::ui
