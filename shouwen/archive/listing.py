"""What the lists of the archive have in common: whose, of which kind, in which state."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.scope import Scope
from shouwen.archive.models import Folder
from shouwen.archive.queries import SEE, about, states, visible_folders
from shouwen.cases.export import Cell, Column
from shouwen.learning.listing import Listing
from shouwen.web.pieces import Choice

SECTIONS = {
    "folders": _("档案"),
    "deposits": _("待交存"),
    "disposals": _("销毁清单"),
    "numbers": _("联系方式"),
}
CHANGES = {
    "found": (_("待更新"), Q(state="found")),
    "settled": (_("已处理"), ~Q(state="found")),
}
TITLES = {
    "kept": _("在档"),
    "out": _("借出"),
    "over": _("保管期满"),
    "disposed": _("已销毁"),
}
WAITING = {
    "waiting": (_("待交存"), Q(received_at=None)),
    "received": (_("已接收"), Q(received_at__isnull=False)),
}


class Shelf(Listing):
    """A list of this floor, under its own tabs."""

    def about(self) -> dict[str, Any]:
        return {**super().about(), "sections": sections(self.section, self.request.scope)}


def sections(here: str, scope: Scope) -> list[Choice]:
    """Who sees no place whole hands over and receives papers, and nothing else."""
    whole = bool(scope.wide(SEE))
    return [
        Choice(str(title), reverse(f"archive:{name}"), name == here)
        for name, title in SECTIONS.items()
        if whole or name not in ("disposals", "numbers")
    ]


def folders(request: SignedInRequest, right: str = SEE) -> Shelf:
    """The list of folders as the address asks for it."""
    today = localdate(request.at)
    tabs = {name: (TITLES[name], where) for name, where in states(today).items()}
    seen = visible_folders(request.scope, right)
    return Shelf(request, "folders", seen, Q(filed_by=request.user), tabs, asked(request))


def asked(request: SignedInRequest) -> dict[str, str]:
    kind = request.GET.get("kind", "")
    return {
        "q": request.GET.get("q", "").strip()[:40],
        "kind": kind if kind in Folder.Kind.values else "",
    }


def narrowed(rows: QuerySet[Folder], wanted: dict[str, str]) -> QuerySet[Folder]:
    """Those of a kind, and those that hold the words."""
    rows = rows.filter(kind=wanted["kind"]) if wanted["kind"] else rows
    return rows.filter(about(wanted["q"])) if len(wanted["q"]) > 1 else rows


# --- The list as a file ---------------------------------------------------------------------------

NAME = "档案目录"


def _until(folder: Folder) -> Cell:
    return folder.keep_until or "长期"


COLUMNS: tuple[Column, ...] = (
    Column(_("档案号"), 20, lambda row, _reader: row.number),
    Column(_("类别"), 10, lambda row, _reader: str(row.get_kind_display())),
    Column(_("题名"), 50, lambda row, _reader: row.title),
    Column(_("单位"), 14, lambda row, _reader: row.unit.name),
    Column(_("条款"), 14, lambda row, _reader: row.clause),
    Column(_("份数"), 8, lambda row, _reader: row.papers),
    Column(_("存放处"), 20, lambda row, _reader: row.place),
    Column(_("归档日期"), 12, lambda row, _reader: row.filed_on),
    Column(_("保管到"), 12, lambda row, _reader: _until(row)),
    Column(_("状态"), 10, lambda row, _reader: str(row.get_state_display())),
    Column(_("借阅人"), 14, lambda row, _reader: row.lent_to),
)
