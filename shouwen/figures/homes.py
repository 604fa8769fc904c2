"""Homes that are to be visited in a period, each once: how far a round of visits has come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.timezone import get_current_timezone

from shouwen.accounts.models import OrgUnit
from shouwen.estate.models import Occupancy, Unit
from shouwen.figures.knowing import Subject
from shouwen.figures.measures import end_of, measures_at
from shouwen.registers.models import Record
from shouwen.rules.figure_kinds import Measure
from shouwen.rules.measures import Known
from shouwen.rules.periods import Period, period


def of_month(project: OrgUnit, month: Period, at: datetime) -> Iterator[Subject]:
    """The homes of every round that ends in the month: there they count."""
    for held in measures_at(project, min(at, end_of(month))):
        measure = held.measure
        if measure.of.record == "home" and period(measure.period, month.last).last == month.last:
            yield from _of_round(project, measure, period(measure.period, month.last))


def _of_round(project: OrgUnit, measure: Measure, span: Period) -> Iterator[Subject]:
    visits = visits_of(project, measure.of.form, span)
    for unit in occupied(project, span).iterator(chunk_size=1000):
        record = visits.get(unit.pk)
        yield Subject(
            f"home:{unit.pk}:{span.key}", unit.label[:60], _address(unit, record),
            _known(measure, record, span), project.pk, project.company_id or 0,
            project.group_id or 0, building_id=unit.building_id,
        )  # fmt: skip


def occupied(project: OrgUnit, span: Period) -> QuerySet[Unit]:
    """Homes in which somebody lives, or lived, in the period. An empty home cannot be visited."""
    lives = Occupancy.objects.filter(
        Q(until=None) | Q(until__gte=span.first), Q(since=None) | Q(since__lte=span.last)
    )
    return Unit.objects.filter(project=project, pk__in=lives.values("unit")).order_by("pk")


def visits_of(project: OrgUnit, forms: tuple[str, ...], span: Period) -> dict[int, str]:
    """The number of the first visit of each home. A home visited twice was visited."""
    rows = Record.objects.filter(
        project=project, form__in=forms, state=Record.State.SIGNED, unit__isnull=False,
        on__range=(span.first, span.last),
    ).order_by("-on", "-pk")  # fmt: skip
    return dict(rows.values_list("unit", "number"))


def _address(unit: Unit, record: str | None) -> str:
    return f"/registers/records/{record}" if record else reverse("estate:unit", args=[unit.pk])


def _known(measure: Measure, record: str | None, span: Period) -> Known:
    zone = get_current_timezone()
    return Known(
        record="home", zone=zone, rule=measure.of.form[0], settled=record is not None,
        moments={"at": datetime.combine(span.last, time(12), zone)}, until=end_of(span),
    )  # fmt: skip
