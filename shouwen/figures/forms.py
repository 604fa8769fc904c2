"""What is asked for at each step."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwen.cases.forms.asking import picks
from shouwen.services.forms.asking import StepForm

DECISIONS = {"yes": _("批准"), "no": _("退回")}


def _reason(label: Any, most: int, *, required: bool = True, **rest: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=most, required=required, widget=area, **rest)


class LockForm(StepForm):
    """Nothing but the key: whoever sends it means it."""


class RestateForm(StepForm):
    reason = _reason(_("更正理由"), 300, help_text=_("与现在的记录不一致的全部记录一并更正"))


class ExcludeForm(StepForm):
    reason = _reason(_("不计的理由"), 200, help_text=_("批准以前照常计入"))


class WithdrawForm(StepForm):
    reason = _reason(_("撤回的理由"), 200, help_text=_("撤回后照常计入；已锁定的月份要申请更正"))


class ApproveForm(StepForm):
    approve = picks(_("批复"), DECISIONS)

    def arguments(self) -> dict[str, Any]:
        told = super().arguments()
        return {**told, "approve": told["approve"] == "yes"}


class DecideForm(ApproveForm):
    note = _reason(_("批示"), 200, required=False, help_text=_("退回时必填"))
