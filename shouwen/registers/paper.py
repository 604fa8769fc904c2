"""A record, an empty form and the ledger of a month as PDF, on the sheets of `papers`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from django.urls import reverse
from django.utils.timezone import localtime

from shouwen.accounts.models import OrgUnit
from shouwen.papers.shapes import Column, Head, Register, Sheet
from shouwen.papers.signatures import drawn
from shouwen.papers.sources import Form as PaperForm
from shouwen.papers.sources import Source
from shouwen.registers.models import Record
from shouwen.registers.pictures import small
from shouwen.registers.queries import FormInForce
from shouwen.registers.words import said, shown
from shouwen.rules.form_kinds import MARKS, Form, FormField

#: Fields that fill the width of the page.
WIDE = ("long", "scores", "table", "photo")
#: Empty lines of a table on an empty form, and of a ledger.
BLANK_LINES, BLANK_ROWS = 12, 18


@dataclass(frozen=True)
class Block:
    """A part of the sheet: short fields side by side, a field with room to write, a table, marks,
    or photos."""

    kind: str
    title: str = ""
    pairs: tuple[tuple[Any, ...], ...] = ()
    text: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    pictures: tuple[tuple[int, ...], ...] = ()
    least: int = 0


@dataclass(frozen=True)
class Signed:
    name: str
    on: str
    picture: tuple[int, ...] = ()


@dataclass(frozen=True)
class FilledForm(Sheet):
    template: ClassVar[str] = "record"

    blocks: tuple[Block, ...]
    signed: dict[str, Signed]
    paper: str
    landscape: bool
    void: bool = False
    marks: tuple[str, ...] = tuple(f"{mark} {word}" for mark, word in MARKS.items())


def record_source(record: Record, form: FormInForce, *, whole: bool) -> Source:
    """`whole`: personal details as they are, and not behind their mask."""
    return Source(
        form=_paper_form(form.rule),
        record=record.number,
        project=record.project,
        url=reverse("registers:record", args=[record.number]),
        fill=partial(_filled, record=record, rule=form.rule, whole=whole),
        case=record.case,
        book=form.book,
    )


def blank_source(project: OrgUnit, rule: Form) -> Source:
    """An empty form, to be written on by hand."""
    return Source(
        form=_paper_form(rule),
        record="",
        project=project,
        url=reverse("registers:registers"),
        fill=partial(_empty, rule=rule),
    )


def ledger_source(
    project: OrgUnit, form: FormInForce, records: Sequence[Record], words: str
) -> Source:
    return Source(
        form=PaperForm(form.rule.title, (form.rule.id,)),
        record=f"{project.code}-{words}",
        project=project,
        url=reverse("registers:form", args=[form.rule.id]),
        fill=partial(_ledger, rule=form.rule, records=records, words=words),
        book=form.book,
    )


def _paper_form(rule: Form) -> PaperForm:
    return PaperForm(rule.title, (rule.id,), rule.copy_names or ("",), rule.signatures)


# --- What stands on them --------------------------------------------------------------------------


def _filled(head: Head, *, record: Record, rule: Form, whole: bool) -> FilledForm:
    return FilledForm(
        head=head,
        blocks=tuple(_blocks(rule, record.values, record=record, whole=whole)),
        signed={each.place: _signed(each) for each in record.signatures.select_related("picture")},
        paper=rule.paper,
        landscape=rule.landscape,
        void=record.state == Record.State.VOID,
    )


def _empty(head: Head, *, rule: Form) -> Sheet:
    """One that is filled by hand: as its fields say, else as a list with its columns."""
    if rule.fields:
        blocks = tuple(_blocks(rule, {}, record=None, whole=True))
        return FilledForm(head, blocks, {}, rule.paper, rule.landscape)
    if rule.signatures:
        pairs = tuple((title, "") for title in rule.columns)
        return FilledForm(head, (Block("pairs", pairs=_even(pairs)),), {}, rule.paper, False)
    columns = tuple(Column(title) for title in rule.columns)
    return Register(head=head, columns=columns, rows=(), blank=BLANK_ROWS)


def _blocks(
    rule: Form, values: dict[str, Any], *, record: Record | None, whole: bool
) -> Iterator[Block]:
    words = said if whole else shown
    waiting: list[tuple[Any, ...]] = []
    for one in rule.fields:
        if one.kind not in WIDE:
            waiting.append((one.title, words(one, values.get(one.id))))
            continue
        if waiting:
            yield Block("pairs", pairs=_even(tuple(waiting)))
            waiting = []
        yield _block(one, values.get(one.id), record, words)
    if waiting:
        yield Block("pairs", pairs=_even(tuple(waiting)))


def _even(pairs: tuple[tuple[Any, ...], ...]) -> tuple[tuple[Any, ...], ...]:
    """Two in a row; the last alone fills it."""
    return pairs if len(pairs) % 2 == 0 else (*pairs[:-1], (*pairs[-1], 2))


def _block(one: FormField, value: Any, record: Record | None, words: Any) -> Block:
    match one.kind:
        case "table":
            rows = tuple(
                tuple(words(column, line.get(column.id)) for column in one.columns)
                for line in value or ()
            )
            titles = tuple(column.title for column in one.columns)
            least = 0 if record else BLANK_LINES
            return Block("table", one.title, columns=titles, rows=rows, least=least)
        case "scores":
            given = value or {}
            marks = tuple((item.title, _mark(given.get(item.id))) for item in one.items)
            return Block("scores", one.title, rows=marks)
        case "photo":
            return Block("photos", one.title, pictures=_pictures(record, value or ()))
        case _:
            return Block("space", one.title, text=words(one, value))


def _mark(mark: int | None) -> str:
    return f"{mark} {MARKS[mark]}" if mark else ""


def _pictures(record: Record | None, ids: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    if record is None:
        return ()
    return tuple(filter(None, (small(file.sha256) for file in record.files.filter(pk__in=ids))))


def _signed(signature: Any) -> Signed:
    picture = drawn(signature.picture) if signature.picture else ()
    return Signed(signature.name, f"{localtime(signature.at):%Y-%m-%d}", picture)


def _ledger(head: Head, *, rule: Form, records: Sequence[Record], words: str) -> Register:
    listed = list(rule.in_list())
    return Register(
        head=head,
        columns=(
            Column("编号", 1.6),
            *(Column(one.title, number=one.kind in ("number", "money")) for one in listed),
            Column("状态", 0.7),
            Column("填写人", 0.8),
        ),
        rows=tuple(
            (
                record.number,
                *(shown(one, record.values.get(one.id)) for one in listed),
                str(record.get_state_display()),
                record.filled_by.name,
            )
            for record in records
        ),
        notes=(("项目", head.project), ("期间", words), ("件数", str(len(records)))),
    )
