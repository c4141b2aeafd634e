# SPDX-License-Identifier: GPL-3.0-or-later
"""How Leftfold's own cost grows with the log: seeking, opening, memory."""

import json
import random

from against_others import figuresOf
from generated import FIELD, GeneratedLog, formulaBytes, invoiceOf
from measure import BenchError, median, readingSeconds, say, shown
from subjects import fresh

SMALL, SEEK_LARGE, OPEN_LARGE = 500_000, 5_000_000, 10_000_000
MIB = 1 << 20


# --- seek ------------------------------------------------------------------------------------------

def seek(bench):
    """One aggregate's state at a random moment: the same cost in a log ten times as long."""
    logs = [GeneratedLog(bench, events).captured() for events in (SMALL, SEEK_LARGE)]
    for ids in ("keys", "events"):
        samples = {log.events: [] for log in logs}
        for run in range(bench.options.runs):
            for log in logs:
                samples[log.events] += seekSamples(bench, log, ids, run)
        addSeekRows(bench, ids, samples)
    for ids in ("keys", "events"):
        seekByCommand(bench, logs, ids)


def seekSamples(bench, log, ids, run):
    """Engine-internal: seek_bench asks each id cold, then again, then steps to and fro."""
    log.drop()
    samples = bench.linesOf([bench.program("seek_bench"), log.capture, "--by", FIELD, "--ids", ids,
                             "--samples", bench.options.seek_samples, "--seed", bench.options.seed + run], log.leftfold.env)
    return [bench.sample(f"seek, ids from {ids}", f"{log.events} events", run, **sample) for sample in samples]


def addSeekRows(bench, ids, samples):
    for name, what in (("warmMicros", "warm"), ("coldMicros", "cold")):
        bench.compare(f"one aggregate's state, {what}, ids from {ids}, {SEEK_LARGE:,} events",
                      median(samples[SEEK_LARGE], name), median(samples[SMALL], name), 1.3, "us", f"that at {SMALL:,}")
    for events, taken in samples.items():
        bench.compare(f"step back, ids from {ids}, {events:,} events", median(taken, "stepBackMicros"),
                      median(taken, "stepForwardMicros"), 1.5, "us", "step forward")


def seekByCommand(bench, logs, ids):
    """As a person has it: `leftfold show` in a fresh process, with nothing of the capture in the page cache."""
    questions = {log.events: drawQuestions(bench, log, ids) for log in logs}
    samples = {log.events: [] for log in logs}
    for run in range(bench.options.cold_samples):
        for log in logs:
            samples[log.events].append(coldShow(bench, log, questions[log.events][run], ids, run))
    for log in logs:
        statesMustBeRight(log, questions[log.events], samples[log.events])
    bench.compare(f"`leftfold show ID --at #n`, cold, ids from {ids}, {SEEK_LARGE:,} events",
                  1e3 * median(samples[SEEK_LARGE]), 1e3 * median(samples[SMALL]), 1.3, "ms", f"that at {SMALL:,}")


def drawQuestions(bench, log, ids):
    """Ids, and event indexes to ask for them at."""
    draw = random.Random(f"{bench.options.seed} {ids}")
    counts = log.invoices()
    names = sorted(counts)
    weights = [counts[name] for name in names] if ids == "events" else None
    chosen = draw.choices(names, weights, k=bench.options.cold_samples)
    return [(name, draw.randrange(log.events)) for name in chosen]


def coldShow(bench, log, question, ids, run):
    name, index = question
    log.drop()
    output = fresh(bench.scratch / "show.json")
    outcome = bench.run([log.leftfold.program, "show", log.capture, name, "--at", f"#{index}",
                         "--by", FIELD, "--fold", "tally", "--json"],
                        output=output, env=log.leftfold.env, exits=(0, 1))
    sample = bench.sample(f"seek by command, ids from {ids}", f"{log.events} events", run, id=name, at=index, **figuresOf(outcome))
    return {**sample, "state": stateIn(output.read_text())}


def stateIn(text):
    """The state in the answer of `show`; None where the aggregate is not there yet."""
    return json.loads(text, parse_float=str).get("state") if text.strip() else None


def statesMustBeRight(log, questions, samples):
    """Counts events and sums quantities again, line by line."""
    expected = [[0, 0] for _ in questions]
    asked = {}
    for number, (name, index) in enumerate(questions):
        asked.setdefault(name, []).append((number, index))
    with open(log.log, "rb") as file:
        for place, line in enumerate(file):
            for number, index in asked.get(invoiceOf(line), ()):
                if place <= index:
                    expected[number][0] += 1
                    expected[number][1] += json.loads(line)["quantity"]
    for question, wanted, sample in zip(questions, expected, samples):
        state = sample["state"]
        found = [state["count"], state["numbers"]["/quantity"]["sum"]] if state else [0, 0]
        if found != wanted:
            raise BenchError(f"{log.log.name}: {question[0]} at #{question[1]} has count and quantity {found}; counted again {wanted}")
    say(f"{log.log.name}: {len(questions)} states equal a count line by line")


# --- open ------------------------------------------------------------------------------------------

def openLog(bench):
    """Opening a long capture; the memory of everything that has it open."""
    small, large = (GeneratedLog(bench, events).captured() for events in (SMALL, OPEN_LARGE))
    reading = [bench.sample("open", "reading the side files", run, seconds=readingSeconds(*large.sideFiles()))
               for run in range(bench.options.runs)]
    for verb in ("info", "show"):
        samples = bench.alternate("open", {f"{verb}, {log.events} events": lambda run, log=log: figuresOf(ask(log, verb))
                                           for log in (small, large)})
        bench.compare(f"opening by `leftfold {verb}`, {OPEN_LARGE:,} events",
                      1e3 * median(samples[f"{verb}, {OPEN_LARGE} events"]), 1e3 * median(samples[f"{verb}, {SMALL} events"]),
                      2.0, "ms", f"that at {SMALL:,}", addend=1e3 * median(reading), addendName="reading the side files")
    memory(bench, large)


def ask(log, verb, output=None):
    """A verb as one asks it after opening."""
    projection = ("--at", "@end", "--by", FIELD, "--fold", "tally")
    arguments = {"info": (), "show": (log.firstInvoice(), *projection), "ls": projection}[verb]
    return log.leftfold.ask(verb, log.capture, *arguments, output=output)


# `ls` has the states of so many aggregates in memory (core/snapshot), whatever the log; tallies of these logs take some 1 KiB.
STATES_AT_ONCE = 131_072
STATE_BYTES = 1024


def memory(bench, log):
    """The peak of each verb within the formula, over what the same takes on a log of one event."""
    one = GeneratedLog(bench, 1).captured()
    idBytes = [len(name) for name in log.invoices()]
    verbs = {"fetch": lambda of: of.fetch(), "info": lambda of: ask(of, "info"), "show": lambda of: ask(of, "show"),
             "ls": lambda of: ask(of, "ls", bench.scratch / "ls.jsonl")}
    for verb, run in verbs.items():
        base, peak = (run(of).peakKiB * 1024 for of in (one, log))
        formula = formulaBytes(log.events, 0 if verb == "info" else 1, idBytes)
        caches = bench.options.caches_mib * MIB
        if verb == "ls":
            caches += min(len(idBytes), STATES_AT_ONCE) * STATE_BYTES
        limit = base + caches + formula
        bench.sample("memory", verb, 0, events=log.events, peakBytes=peak, baseBytes=base, formulaBytes=formula, limitBytes=limit)
        bench.row(f"peak memory of `leftfold {verb}`, {log.events:,} events", shown(peak / MIB, "MiB"),
                  f"at most {shown(limit / MIB, 'MiB')}: {shown(base / MIB, 'MiB')} with one event, "
                  f"{shown(caches / MIB, 'MiB')} of caches{' and states' if verb == 'ls' else ''}, {shown(formula / MIB, 'MiB')} by formula", peak / limit, peak <= limit)


# --- big -------------------------------------------------------------------------------------------

def big(bench):
    """50 million events (10 GB), and 5 GB of larger ones. Takes about 15 GB of scratch space."""
    for events, options in ((50_000_000, ()), (5_000_000, ("--note", 800))):
        log = GeneratedLog(bench, events, *options)
        bigRows(bench, log)
        memory(bench, log)
        log.remove()


def bigRows(bench, log):
    size = log.log.stat().st_size
    name = f"{log.events:,} events, {shown(size / 1e9, 'GB')}"
    fetched = log.fetch()
    bench.sample("big", f"fetch, {name}", 0, **figuresOf(fetched))
    bench.row(f"`leftfold fetch --by {FIELD}`, {name}",
              f"{shown(fetched.seconds, 's')}, {shown(log.events / fetched.seconds / 1e6, 'M events/s')}, {shown(size / fetched.seconds / 1e6, 'MB/s')}")
    for what, path in (("capture", [log.capture]), ("side files", log.sideFiles())):
        stored = sum(file.stat().st_size for file in path)
        bench.row(f"{what} of {name}", shown(stored / MIB, "MiB"))
    listing = bench.scratch / "big.json"
    for verb in ("info", "show", "ls"):
        outcome = ask(log, verb, listing)
        bench.sample("big", f"{verb}, {name}", 0, **figuresOf(outcome))
        bench.row(f"`leftfold {verb}`, {name}", shown(outcome.seconds, "s"))
    listingMustBeWhole(log, listing)


def listingMustBeWhole(log, listing):
    """Each invoice once, with all its events."""
    counts = log.invoices()
    with open(listing, encoding="utf-8") as file:
        for line in file:
            entry = json.loads(line)
            if counts.pop(entry["id"], None) != entry["state"]["count"]:
                raise BenchError(f"{log.log.name}: {entry['id']} is listed with {entry['state']['count']} events")
    if counts:
        raise BenchError(f"{log.log.name}: {len(counts)} invoices are not listed")
    say(f"{log.log.name}: the listing equals a count line by line")
