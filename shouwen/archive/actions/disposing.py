"""Disposal: a list of folders whose time is over, proposed by one and approved by another.

The paper goes; number, title, story and the approval stay, and so does what the program itself
holds."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.queries import reach_role
from shouwen.accounts.scope import Scope
from shouwen.archive.actions.filing import log
from shouwen.archive.actions.lending import KEEPS
from shouwen.archive.models import Disposal, Folder
from shouwen.archive.queries import kept_at, may_go
from shouwen.cases.actions.intake import next_number
from shouwen.notify.actions import tell
from shouwen.rules.refused import Refused

#: Who lets something go for good.
APPROVES = "case.void"
APPROVERS = {"project": "project_manager", "company": "company_leader", "group": "hq_cs"}


def propose(
    *, unit: OrgUnit, folders: Collection[Folder], reason: str, by: Scope, at: datetime
) -> Disposal:
    """Only what was kept as long as it had to be, is in its place, and is on no other list."""
    by.require(KEEPS, unit)
    if not folders:
        raise Refused("no-folders", "请勾选要销毁的档案。", field="folders")
    if not reason.strip():
        raise Refused("no-reason", "请写销毁理由。", field="reason")
    with transaction.atomic():
        OrgUnit.objects.select_for_update().get(pk=unit.pk)
        free = set(may_go(unit, localdate(at)).values_list("pk", flat=True))
        if any(folder.pk not in free for folder in folders):
            raise Refused(
                "not-over", "其中有未到期、借出或已提请的档案，请刷新后重新勾选。", field="folders"
            )
        row = Disposal.objects.create(
            **kept_at(unit), number=next_number("XH", unit, localdate(at)),
            reason=reason.strip()[:200], asked_by=by.staff, asked_at=at,
        )  # fmt: skip
        row.folders.set(folders)
        for folder in folders:
            log(folder, "proposed", by, at, row.number)
        _tell(row, reach_role(APPROVERS[unit.kind], unit, at), "asked", at)
    return row


def decide(*, disposal: Disposal, approved: bool, note: str, by: Scope, at: datetime) -> Disposal:
    """By another one. What is not approved is kept on, and may be proposed again."""
    by.require(APPROVES, disposal.unit)
    with transaction.atomic():
        rows = Disposal.objects.select_for_update(of=("self",))
        row = rows.select_related("unit", "asked_by").get(pk=disposal.pk)
        _require_undecided(row, approved, note, by)
        row.decide(approved, by.staff, at)
        row.note = note.strip()[:200]
        row.save(update_fields=["approved", "note", "decided_at", "decided_by"])
        for folder in row.folders.select_for_update():
            _settle(folder, row, by, at)
        _tell(row, [row.asked_by], "decided", at)
    disposal.__dict__.update(row.__dict__)
    return disposal


def _require_undecided(row: Disposal, approved: bool, note: str, by: Scope) -> None:
    if row.approved is not None:
        raise Refused("decided-already", "这份清单已经有结论，请刷新看结果。")
    if row.asked_by_id == by.staff.pk:
        raise Refused("own-list", "提请的人不能自己批准，请另一位负责人批准。")
    if not approved and not note.strip():
        raise Refused("no-note", "请写不同意的理由。", field="note")
    if approved and row.folders.exclude(state=Folder.State.HELD).exists():
        raise Refused("lent-now", "清单里有档案借出未还，收回后再批准。")


def _settle(folder: Folder, row: Disposal, by: Scope, at: datetime) -> None:
    if row.approved:
        folder.state = Folder.State.DISPOSED
        folder.save(update_fields=["state"])
    log(folder, "disposed" if row.approved else "kept", by, at, f"{row.number} {row.note}")


def _tell(row: Disposal, people: list[Staff], what: str, at: datetime) -> None:
    words = {None: "请批准档案销毁清单", True: "销毁清单已批准", False: "销毁清单未批准"}
    tell(
        people=people, event=f"disposal:{row.pk}:{what}", at=at,
        subject=f"{words[row.approved]}：{row.number}（{row.folders.count()} 份）",
        url=f"/archive/disposals/{row.number}",
    )  # fmt: skip
