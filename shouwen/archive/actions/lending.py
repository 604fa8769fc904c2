"""A folder is lent and comes back, or is put in another place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from shouwen.accounts.queries import reach_role
from shouwen.accounts.scope import Scope
from shouwen.archive.actions.filing import log
from shouwen.archive.models import Folder
from shouwen.cases.one_by_one import summed
from shouwen.notify.actions import tell
from shouwen.rules.refused import Refused

KEEPS = "case.close"
#: Who answers for the archive of a place.
KEEPERS = {"project": "cs_head", "company": "company_cs", "group": "hq_cs"}
_STATE = Folder.State
BATCH = 200


def lend(*, folder: Folder, to: str, back_by: date, reason: str, by: Scope, at: datetime) -> Folder:
    """To somebody by name, for something, until a day."""
    with _on(folder, by) as row:
        if row.state != _STATE.HELD:
            raise Refused("not-here", "这份档案现在不在柜里，请先等归还。")
        if not to.strip():
            raise Refused("no-to", "请写借阅人。", field="to")
        if not reason.strip():
            raise Refused("no-reason", "请写借阅用途。", field="reason")
        if back_by < localdate(at):
            raise Refused("past-day", "应还日期不能早于今天。", field="back_by")
        row.state, row.lent_to, row.back_by = _STATE.OUT, to.strip()[:60], back_by
        log(row, "lent", by, at, f"{row.lent_to}，{back_by:%Y-%m-%d} 前归还：{reason.strip()}")
    return folder


def bring_back(*, folder: Folder, by: Scope, at: datetime, note: str = "") -> Folder:
    with _on(folder, by) as row:
        if row.state != _STATE.OUT:
            raise Refused("not-out", "这份档案没有借出，不用归还。")
        log(row, "returned", by, at, f"{row.lent_to} {note}")
        row.state, row.lent_to, row.back_by, row.asked_back_at = _STATE.HELD, "", None, None
    return folder


def put(*, folder: Folder, place: str, by: Scope, at: datetime) -> Folder:
    """Into a cabinet, a box, a shelf."""
    with _on(folder, by) as row:
        if row.state == _STATE.DISPOSED:
            raise Refused("gone", "这份档案已经销毁，不用再放；档案号和经过还在。")
        if not place.strip():
            raise Refused("no-place", "请写存放处。", field="place")
        log(row, "placed", by, at, f"{row.place} → {place.strip()}" if row.place else place)
        row.place = place.strip()[:60]
    return folder


@contextmanager
def _on(folder: Folder, by: Scope) -> Iterator[Folder]:
    """Lock, then check, then act; the caller's object becomes what was written."""
    by.require(KEEPS, folder.unit)
    with transaction.atomic():
        row = (
            Folder.objects.select_for_update(of=("self",)).select_related("unit").get(pk=folder.pk)
        )
        yield row
        row.save(update_fields=["state", "lent_to", "back_by", "asked_back_at", "place"])
    folder.__dict__.update(row.__dict__)


def ring_lent(*, at: datetime) -> int:
    """What is not back on its day is asked for, once. Returns how many were."""
    late = Folder.objects.filter(state=_STATE.OUT, asked_back_at=None, back_by__lt=localdate(at))
    return summed(late.values_list("pk", flat=True)[:BATCH], lambda pk: _ask_back(pk, at))


def _ask_back(pk: int, at: datetime) -> int:
    with transaction.atomic():
        rows = Folder.objects.select_for_update(of=("self",)).select_related("unit")
        row = rows.filter(pk=pk, state=_STATE.OUT, asked_back_at=None).first()
        if row is None:
            return 0
        tell(
            people=reach_role(KEEPERS[row.unit.kind], row.unit, at),
            event=f"folder:{pk}:out:{row.back_by}", at=at,
            subject=f"借出的档案逾期未还：{row.lent_to} · {row.title}",
            url=f"/archive/{row.number}",
        )  # fmt: skip
        log(row, "rang", None, at, row.lent_to)
        row.asked_back_at = at
        row.save(update_fields=["asked_back_at"])
        return 1
