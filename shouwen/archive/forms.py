"""What is asked for at each step."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from shouwen.archive.models import Folder
from shouwen.archive.queries import may_go
from shouwen.cases.forms.asking import picks, words
from shouwen.services.forms.asking import StepForm, day, line

#: How long a folder is lent where nobody says another day. Ours: no clause names a number.
LENT_FOR = timedelta(days=7)
#: So many are offered on one list; the rest goes on the next.
MOST = 200


def _papers(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=100_000)


class LendForm(StepForm):
    to = line(_("借阅人"))
    back_by = day(_("应还日期"))
    reason = line(_("用途"), 120)

    def arrange(self) -> None:
        self.fields["back_by"].initial = localdate(self.at) + LENT_FOR


class BackForm(StepForm):
    note = line(_("备注"), 120, required=False, help_text=_("缺页、破损等"))


class PutForm(StepForm):
    place = line(_("存放处"), help_text=_("如：客服部 2 号柜 3 层"))

    def arrange(self) -> None:
        self.fields["place"].initial = self.about.place


class HandForm(StepForm):
    """`about` is the deposit."""

    papers = _papers(_("交出份数"))

    def arrange(self) -> None:
        self.fields["papers"].initial = self.about.papers


class ReceiveForm(StepForm):
    papers = _papers(_("点收份数"))
    place = line(_("存放处"), required=False, help_text=_("如：档案室 1 号柜"))


class _Folders(forms.ModelMultipleChoiceField):  # type: ignore[type-arg] # not generic at runtime
    def label_from_instance(self, obj: Folder) -> str:
        return f"{obj.number} {obj.title}（{_('保管到')} {obj.keep_until:%Y-%m-%d}）"


class ProposeForm(StepForm):
    """`about` is the place."""

    reason = words(_("销毁理由"), rows=2)

    def arrange(self) -> None:
        over = may_go(self.about, localdate(self.at))
        shown = over.filter(pk__in=list(over.values_list("pk", flat=True)[:MOST]))
        self.fields["folders"] = _Folders(
            shown, label=_("保管期满的档案"), widget=forms.CheckboxSelectMultiple,
            initial=[folder.pk for folder in shown],
        )  # fmt: skip
        self.order_fields(["folders", "reason"])

    def arguments(self) -> dict[str, Any]:
        told = super().arguments()
        return {**told, "folders": list(told["folders"])}


class DecideForm(StepForm):
    approved = picks(_("决定"), {"yes": _("同意销毁"), "no": _("继续保管")})
    note = words(_("意见"), rows=2, required=False)

    def arguments(self) -> dict[str, Any]:
        told = super().arguments()
        return {**told, "approved": told["approved"] == "yes"}


class TakeForm(StepForm):
    """`about` is the change."""

    def arrange(self) -> None:
        phones = self.about.customer.phones.order_by("pk")
        known = {"": _("都保留"), **{phone.number: phone.masked for phone in phones}}
        self.fields["remove"] = picks(_("停用的旧号码"), known, required=False, initial="")


class LeaveForm(StepForm):
    note = line(_("不更新的原因"), 120)
