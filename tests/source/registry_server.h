// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QProcess>
#include <QString>
#include <QStringList>
#include <QTest>

#include <csignal>
#include <sys/prctl.h>
#include <unistd.h>

namespace leftfold::test {

/// tests/source/registry_server.py, as long as this lives.
class RegistryServer {
public:
    /// `schemas` as the script takes them; `tls` a certificate and its key.
    explicit RegistryServer(const QByteArray& schemas, const QStringList& tls = {}) : m_isSecure(!tls.isEmpty())
    {
        m_process.setChildProcessModifier([parent = ::getpid()] {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            if (::getppid() != parent) ::_exit(1);
        });
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.start("python3",
                        QStringList{LEFTFOLD_SOURCE_DIR "/tests/source/registry_server.py", QString::fromUtf8(schemas)}
                            + tls);
        if (m_process.waitForReadyRead(60'000)) m_port = m_process.readLine().trimmed();
    }
    ~RegistryServer() { stop(); }
    RegistryServer(const RegistryServer&) = delete;
    RegistryServer& operator=(const RegistryServer&) = delete;

    void stop()
    {
        if (m_process.state() == QProcess::NotRunning) return;
        m_process.closeWriteChannel();
        if (!m_process.waitForFinished(20'000)) m_process.kill();
        m_process.waitForFinished(5'000);
    }

    [[nodiscard]] bool isUp() const { return !m_port.isEmpty(); }
    /// `kind` is a way to answer: "ok", "unauthorized", ...
    [[nodiscard]] std::string url(const std::string& kind) const
    {
        return (m_isSecure ? "https://localhost:" : "http://127.0.0.1:") + m_port.toStdString() + "/" + kind;
    }

private:
    bool m_isSecure;
    QProcess m_process;
    QByteArray m_port;
};

} // namespace leftfold::test
