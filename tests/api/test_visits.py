"""Return visits, units and notices by program."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shouwen.accounts.models import Disclosure
from shouwen.followup.actions.following import follow
from shouwen.notify.actions import deliver
from tests.api.conftest import Caller
from tests.cast import Cast
from tests.moments import SetClock


@pytest.fixture
def visit(integration: Callable[..., Caller], cast: Cast, clock: SetClock) -> dict[str, object]:
    """The planned return visit of a complaint that 吴强 settled."""
    clock("2026-11-19 09:12", "周四")
    limin, wuqiang = integration(cast.limin), integration(cast.wuqiang)
    number = limin.registers("楼道三天没有打扫", facts={"kind": "complaint"}, ticks=["read-back"])[
        "number"
    ]
    limin.does(number, "dispatch", lead="CH-environment")
    wuqiang.does(number, "accept")
    now = clock("2026-11-19 15:00", "周四")
    wuqiang.does(number, "report-done", text="已补扫，调整了排班")
    follow(at=now)
    found = [v for v in limin.get("/visits").json()["items"] if v["case"] == number]
    assert found
    return dict(found[0])


def test_who_is_not_satisfied_has_his_matter_opened_again_at_once(
    visit: dict[str, object], integration: Callable[..., Caller], cast: Cast, clock: SetClock
) -> None:
    clock("2026-11-20 10:00", "周五")
    desk = integration(cast.sunli)
    tried = desk.post(f"/visits/{visit['id']}/attempt", {"outcome": "no-answer"})
    assert (tried.status_code, tried.json()["tries"]) == (200, 1)
    silent = desk.post(f"/visits/{visit['id']}/record", {"result": "unsatisfied"})
    assert (silent.status_code, silent.json()["code"]) == (409, "no-opinion")
    said = {"result": "unsatisfied", "opinion": "还是没扫", "spoken_to": "王女士"}
    done = desk.post(f"/visits/{visit['id']}/record", said, idempotency_key="v-1")
    again = desk.post(f"/visits/{visit['id']}/record", said, idempotency_key="v-1")
    assert (done.status_code, done.json()["state"]) == (200, "done")
    assert done.content == again.content
    assert desk.get(f"/cases/{visit['case']}").json()["round"] == 2


def test_a_unit_is_found_as_people_write_it_and_its_people_are_masked(
    desk: Caller, cast: Cast
) -> None:
    for written in ("3-2-501", "3栋2单元501", "三幢二单元501室"):
        items = desk.get("/units", {"project": "CH", "q": written}).json()["items"]
        assert [unit["id"] for unit in items] == [cast.home.pk], written
    people = desk.get(f"/units/{cast.home.pk}").json()["people"]
    assert [(p["name"], p["phones"][0]["masked"]) for p in people] == [("王女士", "139 **** 0421")]
    caller = desk.get("/customers", {"q": "13900000421"}).json()["items"][0]
    assert (caller["unit"], caller["why"], caller["phones"]) == (
        "3-2-501", "phone", ["139 **** 0421"],
    )  # fmt: skip
    phone = people[0]["phones"][0]["id"]
    shown = desk.post(f"/phones/{phone}/reveal", {"purpose": "核对报修"})
    assert shown.json() == {"number": "13900000421"}
    assert Disclosure.objects.get().purpose == "核对报修"


def test_a_program_reads_the_inbox_of_whom_it_stands_for(
    integration: Callable[..., Caller], desk: Caller, cast: Cast, clock: SetClock
) -> None:
    number = desk.registers("楼道三天没有打扫", ticks=["read-back"])["number"]
    desk.does(number, "dispatch", lead="CH-environment")
    deliver(at=clock("2026-11-19 09:30", "周四"))
    head = integration(cast.wuqiang)
    notice = head.get("/notices", {"unread": "true"}).json()["items"][0]
    assert notice["url"] == f"/cases/{number}"
    assert desk.post(f"/notices/{notice['id']}/read").status_code == 404
    assert head.post(f"/notices/{notice['id']}/read").json()["read_at"]
    assert head.get("/notices", {"unread": "true"}).json()["items"] == []
