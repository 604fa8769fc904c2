"""Reads of the case list: every case, closed and merged ones too, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.lookups import IsNull
from django.urls import reverse
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.cases.board import MOST, PAGE, Count, Reader, read_moment, some, status_of, where
from shouwen.cases.forms.filters import is_late
from shouwen.cases.models import Case, Commitment, JournalEntry
from shouwen.web.words import span

#: An open case in which nothing happened for so long is shown to stand still (S0-3.1-2).
STILL = timedelta(days=1)


def with_all(cases: QuerySet[Case], at: datetime) -> QuerySet[Case]:
    """With all that a row or a line of the export shows."""
    people = ("project", "owner", "delegate", "assignee", "department", "merged_into")
    return cases.select_related(*people).annotate(is_late=_is_late(at))


def _is_late(at: datetime) -> IsNull:
    """For rows that are read one by one. Not EXISTS: for the fifty rows of a page PostgreSQL would
    gather the late promises of all cases first."""
    late = Commitment.objects.filter(is_late(at), case=OuterRef("pk"))
    return IsNull(Subquery(late.values("pk")[:1]), False)


def page_of(cases: QuerySet[Case], after: str, at: datetime) -> tuple[list[Any], str]:
    """One page of rows by the time of registering, and the key of the next ("" at the end)."""
    moment, _underscore, pk = after.partition("_")
    before = read_moment(moment)
    if before and pk.isdecimal():
        cases = cases.filter(
            Q(opened_at__lt=before) | Q(opened_at=before, pk__lt=int(pk)), opened_at__lte=before
        )
    rows = list(_with_last(with_all(cases, at)).order_by("-opened_at", "-pk")[: PAGE + 1])
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return rows[:PAGE], f"{last.opened_at.timestamp():.6f}_{last.pk}" if last else ""


def oldest_page(cases: QuerySet[Case], after: str, at: datetime) -> tuple[list[Any], str]:
    """One page, what was registered first on top: what lies longest is looked at first."""
    if after.isdecimal():
        cases = cases.filter(pk__gt=int(after))
    rows = list(_with_last(with_all(cases, at)).order_by("pk")[: PAGE + 1])
    return rows[:PAGE], str(rows[PAGE - 1].pk) if len(rows) > PAGE else ""


def found_page(cases: QuerySet[Case], after: str, at: datetime) -> tuple[list[Any], str]:
    """One page of what a search found, the last recorded first."""
    if after.isdecimal():
        cases = cases.filter(pk__lt=int(after))
    rows = list(_with_last(with_all(cases, at))[: PAGE + 1])
    return rows[:PAGE], str(rows[PAGE - 1].pk) if len(rows) > PAGE else ""


def _with_last(cases: QuerySet[Case]) -> QuerySet[Case]:
    entries = JournalEntry.objects.filter(case=OuterRef("pk")).order_by("-seq")
    return cases.annotate(last_at=Subquery(entries.values("recorded_at")[:1]))


@dataclass(frozen=True)
class CaseRow:
    """One case as the list shows it."""

    case: Any
    url: str
    where: str
    about: str
    who: str
    status: str
    still: str
    running: datetime | None
    """The earliest due time that still runs."""
    was_late: bool
    """Late, but not by what runs now."""


def rows(cases: Sequence[Any], reader: Reader) -> list[CaseRow]:
    return [_row(case, reader) for case in cases]


def _row(case: Any, reader: Reader) -> CaseRow:
    running = case.next_due_at if case.is_open else None
    names = [case.department.name if case.department else "", person_of(case)]
    return CaseRow(
        case=case,
        url=reverse("cases:case", args=[case.number]),
        where=where(case),
        about=" · ".join(reader.about(case)),
        who=" · ".join(filter(None, names)),
        status=status_of(case),
        still=_still(case, reader.at),
        running=running,
        was_late=case.is_late and not (running and running < reader.at),
    )


def person_of(case: Case) -> str:
    """Who has it in hand."""
    return (case.assignee or case.delegate or case.owner).name


def _still(case: Any, at: datetime) -> str:
    if not case.is_open or case.last_at is None or at - case.last_at < STILL:
        return ""
    return _("{span}没有进展").format(span=span(at - case.last_at))


@dataclass(frozen=True)
class Tally:
    """How many a list holds. Merged ones are among them and said apart: they are no matter of
    their own."""

    all: int
    merged: int
    exact: bool

    @property
    def words(self) -> str:
        number = str(self.all) if self.exact else some(self.all)
        words = _("共 {n} 件").format(n=number)
        if self.merged:
            merged = str(self.merged) if self.exact else some(self.merged)
            words += _("，其中已并入 {n} 件").format(n=merged)
        return words

    @property
    def is_bounded(self) -> bool:
        return not self.exact and self.all > MOST


def tally(cases: QuerySet[Case], *, exact: bool = False) -> Tally:
    """Counted up to 999 unless somebody asks for the exact number."""
    bound = None if exact else MOST + 1
    every = cases.order_by().values("pk")
    merged = every.filter(status=Case.Status.MERGED)
    row = Staff.objects.values_list(Count(every[:bound]), Count(merged[:bound]))[:1][0]
    return Tally(row[0], row[1], exact)
