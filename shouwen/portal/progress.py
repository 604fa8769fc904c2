"""How far a case is, in the customer's words.

Whatever our people typed stays with us: it may speak of other residents. The customer reads what
kind of thing happened and when, his own words, and what was promised to him.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwen.cases.models import Case, Commitment
from shouwen.cases.queries import as_entries, journal
from shouwen.portal.actions.agreeing import Offer, offers_of
from shouwen.portal.models import CustomerLink
from shouwen.portal.queries import FINISHED, last_rating
from shouwen.rules.journal import Entry
from shouwen.rules.vocabulary import KINDS
from shouwen.web.pieces import Step, steps
from shouwen.web.words import moment

STATUS: Mapping[str, Any] = {
    "registered": gettext_lazy("已收到，正在安排"),
    "dispatched": gettext_lazy("已安排，等待处理"),
    "accepted": gettext_lazy("正在处理"),
    "waiting": gettext_lazy("处理中，暂时等待"),
    "done": gettext_lazy("已处理完成"),
    "fed-back": gettext_lazy("已处理完成"),
    "closed": gettext_lazy("已办结"),
    "void": gettext_lazy("已取消"),
}
#: What the customer is told of; whatever is not here is between us.
WORDS: Mapping[str, Any] = {
    "opened": gettext_lazy("我们已收到"),
    "marked-urgent": gettext_lazy("按紧急事项处理"),
    "dispatched": gettext_lazy("已交给负责的部门"),
    "accepted": gettext_lazy("已开始处理"),
    "customer-contacted": gettext_lazy("与您联系过"),
    "promise-agreed": gettext_lazy("与您约定了时间"),
    "order-appointed": gettext_lazy("与您约定了上门时间"),
    "order-departed": gettext_lazy("工作人员已出发"),
    "arrived": gettext_lazy("工作人员已到现场"),
    "order-made-safe": gettext_lazy("险情已先行处置"),
    "waiting": gettext_lazy("暂时等待"),
    "resumed": gettext_lazy("继续处理"),
    "quoted": gettext_lazy("已向您报价"),
    "consented": gettext_lazy("您同意了报价"),
    "declined": gettext_lazy("您没有同意报价"),
    "service-planned": gettext_lazy("服务方案已拟好"),
    "service-confirmed": gettext_lazy("您确认了服务方案和价格"),
    "service-started": gettext_lazy("服务已开始"),
    "service-done": gettext_lazy("服务已完成"),
    "done": gettext_lazy("处理完成"),
    "fed-back": gettext_lazy("已向您反馈结果"),
    "rated": gettext_lazy("您的评价"),
    "visited": gettext_lazy("我们回访过您"),
    "urged": gettext_lazy("您催过一次"),
    "noted": gettext_lazy("您补充了说明"),
    "reopened": gettext_lazy("重新处理"),
    "merged": gettext_lazy("与同一问题一并处理"),
    "closed": gettext_lazy("办结"),
    "voided": gettext_lazy("已取消"),
}
WAITING = {
    "customer": gettext_lazy("等您方便的时间"),
    "parts": gettext_lazy("等配件"),
    "developer": gettext_lazy("等开发商"),
    "weather": gettext_lazy("等天气好转"),
    "outside": gettext_lazy("等外部单位"),
    "approval": gettext_lazy("等审批"),
}
ANSWERS = {
    "satisfied": gettext_lazy("已解决"),
    "partly": gettext_lazy("部分解决"),
    "unsatisfied": gettext_lazy("未解决"),
}
TONES = {"done": "met", "closed": "met", "opened": "info", "waiting": "warn", "reopened": "warn"}


@dataclass(frozen=True)
class Told:
    """One thing that happened, as the customer reads it."""

    word: str
    at: datetime
    note: str = ""
    text: str = ""
    tone: str = "neutral"


class Progress:
    """What the page behind a link shows."""

    def __init__(self, link: CustomerLink, at: datetime) -> None:
        self.link, self.at, self.case = link, at, link.case
        self.entries = as_entries(journal(self.case))
        self.main = _main(self.case)
        """The case that goes on: another one where this one was merged."""

    @property
    def kind(self) -> str:
        return KINDS.get(self.case.kind, KINDS["other"])

    @property
    def own_text(self) -> str:
        """Only who wrote it reads it again: what a clerk wrote down may name others."""
        return self.case.text if self.link.purpose == CustomerLink.Purpose.OWN else ""

    @property
    def status(self) -> str:
        return str(STATUS.get(self.main.status, ""))

    @property
    def is_finished(self) -> bool:
        return self.case.status in FINISHED

    @property
    def is_over(self) -> bool:
        """Cancelled: there is nothing left to ask for."""
        return self.main.status == Case.Status.VOID

    @property
    def steps(self) -> Sequence[Step]:
        reached = {"registered": 0, "dispatched": 1, "accepted": 1, "waiting": 1}
        now = reached.get(self.main.status, 3 if self.answer else 2)
        return steps((_("收到"), _("处理"), _("完成"), _("评价")), now)

    @property
    def answer(self) -> str:
        """The customer's own last answer."""
        rated = last_rating(self.entries)
        return str(ANSWERS[rated.data["result"]]) if rated else ""

    @property
    def may_rate(self) -> bool:
        return self.is_finished and self.link.purpose in CustomerLink.RATING and not self.answer

    @cached_property
    def waiting_offers(self) -> list[Offer]:
        """Prices that wait for an answer, for who was sent the link for it."""
        if self.link.purpose != CustomerLink.Purpose.CONSENT:
            return []
        return [offer for offer in offers_of(self.case) if offer.waits]

    @property
    def promised(self) -> Iterable[Commitment]:
        """Times that we owe the customer, the next first."""
        running = self.main.commitments.filter(outcome="", customer_facing=True, due_at__gt=self.at)
        return running.exclude(rule__startswith="visit:").order_by("due_at", "pk")

    @property
    def story(self) -> list[Told]:
        """The last first; the same word twice in a row is said once, with its first time."""
        told: list[Told] = []
        for entry in self.entries:
            said = _told(entry)
            if said and not (told and (told[-1].word, told[-1].text) == (said.word, said.text)):
                told.append(said)
        return told[::-1]


def _main(case: Case) -> Case:
    while case.status == Case.Status.MERGED and case.merged_into:
        case = case.merged_into
    return case


def _told(entry: Entry) -> Told | None:
    """Nothing where the entry is none of the customer's business."""
    data, own = entry.data, entry.data.get("channel") == "link"
    if entry.verb not in WORDS or (entry.verb == "noted" and not own):
        return None
    if entry.verb == "urged" and not data.get("by_customer", True):
        return None
    text = str(data.get("text") or data.get("reason") or "") if own and not entry.by else ""
    tone = TONES.get(entry.verb, "neutral")
    return Told(str(WORDS[entry.verb]), entry.at, _note(entry), text, tone)


def _note(entry: Entry) -> str:
    data = entry.data
    if entry.verb == "waiting":
        return str(WAITING.get(str(data.get("code")), ""))
    if entry.verb == "promise-agreed":
        until = moment(datetime.fromisoformat(str(data["until"])), entry.at)
        return _("约在 %(until)s") % {"until": until}
    if entry.verb == "rated":
        return str(ANSWERS.get(str(data.get("result")), ""))
    return ""
