"""Figures for other programs, and on the command line: the same numbers and the same records."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from django.test import Client

from shouwen.accounts.actions import issue_token
from shouwen.accounts.rights import RIGHTS
from shouwen.cases.models import Case
from shouwen.figures.commands import figures
from shouwen.figures.models import Verdict
from tests.api.conftest import Caller
from tests.cast import LONG_AGO
from tests.figures.conftest import S4, Desk
from tests.moments import SetClock

ASKED = {"place": "CH", "period": "2026-11"}


@pytest.fixture
def told(desk: Desk, clock: SetClock) -> Case:
    clock("2026-11-20 11:00", "周五")
    desk.closes(desk.ends(desk.registers()))
    case = desk.registers()
    desk.counts()
    return case


@pytest.fixture
def director(desk: Desk) -> Caller:
    """周敏, through a token."""
    cast, rights = desk.cast, list(RIGHTS)
    token = issue_token(
        name="看板", staff=cast.zhoumin, unit=cast.cuihu, rights=rights, at=LONG_AGO
    )
    return Caller(token, Client())


def test_a_figure_its_lines_and_its_records_agree(told: Case, director: Caller) -> None:
    address = f"/figures/{S4}/complaint-closed"
    (whole,) = director.get(address, ASKED).json()["items"]
    assert (whole["words"], whole["hit"], whole["open"]) == ("100%", 1, 1)
    listed = {one["key"]: one for one in director.get("/figures", ASKED).json()["items"]}
    assert listed[whole["key"]] == whole
    lines = director.get(address, {**ASKED, "by": "department"}).json()["items"]
    assert {line["line"]: line["hit"] + line["open"] for line in lines} == {
        "工程部": 1, "未派部门": 1,
    }  # fmt: skip
    records = director.get(f"{address}/records", {**ASKED, "limit": "1"}).json()
    assert records["count"] == 2
    more = director.get(
        f"{address}/records", {**ASKED, "limit": "1", "cursor": records["next"]}
    ).json()
    seen = [*records["items"], *more["items"]]
    assert {one["outcome"] for one in seen} == {"hit", "open"}
    assert told.number in {one["case"] for one in seen}


def test_a_period_that_is_none_is_refused_in_words(told: Case, director: Caller) -> None:
    answer = director.get("/figures", {"place": "CH", "period": "2026-13"})
    assert answer.status_code in (409, 422)
    assert "2026-Q4" in answer.content.decode()


def closed() -> list[str]:
    """What the command prints of one measure: value, target, hits of all, undecided, left out."""
    shown = CliRunner().invoke(figures, ["show", "CH", "--period", "2026-11"])
    line = next(one for one in shown.output.splitlines() if "/complaint-closed\t" in one)
    return line.split("\t")[1:6]


def test_the_command_shows_the_figures_and_counts_them_again(told: Case) -> None:
    assert closed() == ["100%", ">= 100%", "1/1", "1", "0"]
    Verdict.objects.all().delete()
    counted = CliRunner().invoke(figures, ["rebuild", "--place", "翠湖花园"])
    assert "翠湖花园\t2" in counted.output
    assert closed() == ["100%", ">= 100%", "1/1", "1", "0"]


def test_a_place_or_a_period_that_is_none_is_refused_on_the_command_line(desk: Desk) -> None:
    assert "没有这个项目" in CliRunner().invoke(figures, ["show", "XX"]).output
    assert "看不懂" in CliRunner().invoke(figures, ["show", "CH", "--period", "11 月"]).output
