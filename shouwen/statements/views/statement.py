"""One statement: what stands in it, who signed, to whom it went, and its steps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.rights import ROLES
from shouwen.rules.statements import places
from shouwen.services.steps import Step
from shouwen.services.views.stepping import Stepping, run
from shouwen.statements.actions.improving import lacking
from shouwen.statements.actions.telling import WORDS
from shouwen.statements.listing import turn_of
from shouwen.statements.models import Delivery, Statement
from shouwen.statements.queries import (
    differs_from_lock,
    get_statement,
    is_of_a_month,
    moved,
    restated_since,
)
from shouwen.statements.reading import missing
from shouwen.statements.shown import shown
from shouwen.statements.standing import require_standing, signatures
from shouwen.statements.steps import (
    DELIVERY_STEPS,
    REPORT,
    STEPS,
    may_report,
    offered,
    offered_on,
    require_may,
    require_recipient,
)


@require_safe
def statement(request: SignedInRequest, number: str) -> HttpResponse:
    row = get_statement(request.scope, number)
    steps = offered(row, request.scope, request.at)
    first = next((step for step in steps if step.name in ("submit", "check", "sign")), None)
    about = {
        "statement": row,
        "turn": turn_of(row),
        "sections": shown(row),
        "first": first,
        "steps": [step for step in steps if step != first],
        "places": _places(row),
        "deliveries": _deliveries(request, row),
        "measures": _measures(request, row),
        "missing": missing(row) if row.is_open else [],
        "lacking": lacking(row) if row.is_open else 0,
        "restated": [] if row.is_open else restated_since(row),
        "differs": differs_from_lock(row, request.at),
        "moved": row.state == Statement.State.PREPARED and moved(row, request.at),
        "locks": _locks(row),
        "editions": _editions(row),
        "files": _files(row),
        "story": [(WORDS.get(step.verb, step.verb), step) for step in _story(row)],
    }
    return render(request, "statements/statement.html", about)


def _locks(row: Statement) -> str:
    waits = row.state == Statement.State.PREPARED and is_of_a_month(row)
    return _("本月数字最迟随首位签字锁定") if waits else ""


def _places(row: Statement) -> list[dict[str, Any]]:
    """Every place to sign, and who signed it when."""
    signed = signatures(row)
    return [
        {
            "title": place.words,
            "role": ROLES[place.role].name,
            "step": signed[number] if number < len(signed) else None,
        }
        for number, place in enumerate(places(row.written))
    ]


def _deliveries(request: SignedInRequest, row: Statement) -> list[tuple[Delivery, list[Step]]]:
    found = list(row.deliveries.select_related("unit"))
    for delivery in found:
        delivery.statement = row
    return [(delivery, list(offered_on(delivery, request.scope, request.at))) for delivery in found]


def _measures(request: SignedInRequest, row: Statement) -> list[tuple[Any, bool]]:
    found = list(row.actions.select_related("case", "owner"))
    for action in found:
        action.statement = row
    return [(action, may_report(action, request.scope, request.at)) for action in found]


def _files(row: Statement) -> list[tuple[str, str]]:
    titles = {
        "pdf": _("PDF，签字报送用"),
        "docx": _("Word，可继续改"),
        "xlsx": _("Excel，带数字和图"),
    }
    return [
        (title, reverse("statements:paper", args=[row.number, kind]))
        for kind, title in titles.items()
    ]


def _editions(row: Statement) -> list[Statement]:
    """The others of the same period, the latest first."""
    same = Statement.objects.filter(
        unit=row.unit_id, regulation=row.regulation, rule=row.rule, period=row.period
    )
    return list(same.exclude(pk=row.pk).defer("content", "texts", "law").order_by("-edition"))


def _story(row: Statement) -> list[Any]:
    return list(row.steps.select_related("by", "for_whom").order_by("-pk"))


# --- Steps ----------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: SignedInRequest, number: str, step: str) -> HttpResponse:
    if step not in STEPS:
        raise Http404
    row = get_statement(request.scope, number)
    require_may(row, STEPS[step], request.scope, request.at)
    seen = request.POST.get("version", row.version)
    return run(request, replace(_stepping(row, STEPS[step], row), hidden={"version": seen}))


@require_http_methods(["GET", "HEAD", "POST"])
def delivery_step(request: SignedInRequest, number: str, pk: int, step: str) -> HttpResponse:
    if step not in DELIVERY_STEPS:
        raise Http404
    row = get_statement(request.scope, number)
    delivery = get_object_or_404(row.deliveries.select_related("unit"), pk=pk)
    delivery.statement = row
    require_recipient(delivery, request.scope, request.at)
    return run(request, _stepping(row, DELIVERY_STEPS[step], delivery))


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: SignedInRequest, number: str, pk: int) -> HttpResponse:
    """How far a measure has come."""
    row = get_statement(request.scope, number)
    action = get_object_or_404(row.actions.select_related("owner"), pk=pk)
    action.statement = row
    if action.owner_id != request.user.pk:
        require_standing(row.written.prepared_by, row.unit, request.scope, request.at)
    return run(request, _stepping(row, REPORT, action))


def _stepping(row: Statement, step: Step, record: Any) -> Stepping:
    back = reverse("statements:statement", args=[row.number])
    sub = f"{row.unit.name} · {row.spans.words}"
    return Stepping(step, record, row.unit, back, sub=sub, crumb=row.title or _("报表"))
