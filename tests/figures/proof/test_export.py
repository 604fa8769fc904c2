"""`shouwen journal export`: everything that figures are counted from, and nothing about people."""

import json
from io import StringIO
from typing import Any

import pytest

from shouwen.cases.models import Case, Commitment, Contact, JournalEntry
from shouwen.estate.models import Customer, Phone, Unit
from shouwen.figures.exporting import export
from shouwen.followup.models import Visit
from tests.figures.proof.month import AFTERWARDS

pytestmark = pytest.mark.usefixtures("cast")


def exported() -> list[dict[str, Any]]:
    file = StringIO()
    count = export(file, at=AFTERWARDS)
    lines = [json.loads(line) for line in file.getvalue().splitlines()]
    assert len(lines) == count
    return lines


def of(lines: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [line for line in lines if line["is"] == kind]


def test_every_record_that_a_figure_may_count_is_in_the_file_once() -> None:
    lines = exported()
    cases = of(lines, "case")
    assert [case["number"] for case in cases] == list(
        Case.objects.order_by("pk").values_list("number", flat=True)
    )
    for name, model in (("entries", JournalEntry), ("commitments", Commitment), ("visits", Visit)):
        assert sum(len(case[name]) for case in cases) == model.objects.count()
    assert len(of(lines, "contact")) == Contact.objects.count()
    assert len(of(lines, "home")) == Unit.objects.count()


def test_no_customer_is_named_in_it_and_nobody_is_quoted() -> None:
    file = StringIO()
    export(file, at=AFTERWARDS)
    text = file.getvalue()
    names = [*Customer.objects.values_list("name", flat=True)]
    phones = [*Phone.objects.values_list("number", flat=True)]
    words = ["楼道", "漏水", "保洁", "已看过", "登记错了", "希望多打扫"]
    assert [said for said in (*names, *phones, *words) if said in text] == []
