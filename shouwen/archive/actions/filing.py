"""Filing: a thing becomes a folder once, with a number, and is kept so long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.archive.models import Folder, FolderStep
from shouwen.archive.queries import kept_at
from shouwen.cases.actions.intake import next_number
from shouwen.rules.due import month_later

#: The story of a folder is read by people: each act by its name.
WORDS = {
    "filed": "归档",
    "placed": "入柜",
    "lent": "借出",
    "returned": "归还",
    "rang": "逾期未还，已提醒",
    "proposed": "提请销毁",
    "kept": "继续保管",
    "disposed": "销毁",
}


@dataclass(frozen=True)
class Paper:
    """What is to be filed."""

    kind: str
    subject: str
    title: str
    url: str = ""
    text: str = ""
    clause: str = ""
    papers: int = 1
    place: str = ""
    months: int | None = None
    """How long it is kept from today; none, or 0: for ever."""


def file_away(*, unit: OrgUnit, paper: Paper, at: datetime, by: Scope | None = None) -> Folder:
    """The folder of a thing: the one that it has, or a new one. Numbers are of one series with
    those of the complaints."""
    with transaction.atomic():
        OrgUnit.objects.select_for_update().get(pk=unit.pk)  # one at a time: no number is lost
        held = Folder.objects.filter(subject=paper.subject).exclude(state=Folder.State.DISPOSED)
        return held.first() or _file(unit, paper, by, at)


def _file(unit: OrgUnit, paper: Paper, by: Scope | None, at: datetime) -> Folder:
    today = localdate(at)
    folder = Folder.objects.create(
        **kept_at(unit), number=next_number("DA", unit, today), kind=paper.kind,
        subject=paper.subject, title=paper.title[:120], url=paper.url, text=paper.text,
        clause=paper.clause[:60], papers=paper.papers, place=paper.place[:60], filed_on=today,
        filed_by=by.staff if by else None,
        keep_until=month_later(today, paper.months)[0] if paper.months else None,
    )  # fmt: skip
    log(folder, "filed", by, at)
    return folder


def log(folder: Folder, verb: str, by: Scope | None, at: datetime, note: str = "") -> None:
    """One more line of its story."""
    FolderStep.objects.create(
        folder=folder, verb=verb, at=at, by=by.staff if by else None, note=note.strip()[:200]
    )
