"""The pages of regulations: what they show, to whom, and what they change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from shouwen.accounts.models import Staff
from shouwen.accounts.scope import scope_of
from shouwen.adoption.actions import adopt, footing
from shouwen.adoption.library import available, load
from shouwen.adoption.models import Adoption
from shouwen.adoption.queries import in_force
from shouwen.cases.actions.intake import Told, register
from shouwen.cases.actions.working import note
from shouwen.cases.models import Case
from tests.cast import FOUNDED, Cast
from tests.moments import SetClock, moment

SignIn = Callable[[Client, Staff], Client]
NOW = "2026-11-19 09:12"


@pytest.fixture(autouse=True)
def _now(clock: SetClock) -> None:
    clock(NOW, "周四")


@pytest.fixture
def clerk(client: Client, cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(client, cast.limin)


@pytest.fixture
def manager(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(Client(), cast.zhoumin)


@pytest.fixture
def head(cast: Cast, sign_in: SignIn) -> Client:
    """钱红 of the headquarters, who may adopt for the whole group."""
    return sign_in(Client(), cast.qianhong)


def text(client: Client, name: str, *args: object, query: str = "") -> str:
    answer = client.get(reverse(f"adoption:{name}", args=args) + query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def send(client: Client, name: str, *args: object, **fields: Any) -> Any:
    return client.post(reverse(f"adoption:{name}", args=args), fields)


# --- reading --------------------------------------------------------------------------------------


def test_a_clerk_sees_every_regulation_and_where_it_is_in_force(clerk: Client, cast: Cast) -> None:
    page = text(clerk, "regulations")
    for regulation in available():
        assert load(regulation).title in page
    assert page.count("锦绣集团") >= 2
    assert "没有采用" in page


@pytest.mark.parametrize("regulation", available())
def test_every_part_of_every_regulation_can_be_read(clerk: Client, regulation: str) -> None:
    first = clerk.get(reverse("adoption:regulation", args=[regulation]))
    assert first.status_code == 200
    for segment in first.context["segments"]:
        page = strip_tags(text(clerk, "regulation", regulation, query=segment.url))
        for code in ("customer-contacted", "customer-contacted", "kind =", "{'"):
            assert code not in page, f"{code} is not a word of the reader"


def test_every_rule_and_every_clause_has_an_address_of_its_own(clerk: Client) -> None:
    for regulation in map(load, available()):
        for kind, rule in list(regulation.rules())[::5]:
            assert rule.title in text(clerk, "rule", regulation.id, rule.id), (kind, rule.id)
        for clause in regulation.clauses[::15]:
            assert clause.id in text(clerk, "clause", regulation.id, clause.id)


@pytest.mark.clause("S4-4.4.2b-4")
def test_a_clause_shows_its_words_its_rules_and_the_arithmetic_of_now(clerk: Client) -> None:
    page = text(clerk, "clause", "customer-communication", "S4-4.4.2b-4")
    assert "18:00之后提交的单在次日9:00之前响应" in page
    assert "报修首次接洽" in page
    assert "登记 11-19（四）09:12" in page
    assert "11-19（四）10:12" in page


def test_a_promise_of_the_product_itself_is_marked_so(clerk: Client) -> None:
    assert "系统默认，非制度规定" in text(clerk, "rule", "defaults", "complaint-first-response")
    assert "系统默认，非制度规定" not in text(
        clerk, "rule", "customer-communication", "repair-first-contact"
    )


def test_a_return_visit_is_found_by_the_name_that_cases_give_it(clerk: Client) -> None:
    assert "回访" in text(clerk, "rule", "customer-communication", "visit:complaint-visit")


def test_searching_within_a_regulation_finds_rules_and_clauses(clerk: Client) -> None:
    page = text(clerk, "regulation", "customer-communication", query="?q=不过夜")
    assert "公共设施小修不过夜" in page
    assert "没有找到" in text(clerk, "regulation", "customer-communication", query="?q=飞碟")


def test_what_is_not_there_is_not_found(clerk: Client) -> None:
    for name, args in (
        ("regulation", ["no-such"]),
        ("rule", ["first-contact", "no-such"]),
        ("clause", ["first-contact", "S9-1"]),
        ("clause", ["no-such", "S9-1"]),
        ("unit", [999_999]),
    ):
        assert clerk.get(reverse(f"adoption:{name}", args=args)).status_code == 404
    assert clerk.get(reverse("adoption:compare") + "?a=no-such").status_code == 404
    edition = reverse("adoption:regulation", args=["first-contact"]) + "?edition=9"
    assert clerk.get(edition).status_code == 404


def test_two_regulations_stand_side_by_side_with_the_default_where_one_is_silent(
    clerk: Client,
) -> None:
    page = clerk.get(reverse("adoption:compare") + "?a=customer-communication&b=service-centre")
    sections = dict(page.context["sections"])
    lines = {line.title: line for line in sections["时限"]}
    dispatch = lines["登记 → 派单"]
    assert "10 分钟按自然时间计" in [said.words for said in dispatch.left]
    assert [said.shown.regulation.id for said in dispatch.right] == ["service-centre"]
    contact = clerk.get(
        reverse("adoption:compare") + "?a=customer-communication&b=complaint-procedure"
    )
    grade = {line.title: line for line in dict(contact.context["sections"])["时限"]}
    silent = grade["登记 → 联系客户"].right
    assert silent
    assert all(said.shown.is_ours for said in silent)
    assert "系统默认，非制度规定" in contact.content.decode()


def test_whoever_may_not_see_regulations_is_told_so(cast: Cast, sign_in: SignIn) -> None:
    engineer = sign_in(Client(), cast.chenjianguo)
    for name in ("regulations", "compare", "in-force", "calendars"):
        assert engineer.get(reverse(f"adoption:{name}")).status_code == 403


# --- adopting -------------------------------------------------------------------------------------


def test_a_project_sees_what_it_inherits_and_from_where(clerk: Client, cast: Cast) -> None:
    answer = clerk.get(reverse("adoption:in-force"))
    assert answer.headers["Location"] == reverse("adoption:unit", args=[cast.cuihu.pk])
    page = clerk.get(reverse("adoption:unit", args=[cast.cuihu.pk]))
    assert [(a.edition.regulation, own) for a, _, own in page.context["rows"]] == [
        ("customer-communication", False), ("first-contact", False),
    ]  # fmt: skip
    assert "锦绣集团" in page.content.decode()
    assert "采用制度" not in page.content.decode()


def test_a_company_is_not_shown_to_another(cast: Cast, sign_in: SignIn) -> None:
    adopt(unit=cast.jiangnan, regulation="service-centre", since=FOUNDED)
    clerk = sign_in(Client(), cast.limin)
    assert "江南里" not in text(clerk, "regulations")
    assert clerk.get(reverse("adoption:unit", args=[cast.jiangnan.pk])).status_code == 404


@pytest.mark.parametrize("regulation", [one for one in available() if one != "defaults"])
def test_a_manager_adopts_any_regulation_for_his_project(
    manager: Client, cast: Cast, regulation: str
) -> None:
    answer = send(
        manager,
        "adopt",
        cast.cuihu.pk,
        regulation=regulation,
        position="2",
        since="2026-11-19T09:12",
    )
    assert answer.status_code == 302, answer.content.decode()
    held = [a.edition.regulation for a in in_force(cast.cuihu, moment("2026-11-19 09:13"))]
    assert regulation in held
    assert [a.edition.regulation for a in in_force(cast.jingui, moment("2026-11-19 09:13"))] == [
        "customer-communication", "first-contact",
    ]  # fmt: skip


def test_an_adoption_of_tomorrow_does_not_hold_today_and_can_be_taken_back(
    manager: Client, cast: Cast
) -> None:
    send(
        manager, "adopt", cast.cuihu.pk,
        regulation="service-centre", position="0", since="2026-11-20T00:00",
    )  # fmt: skip
    assert "即将生效" in text(manager, "unit", cast.cuihu.pk)
    mine = Adoption.objects.get(unit=cast.cuihu)
    assert mine not in in_force(cast.cuihu, moment("2026-11-19 23:59"))
    assert mine in in_force(cast.cuihu, moment("2026-11-20 00:00"))
    assert send(manager, "stop", mine.pk).status_code == 302
    assert mine not in in_force(cast.cuihu, moment("2026-11-20 00:00"))


def test_nothing_is_adopted_from_yesterday_on(manager: Client, cast: Cast) -> None:
    answer = send(
        manager, "adopt", cast.cuihu.pk,
        regulation="service-centre", position="0", since="2026-11-18T09:00",
    )  # fmt: skip
    assert answer.status_code == 422
    assert "不能早于今天" in answer.content.decode()
    assert not Adoption.objects.filter(unit=cast.cuihu).exists()


def test_taking_a_place_earlier_than_planned_leaves_one_regulation_in_it(
    manager: Client, cast: Cast
) -> None:
    for regulation, since in (
        ("service-centre", "2026-11-19T10:00"),
        ("complaint-procedure", "2026-11-30T00:00"),
        ("developer-aftersales", "2026-11-25T00:00"),
    ):
        send(manager, "adopt", cast.cuihu.pk, regulation=regulation, position="3", since=since)
    for at, expected in (
        ("2026-11-24 12:00", "service-centre"),
        ("2026-11-26 12:00", "developer-aftersales"),
        ("2026-12-05 12:00", "developer-aftersales"),
    ):
        held = [a.edition.regulation for a in in_force(cast.cuihu, moment(at)) if a.position == 3]
        assert held == [expected], at


def test_a_manager_stops_his_own_and_not_what_the_group_decided(
    manager: Client, cast: Cast
) -> None:
    groups = Adoption.objects.filter(unit=cast.group).first()
    assert groups is not None
    assert send(manager, "stop", groups.pk).status_code == 403
    groups.refresh_from_db()
    assert groups.until is None


# --- tightening -----------------------------------------------------------------------------------

CONTACT = ("customer-communication", "repair-first-contact")


def tighten(client: Client, unit: int, **fields: Any) -> Any:
    said = {"unit0": "minute", "unit1": "minute", "since": "2026-11-19T09:12", **fields}
    return send(client, "tighten", unit, *CONTACT, **said)


def held(cast: Cast, place: Any = None) -> list[str]:
    rules = footing(place or cast.cuihu, moment("2026-11-19 09:20")).rulebook
    rule = next(r for r in rules.by_id[CONTACT[0]].commitment if r.id == CONTACT[1])
    return [branch.within or branch.next for branch in rule.due]


def test_a_project_gives_itself_a_shorter_time(manager: Client, cast: Cast) -> None:
    assert tighten(manager, cast.cuihu.pk, n0="30").status_code == 302
    assert held(cast) == ["30 minutes", "09:00"]
    assert held(cast, cast.jingui) == ["1 hour", "09:00"]
    assert "30 分钟按自然时间计" in text(manager, "times", cast.cuihu.pk, CONTACT[0])
    assert "加严" in text(manager, "unit", cast.cuihu.pk)


def test_a_longer_time_is_refused_with_its_clause(manager: Client, cast: Cast) -> None:
    answer = tighten(manager, cast.cuihu.pk, n0="2", unit0="hour")
    assert answer.status_code == 422
    assert "只能比上级更严" in answer.content.decode()
    assert held(cast) == ["1 hour", "09:00"]


def test_working_time_that_is_longer_at_night_is_refused(manager: Client, cast: Cast) -> None:
    """半个工作小时 is shorter than an hour only while people work."""
    assert tighten(manager, cast.cuihu.pk, n0="1", unit0="working hour").status_code == 422


def test_what_the_group_tightened_a_project_cannot_loosen(
    manager: Client, head: Client, cast: Cast
) -> None:
    assert tighten(head, cast.group.pk, n0="20").status_code == 302
    assert held(cast) == ["20 minutes", "09:00"]
    assert tighten(manager, cast.cuihu.pk, n0="30").status_code == 422
    assert tighten(manager, cast.cuihu.pk, n0="10").status_code == 302
    assert held(cast) == ["10 minutes", "09:00"]
    assert tighten(manager, cast.cuihu.pk).status_code == 302
    assert held(cast) == ["20 minutes", "09:00"]


def test_adopting_again_keeps_the_shorter_times_from_above(
    manager: Client, head: Client, cast: Cast
) -> None:
    tighten(head, cast.group.pk, n0="20")
    send(
        manager,
        "adopt",
        cast.cuihu.pk,
        regulation=CONTACT[0],
        position="0",
        since="2026-11-19T09:13",
    )
    assert held(cast) == ["20 minutes", "09:00"]


def test_a_time_that_others_give_cannot_be_tightened(head: Client, cast: Cast) -> None:
    address = reverse(
        "adoption:tighten", args=[cast.group.pk, "defaults", "sender-answered-in-time"]
    )
    assert head.get(address).status_code == 404


def test_stopping_leaves_open_cases_as_they_were(head: Client, cast: Cast) -> None:
    before = footing(cast.cuihu, moment(NOW))
    for adoption in Adoption.objects.all():
        assert send(head, "stop", adoption.pk).status_code == 302
    after = footing(cast.cuihu, moment(NOW) + timedelta(minutes=1))
    assert set(before.rulebook.by_id) == {"customer-communication", "first-contact", "defaults"}
    assert set(after.rulebook.by_id) == {"defaults"}


@pytest.mark.clause("S3-4.5-1b")
def test_a_promise_that_was_adjusted_holds_for_new_complaints_and_old_ones_keep_theirs(
    manager: Client, cast: Cast
) -> None:
    cast.follows("complaint-procedure")
    before, after = moment(NOW), moment("2026-11-19 09:30")
    old = _complains(cast, before)
    rule = ("complaint-procedure", "complaint-by-service-promise")
    said = {"n0": "2", "unit0": "day", "since": "2026-11-19T09:20"}
    assert send(manager, "tighten", cast.cuihu.pk, *rule, **said).status_code == 302
    new = _complains(cast, after)
    note(case=old, by=scope_of(cast.limin, after), at=after, text="业主又来电")
    due = [case.commitments.get(rule=rule[1]).due_at for case in (old, new)]
    assert due == [moment("2026-11-23 00:00"), moment("2026-11-22 00:00")], "24:00 of the last day"


def _complains(cast: Cast, at: datetime) -> Case:
    said = Told(text="楼上漏水没人管", address="3栋2单元501", facts={"kind": "complaint"})
    return register(project=cast.cuihu, told=said, by=scope_of(cast.limin, at), at=at)
