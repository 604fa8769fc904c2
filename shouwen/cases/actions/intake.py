"""Registering what a customer says: contacts, and the cases that they open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.scope import Scope
from shouwen.adoption.actions import Footing, footing
from shouwen.cases.actions.accusing import accused_of, tell_superior
from shouwen.cases.actions.recording import acting, begin
from shouwen.cases.models import Case, Contact, NumberSeries
from shouwen.estate.models import Customer, Unit
from shouwen.notify.actions import tell
from shouwen.rules.intake import implied, is_night, suggest
from shouwen.rules.refused import Refused
from shouwen.rules.regulation import Rulebook

TEXT_LIMIT = 10_000
TITLE_LENGTH = 40


@dataclass(frozen=True)
class Told:
    """What was said and by whom, as the receiver typed it. Only the text is needed."""

    text: str
    source: str = "phone"
    name: str = ""
    phone: str = ""
    address: str = ""
    unit: Unit | None = None
    customer: Customer | None = None
    facts: Mapping[str, str | bool] = field(default_factory=dict)
    """Axes that the receiver chose; what he did not choose is suggested from the text."""
    ticks: Sequence[str] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    heard_by: str = ""
    heard_at: datetime | None = None
    sender: str = ""
    sender_number: str = ""
    sender_due: datetime | None = None
    stand_in: bool = False
    previous: Contact | None = None
    origin: str = ""


def register(
    *,
    project: OrgUnit,
    told: Told,
    by: Scope | None,
    at: datetime,
    happened: datetime | None = None,
    owner: Staff | None = None,
    ground: Footing | None = None,
) -> Case:
    """One contact that opens one case. Whoever hears it owns it, unless another is named as the
    hearer. Without `by` the customer wrote it himself, and `owner` says who receives it."""
    with transaction.atomic():
        ground = ground or footing(project, _moment(happened, at))
        contact = register_contact(
            project=project, told=told, by=by, at=at, happened=happened, ground=ground, owner=owner
        )
        return open_case(contact=contact, told=told, by=by, at=at, owner=owner, ground=ground)


def answer_at_once(
    *,
    project: OrgUnit,
    told: Told,
    answer: str,
    by: Scope,
    at: datetime,
    happened: datetime | None = None,
) -> Contact:
    """A contact that needed no case: kept with its answer (S0-3.3.2-1, S2-A15-3)."""
    if not answer.strip():
        raise Refused("no-answer", "请写下当场是怎么答复的。", field="answer")
    with transaction.atomic():
        contact = register_contact(project=project, told=told, by=by, at=at, happened=happened)
        contact.answer, contact.answered_at = answer.strip(), contact.at
        contact.save(update_fields=["answer", "answered_at"])
    return contact


def register_contact(
    *,
    project: OrgUnit,
    told: Told,
    by: Scope | None,
    at: datetime,
    happened: datetime | None = None,
    ground: Footing | None = None,
    owner: Staff | None = None,
) -> Contact:
    """The conversation itself. `happened` is when it was, for night notes and oral reports typed
    later."""
    if not (project.is_project and project.company_id and project.group_id):
        raise Refused("not-a-project", "请先选一个项目再登记。", field="project")
    receiver = _receiver(by, owner, project)
    text = _text(told.text)
    moment = _moment(happened, at)
    ground = ground or footing(project, moment)
    calendar = ground.calendars.duty
    return Contact.objects.create(
        project=project,
        company_id=project.company_id,
        group_id=project.group_id,
        number=next_number("L", project, calendar.date_of(moment)),
        source=told.source or "phone",
        at=moment,
        recorded_at=at,
        received_by=receiver,
        text=text,
        night=is_night(ground.rulebook, calendar.local(moment)),
        late_entry=calendar.date_of(at) > calendar.date_of(moment),
        ticks={tick: at.isoformat() for tick in told.ticks},
        **_as_told(told),
    )


def _as_told(told: Told) -> dict[str, Any]:
    """What was said, cut to what the columns hold."""
    return {
        "heard_by": told.heard_by[:40],
        "heard_at": told.heard_at,
        "name": told.name[:60],
        "phone": told.phone[:40],
        "address": (told.address or (told.unit.label if told.unit else ""))[:120],
        "unit": told.unit,
        "customer": told.customer,
        "stand_in": told.stand_in,
        "sender": told.sender[:60],
        "sender_number": told.sender_number[:60],
        "sender_due": told.sender_due,
        "details": dict(told.details),
        "previous": told.previous,
        "origin": told.origin,
    }


def _receiver(by: Scope | None, owner: Staff | None, project: OrgUnit) -> Staff:
    """Who typed it, if he may; of what a customer wrote himself, who is named to receive it."""
    if by is not None:
        by.require("contact.register", project)
        return by.staff
    if owner is None:
        raise Refused("no-owner", "没有人接收这件事，请指定首问责任人。", field="owner")
    return owner


def _text(text: str) -> str:
    cleaned = text.replace("\x00", "").strip()
    if not cleaned:
        raise Refused("empty-text", "请写下客户说了什么，一句也行。", field="text")
    if len(cleaned) > TEXT_LIMIT:
        raise Refused(
            "text-too-long",
            f"内容有 {len(cleaned)} 字，最多 {TEXT_LIMIT} 字；请摘要登记，原文作为附件。",
            field="text",
        )
    return cleaned


def _moment(happened: datetime | None, at: datetime) -> datetime:
    if happened and happened > at:
        raise Refused("in-the-future", "来电时间不能晚于现在，请核对。", field="happened")
    return happened or at


def open_case(
    *,
    contact: Contact,
    told: Told,
    by: Scope | None,
    at: datetime,
    owner: Staff | None = None,
    split_from: str = "",
    ground: Footing | None = None,
) -> Case:
    """A case of this contact. One contact may open several («还有其他需要吗»)."""
    receiver = _receiver(by, owner, contact.project)
    with transaction.atomic():
        ground = ground or footing(contact.project, contact.at)
        _require_deciders(ground.rulebook, told, by.roles(contact.project) if by else ())
        facts = facts_of(ground.rulebook, told, contact)
        accused = accused_of(contact.project, str(told.details.get("accused", "")).strip(), at)
        if accused:
            facts["accused"] = accused
        case = _new_case(contact, told, ground, facts, owner or receiver)
        case.save(force_insert=True)
        act = begin(case, by, at)
        act.write(
            "opened",
            _opening(case, contact, told, split_from),
            happened=contact.at,
            said_by=contact.name,
        )
        act.finish()
        if by is None or case.owner != by.staff:
            _tell_owner(case, at)
        if accused:
            tell_superior(case, accused, at)
    return case


def _new_case(
    contact: Contact, told: Told, ground: Footing, facts: dict[str, str | bool], owner: Staff
) -> Case:
    """Where it belongs, whose it is, and what the customer was called and said, as it is now."""
    return Case(
        project=contact.project,
        company_id=contact.company_id,
        group_id=contact.group_id,
        number=next_number("S", contact.project, ground.calendars.duty.date_of(contact.at)),
        contact=contact,
        title=title_of(told.text),
        text=_text(told.text),
        source=contact.source,
        facts=facts,
        owner=owner,
        unit=contact.unit,
        customer=contact.customer,
        customer_name=contact.name,
        customer_phone=contact.phone,
        address=contact.address,
        opened_at=contact.at,
        rulebook=ground.pinned,
        calendar=ground.calendar,
    )


def _opening(case: Case, contact: Contact, told: Told, split_from: str) -> dict[str, Any]:
    details = {
        "name": contact.name,
        "phone": contact.phone,
        "room": contact.address,
        "heard_by": contact.heard_by,
        "sender": contact.sender,
        "sender_number": contact.sender_number,
        **dict(told.details),
    }
    return {
        "owner": case.owner.number,
        "facts": case.facts,
        "text": case.text,
        "contact": contact.number,
        "ticks": list(told.ticks),
        "details": {k: v for k, v in details.items() if v},
        "sender_due": contact.sender_due.isoformat() if contact.sender_due else "",
        "split_from": split_from,
    }


def facts_of(rules: Rulebook, told: Told, contact: Contact | None = None) -> dict[str, str | bool]:
    """The axes of a new case: what was chosen, else what the text suggests, and what these bring
    along.

    Urgency is decided here, on the server, whatever the caller's app thought: an explicit False
    is kept
    only when somebody said so.
    """
    chosen = {axis: value for axis, value in told.facts.items() if value != ""}
    for axis, value in chosen.items():
        _require_listed(rules, axis, value)
    facts: dict[str, str | bool] = {"kind": "other", "urgent": False}
    facts |= {
        s.axis: s.value
        for s in suggest(rules, told.text, chosen)
        if s.axis in ("kind", "urgent", "scope")
    }
    facts |= chosen
    facts["source"] = contact.source if contact else told.source
    if contact:
        facts["night"], facts["late_entry"] = contact.night, contact.late_entry
    if told.sender:
        facts["transferred"] = True
    source = rules.value("source", str(facts["source"]))
    if source:
        facts["level"] = source.level or "project"
        facts["transferred"] = bool(facts.get("transferred")) or source.sender
    return implied(rules, facts)


def _require_deciders(rules: Rulebook, told: Told, roles: Sequence[str]) -> None:
    """What only certain roles decide is not decided by registering either."""
    for axis_id, value in told.facts.items():
        known = rules.axis(axis_id)
        if known and value and known[1].decided_by and not set(known[1].decided_by) & set(roles):
            axis = known[1]
            raise Refused(
                "wrong-decider", f"“{axis.title}”由制度指定的岗位确定。", axis.clause, axis_id
            )


def _require_listed(rules: Rulebook, axis_id: str, value: str | bool) -> None:
    """A value chosen by hand is one of the regulation's list, where it has a list."""
    found = rules.axis(axis_id)
    if found and isinstance(value, str) and value not in {known.code for known in found[1].values}:
        raise Refused(
            "unknown-value",
            f"“{found[1].title}”没有这个选项，请从列表中选。",
            found[1].clause,
            axis_id,
        )


def title_of(text: str) -> str:
    """The first words of the text, for lists."""
    line = " ".join(text.split())
    return line if len(line) <= TITLE_LENGTH else f"{line[:TITLE_LENGTH]}…"


def next_number(prefix: str, project: OrgUnit, day: date) -> str:
    """S-CH-261121-014: no gaps and no doubles, because the series is locked while one is taken."""
    name = f"{prefix}-{project.code}-{day:%y%m%d}"
    series = NumberSeries.objects.select_for_update().filter(name=name).first()
    if series is None:
        NumberSeries.objects.get_or_create(name=name)
        series = NumberSeries.objects.select_for_update().get(name=name)
    series.last += 1
    series.save(update_fields=["last"])
    return f"{name}-{series.last:03d}"


def _tell_owner(case: Case, at: datetime) -> None:
    tell(
        people=[case.owner],
        event=f"case:{case.pk}:owner:{case.owner.number}",
        at=at,
        subject=f"您是首问责任人：{case.address} {case.title}",
        url=f"/cases/{case.number}",
        urgent=case.urgent,
    )


def add_details(
    *,
    case: Case,
    by: Scope,
    at: datetime,
    details: Mapping[str, Any],
    unit: Unit | None = None,
    customer: Customer | None = None,
) -> Case:
    """Number at once, details later. The copies on the case follow only while they were empty."""
    with acting(case, by=by, right="case.work", at=at) as act:
        given = {k: v for k, v in details.items() if v}
        act.write("detailed", {"details": given, **({"unit": unit.label} if unit else {})})
        _fill_copies(act.case, given, unit, customer)
    return case


def _fill_copies(
    case: Case, given: Mapping[str, Any], unit: Unit | None, customer: Customer | None
) -> None:
    case.customer_name = case.customer_name or str(given.get("name", ""))[:60]
    case.customer_phone = case.customer_phone or str(given.get("phone", ""))[:40]
    case.address = case.address or str(given.get("room", "") or (unit.label if unit else ""))[:120]
    case.unit, case.customer = case.unit or unit, case.customer or customer


def tick(*, case: Case, ticks: Sequence[str], by: Scope, at: datetime) -> Case:
    """Confirm things that the regulation wants confirmed (四清楚一报告)."""
    with acting(case, by=by, right="case.work", at=at) as act:
        act.write("ticked", {"ticks": list(ticks)})
    return case
