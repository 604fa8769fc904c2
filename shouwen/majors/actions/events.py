"""A major event: opened, its cause set, its report written and sent, and at last closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.adoption.actions import pin
from shouwen.adoption.queries import rulebook
from shouwen.cases.actions.intake import next_number
from shouwen.cases.actions.recording import Act, acting
from shouwen.cases.models import Case
from shouwen.estate.queries import place_of
from shouwen.majors.actions.reporting import address, addressees
from shouwen.majors.models import SECTIONS, MajorEvent
from shouwen.majors.queries import event_of, group_event, open_points
from shouwen.notify.actions import tell
from shouwen.rules.grades import AXIS, is_grave
from shouwen.rules.refused import Refused

CAUSES, TYPES = "event_cause", "event_type"


@dataclass(frozen=True)
class About:
    """What an event is about: one case, or a group with its project."""

    project: OrgUnit
    title: str
    case: Case | None = None
    group: str = ""


def open_event(
    *,
    case: Case | None = None,
    group: str = "",
    project: OrgUnit | None = None,
    title: str = "",
    reason: str,
    clause: str = "",
    event_type: str = "",
    grade: str = "",
    by: Scope | None,
    at: datetime,
) -> MajorEvent:
    """Make a matter a major event; what is one already stays the one that it is.

    `case`, or the number of a `group` with its `project` and `title`. Without `by` a clause
    decides. Whom the regulations and the matrix name is told, or gets a time to be told by.
    """
    if not reason.strip():
        raise Refused("no-reason", "请写明为什么列为重大事件。", field="reason")
    about = _about(case, group, project, title)
    if by is not None:
        by.require("case.rule", about.project)
    with transaction.atomic():
        known = _open_one(about)
        if known is not None:
            return known
        event = _new(about, reason.strip(), clause, event_type, grade, by, at)
        if about.case is not None:
            _write_opened(about.case, event, by, at)
        address(event, at)
        _tell_opened(event, at)
    return event


def _about(case: Case | None, group: str, project: OrgUnit | None, title: str) -> About:
    if case is not None:
        return About(case.project, (title or case.title)[:80], case, group)
    if not group or project is None:
        raise Refused("about-nothing", "请写明是哪一件诉求或哪一个群体事项。")
    return About(project, title[:80] or group, None, group)


def _open_one(about: About) -> MajorEvent | None:
    """The event that this matter has already. The case, or the group's project, is locked, so that
    two at once make one."""
    if about.case is not None:
        Case.objects.select_for_update(of=("self",)).order_by().get(pk=about.case.pk)
        return event_of(about.case)
    OrgUnit.objects.select_for_update(no_key=True).get(pk=about.project.pk)
    return group_event(about.group)


def _new(
    about: About,
    reason: str,
    clause: str,
    event_type: str,
    grade: str,
    by: Scope | None,
    at: datetime,
) -> MajorEvent:
    case, project = about.case, about.project
    facts = dict(case.facts) if case else {"kind": "complaint", AXIS: grade or "group"}
    return MajorEvent.objects.create(
        **place_of(project),
        number=next_number("ZD", project, localdate(at)), title=about.title, case=case,
        group_number=about.group, grade=grade or str(facts.get(AXIS) or ""),
        event_type=event_type or str(facts.get(TYPES) or ("group" if about.group else "")),
        cause=str(facts.get(CAUSES) or ""), facts=facts,
        rulebook=case.rulebook if case else pin(project, at), reason=reason, clause=clause,
        opened_at=at, opened_by=by.staff if by else None,
    )  # fmt: skip


def _write_opened(case: Case, event: MajorEvent, by: Scope | None, at: datetime) -> None:
    """On record with the case, which is grave from now on."""
    with acting(case, by=by, right="case.rule", at=at) as act:
        said = {"event": event.number, "reason": event.reason, "clause": event.clause}
        act.write("event-opened", said)
        facts = _graver(act, event)
        if facts:
            act.write("classified", {"facts": facts, "reason": event.reason})
    event.grade = event.grade or str(case.facts.get(AXIS) or "")
    event.save(update_fields=["grade"])


def _graver(act: Act, event: MajorEvent) -> dict[str, str]:
    """What the event says about the case that was not known of it."""
    facts = {TYPES: event.event_type} if event.event_type else {}
    if not is_grave(act.rulebook, act.state.facts) and act.state.is_open:
        facts |= _grave_grade(act, event)
    return {
        name: value
        for name, value in facts.items()
        if act.state.facts.get(name) != value and act.rulebook.value(name, value)
    }


def _grave_grade(act: Act, event: MajorEvent) -> dict[str, str]:
    """The grade of the event, else the major one, else the first that is more than ordinary."""
    listed = act.rulebook.axis(AXIS)
    grave = [value.code for value in listed[1].values][1:] if listed else []
    wanted = [code for code in (event.grade, "major", *grave) if code in grave]
    return {AXIS: wanted[0]} if wanted else {}


def _tell_opened(event: MajorEvent, at: datetime) -> None:
    """The company's desk forms the report, the project's head knows (4.3.4)."""
    people = [*addressees(event, "company_cs", at), *addressees(event, "project_manager", at)]
    tell(
        people=dict.fromkeys(people),
        event=f"event:{event.pk}:opened",
        at=at,
        urgent=True,
        subject=f"重大事件 {event.number}：{event.title}",
        body=f"{event.reason}\n请成立处理小组，形成专项分析报告并上报。",
        url=f"/majors/{event.number}",
    )


def locked(event: MajorEvent) -> MajorEvent:
    """The event, held for this transaction; one that is over takes no more."""
    found = (
        MajorEvent.objects.select_for_update(of=("self",))
        .select_related("case__project__company", "project", "company")
        .get(pk=event.pk)
    )
    if not found.is_open:
        raise Refused("event-closed", f"重大事件 {found.number} 已经结束，不能再改。")
    return found


def set_cause(
    *, event: MajorEvent, cause: str, event_type: str = "", by: Scope, at: datetime
) -> MajorEvent:
    """What brought it about decides who is told: 设计、施工 also the developer's committee."""
    with transaction.atomic():
        found = locked(event)
        by.require("case.rule", found.project)
        _require_listed(found, CAUSES, cause)
        _require_listed(found, TYPES, event_type)
        found.cause, found.event_type = cause or found.cause, event_type or found.event_type
        found.save(update_fields=["cause", "event_type"])
        if found.case is not None:
            _write_cause(found, by, at)
        address(found, at)
    return found


def _require_listed(event: MajorEvent, axis: str, value: str) -> None:
    if value and rulebook(event.rulebook_id).value(axis, value) is None:
        raise Refused("unknown-value", "没有这个选项，请从列表中选。", field=axis)


def _write_cause(event: MajorEvent, by: Scope, at: datetime) -> None:
    with acting(event.case, by=by, right="case.rule", at=at) as act:  # type: ignore[arg-type] # asked before
        known = {CAUSES: event.cause, TYPES: event.event_type}
        new = {axis: value for axis, value in known.items() if value}
        new = {axis: value for axis, value in new.items() if act.state.facts.get(axis) != value}
        if new and act.state.is_open:
            act.write("classified", {"facts": new, "reason": f"重大事件 {event.number}"})


# --- The special report ---------------------------------------------------------------------------


def draft_report(*, event: MajorEvent, by: Scope, at: datetime, **sections: str) -> MajorEvent:
    """Write some of the four sections. What was sent stays as it was sent."""
    with transaction.atomic():
        found = locked(event)
        by.require("case.rule", found.project)
        if found.sendings.filter(what="report", sent_at__isnull=False).exists():
            raise Refused("report-sent", "专项报告已经上报，不能再改；补充情况请记入会议或措施。")
        for name in SECTIONS.keys() & sections.keys():
            setattr(found, name, sections[name].strip())
        found.drafted_by, found.drafted_at = by.staff, at
        found.save()
    return found


def send_report(*, event: MajorEvent, by: Scope, at: datetime) -> MajorEvent:
    """To everybody who gets the report and has not had it. No section may be empty (4.3.4); it is
    the company that reports."""
    with transaction.atomic():
        found = locked(event)
        by.require("case.rule", found.company)
        if found.empty_sections:
            missing = "、".join(found.empty_sections)
            raise Refused("empty-section", f"专项报告还缺：{missing}，写好再上报。", "4.3.4")
        waiting = list(found.sendings.filter(what="report", sent_at=None))
        if not waiting:
            raise Refused("nobody-waits", "该报送的单位都已报送。")
        text = {name: getattr(found, name) for name in SECTIONS}
        for sending in waiting:
            sending.sent_at, sending.sent_by, sending.report = at, by.staff, text
            sending.save()
            _tell_report(found, sending.to, sending.pk, at)
        names = [sending.name for sending in waiting]
        _write(found, "event-reported", {"to": names}, by, at)
    return found


def _tell_report(event: MajorEvent, to: str, pk: int, at: datetime) -> None:
    tell(
        people=addressees(event, to, at) if to else [],
        event=f"event:{event.pk}:report:{pk}",
        at=at,
        urgent=True,
        subject=f"专项分析报告 {event.number}：{event.title}",
        url=f"/majors/{event.number}",
    )


def _write(event: MajorEvent, verb: str, data: dict[str, object], by: Scope, at: datetime) -> None:
    """On record with the case, where the event is about one that can still take it."""
    if event.case is None or event.case.status in (Case.Status.MERGED, Case.Status.VOID):
        return
    with acting(event.case, by=by, right="case.rule", at=at) as act:
        act.write(verb, {"event": event.number, **data})


def close_event(*, event: MajorEvent, text: str, by: Scope, at: datetime) -> MajorEvent:
    """Over when everybody was told, a task force met, and everything that followed is done."""
    if not text.strip():
        raise Refused("empty-text", "请写明事件怎样结束。", field="text")
    with transaction.atomic():
        found = locked(event)
        by.require("case.rule", found.company)
        missing = [point.title for point in open_points(found) if not point.done]
        if missing:
            raise Refused("event-unfinished", f"还不能结束，还差：{'、'.join(missing)}。", "4.3.4")
        found.state, found.closed_at, found.closing = MajorEvent.State.CLOSED, at, text.strip()
        found.save()
        _write(found, "event-closed", {"text": found.closing}, by, at)
    return found
