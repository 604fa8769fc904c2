"""Giving a customer the link to his case, and taking it back."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from shouwen.accounts.models import Staff
from shouwen.accounts.scope import Scope
from shouwen.cases.models import Case
from shouwen.cases.queries import as_entries, journal
from shouwen.portal.models import BuildingCode, CustomerLink
from shouwen.portal.queries import digest
from shouwen.rules.lifecycle import VOID, fold
from shouwen.rules.refused import Refused

Purpose = CustomerLink.Purpose
RIGHT = "case.feed-back"
#: What is about money ends soon; progress may be looked up as long as a repair may take.
VALID = {
    Purpose.OWN: timedelta(days=60),
    Purpose.PROGRESS: timedelta(days=60),
    Purpose.RATE: timedelta(days=14),
    Purpose.CONSENT: timedelta(days=7),
}


def issue_link(*, case: Case, purpose: str, by: Scope, at: datetime) -> tuple[CustomerLink, str]:
    """A new link and its text, which is never told again. Who did the work does not send the
    link by which it is judged (T25)."""
    by.require(RIGHT, case.project)
    if purpose not in Purpose.values or purpose == Purpose.OWN:
        raise Refused("unknown-purpose", "请选链接的用途。", field="purpose")
    if case.status == VOID:
        raise Refused("void", "已作废的事项不发链接。", field="purpose")
    if purpose == Purpose.RATE and by.staff.number in handlers_of(case):
        raise Refused("own-work", "处理人不能自己发评价链接，请另一位同事发。", field="purpose")
    return new_link(case=case, purpose=Purpose(purpose), at=at, issued_by=by.staff)


def handlers_of(case: Case) -> set[str]:
    """Who did the work of this round."""
    return fold(as_entries(journal(case))).handlers


def new_link(
    *,
    case: Case,
    purpose: CustomerLink.Purpose,
    at: datetime,
    issued_by: Staff | None = None,
    code: BuildingCode | None = None,
) -> tuple[CustomerLink, str]:
    token = secrets.token_urlsafe(24)
    link = CustomerLink.objects.create(
        project_id=case.project_id,
        company_id=case.company_id,
        group_id=case.group_id,
        case=case,
        purpose=purpose,
        digest=digest(token),
        code=code,
        issued_by=issued_by,
        issued_at=at,
        expires_at=at + VALID[purpose],
    )
    return link, token


def revoke_link(*, link: CustomerLink, by: Scope, at: datetime) -> None:
    """From now on it opens nothing."""
    by.require(RIGHT, link.case.project)
    with transaction.atomic():
        link = CustomerLink.objects.select_for_update().get(pk=link.pk)
        if link.revoked_at:
            raise Refused("revoked-already", "这个链接已经撤回。")
        link.revoked_by, link.revoked_at = by.staff, at
        link.save(update_fields=["revoked_by", "revoked_at"])


def mark_opened(*, link: CustomerLink, at: datetime) -> None:
    """The first time that the customer looked; later ones are not followed."""
    CustomerLink.objects.filter(pk=link.pk, opened_at=None).update(opened_at=at)
