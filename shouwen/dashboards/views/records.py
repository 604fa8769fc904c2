"""The records behind a number: the same query without the count, page by page and as a file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.cases.downloads import as_file
from shouwen.dashboards.heaps import AGES, BYS, HEAPS, NONE, Heap
from shouwen.dashboards.listing import COLUMNS, cells, page_of
from shouwen.dashboards.pages.counting import unit_names
from shouwen.dashboards.places import View, asked_view
from shouwen.estate.models import Building
from shouwen.rules.periods import read_period
from shouwen.rules.vocabulary import KINDS
from shouwen.web.pieces import Choice, Pager


@dataclass(frozen=True)
class Asked:
    """Which records the address asks for: a heap, or one part of it."""

    heap: Heap
    name: str
    view: View
    by: str
    key: str
    kind: str

    @cached_property
    def rows(self) -> QuerySet[Any]:
        return self.heap.part(self.view, self.by, self.key, self.kind)

    def address(self, page: str, *arguments: str, **more: str) -> str:
        told = {"by": self.by, "key": self.key, "kind": self.kind, **more}
        return self.view.address(page, self.name, *arguments, **told)

    @property
    def words(self) -> str:
        """Of what place, when, and which part."""
        told = [self.view.place.name, self._part(), str(KINDS.get(self.kind, self.kind))]
        if self.heap.of_period:
            told.insert(1, self.view.period.words)
        return " · ".join(filter(None, told))

    def _part(self) -> str:
        if self.by == "age":
            return str(AGES[self.key][0])
        if self.by == "kind":
            return KINDS.get(self.key, self.key)
        if self.by == "day":
            return read_period(self.key).words
        if not self.by:
            return ""
        if self.key == NONE:
            return _("未填房号") if self.by == "building" else _("未派部门")
        pk = int(self.key)
        if self.by == "building":
            found = Building.objects.filter(self.view.here, pk=pk).first()
            return found.name if found else ""
        return unit_names([pk], self.view.place).get(pk, "")


def asked_records(request: SignedInRequest, name: str) -> Asked:
    heap, view = HEAPS.get(name), asked_view(request)
    by, key, kind = (request.GET.get(word, "") for word in ("by", "key", "kind"))
    if heap is None or not _is_part(by, key) or (kind and kind not in KINDS):
        raise Http404
    return Asked(heap, name, view, by, key, kind)


def _is_part(by: str, key: str) -> bool:
    if by == "day":
        return _is_day(key)
    if by in ("age", "kind"):
        return key in (AGES if by == "age" else KINDS)
    return not by or (by in BYS and key.isdecimal() and len(key) < 19)


def _is_day(key: str) -> bool:
    try:
        return read_period(key).kind == "day"
    except ValueError:
        return False


@require_safe
def records(request: SignedInRequest, name: str) -> HttpResponse:
    """Exactly what a number on a dashboard counts."""
    asked = asked_records(request, name)
    after = request.GET.get("after", "")
    rows, older = page_of(asked.rows, after, request.at)
    pager = Pager(
        newer=asked.address("records") if after else "",
        older=asked.address("records", after=older) if older else "",
        words=_("共 {n} 条").format(n=asked.rows.count()),
    )
    about = {
        "asked": asked, "rows": rows, "pager": pager, "exports": _exports(request, asked),
    }  # fmt: skip
    return render(request, "dashboards/records.html", about)


def _exports(request: SignedInRequest, asked: Asked) -> list[Choice]:
    if not request.scope.can("export", asked.view.place):
        return []
    return [
        Choice(title, asked.address("export", kind))
        for title, kind in (("Excel", "xlsx"), ("CSV", "csv"))
    ]


@require_safe
def export(request: SignedInRequest, name: str, kind: str) -> HttpResponseBase:
    """The same records as a file."""
    asked = asked_records(request, name)
    request.scope.require("export", asked.view.place)
    of = f"{asked.view.place.name} {localtime(request.at):%Y-%m-%d %H%M}"
    return as_file(kind, cells(asked.rows, request.at), COLUMNS, str(asked.heap.title), of)
