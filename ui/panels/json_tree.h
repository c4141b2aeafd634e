// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/colours.h"
#include "ui/panels/json_tree_model.h"
#include "ui/table/quiet_header.h"

#include <QTreeView>

class QMenu;

namespace leftfold::ui {

/// A tree over a JsonTreeModel: lit rows, "was" behind changed values, writers as links. Arrays and objects of up to 20 values are
/// unfolded when they first appear.
class JsonTree : public QTreeView {
    Q_OBJECT

public:
    explicit JsonTree(QWidget* parent = nullptr);
    void setColours(const Colours& colours);
    [[nodiscard]] JsonTreeModel* tree() const { return m_model; }
    /// See JsonTreeModel::setDocument.
    void setDocument(std::optional<event::Document> document, ValueNotes notes = {});
    /// What stands in the pane where there is no document.
    void setEmptyText(const QString& text);

signals:
    void writerChosen(quint64 eventIndex); ///< a click on "written by", or Enter there
    /// Before the menu of a row opens (copy path, copy value): others may add to it.
    void menuOpens(QMenu* menu, QString pointer);

protected:
    void drawRow(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void drawBranches(QPainter* painter, const QRect& rect, const QModelIndex& index) const override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    class Delegate;
    void unfoldNew(const QModelIndex& parent, int depth);
    void shareWidth();
    void chooseWriter(const QModelIndex& index);

    JsonTreeModel* m_model;
    QuietHeader* m_header;
    Delegate* m_delegate;
    QString m_emptyText;
    int m_writerChars = 0; ///< of the longest there was
    bool m_isSized = false; ///< a person has given the columns their widths
    bool m_isSharing = false; ///< sections get their shares just now
    Colours m_colours = lightColours();
};

} // namespace leftfold::ui
