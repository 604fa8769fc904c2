"""Head and foot of a sheet, from the `form` rules of the regulations that the record is under."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.timezone import localtime

from shouwen.accounts.models import Staff
from shouwen.adoption.actions import footing
from shouwen.adoption.queries import rulebook
from shouwen.papers.shapes import Head
from shouwen.papers.sources import Form, Source
from shouwen.rules.form_kinds import Form as FormRule
from shouwen.rules.regulation import Regulation, Rulebook

Found = Sequence[tuple[Regulation, FormRule]]


def head_of(source: Source, *, by: Staff, at: datetime, address: str) -> Head:
    """A case keeps the forms of the regulations that it was opened under."""
    found = form_rules(_rulebook(source, at), source.form)
    rules = [rule for _, rule in found]
    return Head(
        company=source.project.company.name if source.project.company else "",
        project=source.project.name,
        title=rules[0].title if rules else source.form.title,
        record=source.record,
        form=next((rule.number for rule in rules if rule.number), ""),
        edition=next((rule.edition for rule in rules if rule.edition), ""),
        basis="；".join(f"{regulation.title} {rule.clause}" for regulation, rule in found),
        copies=copies_of(source.form, max((rule.copies for rule in rules), default=1)),
        signatures=_signatures(source.form, rules),
        printed=f"{by.name} {localtime(at):%Y-%m-%d %H:%M} 打印",
        address=address,
    )


def _rulebook(source: Source, at: datetime) -> Rulebook:
    if source.book:
        return source.book
    if source.case:
        return rulebook(source.case.rulebook_id)
    return footing(source.project, at).rulebook


def form_rules(book: Rulebook, form: Form) -> Found:
    """What the adopted regulations say of a form; two that name the same form add to each other."""
    return [(regulation, rule) for regulation, rule in book.all("form") if rule.id in form.ids]


def copies_of(form: Form, wanted: int) -> tuple[str, ...]:
    """The names of the copies; a regulation may want more than the product knows names for."""
    more = range(len(form.copies) + 1, wanted + 1)
    return (*form.copies, *(f"第{number}联" for number in more))


def _signatures(form: Form, rules: Sequence[FormRule]) -> tuple[str, ...]:
    said = dict.fromkeys(name for rule in rules for name in rule.signatures)
    return tuple(said) or form.signatures
