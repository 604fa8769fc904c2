"""Risks with plans and drills; warnings from the complaints that come in; and the press."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from shouwen.cases.actions.contacting import reply_to_sender
from shouwen.cases.actions.dispatching import dispatch
from shouwen.cases.actions.working import note, report_done
from shouwen.cases.models import Case
from shouwen.estate.models import Unit
from shouwen.majors.actions.following import resolve
from shouwen.majors.actions.foreseeing import close_risk, drill, register_risk, respond, warn
from shouwen.majors.actions.ringing import ring
from shouwen.majors.actions.speaking import speak, tell_brand
from shouwen.majors.models import EarlyWarning, Risk
from shouwen.rules.refused import Refused
from tests.majors.conftest import LATER, NEXT_DAY, OPENED, Scene
from tests.moments import moment

clause = pytest.mark.clause


@pytest.fixture
def aftersales(scene: Scene) -> Scene:
    """翠湖花园 follows 《售后服务部工作内容及要求》 and no other."""
    scene.follows("developer-aftersales")
    return scene


def homes(scene: Scene, number: int) -> list[Unit]:
    return list(Unit.objects.filter(project=scene.cast.cuihu).order_by("pk")[:number])


def raised(case: Case) -> list[str]:
    warn(case=case, at=LATER)
    return list(EarlyWarning.objects.order_by("pk").values_list("rule", flat=True))


def a_risk(scene: Scene, **said: Any) -> Risk:
    told = {
        "title": "集中交楼", "trigger": "12 月交付 3 栋", "level": "high", "plan": "分批、专人接待",
        "owner": scene.cast.liuqiang, "unit": scene.cast.cuihu, **said,
    }  # fmt: skip
    return register_risk(**told, by=scene.of(scene.cast.zhoumin), at=LATER)


# --- Risks ----------------------------------------------------------------------------------------


@clause("S1-1.2-1")
def test_a_risk_has_trigger_level_owner_and_plan_and_its_drills_are_on_record(
    scene: Scene,
) -> None:
    for missing in ("title", "trigger", "plan"):
        with pytest.raises(Refused) as refused:
            a_risk(scene, **{missing: " "})
        assert refused.value.field == missing
    risk = a_risk(scene, next_drill_at=NEXT_DAY)
    owner = scene.of(scene.cast.liuqiang)
    drill(risk=risk, kind="drill", held_at=LATER, text="到场 8 分钟", by=owner, at=LATER)
    drill(risk=risk, kind="real", held_at=NEXT_DAY, text="启动分批", by=owner, at=NEXT_DAY)
    assert [one.kind for one in risk.drills.all()] == ["real", "drill"]
    close_risk(risk=risk, by=owner, at=NEXT_DAY)
    with pytest.raises(Refused, match="已经解除"):
        drill(risk=risk, kind="drill", held_at=NEXT_DAY, text="再练", by=owner, at=NEXT_DAY)


def test_a_drill_that_comes_up_is_told_to_its_owner_once(scene: Scene) -> None:
    a_risk(scene, next_drill_at=LATER + timedelta(days=5))
    assert ring(at=LATER) == 0
    assert ring(at=LATER + timedelta(days=2)) == 1
    assert ring(at=LATER + timedelta(days=3)) == 0
    assert scene.told(scene.cast.liuqiang) == ["预案该演练了：集中交楼"]


def test_others_do_not_write_into_somebodys_risk(scene: Scene) -> None:
    risk = a_risk(scene)
    with pytest.raises(Refused, match="没有这项权限"):
        drill(
            risk=risk, kind="drill", held_at=LATER, text="我来", at=LATER,
            by=scene.of(scene.cast.limin),
        )  # fmt: skip


# --- Warnings -------------------------------------------------------------------------------------


@clause("S1-4.3-1")
def test_three_homes_with_one_trouble_within_a_week_raise_a_warning(aftersales: Scene) -> None:
    scene = aftersales
    first, second, third = (
        scene.complains(unit=home, facts={"business": "security"}) for home in homes(scene, 3)
    )
    warn(case=first, at=OPENED - timedelta(minutes=1))
    assert not EarlyWarning.objects.exists()
    assert raised(third) == ["warn-many-homes"]
    warning = EarlyWarning.objects.get()
    assert warning.responder == scene.cast.zhoumin
    assert warning.cases == [third.number, second.number, first.number]
    assert (warning.clause, warning.due_at) == ("四", LATER + timedelta(hours=4))
    assert raised(second) == ["warn-many-homes"], "an open warning is not raised twice"


@clause("S1-4.3-1")
def test_one_home_that_comes_back_raises_a_warning(aftersales: Scene) -> None:
    cases = [aftersales.complains(f"又漏水 {n}") for n in range(3)]
    assert raised(cases[-1]) == ["warn-same-home"]
    assert "3 次" in EarlyWarning.objects.get().words


@clause("S1-4.3-1")
def test_words_of_the_press_or_the_court_raise_a_warning(aftersales: Scene) -> None:
    case = aftersales.complains("再不修就找记者，起诉你们")
    assert raised(case) == ["warn-press-or-court"]
    warning = EarlyWarning.objects.get()
    assert (warning.responder, warning.words) == (
        aftersales.cast.zhengjie, f"{case.number} 提到：记者、起诉",
    )  # fmt: skip


@clause("S1-4.3-1")
def test_late_complaints_that_pile_up_raise_a_warning(aftersales: Scene) -> None:
    scene = aftersales
    cases = [scene.complains(unit=home, at=OPENED) for home in homes(scene, 5)]
    warn(case=cases[-1], at=moment("2026-12-10 10:00", "周四"))
    assert "warn-piling-up" in EarlyWarning.objects.values_list("rule", flat=True)


@clause("S1-4.3-1")
def test_twice_as_many_as_the_week_before_raise_a_warning(aftersales: Scene) -> None:
    scene = aftersales
    for home in homes(scene, 3):
        scene.complains(unit=home, at=OPENED - timedelta(days=7), facts={"business": ""})
    cases = [scene.complains(unit=home, facts={"business": ""}) for home in homes(scene, 5)]
    assert "warn-rising" not in raised(cases[-1])
    last = scene.complains(unit=homes(scene, 6)[5], facts={"business": ""})
    assert "warn-rising" in raised(last)


@clause("S1-4.3-1")
def test_a_warning_is_answered_by_who_must_and_rings_higher_when_nobody_does(
    aftersales: Scene,
) -> None:
    scene = aftersales
    raised(scene.complains("再不修就找记者"))
    warning = EarlyWarning.objects.get()
    with pytest.raises(Refused, match="怎样应对"):
        respond(warning=warning, text=" ", by=scene.of(scene.cast.zhengjie), at=LATER)
    with pytest.raises(Refused, match="没有这项权限"):
        respond(warning=warning, text="我去", by=scene.of(scene.cast.limin), at=LATER)
    ring(at=warning.due_at - timedelta(minutes=1))
    assert not any("无人应对" in one for one in scene.told(scene.cast.zhengjie))
    ring(at=warning.due_at)
    ring(at=warning.due_at)
    assert sum("无人应对" in one for one in scene.told(scene.cast.zhengjie)) == 1
    respond(warning=warning, text="上门道歉", by=scene.of(scene.cast.zhengjie), at=NEXT_DAY)
    with pytest.raises(Refused, match="已经有人应对"):
        respond(warning=warning, text="再来", by=scene.of(scene.cast.zhengjie), at=NEXT_DAY)


# --- The press and the authorities ----------------------------------------------------------------


@clause("S1-2.4-5")
def test_of_the_press_the_brand_department_and_the_leader_know_at_once(aftersales: Scene) -> None:
    scene = aftersales
    brand = scene.brand()
    case = scene.complains("记者在大门口拍摄", source="media", facts={"stage": "other"})
    for who in (brand, scene.cast.zhaogang, scene.cast.zhengjie):
        assert any("立即通知品牌部" in one for one in scene.told(who)), who.name
    promise = case.commitments.get(rule="media-to-brand")
    assert promise.due_at == OPENED + timedelta(minutes=30)
    at = OPENED + timedelta(minutes=5)
    by = scene.of(scene.cast.zhengjie, at)
    tell_brand(case=case, medium="晚报 张记者", text="问电梯，电话 139…", by=by, at=at)
    promise.refresh_from_db()
    assert promise.outcome == "met"
    assert any("媒体采访、暗访" in one for one in scene.told(brand))


@clause("S1-2.4-6")
def test_nobody_but_the_brand_department_speaks_to_the_outside(aftersales: Scene) -> None:
    scene = aftersales
    brand = scene.brand()
    case = scene.complains("记者在大门口拍摄", source="media", facts={"stage": "other"})
    for who in (scene.cast.zhengjie, scene.cast.zhoumin, scene.cast.zhaogang, scene.cast.qianhong):
        with pytest.raises(Refused, match="任何员工不得擅自接受采访") as refused:
            speak(case=case, medium="晚报", text="无可奉告", by=scene.of(who), at=LATER)
        assert refused.value.code == "only-brand"
    unit = brand.posts.get().unit
    dispatch(case=case, lead=unit, by=scene.of(scene.cast.zhengjie), at=LATER)
    speak(case=case, medium="晚报", text="已成立工作组", by=scene.of(brand), at=LATER)
    row = case.journal.get(verb="spoke-outside")
    assert (row.by, row.data["medium"]) == (brand, "晚报")


@clause("S1-2.4-4")
def test_an_authority_is_answered_only_after_a_meeting_has_decided(aftersales: Scene) -> None:
    scene = aftersales
    by = scene.of(scene.cast.zhengjie)
    case = scene.complains(
        source="government", sender="市住建局", sender_number="2026-31", facts={"stage": "other"}
    )
    unit = scene.cast.department("security")
    dispatch(case=case, lead=unit, by=by, at=LATER)
    note(case=case, by=by, at=LATER, text="属实", tag="investigate")
    report_done(case=case, by=scene.of(scene.cast.gaofei), at=LATER, text="已换人")
    with pytest.raises(Refused, match="内部会议决议"):
        reply_to_sender(case=case, by=by, at=LATER, text="已整改", channel="letter")
    for said, match in (
        ({"attendees": " "}, "参会人"),
        ({"decision": " "}, "决议"),
        ({"held_at": NEXT_DAY}, "还没有开"),
    ):
        told: dict[str, Any] = {"held_at": LATER, "attendees": "赵刚", "decision": "致歉", **said}
        with pytest.raises(Refused, match=match):
            resolve(case=case, by=by, at=LATER, **told)
    resolve(case=case, held_at=LATER, attendees="赵刚、郑洁", decision="致歉整改", by=by, at=LATER)
    reply_to_sender(case=case, by=by, at=LATER, text="已整改", channel="letter")
    row = case.journal.get(verb="noted", data__tag="resolution")
    assert row.data["attendees"] == "赵刚、郑洁"


def test_the_day_for_one_statement_is_warned_of_before_it_is_over(scene: Scene) -> None:
    promise = scene.grave().commitments.get(rule="major-statement")
    assert promise.due_at == LATER + timedelta(hours=24)
    first, *rest = promise.rings
    assert first[2] == "warn"
    assert first[0] == (LATER + timedelta(hours=20)).astimezone(promise.due_at.tzinfo).isoformat()
    assert {kind for *_, kind in rest} == {"late"}


def test_what_one_complaint_says_is_warned_of_once_and_for_all(aftersales: Scene) -> None:
    case = aftersales.complains("再不修就找记者")
    raised(case)
    warning = EarlyWarning.objects.get()
    respond(warning=warning, text="上门", by=aftersales.of(aftersales.cast.zhengjie), at=LATER)
    assert warn(case=case, at=LATER + timedelta(days=30)) == []
