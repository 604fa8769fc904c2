"""What the customer says through his link: whether it is settled, ask again, add something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from shouwen.cases.actions.closing import reopen, write_reopened
from shouwen.cases.actions.contacting import urge
from shouwen.cases.actions.recording import Act, acting
from shouwen.cases.files import Kept, attach_kept
from shouwen.cases.models import Case, JournalEntry
from shouwen.cases.people import people_for
from shouwen.notify.actions import tell
from shouwen.portal.models import CustomerLink
from shouwen.portal.queries import FINISHED, last_rating
from shouwen.rules.lifecycle import MERGED, VOID
from shouwen.rules.refused import Refused
from shouwen.rules.visits import REOPENS

#: How the journal says that it came through a link.
CHANNEL = "link"
ANSWERS = {"satisfied": "已解决", "partly": "部分解决", "unsatisfied": "未解决"}


@dataclass(frozen=True)
class Words:
    """What a customer wrote, with photos."""

    text: str
    photos: Sequence[Kept] = field(default=())


def rate(*, link: CustomerLink, result: str, at: datetime) -> Case:
    """One click is the whole answer (T24). Who is not satisfied, or only partly (T23), has the
    matter opened again in the same transaction (T16). The same answer again changes nothing."""
    if link.purpose not in CustomerLink.RATING:
        raise Refused("not-for-rating", "这个链接不能评价，请用服务中心发来的评价链接。")
    if result not in ANSWERS:
        raise Refused("unknown-answer", "请选“已解决”“部分解决”或“未解决”。")
    with acting(link.case, by=None, right="", at=at) as act:
        before = last_rating(act.entries)
        if before is None or before.data["result"] != result:
            _write_rating(act, link, result)
    return link.case


def _write_rating(act: Act, link: CustomerLink, result: str) -> None:
    """Marked when the link came from who did the work: such an answer is not counted (T25)."""
    sender = link.issued_by.number if link.issued_by else ""
    data = {
        "result": result,
        "text": "",
        "channel": CHANNEL,
        "link": link.pk,
        "sent_by": sender,
        "sent_by_handler": sender in act.state.handlers,
    }
    who = _who(link)
    act.write("rated", data, said_by=who)
    if result in REOPENS:
        write_reopened(act, f"客户评价：{ANSWERS[result]}", CHANNEL, who)


def ask_again(*, link: CustomerLink, words: Words, at: datetime) -> Case:
    """Not settled, says the customer: work that was finished is opened again, work under way is
    urged; of what was merged the matter that goes on (T21, T22)."""
    text = _said(words)
    with transaction.atomic():
        case = _going_on(link)
        if case.status in FINISHED:
            reopen(case=case, by=None, at=at, reason=text, channel=CHANNEL, said_by=_who(link))
        else:
            urge(case=case, by=None, at=at, text=text, said_by=_who(link), channel=CHANNEL)
        _keep(words, case, at)
    return link.case


def add_words(*, link: CustomerLink, words: Words, at: datetime) -> JournalEntry:
    """A note of the customer reaches a person, also on a case that is closed (T21)."""
    text = _said(words)
    with acting(_going_on(link), by=None, right="", at=at) as act:
        data = {"text": text, "tag": "opinion", "channel": CHANNEL, "signed": False}
        row = act.write("noted", data, said_by=_who(link))
        _tell_owner(act, row, text)
        _keep(words, act.case, at)
    return row


def _said(words: Words) -> str:
    if not words.text.strip():
        raise Refused("empty-text", "请写一句话。", field="text")
    return words.text.strip()


def _who(link: CustomerLink) -> str:
    return link.case.customer_name or "客户"


def _going_on(link: CustomerLink) -> Case:
    """The case of the link, or the one that it was merged into."""
    case = Case.objects.select_related("merged_into").get(pk=link.case_id)
    while case.status == MERGED and case.merged_into:
        case = case.merged_into
    if case.status == VOID:
        raise Refused("void", "这件事已经作废；还需要处理请重新登记，或打服务中心电话。")
    return case


def _tell_owner(act: Act, row: JournalEntry, text: str) -> None:
    case = act.case
    tell(
        people=people_for("owner", case, act.at),
        at=act.at,
        event=f"case:{case.pk}:noted:{row.seq}",
        url=f"/cases/{case.number}",
        subject=f"客户补充：{case.address} {case.title}",
        body=text,
        urgent=not act.state.is_open,
    )


def _keep(words: Words, case: Case, at: datetime) -> None:
    """Photos hang on the entry just written."""
    entry = case.journal.order_by("-seq").first()
    for kept in words.photos:
        attach_kept(kept=kept, by=None, at=at, case=case, entry=entry)
