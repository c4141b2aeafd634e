# SPDX-License-Identifier: GPL-3.0-or-later
"""Generated logs, captured once for a scratch folder, each with a cache of its own."""

from collections import Counter

from measure import dropFromPageCache, filesBelow, say
from subjects import Leftfold, fresh

FIELD = "/invoice"


def invoiceOf(line):
    """The id in a generated line, without parsing the rest."""
    return line.split(b'"', 8)[7].decode()


class GeneratedLog:
    def __init__(self, bench, events, *options):
        self.bench = bench
        self.events = events
        name = f"shop-{events}-{bench.options.seed}{''.join(map(str, options))}"
        self.log = bench.scratch / f"{name}.jsonl"
        self.capture = bench.scratch / f"{name}.lflog"
        self.leftfold = Leftfold(bench, f"{name}.cache")
        if not self.log.exists():
            self._generate(options)

    def _generate(self, options):
        say(f"generating {self.events:,} events")
        part = self.log.with_suffix(".part")
        self.bench.run([self.bench.program("bench_generate"), self.events, "--seed", self.bench.options.seed, *options, "-o", part])
        part.rename(self.log)

    def captured(self):
        """Makes sure that there is a whole capture with the index of the projection. Gives self."""
        done = self.capture.with_suffix(".done")
        if not done.exists():
            say(f"capturing {self.log.name}")
            self.fetch()
            done.touch()
        return self

    def fetch(self):
        return self.leftfold.fetch(self.log, self.capture, FIELD)

    def sideFiles(self):
        return list(filesBelow(self.leftfold.cache))

    def drop(self):
        """Nothing of the capture in the page cache."""
        dropFromPageCache(self.capture, self.leftfold.cache)

    def invoices(self):
        """How many events each invoice has."""
        with open(self.log, "rb") as file:
            return Counter(map(invoiceOf, file))

    def firstInvoice(self):
        with open(self.log, "rb") as file:
            return invoiceOf(file.readline())

    def remove(self):
        for path in (self.log, self.capture, self.capture.with_suffix(".done"), self.leftfold.cache):
            fresh(path)


def formulaBytes(events, projections, idBytes):
    """The memory an open capture may take: 12 bytes an event, 8 more for each projection, and for each
    distinct key 48 and its length. `idBytes`: the lengths of the keys."""
    keyBytes = sum(48 + length for length in idBytes) if projections else 0
    return (12 + 8 * projections) * events + keyBytes
