"""Forms and ledgers as the page of registers lists them: by subject, each with its home."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.cases.context import address
from shouwen.registers.homes import HOMES, SUBJECTS, Home
from shouwen.registers.models import Record
from shouwen.registers.queries import FILLS, forms_of, visible_records
from shouwen.rules.form_kinds import Form
from shouwen.rules.regulation import Regulation

#: A form that only one company's regulation has stands here.
OWN = _("本公司的其他表单")
Held = Mapping[str, tuple[Regulation, Form]]


@dataclass(frozen=True)
class Listed:
    """One line: what the form is called, where it is kept, what may be done with it."""

    title: str
    note: str
    url: str
    fill_url: str = ""
    blank: str = ""
    """The id of its form, for a blank sheet."""
    count: int = 0
    form: Form | None = None

    def holds(self, words: str) -> bool:
        return words in f"{self.title} {self.note}".casefold()


@dataclass(frozen=True)
class Subject:
    title: Any
    lines: list[Listed] = field(default_factory=list)


def catalogue(scope: Scope, project: OrgUnit, at: datetime, words: str = "") -> list[Subject]:
    """Only the subjects that have something, or that have what was searched for."""
    lines = _Lines(scope, project, at)
    found = [Subject(title, list(lines.of(title))) for title in (*SUBJECTS, OWN)]
    wanted = words.casefold()
    shown = [
        Subject(one.title, [line for line in one.lines if line.holds(wanted)]) for one in found
    ]
    return [one for one in shown if one.lines]


class _Lines:
    """The lines of one project, asked for once."""

    def __init__(self, scope: Scope, project: OrgUnit, at: datetime) -> None:
        self.held: Held = {rule.id: (one, rule) for one, rule in reversed(forms_of(project, at))}
        self.may_fill = scope.can(FILLS, project)
        rows = visible_records(scope).filter(project=project).exclude(state=Record.State.VOID)
        counted = rows.order_by().values_list("form").annotate(n=Count("pk"))
        self.counts = dict(counted)

    def of(self, subject: Any) -> Iterator[Listed]:
        if subject is OWN:
            yield from self._own()
        for home in HOMES:
            if home.subject is subject and (line := self._line(home)):
                yield line

    def _line(self, home: Home) -> Listed | None:
        """A form that is filled here stands there only where a regulation asks for it."""
        held = self.held.get(home.form)
        if home.page:
            url = page_of(home)
            blank = home.form if held else ""
            return (
                Listed(home.title, self._note(home.number, held), url, blank=blank) if url else None
            )
        return self._filled(home.number, held) if held else None

    def _filled(self, number: str, held: tuple[Regulation, Form]) -> Listed:
        rule = held[1]
        return Listed(
            rule.title,
            self._note(number, held),
            reverse("registers:form", args=[rule.id]),
            fill_url=reverse("registers:fill", args=[rule.id]) if self.may_fill else "",
            blank=rule.id,
            count=self.counts.get(rule.id, 0),
            form=rule,
        )

    def _note(self, number: str, held: tuple[Regulation, Form] | None) -> str:
        if held is None:
            return number
        regulation, rule = held
        return " · ".join(filter(None, (number, rule.number, f"{regulation.title} {rule.clause}")))

    def _own(self) -> Iterator[Listed]:
        known = {home.form for home in HOMES}
        for form, held in self.held.items():
            if form not in known and held[1].fields:
                yield self._filled("", held)


def page_of(home: Home) -> str:
    """Where a form of another floor is kept; nothing while the floor is not there."""
    name, asks, query = home.page.partition("?")
    found = address(name)
    return f"{found}{asks}{query}" if found else ""
