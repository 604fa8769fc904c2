"""Stock-taking: counted, and decided by somebody else."""

from __future__ import annotations

from decimal import Decimal
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.models import OrgUnit
from shouwen.stores.actions import counting
from shouwen.stores.actions.moving import main_store
from shouwen.stores.forms import CountForm, DecideForm
from shouwen.stores.models import NONE, Material, StockCount, Store
from shouwen.stores.queries import get_count, get_store, stock_of, visible_counts, visible_stores
from shouwen.stores.views.common import about_stores, done_once, here, page_of, pager_of
from shouwen.web.done import done
from shouwen.web.form_pages import form_page, sent


@require_safe
def counts(request: SignedInRequest) -> HttpResponse:
    """Every count, the last one first; those that wait for a decision say so."""
    project = here(request)
    rows = visible_counts(request.scope).filter(project=project)
    related = rows.select_related("store", "counted_by", "decided_by").prefetch_related("lines")
    found, more = page_of(related, "pk", request.GET.get("after", ""), newest_first=True)
    about = {
        **about_stores(request, project, "stores:counts"),
        "rows": found,
        "stores": visible_stores(request.scope).filter(project=project),
        "pager": pager_of(request, more),
    }
    return render(request, "stores/counts.html", about)


@require_http_methods(["GET", "HEAD", "POST"])
def add_count(request: SignedInRequest) -> HttpResponse:
    """The sheet to fill in for one store."""
    project = here(request, "stores.issue")
    store = _store(request, project)
    form = CountForm(sent(request), books=_books(store))
    made: list[StockCount] = []

    def act() -> None:
        made.append(
            counting.count(
                store=store, counted=form.counted(), by=request.scope, at=request.at,
                note=form.cleaned_data["note"],
            )
        )  # fmt: skip

    if done_once(request, form, f"count-{store.pk}", act):
        done(request, _("盘点已记录"), form=f"count-{store.pk}")
        return redirect("stores:count", made[0].number) if made else redirect("stores:counts")
    return form_page(request, "stores/count_form.html", form, store=store)


def _store(request: SignedInRequest, project: OrgUnit) -> Store:
    asked = request.GET.get("store", "")
    return get_store(request.scope, int(asked)) if asked.isdecimal() else main_store(project)


def _books(store: Store) -> list[tuple[Material, Decimal]]:
    """What the books say: in a store room of everything that is kept, else of what is carried."""
    lies = {row.material: row.quantity for row in stock_of(store)}
    if store.holder_id is None:
        kept = Material.objects.filter(project_id=store.project_id, active=True)
        lies = dict.fromkeys(kept, NONE) | lies
    return sorted(lies.items(), key=lambda pair: pair[0].code)


@require_http_methods(["GET", "HEAD", "POST"])
def count(request: SignedInRequest, number: str) -> HttpResponse:
    """What was found against the books, and the decision on it."""
    found = get_count(request.scope, number)
    form = DecideForm(sent(request))
    if request.method == "POST":
        request.scope.require("stores.manage", found.project)

    def act() -> None:
        told = form.cleaned_data
        decide = counting.approve_count if told["approve"] == "yes" else counting.refuse_count
        decide(count=found, by=request.scope, at=request.at, opinion=told["opinion"])

    if done_once(request, form, f"decide-{number}", act):
        done(request, _("已处理盘点差异"))
        return redirect("stores:count", number)
    waits = found.state == StockCount.State.COUNTED
    about = {
        **about_stores(request, found.project),
        "count": found,
        "lines": list(found.lines.select_related("material")),
        "form": form,
        "may_decide": waits
        and request.user != found.counted_by
        and request.scope.can("stores.manage", found.project),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "stores/count.html", about, status=status)
