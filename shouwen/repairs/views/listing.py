"""The list of orders, the registers that write themselves, and both as files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.cases.board import Reader
from shouwen.cases.downloads import as_file
from shouwen.cases.export import Column, lines
from shouwen.cases.levels import TITLES, WIDE
from shouwen.repairs import listing
from shouwen.repairs.forms.filters import Narrowing, OrdersForm, RegisterForm
from shouwen.repairs.models import WorkOrder
from shouwen.repairs.queries import KEEPS_ROSTER, visible_orders
from shouwen.repairs.registers import REGISTERS, Register, rows_of
from shouwen.web.pieces import Choice, Pager

#: A register shows so many rows on its page; the file has them all.
SHOWN = 300


@dataclass(frozen=True)
class Asked:
    """What the address asks for: whose orders, in which state, with which filters."""

    request: SignedInRequest
    form: Narrowing
    right: str = "case.view"

    @cached_property
    def levels(self) -> tuple[str, ...]:
        return listing.levels(self.request.scope, self.request.project)

    @property
    def level(self) -> str:
        asked = self.request.GET.get("of", "")
        usual = "mine" if self.request.scope.departments("case.view") else "project"
        return next(name for name in (asked, usual, "mine") if name in self.levels)

    @property
    def group(self) -> str:
        asked = self.request.GET.get("state", "")
        return asked if asked in listing.GROUPS else "waiting"

    @property
    def of_level(self) -> QuerySet[WorkOrder]:
        request = self.request
        seen = visible_orders(request.scope, self.right)
        return listing.of_level(seen, self.level, request.scope, request.project)

    def link(self, **changed: str) -> str:
        """This page again, with something else in its address."""
        now = {name: self.request.GET.get(name, "") for name in self.form.fields}
        asked = {"of": self.level, "state": self.group, **now, **changed}
        return urlencode({name: value for name, value in asked.items() if value})

    @property
    def segments(self) -> list[Choice]:
        return [
            Choice(str(TITLES[name]), f"?{self.link(of=name)}", name == self.level)
            for name in self.levels
        ]

    def exports(self, address: str, *about: str) -> list[Choice]:
        if not self.request.scope.can("export"):
            return []
        return [
            Choice(title, f"{reverse(address, args=[*about, kind])}?{self.link()}")
            for title, kind in (("Excel", "xlsx"), ("CSV", "csv"))
        ]


# --- Orders ---------------------------------------------------------------------------------------


def _listed(asked: Asked, form: OrdersForm) -> QuerySet[WorkOrder]:
    """What the list lists, and its export."""
    if not form.is_valid():
        return WorkOrder.objects.none()
    states = listing.GROUPS[asked.group][1]
    return asked.of_level.filter(form.condition(), state__in=states)


@require_safe
def orders(request: SignedInRequest) -> HttpResponse:
    """Orders by state, the last opened first."""
    request.scope.require("case.view")
    form = OrdersForm(request.GET)
    asked = Asked(request, form)
    rows, more = listing.page_of(_listed(asked, form), request.GET.get("after", ""))
    newer = f"?{asked.link()}" if request.GET.get("after") else ""
    about = {
        "form": form,
        "rows": rows,
        "group": asked.group,
        "level": asked.level,
        "wide": asked.level in WIDE,
        "levels": asked.segments,
        "groups": [
            Choice(str(title), f"?{asked.link(state=name)}", name == asked.group)
            for name, (title, _states) in listing.GROUPS.items()
        ],
        "exports": asked.exports("repairs:export"),
        "links": _links(request),
        "pager": Pager(newer=newer, older=f"?{asked.link(after=more)}" if more else ""),
    }
    return render(request, "repairs/orders.html", about)


#: What stands beside the list: its words, page, and the right that shows it.
_BESIDE = (
    (_("记录表"), "repairs:register", ("daily",), "case.view"),
    (_("维修排班"), "repairs:roster", (), KEEPS_ROSTER),
    (_("入伙验房"), "repairs:handovers", (), "case.dispatch"),
    (_("巡查"), "repairs:patrols", (), "contact.register"),
)


def _links(request: SignedInRequest) -> list[Choice]:
    return [
        Choice(str(title), reverse(name, args=about))
        for title, name, about, right in _BESIDE
        if request.scope.can(right, request.project)
    ]


@require_safe
def export(request: SignedInRequest, kind: str) -> HttpResponseBase:
    """《维修单》 as a list: the same rows in the same order as on the pages."""
    request.scope.require("export")
    form = OrdersForm(request.GET)
    rows = listing.in_order(_listed(Asked(request, form, "export"), form))
    return _file(request, rows, listing.COLUMNS, "维修单", kind)


def _file(
    request: SignedInRequest, rows: Any, columns: Sequence[Column], name: str, kind: str
) -> HttpResponseBase:
    reader = Reader(request.scope, (), request.at)
    cells = (
        lines(rows, columns, reader)
        if isinstance(rows, QuerySet)
        else ([column.read(row, reader) for column in columns] for row in rows)
    )
    return as_file(kind, cells, columns, name, f"{localtime(request.at):%Y-%m-%d %H%M}")


# --- Registers ------------------------------------------------------------------------------------


def _register(name: str) -> Register:
    if name not in REGISTERS:
        raise Http404
    return REGISTERS[name]


def _rows(asked: Asked, name: str, register: Register) -> Iterable[Any]:
    if not asked.form.is_valid():
        return ()
    return rows_of(name, asked.of_level, asked.form.between(register.moment))


@require_safe
def register(request: SignedInRequest, name: str) -> HttpResponse:
    """A register on a page: its columns are those of the paper."""
    request.scope.require("case.view")
    found = _register(name)
    asked = Asked(request, RegisterForm(request.GET))
    rows = list(_rows(asked, name, found)[: SHOWN + 1])  # type: ignore[index] # a list or a query
    reader = Reader(request.scope, (), request.at)
    columns = found.columns
    about = {
        "form": asked.form,
        "register": found,
        "level": asked.level,
        "levels": asked.segments,
        "titles": [column.title for column in columns],
        "rows": [[(one.title, one.read(row, reader)) for one in columns] for row in rows[:SHOWN]],
        "more": len(rows) > SHOWN,
        "registers": [
            Choice(str(other.title), f"{reverse('repairs:register', args=[key])}", key == name)
            for key, other in REGISTERS.items()
        ],
        "exports": asked.exports("repairs:register-export", name),
    }
    return render(request, "repairs/register.html", about)


@require_safe
def register_export(request: SignedInRequest, name: str, kind: str) -> HttpResponseBase:
    request.scope.require("export")
    found = _register(name)
    asked = Asked(request, RegisterForm(request.GET), "export")
    return _file(request, _rows(asked, name, found), found.columns, str(found.title), kind)
