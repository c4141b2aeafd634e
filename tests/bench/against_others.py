# SPDX-License-Identifier: GPL-3.0-or-later
"""Capturing and folding one log, against the programs that people use for it today."""

import json

from generated import FIELD
from measure import BenchError, median, shown
from subjects import DuckDb, Jq, Leftfold, mustBeEqual, rowsOfLog

#: Of the rate of a bare simdjson DOM parse on as many threads.
LEAST_FOLD_RATES = {"tally": 0.4, "latest": 1.0}
THREADS = 2


def figuresOf(outcome):
    return {"seconds": outcome.seconds, "peakKiB": outcome.peakKiB}


def fetch(bench):
    """`leftfold fetch` against jq reading three members of each line, and DuckDB loading the log."""
    log, capture = bench.options.log, bench.scratch / "fetch.lflog"
    leftfold = Leftfold(bench)
    others = [kind(bench) for name, kind in (("jq", Jq), ("duckdb", DuckDb)) if name in bench.options.against]
    subjects = {"leftfold fetch": lambda run: figuresOf(leftfold.fetch(log, capture))}
    for other in others:
        subjects[other.name] = lambda run, other=other: other.readAll(log)
    samples = bench.alternate("fetch", subjects)
    rows = leftfold.rows(capture, bench.scratch / "rows-leftfold.csv")
    mustBeEqual("rows of leftfold and of the log itself", rows, rowsOfLog(log, bench.scratch / "rows-log.csv"))
    for other in others:
        mustBeEqual(f"rows of leftfold and {other.name}", rows, other.rows(log, bench.scratch / f"rows-{other.name}.csv"))
        bench.compare("`leftfold fetch`", median(samples["leftfold fetch"]), median(samples[other.name]), other.fetchLimit,
                      against=other.described())


def fetchAndTally(bench):
    """Capturing and tallying all invoices, against DuckDB's load and GROUP BY."""
    log, capture, listing = bench.options.log, bench.scratch / "tally.lflog", bench.scratch / "tally.jsonl"
    leftfold, duckdb = Leftfold(bench), DuckDb(bench)

    def fetchThenList(run):
        first = leftfold.fetch(log, capture, FIELD)
        second = leftfold.ask("ls", capture, "--at", "@end", "--by", FIELD, "--fold", "tally", output=listing)
        return {"seconds": first.seconds + second.seconds, "fetchSeconds": first.seconds, "lsSeconds": second.seconds}

    samples = bench.alternate("fetch+tally", {
        "leftfold fetch, ls": fetchThenList,
        "duckdb load+group": lambda run: duckdb.run(log, "load+group"),
        "duckdb group": lambda run: duckdb.run(log, "group")})
    groups = Leftfold.groups(listing, bench.scratch / "groups-leftfold.csv")
    for job in ("load+group", "group"):
        mustBeEqual(f"groups of leftfold and DuckDB ({job})", groups,
                    duckdb.groups(log, job, bench.scratch / "groups-duckdb.csv"))
    ours = median(samples["leftfold fetch, ls"])
    what = "`leftfold fetch --by /invoice` and `leftfold ls --fold tally`"
    bench.compare(what, ours, median(samples["duckdb load+group"]), 1.0, against="DuckDB: CTAS + CHECKPOINT + GROUP BY")
    bench.compare(what, ours, median(samples["duckdb group"]), 1.0, against="DuckDB: GROUP BY over read_json", gate=False)


def fold(bench):
    """Folding alone, against a bare simdjson DOM parse of the same payloads on the same threads."""
    lines = bench.linesOf([bench.program("fold_bench"), bench.options.log, FIELD, THREADS, bench.options.runs])
    seconds = {}
    for line in lines[:-1]:
        bench.sample("fold", line["what"], line["run"], seconds=line["seconds"])
        seconds.setdefault(line["what"], []).append(line)
    events, states = lines[-1]["events"], lines[-1]["states"]
    expected = rowsAndIdsOf(bench.options.log)
    if (events, states) != expected:
        raise BenchError(f"fold_bench folded {events} events into {states} states; the log has {expected}")
    parse = median(seconds["simdjson"])
    for name, least in LEAST_FOLD_RATES.items():
        own = median(seconds[name])
        bench.row(f"folding alone, `{name}`", shown(events / own / 1e6, "M events/s"),
                  f"at least {least:g} of a bare simdjson DOM parse ({shown(events / parse / 1e6, 'M/s')}), {THREADS} threads",
                  parse / own, parse / own >= least)


def rowsAndIdsOf(log):
    with open(log, encoding="utf-8") as file:
        ids = [json.loads(line)[FIELD[1:]] for line in file]
    return len(ids), len(set(ids))
