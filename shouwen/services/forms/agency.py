"""Letting and selling as forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwen.billing.actions.paying import Way
from shouwen.billing.models import Method
from shouwen.cases.forms.asking import picks
from shouwen.services.actions.mandates import SETTLED, Outcome, Part
from shouwen.services.forms.asking import StepForm, amount, day, line, picture
from shouwen.services.models import HouseReportRow, Mandate

#: Parts of a home that a report looks at first; each may be renamed.
PARTS = ("门窗", "墙面地面", "给排水", "电气", "厨房", "卫生间", "空调采暖", "其他")


class ShowForm(StepForm):
    dated = True
    who = line(_("看房人"))
    said = line(_("意见"), 200, required=False)


class CloseForm(StepForm):
    """The result of a mandate; a deal says with whom and for how much."""

    def arrange(self) -> None:
        settled = SETTLED[Mandate.Deal(self.about.deal)]
        results = (settled, Mandate.Result.WITHDRAWN, Mandate.Result.EXPIRED)
        self.fields["result"] = picks(_("结果"), {r.value: r.label for r in results})
        self.fields["party"] = line(_("承租（买受）人"), required=False)
        self.fields["price"] = amount(
            _("成交价（元；出租为月租）"), required=False, initial=self.about.price
        )
        self.fields["contract"] = line(_("合同号"), 40, required=False)
        self.fields["note"] = line(_("说明"), 200, required=False)

    def arguments(self) -> dict[str, Any]:
        return {"outcome": Outcome(**super().arguments())}


class ReportForm(StepForm):
    """《房屋健康报告》: part by part."""

    def arrange(self) -> None:
        for n, name in enumerate(PARTS):
            self.fields[f"part-{n}"] = line(_("部位"), 40, required=False, initial=name)
            self.fields[f"state-{n}"] = forms.ChoiceField(
                label=_("状况"), choices=[("", _("不填")), *HouseReportRow.STATES], required=False
            )
            self.fields[f"problem-{n}"] = line(_("问题"), 200, required=False)
            self.fields[f"photo-{n}"] = picture(_("照片"), required=False)

    @property
    def lines(self) -> list[list[forms.BoundField]]:
        names = ("part", "state", "problem", "photo")
        return [[self[f"{name}-{n}"] for name in names] for n in range(len(PARTS))]

    def arguments(self) -> dict[str, Any]:
        told = super().arguments()
        rows = [
            Part(
                told[f"part-{n}"], told[f"state-{n}"], told[f"problem-{n}"],
                told[f"photo-{n}"] or None,
            )
            for n in range(len(PARTS))
            if told[f"state-{n}"]
        ]  # fmt: skip
        return {"parts": rows}


class IssueForm(StepForm):
    """`about` is the report."""

    to = line(_("交付给谁"))
    as_ = picks(_("身份"), {"owner": _("业主"), "tenant": _("承租人")}, initial="owner")

    def arrange(self) -> None:
        owner = self.about.mandate.owner
        self.fields["to"].initial = owner.name if owner else None


class ScheduleForm(StepForm):
    first_on = day(_("首期应收日期"))
    months = forms.IntegerField(label=_("期数（月）"), min_value=1, max_value=60, initial=12)


class ReceiveForm(StepForm):
    """`about` is the rent."""

    method = picks(_("付款方式"), dict(Method.choices), initial="transfer")
    payer = line(_("付款人"))

    def arrange(self) -> None:
        self.fields["payer"].initial = self.about.mandate.party


class PassOnForm(StepForm):
    """`about` is the rent."""

    method = picks(
        _("转付方式"), {m.value: m.label for m in (Method.TRANSFER, Method.CASH)},
        initial="transfer",
    )  # fmt: skip
    reference = line(_("凭证号"), 60)

    def arguments(self) -> dict[str, Any]:
        return {"way": Way(**super().arguments())}
