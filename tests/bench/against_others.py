# SPDX-License-Identifier: GPL-3.0-or-later
"""Capturing and folding one log, against the programs that people use for it today."""

import json

from generated import FIELD
from measure import BenchError, median, shown
from subjects import DuckDb, Jq, JqTotals, Leftfold, mustBeEqual, rowsOfLog

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


TOTALS = """({ by: e => e.body.invoice, init: () => ({ total: 0 }),
   apply: (state, e) => { state.total += e.body.quantity * e.body.unitPrice; return state } })
"""


def script(bench):
    """The totals of all invoices by a projection in JavaScript, against the same reduction in jq."""
    log, capture, listing = bench.options.log, bench.scratch / "script.lflog", bench.scratch / "script.jsonl"
    projection = bench.scratch / "totals.js"
    projection.write_text(TOTALS)
    leftfold, jq = Leftfold(bench), JqTotals(bench)

    def totals(run):
        fetched = leftfold.fetch(log, capture)
        first, again = (leftfold.ask("ls", capture, "--at", "@end", "--fold", projection, output=listing) for _ in range(2))
        return {"seconds": again.seconds, "allSeconds": fetched.seconds + first.seconds, "peakKiB": again.peakKiB}

    samples = bench.alternate("script", {"leftfold ls": totals, "jq": lambda run: jq.run(log)})
    mustBeEqual("totals of leftfold and jq", Leftfold.totals(listing, bench.scratch / "totals-leftfold.csv"),
                jq.totals(bench.scratch / "totals-jq.csv"))
    ours, theirs = samples["leftfold ls"], median(samples["jq"])
    against = "`jq -n 'reduce inputs ... setpath'`"
    bench.compare("totals of all invoices in JavaScript, of a capture", median(ours), theirs, 0.25, against=against)
    bench.compare("with capturing the log and asking for the aggregates' ids", median(ours, "allSeconds"), theirs, 0.25,
                  against=against, gate=False)


def rowsAndIdsOf(log):
    with open(log, encoding="utf-8") as file:
        ids = [json.loads(line)[FIELD[1:]] for line in file]
    return len(ids), len(set(ids))
