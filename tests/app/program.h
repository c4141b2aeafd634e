// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QJsonValue>
#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>

#include <unistd.h>

#include <memory>
#include <stdexcept>

/// What a run of the program ended with.
struct Ended {
    int exitCode = -1; ///< -1: it crashed, was killed or could not be started
    QByteArray out;
    QByteArray errors;

    /// The only line of the output, as an object; empty where it is something else.
    [[nodiscard]] QJsonValue json() const { return QJsonDocument::fromJson(out).object(); }
    [[nodiscard]] QByteArrayList lines() const
    {
        QByteArrayList lines = out.split('\n');
        if (!lines.isEmpty() && lines.last().isEmpty()) lines.removeLast();
        return lines;
    }
};

/// The program, with a cache folder of its own and a folder to work in.
class Program {
public:
    static constexpr int kMaxMilliseconds = 120'000;

    Program()
    {
        m_environment.insert("XDG_CACHE_HOME", m_cache.path());
        m_environment.remove("NO_COLOR");
    }

    void setVariable(const QString& name, const QString& value) { m_environment.insert(name, value); }
    [[nodiscard]] QString cachePath() const { return m_cache.path(); }
    [[nodiscard]] QString captureFolder() const { return m_cache.path() + "/leftfold/captures"; }
    [[nodiscard]] QString pathOf(const QString& name) const { return m_folder.filePath(name); }

    /// Started in its folder, the input still open.
    [[nodiscard]] std::unique_ptr<QProcess> started(const QStringList& arguments) const
    {
        auto process = std::make_unique<QProcess>();
        process->setProcessEnvironment(m_environment);
        process->setWorkingDirectory(m_folder.path());
        process->start(LEFTFOLD_BINARY, arguments);
        if (!process->waitForStarted(kMaxMilliseconds)) throw std::runtime_error("the program cannot be started");
        return process;
    }

    /// Waits for the end; a run that lasts too long is killed.
    static Ended ended(QProcess& process)
    {
        if (!process.waitForFinished(kMaxMilliseconds)) {
            process.kill();
            process.waitForFinished(kMaxMilliseconds);
        }
        const bool normal = process.exitStatus() == QProcess::NormalExit;
        return {normal ? process.exitCode() : -1, process.readAllStandardOutput(), process.readAllStandardError()};
    }

    [[nodiscard]] Ended run(const QStringList& arguments, const QByteArray& input = {}) const
    {
        const auto process = started(arguments);
        process->write(input);
        process->closeWriteChannel();
        return ended(*process);
    }

    /// As a user whom permissions bind: root is not, without this.
    [[nodiscard]] Ended runUnprivileged(const QStringList& arguments) const
    {
        QProcess process;
        process.setProcessEnvironment(m_environment);
        process.setWorkingDirectory(m_folder.path());
        if (::geteuid() == 0)
            process.start("setpriv",
                          QStringList{"--bounding-set=-dac_override,-dac_read_search", LEFTFOLD_BINARY} + arguments);
        else
            process.start(LEFTFOLD_BINARY, arguments);
        process.closeWriteChannel();
        return ended(process);
    }

    /// Its output goes to a file.
    [[nodiscard]] Ended runInto(const QString& file, const QStringList& arguments) const
    {
        QProcess process;
        process.setProcessEnvironment(m_environment);
        process.setWorkingDirectory(m_folder.path());
        process.setStandardOutputFile(file);
        process.start(LEFTFOLD_BINARY, arguments);
        process.closeWriteChannel();
        return ended(process);
    }

    /// Writes a file of its folder anew and gives its path.
    QString write(const QString& name, const QByteArray& bytes) const { return put(name, bytes, QIODevice::Truncate); }
    void append(const QString& name, const QByteArray& bytes) const { (void)put(name, bytes, QIODevice::Append); }

private:
    QString put(const QString& name, const QByteArray& bytes, QIODevice::OpenMode mode) const
    {
        QFile file(pathOf(name));
        if (!file.open(QIODevice::WriteOnly | mode) || file.write(bytes) != bytes.size() || !file.flush()) {
            throw std::runtime_error((name + ": " + file.errorString()).toStdString());
        }
        return file.fileName();
    }

    QTemporaryDir m_cache;
    QTemporaryDir m_folder;
    QProcessEnvironment m_environment = QProcessEnvironment::systemEnvironment();
};
