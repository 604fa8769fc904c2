"""A correction of a locked month: asked for with a reason, approved by somebody else. What was
locked and what counts since are shown side by side."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.queries import people_reaching
from shouwen.accounts.scope import Scope
from shouwen.cases.actions.intake import next_number
from shouwen.figures.models import Exclusion, MonthLock, Restatement, Verdict
from shouwen.notify.actions import tell
from shouwen.rules.periods import Period
from shouwen.rules.refused import Refused

#: Who asks for a correction, and who decides; never the same person.
RULES = "case.rule"


def differences(project: OrgUnit, month: Period) -> QuerySet[Verdict]:
    """The records of a locked month that would count differently now."""
    return Verdict.objects.filter(
        ~Q(later=""), project=project, locked=True, on__range=(month.first, month.last)
    ).order_by("measure", "pk")


def ask(
    *,
    project: OrgUnit,
    month: Period,
    reason: str,
    by: Scope,
    at: datetime,
    records: Collection[int] | None = None,
) -> Restatement:
    """Ask that these differences count, all of them where none are named."""
    by.require(RULES, project)
    if not reason.strip():
        raise Refused("no-reason", "请写明为什么要更正已锁定的数据。", field="reason")
    with transaction.atomic():
        lock = _locked(project, month)
        if lock.restatements().filter(approved=None).exists():
            raise Refused("pending", "这个月已有一份更正等待批准，先批准或退回它。")
        rows = differences(project, month)
        rows = rows if records is None else rows.filter(pk__in=records)
        changes = [_change(row, lock) for row in rows]
        if not changes:
            raise Refused("no-difference", "这个月的数据与现在的记录一致，没有需要更正的。")
        place = {"project": project, "company": project.company, "group": project.group}
        made = Restatement.objects.create(
            number=next_number("GZ", project, localdate(at)), month=month.first,
            reason=reason.strip()[:300], asked_by=by.staff, asked_at=at, changes=changes,
            **place,
        )  # fmt: skip
        tell_deciders(
            made, by, at, f"restatement:{made.pk}", f"/figures/restatements/{made.number}",
            f"申请更正 {project.name} {month.first:%Y年%-m月} 的数据",
        )  # fmt: skip
    return made


def _locked(project: OrgUnit, month: Period) -> MonthLock:
    """Whoever corrects a month holds its lock: one at a time."""
    rows = MonthLock.objects.select_for_update()
    lock = rows.filter(project=project, month=month.first).first()
    if lock is None:
        raise Refused("not-locked", f"{month.words}还没有锁定，直接改正记录即可。")
    return lock


def _change(row: Verdict, lock: MonthLock) -> dict[str, Any]:
    return {
        "measure": row.measure, "title": lock.titles.get(row.measure, row.measure),
        "record": row.record, "label": row.label, "url": row.url,
        "was": row.restated or row.verdict, "now": row.later, "why": row.later_why,
    }  # fmt: skip


def tell_deciders(
    made: Restatement | Exclusion, by: Scope, at: datetime, event: str, url: str, subject: str
) -> None:
    """Who may decide hears that something is asked, and why; but not who asked."""
    people = people_reaching(made.project, at, RULES).exclude(pk=by.staff.pk)
    tell(people=people, at=at, event=event, url=url, subject=subject, body=made.reason)


def decide(
    *, restatement: Restatement, approve: bool, by: Scope, at: datetime, note: str = ""
) -> Restatement:
    """Approve or refuse it; never one's own."""
    by.require(RULES, restatement.project)
    if by.staff.pk == restatement.asked_by_id:
        raise Refused("own-request", "不能批准自己提出的更正，请另一位有权的人决定。")
    if not approve and not note.strip():
        raise Refused("no-reason", "退回更正要写明理由。", field="note")
    with transaction.atomic():
        row = Restatement.objects.select_for_update().get(pk=restatement.pk)
        if row.approved is not None:
            raise Refused("decided-already", "这份更正已经批复过了，请刷新看结果。")
        row.decide(approve, by.staff, at)
        row.note = note.strip()[:200]
        row.save()
        if approve:
            _restate(row, at)
    restatement.refresh_from_db()
    return restatement


def _restate(restatement: Restatement, at: datetime) -> None:
    """Exactly what was asked for counts from now on; what came to light since stays beside it."""
    for change in restatement.changes:
        row = Verdict.objects.select_for_update().get(
            measure=change["measure"], record=change["record"]
        )
        row.restated = "" if change["now"] == row.verdict else change["now"]
        if row.later == change["now"]:
            row.later = row.later_why = ""
        row.judged_at = at
        row.save(update_fields=["restated", "later", "later_why", "judged_at"])
