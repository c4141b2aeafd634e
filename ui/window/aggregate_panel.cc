// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/aggregate_panel.h"

#include "ui/error_text.h"
#include "ui/panels/json_tree.h"
#include "ui/panels/parts.h"
#include "ui/texts.h"
#include "ui/window/history_dots.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAction>
#include <QCompleter>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QStringListModel>
#include <QVBoxLayout>
#include <algorithm>

namespace leftfold::ui {

namespace {

constexpr int kSearchSoonMs = 120;

/// Gives the values of a merged document the writers of the state in it: both are walked together, values that are there no
/// more stand in the merged one alone.
class WriterNotes {
public:
    WriterNotes(const workspace::AggregateView& view, ValueNotes& notes) : m_view(view), m_notes(notes) {}

    void add(event::Value merged, event::Value state)
    {
        if (const auto writing = m_view.blame.of(state)) {
            ValueNote& note = m_notes[merged.nodeIndex()];
            note.writer = writing->by;
            note.writtenBy = nameOf(writing->by);
        }
        addItems(merged, state);
        addMembers(merged, state);
    }

private:
    [[nodiscard]] bool isGone(event::Value merged) const
    {
        const auto note = m_notes.find(merged.nodeIndex());
        return note != m_notes.end() && note->second.gone;
    }
    void addItems(event::Value merged, event::Value state)
    {
        const event::Items items = state.items();
        auto next = items.begin();
        for (const event::Value item : merged.items()) {
            if (isGone(item)) continue;
            if (next == items.end()) return;
            add(item, *next);
            ++next;
        }
    }
    void addMembers(event::Value merged, event::Value state)
    {
        for (const event::Member& member : merged.members()) {
            if (member.shadowed || isGone(member.value)) continue;
            if (const auto value = state.find(member.key)) add(member.value, *value);
        }
    }
    [[nodiscard]] QString nameOf(event::EventIndex index) const
    {
        const auto writer = std::ranges::lower_bound(m_view.writers, index, {}, &workspace::EventAt::index);
        const bool isKnown = writer != m_view.writers.end() && writer->index == index;
        return isKnown ? writerText(*writer) : QString::number(index.value);
    }

    const workspace::AggregateView& m_view;
    ValueNotes& m_notes;
};

} // namespace

StateTree stateTree(const workspace::AggregateView& view)
{
    StateTree tree;
    tree.document = view.blame.document();
    if (!tree.document) return tree;
    const event::Document& state = *view.blame.document();
    const auto& other = view.undone && view.after ? view.after : view.isOfPlayhead ? view.before : std::nullopt;
    if (other) {
        MergedDocument both = merged(*other, state);
        tree.document = std::move(both.document);
        tree.notes = std::move(both.notes);
    }
    WriterNotes(view, tree.notes).add(tree.document->root(), state.root());
    return tree;
}

AggregatePanel::AggregatePanel(QWidget* parent)
    : QWidget(parent),
      m_search(new QLineEdit),
      m_completer(new QCompleter(this)),
      m_found(new QStringListModel(this)),
      m_dots(new HistoryDots),
      m_tree(new JsonTree),
      m_footer(new ElidedLabel)
{
    setObjectName(QStringLiteral("panel"));
    setAttribute(Qt::WA_StyledBackground);
    m_search->setPlaceholderText(tr("Find an aggregate by its id"));
    m_search->setAccessibleName(m_search->placeholderText());
    m_search->setClearButtonEnabled(true);
    for (auto* clear : m_search->findChildren<QAbstractButton*>()) clear->setAccessibleName(tr("Clear"));
    m_search->setFont(dataFont(font()));
    m_completer->setModel(m_found);
    m_completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    m_completer->setMaxVisibleItems(14);
    m_search->setCompleter(m_completer);
    m_searchSoon.setSingleShot(true);
    m_searchSoon.setInterval(kSearchSoonMs);
    m_tree->tree()->setShowsWriters(true);
    m_tree->setAccessibleName(tr("State of the aggregate"));
    m_footer->setObjectName(QStringLiteral("secondary"));
    m_footer->setContentsMargins(10, 6, 10, 6);
    auto* top = new QVBoxLayout;
    top->setContentsMargins(8, 6, 8, 0);
    top->addWidget(m_search);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addLayout(top);
    column->addWidget(m_dots);
    column->addWidget(m_tree, 1);
    column->addWidget(m_footer);

    connect(m_search, &QLineEdit::textEdited, &m_searchSoon, qOverload<>(&QTimer::start));
    connect(&m_searchSoon, &QTimer::timeout, this, [this] { emit idsWanted(m_search->text()); });
    connect(m_search, &QLineEdit::returnPressed, this, [this] {
        if (!m_search->text().isEmpty()) choose(m_search->text());
    });
    connect(m_completer, qOverload<const QString&>(&QCompleter::activated), this, &AggregatePanel::choose);
    connect(m_dots, &HistoryDots::eventChosen, this, &AggregatePanel::goToWanted);
    connect(m_tree, &JsonTree::writerChosen, this, &AggregatePanel::goToWanted);
    connect(m_tree, &JsonTree::menuOpens, this, &AggregatePanel::addToMenu);
}

/// Keys go to the state from here on: A and B are marks again.
void AggregatePanel::choose(const QString& id)
{
    m_searchSoon.stop();
    m_completer->popup()->hide();
    m_tree->setFocus(Qt::OtherFocusReason);
    emit aggregateChosen(id);
}

void AggregatePanel::addToMenu(QMenu* menu, const QString& pointer)
{
    const auto field = event::parsePointer(pointer.toStdString());
    if (!field) return;
    menu->addSeparator();
    menu->addAction(tr("Who wrote this: back to the change before"), this,
                    [this, field] { emit changeWanted(*field, replay::Direction::Back); });
    menu->addAction(tr("On to its next change"), this,
                    [this, field] { emit changeWanted(*field, replay::Direction::Forward); });
    menu->addAction(tr("Step along changes of this field"), this, [this, field] { emit watchWanted(*field); });
    menu->addAction(tr("Break when it changes"), this, [this, field] { emit breakWanted(*field); });
    menu->addAction(tr("Plot over time"), this, [this, field] { emit plotWanted(*field); });
    menu->addSeparator();
    if (m_id) menu->addAction(tr("List only its events"), this, [this] { emit listEventsWanted(text(*m_id)); });
}

void AggregatePanel::setColours(const Colours& colours)
{
    m_dots->setColours(colours);
    m_tree->setColours(colours);
}

void AggregatePanel::setZone(Zone zone)
{
    m_dots->setZone(zone);
}

void AggregatePanel::show(const workspace::Open& open)
{
    const bool isOther = m_id != open.aggregate;
    m_id = open.aggregate;
    m_watched = open.watched;
    m_projection = projectionText(open.projection().choice, open.facts->mapping);
    m_isIndexing = !open.projection().opened && !open.projection().error;
    m_dots->setTypes(open.types);
    if (open.playhead) m_dots->setCut(open.playhead->cut);
    if (isOther && !m_search->hasFocus()) m_search->setText(m_id ? text(*m_id) : QString());
    m_tree->setEmptyText(open.projection().error ? errorText(*open.projection().error) : emptyText());
    m_footer->setText(footer());
}

void AggregatePanel::setHistory(std::shared_ptr<const workspace::History> history)
{
    m_dots->setHistory(std::move(history));
}

void AggregatePanel::setView(std::shared_ptr<const workspace::AggregateView> view,
                             const std::optional<base::Error>& error)
{
    m_view = std::move(view);
    StateTree tree = m_view && !error ? stateTree(*m_view) : StateTree{};
    m_tree->setDocument(std::move(tree.document), std::move(tree.notes));
    m_tree->setEmptyText(error ? errorText(*error) : emptyText());
    m_footer->setText(footer());
}

void AggregatePanel::setIds(const workspace::Ids& ids)
{
    if (!m_search->hasFocus() || ids.text != m_search->text().toStdString()) return;
    QStringList found;
    for (const std::string& id : ids.ids) found.push_back(text(id));
    m_found->setStringList(found);
    m_completer->complete();
}

void AggregatePanel::editId()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

QString AggregatePanel::emptyText() const
{
    if (m_isIndexing) return tr("Finding the aggregates of the log…");
    if (!m_id) return tr("Choose an aggregate: by its id above, or from an event");
    if (!m_view) return {};
    if (!m_view->isInLog) return tr("No event of this log belongs to %1").arg(text(m_view->id));
    if (m_view->events == 0) return tr("Does not exist yet: its first event comes later");
    return tr("Does not exist at the playhead: it was deleted");
}

QString AggregatePanel::footer() const
{
    QString out = m_projection;
    if (m_view && m_view->blame.document()) out += tr(" · state of %1").arg(bytesText(m_view->stateBytes));
    if (m_view && m_view->undone && m_view->after)
        out += tr(" · lit: what taking back %1 changed").arg(writerText(*m_view->undone));
    if (m_watched) out += tr(" · watching %1").arg(text(toText(*m_watched)));
    return out;
}

} // namespace leftfold::ui
