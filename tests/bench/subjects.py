# SPDX-License-Identifier: GPL-3.0-or-later
"""The programs that are measured: their command lines, and their results brought to one form.

Rows of a log are `invoice,type,microseconds of at`, in the log's order. Groups are
`invoice,count,sum of quantity,microseconds of the first at,of the last`, sorted."""

import functools
import itertools
import json
import os
import shutil
import subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path

from measure import BenchError, needed, say

FOLDER = Path(__file__).resolve().parent
DUCKDB = "1.5.6-r.1"
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


@functools.lru_cache(maxsize=1 << 16)
def micros(iso):
    return (datetime.fromisoformat(iso) - EPOCH) // timedelta(microseconds=1)


def fresh(path):
    """The path, with nothing there."""
    path = Path(path)
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    return path


def writeLines(path, lines):
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in lines)
    return path


def mustBeEqual(what, left, right):
    """Fails at the first line where two files of rows differ."""
    with open(left, encoding="utf-8") as leftFile, open(right, encoding="utf-8") as rightFile:
        for number, (a, b) in enumerate(itertools.zip_longest(leftFile, rightFile), 1):
            if a != b:
                raise BenchError(f"{what} differ at row {number}: {a!r} in {left}, {b!r} in {right}")
    say(f"{what}: equal ({number:,} rows)")


def rowsOfLog(log, path):
    with open(log, encoding="utf-8") as file:
        events = (json.loads(line) for line in file)
        return writeLines(path, (f"{e['invoice']},{e['type']},{micros(e['at'])}" for e in events))


class Leftfold:
    """The program under test, with a cache folder of its own."""

    def __init__(self, bench, cache="leftfold-cache"):
        self.bench = bench
        self.program = bench.options.leftfold
        self.cache = bench.scratch / cache
        self.env = {**os.environ, "XDG_CACHE_HOME": str(self.cache)}

    def fetch(self, log, capture, *fields):
        """Captures from nothing: neither the capture nor anything in the cache is there before."""
        fresh(capture)
        fresh(self.cache)
        by = [argument for field in fields for argument in ("--by", field)]
        return self.bench.run([self.program, "fetch", log, "-o", capture, *by], env=self.env)

    def ask(self, *arguments, output=None):
        return self.bench.run([self.program, *arguments, "--json"], output=output, env=self.env)

    def rows(self, capture, path):
        output = self.bench.scratch / "log.jsonl"
        self.ask("log", capture, output=output)
        with open(output, encoding="utf-8") as file:
            events = (json.loads(line) for line in file)
            return writeLines(path, (f"{e['value']['invoice']},{e['type']},{micros(e['time'])}" for e in events))

    @staticmethod
    def groups(listing, path):
        """From the output of `ls --fold tally --json`."""
        def group(line):
            entry = json.loads(line, parse_float=str)
            state = entry["state"]
            return (f"{entry['id']},{state['count']},{state['numbers']['/quantity']['sum']},"
                    f"{micros(state['first']['time'])},{micros(state['last']['time'])}")
        with open(listing, encoding="utf-8") as file:
            return writeLines(path, sorted(map(group, file)))

    @staticmethod
    def totals(listing, path):
        """From the output of `ls --json` with a projection that keeps a total."""
        with open(listing, encoding="utf-8") as file:
            entries = map(json.loads, file)
            return writeLines(path, sorted(f"{entry['id']},{float(entry['state']['total'])!r}" for entry in entries))


class Jq:
    name = "jq"
    fetchLimit = 0.1

    def __init__(self, bench):
        self.bench = bench
        self.program = needed("jq", "jq")
        self.output = bench.scratch / "jq.jsonl"

    def described(self):
        version = subprocess.run([self.program, "--version"], capture_output=True, text=True).stdout.strip()
        return f"{version} `-c '[.invoice,.type,.at]'`"

    def readAll(self, log):
        """Its output goes into a file, as a capture does."""
        outcome = self.bench.run([self.program, "-c", "[.invoice,.type,.at]", log], output=self.output)
        return {"seconds": outcome.seconds, "peakKiB": outcome.peakKiB}

    def rows(self, log, path):
        """Of the last run."""
        with open(self.output, encoding="utf-8") as file:
            events = (json.loads(line) for line in file)
            return writeLines(path, (f"{invoice},{kind},{micros(at)}" for invoice, kind, at in events))


class JqTotals:
    """A sum for each invoice. `.[$i] += x` copies the object for every event (minutes, for this log); setpath does not."""

    filter = ("reduce inputs as $e ({}; setpath([$e.invoice]; getpath([$e.invoice]) + $e.quantity * $e.unitPrice))"
              " | to_entries[] | [.key, .value]")

    def __init__(self, bench):
        self.bench = bench
        self.program = needed("jq", "jq")
        self.output = bench.scratch / "jq-totals.jsonl"

    def run(self, log):
        outcome = self.bench.run([self.program, "-cn", self.filter, log], output=self.output)
        return {"seconds": outcome.seconds, "peakKiB": outcome.peakKiB}

    def totals(self, path):
        """Of the last run: `invoice,total`, sorted."""
        with open(self.output, encoding="utf-8") as file:
            return writeLines(path, sorted(f"{invoice},{float(total)!r}" for invoice, total in map(json.loads, file)))


class DuckDb:
    """Through npm's @duckdb/node-api, installed into the folder for tools; timed inside its process."""

    name = "DuckDB"
    fetchLimit = 0.6

    def __init__(self, bench):
        self.bench = bench
        self.node = needed("node", "nodejs")
        self.modules = Path(bench.options.tools) / f"duckdb-{DUCKDB}"
        if not (self.modules / "node_modules" / "@duckdb" / "node-api").is_dir():
            self.modules.mkdir(parents=True, exist_ok=True)
            say(f"installing @duckdb/node-api@{DUCKDB} into {self.modules}")
            subprocess.run([needed("npm", "npm"), "install", "--no-audit", "--no-fund", "--prefix", self.modules,
                            f"@duckdb/node-api@{DUCKDB}"], check=True, stdout=subprocess.DEVNULL)

    def described(self):
        return f"DuckDB (npm @duckdb/node-api {DUCKDB}, 2 threads) CTAS + CHECKPOINT"

    def readAll(self, log):
        return self.run(log, "load")

    def run(self, log, job, rows=None):
        """`load`, `load+group` or `group`; with `rows`, also writes the job's rows there."""
        database = self.bench.scratch / "duckdb.db"
        for file in (database, database.with_name("duckdb.db.wal")):
            fresh(file)
        output = self.bench.scratch / "duckdb.json"
        outcome = self.bench.run([self.node, FOLDER / "duckdb.mjs", self.modules, log, job, database, rows or "-"],
                                 output=output)
        figures = json.loads(output.read_text())
        return {"seconds": figures["seconds"], "processSeconds": outcome.seconds, "peakKiB": outcome.peakKiB}

    def rows(self, log, path):
        self.run(log, "load", path)
        return path

    def groups(self, log, job, path):
        self.run(log, job, path)
        with open(path, encoding="utf-8") as file:
            return writeLines(path, sorted(file.read().splitlines()))
