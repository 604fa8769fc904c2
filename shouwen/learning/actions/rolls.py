"""Lists of residents whose suggestions were taken up: drawn up, approved, put up, awarded."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.estate.queries import place_of
from shouwen.learning.actions.suggesting import LEADS, require_posted
from shouwen.learning.models import Roll, RollLine, Suggestion
from shouwen.learning.queries import taken_up
from shouwen.rules.corrections import require_written
from shouwen.rules.refused import Refused

#: Who may put his name under a list that is put up.
APPROVES = "case.void"


def draw_up(*, project: OrgUnit, kind: str, year: int, by: Scope, at: datetime) -> Roll:
    """Every household with a suggestion taken up in the year, those with the most first. Until it
    is approved it may be drawn up anew (S2-JD-4c, S2-A14-12b)."""
    by.require(LEADS, project)
    if kind not in Roll.Kind.values:
        raise Refused("unknown-roll", "请选名单。", field="kind")
    if not 2000 <= year <= localdate(at).year:
        raise Refused("bad-year", "年度要填到今年为止的年份。", field="year")
    with transaction.atomic():
        OrgUnit.objects.select_for_update().get(pk=project.pk)  # one list at a time
        old = Roll.objects.filter(project=project, kind=kind, year=year).first()
        if old and old.approved_at:
            raise Refused("approved-already", "这份名单已经批准，不能重新生成。")
        if old:
            old.delete()
        roll = Roll.objects.create(
            **place_of(project), kind=kind, year=year, made_at=at, made_by=by.staff
        )
        _fill(roll)
    return roll


def _fill(roll: Roll) -> None:
    households: dict[tuple[object, ...], list[Suggestion]] = {}
    for suggestion in taken_up(roll.project, roll.year):
        case = suggestion.case
        alone = None if case.unit_id or case.customer_phone else case.pk
        phone = "" if case.unit_id else case.customer_phone
        home = (case.unit_id, phone, alone, case.customer_name)
        households.setdefault(home, []).append(suggestion)
    for found in sorted(households.values(), key=len, reverse=True):
        case = found[0].case
        line = RollLine.objects.create(
            roll=roll, name=case.customer_name or "住户", address=case.address
        )
        line.suggestions.set(found)


def approve(*, roll: Roll, by: Scope, at: datetime) -> Roll:
    """The director approves what another drew up."""
    by.require(APPROVES, roll.project)
    with transaction.atomic():
        row = Roll.objects.select_for_update().get(pk=roll.pk)
        if row.approved_at:
            raise Refused("approved-already", "这份名单已经批准，不用再批。")
        if row.made_by_id == by.staff.pk:
            raise Refused("own-roll", "生成名单的人不能自己批准，请主任批准。", "接待制度4")
        if not row.lines.exists():
            raise Refused("empty-roll", "名单上还没有住户，请先重新生成名单。")
        if row.kind == Roll.Kind.AWARD and row.lines.filter(award="").exists():
            raise Refused("no-award", "还有住户没有写表扬奖励，写完再批准。")
        row.approved_at, row.approved_by = at, by.staff
        row.save(update_fields=["approved_at", "approved_by"])
    roll.__dict__.update(row.__dict__)
    return roll


def post(*, roll: Roll, where: str, by: Scope, at: datetime, until: date | None = None) -> Roll:
    """Put up; only what was approved."""
    by.require(LEADS, roll.project)
    with transaction.atomic():
        row = Roll.objects.select_for_update().get(pk=roll.pk)
        if not row.approved_at:
            raise Refused("not-approved", "名单先经主任批准再公布。", "接待制度4")
        require_posted(where, until, at)
        row.posted_at, row.posted_where, row.posted_until = at, where.strip()[:100], until
        row.save(update_fields=["posted_at", "posted_where", "posted_until"])
    roll.__dict__.update(row.__dict__)
    return roll


def award(*, line: RollLine, award: str, by: Scope, at: datetime) -> RollLine:
    """What a household is given."""
    by.require(LEADS, line.roll.project)
    require_written([("award", "给予什么表扬奖励", award)])
    with transaction.atomic():
        row = (
            RollLine.objects.select_for_update(of=("self",)).select_related("roll").get(pk=line.pk)
        )
        if row.roll.approved_at:
            raise Refused("approved-already", "名单已经批准，奖励不能再改。")
        row.award = award.strip()[:120]
        row.save(update_fields=["award"])
    line.__dict__.update(row.__dict__)
    return line


def told(*, line: RollLine, by: Scope, at: datetime) -> RollLine:
    """The household was told."""
    by.require("case.feed-back", line.roll.project)
    with transaction.atomic():
        row = (
            RollLine.objects.select_for_update(of=("self",)).select_related("roll").get(pk=line.pk)
        )
        if not row.roll.approved_at:
            raise Refused("not-approved", "名单先经主任批准再告知住户。", "接待制度4")
        row.told_at, row.told_by = row.told_at or at, row.told_by or by.staff
        row.save(update_fields=["told_at", "told_by"])
    line.__dict__.update(row.__dict__)
    return line
