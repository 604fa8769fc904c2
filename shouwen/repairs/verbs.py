"""The table of what can be done with an order: words, form, right and action, and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from shouwen.repairs.actions import collecting, issuing, working
from shouwen.repairs.forms import doing
from shouwen.repairs.forms.doing import OrderForm
from shouwen.repairs.standing import OrderStanding
from shouwen.rules.lifecycle import CLOSED, MERGED, VOID
from shouwen.rules.orders import DONE, next_step, require_order_allowed
from shouwen.rules.refused import Refused

When = Callable[[OrderStanding], bool]


def _always(standing: OrderStanding) -> bool:
    return True


def _hands(standing: OrderStanding) -> bool:
    return standing.has_hands


def _may_take(standing: OrderStanding) -> bool:
    free = standing.state.mode == "grab" and not standing.state.assignee
    return standing.is_mine or (free and not standing.scope.can("case.dispatch"))


def _not_own(standing: OrderStanding) -> bool:
    return standing.scope.staff.number not in standing.state.workers


def _refused(standing: OrderStanding) -> bool:
    return bool(standing.state.refusal) and not standing.is_mine


def _finished(standing: OrderStanding) -> bool:
    return standing.state.done_at is not None


def _copy_is_out(standing: OrderStanding) -> bool:
    return _finished(standing) and not (standing.order.copy1_at and standing.order.copy2_at)


@dataclass(frozen=True)
class OrderVerb:
    """One thing that can be done with an order."""

    name: str
    title: Any
    entry: str
    """The journal's verb: the life of the order speaks about that one."""
    right: str
    form: type[OrderForm]
    act: Callable[..., Any]
    when: When = _always
    done: Any = ""
    """What the next page says."""
    short: Any = ""
    """The word on a big button."""

    @property
    def button(self) -> Any:
        return self.short or self.title

    def require(self, standing: OrderStanding) -> None:
        """Refuse, saying why, what may not follow now or not by this person."""
        standing.scope.require(self.right, standing.case.project)
        require_order_allowed(standing.state, self.entry)
        if not self.when(standing):
            raise Refused(f"{self.name}-not-now", f"现在没有要“{self.title}”的，请看最新情况。")

    def offered(self, standing: OrderStanding) -> bool:
        if standing.case.status in (MERGED, VOID):
            return False
        if standing.case.status == CLOSED and standing.order.mandatory and self.entry != "noted":
            return self.name == "check" and standing.state.state == DONE and _not_own(standing)
        try:
            self.require(standing)
        except Refused:
            return False
        return True


TABLE: tuple[OrderVerb, ...] = (
    OrderVerb("dispatch", _("派工"), "order-sent", "case.dispatch", doing.DispatchForm,
              issuing.dispatch, done=_("已派工")),
    OrderVerb("accept", _("接单"), "order-accepted", "case.work", OrderForm,
              working.accept, _may_take, done=_("已接单")),
    OrderVerb("refuse", _("退单"), "order-refused", "case.work", doing.ReasonForm,
              issuing.refuse, lambda s: s.is_mine, done=_("已退单，等主管裁定")),
    OrderVerb("rule", _("裁定退单"), "order-ruled", "case.dispatch", doing.RulingForm,
              issuing.rule_refusal, _refused, done=_("已裁定")),
    OrderVerb("decide-payer", _("费用承担"), "payer-decided", "case.work", doing.PayerForm,
              issuing.decide_payer, done=_("已确定费用承担"), short=_("确定费用承担")),
    OrderVerb("appoint", _("约定上门"), "order-appointed", "case.work", doing.AppointForm,
              issuing.appoint, done=_("已约定")),
    OrderVerb("depart", _("出发"), "order-departed", "case.work", OrderForm,
              working.depart, _hands, done=_("已记出发"), short=_("我已出发")),
    OrderVerb("arrive", _("到场"), "order-arrived", "case.work", OrderForm,
              working.arrive, _hands, done=_("已记到场"), short=_("我已到场")),
    OrderVerb("make-safe", _("应急处置"), "order-made-safe", "case.work", doing.TextForm,
              working.make_safe, done=_("已记应急处置"), short=_("先应急处置")),
    OrderVerb("photo", _("照片"), "noted", "case.work", doing.PhotoForm,
              working.photo, lambda s: s.order.is_open, done=_("已保存照片")),
    OrderVerb("pause", _("等待"), "order-paused", "case.work", doing.PauseForm,
              working.pause, _hands, done=_("已转入等待")),
    OrderVerb("resume", _("恢复"), "order-resumed", "case.work", doing.ResumeForm,
              working.resume, _hands, done=_("已恢复")),
    OrderVerb("finish", _("完工"), "order-done", "case.work", doing.FinishForm,
              collecting.finish, _hands, done=_("已报完工"), short=_("完工，请客户签字")),
    OrderVerb("report", _("沟通情况"), "noted", "case.work", doing.CommunicationForm,
              working.record_communication, lambda s: s.state.accepted_at is not None,
              done=_("已记下沟通情况")),
    OrderVerb("return-copy", _("收回联单"), "noted", "case.work", doing.CopyForm,
              working.return_copy, _copy_is_out, done=_("已收回")),
    OrderVerb("check", _("验收"), "order-checked", "case.verify", doing.CheckForm,
              working.check, _not_own, done=_("已验收")),
    OrderVerb("cancel", _("取消维修单"), "order-cancelled", "case.dispatch", doing.ReasonForm,
              working.cancel, done=_("已取消")),
)  # fmt: skip

VERBS: dict[str, OrderVerb] = {verb.name: verb for verb in TABLE}


def offered(standing: OrderStanding) -> list[OrderVerb]:
    """Everything that this person may do with the order now, in the order of the table."""
    return [verb for verb in TABLE if verb.offered(standing)]


def next_verb(standing: OrderStanding) -> OrderVerb | None:
    """The big button: the step of the order's life, if it is this person's to take."""
    step = next_step(standing.state)
    verb = VERBS.get(step.verb) if step else None
    return verb if verb and verb.offered(standing) else None
