"""What is asked for: the form itself, a signature, a reason, a company's own Word file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import OrgUnit
from shouwen.cases.forms.asking import words
from shouwen.registers.actions.filling import Blank
from shouwen.registers.actions.signing import may_sign, unsigned
from shouwen.registers.fields import SPARE, Place, initial_of, inputs_of, plain_of
from shouwen.registers.models import Record
from shouwen.registers.queries import form_of
from shouwen.rules.form_kinds import Form, FormField
from shouwen.rules.forms import MOST_LINES
from shouwen.services.forms.asking import StepForm, line

WORD = ".docx"


@dataclass(frozen=True)
class Part:
    """One field of a form as it stands on the page: one input, the marks of its items, or the
    lines of a table."""

    field: FormField
    inputs: list[forms.BoundField]
    lines: list[list[forms.BoundField]]


class FillForm(StepForm):
    """The inputs of a form, as its rule says. Sent with `draft`, nothing must be filled."""

    use_required_attribute = False
    about: Blank | Record

    def arrange(self) -> None:
        record = self.about if isinstance(self.about, Record) else None
        self.rule = (form_of(record) if record else self.about.found).rule  # type: ignore[union-attr] # a Blank
        place = Place(self.about.project, self.at)
        for one in self.rule.fields:
            required = one.required and not self.is_draft and not self._photos(one)
            self.fields |= dict(inputs_of(one, place, self._lines(one), required=required))
            if record:
                self.initial.update(initial_of(one, record))
        if not record and "on" in self.fields:
            self.fields["on"].initial = localdate(self.at)

    def _lines(self, one: FormField) -> int:
        """Of a table: what is filled, and some more."""
        if one.kind != "table":
            return 0
        values = self.about.values if isinstance(self.about, Record) else {}
        sent = [name.split("-")[1] for name in self.data if name.startswith(f"{one.id}-")]
        most = max((int(n) + 1 for n in sent if n.isdecimal()), default=0)
        return int(min(max(len(values.get(one.id, ())) + SPARE, most), MOST_LINES))

    @property
    def parts(self) -> list[Part]:
        return [self._part(one) for one in self.rule.fields]

    def _part(self, one: FormField) -> Part:
        names = [name for name in self.fields if name == one.id or name.startswith(f"{one.id}-")]
        bound = [self[name] for name in names]
        width = len(one.columns) or 1
        lines = [bound[at : at + width] for at in range(0, len(bound), width)]
        return Part(one, bound, lines if one.kind == "table" else [])

    @property
    def is_draft(self) -> bool:
        return "draft" in self.data

    def arguments(self) -> dict[str, Any]:
        typed = {
            one.id: plain_of(one, self.cleaned_data, self._lines(one)) for one in self.rule.fields
        }
        for one in self.rule.fields:
            if one.kind == "photo":
                typed[one.id] = [*self._photos(one), *map(self.keep, typed[one.id])]
        return {"typed": typed, "complete": not self.is_draft}

    def _photos(self, one: FormField) -> list[int]:
        """Those that are there stay."""
        values = self.about.values if isinstance(self.about, Record) else {}
        return list(values.get(one.id, ())) if one.kind == "photo" else []


class SignForm(StepForm):
    """Which place; of one that is signed by hand, by whom, and the signature itself."""

    place = forms.ChoiceField(label=_("签名处"), widget=forms.RadioSelect)
    name = line(_("签名人"), 40, required=False, help_text=_("本人登录签字的不用填"))
    picture = forms.FileField(
        label=_("签名"), required=False, widget=forms.FileInput(attrs={"accept": "image/*"})
    )

    def arrange(self) -> None:
        rule: Form = form_of(self.about).rule
        places = [
            place
            for place in unsigned(self.about, rule)
            if may_sign(self.about, rule, place, self.scope)
        ]
        self.by_hand = [place for place in places if place not in rule.signers]
        self.fields["place"].choices = [(place, place) for place in places]  # type: ignore[attr-defined] # a ChoiceField
        self.initial["place"] = places[0] if places else ""
        if not self.by_hand:
            del self.fields["name"], self.fields["picture"]


class ReasonForm(StepForm):
    text = words(_("原因"), rows=3)


class TemplateForm(forms.Form):
    """A Word file, for one of the units that one may write rules for."""

    unit = forms.ModelChoiceField(OrgUnit.objects.none(), label=_("用于"), empty_label=None)
    file: Any = forms.FileField(
        label=_("Word 文件"),
        help_text=_("从“下载样张”开始改：版式随意，{{ }} 里的名称不要动。"),
        widget=forms.FileInput(attrs={"accept": WORD}),
        error_messages={"required": _("请选择 Word 文件（.docx）。")},
    )

    def clean_file(self) -> UploadedFile[Any]:
        upload: UploadedFile[Any] = self.cleaned_data["file"]
        if not (upload.name or "").lower().endswith(WORD):
            raise forms.ValidationError(_("只接受 Word 文件（.docx）。"))
        return upload
