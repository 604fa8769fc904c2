"""The table of steps: of each its words, form and action, and when it is offered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from shouwen.accounts.scope import Scope
from shouwen.archive import forms
from shouwen.archive.actions import depositing, disposing, lending, numbers
from shouwen.archive.models import Deposit, Disposal, Folder, NumberChange
from shouwen.services.steps import Step, When

_STATE = Folder.State


def _table(*steps: Step) -> dict[str, Step]:
    return {step.name: step for step in steps}


def _of_folder(
    name: str, title: Any, form: Any, act: Callable[..., Any], when: When, done: Any
) -> Step:
    return Step(name, title, form, act, "folder", when, done, lending.KEEPS)


FOLDER_STEPS = _table(
    _of_folder("lend", _("借出"), forms.LendForm, lending.lend,
               lambda folder: folder.state == _STATE.HELD, _("已记录借出")),
    _of_folder("back", _("归还"), forms.BackForm, lending.bring_back,
               lambda folder: folder.state == _STATE.OUT, _("已归还")),
    _of_folder("put", _("换存放处"), forms.PutForm, lending.put,
               lambda folder: folder.state != _STATE.DISPOSED, _("已记录存放处")),
)  # fmt: skip


def _waits(deposit: Deposit) -> bool:
    return deposit.received_at is None


def _is_handed(deposit: Deposit) -> bool:
    return _waits(deposit) and deposit.handed_at is not None


DEPOSIT_STEPS = _table(
    Step("hand", _("交出"), forms.HandForm, depositing.hand, "deposit", _waits,
         _("已交出，请保管的人接收"), depositing.WORKS),
    Step("receive", _("接收归档"), forms.ReceiveForm, depositing.receive, "deposit", _is_handed,
         _("已接收归档"), depositing.WORKS),
)  # fmt: skip


def next_of(deposit: Deposit, scope: Scope) -> Step | None:
    """The one button of a line. Who handed it over does not receive it."""
    if not _waits(deposit) or not scope.can(depositing.WORKS, deposit.project):
        return None
    if not _is_handed(deposit):
        return DEPOSIT_STEPS["hand"]
    return None if deposit.handed_by_id == scope.staff.pk else DEPOSIT_STEPS["receive"]


PROPOSE = Step(
    "propose", _("提请销毁"), forms.ProposeForm, disposing.propose, "unit", lambda _unit: True,
    _("已提请，等另一位负责人批准"), lending.KEEPS,
)  # fmt: skip
DECIDE = Step(
    "decide", _("批准销毁清单"), forms.DecideForm, disposing.decide, "disposal",
    lambda disposal: disposal.approved is None, _("已记录决定"), disposing.APPROVES,
)  # fmt: skip


def may_decide(disposal: Disposal, scope: Scope) -> bool:
    """Another one than who proposed it."""
    mine = disposal.asked_by_id == scope.staff.pk
    return DECIDE.when(disposal) and not mine and scope.can(DECIDE.right, disposal.unit)


def _unsettled(change: NumberChange) -> bool:
    return change.state == NumberChange.State.FOUND


CHANGE_STEPS = _table(
    Step("take", _("更新客户电话"), forms.TakeForm, numbers.take, "change", _unsettled,
         _("已更新客户电话"), numbers.EDIT),
    Step("leave", _("不更新"), forms.LeaveForm, numbers.leave, "change", _unsettled,
         _("已记录不更新"), numbers.EDIT),
)  # fmt: skip
