"""A new complaint against all those before it: how long the likest take to find."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from bench.figures import percentile, short
from bench.places import DATABASES, folder_for, new_place

#: What we promise of a complaint against a hundred thousand, in milliseconds.
PROMISED = 150


def measure(folder: Path, *, cases: int, questions: int) -> Iterator[str]:
    installation = new_place(folder, "groups")
    installation.run("migrate")
    ran = subprocess.run(
        [sys.executable, "-m", "bench.telling", str(cases), str(questions)],
        env={**installation.environment, "DJANGO_SETTINGS_MODULE": "shouwen.settings"},
        check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    told = json.loads(ran.stdout.splitlines()[-1])
    p50, p95 = (percentile(told["times"], percent) for percent in (50, 95))
    verdict = f"within {PROMISED}" if p95 <= PROMISED else f"MORE THAN {PROMISED}"
    yield f"the likest of {told['cases']:,} cases, {questions} times, ms"
    yield f"  p50 {short(p50)}   p95 {short(p95)}   longest {short(max(told['times']))}   {verdict}"
    yield f"  taken into the index: {told['rate']:,.0f} cases/s"


@click.command(help=__doc__)
@click.option("--cases", default=100_000)
@click.option("--questions", default=200)
@click.option("--database", "asked", multiple=True, type=click.Choice(DATABASES), help="only this")
def main(cases: int, questions: int, asked: tuple[str, ...]) -> None:
    for database in asked or DATABASES:
        click.echo(f"\n== {database}")
        with folder_for(database) as folder:
            for line in measure(folder, cases=cases, questions=questions):
                click.echo(line)


if __name__ == "__main__":
    main()
