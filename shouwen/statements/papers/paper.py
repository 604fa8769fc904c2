"""What stands on a statement besides its sections: form number, edition, who signed when, to whom
it goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localtime

from shouwen.accounts.models import Staff
from shouwen.accounts.rights import ROLES
from shouwen.papers.shapes import Head
from shouwen.rules.statements import LEVELS, places
from shouwen.statements.content.cells import due_words
from shouwen.statements.models import Statement, StatementStep
from shouwen.statements.owing import regulation_of
from shouwen.statements.papers.blocks import Block, blocks_of
from shouwen.statements.standing import signatures


@dataclass(frozen=True)
class Signature:
    """A place to sign; without a name it is there to be signed by hand."""

    place: str
    name: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Paper:
    head: Head
    facts: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]
    signatures: tuple[Signature, ...]

    @property
    def name(self) -> str:
        """Of the file, without its ending."""
        return f"{self.head.title} {self.head.record}"


def paper_of(row: Statement, *, by: Staff, at: datetime, address: str) -> Paper:
    """`address` is the page of the statement: the code on the paper leads there."""
    return Paper(_head(row, by, at, address), _facts(row), tuple(blocks_of(row)), _signed(row))


def _head(row: Statement, by: Staff, at: datetime, address: str) -> Head:
    law = regulation_of(row)
    form = next((one for one in law.form if one.id == row.written.form), None) if law else None
    return Head(
        company=(row.company or row.group).name,
        project=row.unit.name if row.unit.is_project else "",
        title=row.title,
        record=row.number,
        form=form.number if form else "",
        edition=form.edition if form else "",
        basis=f"{law.title if law else ''} {row.clause}".strip(),
        printed=f"{by.name} {localtime(at):%Y-%m-%d %H:%M} 打印",
        address=address,
    )


def _facts(row: Statement) -> tuple[tuple[str, str], ...]:
    edition = f"第 {row.edition} 版" + (f"，更正理由：{row.reason}" if row.reason else "")
    to = "、".join(delivery.name for delivery in row.deliveries.all())
    to = to or "、".join(recipient.name for recipient in row.written.to)
    return (
        ("单位", f"{row.unit.name}（{LEVELS[row.unit.kind]}）"),  # type: ignore[index] # one of the three
        ("期间", f"{row.spans.words}（{row.first} 至 {row.last}）"),
        ("数据截至", f"{localtime(row.prepared_at):%Y-%m-%d %H:%M}"),
        ("版次", edition),
        ("报送", to),
        ("报送期限", due_words(row.due_at) if row.due_at else ""),
    )


def _signed(row: Statement) -> tuple[Signature, ...]:
    """Every place, with who signed there and when; a message that nobody had to sign went out by
    itself."""
    given = signatures(row)
    if row.written.by_message and row.sent_at and not given:
        return (Signature("发出", "系统按时自动发出", row.sent_at),)
    return tuple(
        _signature(f"{place.words}（{ROLES[place.role].name}）", step)
        for place, step in zip(places(row.written), [*given, *[None] * 9], strict=False)
    )


def _signature(place: str, step: StatementStep | None) -> Signature:
    if step is None or step.by is None:
        return Signature(place)
    name = f"{step.by.name}（代{step.for_whom.name}）" if step.for_whom else step.by.name
    return Signature(place, name, step.at)
