"""The board, the case list, the search, and the export of exactly what each of them shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.cases import board as promises
from shouwen.cases import listing
from shouwen.cases.board import Reader
from shouwen.cases.choices import Choices, choices_for
from shouwen.cases.downloads import as_file
from shouwen.cases.export import CASES, PROMISES, Column, lines
from shouwen.cases.forms.filters import BoardFilterForm, CaseFilterForm, FilterForm, has_late
from shouwen.cases.levels import TITLES, WIDE, Level, level_names
from shouwen.cases.models import Case, Commitment, SavedView
from shouwen.cases.queries import visible_cases, visible_commitments
from shouwen.cases.search import Wanted, find
from shouwen.web.pieces import Choice, Pager


@dataclass(frozen=True)
class Asked:
    """What the address asks for: whose work, with which filters."""

    request: SignedInRequest
    form: FilterForm
    page: str
    right: str = "case.view"
    """An export needs its own right where each row belongs."""

    @cached_property
    def choices(self) -> Choices:
        found = choices_for(self.request.scope, self.request.project, self.request.at)
        self.form.offer(found.offered())
        return found

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The levels there are for this person."""
        return level_names(self.request.scope, self.request.project, self.choices.mine)

    @cached_property
    def level(self) -> Level:
        """The one that is asked for; without it mine on the board, and the project in the list."""
        usual = "project" if self.page == "list" and "project" in self.names else "mine"
        asked = self.request.GET.get("of", "")
        name = asked if asked in self.names else usual
        request = self.request
        return Level(name, request.scope, request.project, self.choices.mine, request.at)

    @property
    def reader(self) -> Reader:
        wide = self.level.name in WIDE or self.level.name == "mine"
        several = wide and len(self.choices.project) > 1
        return Reader(self.request.scope, self.choices.mine, self.request.at, several)

    @cached_property
    def of_level(self) -> QuerySet[Commitment]:
        """The promises of the level that pass the filters, whatever their due time."""
        seen = visible_commitments(self.request.scope, self.right).filter(
            self.level.of_commitments()
        )
        return seen.filter(self.form.cases("case__")) if self.form.is_valid() else seen.none()

    @cached_property
    def promises(self) -> QuerySet[Commitment]:
        """What the board lists, and its export."""
        form = self.form
        if not (isinstance(form, BoardFilterForm) and form.is_valid()):
            return self.of_level.none()
        return self.of_level.filter(form.promises(self.request.at))

    @cached_property
    def cases(self) -> QuerySet[Case]:
        """What the case list lists, and its export."""
        seen = visible_cases(self.request.scope, self.right).filter(self.level.of_cases())
        if not self.form.is_valid():
            return seen.none()
        seen = seen.filter(self.form.cases())
        return seen.filter(has_late(self.request.at)) if self.form.cleaned_data["late"] else seen

    def tabs(self) -> list[Choice]:
        here = reverse(f"cases:{self.page}")
        return [
            Choice(str(TITLES[name]), f"{here}?{self.form.query(of=name)}", name == self.level.name)
            for name in self.names
        ]

    def link(self, **more: str) -> str:
        """This list again, with something else in its address."""
        return f"?{self.form.query(of=self.level.name, **more)}"

    def pager(self, after: str, words: str) -> Pager:
        """On to the next page, and back to the first."""
        newer = self.link() if self.request.GET.get("after") else ""
        return Pager(newer=newer, older=self.link(after=after) if after else "", words=words)

    def frame(self) -> dict[str, Any]:
        """What stands above both lists."""
        query = self.form.query(of=self.level.name)
        saved = urlencode({"page": self.page, "query": query})
        can_export = self.request.scope.can("export")
        views = SavedView.objects.filter(staff=self.request.user, page=self.page)
        return {
            "form": self.form,
            "tabs": self.tabs(),
            "level": self.level.name,
            "views": [_tab(view, query) for view in views],
            "save_url": f"{reverse('cases:views')}?{saved}",
            "exports": _exports(self.page, query) if can_export else (),
        }


def _tab(view: SavedView, query: str) -> Choice:
    return Choice(view.name, f"{reverse(f'cases:{view.page}')}?{view.query}", view.query == query)


def _exports(page: str, query: str) -> list[Choice]:
    return [
        Choice(title, f"{reverse('cases:export', args=[page, kind])}?{query}")
        for title, kind in (("Excel", "xlsx"), ("CSV", "csv"))
    ]


def asked_of(request: SignedInRequest, page: str, right: str = "case.view") -> Asked:
    form = BoardFilterForm(request.GET) if page == "board" else CaseFilterForm(request.GET)
    return Asked(request, form, page, right)


def _own_view(request: SignedInRequest, page: str) -> str:
    """Where the bare address of a page leads somebody who chose a view for it."""
    if request.GET:
        return ""
    chosen = SavedView.objects.filter(staff=request.user, page=page, default=True).first()
    return f"{reverse(f'cases:{page}')}?{chosen.query}" if chosen else ""


@require_safe
def board(request: SignedInRequest) -> HttpResponse:
    """Promises by due time, late ones on top, each with what it wants next."""
    request.scope.require("case.view")
    if own := _own_view(request, "board"):
        return redirect(own)
    asked = asked_of(request, "board")
    level, rules = asked.level, asked.choices.rules
    shown, after = promises.page_of(asked.promises, request.GET.get("after", ""))
    figures = promises.figures(asked.of_level, asked.promises, rules, request.at)
    words = _("按到期先后，超时在前 · 共 {n} 件").format(n=promises.some(figures.listed))
    about = {
        "tiles": [(*tile, asked.link(due=due)) for *tile, due in figures.tiles],
        "rows": asked.reader.rows(shown),
        "pager": asked.pager(after, words),
        "sub": _SUBS.get(level.name, ""),
        "due": request.GET.get("due", ""),
    }
    return render(request, "cases/board.html", about | asked.frame())


_SUBS = {
    "mine": gettext_lazy("我的承诺"),
    "department": gettext_lazy("本部门的承诺"),
    "project": gettext_lazy("本项目的承诺"),
    "company": gettext_lazy("全公司的承诺"),
    "group": gettext_lazy("全集团的承诺"),
}


@require_safe
def case_list(request: SignedInRequest) -> HttpResponse:
    """Every case, closed and merged ones too, the newest first."""
    request.scope.require("case.view")
    if own := _own_view(request, "list"):
        return redirect(own)
    asked = asked_of(request, "list")
    level = asked.level
    shown, after = listing.page_of(asked.cases, request.GET.get("after", ""), request.at)
    tally = listing.tally(asked.cases, exact="count" in request.GET)
    about = {
        "rows": listing.rows(shown, asked.reader),
        "pager": asked.pager(after, tally.words),
        "count_url": asked.link(count="all") if tally.is_bounded else "",
        "level": level.name,
    }
    return render(request, "cases/list.html", about | asked.frame())


@require_safe
def search(request: SignedInRequest) -> HttpResponse:
    """Cases by any words in them; says so when there is none."""
    request.scope.require("case.view")
    wanted = _wanted(request)
    text = wanted.text
    shown, after = listing.found_page(
        find(request.scope, wanted), request.GET.get("after", ""), request.at
    )
    here = f"?{urlencode({'q': text})}"
    older = f"?{urlencode({'q': text, 'after': after})}" if after else ""
    may_export = shown and request.scope.can("export")
    about = {
        "text": text,
        "too_short": bool(text) and not wanted.readings,
        "rows": listing.rows(shown, Reader(request.scope, (), request.at, _sees_several(request))),
        "pager": Pager(newer=here if request.GET.get("after") else "", older=older),
        "exports": _exports("search", urlencode({"q": text})) if may_export else (),
    }
    return render(request, "cases/search.html", about)


def _sees_several(request: SignedInRequest) -> bool:
    """Whether somebody's reach goes beyond one project."""
    return len({reach.unit.path for reach in request.scope.reaches}) > 1 or any(
        not unit.is_project for unit in request.scope.wide("case.view")
    )


def _wanted(request: SignedInRequest) -> Wanted:
    return Wanted(request.GET.get("q", "").replace("\x00", "").strip(), request.project)


# --- export ---------------------------------------------------------------------------------------


@require_safe
def export(request: SignedInRequest, page: str, kind: str) -> HttpResponseBase:
    """The whole list as a file: the same rows in the same order as on the pages."""
    request.scope.require("export")
    rows, columns, title, reader = _listed(request, page)
    cells = lines(rows, columns, reader)
    return as_file(kind, cells, columns, title, f"{localtime(request.at):%Y-%m-%d %H%M}")


def _listed(
    request: SignedInRequest, page: str
) -> tuple[QuerySet[Any], Sequence[Column], str, Reader]:
    if page == "search":
        found = find(request.scope, _wanted(request), "export")
        reader = Reader(request.scope, (), request.at)
        return listing.with_all(found, request.at), CASES, _("搜索结果"), reader
    asked = asked_of(request, page, "export")
    if page == "board":
        rows = promises.in_order(promises.with_people(asked.promises))
        return rows, PROMISES, _("承诺清单"), asked.reader
    if page == "list":
        cases = listing.with_all(asked.cases, request.at).order_by("-opened_at", "-pk")
        return cases, CASES, _("诉求清单"), asked.reader
    raise Http404
