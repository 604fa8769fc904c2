"""The store room: what there is, what is low, what came and went; in, over and back."""

from __future__ import annotations

from typing import Any

from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.stores.actions import drawing, keeping
from shouwen.stores.forms import (
    LinesForm,
    MaterialForm,
    OnceForm,
    ReceiveForm,
    ReturnForm,
    StoreForm,
    TransferForm,
)
from shouwen.stores.models import Move
from shouwen.stores.queries import (
    get_material,
    get_store,
    is_low,
    low_stock,
    mentions,
    own_stock,
    stock_in_rooms,
    stock_of,
    visible_materials,
    visible_moves,
    visible_stores,
)
from shouwen.stores.views.common import about_stores, done_once, here, page_of, pager_of
from shouwen.web.done import done
from shouwen.web.form_pages import form_page, sent
from shouwen.web.pieces import Choice

form_view = require_http_methods(["GET", "HEAD", "POST"])
LATEST = 20


@require_safe
def stock(request: SignedInRequest) -> HttpResponse:
    """What there is of each material, in the store rooms and with the engineers."""
    project = here(request)
    words, low = request.GET.get("q", "").strip(), request.GET.get("low") == "1"
    rows = stock_in_rooms(visible_materials(request.scope).filter(project=project))
    rows = rows.filter(*(mentions(word) for word in words.split()))
    if low:
        rows = rows.filter(is_low(), active=True)
    found, more = page_of(rows, "code", request.GET.get("after", ""))
    about = {
        **about_stores(request, project, "stores:stock"),
        "rows": found,
        "q": words,
        "low": low,
        "kinds": [
            Choice(_("全部"), "?", not low),
            Choice(_("待购"), "?low=1", low, len(low_stock(project))),
        ],
        "stores": visible_stores(request.scope).filter(project=project).select_related("holder"),
        "pager": pager_of(request, more),
    }
    return render(request, "stores/stock.html", about)


@require_safe
def moves(request: SignedInRequest) -> HttpResponse:
    """What came and went, the last one first."""
    project = here(request)
    kind, subject = request.GET.get("kind", ""), request.GET.get("subject", "").strip()
    rows = visible_moves(request.scope).filter(project=project)
    if kind in Move.Kind:
        rows = rows.filter(kind=kind)
    if subject:
        rows = rows.filter(subject__iexact=subject)
    related = rows.select_related("material", "source", "target", "by", "requisition")
    found, more = page_of(related, "pk", request.GET.get("after", ""), newest_first=True)
    about = {
        **about_stores(request, project, "stores:moves"),
        "rows": found,
        "subject": subject,
        "kind": kind,
        "kinds": [
            Choice(_("全部"), "?", not kind),
            *(Choice(str(one.label), f"?kind={one.value}", one == kind) for one in Move.Kind),
        ],
        "pager": pager_of(request, more),
    }
    return render(request, "stores/moves.html", about)


@require_safe
def store(request: SignedInRequest, pk: int) -> HttpResponse:
    """What lies in one store room, or what an engineer carries."""
    found = get_store(request.scope, pk)
    about = {
        **about_stores(request, found.project),
        "store": found,
        "rows": list(stock_of(found)),
    }
    return render(request, "stores/store.html", about)


@require_safe
def own(request: SignedInRequest) -> HttpResponse:
    """What I carry with me."""
    project = here(request)
    rows = own_stock(request.user, project)
    about = {**about_stores(request, project), "rows": rows, "store": None}
    return render(request, "stores/store.html", about)


# --- materials and stores -------------------------------------------------------------------------


@require_safe
def material(request: SignedInRequest, pk: int) -> HttpResponse:
    """One material: what is said of it, where it lies, its last moves."""
    found = get_material(request.scope, pk)
    related = ("source", "target", "by", "requisition", "material")
    about = {
        **about_stores(request, found.project),
        "material": found,
        "lies": found.stock.filter(quantity__gt=0).select_related("store"),
        "rows": found.moves.select_related(*related).order_by("-pk")[:LATEST],
    }
    return render(request, "stores/material.html", about)


@form_view
def add_material(request: SignedInRequest) -> HttpResponse:
    project = here(request, "stores.manage")
    form = MaterialForm(sent(request))

    def act() -> None:
        keeping.add_material(project=project, by=request.scope, **form.about())

    return _kept(request, form, act, _("新物料"), "stores:stock")


@form_view
def edit_material(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_material(request.scope, pk)
    request.scope.require("stores.manage", found.project)
    form = MaterialForm(sent(request), initial=model_to_dict(found))

    def act() -> None:
        keeping.change_material(material=found, by=request.scope, **form.about())

    return _kept(request, form, act, _("修改物料"), "stores:material", pk)


@form_view
def add_store(request: SignedInRequest) -> HttpResponse:
    project = here(request, "stores.manage")
    form = StoreForm(sent(request))

    def act() -> None:
        keeping.add_store(project=project, name=form.cleaned_data["name"], by=request.scope)

    return _kept(request, form, act, _("新库房"), "stores:stock")


def _kept(
    request: SignedInRequest, form: OnceForm, act: Any, title: str, back: str, *of: int
) -> HttpResponse:
    keep = "-".join((back, *map(str, of)))
    if done_once(request, form, keep, act):
        done(request, _("已保存。"), form=keep)
        return redirect(back, *of)
    return form_page(request, "stores/form.html", form, title=title, keep=keep)


# --- in, over and back ----------------------------------------------------------------------------


@form_view
def receive(request: SignedInRequest) -> HttpResponse:
    """What was bought comes in."""
    project = here(request, "stores.issue")
    form = ReceiveForm(sent(request), project=project)

    def act() -> None:
        told = form.cleaned_data
        keeping.receive(
            store=told["store"], lines=form.told, by=request.scope, at=request.at, note=told["note"]
        )

    return _moved(request, form, act, "receive", _("入库"), _("已入库"))


@form_view
def transfer(request: SignedInRequest) -> HttpResponse:
    """From one store to another, an engineer's included."""
    project = here(request, "stores.issue")
    form = TransferForm(sent(request), project=project)

    def act() -> None:
        told = form.cleaned_data
        keeping.transfer(
            source=told["source"], target=told["target"], lines=form.told, by=request.scope,
            at=request.at, note=told["note"],
        )  # fmt: skip

    return _moved(request, form, act, "transfer", _("调拨"), _("已调拨"))


@form_view
def give_back(request: SignedInRequest) -> HttpResponse:
    """An engineer brings back what he did not need."""
    project = here(request, "stores.issue")
    form = ReturnForm(sent(request), project=project, at=request.at)

    def act() -> None:
        told = form.cleaned_data
        before = Move.objects.filter(project=project, subject=told["subject"], case__isnull=False)
        drew = before.select_related("case__project").first() if told["subject"] else None
        drawing.give_back(
            lines=form.told, by=request.scope, at=request.at, engineer=told["engineer"],
            store=told["store"], subject=told["subject"], case=drew.case if drew else None,
            project=project,
        )  # fmt: skip

    return _moved(request, form, act, "return", _("退料"), _("已退库"))


def _moved(
    request: SignedInRequest, form: LinesForm, act: Any, what: str, title: str, sentence: str
) -> HttpResponse:
    if done_once(request, form, what, act):
        done(request, sentence, form=what)
        return redirect("stores:moves")
    return form_page(request, "stores/lines_form.html", form, title=title, keep=what)
