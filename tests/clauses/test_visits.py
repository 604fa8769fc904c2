"""What a return visit of each regulation asks, and what comes of it."""

from collections.abc import Callable

import pytest

from shouwen.cases.actions import linking
from shouwen.followup.models import Visit
from shouwen.rules.refused import Refused
from tests.clauses.product import Product

clause = pytest.mark.clause
S0, S1, S2 = "first-contact", "developer-aftersales", "service-centre"
S3, S4 = "complaint-procedure", "customer-communication"
Adopted = Callable[..., Product]


@pytest.mark.parametrize(
    ("regulation", "kind", "rule", "scores"),
    [
        pytest.param(
            S1, "complaint", "complaint-satisfaction", {"result": "好", "process": "好"},
            marks=clause("S1-3.1-8"),
        ),
        pytest.param(
            S3, "repair", "rating-asked", {"quality": "好", "attitude": "好"},
            marks=clause("S3-4.2-1f"),
        ),
        pytest.param(
            S3, "complaint", "rating-asked", {"quality": "好", "attitude": "好"},
            marks=clause("S3-4.5-2b"),
        ),
    ],
)  # fmt: skip
def test_each_score_of_the_clause_is_asked_for_and_kept_by_itself(
    adopted: Adopted, regulation: str, kind: str, rule: str, scores: dict[str, str]
) -> None:
    product = adopted(regulation)
    case = product.works(product.registers(kind))
    for left in scores:
        others = {name: said for name, said in scores.items() if name != left}
        with pytest.raises(Refused, match="请填"):
            product.visits(case, rule, scores=others)
    assert product.visits(case, rule, scores=scores).scores == scores


@clause("S2-A18-7")
@pytest.mark.parametrize(
    ("kind", "rule"), [("complaint", "visit-general-complaint"), ("repair", "visit-every-repair")]
)
def test_what_a_visit_finds_not_settled_goes_to_the_director_and_is_taken_up_again(
    adopted: Adopted, kind: str, rule: str
) -> None:
    product = adopted(S2)
    case = product.works(product.registers(kind))
    visit = product.visits(case, rule, result="unsatisfied", opinion="还是漏水")
    assert visit.state == Visit.State.DONE
    assert (case.status, case.round) == ("registered", 2)
    promise = product.row(case, "unqualified-to-director")
    assert (promise.outcome, promise.clause) == ("", "第十八条")
    assert promise.due_at
    assert any(promise.title in subject for subject in product.told(product.cast.zhoumin))


@clause("S4-4.3.2a-2")
def test_what_400_takes_up_again_is_linked_to_the_matter_that_the_centre_had(
    adopted: Adopted,
) -> None:
    product = adopted(S4)
    earlier = product.registers("complaint", text="楼道灯坏了没人管")
    product.later(hours=30)
    raised = product.registers("complaint", by="hotline400", source="hotline-400")
    linking.link(case=raised, other=earlier, kind="again", **product.acts("hotline400"))
    assert raised.facts["level"] == "company"
    for case, other in ((raised, earlier), (earlier, raised)):
        page = product.looks("csr", "cases:case", case.number).content.decode()
        assert f"/cases/{other.number}" in page
