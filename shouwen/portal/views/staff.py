"""Our side: giving a customer his link, the codes of the buildings."""

from __future__ import annotations

from http import HTTPStatus

import segno
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.cases.queries import get_case
from shouwen.estate.queries import visible_buildings
from shouwen.portal.actions import coding, linking
from shouwen.portal.actions.answering import ANSWERS
from shouwen.portal.forms import CodeForm, LinkForm
from shouwen.portal.models import CustomerLink
from shouwen.portal.queries import get_code, get_link, links_of, visible_codes
from shouwen.rules.refused import Refused
from shouwen.web.done import done
from shouwen.web.form_pages import form_page, saved, sent
from shouwen.web.forms import add_refusal


@require_safe
def panel(request: SignedInRequest, number: str) -> HttpResponse:
    """The links of a case, as a fragment for its page; nothing where there is none to see or
    give."""
    case = get_case(request.scope, number)
    links = list(links_of(case))
    may_send = request.scope.can(linking.RIGHT, case.project)
    if not (links or may_send):
        return HttpResponse()
    about = {"case": case, "links": links, "may_send": may_send, "at": request.at}
    return render(request, "portal/panel.html", about)


@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: SignedInRequest, number: str) -> HttpResponse:
    """Choose what for; then the link stands here once, with what to write to the customer."""
    case = get_case(request.scope, number)
    request.scope.require(linking.RIGHT, case.project)
    form = LinkForm(sent(request), initial={"purpose": request.GET.get("purpose", "progress")})
    if request.method == "POST" and form.is_valid():
        try:
            link, token = linking.issue_link(
                case=case, purpose=form.cleaned_data["purpose"], by=request.scope, at=request.at
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return _issued(request, link, token)
    return form_page(request, "portal/issue.html", form, case=case)


def _issued(request: SignedInRequest, link: CustomerLink, token: str) -> HttpResponse:
    """No redirect: the text of the link is nowhere to be read again."""
    page = "portal:offers" if link.purpose == CustomerLink.Purpose.CONSENT else "portal:progress"
    address = request.build_absolute_uri(reverse(page, args=[token]))
    answers = [
        (word, request.build_absolute_uri(reverse("portal:rate", args=[token, answer])))
        for answer, word in ANSWERS.items()
        if link.purpose == CustomerLink.Purpose.RATE
    ]
    message = _message(link, address, answers)
    about = {"link": link, "case": link.case, "message": message, "qr": picture(address)}
    return render(request, "portal/issued.html", about, status=HTTPStatus.CREATED)


def _message(link: CustomerLink, address: str, answers: list[tuple[str, str]]) -> str:
    """What to send by WeChat or as a text message."""
    case = link.case
    head = f"【{case.project.name}】"
    if link.purpose == CustomerLink.Purpose.RATE:
        lines = [_("您反映的事项 %(n)s 已处理完，解决了吗？点一下就行：") % {"n": case.number}]
        return "\n".join([head + lines[0], *(f"{word} {url}" for word, url in answers)])
    if link.purpose == CustomerLink.Purpose.CONSENT:
        said = _("您反映的事项 %(n)s 需要您确认报价，请打开：") % {"n": case.number}
    else:
        said = _("您反映的事项 %(n)s 的进展请看：") % {"n": case.number}
    return f"{head}{said}{address}"


def picture(address: str) -> str:
    """A QR code as an address of its own, for an <img>."""
    return segno.make(address, error="m").svg_data_uri(scale=6, border=4)


@require_POST
def revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    link = get_link(request.scope, pk)
    linking.revoke_link(link=link, by=request.scope, at=request.at)
    done(request, _("已撤回，链接打不开了"))
    return redirect("cases:case", number=link.case.number)


# --- The codes of the buildings -------------------------------------------------------------------


@require_safe
def codes(request: SignedInRequest) -> HttpResponse:
    """Every building of the project, with the codes posted there."""
    request.scope.require("estate.view", request.project)
    at_building: dict[int, list[object]] = {}
    for code in visible_codes(request.scope).filter(project=request.project, retired_at=None):
        at_building.setdefault(code.building_id, []).append(code)
    buildings = visible_buildings(request.scope).filter(project=request.project)
    about = {
        "rows": [(building, at_building.get(building.pk, [])) for building in buildings],
        "may_edit": request.scope.can(coding.RIGHT, request.project),
    }
    return render(request, "portal/codes.html", about)


@require_http_methods(["GET", "HEAD", "POST"])
def make_code(request: SignedInRequest, pk: int) -> HttpResponse:
    buildings = visible_buildings(request.scope).select_related(
        "project__company", "project__group"
    )
    building = get_object_or_404(buildings, pk=pk)
    request.scope.require(coding.RIGHT, building.project)
    form = CodeForm(building.project, request.at, sent(request))
    act = lambda: coding.make_code(  # noqa: E731 - one act, tried below
        building=building, by=request.scope, at=request.at, **form.cleaned_data
    )
    if saved(request, form, act):
        done(request, _("二维码已做好，请打印张贴"))
        return redirect("portal:codes")
    return form_page(request, "portal/make_code.html", form, building=building)


@require_POST
def retire_code(request: SignedInRequest, pk: int) -> HttpResponse:
    code = get_code(request.scope, pk)
    coding.retire_code(code=code, by=request.scope, at=request.at)
    done(request, _("已停用，请把张贴的取下"))
    return redirect("portal:codes")


@require_safe
def sheet(request: SignedInRequest, pk: int) -> HttpResponse:
    """The sheet to print and post at the entrance."""
    code = get_code(request.scope, pk)
    address = request.build_absolute_uri(reverse("portal:report", args=[code.code]))
    return render(request, "portal/sheet.html", {"code": code, "qr": picture(address)})
