"""As complaints come in: into the index, held against those before, and told when many are
alike."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.queries import reach_role
from shouwen.accounts.scope import Scope
from shouwen.adoption.actions import pin
from shouwen.adoption.queries import rulebook
from shouwen.cases.models import Case
from shouwen.cases.one_by_one import raise_all, tried
from shouwen.groups.index import likest, mark_compared, pending, take_in
from shouwen.groups.models import Alike, GroupMember
from shouwen.groups.queries import (
    KEPT_ALIKE,
    TOGETHER,
    households,
    pairs_among,
    spoken_of,
    threshold,
)
from shouwen.notify.actions import tell
from shouwen.rules.refused import Refused


def notice(*, at: datetime) -> int:
    """Take in what is new and keep what it is like. Returns how many cases were taken in. One that
    fails is marked as compared with the others, and raised after them."""
    with transaction.atomic():
        cases = pending()
        failed = _take_in(cases)
        recent = [case for case in cases if case.opened_at >= at - TOGETHER]
        failed += tried(recent, lambda case: _compare(case, at))
    raise_all(failed)
    return len(cases)


def _take_in(cases: list[Case]) -> list[Exception]:
    """All at once, which is quick; where that fails, each alone."""
    if not tried([cases], take_in):
        return []
    return tried(cases, lambda case: take_in([case]), put_off=mark_compared)


def _compare(case: Case, at: datetime) -> None:
    found = likest(
        case.project, case.text, kind=case.kind, unit=case.unit, before=case, most=KEPT_ALIKE
    )
    near = [one for one in found if one.case.opened_at >= case.opened_at - TOGETHER]
    place = {
        "project_id": case.project_id,
        "company_id": case.company_id,
        "group_id": case.group_id,
    }
    Alike.objects.bulk_create(
        [
            Alike(
                case=case, earlier=one.case, score=one.likeness.score,
                why=one.likeness.why[:200], opened_at=case.opened_at, **place,
            )
            for one in near
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    if case.kind == "complaint":
        _warn(case, [one.case for one in near], at)


def _warn(case: Case, alike: list[Case], at: datetime) -> None:
    """As many households as the clause names seem to complain of one thing: somebody must look."""
    rule = threshold(rulebook(pin(case.project, at).pk))
    if rule is None:
        return
    ids = {one.pk for one in alike} | {case.pk}
    further = Alike.objects.filter(earlier__in=ids, apart_at=None).values("case")
    before = Alike.objects.filter(case__in=ids, apart_at=None).values("earlier")
    around = Case.objects.filter(pk__in=ids) | Case.objects.filter(pk__in=further)
    cases = list((around | Case.objects.filter(pk__in=before)).distinct())
    major = GroupMember.objects.filter(
        case__in=cases, left_at=None, matter__major_at__isnull=False, matter__closed_at=None
    )
    known = set(major.values_list("case", flat=True))  # of these everybody has heard
    cases = [one for one in cases if one.opened_at >= at - TOGETHER and one.pk not in known]
    count = households(spoken_of(rule, cases))
    if count >= rule.least:
        first = min(cases, key=lambda one: one.pk)
        _tell(case.project, first, count, rule.clause, at)


def _tell(project: OrgUnit, first: Case, count: int, clause: str, at: datetime) -> None:
    """Once for each beginning: more of the same adds nothing to look at."""
    people = [*reach_role("cs_head", project, at), *reach_role("project_manager", project, at)]
    tell(
        people=dict.fromkeys(people),
        event=f"groups:offer:{first.pk}",
        at=at,
        urgent=True,
        subject=f"疑似群体投诉 {count} 户：{first.title}",
        body=f"请核对是否同一问题，是则建立群体事项（{clause}）。",
        url="/groups/offers",
    )


def hold_apart(*, cases: Iterable[Case], by: Scope, at: datetime) -> int:
    """Somebody says that these are different matters: they are not offered together again."""
    some = list(cases)
    for case in some:
        by.require("case.classify", case.project)
    found = Alike.objects.filter(pairs_among(some), apart_at=None)
    changed = found.update(apart_by=by.staff, apart_at=at)
    if not changed:
        raise Refused("nothing-changed", "这几件没有作为同一件事提示过，请刷新看最新提示。")
    return changed
