"""Every form and ledger that the five documents name has a home, and the home opens."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from shouwen.accounts.models import Staff
from shouwen.adoption.library import load_all
from shouwen.registers.catalogue import page_of
from shouwen.registers.homes import HOMES, SUBJECTS
from tests.registers.conftest import Clerk

ALL = [f"F-{n:02}" for n in range(1, 102)]
FILLED = {home.form: home for home in HOMES if not home.page}


def test_all_101_have_a_home_under_a_subject() -> None:
    assert sorted({home.number for home in HOMES}, key=lambda each: int(each[2:])) == ALL
    assert all(home.subject in SUBJECTS for home in HOMES)


def test_a_form_that_no_page_keeps_is_filled_by_the_fields_of_a_regulation() -> None:
    fields = {rule.id: rule.fields for one in load_all() for rule in one.form}
    assert [home.form for home in HOMES if not home.page and not fields.get(home.form)] == []
    assert [home.form for home in HOMES if home.form and home.form not in fields] == []


def test_every_page_that_keeps_one_opens(clerk: Clerk, browse: Callable[[Staff], Client]) -> None:
    clerk.cast.follows("service-centre", "customer-communication", "complaint-procedure")
    client = browse(clerk.cast.zhoumin)
    closed = []
    for page in sorted({page_of(home) for home in HOMES if home.page}):
        if client.get(page).status_code != 200:
            closed.append(page)
    assert closed == []
    assert [home.number for home in HOMES if home.page and not page_of(home)] == []


@pytest.mark.parametrize("one", load_all(), ids=lambda one: one.id)
def test_every_form_that_is_filled_here_opens_empty(
    one: object, clerk: Clerk, browse: Callable[[Staff], Client]
) -> None:
    forms = [rule for rule in one.form if rule.fields]  # type: ignore[attr-defined] # a Regulation
    if one.id != "defaults":  # type: ignore[attr-defined]
        clerk.cast.follows(one.id)  # type: ignore[attr-defined]
    client = browse(clerk.cast.zhoumin)
    for rule in forms:
        assert rule.id in FILLED or rule.product_default or rule.id in OWN, rule.id
        page = client.get(reverse("registers:fill", args=[rule.id]))
        assert page.status_code == 200, rule.id
        assert rule.title in page.content.decode()


#: Filled here though the table of the 101 does not name them: what a duty or a figure counts.
OWN = {"greeting", "customer-visit", "region-assessment"}
