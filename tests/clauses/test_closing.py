"""What each regulation wants done before a matter goes on: a verb is refused until it is there."""

from collections.abc import Callable
from typing import Any

import pytest

from shouwen.cases.actions import closing, contacting, working
from shouwen.cases.models import Case
from shouwen.rules.refused import Refused
from tests.clauses.product import Product

clause = pytest.mark.clause
S0, S1, S2 = "first-contact", "developer-aftersales", "service-centre"
S3, S4 = "complaint-procedure", "customer-communication"
Adopted = Callable[..., Product]
Wrong = Callable[[Product, Case], object]


def note(tag: str, by: str = "project_manager", *, signed: bool = False) -> Wrong:
    """A note that is not the one wanted."""
    return lambda product, case: working.note(
        case=case, text="另有记录", tag=tag, signed=signed, **product.acts(by)
    )


def verified(by: str, *, signed: bool = True) -> Wrong:
    return lambda product, case: working.verify(
        case=case, ok=True, opinion="属实", signed=signed, **product.acts(by)
    )


def contacted(product: Product, case: Case) -> object:
    return contacting.contact_customer(case=case, text="处理中", **product.acts("csr"))


def reported(product: Product, case: Case) -> object:
    return working.report_up(case=case, question="已处理", **product.acts("csr"))


#: What the product asks by default, and the same answer completes.
OURS = "default-sender-answered"
AUTHORITY = {"source": "consumer-association"}
CLASS_1: dict[str, Any] = {"cause": "class-1"}
MAIL: dict[str, Any] = {"business": "mail-lost"}
ABROAD = {"external": "yes"}


def line(
    mark: pytest.MarkDecorator, regulation: str, rule: str, facts: dict[str, Any], *wrong: Wrong
) -> Any:
    """A line of a checklist, the cases it is asked of, and what does not complete it."""
    name = "-".join((rule, *(str(v) for v in facts.values())))
    return pytest.param(regulation, rule, facts, wrong, marks=mark, id=name)


BEFORE_CLOSING = [
    line(
        clause("S0-3.1-4"), S0, "major-decided-by-manager", {"grade": "major"}, verified("cs_head")
    ),
    line(
        clause("S0-3.3.3-1"), S0, "refused-help-reviewed",
        {"kind": "help", "help_result": "impossible"}, verified("company_cs"),
    ),
    line(clause("S0-3.2-4"), S0, "sender-answered", {"source": "company"}),
    line(clause("S0-3.2-5"), S0, "sender-answered", {"source": "committee"}),
    line(clause("S1-3.1-3", "S1-2.3-6"), S1, "explained-to-customer", {}, note("soothe")),
    line(
        clause("S1-3.1-4"), S1, "coordinated-with-departments", {"grade": "crisis"}, note("explain")
    ),
    line(
        clause("S2-A15-13", "S2-A15-14", "S2-A15-24", "S2-A15-6"), S2, "result-verified", CLASS_1,
        verified("project_manager", signed=False),
    ),
    line(
        clause("S2-A15-18"), S2, "class-2-explained", {"cause": "class-2"}, note("coordinate"),
        contacted,
    ),
    line(clause("S2-A14-6"), S2, "apologised", {"grade": "serious"}, note("soothe"), contacted),
    line(clause("S2-JD-5b"), S2, "director-answered", {}, note("explain"), contacted),
    line(clause("S3-4.4-1"), S3, "external-explained", ABROAD, note("external")),
    line(clause("S3-4.4-2"), S3, "external-contacted", ABROAD, note("explain")),
    line(clause("S3-4.5-2b", "S3-4.2-4c"), S3, "complaint-rated", MAIL, contacted),
    line(clause("S3-4.5-2a"), S3, "complaint-rated", {"kind": "repair"}, contacted),
    line(
        clause("S4-4.4.1a-2c"), S4, "venting-explained",
        {"validity": "invalid", "invalid_type": "venting"}, note("plan"), contacted,
    ),
    line(
        clause("S4-4.4.1c-3"), S4, "project-reports-back",
        {"source": "company", "handle_level": "project"}, reported,
    ),
    line(
        clause("S4-4.4.2b-10"), S4, "repair-supervised", {"kind": "repair"}, verified("company_cs")
    ),
]  # fmt: skip


def registered(product: Product, facts: dict[str, Any]) -> Case:
    by = "cs_head" if "validity" in facts else "company_cs" if "handle_level" in facts else "csr"
    return product.registers(by=by, **{"kind": "complaint", **facts})


@pytest.mark.parametrize(("regulation", "rule", "facts", "wrong"), BEFORE_CLOSING)
def test_the_case_does_not_close_before_what_the_clause_wants_is_done(
    adopted: Adopted, regulation: str, rule: str, facts: dict[str, Any], wrong: tuple[Wrong, ...]
) -> None:
    product = adopted(regulation)
    case = registered(product, facts)
    product.ends(case, leave=[rule, OURS])
    for something_else in wrong:
        something_else(product, case)
    missing = {name: line for name, line in product.lines(case).items() if name != OURS}
    assert set(missing) == {rule}
    with pytest.raises(Refused) as refused:
        product.closes(case)
    assert missing[rule].title in refused.value.sentence
    assert refused.value.clause == missing[rule].clause != ""
    product.completes(case, "closed")
    product.closes(case)
    assert case.status == "closed"


@pytest.mark.parametrize(
    ("regulation", "rule", "facts", "wrong"),
    [
        line(clause("S2-A14-8"), S2, "investigated-before-done", {}, note("plan")),
        line(
            clause("S2-A15-9", "S2-A15-6"), S2, "content-described", CLASS_1, note("explain"),
        ),
        line(clause("S2-A15-9b"), S2, "cause-analysed", CLASS_1, note("opinion")),
        line(
            clause("S2-A15-10", "S2-A15-11"), S2, "plan-signed", CLASS_1, note("plan"),
            note("plan", "csr", signed=True),
        ),
        line(clause("S3-4.2-4b"), S3, "mail-records-checked", MAIL, note("explain")),
    ],
)  # fmt: skip
def test_the_work_is_not_reported_done_before_what_the_clause_wants_is_done(
    adopted: Adopted, regulation: str, rule: str, facts: dict[str, Any], wrong: tuple[Wrong, ...]
) -> None:
    product = adopted(regulation)
    case = product.registers(**facts)
    product.completes(case, "dispatched")
    product.dispatches(case)
    product.completes(case, "done", leave=[rule])
    for something_else in wrong:
        something_else(product, case)
    missing = product.lines(case, "done")
    assert set(missing) == {rule}
    with pytest.raises(Refused) as refused:
        product.does(case)
    assert missing[rule].title in refused.value.sentence
    assert refused.value.clause == missing[rule].clause
    product.completes(case, "done")
    assert product.does(case).status == "done"


@pytest.mark.parametrize(
    ("regulation", "rule", "facts", "wrong"),
    [
        line(clause("S1-2.4-3"), S1, "investigated-before-reply", AUTHORITY, note("resolution")),
        line(clause("S1-2.4-4"), S1, "resolution-before-reply", AUTHORITY, note("investigate")),
        line(
            clause("S4-4.4.1c-4"), S4, "second-visit-before-400", {"source": "hotline-400"},
            contacted,
        ),
    ],
)  # fmt: skip
def test_the_sender_is_not_answered_before_what_the_clause_wants_is_done(
    adopted: Adopted, regulation: str, rule: str, facts: dict[str, Any], wrong: tuple[Wrong, ...]
) -> None:
    product = adopted(regulation)
    case = product.registers(**facts)
    product.works(case)
    product.feeds_back(case)
    product.completes(case, "replied-sender", leave=[rule])
    for something_else in wrong:
        something_else(product, case)
    title = product.lines(case, "replied-sender")[rule].title

    def replies() -> Case:
        return contacting.reply_to_sender(case=case, text="处理情况", **product.acts("csr"))

    with pytest.raises(Refused, match=title):
        replies()
    product.completes(case, "replied-sender")
    replies()
    assert product.entry(case, "replied-sender").data["text"] == "处理情况"


@clause("S0-3.1-3", "S1-3.2-1", "S2-JD-5b", "S3-3.1-1", "S3-4.4-2", "S3-4.2-4c")
@pytest.mark.parametrize("regulation", [S0, S1, S2, S3])
def test_nothing_closes_before_the_customer_was_told_the_result(
    adopted: Adopted, regulation: str
) -> None:
    product = adopted(regulation)
    case = product.registers("complaint", **(MAIL if regulation == S3 else {}))
    product.works(case)
    told = [line for line in product.lines(case).values() if line.verb == "fed-back"]
    assert told
    assert told[0].clause
    contacted(product, case)
    with pytest.raises(Refused, match="反馈"):
        product.closes(case)
    product.feeds_back(case)
    entry = product.entry(case, "fed-back")
    assert (entry.at, entry.data["channel"], entry.data["text"]) == (
        product.now, "phone", "已告知结果"
    )  # fmt: skip
    product.completes(case, "closed")
    product.closes(case)


@clause("S1-3.2-1")
def test_a_complaint_of_s1_walks_from_being_heard_to_being_filed(adopted: Adopted) -> None:
    product = adopted(S1)
    case = product.registers("complaint", stage="handover")
    working.note(case=case, text="已核实", tag="investigate", **product.acts("csr"))
    product.dispatches(case)
    contacting.urge(case=case, text="督办", by_customer=False, **product.acts("csr"))
    product.does(case)
    product.feeds_back(case)
    product.visits(case, "complaint-satisfaction")
    product.completes(case, "closed")
    product.closes(case)
    verbs = [entry.verb for entry in case.journal.order_by("seq")]
    steps = ("opened", "noted", "dispatched", "urged", "done", "fed-back", "visited", "closed")
    assert [verb for verb in verbs if verb in steps if verb != "noted"] == [
        step for step in steps if step != "noted"
    ]


@clause("S1-2.3-6", "S1-3.1-4")
def test_explaining_soothing_and_coordinating_stand_in_the_story_each_with_its_words(
    adopted: Adopted,
) -> None:
    product = adopted(S1)
    case = product.registers("complaint")
    said = {"explain": "解释了交楼标准", "soothe": "安抚情绪", "coordinate": "与工程部商定"}
    for tag, text in said.items():
        working.note(case=case, text=text, tag=tag, **product.acts("csr"))
    kept = {entry.data["tag"]: entry.data["text"] for entry in case.journal.filter(verb="noted")}
    assert kept == said


# --- Signatures, and who may ----------------------------------------------------------------------


@clause("S3-4.5-2a")
def test_a_repair_is_closed_only_with_the_signature_of_the_customer(adopted: Adopted) -> None:
    product = adopted(S3)
    case = product.registers("repair", scope="home", fee="free")
    product.dispatches(case)
    working.report_done(case=case, text="已换", **product.acts("engineer"))
    product.feeds_back(case)
    product.visits(case, "rating-asked")
    assert set(product.lines(case)) == {"repair-signed"}
    with pytest.raises(Refused, match="签名"):
        product.closes(case)
    closing.reopen(case=case, reason="补签", channel="visit", **product.acts("csr"))
    product.ends(case)
    assert product.closes(case).status == "closed"


@clause("S0-3.1-4")
def test_only_the_manager_closes_a_major_complaint(adopted: Adopted) -> None:
    product = adopted(S0)
    case = product.registers("complaint", grade="major")
    product.ends(case)
    with pytest.raises(Refused, match="重大投诉由经理同意关闭"):
        product.closes(case, "csr")
    assert product.closes(case, "project_manager").status == "closed"


@clause("S4-4.4.1c-6")
def test_a_complaint_is_followed_by_customer_service_until_it_is_closed(adopted: Adopted) -> None:
    product = adopted(S4)
    case = product.registers("complaint")
    product.ends(case)
    for who in ("dept_head", "engineer", "repair_head"):
        with pytest.raises(Refused):
            product.closes(case, who)
    assert product.closes(case, "csr").status == "closed"


@clause("S2-A15-13")
def test_who_did_the_work_does_not_verify_it(adopted: Adopted) -> None:
    product = adopted(S2)
    case = product.registers(**CLASS_1)
    product.completes(case, "dispatched")
    product.dispatches(case)
    product.accepts(case, "repair_head")
    product.completes(case, "done")
    product.does(case)
    with pytest.raises(Refused, match="处理人不"):
        verified("repair_head")(product, case)
    verified("project_manager")(product, case)
