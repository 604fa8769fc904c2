"""What all these pages do alike."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.models import OrgUnit
from shouwen.adoption import queries
from shouwen.web.pieces import Choice

ADOPT = "regulation.adopt"


def page(request: SignedInRequest, template: str, here: str, **about: Any) -> HttpResponse:
    """A page with the tabs of this subject; `here` is the name of the tab that is open."""
    about |= {"tabs": tabs(request, here)}
    return render(request, template, about)


def tabs(request: SignedInRequest, here: str) -> list[Choice]:
    lines = [
        ("regulations", _("制度"), reverse("adoption:regulations")),
        ("in-force", _("在用的制度"), reverse("adoption:in-force")),
        ("compare", _("对照"), reverse("adoption:compare")),
        ("calendars", _("工作日历"), reverse("adoption:calendars")),
    ]
    return [Choice(title, url, active=name == here) for name, title, url in lines]


def unit_seen(request: SignedInRequest, pk: int) -> OrgUnit:
    request.scope.require(queries.VIEW)
    return get_object_or_404(queries.visible_units(request.scope), pk=pk)


def unit_to_adopt(request: SignedInRequest, pk: int) -> OrgUnit:
    """A unit where the right to adopt is held: its own, or one below."""
    request.scope.require(ADOPT)
    unit = unit_seen(request, pk)
    request.scope.require(ADOPT, unit)
    return unit


def first_place(request: SignedInRequest) -> OrgUnit | None:
    """Where to begin: the current project, else the highest unit that is reached."""
    return request.project or next(
        (reach.unit for reach in request.scope.reaches if queries.VIEW in reach.rights), None
    )
