"""Reads of what was filled in: who sees which record, and the form that it was filled by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.queries import line_above
from shouwen.accounts.scope import Scope, found
from shouwen.adoption.actions import footing
from shouwen.adoption.queries import rulebook
from shouwen.registers.models import FormTemplate, Record
from shouwen.rules.form_kinds import Form
from shouwen.rules.refused import Refused
from shouwen.rules.regulation import Regulation, Rulebook

SEE, FILLS, LEADS = "case.view", "contact.register", "case.rule"
#: What counts: complete, and neither void nor replaced.
COUNTS = (Record.State.SIGNED,)


# --- Who sees what --------------------------------------------------------------------------------


def visible_records(scope: Scope, right: str = SEE) -> QuerySet[Record]:
    """Those of the units reached whole, those one filled in, and those of one's own department.
    What is closed only who leads sees, and the head of the department."""
    if not scope.can(right):
        return Record.objects.none()
    whole = scope.on(right) & (Q(closed=False) | scope.on(LEADS))
    own = Q(filled_by=scope.staff)
    heads = Q(department__in=scope.departments("case.verify"))
    of_department = Q(department__in=scope.departments(right), closed=False)
    return Record.objects.filter(scope.inside(), whole | own | heads | of_department)


def get_record(scope: Scope, number: str) -> Record:
    """The record, or the same refusal whether it is unknown or not theirs to see."""
    rows = visible_records(scope).select_related(
        "project", "company", "group", "department", "staff", "unit", "case", "filled_by",
        "replaces",
    )  # fmt: skip
    return found(rows, "没有找到这张表，请核对编号。", number=number)


# --- Which form -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class FormInForce:
    """A form that is filled in here, with the regulation that asks for it and the book it stands
    in."""

    regulation: Regulation
    rule: Form
    book: Rulebook
    rulebook_id: int


def forms_of(project: OrgUnit, at: datetime) -> list[tuple[Regulation, Form]]:
    """Every form of the regulations that hold here, filled in the program or only printed."""
    return footing(project, at).rulebook.all("form")


def form_in_force(project: OrgUnit, form: str, at: datetime) -> FormInForce:
    """The form with this id that holds here now and is filled in the program."""
    ground = footing(project, at)
    for regulation, rule in ground.rulebook.all("form"):
        if rule.id == form and rule.fields:
            return FormInForce(regulation, rule, ground.rulebook, ground.pinned.pk)
    raise Refused("no-such-form", "本项目采用的制度没有这张表，请从“表单与台账”中选。")


def form_of(record: Record) -> FormInForce:
    """The form as it was when the record was begun."""
    book = rulebook(record.rulebook_id)
    for regulation, rule in book.all("form"):
        if rule.id == record.form and regulation.id == record.regulation:
            return FormInForce(regulation, rule, book, record.rulebook_id)
    raise LookupError(f"{record} was filled by a form that its rulebook does not hold")


def latest_form(rows: QuerySet[Record], form: str) -> FormInForce | None:
    """The form by which the latest of these records was filled: for lists of what holds no more."""
    record = rows.filter(form=form).order_by("-pk").first()
    return form_of(record) if record else None


def template_of(project: OrgUnit, form: str) -> FormTemplate | None:
    """The company's own Word file: the project's, else the nearest above."""
    for unit in line_above(project):
        rows = FormTemplate.objects.filter(unit=unit, form=form, until=None)
        if template := rows.exclude(since=None).first():
            return template
    return None


# --- What is counted ------------------------------------------------------------------------------


def counted_records(place: OrgUnit, form: str, first: date, last: date) -> QuerySet[Record]:
    """The complete records of a place about these days."""
    rows = Record.objects.filter(**{f"{place.kind}": place}, form=form, on__range=(first, last))
    return rows.filter(state__in=COUNTS)
