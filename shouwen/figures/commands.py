"""`shouwen figures …`"""

from __future__ import annotations

import click
from django.db import transaction
from django.utils.timezone import localdate

from shouwen import clock
from shouwen.accounts.models import OrgUnit
from shouwen.cases.models import JournalEntry
from shouwen.figures.actions.keeping import FIGURES, first_month, rejudge
from shouwen.figures.queries import Shown
from shouwen.figures.queries import figures as figures_of
from shouwen.followup.actions.planning import locked_cursor
from shouwen.rules.periods import Period, period, read_period


def _stretch(ctx: click.Context, param: click.Parameter, value: str | None) -> Period | None:
    try:
        return read_period(value) if value else None
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def _place(ctx: click.Context, param: click.Parameter, value: str | None) -> OrgUnit | None:
    if not value:
        return None
    places = OrgUnit.objects.filter(kind__in=("group", "company", "project"))
    found = places.filter(code=value).first() or places.filter(name=value).first()
    if found is None:
        raise click.BadParameter(f"没有这个项目、公司或集团：{value}")
    return found


@click.group(help="指标")
def figures() -> None:
    """Commands about figures."""


@figures.command("show", help="一个单位一段时间的各项指标")
@click.argument("place", callback=_place)
@click.option(
    "--period", "stretch", callback=_stretch, help="2026-11、2026-Q4、2026-W48；不写为本月"
)
def show(place: OrgUnit, stretch: Period | None) -> None:
    """Prints key, value, target, hits ÷ n, undecided, not counted, and the title."""
    at = clock.now()
    stretch = stretch or period("month", localdate(at))
    for shown in figures_of(place, stretch, at):
        click.echo("\t".join(_cells(shown)))


def _cells(shown: Shown) -> list[str]:
    figure, counts = shown.figure, shown.figure.counts
    return [
        figure.key, figure.words, figure.measure.target or "-", f"{counts.hit}/{counts.n}",
        str(counts.open), str(counts.out), figure.measure.title,
    ]  # fmt: skip


@figures.command("rebuild", help="把各月的指标按现在的记录重新判定（已锁定的月份不变）")
@click.option("--place", callback=_place, help="只做这个单位")
@click.option("--since", callback=_stretch, help="自这个月起；不写为自最早的登记")
def rebuild(place: OrgUnit | None, since: Period | None) -> None:
    """Every month of every project, one transaction each; last, the reader of the journal goes on
    from where it was when this began."""
    at = clock.now()
    last = JournalEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    projects = OrgUnit.objects.filter(kind="project", closed_at=None)
    if place:
        projects = projects.filter(path__startswith=place.path)
    for project in projects.order_by("pk"):
        cases = sum(rejudge(project=project, month=m, at=at) for m in _months(project, since))
        click.echo(f"{project.name}\t{cases}")
    if place is None and since is None:
        _read_up_to(last)


def _months(project: OrgUnit, since: Period | None) -> list[Period]:
    month = since or first_month(project)
    last = period("month", localdate(clock.now()))
    months = [period("month", month.first)] if month else []
    while months and months[-1] < last:
        months.append(months[-1].after())
    return months


def _read_up_to(last: int) -> None:
    with transaction.atomic():
        cursor = locked_cursor(FIGURES)
        cursor.last = max(cursor.last, last)
        cursor.save()
