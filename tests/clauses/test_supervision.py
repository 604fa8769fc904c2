"""Who sees and supervises what: the company bound by its regulation, the line above a project."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from shouwen.accounts.models import Staff
from shouwen.adoption.actions import adopt
from shouwen.cases.actions import intake, working
from shouwen.cases.actions.classifying import classify
from shouwen.cases.actions.intake import Told
from shouwen.cases.actions.stocktaking import confirm_stock_take
from shouwen.cases.models import Case, StockTake
from shouwen.cases.queries import visible_cases, visible_commitments, visible_contacts
from shouwen.rules.refused import Refused
from tests.cast import FOUNDED
from tests.clauses.product import TEXT, Product

clause = pytest.mark.clause
S0, S1, S2, S4 = (
    "first-contact", "developer-aftersales", "service-centre", "customer-communication",
)  # fmt: skip
Adopted = Callable[..., Product]


def everywhere(product: Product) -> list[Case]:
    """A complaint in each of the three projects of the two companies."""
    cast = product.cast
    said = Told(text=TEXT, facts={"kind": "complaint"})
    desks: list[tuple[Staff, str]] = [
        (cast.limin, "cuihu"), (cast.jingui_clerk, "jingui"), (cast.jiangnan_clerk, "jiangnan"),
    ]  # fmt: skip
    return [
        intake.register(project=getattr(cast, project), told=said, **product.acts(clerk))
        for clerk, project in desks
    ]


@clause("S0-2-1")
def test_a_regulation_of_one_company_binds_all_its_projects_and_no_other_company(
    adopted: Adopted,
) -> None:
    product = adopted()
    adopt(
        unit=product.cast.jinxiu, regulation=S0, since=FOUNDED + timedelta(minutes=5)
    )  # fmt: skip
    ours, ours_too, theirs = everywhere(product)
    for case in (ours, ours_too):
        assert "read-back" in product.lines(case, "dispatched")
    assert "read-back" not in product.lines(theirs, "dispatched")
    assert S0 not in set(theirs.commitments.values_list("regulation", flat=True))


@clause("S4-1-2")
def test_a_company_follows_its_group_and_may_only_be_stricter(adopted: Adopted) -> None:
    product = adopted()
    since = FOUNDED + timedelta(minutes=5)
    adopt(unit=product.cast.group, regulation=S4, since=since)

    def own(minutes: int) -> None:
        due = {"repair-dispatch": {"due": [{"within": f"{minutes} minutes"}]}}
        later = since + timedelta(minutes=1)
        adopt(unit=product.cast.jinxiu, regulation=S4, since=later, tightened=due)

    with pytest.raises(Refused, match="只能比上级更严"):
        own(15)
    own(5)
    ours = product.registers("repair")
    theirs = intake.register(
        project=product.cast.jiangnan, told=Told(text=TEXT, facts={"kind": "repair"}),
        **product.acts(product.cast.jiangnan_clerk),
    )  # fmt: skip
    for case, minutes in ((ours, 5), (theirs, 10)):
        assert product.row(case, "repair-dispatch").due_at == product.now + timedelta(
            minutes=minutes
        )


@clause("S1-1-0")
def test_what_projects_do_is_seen_by_their_region_and_by_the_group(adopted: Adopted) -> None:
    product = adopted()
    cuihu, jingui, jiangnan = everywhere(product)
    seen = {
        who: list(visible_cases(product.scope(who)).order_by("pk"))
        for who in ("csr", "company_cs", "hq_cs")
    }
    assert seen == {
        "csr": [cuihu],
        "company_cs": [cuihu, jingui],
        "hq_cs": [cuihu, jingui, jiangnan],
    }


@clause("S2-A1-1")
def test_the_head_of_the_centre_sees_all_customer_service_of_the_estate(adopted: Adopted) -> None:
    product = adopted(S2)
    cases = [
        product.registers(kind, by=who)
        for kind, who in (("complaint", "csr"), ("repair", "engineer"), ("daily", "contractor"))
    ]
    head = product.scope("cs_head")
    assert list(visible_cases(head).order_by("pk")) == cases
    assert [contact.cases.get() for contact in visible_contacts(head).order_by("pk")] == cases
    assert {row.case for row in visible_commitments(head)} >= set(cases[:2])
    assert list(visible_cases(product.scope("contractor"))) == [cases[2]]


@clause("S1-3.1-6", "S1-1.1-3")
def test_the_group_hears_of_a_crisis_at_once_follows_it_and_leaves_its_advice(
    adopted: Adopted,
) -> None:
    product = adopted(S1)
    case = product.registers("complaint", text="集体到销售中心")
    assert product.told(product.cast.qianhong) == []
    classify(case=case, facts={"grade": "crisis"}, **product.acts("csr"))
    assert any("集体到销售中心" in subject for subject in product.told(product.cast.qianhong))
    page = product.looks("hq_cs", "cases:case", case.number)
    assert "危机事件" in page.content.decode()
    working.note(case=case, text="先安排专人接待", tag="supervise", **product.acts("hq_cs"))
    entry = product.entry(case, "noted")
    assert (entry.by, entry.at) == (product.cast.qianhong, product.now)


@clause("S2-JD-3b")
def test_what_the_desk_cannot_solve_goes_to_the_director_who_must_say_something(
    adopted: Adopted,
) -> None:
    product = adopted(S2)
    case = product.registers("complaint")
    opinion = "无法当场解决，建议更换外墙材料"
    working.report_up(case=case, question=opinion, to="project_manager", **product.acts("csr"))
    assert any("请示" in subject for subject in product.told(product.cast.zhoumin))
    with pytest.raises(Refused, match="写下答复"):
        working.answer_question(case=case, text=" ", **product.acts("project_manager"))
    with pytest.raises(Refused):
        working.answer_question(case=case, text="同意", **product.acts("csr"))
    working.answer_question(case=case, text="同意", **product.acts("project_manager"))
    assert product.entry(case, "answered").data["text"] == "同意"


@clause("S4-4.3.2a-3")
def test_headquarters_lists_the_complaints_of_all_projects_that_are_late_and_open(
    adopted: Adopted,
) -> None:
    product = adopted()
    cases = everywhere(product)
    repair = product.registers("repair")
    asked = {"kind": "complaint", "status": "open", "of": "group"}
    early = product.looks("hq_cs", "cases:list", late="on", **asked).content.decode()
    assert not any(case.number in early for case in cases)
    product.later(hours=30)
    late = product.looks("hq_cs", "cases:list", late="on", **asked).content.decode()
    assert all(case.number in late for case in cases)
    assert repair.number not in late


@clause("S4-4.3.6a-4")
def test_the_head_goes_through_all_open_matters_and_confirms_each_day(adopted: Adopted) -> None:
    product = adopted(S4)
    open_cases = [product.registers("complaint"), product.registers("repair")]
    page = product.looks("cs_head", "cases:stocktake").content.decode()
    assert all(case.number in page for case in open_cases)

    def confirm(who: str) -> StockTake:
        return confirm_stock_take(
            project=product.cast.cuihu, notes="今天先办漏水", **product.acts(who)
        )

    with pytest.raises(Refused, match="没有这项权限"):
        confirm("csr")
    taken = confirm("cs_head")
    assert (taken.by, taken.open_cases, taken.notes) == (product.cast.sunli, 2, "今天先办漏水")
    with pytest.raises(Refused, match="已经盘点过"):
        confirm("cs_head")
    product.later(days=1)
    assert confirm("cs_head").day == taken.day + timedelta(days=1)
