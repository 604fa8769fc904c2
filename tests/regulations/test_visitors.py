"""Who may make the return visits of each regulation, and whom a new promise tells."""

from typing import Any

import pytest

from shouwen.adoption.examples import sample_calendar
from shouwen.rules.case_kinds import ReturnVisit
from shouwen.rules.commitments import Calendars, preview
from shouwen.rules.refused import Refused
from shouwen.rules.visits import require_visitors, visit_rules
from tests.regulations.stories import MORNING, book

Facts = dict[str, Any]
clause = pytest.mark.clause
S0, S2, S4 = "first-contact", "service-centre", "customer-communication"
MANAGER, CLERK, HEAD, ENGINEER = (
    ("0007", ["project_manager"]),
    ("0001", ["csr"]),
    ("0006", ["dept_head"]),
    ("0003", ["engineer"]),
)


def only(regulation: str, rule: str, facts: Facts) -> ReturnVisit:
    return next(found for _, found in visit_rules(book(regulation), facts) if found.id == rule)


@pytest.mark.parametrize(
    ("regulation", "rule", "facts", "right", "wrong"),
    [
        pytest.param(
            S2,
            "visit-major-complaint",
            {"kind": "complaint", "grade": "major"},
            [MANAGER],
            [CLERK],
            marks=clause("S2-A18-1a"),
        ),
        pytest.param(
            S2,
            "visit-general-complaint",
            {"kind": "complaint"},
            [HEAD, CLERK],
            [CLERK],
            marks=clause("S2-A18-1b"),
        ),
        pytest.param(
            S2,
            "visit-engineering-repair",
            {"kind": "repair", "origin": "engineering"},
            [CLERK],
            [MANAGER],
            marks=clause("S2-A18-2a"),
        ),
        pytest.param(
            S2,
            "visit-resident-repair",
            {"kind": "repair", "origin": "daily"},
            [CLERK],
            [MANAGER],
            marks=clause("S2-A18-3a"),
        ),
        pytest.param(
            S2,
            "visit-emergency-aid",
            {"kind": "emergency-aid"},
            [CLERK],
            [MANAGER],
            marks=clause("S2-A18-4a"),
        ),
        pytest.param(
            S0,
            "visit-by-service",
            {"kind": "inquiry"},
            [CLERK],
            [ENGINEER],
            marks=clause("S0-3.1-11"),
        ),
        pytest.param(
            S4,
            "complaint-visit-passed-down",
            {"kind": "complaint", "handle_level": "project"},
            [MANAGER],
            [CLERK],
            marks=clause("S4-4.4.1c-3"),
        ),
        pytest.param(
            S4,
            "complaint-visit-400",
            {"kind": "complaint", "source": "hotline-400"},
            [("0009", ["company_cs"])],
            [MANAGER],
            marks=clause("S4-4.4.1c-4"),
        ),
    ],
)
def test_only_the_visitors_of_the_clause_may_go(
    regulation: str, rule: str, facts: Facts, right: Any, wrong: Any
) -> None:
    visit = only(regulation, rule, facts)
    require_visitors(visit, right, ["0003"])
    with pytest.raises(Refused):
        require_visitors(visit, wrong, ["0003"])


def test_who_did_the_work_does_not_visit_unless_the_regulation_wants_it() -> None:
    with pytest.raises(Refused):
        require_visitors(only(S4, "complaint-visit", {"kind": "complaint"}), [CLERK], ["0001"])
    require_visitors(
        only(S2, "home-visit-by-handlers", {"kind": "complaint"}), [ENGINEER], ["0003"]
    )


@pytest.mark.parametrize(
    ("regulation", "facts", "commitment", "told"),
    [
        pytest.param(
            S4,
            {"kind": "complaint", "level": "project"},
            "complaint-same-day",
            "project_manager",
            marks=clause("S4-4.4.1c-5"),
        ),
        pytest.param(
            "developer-aftersales",
            {"kind": "complaint", "source": "government"},
            "authority-reported",
            "company_leader",
            marks=clause("S1-2.4-2"),
        ),
        pytest.param(
            "developer-aftersales",
            {"kind": "other", "source": "media"},
            "media-to-brand",
            "company_leader",
            marks=clause("S1-2.4-5"),
        ),
        pytest.param(
            S2,
            {"kind": "suggestion"},
            "suggestion-to-director",
            "project_manager",
            marks=clause("S2-JD-4a"),
        ),
        pytest.param(
            S2,
            {"kind": "repair"},
            "repair-told-to-duty-head",
            "repair_head",
            marks=clause("S2-RP-3"),
        ),
    ],
)
def test_registration_tells_whom_the_clause_names(
    regulation: str, facts: Facts, commitment: str, told: str
) -> None:
    made = preview(book(regulation), facts, MORNING, Calendars(sample_calendar()))
    assert told in next(promise.rule.tells for promise in made if promise.rule_id == commitment)
