"""What the forms of all verbs share: the version that was seen, the key, times, files, picks."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.forms import MomentField
from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.queries import people_below
from shouwen.cases.files import ACCEPT
from shouwen.cases.standing import Standing

TEXT_LIMIT = 10_000

CHANNELS = {
    "phone": _("电话"),
    "visit": _("当面"),
    "home": _("上门"),
    "message": _("短信或微信"),
    "letter": _("书面"),
    "platform": _("平台"),
}


class Files(forms.FileInput):
    """Several files in one field."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    def __init__(self, **rest: Any) -> None:
        picker = Files(attrs={"multiple": True, "accept": ACCEPT})
        super().__init__(required=False, widget=picker, **rest)

    def clean(self, data: Any, initial: Any = None) -> Any:
        uploads = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(upload, initial) for upload in uploads]


def words(label: Any, *, rows: int = 4, required: bool = True, **rest: Any) -> forms.CharField:
    """A field for sentences."""
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label, required=required, max_length=TEXT_LIMIT, widget=area, **rest
    )


def picks(
    label: Any, choices: Mapping[str, Any], *, required: bool = True, **rest: Any
) -> forms.ChoiceField:
    """One of a few, as chips."""
    pairs = [*([] if required else [("", _("不选"))]), *choices.items()]
    return forms.ChoiceField(
        label=label, choices=pairs, required=required, widget=forms.RadioSelect, **rest
    )


class VerbForm(forms.Form):
    """The form of one verb. `arguments` is what its action is given, besides case, by and at."""

    extras: ClassVar[tuple[str, ...]] = ("happened", "said_by", "files")
    """Fields that are seldom wanted: they stand folded up under 补记."""
    dated: ClassVar[bool] = True
    """Whether it may have happened earlier than it is typed."""
    quoted: ClassVar[bool] = False
    """Whether somebody else may have said it."""
    filed: ClassVar[bool] = False
    """Whether files belong to it."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, standing: Standing, **rest: Any) -> None:
        self.standing = standing
        super().__init__(*args, **rest)
        self.fields["version"].initial = standing.case.version
        self.fields["key"].initial = secrets.token_urlsafe(16)
        if self.dated:
            self.fields["happened"] = MomentField(
                label=_("发生时间"), required=False, help_text=_("刚刚发生的不用填")
            )
        if self.quoted:
            self.fields["said_by"] = forms.CharField(
                label=_("谁说的"),
                required=False,
                max_length=60,
                help_text=_("替别人记录时填：说话的人；打字的人另有记录"),
            )
        if self.filed:
            self.fields["files"] = FilesField(label=_("照片、录音、文件"))
        self.arrange()

    def arrange(self) -> None:
        """Fills the choices from the case; a form without choices has nothing to do here."""

    @property
    def main_fields(self) -> list[forms.BoundField]:
        return [bound for bound in self.visible_fields() if bound.name not in self.extras]

    @property
    def extra_fields(self) -> list[forms.BoundField]:
        return [bound for bound in self.visible_fields() if bound.name in self.extras]

    @property
    def extra_errors(self) -> bool:
        return any(bound.errors for bound in self.extra_fields)

    @property
    def extras_title(self) -> str:
        """What is folded up: 照片、录音、文件 · 发生时间 · 谁说的"""
        return " · ".join(str(bound.label) for bound in reversed(self.extra_fields))

    def files_given(self) -> list[UploadedFile[Any]]:
        return list(self.cleaned_data.get("files", ()))

    def arguments(self) -> dict[str, Any]:
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("version", "key", "files")
        }


class DepartmentChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at runtime
    """A department, by its code: the code is what journals and addresses say."""

    def __init__(self, label: Any, **rest: Any) -> None:
        super().__init__(
            OrgUnit.objects.none(), label=label, to_field_name="code", empty_label=None, **rest
        )


def departments(standing: Standing, codes: Iterable[str]) -> Any:
    """The departments with these codes, for a field's queryset."""
    return OrgUnit.objects.filter(code__in=list(codes)).order_by("path")


def hide_if_single(form: forms.Form, name: str, codes: list[str]) -> None:
    """Nobody is asked to choose from one."""
    field = form.fields[name]
    if len(codes) == 1:
        field.initial, field.widget = codes[0], forms.HiddenInput()
    else:
        field.widget = forms.RadioSelect(choices=field.choices)  # type: ignore[attr-defined]  # of a choice field


def people_here(standing: Standing) -> list[tuple[int, str]]:
    """Everybody of the project, the present company left out."""
    people = people_below(standing.case.project, standing.at)
    return [(person.pk, person.name) for person in people.exclude(pk=standing.scope.staff.pk)]


class PersonChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at runtime
    def __init__(self, label: Any, **rest: Any) -> None:
        super().__init__(Staff.objects.none(), label=label, empty_label=_("请选择"), **rest)


class PlainForm(VerbForm):
    """Nothing but when it happened."""


class ReasonForm(VerbForm):
    reason = words(_("理由"))


class TextForm(VerbForm):
    text = words(_("内容"))


class UndatedReasonForm(ReasonForm):
    dated = False


class UndatedTextForm(TextForm):
    dated = False
