// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/status_line.h"

#include "ui/error_text.h"
#include "ui/kafka/kafka_texts.h"
#include "ui/panels/parts.h"
#include "ui/texts.h"
#include "ui/window/icons.h"

#include <QFile>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <unistd.h>

namespace leftfold::ui {

using namespace workspace;

namespace {

constexpr int kShownAfterMs = 150;
constexpr int kNoticeMs = 10'000;
constexpr int kMemoryMs = 2'000;

/// Resident, as the kernel counts it.
std::uint64_t residentBytes()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly)) return 0;
    const QList<QByteArray> fields = file.readAll().split(' ');
    return fields.size() > 1 ? fields[1].toULongLong() * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) : 0;
}

template <class Question>
bool take(const Open& open, const QString& what, std::optional<Work>& work)
{
    const auto& asked = open.of<Question>();
    if (work || !asked.isWaiting) return false;
    work = Work{what, asked.ticket, asked.progress};
    return true;
}

} // namespace

std::optional<Work> workOf(const Open& open)
{
    std::optional<Work> work;
    if (open.isFilling) {
        const source::SourceProgress& source = open.filling.source;
        const bool waits = !source.note.empty();
        work = Work{waits ? StatusLine::tr("capturing: waiting for the broker") : StatusLine::tr("capturing"),
                    open.loadTicket,
                    {source.done, source.total}};
    }
    take<AskRun>(open, StatusLine::tr("running to a breakpoint"), work);
    take<AskExport>(open, StatusLine::tr("exporting"), work);
    take<AskProjection>(open, StatusLine::tr("indexing aggregates"), work);
    take<AskMatches>(open, StatusLine::tr("searching events"), work);
    take<AskDiff>(open, StatusLine::tr("comparing A and B"), work);
    take<AskSnapshot>(open, StatusLine::tr("folding all aggregates"), work);
    take<AskPartings>(open, StatusLine::tr("comparing versions of the script"), work);
    take<AskPlot>(open, StatusLine::tr("drawing"), work);
    take<AskScript>(open, StatusLine::tr("running the script"), work);
    take<AskProblems>(open, StatusLine::tr("looking for problems"), work);
    take<AskStep>(open, StatusLine::tr("stepping"), work);
    take<AskAggregate>(open, StatusLine::tr("folding the aggregate"), work);
    take<AskPair>(open, StatusLine::tr("comparing the aggregate"), work);
    take<AskDensity>(open, StatusLine::tr("measuring the timeline"), work);
    return work;
}

StatusLine::StatusLine(QWidget* parent)
    : QStatusBar(parent),
      m_lock(new QLabel),
      m_log(new QLabel),
      m_isolation(new QLabel),
      m_masked(new QLabel(tr("masked"))),
      m_follow(new QLabel),
      m_notice(new ElidedLabel),
      m_work(new QLabel),
      m_bar(new QProgressBar),
      m_cancel(new QPushButton(tr("Cancel"))),
      m_memory(new QLabel)
{
    setSizeGripEnabled(false);
    auto* readOnly = new QLabel(tr("read-only"));
    readOnly->setToolTip(tr("Leftfold never writes to a log"));
    m_masked->setToolTip(tr("What fits the rules for masking is not shown"));
    m_bar->setTextVisible(false);
    m_bar->setFixedWidth(160);
    m_bar->setAccessibleName(tr("How far it is"));
    m_notice->setAccessibleName(tr("Last message"));
    m_cancel->setFlat(true);
    m_memory->setToolTip(tr("Memory in use"));
    auto* line = new QWidget;
    auto* row = new QHBoxLayout(line);
    row->setContentsMargins(10, 2, 10, 2);
    row->setSpacing(12);
    row->addWidget(m_lock);
    row->addWidget(readOnly);
    row->addWidget(m_isolation);
    row->addWidget(m_masked);
    row->addWidget(m_log);
    row->addWidget(m_follow);
    row->addWidget(m_notice, 1);
    row->addWidget(m_work);
    row->addWidget(m_bar);
    row->addWidget(m_cancel);
    row->addWidget(m_memory);
    addWidget(line, 1);
    m_soon.setSingleShot(true);
    m_soon.setInterval(kShownAfterMs);
    m_noticeEnds.setSingleShot(true);
    m_noticeEnds.setInterval(kNoticeMs);
    auto* memory = new QTimer(this);
    memory->start(kMemoryMs);
    connect(memory, &QTimer::timeout, this, &StatusLine::showMemory);
    connect(&m_soon, &QTimer::timeout, this, &StatusLine::showWork);
    connect(&m_noticeEnds, &QTimer::timeout, m_notice, &QLabel::clear);
    connect(m_cancel, &QPushButton::clicked, this, &StatusLine::cancelWanted);
    showWork();
    showMemory();
}

void StatusLine::setColours(const Colours& colours)
{
    m_colours = colours;
    m_lock->setPixmap(icon(Picture::Lock, colours.secondary, colours.secondary).pixmap(14, 14));
}

void StatusLine::show(const WorkspaceState& state)
{
    const Open* open = state.open();
    m_log->setText(open != nullptr && !open->facts->log.empty() ? logName(open->facts->log.front()) : QString());
    m_masked->setVisible(open != nullptr && open->options.masks != nullptr);
    showFollowing(open);
    if (state.notice && state.notice->number != m_noticeNumber) showNotice(*state.notice);
    const auto work = open != nullptr ? workOf(*open) : std::nullopt;
    if (!work) {
        m_soon.stop();
        m_what.clear();
        m_ticket = 0;
        return showWork();
    }
    if (work->ticket != m_ticket && m_what.isEmpty()) {
        m_since.start();
        m_soon.start();
    }
    m_ticket = work->ticket;
    m_what = work->what;
    m_progress = work->progress;
    if (!m_soon.isActive()) showWork();
}

/// The isolation level of a log of Kafka; and whether what comes is captured.
void StatusLine::showFollowing(const Open* open)
{
    const auto isolation = open != nullptr ? open->facts->isolation : std::nullopt;
    m_isolation->setVisible(isolation.has_value());
    if (isolation) {
        m_isolation->setText(isolationText(*isolation));
        m_isolation->setToolTip(isolationExplained(*isolation));
    }
    const bool waits = open != nullptr && !open->followNote.empty();
    const bool hasEnded = open != nullptr && open->followError.has_value();
    const bool isPart = open != nullptr && isolation && !open->isFilling && !hasEnded && !open->facts->isComplete;
    m_follow->setVisible(waits || hasEnded || isPart);
    QString words = tr("not complete: opening it again goes on");
    if (hasEnded) words = QStringLiteral("⚠ ") + tr("not followed any more");
    if (waits) words = QStringLiteral("⚠ ") + tr("the broker is away: trying again");
    m_follow->setText(words);
    m_follow->setToolTip(waits ? text(open->followNote) : hasEnded ? errorText(*open->followError) : QString());
}

void StatusLine::showWork()
{
    const bool isShown = !m_what.isEmpty();
    for (QWidget* widget :
         {static_cast<QWidget*>(m_work), static_cast<QWidget*>(m_bar), static_cast<QWidget*>(m_cancel)})
        widget->setVisible(isShown);
    if (!isShown) return;
    const QString far = progressText(m_progress, static_cast<double>(m_since.elapsed()) / 1000);
    m_work->setText(far.isEmpty() ? m_what : tr("%1: %2").arg(m_what, far));
    m_bar->setRange(0, m_progress.total == 0 ? 0 : 1000);
    if (m_progress.total > 0) m_bar->setValue(static_cast<int>(1000 * m_progress.done / m_progress.total));
}

void StatusLine::showNotice(const Notice& notice)
{
    m_noticeNumber = notice.number;
    const bool isError = notice.kind == Notice::Kind::Error;
    tell((isError ? QStringLiteral("⚠ ") : QString()) + noticeText(notice), isError ? m_colours.bad : m_colours.text);
}

void StatusLine::say(const QString& words)
{
    tell(words, m_colours.text);
}

void StatusLine::tell(const QString& words, const QColor& ink)
{
    m_notice->setText(words);
    m_notice->setStyleSheet(QStringLiteral("color: %1").arg(ink.name()));
    m_noticeEnds.start();
}

QString StatusLine::message() const
{
    return m_notice->text();
}

void StatusLine::showMemory()
{
    m_memory->setText(bytesText(residentBytes()));
}

} // namespace leftfold::ui
