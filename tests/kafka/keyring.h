// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/app/program.h"

#include <QDir>

/// A desktop's keyring as users have it (gnome-keyring, on a bus of its own), empty and unlocked. Ends with this.
class Keyring {
public:
    Keyring()
    {
        // dbus-daemon, and what it may start, find nothing of this user's.
        m_environment = QProcessEnvironment::systemEnvironment();
        for (const char* name : {"HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"})
            m_environment.insert(QString::fromLatin1(name), m_folder.path());
        m_bus.setProcessEnvironment(m_environment);
        m_bus.start("dbus-daemon",
                    {"--session", "--nofork", "--print-address=1", "--address=unix:path=" + m_folder.filePath("bus")});
        if (!m_bus.waitForReadyRead(Program::kMaxMilliseconds)) give("no bus", m_bus);
        m_environment.insert("DBUS_SESSION_BUS_ADDRESS", QString::fromUtf8(m_bus.readLine()).trimmed());
        m_daemon.setProcessEnvironment(m_environment);
        m_daemon.start("gnome-keyring-daemon",
                       {"--unlock", "--foreground", "--components=secrets", "--control-directory=" + m_folder.path()});
        m_daemon.write("password of the keyring");
        m_daemon.closeWriteChannel();
        if (!m_daemon.waitForReadyRead(Program::kMaxMilliseconds)) give("no keyring", m_daemon);
    }
    ~Keyring()
    {
        for (QProcess* process : {&m_daemon, &m_bus}) {
            process->kill();
            process->waitForFinished();
        }
    }
    Keyring(const Keyring&) = delete;
    Keyring& operator=(const Keyring&) = delete;

    /// The program asks this keyring.
    void serve(Program& program) const
    {
        program.setVariable("DBUS_SESSION_BUS_ADDRESS", m_environment.value("DBUS_SESSION_BUS_ADDRESS"));
    }

private:
    [[noreturn]] static void give(const char* what, QProcess& process)
    {
        throw std::runtime_error(what + (": " + process.readAllStandardError().toStdString())
                                 + process.errorString().toStdString());
    }

    QTemporaryDir m_folder;
    QProcessEnvironment m_environment;
    QProcess m_bus;
    QProcess m_daemon;
};
