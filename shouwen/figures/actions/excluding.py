"""A record that does not count in a measure, for a reason that somebody else approved; and counts
again where that is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from shouwen.accounts.scope import Scope
from shouwen.figures.actions.keeping import judge_again
from shouwen.figures.actions.restating import RULES, tell_deciders
from shouwen.figures.models import Exclusion, Verdict
from shouwen.notify.actions import tell
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
            made = Exclusion.objects.create(
                measure=verdict.measure, record=verdict.record, label=verdict.label,
                reason=reason.strip()[:200], asked_by=by.staff, asked_at=at,
                project=verdict.project, company=verdict.company, group=verdict.group,
            )  # fmt: skip
            tell_deciders(
                made, by, at, f"exclusion:{made.pk}", f"/figures/exclusions/{made.pk}",
                f"申请不计：{made.label}",
            )  # fmt: skip
    except IntegrityError:
        raise Refused("asked-already", "这条记录已经申请过，或已批准不计，不用再申请。") from None
    return made


def decide_exclusion(*, exclusion: Exclusion, approve: bool, by: Scope, at: datetime) -> Exclusion:
    """Approve or refuse it; never one's own. In a locked month it counts once it is restated."""
    with _changing(exclusion, by, at) as row:
        if by.staff.pk == row.asked_by_id:
            raise Refused("own-request", "不能批准自己提出的申请，请另一位有权的人决定。")
        if row.approved is not None:
            raise Refused("decided-already", "这份申请已经批复过了，请刷新看结果。")
        row.decide(approve, by.staff, at)
        _answer(row, "批准不计" if approve else "没有批准不计", row.reason, at)
    return exclusion


def withdraw_exclusion(*, exclusion: Exclusion, reason: str, by: Scope, at: datetime) -> Exclusion:
    """What was approved holds no more, and the record counts again; in a locked month once it is
    restated."""
    if not reason.strip():
        raise Refused("no-reason", "请写明为什么这条记录又要计入。", field="reason")
    with _changing(exclusion, by, at) as row:
        if not row.holds:
            raise Refused("not-excluded", "这份申请没有批准，或已经撤回，请刷新看结果。")
        row.withdrawn_by, row.withdrawn_at = by.staff, at
        row.withdrawn_why = reason.strip()[:200]
        _answer(row, "撤回不计", row.withdrawn_why, at)
    return exclusion


@contextmanager
def _changing(exclusion: Exclusion, by: Scope, at: datetime) -> Iterator[Exclusion]:
    """Lock it; afterwards its record is judged anew."""
    by.require(RULES, exclusion.project)
    with transaction.atomic():
        row = Exclusion.objects.select_for_update().get(pk=exclusion.pk)
        yield row
        row.save()
        for verdict in _verdicts(row):
            judge_again(verdict, at)
    exclusion.refresh_from_db()


def _verdicts(row: Exclusion) -> QuerySet[Verdict]:
    """The one that it is about; none, where its measure judges the record no more."""
    return Verdict.objects.filter(measure=row.measure, record=row.record)


def _answer(row: Exclusion, words: str, why: str, at: datetime) -> None:
    """Who asked is led to the month, where it stands among the others."""
    month = "".join(f"/{row.project.code}/{one.on:%Y-%m}" for one in _verdicts(row))
    tell(
        people=[row.asked_by],
        at=at,
        event=f"exclusion:{row.pk}:{words}",
        url=f"/figures/months{month}",
        subject=f"{words}：{row.label}",
        body=why,
    )
