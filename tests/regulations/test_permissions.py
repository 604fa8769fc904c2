"""What a regulation itself says on who may do a thing."""

from typing import Any

import pytest

from shouwen.rules.lifecycle import fold
from shouwen.rules.permissions import require_permitted
from shouwen.rules.refused import Refused
from tests.regulations.stories import CHENJIANGUO, LIMIN, ZHOUMIN, book, story, work_done

Facts = dict[str, Any]
clause = pytest.mark.clause
S0, S2, S4 = "first-contact", "service-centre", "customer-communication"


def ask(
    regulation: str, facts: Facts, verb: str, by: str, role: str, *, accused: bool = False
) -> None:
    state = fold(story(facts, work_done()))
    require_permitted(book(regulation), state, verb, by=by, roles=[role], accused=accused)


@clause("S0-3.1-9")
@pytest.mark.parametrize("verb", ["classified", "dispatched", "fed-back"])
def test_only_customer_service_classifies_dispatches_and_feeds_back(verb: str) -> None:
    ask(S0, {"kind": "repair"}, verb, LIMIN, "csr")
    with pytest.raises(Refused, match="统一由客户服务员"):
        ask(S0, {"kind": "repair"}, verb, CHENJIANGUO, "engineer")


@clause("S0-3.1-4")
def test_only_the_manager_closes_a_major_complaint() -> None:
    major = {"kind": "complaint", "grade": "major"}
    ask(S0, major, "closed", ZHOUMIN, "project_manager")
    with pytest.raises(Refused, match="重大投诉由经理同意关闭"):
        ask(S0, major, "closed", LIMIN, "csr")
    ask(S0, {"kind": "complaint", "grade": "general"}, "closed", LIMIN, "csr")


@clause("S4-4.4.1c-6")
def test_a_complaint_is_closed_by_customer_service_and_not_by_a_department() -> None:
    ask(S4, {"kind": "complaint"}, "closed", LIMIN, "csr")
    with pytest.raises(Refused, match="客服部门流转跟进"):
        ask(S4, {"kind": "complaint"}, "closed", CHENJIANGUO, "dept_head")
    ask(S4, {"kind": "repair"}, "closed", CHENJIANGUO, "dept_head")


@clause("S2-A15-13")
def test_who_did_the_work_does_not_verify_it() -> None:
    ask(S2, {"kind": "complaint"}, "verified", ZHOUMIN, "project_manager")
    with pytest.raises(Refused, match="处理人不得验证自己"):
        ask(S2, {"kind": "complaint"}, "verified", CHENJIANGUO, "repair_head")


@clause("S2-A14-5a")
def test_who_is_complained_about_does_not_answer_the_complaint() -> None:
    ask(S2, {"kind": "complaint"}, "fed-back", LIMIN, "csr")
    with pytest.raises(Refused, match="被投诉人不得反馈本件"):
        ask(S2, {"kind": "complaint"}, "fed-back", LIMIN, "csr", accused=True)
