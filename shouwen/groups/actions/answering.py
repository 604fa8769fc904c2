"""One voice for many households: the statement and its approval, the one who speaks, the answer to
all (4.4.1c)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from shouwen.accounts.models import Staff
from shouwen.accounts.queries import reach_role
from shouwen.accounts.scope import Scope, scope_of
from shouwen.cases.actions.recording import acting
from shouwen.cases.models import Case
from shouwen.cases.one_by_one import summed
from shouwen.groups.actions.grouping import follow_group, in_order, locked
from shouwen.groups.models import GroupMatter, MassAnswer, Statement
from shouwen.groups.queries import members, statement_of, statement_promises
from shouwen.notify.actions import tell
from shouwen.rules.refused import Refused

CLAUSE = "4.4.1c"
#: When a statement that is not there yet rings: before its time, at it, and after it higher up.
RINGS = (
    (timedelta(hours=-4), "company_cs"),
    (timedelta(0), "company_leader"),
    (timedelta(hours=4), "hq_cs"),
)


# --- The statement --------------------------------------------------------------------------------


def draft_statement(
    *, matter: GroupMatter, text: str, measures: str, by: Scope, at: datetime
) -> Statement:
    """What all of us will say, and what is done about it: both, else it is no statement."""
    if not text.strip():
        raise Refused("empty-text", "请写下统一口径。", CLAUSE, "text")
    if not measures.strip():
        raise Refused("no-measures", "请写明应对措施。", CLAUSE, "measures")
    with transaction.atomic():
        found = locked(matter)
        by.require("case.rule", found.project)
        drafted = found.statements.create(
            text=text.strip(), measures=measures.strip(), drafted_at=at, drafted_by=by.staff
        )
        people = [p for p in reach_role("company_cs", found.project, at) if p != by.staff]
        tell(
            people=people, event=f"groups:{found.pk}:draft:{drafted.pk}", at=at, urgent=True,
            subject=f"请审批统一口径：{found.title}", url=f"/groups/{found.number}",
        )  # fmt: skip
    return drafted


def rule_on_statement(
    *, statement: Statement, approve: bool, opinion: str, by: Scope, at: datetime
) -> Statement:
    """Somebody else approves it, and then it holds for every case; or gives it back with a
    reason."""
    with transaction.atomic():
        matter = locked(statement.matter)
        by.require("case.rule", matter.project)
        found = Statement.objects.select_for_update(of=("self",)).get(pk=statement.pk)
        if found.approved_at or found.returned_at:
            raise Refused("ruled-already", "这份口径已经审批过，请拟定新的一份。")
        if found.drafted_by_id == by.staff.pk:
            raise Refused("own-work", "拟定人不能自己审批，请另一位审批。")
        if not approve and not opinion.strip():
            raise Refused("no-reason", "请写明退回的理由。", field="opinion")
        found.opinion = opinion.strip()[:300]
        if approve:
            found.approved_at, found.approved_by = at, by.staff
        else:
            found.returned_at, found.returned_by = at, by.staff
        found.save()
        if approve:
            _spread(matter, found, by, at)
    return found


def _spread(matter: GroupMatter, statement: Statement, by: Scope, at: datetime) -> None:
    """The wording stands on every case, which keeps the promise of it there."""
    living = [member.case for member in members(matter) if _lives(member.case)]
    for case in in_order(living):
        with acting(case, by=None, right="", at=at) as act:
            said = {"text": statement.text, "tag": "statement", "group": matter.number}
            act.write("noted", {**said, "approved_by": by.staff.number})
    people = {member.case.owner for member in members(matter)} - {by.staff}
    tell(
        people=people, event=f"groups:{matter.pk}:statement:{statement.pk}", at=at,
        subject=f"统一口径已批准，请只按此答复：{matter.title}", body=statement.text,
        url=f"/groups/{matter.number}",
    )  # fmt: skip


def _lives(case: Case) -> bool:
    return case.status not in (Case.Status.VOID, Case.Status.MERGED)


def ring_statements(*, at: datetime) -> int:
    """Groups whose statement is not there yet ring, and climb. Where the promise stands on the
    cases, it rings from there. Returns how many rings rang."""
    early = -RINGS[0][0]
    waiting = GroupMatter.objects.filter(
        closed_at=None, statement_due_at__lte=at + early, statement_rung__lt=len(RINGS)
    )
    return summed(waiting.values_list("pk", flat=True), lambda pk: _ring(pk, at))


def _ring(pk: int, at: datetime) -> int:
    with transaction.atomic():
        matter = GroupMatter.objects.select_for_update(of=("self",)).get(pk=pk)
        due = matter.statement_due_at
        ready = [n for n, (after, _) in enumerate(RINGS) if due and due + after <= at]
        new = [n for n in ready if n >= matter.statement_rung]
        if not new:
            return 0
        matter.statement_rung = len(ready)
        matter.save(update_fields=["statement_rung"])
        cases = [member.case for member in members(matter)]
        if statement_of(matter) or statement_promises(cases):
            return 0
        for n in new:
            _tell_ring(matter, n, at)
        return len(new)


def _tell_ring(matter: GroupMatter, number: int, at: datetime) -> None:
    due = matter.statement_due_at
    word = "超时" if due and at > due else "快到期"
    tell(
        people=reach_role(RINGS[number][1], matter.project, at),
        event=f"groups:{matter.pk}:ring:{number}", at=at, urgent=True,
        subject=f"{word}：统一口径及应对措施 · {matter.title}", url=f"/groups/{matter.number}",
    )  # fmt: skip


# --- The one who speaks ---------------------------------------------------------------------------


def name_speaker(*, matter: GroupMatter, to: Staff, by: Scope, at: datetime) -> GroupMatter:
    """From now on this person alone answers these customers; each case knows it."""
    with transaction.atomic():
        found = locked(matter)
        by.require("case.rule", found.project)
        theirs = scope_of(to, at)
        if not theirs.can("case.feed-back", found.project):
            raise Refused("cannot-answer", "这个人没有向客户反馈的权限，请另选一位。", CLAUSE, "to")
        if found.speaker_id == to.pk:
            raise Refused("nothing-changed", "已经指定了这个人。", field="to")
        found.speaker = to
        found.save(update_fields=["speaker"])
        for case in in_order(member.case for member in members(found)):
            follow_group(found, case, at, named_by=by)
        people = {member.case.owner for member in members(found)} | {to}
        tell(
            people=people - {by.staff}, at=at,
            event=f"groups:{found.pk}:speaker:{to.pk}:{at.isoformat()}",
            subject=f"{to.name} 为回复专人，其他人不再答复客户：{found.title}",
            url=f"/groups/{found.number}",
        )  # fmt: skip
    return found


# --- The answer to all ----------------------------------------------------------------------------

CHANNELS = {"phone": "电话", "sms": "短信", "wechat": "微信", "notice": "书面通知", "visit": "上门"}


@dataclass
class Answered:
    """What became of an answer to many."""

    answer: MassAnswer | None = None
    told: list[Case] = field(default_factory=list)
    refused: list[tuple[Case, str]] = field(default_factory=list)


def answer_all(
    *,
    matter: GroupMatter,
    cases: Sequence[Case],
    text: str,
    channel: str,
    by: Scope,
    at: datetime,
    result: bool = False,
) -> Answered:
    """Tell many customers one thing, with a record of its own on each case. `result`: it is the
    result, and fed back where the work is done. What one case refuses holds up no other."""
    if not text.strip():
        raise Refused("empty-text", "请写下回复的内容。", field="text")
    if channel not in CHANNELS:
        raise Refused("unknown-channel", "请从列表中选回复方式。", field="channel")
    with transaction.atomic():
        found = locked(matter)
        _require_voice(found, by)
        known = {member.case_id for member in members(found)}
        outcome = Answered()
        for case in in_order(cases):
            if case.pk not in known:
                raise Refused("not-a-member", f"{case.number} 不在这个群体事项中。", field="cases")
            _answer_one(found, case, text.strip(), channel, result, by, at, outcome)
        if not outcome.told:
            why = outcome.refused[0][1] if outcome.refused else "请至少选一件诉求。"
            raise Refused("nobody-told", why, field="cases")
        outcome.answer = MassAnswer.objects.create(
            matter=found, text=text.strip(), channel=channel, at=at, by=by.staff
        )
        outcome.answer.cases.set(outcome.told)
    return outcome


def _require_voice(matter: GroupMatter, by: Scope) -> None:
    by.require("case.feed-back", matter.project)
    if matter.speaker and matter.speaker_id != by.staff.pk:
        name = matter.speaker.name
        raise Refused("only-the-speaker", f"已指定 {name} 回复这些客户，请由本人回复。", CLAUSE)
    if matter.major_at and matter.speaker is None:
        raise Refused("no-speaker", "重大投诉须先指定回复专人。", CLAUSE)
    if matter.major_at and statement_of(matter) is None:
        raise Refused("no-statement", "统一口径批准之后才能统一回复。", CLAUSE)


def _answer_one(
    matter: GroupMatter,
    case: Case,
    text: str,
    channel: str,
    result: bool,
    by: Scope,
    at: datetime,
    outcome: Answered,
) -> None:
    done = result and case.status in (Case.Status.DONE, Case.Status.FED_BACK)
    verb, right = ("fed-back", "case.feed-back") if done else ("customer-contacted", "case.work")
    try:
        with acting(case, by=by, right=right, at=at) as act:
            act.write(verb, {"text": text, "channel": channel, "group": matter.number})
    except Refused as refused:
        outcome.refused.append((case, str(refused)))
    else:
        outcome.told.append(case)
