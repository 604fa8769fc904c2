"""The table of steps: of each its words, form and action, and when it is offered."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext_lazy as _

from shouwen.accounts.scope import Scope
from shouwen.cases.models import Case
from shouwen.outside import forms
from shouwen.outside.actions import parties, referring, settling
from shouwen.outside.models import Referral
from shouwen.outside.queries import path_of, step_named
from shouwen.rules.complaint_kinds import PathStep, ReferralPath
from shouwen.rules.lifecycle import IN_WORK
from shouwen.rules.referrals import next_step, title
from shouwen.services.steps import Step

WORK = "case.work"


def opening(path: ReferralPath) -> Step:
    """Beginning a path, for a case."""
    return Step(
        "new", path.title, forms.open_form(path),
        partial(referring.open_referral, path=path.id), "case", in_work, _("已提出"), WORK,
    )  # fmt: skip


def in_work(case: Case) -> bool:
    return case.status in IN_WORK


def _lacks_remedy(case: Case) -> bool:
    return in_work(case) and settling.wants_remedy(case) and not settling.running_remedy(case)


def onward(referral: Referral, scope: Scope) -> Step | None:
    """The next step of its path, for whom the clause names."""
    path, hops = path_of(referral), {hop.step: hop for hop in referral.hops.all()}
    wanted = next_step(path, hops) if referral.is_open else None
    if wanted is None or not referring.may_take(referral, path, wanted, hops, scope):
        return None
    return _hop(wanted)


def hop_step(referral: Referral, name: str) -> Step | None:
    """A step of its path by its name, whether it is its turn or not: the action says."""
    found = step_named(referral, name)
    return _hop(found) if found else None


def _hop(wanted: PathStep) -> Step:
    return Step(
        wanted.step, title(wanted), forms.HOP_FORMS.get(wanted.step, forms.HopForm),
        partial(referring.take_step, step=wanted.step), "referral",
        lambda referral: referral.is_open, _("已记录"), referring.right_of(wanted),
    )  # fmt: skip


REMIND = Step(
    "remind", _("催办"), forms.RemindForm, referring.remind, "referral",
    lambda referral: referral.is_waiting, _("已记录催办"), WORK,
)  # fmt: skip
WITHDRAW = Step(
    "withdraw", _("撤回"), forms.WithdrawForm, referring.withdraw, "referral",
    lambda referral: referral.is_open, _("已撤回"), WORK,
)  # fmt: skip
BESIDE = (REMIND, WITHDRAW)

ADD_PARTY = Step(
    "party", _("登记外部单位"), forms.PartyForm, parties.keep_party, "project",
    lambda project: True, _("已登记"), parties.KEEP,
)  # fmt: skip

#: What is settled on our own side, for a case.
OWN = {
    step.name: step
    for step in (
        Step("remedy", _("填处理方法、完成期限"), forms.RemedyForm, settling.set_remedy, "case",
             _lacks_remedy, _("已签字传回客服"), WORK),
        Step("convert", _("判为无效投诉并转出"), forms.ConvertForm, settling.convert, "case",
             settling.may_convert, _("已判定"), "case.classify"),
        Step("source", _("认定滋扰来源"), forms.SourceForm, settling.name_source, "case",
             lambda case: case.is_open and settling.is_nuisance(case), _("已记下滋扰来源"), WORK),
    )
}  # fmt: skip


def own_steps(case: Case, scope: Scope) -> list[Step]:
    """Those that this person may take now."""
    return [
        step for step in OWN.values() if scope.can(step.right, case.project) and step.when(case)
    ]
