"""The group's guidance of its regions: 指导、检查、监督、协调、考核 (S1-1.1-0d)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.queries import holders
from shouwen.accounts.scope import Scope
from shouwen.notify.actions import tell
from shouwen.rules.refused import Refused
from shouwen.supervision.models import RegionAction

RIGHT = "case.rule"


def guide(
    *, company: OrgUnit, kind: str, on: date, finding: str, by: Scope, at: datetime
) -> RegionAction:
    """One of the five actions on a day, with what was found. Only the level above may."""
    if company.kind != OrgUnit.Kind.COMPANY or company.group is None:
        raise Refused("not-a-company", "请选一个地区公司。", field="company")
    by.require(RIGHT, company.group)
    if kind not in RegionAction.Kind.values:
        raise Refused("unknown-kind", "请选监督方式。", field="kind")
    if not finding.strip():
        raise Refused("empty-text", "请写明发现了什么。", field="finding")
    if on > localdate(at):
        raise Refused("in-the-future", "日期不能晚于今天。", field="on")
    with transaction.atomic():
        action = RegionAction.objects.create(
            company=company, kind=kind, on=on, finding=finding.strip(), by=by.staff, at=at
        )
        tell(
            people=holders([company], ("company_cs", "company_leader"), at),
            event=f"region:{action.pk}",
            at=at,
            subject=f"集团{action.get_kind_display()}：{company.name}",
            body=action.finding,
            url="/supervision/regions",
        )
    return action


def respond(*, action: RegionAction, text: str, by: Scope, at: datetime) -> RegionAction:
    """The region says what it makes of it; the group hears of it."""
    if not text.strip():
        raise Refused("empty-text", "请写下答复。", field="text")
    with transaction.atomic():
        held = RegionAction.objects.select_for_update(of=("self",)).get(pk=action.pk)
        by.require(RIGHT, held.company)
        if by.staff.pk == held.by_id:
            raise Refused("own-finding", "这是您自己写的，由地区公司答复。", field="text")
        if held.responded_at:
            raise Refused("answered-already", "已经答复过，不用再答复。", field="text")
        held.response, held.responded_by, held.responded_at = text.strip(), by.staff, at
        held.save(update_fields=["response", "responded_by", "responded_at"])
        tell(
            people=[held.by],
            event=f"region:{held.pk}:responded",
            at=at,
            subject=f"{held.company.name}已答复{held.get_kind_display()}",
            body=held.response,
            url="/supervision/regions",
        )
    return held
