"""What is open now, whatever the hour: some late, some due within the hour, some tonight, and what
waits for a decision. 李敏 is at the desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from shouwen.cases.actions.closing import request_void
from shouwen.cases.actions.working import report_up
from shouwen.demo.lives import wound_up
from shouwen.demo.matters import Matter
from shouwen.demo.timeline import Life
from shouwen.demo.transferred import HOTLINE, passed_on
from shouwen.demo.walk import Walk

HOME_REPAIR: dict[str, str | bool] = {"scope": "home", "repair_class": "general-fault"}


class Scene(NamedTuple):
    """Begins so many minutes before now, at a home of 翠湖花园 ("" is any)."""

    before: float
    home: str
    matter: Matter
    life: Callable[[Walk], Life]


def scenes(now: datetime, midnight: datetime) -> Iterator[Scene]:
    since_midnight = (now - midnight) / timedelta(minutes=1)
    yield Scene(20 * 60, "5-1-1202", _complaint("楼道垃圾两天没清，已第二次来电", "clean", "environment"), _late)
    yield Scene(8 * 60 + 5, "", _repair("主卧空调插座一直跳闸，晚上没法开空调"), _in_hand)
    yield Scene(15, "", _public("门禁刷卡无反应", "2栋大堂"), _just_called)
    yield Scene(300, "7-2-803", _repair("空调外机异响，客户约今晚在家"), _agreed(19))
    yield Scene(200, "", _complaint("早餐车占住小区出口，推婴儿车过不去，投诉", "security", "vehicle"), _agreed(31))
    yield Scene(260, "", _complaint("隔壁阳台养鸽子，粪便落在晾的被子上，投诉几次了", "environment", "environment"), _agreed(50))
    yield Scene(12, "4-1-102", _urgent("厨房有很重的煤气味，灶具已经关了，家里有孩子"), _on_the_way)
    yield Scene(350, "3-2-501", _repair("厨房水槽下漏水，柜子里全是水"), _in_hand)
    yield Scene(100, "3-2-401", _repair("卫生间顶部渗水，水滴在马桶旁边，2单元401"), _in_hand)
    yield Scene(18 * 60, "3-2-301", _repair("卫生间外墙面潮湿发黑，可能楼上在漏", repair_class=""), _in_hand)
    yield Scene(420, "1-3-602", _complaint("楼上装修噪音，中午也不停，需与装修公司核对时间", "engineering", "decoration"), _waits_for_builders)
    yield Scene(min(240, since_midnight * 0.8), "", _public("照明 12 盏不亮，停车看不清", "地下车库 B2"), _in_hand)
    yield Scene(26 * 60, "6-1-301", _complaint("物业费账单重复，上月已交又来催", "finance", "other"), _only_the_visit)
    yield Scene(80, "", _public("地面井盖松动，车压过去咣当响", "东门人行道"), _sent_back)
    yield Scene(50, "", _complaint("电动车被拖走没有通知，要求赔偿拖车费", "security", "vehicle"), _asks_above)
    yield Scene(40, "", _repair("阳台灯不亮"), _to_be_voided)
    yield Scene(30 * 60, "", _repair("中央空调主板故障，厂家说三天到货", repair_class=""), _waits_too_long)
    yield Scene(44 * 60, "", _complaint("健身房跑步机坏了半年没人修，多次反映", "engineering", "facility"), _from_400)
    yield Scene(25, "", _repair("卫生间门锁打不开，孩子一个人在里面洗澡，已经出来了"), _just_dispatched)


def _repair(text: str, **facts: str) -> Matter:
    return Matter(
        id="now", kind="repair", texts=(text,), lead="engineering",
        facts={k: v for k, v in {**HOME_REPAIR, **facts}.items() if v},
        asked=("已联系业主，说明到场时间",),
    )  # fmt: skip


def _urgent(text: str) -> Matter:
    return Matter(
        id="now", kind="repair", texts=(text,), lead="engineering", facts=HOME_REPAIR, urgent=True,
        asked=("请业主开窗，不要开关电器，师傅马上到",),
    )  # fmt: skip


def _public(text: str, place: str) -> Matter:
    return Matter(
        id="now", kind="repair", texts=(text,), lead="engineering", places=(place,),
        facts={"scope": "public", "repair_class": "small"}, asked=("已告知来电人今天处理",),
    )  # fmt: skip


def _complaint(text: str, lead: str, business: str) -> Matter:
    return Matter(
        id="now", kind="complaint", texts=(text,), lead=lead,
        facts={"business": business, "nature": "demand"},
        asked=("致歉，记录诉求并说明处理安排",), done=("已处理并拍照",), told=("已回复结果，业主接受",),
    )  # fmt: skip


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


def _on_the_way(walk: Walk) -> Life:
    _called(walk)
    yield walk.after(1, 1.5)
    walk.dispatch(by=walk.by(walk.desk))
    yield walk.after(1, 2)
    walk.accept(walk.company.staff["chenjianguo"])
    yield walk.after(1, 2)
    walk.contact(by=walk.by(walk.desk))


def _late(walk: Walk) -> Life:
    """An answer was promised, the customer has called again, and the time is over."""
    yield from _taken(walk)
    yield walk.after(10, 20)
    walk.agree(walk.company.now - timedelta(minutes=42), "答应清理后回电", by=walk.by(walk.desk))
    yield walk.until(walk.company.now - timedelta(minutes=65))
    walk.urge("第二次来电：楼道还是没有清，味道更大了")


def _agreed(minutes: float) -> Callable[[Walk], Life]:
    """The customer agreed to a time so many minutes from now."""

    def life(walk: Walk) -> Life:
        yield from _taken(walk)
        yield walk.after(10, 20)
        walk.agree(walk.company.now + timedelta(minutes=minutes), "与业主约好这个时间", by=walk.by(walk.desk))

    return life


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
