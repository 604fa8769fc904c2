"""The pages of this floor: what is owed, the box of a case, handing, asking, answering."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouwen.accounts.models import Staff
from shouwen.cases.models import Case
from shouwen.supervision.models import Matter, RegionAction
from tests.conftest import MODEL_BACKEND
from tests.supervision.conftest import S2, TODAY, TOMORROW, Levels

MOST_QUERIES = 14
DUE = "2026-11-19T16:00"


@pytest.fixture(autouse=True)
def now(clock: Callable[..., datetime]) -> None:
    clock("2026-11-19 09:30", "周四")


def browser(who: Staff) -> Client:
    client = Client()
    client.force_login(who, backend=MODEL_BACKEND)
    return client


def sees(who: Staff, name: str, *args: object, **asked: Any) -> str:
    response = browser(who).get(reverse(f"supervision:{name}", args=args), asked)
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


def sends(who: Staff, name: str, *args: object, **fields: Any) -> Any:
    return browser(who).post(reverse(f"supervision:{name}", args=args), {"key": "k", **fields})


def test_a_case_is_handed_down_on_a_page_and_stands_on_both_sides(levels: Levels) -> None:
    case, cast = levels.registers(), levels.cast
    assert "锦绣物业" in sees(cast.zhengjie, "hand", case.number, "down")
    said = {"to": "CH", "text": "请核实并报结果", "due": DUE, "sender_number": "GS-118"}
    assert sends(cast.zhengjie, "hand", case.number, "down", **said).status_code == 302
    assert "项目受理 · 项目处理 · 公司督导" in sees(cast.zhengjie, "panel", case.number)
    matter = Matter.objects.get()
    assert (matter.to_unit, matter.due_at, matter.sender_number) == (cast.cuihu, TODAY, "GS-118")
    assert "请核实并报结果" in sees(cast.zhoumin, "matters", side="owe", of="project")
    assert "请核实并报结果" in sees(cast.zhengjie, "matters", side="owed", of="company")
    assert "请核实并报结果" not in sees(cast.zhengjie, "matters", side="owe", of="company")
    assert "请核实并报结果" in sees(cast.zhoumin, "matters", side="owe", of="mine")
    assert "请核实并报结果" not in sees(cast.jiangnan_manager, "matters", side="owe", of="project")


def test_the_agenda_of_the_meeting_is_the_list_of_its_kind(levels: Levels) -> None:
    levels.adopts(S2)
    case, cast = levels.registers(), levels.cast
    levels.asks(case, "meeting", by=cast.sunli, text="停车难", details={"meeting": TODAY})
    levels.asks(case, "report", by=cast.limin, text="吵闹不停")
    agenda = sees(cast.zhoumin, "matters", side="owe", of="project", kind="meeting")
    assert "停车难" in agenda
    assert "吵闹不停" not in agenda
    assert "这样筛选没有" in sees(cast.zhoumin, "matters", of="project", kind="assist")


def test_what_is_wrong_stands_beside_what_was_typed(levels: Levels) -> None:
    case, cast = levels.registers(), levels.cast
    response = sends(cast.zhengjie, "hand", case.number, "down", to="CH", text="请核实")
    assert response.status_code == 422
    assert "写明期限" in response.content.decode()
    assert "请核实" in response.content.decode()


def test_a_question_sent_twice_is_asked_once_and_answered_on_its_page(levels: Levels) -> None:
    case, cast = levels.registers(), levels.cast
    for _ in range(2):
        response = sends(cast.zhengjie, "ask", case.number, "supervise", text="为何没动", due=DUE)
        assert response.status_code == 302
    matter = Matter.objects.get()
    assert "还在等" in sees(cast.zhengjie, "matter", matter.number)
    assert sends(cast.zhoumin, "matter", matter.number, text="今天已约").status_code == 302
    assert "今天已约" in sees(cast.zhengjie, "matter", matter.number)
    assert "今天已约" in sees(cast.zhengjie, "panel", case.number)
    assert "为何没动" in sees(cast.zhengjie, "matters", side="answered", of="company")


def test_who_asked_takes_it_back_on_its_page(levels: Levels) -> None:
    case, cast = levels.registers(), levels.cast
    matter = levels.asks(case, "supervise", by=cast.zhengjie, details={"due": TODAY})
    way = reverse("supervision:withdraw", args=[matter.number])
    assert way in sees(cast.zhengjie, "matter", matter.number)
    assert way not in sees(cast.zhoumin, "matter", matter.number)
    assert sends(cast.zhoumin, "withdraw", matter.number, reason="不办了").status_code == 422
    assert "撤回原因" in sees(cast.zhengjie, "withdraw", matter.number)
    assert sends(cast.zhengjie, "withdraw", matter.number, reason="已撤诉").status_code == 302
    page = sees(cast.zhoumin, "matter", matter.number)
    assert "已撤回" in page
    assert "已撤诉" in page
    assert way not in sees(cast.zhengjie, "matter", matter.number)


def test_the_box_of_a_case_offers_what_its_regulations_know(levels: Levels) -> None:
    levels.adopts(S2)
    case, cast = levels.registers(), levels.cast
    offered = sees(cast.limin, "panel", case.number)
    assert "请上级处理" in offered
    assert "上报上级" in offered
    assert "交办下级" not in offered
    assert "领导接待" not in offered
    page = sees(cast.limin, "ask", case.number, "event")
    assert "已采取的稳定措施" in page
    assert "护管部" in page


def test_the_routing_and_the_leaders_answer_ask_what_they_need(levels: Levels) -> None:
    levels.adopts(S2)
    case, cast = levels.registers(), levels.cast
    matter = levels.asks(case, "leader", by=cast.limin)
    assert "要求是否合理" in sees(cast.zhoumin, "matter", matter.number)
    response = sends(cast.zhoumin, "matter", matter.number, text="合理", verdict="reasonable")
    assert "约定见面的时间" in response.content.decode()
    fields = {"text": "可以", "verdict": "reasonable", "appointment": DUE}
    assert sends(cast.zhoumin, "matter", matter.number, **fields).status_code == 302
    assert "2026-11-19 16:00" in sees(cast.limin, "matter", matter.number)


def test_a_patrol_registers_what_it_hears_once(levels: Levels) -> None:
    cast = levels.cast
    assert "住户说了什么" in sees(cast.gaofei, "patrol")
    for _ in range(2):
        said = {"text": "门岗晚上没有人", "place": "东门"}
        assert sends(cast.gaofei, "patrol", **said).status_code == 302
    case = Case.objects.get()
    assert (case.kind, case.address, case.owner) == ("complaint", "东门", cast.gaofei)


def test_what_is_handed_up_to_be_known_alone_is_sent_once_and_never_the_other_way(
    levels: Levels,
) -> None:
    case, cast = levels.registers(), levels.cast
    said = {"text": "请知悉", "told_only": "on"}
    assert sends(cast.zhoumin, "hand", case.number, "up", **said).status_code == 302
    assert sends(cast.zhoumin, "hand", case.number, "up", **said).status_code == 302
    assert Matter.objects.count() == 1
    down = sends(cast.zhoumin, "hand", case.number, "down", **{**said, "key": "other"})
    assert down.status_code != 302
    assert Matter.objects.count() == 1


def test_the_group_writes_a_finding_and_the_region_answers_it(levels: Levels) -> None:
    cast = levels.cast
    assert "还没有记录" in sees(cast.qianhong, "regions")
    said = {"company": "JXWY", "kind": "inspect", "on": "2026-11-19", "finding": "台账不全"}
    assert sends(cast.qianhong, "guide", **said).status_code == 302
    action = RegionAction.objects.get()
    assert "台账不全" in sees(cast.zhengjie, "regions")
    assert sends(cast.zhengjie, "respond", action=action.pk, text="本周补齐").status_code == 302
    assert "本周补齐" in sees(cast.qianhong, "regions")
    assert sends(cast.zhengjie, "respond", action=action.pk, text="再答").status_code == 422


def test_the_story_of_a_case_tells_what_was_asked_in_words(levels: Levels) -> None:
    case, cast = levels.registers(), levels.cast
    levels.asks(case, "supervise", by=cast.zhengjie, details={"due": TOMORROW})
    page = browser(cast.zhengjie).get(f"/cases/{case.number}").content.decode()
    assert "要求答复的时间" in page
    assert reverse("supervision:panel", args=[case.number]) in page


def test_the_list_asks_the_database_as_often_for_twelve_as_for_two(levels: Levels) -> None:
    cast = levels.cast

    def queries(side: str) -> int:
        client = browser(cast.zhengjie)
        address = reverse("supervision:matters")
        with CaptureQueriesContext(connection) as found:
            client.get(address, {"side": side, "of": "company"})
        return len(found)

    for _ in range(2):
        levels.asks(levels.registers(), "supervise", by=cast.zhengjie, details={"due": TODAY})
    few = queries("owed")
    for _ in range(10):
        levels.asks(levels.registers(), "supervise", by=cast.zhengjie, details={"due": TODAY})
    assert queries("owed") == few <= MOST_QUERIES
