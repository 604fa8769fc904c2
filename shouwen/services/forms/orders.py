"""The steps of a service order as forms."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import Staff
from shouwen.accounts.queries import people_below
from shouwen.cases.forms.asking import picks, words
from shouwen.pricing.actions.quoting import QuoteLine
from shouwen.pricing.models import PriceItem
from shouwen.pricing.queries import effective_edition, latest_quotation
from shouwen.rules.services import DETAILS, fields
from shouwen.services.forms.asking import (
    StepForm,
    add_details,
    amount,
    day,
    details_of,
    line,
    picture,
)
from shouwen.services.models import CatalogueItem, Mandate, Partner, ServiceOrder
from shouwen.services.queries import overtime_hours, papers_of

#: Lines of a price; what is more is one line of its own.
LINES = 4
RELATIONS = ("本人", "家属", "租户", "委托人")


def asked_first(item: CatalogueItem) -> list[str]:
    """What is asked when a service is ordered; the rest is known at its end."""
    return [name for name in fields(item.details) if DETAILS[name].when != "finish"]


class OrderForm(StepForm):
    """A new order; `about` is the item of the catalogue."""

    dated = True

    def arrange(self) -> None:
        item: CatalogueItem = self.about
        if item.sub:
            self.fields["sub"] = picks(_("子项"), {name: name for name in item.sub})
        if item.asks("partner"):
            partners = Partner.objects.filter(project=item.project_id, active=True)
            self.fields["partner"] = forms.ModelChoiceField(
                partners, label=_("商家"), required=False, empty_label=_("未定"),
                initial=item.partner_id,
            )  # fmt: skip
        add_details(self, asked_first(item), {})

    def arguments(self) -> dict[str, Any]:
        told = super().arguments()
        return {"details": details_of(told), **told}


class FillForm(StepForm):
    def arrange(self) -> None:
        add_details(self, asked_first(self.about.item), self.about.details)

    def arguments(self) -> dict[str, Any]:
        return {"details": details_of(super().arguments())}


class PriceChoice(forms.ModelChoiceField):  # type: ignore[type-arg] # not generic at runtime
    def label_from_instance(self, obj: PriceItem) -> str:
        return f"{obj.code} {obj.name}（{obj.band.words} 元/{obj.unit}）"


class PlanForm(StepForm):
    """How it will be done and, of a paid one, what it costs, line by line from the price list."""

    dated = True
    text = words(_("服务方案"), help_text=_("做什么、谁做、什么时候做"))

    def arrange(self) -> None:
        order: ServiceOrder = self.about
        self.fields["text"].initial = order.plan
        if not order.item.paid:
            return
        items = self._items()
        given = self._given(items)
        for n in range(LINES):
            initial = given[n] if n < len(given) else {}
            self.fields[f"item-{n}"] = PriceChoice(
                items, label=_("收费项目"), required=False, empty_label=_("不在标准内（协商）"),
                initial=initial.get("item"),
            )  # fmt: skip
            self.fields[f"name-{n}"] = line(
                _("名称"), 80, required=False, initial=initial.get("name")
            )
            self.fields[f"quantity-{n}"] = amount(
                _("数量"), required=False, initial=initial.get("quantity")
            )
            self.fields[f"price-{n}"] = amount(
                _("单价（元）"), required=False, initial=initial.get("price")
            )

    def _items(self) -> Any:
        edition = effective_edition(self.about.project, "special", self.at)
        return edition.items.all() if edition else PriceItem.objects.none()

    def _given(self, items: Any) -> list[dict[str, Any]]:
        """What was quoted last; at first the item of the list that the service names."""
        order: ServiceOrder = self.about
        if quotation := latest_quotation(order.case, order.number):
            return [
                {
                    "item": row.item_id,
                    "name": row.name,
                    "quantity": row.quantity,
                    "price": row.price,
                }
                for row in quotation.lines.all()
            ]
        item = items.filter(code=order.item.price_item).first() if order.item.price_item else None
        many = overtime_hours(order) or Decimal(order.details.get("quantity") or 1)
        return [{"item": item.pk, "quantity": many, "price": item.low}] if item else []

    @property
    def lines(self) -> list[list[forms.BoundField]]:
        names = ("item", "name", "quantity", "price")
        if "item-0" not in self.fields:
            return []
        return [[self[f"{name}-{n}"] for name in names] for n in range(LINES)]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        for n in range(LINES):
            begun = told.get(f"item-{n}") or told.get(f"name-{n}")
            if begun and told.get(f"price-{n}") is None and f"price-{n}" not in self.errors:
                self.add_error(f"price-{n}", str(_("请填单价。")))
        return told

    def arguments(self) -> dict[str, Any]:
        told = self.cleaned_data
        return {"text": told["text"], "happened": told["happened"], "lines": list(self._lines())}

    def _lines(self) -> Iterator[QuoteLine]:
        told = self.cleaned_data
        for n in range(LINES):
            item, name = told.get(f"item-{n}"), told.get(f"name-{n}") or ""
            if item or name:
                quantity, price = told[f"quantity-{n}"] or Decimal(1), told[f"price-{n}"]
                title, unit = (name or item.name, item.unit) if item else (name, "项")
                yield QuoteLine(item, title, unit, quantity, price)


class ConfirmForm(StepForm):
    dated = True
    name = line(_("确认人"))
    relation = picks(_("与业主关系"), {name: name for name in RELATIONS}, required=False)
    means = picks(
        _("怎样确认"), {k: v for k, v in ServiceOrder.MEANS if k in ("signature", "call", "paper")}
    )
    attachment = picture(_("签名照片、录音或书面确认"), required=False)

    def arrange(self) -> None:
        self.fields["name"].initial = self.about.case.customer_name


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg] # not generic at runtime
    def label_from_instance(self, obj: Staff) -> str:
        return obj.name


class StartForm(StepForm):
    dated = True

    def arrange(self) -> None:
        people = people_below(self.about.project, self.at)
        self.fields["staff"] = PersonField(
            people, label=_("服务人员"), required=False, empty_label=_("我自己")
        )


class FinishForm(StepForm):
    dated = True

    def arrange(self) -> None:
        order: ServiceOrder = self.about
        self.fields["result"] = picks(_("结果"), {word: word for word in order.item.choices})
        self.fields["note"] = line(_("结果说明"), 300, required=False)
        later = [name for name in fields(order.item.details) if DETAILS[name].when == "finish"]
        add_details(self, later, order.details)
        self.fields["told_to"] = line(
            _("结果告知了谁"), required=order.item.closes_told,
            initial=order.case.customer_name if order.item.closes_told else None,
        )  # fmt: skip
        if order.item.paid:
            self.fields["unbilled"] = line(
                _("不计费的原因"), 200, required=False, help_text=_("照约定计费的不用填")
            )

    def arguments(self) -> dict[str, Any]:
        told = super().arguments()
        return {"details": details_of(told), **told}


class CancelForm(StepForm):
    reason = words(_("取消原因"), rows=2)


class TakeForm(StepForm):
    dated = True
    name = line(_("物品或资料"), 80)
    quantity = forms.IntegerField(label=_("件数"), min_value=1, max_value=999, initial=1)
    taken_from = line(_("交出人"))

    def arrange(self) -> None:
        order: ServiceOrder = self.about
        awaited = (paper for paper, taken in papers_of(order).items() if not taken)
        self.fields["name"].initial = next(awaited, "")
        self.fields["taken_from"].initial = order.case.customer_name
        self.fields["signature"] = picture(
            _("交出人签名（照片）"), required=order.item.asks("return_at")
        )


class GiveBackForm(StepForm):
    """`about` is what is given back."""

    dated = True
    returned_to = line(_("领回人"))

    def arrange(self) -> None:
        self.fields["signature"] = picture(
            _("领回人签名（照片）"), required=self.about.order.item.asks("return_at")
        )


class ProgressForm(StepForm):
    text = words(_("办到哪一步"), rows=2)


class ChangeForm(StepForm):
    from_on = day(_("自哪天起"))
    quantity = line(_("数量改为"), 20, required=False)
    until = day(_("订到（续订）"), required=False)
    stop = forms.BooleanField(label=_("停订"), required=False)
    asked_by = line(_("谁提出的"))
    note = line(_("说明"), 200, required=False)

    def arrange(self) -> None:
        self.fields["asked_by"].initial = self.about.case.customer_name


class RemindForm(StepForm):
    told_to = line(_("提醒了谁"))

    def arrange(self) -> None:
        self.fields["told_to"].initial = self.about.case.customer_name


class MandateForm(StepForm):
    deal = picks(_("出租还是出售"), dict(Mandate.Deal.choices))
    price = amount(_("挂牌价（元；出租为月租）"))
    until = day(_("委托到期"), required=False)
    note = line(_("说明"), 200, required=False)
