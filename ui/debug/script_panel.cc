// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/debug/script_panel.h"

#include "ui/debug/rows_delegate.h"
#include "ui/error_text.h"
#include "ui/panels/json_tree.h"
#include "ui/panels/parts.h"
#include "ui/table/quiet_header.h"
#include "ui/texts.h"
#include "ui/time_text.h"
#include "ui/window/aggregate_panel.h"
#include "ui/window/recent_logs.h"

#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QMessageBox>
#include <QPushButton>
#include <QSaveFile>
#include <QSplitter>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <algorithm>

namespace leftfold::ui {

using workspace::Open;

namespace {

constexpr int kEventRole = Qt::UserRole; ///< quint64
constexpr int kLineRole = Qt::UserRole + 1; ///< int, from 1
constexpr int kColumnRole = Qt::UserRole + 2;
constexpr int kAggregateRole = Qt::UserRole + 3; ///< QString

QString firstScript()
{
    return QStringLiteral("({\n"
                          "  // %1\n"
                          "  init: () => ({ events: 0, types: {} }),\n\n"
                          "  // %2\n"
                          "  apply: (state, e) => {\n"
                          "    state.events += 1;\n"
                          "    state.types[e.eventType] = (state.types[e.eventType] ?? 0) + 1;\n"
                          "    return state;\n"
                          "  },\n"
                          "})\n")
        .arg(ScriptPanel::tr("The state of an aggregate before its first event."),
             ScriptPanel::tr("The state after an event: e.eventType, e.body, e.metadata; log(...) tells something."));
}

QString filterOfScripts()
{
    return ScriptPanel::tr("Scripts (*.js *.mjs)");
}

bool isReadable(const QString& path)
{
    const QFileInfo file(path);
    return file.isFile() && file.isReadable();
}

} // namespace

ScriptPanel::ScriptPanel(QWidget* parent) : QWidget(parent), m_editor(new ScriptEditor)
{
    asPanel(*this);
    auto* halves = new QSplitter(Qt::Horizontal);
    m_editor->setMinimumSize(160, 60);
    halves->addWidget(m_editor);
    halves->addWidget(makeSide());
    halves->setStretchFactor(0, 3);
    halves->setStretchFactor(1, 2);
    halves->setChildrenCollapsible(false);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeTop());
    column->addWidget(halves, 1);
    m_editor->setText(firstScript());
    m_editor->setModified(false);
    connect(m_editor, &QsciScintilla::modificationChanged, this, [this] { showName(); });
    setFocusProxy(m_editor);
    showName();
}

QWidget* ScriptPanel::makeTop()
{
    m_name = new ElidedLabel;
    m_outcome = new ElidedLabel;
    m_outcome->setAccessibleName(tr("What came of the last run of the script"));
    auto* fresh = new QPushButton(tr("New"));
    auto* open = new QPushButton(tr("Open…"));
    m_save = new QPushButton(tr("Save and run"));
    m_save->setToolTip(tr("Save and run (Ctrl+S)"));
    m_compare = new QPushButton(tr("Compare with the version before"));
    m_compare->setToolTip(tr("The first event behind which this version and the one before it make something else"));
    m_compare->setEnabled(false);
    auto* top = new QWidget;
    auto* row = new QHBoxLayout(top);
    row->setContentsMargins(10, 4, 8, 4);
    row->addWidget(m_name, 2);
    row->addWidget(m_outcome, 3);
    for (QPushButton* button : {fresh, open, m_save, m_compare}) row->addWidget(button);
    connect(fresh, &QPushButton::clicked, this, &ScriptPanel::newScript);
    connect(open, &QPushButton::clicked, this, &ScriptPanel::askForScript);
    connect(m_save, &QPushButton::clicked, this, &ScriptPanel::save);
    connect(m_compare, &QPushButton::clicked, this, &ScriptPanel::compareWanted);
    return top;
}

QWidget* ScriptPanel::makeSide()
{
    m_subject = new ElidedLabel;
    m_subject->setObjectName(QStringLiteral("secondary"));
    m_subject->setContentsMargins(10, 2, 10, 2);
    m_state = new JsonTree;
    m_state->setAccessibleName(tr("State that the script makes"));
    m_state->tree()->setShowsWriters(true);
    m_notesHeader = new QuietHeader;
    m_notes = new QTreeWidget;
    m_notes->setHeader(m_notesHeader);
    m_notes->setAccessibleName(tr("Errors and logs of the script"));
    m_notes->setFrameShape(QFrame::NoFrame);
    m_notes->setRootIsDecorated(false);
    m_notes->setUniformRowHeights(true);
    m_notes->setItemDelegate(new RowsDelegate(m_notes));
    m_notes->setIndentation(0);
    m_notes->setHeaderLabels({tr("event"), tr("what the script said")});
    m_notesHeader->resizeSection(0, 200);
    new EmptyHint(m_notes, tr("What the script logs, and where it fails, is listed here."));
    auto* parts = new QSplitter(Qt::Vertical);
    for (QWidget* part : {static_cast<QWidget*>(m_state), static_cast<QWidget*>(m_notes)}) part->setMinimumHeight(40);
    parts->addWidget(m_state);
    parts->addWidget(m_notes);
    parts->setChildrenCollapsible(false);
    auto* side = new QWidget;
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_subject);
    column->addWidget(parts, 1);
    connect(m_state, &JsonTree::writerChosen, this, &ScriptPanel::goToWanted);
    connect(m_notes, &QTreeWidget::itemClicked, this, [this](QTreeWidgetItem* item) { choose(item); });
    connect(m_notes, &QTreeWidget::itemActivated, this, [this](QTreeWidgetItem* item) { choose(item); });
    return side;
}

void ScriptPanel::setColours(const Colours& colours)
{
    m_colours = colours;
    m_editor->setColours(colours);
    m_state->setColours(colours);
    m_notesHeader->setColours(colours);
}

void ScriptPanel::showName()
{
    const QString name = m_path.isEmpty() ? tr("New script, not saved yet") : QFileInfo(m_path).fileName();
    m_name->setText(m_editor->isModified() && !m_path.isEmpty() ? tr("%1 · changed").arg(name) : name);
    m_name->setToolTip(m_path);
}

// Files

bool ScriptPanel::mayLeave()
{
    if (!m_editor->isModified()) return true;
    const auto answer =
        QMessageBox::question(this, tr("Unsaved script"), tr("The script has changes that are not saved."),
                              QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel);
    return answer == QMessageBox::Discard || (answer == QMessageBox::Save && save());
}

bool ScriptPanel::newScript()
{
    if (!mayLeave()) return false;
    m_path.clear();
    m_editor->setNotes({});
    m_editor->setText(firstScript());
    m_editor->setModified(false);
    showName();
    m_editor->setFocus(Qt::OtherFocusReason);
    return true;
}

void ScriptPanel::askForScript()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Open a projection in JavaScript"),
                                                      QFileInfo(m_path).path(), filterOfScripts());
    if (!path.isEmpty()) (void)openScript(path);
}

bool ScriptPanel::openScript(const QString& path)
{
    if (!mayLeave() || !read(path)) return false;
    emit runWanted(m_path);
    return true;
}

bool ScriptPanel::read(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        QMessageBox::warning(this, tr("Open a projection in JavaScript"), tr("%1: %2").arg(path, file.errorString()));
        return false;
    }
    m_path = QFileInfo(path).absoluteFilePath();
    m_editor->setNotes({});
    m_editor->setText(QString::fromUtf8(file.readAll()));
    m_editor->setModified(false);
    showName();
    return true;
}

bool ScriptPanel::save()
{
    if (!m_path.isEmpty()) return saveAs(m_path);
    const QString path = askWhereToSave(this, tr("Save the projection"), QStringLiteral("projection.js"),
                                        filterOfScripts(), QStringLiteral("js"));
    return !path.isEmpty() && saveAs(path);
}

bool ScriptPanel::saveAs(const QString& path)
{
    // What is no script by its name would be taken for a built-in fold.
    const bool isScript = path.endsWith(QLatin1String(".js")) || path.endsWith(QLatin1String(".mjs"));
    QSaveFile file(isScript ? path : path + QStringLiteral(".js"));
    const QByteArray bytes = m_editor->text().toUtf8();
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit()) {
        QMessageBox::warning(this, tr("Save the projection"), tr("%1: %2").arg(file.fileName(), file.errorString()));
        return false;
    }
    m_path = QFileInfo(file.fileName()).absoluteFilePath();
    m_editor->setModified(false);
    showName();
    emit runWanted(m_path);
    return true;
}

// What came of it

void ScriptPanel::show(const Open& open, const Open* before)
{
    // One that was chosen among the projections is worked on too.
    const QString shown = text(open.projection().choice.fold);
    const bool isOther = workspace::isScript(open.projection().choice.fold) && shown != m_path;
    if (isOther && m_path.isEmpty() && !m_editor->isModified() && isReadable(shown)) (void)read(shown);
    const auto& view = open.of<workspace::AskAggregate>();
    const bool isNewView = before == nullptr || before->of<workspace::AskAggregate>().answer != view.answer
                           || before->of<workspace::AskAggregate>().error != view.error
                           || before->aggregate != open.aggregate;
    if (isNewView) showState(open);
    const workspace::ShownProjection* script = open.scriptProjection();
    const workspace::ShownProjection* was = before != nullptr ? before->scriptProjection() : nullptr;
    const bool isOtherScript = (script == nullptr) != (was == nullptr)
                               || (script != nullptr && (script->ticket != was->ticket || script->error != was->error));
    const auto isOtherAnswer = [&]<class Question>(const Question*, bool orProgress) {
        if (before == nullptr) return true;
        const auto& a = before->of<Question>();
        const auto& b = open.of<Question>();
        const bool isFurther = a.isWaiting != b.isWaiting || a.progress != b.progress;
        return a.answer != b.answer || a.error != b.error || (orProgress && isFurther);
    };
    const auto isOtherRun = [&](bool orProgress) {
        return isOtherAnswer(static_cast<const workspace::AskScript*>(nullptr), orProgress)
               || isOtherAnswer(static_cast<const workspace::AskPartings*>(nullptr), orProgress);
    };
    const bool isOtherError = before == nullptr || before->of<workspace::AskAggregate>().error != view.error;
    if (isOtherScript || isOtherError || isOtherRun(false)) showNotes(open);
    if (!isOtherScript && !isOtherRun(true)) return;
    m_compare->setEnabled(script != nullptr && script->opened && script->before);
    bool isBad = false;
    m_outcome->setText(outcome(open, isBad));
    m_outcome->setToolTip(m_outcome->text());
    setInk(m_outcome, isBad ? m_colours.bad : m_colours.secondary);
}

void ScriptPanel::showState(const Open& open)
{
    const auto& asked = open.of<workspace::AskAggregate>();
    StateTree tree = asked.answer && !asked.error ? stateTree(*asked.answer) : StateTree{};
    m_state->setDocument(std::move(tree.document), std::move(tree.notes));
    const QString id = open.aggregate ? text(*open.aggregate) : tr("no aggregate chosen");
    m_subject->setText(
        QStringLiteral("%1 · %2").arg(id, projectionText(open.projection().choice, open.facts->mapping)));
    m_state->setEmptyText(asked.error                ? errorText(*asked.error)
                          : open.projection().error  ? errorText(*open.projection().error)
                          : asked.answer             ? tr("It does not exist at the playhead")
                          : open.projection().opened ? tr("Choose an aggregate: by its id, or from an event")
                                                     : tr("Finding the aggregates of the log…"));
}

QString ScriptPanel::outcome(const Open& open, bool& isBad) const
{
    const workspace::ShownProjection* script = open.scriptProjection();
    if (script == nullptr) return tr("Saving runs it as the projection");
    isBad = true;
    if (script->error) return errorText(*script->error);
    const auto& asked = open.of<workspace::AskScript>();
    const auto& parting = open.of<workspace::AskPartings>();
    if (asked.error && asked.error->code != base::ErrorCode::Cancelled) return errorText(*asked.error);
    if (parting.error && parting.error->code != base::ErrorCode::Cancelled) return errorText(*parting.error);
    isBad = false;
    if (asked.error || parting.error) return tr("cancelled");
    if (parting.isWaiting) return tr("Comparing: %1").arg(progressText(parting.progress, 0));
    if (!script->opened || asked.isWaiting || !asked.answer)
        return tr("Running: %1").arg(progressText(asked.progress, 0));
    const workspace::ScriptRun& run = *asked.answer;
    isBad = run.failure.has_value();
    if (isBad) return errorText(*run.failure->error);
    const bool isPart = run.events < open.facts->events;
    QString out = isPart ? tr("no error in the first %1 events").arg(countText(run.events))
                         : tr("no error in %1 events").arg(countText(run.events));
    out += tr(" · %1 aggregates").arg(countText(run.partitions));
    if (run.emitted > 0) out += tr(" · %1 emitted").arg(countText(run.emitted));
    return out;
}

void ScriptPanel::showNotes(const Open& open)
{
    m_notes->clear();
    std::vector<LineNote> lines;
    const workspace::ShownProjection* script = open.scriptProjection();
    const auto& run = open.of<workspace::AskScript>().answer;
    const auto& parted = open.of<workspace::AskPartings>().answer;
    if (parted) addParting(*parted);
    if (script != nullptr && script->error) addError(*script->error, std::nullopt, lines);
    if (run && run->failure) addError(*run->failure->error, run->failure->event, lines);
    const auto& view = open.of<workspace::AskAggregate>();
    const bool isShown = script != nullptr && script == &open.projection();
    if (isShown && view.error && workspace::scriptPlace(*view.error)) addError(*view.error, std::nullopt, lines);
    if (run) addNotes(run->findings, run->findingsTotal);
    if (run) addNotes(run->logs, run->logsTotal);
    if (lines != m_editor->notes()) m_editor->setNotes(lines);
}

QTreeWidgetItem* ScriptPanel::add(const std::optional<workspace::EventAt>& event, const QString& words)
{
    auto* item = new QTreeWidgetItem(m_notes, {event ? writerText(*event) : QString(), words});
    item->setFont(0, dataFont(m_notes->font()));
    item->setToolTip(1, words);
    if (event) item->setData(0, kEventRole, static_cast<qulonglong>(event->index.value));
    if (event && event->id) item->setData(0, kAggregateRole, text(*event->id));
    return item;
}

void ScriptPanel::addError(const base::Error& error, const std::optional<workspace::EventAt>& event,
                           std::vector<LineNote>& lines)
{
    const QString words = errorText(error);
    const auto place = workspace::scriptPlace(error);
    const bool isHere = place && text(place->file) == QFileInfo(m_path).fileName();
    const bool isKnown = isHere && std::ranges::find(lines, place->line, &LineNote::line) != lines.end();
    if (isKnown) return;
    QTreeWidgetItem* item = add(event, QStringLiteral("⚠ ") + words);
    item->setForeground(1, m_colours.bad);
    if (!isHere) return;
    item->setData(0, kLineRole, place->line);
    item->setData(0, kColumnRole, place->column);
    const bool isLoading = error.code == base::ErrorCode::ScriptLoad && error.args.size() > 3;
    const bool isRunning = error.code == base::ErrorCode::ScriptFailed && error.args.size() > 2;
    lines.push_back({place->line, place->column,
                     isLoading   ? text(error.args[3])
                     : isRunning ? tr("%1 (at %2)").arg(text(error.args[2]), text(error.args[0]))
                                 : words});
}

void ScriptPanel::addNotes(const std::vector<workspace::ScriptNote>& notes, std::uint64_t total)
{
    for (const workspace::ScriptNote& note : notes) {
        auto* item = add(note.event, note.error ? QStringLiteral("⚠ ") + errorText(*note.error) : text(note.text));
        if (note.error) item->setForeground(1, m_colours.warning);
    }
    const QString first = firstOnlyText(notes.size(), total);
    if (!first.isEmpty()) add(std::nullopt, tr("%1 in all, %2").arg(countText(total), first));
}

void ScriptPanel::addParting(const workspace::VersionsParted& parted)
{
    if (!parted.event || !parted.first) {
        add(std::nullopt, tr("The versions do not part: %1 aggregates compared").arg(countText(parted.compared)));
    } else {
        auto* item =
            add(parted.event, tr("The versions part here first, over %1: %2 of %3 aggregates part")
                                  .arg(text(parted.first->id), countText(parted.parted), countText(parted.compared)));
        item->setData(0, kAggregateRole, text(parted.first->id));
        item->setForeground(1, m_colours.accent);
        const auto side = [](const replay::PartedSide& each) {
            if (each.failure) return errorText(*each.failure);
            return each.state ? text(toJson(each.state->root())) : tr("does not exist");
        };
        for (const QString& words :
             {tr("before: %1").arg(side(parted.first->a)), tr("now: %1").arg(side(parted.first->b))}) {
            auto* line = add(std::nullopt, words);
            line->setFont(1, dataFont(m_notes->font()));
        }
    }
    if (parted.unreadable > 0)
        add(std::nullopt, tr("⚠ %1 aggregates have events that cannot be read").arg(countText(parted.unreadable)));
}

void ScriptPanel::choose(QTreeWidgetItem* item)
{
    const QVariant event = item->data(0, kEventRole);
    const QVariant aggregate = item->data(0, kAggregateRole);
    const QVariant line = item->data(0, kLineRole);
    const int column = item->data(0, kColumnRole).toInt();
    // From here on the list may be another one.
    if (aggregate.isValid()) emit aggregateWanted(aggregate.toString());
    if (event.isValid()) emit goToWanted(event.toULongLong());
    if (line.isValid()) m_editor->goTo(line.toInt(), column);
}

} // namespace leftfold::ui
