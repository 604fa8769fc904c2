"""What is asked for at each step of a statement."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import Staff
from shouwen.accounts.queries import people_below
from shouwen.cases.forms.asking import words
from shouwen.services.forms.asking import StepForm, day, line
from shouwen.statements.actions.improving import Measure
from shouwen.statements.models import StatementAction
from shouwen.statements.reading import sections

_ALL = "all"


class NoteForm(StepForm):
    """`about` is the statement; nothing must be said."""

    note = words(_("意见"), rows=2, required=False)


class PlainForm(StepForm):
    """Nothing more is asked."""


class ReasonForm(StepForm):
    reason = words(_("理由"), rows=3)


class CorrectForm(ReasonForm):
    reason = words(_("更正理由"), rows=3, help_text=_("会印在新的一版上；原版仍可查看"))


class VersionForm(StepForm):
    """Refuses what was changed since it was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def arrange(self) -> None:
        self.fields["version"].initial = self.about.version


class WriteForm(VersionForm):
    """Every section of text, with the draft where nothing else was written."""

    def arrange(self) -> None:
        super().arrange()
        for section in sections(self.about):
            if section["kind"] == "text":
                own = words(section["title"], rows=6, required=False, initial=section["words"])
                self.fields[section["id"]] = own

    def arguments(self) -> dict[str, Any]:
        said = super().arguments()
        return {"version": said.pop("version"), "texts": said}


class MeasuresForm(VersionForm):
    """A line for each matter; what is said for all fills what was left empty."""

    def arrange(self) -> None:
        super().arrange()
        people = {str(person.pk): person for person in people_below(self.about.unit, self.at)}
        self.people: dict[str, Staff] = people
        self.rows = list(self.about.actions.select_related("case"))
        self._add(_ALL, _("各行没有单独写的，都用这一条"))
        for row in self.rows:
            number = f"{row.case.number} " if row.case else ""
            self._add(str(row.pk), f"{number}{row.subject}", row)

    def _add(self, name: str, title: Any, row: StatementAction | None = None) -> None:
        choices = [("", _("请选择")), *((pk, who.name) for pk, who in self.people.items())]
        said = row.measure if row else ""
        self.fields[f"measure-{name}"] = line(title, 300, required=False, initial=said)
        self.fields[f"owner-{name}"] = forms.ChoiceField(
            label=_("责任人"), choices=choices, required=False, initial=row and row.owner_id
        )
        self.fields[f"due-{name}"] = day(_("期限"), required=False, initial=row and row.due_on)

    @property
    def lines(self) -> list[list[forms.BoundField]]:
        names = [_ALL, *(str(row.pk) for row in self.rows)]
        return [[self[f"{part}-{name}"] for part in ("measure", "owner", "due")] for name in names]

    @property
    def main_fields(self) -> list[forms.BoundField]:
        return []

    def arguments(self) -> dict[str, Any]:
        measures = {row.pk: self._said(str(row.pk)) for row in self.rows}
        return {"version": self.cleaned_data["version"], "measures": measures}

    def _said(self, name: str) -> Measure:
        """What was written in this line, or else for all."""

        def told(part: str) -> Any:
            return self.cleaned_data[f"{part}-{name}"] or self.cleaned_data[f"{part}-{_ALL}"]

        return Measure(told("measure"), self.people.get(told("owner")), told("due"))


class ReportForm(StepForm):
    """`about` is one measure."""

    progress = words(_("进展"), rows=3)
    done = forms.BooleanField(label=_("已经完成"), required=False)

    def arrange(self) -> None:
        self.fields["progress"].initial = self.about.progress


class ProofForm(StepForm):
    """`about` is a delivery to a body outside."""

    proof = line(
        _("凭证"), 120, help_text=_("快递单号、文号、邮件地址，或“当面递交”；会议写日期和纪要编号")
    )


class ReceiptForm(StepForm):
    name = line(_("对方签收人"), 60)
