"""The written regulations, to read: the list, one of them, a rule, a clause, two side by side."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.adoption import library, queries
from shouwen.adoption.comparing import compare as side_by_side
from shouwen.adoption.examples import sample_calendar
from shouwen.adoption.models import Adoption, RegulationEdition
from shouwen.adoption.reading import CLAUSES, Reading, ShownRule, citing_clause
from shouwen.adoption.views.common import page
from shouwen.adoption.words import arithmetic
from shouwen.rules.commitments import Calendars
from shouwen.rules.regulation import Regulation
from shouwen.web.pieces import Choice

LONGEST_SEARCH = 60


@require_safe
def regulations(request: SignedInRequest) -> HttpResponse:
    """All that can be adopted, with where each is."""
    request.scope.require(queries.VIEW)
    adopted: dict[str, list[Adoption]] = {}
    for adoption in queries.visible_adoptions(request.scope, request.at):
        adopted.setdefault(adoption.edition.regulation, []).append(adoption)
    found = sorted(library.load_all(), key=lambda one: (one.product_default, one.source))
    rows = [(one, Reading(one).counts(), adopted.get(one.id, [])) for one in found]
    return page(
        request, "adoption/regulations.html", "regulations", rows=rows, warning=_warning(request)
    )


@require_safe
def regulation(request: SignedInRequest, regulation: str) -> HttpResponse:
    """Its rules by part, or what holds the words searched for."""
    request.scope.require(queries.VIEW)
    reading = Reading(_edition(request, regulation))
    asked = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    part = request.GET.get("part", "")
    parts = reading.parts()
    part = part if part in {code for code, *_ in parts} else parts[0][0]
    about: dict[str, Any] = {"regulation": reading.regulation, "asked": asked, "part": part}
    if asked:
        text = asked.casefold()
        about |= {"rules": reading.rules_with(text), "clauses": reading.clauses_with(text)}
    else:
        shown = reading.regulation.clauses if part == CLAUSES else ()
        about |= {"rules": reading.part(part), "clauses": shown}
    about["segments"] = _segments(request, reading, "" if asked else part)
    about["editions"] = _editions(request, regulation)
    return page(request, "adoption/regulation.html", "regulations", **about)


def _segments(request: SignedInRequest, reading: Reading, here: str) -> list[Choice]:
    edition = request.GET.get("edition", "")
    more = f"&edition={edition}" if edition.isdecimal() else ""
    return [
        Choice(title, f"?part={code}{more}", active=code == here, count=size)
        for code, title, size in reading.parts()
    ]


def _edition(request: SignedInRequest, regulation: str) -> Regulation:
    """The regulation as it comes with the program, or as it was when somebody adopted it."""
    asked = request.GET.get("edition", "")
    if not asked.isdecimal():
        return _written(regulation)
    adopted = queries.visible_adoptions(request.scope, request.at).values("edition")
    editions = RegulationEdition.objects.filter(pk__in=adopted, regulation=regulation)
    return library.from_content(get_object_or_404(editions, pk=asked).content)


def _written(regulation: str) -> Regulation:
    if regulation not in library.available():
        raise Http404
    return library.load(regulation)


def _editions(request: SignedInRequest, regulation: str) -> list[Adoption]:
    adoptions = queries.visible_adoptions(request.scope, request.at)
    return list(adoptions.filter(edition__regulation=regulation))


@require_safe
def rule(request: SignedInRequest, regulation: str, rule: str) -> HttpResponse:
    """One rule by its id, the permalink of a promise."""
    request.scope.require(queries.VIEW)
    reading = Reading(_edition(request, regulation))
    rules = reading.called(rule)
    if not rules:
        raise Http404
    about = {"regulation": reading.regulation, "rules": _with_arithmetic(request, rules)}
    return page(request, "adoption/rule_page.html", "regulations", **about)


@require_safe
def clause(request: SignedInRequest, regulation: str, clause: str) -> HttpResponse:
    """One clause: its words, what the program does about it, and the rules that keep it."""
    request.scope.require(queries.VIEW)
    reading = Reading(_edition(request, regulation))
    found = reading.clause(clause)
    if found is None:
        raise Http404
    keeping = list(citing_clause(clause, _all_with(reading.regulation)))
    about = {
        "regulation": reading.regulation,
        "clause": found,
        "rules": _with_arithmetic(request, keeping),
    }
    return page(request, "adoption/clause.html", "regulations", **about)


def _all_with(regulation: Regulation) -> list[Regulation]:
    """All regulations, this one in the edition that is being read."""
    return [regulation, *(one for one in library.load_all() if one.id != regulation.id)]


def _with_arithmetic(
    request: SignedInRequest, rules: list[ShownRule]
) -> list[tuple[ShownRule, str]]:
    """Each rule with what it would give if it started now, by the calendar of the project."""
    row = queries.current_calendar(request.project, request.at)
    calendars = queries.calendars(row.pk) if row else Calendars(sample_calendar())
    return [(shown, arithmetic(shown.rule, request.at, calendars)) for shown in rules]


@require_safe
def compare(request: SignedInRequest) -> HttpResponse:
    """Two regulations side by side; without a choice the two that come first here."""
    request.scope.require(queries.VIEW)
    known = [one for one in library.load_all() if not one.product_default]
    left, right = (_chosen(request, name, known, n) for n, name in enumerate(("a", "b")))
    about = {"known": known, "left": left, "right": right, "sections": side_by_side(left, right)}
    return page(request, "adoption/compare.html", "compare", **about)


def _chosen(request: SignedInRequest, name: str, known: list[Regulation], n: int) -> Regulation:
    asked = request.GET.get(name, "")
    if asked and asked not in {one.id for one in known}:
        raise Http404
    usual = ("customer-communication", "service-centre")[n]
    return next(one for one in known if one.id == (asked or usual))


def _warning(request: SignedInRequest) -> str:
    return queries.calendar_warning(request.at, request.project) if request.project else ""
