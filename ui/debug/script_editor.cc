// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/debug/script_editor.h"

#include <QFontInfo>
#include <QKeyEvent>
#include <Qsci/qscilexerjavascript.h>
#include <Qsci/qscistyle.h>
#include <algorithm>

namespace leftfold::ui {

namespace {

constexpr int kErrorMarker = 1;
constexpr int kNoteStyle = 50; ///< neither the lexer's nor Scintilla's own; new ones run out
constexpr int kNumbersMargin = 0;
constexpr int kMarksMargin = 1;
constexpr int kIndent = 2;

/// Keys that edit; all others are the window's first.
bool isEditing(const QKeyEvent& key)
{
    for (const auto standard : {QKeySequence::Undo, QKeySequence::Redo, QKeySequence::Cut, QKeySequence::Copy,
                                QKeySequence::Paste, QKeySequence::SelectAll}) {
        if (key.matches(standard)) return true;
    }
    const auto modifiers = key.modifiers() & ~(Qt::ShiftModifier | Qt::KeypadModifier);
    const bool isMotion = key.key() >= Qt::Key_Home && key.key() <= Qt::Key_PageDown;
    if (isMotion) return (modifiers & ~Qt::ControlModifier) == 0;
    return modifiers == 0 && (key.key() < Qt::Key_F1 || key.key() > Qt::Key_F35);
}

/// Scintilla knows sizes in points only.
QFont inPoints(QFont font)
{
    font.setPointSizeF(QFontInfo(font).pointSizeF());
    return font;
}

QsciStyle noteStyle(const Colours& colours, const QFont& font)
{
    return {kNoteStyle, QStringLiteral("error"), colours.bad, colours.lit, inPoints(font)};
}

} // namespace

ScriptEditor::ScriptEditor(QWidget* parent) : QsciScintilla(parent), m_lexer(new QsciLexerJavaScript(this))
{
    setAccessibleName(tr("Script of a projection"));
    setUtf8(true);
    setEolMode(EolUnix);
    setLexer(m_lexer);
    setIndentationsUseTabs(false);
    setTabWidth(kIndent);
    setIndentationWidth(kIndent);
    setAutoIndent(true);
    setBackspaceUnindents(true);
    setBraceMatching(SloppyBraceMatch);
    setFrameShape(QFrame::NoFrame);
    setAnnotationDisplay(AnnotationStandard);
    setScrollWidth(1);
    setScrollWidthTracking(true);
    setMarginLineNumbers(kNumbersMargin, true);
    setMarginType(kMarksMargin, SymbolMargin);
    setMarginMarkerMask(kMarksMargin, 1U << kErrorMarker);
    setMarginWidth(kMarksMargin, 14);
    markerDefine(Circle, kErrorMarker);
    setColours(lightColours());
}

void ScriptEditor::setColours(const Colours& colours)
{
    const QFont mono = inPoints(dataFont(font()));
    m_lexer->setDefaultFont(mono);
    m_lexer->setDefaultPaper(colours.panel);
    m_lexer->setDefaultColor(colours.text);
    m_lexer->setFont(mono);
    m_lexer->setPaper(colours.panel);
    m_lexer->setColor(colours.text);
    using Js = QsciLexerJavaScript;
    for (const int style : {Js::Comment, Js::CommentLine, Js::CommentDoc, Js::CommentLineDoc})
        m_lexer->setColor(colours.secondary, style);
    for (const int style : {Js::DoubleQuotedString, Js::SingleQuotedString, Js::RawString, Js::Regex})
        m_lexer->setColor(colours.good, style);
    m_lexer->setColor(colours.bad, Js::UnclosedString);
    m_lexer->setPaper(colours.panel, Js::UnclosedString);
    m_lexer->setColor(colours.accent, Js::Keyword);
    m_lexer->setColor(colours.isDark() ? colours.warning : mixed(colours.types[2], colours.text, 0.35), Js::Number);
    setPaper(colours.panel);
    setColor(colours.text);
    setCaretForegroundColor(colours.text);
    setCaretLineVisible(true);
    setCaretLineBackgroundColor(mixed(colours.panel, colours.selection, 0.4));
    setSelectionBackgroundColor(mixed(colours.panel, colours.accent, 0.35));
    resetSelectionForegroundColor();
    setMatchedBraceBackgroundColor(colours.selection);
    setMatchedBraceForegroundColor(colours.text);
    setUnmatchedBraceForegroundColor(colours.bad);
    setUnmatchedBraceBackgroundColor(colours.panel);
    setMarginsFont(mono);
    setMarginsBackgroundColor(colours.header);
    setMarginsForegroundColor(colours.secondary);
    setMarginWidth(kNumbersMargin, QStringLiteral("00000"));
    setMarkerBackgroundColor(colours.bad, kErrorMarker);
    setMarkerForegroundColor(colours.bad, kErrorMarker);
    m_colours = colours;
    setNotes(std::vector<LineNote>(m_notes));
}

void ScriptEditor::setNotes(const std::vector<LineNote>& notes)
{
    m_notes = notes;
    clearAnnotations();
    markerDeleteAll(kErrorMarker);
    const QsciStyle style = noteStyle(m_colours, font());
    for (const LineNote& note : notes) {
        if (note.line < 1 || note.line > lines()) continue;
        markerAdd(note.line - 1, kErrorMarker);
        annotate(note.line - 1, note.words, style);
    }
}

void ScriptEditor::goTo(int line, int column)
{
    const int at = std::clamp(line - 1, 0, std::max(0, lines() - 1));
    setCursorPosition(at, std::max(0, column - 1));
    ensureLineVisible(at);
    setFocus(Qt::OtherFocusReason);
}

bool ScriptEditor::event(QEvent* event)
{
    if (event->type() != QEvent::ShortcutOverride) return QsciScintilla::event(event);
    auto* key = static_cast<QKeyEvent*>(event);
    key->setAccepted(isEditing(*key));
    return true;
}

} // namespace leftfold::ui
