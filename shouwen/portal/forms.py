"""What customers fill in, and what is asked of us: a link's purpose, a code's place."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.queries import people_below
from shouwen.cases.files import Kept
from shouwen.cases.forms.asking import picks, words
from shouwen.cases.forms.desk import FilesField, ManyFiles
from shouwen.estate.models import Unit
from shouwen.estate.phones import digits
from shouwen.portal.actions.answering import Words
from shouwen.portal.actions.reporting import Report

MOST_PHOTOS = 6
PUBLIC = "public"


class PhotosField(FilesField):
    """Photos and nothing else, not too many."""

    def __init__(self, **rest: Any) -> None:
        picker = ManyFiles({"accept": "image/*"})
        super().__init__(label=_("照片"), required=False, widget=picker, **rest)

    def clean(self, data: Any, initial: Any = None) -> list[Kept]:
        if len(data or ()) > MOST_PHOTOS:
            raise forms.ValidationError(_("最多传 6 张照片，请少选几张。"))
        kept = super().clean(data, initial)
        if any(not one.media_type.startswith("image/") for one in kept):
            raise forms.ValidationError(_("这里只能传照片（JPG、PNG、WEBP）。"))
        return kept


class SentOnce(forms.Form):
    """A form that a second sending does not do twice."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["key"].initial = secrets.token_hex(16)

    @property
    def asked(self) -> list[Any]:
        """What was asked, to tell a second sending from another request under the same key."""
        photos = [kept.sha256 for kept in self.cleaned_data.get("photos", ())]
        typed = {k: v for k, v in self.cleaned_data.items() if k not in ("key", "photos")}
        return [sorted(typed.items()), photos]


class ReportForm(SentOnce):
    """Only what and where are needed. The homes are numbers; no name stands anywhere."""

    where = forms.ChoiceField(label=_("在哪里"), error_messages={"required": _("请选房号。")})
    place = forms.CharField(
        label=_("具体位置"),
        max_length=60,
        required=False,
        widget=forms.TextInput({"placeholder": _("例如：2 单元电梯口、地下车库 B 区")}),
    )
    text = words(
        _("什么事"), error_messages={"required": _("请写下什么事，一句也行。")}
    )  # fmt: skip
    photos = PhotosField()
    urgent = forms.BooleanField(label=_("紧急：有人被困、漏水淹水、漏电、冒烟"), required=False)
    name = forms.CharField(label=_("怎么称呼您"), max_length=60, required=False)
    phone = forms.CharField(
        label=_("电话"),
        max_length=40,
        required=False,
        help_text=_("只用来为这件事联系您。"),
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "tel"}),
    )

    def __init__(self, homes: Sequence[Unit], *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.homes = {str(home.pk): home for home in homes}
        choices = [(pk, home.label) for pk, home in self.homes.items()]
        public = (PUBLIC, _("公共部位（楼道、电梯、车库……）"))
        self.fields["where"].choices = [("", _("请选择")), public, *choices]  # type: ignore[attr-defined] # a ChoiceField

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        if phone and digits(phone) is None:
            raise forms.ValidationError(_("电话只能是数字，例如 139 0000 0421。"))
        return digits(phone) or ""

    @property
    def report(self) -> Report:
        told = self.cleaned_data
        return Report(
            text=told["text"],
            unit=self.homes.get(told["where"]),
            place=told["place"],
            name=told["name"],
            phone=told["phone"],
            urgent=told["urgent"],
            photos=told["photos"],
        )


class SayForm(SentOnce):
    """A few more words about the matter."""

    text = words(_("写在这里"), rows=3, error_messages={"required": _("请写一句话。")})
    photos = PhotosField()

    @property
    def words(self) -> Words:
        return Words(self.cleaned_data["text"], self.cleaned_data["photos"])


class OfferForm(SentOnce):
    """What is said to a price: who says it, and why not."""

    number = forms.CharField(widget=forms.HiddenInput, max_length=30)
    name = forms.CharField(label=_("您的姓名"), max_length=60, required=False)
    relation = picks(
        _("您是"), {"业主": _("业主"), "租户": _("租户"), "家属": _("家属"), "其他": _("其他")},
        required=False,
    )  # fmt: skip
    reason = forms.CharField(
        label=_("不同意的原因"),
        max_length=200,
        required=False,
        help_text=_("同意的不用填。"),
    )


# --- Ours -----------------------------------------------------------------------------------------

_PURPOSES = {
    "progress": _("看进展：进展、留言、催办"),
    "rate": _("请评价：已解决、部分解决、未解决"),
    "consent": _("确认报价或方案：同意或不同意"),
}


class LinkForm(forms.Form):
    purpose = picks(_("用途"), _PURPOSES)


class KeeperField(forms.ModelChoiceField):  # type: ignore[type-arg] # not generic at runtime
    def label_from_instance(self, obj: Staff) -> str:
        return obj.name


class CodeForm(forms.Form):
    place = forms.CharField(
        label=_("张贴处"),
        max_length=40,
        required=False,
        help_text=_("例如：2 单元大堂。一栋只贴一处的可以不填。"),
    )
    keeper = KeeperField(
        Staff.objects.none(),
        label=_("楼栋管家"),
        required=False,
        empty_label=_("不指定：由受理台接收"),
        help_text=_("白天由管家接收并担任首问责任人；夜间由值班员接收。"),
    )

    def __init__(self, project: OrgUnit, at: datetime, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        able = people_below(project, at, "contact.register")
        self.fields["keeper"].queryset = able  # type: ignore[attr-defined] # a ModelChoiceField
