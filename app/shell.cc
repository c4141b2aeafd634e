// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell.h"

#include <cerrno>
#include <csignal>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace leftfold::app {

namespace {

/// This program's environment with more variables: a list as exec wants it.
class Environment {
public:
    explicit Environment(const std::map<std::string, std::string>& variables)
    {
        for (char** entry = environ; *entry != nullptr; ++entry) {
            const std::string text = *entry;
            if (!variables.contains(text.substr(0, text.find('=')))) m_texts.push_back(text);
        }
        for (const auto& [name, value] : variables) m_texts.push_back(name + '=' + value);
        for (std::string& text : m_texts) m_list.push_back(text.data());
        m_list.push_back(nullptr);
    }
    [[nodiscard]] char* const* list() { return m_list.data(); }

private:
    std::vector<std::string> m_texts;
    std::vector<char*> m_list;
};

} // namespace

base::Result<int> runShell(const std::string& command, const std::map<std::string, std::string>& variables)
{
    // The signals that this program waits for on a thread of its own are the command's to receive.
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    sigset_t none;
    ::sigemptyset(&none);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    std::string shell = "/bin/sh";
    std::string flag = "-c";
    std::string text = command;
    char* arguments[] = {shell.data(), flag.data(), text.data(), nullptr};
    Environment environment(variables);
    pid_t child = 0;
    const int failed = ::posix_spawn(&child, shell.c_str(), nullptr, &attributes, arguments, environment.list());
    ::posix_spawnattr_destroy(&attributes);
    if (failed != 0) return base::failErrno(shell, failed);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) return base::failErrno(shell, errno);
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

} // namespace leftfold::app
