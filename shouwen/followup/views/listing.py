"""The register of return visits, its export, and how far each rule has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.adoption.actions import pin
from shouwen.adoption.queries import rulebook
from shouwen.cases.board import Reader
from shouwen.cases.downloads import as_file
from shouwen.cases.export import lines
from shouwen.cases.levels import TITLES
from shouwen.followup import listing
from shouwen.followup.actions.planning import draw_more
from shouwen.followup.forms import DrawForm, ListForm, midnight
from shouwen.followup.models import Visit
from shouwen.followup.queries import coverage, of_period, sample, undrawn, visible_visits
from shouwen.rules.refused import Refused
from shouwen.web.done import done
from shouwen.web.pieces import Choice, Pager

NAME = "回访记录"


@dataclass(frozen=True)
class Asked:
    """What the address asks for: whose visits, in which state, with which filters."""

    request: SignedInRequest
    right: str = "case.view"

    @cached_property
    def levels(self) -> tuple[str, ...]:
        return listing.levels(self.request.scope, self.request.project)

    @property
    def level(self) -> str:
        asked = self.request.GET.get("of", "")
        return asked if asked in self.levels else "mine"

    @property
    def state(self) -> str:
        asked = self.request.GET.get("state", "")
        return asked if asked in listing.STATES else "planned"

    @cached_property
    def form(self) -> ListForm:
        return ListForm(self.request.GET, self._rules())

    def _rules(self) -> list[tuple[str, str]]:
        """The visits that the project's regulations know."""
        project = self.request.project
        if project is None:
            return []
        found = rulebook(pin(project, self.request.at).pk).all("return_visit")
        return list({rule.id: (rule.id, rule.title) for _regulation, rule in found}.values())

    @property
    def of_level(self) -> QuerySet[Visit]:
        request = self.request
        seen = visible_visits(request.scope, self.right)
        found: QuerySet[Visit] = listing.of_level(seen, self.level, request.scope, request.project)
        return found

    @cached_property
    def visits(self) -> QuerySet[Visit]:
        """What the list lists, and its export."""
        if not self.form.is_valid():
            return Visit.objects.none()
        moment = listing.moment_of(self.state)
        return self.of_level.filter(self.form.condition(moment), state=self.state)

    def link(self, **changed: str) -> str:
        """This list again, with something else in its address."""
        now = {name: self.request.GET.get(name, "") for name in self.form.fields}
        asked = {"of": self.level, "state": self.state, **now, **changed}
        return urlencode({name: value for name, value in asked.items() if value})


@require_safe
def visits(request: SignedInRequest) -> HttpResponse:
    """Visits to be made by due time, overdue ones on top; and those made, with their results."""
    request.scope.require("case.view")
    asked = Asked(request)
    rows, more = listing.page_of(asked.visits, asked.state, request.GET.get("after", ""))
    newer = f"?{asked.link()}" if request.GET.get("after") else ""
    about = {
        "form": asked.form,
        "rows": rows,
        "state": asked.state,
        "level": asked.level,
        "wide": listing.is_wide(asked.level),
        "levels": [
            Choice(str(TITLES[name]), f"?{asked.link(of=name)}", name == asked.level)
            for name in asked.levels
        ],
        "states": [
            Choice(str(title), f"?{asked.link(state=state)}", state == asked.state)
            for state, title in listing.STATES.items()
        ],
        "exports": _exports(asked) if request.scope.can("export") else (),
        "pager": Pager(newer=newer, older=f"?{asked.link(after=more)}" if more else ""),
    }
    return render(request, "followup/visits.html", about)


def _exports(asked: Asked) -> list[Choice]:
    return [
        Choice(title, f"{reverse('followup:export', args=[kind])}?{asked.link()}")
        for title, kind in (("Excel", "xlsx"), ("CSV", "csv"))
    ]


@require_safe
def export(request: SignedInRequest, kind: str) -> HttpResponseBase:
    """《回访记录》 as a file: the same rows in the same order as on the pages."""
    request.scope.require("export")
    asked, columns = Asked(request, "export"), listing.COLUMNS
    reader = Reader(request.scope, (), request.at)
    cells = lines(listing.listed(asked.visits, asked.state), columns, reader)
    return as_file(kind, cells, columns, NAME, f"{localtime(request.at):%Y-%m-%d %H%M}")


# --- Against the target ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Month:
    """A calendar month, of the work that visits ask about."""

    first: date

    @property
    def begins(self) -> datetime:
        return midnight(self.first)

    @property
    def ends(self) -> datetime:
        return midnight(self.next)

    @property
    def next(self) -> date:
        year, month = divmod(self.first.year * 12 + self.first.month, 12)
        return date(year, month + 1, 1)

    @property
    def before(self) -> date:
        year, month = divmod(self.first.year * 12 + self.first.month - 2, 12)
        return date(year, month + 1, 1)

    @property
    def words(self) -> str:
        return f"{self.first:%Y-%m}"


def _month(asked: str, today: date) -> Month:
    """The month that is asked for; this one for none, or one that is no month."""
    try:
        return Month(date.fromisoformat(f"{asked}-01"))
    except ValueError:
        return Month(today.replace(day=1))


@dataclass(frozen=True)
class Period:
    """The month and the level that a page of shares is about."""

    month: Month
    level: str
    levels: tuple[str, ...]
    visits: QuerySet[Visit]

    def link(self, **changed: object) -> str:
        asked = {"month": self.month.words, "of": self.level, **changed}
        return f"?{urlencode({name: value for name, value in asked.items() if value})}"


def _period(request: SignedInRequest) -> Period:
    request.scope.require("case.view")
    project = request.project
    names = tuple(n for n in listing.levels(request.scope, project) if n != "mine")
    if not names:
        raise Refused("not-allowed", _("您的岗位看不到整个项目的回访率。"))
    said = request.POST or request.GET
    level = said.get("of", "") if said.get("of", "") in names else names[0]
    month = _month(said.get("month", ""), localdate(request.at))
    seen = listing.of_level(visible_visits(request.scope), level, request.scope, project)
    return Period(month, level, names, seen)


@require_safe
def share(request: SignedInRequest) -> HttpResponse:
    """Visited ÷ finished for each rule, against its target, with what is missing and how long is
    left."""
    period = _period(request)
    month = period.month
    rows = coverage(period.visits, month.begins, month.ends, request.at)
    about = {
        "rows": [(row, row.days_left(request.at), _sample_url(period, row.rule)) for row in rows],
        "month": month,
        "earlier": period.link(month=f"{month.before:%Y-%m}"),
        "later": period.link(month=f"{month.next:%Y-%m}") if month.ends <= request.at else "",
        "levels": [
            Choice(str(TITLES[name]), period.link(of=name), name == period.level)
            for name in period.levels
        ],
    }
    return render(request, "followup/coverage.html", about)


def _sample_url(period: Period, rule: str) -> str:
    return f"{reverse('followup:sample', args=[rule])}{period.link()}"


@require_safe
def drawn(request: SignedInRequest, rule: str) -> HttpResponse:
    """Every matter that the rule speaks about, in the order of the draw."""
    return _sample(request, rule, DrawForm())


def _sample(request: SignedInRequest, rule: str, form: DrawForm, status: int = 200) -> HttpResponse:
    period = _period(request)
    found = _of_rule(period, rule)
    rows = coverage(found, period.month.begins, period.month.ends, request.at)
    if not rows:
        raise Http404
    chosen = sample(of_period(found, period.month.begins, period.month.ends), rule)
    row = rows[0]
    form.fields["more"].initial = row.missing_draws or None
    about = {
        "row": row,
        "visits": chosen[:SHOWN],
        "hidden": max(0, len(chosen) - SHOWN),
        "first_out": next(iter(undrawn(chosen)), None),
        "form": form,
        "month": period.month,
        "level": period.level,
        "back": f"{reverse('followup:coverage')}{period.link()}",
        "may_draw": request.scope.can("visit.assign", request.project) and row.may_draw,
    }
    return render(request, "followup/sample.html", about, status=status)


#: The draw of a busy month is long; beyond this it is read in the export.
SHOWN = 300


def _of_rule(period: Period, rule: str) -> QuerySet[Visit]:
    return period.visits.filter(rule=rule)


@require_POST
def draw(request: SignedInRequest, rule: str) -> HttpResponse:
    """Adds so many to the sample, the lowest lots first."""
    period, form = _period(request), DrawForm(request.POST)
    request.scope.require("visit.assign", request.project)
    if not form.is_valid():
        return _sample(request, rule, form, 422)
    every = of_period(_of_rule(period, rule), period.month.begins, period.month.ends)
    added = draw_more(
        visits=sample(every, rule), needed=form.cleaned_data["more"], by=request.scope,
        at=request.at,
    )  # fmt: skip
    done(request, _("已加抽 {n} 件").format(n=len(added)))
    return redirect(_sample_url(period, rule))
