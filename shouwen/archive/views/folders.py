"""The archive as a list, one folder with its story, its steps, and the list as a file."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.archive.actions.filing import WORDS
from shouwen.archive.listing import COLUMNS, NAME, Shelf, asked, narrowed
from shouwen.archive.listing import folders as listed
from shouwen.archive.models import Folder
from shouwen.archive.queries import SEE, get_folder
from shouwen.archive.steps import FOLDER_STEPS
from shouwen.cases.board import Reader
from shouwen.cases.downloads import as_file
from shouwen.cases.export import lines
from shouwen.learning.queries import holds, visible_archive
from shouwen.learning.steps import may
from shouwen.services.views.stepping import Stepping, run
from shouwen.web.pieces import Choice


@require_safe
def folders(request: SignedInRequest) -> HttpResponse:
    """What is kept, found by number, title, room, customer or any word of it."""
    request.scope.require(SEE)
    wanted, listing = asked(request), listed(request)
    rows, pager = listing.page(narrowed(listing.rows, wanted).select_related("unit"))
    about = {
        **listing.about(),
        **wanted,
        "rows": rows,
        "pager": pager,
        "kinds": Folder.Kind.choices,
        "today": localdate(request.at),
        "complaints": _complaints(listing, wanted["q"]) if not wanted["kind"] else 0,
        "exports": _exports(request, listing),
    }
    return render(request, "archive/folders.html", about)


def _complaints(listing: Shelf, q: str) -> int:
    """How many files of closed complaints are kept beside, with these words."""
    rows = visible_archive(listing.request.scope).exclude(archived_at=None)
    return (rows.filter(holds(q)) if len(q) > 1 else rows).count()


def _exports(request: SignedInRequest, listing: Shelf) -> list[Choice]:
    if not request.scope.can("export"):
        return []
    return [
        Choice(title, f"{reverse('archive:export', args=[kind])}{listing.link()}")
        for kind, title in (("csv", "CSV"), ("xlsx", "Excel"))
    ]


@require_safe
def export(request: SignedInRequest, kind: str) -> HttpResponseBase:
    """Exactly what the list lists."""
    request.scope.require("export")
    rows = narrowed(listed(request, "export").rows, asked(request)).select_related("unit")
    cells = lines(rows.order_by("-pk"), COLUMNS, Reader(request.scope, (), request.at))
    return as_file(kind, cells, COLUMNS, NAME, f"{localdate(request.at):%Y-%m-%d}")


@require_safe
def folder(request: SignedInRequest, number: str) -> HttpResponse:
    """One folder: where it is, how long it is kept, who had it."""
    found = get_folder(request.scope, number)
    about = {
        "folder": found,
        "today": localdate(request.at),
        "deposit": getattr(found, "deposit", None),
        "story": [
            (WORDS.get(row.verb, row.verb), row)
            for row in found.steps.select_related("by").order_by("pk")
        ],
        "disposals": found.disposals.order_by("pk"),
        "steps": may(FOLDER_STEPS.values(), found, request.scope, found.unit),
    }
    return render(request, "archive/folder.html", about)


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: SignedInRequest, number: str, step: str) -> HttpResponse:
    if step not in FOLDER_STEPS:
        raise Http404
    found = get_folder(request.scope, number)
    back = reverse("archive:folder", args=[found.number])
    asked = Stepping(FOLDER_STEPS[step], found, found.unit, back, sub=found.title, crumb=_("档案"))
    return run(request, asked)
