"""What each regulation wants in the journal before a case may go on."""

from typing import Any

import pytest

from shouwen.rules.closing import checklist, require_complete
from shouwen.rules.journal import Entry
from shouwen.rules.refused import Refused
from tests.regulations.stories import CHENJIANGUO, ZHOUMIN, book, entry, story, work_done

Facts = dict[str, Any]
clause = pytest.mark.clause
S0, S1, S2 = "first-contact", "developer-aftersales", "service-centre"
S3, S4 = "complaint-procedure", "customer-communication"
HEAD = ("dept_head",)


def note(tag: str, by: str = ZHOUMIN, **more: Any) -> Entry:
    return entry("noted", by, tag=tag, text="已办", **more)


def line(
    mark: pytest.MarkDecorator, regulation: str, rule: str, facts: Facts, good: Entry, *bad: Entry
) -> Any:
    """A closing line, an entry that completes it and entries that do not."""
    return pytest.param(regulation, rule, facts, good, bad, marks=mark)


COMPLAINT: Facts = {"kind": "complaint"}
CLASS_1: Facts = {"kind": "complaint", "cause": "class-1"}
AUTHORITY: Facts = {"kind": "complaint", "source": "consumer-association"}
MAIL: Facts = {"kind": "complaint", "business": "mail-lost"}
ABROAD: Facts = {"kind": "complaint", "external": "yes"}
REPAIR: Facts = {"kind": "repair"}


@pytest.mark.parametrize(
    ("regulation", "rule", "facts", "good", "bad"),
    [
        line(
            clause("S0-3.1-3"),
            S0,
            "fed-back-to-customer",
            {"kind": "inquiry"},
            entry("fed-back"),
            entry("customer-contacted"),
        ),
        line(
            clause("S0-3.1-4"),
            S0,
            "major-decided-by-manager",
            {"kind": "complaint", "grade": "major"},
            entry("verified", ZHOUMIN),
            entry("verified"),
        ),
        line(
            clause("S0-3.3.3-1"),
            S0,
            "refused-help-reviewed",
            {"kind": "help", "help_result": "impossible"},
            entry("verified", ZHOUMIN),
            entry("verified"),
        ),
        line(
            clause("S0-3.2-4"),
            S0,
            "sender-answered",
            {"kind": "complaint", "source": "company"},
            entry("replied-sender"),
            entry("fed-back"),
        ),
        line(
            clause("S0-3.2-5"),
            S0,
            "sender-answered",
            {"kind": "complaint", "source": "committee"},
            entry("replied-sender"),
            entry("fed-back"),
        ),
        line(
            clause("S1-3.1-3", "S1-2.3-6"),
            S1,
            "explained-to-customer",
            COMPLAINT,
            note("explain"),
            note("soothe"),
        ),
        line(
            clause("S1-3.1-4"),
            S1,
            "coordinated-with-departments",
            {"kind": "complaint", "grade": "crisis"},
            note("coordinate"),
            note("explain"),
        ),
        line(
            clause("S1-3.2-1"),
            S1,
            "result-fed-back",
            COMPLAINT,
            entry("fed-back"),
            entry("customer-contacted"),
        ),
        line(
            clause("S1-2.4-3"),
            S1,
            "investigated-before-reply",
            AUTHORITY,
            note("investigate"),
            note("explain"),
        ),
        line(
            clause("S1-2.4-4"),
            S1,
            "resolution-before-reply",
            AUTHORITY,
            note("resolution"),
            note("investigate"),
        ),
        line(
            clause("S2-A14-8"),
            S2,
            "investigated-before-done",
            COMPLAINT,
            note("investigate"),
            note("plan"),
        ),
        line(
            clause("S2-A15-9"),
            S2,
            "content-described",
            CLASS_1,
            note("opinion"),
            note("opinion", CHENJIANGUO),
        ),
        line(clause("S2-A15-9b"), S2, "cause-analysed", CLASS_1, note("analyse"), note("opinion")),
        line(
            clause("S2-A15-10", "S2-A15-11"),
            S2,
            "plan-signed",
            CLASS_1,
            note("plan", signed=True),
            note("plan"),
            note("plan", CHENJIANGUO, signed=True),
        ),
        line(
            clause("S2-A15-13", "S2-A15-14"),
            S2,
            "result-verified",
            CLASS_1,
            entry("verified", ZHOUMIN, signed=True),
            entry("verified", ZHOUMIN),
            entry("verified", CHENJIANGUO, signed=True),
        ),
        line(
            clause("S2-A15-18"),
            S2,
            "class-2-explained",
            {"kind": "complaint", "cause": "class-2"},
            note("explain"),
            note("coordinate"),
        ),
        line(
            clause("S2-A14-6"),
            S2,
            "apologised",
            {"kind": "complaint", "grade": "serious"},
            note("apologise"),
            note("soothe"),
        ),
        line(
            clause("S2-JD-5b"),
            S2,
            "resident-answered",
            COMPLAINT,
            entry("fed-back"),
            entry("customer-contacted"),
        ),
        line(
            clause("S2-JD-5b"),
            S2,
            "director-answered",
            COMPLAINT,
            note("report-director"),
            entry("fed-back"),
        ),
        line(
            clause("S3-4.2-4b"),
            S3,
            "mail-records-checked",
            MAIL,
            note("records-checked"),
            note("explain"),
        ),
        line(clause("S3-4.2-4c"), S3, "mail-answered", MAIL, entry("fed-back"), note("explain")),
        line(
            clause("S3-4.4-1"), S3, "external-explained", ABROAD, note("explain"), note("external")
        ),
        line(
            clause("S3-4.4-2"), S3, "external-contacted", ABROAD, note("external"), note("explain")
        ),
        line(clause("S3-4.4-2"), S3, "result-told", COMPLAINT, entry("fed-back"), note("explain")),
        line(
            clause("S3-4.5-2a"),
            S3,
            "repair-signed",
            REPAIR,
            entry("done", CHENJIANGUO, signed=True),
            entry("done", CHENJIANGUO),
        ),
        line(
            clause("S3-4.5-2b"),
            S3,
            "complaint-rated",
            COMPLAINT,
            entry("visited", rule="rating-asked"),
            entry("visited", rule="another"),
        ),
        line(
            clause("S4-4.4.1a-2c"),
            S4,
            "venting-explained",
            {"kind": "complaint", "validity": "invalid", "invalid_type": "venting"},
            note("explain"),
            note("plan"),
        ),
        line(
            clause("S4-4.4.1c-3"),
            S4,
            "project-reports-back",
            {"kind": "complaint", "level": "company", "handle_level": "project"},
            entry("reported", ZHOUMIN),
            entry("reported"),
        ),
        line(
            clause("S4-4.4.1c-4"),
            S4,
            "second-visit-before-400",
            {"kind": "complaint", "source": "hotline-400"},
            entry("visited", rule="complaint-visit-400"),
            entry("visited", rule="complaint-visit"),
        ),
        line(
            clause("S4-4.4.2b-10"),
            S4,
            "repair-supervised",
            REPAIR,
            entry("verified", "0005", ("repair_head",)),
            entry("verified", CHENJIANGUO, ("repair_head",)),
            entry("verified"),
        ),
    ],
)
def test_the_line_stays_open_until_the_right_thing_is_in_the_journal(
    regulation: str, rule: str, facts: Facts, good: Entry, bad: tuple[Entry, ...]
) -> None:
    rulebook = book(regulation)
    (before,) = {
        closing.before for closing in rulebook.by_id[regulation].closing if closing.id == rule
    }

    def done(*entries: Entry) -> bool:
        lines = checklist(rulebook, story(facts, work_done(), *entries), before)
        return next(line.done for line in lines if line.id == rule)

    assert not done()
    assert not done(*bad)
    assert done(*bad, good)


@pytest.mark.parametrize(
    ("regulation", "rule", "facts"),
    [
        (S0, "major-decided-by-manager", {"kind": "complaint", "grade": "general"}),
        (S1, "resolution-before-reply", {"kind": "complaint", "source": "front-desk"}),
        (S2, "apologised", {"kind": "complaint", "grade": "general"}),
        (S2, "plan-signed", {"kind": "complaint", "cause": "class-3"}),
        (S3, "external-explained", {"kind": "complaint", "external": "no"}),
        (S4, "second-visit-before-400", {"kind": "complaint", "source": "phone"}),
        (S4, "venting-explained", {"kind": "complaint", "validity": "valid"}),
    ],
)
def test_the_line_is_not_asked_of_other_cases(regulation: str, rule: str, facts: Facts) -> None:
    for before in ("closed", "done", "replied-sender"):
        assert rule not in {line.id for line in checklist(book(regulation), story(facts), before)}


def test_a_complaint_closes_when_its_regulation_has_everything() -> None:
    facts: Facts = {"kind": "complaint", "source": "front-desk", "grade": "general"}
    entries = story(facts, work_done(), details={"name": "王", "phone": "1", "room": "3-2-501"})
    entries[0].data["facts"].update(business="other")
    with pytest.raises(Refused, match="处理结果反馈投诉人"):
        require_complete(book(S3), entries)
    entries += [entry("fed-back"), entry("visited", rule="rating-asked", result="satisfied")]
    require_complete(book(S3), entries)
