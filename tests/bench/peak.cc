// SPDX-License-Identifier: GPL-3.0-or-later
// bench_peak REPORT COMMAND [ARGUMENT]...: runs the command and writes {"seconds":..,"peakKiB":..,"exit":..}
// to the file REPORT. A small program on purpose: a child inherits the peak memory of the process
// that starts it, so a Python harness would measure itself.
#include <chrono>
#include <cstdio>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

int exitCodeOf(int status)
{
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool writeReport(const char* file, double seconds, long peakKiB, int exitCode)
{
    std::FILE* report = std::fopen(file, "w");
    if (report == nullptr) {
        return false;
    }
    std::fprintf(report, "{\"seconds\":%.6f,\"peakKiB\":%ld,\"exit\":%d}\n", seconds, peakKiB, exitCode);
    return std::fclose(report) == 0;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 3) {
        std::fputs("usage: bench_peak REPORT COMMAND [ARGUMENT]...\n", stderr);
        return 2;
    }
    const auto begin = std::chrono::steady_clock::now();
    const pid_t child = fork();
    if (child == 0) {
        execvp(argv[2], argv + 2);
        std::perror(argv[2]);
        _exit(127);
    }
    int status = 0;
    rusage usage{};
    if (child < 0 || wait4(child, &status, 0, &usage) != child) {
        std::perror("bench_peak");
        return 3;
    }
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    return writeReport(argv[1], seconds.count(), usage.ru_maxrss, exitCodeOf(status)) ? 0 : 3;
}
