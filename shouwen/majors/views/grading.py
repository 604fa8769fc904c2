"""How grave a case is: the box on its page, and each step."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.adoption.queries import rulebook
from shouwen.cases.models import Case
from shouwen.cases.queries import as_entries, get_case, journal
from shouwen.majors.actions.speaking import speaks_for_us
from shouwen.majors.models import MajorEvent
from shouwen.majors.queries import visible_events
from shouwen.majors.steps import CASE_STEPS, asked_step, offered
from shouwen.rules.grades import AXIS, open_downgrade, open_proposal, rank
from shouwen.services.steps import Step
from shouwen.services.views.stepping import Stepping, run


@require_safe
def panel(request: SignedInRequest, number: str) -> HttpResponse:
    """The grade, what speaks for another, the event and what may be done, as a fragment."""
    case = get_case(request.scope, number)
    steps = [step for step in offered(case) if _may(request, case, step)]
    seen = list(MajorEvent.objects.filter(case=case))
    rules, entries = rulebook(case.rulebook_id), as_entries(journal(case))
    grade = rules.value(AXIS, str(case.facts.get(AXIS) or ""))
    grave = rank(rules, case.facts.get(AXIS)) > 0
    if not (steps or seen or grave or (case.is_open and case.kind == "complaint")):
        return HttpResponse("")
    mine = set(visible_events(request.scope).filter(case=case).values_list("pk", flat=True))
    about = {
        "case": case,
        "grade": grade.name if grade else "",
        "is_grave": grave,
        "proposed": open_proposal(entries, rules, case.facts) if case.is_open else None,
        "lowering": open_downgrade(entries),
        "may_approve": request.scope.can("case.rule", case.project),
        "events": [(event, event.pk in mine) for event in seen],
        "steps": steps,
    }
    return render(request, "majors/panel.html", about)


def _may(request: SignedInRequest, case: Case, step: Step) -> bool:
    if step.name == "speak":
        return speaks_for_us(case, request.scope, request.at)
    return request.scope.can(step.right, case.project)


@require_http_methods(["GET", "HEAD", "POST"])
def case_step(request: SignedInRequest, number: str, name: str) -> HttpResponse:
    """One step in the grading of a case."""
    case = get_case(request.scope, number)
    step = asked_step(CASE_STEPS, name)
    back = reverse("cases:case", args=[case.number])
    asked = Stepping(
        step=step, record=case, place=case.project, back=back,
        sub=f"{case.address} {case.title}".strip(), crumb=case.number,
    )  # fmt: skip
    return run(request, asked)
