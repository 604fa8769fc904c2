"""A group and its members: opened, joined, left, split, closed. Many households make it major by
themselves (4.4.1a)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from shouwen.accounts.queries import reach_role
from shouwen.accounts.scope import Scope
from shouwen.adoption.actions import pin
from shouwen.adoption.queries import rulebook
from shouwen.cases.actions.intake import next_number
from shouwen.cases.actions.recording import acting
from shouwen.cases.models import Case, JournalEntry
from shouwen.cases.one_by_one import tried
from shouwen.estate.queries import place_of
from shouwen.followup.actions.following import read_on
from shouwen.groups.models import Alike, GroupMatter, GroupMember
from shouwen.groups.queries import (
    households,
    members,
    spoken_of,
    statement_of,
    statement_promises,
    threshold,
)
from shouwen.majors.actions.events import open_event
from shouwen.notify.actions import tell
from shouwen.rules.complaint_kinds import Grade
from shouwen.rules.grades import AXIS, is_grave
from shouwen.rules.refused import Refused

#: 24小时内拟定统一口径及应对措施 (4.4.1c).
STATEMENT = timedelta(hours=24)
#: Who forms the statement and must know (as the clause on major complaints names them).
TOLD = ("company_cs", "project_manager", "company_leader")


def in_order(cases: Iterable[Case]) -> list[Case]:
    """As they are locked: always in one order, so that no two wait for each other crosswise."""
    return sorted(cases, key=lambda case: case.pk)


def open_matter(
    *,
    cases: Sequence[Case],
    title: str,
    by: Scope,
    at: datetime,
    split_from: GroupMatter | None = None,
) -> GroupMatter:
    """One cause behind these cases. Each keeps its own record, owner and customer."""
    if not cases:
        raise Refused("no-cases", "请至少选一件诉求。", field="cases")
    project = cases[0].project
    _require_of(project.pk, cases)
    by.require("case.classify", project)
    if not title.strip():
        raise Refused("no-title", "请写明是什么问题。", field="title")
    with transaction.atomic():
        matter = GroupMatter.objects.create(
            **place_of(project), number=next_number("Q", project, localdate(at)),
            title=title.strip()[:80], opened_at=at, opened_by=by.staff, split_from=split_from,
        )  # fmt: skip
        for case in in_order(cases):
            _enter(matter, case, "", by, at)
        _recount(matter, at)
    return matter


def _require_of(project: int, cases: Iterable[Case]) -> None:
    if any(case.project_id != project for case in cases):
        sentence = "一个群体事项只收同一个项目的诉求，请去掉别的项目的。"
        raise Refused("two-projects", sentence, field="cases")


def locked(matter: GroupMatter) -> GroupMatter:
    """The group, held for this transaction; one that is over takes no more."""
    found = (
        GroupMatter.objects.select_for_update(of=("self",))
        .select_related("project__company", "speaker")
        .get(pk=matter.pk)
    )
    if not found.is_open:
        raise Refused("group-closed", f"群体事项 {found.number} 已经结束，不能再改。")
    return found


def join(
    *, matter: GroupMatter, cases: Sequence[Case], by: Scope, at: datetime, why: str = ""
) -> GroupMatter:
    """Further cases of the same cause. They follow what holds for the group from now on."""
    with transaction.atomic():
        found = locked(matter)
        by.require("case.classify", found.project)
        _require_of(found.project_id, cases)
        for case in in_order(cases):
            _enter(found, case, why, by, at)
        _recount(found, at)
    return found


def _enter(matter: GroupMatter, case: Case, why: str, by: Scope, at: datetime) -> None:
    if case.status == Case.Status.MERGED and case.merged_into:
        raise Refused("merged", f"{case.number} 已并入 {case.merged_into.number}，请选那一件。")
    over = GroupMember.objects.filter(case=case, left_at=None, matter__closed_at__isnull=False)
    over.update(left_at=at, left_by=by.staff, left_why=matter.title, moved_to=matter)
    try:
        with transaction.atomic():
            GroupMember.objects.create(
                matter=matter, case=case, joined_at=at, joined_by=by.staff,
                why=(why or _why(matter, case))[:200],
            )  # fmt: skip
    except IntegrityError as error:
        sentence = f"{case.number} 已经在一个群体事项中，请先从那里移出。"
        raise Refused("in-another-group", sentence) from error
    with acting(case, by=by, right="case.classify", at=at) as act:
        act.write("grouped", {"group": matter.number, "title": matter.title})
    if matter.major_at:
        follow_group(matter, case, at)


def _why(matter: GroupMatter, case: Case) -> str:
    """What the index saw in common with those who are there already."""
    there = GroupMember.objects.filter(matter=matter, left_at=None).values("case")
    best = (
        Alike.objects.filter(case=case, earlier__in=there).order_by("-score").first()
        or Alike.objects.filter(earlier=case, case__in=there).order_by("-score").first()
    )
    return best.why if best else ""


def leave(*, matter: GroupMatter, case: Case, why: str, by: Scope, at: datetime) -> GroupMatter:
    """A case that has another cause goes its own way again; that it was here stays on record."""
    if not why.strip():
        raise Refused("no-reason", "请写明为什么不是同一件事。", field="why")
    with transaction.atomic():
        found = locked(matter)
        by.require("case.classify", found.project)
        _go(found, case, why.strip(), None, by, at)
        _recount(found, at)
    return found


def split(
    *, matter: GroupMatter, cases: Sequence[Case], title: str, why: str, by: Scope, at: datetime
) -> GroupMatter:
    """Two causes after all: these go into a group of their own, counted anew."""
    if not why.strip():
        raise Refused("no-reason", "请写明为什么拆分。", field="why")
    with transaction.atomic():
        found = locked(matter)
        by.require("case.classify", found.project)
        if len(cases) >= len(members(found)):
            raise Refused("nothing-left", "至少留一件在原来的群体事项中。", field="cases")
        for case in in_order(cases):
            _go(found, case, why.strip(), None, by, at)
        new = open_matter(cases=cases, title=title, by=by, at=at, split_from=found)
        rows = GroupMember.objects.filter(matter=found, case__in=[c.pk for c in cases], left_at=at)
        rows.update(moved_to=new)
        _recount(found, at)
    return new


def _go(
    matter: GroupMatter, case: Case, why: str, to: GroupMatter | None, by: Scope, at: datetime
) -> None:
    member = GroupMember.objects.filter(matter=matter, case=case, left_at=None).first()
    if member is None:
        raise Refused("not-a-member", f"{case.number} 不在这个群体事项中。", field="cases")
    member.left_at, member.left_by, member.left_why, member.moved_to = at, by.staff, why[:200], to
    member.save()
    with acting(case, by=by, right="case.classify", at=at) as act:
        act.write("ungrouped", {"group": matter.number, "reason": why})
        if act.state.speaker:
            act.write("speaker-freed", {"group": matter.number})


def close_matter(*, matter: GroupMatter, result: str, by: Scope, at: datetime) -> GroupMatter:
    """Over for all: everybody may answer again. A major one is not closed without its statement."""
    if not result.strip():
        raise Refused("empty-text", "请写明处理结果。", field="result")
    with transaction.atomic():
        found = locked(matter)
        by.require("case.rule", found.project)
        if found.major_at and statement_of(found) is None:
            raise Refused(
                "no-statement", "重大投诉要有批准的统一口径及应对措施才能结束。", "4.4.1c"
            )
        for case in in_order(member.case for member in members(found)):
            with acting(case, by=None, right="", at=at) as act:
                if act.state.speaker:
                    act.write("speaker-freed", {"group": found.number})
        found.closed_at, found.closed_by, found.result = at, by.staff, result.strip()
        found.save()
    return found


# --- Many households ------------------------------------------------------------------------------


def _recount(matter: GroupMatter, at: datetime) -> None:
    """Households behind the members; where they are as many as the clause names, it is major. It
    stays so when somebody leaves: down it goes only by a ruling."""
    cases = [member.case for member in members(matter)]
    rule = threshold(rulebook(pin(matter.project, at).pk))
    matter.households = households(cases)
    matter.complaining = households(spoken_of(rule, cases))
    matter.save(update_fields=["households", "complaining"])
    if rule and matter.major_at is None and matter.complaining >= rule.least:
        _become_major(matter, rule, cases, at)


#: The name under which groups read the journal.
READER = "groups"
#: Entries after which a member counts otherwise than before.
WATCHED = ("classified", "voided", "merged")


def recount_changed(*, at: datetime) -> int:
    """Read on in the journal, and count anew every group of which a member has changed. Returns how
    many entries were read."""

    def take(ids: list[int]) -> list[Exception]:
        rows = JournalEntry.objects.filter(pk__in=ids, verb__in=WATCHED)
        turned = set(rows.filter(data__facts__has_key="kind").values_list("case", flat=True))
        touched = GroupMember.objects.filter(case__in=rows.values("case"), left_at=None)
        matters = GroupMatter.objects.filter(pk__in=touched.values("matter"), closed_at=None)
        found = matters.order_by("pk").values_list("pk", flat=True)
        return tried(found, lambda pk: _count_anew(pk, turned, at))

    return read_on(READER, take, at=at)


def _count_anew(pk: int, turned: Collection[int], at: datetime) -> None:
    """`turned`: cases that are of another kind now. As a complaint they follow a major group."""
    rows = GroupMatter.objects.select_for_update(of=("self",))
    matter = rows.select_related("project__company", "speaker").get(pk=pk)
    if not matter.is_open:
        return
    if matter.major_at:
        for case in in_order(member.case for member in members(matter)):
            if case.pk in turned:
                follow_group(matter, case, at)
    _recount(matter, at)


def _become_major(matter: GroupMatter, rule: Grade, cases: Sequence[Case], at: datetime) -> None:
    matter.major_at, matter.clause = at, rule.clause
    matter.statement_due_at = at + STATEMENT
    matter.save(update_fields=["major_at", "clause", "statement_due_at"])
    open_event(
        group=matter.number, project=matter.project, title=matter.title, clause=rule.clause,
        reason=f"{matter.complaining} 户投诉同一问题（{rule.title}）",
        event_type=rule.event, grade=rule.grade, by=None, at=at,
    )  # fmt: skip
    for case in in_order(cases):
        follow_group(matter, case, at)
    tell(
        people=dict.fromkeys(p for role in TOLD for p in reach_role(role, matter.project, at)),
        event=f"groups:{matter.pk}:major",
        at=at,
        urgent=True,
        subject=f"群体投诉 {matter.complaining} 户，已转为重大：{matter.title}",
        body="24 小时内拟定统一口径及应对措施，并指定专人回复客户（4.4.1c）。",
        url=f"/groups/{matter.number}",
    )


def follow_group(
    matter: GroupMatter, case: Case, at: datetime, *, named_by: Scope | None = None
) -> None:
    """What holds for a major group holds for its case: the grade, the one who speaks, the
    statement."""
    if case.status in (Case.Status.VOID, Case.Status.MERGED):
        return
    with acting(case, by=None, right="", at=at) as act:
        rule = threshold(act.rulebook)
        graver = rule is not None and rule.matches(act.state.facts) and act.state.is_open
        if rule and graver and not is_grave(act.rulebook, act.state.facts):
            reason = f"群体事项 {matter.number}：{rule.title}"
            act.write("classified", {"facts": {AXIS: rule.grade}, "reason": reason})
        if matter.speaker and act.state.speaker != matter.speaker.number:
            speaker = matter.speaker
            said = {"to": speaker.number, "name": speaker.name, "group": matter.number}
            said["clause"] = "4.4.1c"
            if named_by:
                said["named_by"] = named_by.staff.number
            act.write("speaker-named", said)
    told = statement_of(matter)
    if told and statement_promises([case]):
        with acting(case, by=None, right="", at=at) as act:
            act.write("noted", {"text": told.text, "tag": "statement", "group": matter.number})
