"""Putting straight what a phone could not write."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from shouwen.accounts.scope import Scope
from shouwen.phone.models import Conflict
from shouwen.rules.refused import Refused


def settle(*, conflict: Conflict, text: str, by: Scope, at: datetime) -> Conflict:
    """Somebody has looked at it and says what became of it."""
    if not text.strip():
        raise Refused(
            "empty-text", "请写明怎么处理的：补录了、作废了，还是另派了人。", field="text"
        )
    with transaction.atomic():
        conflict = Conflict.objects.select_for_update(of=("self",)).get(pk=conflict.pk)
        by.require("case.dispatch", conflict.project)
        if conflict.settled_at:
            raise Refused("already-settled", "这一条已经有人处理过。")
        conflict.settled_at, conflict.settled_by = at, by.staff
        conflict.settled = text.strip()[:200]
        conflict.save(update_fields=["settled_at", "settled_by", "settled"])
    return conflict
