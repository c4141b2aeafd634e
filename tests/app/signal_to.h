// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>

#include <sys/types.h>

#include <csignal>

/// Signals a process that runs. Of one that has ended Qt says 0, and kill(0) would reach this program's whole
/// group: the test run itself.
[[nodiscard]] inline bool signalTo(const QProcess& process, int signal)
{
    const auto id = static_cast<pid_t>(process.processId());
    return id > 0 && ::kill(id, signal) == 0;
}
