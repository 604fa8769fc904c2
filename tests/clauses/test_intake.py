"""What each regulation wants of a registration is asked for and holds the case until it comes."""

from collections.abc import Callable
from typing import Any

import pytest

from shouwen.cases.actions import intake, working
from shouwen.cases.actions.intake import Told
from shouwen.cases.models import Case, Contact
from shouwen.cases.queries import visible_cases, visible_contacts
from shouwen.rules.refused import Refused
from tests.clauses.product import TEXT, Product
from tests.moments import moment

clause = pytest.mark.clause
S0, S1, S2 = "first-contact", "developer-aftersales", "service-centre"
S3, S4 = "complaint-procedure", "customer-communication"
Adopted = Callable[..., Product]
NOBODY = {"name": "", "phone": "", "address": ""}


def wish(
    mark: pytest.MarkDecorator, regulation: str, facts: dict[str, Any], before: str, *wanted: str
) -> Any:
    name = f"{regulation}-{'-'.join(map(str, facts.values()))}-{wanted[0]}"
    return pytest.param(regulation, facts, before, set(wanted), marks=mark, id=name)


COMPLAINT = {"kind": "complaint"}
WISHES = [
    wish(clause("S0-3.4-8"), S0, {"kind": "inquiry"}, "closed", "room", "name", "phone"),
    wish(clause("S0-3.4-11", "S0-3.4-21"), S0, COMPLAINT, "dispatched", "read-back"),
    wish(clause("S0-3.2-6"), S0, {"kind": "inquiry", "source": "oral"}, "dispatched", "heard_by"),
    wish(clause("S0-3.2-6"), S0, {"kind": "inquiry", "source": "letter"}, "closed", "scan"),
    wish(
        clause("S0-3.2-4"), S0, {"kind": "inquiry", "source": "company"}, "closed",
        "sender", "sender_number",
    ),
    wish(
        clause("S0-3.2-5"), S0, {"kind": "inquiry", "source": "committee"}, "closed",
        "sender", "sender_number",
    ),
    wish(clause("S0-3.3.3-1"), S0, {"kind": "help"}, "done", "help_result"),
    wish(
        clause("S1-2.4-1"), S1, {"kind": "other", "source": "industry-commerce"}, "closed",
        "sender", "sender_number",
    ),
    wish(clause("S1-1.2-0a", "S1-3.3-1"), S1, COMPLAINT, "dispatched", "stage"),
    wish(clause("S2-A15-2"), S2, {"kind": "suggestion"}, "dispatched", "name", "room", "phone"),
    wish(clause("S2-A15-2"), S2, COMPLAINT, "dispatched", "name", "room", "phone"),
    wish(clause("S2-A15-5"), S2, COMPLAINT, "dispatched", "cause"),
    wish(
        clause("S2-A17r-6"), S2, {"kind": "daily", "source": "letter-box"}, "dispatched", "heard_by"
    ),
    wish(
        clause("S2-HF2-6"), S2, {"kind": "daily", "source": "complaint-phone"}, "dispatched",
        "heard_by",
    ),
    wish(clause("S2-RP-1"), S2, {"kind": "repair"}, "done", "room", "phone"),
    wish(
        clause("S3-4.1-2"), S3, COMPLAINT, "dispatched",
        "heard", "asked", "repeated", "noted", "told-head",
    ),
    wish(clause("S3-4.1-1"), S3, COMPLAINT, "closed", "name", "phone", "room"),
    wish(clause("S3-4.2-1a"), S3, {"kind": "repair"}, "dispatched", "scope"),
    wish(clause("S4-4.4.2a-1"), S4, {"kind": "repair"}, "dispatched", "scope"),
    wish(
        clause("S4-4.4.1b-1", "S4-4.4.1a-0", "S4-4.4.1a-1", "S4-3.3-1"), S4, COMPLAINT, "closed",
        "business", "validity", "grade", "nature",
    ),
    wish(clause("S4-3.3-1"), S4, {"kind": "complaint", "nature": "claim"}, "closed", "claim"),
    wish(
        clause("S4-4.3.2-1", "S4-4.4.1c-2", "S4-4.3.2b-1"), S4,
        {"kind": "complaint", "source": "hotline-400"}, "dispatched", "handle_level",
    ),
]  # fmt: skip


def goes_up_to(product: Product, case: Case, before: str, wanted: set[str]) -> Callable[[], Any]:
    """Everything before the verb is done but what is wanted; the verb itself is given back."""
    left = tuple(wanted)
    if before == "dispatched":
        product.completes(case, "dispatched", left)
        return lambda: product.dispatches(case)
    if before == "done":
        product.completes(case, "dispatched", left)
        product.dispatches(case)
        product.completes(case, "done", left)
        return lambda: product.does(case)
    product.ends(case, left)
    return lambda: product.closes(case)


@pytest.mark.parametrize(("regulation", "facts", "before", "wanted"), WISHES)
def test_what_is_missing_is_listed_with_its_clause_and_stops_the_case_until_it_is_there(
    adopted: Adopted, regulation: str, facts: dict[str, Any], before: str, wanted: set[str]
) -> None:
    product = adopted(regulation)
    case = product.registers(told=NOBODY, **facts)
    urgent = bool(case.facts.get("urgent"))
    goes_on = goes_up_to(product, case, before, wanted)
    missing = product.lines(case, before)
    assert set(missing) == wanted
    assert all(line.clause and line.regulation for line in missing.values())
    if before == "closed" or not urgent:
        with pytest.raises(Refused) as refused:
            goes_on()
        assert all(line.title in refused.value.sentence for line in missing.values())
        assert refused.value.clause in {line.clause for line in missing.values()}
    product.completes(case, before)
    goes_on()
    assert product.entry(case, before).seq > 1


@clause("S0-3.4-11", "S0-3.4-21", "S3-4.1-2")
@pytest.mark.parametrize(("regulation", "tick"), [(S0, "read-back"), (S3, "repeated")])
def test_what_the_receiver_confirms_is_kept_with_name_and_time(
    adopted: Adopted, regulation: str, tick: str
) -> None:
    product = adopted(regulation)
    case = product.registers(told={"ticks": [tick]})
    assert case.contact.ticks == {tick: product.now.isoformat()}
    assert case.contact.received_by == product.cast.limin
    assert tick not in product.lines(case, "dispatched")


# --- Who may register, and when -------------------------------------------------------------------


@clause("S0-3.1-7", "S0-3.4-5")
@pytest.mark.parametrize("who", ["contractor", "engineer", "dept_head", "night_duty"])
def test_every_employee_and_contractor_can_report_and_the_clerks_see_it(
    adopted: Adopted, who: str
) -> None:
    product = adopted(S0)
    case = product.registers("complaint", by=who, text="业主说楼道灯坏了两天")
    assert case.contact.received_by == case.owner == product.people[who]
    assert case.contact.recorded_at == product.now
    assert case in visible_cases(product.scope("csr"))


@clause("S3-3.5-1")
def test_an_engineer_takes_a_complaint_and_passing_it_on_is_promised_and_timed(
    adopted: Adopted,
) -> None:
    product = adopted(S3)
    case = product.registers("complaint", by="engineer")
    promise = product.row(case, "dispatch-at-once")
    assert (promise.outcome, promise.clause) == ("", "4.2")
    product.completes(case, "dispatched")
    product.later(minutes=12)
    product.dispatches(case, "environment")
    promise.refresh_from_db()
    assert (promise.outcome, promise.ended_at) == ("met", product.now)


@clause("S2-JD-2")
@pytest.mark.parametrize("who", ["cs_head", "project_manager", "dept_head"])
def test_any_manager_receives_a_visitor_with_a_complaint(adopted: Adopted, who: str) -> None:
    product = adopted(S2)
    case = product.registers("complaint", by=who, source="front-desk")
    assert case.owner == product.people[who]
    assert product.row(case, "first-feedback-24h").due_at


@clause("S2-A15-3", "S2-HF2-7", "S0-3.3.2-1")
@pytest.mark.parametrize("regulation", [S0, S2])
def test_what_is_answered_at_once_is_kept_at_any_hour_and_customer_service_sees_it(
    adopted: Adopted, regulation: str
) -> None:
    product = adopted(regulation)
    product.now = moment("2026-11-19 02:40", "周四")
    said = Told(text="问快递放在哪里", source="front-desk", name="王女士", address="3栋2单元501")
    contact = intake.answer_at_once(
        project=product.cast.cuihu, told=said, answer="在门岗，已交给业主",
        **product.acts("night_duty"),
    )  # fmt: skip
    assert (contact.answer, contact.answered_at) == ("在门岗，已交给业主", product.now)
    assert contact.received_by == product.cast.gaofei
    assert not Case.objects.exists()
    assert contact in visible_contacts(product.scope("csr"))


@clause("S0-3.2-2")
def test_a_call_at_two_in_the_night_is_marked_and_found_in_the_morning(adopted: Adopted) -> None:
    product = adopted(S0)
    product.now = moment("2026-11-20 02:00", "周五")
    case = product.registers("inquiry", by="night_duty")
    assert case.facts["night"] is True
    product.now = moment("2026-11-20 08:30", "周五")
    mine = visible_contacts(product.scope("csr")).filter(night=True)
    assert [contact.cases.get() for contact in mine] == [case]


@clause("S0-3.4-12", "S2-A8-3b", "S0-3.4-9")
@pytest.mark.parametrize("regulation", [S0, S2])
def test_one_call_with_three_requests_gives_three_cases_of_one_contact(
    adopted: Adopted, regulation: str
) -> None:
    product = adopted(regulation)
    first = product.registers("repair")
    for kind in ("complaint", "suggestion"):
        told = Told(text=TEXT, facts={"kind": kind})
        intake.open_case(contact=first.contact, told=told, **product.acts("csr"))
    cases = list(Case.objects.order_by("pk"))
    assert [case.kind for case in cases] == ["repair", "complaint", "suggestion"]
    assert {case.contact for case in cases} == {first.contact}
    assert {case.customer_phone for case in cases} == {"13900000421"}
    assert Contact.objects.count() == 1


@clause("S0-3.4-20")
@pytest.mark.parametrize("kind", ["complaint", "suggestion", "opinion"])
def test_a_complaint_or_suggestion_is_in_process_from_the_first_moment(
    adopted: Adopted, kind: str
) -> None:
    product = adopted(S0)
    case = product.registers(kind)
    assert case.number
    assert case.is_open
    assert case.kind == kind
    assert [entry.verb for entry in case.journal.all()] == ["opened"]
    product.completes(case, "dispatched")
    product.dispatches(case)
    assert product.row(case, "instruction-taken").outcome == ""


@clause("S2-A1-10")
@pytest.mark.parametrize("kind", ["daily", "complaint", "suggestion"])
def test_daily_matters_complaints_and_suggestions_have_an_owner_and_a_state_until_closed(
    adopted: Adopted, kind: str
) -> None:
    product = adopted(S2)
    case = product.registers(kind)
    product.ends(case)
    assert case.status == "fed-back"
    product.closes(case)
    assert (case.status, case.owner) == ("closed", product.cast.limin)


# --- Where it comes from --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("regulation", "source", "level"),
    [
        *(
            pytest.param(S0, source, "project", marks=clause("S0-3.2-1"))
            for source in ("phone", "company", "committee", "oral", "letter")
        ),
        pytest.param(S0, "front-desk", "project", marks=clause("S0-3.2-1", "S0-3.2-3")),
        *(
            pytest.param(S2, source, "project", marks=clause("S2-RP-1"))
            for source in ("phone", "front-desk", "app", "oral")
        ),
        *(
            pytest.param(S4, source, level, marks=clause("S4-3.2-1", "S4-3.5-1", "S4-4.3.2a-1"))
            for source, level in (
                ("oral", "project"), ("phone", "project"), ("letter", "project"),
                ("platform", "project"), ("front-desk", "project"), ("notice", "project"),
                ("hotline-400", "company"), ("company", "company"),
            )
        ),
    ],
)  # fmt: skip
def test_each_channel_is_kept_on_contact_and_case_and_taken_by_its_level(
    adopted: Adopted, regulation: str, source: str, level: str
) -> None:
    product = adopted(regulation)
    case = product.registers("repair", source=source)
    assert case.contact.source == case.source == case.facts["source"] == source
    assert case.facts["level"] == level


@clause("S4-4.3.2-1", "S4-4.4.1c-1")
@pytest.mark.parametrize(
    ("who", "source"), [("hotline400", "hotline-400"), ("company_cs", "company")]
)
def test_a_complaint_taken_by_400_or_the_company_is_recorded_at_company_level(
    adopted: Adopted, who: str, source: str
) -> None:
    product = adopted(S4)
    case = product.registers("complaint", by=who, source=source)
    assert case.facts["level"] == "company"
    assert product.row(case, "company-route-decision").due_at
    assert "handle_level" in product.lines(case, "dispatched")


@clause("S1-2.4-1")
@pytest.mark.parametrize("source", ["consumer-association", "industry-commerce", "government"])
def test_what_an_authority_passes_on_is_urgent_and_nobody_lowers_it(
    adopted: Adopted, source: str
) -> None:
    product = adopted(S1)
    case = product.registers("complaint", source=source, urgent=False)
    assert case.urgent
    assert case.facts["transferred"]
    with pytest.raises(Refused, match="来源"):
        product.marks_urgent(case, urgent=False)
    assert case.urgent


@clause("S3-4.1-3")
def test_the_supervisor_is_told_of_a_complaint_by_name(adopted: Adopted) -> None:
    product = adopted(S3)
    product.registers("complaint", text="楼道三天没人打扫")
    assert any("楼道三天没人打扫" in subject for subject in product.told(product.cast.sunli))


@clause("S4-4.4.1c-5")
def test_the_project_manager_hears_of_a_general_complaint_at_once(adopted: Adopted) -> None:
    product = adopted(S4)
    product.registers("complaint", text="门岗态度不好")
    assert any("门岗态度不好" in subject for subject in product.told(product.cast.zhoumin))


@clause("S1-1.3-1")
def test_the_centre_of_a_project_acts_on_its_own_complaints_and_no_others(
    adopted: Adopted,
) -> None:
    product = adopted(S1)
    ours = product.registers("complaint")
    theirs = intake.register(
        project=product.cast.jingui, told=Told(text=TEXT, facts={"kind": "complaint"}),
        **product.acts(product.cast.jingui_clerk),
    )  # fmt: skip
    assert list(visible_cases(product.scope("csr"))) == [ours]
    with pytest.raises(Refused, match="没有找到"):
        working.note(case=theirs, text="跟进", **product.acts("csr"))
    with pytest.raises(Refused, match="没有这项权限"):
        intake.register(project=product.cast.jingui, told=Told(text=TEXT), **product.acts("csr"))
