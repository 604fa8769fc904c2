"""Lock a statement, check that it stands where the act belongs, act."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from shouwen.rules.refused import Refused
from shouwen.statements.models import Statement

_STATE = Statement.State
_NOT_SENT = (_STATE.SUBMITTED, _STATE.CHECKED)
#: In which states each act may be done.
WHEN: dict[str, tuple[str, ...]] = {
    "write": (_STATE.PREPARED,),
    "measures": (_STATE.PREPARED,),
    "renew": (_STATE.PREPARED,),
    "submit": (_STATE.PREPARED,),
    "check": (_STATE.SUBMITTED,),
    "sign": (_STATE.CHECKED,),
    "return": _NOT_SENT,
    "send": (_STATE.SIGNED,),
    "receive": (_STATE.SIGNED, _STATE.SENT),
    "reject": Statement.OUT,
    "correct": Statement.OUT,
}


def follows(statement: Statement, act: str) -> bool:
    return statement.state in WHEN[act]


@contextmanager
def changing(statement: Statement, act: str, version: int | None = None) -> Iterator[Statement]:
    """The caller's object becomes what was written. With a `version`, nobody may have changed it
    since that was read."""
    with transaction.atomic():
        rows = Statement.objects.select_for_update(of=("self",))
        row = rows.select_related("unit", "project", "company", "group").get(pk=statement.pk)
        if not follows(row, act):
            raise Refused("not-now", f"报表现在是“{row.get_state_display()}”，请看最新情况。")
        if version is not None and version != row.version:
            raise Refused("changed-meanwhile", "别人刚改过这份报表，请刷新后再改。")
        yield row
        row.save()
    statement.__dict__.update(row.__dict__)
