// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/workspace_files.h"

#include "ui/error_text.h"
#include "ui/store.h"
#include "ui/texts.h"
#include "ui/window/recent_logs.h"

#include <QFileInfo>
#include <QMessageBox>
#include <QTextDocument>
#include <algorithm>

namespace leftfold::ui {

using namespace workspace;

namespace {

constexpr std::size_t kMostNamed = 10;

QString listOf(const std::vector<std::string>& names, std::size_t most)
{
    QStringList lines;
    for (std::size_t i = 0; i < std::min(most, names.size()); ++i) lines.append(ui::text(names[i]));
    if (names.size() > most) lines.append(QStringLiteral("…"));
    return lines.join(QLatin1Char('\n'));
}

/// Both masks: the file's may add to the window's, never take away.
std::shared_ptr<const snapshot::Masks> joined(const std::shared_ptr<const snapshot::Masks>& own,
                                              const snapshot::Masks& files)
{
    if (files.isEmpty()) return own;
    std::vector<snapshot::MaskRule> rules = files.rules();
    if (own) rules.insert(rules.end(), own->rules().begin(), own->rules().end());
    return std::make_shared<const snapshot::Masks>(std::move(rules));
}

} // namespace

WorkspaceFiles::WorkspaceFiles(Store* store, std::function<void(LoadOptions&)> completed, QWidget* window)
    : QObject(window),
      m_store(store),
      m_completed(std::move(completed)),
      m_window(window)
{
    connect(store, &Store::changed, this, &WorkspaceFiles::showState);
}

void WorkspaceFiles::say(const base::Error& error)
{
    say(errorText(error));
}

void WorkspaceFiles::say(const QString& words)
{
    QMessageBox box(QMessageBox::Warning, tr("Workspace"), Qt::convertFromPlainText(words), QMessageBox::Ok, m_window);
    box.exec();
}

/// What somebody else made may name files of this machine and clusters of this network.
bool WorkspaceFiles::mayReachOutside(const WorkspaceFile& file, const QString& path)
{
    const auto outside = outsideOf(file, path.toStdString());
    if (outside.empty()) return true;
    QMessageBox question(
        QMessageBox::Question, tr("Workspace"),
        Qt::convertFromPlainText(
            tr("%1 names what does not lie in its folder. Open these, too?").arg(QFileInfo(path).fileName())),
        QMessageBox::Open | QMessageBox::Cancel, m_window);
    // Names may look like marks of rich text, and hide others; all of them are there to be read.
    question.setInformativeText(Qt::convertFromPlainText(listOf(outside, kMostNamed)));
    if (outside.size() > kMostNamed) question.setDetailedText(listOf(outside, outside.size()));
    question.setDefaultButton(QMessageBox::Cancel);
    return question.exec() == QMessageBox::Open;
}

bool WorkspaceFiles::open(const QString& path)
{
    auto file = readWorkspace(path.toStdString());
    if (!file) return say(file.error()), false;
    if (!mayReachOutside(*file, path)) return false;
    auto options = loadOptionsOf(*file);
    if (!options) return say(options.error()), false;
    auto masks = masksOf(*file);
    if (!masks) return say(masks.error()), false;
    m_masks = std::move(*masks);
    m_completed(*options);
    m_path = path;
    m_file = std::move(*file);
    m_isToBeDone = true;
    m_store->act(OpenLog{std::move(*options)});
    return true;
}

void WorkspaceFiles::showState()
{
    const Open* open = m_store->open();
    if (std::holds_alternative<Idle>(m_store->state().log)) leave();
    // Tried again, the log is opened without what was set in it.
    if (std::holds_alternative<Failed>(m_store->state().log)) m_isToBeDone = !m_path.isEmpty();
    // Moments are only known once all is there.
    if (open == nullptr || open->isFilling || !std::exchange(m_isToBeDone, false)) return;
    // Not while others are being told of this state.
    QMetaObject::invokeMethod(
        this,
        [this] {
            for (const Action& action : actionsOf(m_file)) m_store->act(action);
        },
        Qt::QueuedConnection);
}

void WorkspaceFiles::leave()
{
    m_path.clear();
    m_masks = {};
    m_isToBeDone = false;
}

std::shared_ptr<const snapshot::Masks> WorkspaceFiles::joinedMasks(
    const std::shared_ptr<const snapshot::Masks>& own) const
{
    return joined(own, m_masks);
}

void WorkspaceFiles::save(bool asNew)
{
    const Open* open = m_store->open();
    if (open == nullptr) return;
    // What it says of the log is not there yet: it would be written without.
    if (m_isToBeDone) return say(tr("The log is still being read. The workspace can be saved when it is all there."));
    QString path = m_path;
    if (path.isEmpty() || asNew) {
        path = askWhereToSave(m_window, tr("Save the workspace"), path,
                              tr("Workspaces (%1)").arg(QStringLiteral("*.leftfold")), QStringLiteral("leftfold"));
        if (path.isEmpty()) return;
    }
    auto saved = workspaceOf(*open, m_path.isEmpty() ? WorkspaceFile() : m_file);
    if (!saved) return say(saved.error());
    const auto written = writeWorkspace(saved->file, path.toStdString());
    if (!written) return say(written.error());
    m_path = path;
    m_file = std::move(saved->file);
    emit told(saved->leftOut.empty() ? tr("Saved as %1").arg(path)
                                     : tr("Saved as %1, without the files of schemas: the capture has them").arg(path));
}

} // namespace leftfold::ui
