"""On our own side: the remedy and its limit, the complaint that was none, the home of the noise."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from shouwen.adoption.actions import pin
from shouwen.cases.actions.classifying import classify
from shouwen.cases.actions.closing import close
from shouwen.cases.actions.dispatching import accept
from shouwen.cases.actions.working import note, report_done, verify
from shouwen.cases.queries import as_entries, journal
from shouwen.outside.actions.referring import withdraw
from shouwen.outside.actions.settling import convert, is_nuisance, name_source, set_remedy
from shouwen.outside.steps import own_steps
from shouwen.rules.lifecycle import fold
from shouwen.rules.refused import Refused
from tests.outside.conftest import S3, S4, Outside

pytestmark = pytest.mark.django_db


# --- First class ------------------------------------------------------------------------------


@pytest.mark.clause("S2-A15-9b", "S2-A15-10", "S2-A15-11")
def test_cause_method_and_limit_come_back_under_the_signature_of_the_head(outside: Outside) -> None:
    case, cast = outside.classed("class-1", "保洁三天没有打扫楼道"), outside.cast
    until = outside.now + timedelta(days=2)
    said: dict[str, Any] = {
        "case": case,
        "cause": "漏排三栋",
        "method": "补扫",
        "until": until,
    }
    for name, sentence in (("cause", "经过及原因"), ("method", "处理方法"), ("until", "完成期限")):
        wrong = {**said, name: outside.now if name == "until" else " "}
        with pytest.raises(Refused, match=sentence):
            set_remedy(**wrong, **outside.acts(cast.zhoumin))
    set_remedy(**said, **outside.acts(cast.zhoumin))
    notes = {row.data["tag"]: row for row in case.journal.filter(verb="noted")}
    assert notes["analyse"].data["text"] == "漏排三栋"
    assert (notes["plan"].by, notes["plan"].data["signed"]) == (cast.zhoumin, True)


@pytest.mark.clause("S2-A15-12")
def test_the_limit_that_the_department_set_is_a_promise_that_falls_late(outside: Outside) -> None:
    case, cast = outside.classed("class-1", "保洁三天没有打扫楼道"), outside.cast
    until = outside.now + timedelta(hours=26)
    said: dict[str, Any] = {"cause": "漏排三栋", "method": "补扫", "until": until}
    set_remedy(case=case, **said, **outside.acts(cast.zhoumin))
    promise = outside.promise(case, "remedy-in-time")
    assert (promise.due_at, promise.outcome) == (until, "")
    outside.now = until + timedelta(minutes=5)
    outside.settled(case)
    report_done(case=case, text="已补扫", **outside.acts(cast.zhoumin))
    promise.refresh_from_db()
    assert promise.outcome == "late"


def test_a_limit_that_runs_is_not_replaced_by_another(outside: Outside) -> None:
    case, cast = outside.classed("class-1", "保洁三天没有打扫楼道"), outside.cast
    until = outside.now + timedelta(hours=26)
    said: dict[str, Any] = {"case": case, "cause": "漏排三栋", "method": "补扫"}
    set_remedy(**said, until=until, **outside.acts(cast.zhoumin))
    with pytest.raises(Refused, match="已定 2026-11-20 11:12 前完成"):
        set_remedy(**said, until=until + timedelta(days=9), **outside.acts(cast.zhoumin))
    assert case.journal.filter(verb="remedy-set").count() == 1
    assert "remedy" not in {step.name for step in own_steps(case, outside.of(cast.zhoumin))}


def test_another_department_does_not_fill_it_in(outside: Outside) -> None:
    case = outside.classed("class-1", "保洁三天没有打扫楼道")
    with pytest.raises(Refused, match="没有找到这件事"):
        set_remedy(
            case=case, cause="不知道", method="不知道", until=outside.now + timedelta(days=1),
            **outside.acts(outside.cast.wuqiang),
        )  # fmt: skip


@pytest.mark.clause("S2-A15-6")
def test_a_complaint_of_the_first_class_goes_its_way_to_the_close(outside: Outside) -> None:
    case, cast = outside.classed("class-1", "保洁三天没有打扫楼道"), outside.cast
    accept(case=case, department=outside.cast.department("service"), **outside.acts(cast.sunli))
    outside.settled(case)
    with pytest.raises(Refused, match="负责人签字"):
        report_done(case=case, text="已补扫", **outside.acts(cast.sunli))
    until = outside.now + timedelta(days=1)
    said: dict[str, Any] = {"cause": "漏排三栋", "method": "补扫", "until": until}
    set_remedy(case=case, **said, **outside.acts(cast.zhoumin))
    report_done(case=case, text="已补扫", **outside.acts(cast.sunli))
    note(case=case, tag="report-director", text="已回复主任", **outside.acts(cast.limin))
    outside.tells_customer(case)
    with pytest.raises(Refused, match="验证"):
        close(case=case, **outside.acts(cast.limin))
    checker = outside.newcomer("project_manager", "service")
    verify(case=case, ok=True, opinion="现场干净", **outside.acts(checker))
    assert close(case=case, **outside.acts(cast.limin)).status == "closed"


# --- A complaint that was none ----------------------------------------------------------------


@pytest.mark.clause("S4-4.4.1a-2a")
def test_a_call_for_help_goes_on_as_what_it_is_with_its_own_times(outside: Outside) -> None:
    outside.adopts(S4)
    case = outside.complains("钥匙丢了进不了门")
    sunli = outside.acts(outside.cast.sunli)
    with pytest.raises(Refused, match="转为哪一类"):
        convert(case=case, invalid_type="help", reason="业主自己丢了钥匙", **sunli)
    said: dict[str, Any] = {
        "invalid_type": "help",
        "kind": "special-service",
        "reason": "自己丢了",
    }
    convert(case=case, **said, **sunli)
    assert (case.kind, case.facts["validity"]) == ("special-service", "invalid")
    gone = outside.promise(case, "complaint-one-month")
    assert (gone.outcome, gone.why) == ("waived", "分类已改")


@pytest.mark.clause("S4-4.4.1a-2b")
def test_a_question_becomes_an_inquiry_or_a_suggestion(outside: Outside) -> None:
    outside.adopts(S4)
    said: dict[str, Any] = {"invalid_type": "inquiry", "reason": "只是来问"}
    for kind in ("inquiry", "suggestion"):
        case = outside.complains("车位月租怎么交")
        convert(case=case, kind=kind, **said, **outside.acts(outside.cast.sunli))
        assert case.kind == kind
    case = outside.complains()
    with pytest.raises(Refused, match="转为哪一类"):
        convert(case=case, kind="repair", **said, **outside.acts(outside.cast.sunli))


def test_what_is_before_somebody_outside_is_withdrawn_before_it_is_declared_none_of_ours(
    outside: Outside,
) -> None:
    case, cast = outside.classed("class-2"), outside.cast
    referral = outside.refers(case, "developer-negotiation", outside.party())
    outside.adopts(S4)  # has the types of invalid complaints; the path is of S2
    case.rulebook = pin(cast.cuihu, outside.now)
    case.save(update_fields=["rulebook"])
    sunli = outside.acts(cast.sunli)
    said: dict[str, Any] = {"invalid_type": "help", "kind": "repair", "reason": "业主自己改管"}
    with pytest.raises(Refused, match="请先撤回外部协商"):
        convert(case=case, **said, **sunli)
    withdraw(referral=referral, reason="已经说清楚", **outside.acts(cast.limin))
    assert convert(case=case, **said, **sunli).kind == "repair"
    assert not fold(as_entries(journal(case))).holds


def test_venting_stays_a_complaint(outside: Outside) -> None:
    outside.adopts(S4)
    case = outside.complains("你们都不管事")
    said: dict[str, Any] = {"invalid_type": "venting", "reason": "误会，已说明"}
    convert(case=case, **said, **outside.acts(outside.cast.sunli))
    assert (case.kind, case.facts["invalid_type"]) == ("complaint", "venting")


def test_whom_it_is_about_does_not_declare_it_invalid(outside: Outside) -> None:
    outside.adopts(S4)
    case = outside.complains("孙丽态度不好", accused=outside.cast.sunli.number)
    said: dict[str, Any] = {"invalid_type": "venting", "reason": "误会"}
    with pytest.raises(Refused, match="被投诉"):
        convert(case=case, **said, **outside.acts(outside.cast.sunli))


# --- Noise, smell and dust --------------------------------------------------------------------


@pytest.mark.clause("S3-4.2-3b")
def test_noise_smell_and_dust_of_decoration_lead_to_the_home_that_makes_it(
    outside: Outside,
) -> None:
    outside.adopts(S3)
    limin, neighbour = outside.acts(outside.cast.limin), outside.cast.neighbour
    for business in ("decoration-noise", "decoration-smell", "decoration-dust"):
        case = outside.complains("隔壁装修", business=business)
        assert is_nuisance(case)
        found = name_source(case=case, unit=neighbour, **limin)
        assert found.unit == neighbour
        assert neighbour.label in case.journal.get(verb="noted").data["text"]
    assert neighbour.nuisances.count() == 3
    case = outside.complains("隔壁装修", business="decoration-noise")
    with pytest.raises(Refused, match="正在装修的那一户"):
        name_source(case=case, unit=outside.cast.home, **limin)


def test_other_complaints_have_no_such_source(outside: Outside) -> None:
    outside.adopts(S3)
    case = outside.complains("门岗不在", business="security")
    assert not is_nuisance(case)
    classify(case=case, facts={"business": "decoration-noise"}, **outside.acts(outside.cast.sunli))
    assert is_nuisance(case)
