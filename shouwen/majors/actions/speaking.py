"""The press: who is told at once, and who alone may speak."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from shouwen.accounts.models import OrgUnit, Post
from shouwen.accounts.queries import department_for
from shouwen.accounts.scope import Scope, held_at
from shouwen.cases.actions.recording import acting
from shouwen.cases.models import Case
from shouwen.cases.people import people_for
from shouwen.notify.actions import tell
from shouwen.rules.refused import Refused

BAN = "任何员工不得擅自接受采访或发表任何言论，对外发言只由品牌部。"


def tell_brand(*, case: Case, medium: str, text: str, by: Scope, at: datetime) -> Case:
    """The press asks, or was seen: the brand department, the leader and the region know at once
    (二，S1). Whoever met them may report it."""
    if not medium.strip():
        raise Refused("no-name", "请写明是哪家媒体。", "二", "medium")
    if not text.strip():
        raise Refused("empty-text", "请写明对方问了什么、在哪里、联系方式。", "二", "text")
    with acting(case, by=by, right="contact.register", at=at) as act:
        said = f"{medium.strip()}：{text.strip()}"
        row = act.write("reported", {"text": said, "to": "brand", "medium": medium.strip()})
        tell(
            people=dict.fromkeys(
                person
                for name in ("brand", "company_leader", "company_cs")
                for person in people_for(name, act.case, at)
            ),
            event=f"case:{act.case.pk}:press:{row.seq}",
            at=at,
            urgent=True,
            subject=f"媒体采访、暗访：{act.case.title}",
            body=f"{said}\n{BAN}",
            url=f"/cases/{act.case.number}",
        )
    return case


def speaks_for_us(case: Case, by: Scope, at: datetime) -> bool:
    """Whether somebody belongs to the brand department of the project, the company or the group."""
    units = _brand_departments(case)
    posts = Post.objects.filter(held_at(at), staff=by.staff, unit__in=units)
    return posts.exists()


def _brand_departments(case: Case) -> list[OrgUnit]:
    nearest = department_for(case.project, "brand")
    above = OrgUnit.objects.filter(
        Q(company=case.company_id, project=None) | Q(group=case.group_id, company=None),
        function="brand",
        closed_at=None,
    )
    return [*above, *([nearest] if nearest else [])]


def speak(*, case: Case, medium: str, text: str, by: Scope, at: datetime) -> Case:
    """What was said to the outside, on record with the case: only by the brand department."""
    if not speaks_for_us(case, by, at):
        raise Refused("only-brand", f"{BAN}请通知品牌部。", "二")
    if not medium.strip():
        raise Refused("no-name", "请写明对谁发言。", "二", "medium")
    if not text.strip():
        raise Refused("empty-text", "请写下发言内容。", "二", "text")
    with acting(case, by=by, right="case.view", at=at) as act:
        act.write("spoke-outside", {"medium": medium.strip(), "text": text.strip()})
    return case
