"""What is in force where: adopt an edition, stop it, give oneself a shorter time."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.models import OrgUnit
from shouwen.adoption import actions, queries
from shouwen.adoption.forms import AdoptForm, TightenForm
from shouwen.adoption.library import from_content
from shouwen.adoption.models import Adoption
from shouwen.adoption.views.common import ADOPT, first_place, page, tabs, unit_seen, unit_to_adopt
from shouwen.rules.case_kinds import Commitment
from shouwen.rules.due_words import limit
from shouwen.rules.refused import Refused
from shouwen.rules.regulation import Regulation
from shouwen.web.done import done
from shouwen.web.form_pages import form_page, saved, sent

form_view = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def in_force(request: SignedInRequest) -> HttpResponse:
    """To the page of the current project."""
    request.scope.require(queries.VIEW)
    place = first_place(request)
    if place is None:
        raise Refused("not-found", _("没有可看的单位。"))
    return redirect("adoption:unit", place.pk)


@require_safe
def unit(request: SignedInRequest, pk: int) -> HttpResponse:
    """What holds at a unit, from where, since when; and what is still to come."""
    place = unit_seen(request, pk)
    holding = queries.in_force(place, request.at)
    own = queries.visible_adoptions(request.scope, request.at).filter(unit=place)
    about = {
        "unit": place,
        "units": _choices(request),
        "rows": [(adoption, *_tightened(place, adoption)) for adoption in holding],
        "coming": [adoption for adoption in own if adoption.since > request.at],
        "may_adopt": request.scope.can(ADOPT, place),
        "calendar": queries.current_calendar(place, request.at),
        "warning": queries.calendar_warning(request.at, place),
    }
    return page(request, "adoption/unit.html", "in-force", **about)


def _choices(request: SignedInRequest) -> list[OrgUnit]:
    """Group, companies and projects: a department follows its project."""
    kinds = (OrgUnit.Kind.GROUP, OrgUnit.Kind.COMPANY, OrgUnit.Kind.PROJECT)
    return list(queries.visible_units(request.scope).filter(kind__in=kinds))


def _tightened(
    place: OrgUnit, adoption: Adoption
) -> tuple[list[tuple[Commitment, str, str]], bool]:
    """The rules of an adoption that have a shorter time, as written and as it is now."""
    if not adoption.tightened:
        return [], adoption.unit_id == place.pk
    written = {rule.id: rule for rule in from_content(adoption.edition.content).commitment}
    held = queries.with_tighter_times(from_content(adoption.edition.content), adoption.tightened)
    shorter = [
        (rule, limit(written[rule.id].due), limit(rule.due))
        for rule in held.commitment
        if rule.id in adoption.tightened
    ]
    return shorter, adoption.unit_id == place.pk


@form_view
def adopt(request: SignedInRequest, pk: int) -> HttpResponse:
    """A regulation that comes with the program holds here from a moment on."""
    place = unit_to_adopt(request, pk)
    asked = {"regulation": request.GET.get("regulation", "")}
    form = AdoptForm(sent(request), at=request.at, initial=asked)
    if saved(
        request,
        form,
        lambda: actions.adopt(unit=place, by=request.user, **form.cleaned_data),
    ):
        done(request, _("已采用。新登记的事项从生效时起照它办。"), form="adopt")
        return redirect("adoption:unit", place.pk)
    return form_page(
        request, "adoption/adopt.html", form, unit=place, tabs=tabs(request, "in-force")
    )


@require_POST
def stop(request: SignedInRequest, pk: int) -> HttpResponse:
    """New cases of the unit no longer follow it."""
    request.scope.require(ADOPT)
    visible = queries.visible_adoptions(request.scope, request.at)
    adoption = get_object_or_404(visible, pk=pk)
    request.scope.require(ADOPT, adoption.unit)
    actions.stop_adopting(adoption=adoption, at=request.at)
    done(
        request,
        _("已停用“%(title)s”。已登记的事项仍照它办完。") % {"title": adoption.edition.title},
    )
    return redirect("adoption:unit", adoption.unit_id)


@require_safe
def times(request: SignedInRequest, pk: int, regulation: str) -> HttpResponse:
    """The promises of a regulation as they hold at a unit, each to be made shorter."""
    place = unit_seen(request, pk)
    written, held = _editions(request, place, regulation)
    pairs = zip(written.commitment, held.commitment, strict=True)
    about = {
        "unit": place,
        "regulation": written,
        "rows": [(rule, limit(rule.due), limit(now.due)) for rule, now in pairs],
        "may_adopt": request.scope.can(ADOPT, place),
    }
    return page(request, "adoption/times.html", "in-force", **about)


@form_view
def tighten(request: SignedInRequest, pk: int, regulation: str, rule: str) -> HttpResponse:
    """A shorter time for one rule, from a moment on."""
    place = unit_to_adopt(request, pk)
    written, held = (_rule(one, rule) for one in _editions(request, place, regulation))
    form = TightenForm(sent(request), at=request.at, rule=written, held=held)
    if saved(
        request,
        form,
        lambda: actions.tighten(
            unit=place, regulation=regulation, rule=rule, due=form.due(),
            since=form.cleaned_data["since"], by=request.user,
        ),
    ):  # fmt: skip
        done(request, _("已改。新登记的事项从生效时起照新的时限。"), form="tighten")
        return redirect("adoption:times", place.pk, regulation)
    about = {"unit": place, "rule": written, "regulation": regulation}
    return form_page(
        request, "adoption/tighten.html", form, tabs=tabs(request, "in-force"), **about
    )


def _editions(
    request: SignedInRequest, place: OrgUnit, regulation: str
) -> tuple[Regulation, Regulation]:
    """What a unit follows, as written and as it holds there; 404 where it follows no such."""
    for adoption in queries.in_force(place, request.at):
        if adoption.edition.regulation == regulation:
            written = from_content(adoption.edition.content)
            return written, queries.with_tighter_times(written, adoption.tightened)
    raise Http404


def _rule(regulation: Regulation, rule_id: str) -> Commitment:
    for rule in regulation.commitment:
        if rule.id == rule_id and not any(branch.given for branch in rule.due):
            return rule
    raise Http404
