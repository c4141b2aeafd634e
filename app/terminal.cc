// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/terminal.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace leftfold::app {

namespace {

constexpr std::size_t kBufferBytes = std::size_t{1} << 18;
constexpr auto kBetweenProgress = std::chrono::milliseconds(100);

std::size_t terminalWidth()
{
    winsize size{};
    return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

sigset_t stopSignals()
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGUSR1); // ours: the program ends by itself
    return signals;
}

std::string amount(std::uint64_t count, bool inBytes)
{
    return inBytes ? fmt::format("{:.1f} MB", static_cast<double>(count) / 1e6) : fmt::format("{}", count);
}

std::string remaining(double seconds)
{
    if (seconds < 90) return fmt::format("{:.0f} s left", seconds);
    return fmt::format("{:.0f} min left", seconds / 60);
}

} // namespace

Output::Output(Colour colour) : m_terminal(::isatty(STDOUT_FILENO) == 1)
{
    const char* noColour = std::getenv("NO_COLOR");
    m_colours = colour == Colour::Always || (colour == Colour::Auto && m_terminal && !(noColour && *noColour));
    if (m_terminal) m_width = terminalWidth();
}

void Output::write(std::string_view text)
{
    m_buffer += text;
    if (m_buffer.size() >= kBufferBytes) (void)flush();
}

void Output::line(std::string_view text)
{
    write(text);
    write("\n");
}

std::string Output::in(int ansi, std::string_view text) const
{
    return m_colours ? fmt::format("\x1b[{}m{}\x1b[0m", ansi, text) : std::string(text);
}

base::Result<void> Output::flush()
{
    std::string_view left = m_buffer;
    while (!left.empty() && m_errno == 0) {
        const ssize_t written = ::write(STDOUT_FILENO, left.data(), left.size());
        if (written > 0) left.remove_prefix(static_cast<std::size_t>(written));
        if (written < 0 && errno != EINTR) m_errno = errno;
    }
    m_buffer.clear();
    if (m_errno != 0) return base::failErrno("standard output", m_errno);
    return {};
}

ProgressLine::ProgressLine(std::string what, bool inBytes)
    : m_what(std::move(what)),
      m_inBytes(inBytes),
      m_enabled(::isatty(STDERR_FILENO) == 1),
      m_start(std::chrono::steady_clock::now()),
      m_last(m_start)
{}

ProgressLine::~ProgressLine()
{
    clear();
}

void ProgressLine::show(std::uint64_t done, std::uint64_t total, std::uint64_t events, std::string_view note)
{
    const auto now = std::chrono::steady_clock::now();
    if (!m_enabled || now - m_last < kBetweenProgress) return;
    m_last = now;
    const double seconds = std::chrono::duration<double>(now - m_start).count();
    const double rate = static_cast<double>(done) / seconds;
    std::string text = fmt::format("{}: {}", m_what, amount(done, m_inBytes));
    if (total > 0) text += fmt::format(" of {}", amount(total, m_inBytes));
    if (events > 0) text += fmt::format(", {} events", events);
    text += fmt::format(", {}/s", amount(static_cast<std::uint64_t>(rate), m_inBytes));
    if (total > done && rate > 0) text += ", " + remaining(static_cast<double>(total - done) / rate);
    if (!note.empty()) text += fmt::format(" ({})", note);
    fmt::print(stderr, "\r\x1b[K{}", text);
    std::fflush(stderr);
    m_shown = true;
}

void ProgressLine::clear()
{
    if (m_shown) fmt::print(stderr, "\r\x1b[K");
    m_shown = false;
}

StopOnSignal::StopOnSignal()
{
    const sigset_t signals = stopSignals();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    m_thread = std::jthread([this] {
        const sigset_t awaited = stopSignals();
        for (;;) {
            int signal = 0;
            if (sigwait(&awaited, &signal) != 0 || signal == SIGUSR1) return;
            if (m_source.stop_requested()) ::_exit(Failed);
            m_source.request_stop();
        }
    });
}

StopOnSignal::~StopOnSignal()
{
    pthread_kill(m_thread.native_handle(), SIGUSR1);
}

void complain(std::string_view text)
{
    fmt::print(stderr, "leftfold: {}\n", text);
}

void complain(const base::Error& error)
{
    complain(base::render(error));
}

} // namespace leftfold::app
