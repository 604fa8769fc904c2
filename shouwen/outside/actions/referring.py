"""Bringing a matter before somebody outside, step by step, until it is settled there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.queries import reach_role
from shouwen.accounts.scope import Scope
from shouwen.adoption.queries import calendars
from shouwen.cases.actions.closing import lift_hold, place_hold
from shouwen.cases.actions.intake import next_number
from shouwen.cases.actions.recording import Act, acting
from shouwen.cases.models import Attachment, Case, JournalEntry
from shouwen.cases.people import people_for
from shouwen.estate.queries import place_of
from shouwen.notify.actions import tell
from shouwen.outside.models import Hop, Party, Referral
from shouwen.outside.queries import path_of
from shouwen.rules import referrals as rules
from shouwen.rules.case_kinds import DueBranch
from shouwen.rules.complaint_kinds import PathStep, ReferralPath
from shouwen.rules.due import due
from shouwen.rules.refused import Refused


def open_referral(
    *,
    case: Case,
    path: str,
    party: Party,
    problem: str,
    by: Scope,
    at: datetime,
    also: Sequence[Party] = (),
    wanted: str = "",
    households: int | None = None,
    severity: str = "",
    happened: datetime | None = None,
) -> Referral:
    """Begin a path outside. Until it has come to its end, or was withdrawn, the case stays open."""
    said = {"wanted": wanted.strip(), "households": households, "severity": severity.strip()}
    with transaction.atomic():
        with acting(case, by=by, right="case.work", at=at) as act:
            rule = _path(act, path)
            _require_parties(rule, act.case, [party, *also])
            _require_told(rule, problem, said)
            referral = Referral.objects.create(
                **place_of(act.case.project), number=_number(act), case=act.case, path=rule.id,
                title=rule.title, clause=rule.clause, party=party, problem=problem.strip(),
                opened_at=happened or at, opened_by=by.staff, **said,
            )  # fmt: skip
            referral.also.set(also)
            text = f"{rule.title} {referral.number}，{_names([party, *also])}：{problem.strip()}"
            act.write("referral-opened", _data(referral, text=text), happened=happened)
        place_hold(
            case=case, key=referral.hold, at=at,
            reason=f"{rule.title} {referral.number} 还没有办结",
        )  # fmt: skip
        _tell_next(referral, rule.steps[0], at)
    return referral


def _path(act: Act, path: str) -> ReferralPath:
    for _, rule in rules.paths(act.rulebook, act.state.facts):
        if rule.id == path:
            return rule
    raise Refused("not-this-path", "这件事按制度不走这个流程，请先核对分类。", field="path")


def _require_parties(rule: ReferralPath, case: Case, parties: Sequence[Party]) -> None:
    if any(party.project_id != case.project_id or not party.active for party in parties):
        raise Refused("unknown-party", "请从本项目在用的外部单位中选。", field="party")
    if rule.to and parties[0].kind not in rule.to:
        kinds = "、".join(rules.PARTIES[kind] for kind in rule.to)
        raise Refused("wrong-party", f"“{rule.title}”呈送{kinds}，请另选。", rule.clause, "party")


def _require_told(rule: ReferralPath, problem: str, said: dict[str, Any]) -> None:
    if not problem.strip():
        raise Refused("no-problem", "请写明问题。", rule.clause, "problem")
    for name in rule.asks:
        if not said[name]:
            raise Refused(f"no-{name}", f"请填“{rules.ASKS[name]}”。", rule.clause, name)


def _number(act: Act) -> str:
    return next_number("Z", act.case.project, act.calendars.duty.date_of(act.at))


def _names(parties: Sequence[Party]) -> str:
    return "、".join(party.name for party in parties)


def _data(referral: Referral, **more: Any) -> dict[str, Any]:
    return {"referral": referral.number, "path": referral.path, **more}


def locked(referral: Referral) -> Referral:
    """The case first, then the referral: everybody in this order."""
    Case.objects.select_for_update().only("pk").get(pk=referral.case_id)
    rows = Referral.objects.select_for_update(of=("self",))
    return rows.select_related("case__project", "case__owner", "party", "project").get(
        pk=referral.pk
    )


# --- Step by step ---------------------------------------------------------------------------------


def take_step(
    *,
    referral: Referral,
    step: str,
    text: str,
    by: Scope,
    at: datetime,
    due_at: datetime | None = None,
    said_by: str = "",
    where: str = "",
    copy: Attachment | None = None,
    happened: datetime | None = None,
) -> Referral:
    """The next step of the path, by whom the clause names, with what he writes. The last one lets
    the case go."""
    with transaction.atomic():
        found = _open(referral)
        rule, hops = path_of(found), {hop.step: hop for hop in found.hops.all()}
        wanted = rules.require_next(rule, hops, step)
        _require_doer(rule, wanted, hops, by, found.project)
        moment = happened or at
        _require_written(rule, wanted, text, said_by, where, copy)
        _require_after(hops.values(), moment)
        more = _sent(found, moment, due_at) if step == rules.SEND else {}
        with acting(found.case, by=by, right=right_of(wanted), at=at) as act:
            words = _words(found, wanted, text, where)
            row = act.write(
                rules.STEPS[step].verb, _data(found, text=words, **more),
                happened=happened, said_by=said_by.strip()[:60],
            )  # fmt: skip
        Hop.objects.create(
            referral=found, step=step, at=row.at, by=by.staff, text=text.strip(),
            said_by=said_by.strip()[:60], where=where.strip()[:80], copy=copy,
        )  # fmt: skip
        _hang(copy, row)
        if step == rules.ANSWER:
            found.answered_at = row.at
            _tell_answer(found, text, at)
        _go_on(found, rules.next_step(rule, {*hops, step}), row.at, at)
    return found


def _go_on(found: Referral, after: PathStep | None, done_at: datetime, at: datetime) -> None:
    """Whoever is next is told; after the last step the case is let go."""
    if after is None:
        _end(found, Referral.State.ENDED, done_at, at)
    else:
        _tell_next(found, after, at)
    found.save()


def _open(referral: Referral) -> Referral:
    found = locked(referral)
    if not found.is_open:
        raise Refused("referral-ended", "这件外部协商已经办结或撤回，不能再改。", found.clause)
    return found


def _require_doer(
    rule: ReferralPath, wanted: PathStep, hops: dict[str, Hop], by: Scope, place: OrgUnit
) -> None:
    """Two opinions are of two people (经工程部经理和管理处主任签署意见)."""
    posts = [
        (reach.role, reach.department.function if reach.department else "")
        for reach in by.reaches
        if reach.covers(place)
    ]
    advised = hops.get("advise")
    twice = wanted.step == "approve" and advised is not None and advised.by_id == by.staff.pk
    rules.require_doer(rule, wanted, posts, signed_before=twice)


def right_of(wanted: PathStep) -> str:
    """Where the clause names a role, its right to see the case is enough."""
    return "case.view" if wanted.by else "case.work"


def may_take(
    referral: Referral, rule: ReferralPath, wanted: PathStep, hops: dict[str, Hop], scope: Scope
) -> bool:
    """Whether it is this person's turn."""
    try:
        _require_doer(rule, wanted, hops, scope, referral.project)
    except Refused:
        return False
    return scope.can(right_of(wanted), referral.project)


def _require_written(
    rule: ReferralPath, wanted: PathStep, text: str, said_by: str, where: str, copy: object
) -> None:
    kind = rules.STEPS[wanted.step]
    if not text.strip():
        raise Refused("empty-text", f"请写明{kind.wants}。", rule.clause, "text")
    if wanted.step == "countersign" and not said_by.strip():
        raise Refused("no-signer", "请填对方签字人姓名：须双方签字确认。", rule.clause, "said_by")
    if kind.proof and copy is None:
        raise Refused("no-copy", "请上传双方签字的记录表，留底。", rule.clause, "copy")
    if wanted.step == "publish" and not where.strip():
        raise Refused("no-place", "请填公布在哪里。", rule.clause, "where")


def _require_after(hops: Any, moment: datetime) -> None:
    last = max((hop.at for hop in hops), default=None)
    if last and moment < last.replace(second=0, microsecond=0):
        raise Refused("before-last-step", "不能早于上一步的时间，请核对。", field="happened")


def _sent(found: Referral, moment: datetime, due_at: datetime | None) -> dict[str, str]:
    """From now on the clock of the party runs: until what was agreed, or as long as it takes."""
    if due_at is not None and due_at <= moment:
        raise Refused("due-in-the-past", "对方的答复时间要晚于呈送时间。", field="due_at")
    found.sent_at, found.due_at = moment, due_at or _usual(found, moment)
    return {"due": found.due_at.isoformat()}


def _usual(found: Referral, moment: datetime) -> datetime:
    calendar = calendars(found.case.calendar_id).duty
    days = (DueBranch(within=f"{found.party.days} working days"),)
    return due(days, moment, calendar, ()).at or moment + timedelta(days=found.party.days)


def _words(found: Referral, wanted: PathStep, text: str, where: str) -> str:
    place = f"（{where.strip()}）" if where.strip() else ""
    return f"{found.number} {rules.title(wanted)}{place}：{text.strip()}"


def _hang(copy: Attachment | None, row: JournalEntry) -> None:
    """The copy that is kept stands beside the entry that tells of it."""
    if copy is not None:
        copy.entry = row
        copy.save(update_fields=["entry"])


def _end(found: Referral, state: Referral.State, ended: datetime, at: datetime) -> None:
    found.state, found.ended_at = state, ended
    lift_hold(case=found.case, key=found.hold, at=at)


def _tell_next(found: Referral, step: PathStep, at: datetime) -> None:
    """Whose turn it is hears of it at once."""
    if step.step == rules.ANSWER:
        return
    tell(
        people=people_for(step.holder, found.case, at),
        at=at,
        event=f"referral:{found.pk}:{step.step}",
        url=f"/outside/referrals/{found.number}",
        subject=f"请办理“{rules.title(step)}”：{found.case.title}",
    )


def _tell_answer(found: Referral, text: str, at: datetime) -> None:
    """The desk is told the opinion, to explain it to the customer (S2-A15-20)."""
    desk = [*people_for("owner", found.case, at), *reach_role("cs_head", found.project, at)]
    tell(
        people=list(dict.fromkeys(desk)),
        at=at,
        event=f"referral:{found.pk}:answered",
        url=f"/cases/{found.case.number}",
        subject=f"{found.party.name}已有处理意见，请向客户解释：{found.case.title}",
        body=text.strip(),
    )


# --- Beside the path ------------------------------------------------------------------------------


def remind(
    *, referral: Referral, text: str, by: Scope, at: datetime, happened: datetime | None = None
) -> Referral:
    """Ask the party where the answer is; its own due time stays."""
    if not text.strip():
        raise Refused("empty-text", "请写明怎样催的、对方怎么说。", field="text")
    with transaction.atomic():
        found = _open(referral)
        if not found.is_waiting:
            raise Refused("not-waiting", "还没有呈送，或对方已经答复，不用催。")
        words = f"{found.number} {found.party.name}：{text.strip()}"
        with acting(found.case, by=by, right="case.work", at=at) as act:
            row = act.write("referral-reminded", _data(found, text=words), happened=happened)
        found.reminded_at = row.at
        found.save(update_fields=["reminded_at"])
    return found


def withdraw(*, referral: Referral, reason: str, by: Scope, at: datetime) -> Referral:
    """It is settled otherwise, or was opened by mistake: nobody outside is waited for any more."""
    if not reason.strip():
        raise Refused("no-reason", "撤回要写明原因。", field="reason")
    with transaction.atomic():
        found = _open(referral)
        with acting(found.case, by=by, right="case.work", at=at) as act:
            row = act.write("referral-withdrawn", _data(found, reason=reason.strip()))
        found.withdrawn_for = reason.strip()[:200]
        _end(found, Referral.State.WITHDRAWN, row.at, at)
        found.save()
    return found
