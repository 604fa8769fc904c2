"""Where a matter goes by each regulation, who may send it there, and how it is handed on."""

from collections.abc import Callable
from typing import Any

import pytest

from shouwen.accounts.actions import create_unit
from shouwen.cases.actions import contacting, dispatching, ownership, working
from shouwen.cases.actions.classifying import classify
from shouwen.cases.models import Case
from shouwen.cases.queries import visible_cases
from shouwen.rules.refused import Refused
from tests.clauses.product import Product

clause = pytest.mark.clause
S0, S1, S2 = "first-contact", "developer-aftersales", "service-centre"
S3, S4 = "complaint-procedure", "customer-communication"
Adopted = Callable[..., Product]


def proposed(product: Product, case: Case) -> str:
    """The department that the form of dispatching has chosen already, and its clause beside it."""
    page = product.looks("csr", "cases:verb", case.number, "dispatch")
    field = page.context["form"].fields["lead"]
    assert field.help_text
    return str(field.initial)


@pytest.mark.parametrize(
    ("regulation", "facts", "function"),
    [
        pytest.param(S0, {"kind": "repair"}, "engineering", marks=clause("S0-3.4-32")),
        pytest.param(S0, {"kind": "lost-found"}, "security", marks=clause("S0-3.4-32")),
        pytest.param(S0, {"kind": "payment"}, "finance", marks=clause("S0-3.4-32")),
        pytest.param(
            S2, {"kind": "daily", "source": "letter-box"}, "office", marks=clause("S2-A17r-6")
        ),
        pytest.param(
            S2, {"kind": "daily", "source": "complaint-phone"}, "office", marks=clause("S2-HF2-6")
        ),
        pytest.param(S2, {"kind": "repair"}, "engineering", marks=clause("S2-RP-3")),
        pytest.param(S3, {"kind": "repair"}, "engineering", marks=clause("S3-3.2-1", "S3-4.2-1A1")),
        pytest.param(S3, {"business": "facility-fault"}, "engineering", marks=clause("S3-3.2-1")),
        pytest.param(S3, {"business": "security"}, "security", marks=clause("S3-3.3-1")),
        pytest.param(S3, {"business": "intruders"}, "security", marks=clause("S3-4.2-3c")),
        pytest.param(S3, {"business": "mail-late"}, "security", marks=clause("S3-4.2-4b")),
        pytest.param(S3, {"business": "public-cleaning"}, "environment", marks=clause("S3-3.4-1")),
        pytest.param(S3, {"business": "public-greening"}, "environment", marks=clause("S3-3.4-1")),
    ],
)  # fmt: skip
def test_the_department_of_the_clause_is_proposed_and_gets_the_matter(
    adopted: Adopted, regulation: str, facts: dict[str, Any], function: str
) -> None:
    product = adopted(regulation)
    for above in ("finance", "office"):
        create_unit(
            kind="department", code=f"GS-{above}", name=above, parent=product.cast.jinxiu,
            function=above,
        )  # fmt: skip
    case = product.registers(**facts)
    code = proposed(product, case)
    assert code.endswith(function)
    product.completes(case, "dispatched")
    product.dispatches_to(case, code)
    assert case.department
    assert case.department.code == code


@clause("S3-4.2-1A1")
def test_the_front_desk_sends_a_repair_to_engineering_without_anybody_else(
    adopted: Adopted,
) -> None:
    product = adopted(S3)
    case = product.registers("repair", scope="home", fee="free")
    product.dispatches(case)
    assert [entry.verb for entry in case.journal.order_by("seq")] == ["opened", "dispatched"]
    assert case in visible_cases(product.scope("engineer"))


@clause("S0-3.1-9")
@pytest.mark.parametrize("verb", ["classify", "dispatch", "feed_back"])
def test_only_customer_service_classifies_dispatches_and_feeds_back(
    adopted: Adopted, verb: str
) -> None:
    product = adopted(S0)
    case = product.registers("repair")
    product.completes(case, "dispatched")
    if verb == "feed_back":
        product.works(case)
    else:
        product.dispatches(case)
    environment = product.department("environment")
    doing: dict[str, Callable[[str], object]] = {
        "classify": lambda who: classify(
            case=case, facts={"kind": "complaint"}, **product.acts(who)
        ),
        "dispatch": lambda who: dispatching.dispatch(
            case=case, lead=None, assist=[environment], **product.acts(who)
        ),
        "feed_back": lambda who: contacting.feed_back(case=case, text="已修", **product.acts(who)),
    }
    for who in ("engineer", "repair_head"):
        with pytest.raises(Refused) as refused:
            doing[verb](who)
        assert refused.value.code in ("not-allowed", "regulation-forbids")
    doing[verb]("csr")
    last = case.journal.latest("seq")
    assert (last.by, last.at) == (product.cast.limin, product.now)


@clause("S3-3.2-1", "S3-3.3-1", "S3-3.4-1")
@pytest.mark.parametrize(
    ("business", "function", "other"),
    [
        ("facility-damage", "engineering", "security"),
        ("security", "security", "environment"),
        ("public-cleaning", "environment", "engineering"),
    ],
)
def test_another_department_than_the_first_needs_a_reason(
    adopted: Adopted, business: str, function: str, other: str
) -> None:
    product = adopted(S3)
    case = product.registers(business=business)
    product.completes(case, "dispatched")
    product.dispatches(case, function)
    to = product.department(other)
    with pytest.raises(Refused, match="写明理由"):
        dispatching.transfer(case=case, to=to, reason=" ", **product.acts("csr"))
    dispatching.transfer(case=case, to=to, reason="不属本部门", **product.acts("csr"))
    assert case.department == to
    assert product.entry(case, "transferred").data["reason"] == "不属本部门"


@clause("S0-3.4-30", "S0-3.3.4-1", "S2-STD5-8")
@pytest.mark.parametrize("regulation", [S0, S2])
def test_what_one_department_cannot_do_is_recorded_and_handed_on_with_its_owner(
    adopted: Adopted, regulation: str
) -> None:
    product = adopted(regulation)
    case = product.registers("complaint")
    product.completes(case, "dispatched")
    product.dispatches(case)
    to = product.department("security")
    dispatching.transfer(case=case, to=to, reason="属护管部", **product.acts("csr"))
    assert (case.owner, case.department) == (product.cast.limin, to)
    assert case.contact.text == case.text
    if regulation == S0:
        taken = product.row(case, "transfer-taken")
        assert (taken.department, taken.outcome) == (to, "")
        assert taken.due_at


@clause("S4-4.3.6a-5")
def test_the_head_of_service_moves_ranks_and_presses_any_matter_of_the_project(
    adopted: Adopted,
) -> None:
    product = adopted(S4)
    case = product.registers("repair", scope="home")
    product.dispatches(case)
    head = product.cast.sunli
    assert head not in (case.owner, case.assignee)
    product.marks_urgent(case, by=head)
    contacting.urge(case=case, text="请今天完成", by_customer=False, **product.acts(head))
    to = product.department("environment")
    dispatching.transfer(case=case, to=to, reason="重新安排", **product.acts(head))
    assert (case.department, case.urgent) == (to, True)
    assert {entry.by for entry in case.journal.filter(seq__gt=2)} == {head}


@clause("S3-3.1-1", "S1-1.2-2")
@pytest.mark.parametrize("regulation", [S1, S3])
def test_customer_service_chases_a_complaint_and_every_time_stands_in_its_story(
    adopted: Adopted, regulation: str
) -> None:
    product = adopted(regulation)
    case = product.registers("complaint", text="楼道没人打扫")
    product.completes(case, "dispatched")
    product.dispatches(case, "environment")
    for text in ("今天能完成吗", "客户又来电"):
        product.later(hours=1)
        contacting.urge(case=case, text=text, **product.acts("csr"))
    assert [e.data["text"] for e in case.journal.filter(verb="urged").order_by("seq")] == [
        "今天能完成吗", "客户又来电"
    ]  # fmt: skip
    assert sum("催办" in subject for subject in product.told(product.cast.wuqiang)) == 2
    with pytest.raises(Refused, match="先向客户反馈"):
        product.closes(case)


# --- The owner ------------------------------------------------------------------------------------


@clause("S0-3.1-1", "S1-3.1-7")
@pytest.mark.parametrize("regulation", [S0, S1])
def test_a_complaint_is_never_without_an_owner_from_opening_to_closing(
    adopted: Adopted, regulation: str
) -> None:
    product = adopted(regulation)
    case = product.registers("complaint")
    owners = [case.owner]
    for step in (product.ends, product.closes, product.reopens, product.ends, product.closes):
        step(case)
        case.refresh_from_db()
        owners.append(case.owner)
    assert owners == [product.cast.limin] * 6
    verbs = set(case.journal.values_list("verb", flat=True))
    assert verbs >= {"opened", "dispatched", "done", "fed-back", "closed", "reopened"}


@clause("S0-3.1-5", "S0-3.1-6")
def test_somebody_may_act_for_the_owner_and_hands_back_saying_what_was_done(
    adopted: Adopted,
) -> None:
    product = adopted(S0)
    case = product.registers("complaint")
    wangfang = product.cast.wangfang
    with pytest.raises(Refused, match="写明原因"):
        ownership.delegate(case=case, to=wangfang, reason="", **product.acts("csr"))
    ownership.delegate(case=case, to=wangfang, reason="换班", **product.acts("csr"))
    entry = product.entry(case, "delegated")
    assert (entry.data["name"], entry.data["reason"], entry.at) == ("王芳", "换班", product.now)
    assert (case.owner, case.delegate) == (product.cast.limin, wangfang)
    with pytest.raises(Refused, match="具体处理情况"):
        ownership.hand_back(case=case, text=" ", **product.acts(wangfang))
    ownership.hand_back(case=case, text="已约明天上门", **product.acts(wangfang))
    assert (case.owner, case.delegate) == (product.cast.limin, None)
    assert any("代办已交回" in subject for subject in product.told(product.cast.limin))


# --- Asking upwards -------------------------------------------------------------------------------


@clause("S0-3.3.2-2", "S2-STD5-10a")
@pytest.mark.parametrize(
    ("regulation", "to"), [(S0, "cs_head"), (S0, "project_manager"), (S2, "cs_head")]
)
def test_a_question_goes_up_and_its_answer_comes_back_to_the_asker_and_to_the_customer(
    adopted: Adopted, regulation: str, to: str
) -> None:
    product = adopted(regulation)
    case = product.registers("complaint")
    working.report_up(case=case, question="能否免费更换？", to=to, **product.acts("csr"))
    assert any("请示" in subject for subject in product.told(product.people[to]))
    product.later(minutes=20)
    working.answer_question(case=case, text="可以免费", **product.acts(to))
    assert any("请示已答复" in subject for subject in product.told(product.cast.limin))
    contacting.contact_customer(case=case, text="可以免费更换", **product.acts("csr"))
    said = [e.data["text"] for e in case.journal.order_by("seq") if e.verb != "opened"]
    assert said == ["能否免费更换？", "可以免费", "可以免费更换"]


@clause("S2-A14-3")
def test_who_receives_a_complaint_explains_within_his_authority_and_asks_upwards_beyond_it(
    adopted: Adopted,
) -> None:
    product = adopted(S2)
    case = product.registers("complaint")
    contacting.contact_customer(case=case, text="按公约解释了装修时间", **product.acts("csr"))
    with pytest.raises(Refused, match="项目经理"):
        working.answer_question(case=case, text="减免一个月", **product.acts("csr"))
    working.report_up(case=case, question="能否减免？", to="project_manager", **product.acts("csr"))
    working.answer_question(case=case, text="按规定不能减免", **product.acts("project_manager"))
    verbs = list(case.journal.order_by("seq").values_list("verb", flat=True))
    assert verbs == ["opened", "customer-contacted", "reported", "answered"]


@clause("S2-HR-6")
def test_an_incident_is_reported_upwards_with_its_own_time_and_that_of_the_report(
    adopted: Adopted,
) -> None:
    product = adopted("service-centre", "staff-handbook")
    case = product.registers("complaint")
    began = product.now
    product.later(minutes=30)
    working.report_up(case=case, question="水管爆裂，已关阀", happened=began, **product.acts("csr"))
    entry = product.entry(case, "reported")
    assert (entry.at, entry.recorded_at) == (began, product.now)
    assert any("请示" in subject for subject in product.told(product.cast.sunli))


# --- Who is complained about ----------------------------------------------------------------------


@clause("S2-A14-5a")
@pytest.mark.parametrize(
    ("accused", "superior"),
    [("何伟", "repair_head"), ("刘强", "project_manager"), ("环境部", "project_manager")],
)
def test_a_complaint_about_somebody_reaches_the_one_above_and_not_him(
    adopted: Adopted, accused: str, superior: str
) -> None:
    product = adopted(S2)
    told = {"details": {"accused": accused}}
    product.registers("complaint", text="师傅态度不好", told=told)
    above = product.people[superior]
    assert "投诉涉及您的下属：师傅态度不好" in product.told(above)
    people = (product.cast.hewei, product.cast.liuqiang, product.cast.wuqiang)
    for person in people:
        if person != above:
            assert not any("投诉涉及" in subject for subject in product.told(person))


@clause("S2-A14-5a")
@pytest.mark.parametrize("accused", ["王芳", "客服部"])
def test_who_is_complained_about_does_not_answer_the_complaint(
    adopted: Adopted, accused: str
) -> None:
    product = adopted(S2)
    case = product.registers("complaint", told={"details": {"accused": accused}})
    product.works(case)
    with pytest.raises(Refused, match="被投诉人不得反馈本件"):
        contacting.feed_back(case=case, text="已处理", **product.acts(product.cast.wangfang))
    contacting.feed_back(case=case, text="已处理", **product.acts("project_manager"))
    assert case.status == "fed-back"
