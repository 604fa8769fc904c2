"""Who is told of a major event: by the regulations, by the company's own matrix, and with what
receipt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.scope import Scope
from shouwen.adoption.queries import calendar_row, calendars, rulebook
from shouwen.adoption.words import Reader
from shouwen.cases.models import Case
from shouwen.cases.people import people_for
from shouwen.majors.models import MajorEvent, MatrixLine, Sending
from shouwen.majors.queries import facts_of, matrix_of
from shouwen.notify.actions import tell
from shouwen.rules.case_kinds import DueBranch
from shouwen.rules.due import due
from shouwen.rules.refused import Refused


@dataclass(frozen=True)
class Addressee:
    """Somebody who must be told, why, and by when."""

    key: str
    to: str
    name: str
    what: str
    clause: str
    default: bool
    due_at: datetime


def address(event: MajorEvent, at: datetime) -> None:
    """Bring the list of those to be told to what the rules and the matrix ask now. Who was told
    stays; our own people are told at once where that is all they get."""
    wanted = {one.key: one for one in _wanted(event, at)}
    known = {sending.key: sending for sending in event.sendings.all()}
    for key, sending in known.items():
        if key not in wanted and sending.sent_at is None:
            sending.delete()
    for key, one in wanted.items():
        if key not in known:
            _tell_or_wait(event, one, at)


def _tell_or_wait(event: MajorEvent, one: Addressee, at: datetime) -> None:
    at_once = one.what == "notice" and bool(one.to)
    sending = Sending.objects.create(event=event, sent_at=at if at_once else None, **vars(one))
    if at_once:
        tell(
            people=addressees(event, one.to, at),
            event=f"event:{event.pk}:notice:{sending.pk}",
            at=at,
            urgent=True,
            subject=f"重大事件报告 {event.number}：{event.title}",
            body=f"{event.reason}\n请签收。",
            url=f"/majors/{event.number}",
        )


def addressees(event: MajorEvent, to: str, at: datetime) -> list[Staff]:
    """The people behind a role or department, for a case or for a group's project."""
    return people_for(to, event.case or Case(project=event.project), at)


def _wanted(event: MajorEvent, at: datetime) -> Iterator[Addressee]:
    rules = rulebook(event.rulebook_id)
    reader = Reader(rules.regulations)
    row = event.case.calendar_id if event.case else calendar_row(event.project, at).pk
    calendar = calendars(row).duty
    for regulation, rule in rules.all("reporting", facts_of(event)):
        last = due((DueBranch(within=rule.within),), event.opened_at, calendar).at
        yield Addressee(
            f"{regulation.id}/{rule.id}", rule.to, rule.body or reader.person(rule.to), rule.what,
            rule.clause, regulation.product_default or rule.product_default, last or at,
        )  # fmt: skip
    for line in matrix_of(event.project, event.opened_at).filter(grade=event.grade):
        last = event.opened_at + timedelta(hours=line.hours)
        name = line.body or reader.person(line.to)
        yield Addressee(f"matrix/{line.pk}", line.to, name, line.what, "", False, last)


def send_notice(*, sending: Sending, by: Scope, at: datetime) -> Sending:
    """A body outside was told."""
    with transaction.atomic():
        found = _locked(sending, by)
        if found.what != "notice":
            raise Refused("not-a-notice", "专项报告请在报告写好后一并上报。")
        if found.sent_at:
            raise Refused("sent-already", "已经报送过，不用再报。")
        found.sent_at, found.sent_by = at, by.staff
        found.save()
    return found


def acknowledge(*, sending: Sending, by: Scope, at: datetime, received_by: str = "") -> Sending:
    """The receipt: one of ours for himself, or the name of whoever took it outside."""
    with transaction.atomic():
        found = _locked(sending, by, ours_at=at)
        if found.sent_at is None:
            raise Refused("not-sent", "还没有报送，报送以后才有签收。")
        if found.received_at:
            raise Refused("received-already", f"已由 {found.received_by} 签收。")
        name = by.staff.name if found.to else received_by.strip()
        if not name:
            raise Refused("no-name", "请写明对方签收的人。", field="received_by")
        found.received_at, found.received_by = at, name[:60]
        found.save()
    return found


def _locked(sending: Sending, by: Scope, *, ours_at: datetime | None = None) -> Sending:
    """`ours_at`: what went to one of ours is for him who holds the office then."""
    rows = Sending.objects.select_for_update(of=("self",)).select_related("event__project")
    found = rows.select_related("event__case__project", "event__company").get(pk=sending.pk)
    if ours_at and found.to:
        if by.staff not in addressees(found.event, found.to, ours_at):
            raise Refused("not-addressed", f"要由收件的{found.name}本人签收。")
    else:
        by.require("case.rule", found.event.project)
    return found


# --- The matrix -----------------------------------------------------------------------------------


def add_line(
    *,
    unit: OrgUnit,
    grade: str,
    hours: int,
    by: Scope,
    at: datetime,
    to: str = "",
    body: str = "",
    what: str = "notice",
) -> MatrixLine:
    """A line of the company's own matrix; events that open from now on follow it."""
    by.require("case.rule", unit)
    if unit.kind not in (OrgUnit.Kind.COMPANY, OrgUnit.Kind.GROUP):
        raise Refused(
            "matrix-of-company", "分级报送由公司或集团规定，请选公司或集团。", field="unit"
        )
    if bool(to) == bool(body.strip()):
        raise Refused("names-one", "岗位和外部单位填一个，也只填一个。", "4.4.1c", "body")
    if hours < 1:
        raise Refused("no-hours", "请写明几小时内报送。", "4.4.1c", "hours")
    return MatrixLine.objects.create(
        unit=unit, grade=grade, to=to, body=body.strip()[:80], hours=hours, what=what, since=at,
        by=by.staff,
    )  # fmt: skip


def end_line(*, line: MatrixLine, by: Scope, at: datetime) -> MatrixLine:
    """Taken out of the matrix; who was to be told by it still is."""
    by.require("case.rule", line.unit)
    if line.until is None:
        line.until = at
        line.save(update_fields=["until"])
    return line
