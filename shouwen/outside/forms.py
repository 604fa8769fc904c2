"""What is asked for each step, in the shape that all steps share (`services.forms.asking`)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.forms import MomentField
from shouwen.adoption.queries import rulebook
from shouwen.cases.files import ACCEPT
from shouwen.cases.forms.asking import picks, words
from shouwen.cases.models import Case
from shouwen.estate.queries import resolve_unit
from shouwen.outside.actions.settling import kinds_for
from shouwen.outside.models import Party, Referral
from shouwen.outside.queries import parties_of, path_of
from shouwen.rules.complaint_kinds import ReferralPath
from shouwen.rules.referrals import ASKS, PARTIES, STEPS, next_step
from shouwen.services.forms.asking import StepForm, line


class PartyChoice(forms.ModelChoiceField):  # type: ignore[type-arg] # not generic at runtime
    def label_from_instance(self, obj: Party) -> str:
        return f"{obj.name}（{obj.get_kind_display()}）"


class PartiesChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg] # not generic at runtime
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Party) -> str:
        return obj.name


class OpenForm(StepForm):
    """`about` is the case, `path` the way that was chosen."""

    dated = True
    path: ReferralPath

    def arrange(self) -> None:
        case: Case = self.about
        parties = parties_of(case.project)
        if self.path.to:
            parties = parties.filter(kind__in=self.path.to)
        self.fields["party"] = PartyChoice(
            parties, label=_("呈送单位"), empty_label=_("请选择"),
            help_text=_("没有要找的单位时，请负责人先在“外部单位”里登记"),
        )  # fmt: skip
        self.fields["problem"] = words(_("问题"), initial=case.text)
        if "severity" in self.path.asks:
            self.fields["severity"] = line(ASKS["severity"], 200)
        if "households" in self.path.asks:
            self.fields["households"] = forms.IntegerField(
                label=ASKS["households"], min_value=1, max_value=100_000
            )
        if "wanted" in self.path.asks:
            self.fields["wanted"] = words(ASKS["wanted"], rows=3)
        if not self.path.to:
            self.fields["also"] = PartiesChoice(parties, label=_("同时转呈"), required=False)


def open_form(path: ReferralPath) -> type[OpenForm]:
    """The form that asks what this path asks."""
    return type("OpenForm", (OpenForm,), {"path": path})


# --- Steps of a path ------------------------------------------------------------------------------


class HopForm(StepForm):
    """What the person writes who does the next step."""

    dated = True
    text = words(_("内容"))

    def arrange(self) -> None:
        referral: Referral = self.about
        done = referral.hops.values_list("step", flat=True)
        if step := next_step(path_of(referral), set(done)):
            self.fields["text"].label = STEPS[step.step].wants


class SendForm(HopForm):
    due_at = MomentField(
        label=_("约定对方何时答复"), required=False, help_text=_("不填按这个单位的答复时限")
    )


class CountersignForm(HopForm):
    said_by = line(_("对方签字人"))
    copy = forms.FileField(
        label=_("双方签字的记录表"), widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=_("扫描件或照片，留底"),
    )  # fmt: skip


class PublishForm(HopForm):
    where = line(_("公布在哪里"), 80, help_text=_("公告栏、业主群、公众号……"))


HOP_FORMS: dict[str, type[HopForm]] = {
    "send": SendForm,
    "countersign": CountersignForm,
    "publish": PublishForm,
}


class RemindForm(StepForm):
    dated = True
    text = words(_("怎样催的，对方怎么说"), rows=3)


class WithdrawForm(StepForm):
    reason = words(_("撤回原因"), rows=3)


class PartyForm(StepForm):
    """`about` is the party, or the project that gets a new one."""

    name = line(_("单位名称"), 80)
    kind = picks(_("性质"), PARTIES)
    contact = line(_("联系人"), required=False)
    phone = line(_("电话"), 40, required=False)
    days = forms.IntegerField(
        label=_("答复时限（工作日）"), min_value=1, max_value=90, initial=5,
        help_text=_("没有另外约定时，从呈送起算"),
    )  # fmt: skip
    active = forms.BooleanField(label=_("在用"), required=False, initial=True)

    def arrange(self) -> None:
        if isinstance(self.about, Party):
            for name in ("name", "kind", "contact", "phone", "days", "active"):
                self.fields[name].initial = getattr(self.about, name)


# --- On our own side ------------------------------------------------------------------------------


class RemedyForm(StepForm):
    dated = True
    cause = words(_("事件经过及原因"), help_text=_("谁参加分析、经过、原因"))
    method = words(_("处理方法及措施"))
    until = MomentField(label=_("完成期限"))


class ConvertForm(StepForm):
    """`about` is the case."""

    dated = True
    reason = words(_("判定意见"), help_text=_("为什么不是我们的管理责任"))

    def arrange(self) -> None:
        rules = rulebook(self.about.rulebook_id)
        axis = rules.axis("invalid_type")
        types = {value.code: value.name for value in axis[1].values} if axis else {}
        kinds = {code: name for known in types for code, name in kinds_for(rules, known).items()}
        self.fields["invalid_type"] = picks(_("无效投诉类型"), types)
        self.fields["kind"] = picks(
            _("转为"), kinds, required=False, help_text=_("发泄型仍按投诉解释安抚，不用选")
        )
        self.order_fields(["invalid_type", "kind", "reason"])


class SourceForm(StepForm):
    """`about` is the case."""

    dated = True
    unit = line(_("哪一户在装修"), 40, help_text=_("房号，例如 3栋2单元602"))

    def arrange(self) -> None:
        self.fields["party"] = PartyChoice(
            parties_of(self.about.project), label=_("施工单位"), required=False,
            empty_label=_("不清楚"),
        )  # fmt: skip

    def clean_unit(self) -> Any:
        found = resolve_unit(self.about.project, self.cleaned_data["unit"])
        if found is None:
            raise forms.ValidationError(_("没有找到这一户，请写全楼栋、单元、房号。"))
        return found
