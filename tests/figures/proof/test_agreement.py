"""Screen, file, interface and statement say the same, to the record."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from shouwen.accounts.actions import issue_token
from shouwen.accounts.models import OrgUnit, Staff
from shouwen.figures.queries import Shown, figures
from shouwen.rules.figure_kinds import StatementRule
from shouwen.rules.figures import OUTCOMES
from shouwen.rules.periods import read_period
from shouwen.statements.content import build
from tests.cast import Cast
from tests.figures.proof.month import AFTERWARDS
from tests.figures.proof.recomputed import kept
from tests.moments import SetClock

NOVEMBER = read_period("2026-11")
#: A record and how it counts, as often as it is told.
Told = Counter[tuple[str, str]]
only_communication = pytest.mark.parametrize("cast", ["communication"], indirect=True)


@dataclass
class Reader:
    """Somebody who looks at a figure in every way there is."""

    client: Client
    place: OrgUnit
    token: str

    def shown(self) -> list[Shown]:
        return figures(self.place, NOVEMBER, AFTERWARDS)

    def get(self, address: str, **headers: str) -> Any:
        answer = self.client.get(address, headers=headers)
        assert answer.status_code == 200, address
        return answer

    def screen(self, shown: Shown) -> Told:
        """Every page of the list, as it is written there."""
        address, told = shown.url, Told()
        while address:
            page = self.get(address)
            rows = page.context["rows"]
            assert all(row.label in page.content.decode() for row, *_ in rows)
            told.update((row.label, str(words)) for row, words, _why in rows)
            address = page.context["pager"].older
        return told

    def file(self, shown: Shown, kind: str) -> Told:
        regulation, _slash, rule = shown.figure.key.partition("/")
        at = [self.place.code, NOVEMBER.key, regulation, rule, kind]
        content = b"".join(self.get(reverse("figures:export", args=at)).streaming_content)
        rows = (
            _sheet(content)
            if kind == "xlsx"
            else csv.DictReader(StringIO(content.decode("utf-8-sig")))
        )
        return Told((row["记录"], row["判定"]) for row in rows)

    def interface(self, shown: Shown) -> Told:
        told, cursor, more = Told(), "", True
        while more:
            asked = f"place={self.place.code}&period={NOVEMBER.key}&limit=7&cursor={cursor}"
            address = f"/api/figures/{shown.figure.key}/records?{asked}"
            page = self.get(address, Authorization=f"Bearer {self.token}").json()
            told.update((row["label"], OUTCOMES[row["outcome"]]) for row in page["items"])
            cursor, more = page["next"] or "", page["next"] is not None
        return told

    def statement(self) -> dict[str, tuple[int, ...]]:
        """{measure: hit, miss, open, out} as a statement of the month holds them."""
        rule = StatementRule(id="any", title="任意报表", sections=("figures",))
        rows = build(rule, self.place, NOVEMBER, AFTERWARDS)["sections"][0]["rows"]
        return {row["key"]: tuple(row[outcome] for outcome in OUTCOMES) for row in rows}


def _sheet(content: bytes) -> Iterator[dict[str, Any]]:
    sheet: Any = openpyxl.load_workbook(BytesIO(content)).active
    head, *rows = sheet.iter_rows(values_only=True)
    return (dict(zip(head, row, strict=True)) for row in rows)


def counted(shown: Shown) -> tuple[int, ...]:
    return tuple(getattr(shown.figure.counts, outcome) for outcome in OUTCOMES)


@only_communication
@pytest.mark.parametrize(("who", "where"), [("zhoumin", "cuihu"), ("qianhong", "group")])
@pytest.mark.peers("T17", "T18")
def test_screen_files_interface_and_statement_hold_the_same_records(
    cast: Cast, clock: SetClock, sign_in: Callable[[Client, Staff], Client], who: str, where: str
) -> None:
    clock("2026-12-01 09:00", "周二")
    kept(AFTERWARDS)
    staff, place = getattr(cast, who), getattr(cast, where)
    rights = ["case.view"]
    token = issue_token(name="台账", staff=staff, unit=place, rights=rights, at=AFTERWARDS)
    reader = Reader(sign_in(Client(), staff), place, token)
    said = reader.statement()
    assert {shown.figure.key for shown in reader.shown()} == said.keys()
    for shown in reader.shown():
        screen = reader.screen(shown)
        assert reader.file(shown, "csv") == reader.file(shown, "xlsx") == screen
        assert screen.total() == shown.figure.counts.listed
        assert counted(shown) == said[shown.figure.key]
        if shown.figure.measure.value == "rate":
            assert reader.interface(shown) == screen
            told = Counter(words for _label, words in screen.elements())
            assert tuple(told[words] for words in OUTCOMES.values()) == counted(shown)
