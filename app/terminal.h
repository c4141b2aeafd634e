// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

namespace leftfold::app {

/// What the program returns (semantics.md section 8).
enum ExitCode { Ok = 0, Found = 1, Usage = 2, Failed = 3 };

/// When to colour.
enum class Colour { Auto, Always, Never };

/// Standard output, buffered. A write that fails is remembered and told at the end.
class Output {
public:
    explicit Output(Colour colour);
    void write(std::string_view text);
    void line(std::string_view text);
    /// `text` in a colour, if there are colours: an ANSI colour number, 1 is bold.
    [[nodiscard]] std::string in(int ansi, std::string_view text) const;
    [[nodiscard]] bool isTerminal() const { return m_terminal; }
    /// Columns of the terminal; 0 where there is none.
    [[nodiscard]] std::size_t width() const { return m_width; }
    /// Fails where anything could not be written.
    [[nodiscard]] base::Result<void> flush();

private:
    std::string m_buffer;
    bool m_terminal;
    bool m_colours;
    std::size_t m_width = 0;
    int m_errno = 0;
};

/// One line on standard error that says how far long work is; nothing at all unless that is a terminal.
class ProgressLine {
public:
    /// `what` names the work; `unit` what is counted, "MB" for bytes.
    ProgressLine(std::string what, bool inBytes);
    ~ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;
    /// `total` 0: not known. `events` is shown beside it, if not 0; `note` says what it waits for.
    void show(std::uint64_t done, std::uint64_t total, std::uint64_t events, std::string_view note = {});
    /// Removes the line.
    void clear();

private:
    std::string m_what;
    bool m_inBytes;
    bool m_enabled;
    bool m_shown = false;
    std::chrono::steady_clock::time_point m_start;
    std::chrono::steady_clock::time_point m_last;
};

/// Ctrl-C and a polite kill as a stop: the first asks, the second ends at once. To be made before any other thread.
class StopOnSignal {
public:
    StopOnSignal();
    ~StopOnSignal();
    [[nodiscard]] std::stop_token token() const { return m_source.get_token(); }

private:
    std::stop_source m_source;
    std::jthread m_thread;
};

/// One line on standard error: "leftfold: ...".
void complain(std::string_view text);
void complain(const base::Error& error);

} // namespace leftfold::app
