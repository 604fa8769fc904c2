"""Speaking with the customer: contact, agreed times, feedback, reply to a sender, urging."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from shouwen.accounts.scope import Scope
from shouwen.cases.actions.recording import acting
from shouwen.cases.models import Case, JournalEntry
from shouwen.cases.people import people_for
from shouwen.notify.actions import tell
from shouwen.rules.refused import Refused


def contact_customer(
    *,
    case: Case,
    by: Scope,
    at: datetime,
    text: str,
    channel: str = "phone",
    reached: bool = True,
    happened: datetime | None = None,
    said_by: str = "",
    tag: str = "",
) -> Case:
    """Progress, questions, explanation. Not reached is noted and keeps no promise."""
    text = _said(text)
    with acting(case, by=by, right="case.work", at=at) as act:
        if reached:
            act.write(
                "customer-contacted",
                {"text": text, "channel": channel, "tag": tag},
                happened=happened,
                said_by=said_by,
            )
            if tag:
                # What a checklist counts as an explanation or an apology; the words stand above it.
                act.write("noted", {"text": "", "tag": tag, "channel": channel}, happened=happened)
        else:
            act.write(
                "noted", {"text": text, "channel": channel, "tag": "no-answer"}, happened=happened
            )
    return case


def _said(text: str) -> str:
    if not text.strip():
        raise Refused("empty-text", "请写下说了什么。", field="text")
    return text.strip()


def agree_promise(
    *,
    case: Case,
    by: Scope,
    at: datetime,
    until: datetime,
    consent_by: str,
    keys: Sequence[str] = (),
    text: str = "",
    happened: datetime | None = None,
) -> Case:
    """A new time that the customer agreed to. It moves the promises named and no other; without any
    movable one it becomes a promise of its own."""
    if not consent_by.strip():
        raise Refused("no-consent", "请写明是哪位客户同意的。", field="consent_by")
    if until <= (happened or at):
        raise Refused("in-the-past", "约定的时间要晚于现在。", field="until")
    with acting(case, by=by, right="case.work", at=at) as act:
        running = {row.key for row in act.case.commitments.filter(outcome="")}
        unknown = [key for key in keys if key not in running]
        if unknown:
            raise Refused(
                "unknown-commitment", "要改期的承诺已经结束，请刷新后再选。", field="keys"
            )
        act.write(
            "promise-agreed",
            {"until": until.isoformat(), "keys": list(keys), "text": text},
            happened=happened,
            said_by=consent_by.strip(),
        )
    return case


def feed_back(
    *,
    case: Case,
    by: Scope,
    at: datetime,
    text: str,
    channel: str = "phone",
    said_by: str = "",
    happened: datetime | None = None,
    result: str = "",
) -> Case:
    """Tell the customer the result. The owner does it, or his delegate, or who leads customer
    service."""
    text = _said(text)
    with acting(case, by=by, right="case.feed-back", at=at) as act:
        act.write(
            "fed-back",
            {"text": text, "channel": channel, "result": result},
            happened=happened,
            said_by=said_by,
        )
    return case


def reply_to_sender(
    *,
    case: Case,
    by: Scope,
    at: datetime,
    text: str,
    channel: str = "platform",
    happened: datetime | None = None,
) -> Case:
    """Answer the body that passed the case on (400, company, government), when its gates are
    passed."""
    text = _said(text)
    with acting(case, by=by, right="case.feed-back", at=at) as act:
        if not act.state.facts.get("transferred"):
            raise Refused("not-transferred", "这件事不是别的单位转来的，不需要回复转办单位。")
        act.write("replied-sender", {"text": text, "channel": channel}, happened=happened)
    return case


def urge(
    *,
    case: Case,
    by: Scope | None,
    at: datetime,
    text: str,
    by_customer: bool = True,
    happened: datetime | None = None,
    said_by: str = "",
    channel: str = "",
) -> Case:
    """The customer, or we, press for it. Always reaches a person, also when the case is closed
    already. Without `by` the customer writes it himself."""
    text = _said(text)
    with acting(case, by=by, right="contact.register", at=at) as act:
        row = act.write(
            "urged",
            {"text": text, "by_customer": by_customer, **({"channel": channel} if channel else {})},
            happened=happened,
            said_by=said_by,
        )
        for name in ("owner", "holder", "department"):
            _tell_urged(act.case, name, row, at)
    return case


def _tell_urged(case: Case, name: str, row: JournalEntry, at: datetime) -> None:
    tell(
        people=people_for(name, case, at),
        at=at,
        urgent=True,
        event=f"case:{case.pk}:urged:{row.seq}",
        url=f"/cases/{case.number}",
        subject=f"催办：{case.address} {case.title}",
        body=str(row.data["text"]),
    )
