"""A record as its page shows it: what is written, and what happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shouwen.registers.models import Record, RecordStep
from shouwen.registers.words import mark_words, shown
from shouwen.rules.form_kinds import Form, FormField
from shouwen.rules.forms import is_empty
from shouwen.web.pieces import FileLink

#: What happened, in words.
VERBS = {
    "begun": _("开始填写"),
    "filled": _("交出"),
    "changed": _("修改"),
    "signed": _("签字"),
    "voided": _("作废"),
    "replaced": _("作废并更正"),
}


@dataclass(frozen=True)
class Written:
    """One field with what is written in it: words, pairs of an item and its mark, a table, or
    photos."""

    field: FormField
    words: str = ""
    pairs: tuple[tuple[str, str], ...] = ()
    lines: tuple[tuple[str, ...], ...] = ()
    photos: tuple[FileLink, ...] = ()

    @property
    def is_short(self) -> bool:
        return self.field.kind not in ("long", "scores", "table", "photo")


def parts_of(rule: Form, record: Record) -> list[Written]:
    """Every field that is not empty, with what is personal behind its mask."""
    return [_written(one, record) for one in rule.fields if not is_empty(record.values.get(one.id))]


def _written(one: FormField, record: Record) -> Written:
    value = record.values[one.id]
    match one.kind:
        case "scores":
            given = (item for item in one.items if item.id in value)
            return Written(one, pairs=tuple((i.title, mark_words(value[i.id])) for i in given))
        case "table":
            return Written(one, lines=tuple(cells(one, line) for line in value))
        case "photo":
            return Written(one, photos=tuple(_photos(record, value)))
        case _:
            return Written(one, words=shown(one, value))


def cells(one: FormField, line: dict[str, Any]) -> tuple[str, ...]:
    return tuple(shown(column, line.get(column.id)) for column in one.columns)


def _photos(record: Record, ids: list[int]) -> list[FileLink]:
    addresses = {
        file: reverse("registers:file", args=[record.number, file.pk])
        for file in record.files.filter(pk__in=ids)
    }
    return [FileLink(file.label, url, file.size, thumb=url) for file, url in addresses.items()]


def story_of(record: Record) -> list[tuple[str, RecordStep, str]]:
    """(word, step, what was said), the first first."""
    return [
        (str(VERBS.get(step.verb, step.verb)), step, _about(step))
        for step in record.steps.select_related("by")
    ]


def _about(step: RecordStep) -> str:
    place, name = step.data.get("place", ""), step.data.get("name", "")
    return str(step.data.get("text", "")) or f"{place} {name}".strip()
