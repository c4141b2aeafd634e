// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/log_panel.h"

#include "ui/kafka/kafka_texts.h"
#include "ui/panels/parts.h"
#include "ui/texts.h"

#include <QHeaderView>
#include <QLabel>
#include <QPainter>
#include <QPixmap>
#include <QVBoxLayout>
#include <map>

namespace leftfold::ui {

namespace {

constexpr int kName = 0;
constexpr int kRange = 1;
constexpr int kCount = 2;
constexpr int kRoomyRows = 16; ///< so high, the mapping may take several lines

QTreeWidget* makeTree(const QString& name, int columns)
{
    auto* tree = new QTreeWidget;
    tree->setAccessibleName(name);
    tree->setColumnCount(columns);
    tree->setHeaderHidden(true);
    tree->setUniformRowHeights(true);
    tree->setFrameShape(QFrame::NoFrame);
    tree->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    tree->setIndentation(14);
    tree->setIconSize({9, 9});
    tree->header()->setStretchLastSection(false);
    tree->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    for (int column = 1; column < columns; ++column)
        tree->header()->setSectionResizeMode(column, QHeaderView::ResizeToContents);
    return tree;
}

QIcon swatch(const QColor& colour)
{
    QPixmap pixmap(18, 18);
    pixmap.setDevicePixelRatio(2);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawRoundedRect(QRectF(0.5, 0.5, 8, 8), 2, 2);
    return pixmap;
}

QLabel* sectionTitle(const QString& text)
{
    auto* label = new QLabel(text);
    label->setObjectName(QStringLiteral("panelTitle"));
    QFont font = label->font();
    font.setBold(true);
    label->setFont(font);
    label->setContentsMargins(10, 5, 10, 5);
    return label;
}

void alignRight(QTreeWidgetItem* item, int column)
{
    item->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
}

} // namespace

QStringList incompleteness(const replay::PartitionSummary& partition)
{
    QStringList out;
    if (partition.events > 0 && partition.firstOffset.value > 0)
        out += LogPanel::tr("History before offset %1 is not there: states before it are incomplete")
                   .arg(partition.firstOffset.value);
    if (partition.missingOffsets > 0)
        out += LogPanel::tr("%1 offsets in between are missing").arg(countText(partition.missingOffsets));
    if (partition.undecodable > 0)
        out += LogPanel::tr("%1 records cannot be decoded").arg(countText(partition.undecodable));
    if (partition.timeless > 0)
        out += LogPanel::tr("%1 events have no time of their own").arg(countText(partition.timeless));
    if (partition.lost > 0)
        out += LogPanel::tr("%1 events are lost: the capture is damaged").arg(countText(partition.lost));
    return out;
}

LogPanel::LogPanel(QWidget* parent)
    : QWidget(parent),
      m_partitions(makeTree(tr("Partitions"), 3)),
      m_typesTitle(sectionTitle(tr("Types"))),
      m_types(makeTree(tr("Types of events"), 2)),
      m_viewsTitle(sectionTitle(tr("Views"))),
      m_views(makeTree(tr("Added views"), 3)),
      m_mapping(new QLabel),
      m_mappingLine(new ElidedLabel)
{
    setObjectName(QStringLiteral("panel"));
    setAttribute(Qt::WA_StyledBackground);
    // In a low window they scroll.
    for (QTreeWidget* tree : {m_partitions, m_types, m_views}) tree->setMinimumHeight(2 * rowHeight(font()));
    m_types->setRootIsDecorated(false);
    m_views->setRootIsDecorated(false);
    m_mapping->setObjectName(QStringLiteral("secondary"));
    m_mapping->setWordWrap(true);
    m_mapping->setContentsMargins(10, 6, 10, 6);
    m_mapping->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_partitions, 2);
    column->addWidget(m_typesTitle);
    column->addWidget(m_types, 3);
    column->addWidget(m_viewsTitle);
    column->addWidget(m_views);
    showViews({});
    connect(m_views, &QTreeWidget::itemActivated, this,
            [this](const QTreeWidgetItem* item) { emit viewChosen(item->text(kName)); });
    m_mappingLine->setObjectName(QStringLiteral("secondary"));
    m_mappingLine->setContentsMargins(10, 6, 10, 6);
    column->addWidget(m_mapping);
    column->addWidget(m_mappingLine);
    connect(m_types, &QTreeWidget::itemActivated, this,
            [this](const QTreeWidgetItem* item) { emit typeChosen(item->data(kName, Qt::UserRole).toString()); });
    connect(m_partitions, &QTreeWidget::itemExpanded, this, &LogPanel::fitPartitions);
    connect(m_partitions, &QTreeWidget::itemCollapsed, this, &LogPanel::fitPartitions);
    connect(m_partitions, &QTreeWidget::itemActivated, this, [this](const QTreeWidgetItem* item) {
        const QString name = item->data(kName, Qt::UserRole).toString();
        if (const auto partition = event::parsePartition(name.toStdString())) emit partitionChosen(*partition);
    });
}

void LogPanel::setColours(const Colours& colours)
{
    m_colours = colours;
    if (m_facts) {
        showPartitions();
        showTypes();
    }
    showViews(m_shownViews);
}

void LogPanel::show(const workspace::LogFacts& facts, const std::vector<std::string>& types)
{
    m_facts = std::make_shared<const workspace::LogFacts>(facts);
    m_typeOrder = types;
    m_mapping->setText(text(describe(facts.mapping)));
    m_mappingLine->setText(m_mapping->text());
    m_mapping->setToolTip(tr("Which part of an event is what, as it was detected or given"));
    showPartitions();
    showTypes();
}

void LogPanel::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    const bool isRoomy = height() >= kRoomyRows * rowHeight(font());
    m_mapping->setVisible(isRoomy);
    m_mappingLine->setVisible(!isRoomy);
}

void LogPanel::showPartitions()
{
    m_partitions->clear();
    std::map<std::string, std::vector<const replay::PartitionSummary*>> topics;
    for (const auto& partition : m_facts->summary.partitions) topics[partition.partition.topic].push_back(&partition);
    for (const auto& [topic, partitions] : topics) {
        std::uint64_t events = 0;
        for (const auto* partition : partitions) events += partition->events;
        QTreeWidgetItem* item = addTopic(topic, partitions.size(), events);
        for (const auto* partition : partitions) addPartition(item, *partition);
        item->setExpanded(topics.size() * partitions.size() <= 100);
    }
    fitPartitions();
}

/// Few partitions leave their room to the types.
void LogPanel::fitPartitions()
{
    int rows = 0;
    for (int i = 0; i < m_partitions->topLevelItemCount(); ++i) {
        const QTreeWidgetItem* topic = m_partitions->topLevelItem(i);
        rows += 1 + (topic->isExpanded() ? topic->childCount() : 0);
    }
    m_partitions->setMaximumHeight(rows > 20 ? QWIDGETSIZE_MAX : (rows + 1) * rowHeight(font()));
}

QTreeWidgetItem* LogPanel::addTopic(const std::string& topic, std::size_t partitions, std::uint64_t events)
{
    auto* item = new QTreeWidgetItem(m_partitions);
    item->setSizeHint(kName, {0, rowHeight(font())});
    item->setText(kName, text(topic));
    item->setText(kRange, partitions == 1 ? tr("1 partition") : tr("%1 partitions").arg(partitions));
    item->setText(kCount, countText(events));
    QFont bold = font();
    bold.setBold(true);
    item->setFont(kName, bold);
    item->setForeground(kRange, m_colours.secondary);
    alignRight(item, kCount);
    return item;
}

void LogPanel::addPartition(QTreeWidgetItem* topic, const replay::PartitionSummary& partition)
{
    auto* item = new QTreeWidgetItem(topic);
    item->setSizeHint(kName, {0, rowHeight(font())});
    item->setText(kName, QStringLiteral("[%1]").arg(partition.partition.number));
    item->setData(kName, Qt::UserRole, text(toText(partition.partition)));
    item->setText(kRange,
                  partition.events == 0
                      ? QString()
                      : QStringLiteral("@%1 – @%2").arg(partition.firstOffset.value).arg(partition.lastOffset.value));
    item->setText(kCount, countText(partition.events));
    const QFont mono = dataFont(font());
    item->setFont(kName, mono);
    item->setFont(kRange, mono);
    item->setForeground(kRange, m_colours.secondary);
    alignRight(item, kCount);
    const QStringList lacks = incompleteness(partition);
    if (lacks.isEmpty()) return;
    // Said by a sign and in words, not by colour alone.
    item->setText(kCount, QStringLiteral("⚠ ") + item->text(kCount));
    item->setForeground(kCount, partition.lost > 0 ? m_colours.bad : m_colours.warning);
    for (int column = kName; column <= kCount; ++column) item->setToolTip(column, lacks.join('\n'));
}

void LogPanel::showViews(const std::vector<ShownView>& views)
{
    m_shownViews = views;
    m_views->clear();
    const bool hasViews = !m_shownViews.empty();
    m_viewsTitle->setVisible(hasViews);
    m_views->setVisible(hasViews);
    m_views->setMaximumHeight(static_cast<int>(std::min<std::size_t>(m_shownViews.size(), 5)) * rowHeight(font()) + 2);
    for (const ShownView& view : m_shownViews) {
        auto* item = new QTreeWidgetItem(m_views);
        item->setSizeHint(kName, {0, rowHeight(font())});
        item->setText(kName, view.name);
        item->setText(1, view.lag ? countText(static_cast<std::uint64_t>(*view.lag)) : QStringLiteral("–"));
        item->setText(2, statusSign(view.status) + u' ' + statusText(view.status));
        item->setForeground(2, statusColour(view.status, m_colours));
        item->setToolTip(kName, view.name);
        alignRight(item, 1);
    }
}

void LogPanel::showTypes()
{
    m_types->clear();
    std::map<std::string_view, std::uint64_t> counts;
    for (const auto& [type, events] : m_facts->summary.types) counts[type] = events;
    for (std::size_t rank = 0; rank < m_typeOrder.size(); ++rank) {
        const auto& type = m_typeOrder[rank];
        auto* item = new QTreeWidgetItem(m_types);
        item->setSizeHint(kName, {0, rowHeight(font())});
        item->setText(kName, typeText(type));
        item->setData(kName, Qt::UserRole, text(type));
        item->setText(1, countText(counts[type]));
        item->setIcon(kName, swatch(m_colours.types[std::min<std::size_t>(rank, m_colours.types.size() - 1)]));
        item->setToolTip(kName, tr("Double click lists only events of this type"));
        alignRight(item, 1);
    }
    m_typesTitle->setText(tr("Types · %1").arg(m_typeOrder.size()));
}

} // namespace leftfold::ui
