// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/start_page.h"

#include "ui/error_text.h"
#include "ui/kafka/kafka_texts.h"
#include "ui/texts.h"

#include <QFileInfo>
#include <QLabel>
#include <QListWidget>
#include <QProgressBar>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>

namespace leftfold::ui {

namespace {

constexpr int kColumnWidth = 560;
constexpr int kPadding = 28;

/// A column in the middle of the page.
QWidget* centred(QVBoxLayout* column)
{
    auto* page = new QWidget;
    auto* box = new QWidget;
    box->setObjectName(QStringLiteral("card"));
    box->setFixedWidth(kColumnWidth + 2 * kPadding);
    column->setContentsMargins(kPadding, kPadding, kPadding, kPadding);
    box->setLayout(column);
    auto* outer = new QVBoxLayout(page);
    outer->addStretch(2);
    outer->addWidget(box, 0, Qt::AlignHCenter);
    outer->addStretch(3);
    return page;
}

/// Labels that wrap are as high as their text needs in the column: layouts ask only for their least height.
void setWrapped(QLabel* label, const QString& text)
{
    label->setWordWrap(true);
    label->setText(text);
    label->ensurePolished();
    label->setMinimumHeight(std::max(0, label->heightForWidth(kColumnWidth)));
}

QLabel* heading(const QString& text)
{
    auto* label = new QLabel;
    label->setStyleSheet(QStringLiteral("font-size: 24px; font-weight: bold"));
    setWrapped(label, text);
    return label;
}

QLabel* secondary(const QString& text)
{
    auto* label = new QLabel;
    label->setObjectName(QStringLiteral("secondary"));
    setWrapped(label, text);
    return label;
}

QString nameOf(const workspace::LoadOptions& options)
{
    if (options.log.empty()) return {};
    const QString first = logName(options.log.front());
    return options.log.size() == 1 ? first : StartPage::tr("%1 and %2 more").arg(first).arg(options.log.size() - 1);
}

} // namespace

StartPage::StartPage(QWidget* parent) : QWidget(parent), m_pages(new QStackedWidget)
{
    m_choice = makeChoice();
    m_progress = makeProgress();
    m_failure = makeFailure();
    for (QWidget* page : {m_choice, m_progress, m_failure}) m_pages->addWidget(page);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_pages);
}

QWidget* StartPage::makeChoice()
{
    auto* column = new QVBoxLayout;
    column->setSpacing(12);
    column->addWidget(heading(tr("Open a log")));
    column->addWidget(secondary(tr("JSON lines, CSV, kcat or console-consumer output, plain or compressed; a folder of "
                                   "them; topics of Kafka; or a capture. Nothing is ever written to a log.")));
    auto* buttons = new QHBoxLayout;
    auto* file = new QPushButton(tr("Open file…"));
    file->setDefault(true);
    auto* folder = new QPushButton(tr("Open folder…"));
    auto* sample = new QPushButton(tr("Open the sample"));
    sample->setToolTip(tr("Six weeks of a small tea shop, with five faults in it"));
    auto* kafka = new QPushButton(tr("Connect to Kafka…"));
    for (QPushButton* button : {file, folder, kafka, sample}) {
        button->setMinimumHeight(32);
        buttons->addWidget(button);
    }
    buttons->addStretch(1);
    column->addLayout(buttons);
    column->addWidget(secondary(tr("Or drop a file here.")));
    m_recentTitle = new QLabel(tr("Recent"));
    QFont bold = m_recentTitle->font();
    bold.setBold(true);
    m_recentTitle->setFont(bold);
    column->addSpacing(8);
    column->addWidget(m_recentTitle);
    m_recent = new QListWidget;
    m_recent->setAccessibleName(tr("Recent logs"));
    m_recent->setUniformItemSizes(true);
    m_recent->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    column->addWidget(m_recent);
    connect(file, &QPushButton::clicked, this, &StartPage::openWanted);
    connect(folder, &QPushButton::clicked, this, &StartPage::openFolderWanted);
    connect(sample, &QPushButton::clicked, this, &StartPage::sampleWanted);
    connect(kafka, &QPushButton::clicked, this, &StartPage::connectWanted);
    connect(m_recent, &QListWidget::itemActivated, this,
            [this](const QListWidgetItem* item) { emit logWanted({item->data(Qt::UserRole).toString()}); });
    connect(m_recent, &QListWidget::itemClicked, this,
            [this](const QListWidgetItem* item) { emit logWanted({item->data(Qt::UserRole).toString()}); });
    return centred(column);
}

QWidget* StartPage::makeProgress()
{
    auto* column = new QVBoxLayout;
    column->setSpacing(12);
    m_loadingTitle = heading({});
    m_bar = new QProgressBar;
    m_bar->setTextVisible(false);
    m_bar->setAccessibleName(tr("How far the log is read"));
    m_loadingText = secondary({});
    auto* cancel = new QPushButton(tr("Cancel"));
    column->addWidget(m_loadingTitle);
    column->addWidget(m_bar);
    column->addWidget(m_loadingText);
    column->addWidget(cancel, 0, Qt::AlignLeft);
    connect(cancel, &QPushButton::clicked, this, &StartPage::cancelWanted);
    return centred(column);
}

QWidget* StartPage::makeFailure()
{
    auto* column = new QVBoxLayout;
    column->setSpacing(12);
    m_failureTitle = heading({});
    m_failureText = new QLabel;
    m_failureText->setWordWrap(true);
    m_failureText->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_failureText->setAccessibleName(tr("Why the log could not be opened"));
    auto* buttons = new QHBoxLayout;
    auto* again = new QPushButton(tr("Try again"));
    m_anew = new QPushButton(tr("Capture anew"));
    m_anew->setToolTip(tr("Forgets what was captured of this log, and reads it from its beginning"));
    auto* other = new QPushButton(tr("Choose another log"));
    for (QPushButton* button : {again, m_anew, other}) buttons->addWidget(button);
    buttons->addStretch(1);
    column->addWidget(m_failureTitle);
    column->addWidget(m_failureText);
    column->addLayout(buttons);
    connect(again, &QPushButton::clicked, this, [this] { emit againWanted(false); });
    connect(m_anew, &QPushButton::clicked, this, [this] { emit againWanted(true); });
    connect(other, &QPushButton::clicked, this, &StartPage::closeWanted);
    return centred(column);
}

void StartPage::setRecent(const QStringList& paths)
{
    m_recent->clear();
    for (const QString& path : paths) {
        const QFileInfo file(path);
        const bool isKafka = source::isKafkaAddress(path.toStdString());
        auto* item = new QListWidgetItem(isKafka ? logName(path.toStdString()) + QStringLiteral("   Kafka")
                                                 : QStringLiteral("%1   %2").arg(file.fileName(), file.absolutePath()));
        item->setData(Qt::UserRole, path);
        item->setToolTip(path);
        item->setSizeHint({0, 26});
        m_recent->addItem(item);
    }
    m_recentTitle->setVisible(!paths.isEmpty());
    m_recent->setVisible(!paths.isEmpty());
}

void StartPage::show(const workspace::WorkspaceState& state)
{
    if (const auto* loading = std::get_if<workspace::Loading>(&state.log)) return showProgress(*loading);
    if (const auto* failed = std::get_if<workspace::Failed>(&state.log)) return showFailure(*failed);
    m_pages->setCurrentWidget(m_choice);
}

void StartPage::showProgress(const workspace::Loading& loading)
{
    if (m_pages->currentWidget() != m_progress) m_since.start();
    m_pages->setCurrentWidget(m_progress);
    setWrapped(m_loadingTitle, tr("Reading %1").arg(nameOf(loading.options)));
    const std::uint64_t events = loading.progress.events;
    const source::SourceProgress& source = loading.progress.source;
    const auto amount = [&source](std::uint64_t value) {
        return source.unit == source::SourceProgress::Unit::Bytes ? bytesText(value) : countText(value);
    };
    const std::uint64_t done = source.done;
    const std::uint64_t total = source.total;
    const bool isKnown = total > 0;
    m_bar->setRange(0, isKnown ? 1000 : 0);
    if (isKnown) m_bar->setValue(static_cast<int>(1000.0 * static_cast<double>(done) / static_cast<double>(total)));
    const double seconds = static_cast<double>(m_since.elapsed()) / 1000;
    QString words = tr("%1 events").arg(countText(events));
    if (isKnown) words += tr(" · %1 of %2").arg(amount(done), amount(total));
    if (seconds >= 0.5 && done > 0)
        words += tr(" · %1/s").arg(amount(static_cast<std::uint64_t>(static_cast<double>(done) / seconds)));
    if (!source.note.empty()) words += QStringLiteral(" · ") + QString::fromStdString(source.note);
    m_loadingText->setText(events == 0 && done == 0 ? tr("Looking at the log…") : words);
}

void StartPage::showFailure(const workspace::Failed& failed)
{
    m_pages->setCurrentWidget(m_failure);
    setWrapped(m_failureTitle, tr("%1 could not be opened").arg(nameOf(failed.options)));
    setWrapped(m_failureText, errorText(failed.error));
}

} // namespace leftfold::ui
