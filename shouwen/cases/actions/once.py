"""The same request sent twice does one thing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from shouwen.cases.models import Done
from shouwen.rules.refused import Refused

#: A phone may have been without a signal for weeks.
KEPT = timedelta(days=90)


def once(
    *,
    actor: str,
    key: str,
    request: object,
    at: datetime,
    act: Callable[[], tuple[int, dict[str, Any]]],
) -> tuple[int, dict[str, Any]]:
    """Acts and keeps the answer (status, JSON) under the caller's key; asked again, answers again.

    The key is taken in the transaction of the act: what was refused or lost leaves it free, and of
    two that arrive together the second waits for the first. `actor` keeps callers apart.
    """
    asked = _digest(request)
    with transaction.atomic():
        done, is_new = Done.objects.select_for_update().get_or_create(
            actor=actor, key=key, defaults={"request": asked, "at": at}
        )
        if is_new:
            done.status, done.answer = act()
            done.save(update_fields=["status", "answer"])
        elif done.request != asked:
            raise Refused(
                "key-reused", "这份内容刚才已经提交过一次，现在的内容与那次不同。", field="key"
            )
    return done.status, done.answer


def _digest(request: object) -> str:
    text = json.dumps(request, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def purge_done(at: datetime) -> int:
    """Forgets what was asked for longer than `KEPT` ago. Returns how many acts were forgotten."""
    return Done.objects.filter(at__lt=at - KEPT).delete()[0]
