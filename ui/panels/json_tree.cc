// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/json_tree.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QScopedValueRollback>
#include <QStyledItemDelegate>

namespace leftfold::ui {

namespace {

constexpr int kMaxUnfolded = 20; ///< an array or object with more values stays folded
constexpr int kMaxSiblings = 100; ///< among more, none is unfolded
constexpr int kMaxUnfoldedDepth = 6;
constexpr int kCellPadding = 6;
constexpr int kIndentation = 16;

} // namespace

/// Cells: the text, what it was, a link where an event is named.
class JsonTree::Delegate : public QStyledItemDelegate {
public:
    explicit Delegate(JsonTree* tree) : QStyledItemDelegate(tree), m_tree(tree) {}

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const QRect cell = option.rect.adjusted(kCellPadding, 0, -kCellPadding, 0);
        const QFont font = fontOf(index, option.font);
        const QString text = index.data(Qt::DisplayRole).toString();
        const QFontMetrics metrics(font);
        painter->save();
        painter->setFont(font);
        painter->setPen(colourOf(index, option.state));
        const QString shown = metrics.elidedText(text, Qt::ElideRight, cell.width());
        painter->drawText(cell, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, shown);
        if (index.column() == JsonTreeModel::Value && shown == text) {
            paintWas(painter, cell.adjusted(metrics.horizontalAdvance(text), 0, 0, 0), index);
        }
        painter->restore();
    }

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const QFontMetrics metrics(fontOf(index, option.font));
        int width = metrics.horizontalAdvance(index.data(Qt::DisplayRole).toString());
        if (index.column() == JsonTreeModel::Value) width += metrics.horizontalAdvance(wasText(index));
        return {std::min(width, 600) + 2 * kCellPadding, ui::rowHeight(option.font)};
    }

private:
    static QFont fontOf(const QModelIndex& index, const QFont& beside)
    {
        QFont font = dataFont(beside);
        font.setStrikeOut(index.data(JsonTreeModel::GoneRole).toBool());
        return font;
    }
    QColor colourOf(const QModelIndex& index, QStyle::State state) const
    {
        const Colours& colours = m_tree->m_colours;
        const bool isLink = index.column() == JsonTreeModel::WrittenBy;
        if (isLink && (state & QStyle::State_MouseOver)) return colours.accent;
        if (index.data(JsonTreeModel::GoneRole).toBool()) return colours.secondary;
        return index.data(SecondaryRole).toBool() ? colours.secondary : colours.text;
    }
    static QString wasText(const QModelIndex& index)
    {
        const QVariant was = index.data(JsonTreeModel::WasRole);
        return was.isValid() ? ' ' + JsonTreeModel::tr("was %1").arg(was.toString()) : QString();
    }
    void paintWas(QPainter* painter, const QRect& rest, const QModelIndex& index) const
    {
        const QString text = wasText(index);
        if (text.isEmpty()) return;
        painter->setPen(m_tree->m_colours.secondary);
        painter->drawText(rest, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
                          painter->fontMetrics().elidedText(text, Qt::ElideRight, rest.width()));
    }

    JsonTree* m_tree;
};

JsonTree::JsonTree(QWidget* parent)
    : QTreeView(parent),
      m_model(new JsonTreeModel(this)),
      m_header(new QuietHeader(kIndentation + kCellPadding)),
      m_delegate(new Delegate(this))
{
    setModel(m_model);
    setItemDelegate(m_delegate);
    setUniformRowHeights(true);
    setFrameShape(QFrame::NoFrame);
    setIndentation(kIndentation);
    setSelectionBehavior(SelectRows);
    setMouseTracking(true);
    setAccessibleName(tr("Values"));
    setHeader(m_header);
    // The last section takes what is left, whoever moved what; and shares may be given while something else is dragged.
    connect(m_header, &QHeaderView::sectionResized, this, [this](int section) {
        const bool isByHand = !m_isSharing && section != m_model->columnCount() - 1;
        if (isByHand && (QApplication::mouseButtons() & Qt::LeftButton)) m_isSized = true;
    });
    connect(m_model, &QAbstractItemModel::rowsInserted, this,
            [this](const QModelIndex& parentIndex, int first, int last) {
                if (m_model->rowCount(parentIndex) > kMaxSiblings) return;
                for (int row = first; row <= last; ++row) unfoldNew(m_model->index(row, 0, parentIndex), 0);
            });
    connect(this, &QTreeView::clicked, this, [this](const QModelIndex& index) {
        if (index.column() == JsonTreeModel::WrittenBy) chooseWriter(index);
    });
}

void JsonTree::setColours(const Colours& colours)
{
    m_colours = colours;
    m_header->setColours(colours);
    viewport()->update();
}

void JsonTree::setDocument(std::optional<event::Document> document, ValueNotes notes)
{
    for (const auto& [node, note] : notes)
        m_writerChars = std::max(m_writerChars, static_cast<int>(note.writtenBy.size()));
    m_model->setDocument(std::move(document), std::move(notes));
    shareWidth();
    viewport()->update();
}

void JsonTree::setEmptyText(const QString& text)
{
    if (m_emptyText == text) return;
    m_emptyText = text;
    viewport()->update();
}

void JsonTree::unfoldNew(const QModelIndex& parent, int depth)
{
    if (depth == kMaxUnfoldedDepth || !m_model->hasChildren(parent)) return;
    const int rows = m_model->rowCount(parent);
    if (rows > kMaxUnfolded) return;
    expand(parent);
    for (int row = 0; row < rows; ++row) unfoldNew(m_model->index(row, 0, parent), depth + 1);
}

void JsonTree::chooseWriter(const QModelIndex& index)
{
    const QVariant writer = index.data(JsonTreeModel::WriterRole);
    if (writer.isValid()) emit writerChosen(writer.toULongLong());
}

void JsonTree::drawRow(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const bool isSelected = selectionModel()->isSelected(index);
    if (isSelected || index.data(LitRole).toBool()) {
        painter->fillRect(option.rect, isSelected ? m_colours.selection : m_colours.lit);
    }
    QTreeView::drawRow(painter, option, index);
    painter->setPen(m_colours.line);
    painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
    if (hasFocus() && index.siblingAtColumn(0) == currentIndex().siblingAtColumn(0)) {
        painter->setPen(m_colours.accent);
        painter->drawRect(option.rect.adjusted(0, 0, -1, -1));
    }
}

void JsonTree::drawBranches(QPainter* painter, const QRect& rect, const QModelIndex& index) const
{
    if (!m_model->hasChildren(index)) return;
    const QPointF centre(rect.right() - 5, rect.center().y() + 0.5);
    const QPolygonF down({{-4, -2}, {4, -2}, {0, 3}});
    const QPolygonF right({{-2, -4}, {3, 0}, {-2, 4}});
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(m_colours.secondary);
    painter->drawPolygon((isExpanded(index) ? down : right).translated(centre));
    painter->restore();
}

void JsonTree::paintEvent(QPaintEvent* event)
{
    QTreeView::paintEvent(event);
    if (m_model->document() || m_emptyText.isEmpty()) return;
    QPainter painter(viewport());
    painter.setPen(m_colours.secondary);
    const QRect area = viewport()->rect().adjusted(16, 0, -16, 0);
    // In a low view the words come first, the margin after them.
    const int height = fontMetrics().boundingRect(area, Qt::TextWordWrap, m_emptyText).height();
    const int above = std::clamp((area.height() - height) / 2, 0, 16);
    painter.drawText(area.adjusted(0, above, 0, 0), Qt::AlignHCenter | Qt::TextWordWrap, m_emptyText);
}

/// Shares of the width, until a person has given others.
void JsonTree::resizeEvent(QResizeEvent* event)
{
    QTreeView::resizeEvent(event);
    shareWidth();
}

void JsonTree::shareWidth()
{
    if (m_isSized || m_model->columnCount() < 2) return;
    const QScopedValueRollback sharing(m_isSharing, true);
    const int width = viewport()->width();
    if (m_model->columnCount() == 2)
        return m_header->resizeSection(JsonTreeModel::Field, std::min(width * 3 / 10, 320));
    const int digit = QFontMetrics(dataFont(font())).horizontalAdvance(QLatin1Char('0'));
    const int writer = std::clamp((m_writerChars + 1) * digit + 2 * kCellPadding, width / 4, width / 2);
    const int field = std::min((width - writer) * 48 / 100, 320);
    if (m_header->sectionSize(JsonTreeModel::Field) != field) m_header->resizeSection(JsonTreeModel::Field, field);
    const int value = width - writer - field;
    if (m_header->sectionSize(JsonTreeModel::Value) != value) m_header->resizeSection(JsonTreeModel::Value, value);
}

void JsonTree::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) return chooseWriter(currentIndex());
    if (event->matches(QKeySequence::Copy) && currentIndex().isValid()) {
        return QApplication::clipboard()->setText(currentIndex().data(JsonTreeModel::JsonRole).toString());
    }
    QTreeView::keyPressEvent(event);
}

void JsonTree::mouseMoveEvent(QMouseEvent* event)
{
    const QModelIndex index = indexAt(event->position().toPoint());
    const bool isLink = index.column() == JsonTreeModel::WrittenBy && index.data(JsonTreeModel::WriterRole).isValid();
    viewport()->setCursor(isLink ? Qt::PointingHandCursor : Qt::ArrowCursor);
    QTreeView::mouseMoveEvent(event);
}

void JsonTree::contextMenuEvent(QContextMenuEvent* event)
{
    const QModelIndex index = indexAt(event->pos());
    if (!index.isValid()) return;
    const QString pointer = index.data(JsonTreeModel::PointerRole).toString();
    const QString json = index.data(JsonTreeModel::JsonRole).toString();
    QMenu menu;
    menu.addAction(tr("Copy path"), this, [pointer] { QApplication::clipboard()->setText(pointer); });
    menu.addAction(tr("Copy value"), this, [json] { QApplication::clipboard()->setText(json); });
    emit menuOpens(&menu, pointer);
    menu.exec(event->globalPos());
}

} // namespace leftfold::ui
