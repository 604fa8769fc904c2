"""What is counted by days in the same November: calls, greetings, visits, a reception day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from shouwen.accounts.models import Absence, Staff
from shouwen.adoption.actions import pin
from shouwen.estate.models import Unit
from shouwen.registers.models import Call, Record
from tests.cast import Cast
from tests.moments import moment

S4 = "customer-communication"
_REGULATION = {"conduct-inspection": "defaults"}
NINE = moment("2026-11-10 09:00", "周二")


def rings(cast: Cast) -> None:
    """Answered at once, at the end of the third ring, in the fourth, missed, given up; and one of
    ours."""
    seconds = ((2, True), (15, True), (16, True), (40, False), (9, False))
    for n, (rang, answered) in enumerate(seconds):
        _call(cast, n, rang, answered)
    _call(cast, len(seconds), 3, False, inbound=False)


def _call(cast: Cast, n: int, rang: int, answered: bool, **more: Any) -> None:
    at = NINE + timedelta(minutes=n)
    picked_up = at + timedelta(seconds=rang)
    Call.objects.create(
        **_place(cast), key=f"call-{n}", caller="13900000421", at=at,
        answered_at=picked_up if answered else None,
        ended_at=picked_up + timedelta(minutes=answered), **more,
    )  # fmt: skip


def fills_in(cast: Cast) -> None:
    """孙丽 greets twice in one week and once in the next; 周敏 greets in one week, is away in
    another and holds a reception day; one home is visited twice, another not yet on paper."""
    for day, who in ((3, cast.sunli), (4, cast.sunli), (11, cast.sunli), (5, cast.zhoumin)):
        _record(cast, "greeting", day, who)
    _record(cast, "greeting", 18, cast.liuqiang, state="filled")
    _record(cast, "reception-day", 20, cast.zhoumin, values={"kind": "项目经理接待日"})
    for day, unit in ((12, cast.home), (13, cast.home)):
        _record(cast, "customer-visit", day, cast.limin, unit=unit)
    _record(cast, "customer-visit", 14, cast.limin, unit=cast.neighbour, state="draft")
    for day, state in ((6, "signed"), (7, "void"), (8, "draft")):
        marks = {"attitude": 4, "behaviour": 2}
        _record(cast, "conduct-inspection", day, cast.limin, state=state, values={"scores": marks})
    since = moment("2026-11-16 00:00", "周一")
    Absence.objects.create(staff=cast.zhoumin, starts_at=since, ends_at=since + timedelta(days=5))


def _record(
    cast: Cast, form: str, day: int, staff: Staff, *, unit: Unit | None = None,
    state: str = "signed", values: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    at = moment(f"2026-11-{day:02} 17:00")
    number = f"{form}-{Record.objects.count()}"
    Record.objects.create(
        **_place(cast), number=number, form=form, regulation=_REGULATION.get(form, S4),
        title="记录", on=at.date(), state=state, values=values or {}, staff=staff, unit=unit,
        filled_by=staff, filled_at=at, rulebook=pin(cast.cuihu, at),
        signed_at=at if state in ("signed", "void") else None,
    )  # fmt: skip


def _place(cast: Cast) -> dict[str, Any]:
    return {"project": cast.cuihu, "company": cast.jinxiu, "group": cast.group}
