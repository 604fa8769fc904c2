"""The table of steps: of each its words, form and action, when it is offered and to whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from shouwen.accounts.scope import Scope
from shouwen.services.steps import Step, When
from shouwen.statements import forms
from shouwen.statements.actions import correcting, improving, sending, signing, writing
from shouwen.statements.actions.locking import follows
from shouwen.statements.models import Delivery, Statement, StatementAction
from shouwen.statements.standing import require_standing, standing

SEE = "case.view"


def _when(act: str) -> When:
    def when(statement: Statement) -> bool:
        return follows(statement, act)

    return when


def _of_statement(name: str, title: Any, form: Any, act: Callable[..., Any], done: Any) -> Step:
    return Step(name, title, form, act, "statement", _when(name), done, SEE)


#: What only who draws it up does; the others belong to whose turn it is.
OF_AUTHOR = ("write", "measures", "renew", "correct")
STEPS = {
    step.name: step
    for step in (
        _of_statement("submit", _("签名提交"), forms.NoteForm, signing.submit, _("已提交")),
        _of_statement("check", _("审核通过"), forms.NoteForm, signing.check, _("已审核")),
        _of_statement("sign", _("签字报送"), forms.NoteForm, signing.sign, _("已签字")),
        _of_statement("return", _("退回"), forms.ReasonForm, signing.give_back, _("已退回")),
        _of_statement("measures", _("写改善措施"), forms.MeasuresForm, improving.write_measures,
                      _("已保存改善措施")),
        _of_statement("write", _("改写文字"), forms.WriteForm, writing.write, _("已保存")),
        _of_statement("renew", _("重新取数"), forms.PlainForm, writing.renew, _("已重新取数")),
        _of_statement("correct", _("出更正版"), forms.CorrectForm, correcting.correct,
                      _("已另出一版")),
    )
}  # fmt: skip


def role_for(statement: Statement, step: str) -> str:
    """Whose step it is now."""
    return statement.written.prepared_by if step in OF_AUTHOR else statement.turn


def require_may(statement: Statement, step: Step, by: Scope, at: datetime) -> None:
    require_standing(role_for(statement, step.name), statement.unit, by, at)


def offered(statement: Statement, by: Scope, at: datetime) -> list[Step]:
    """What somebody may do with it now, what brings it on first."""
    roles = {role_for(statement, name) for name, step in STEPS.items() if step.when(statement)}
    held = {role for role in roles if role and standing(role, statement.unit, by, at)}
    return [
        step
        for step in STEPS.values()
        if step.when(statement)
        and role_for(statement, step.name) in held
        and (step.name != "measures" or statement.written.improves)
    ]


# --- Deliveries -----------------------------------------------------------------------------------


def _goes_out(delivery: Delivery) -> bool:
    return not delivery.role and not delivery.sent_at and follows(delivery.statement, "send")


def _is_out(delivery: Delivery) -> bool:
    out = delivery.sent_at and not delivery.received_at
    return bool(out) and follows(delivery.statement, "receive")


def _comes_back(delivery: Delivery) -> bool:
    return bool(delivery.role and delivery.sent_at) and follows(delivery.statement, "reject")


DELIVERY_STEPS = {
    step.name: step
    for step in (
        Step("send", _("记录报送"), forms.ProofForm, sending.send_outside, "delivery", _goes_out,
             _("已记录报送"), SEE),
        Step("receive", _("签收"), forms.PlainForm, sending.receive, "delivery",
             lambda delivery: bool(delivery.role) and _is_out(delivery), _("已签收"), SEE),
        Step("receipt", _("记录签收"), forms.ReceiptForm, sending.receive, "delivery",
             lambda delivery: not delivery.role and _is_out(delivery), _("已记录签收"), SEE),
        Step("reject", _("退回重报"), forms.ReasonForm, correcting.reject, "delivery", _comes_back,
             _("已退回"), SEE),
    )
}  # fmt: skip


def require_recipient(delivery: Delivery, by: Scope, at: datetime) -> None:
    """Of ours who it is for; of a body outside who drew it up."""
    row = delivery.statement
    role = delivery.role or row.written.prepared_by
    require_standing(role, (delivery.role and delivery.unit) or row.unit, by, at)


def offered_on(delivery: Delivery, by: Scope, at: datetime) -> Iterator[Step]:
    row = delivery.statement
    role = delivery.role or row.written.prepared_by
    steps = [step for step in DELIVERY_STEPS.values() if step.when(delivery)]
    if steps and standing(role, (delivery.role and delivery.unit) or row.unit, by, at):
        yield from steps


REPORT = Step(
    "report", _("报进展"), forms.ReportForm, improving.report, "action",
    lambda action: not action.done_at and not action.statement.is_open, _("已记录进展"), SEE,
)  # fmt: skip


def may_report(action: StatementAction, by: Scope, at: datetime) -> bool:
    if not REPORT.when(action):
        return False
    row = action.statement
    owns = action.owner_id == by.staff.pk
    return owns or standing(row.written.prepared_by, row.unit, by, at) is not None
