"""Mail, supply hours and the catalogue as forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import OrgUnit
from shouwen.cases.forms.asking import picks
from shouwen.estate.models import Building, Unit
from shouwen.estate.queries import unit_candidates
from shouwen.services.actions.parcels import KINDS, WAYS
from shouwen.services.forms.asking import StepForm, line, picture
from shouwen.services.models import Partner

WEEKDAYS = {str(n + 1): f"周{word}" for n, word in enumerate("一二三四五六日")}


class RoomField(forms.CharField):
    """A room as people write it."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(label=_("房号"), max_length=40, **rest)
        self.widget.attrs |= {"placeholder": "3-2-501", "autocomplete": "off"}


def room_of(project: OrgUnit, text: str) -> Unit:
    """The one that is meant."""
    found = unit_candidates(project, text)
    if not found:
        raise forms.ValidationError(_("没有找到这个房号，请核对，例如 3-2-501。"))
    if len(found) > 1:
        names = "、".join(unit.label for unit in found[:4])
        raise forms.ValidationError(_("这个房号有几处：{names}，请写明楼栋。").format(names=names))
    return found[0]


class ParcelForm(StepForm):
    """`about` is the project."""

    outgoing = picks(_("收还是寄"), {"in": _("收到"), "out": _("代寄")}, initial="in")
    room = RoomField()
    person = line(_("收（寄）件人"), required=False)
    kind = picks(_("类别"), KINDS, initial="parcel")
    carrier = line(_("承运"), 40, required=False)
    tracking = line(_("运单号"), 40, required=False)
    copies = forms.IntegerField(label=_("件数"), min_value=1, max_value=999, initial=1)
    difference = line(_("差异"), 200, required=False, help_text=_("破损、短少等，没有不用填"))

    def clean_room(self) -> Unit:
        return room_of(self.about, self.cleaned_data["room"])

    def arguments(self) -> dict[str, Any]:
        told = super().arguments()
        told["unit"], told["outgoing"] = told.pop("room"), told["outgoing"] == "out"
        return told


class NotifyForm(StepForm):
    how = picks(_("怎样通知的"), WAYS, initial="phone")


class ReleaseForm(StepForm):
    to = line(_("领取人"))
    signature = picture(_("领取人签名（照片）"), help_text=_("没有签名不能领取"))
    difference = line(_("差异"), 200, required=False)

    def arrange(self) -> None:
        self.fields["to"].initial = self.about.person
        self.fields["difference"].initial = self.about.difference


class SendForm(StepForm):
    tracking = line(_("运单号"), 40)


class HoursForm(StepForm):
    """`about` is the project."""

    weekdays = forms.MultipleChoiceField(
        label=_("星期"), choices=list(WEEKDAYS.items()), widget=forms.CheckboxSelectMultiple,
        initial=list("12345"),
    )  # fmt: skip
    since = forms.TimeField(label=_("自"), widget=forms.TimeInput(attrs={"type": "time"}))
    until = forms.TimeField(label=_("至"), widget=forms.TimeInput(attrs={"type": "time"}))
    note = line(_("说明"), 100, required=False)

    def arrange(self) -> None:
        self.fields["building"] = forms.ModelChoiceField(
            Building.objects.filter(project=self.about), label=_("楼栋"), required=False,
            empty_label=_("全部楼栋"),
        )  # fmt: skip
        self.order_fields(["building", "weekdays", "since", "until", "note"])

    def arguments(self) -> dict[str, Any]:
        told = super().arguments()
        return {**told, "weekdays": "".join(told["weekdays"])}


class ItemForm(StepForm):
    """`about` is the item of the catalogue."""

    active = forms.BooleanField(label=_("开办"), required=False)

    def arrange(self) -> None:
        self.fields["active"].initial = self.about.active
        self.fields["partner"] = forms.ModelChoiceField(
            Partner.objects.filter(project=self.about.project_id, active=True), label=_("商家"),
            required=False, empty_label=_("没有"), initial=self.about.partner_id,
        )  # fmt: skip


class PartnerForm(StepForm):
    """`about` is the project."""

    name = line(_("商家名称"))
    does = line(_("做什么"), 100, required=False)
    phone = line(_("电话"), 40, required=False)
