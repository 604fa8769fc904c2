"""What is open now, whatever the hour: some late, some due within the hour, some tonight, and what
waits for a decision (`today.toml`). 李敏 is at the desk."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from shouwen.cases.actions.closing import request_void
from shouwen.cases.actions.working import report_up
from shouwen.demo import orders
from shouwen.demo.lives import wound_up
from shouwen.demo.matters import Matter
from shouwen.demo.shop import Fix
from shouwen.demo.timeline import Life
from shouwen.demo.transferred import HOTLINE, passed_on
from shouwen.demo.walk import Walk
from shouwen.repairs.actions import issuing, working

_HOME: dict[str, str | bool] = {"scope": "home", "repair_class": "general-fault"}
_LIKE = {
    "complaint": Matter(
        id="complaint", kind="complaint", lead="", texts=(), facts={"nature": "demand"},
        asked=("致歉，记录诉求并说明处理安排",), done=("已处理并拍照",),
        told=("已回复结果，业主接受",),
    ),
    "home-repair": Matter(
        id="home", kind="repair", lead="engineering", texts=(), facts=_HOME,
        asked=("已联系业主，说明到场时间",),
    ),
    "unclassed-repair": Matter(
        id="unclassed", kind="repair", lead="engineering", texts=(), facts={"scope": "home"},
        asked=("已联系业主，先看再定办法",),
    ),
    "urgent-repair": Matter(
        id="urgent", kind="repair", lead="engineering", texts=(), facts=_HOME, urgent=True,
        asked=("请业主开窗，不要开关电器，师傅马上到",),
    ),
    "public-repair": Matter(
        id="public", kind="repair", lead="engineering", texts=(),
        facts={"scope": "public", "repair_class": "small"}, asked=("已告知来电人今天处理",),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Scene:
    """Something told so many minutes before now, and how far it has come."""

    before: float
    text: str
    like: str
    life: str
    home: str = ""
    place: str = ""
    lead: str = ""
    business: str = ""
    agreed: float = 0
    """So many minutes from now is the time that the customer agreed to."""
    today: bool = False

    @property
    def matter(self) -> Matter:
        like = _LIKE[self.like]
        facts = {**like.facts, "business": self.business} if self.business else like.facts
        return replace(
            like, texts=(self.text,), lead=self.lead or like.lead, facts=facts,
            places=(self.place,) if self.place else (),
        )  # fmt: skip

    def since(self, so_far: float) -> float:
        """Minutes before now; what must be of today fits into what there is of it so far."""
        return min(self.before, so_far * 0.8) if self.today else self.before

    def play(self, walk: Walk) -> Life:
        if self.life == "agreed":
            return _agreed(walk, self.agreed)
        return LIVES[self.life](walk)


def scenes() -> Iterator[Scene]:
    with Path(__file__).with_name("today.toml").open("rb") as file:
        for row in tomllib.load(file)["scene"]:
            yield Scene(**row)


def _called(walk: Walk) -> None:
    walk.register(by=walk.company.staff["limin"], source="phone")


def _dispatched(walk: Walk) -> Life:
    _called(walk)
    yield walk.after(2, 3)
    walk.dispatch(by=walk.by(walk.desk))


def _taken(walk: Walk) -> Life:
    yield from _dispatched(walk)
    yield walk.after(2, 3)
    ours = walk.company.staff["chenjianguo"] if walk.matter.lead == "engineering" else None
    walk.accept(ours)
    yield walk.after(2, 3)
    walk.contact(by=walk.by(walk.desk if walk.matter.kind == "complaint" else walk.hand))


def _just_called(walk: Walk) -> Life:
    _called(walk)
    yield from ()


def _just_dispatched(walk: Walk) -> Life:
    yield from _dispatched(walk)


def _in_hand(walk: Walk) -> Life:
    yield from _taken(walk)
    yield walk.after(3, 6)
    walk.assign()
    yield walk.after(15, 25)
    walk.arrive()


def _late(walk: Walk) -> Life:
    """An answer was promised, the customer has called again, and the time is over."""
    yield from _taken(walk)
    yield walk.after(10, 20)
    walk.agree(walk.company.now - timedelta(minutes=42), "答应清理后回电", by=walk.by(walk.desk))
    yield walk.until(walk.company.now - timedelta(minutes=65))
    walk.urge("第二次来电：楼道还是没有清，味道更大了")


def _agreed(walk: Walk, minutes: float) -> Life:
    """The customer agreed to a time so many minutes from now."""
    yield from _taken(walk)
    yield walk.after(10, 20)
    until = walk.company.now + timedelta(minutes=minutes)
    walk.agree(until, "与业主约好这个时间", by=walk.by(walk.desk))


def _waits_for_builders(walk: Walk) -> Life:
    yield from _taken(walk)
    yield walk.after(10, 20)
    evening = walk.end_of_day() - timedelta(hours=4)
    tonight = evening if evening > walk.company.now else evening + timedelta(days=1)
    walk.agree(tonight, "与装修公司核对时间后答复", by=walk.by(walk.desk))
    yield walk.after(20, 40)
    walk.wait(tonight, ("outside", "等装修公司负责人回复施工时间"))
    yield walk.after(20, 40)
    walk.approve_wait()


def _only_the_visit(walk: Walk) -> Life:
    yield from _taken(walk)
    yield walk.after(60, 120)
    walk.done()
    yield from wound_up(walk)


def _sent_back(walk: Walk) -> Life:
    yield from _dispatched(walk)
    yield walk.after(10, 20)
    walk.refuse()


def _asks_above(walk: Walk) -> Life:
    _called(walk)
    yield walk.after(3, 6)
    walk.contact(by=walk.by(walk.desk))
    yield walk.after(3, 6)
    report_up(
        case=walk.case, by=walk.by(walk.desk), at=walk.at,
        question="业主要求赔偿拖车费 200 元，是否同意，由谁承担？",
    )  # fmt: skip


def _to_be_voided(walk: Walk) -> Life:
    _called(walk)
    yield walk.after(4, 6)
    request_void(
        case=walk.case, by=walk.by(walk.desk), at=walk.at, reason="业主回电说灯已自己换好，误登记"
    )


def _waits_too_long(walk: Walk) -> Life:
    yield from _in_hand(walk)
    yield walk.after(30, 60)
    walk.wait(walk.company.now + timedelta(days=2), ("parts", "主板已向厂家订货，三天到"))


def _from_400(walk: Walk) -> Life:
    """All is done but the second visit and the reply, which is due in some hours."""
    for wanted in passed_on(walk, HOTLINE):
        yield wanted
        if walk.case.status == "fed-back":
            return


def _with_order(far: str, fix: Fix) -> Callable[[Walk], Life]:
    """A repair whose order has come so far on the phone of 陈建国."""

    def life(walk: Walk) -> Life:
        yield from _taken(walk)
        hand = walk.by(walk.hand)
        yield walk.after(1, 2)
        order = orders.opened(walk, fix)
        issuing.dispatch(order=order, to=walk.hand, by=walk.by(walk.desk), at=walk.at)
        for step in _STEPS[: list(_FAR).index(far)]:
            yield walk.after(1, 3)
            step(order=order, by=hand, at=walk.at)
        if far == "appointed":
            starts = walk.company.now - timedelta(minutes=11)
            issuing.appoint(
                order=order, starts=starts, ends=starts + timedelta(hours=1), by=hand, at=walk.at,
                agreed_by=walk.home.customer.name,
            )  # fmt: skip

    return life


#: How far an order can have come, and the steps on the way there.
_FAR = ("sent", "appointed", "on the way", "on site")
_STEPS: tuple[Callable[..., object], ...] = (working.accept, working.depart, working.arrive)
_VALVE = Fix("tap", "更换水槽角阀", "water", "plumbing", "W01", "SN-001")
_HVAC = Fix("hvac", "检查空调外机", "hvac", "equipment", "K01")
_CEILING = Fix("seepage", "查卫生间顶部渗水", "water", "waterproof", "F01")
_GAS = Fix("gas", "关阀查漏，通风", "other", "other")

LIVES: Mapping[str, Callable[[Walk], Life]] = {
    "late": _late,
    "in hand": _in_hand,
    "just called": _just_called,
    "just dispatched": _just_dispatched,
    "waits for builders": _waits_for_builders,
    "only the visit": _only_the_visit,
    "sent back": _sent_back,
    "asks above": _asks_above,
    "to be voided": _to_be_voided,
    "waits too long": _waits_too_long,
    "from 400": _from_400,
    "order sent": _with_order("sent", _CEILING),
    "order appointed": _with_order("appointed", _HVAC),
    "order on the way": _with_order("on the way", _GAS),
    "order on site": _with_order("on site", _VALVE),
}
