"""What is signed is filed by itself, once, for as long as its regulation says."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from shouwen.accounts.models import OrgUnit
from shouwen.archive.actions.collecting import collect
from shouwen.archive.models import Folder
from shouwen.archive.queries import about, visible_folders
from shouwen.registers.models import Record
from shouwen.rules.periods import read_period
from shouwen.statements.models import Statement, StatementStep
from tests.archive.conftest import NOW, S2, Keeper
from tests.cast import Cast
from tests.registers.conftest import LATER, Clerk

LATE = LATER + timedelta(minutes=1)


def signed_statement(unit: OrgUnit, verb: str = "signed", **more: Any) -> Statement:
    span = read_period("2026-10")
    row = Statement.objects.create(
        **{
            "number": f"ZB-{unit.code}-1", "regulation": S2, "rule": "analysis",
            "title": "客户投诉分析报告", "clause": "四", "unit": unit, "project": unit.project,
            "company": unit.company, "group": unit.group, "period": "2026-10",
            "first": span.first, "last": span.last, "state": Statement.State.SIGNED,
            "prepared_at": NOW, "texts": {"analysis": "夜间装修噪音反映集中"},
            "law": {"id": "analysis", "title": "客户投诉分析报告", **more.pop("law", {})}, **more,
        }
    )  # fmt: skip
    StatementStep.objects.create(statement=row, verb=verb, at=NOW)
    return row


def test_a_signed_statement_is_filed_once_and_found_by_its_words(
    keeper: Keeper, cast: Cast
) -> None:
    row = signed_statement(cast.cuihu)
    collect(at=NOW)
    StatementStep.objects.create(statement=row, verb="sent", at=NOW)
    StatementStep.objects.create(statement=row, verb="signed", at=NOW)
    collect(at=NOW)
    folder = Folder.objects.get()
    assert folder.title == "客户投诉分析报告 翠湖花园 2026年10月"
    assert folder.url == f"/statements/{row.number}"
    assert folder.keep_until == date(2031, 11, 20), "five years, as no document says"
    seen = visible_folders(keeper.of(cast.zhoumin))
    assert seen.filter(about("噪音")).exists()
    assert not seen.filter(about("漏水")).exists()


def test_a_statement_that_its_regulation_keeps_longer_is_kept_longer(cast: Cast) -> None:
    signed_statement(cast.cuihu, law={"retention": 120})
    collect(at=NOW)
    assert Folder.objects.get().keep_until == date(2036, 11, 20)


@pytest.mark.parametrize("verb", ["submitted", "sent"])
def test_what_one_person_signs_and_what_goes_out_by_itself_are_filed_too(
    cast: Cast, verb: str
) -> None:
    signed_statement(cast.cuihu, verb)
    collect(at=NOW)
    assert Folder.objects.exists()


def test_a_statement_that_still_waits_for_a_name_is_not_filed(cast: Cast) -> None:
    signed_statement(cast.cuihu, state=Statement.State.CHECKED)
    collect(at=NOW)
    assert not Folder.objects.exists()


def test_what_a_company_files_its_projects_do_not_see(keeper: Keeper, cast: Cast) -> None:
    signed_statement(cast.jinxiu)
    collect(at=NOW)
    assert visible_folders(keeper.of(cast.zhengjie)).exists()
    assert not visible_folders(keeper.of(cast.zhoumin)).exists()
    assert not visible_folders(keeper.of(cast.jiangnan_manager)).exists()


def test_a_signed_form_is_filed_and_a_draft_is_not(clerk: Clerk, cast: Cast) -> None:
    cast.follows(S2)
    clerk.contact()
    collect(at=LATE)
    assert not Folder.objects.exists()
    record = clerk.signs(Record.objects.get(), "业主")
    collect(at=LATE)
    folder = Folder.objects.get()
    assert (folder.kind, folder.subject) == ("record", f"record:{record.number}")
    assert "13900000421" not in folder.text, "a phone is not searched for"


def test_a_form_that_only_leaders_read_stays_where_it_was_filled_in(
    clerk: Clerk, cast: Cast
) -> None:
    cast.follows(S2)
    clerk.signed_contact()
    Record.objects.update(closed=True)
    collect(at=LATE)
    assert not Folder.objects.exists()


@pytest.mark.parametrize("words", ["王", ""])
def test_fewer_than_two_characters_narrow_nothing(keeper: Keeper, cast: Cast, words: str) -> None:
    keeper.files("王女士的资料")
    keeper.files("别的资料")
    page = keeper.client(cast.zhoumin).get("/archive", {"q": words}).content.decode()
    assert "王女士的资料" in page
    assert "别的资料" in page
