// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>

#include <stdexcept>

/// Runs a program to its end and gives its standard output. Throws where it cannot be started, crashes,
/// or ends with an exit code other than 0, with what it said.
inline QByteArray outputOf(const QString& program, const QStringList& arguments, const QByteArray& input = {},
                           const QProcessEnvironment& environment = QProcessEnvironment::systemEnvironment())
{
    constexpr int kMaxMilliseconds = 300'000;
    QProcess process;
    process.setProcessEnvironment(environment);
    process.start(program, arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(kMaxMilliseconds) || process.exitStatus() != QProcess::NormalExit
        || process.exitCode() != 0) {
        throw std::runtime_error((program + " " + arguments.join(" ") + ": " + process.errorString() + ", exit code "
                                  + QString::number(process.exitCode()) + ": ")
                                     .toStdString()
                                 + process.readAllStandardError().toStdString());
    }
    return process.readAllStandardOutput();
}

/// The program under test, with a cache folder of its own.
class LeftfoldProgram {
public:
    LeftfoldProgram() { m_environment.insert("XDG_CACHE_HOME", m_cache.path()); }

    QByteArray run(const QStringList& arguments) const
    {
        return outputOf(LEFTFOLD_BINARY, arguments, {}, m_environment);
    }

private:
    QTemporaryDir m_cache;
    QProcessEnvironment m_environment = QProcessEnvironment::systemEnvironment();
};
