"""What does not happen every day: many neighbours with one complaint, the same matter told twice,
two matters in one call, a mistake, a question to the next level, an owner who is away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from shouwen.cases.actions.classifying import classify
from shouwen.cases.actions.closing import decide_void, request_void
from shouwen.cases.actions.linking import link, merge, split
from shouwen.cases.actions.ownership import delegate, hand_back
from shouwen.cases.actions.working import answer_question, note, report_up
from shouwen.cases.models import Case
from shouwen.demo.lives import (
    A_LITTLE,
    again,
    complaint,
    finished,
    handed_over,
    one_visit,
    planned,
    taken,
    visited,
    wound_up,
)
from shouwen.demo.timeline import Life
from shouwen.demo.walk import Walk

LIFT_OUT = (
    "5幢西侧电梯又停了，这个月第四次，老人下不了楼，强烈要求彻底解决",
    "电梯停运一天了也没有通知，带孩子爬十五楼，投诉",
    "5幢电梯又坏了，多次反映一直不处理",
    "5幢的电梯停运，轮椅出不去，投诉物业",
    "电梯天天坏，交了物业费却爬楼梯，要讨个说法",
    "5幢西侧电梯停运，维修迟迟没有结果",
)


ONE_VOICE = "统一口径：主板已更换，本周内完成曳引机检修；期间安排专人协助老人上下楼。"
#: So many homes make a group complaint (4.4.1a1).
GROUP = 5


def neighbours(walks: Sequence[Walk]) -> list[Life]:
    """Six homes of one building complain within three days: a group complaint. The first is dealt
    with for all of them."""
    heard: list[Case] = []
    return [_neighbour(walk, text, heard) for walk, text in zip(walks, LIFT_OUT, strict=False)]


def _neighbour(walk: Walk, text: str, heard: list[Case]) -> Life:
    walk.register(text=text, address=walk.home.unit.label, unit=walk.home.unit)
    if heard:
        link(case=walk.case, other=heard[0], by=walk.clerk(), at=walk.at)
    heard.append(walk.case)
    yield walk.by_day(5, 30)
    walk.contact("致歉，说明维保单位已在抢修", tag="apologise")
    if len(heard) >= GROUP:
        yield from _as_group(walk, heard)
    yield walk.by_day(5, 30)
    walk.dispatch()
    yield from taken(walk)
    yield walk.by_day(20, 60)
    walk.agree(walk.end_of_day() + timedelta(days=2, hours=18), "主板到货后更换，约好后天答复")
    yield walk.by_day(1500, 2400)
    yield from finished(walk)
    yield from wound_up(walk)
    yield from visited(walk)


def _as_group(walk: Walk, heard: Sequence[Case]) -> Life:
    """Five homes with one trouble are a group: graded as such, and answered with one voice. Who
    calls later belongs to it."""
    yield walk.by_day(5, 30)
    grouped = [case for case in heard if case.is_open and not case.facts.get("grade")]
    for case in grouped:
        classify(
            case=case, facts={"grade": "group"}, by=walk.role("cs_head"), at=walk.at,
            reason="同一问题五户以上",
        )  # fmt: skip
    yield walk.by_day(60, 200)
    for case in grouped:
        if case.is_open:
            note(case=case, by=walk.role("company_cs"), at=walk.at, tag="statement", text=ONE_VOICE)


def twice_told(first: Walk, second: Walk) -> tuple[Life, Life]:
    """Husband and wife both call: the second call is merged into the first."""
    return _alone(first), _merged(second, first)


def _alone(walk: Walk) -> Life:
    walk.register()
    yield from complaint(walk) if walk.matter.kind == "complaint" else handed_over(walk)
    yield from visited(walk)


def _merged(walk: Walk, into: Walk) -> Life:
    walk.register()
    yield walk.after(1, 6)
    if into.case.is_open:
        merge(
            case=walk.case, into=into.case, by=walk.clerk(), at=walk.at,
            reason="同一户同一件事，家人先后来电",
        )  # fmt: skip
    into.case.refresh_from_db()


def two_in_one(walk: Walk, other: Walk, begin: Callable[[datetime, Life], None]) -> Life:
    """One call, two matters: the second becomes a case of its own, and goes its own way."""
    walk.register(text=f"{walk.say(walk.matter.texts)}；另外，{other.say(other.matter.texts)}")
    yield walk.after(2, 5)
    other.at, other.desk = walk.at, walk.desk
    other.case = split(case=walk.case, told=other.told(), by=walk.by(walk.desk), at=walk.at)
    begin(other.at, _split_off(other))
    yield from handed_over(walk)
    yield from visited(walk)


def _split_off(walk: Walk) -> Life:
    yield from handed_over(walk)
    yield from visited(walk)


def mistaken(walk: Walk, *, approve: bool = True) -> Life:
    """Registered by mistake; somebody else agrees that it is void."""
    walk.register()
    yield walk.after(3, 20)
    request_void(
        case=walk.case, by=walk.by(walk.desk), at=walk.at, reason="客户回电说打错小区，非本项目业主"
    )
    yield walk.by_day(20, 120)
    decide_void(
        case=walk.case, by=walk.role("project_manager"), at=walk.at, approve=approve,
        reason="情况属实" if approve else "房号属本项目，请继续办理",
    )  # fmt: skip
    if not approve:
        yield from handed_over(walk)
        yield from visited(walk)


def asked_above(walk: Walk) -> Life:
    """The clerk does not know, and asks who leads customer service."""
    walk.register()
    yield walk.after(5, 15)
    report_up(
        case=walk.case, by=walk.by(walk.desk), at=walk.at,
        question="业主要求减免当月物业费，是否可以答应？",
    )  # fmt: skip
    yield walk.by_day(20, 90)
    answer_question(
        case=walk.case, by=walk.role("cs_head"), at=walk.at,
        text="费用不减免，可以赠送一次家电清洗表达歉意。",
    )  # fmt: skip
    yield from complaint(walk)
    yield from visited(walk)


def stood_in_for(walk: Walk) -> Life:
    """The owner goes off duty, and a colleague does it for her; she stays the owner."""
    walk.register()
    yield walk.after(5, 20)
    clerks = walk.company.posts["csr", f"{walk.project.code}-service"]
    others = [p for p in walk.company.here(clerks, walk.at) if p != walk.case.owner]
    if walk.is_clerk(walk.case.owner) and others:
        delegate(
            case=walk.case, by=walk.by(walk.case.owner), at=walk.at, to=others[0],
            reason="我已下班，请代为跟进",
        )  # fmt: skip
        yield walk.by_day(120, 400)
        hand_back(
            case=walk.case, by=walk.by(others[0]), at=walk.at, text="已联系业主，约好处理时间"
        )
    yield from handed_over(walk)
    yield from visited(walk)


def disappointed(walk: Walk) -> Life:
    """Not settled the first time, as the return visit finds out."""
    walk.register()
    yield from complaint(walk)
    yield walk.until((walk.case.done_at or walk.at) + A_LITTLE)
    for visit in planned(walk):
        yield from one_visit(walk, visit, result="unsatisfied")
    yield from again(walk)
