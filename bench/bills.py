"""A month's bill: many charges put onto one bill a home, against the one SQL sum by home that any
way of billing has to make at least. Summed and billed by turns."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.figures import ratios, spread
from bench.places import new_place


def measure(folder: Path, *, rounds: int, charges: int) -> Iterator[str]:
    installation = new_place(folder, "bills")
    installation.run("migrate")
    ran = subprocess.run(
        [sys.executable, "-m", "bench.month", str(charges), str(rounds)],
        env={**installation.environment, "DJANGO_SETTINGS_MODULE": "shouwen.settings"},
        check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    told = json.loads(ran.stdout.splitlines()[-1])
    yield f"a month's bill: {charges:,} charges onto {told['bills']:,} bills, ms"
    for name in ("sum", "bill"):
        yield f"  {name:22} {spread(told[name])!s:>22}"
    yield f"  {'ratio':22} {ratios(told['bill'], told['sum'])!s:>22}"
