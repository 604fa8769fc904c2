"""Each regulation can be adopted by a project, and a case shows its promises with their clauses."""

from collections.abc import Callable
from typing import Any

import pytest

from shouwen.adoption import library
from shouwen.adoption.actions import adopt
from shouwen.cases.queries import visible_commitments
from tests.clauses.product import Product

S0, S1, S2 = "first-contact", "developer-aftersales", "service-centre"
S3, S4 = "complaint-procedure", "customer-communication"
Adopted = Callable[..., Product]


@pytest.mark.parametrize(
    ("regulation", "kind", "facts", "promised"),
    [
        (S0, "inquiry", {}, {"answer-at-once"}),
        (S1, "complaint", {"source": "government"}, {"authority-reported"}),
        (S2, "complaint", {}, {"first-feedback-24h", "verified-same-day", "verified-at-once"}),
        (S3, "complaint", {}, {"dispatch-at-once", "complaint-by-service-promise"}),
        (S4, "complaint", {}, {"complaint-same-day", "complaint-one-month"}),
    ],
)  # fmt: skip
def test_a_case_opened_under_each_regulation_shows_its_promises_with_their_clauses(
    adopted: Adopted, regulation: str, kind: str, facts: dict[str, Any], promised: set[str]
) -> None:
    product = adopted(regulation)
    case = product.registers(kind, **facts)
    rows = visible_commitments(product.scope("csr")).filter(case=case, regulation=regulation)
    assert {row.rule for row in rows} >= promised
    page = product.looks("csr", "cases:case", case.number).content.decode()
    for row in rows:
        assert row.title in page
        assert row.clause in page
        assert row.clause
        assert row.words
        assert row.due_at
    assert library.load(regulation).title in page


@pytest.mark.parametrize("regulation", [S0, S1, S2, S3])
def test_a_project_may_adopt_one_on_top_of_what_its_group_follows(
    adopted: Adopted, regulation: str
) -> None:
    product = adopted(S4)
    before = product.registers("complaint")
    product.later(hours=1)
    adopt(unit=product.cast.cuihu, regulation=regulation, position=1, since=product.now)
    product.later(minutes=1)
    after = product.registers("complaint", source="government" if regulation == S1 else "phone")
    product.completes(after, "dispatched")
    product.dispatches(after)
    assert set(before.commitments.values_list("regulation", flat=True)) <= {S4, "defaults"}
    assert {regulation, S4} <= set(after.commitments.values_list("regulation", flat=True))


def test_where_two_clauses_of_one_regulation_disagree_both_promises_run(adopted: Adopted) -> None:
    product = adopted(S2)
    case = product.registers("complaint")
    at_once, same_day = (
        product.row(case, rule) for rule in ("verified-at-once", "verified-same-day")
    )
    assert at_once.due_at
    assert same_day.due_at
    assert at_once.due_at < same_day.due_at
    assert case.next_due_at == min(row.due_at for row in case.commitments.all() if row.due_at)
