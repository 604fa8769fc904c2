"""Return visits: planned from the journal, drawn, tried, recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from django.db import transaction

from shouwen.accounts.models import Staff
from shouwen.accounts.queries import people_with_role
from shouwen.accounts.scope import Scope, scope_of
from shouwen.adoption.queries import calendars, rulebook
from shouwen.cases.actions.closing import record_visit, write_visit_event
from shouwen.cases.actions.intake import next_number
from shouwen.cases.models import Attachment, Case, JournalEntry
from shouwen.cases.queries import as_entries, journal
from shouwen.followup.models import Cursor, Visit, VisitAttempt
from shouwen.notify.actions import tell
from shouwen.rules.due import window
from shouwen.rules.lifecycle import fold
from shouwen.rules.refused import Refused
from shouwen.rules.regulation import Regulation, ReturnVisit
from shouwen.rules.visits import (
    REOPENS,
    draw,
    is_drawn,
    rate,
    require_visitors,
    top_up,
    visit_rules,
)

#: Entries after which a visit may fall due, or no longer be wanted.
WATCHED = ("done", "fed-back", "closed", "reopened", "voided", "merged", "verified")
#: An id that has not shown itself for so long was never committed.
PATIENCE = timedelta(minutes=10)
BATCH = 500


def follow(*, at: datetime) -> int:
    """Read on in the journal and plan what it asks for. Returns how many entries were read.

    Ids are not commit order on PostgreSQL: gaps are remembered and looked at again until they
    appear or
    are too old to. Reading an entry twice plans nothing twice.
    """
    with transaction.atomic():
        cursor, _ = Cursor.objects.select_for_update().get_or_create(name="followup")
        late = {int(pk): since for pk, since in cursor.behind.items()}
        found = list(
            JournalEntry.objects.filter(pk__gt=cursor.last)
            .order_by("pk")
            .values_list("pk", flat=True)[:BATCH]
        )
        appeared = list(JournalEntry.objects.filter(pk__in=late).values_list("pk", flat=True))
        for pk in [*appeared, *found]:
            _read(pk, at)
        _remember(cursor, late, found, appeared, at)
    return len(found) + len(appeared)


def _remember(
    cursor: Cursor, late: dict[int, str], found: list[int], appeared: list[int], at: datetime
) -> None:
    top = max(found, default=cursor.last)
    gaps = set(range(cursor.last + 1, top + 1)) - set(found)
    waiting = {pk: since for pk, since in late.items() if pk not in appeared}
    waiting |= dict.fromkeys(gaps, at.isoformat())
    cursor.behind = {
        str(pk): since
        for pk, since in waiting.items()
        if at - datetime.fromisoformat(since) < PATIENCE
    }
    cursor.last = top
    cursor.save()


def _read(pk: int, at: datetime) -> None:
    entry = JournalEntry.objects.select_related("case__project__company", "case__owner").get(pk=pk)
    if entry.verb not in WATCHED:
        return
    case = entry.case
    if entry.verb in ("reopened", "voided", "merged") or entry.data.get("result") == "not-ok":
        _cancel(case, before=entry.data)
    else:
        plan_visits(case=case, entry=entry, at=at)


def _cancel(case: Case, before: Mapping[str, Any]) -> None:
    """Visits still waiting when the work is taken up again, or the case has ended, are not made."""
    Visit.objects.filter(
        case=case,
        round__lt=case.round if case.is_open else case.round + 1,
        state__in=[Visit.State.PLANNED, Visit.State.NOT_DRAWN],
    ).update(state=Visit.State.CANCELLED)


def plan_visits(*, case: Case, entry: JournalEntry, at: datetime) -> list[Visit]:
    """The visits that this entry starts, drawn or not, with a visitor for those drawn."""
    entries = [e for e in as_entries(journal(case)) if e.seq <= entry.seq]
    state = fold(entries)
    rules = visit_rules(rulebook(case.rulebook_id), state.facts)
    wanted = [(regulation, rule) for regulation, rule in rules if rule.after == entry.verb]
    return [
        _plan(case, regulation, rule, entry.at, state.round, state.handlers, at)
        for regulation, rule in wanted
    ]


def _plan(
    case: Case,
    regulation: Regulation,
    rule: ReturnVisit,
    after_at: datetime,
    round_: int,
    handlers: set[str],
    at: datetime,
) -> Visit:
    opens, closes = window(rule.window, after_at, calendars(case.calendar_id).duty)
    drawn = is_drawn(rule, case.number, round_)
    visit, new = Visit.objects.get_or_create(
        case=case,
        round=round_,
        rule=rule.id,
        defaults={
            "project_id": case.project_id,
            "company_id": case.company_id,
            "group_id": case.group_id,
            "regulation": regulation.id,
            "title": rule.title,
            "clause": rule.clause,
            "kind": case.kind,
            "draw": draw(case.number, rule.id, round_),
            "rate": rate(rule.rate),
            "target": rate(rule.target or rule.rate),
            "after_at": after_at,
            "not_before": opens,
            "due_at": cast(datetime, closes.at),  # nothing pauses it: there is one
            "state": Visit.State.PLANNED if drawn else Visit.State.NOT_DRAWN,
        },
    )
    if new and drawn:
        _send_visitors(visit, _proposed(visit, rule, handlers, at), at)
    return visit


def _proposed(visit: Visit, rule: ReturnVisit, handlers: set[str], at: datetime) -> list[Staff]:
    """Visitors by the rule: one for each role where several go, the owner first where he may."""
    case = visit.case
    chosen: list[Staff] = []
    for role in rule.by[: rule.together] if rule.together > 1 else rule.by:
        people = people_with_role(role, case.project, at)
        people.sort(key=lambda person: person != (case.delegate or case.owner))
        free = [
            person
            for person in people
            if person not in chosen
            and not (rule.never_by == "handler" and person.number in handlers)
        ]
        chosen += free[:1]
        if len(chosen) >= rule.together:
            break
    return chosen


def _send_visitors(visit: Visit, people: Sequence[Staff], at: datetime) -> None:
    visit.visitors.set(people)
    tell(
        people=people,
        event=f"visit:{visit.pk}:assigned:{'-'.join(p.number for p in people)}",
        at=at,
        subject=f"请回访：{visit.case.address or visit.case.customer_name} {visit.case.title}",
        url=f"/visits/{visit.pk}",
    )


def choose_visitor(*, visit: Visit, people: Sequence[Staff], by: Scope, at: datetime) -> None:
    """Name who makes the visit, within what the rule allows."""
    by.require("visit.assign", visit.project)
    rule = _rule(visit)
    _require(rule, visit, people, at)
    with transaction.atomic():
        _send_visitors(visit, people, at)


def _rule(visit: Visit) -> ReturnVisit:
    found = [
        rule
        for _, rule in rulebook(visit.case.rulebook_id).all("return_visit")
        if rule.id == visit.rule
    ]
    return found[0]  # type: ignore[no-any-return] # Rulebook.all gives rules of every kind


def _require(rule: ReturnVisit, visit: Visit, people: Sequence[Staff], at: datetime) -> None:
    place = visit.case.project
    visitors = [(person.number, scope_of(person, at).roles(place)) for person in people]
    if any(not roles for _, roles in visitors):
        raise Refused("not-found", "这个人不在本项目，不能回访。", field="visitors")
    require_visitors(rule, visitors, _handlers(visit))


def _handlers(visit: Visit) -> set[str]:
    """Who worked in the round that is asked about (a later round has other handlers)."""
    entries = as_entries(journal(visit.case))
    later = [e.seq for e in entries if e.verb == "reopened"][visit.round - 1 :]
    return fold(e for e in entries if not later or e.seq < later[0]).handlers


def draw_more(*, visits: Sequence[Visit], needed: int, by: Scope, at: datetime) -> list[Visit]:
    """Add undrawn cases to the sample until the target can be met: the lowest draws first, so
    that anybody
    can check that nobody picked."""
    undrawn = {str(v.pk): v for v in visits if v.state == Visit.State.NOT_DRAWN}
    chosen = [
        undrawn[name] for name in top_up(((v.draw, name) for name, v in undrawn.items()), needed)
    ]
    for visit in chosen:
        plan_visit(visit=visit, by=by, at=at)
    return chosen


def plan_visit(*, visit: Visit, by: Scope, at: datetime) -> None:
    """Take an undrawn case into the sample by hand; from then on it is promised like the others."""
    by.require("visit.assign", visit.project)
    if visit.state != Visit.State.NOT_DRAWN:
        raise Refused("drawn-already", "这件事已经在回访名单中。")
    with transaction.atomic():
        visit.state, visit.topped_up = Visit.State.PLANNED, True
        visit.save(update_fields=["state", "topped_up"])
        write_visit_event(
            case=visit.case, verb="visit-planned", by=by, at=at, data={"rule": visit.rule}
        )
        _send_visitors(visit, _proposed(visit, _rule(visit), _handlers(visit), at), at)


def attempt(
    *,
    visit: Visit,
    by: Scope,
    at: datetime,
    outcome: str,
    note: str = "",
    again_at: datetime | None = None,
    happened: datetime | None = None,
) -> VisitAttempt:
    """Tried and reached nobody. The promise stays open."""
    by.require("visit.make", visit.project)
    _require_planned(visit)
    with transaction.atomic():
        write_visit_event(
            case=visit.case,
            verb="visit-attempted",
            by=by,
            at=at,
            data={"rule": visit.rule, "outcome": outcome, "note": note},
        )
        return VisitAttempt.objects.create(
            visit=visit,
            at=happened or at,
            by=by.staff,
            outcome=outcome,
            note=note[:200],
            again_at=again_at,
        )


def _require_planned(visit: Visit) -> None:
    if visit.state == Visit.State.NOT_DRAWN:
        raise Refused("not-drawn", "这件事没有抽中回访；需要回访请先加入名单。")
    if visit.state != Visit.State.PLANNED:
        raise Refused("visited-already", "这次回访已经有结果。")


@dataclass(frozen=True)
class Answer:
    """What the customer said."""

    result: str
    """satisfied, partly, unsatisfied"""
    opinion: str = ""
    spoken_to: str = ""
    mode: str = "phone"
    scores: Mapping[str, Any] = field(default_factory=dict)
    visitors: Sequence[Staff] = ()
    """Who made the visit, when not the one who types it."""
    signature: Attachment | None = None
    no_signature: str = ""


def record(
    *,
    visit: Visit,
    answer: Answer,
    by: Scope,
    at: datetime,
    happened: datetime | None = None,
) -> Visit:
    """Record a return visit. Who is not satisfied, or only partly, has his matter opened again at
    once."""
    by.require("visit.make", visit.project)
    _require_planned(visit)
    rule, visitors = _rule(visit), list(answer.visitors) or [by.staff]
    _require(rule, visit, visitors, at)
    _require_answer(rule, answer)
    visited_at = happened or at
    if visited_at > at:
        raise Refused("in-the-future", "回访时间不能晚于现在。", field="happened")
    with transaction.atomic():
        _store(visit, answer, visitors, by, visited_at)
        record_visit(
            case=visit.case,
            by=by,
            at=at,
            happened=visited_at,
            said_by=answer.spoken_to,
            data=_entry(visit, answer, visitors, visited_at),
            reopen_because=_why_reopened(visit, answer),
        )
    return visit


def _why_reopened(visit: Visit, answer: Answer) -> str:
    if answer.result not in REOPENS or visit.case.status not in ("done", "fed-back", "closed"):
        return ""
    word = "部分解决" if answer.result == "partly" else "不满意"
    return f"回访{word}：{answer.opinion.strip()}"


def _require_answer(rule: ReturnVisit, answer: Answer) -> None:
    if answer.result not in ("satisfied", "partly", "unsatisfied"):
        raise Refused("no-result", "请选客户的评价。", rule.clause, "result")
    if answer.result in REOPENS and not answer.opinion.strip():
        raise Refused("no-opinion", "客户不满意，请写下还有什么没解决。", rule.clause, "opinion")
    if rule.modes and answer.mode not in rule.modes:
        raise Refused(
            "wrong-mode", "制度规定的回访方式不同，请按规定方式回访。", rule.clause, "mode"
        )
    for score in rule.scores:
        if score.required and answer.scores.get(score.id) in (None, ""):
            raise Refused("no-score", f"请填“{score.title}”。", rule.clause, score.id)
    if rule.proof == "signature" and not (answer.signature or answer.no_signature.strip()):
        raise Refused(
            "no-signature", "请附客户签名，没有签名要写明原因。", rule.clause, "signature"
        )


def _store(
    visit: Visit, answer: Answer, visitors: Sequence[Staff], by: Scope, visited_at: datetime
) -> None:
    if visited_at < visit.not_before:
        raise Refused(
            "too-early",
            f"这项回访要在 {visit.not_before.astimezone():%m-%d} 以后进行，现在回访不算数。",
            visit.clause,
            "happened",
        )
    visit.state, visit.visited_at, visit.typed_by = Visit.State.DONE, visited_at, by.staff
    visit.result, visit.opinion, visit.mode = answer.result, answer.opinion.strip(), answer.mode
    visit.spoken_to, visit.scores = answer.spoken_to[:60], dict(answer.scores)
    visit.signature, visit.no_signature = answer.signature, answer.no_signature[:100]
    day = calendars(visit.case.calendar_id).duty.date_of(visited_at)
    visit.form_number = next_number("H", visit.case.project, day)
    visit.save()
    visit.visitors.set(visitors)


def _entry(
    visit: Visit, answer: Answer, visitors: Sequence[Staff], visited_at: datetime
) -> dict[str, Any]:
    return {
        "rule": visit.rule,
        "result": answer.result,
        "text": answer.opinion.strip(),
        "mode": answer.mode,
        "phase": "after",
        "form": visit.form_number,
        "visitors": [person.number for person in visitors],
        "scores": dict(answer.scores),
        "signed": answer.signature is not None,
        "no_signature": answer.no_signature,
        "late": visited_at > visit.due_at,
    }
