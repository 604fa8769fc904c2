"""Planning return visits: drawn or not, who goes, and what is added by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import cast

from django.db import transaction

from shouwen.accounts.models import Staff
from shouwen.accounts.queries import holders, people_with_role, present
from shouwen.accounts.scope import Scope, scope_of
from shouwen.adoption.queries import calendars, rulebook
from shouwen.cases.actions.closing import write_visit_event
from shouwen.cases.actions.intake import next_number
from shouwen.cases.models import Case
from shouwen.cases.queries import as_entries, journal
from shouwen.followup.models import Cursor, Visit
from shouwen.followup.queries import handlers_of, rule_of, undrawn
from shouwen.notify.actions import tell
from shouwen.rules.case_kinds import ReturnVisit
from shouwen.rules.closing import this_round
from shouwen.rules.due import window
from shouwen.rules.lifecycle import CLOSED, DONE, FED_BACK, State, fold
from shouwen.rules.refused import Refused
from shouwen.rules.regulation import Regulation
from shouwen.rules.visits import (
    HANDLER,
    HEADS,
    draw,
    fills,
    is_drawn,
    may_draw,
    rate,
    require_visitors,
    visit_rules,
)

#: The name under which visits read the journal.
VISITS = "followup"
#: Work that is finished so far may be asked about.
_FINISHED = frozenset({DONE, FED_BACK, CLOSED})


def locked_cursor(name: str = VISITS) -> Cursor:
    """Whoever plans holds the cursor: one at a time, so that nobody waits crosswise."""
    cursor, _ = Cursor.objects.select_for_update().get_or_create(name=name)
    return cursor


def plan_visits(*, case: Case, at: datetime) -> None:
    """Bring the visits of a case to what its journal asks for now, drawn or not.

    Whatever is not wanted any more (taken up again, voided, merged, classed otherwise) is called
    off. Asked again it changes nothing.
    """
    entries = as_entries(journal(case))
    state = fold(entries)
    began = {entry.verb: entry.at for entry in this_round(entries)}
    wanted = [
        _plan(case, regulation, rule, began[rule.after], state, at)
        for regulation, rule in visit_rules(rulebook(case.rulebook_id), state.facts)
        if state.status in _FINISHED and rule.after in began
    ]
    waiting = case.visits.filter(state__in=[Visit.State.PLANNED, Visit.State.NOT_DRAWN])
    waiting.exclude(pk__in=[visit.pk for visit in wanted]).update(state=Visit.State.CANCELLED)


def _plan(
    case: Case,
    regulation: Regulation,
    rule: ReturnVisit,
    after_at: datetime,
    state: State,
    at: datetime,
) -> Visit:
    visit = Visit.objects.filter(case=case, round=state.round, rule=rule.id).first()
    if visit and _stands(visit, after_at):
        return visit
    visit = visit or _new(case, regulation, rule, state)
    calendar = calendars(case.calendar_id).for_case(state.facts)
    opens, closes = window(rule.window, after_at, calendar)
    visit.after_at, visit.not_before = after_at, opens
    visit.due_at = cast(datetime, closes.at)  # nothing pauses it: there is one
    drawn = is_drawn(rule, case.number, state.round)
    visit.state = Visit.State.PLANNED if drawn else Visit.State.NOT_DRAWN
    visit.topped_up = False
    visit.save()
    if drawn:
        send_out(visit, proposed(visit, rule, state.handlers, at), at)
    return visit


def _stands(visit: Visit, after_at: datetime) -> bool:
    """Made already, or planned after the same work; what was called off may be wanted again."""
    if visit.state == Visit.State.DONE:
        return True
    return visit.state != Visit.State.CANCELLED and visit.after_at == after_at


def _new(case: Case, regulation: Regulation, rule: ReturnVisit, state: State) -> Visit:
    return Visit(
        case=case,
        project_id=case.project_id,
        company_id=case.company_id,
        group_id=case.group_id,
        round=state.round,
        rule=rule.id,
        regulation=regulation.id,
        title=rule.title,
        clause=rule.clause,
        kind=str(state.facts.get("kind", "other")),
        draw=draw(case.number, rule.id, state.round),
        rate=rate(rule.rate),
        target=rate(rule.target or rule.rate),
    )


def send_out(visit: Visit, people: Sequence[Staff], at: datetime) -> None:
    """The visitors get the visit, with the number of its 《回访记录表》 (S2-A18-6a)."""
    visit.visitors.set(people)
    if not visit.form_number:
        day = calendars(visit.case.calendar_id).duty.date_of(at)
        visit.form_number = next_number("H", visit.project, day)
        visit.save(update_fields=["form_number"])
    numbers = "-".join(person.number for person in people)
    tell(
        people=people,
        event=f"visit:{visit.pk}:{visit.after_at.timestamp():.0f}:{numbers}",
        at=at,
        subject=f"请回访：{visit.case.address or visit.case.customer_name} {visit.case.title}",
        url=f"/visits/{visit.pk}",
    )


# --- Who goes -------------------------------------------------------------------------------------


def proposed(visit: Visit, rule: ReturnVisit, handlers: Iterable[str], at: datetime) -> list[Staff]:
    """Visitors by the rule, of those who are here: one for each place where several go.

    Where the rule does not forbid it, who did the work goes first; then the owner.
    """
    handled = set(handlers)
    chosen: list[Staff] = []
    for place in rule.by[: rule.together] if rule.together > 1 else rule.by:
        people = _people(place, visit.case, handled, at)
        people.sort(key=lambda person: person != (visit.case.delegate or visit.case.owner))
        chosen += [p for p in people if _may_go(p, place, rule, chosen, visit, handled, at)][:1]
        if len(chosen) >= rule.together:
            break
    return chosen


def _people(place: str, case: Case, handlers: set[str], at: datetime) -> list[Staff]:
    if place == HANDLER:
        return present(Staff.objects.filter(number__in=handlers).order_by("number"), at)
    if place == "dept_head" and case.department:
        heads = present(holders([case.department], HEADS, at), at)
        return heads or people_with_role(place, case.project, at)
    return people_with_role(place, case.project, at)


def _may_go(
    person: Staff,
    place: str,
    rule: ReturnVisit,
    chosen: Sequence[Staff],
    visit: Visit,
    handlers: set[str],
    at: datetime,
) -> bool:
    """A deputy of somebody absent goes only if the rule allows him by himself."""
    if person in chosen or (rule.never_by == "handler" and person.number in handlers):
        return False
    return fills(place, person.number, scope_of(person, at).roles(visit.project), handlers)


def require_people(
    rule: ReturnVisit, visit: Visit, people: Sequence[Staff], sent_by: Staff | None, at: datetime
) -> None:
    """Refuse visitors whom the rule does not allow, or who are not of this project."""
    visitors = [(person.number, scope_of(person, at).roles(visit.project)) for person in people]
    if any(not roles for _, roles in visitors):
        raise Refused("not-found", "这个人不在本项目，不能回访。", field="visitors")
    sender = scope_of(sent_by, at).roles(visit.project) if sent_by else ()
    require_visitors(rule, visitors, handlers_of(visit), sender)


def locked(visit: Visit) -> Visit:
    """The case first, then the visit: everybody in this order."""
    Case.objects.select_for_update().only("pk").get(pk=visit.case_id)
    rows = Visit.objects.select_for_update(of=("self",))
    return rows.select_related("case__project").get(pk=visit.pk)


def choose_visitor(*, visit: Visit, people: Sequence[Staff], by: Scope, at: datetime) -> None:
    """Name who makes the visit, within what the rule allows."""
    by.require("visit.assign", visit.project)
    with transaction.atomic():
        visit = Visit.objects.select_for_update().get(pk=visit.pk)
        if visit.state != Visit.State.PLANNED:
            raise Refused("not-planned", "这次回访不在待办中，不用再指定回访人。")
        require_people(rule_of(visit), visit, people, by.staff, at)
        visit.assigned_by = by.staff
        visit.save(update_fields=["assigned_by"])
        send_out(visit, people, at)


# --- Adding to the sample -------------------------------------------------------------------------


def draw_more(*, visits: Sequence[Visit], needed: int, by: Scope, at: datetime) -> list[Visit]:
    """Add undrawn visits to the sample: those that fell lowest, so that anybody can check that
    nobody picked. `visits` are all of one rule and period."""
    chosen = undrawn(visits)[:needed]
    with transaction.atomic():
        locked_cursor()
        _require_within_limit(visits, len(chosen))
        for visit in chosen:
            plan_visit(visit=visit, by=by, at=at)
    return chosen


def _require_within_limit(visits: Sequence[Visit], more: int) -> None:
    rule = rule_of(visits[0]) if visits and more else None
    if rule is None or not rule.most:
        return
    drawn = sum(visit.state != Visit.State.NOT_DRAWN for visit in visits)
    if more > may_draw(len(visits), drawn, rate(rule.most)):
        raise Refused("too-many-drawn", f"最多抽 {rule.most}，不能再加抽这么多。", rule.clause)


def plan_visit(*, visit: Visit, by: Scope, at: datetime) -> None:
    """Take an undrawn visit into the sample by hand; from then on it is promised like the
    others."""
    by.require("visit.assign", visit.project)
    with transaction.atomic():
        locked_cursor()
        visit = locked(visit)
        if visit.state != Visit.State.NOT_DRAWN:
            raise Refused("drawn-already", "这件事已经在回访名单中。")
        visit.state, visit.topped_up = Visit.State.PLANNED, True
        visit.save(update_fields=["state", "topped_up"])
        write_visit_event(
            case=visit.case, verb="visit-planned", by=by, at=at, data={"rule": visit.rule}
        )
        send_out(visit, proposed(visit, rule_of(visit), handlers_of(visit), at), at)
