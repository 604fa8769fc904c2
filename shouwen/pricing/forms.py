"""What is asked for: a list as text, the steps of its approval, a quotation and its answer."""

from __future__ import annotations

import secrets
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.forms import MomentField
from shouwen.cases.files import ACCEPT
from shouwen.cases.forms.asking import picks, words
from shouwen.cases.models import Case
from shouwen.pricing import pasting
from shouwen.pricing.actions.listing import Row
from shouwen.pricing.actions.quoting import QuoteLine
from shouwen.pricing.models import PriceApproval, PriceItem, Quotation

#: Lines of one quotation, and how many of them are not folded up.
LINES, OPEN_LINES = 6, 2
#: No list is longer; it would be something else that was pasted.
MOST_ROWS = 2000
RELATIONS = ("本人", "家属", "租户", "委托人")
#: How staff put a consent on record; by his link the customer does it himself.
MEANS = {value: label for value, label in Quotation.Means.choices if value != Quotation.Means.LINK}


def _day(label: Any, **rest: Any) -> forms.DateField:
    picker = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=picker, **rest)


def _amount(label: Any, **rest: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, max_digits=12, decimal_places=2, min_value=Decimal(0), required=False, **rest
    )


class OnceForm(forms.Form):
    """A form that does its act once, however often it arrives."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["key"].initial = secrets.token_urlsafe(16)

    def told(self) -> dict[str, Any]:
        """What was filled in, for the action."""
        return {name: value for name, value in self.cleaned_data.items() if name != "key"}


# --- A list ---------------------------------------------------------------------------------------


class RowsForm(forms.Form):
    """The whole list as text, copied from a spreadsheet."""

    text = forms.CharField(
        label=_("收费项目"),
        strip=False,
        max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 16, "class": "price-rows", "spellcheck": "false"}),
        help_text=_("从 Excel 复制粘贴，一行一项：{columns}。单价可以写 60-120。").format(
            columns=" · ".join(pasting.HEADINGS)
        ),
    )
    basis = forms.CharField(label=_("编制依据"), max_length=200, required=False)

    def clean_text(self) -> list[Row]:
        pasted = pasting.parse(self.cleaned_data["text"])
        if pasted.problems:
            raise forms.ValidationError(pasted.problems[:10])
        if not 0 < len(pasted.rows) <= MOST_ROWS:
            raise forms.ValidationError(_("没有找到收费项目，请粘贴表格的内容。"))
        return pasted.rows


class SubmitForm(forms.Form):
    effective_from = _day(_("生效日期"))


class ApproveForm(forms.Form):
    """Yes to one step; of an outside office, how it answered."""

    note = forms.CharField(label=_("意见"), max_length=200, required=False)

    def __init__(self, *args: Any, step: PriceApproval, **rest: Any) -> None:
        super().__init__(*args, **rest)
        if step.outside:
            if step.modes:
                self.fields["mode"] = picks(_("方式"), {mode: mode for mode in step.modes})
            self.fields["number"] = forms.CharField(label=_("文号"), max_length=60)
            self.fields["decided_on"] = _day(_("批准日期"))
            self.order_fields(["mode", "number", "decided_on", "note"])


class SendBackForm(forms.Form):
    note = forms.CharField(label=_("退回原因"), max_length=200)


class PostForm(forms.Form):
    where = forms.CharField(label=_("公示地点"), max_length=100)


# --- A quotation ----------------------------------------------------------------------------------


class ItemChoice(forms.ModelChoiceField):  # type: ignore[type-arg] # not generic at runtime
    def label_from_instance(self, obj: PriceItem) -> str:
        return f"{obj.code} {obj.name}（{obj.band.words} 元/{obj.unit}）"


class QuoteForm(OnceForm):
    """What is asked for the work, line by line: of the list, or (material, a price agreed freely)
    in words."""

    subject = forms.RegexField(r"^[A-Z]-[A-Z0-9-]{3,36}$", required=False, widget=forms.HiddenInput)
    note = forms.CharField(label=_("说明"), max_length=200, required=False)
    happened = MomentField(label=_("报价时间"), required=False, help_text=_("刚刚报的不用填"))

    def __init__(self, *args: Any, items: QuerySet[PriceItem], free: bool, **rest: Any) -> None:
        super().__init__(*args, **rest)
        other = _("不在标准内（协商）") if free else _("材料（不在标准内）")
        for n in range(LINES):
            self.fields[f"item-{n}"] = ItemChoice(
                items, label=_("收费项目"), required=False, empty_label=other
            )
            self.fields[f"name-{n}"] = forms.CharField(
                label=_("名称"), max_length=80, required=False
            )
            self.fields[f"unit-{n}"] = forms.CharField(
                label=_("单位"), max_length=20, required=False
            )
            self.fields[f"quantity-{n}"] = _amount(_("数量"), initial=1)
            self.fields[f"price-{n}"] = _amount(_("单价（元）"))
        self.free = free

    def _lines(self, numbers: range) -> list[list[forms.BoundField]]:
        names = ("item", "name", "unit", "quantity", "price")
        return [[self[f"{name}-{n}"] for name in names] for n in numbers]

    @property
    def first_lines(self) -> list[list[forms.BoundField]]:
        return self._lines(range(OPEN_LINES))

    @property
    def more_lines(self) -> list[list[forms.BoundField]]:
        """Folded up until something stands in them."""
        return self._lines(range(OPEN_LINES, LINES))

    @property
    def has_more(self) -> bool:
        return any(
            item.value() or name.value() or price.errors
            for item, name, _unit, _quantity, price in self.more_lines
        )

    @property
    def foot(self) -> list[forms.BoundField]:
        return [self["note"], self["happened"]]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        for n in range(LINES):
            item = told.get(f"item-{n}")
            begun = item or told.get(f"name-{n}")
            if begun and told.get(f"price-{n}") is None and f"price-{n}" not in self.errors:
                if item and item.low == item.high:
                    told[f"price-{n}"] = item.low
                else:
                    self.add_error(f"price-{n}", str(_("请填单价。")))
        return told

    def told(self) -> dict[str, Any]:
        told = self.cleaned_data
        lines = [line for n in range(LINES) if (line := self._line(n))]
        return {
            "subject": told["subject"], "lines": lines, "note": told["note"],
            "happened": told["happened"],
        }  # fmt: skip

    def _line(self, n: int) -> QuoteLine | None:
        told = self.cleaned_data
        item, name = told[f"item-{n}"], told[f"name-{n}"].strip()
        if not item and not name:
            return None
        return QuoteLine(
            item=item,
            name=item.name if item else name,
            unit=item.unit if item else told[f"unit-{n}"],
            quantity=told[f"quantity-{n}"] if told[f"quantity-{n}"] is not None else Decimal(1),
            price=told[f"price-{n}"],
            material=item is None and not self.free,
        )


class ConsentForm(OnceForm):
    """Who agreed, by which means, with what to show for it."""

    name = forms.CharField(label=_("谁同意的"), max_length=60)
    relation = picks(_("与业主关系"), {word: word for word in RELATIONS}, required=False)
    means = picks(_("方式"), MEANS, initial=Quotation.Means.CALL)
    proof = forms.FileField(
        label=_("签名、照片或录音"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=_("选“签字”必须附上"),
    )
    note = forms.CharField(label=_("说明"), max_length=200, required=False)
    happened = MomentField(label=_("同意时间"), required=False, help_text=_("刚刚同意的不用填"))

    def __init__(self, *args: Any, case: Case, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["name"].initial = case.customer_name


class DeclineForm(OnceForm):
    reason = words(_("为什么不同意"), rows=2)
    name = forms.CharField(label=_("谁说的"), max_length=60, required=False)
    happened = MomentField(label=_("时间"), required=False, help_text=_("刚刚的不用填"))

    def __init__(self, *args: Any, case: Case, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["name"].initial = case.customer_name
