"""What a complaint leaves on paper: its own record, and what went to somebody outside."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localtime

from shouwen.accounts.scope import Scope
from shouwen.adoption.queries import rulebook
from shouwen.cases.models import Case
from shouwen.cases.queries import as_entries, get_case, journal
from shouwen.outside import models as outside
from shouwen.outside.queries import get_referral, legs_of, path_of
from shouwen.papers.shapes import ComplaintRecord, Head, Hop, Referral
from shouwen.papers.sources import Form, Source, phone_of
from shouwen.rules.closing import this_round
from shouwen.rules.journal import Entry
from shouwen.rules.refused import Refused

COMPLAINT = Form(
    "客户建议/投诉处理记录表", ("complaint-handling-record",),
    signatures=("责任部门负责人", "客户服务部经理"),
)  # fmt: skip
#: Kinds of matter that this record is kept of.
RECORDED = ("complaint", "suggestion")
VERIFIED = {"ok": "符合", "not-ok": "不符合"}


# --- What went to somebody outside ----------------------------------------------------------------


def referral(scope: Scope, number: str) -> Source:
    found = get_referral(scope, number)
    return Source(
        form=Form(found.title, (path_of(found).form,)),
        record=found.number,
        project=found.project,
        url=reverse("outside:referral", args=[found.number]),
        fill=lambda head: _referral_sheet(head, found),
        case=found.case,
    )


def _referral_sheet(head: Head, found: outside.Referral) -> Referral:
    case = found.case
    also = found.also.values_list("name", flat=True)
    return Referral(
        head=head,
        room=case.address,
        customer=case.customer_name,
        case=case.number,
        party="、".join((found.party.name, *also)),
        opened_at=found.opened_at,
        drafted_by=found.opened_by.name,
        problem=found.problem,
        wanted=found.wanted,
        households=f"{found.households} 户" if found.households else "",
        severity=found.severity,
        due_at=found.due_at,
        hops=tuple(_hop(leg.title, leg.hop) for leg in legs_of(found)),
    )


def _hop(title: str, hop: outside.Hop | None) -> Hop:
    if hop is None:
        return Hop(title)
    signer = f"我方 {hop.by.name}，对方 {hop.said_by}" if hop.said_by else hop.by.name
    text = f"{hop.text}（{hop.where}）" if hop.where else hop.text
    return Hop(title, text, signer, hop.at)


# --- The record of the complaint ------------------------------------------------------------------


def complaint_record(scope: Scope, number: str) -> Source:
    """By the number of the case."""
    case = get_case(scope, number)
    if case.kind not in RECORDED:
        raise Refused("no-such-paper", "只有投诉和建议才有这张记录表，请从投诉或建议的页面打印。")
    phone, whole = phone_of(scope, case)
    return Source(
        form=COMPLAINT,
        record=case.number,
        project=case.project,
        url=reverse("cases:case", args=[case.number]),
        fill=lambda head: _complaint_sheet(head, case, phone),
        case=case,
        unmasked=whole,
    )


def _complaint_sheet(head: Head, case: Case, phone: str) -> ComplaintRecord:
    told = _Told(case)
    plan, checked = told.noted("plan"), told.last("verified")
    limit = told.last("remedy-set")
    return ComplaintRecord(
        head=head,
        customer=case.customer_name,
        room=case.address,
        phone=phone,
        opened_at=case.opened_at,
        event=case.text,
        cause_class=told.value("cause"),
        class_opinion=told.opinion(),
        content=told.text("opinion"),
        wanted=str(case.contact.details.get("demand", "")),
        department=case.department.name if case.department else "",
        cause=told.text("analyse"),
        method=told.text("plan"),
        until=datetime.fromisoformat(limit.data["until"]) if limit else None,
        signed=told.who(plan) if plan and plan.data.get("signed") else "",
        verified=_verified(checked),
        verified_by=told.who(checked),
    )


def _verified(entry: Entry | None) -> str:
    if entry is None:
        return ""
    return f"{VERIFIED.get(entry.data.get('result', ''), '')} {entry.data.get('text', '')}".strip()


class _Told:
    """What the journal of this round says, by the columns of the form."""

    def __init__(self, case: Case) -> None:
        self.case = case
        rows = journal(case)
        self.entries = this_round(as_entries(rows))
        self.names = {row.seq: row.by.name if row.by else "" for row in rows}

    def last(self, verb: str) -> Entry | None:
        return next((entry for entry in reversed(self.entries) if entry.verb == verb), None)

    def noted(self, tag: str) -> Entry | None:
        notes = (
            e for e in reversed(self.entries) if e.verb == "noted" and e.data.get("tag") == tag
        )
        return next(notes, None)

    def text(self, tag: str) -> str:
        entry = self.noted(tag)
        return str(entry.data.get("text", "")) if entry else ""

    def who(self, entry: Entry | None) -> str:
        if entry is None:
            return ""
        return f"{self.names[entry.seq]} {localtime(entry.at):%Y-%m-%d %H:%M}"

    def opinion(self) -> str:
        """The opinion on the class, with who gave it and when."""
        classed = (
            entry
            for entry in reversed(self.entries)
            if entry.verb == "classified" and "cause" in entry.data.get("facts", {})
        )
        entry = next(classed, None)
        return f"{entry.data.get('reason', '')}（{self.who(entry)}）" if entry else ""

    def value(self, axis: str) -> str:
        code = self.case.facts.get(axis)
        found = rulebook(self.case.rulebook_id).value(axis, str(code)) if code else None
        return found.name if found else ""
