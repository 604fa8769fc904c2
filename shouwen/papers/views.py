"""Sheets as PDF, the ledgers of a month, and the way back of what was signed."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.models import OrgUnit
from shouwen.cases.actions.once import once
from shouwen.cases.files import keep
from shouwen.cases.queries import get_case
from shouwen.papers.actions import print_sheet, take_back
from shouwen.papers.filling.registers import LEDGERS, sees_whole
from shouwen.papers.forms import ScanForm
from shouwen.papers.kinds import ledger_of, source_of
from shouwen.papers.queries import papers_of, visible_prints
from shouwen.papers.sources import Source
from shouwen.rules.refused import Refused
from shouwen.web.done import done
from shouwen.web.forms import add_refusal
from shouwen.web.pieces import FileLink

SEE = "case.view"
#: The page shows so many of the last prints.
SHOWN = 30


# --- Sheets ---------------------------------------------------------------------------------------


@require_safe
def sheet(request: SignedInRequest, kind: str, number: str) -> HttpResponse:
    """The PDF of a record. That it was made is on record, so that each reading is a print."""
    source = source_of(request.scope, kind, number)
    return _pdf(request, kind, source, reverse("papers:of", args=[kind, number]))


@require_safe
def ledger(request: SignedInRequest, kind: str, code: str, month: str) -> HttpResponse:
    """A ledger of a project for a month."""
    request.scope.require(SEE)
    source = ledger_of(request.scope, kind, code, _month(month, localdate(request.at)))
    return _pdf(request, kind, source, request.path)


def _pdf(request: SignedInRequest, kind: str, source: Source, path: str) -> HttpResponse:
    address = request.build_absolute_uri(path)
    pdf = print_sheet(kind=kind, source=source, address=address, by=request.scope, at=request.at)
    answer = HttpResponse(pdf, content_type="application/pdf")
    name = f"{source.form.title} {source.record}.pdf"
    answer.headers["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    return answer


@require_safe
def of(request: SignedInRequest, kind: str, number: str) -> HttpResponse:
    """Where the code of a sheet leads: to the page of its record."""
    return redirect(source_of(request.scope, kind, number).url)


@require_safe
def panel(request: SignedInRequest, number: str) -> HttpResponse:
    """What can be printed of a case, as a fragment for its page."""
    case = get_case(request.scope, number)
    about = {"case": case, "papers": papers_of(request.scope, case)}
    return render(request, "papers/panel.html", about)


# --- The ledgers of a month -----------------------------------------------------------------------


def _month(asked: str, today: date) -> date:
    """The first day of the month; of this one for none, or for one that is no month."""
    try:
        return date.fromisoformat(f"{asked}-01")
    except ValueError:
        return today.replace(day=1)


@require_safe
def papers(request: SignedInRequest) -> HttpResponse:
    """What a project prints every month, and what was printed last."""
    request.scope.require(SEE)
    today = localdate(request.at)
    month = _month(request.GET.get("month", ""), today)
    prints = visible_prints(request.scope).select_related("by", "project", "case")
    about = {
        "month": month,
        "earlier": f"?month={_moved(month, -1):%Y-%m}",
        "later": f"?month={_moved(month, 1):%Y-%m}" if month < today.replace(day=1) else "",
        "ledgers": _ledgers(request, request.project, month),
        "prints": prints[:SHOWN],
    }
    return render(request, "papers/papers.html", about)


def _moved(month: date, by: int) -> date:
    year, zero_based = divmod(month.year * 12 + month.month - 1 + by, 12)
    return date(year, zero_based + 1, 1)


def _ledgers(request: SignedInRequest, project: OrgUnit | None, month: date) -> list[FileLink]:
    """Those of the project that one sees whole."""
    if project is None:
        return []
    return [
        FileLink(
            each.form.title,
            reverse("papers:ledger", args=[kind, project.code, f"{month:%Y-%m}"]),
        )
        for kind, each in LEDGERS.items()
        if sees_whole(request.scope, each.right, project)
    ]


# --- The signed sheet is back ---------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def scan(request: SignedInRequest) -> HttpResponse:
    """Takes the photo of a signed sheet in; its code says where it belongs."""
    request.scope.require("case.work")
    if request.method != "POST":
        return render(request, "papers/scan.html", {"form": ScanForm()})
    form = ScanForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            return _taken(request, form)
        except Refused as refused:
            add_refusal(form, refused)
    about = {"form": form}
    return render(request, "papers/scan.html", about, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _taken(request: SignedInRequest, form: ScanForm) -> HttpResponse:
    """The same picture sent twice is taken in once."""
    kept = keep(form.cleaned_data["scan"])

    def act() -> tuple[int, dict[str, Any]]:
        scans = take_back(kept=kept, by=request.scope, at=request.at)
        copies = "、".join(str(scan.copy) for scan in scans)
        words = _("已收回{title} {record} 第 {copies} 联").format(
            title=scans[0].title, record=scans[0].record, copies=copies
        )
        url = reverse("cases:case", args=[scans[0].case.number])
        return HTTPStatus.OK, {"url": url, "words": words}

    told = once(
        actor=request.user.number, key=f"scan:{kept.sha256}", request=kept.sha256, at=request.at,
        act=act,
    )[1]  # fmt: skip
    done(request, told["words"])
    return redirect(told["url"])
