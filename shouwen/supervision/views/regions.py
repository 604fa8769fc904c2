"""What the group found in its regions, and what they say to it."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.supervision.actions.guiding import RIGHT, guide, respond
from shouwen.supervision.forms import GuideForm, RespondForm
from shouwen.supervision.models import RegionAction
from shouwen.supervision.queries import get_region_action, visible_region_actions
from shouwen.supervision.views.matters import READ_AND_SEND
from shouwen.web.done import done
from shouwen.web.form_pages import form_page, saved, sent

MOST = 100


def _companies(scope: Scope) -> QuerySet[OrgUnit]:
    """The regions of the groups that somebody stands for."""
    groups = [unit.pk for unit in scope.wide(RIGHT) if unit.kind == OrgUnit.Kind.GROUP]
    return OrgUnit.objects.filter(
        kind=OrgUnit.Kind.COMPANY, group__in=groups, closed_at=None
    ).order_by("path")


@require_safe
def regions(request: SignedInRequest) -> HttpResponse:
    """指导、检查、监督、协调、考核 by region, the last first."""
    request.scope.require("case.view")
    return _page(request, RespondForm())


def _page(request: SignedInRequest, form: RespondForm) -> HttpResponse:
    rows = list(visible_region_actions(request.scope)[:MOST])
    about = {
        "rows": [(action, _may_respond(request, action)) for action in rows],
        "may_guide": _companies(request.scope).exists(),
    }
    return form_page(request, "supervision/regions.html", form, **about)


def _may_respond(request: SignedInRequest, action: RegionAction) -> bool:
    return action.by_id != request.user.pk and request.scope.can(RIGHT, action.company)


@require_http_methods(READ_AND_SEND)
def write(request: SignedInRequest) -> HttpResponse:
    """A finding of the group about one region."""
    request.scope.require(RIGHT)
    form = GuideForm(
        sent(request), companies=_companies(request.scope), initial={"on": localdate(request.at)}
    )
    if saved(
        request,
        form,
        lambda: guide(by=request.scope, at=request.at, **form.cleaned_data),
    ):
        done(request, _("已记录，并通知地区公司"), form="guide")
        return redirect("supervision:regions")
    return form_page(request, "supervision/guide.html", form)


@require_POST
def reply(request: SignedInRequest) -> HttpResponse:
    """The region's answer to one finding."""
    request.scope.require(RIGHT)
    form = RespondForm(sent(request))

    def answered() -> None:
        found = get_region_action(request.scope, form.cleaned_data["action"])
        respond(action=found, text=form.cleaned_data["text"], by=request.scope, at=request.at)

    if saved(request, form, answered):
        done(request, _("已答复"))
        return redirect("supervision:regions")
    return _page(request, form)
