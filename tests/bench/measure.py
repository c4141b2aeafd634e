# SPDX-License-Identifier: GPL-3.0-or-later
"""Samples, medians and the table: what every benchmark here is made of."""

import ctypes
import json
import mmap
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path


class BenchError(Exception):
    """The benchmark could not run, or two programs disagree about a result."""


@dataclass
class Outcome:
    """One process that ran to its end."""

    seconds: float
    peakKiB: int
    output: str


@dataclass
class Row:
    """One line of the table. `holds` is None where no limit is set."""

    what: str
    figure: str
    limit: str = ""
    ratio: float | None = None
    holds: bool | None = None


class Bench:
    """One run of the harness: where files go, and every sample taken."""

    def __init__(self, options):
        self.options = options
        self.results = Path(options.results)
        self.scratch = Path(options.scratch)
        self.results.mkdir(parents=True, exist_ok=True)
        self.scratch.mkdir(parents=True, exist_ok=True)
        self._samples = open(self.results / "samples.jsonl", "a", encoding="utf-8")
        self.rows = []

    def sample(self, bench, subject, run, **figures):
        """Keeps one raw sample; gives it back."""
        entry = {"bench": bench, "subject": subject, "run": run, **figures}
        self._samples.write(json.dumps(entry) + "\n")
        self._samples.flush()
        return entry

    def program(self, name):
        """A program of this folder's targets, in the build that the leftfold under test is from."""
        build = Path(self.options.leftfold).resolve().parent.parent
        folder = Path(self.options.programs or build / "tests" / "bench")
        if not (folder / name).is_file():
            raise BenchError(f"no program {name} in {folder}: build it, or name its folder by --programs")
        return str(folder / name)

    def run(self, command, output=None, env=None, exits=(0,)):
        """Runs a command in a process of its own. `output`: a file for its standard output."""
        report = self.scratch / "peak.json"
        os.sync()
        with open(output, "wb") if output else open(os.devnull, "wb") as out:
            done = subprocess.run([self.program("bench_peak"), report, *map(str, command)],
                                  stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.PIPE, env=env)
        if done.returncode != 0:
            raise BenchError(f"cannot run {command[0]}: {done.stderr.decode(errors='replace').strip()}")
        figures = json.loads(report.read_text())
        if figures["exit"] not in exits:
            raise BenchError(f"exit code {figures['exit']} of {' '.join(map(str, command))}: "
                             f"{done.stderr.decode(errors='replace').strip()[-2000:]}")
        return Outcome(figures["seconds"], figures["peakKiB"], str(output) if output else "")

    def linesOf(self, command, env=None):
        """The samples that a C++ benchmark prints, one JSON object a line."""
        output = self.scratch / "lines.jsonl"
        self.run(command, output=output, env=env)
        return [json.loads(line) for line in output.read_text().splitlines()]

    def alternate(self, bench, subjects, runs=None):
        """A B A B: each subject is a function from the run's number to figures with `seconds`.

        Gives the samples by subject. The first round warms the page cache and is not kept."""
        kept = {name: [] for name in subjects}
        for number in range(-1, runs or self.options.runs):
            for name, subject in subjects.items():
                figures = subject(number)
                if number >= 0:
                    kept[name].append(self.sample(bench, name, number, **figures))
                    say(f"{bench}: {name}: run {number + 1}: {figures['seconds']:.3f} s")
        return kept

    def row(self, *args, **kwargs):
        self.rows.append(Row(*args, **kwargs))

    def compare(self, what, figure, other, factor, unit="s", against="", addend=0.0, addendName="", gate=True):
        """Adds the row `figure <= factor * other + addend`; without `gate` it is an aim, not a limit."""
        holds = figure <= factor * other + addend
        text = f"at most {factor:g} of {against} ({shown(other, unit)})"
        if addendName:
            text += f" and {addendName} ({shown(addend, unit)})"
        self.row(what, shown(figure, unit), ("" if gate else "aim: ") + text, figure / other if other else None,
                 holds if gate else None)


def say(text):
    print(text, file=sys.stderr, flush=True)


def shown(value, unit):
    """A figure for people: three digits or so."""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 3
    return f"{value:,.{digits}f} {unit}"


def median(samples, name="seconds"):
    return statistics.median(sample[name] for sample in samples if name in sample)


def filesBelow(*paths):
    """Every file that these files and folders are or hold."""
    for path in map(Path, paths):
        if path.is_dir():
            yield from (file for file in sorted(path.rglob("*")) if file.is_file())
        elif path.is_file():
            yield path


def residentBytes(file):
    """How much of a file the page cache holds."""
    size = os.path.getsize(file)
    if size == 0:
        return 0
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mincore.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p]
    with open(file, "r+b") as handle, mmap.mmap(handle.fileno(), size, mmap.MAP_SHARED) as mapped:
        pages = ctypes.create_string_buffer((size + mmap.PAGESIZE - 1) // mmap.PAGESIZE)
        first = ctypes.c_char.from_buffer(mapped)
        failed = libc.mincore(ctypes.addressof(first), size, pages)
        del first
        if failed:
            raise BenchError(f"mincore of {file}: {os.strerror(ctypes.get_errno())}")
    return sum(page & 1 for page in pages.raw) * mmap.PAGESIZE


def dropFromPageCache(*paths):
    """Drops files from the page cache, and makes sure that they left it."""
    for file in filesBelow(*paths):
        with open(file, "rb") as handle:
            os.fsync(handle.fileno())
            os.posix_fadvise(handle.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        left = residentBytes(file)
        if left > 0.01 * os.path.getsize(file) + mmap.PAGESIZE:
            raise BenchError(f"{left} bytes of {file} stay in the page cache: a cold run is not possible here")


def readingSeconds(*paths):
    """How long it takes to read files once, from the page cache if they are in it."""
    begin = time.perf_counter()
    for file in filesBelow(*paths):
        with open(file, "rb", buffering=0) as handle:
            while handle.read(1 << 20):
                pass
    return time.perf_counter() - begin


def machine():
    """What the figures were taken on."""
    names = [line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
             if line.startswith("model name")]
    memory = Path("/proc/meminfo").read_text().split("\n", 1)[0].split(":")[1].strip()
    return {"cpu": names[0] if names else platform.machine(), "cores": os.cpu_count(), "memory": memory,
            "system": platform.platform(), "load": os.getloadavg()[0],
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}


def needed(program, package):
    """The path of a program that must be there."""
    found = shutil.which(program)
    if not found:
        raise BenchError(f"{program} is missing (Debian: apt-get install {package})")
    return found


def table(rows):
    """The summary as Markdown."""
    verdict = {True: "pass", False: "**fail**", None: ""}
    lines = ["| what | figure | limit | ratio | |", "| --- | ---: | --- | ---: | --- |"]
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        lines.append(f"| {row.what} | {row.figure} | {row.limit} | {ratio} | {verdict[row.holds]} |")
    return "\n".join(lines)
