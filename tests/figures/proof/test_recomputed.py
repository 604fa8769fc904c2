"""An independent program counts the same, to the record. On the demo company: tests/demo."""

from __future__ import annotations

import ast
import csv
import runpy
import sys
from collections.abc import Callable
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import scope_of
from shouwen.adoption.library import available, load
from shouwen.cases.importing.contacts import import_contacts
from shouwen.cases.models import Case
from shouwen.figures.queries import figures
from shouwen.followup.actions.following import follow
from shouwen.rules.periods import read_period
from tests.cases.lives import walk
from tests.cast import Cast, build
from tests.complaints.test_life import EACH, Complaints
from tests.complaints.walk import World
from tests.figures.proof.month import AFTERWARDS
from tests.figures.proof.recomputed import SCRIPT, differences, kept, recomputed

NOVEMBER = read_period("2026-11")


def test_every_record_is_judged_alike(cast: Cast, tmp_path: Path) -> None:
    ours = kept(AFTERWARDS)
    assert {line[4] for line in ours} == {"hit", "miss", "open", "out"}
    assert differences(ours, tmp_path, AFTERWARDS) == []


@pytest.mark.parametrize("cast", ["communication"], indirect=True)
def test_every_sum_is_alike_at_every_level(cast: Cast, tmp_path: Path) -> None:
    kept(AFTERWARDS)
    lines = recomputed(tmp_path, AFTERWARDS, "--period", NOVEMBER.key)
    theirs = {(line[0], line[2]): tuple(line[3:7]) for line in lines[1:]}
    for place in OrgUnit.objects.filter(kind__in=("group", "company", "project")):
        for shown in figures(place, NOVEMBER, AFTERWARDS):
            counts = shown.figure.counts
            ours = tuple(map(str, (counts.hit, counts.miss, counts.open, counts.out)))
            assert theirs.get((shown.figure.key, place.code), ("0",) * 4) == ours


def test_every_measure_has_a_second_formula() -> None:
    known = runpy.run_path(str(SCRIPT))
    written = {one.measure for one in (*known["FORMULAS"], *known["ROUNDS"])}
    rules = {f"{name}/{rule.id}" for name in available() for rule in load(name).measure}
    assert rules - written == set()


def test_the_second_program_imports_nothing_but_the_standard_library() -> None:
    found: set[str] = set()
    for node in ast.walk(ast.parse(SCRIPT.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
    assert found <= sys.stdlib_module_names


# --- Whatever happens -----------------------------------------------------------------------------


class Counted(Complaints):
    """A walk at whose end everything is counted twice."""

    folder: Path

    def teardown(self) -> None:
        follow(at=self.at)
        found = differences(kept(self.at), self.folder, self.at, by_days=False)
        super().teardown()
        assert found == []


@pytest.mark.django_db
def test_whatever_becomes_of_complaints_they_are_judged_alike(
    settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    Counted.cast, Counted.folder = build(), tmp_path
    Counted.world = World(Counted.cast, EACH)
    walk(Counted, walks=1, steps=40)


@pytest.mark.django_db
def test_real_messages_are_counted_alike(
    shared: Path, tmp_path: Path, clock: Callable[..., datetime]
) -> None:
    now = clock("2026-11-19 09:12", "周四")
    cast, path = build(), tmp_path / "some.csv"
    with (
        (shared / "data" / "complaints" / "labelled.csv").open(
            encoding="utf-8-sig", newline=""
        ) as file,
        path.open("w", encoding="utf-8", newline="") as part,
    ):
        csv.writer(part).writerows(islice(csv.reader(file), 61))
    by = scope_of(cast.sunli, now)
    import_contacts(
        path, project=cast.cuihu, by=by, now=now, source="platform", chosen={},
        progress=lambda done: None,
    )  # fmt: skip
    assert Case.objects.count() >= 60
    follow(at=now)
    ours = kept(now)
    assert len({line[1] for line in ours}) > 20
    assert differences(ours, tmp_path, now, by_days=False) == []
