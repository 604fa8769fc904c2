"""The form of the desk. Only the text is needed; whatever else is there is taken along.

Chips are suggested while the text is typed. What a chip showed then comes back as `was-…`; a value
that differs from it was chosen by hand, and so is everything named in `hand`. No suggestion ever
replaces that.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from shouwen.cases.files import ACCEPT, Kept, keep
from shouwen.estate.phones import digits
from shouwen.rules.refused import Refused

#: Chips that are no axis of a regulation.
OTHER_CHIPS = ("urgent", "lead", "assist")
#: Never part of what was asked: two sendings of one form may differ in these.
_NOT_ASKED = ("csrfmiddlewaretoken", "key")


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; each is looked into, and on the disk, when the field is clean."""

    def clean(self, data: Any, initial: Any = None) -> list[Kept]:
        return [_kept(one) for one in data or ()]


def _kept(upload: UploadedFile[Any]) -> Kept:
    try:
        return keep(upload)
    except Refused as refused:
        raise forms.ValidationError(str(refused), refused.code) from refused


def _moment(label: Any, help_text: Any = "") -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        help_text=help_text,
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M"),
        error_messages={"invalid": _("日期时间不对，请写成 2026-11-21 08:30 这样。")},
    )


def _line(label: Any, length: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, required=False, **more)


class DeskForm(forms.Form):
    """What the receiver typed, named as in `intake.Told` where that has it."""

    use_required_attribute = False

    who = _line(_("电话、房号或姓名"), 120)
    unit = forms.IntegerField(required=False, widget=forms.HiddenInput)
    customer = forms.IntegerField(required=False, widget=forms.HiddenInput)
    after = _line("", 40, widget=forms.HiddenInput)
    """Number of the contact that goes on: 还有其他需要吗."""
    key = _line("", 80, widget=forms.HiddenInput)

    name = _line(_("客户姓名"), 60)
    phone = _line(_("来电号码"), 40, widget=forms.TextInput({"inputmode": "tel"}))
    address = _line(_("房号"), 120)
    source = _line(_("来源"), 24)
    text = forms.CharField(
        label=_("客户说了什么"),
        strip=True,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": _("请写下客户说了什么，一句也行。")},
    )
    answer = forms.CharField(
        label=_("当场怎么答复的"), required=False, widget=forms.Textarea({"rows": 2})
    )

    heard_by = _line(_("听到的人"), 40)
    heard_at = _moment(_("听到的时间"))
    sender = _line(_("转办单位"), 60)
    sender_number = _line(_("转办编号"), 60)
    sender_due = _moment(_("转办时限"), _("来件上写的期限，另成一条承诺。"))
    accused = _line(_("被投诉的人或部门"), 60)
    claim = _line(_("索赔金额"), 40)
    waited = forms.IntegerField(
        label=_("等候分钟"), required=False, min_value=0, max_value=600,
        error_messages={"invalid": _("请写整数分钟。")},
    )  # fmt: skip
    happened = _moment(_("来电时间（补录）"), _("夜间或外出时接的，现在才录。"))
    stand_in = forms.BooleanField(label=_("代接：客户服务员不在，我代为接待"), required=False)
    uploads = FilesField(
        label=_("照片、扫描件、录音"), required=False, widget=ManyFiles({"accept": ACCEPT})
    )

    def __init__(self, data: QueryDict | None = None, files: Any = None, **more: Any) -> None:
        super().__init__(data, files, **more)
        self.typed: QueryDict = data if data is not None else QueryDict()
        self.fields["key"].initial = uuid4().hex
        for name, field in self.fields.items():
            field.widget.attrs.setdefault("form", "desk-form")
            field.widget.attrs["autocomplete"] = "off"
            if isinstance(field, forms.CharField) and name != "text":
                field.widget.attrs.pop("maxlength", None)

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        if phone and "*" not in phone and digits(phone) is None:
            raise forms.ValidationError(_("电话只能是数字，例如 139 0000 0421；姓名请写在姓名栏。"))
        return "" if "*" in phone else digits(phone) or ""

    # --- Chips ------------------------------------------------------------------------------------

    @property
    def by_hand(self) -> dict[str, list[str]]:
        """The chips that the clerk set, against or before any suggestion."""
        hand = set(self.typed.getlist("hand"))
        rows = {n.partition("-")[2] for n in self.typed if n.startswith(("axis-", "was-"))}
        return {
            name: self.values(name)
            for name in sorted(rows | hand)
            if name in hand or self.values(name) != self._was(name)
        }

    def values(self, name: str) -> list[str]:
        """The chips of a row that are set."""
        return sorted(filter(None, self.typed.getlist(f"axis-{name}")))

    def _was(self, name: str) -> list[str]:
        return sorted(filter(None, self.typed.get(f"was-{name}", "").split(",")))

    @property
    def facts(self) -> dict[str, str | bool]:
        """The axes that the clerk chose by hand, as `intake.Told` takes them."""
        chosen: dict[str, str | bool] = {
            axis: values[0]
            for axis, values in self.by_hand.items()
            if values and axis not in OTHER_CHIPS
        }
        if "urgent" in self.by_hand:
            chosen["urgent"] = bool(self.by_hand["urgent"])
        return chosen

    @property
    def ticks(self) -> list[str]:
        return self.typed.getlist("ticks")

    @property
    def asked(self) -> dict[str, list[str]]:
        """What was asked, to tell a second sending from another request under the same key."""
        asked = {name: values for name, values in self.typed.lists() if name not in _NOT_ASKED}
        return asked | {"uploads": [kept.sha256 for kept in self.cleaned_data.get("uploads", ())]}
