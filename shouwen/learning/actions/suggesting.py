"""Suggestions: received, told, taken up or not, answered, and what of them was put up.

The row of a suggestion equals what the journal of its case says of it (`keep`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from shouwen.accounts.models import Staff
from shouwen.accounts.scope import Scope
from shouwen.cases.actions.recording import acting
from shouwen.cases.models import Case
from shouwen.cases.queries import as_entries, journal
from shouwen.estate.queries import place_of
from shouwen.learning.models import Suggestion
from shouwen.rules.corrections import require_written
from shouwen.rules.journal import Entry
from shouwen.rules.lifecycle import fold
from shouwen.rules.refused import Refused

KIND = "suggestion"
LEADS = "case.rule"
ANSWERS = ("customer-contacted", "fed-back")


def keep(case: Case) -> Suggestion | None:
    """Bring the row of a suggestion to what its journal says. A case that is classed otherwise is
    none, unless something was decided about it."""
    entries = as_entries(journal(case))
    row = Suggestion.objects.filter(case=case).first()
    if fold(entries).facts.get("kind") != KIND and not (row and row.decision):
        if row:
            row.delete()
        return None
    row = row or Suggestion(case=case, **place_of(case.project), received_at=case.opened_at)
    _read(row, entries)
    row.save()
    return row


def _read(row: Suggestion, entries: Sequence[Entry]) -> None:
    told = next((entry for entry in entries if entry.verb == "reported"), None)
    row.told_at = told.at if told else None
    decided = next((e for e in reversed(entries) if e.verb == "suggestion-decided"), None)
    if decided is None:
        return
    row.decision, row.decided_at = decided.data["decision"], decided.at
    row.decided_by = Staff.objects.get(number=decided.by)
    row.reason, row.plan = decided.data["reason"], decided.data["plan"]
    answer = next((e for e in entries if e.seq > decided.seq and e.verb in ANSWERS), None)
    row.answered_at = answer.at if answer else None


def decide(
    *,
    suggestion: Suggestion,
    decision: str,
    by: Scope,
    at: datetime,
    reason: str = "",
    plan: str = "",
) -> Suggestion:
    """Taken up, planned for, or not: with the reason, and from then on the resident is to be told
    by phone (S2-A14-4b, S2-JD-4b)."""
    words = dict(Suggestion.Decision.choices)
    if decision not in words or not decision:
        raise Refused("unknown-decision", "请选采纳与否。", field="decision")
    if decision == Suggestion.Decision.DECLINED:
        require_written([("reason", "不采纳的理由，好向业主说明", reason)])
    if decision == Suggestion.Decision.PLANNED:
        require_written([("plan", "整改措施", plan)])
    with transaction.atomic():
        with acting(suggestion.case_id, by=by, right=LEADS, at=at) as act:
            text = f"{words[decision]}。{plan.strip() or reason.strip()}"
            data = {"decision": decision, "reason": reason.strip(), "plan": plan.strip()}
            act.write("suggestion-decided", {**data, "text": text})
        kept = keep(act.case)
    suggestion.__dict__.update(kept.__dict__ if kept else {})
    return suggestion


def post_plan(
    *, suggestion: Suggestion, where: str, by: Scope, at: datetime, until: date | None = None
) -> Suggestion:
    """The measures are put up for everybody to read (张榜公布, S2-JD-4b)."""
    by.require(LEADS, suggestion.project)
    with transaction.atomic():
        row = Suggestion.objects.select_for_update().get(pk=suggestion.pk)
        if row.decision not in Suggestion.TAKEN_UP or not row.plan:
            raise Refused("no-plan", "只公布已采纳并写了整改措施的建议，请先写好整改措施。")
        require_posted(where, until, at)
        row.posted_at, row.posted_where, row.posted_until = at, where.strip()[:100], until
        row.save(update_fields=["posted_at", "posted_where", "posted_until"])
    suggestion.__dict__.update(row.__dict__)
    return suggestion


def require_posted(where: str, until: date | None, at: datetime) -> None:
    require_written([("where", "公布在哪里", where)])
    if until and until < localdate(at):
        raise Refused("in-the-past", "公布期限要晚于今天。", field="until")
