"""What is asked for each step with a group, in the shape that all steps share."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.queries import people_reaching
from shouwen.cases.forms.asking import picks, words
from shouwen.cases.models import Case
from shouwen.cases.queries import visible_cases
from shouwen.groups.actions.answering import CHANNELS
from shouwen.groups.models import GroupMatter
from shouwen.groups.queries import members, offers, statement_of
from shouwen.services.forms.asking import StepForm, line

_BETWEEN = re.compile(r"[\s,，、;；]+")
#: More than these at once is a mistake of the clipboard.
MOST = 200


@dataclass(frozen=True)
class Proposed:
    """A group that is not there yet: of which project, and with what it would begin."""

    project: OrgUnit
    numbers: str = ""
    title: str = ""

    @property
    def pk(self) -> int:
        return self.project.pk


class CaseForm(StepForm):
    """Names cases by their numbers; unknown ones, and those of others, are refused alike."""

    cases = words(_("诉求编号"), rows=3, help_text=_("一行一个，或用逗号隔开"))

    @property
    def project(self) -> OrgUnit:
        found: OrgUnit = self.about.project
        return found

    def clean_cases(self) -> list[Case]:
        numbers = list(dict.fromkeys(filter(None, _BETWEEN.split(self.cleaned_data["cases"]))))
        if len(numbers) > MOST:
            raise forms.ValidationError(_("一次最多 200 件，请分几次。"))
        rows = visible_cases(self.scope).filter(project=self.project, number__in=numbers)
        known = {case.number: case for case in rows.select_related("project", "merged_into")}
        missing = [number for number in numbers if number not in known]
        if missing:
            raise forms.ValidationError(
                _("没有找到：%(numbers)s"), params={"numbers": "、".join(missing[:5])}
            )
        return [known[number] for number in numbers]


class OpenForm(CaseForm):
    """`about` is what is proposed."""

    title = line(_("什么问题"), 80, help_text=_("一句话写明共同的原因，如“楼下饭店油烟扰民”"))

    field_order = ("title", "cases")

    def arrange(self) -> None:
        self.fields["cases"].initial = "\n".join(self.about.numbers.split())
        self.fields["title"].initial = self.about.title


class JoinForm(CaseForm):
    """`about` is the group; what looks like it stands there already."""

    why = line(_("为什么是同一件事"), 200, required=False)

    def arrange(self) -> None:
        found = offers(self.scope, self.about.project, self.at)
        mine = [offer for offer in found if offer.matter == self.about]
        self.fields["cases"].initial = "\n".join(c.number for o in mine for c in o.cases)
        self.fields["why"].initial = mine[0].why if mine else ""


class MembersField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg] # not generic at runtime
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Case) -> str:
        return f"{obj.address or obj.customer_name or obj.number} {obj.title}"


class MembersForm(StepForm):
    """Chooses among the cases of the group (`about`)."""

    all_chosen = False

    def arrange(self) -> None:
        matter: GroupMatter = self.about
        rows = Case.objects.filter(memberships__matter=matter, memberships__left_at=None)
        seen = visible_cases(self.scope).filter(pk__in=rows.values("pk")).order_by("opened_at")
        self.fields["cases"] = MembersField(seen, label=_("哪几件"))
        if self.all_chosen:
            self.fields["cases"].initial = list(seen)


class LeaveForm(StepForm):
    case = forms.ModelChoiceField(Case.objects.none(), label=_("哪一件"), empty_label=_("请选择"))
    why = line(_("为什么不是同一件事"), 200)

    def arrange(self) -> None:
        ids = [member.case_id for member in members(self.about)]
        chosen: Any = self.fields["case"]
        chosen.queryset = visible_cases(self.scope).filter(pk__in=ids).order_by("opened_at")
        chosen.label_from_instance = lambda case: f"{case.address or case.number} {case.title}"


class SplitForm(MembersForm):
    title = line(_("拆出的是什么问题"), 80)
    why = line(_("为什么拆分"), 200)


class DraftForm(StepForm):
    text = words(_("统一口径"), help_text=_("对客户只这样说"))
    measures = words(_("应对措施"), help_text=_("做什么、谁做、什么时候做完"))

    def arrange(self) -> None:
        known = statement_of(self.about) or self.about.statements.first()
        if known:
            self.fields["text"].initial, self.fields["measures"].initial = (
                known.text,
                known.measures,
            )


class RuleForm(StepForm):
    approve = picks(_("审批"), {"yes": _("批准"), "no": _("退回")})
    opinion = line(_("意见"), 300, required=False)

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        waiting = self.about.statements.filter(approved_at=None, returned_at=None).first()
        return {**given, "approve": given["approve"] == "yes", "statement": waiting}


class StaffField(forms.ModelChoiceField):  # type: ignore[type-arg] # not generic at runtime
    def label_from_instance(self, obj: Staff) -> str:
        return obj.name


class SpeakerForm(StepForm):
    def arrange(self) -> None:
        people = people_reaching(self.about.project, self.at, "case.feed-back")
        self.fields["to"] = StaffField(
            people, label=_("回复专人"), empty_label=_("请选择"),
            help_text=_("指定后，其他人不能再答复这些客户，直到事项结束"),
        )  # fmt: skip


class AnswerForm(MembersForm):
    all_chosen = True
    text = words(_("回复内容"))
    channel = picks(_("方式"), {name: _(word) for name, word in CHANNELS.items()})
    result = forms.BooleanField(label=_("这是处理结果（已办完的诉求记为反馈）"), required=False)

    field_order = ("text", "channel", "result", "cases")

    def arrange(self) -> None:
        super().arrange()
        known = statement_of(self.about)
        if known:
            self.fields["text"].initial = known.text


class CloseForm(StepForm):
    result = words(_("处理结果"))
