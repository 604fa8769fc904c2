"""The table of steps: of each its words, form and action, and when it is offered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.figures import forms
from shouwen.figures.actions import excluding, locking, restating
from shouwen.figures.models import Exclusion, MonthLock, Restatement
from shouwen.rules.periods import Period
from shouwen.services.steps import Step


@dataclass(frozen=True)
class Month:
    """A month of a project, locked or not."""

    project: OrgUnit
    period: Period

    @property
    def pk(self) -> str:
        return f"{self.project.code}-{self.period.key}"

    @property
    def lock(self) -> MonthLock | None:
        held = MonthLock.objects.filter(project=self.project, month=self.period.first)
        return held.select_related("by").first()


def _lock(*, month: Month, by: Scope, at: datetime) -> MonthLock:
    return locking.lock(project=month.project, month=month.period, by=by, at=at)


def _ask(*, month: Month, by: Scope, at: datetime, **told: Any) -> Restatement:
    return restating.ask(project=month.project, month=month.period, by=by, at=at, **told)


def _waits(record: Restatement | Exclusion) -> bool:
    return record.approved is None


LOCK = Step(
    "lock", _("锁定这个月"), forms.LockForm, _lock, "month", lambda month: month.lock is None,
    _("已锁定"), locking.LOCKS,
)  # fmt: skip
RESTATE = Step(
    "restate", _("申请更正"), forms.RestateForm, _ask, "month",
    lambda month: month.lock is not None, _("已提出更正，等待批准"), restating.RULES,
)  # fmt: skip
DECIDE = Step(
    "decide", _("批复更正"), forms.DecideForm, restating.decide, "restatement", _waits,
    _("已批复"), restating.RULES,
)  # fmt: skip
EXCLUDE = Step(
    "exclude", _("申请不计"), forms.ExcludeForm, excluding.ask_exclusion, "verdict",
    lambda verdict: verdict.verdict != "out", _("已提出，等待批准"), excluding.ASKS,
)  # fmt: skip
DECIDE_EXCLUSION = Step(
    "decide-exclusion", _("批复不计"), forms.ApproveForm, excluding.decide_exclusion, "exclusion",
    _waits, _("已批复"), restating.RULES,
)  # fmt: skip
WITHDRAW = Step(
    "withdraw", _("撤回不计"), forms.WithdrawForm, excluding.withdraw_exclusion, "exclusion",
    lambda exclusion: exclusion.holds, _("已撤回，照常计入"), restating.RULES,
)  # fmt: skip
