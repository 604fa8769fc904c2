"""What is asked for at the counter: payments, receipts, requests, decisions, cash, bills."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.forms import MomentField
from shouwen.accounts.models import Staff
from shouwen.billing.models import Bill, Charge, Collect, Method
from shouwen.cases.forms.asking import picks
from shouwen.rules.money import Line

#: Rows of a charge that is typed at the counter.
ROWS = 3


class Keyed(forms.Form):
    """A form that moves money: sent twice, it is done once."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(self, *args: Any, **rest: Any) -> None:
        key = secrets.token_urlsafe(16)
        rest.setdefault("auto_id", f"{key[:6]}-%s")  # several stand on one page
        super().__init__(*args, **rest)
        self.fields["key"].initial = key

    @property
    def said(self) -> dict[str, Any]:
        """What was asked for, without the key."""
        return {name: value for name, value in self.cleaned_data.items() if name != "key"}


def money(label: Any, *, least: str = "0.01", **rest: Any) -> forms.DecimalField:
    box = forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01"})
    return forms.DecimalField(
        label=label, min_value=Decimal(least), max_digits=12, decimal_places=2, widget=box, **rest
    )


def short(label: Any, *, required: bool = False, most: int = 200, **rest: Any) -> forms.CharField:
    return forms.CharField(label=label, required=required, max_length=most, **rest)


# --- Taking ---------------------------------------------------------------------------------------


class TakeForm(Keyed):
    """Money for some of these charges."""

    amount = money(_("实收金额（元）"), required=False, help_text=_("不填即收清勾选的费用"))
    method = picks(_("方式"), dict(Method.choices), initial=Method.CASH)
    payer = short(_("付款人"), most=60)
    provider_ref = short(_("流水号"), most=80, help_text=_("转账、扫码时填，凭它对账"))

    def __init__(self, *args: Any, charges: Iterable[Charge], **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.offered = {str(charge.pk): charge for charge in charges}

    @property
    def rows(self) -> list[tuple[Charge, bool]]:
        """The charges, and whether each is ticked: at first all are."""
        ticked = self.data.getlist("charges") if isinstance(self.data, QueryDict) else self.offered
        return [(charge, key in ticked) for key, charge in self.offered.items()]

    def chosen(self) -> list[Charge]:
        return [charge for charge, ticked in self.rows if ticked]


class ChargeForm(Keyed):
    """Something charged at the counter, that no order has charged."""

    title = short(_("费用名称"), required=True, most=120)
    collect = picks(_("收取方式"), dict(Collect.choices), initial=Collect.CASH)

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        for number in range(ROWS):
            first = number == 0
            self.fields[f"name-{number}"] = short(_("项目"), required=first, most=120)
            self.fields[f"unit-{number}"] = short(_("单位"), most=20)
            self.fields[f"quantity-{number}"] = forms.DecimalField(
                label=_("数量"), required=first, min_value=Decimal("0.001"), max_digits=9,
                decimal_places=3, initial=1 if first else None,
            )  # fmt: skip
            self.fields[f"price-{number}"] = money(_("单价（元）"), required=first)

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        names = ("name", "unit", "quantity", "price")
        return [[self[f"{name}-{number}"] for name in names] for number in range(ROWS)]

    def lines(self) -> list[Line]:
        told = self.cleaned_data
        return [
            Line(
                told[f"name-{number}"], told[f"unit-{number}"],
                told[f"quantity-{number}"] or Decimal(1), told[f"price-{number}"],
            )
            for number in range(ROWS)
            if told[f"name-{number}"] and told[f"price-{number}"]
        ]  # fmt: skip


class ReasonForm(Keyed):
    reason = short(_("原因"), required=True)


class PlainForm(Keyed):
    """Nothing but the button."""


class DeliverForm(Keyed):
    happened = MomentField(label=_("交付时间"), required=False, help_text=_("刚刚交的不用填"))


class RequestForm(Keyed):
    """A refund or a write-off: how much, and why."""

    amount = money(_("金额（元）"))
    reason = short(_("原因"), required=True, help_text=_("审批人要看"))


class RefundForm(RequestForm):
    charge = forms.ChoiceField(label=_("退哪一笔"))

    field_order = ("charge", "amount", "reason")

    def __init__(self, *args: Any, parts: Mapping[str, str], **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["charge"].choices = list(parts.items())  # type: ignore[attr-defined] # a ChoiceField


class DecisionForm(Keyed):
    decision = short(_("审批意见"), help_text=_("不同意必须写明原因"))


class PayOutForm(Keyed):
    method = picks(_("退款方式"), dict(Method.choices), initial=Method.CASH)
    reference = short(_("流水号"), most=80)


# --- Cash and bills -------------------------------------------------------------------------------


class HandInForm(Keyed):
    engineer = forms.ModelChoiceField(Staff.objects.none(), label=_("交款人"), empty_label=None)
    counted = money(_("实点金额（元）"), least="0.00")
    note = short(_("差额说明"), help_text=_("与应交不符时写明"))

    def __init__(self, *args: Any, people: Iterable[Staff], **rest: Any) -> None:
        super().__init__(*args, **rest)
        rows = Staff.objects.filter(pk__in=[person.pk for person in people]).order_by("number")
        self.fields["engineer"].queryset = rows  # type: ignore[attr-defined] # a ModelChoiceField


class CountForm(Keyed):
    counted = money(_("实点现金（元）"), least="0.00")
    deposited = money(_("存入银行（元）"), least="0.00", initial=0)
    bank_ref = short(_("存款凭证号"), most=80)
    note = short(_("差额说明"), help_text=_("与账面不符时写明"))


class SettleForm(Keyed):
    """What a payment provider has paid out to our bank."""

    method = picks(_("支付平台"), {Method.WECHAT: "微信支付", Method.ALIPAY: "支付宝"})
    amount = money(_("到账金额（元）"))


class RunForm(Keyed):
    """A round of bills."""

    kind = picks(_("种类"), dict(Bill.Kind.choices), initial=Bill.Kind.FEE)
    period = short(_("账期"), required=True, most=7, help_text=_("如 2026-11"))
    due_on = forms.DateField(
        label=_("缴款期限"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("不填为出账后 15 天"),
    )

    def __init__(self, *args: Any, today: date, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["period"].initial = f"{today:%Y-%m}"


class HandOverForm(Keyed):
    on = forms.DateField(
        label=_("交楼日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class ClearForm(Keyed):
    """Before a home is handed over."""

    developer_receipt = short(_("开发商收据号"), required=True, most=80)
    developer_paid = short(_("开发商收费项目"), help_text=_("如房款、专项维修资金"))
    override_reason = short(_("欠费放行原因"), help_text=_("欠费时由有审批权的人填写"))
