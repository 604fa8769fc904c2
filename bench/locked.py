"""Figures of a month of very many cases: from locked sums and from verdicts, at three levels;
judged anew from the journal; sent as a file."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.figures import ratios, spread
from bench.places import new_place

#: What figures and statement of a locked month may take, at each level.
WITHIN = 2_000
FLAT = 20
"""Megabytes that the second nine tenths of a file may add."""


def measure(folder: Path, *, rounds: int, cases: int) -> Iterator[str]:
    told = _measured(folder, rounds, cases)
    yield f"figures and statement of a month of {cases:,} cases, ms"
    for what in ("locked", "statement"):
        for level, times in told[what].items():
            said = "within 2 s" if max(times) <= WITHIN else "MORE than 2 s"
            yield f"  {level + ', ' + what:22} {spread(times)!s:>22}   {said}"
    for level, (ours, theirs) in told["live"].items():
        yield f"  {level + ', from verdicts':22} {spread(ours)!s:>22}   {_against(ours, theirs)}"
    yield f"  lock of the month {told['lock']:.1f} s, {told['tallies']:,} sums kept"
    yield from _journal(told["journal"])
    yield _sent(told["export"], cases // 2)


def _measured(folder: Path, rounds: int, cases: int) -> dict[str, Any]:
    installation = new_place(folder, "million")
    installation.run("migrate")
    ran = subprocess.run(
        [sys.executable, "-m", "bench.million", str(cases), str(rounds)],
        env={**installation.environment, "DJANGO_SETTINGS_MODULE": "shouwen.settings"},
        check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    told: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return told


def _against(ours: list[float], theirs: list[float]) -> str:
    return f"one statement {spread(theirs)}, ratio {ratios(ours, theirs)}"


def _journal(told: dict[str, Any]) -> Iterator[str]:
    ours, theirs = told["ours"], told["theirs"]
    yield f"  {told['cases']:,} cases judged anew {spread(ours)!s:>18}   {_against(ours, theirs)}"
    each = told["bytes"] / told["exported"] / 1000
    yield (
        f"  {told['exported']:,} cases to a file for others to count: {told['export']:.1f} s, "
        f"{each:.1f} kB each"
    )


def _sent(told: dict[str, float], rows: int) -> str:
    more = told["most"] - told["early"]
    said = "flat" if more <= FLAT else "NOT flat"
    return (
        f"  {rows:,} records as CSV in {told['seconds']:.0f} s; memory {told['early']:.0f} MB "
        f"after a tenth, {told['most']:.0f} MB at most: {said}"
    )
