// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/draining.h"
#include "ui/language.h"
#include "ui/window/main_window.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QFileInfo>
#include <QSettings>
#include <QStandardPaths>
#include <cstdio>
#include <cstdlib>
#include <malloc.h>
#include <thread>

namespace {

using namespace leftfold;

/// Installed beside the program, else in the source it was built from.
QString samplePath()
{
    const QString installed = QCoreApplication::applicationDirPath() + "/../share/leftfold/samples/shop.jsonl";
    return QFileInfo::exists(installed) ? QFileInfo(installed).canonicalFilePath()
                                        : QStringLiteral(LEFTFOLD_SOURCE_DIR "/resources/samples/shop.jsonl");
}

/// As for the command line: batches come and go by the megabyte.
void keepFreedMemory()
{
    ::mallopt(M_MMAP_THRESHOLD, 16 << 20);
    ::mallopt(M_TRIM_THRESHOLD, 64 << 20);
}

} // namespace

int main(int argc, char** argv)
{
    keepFreedMemory();
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("leftfold"));
    QApplication::setApplicationDisplayName(QStringLiteral("Leftfold"));
    QApplication::setApplicationVersion(QStringLiteral(LEFTFOLD_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("org.leftfold.Leftfold"));

    ui::WindowOptions options;
    options.settingsFile =
        QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) + "/leftfold/desktop.ini";
    const QString language =
        QSettings(options.settingsFile, QSettings::IniFormat).value(ui::kLanguageSetting).toString();
    ui::speak(application, ui::localeOf(language));

    QCommandLineParser line;
    line.setApplicationDescription(
        QApplication::translate("main", "Explore an event log and replay it to any point in time."));
    line.addHelpOption();
    line.addVersionOption();
    line.addPositionalArgument(
        QStringLiteral("LOG"),
        QApplication::translate(
            "main", "a log, a folder of logs, a capture or kafka://BROKERS/TOPIC; several files are one log"),
        QStringLiteral("[LOG...]"));
    line.process(application);

    options.samplePath = samplePath();
    options.runner.version = LEFTFOLD_VERSION;
    options.runner.workers = std::max(1U, std::thread::hardware_concurrency());
    int code = 0;
    {
        ui::MainWindow window(options);
        window.show();
        window.openPaths(line.positionalArguments());
        code = QApplication::exec();
    }
    // Everything of ours is written and closed; what a library still does ends with the process.
    if (source::Draining::left() > 0) std::_Exit(code);
    return code;
}
