"""The story of a statement, and who is told that it is their turn."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from shouwen.accounts.models import Staff
from shouwen.accounts.queries import reach_role
from shouwen.accounts.scope import Scope
from shouwen.notify.actions import tell
from shouwen.rules.statements import next_place
from shouwen.statements.models import Statement, StatementStep
from shouwen.statements.standing import signed_places

#: The last words of the story are read by people: each act by its name.
WORDS = {
    "prepared": "生成",
    "renewed": "重新取数",
    "written": "修改文字",
    "measures": "写改善措施",
    "submitted": "编制",
    "checked": "审核",
    "returned": "退回",
    "signed": "签字",
    "sent": "报送",
    "received": "签收",
    "rejected": "收件人退回",
    "replaced": "更正，另出一版",
    "rang": "超时上报",
}
TASKS = {"submitted": "请编制", "checked": "请审核", "signed": "请签字"}


def log(
    row: Statement, verb: str, by: Scope | None, at: datetime, note: str = "", **more: Any
) -> StatementStep:
    """One more line of its story."""
    row.version += 1
    row.save(update_fields=["version"])
    return StatementStep.objects.create(
        statement=row, verb=verb, at=at, by=by.staff if by else None, note=note.strip(), **more
    )


def tell_turn(row: Statement, at: datetime) -> None:
    """Whose turn it is learns of it; nobody where all have signed."""
    place = next_place(row.written, signed_places(row))
    if place is None:
        return
    people = reach_role(place.role, row.unit, at)
    tell_of(row, people, f"turn:{row.version}", f"{TASKS[place.verb]}：{words_of(row)}", at)


def tell_of(
    row: Statement, people: Iterable[Staff], what: str, words: str, at: datetime, body: str = ""
) -> None:
    """`what` tells one message about it from the next."""
    tell(
        people=people,
        event=f"statement:{row.pk}:{what}",
        at=at,
        subject=words,
        body=body or row.due_words,
        url=f"/statements/{row.number}",
    )


def words_of(row: Statement) -> str:
    """ "翠湖花园 2026年11月《月度客户信息统计分析表》" """
    return f"{row.unit.name} {row.spans.words}《{row.title}》"
