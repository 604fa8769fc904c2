"""What a case is: details, ticks, axes, urgency."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.rights import ROLES
from shouwen.cases.forms.asking import (
    ReasonForm,
    VerbForm,
    picks,
    words,
)
from shouwen.rules.case_kinds import Axis
from shouwen.rules.intake import DETAILS, wanted


class DetailsForm(VerbForm):
    """The details that the regulation wants; name, phone and address while they are empty."""

    dated = False

    def arrange(self) -> None:
        case = self.standing.case
        copies = {
            "name": case.customer_name,
            "phone": case.customer_phone,
            "room": case.address,
        }
        given = _details_given(self)
        _ticks, names = wanted(self.standing.rulebook, self.standing.state.facts)
        for name in dict.fromkeys([*copies, *names]):
            if name != "scan" and not copies.get(name):
                self.fields[name] = forms.CharField(
                    label=DETAILS.get(name, name),
                    required=False,
                    max_length=120,
                    initial=given.get(name, ""),
                )

    def arguments(self) -> dict[str, Any]:
        return {"details": {name: value for name, value in super().arguments().items() if value}}


def _details_given(form: VerbForm) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for entry in form.standing.entries:
        given.update(entry.data.get("details", {}))
    return given


class TickForm(VerbForm):
    dated = False
    ticks = forms.MultipleChoiceField(label=_("已经确认"), widget=forms.CheckboxSelectMultiple)

    def arrange(self) -> None:
        lines = open_ticks(self)
        self.fields["ticks"].choices = lines  # type: ignore[attr-defined]  # of a choice field


def open_ticks(form: VerbForm) -> list[tuple[str, str]]:
    """What the regulation wants confirmed and nobody has yet."""
    standing = form.standing
    done = {t for entry in standing.entries for t in entry.data.get("ticks", ())}
    ticks, _details = wanted(standing.rulebook, standing.state.facts)
    return [(tick, title) for tick, title, _clause in ticks if tick not in done]


class ClassifyForm(VerbForm):
    """Every axis that speaks about such a case; what others decide is shown and not asked."""

    extras: ClassVar[tuple[str, ...]] = (
        "happened",
        "event_type",
        "event_cause",
        "form",
        "occasion",
    )
    reason = words(_("意见"), rows=2, required=False)

    def arrange(self) -> None:
        facts = self.standing.state.facts
        self.axes = [
            axis
            for _regulation, axis in self.standing.rulebook.axes()
            if axis.matches(facts) and axis.id != "source"
        ]
        for axis in self.axes:
            self.fields[axis.id] = picks(
                axis.title,
                {value.code: value.name for value in axis.values},
                required=False,
                initial=facts.get(axis.id, ""),
                disabled=not self._may_decide(axis),
                help_text=self._note(axis),
            )
        self.order_fields([*(axis.id for axis in self.axes), "reason"])

    def _may_decide(self, axis: Axis) -> bool:
        standing = self.standing
        roles = set(standing.scope.roles(standing.case.project))
        own = standing.scope.staff.number in standing.state.handlers
        return not (
            (axis.decided_by and not roles & set(axis.decided_by))
            or (axis.never_by == "handler" and own)
            or (axis.never_by == "accused" and standing.accused)
        )

    def _note(self, axis: Axis) -> str:
        names = "、".join(ROLES[role].name for role in axis.decided_by if role in ROLES)
        who = f"由{names}确定" if names and not self._may_decide(axis) else ""
        reason = "要写意见" if axis.reason and not who else ""
        return " · ".join(filter(None, (axis.clause, who, reason)))

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        chosen = {axis.id: given.pop(axis.id) for axis in self.axes}
        return {**given, "facts": {axis: value for axis, value in chosen.items() if value}}


class UrgentForm(ReasonForm):
    urgent: ClassVar[bool] = True

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "urgent": self.urgent}


class NotUrgentForm(UrgentForm):
    urgent = False
