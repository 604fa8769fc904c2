"""`python -m bench`: the numbers, on both databases."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from os import cpu_count
from pathlib import Path

import click

from bench import bills, groups, growth, locked, registration
from bench.places import DATABASES, folder_for


@click.command(help=__doc__)
@click.option("--quick", is_flag=True, help="small sizes, few rounds: whether it works at all")
@click.option("--database", "asked", multiple=True, type=click.Choice(DATABASES), help="only this")
def main(quick: bool, asked: tuple[str, ...]) -> None:
    version = ".".join(map(str, sys.version_info[:3]))
    click.echo(f"{platform.system()}, {cpu_count()} cores, Python {version}")
    for database in asked or DATABASES:
        click.echo(f"\n== {database}")
        with folder_for(database) as folder:
            for line in _figures(folder, quick=quick):
                click.echo(line)


def _figures(folder: Path, *, quick: bool) -> Iterator[str]:
    rounds, seconds = (1, 0.5) if quick else (5, 4.0)
    yield from registration.measure(folder, rounds=rounds, seconds=seconds)
    sizes = (10, 20) if quick else (1_000, 100_000)
    yield from bills.measure(folder, rounds=rounds, charges=200 if quick else 20_000)
    asked = 5 if quick else 200
    yield from groups.measure(folder, cases=200 if quick else 100_000, questions=asked)
    yield from locked.measure(folder, rounds=rounds, cases=2_000 if quick else 1_000_000)
    yield from growth.measure(folder, rounds=rounds, sizes=sizes)


if __name__ == "__main__":
    main()
