"""Bringing up what went wrong: by the program or by somebody, one correction for one matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.queries import reach_role
from shouwen.accounts.scope import Scope
from shouwen.cases.actions.intake import next_number
from shouwen.cases.models import Case
from shouwen.cases.queries import may_see
from shouwen.estate.queries import place_of
from shouwen.learning.models import Correction, CorrectionStep
from shouwen.notify.actions import tell
from shouwen.rules.corrections import require_written
from shouwen.rules.refused import Refused

#: The last words of the story are read by people: each act by its name.
WORDS = {
    "proposed": "提出",
    "joined": "又发生",
    "reviewed": "审核",
    "dismissed": "不立项",
    "opened": "立项",
    "planned": "制定措施",
    "moved": "改期",
    "finished": "报完成",
    "verified": "验证通过",
    "sent-back": "验证不通过",
    "effective": "效果有效，结案",
    "ineffective": "效果不够，再整改",
    "rang": "超时上报",
}


@dataclass(frozen=True)
class Found:
    """What is brought up, and why, in words."""

    trigger: str
    title: str
    problem: str
    cases: Sequence[Case] = ()
    clause: str = ""
    key: str = ""


def propose(*, project: OrgUnit, found: Found, by: Scope, at: datetime) -> Correction:
    """Somebody saw it: a swing of a measure, a survey, several complaints of one cause, a round of
    the patrol (S1-1.2-5, S2-JD-6)."""
    by.require("case.work", project)
    if found.trigger not in Correction.Trigger.values:
        raise Refused("unknown-trigger", "请选来由。", field="trigger")
    require_written([("title", "问题", found.title), ("problem", "不合格事实", found.problem)])
    if any(case.project_id != project.pk or not may_see(by, case) for case in found.cases):
        raise Refused("not-found", "没有找到这件事，请核对编号。", field="cases")
    with transaction.atomic():
        return _create(project, found, by, at)


def propose_on(*, case: Case, found: Found, by: Scope, at: datetime) -> Correction:
    """Somebody reads one case and sees what is behind it."""
    about = replace(found, cases=[case])
    return propose(project=case.project, found=about, by=by, at=at)


def bring_up(*, project: OrgUnit, found: Found, at: datetime) -> Correction | None:
    """The program saw it. What was brought up before is not brought up again; another case of a
    matter that is being corrected joins that correction."""
    if Correction.objects.filter(project=project, key=found.key).exists():
        return None
    live = Correction.objects.filter(
        trigger=found.trigger, state__in=Correction.LIVE, cases__in=found.cases
    ).first()
    return _join(live, found, at) if live else _create(project, found, None, at)


def _join(live: Correction, found: Found, at: datetime) -> Correction | None:
    known = set(live.cases.values_list("pk", flat=True))
    more = [case for case in found.cases if case.pk not in known]
    if not more:
        return None
    live.cases.add(*more)
    log(live, "joined", found.problem, None, at)
    if live.owner:
        tell_of(live, [live.owner], f"joined:{more[0].pk}", f"又发生：{live.title}", at)
    return live


def _create(project: OrgUnit, found: Found, by: Scope | None, at: datetime) -> Correction:
    row = Correction.objects.create(
        **place_of(project), number=next_number("N", project, localdate(at)),
        trigger=found.trigger, key=found.key, title=found.title.strip()[:80],
        problem=found.problem.strip(), clause=found.clause, found_at=at,
        found_by=by.staff if by else None,
    )  # fmt: skip
    row.cases.set(found.cases)
    log(row, "proposed", "", by, at)
    heads = reach_role("cs_head", project, at)
    tell_of(row, heads, "proposed", f"请审核，是否立项整改：{row.title}", at)
    return row


def log(row: Correction, what: str, text: str, by: Scope | None, at: datetime) -> None:
    """One more line of its story."""
    CorrectionStep.objects.create(
        correction=row, at=at, by=by.staff if by else None, what=what, text=text.strip()
    )


def tell_of(row: Correction, people: Sequence[Staff], what: str, words: str, at: datetime) -> None:
    """`what` tells one message about it from the next."""
    tell(
        people=people,
        event=f"correction:{row.pk}:{row.round}:{what}",
        at=at,
        subject=words,
        body=row.problem,
        url=f"/learning/corrections/{row.number}",
    )
