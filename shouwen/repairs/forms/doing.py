"""The forms of everything that is done with an order: the key, the true time, and the words."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.forms import MomentField
from shouwen.accounts.models import Staff
from shouwen.cases.actions.working import WAITING_REASONS
from shouwen.cases.files import ACCEPT
from shouwen.cases.forms.asking import FilesField, picks, words
from shouwen.cases.models import Attachment
from shouwen.estate.phones import mask_phone
from shouwen.repairs.actions.working import STAGES
from shouwen.repairs.forms.folding import Folding
from shouwen.repairs.queries import open_orders_of
from shouwen.repairs.standing import OrderStanding
from shouwen.rules.money import yuan
from shouwen.rules.orders import MODES, RESULTS
from shouwen.rules.payer import PAYERS
from shouwen.rules.vocabulary import ORDER_NEEDS

Attach = Callable[["UploadedFile[Any]"], Attachment]
#: Five marks of a score, the best first.
MARKS = {"5": _("很好"), "4": _("较好"), "3": _("一般"), "2": _("较差"), "1": _("很差")}


class OrderForm(Folding):
    """The form of one verb. `arguments` is what its action is given, besides order, by and at."""

    extras: ClassVar[tuple[str, ...]] = ("happened",)
    dated: ClassVar[bool] = True

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, standing: OrderStanding, **rest: Any) -> None:
        self.standing = standing
        super().__init__(*args, **rest)
        self.fields["key"].initial = secrets.token_urlsafe(16)
        if self.dated:
            self.fields["happened"] = MomentField(
                label=_("发生时间"), required=False, help_text=_("刚刚发生的不用填")
            )
        self.arrange()

    def arrange(self) -> None:
        """Fills the choices from the order; a form without choices has nothing to do here."""

    def arguments(self, attach: Attach) -> dict[str, Any]:
        """`attach` hangs an uploaded file on the case."""
        return {name: value for name, value in self.cleaned_data.items() if name != "key"}


class ReasonForm(OrderForm):
    reason = words(_("理由"))


class TextForm(OrderForm):
    text = words(_("做了什么"))


class ResumeForm(OrderForm):
    text = words(_("说明"), rows=2, required=False)


class CommunicationForm(OrderForm):
    text = words(_("与业户沟通情况"))


# --- Before the work ------------------------------------------------------------------------------


class DispatchForm(OrderForm):
    """To whom, or how it finds somebody."""

    extras: ClassVar[tuple[str, ...]] = ("notified_by", "happened")
    mode = picks(_("派工方式"), MODES)
    to = forms.ChoiceField(label=_("派给"), required=False, widget=forms.RadioSelect)
    notified_by = forms.CharField(
        label=_("口头通知方式"), required=False, max_length=40, help_text=_("对讲、电话")
    )

    def arrange(self) -> None:
        people = self.standing.people
        held = open_orders_of(people)
        self.fields["mode"].initial = self.standing.rule.modes.get(
            self.standing.order.range, "assign"
        )
        self.fields["to"].choices = [  # type: ignore[attr-defined] # a ChoiceField
            (person.number, f"{person.name}（{held.get(person.pk, 0)}）") for person in people
        ]
        self.fields["to"].help_text = _("括号里是手中未完工的单数；抢单、轮派不用选人")

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("mode") == "assign" and not told.get("to"):
            self.add_error("to", str(_("请选派给谁。")))
        return told

    def arguments(self, attach: Attach) -> dict[str, Any]:
        told = super().arguments(attach)
        to = told.pop("to") if told["mode"] == "assign" else ""
        return {**told, "to": Staff.objects.get(number=to) if to else None}


class PayerForm(OrderForm):
    """Who pays; the warranty's answer is chosen already."""

    payer = picks(_("费用承担"), dict[str, Any](PAYERS.items()))
    reason = words(_("改为别的，理由"), rows=2, required=False)

    def arrange(self) -> None:
        proposal = self.standing.proposal
        self.fields["payer"].initial = self.standing.state.payer or proposal.code
        self.fields["payer"].help_text = f"{_('按规定：')}{proposal.name}。{proposal.words}"


class AppointForm(OrderForm):
    starts = MomentField(label=_("约定上门，从"))
    ends = MomentField(label=_("到"))
    agreed_by = forms.CharField(label=_("和谁约的"), max_length=60)
    keys = forms.MultipleChoiceField(
        label=_("客户同意改期的承诺"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def arrange(self) -> None:
        case = self.standing.case
        self.fields["agreed_by"].initial = case.customer_name
        running = case.commitments.filter(outcome="", customer_facing=True).order_by("due_at")
        self.fields["keys"].choices = [(row.key, row.title) for row in running]  # type: ignore[attr-defined] # a choice field


class RulingForm(OrderForm):
    refusal_stands = picks(
        _("裁定"), {"yes": _("退单成立，另派他人"), "no": _("退单不成立，由他办理")}
    )
    reason = words(_("依据"))

    def arguments(self, attach: Attach) -> dict[str, Any]:
        told = super().arguments(attach)
        return {**told, "refusal_stands": told["refusal_stands"] == "yes"}


# --- At work --------------------------------------------------------------------------------------


class PauseForm(OrderForm):
    reason = picks(_("等什么"), WAITING_REASONS, initial="parts")
    text = words(_("已经做了什么，缺什么"))
    until = MomentField(label=_("预计到"), required=False)


class PhotoForm(OrderForm):
    stage = picks(_("照片"), STAGES)
    photos = FilesField(label=_("拍照或选择"))

    def clean_photos(self) -> list[Any]:
        found = list(self.cleaned_data["photos"])
        if not found:
            raise forms.ValidationError(_("请先拍照或选择照片。"))
        return found

    def arguments(self, attach: Attach) -> dict[str, Any]:
        told = super().arguments(attach)
        told["files"] = [attach(upload) for upload in told.pop("photos")]
        return told


class FinishForm(OrderForm):
    """The report, with what the regulation wants of it marked as such."""

    extras: ClassVar[tuple[str, ...]] = ("labour_minutes", "no_signature", "happened")
    result = picks(_("结果"), RESULTS, initial="repaired")
    text = words(_("处理情况"), rows=3)
    signature = forms.FileField(
        label=_("客户签名（照片或扫描件）"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPT, "capture": "environment"}),
    )
    signed_name = forms.CharField(label=_("签字人"), required=False, max_length=60)
    quality = picks(_("服务质量"), MARKS, required=False)
    attitude = picks(_("服务态度"), MARKS, required=False)
    cash = picks(_("费用"), {"now": "", "later": _("业户到前台付")}, required=False)
    opinion = words(_("维修意见（客户签注）"), rows=2, required=False)
    phone = forms.CharField(
        label=_("联系电话（以便回访）"), required=False, max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )  # fmt: skip
    same_phone = forms.BooleanField(label=_("同报修电话"), required=False)
    labour_minutes = forms.IntegerField(
        label=_("工时（分钟）"), required=False, min_value=1, max_value=10_000
    )
    no_signature = forms.CharField(label=_("没有签字的原因"), required=False, max_length=100)

    def arrange(self) -> None:
        case, due = self.standing.case, self.standing.cash_due
        if due:
            now = _("已收现金 {amount} 元").format(amount=yuan(due))
            self.fields["cash"].choices = [("now", now), *self.fields["cash"].choices[1:]]  # type: ignore[attr-defined] # a ChoiceField
        else:
            del self.fields["cash"]
        self.fields["signed_name"].initial = case.customer_name
        if case.customer_phone:
            self.fields["same_phone"].help_text = mask_phone(case.customer_phone)
        else:
            del self.fields["same_phone"]
        for need in self.standing.rule.completion:
            if need in self.fields:
                field = self.fields[need]
                field.label = f"{field.label} *"

    @property
    def wanted(self) -> str:
        """What the regulation wants, in words."""
        return "、".join(ORDER_NEEDS[need] for need in self.standing.rule.completion)

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if "cash" in self.fields and told.get("result") == "repaired" and not told.get("cash"):
            self.add_error("cash", str(_("请选现在收现金，还是业户到前台付。")))
        return told

    def arguments(self, attach: Attach) -> dict[str, Any]:
        told = super().arguments(attach)
        told["cash"] = told.pop("cash", "") == "now" and told["result"] == "repaired"
        marks = {name: told.pop(name) for name in ("quality", "attitude")}
        upload = told["signature"]
        if told.pop("same_phone", False):
            told["phone"] = told["phone"] or self.standing.case.customer_phone
        return {
            **told,
            "scores": {name: int(mark) for name, mark in marks.items() if mark},
            "signature": attach(upload) if upload else None,
        }


# --- After it -------------------------------------------------------------------------------------


class CheckForm(OrderForm):
    ok = picks(_("验收"), {"yes": _("通过"), "no": _("不通过，返工")})
    opinion = words(_("验收意见"), rows=2)
    training_case = forms.BooleanField(label=_("作为培训案例"), required=False)

    def arguments(self, attach: Attach) -> dict[str, Any]:
        told = super().arguments(attach)
        return {**told, "ok": told["ok"] == "yes"}


class CopyForm(OrderForm):
    copy = picks(_("收回"), {"2": _("第二联，客服中心"), "1": _("第一联，维修班长")}, initial="2")

    def arguments(self, attach: Attach) -> dict[str, Any]:
        told = super().arguments(attach)
        return {**told, "copy": int(told["copy"])}
