"""What the levels owe each other, one matter of it, and what a patrol heard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.queries import projects_for
from shouwen.cases.actions.intake import Told
from shouwen.cases.actions.once import once
from shouwen.cases.levels import TITLES, WIDE, level_names
from shouwen.rules.matters import KINDS, details_in
from shouwen.rules.refused import Refused
from shouwen.supervision import listing
from shouwen.supervision.actions import asking, handing
from shouwen.supervision.actions.keeping import role_name, withdraw
from shouwen.supervision.actions.patrolling import hear
from shouwen.supervision.forms import AnswerForm, KindForm, PatrolForm, WithdrawForm
from shouwen.supervision.models import Matter
from shouwen.supervision.queries import get_matter
from shouwen.web.done import done
from shouwen.web.form_pages import form_page, saved, sent
from shouwen.web.pieces import Choice

READ_AND_SEND = ["GET", "HEAD", "POST"]


@require_safe
def matters(request: SignedInRequest) -> HttpResponse:
    """我欠的 and 欠我的 of each level that somebody stands in."""
    request.scope.require("case.view")
    names = level_names(request.scope, request.project, ())
    level = request.GET.get("of", "")
    level = level if level in names else names[min(1, len(names) - 1)]
    side = request.GET.get("side", "")
    side = side if side in listing.SIDES else "owe"
    form = KindForm(request.GET)
    found = listing.of_side(request.scope, side, level, request.project, form.chosen)
    rows = list(found[: listing.MOST + 1])
    about = {
        "rows": [(matter, role_name(matter)) for matter in rows[: listing.MOST]],
        "more": len(rows) > listing.MOST,
        "side": side,
        "level": level,
        "form": form,
        "wide": level in WIDE,
        "levels": [
            Choice(str(TITLES[name]), f"?of={name}&side={side}&kind={form.chosen}", name == level)
            for name in names
        ],
        "sides": [
            Choice(str(title), f"?of={level}&side={code}&kind={form.chosen}", code == side)
            for code, title in listing.SIDES.items()
        ],
        "may_hear": request.scope.can("contact.register"),
    }
    return render(request, "supervision/matters.html", about)


@require_http_methods(READ_AND_SEND)
def matter(request: SignedInRequest, number: str) -> HttpResponse:
    """One question or handing, and the answer to it."""
    found = get_matter(request.scope, number)
    if request.method == "POST":
        right = KINDS[found.kind].answered_by if found.kind in KINDS else "case.work"
        request.scope.require(right, found.to_unit)
    form = AnswerForm(sent(request), matter=found)
    if saved(request, form, lambda: _answer(request, found, form)):
        done(request, _("已答复"), form=f"matter-{found.number}")
        return redirect("supervision:matter", number=found.number)
    about = {
        "matter": found,
        "case": found.case,
        "who": role_name(found),
        "details": details_in(found.details, _moment),
        "answers": details_in(found.answers, _moment),
        "may_answer": _may_answer(request, found),
        "may_withdraw": found.is_open and found.by_id == request.user.pk,
    }
    return form_page(request, "supervision/matter.html", form, **about)


def _answer(request: SignedInRequest, found: Matter, form: AnswerForm) -> Matter:
    by, at = request.scope, request.at
    if found.is_handing:
        return handing.reply_up(matter=found, text=form.said["text"], by=by, at=at)
    return asking.answer(matter=found, by=by, at=at, **form.said)


def _may_answer(request: SignedInRequest, found: Matter) -> bool:
    require = handing.require_may_reply if found.is_handing else asking.require_may_answer
    try:
        require(found, request.scope)
    except Refused:
        return False
    return True


@require_http_methods(READ_AND_SEND)
def take_back(request: SignedInRequest, number: str) -> HttpResponse:
    """Who asked needs no answer any more."""
    found = get_matter(request.scope, number)
    form = WithdrawForm(sent(request))

    def act() -> Matter:
        reason = form.cleaned_data["reason"]
        return withdraw(matter=found, reason=reason, by=request.scope, at=request.at)

    if saved(request, form, act):
        done(request, _("已撤回"), form=f"withdraw-{found.number}")
        return redirect("supervision:matter", number=found.number)
    return form_page(request, "supervision/withdraw.html", form, matter=found)


def _moment(text: str) -> str:
    return f"{localtime(datetime.fromisoformat(text)):%Y-%m-%d %H:%M}"


# --- On patrol ------------------------------------------------------------------------------------


@require_http_methods(READ_AND_SEND)
def patrol(request: SignedInRequest) -> HttpResponse:
    """An oral complaint heard on the way: a case, and the supervisor hears of it at once."""
    request.scope.require("contact.register")
    form = PatrolForm(sent(request))
    if saved(
        request, form, lambda: sent_once(request, form, "patrol", lambda: _hear(request, form))
    ):
        done(request, _("已登记，并报告主管领班"), form="patrol")
        return redirect("cases:list")
    return form_page(request, "supervision/patrol.html", form, project=request.project)


def _hear(request: SignedInRequest, form: PatrolForm) -> None:
    project = request.project or projects_for(request.scope, "contact.register").first()
    if project is None:
        raise Refused("not-a-project", "请先选一个项目再登记。")
    typed, me = form.cleaned_data, request.user.name
    told = Told(
        text=typed["text"], source="oral", name=typed["name"], phone=typed["phone"],
        address=typed["place"], facts={"kind": "complaint"}, heard_by=me, heard_at=request.at,
    )  # fmt: skip
    hear(project=project, told=told, by=request.scope, at=request.at, happened=typed["happened"])


def sent_once(
    request: SignedInRequest, form: forms.Form, what: str, act: Callable[[], object]
) -> None:
    """A second sending of the same page finds it done."""
    typed: dict[str, Any] = {k: _plain(v) for k, v in form.cleaned_data.items() if k != "key"}

    def acted() -> tuple[int, dict[str, Any]]:
        act()
        return HTTPStatus.OK, {}

    once(
        actor=request.user.number,
        key=f"{what}:{form.cleaned_data['key']}",
        request=sorted(typed.items()),
        at=request.at,
        act=acted,
    )


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else str(value)
