"""A record that does not count in a measure, for a reason that somebody else approved."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from shouwen.accounts.scope import Scope
from shouwen.figures.actions.keeping import judge_again
from shouwen.figures.actions.restating import RULES
from shouwen.figures.models import Exclusion, Verdict
from shouwen.rules.refused import Refused

#: Who may ask.
ASKS = "case.work"


def ask_exclusion(*, verdict: Verdict, reason: str, by: Scope, at: datetime) -> Exclusion:
    """Ask that it be left out. It counts until somebody else has approved."""
    by.require(ASKS, verdict.project)
    if not reason.strip():
        raise Refused("no-reason", "请写明为什么这条记录不应计入。", field="reason")
    try:
        with transaction.atomic():
            return Exclusion.objects.create(
                measure=verdict.measure, record=verdict.record, label=verdict.label,
                reason=reason.strip()[:200], asked_by=by.staff, asked_at=at,
                project=verdict.project, company=verdict.company, group=verdict.group,
            )  # fmt: skip
    except IntegrityError:
        raise Refused("asked-already", "这条记录已经申请过，或已批准不计，不用再申请。") from None


def decide_exclusion(*, exclusion: Exclusion, approve: bool, by: Scope, at: datetime) -> Exclusion:
    """Approve or refuse it; never one's own. In a locked month it counts once it is restated."""
    by.require(RULES, exclusion.project)
    if by.staff.pk == exclusion.asked_by_id:
        raise Refused("own-request", "不能批准自己提出的申请，请另一位有权的人决定。")
    with transaction.atomic():
        row = Exclusion.objects.select_for_update().get(pk=exclusion.pk)
        if row.approved is not None:
            raise Refused("decided-already", "这份申请已经批复过了，请刷新看结果。")
        row.decide(approve, by.staff, at)
        row.save()
        if approve:
            judge_again(Verdict.objects.get(measure=row.measure, record=row.record), at)
    exclusion.refresh_from_db()
    return exclusion
