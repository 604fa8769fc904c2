"""The table of steps of a record: of each its words, form and action, and when it is offered."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shouwen.accounts.scope import Scope
from shouwen.registers import forms
from shouwen.registers.actions import filling, signing
from shouwen.registers.actions.signing import may_sign, unsigned
from shouwen.registers.models import Record
from shouwen.registers.queries import FILLS, LEADS, SEE, form_of
from shouwen.services.steps import Step

_STATE = Record.State

FILL = Step(
    "fill", _("填写"), forms.FillForm, filling.begin, "blank", lambda _blank: True, _("已保存"),
    FILLS,
)  # fmt: skip


def _open(record: Record) -> bool:
    return record.state in filling.OPEN and not record.signatures.exists()


def _waits(record: Record) -> bool:
    return record.state == _STATE.FILLED


def _handed_over(record: Record) -> bool:
    return record.state in (_STATE.FILLED, _STATE.SIGNED)


def _stands(record: Record) -> bool:
    return record.state != _STATE.VOID


RECORD_STEPS = {
    step.name: step
    for step in (
        Step("change", _("修改"), forms.FillForm, filling.change, "record", _open, _("已保存"),
             FILLS),
        Step("sign", _("签字"), forms.SignForm, signing.sign, "record", _waits, _("已签字"), SEE),
        Step("replace", _("作废并更正"), forms.ReasonForm, filling.replace, "record", _handed_over,
             _("原表已作废，请填写更正后的表"), LEADS),
        Step("void", _("作废"), forms.ReasonForm, filling.void, "record", _stands, _("已作废"),
             SEE),
    )
}  # fmt: skip


def offered(record: Record, scope: Scope) -> list[Step]:
    """What somebody may do with it now."""
    own = record.filled_by_id == scope.staff.pk
    leads = scope.can(LEADS, record.project)
    may = {
        "change": own or leads,
        "sign": _may_sign_any(record, scope),
        "replace": leads,
        "void": leads or (own and record.state == _STATE.DRAFT),
    }
    return [
        step
        for name, step in RECORD_STEPS.items()
        if may[name] and step.when(record) and scope.can(step.right, record.project)
    ]


def _may_sign_any(record: Record, scope: Scope) -> bool:
    rule = form_of(record).rule
    return any(may_sign(record, rule, place, scope) for place in unsigned(record, rule))
