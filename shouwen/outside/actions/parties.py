"""The parties outside that a project deals with."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.estate.queries import place_of
from shouwen.outside.models import Party
from shouwen.rules.referrals import PARTIES
from shouwen.rules.refused import Refused

KEEP = "case.rule"


def keep_party(
    *,
    project: OrgUnit,
    name: str,
    kind: str,
    by: Scope,
    at: datetime,
    party: Party | None = None,
    contact: str = "",
    phone: str = "",
    days: int = 5,
    active: bool = True,
) -> Party:
    """A new party, or what has changed of one: whom to speak to and how long it takes."""
    by.require(KEEP, project)
    if not name.strip():
        raise Refused("no-name", "请填单位名称。", field="name")
    if kind not in PARTIES:
        raise Refused("unknown-kind", "请选单位的性质。", field="kind")
    if not 1 <= days <= 90:
        raise Refused("unknown-days", "答复时限填 1 至 90 个工作日。", field="days")
    kept = party or Party(**place_of(project))
    kept.name, kept.kind = name.strip()[:80], kind
    kept.contact, kept.phone = contact.strip()[:60], phone.strip()[:40]
    kept.days, kept.active = days, active
    try:
        with transaction.atomic():
            kept.save()
    except IntegrityError as error:
        raise Refused("party-known", "本项目已有这个单位，请直接修改它。", field="name") from error
    return kept
