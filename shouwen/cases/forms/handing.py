"""Who has it: dispatch, acceptance, refusal and ruling, transfer, assignment, ownership."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.queries import department_for, departments_of, people_below, staff_of
from shouwen.cases.forms.asking import (
    DepartmentChoice,
    PersonChoice,
    UndatedReasonForm,
    VerbForm,
    departments,
    hide_if_single,
    picks,
    words,
)
from shouwen.rules.intake import route


class DispatchForm(VerbForm):
    """The department that leads is proposed by the regulation; later calls add assisting ones."""

    lead = DepartmentChoice(_("主办部门"), widget=forms.RadioSelect)
    assist = forms.ModelMultipleChoiceField(
        OrgUnit.objects.none(),
        label=_("协办部门"),
        required=False,
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
    )
    note = words(_("交代的话"), rows=2, required=False)
    notified_by = picks(
        _("怎么通知的"),
        {"system": _("系统"), "phone": _("电话"), "radio": _("对讲机"), "face": _("当面")},
        required=False,
    )

    def arrange(self) -> None:
        standing = self.standing
        free = departments_of(standing.case.project).exclude(code__in=list(standing.state.parts))
        self.fields["assist"].queryset = free  # type: ignore[attr-defined]  # of a model choice
        if standing.state.lead:
            del self.fields["lead"]
            return
        self.fields["lead"].queryset = free  # type: ignore[attr-defined]  # of a model choice
        self._propose()

    def _propose(self) -> None:
        standing = self.standing
        found = route(standing.rulebook, standing.state.facts, standing.case.text)
        if found is None:
            return
        lead = department_for(standing.case.project, found.lead)
        why = "、".join(f"“{word}”" for word in found.words)
        self.fields["lead"].initial = lead.code if lead else None
        self.fields["lead"].help_text = " · ".join(filter(None, (found.title, found.clause, why)))
        helpers = [department_for(standing.case.project, name) for name in found.assist]
        self.fields["assist"].initial = [unit.code for unit in helpers if unit]

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        return {**given, "lead": given.get("lead"), "assist": list(given["assist"])}


class PartForm(VerbForm):
    """A verb of one department: which one is asked only where there are several."""

    states: ClassVar[tuple[str, ...]] = ("sent",)
    department = DepartmentChoice(_("部门"))

    def arrange(self) -> None:
        parts = self.standing.state.parts
        codes = [
            code
            for code, part in parts.items()
            if part.state in self.states and self._offers(code, lead=part.lead)
        ]
        self.fields["department"].queryset = departments(self.standing, codes)  # type: ignore[attr-defined]  # of a model choice
        hide_if_single(self, "department", codes)

    def _offers(self, code: str, *, lead: bool) -> bool:
        return self.standing.may_act_for(code)


class AcceptForm(PartForm):
    pass


class RefuseForm(PartForm):
    states = ("sent", "accepted")
    reason = words(_("退单理由"), help_text=_("由上一级裁定；裁定前仍由本部门负责"))


class RuleForm(PartForm):
    states = ("refused",)
    refusal_stands = picks(_("裁定"), {"no": _("退单不成立，由该部门办理"), "yes": _("退单成立")})
    to = DepartmentChoice(_("退单成立时改派到"), required=False)
    reason = words(_("裁定依据"))

    def arrange(self) -> None:
        super().arrange()
        standing = self.standing
        others = departments_of(standing.case.project).exclude(code__in=list(standing.state.parts))
        self.fields["to"].queryset = others  # type: ignore[attr-defined]  # of a model choice
        self.fields["to"].widget = forms.RadioSelect(choices=self.fields["to"].choices)  # type: ignore[attr-defined]  # of a model choice

    def _offers(self, code: str, *, lead: bool) -> bool:
        return True

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        return {**given, "refusal_stands": given["refusal_stands"] == "yes"}


class TransferForm(VerbForm):
    from_ = DepartmentChoice(_("从"))
    to = DepartmentChoice(_("转到"), widget=forms.RadioSelect)
    reason = words(_("转派理由"), help_text=_("新部门从现在起有完整的时限；对客户的时限照走"))

    def arrange(self) -> None:
        standing = self.standing
        codes = [code for code, part in standing.state.parts.items() if part.state != "done"]
        self.fields["from_"].queryset = departments(standing, codes)  # type: ignore[attr-defined]  # of a model choice
        hide_if_single(self, "from_", codes)
        self.fields["to"].queryset = departments_of(standing.case.project).exclude(  # type: ignore[attr-defined]  # of a model choice
            code__in=list(standing.state.parts)
        )


class AssignForm(VerbForm):
    to = PersonChoice(_("指派给"))

    def arrange(self) -> None:
        case, at = self.standing.case, self.standing.at
        found = staff_of(case.department, at) if case.department else []
        people = people_below(case.project, at).filter(pk__in=[person.pk for person in found])
        self.fields["to"].queryset = people  # type: ignore[attr-defined]  # of a model choice


class DelegateForm(UndatedReasonForm):
    to = PersonChoice(_("委托给"))
    reason = words(_("原因"), rows=2, help_text=_("首问责任人不变，代办人办完要交回"))
    field_order = ("to", "reason")

    def arrange(self) -> None:
        self.fields["to"].queryset = people_below(  # type: ignore[attr-defined]  # of a model choice
            self.standing.case.project, self.standing.at
        ).exclude(pk=self.standing.case.owner_id)


class ChangeOwnerForm(DelegateForm):
    to = PersonChoice(_("新的首问责任人"))
    reason = words(_("原因"), rows=2)
