"""What is filled in to keep the estate."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.forms import MomentField
from shouwen.accounts.models import OrgUnit
from shouwen.estate.models import Building, Customer, Occupancy, Unit

Label = str | Any  # translated lazily


def _text(label: Label, most: int, *, required: bool = False, **rest: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=required, **rest)


def _day(label: Label, *, required: bool = False, **rest: Any) -> forms.DateField:
    picker = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=picker, **rest)


def _phone(label: Label, *, required: bool = False) -> forms.CharField:
    entry = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})
    return forms.CharField(label=label, max_length=40, required=required, widget=entry)


class BuildingForm(forms.Form):
    name = _text(_("楼栋"), 40, required=True, help_text=_("如 3幢、5号楼、A座"))
    handed_over_on = _day(_("交付日期"))


class RenameBuildingForm(forms.Form):
    name = _text(_("楼栋"), 40, required=True, help_text=_("改了编号，这栋楼所有房屋的名称跟着改"))


class UnitForm(forms.Form):
    entrance = _text(_("单元"), 20, help_text=_("没有单元的留空"))
    room = _text(_("房号"), 20, required=True)
    floor = _text(_("楼层"), 10)
    area = forms.DecimalField(
        label=_("建筑面积"), max_digits=10, decimal_places=2, min_value=0, required=False,
        help_text=_("平方米"),
    )  # fmt: skip
    use = _text(_("用途"), 20)
    state = _text(_("状态"), 20)
    handed_over_on = _day(_("交付日期"))
    note = _text(_("备注"), 300)

    @classmethod
    def of(cls, unit: Unit, data: Any) -> UnitForm:
        """The form as the unit stands."""
        return cls(data, initial={name: getattr(unit, name) for name in cls.base_fields})


class CustomerForm(forms.Form):
    name = _text(_("姓名"), 60, required=True)
    kind = forms.ChoiceField(
        label=_("性质"), choices=[("person", _("个人")), ("company", _("单位"))]
    )
    code = _text(_("客户编号"), 40)
    care = _text(_("关怀提示"), 200, help_text=_("上门或通话的人要知道的，如 独居老人，敲门后稍候"))
    restriction = _text(_("联系限制"), 200, help_text=_("如 20:00 后不打电话"))
    note = _text(_("备注"), 300)

    @classmethod
    def of(cls, customer: Customer, data: Any) -> CustomerForm:
        return cls(data, initial={name: getattr(customer, name) for name in cls.base_fields})


class PhoneForm(forms.Form):
    number = _phone(_("电话"), required=True)
    label = _text(_("说明"), 20, help_text=_("如 妻、办公室"))


class MoveInForm(forms.Form):
    """Somebody new at a unit, or somebody the project knows already by this name and number."""

    name = _text(_("姓名"), 60, required=True)
    phone = _phone(_("电话"))
    relation = forms.ChoiceField(
        label=_("关系"),
        choices=Occupancy.Relation.choices,
        initial="owner",
        widget=forms.RadioSelect,
    )
    since = _day(_("入住日期"))


class MoveOutForm(forms.Form):
    until = _day(_("迁出日期"), required=True, help_text=_("这一天还算住在这里"))


class NoticeForm(forms.Form):
    building = forms.ModelChoiceField(
        Building.objects.none(), label=_("楼栋"), required=False, empty_label=_("整个项目")
    )
    title = _text(_("标题"), 80, required=True, help_text=_("如 停水、消杀、电梯年检"))
    text = forms.CharField(
        label=_("内容"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("接电话的人照着说的话"),
    )  # fmt: skip
    starts_at = MomentField(label=_("自"))
    ends_at = MomentField(label=_("至"))

    def __init__(self, *args: Any, project: OrgUnit, at: datetime, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.initial.setdefault("starts_at", at)
        buildings = self.fields["building"]
        assert isinstance(buildings, forms.ModelChoiceField)  # noqa: S101 - narrows the type
        buildings.queryset = Building.objects.filter(project=project)


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("Excel 文件"),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={
            "empty": _("这个文件是空的。"),
            "required": _("请选择要导入的 Excel 文件。"),
        },
    )

    def clean_file(self) -> UploadedFile[Any]:
        """What it really is, is found out by reading it; here only its size and its name."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        most = settings.CONFIG.upload_megabytes
        if (file.size or 0) > most * 1024 * 1024:
            raise ValidationError(
                _now("文件超过 %(most)s MB，请按楼栋分成几个文件。") % {"most": most}
            )
        if PurePath(file.name or "").suffix.lower() not in (".xlsx", ".xlsm"):
            raise ValidationError(
                _now("请选择 .xlsx 文件；.xls 和 .csv 请先用 Excel 另存为 .xlsx。")
            )
        return file
