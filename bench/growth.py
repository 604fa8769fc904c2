"""What grows with the number of cases, and what must not: pages, and the sweep for promises that
are due. A small and a large installation are asked in turns."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench.figures import ratios, spread
from bench.places import new_place

#: What we promise: a page at the large size takes at most so much of its time at the small one.
ALLOWED = 1.5
#: So many promises are due in a sweep; and none, which is what the worker mostly finds.
SWEEPS = (100, 0)


@dataclass
class Inside:
    """A process of bench.inside, and how it is asked."""

    process: subprocess.Popen[str]
    cases: int
    pages: list[str]

    def takes(self, **what: Any) -> float:
        """Milliseconds; of several the median."""
        return 1000 * median(self.ask(**what))

    def ask(self, **what: Any) -> list[float]:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()
        said: list[float] = json.loads(_line(self.process))
        return said


@contextmanager
def inside(folder: Path, size: int) -> Iterator[Inside]:
    """An installation with so many cases, and a process in it; gone at the end."""
    installation = new_place(folder, f"cases-{size}")
    installation.run("migrate")
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.inside", str(size)],
        env={**installation.environment, "DJANGO_SETTINGS_MODULE": "shouwen.settings"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with process:
        word, _, told = _line(process).partition(" ")
        if word != "ready":
            raise RuntimeError(f"the installation of {size} cases could not be filled")
        yield Inside(process, **json.loads(told))
        assert process.stdin
        process.stdin.close()


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline()


def measure(folder: Path, *, rounds: int, sizes: tuple[int, int]) -> Iterator[str]:
    with ExitStack() as stack:
        small, large = (stack.enter_context(inside(folder, size)) for size in sizes)
        yield f"pages at {small.cases:,} and at {large.cases:,} cases, ms"
        for page in small.pages:
            yield _told(page, *_in_turns(small, large, rounds, page=page), judged=True)
        few, many = (place.ask(open=n)[0] for place, n in zip((small, large), sizes, strict=True))
        yield f"sweep with {few:,} and with {many:,} promises open, ms"
        for due in SWEEPS:
            yield _told(f"{due} of them due", *_in_turns(small, large, rounds, sweep=due))


def _in_turns(
    small: Inside, large: Inside, rounds: int, **what: Any
) -> tuple[list[float], list[float]]:
    times = [(small.takes(**what), large.takes(**what)) for _ in range(rounds)]
    return [a for a, _ in times], [b for _, b in times]


def _told(name: str, small: list[float], large: list[float], judged: bool = False) -> str:
    ratio = ratios(large, small)
    verdict = ""
    if judged:
        verdict = "  within 1.5" if ratio.middle <= ALLOWED else "  MORE THAN 1.5"
    return f"  {name:22} {spread(small)!s:>22} {spread(large)!s:>22}   ratio {ratio}{verdict}"
