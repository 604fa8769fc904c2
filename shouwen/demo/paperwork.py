"""The papers of the company: statements that their people write, check, sign and acknowledge, and
the duties that they have done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.queries import holders, reach_role
from shouwen.accounts.scope import Scope
from shouwen.demo.company import ZONE, Company
from shouwen.demo.timeline import MANY, Life
from shouwen.figures.actions.keeping import keep, look_at_months
from shouwen.figures.actions.locking import lock_what_is_due
from shouwen.registers.actions.filling import Blank, begin
from shouwen.registers.actions.signing import sign
from shouwen.registers.models import Record
from shouwen.registers.queries import form_in_force
from shouwen.statements.actions import signing
from shouwen.statements.actions.improving import Measure, write_measures
from shouwen.statements.actions.preparing import prepare_due
from shouwen.statements.actions.ringing import ring_late
from shouwen.statements.actions.sending import receive, send_outside
from shouwen.statements.actions.writing import renew, write
from shouwen.statements.models import Delivery, Statement
from shouwen.statements.reading import drafts
from shouwen.statements.standing import signatures, turn

DAY = timedelta(days=1)
#: 望江府 has not sent its monthly table; its company and headquarters see that.
BEHIND = ("WJ", "month-project")
#: A statement lies on a desk until the second time that somebody goes through the papers.
READ_FIRST = timedelta(hours=8)
OWN_WORDS = (
    "客服负责人每周一核对未结清单，逐件明确责任人和期限；同类问题超过两件的，本月内查明原因。"
)
WHAT_IS_DONE = "责任部门到场复核，三日内给出处理方案并答复客户"
SIGNS = {"submitted": signing.submit, "checked": signing.check, "signed": signing.sign}
GREETED = ("早高峰电动车出入不便", "询问供暖时间，已答复", "建议大门口增加雨伞架", "")


def drawn_up(since: datetime, now: datetime) -> Life:
    """What the worker makes of each day, after midnight and in time before half past five. Figures
    are wanted when a month is over, and now."""
    day = since
    while day < now:
        for moment in (timedelta(minutes=10), timedelta(hours=17, minutes=20)):
            at = day + moment
            yield at
            if at.astimezone(ZONE).day == 1:
                _count(at)
            lock_what_is_due(at=at)
            prepare_due(at=at)
            ring_late(at=at)
        day += DAY
    yield now
    _count(now)


def _count(at: datetime) -> None:
    while keep(at=at) >= MANY:
        pass
    look_at_months(at=at)


# --- Statements -----------------------------------------------------------------------------------


def statements(company: Company, since: datetime) -> Life:
    """Twice each working day everybody goes through the papers that wait for them."""
    for day in _working_days(company, since):
        for hour in (10, 16):
            at = day + timedelta(hours=hour, minutes=20)
            yield at
            for row in _waiting(at):
                _go_on(company, row, at)
            for delivery in Delivery.objects.filter(received_at=None).order_by("pk"):
                _arrive(company, delivery, at)


def _working_days(company: Company, since: datetime) -> Iterator[datetime]:
    day = since
    while day < company.now:
        if day.astimezone(ZONE).weekday() < 5:
            yield day
        day += DAY


def _waiting(at: datetime) -> list[Statement]:
    """Those that have lain here long enough, but one."""
    rows = Statement.objects.filter(sent_at=None, prepared_at__lte=at - READ_FIRST)
    code, rule = BEHIND
    return list(rows.exclude(unit__code=code, rule=rule).select_related("unit").order_by("pk"))


def _go_on(company: Company, row: Statement, at: datetime) -> None:
    """The next of its people puts his name to it; nobody puts his twice."""
    place = turn(row)
    if place is None:
        return
    signed = {step.by_id for step in signatures(row)}
    people = [one for one in reach_role(place.role, row.unit, at) if one.pk not in signed]
    if people:
        by = company.scope(people[0], at)
        if place.verb == "submitted":
            renew(statement=row, by=by, at=at)
            _write(row, by, at)
        SIGNS[place.verb](statement=row, by=by, at=at)


def _write(row: Statement, by: Scope, at: datetime) -> None:
    """What the program could not draft, and what is done about each open matter."""
    drafted = drafts(row)
    empty = {section: OWN_WORDS for section in row.written.required if not drafted[section].strip()}
    if empty:
        write(statement=row, texts=empty, by=by, at=at)
    done_by = (at + 7 * DAY).astimezone(ZONE).date()
    lines = row.actions.filter(measure="").values_list("pk", flat=True)
    measures = {pk: Measure(WHAT_IS_DONE, by.staff, done_by) for pk in lines}
    if measures:
        write_measures(statement=row, measures=measures, by=by, at=at)


def _arrive(company: Company, delivery: Delivery, at: datetime) -> None:
    """Sent by hand where it goes outside; whoever got it says so, the next time."""
    row = delivery.statement
    role = delivery.role or row.written.prepared_by
    people = reach_role(role, delivery.unit or row.unit, at)
    by = company.scope(people[0], at)
    if delivery.sent_at is None:
        if row.state == Statement.State.SIGNED:
            send_outside(delivery=delivery, proof=f"{row.number} 随会议通知送出", by=by, at=at)
    elif at - delivery.sent_at > timedelta(hours=3):
        receive(delivery=delivery, by=by, at=at, name="" if delivery.role else "会议秘书")


# --- Duties ---------------------------------------------------------------------------------------

_HEADS = ("cs_head", "repair_head", "dept_head")
#: Who greets at the gate on which day of the week.
GREETERS = {0: ("project_manager",), 1: _HEADS, 3: _HEADS}


def duties(company: Company, project: OrgUnit, since: datetime, rng: Random) -> Life:
    """The manager and the heads greet at the gate; on the second Thursday of the month the
    manager's door is open."""
    for day in _working_days(company, since):
        local = day.astimezone(ZONE)
        if roles := GREETERS.get(local.weekday()):
            at = day + timedelta(hours=8, minutes=rng.uniform(50, 59))
            yield at
            for person in _here(company, project, roles, at):
                _greet(company, project, person, at, rng)
        if local.weekday() == 3 and 8 <= local.day <= 14:
            at = day + timedelta(hours=17, minutes=rng.uniform(0, 20))
            yield at
            _open_door(company, project, at, rng)


def _here(company: Company, project: OrgUnit, roles: tuple[str, ...], at: datetime) -> list[Staff]:
    units = OrgUnit.objects.filter(path__startswith=project.path)
    return company.here(holders(units, roles, at), at)


def _greet(company: Company, project: OrgUnit, person: Staff, at: datetime, rng: Random) -> None:
    typed = {
        "staff": person.number, "place": rng.choice(("东门", "西门", "地库入口")),
        "heard": rng.choice(GREETED),
    }  # fmt: skip
    _fill(company, project, "greeting", typed, company.holding("csr", project, at), at)


def _open_door(company: Company, project: OrgUnit, at: datetime, rng: Random) -> None:
    manager = company.holding("project_manager", project, at)
    typed = {
        "kind": "项目经理接待日", "place": "物业服务中心", "staff": manager.number,
        "came": str(rng.randint(3, 15)),
        "issues": [{"issue": "夜间地库照明偏暗", "answer": "工程部已列入本周巡检"}],
    }  # fmt: skip
    record = _fill(company, project, "reception-day", typed, manager, at)
    sign(record=record, place="项目经理", by=company.scope(manager, at), at=at)


def _fill(
    company: Company,
    project: OrgUnit,
    form: str,
    typed: Mapping[str, Any],
    person: Staff,
    at: datetime,
) -> Record:
    blank = Blank(project, form_in_force(project, form, at))
    day = at.astimezone(ZONE).date().isoformat()
    by = company.scope(person, at)
    return begin(blank=blank, typed={"on": day, **typed}, complete=True, by=by, at=at)
