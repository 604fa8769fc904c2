"""收费标准: what is in force, the editions, and each on its way there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from http import HTTPStatus
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.estate.views.common import address, here
from shouwen.pricing.actions import listing
from shouwen.pricing.forms import ApproveForm, PostForm, RowsForm, SendBackForm, SubmitForm
from shouwen.pricing.models import PriceApproval, PriceEdition, PriceItem
from shouwen.pricing.pasting import as_text
from shouwen.pricing.queries import effective_edition, find_items, get_edition, list_rules
from shouwen.rules.paid_kinds import PriceList as PriceListRule
from shouwen.web.done import done
from shouwen.web.form_pages import form_page, saved, sent

State = PriceEdition.State
#: What a look-up shows; whoever sees more types another word.
FOUND = 30


# --- What is in force -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Listed:
    """One kind of list as the page shows it."""

    kind: str
    rule: PriceListRule
    now: PriceEdition | None
    items: list[PriceItem]
    editions: list[PriceEdition]
    may_draft: bool

    @property
    def title(self) -> str:
        return self.now.price_list.title if self.now else self.rule.title

    @property
    def chain(self) -> str:
        return " → ".join(step.title for step in self.rule.approvals)


@require_safe
def lists(request: SignedInRequest) -> HttpResponse:
    """The project's lists: the items in force, the editions before, and the one in the making."""
    project = here(request, "price.view")
    about = {
        "project": project,
        "lists": [
            _listed(project, kind, rule, request.scope, request.at)
            for kind, rule in list_rules(project, request.at).items()
        ],
    }
    return render(request, "pricing/lists.html", about)


def _listed(project: OrgUnit, kind: str, rule: PriceListRule, scope: Scope, at: datetime) -> Listed:
    now = effective_edition(project, kind, at)
    editions = PriceEdition.objects.filter(price_list__project=project, price_list__kind=kind)
    rows = list(editions.select_related("price_list").order_by("-version"))
    making = any(row.state in (State.DRAFT, State.SUBMITTED) for row in rows)
    may = scope.can("price.edit", project) and set(rule.drafted_by) & set(scope.roles(project))
    items = list(now.items.all()) if now else []
    return Listed(kind, rule, now, items, rows, bool(may) and not making)


@require_safe
def find(request: SignedInRequest) -> HttpResponse:
    """What something costs, by a word or a code; for the desk, and while a customer waits."""
    project = here(request, "price.view")
    q = request.GET.get("q", "").strip()[:40]
    items = list(find_items(project, q, request.at)[: FOUND + 1]) if q else []
    about = {"q": q, "items": items[:FOUND], "more": len(items) > FOUND, "project": project}
    template = "pricing/found.html" if request.htmx else "pricing/find.html"
    return render(request, template, about)


# --- One edition ----------------------------------------------------------------------------------


class EditionPage:
    """One edition, and what this person may do to it now."""

    def __init__(self, edition: PriceEdition, scope: Scope, at: datetime) -> None:
        self.edition, self.scope, self.at = edition, scope, at
        self.project = edition.price_list.project

    @cached_property
    def items(self) -> list[PriceItem]:
        return list(self.edition.items.all())

    @cached_property
    def steps(self) -> list[PriceApproval]:
        return list(self.edition.approvals.select_related("by"))

    @cached_property
    def step(self) -> PriceApproval | None:
        """The step that this person may decide."""
        turn = next(
            (step for step in self.steps if step.state == PriceApproval.State.WAITING), None
        )
        if turn is None or self.edition.drafted_by_id == self.scope.staff.pk:
            return None
        mine = self.scope.can("price.approve", self.project)
        return turn if mine and turn.role in self.scope.roles(self.project) else None

    @property
    def may_edit(self) -> bool:
        return self.edition.state == State.DRAFT and self.scope.can("price.edit", self.project)

    @property
    def may_post(self) -> bool:
        edition = self.edition
        waits = edition.state == State.APPROVED and edition.posted_at is None
        return waits and self.scope.can("price.edit", self.project)

    @property
    def is_effective(self) -> bool:
        return self.edition.is_effective(localdate(self.at))

    @property
    def print_url(self) -> str:
        return address("papers:sheet", "price-list", str(self.edition.pk))

    @property
    def facts(self) -> list[tuple[str, object]]:
        edition = self.edition
        until = edition.effective_until
        return [
            (_("生效"), edition.effective_from and f"{edition.effective_from:%Y-%m-%d}"),
            (_("有效至"), until and _("{day} 之前").format(day=f"{until:%Y-%m-%d}")),
            (_("编制"), edition.drafted_by.name),
            (_("编制依据"), edition.basis),
            (edition.approval_mode or _("文号"), edition.approval_number),
            (_("公示"), edition.posted_where),
        ]


@require_safe
def edition(request: SignedInRequest, pk: int) -> HttpResponse:
    return _edition(request, EditionPage(get_edition(request.scope, pk), request.scope, request.at))


def _edition(
    request: SignedInRequest, page: EditionPage, status: int = HTTPStatus.OK, **given: forms.Form
) -> HttpResponse:
    """The page with its forms; one that came back stands there with what was typed."""
    today = {"effective_from": localdate(request.at)}
    about = {
        "page": page,
        "edition": page.edition,
        "submit": SubmitForm(initial=today) if page.may_edit and page.items else None,
        "approve": ApproveForm(step=page.step) if page.step else None,
        "send_back": SendBackForm(prefix="back") if page.step else None,
        "post": PostForm() if page.may_post else None,
        **given,
    }
    return render(request, "pricing/edition.html", about, status=status)


@require_POST
def draft(request: SignedInRequest, kind: str) -> HttpResponse:
    project = here(request, "price.edit")
    made = listing.draft(project=project, kind=kind, by=request.scope, at=request.at)
    return redirect("pricing:rows", pk=made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def rows(request: SignedInRequest, pk: int) -> HttpResponse:
    """The whole list as text; what cannot be read is said by its line."""
    found = get_edition(request.scope, pk)
    request.scope.require("price.edit", found.price_list.project)
    written = {"text": as_text(found.items.all()), "basis": found.basis}
    form = RowsForm(sent(request), initial=written)
    if saved(
        request,
        form,
        lambda: listing.rewrite(
            edition=found, rows=form.cleaned_data["text"], basis=form.cleaned_data["basis"],
            by=request.scope, at=request.at,
        ),
    ):  # fmt: skip
        done(request, _("已保存"), form=f"prices-{found.pk}")
        return redirect("pricing:edition", pk=found.pk)
    return form_page(request, "pricing/rows.html", form, edition=found)


@require_POST
def discard(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_edition(request.scope, pk)
    request.scope.require("price.edit", found.price_list.project)
    listing.discard(edition=found, by=request.scope, at=request.at)
    done(request, _("已删除草稿"), form=f"prices-{pk}")
    return redirect("pricing:lists")


@require_POST
def submit(request: SignedInRequest, pk: int) -> HttpResponse:
    return _decided(request, pk, "price.edit", "submit", listing.submit, _("已送审"))


@require_POST
def approve(request: SignedInRequest, pk: int) -> HttpResponse:
    return _decided(request, pk, "price.approve", "approve", listing.approve, _("已同意"))


@require_POST
def send_back(request: SignedInRequest, pk: int) -> HttpResponse:
    return _decided(request, pk, "price.approve", "send_back", listing.send_back, _("已退回"))


@require_POST
def post(request: SignedInRequest, pk: int) -> HttpResponse:
    return _decided(request, pk, "price.edit", "post", listing.post, _("已登记公示"))


def _decided(
    request: SignedInRequest,
    pk: int,
    right: str,
    name: str,
    act: Callable[..., object],
    sentence: str,
) -> HttpResponse:
    """Does one step of the edition, or shows its form again with what was wrong."""
    found = get_edition(request.scope, pk)
    request.scope.require(right, found.price_list.project)
    page = EditionPage(found, request.scope, request.at)
    form = _form(name, page, request.POST)
    if saved(
        request,
        form,
        lambda: act(edition=found, by=request.scope, at=request.at, **form.cleaned_data),
    ):
        done(request, sentence)
        return redirect("pricing:edition", pk=pk)
    return _edition(request, page, HTTPStatus.UNPROCESSABLE_ENTITY, **{name: form})


def _form(name: str, page: EditionPage, data: Any) -> forms.Form:
    if name == "approve":
        return ApproveForm(data, step=page.step or PriceApproval())
    if name == "send_back":
        return SendBackForm(data, prefix="back")
    return SubmitForm(data) if name == "submit" else PostForm(data)
