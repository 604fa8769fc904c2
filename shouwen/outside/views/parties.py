"""The parties outside that a project deals with."""

from __future__ import annotations

from functools import partial

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shouwen.accounts.context import SignedInRequest, project_of
from shouwen.accounts.models import OrgUnit
from shouwen.outside.actions.parties import KEEP, keep_party
from shouwen.outside.forms import PartyForm
from shouwen.outside.models import Referral
from shouwen.outside.queries import SEE, visible_parties
from shouwen.outside.steps import ADD_PARTY
from shouwen.services.steps import Step
from shouwen.services.views.stepping import Stepping, run

BOTH = ["GET", "HEAD", "POST"]


@require_safe
def parties(request: SignedInRequest) -> HttpResponse:
    """Who they are, whom to speak to, how long they take and how much lies there."""
    request.scope.require(SEE)
    project = project_of(request)
    waiting = Q(
        referrals__state=Referral.State.OPEN, referrals__sent_at__isnull=False,
        referrals__answered_at=None,
    )  # fmt: skip
    rows = visible_parties(request.scope).filter(project=project)
    late = waiting & Q(referrals__due_at__lt=request.at)
    about = {
        "rows": rows.annotate(
            waiting=Count("referrals", filter=waiting), late=Count("referrals", filter=late)
        ),
        "may_keep": request.scope.can(KEEP, project),
    }
    return render(request, "outside/parties.html", about)


@require_http_methods(BOTH)
def add(request: SignedInRequest) -> HttpResponse:
    project = project_of(request)
    return run(request, _stepping(ADD_PARTY, project, project))


@require_http_methods(BOTH)
def party(request: SignedInRequest, pk: int) -> HttpResponse:
    """What has changed of one."""
    found = get_object_or_404(visible_parties(request.scope).select_related("project"), pk=pk)
    act = partial(keep_party, project=found.project)
    step = Step(
        "party", _("修改外部单位"), PartyForm, act, "party", lambda party: True, _("已保存"), KEEP
    )
    return run(request, _stepping(step, found, found.project))


def _stepping(step: Step, record: object, project: OrgUnit) -> Stepping:
    back = reverse("outside:parties")
    return Stepping(step, record, project, back, sub=project.name, crumb=_("外部单位"))
