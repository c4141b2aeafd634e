// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/table/window_table.h"

#include <QCache>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QScrollBar>
#include <QStaticText>
#include <QStyledItemDelegate>
#include <QWheelEvent>
#include <cmath>

namespace leftfold::ui {

namespace {

constexpr int kTablePadding = 8;
constexpr int kSwatch = 9;
constexpr int kRowsPerNotch = 3;
/// A scroll bar has 2^31 places; with more rows each stands for several.
constexpr double kMaxBar = 1e9;

} // namespace

/// Cells straight from their texts: a quarter of what the style needs for them.
class WindowTable::Delegate : public QStyledItemDelegate {
public:
    explicit Delegate(WindowTable* table) : QStyledItemDelegate(table), m_table(table) {}

    void setColours(const Colours& colours) { m_colours = colours; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const std::uint64_t row = m_table->m_model->base() + static_cast<std::uint64_t>(index.row());
        paintGround(painter, option, index, row);
        QRect cell = option.rect.adjusted(kTablePadding, 0, -kTablePadding, 0);
        const bool isDim = index.data(DimRole).toBool();
        const QVariant swatch = index.data(SwatchRole);
        if (swatch.isValid()) {
            const QColor colour = swatch.value<QColor>();
            const QRect square(cell.left(), cell.center().y() - kSwatch / 2, kSwatch, kSwatch);
            painter->fillRect(square, isDim ? m_colours.dimmed(colour) : colour);
            cell.setLeft(cell.left() + kSwatch + 7);
        }
        const QColor colour = index.data(SecondaryRole).toBool() ? m_colours.secondary : m_colours.text;
        painter->setPen(isDim ? m_colours.dimmed(colour) : colour);
        const bool isData = index.data(DataFontRole).toBool();
        const QFont& data = dataFontBeside(option.font);
        const QFont& font = isData ? data : option.font;
        painter->setFont(font);
        const QStaticText& text = shaped(index.data(Qt::DisplayRole).toString(), font, isData, cell.width());
        const QVariant alignment = index.data(Qt::TextAlignmentRole);
        const bool isRight = alignment.isValid() && (alignment.toInt() & Qt::AlignRight);
        const double x = isRight ? cell.right() + 1 - text.size().width() : cell.left();
        painter->drawStaticText(QPointF(x, cell.top() + (cell.height() - text.size().height()) / 2), text);
    }

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const QFont font = index.data(DataFontRole).toBool() ? dataFont(option.font) : option.font;
        const int swatch = index.data(SwatchRole).isValid() ? kSwatch + 7 : 0;
        return {QFontMetrics(font).horizontalAdvance(index.data(Qt::DisplayRole).toString()) + 2 * kTablePadding
                    + swatch,
                rowHeight(option.font)};
    }

private:
    void paintGround(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index,
                     std::uint64_t row) const
    {
        const bool isCurrent = index.data(CurrentRole).toBool();
        const bool isSelected = m_table->isSelected(row);
        if (isCurrent || isSelected) {
            painter->fillRect(option.rect,
                              isCurrent ? m_colours.selection : mixed(m_colours.selection, m_colours.panel, 0.45));
        } else if (index.data(LitRole).toBool()) {
            painter->fillRect(option.rect, m_colours.lit);
        }
        painter->setPen(m_colours.line);
        painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
        if (m_table->m_current == row && m_table->m_view->hasFocus()) {
            painter->setPen(m_colours.accent);
            painter->drawLine(option.rect.topLeft(), option.rect.topRight());
            painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
        }
        if (index.column() != 0) return;
        if (isSelected)
            painter->fillRect(option.rect.left(), option.rect.top(), 2, option.rect.height(), m_colours.accent);
        if (isCurrent) paintPlayhead(painter, option.rect);
    }
    void paintPlayhead(QPainter* painter, const QRect& cell) const
    {
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(m_colours.text);
        const QPointF at(cell.left() + 6, cell.center().y() + 0.5);
        painter->drawPolygon(QPolygonF({{0, -4}, {7, 0}, {0, 4}}).translated(at));
        painter->restore();
    }
    /// A text as it fits, from those that were shaped before: most of a frame are, and shaping is most of its time.
    const QStaticText& shaped(const QString& text, const QFont& font, bool isData, int width) const
    {
        const QString key = text + QChar(static_cast<char16_t>(width)) + QLatin1Char(isData ? 'd' : 't');
        if (const QStaticText* const known = m_shaped.object(key)) return *known;
        auto* const made = new QStaticText(prepared(text.left(width / 2 + 1), font));
        if (made->size().width() > width) {
            const QString elided = QFontMetrics(font).elidedText(made->text(), Qt::ElideRight, width);
            *made = prepared(elided, font);
        }
        m_shaped.insert(key, made);
        return *made;
    }
    static QStaticText prepared(QString text, const QFont& font)
    {
        QStaticText out(text.replace(QLatin1Char('\n'), QLatin1Char(' ')));
        out.setTextFormat(Qt::PlainText);
        out.prepare({}, font);
        return out;
    }
    const QFont& dataFontBeside(const QFont& beside) const
    {
        if (!m_dataFont || !(beside == m_beside)) {
            m_beside = beside;
            m_dataFont = dataFont(beside);
            m_shaped.clear();
        }
        return *m_dataFont;
    }

    WindowTable* m_table;
    Colours m_colours = lightColours();
    mutable QFont m_beside; ///< of which m_dataFont was made
    mutable std::optional<QFont> m_dataFont;
    mutable QCache<QString, QStaticText> m_shaped{4000};
};

WindowTable::WindowTable(WindowModel* model, QWidget* parent)
    : QWidget(parent),
      m_model(model),
      m_view(new QTableView),
      m_bar(new QScrollBar(Qt::Vertical)),
      m_header(new QuietHeader),
      m_empty(new QLabel(m_view->viewport())),
      m_delegate(new Delegate(this))
{
    auto* const layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_view);
    layout->addWidget(m_bar);
    setFocusProxy(m_view);
    m_bar->setAccessibleName(tr("Scroll"));

    m_view->setHorizontalHeader(m_header);
    m_view->setModel(model);
    m_view->setItemDelegate(m_delegate);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setShowGrid(false);
    m_view->setWordWrap(false);
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setSelectionMode(QAbstractItemView::ContiguousSelection);
    m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerItem);
    m_view->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setTabKeyNavigation(false);
    m_view->setAutoScroll(false); // only this widget knows the rows beyond the window
    m_view->verticalHeader()->hide();
    m_view->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_header->setSectionsMovable(true);
    m_view->installEventFilter(this);
    m_view->viewport()->installEventFilter(this);
    fitRows();

    m_empty->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
    m_empty->setWordWrap(true);
    m_empty->setMargin(24);
    m_empty->hide();

    connect(m_bar, &QScrollBar::valueChanged, this, [this](int value) {
        if (!m_updating) setTopRow(static_cast<std::uint64_t>(std::llround(value * m_rowsPerStep)));
    });
    connect(m_view->verticalScrollBar(), &QScrollBar::valueChanged, this, [this](int value) {
        if (!m_updating) setTopRow(m_model->base() + static_cast<std::uint64_t>(value));
    });
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& index) {
        if (!m_updating && index.isValid()) choose(m_model->base() + static_cast<std::uint64_t>(index.row()));
    });
    connect(m_view, &QTableView::doubleClicked, this, [this](const QModelIndex& index) {
        emit rowChosen(m_model->base() + static_cast<std::uint64_t>(index.row()));
    });
    connect(m_model, &WindowModel::totalChanged, this, [this] {
        if (m_current && *m_current >= m_model->total()) m_current.reset();
        m_empty->setVisible(m_model->total() == 0 && !m_empty->text().isEmpty());
        setTopRow(m_top);
    });
}

void WindowTable::setColours(const Colours& colours)
{
    m_delegate->setColours(colours);
    m_header->setColours(colours);
    QPalette palette = m_empty->palette();
    for (const auto role : {QPalette::WindowText, QPalette::Text}) palette.setColor(role, colours.secondary);
    m_empty->setPalette(palette);
    m_view->viewport()->update();
}

void WindowTable::setEmptyText(const QString& text)
{
    m_empty->setText(text);
    m_empty->setVisible(m_model->total() == 0 && !text.isEmpty());
}

std::uint64_t WindowTable::topRow() const
{
    return m_top;
}

int WindowTable::visibleRows() const
{
    return std::max(1, m_view->viewport()->height() / m_view->verticalHeader()->defaultSectionSize());
}

std::uint64_t WindowTable::lastTop() const
{
    const auto visible = static_cast<std::uint64_t>(visibleRows());
    return m_model->total() > visible ? m_model->total() - visible : 0;
}

void WindowTable::setTopRow(std::uint64_t row)
{
    m_top = std::min(row, lastTop());
    updateView();
}

void WindowTable::showRow(std::uint64_t row)
{
    const auto visible = static_cast<std::uint64_t>(visibleRows());
    const std::uint64_t margin = std::min<std::uint64_t>(3, (visible - 1) / 2);
    if (row < m_top + margin) return setTopRow(row > margin ? row - margin : 0);
    if (row + margin >= m_top + visible) return setTopRow(row + margin + 1 - visible);
    updateView();
}

void WindowTable::setCurrentRow(std::optional<std::uint64_t> row)
{
    m_current = row;
    m_selectionAnchor = row.value_or(0);
    row ? showRow(*row) : updateView();
}

bool WindowTable::isSelected(std::uint64_t row) const
{
    return m_current && row >= std::min(*m_current, m_selectionAnchor)
           && row <= std::max(*m_current, m_selectionAnchor);
}

std::vector<quint64> WindowTable::selectedRows() const
{
    std::vector<quint64> out;
    if (!m_current) return out;
    const std::uint64_t last = std::max(*m_current, m_selectionAnchor);
    for (std::uint64_t row = std::min(*m_current, m_selectionAnchor); row <= last; ++row) out.push_back(row);
    return out;
}

void WindowTable::choose(std::uint64_t row)
{
    const bool extend = m_extends;
    m_current = row;
    if (!extend) m_selectionAnchor = row;
    m_view->viewport()->update();
    emit currentRowChanged(row);
}

void WindowTable::go(std::uint64_t row, bool extend)
{
    if (m_model->total() == 0) return;
    m_extends = extend;
    const std::uint64_t to = std::min(row, m_model->total() - 1);
    m_current = to;
    if (!extend) m_selectionAnchor = to;
    m_extends = false;
    showRow(to);
    emit currentRowChanged(to);
}

bool WindowTable::pressKey(QKeyEvent* event)
{
    const std::uint64_t at = m_current.value_or(m_top);
    const auto page = static_cast<std::uint64_t>(std::max(1, visibleRows() - 1));
    const bool extend = event->modifiers() & Qt::ShiftModifier;
    const auto back = [at](std::uint64_t rows) { return at > rows ? at - rows : 0; };
    switch (event->key()) {
    case Qt::Key_Up:
        return go(m_current ? back(1) : at, extend), true;
    case Qt::Key_Down:
        return go(m_current ? at + 1 : at, extend), true;
    case Qt::Key_PageUp:
        return go(back(page), extend), true;
    case Qt::Key_PageDown:
        return go(at + page, extend), true;
    case Qt::Key_Home:
        return go(0, extend), true;
    case Qt::Key_End:
        return go(m_model->total(), extend), true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_current) emit rowChosen(*m_current);
        return true;
    case Qt::Key_Menu:
        if (m_current) openMenu(*m_current);
        return true;
    default:
        return false;
    }
}

/// Below the row, as the menu key opens it.
void WindowTable::openMenu(std::uint64_t row)
{
    showRow(row);
    const int height = m_view->verticalHeader()->defaultSectionSize();
    const QPoint at(40, static_cast<int>(row + 1 - m_top) * height);
    emit contextMenuWanted(row, m_view->viewport()->mapToGlobal(at));
}

void WindowTable::wheel(QWheelEvent* event)
{
    m_wheelRest += event->angleDelta().y() * kRowsPerNotch;
    const int rows = m_wheelRest / 120;
    m_wheelRest -= rows * 120;
    if (rows > 0) setTopRow(m_top - std::min<std::uint64_t>(m_top, static_cast<std::uint64_t>(rows)));
    if (rows < 0) setTopRow(m_top + static_cast<std::uint64_t>(-rows));
}

bool WindowTable::eventFilter(QObject* watched, QEvent* event)
{
    switch (event->type()) {
    case QEvent::KeyPress:
        return watched == m_view && pressKey(static_cast<QKeyEvent*>(event));
    case QEvent::Wheel: {
        auto* const turned = static_cast<QWheelEvent*>(event);
        if (watched != m_view->viewport() || turned->angleDelta().y() == 0) return false;
        wheel(turned);
        return true;
    }
    case QEvent::MouseButtonPress:
        m_extends = static_cast<QMouseEvent*>(event)->modifiers() & Qt::ShiftModifier;
        return false;
    case QEvent::MouseButtonRelease:
        m_extends = false;
        return false;
    case QEvent::MouseMove:
        m_extends = static_cast<QMouseEvent*>(event)->buttons() & Qt::LeftButton;
        return false;
    case QEvent::ContextMenu: {
        if (watched != m_view->viewport()) return false;
        const auto* const asked = static_cast<QContextMenuEvent*>(event);
        const QModelIndex index = m_view->indexAt(asked->pos());
        if (!index.isValid()) return true;
        const std::uint64_t row = m_model->base() + static_cast<std::uint64_t>(index.row());
        if (!isSelected(row)) go(row, false);
        emit contextMenuWanted(row, asked->globalPos());
        return true;
    }
    case QEvent::Resize:
        if (watched == m_view->viewport()) {
            m_empty->setGeometry(m_view->viewport()->rect());
            setTopRow(m_top);
        }
        return false;
    case QEvent::FontChange:
        if (watched == m_view) fitRows();
        return false;
    case QEvent::FocusIn:
    case QEvent::FocusOut:
        m_view->viewport()->update();
        return false;
    default:
        return QWidget::eventFilter(watched, event);
    }
}

void WindowTable::fitRows()
{
    m_view->verticalHeader()->setMinimumSectionSize(rowHeight(m_view->font()));
    m_view->verticalHeader()->setDefaultSectionSize(rowHeight(m_view->font()));
}

void WindowTable::updateScrollBar()
{
    const std::uint64_t last = lastTop();
    m_rowsPerStep = std::max(1.0, static_cast<double>(last) / kMaxBar);
    m_bar->setRange(0, static_cast<int>(std::llround(static_cast<double>(last) / m_rowsPerStep)));
    m_bar->setPageStep(visibleRows());
    m_bar->setSingleStep(1);
    m_bar->setValue(static_cast<int>(std::llround(static_cast<double>(m_top) / m_rowsPerStep)));
    m_bar->setVisible(last > 0);
}

void WindowTable::updateView()
{
    if (m_updating) return;
    m_updating = true;
    if (m_model->total() > 0) m_model->anchor(m_top + static_cast<std::uint64_t>(visibleRows()) / 2);
    m_view->verticalScrollBar()->setValue(static_cast<int>(m_top - m_model->base()));
    updateScrollBar();
    const std::optional<int> row = m_current ? m_model->modelRow(*m_current) : std::nullopt;
    if (row) {
        m_view->selectionModel()->setCurrentIndex(m_model->index(*row, 0), QItemSelectionModel::NoUpdate);
    } else {
        m_view->selectionModel()->clearCurrentIndex();
    }
    m_updating = false;
    m_view->viewport()->update();
    m_model->look(m_top, m_top + static_cast<std::uint64_t>(visibleRows()));
}

} // namespace leftfold::ui
