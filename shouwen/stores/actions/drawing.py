"""Materials for a work order: asked for, issued, signed for, used, given back.

request → 领料单 → issue (into the engineer's own stock) → acknowledge (第二联) → use | give_back
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.scope import Scope
from shouwen.cases.actions.intake import next_number
from shouwen.cases.actions.recording import Act, acting, begin
from shouwen.cases.models import Case
from shouwen.estate.queries import place_of
from shouwen.rules.refused import Refused
from shouwen.stores.actions.moving import (
    About,
    Line,
    as_data,
    in_words,
    main_store,
    move,
    own_store,
    plain,
    require_of,
    summed,
)
from shouwen.stores.models import Move, Requisition, RequisitionLine, Store
from shouwen.stores.queries import reconcile

CLAUSE = "S2-RP-5"
State = Requisition.State


def request(
    *,
    case: Case | None,
    subject: str,
    lines: Sequence[Line],
    by: Scope,
    at: datetime,
    happened: datetime | None = None,
    engineer: Staff | None = None,
    project: OrgUnit | None = None,
) -> Requisition:
    """《领料单》 for a work order. `engineer` is who fetches it, when not the one who asks; without
    a case it fills up his own stock, in `project`."""
    place = _place(case, project)
    by.require("case.work" if case else "stores.view", place)
    lines = summed(lines)
    require_of(place, lines)
    if case is None:
        return _written(place, None, "", lines, by, engineer or by.staff, happened or at)
    with acting(case, by=by, right="case.work", at=at) as act:
        made = _written(place, case, subject, lines, by, engineer or by.staff, happened or at)
        _tell(act, "material-asked", subject, lines, happened, requisition=made.number)
    return made


def _written(
    place: OrgUnit,
    case: Case | None,
    subject: str,
    lines: Sequence[Line],
    by: Scope,
    engineer: Staff,
    asked_at: datetime,
) -> Requisition:
    with transaction.atomic():
        made = Requisition.objects.create(
            **place_of(place),
            number=next_number("M", place, localdate(asked_at)),
            case=case,
            subject=subject,
            engineer=engineer,
            asked_by=by.staff,
            asked_at=asked_at,
        )
        RequisitionLine.objects.bulk_create(
            RequisitionLine(requisition=made, material=material, asked=quantity)
            for material, quantity in lines
        )
    return made


def _place(case: Case | None, project: OrgUnit | None) -> OrgUnit:
    place = case.project if case else project
    if place is None:
        raise Refused("no-project", "请先选一个项目再领料。", field="project")
    return place


def issue(
    *,
    requisition: Requisition,
    issued: Mapping[int, Decimal],
    by: Scope,
    at: datetime,
    store: Store | None = None,
    happened: datetime | None = None,
) -> Requisition:
    """The storekeeper hands out so much of each line (by its id) into the engineer's own stock.
    Less than was asked is possible, more is not; a line left out is not issued."""
    by.require("stores.issue", requisition.project)
    with _serving(requisition, by, at) as (locked, act):
        source = store or main_store(locked.project)
        _require_room(source, locked.project)
        lines = _issued_lines(locked, issued)
        move(
            lines,
            source=source,
            target=own_store(locked.engineer, locked.project),
            about=_about(Move.Kind.DRAW, by, at, happened, locked),
        )
        locked.state, locked.store = State.ISSUED, source
        locked.issued_by, locked.issued_at = by.staff, happened or at
        locked.save()
        if act:
            _tell(
                act, "material-drawn", locked.subject, lines, happened,
                requisition=locked.number, kind="drawn",
            )  # fmt: skip
    return locked


def _issued_lines(requisition: Requisition, issued: Mapping[int, Decimal]) -> list[Line]:
    """What leaves the store; each line keeps what it got."""
    rows = list(requisition.lines.select_related("material"))
    if unknown := issued.keys() - {row.pk for row in rows}:
        raise Refused("unknown-line", f"领料单上没有第 {min(unknown)} 行，请刷新后再发料。")
    for row in rows:
        row.issued = issued.get(row.pk, Decimal(0))
        if not 0 <= row.issued <= row.asked:
            raise Refused(
                "more-than-asked",
                f"“{row.material}”申领 {plain(row.asked)} {row.material.unit}，"
                "实发不能更多；要多领请另开领料单。",
                CLAUSE,
                f"line-{row.pk}",
            )
    lines = [(row.material, row.issued) for row in rows if row.issued]
    if not lines:
        raise Refused("nothing-issued", "一样也不发，请取消这张领料单并写明原因。", CLAUSE)
    RequisitionLine.objects.bulk_update(rows, ["issued"])
    return lines


def acknowledge(
    *, requisition: Requisition, by: Scope, at: datetime, happened: datetime | None = None
) -> Requisition:
    """The engineer has the goods and the second copy in his hands."""
    with _journalled(requisition.case, by, at) as act:
        locked = _locked(requisition)
        if by.staff != locked.engineer:
            raise Refused("not-yours", f"第二联由领料人{locked.engineer.name}本人签收。", CLAUSE)
        if locked.state != State.ISSUED:
            raise Refused("not-issued", "还没有发料，发料后再签收第二联。", CLAUSE)
        if locked.acknowledged_at is None:
            locked.acknowledged_at = happened or at
            locked.save(update_fields=["acknowledged_at"])
            _remark(act, "material-drawn", "acknowledged", locked, "签收领料单第二联", happened)
    return locked


def cancel(*, requisition: Requisition, reason: str, by: Scope, at: datetime) -> Requisition:
    """Called off before anything was issued, by who asked for it or by the store."""
    if not reason.strip():
        raise Refused("no-reason", "请写明为什么取消。", field="reason")
    if by.staff not in (requisition.asked_by, requisition.engineer):
        by.require("stores.issue", requisition.project)
    with _serving(requisition, by, at) as (locked, act):
        locked.state, locked.cancelled_because = State.CANCELLED, reason.strip()[:100]
        locked.save(update_fields=["state", "cancelled_because"])
        said = f"取消领料：{locked.cancelled_because}"
        _remark(act, "material-asked", "cancelled", locked, said)
    return locked


# --- what became of it ----------------------------------------------------------------------------


def use(
    *,
    case: Case,
    subject: str,
    lines: Sequence[Line],
    by: Scope,
    at: datetime,
    happened: datetime | None = None,
) -> list[Move]:
    """Built in for a work order, out of what the engineer carries with him."""
    lines = summed(lines)
    require_of(case.project, lines)
    with acting(case, by=by, right="case.work", at=at) as act:
        about = About(Move.Kind.USE, by.staff, happened or at, at, act.case, subject)
        own = own_store(by.staff, act.case.project)
        moves = move(lines, source=own, target=None, about=about)
        _tell(act, "material-drawn", subject, lines, happened, kind="used")
    return moves


def give_back(
    *,
    lines: Sequence[Line],
    by: Scope,
    at: datetime,
    case: Case | None = None,
    subject: str = "",
    project: OrgUnit | None = None,
    engineer: Staff | None = None,
    store: Store | None = None,
    happened: datetime | None = None,
) -> list[Move]:
    """From the engineer's own stock into the store room. With the number of a work order, no more
    than was drawn for it and not used. The storekeeper may type it for the `engineer`."""
    place, giver = _place(case, project), engineer or by.staff
    by.require("stores.view" if giver == by.staff else "stores.issue", place)
    lines = summed(lines)
    require_of(place, lines)
    with _journalled(case, by, at) as act:
        if subject:
            _require_left(subject, lines)
        target = store or main_store(place)
        _require_room(target, place)
        about = About(Move.Kind.RETURN, by.staff, happened or at, at, case, subject)
        moves = move(lines, source=own_store(giver, place), target=target, about=about)
        if act:
            _tell(act, "material-returned", subject, lines, happened)
    return moves


def _require_left(subject: str, lines: Sequence[Line]) -> None:
    """Of two returns at once the second counts after the first: whatever was drawn for the order
    is locked, though it has no case to be locked."""
    drawn = Move.objects.select_for_update().filter(subject=subject, kind=Move.Kind.DRAW)
    list(drawn.order_by("pk").values_list("pk"))
    left = {row.material.pk: row.difference for row in reconcile(subject)}
    for material, quantity in lines:
        if quantity > left.get(material.pk, 0):
            raise Refused(
                "not-drawn-for-it",
                f"{subject} 领的“{material}”扣去已用、已退，只剩 "
                f"{plain(max(left.get(material.pk, Decimal(0)), Decimal(0)))} {material.unit}；"
                "其余请不填维修单直接退库。",
                "S2-RP-11",
                "quantity",
            )


# --- inside ---------------------------------------------------------------------------------------


@contextmanager
def _serving(
    requisition: Requisition, by: Scope, at: datetime
) -> Iterator[tuple[Requisition, Act | None]]:
    """A requisition that waits, locked after its case."""
    with _journalled(requisition.case, by, at) as act:
        locked = _locked(requisition)
        _require_open(locked)
        yield locked, act


@contextmanager
def _journalled(case: Case | None, by: Scope, at: datetime) -> Iterator[Act | None]:
    """An act on the case of a requisition. The store serves orders whose case its keeper need not
    be allowed to read; that he issued something stands in its journal all the same."""
    with transaction.atomic():
        if case is None:
            yield None
            return
        locked = (
            Case.objects.select_for_update(of=("self",))
            .select_related("project__company", "owner", "delegate", "assignee", "department")
            .order_by()
            .get(pk=case.pk)
        )
        act = begin(locked, by, at)
        yield act
        act.finish()


def _locked(requisition: Requisition) -> Requisition:
    return (
        Requisition.objects.select_for_update(of=("self",))
        .select_related("project__company", "project__group", "case", "engineer", "asked_by")
        .get(pk=requisition.pk)
    )


def _require_open(requisition: Requisition) -> None:
    if requisition.state != State.ASKED:
        word = requisition.get_state_display()
        raise Refused("not-waiting", f"这张领料单{word}，不能再发料或取消；要再领请另开一张。")


def _require_room(store: Store, project: OrgUnit) -> None:
    if store.project_id != project.pk or store.holder_id:
        raise Refused("not-a-room", "请选本项目的库房。", field="store")


def _about(
    kind: Move.Kind, by: Scope, at: datetime, happened: datetime | None, of: Requisition
) -> About:
    return About(kind, by.staff, happened or at, at, of.case, of.subject, of)


_WORDS = {
    "material-asked": "申领",
    "drawn": "从库房领出",
    "used": "用于本单",
    "material-returned": "退回库房",
}


def _tell(
    act: Act,
    verb: str,
    subject: str,
    lines: Sequence[Line],
    happened: datetime | None,
    **more: Any,
) -> None:
    word = _WORDS[more.get("kind", verb)]
    data = {"order": subject, "lines": as_data(lines), "text": f"{word}：{in_words(lines)}", **more}
    act.write(verb, data, happened=happened)


def _remark(
    act: Act | None,
    verb: str,
    kind: str,
    about: Requisition,
    text: str,
    happened: datetime | None = None,
) -> None:
    """In the journal as long as it is written in: a copy is still signed for after the closing."""
    if act and act.case.is_open:
        data = {"order": about.subject, "requisition": about.number, "kind": kind, "text": text}
        act.write(verb, data, happened=happened)
