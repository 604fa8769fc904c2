"""What is asked for: lines of materials, a material, a store, what was issued, what was counted."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.queries import people_below
from shouwen.stores.actions.moving import Line, main_store, plain
from shouwen.stores.models import NONE, Material, RequisitionLine, Store
from shouwen.stores.queries import find_material

#: A form takes so many materials; more go on another sheet.
LINES = 6


def quantity(label: Any, *, required: bool = True, least: str = "0.01") -> forms.DecimalField:
    picker = forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"})
    return forms.DecimalField(
        label=label, required=required, min_value=Decimal(least), max_digits=8, decimal_places=2,
        widget=picker,
    )  # fmt: skip


class OnceForm(forms.Form):
    """A form that is done once, however often it is sent."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["key"].initial = secrets.token_urlsafe(16)


class LinesForm(OnceForm):
    """Materials and how much of each: typed, searched in the list that the field offers, or read by
    a scanner."""

    def __init__(self, *args: Any, project: OrgUnit, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.project = project
        for number in range(LINES):
            self.fields[f"item-{number}"] = forms.CharField(
                label=_("物料"), required=False, max_length=120,
                widget=forms.TextInput(
                    attrs={"list": "materials", "placeholder": _("编号、名称或扫条码")}
                ),
            )  # fmt: skip
            self.fields[f"quantity-{number}"] = quantity(_("数量"), required=False)

    @property
    def lines(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"item-{n}"], self[f"quantity-{n}"]) for n in range(LINES)]

    @property
    def rest(self) -> list[forms.BoundField]:
        """What the form asks besides its lines."""
        return [self[name] for name in self.fields if not name.startswith(("item-", "quantity-"))]

    @property
    def offered(self) -> list[str]:
        """For the list under the field: code, name, specification and unit."""
        rows = Material.objects.filter(project=self.project, active=True)
        return [f"{row.code} {row} {row.unit}" for row in rows]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        self.told: list[Line] = []
        for number in range(LINES):
            item, amount = told.get(f"item-{number}"), told.get(f"quantity-{number}")
            if item and (material := self._material(number, item)):
                self._add(number, material, amount)
            elif amount and not item:
                self.add_error(f"item-{number}", _now("请写明是哪种物料。"))
        if not self.told and not self.errors:
            self.add_error("item-0", _now("请至少填一种物料和数量。"))
        return told

    def _add(self, number: int, material: Material, amount: Decimal | None) -> None:
        if amount:
            self.told.append((material, amount))
        elif f"quantity-{number}" not in self.errors:
            self.add_error(f"quantity-{number}", _now("请填数量。"))

    def _material(self, number: int, text: str) -> Material | None:
        """One that is offered, by its code; else the only one that the words find."""
        first = text.split()[0]
        coded = Material.objects.filter(project=self.project, code=first, active=True).first()
        found = [coded] if coded else find_material(self.project, text)
        if len(found) == 1:
            return found[0]
        names = "、".join(str(row) for row in found[:4])
        self.add_error(
            f"item-{number}",
            _now("有几种：%(names)s。请写编号。") % {"names": names}
            if found
            else _now("没有找到这种物料，请从列表中选或扫条码。"),
        )
        return None


class StoreField(forms.ModelChoiceField):  # type: ignore[type-arg] # not generic at runtime
    """Any store of the project, or one of its store rooms: it has at least one."""

    def __init__(self, project: OrgUnit, label: Any, *, rooms_only: bool = False) -> None:
        rows = Store.objects.filter(project=project)
        if rooms_only:
            main_store(project)
            rows = rows.filter(holder=None)
        super().__init__(rows, label=label, empty_label=None if rooms_only else _("请选择"))


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg] # not generic at runtime
    def __init__(self, project: OrgUnit, label: Any, at: datetime, **rest: Any) -> None:
        people = people_below(project, at)
        super().__init__(people, label=label, empty_label=_("请选择"), **rest)

    def label_from_instance(self, obj: Staff) -> str:
        return obj.name


class ReceiveForm(LinesForm):
    """What came in."""

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["store"] = StoreField(self.project, _("入哪个库"), rooms_only=True)
        self.fields["note"] = _note(_("来源"), _("供应商、送货单号"))


class TransferForm(LinesForm):
    """What is carried over."""

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["source"] = StoreField(self.project, _("从"))
        self.fields["target"] = StoreField(self.project, _("到"))
        self.fields["note"] = _note(_("说明"))


class ReturnForm(LinesForm):
    """What an engineer brings back."""

    def __init__(self, *args: Any, at: datetime, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["engineer"] = PersonField(self.project, _("退料人"), at)
        self.fields["store"] = StoreField(self.project, _("退到"), rooms_only=True)
        self.fields["subject"] = forms.CharField(
            label=_("维修单"), required=False, max_length=40,
            help_text=_("为哪张单领的；不填就是退自己随身的料"),
        )  # fmt: skip


class RequestForm(LinesForm):
    """《领料单》."""

    def __init__(self, *args: Any, me: Staff, at: datetime, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["engineer"] = PersonField(self.project, _("领料人"), at, initial=me)


def _note(label: Any, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=200,
        widget=forms.TextInput(attrs={"placeholder": hint} if hint else {}),
    )  # fmt: skip


class IssueForm(OnceForm):
    """How much of each line is handed out, and from where."""

    def __init__(
        self, *args: Any, project: OrgUnit, lines: Iterable[RequisitionLine], **rest: Any
    ) -> None:
        super().__init__(*args, **rest)
        self.fields["store"] = StoreField(project, _("从哪个库发"), rooms_only=True)
        self.lines = list(lines)
        for line in self.lines:
            field = quantity(_("实发"), required=False, least="0")
            field.initial = plain(line.asked)
            self.fields[f"line-{line.pk}"] = field

    @property
    def rows(self) -> list[tuple[RequisitionLine, forms.BoundField]]:
        return [(line, self[f"line-{line.pk}"]) for line in self.lines]

    def issued(self) -> dict[int, Decimal]:
        given = {line.pk: self.cleaned_data[f"line-{line.pk}"] for line in self.lines}
        return {pk: amount for pk, amount in given.items() if amount}


class CancelForm(OnceForm):
    reason = forms.CharField(label=_("为什么取消"), max_length=100)


class CountForm(OnceForm):
    """What was found of each material; a field left empty was not counted."""

    def __init__(self, *args: Any, books: Iterable[tuple[Material, Decimal]], **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.books = list(books)
        for material, _quantity in self.books:
            self.fields[f"found-{material.pk}"] = quantity(_("实盘数"), required=False, least="0")
        self.fields["note"] = _note(_("说明"))

    @property
    def rows(self) -> list[tuple[Material, Decimal, forms.BoundField]]:
        return [(m, amount, self[f"found-{m.pk}"]) for m, amount in self.books]

    def counted(self) -> dict[Material, Decimal]:
        found = {m: self.cleaned_data[f"found-{m.pk}"] for m, _quantity in self.books}
        return {m: amount for m, amount in found.items() if amount is not None}


class DecideForm(OnceForm):
    approve = forms.ChoiceField(
        label=_("差异"), choices=[("yes", _("批准，账面改为实盘")), ("no", _("退回重盘"))],
        widget=forms.RadioSelect, initial="yes",
    )  # fmt: skip
    opinion = forms.CharField(label=_("意见"), required=False, max_length=200)


class StoreForm(OnceForm):
    name = forms.CharField(label=_("库房名称"), max_length=40)


class MaterialForm(OnceForm):
    """What is said of a material."""

    code = forms.CharField(label=_("编号"), max_length=40)
    name = forms.CharField(label=_("名称"), max_length=60)
    spec = forms.CharField(label=_("规格"), max_length=60, required=False)
    unit = forms.CharField(label=_("单位"), max_length=10)
    kind = forms.CharField(label=_("物品类型"), max_length=40, required=False)
    price = quantity(_("单价（元）"), least="0")
    sold_from = quantity(_("对外最低售价"), required=False, least="0")
    sold_to = quantity(_("对外最高售价"), required=False, least="0")
    low_mark = quantity(_("告警库存"), required=False, least="0")
    barcode = forms.CharField(label=_("条码"), max_length=40, required=False)
    note = forms.CharField(label=_("备注"), max_length=200, required=False)
    fixed = forms.BooleanField(label=_("固定物品"), required=False)
    active = forms.BooleanField(label=_("在用"), required=False, initial=True)

    def clean_low_mark(self) -> Decimal:
        return self.cleaned_data["low_mark"] or NONE

    def about(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "key"}
