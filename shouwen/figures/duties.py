"""Duties: what is owed so often, by whom, and whether it was done.

Nothing is kept of them but the forms that prove them. What is owed follows from the regulation, the
calendar and the posts; measures judge each time by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import cached_property
from math import ceil

from django.db.models import Min, Q
from django.urls import reverse
from django.utils.timezone import get_current_timezone, localdate

from shouwen.accounts.models import Absence, OrgUnit, Post, Staff
from shouwen.accounts.queries import line_above
from shouwen.adoption.actions import footing, pin
from shouwen.adoption.models import Adoption
from shouwen.adoption.queries import rulebook
from shouwen.figures.homes import occupied
from shouwen.figures.knowing import Subject
from shouwen.figures.measures import end_of, midnight
from shouwen.registers.models import Record
from shouwen.rules.figure_kinds import Duty
from shouwen.rules.measures import Known
from shouwen.rules.periods import Period, period
from shouwen.rules.worktime import Calendar

#: Regulation and rule.
Asked = tuple[str, Duty]
NO_WORK = "整段没有工作日"
AWAY = "整段请假"
NO_HOME = "没有住户"


@dataclass(frozen=True)
class Owed:
    """One time that something is owed: the second greeting of a week, of one person."""

    regulation: str
    rule: Duty
    project: OrgUnit
    span: Period
    nth: int
    staff: Staff | None
    """Empty: owed by the project, whoever of the roles does it."""
    record: Record | None
    """What proves that it was done."""
    excused: str = ""
    so_far: str = ""
    """Of a sample: how far it has come."""

    @property
    def key(self) -> str:
        """ "duty:greeting-by-head:17:2026-W48:1" """
        who = self.staff.pk if self.staff else self.project.pk
        return f"duty:{self.rule.id}:{who}:{self.span.key}:{self.nth}"

    @property
    def label(self) -> str:
        who = self.staff.name if self.staff else self.project.name
        time = f" 第 {self.nth} 次" if self.rule.times > 1 else ""
        return f"{self.rule.title} {who} {self.span.words}{time}"

    @cached_property
    def until(self) -> datetime:
        return end_of(self.span)

    @property
    def is_excused(self) -> bool:
        return bool(self.excused) and self.record is None

    def is_late(self, at: datetime) -> bool:
        return self.record is None and not self.excused and self.until <= at


def owed(project: OrgUnit, first: date, last: date, at: datetime) -> list[Owed]:
    """Every time owed of the periods that have begun and end in these days, the first first. Of
    those that were over before its regulation was adopted nothing is."""
    asked: list[Asked] = [
        (regulation.id, rule) for regulation, rule in rulebook(pin(project, at).pk).all("duty")
    ]
    if not asked:
        return []
    adopted = _adopted(project)
    spans = [
        (regulation, rule, span)
        for regulation, rule in asked
        for span in _ending(rule, max(first, adopted[regulation]), last, localdate(at))
    ]
    days = _Days(project, spans, at)
    found = [one for each in spans for one in days.owed(*each)]
    return sorted(found, key=lambda one: (one.span.last, one.rule.id))


def _adopted(project: OrgUnit) -> dict[str, date]:
    """The first day of each regulation here; of what needs no adoption, none."""
    rows = Adoption.objects.filter(unit__in=line_above(project)).order_by()
    told = rows.values_list("edition__regulation").annotate(first=Min("since"))
    return defaultdict(lambda: date.min, {name: localdate(first) for name, first in told})


def _ending(rule: Duty, first: date, last: date, today: date) -> Iterator[Period]:
    span = period(rule.every, first)
    while span.last <= last and span.first <= today:
        yield span
        span = span.after()


class _Days:
    """What is asked of some stretches of days, read at once: records, posts, absences."""

    def __init__(
        self, project: OrgUnit, spans: list[tuple[str, Duty, Period]], at: datetime
    ) -> None:
        self.project, self.at = project, at
        self.first = min((span.first for _, _, span in spans), default=localdate(at))
        self.last = max((span.last for _, _, span in spans), default=localdate(at))
        self.duties = list({rule.id: rule for _, rule, _ in spans}.values())

    @cached_property
    def calendar(self) -> Calendar:
        return footing(self.project, self.at).calendars.duty

    @cached_property
    def records(self) -> dict[str, list[Record]]:
        """By form, the first first."""
        rows = Record.objects.filter(
            project=self.project, form__in={rule.form for rule in self.duties},
            state=Record.State.SIGNED, on__range=(self.first, self.last),
        ).order_by("on", "pk")  # fmt: skip
        found: dict[str, list[Record]] = defaultdict(list)
        for row in rows:
            found[row.form].append(row)
        return found

    @cached_property
    def posts(self) -> list[Post]:
        roles = {role for rule in self.duties if rule.each for role in rule.by}
        rows = Post.objects.filter(
            Q(until=None) | Q(until__gt=midnight(self.first)), role__in=roles,
            unit__path__startswith=self.project.path, staff__is_active=True,
        )  # fmt: skip
        return list(rows.select_related("staff").order_by("staff__number"))

    @cached_property
    def absences(self) -> dict[int, list[Absence]]:
        found: dict[int, list[Absence]] = defaultdict(list)
        staff = {post.staff_id for post in self.posts}
        during = {"starts_at__lt": end_of(Period(self.first, self.last, "day"))}
        for row in Absence.objects.filter(
            staff__in=staff, ends_at__gt=midnight(self.first), **during
        ):
            found[row.staff_id].append(row)
        return found

    def owed(self, regulation: str, rule: Duty, span: Period) -> Iterator[Owed]:
        for staff in self._people(rule, span):
            done = [row for row in self.records[rule.form] if _proves(row, rule, span, staff)]
            excused, so_far = self._excuse(span, staff), ""
            if rule.sample:
                homes = occupied(self.project, span).count()
                done, so_far = _of_sample(rule, homes, done)
                excused = excused if homes else NO_HOME
            for nth in range(1, rule.times + 1):
                record = done[nth - 1] if nth <= len(done) else None
                yield Owed(
                    regulation, rule, self.project, span, nth, staff, record, excused, so_far
                )

    def _people(self, rule: Duty, span: Period) -> Iterable[Staff | None]:
        """Who owes it: the project, or everybody who holds such a post from the first day of the
        period to the last, or until now."""
        if not rule.each:
            return [None]
        until = min(end_of(span), self.at)
        held = {
            post.staff_id: post.staff
            for post in self.posts
            if post.role in rule.by
            and localdate(post.since) <= span.first
            and (post.until is None or post.until >= until)
        }
        return held.values()

    def _excuse(self, span: Period, staff: Staff | None) -> str:
        """Why it is not owed, if it is not: a week without a working day, or one spent away."""
        days = [span.first + timedelta(days=n) for n in range(span.days)]
        worked = [day for day in days if self.calendar.is_working_day(day)]
        if not worked:
            return NO_WORK
        away = self.absences.get(staff.pk, []) if staff else []
        return AWAY if away and all(self._is_away(day, away) for day in worked) else ""

    def _is_away(self, day: date, away: list[Absence]) -> bool:
        """Through all working hours of the day."""
        hours = self.calendar.periods_on(day)
        begins, ends = hours[0][0], hours[-1][1]
        return any(row.starts_at <= begins and row.ends_at >= ends for row in away)


def _proves(record: Record, rule: Duty, span: Period, staff: Staff | None) -> bool:
    """Whether a record shows that it was done in the period, by the person."""
    said = all(record.values.get(name) in wanted for name, wanted in rule.says.items())
    who = record.staff_id or record.filled_by_id
    return record.on in span and said and (staff is None or who == staff.pk)


def _of_sample(rule: Duty, homes: int, done: list[Record]) -> tuple[list[Record], str]:
    """The form with which as many homes were asked as must be, if there is one, and how far it has
    come. A home that was asked twice is one."""
    wanted = ceil(Fraction(rule.sample.removesuffix("%")) * homes / 100)
    asked = list({row.unit_id: row for row in reversed(done) if row.unit_id}.values())[::-1]
    words = f"已查 {len(asked)} 户，应查 {wanted} 户（{homes} 户的 {rule.sample}）"
    return asked[wanted - 1 : wanted], words


# --- For the measures -----------------------------------------------------------------------------


def of_month(project: OrgUnit, month: Period, at: datetime) -> Iterator[Subject]:
    """Every time owed of a period that ends in the month: there it counts."""
    for one in owed(project, month.first, month.last, at):
        yield Subject(
            one.key, one.label[:60], _address(one), _known(one), project.pk,
            project.company_id or 0, project.group_id or 0,
            staff_id=one.staff.pk if one.staff else None,
        )  # fmt: skip


def _address(one: Owed) -> str:
    return f"/registers/records/{one.record.number}" if one.record else reverse("figures:duties")


def _known(one: Owed) -> Known:
    zone = get_current_timezone()
    return Known(
        record="duty", zone=zone, rule=one.rule.id, settled=one.record is not None,
        moments={"at": datetime.combine(one.span.last, time(12), zone)}, until=one.until,
        left_out=one.excused if one.is_excused else "",
    )  # fmt: skip
