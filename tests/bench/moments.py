# SPDX-License-Identifier: GPL-3.0-or-later
"""What differs between two moments a day apart, against folding everything at both."""

import json
import random
from datetime import datetime, timedelta

from against_others import figuresOf
from generated import FIELD
from measure import BenchError, median
from subjects import Leftfold

#: Of two full folds.
MOST = 1 / 20


def diff(bench):
    """`leftfold diff LOG A B`, a day apart, and `leftfold ls --count` at A and at B. In whole processes, opening included."""
    leftfold, capture = Leftfold(bench), bench.scratch / "diff.lflog"
    leftfold.fetch(bench.options.log, capture, FIELD)
    days = random.Random(bench.options.seed).sample(daysOf(bench.options.log), bench.options.runs + 1)
    touched = []

    def day(run):
        begin = datetime.fromisoformat(days[run + 1])
        return [f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in (begin - timedelta(seconds=1), begin + timedelta(days=1, seconds=-1))]

    def compareMoments(run):
        output = bench.scratch / "diff.jsonl"
        outcome = bench.run([leftfold.program, "diff", capture, *day(run), "--by", FIELD, "--fold", "tally", "--json"],
                            output=output, env=leftfold.env, exits=(0, 1))
        summary = json.loads(output.read_text().splitlines()[-1])["summary"]
        touchedMustBeOfThatDay(bench, leftfold, capture, day(run), summary)
        touched.append(summary["touched"])
        return {**figuresOf(outcome), "day": days[run + 1], **summary}

    def foldAt(moments):
        outcomes = [leftfold.ask("ls", capture, "--count", "--at", moment, "--by", FIELD, "--fold", "tally") for moment in moments]
        return {"seconds": sum(outcome.seconds for outcome in outcomes)}

    samples = bench.alternate("diff", {"leftfold diff": compareMoments,
                                       "two folds of the log": lambda run: foldAt(["@end", "@end"]),
                                       "folds at A and B": lambda run: foldAt(day(run))})
    what = f"`leftfold diff LOG A B`, a day apart, {min(touched)} to {max(touched)} aggregates touched"
    ours = median(samples["leftfold diff"])
    bench.compare(what, ours, median(samples["two folds of the log"]), MOST, against="two full folds (`leftfold ls --count`)")
    bench.compare(what, ours, median(samples["folds at A and B"]), MOST, against="the same at A and at B", gate=False)


def daysOf(log):
    """The days that have events, but for the first ten: before them there is next to nothing to fold."""
    with open(log, encoding="utf-8") as file:
        days = sorted({json.loads(line)["at"][:10] for line in file})
    if len(days) < 20:
        raise BenchError(f"{log} has only {len(days)} days")
    return days[10:]


def touchedMustBeOfThatDay(bench, leftfold, capture, moments, summary):
    """Counted anew from the events of the day."""
    output = bench.scratch / "day.jsonl"
    leftfold.ask("log", capture, "--from", moments[0], "--until", moments[1], output=output)
    events = [json.loads(line) for line in output.read_text().splitlines()]
    ids = {event["value"]["invoice"] for event in events}
    if (len(ids), len(events)) != (summary["touched"], summary["eventsBetween"]):
        raise BenchError(f"between {' and '.join(moments)}: {len(ids)} invoices in {len(events)} events, diff said {summary}")
