"""The HTTP side of controlled forms, mounted by `shouwen.api`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Query, Router, Schema

from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import found
from shouwen.registers.actions.filling import Blank, begin, void
from shouwen.registers.actions.signing import sign
from shouwen.registers.models import Record
from shouwen.registers.queries import (
    FILLS,
    LEADS,
    SEE,
    form_in_force,
    form_of,
    forms_of,
    get_record,
    visible_records,
)
from shouwen.registers.words import shown
from shouwen.rules.form_kinds import FormField
from shouwen.web.http import Code, Cursor, Limit, Number, Order, Said, Text, extra

router = Router()
FILLED = Order[Record]("filled_at", descending=True)
NO_PROJECT = "没有找到这个项目，请核对代码。"


# --- Forms ----------------------------------------------------------------------------------------


class FieldAnswer(Schema):
    id: str
    title: str
    kind: str
    required: bool
    options: list[str]
    items: dict[str, str]
    columns: list[FieldAnswer]


class FormAnswer(Schema):
    id: str
    title: str
    number: str
    regulation: str
    clause: str
    signatures: list[str]
    fields: list[FieldAnswer]


class FormPage(Schema):
    items: list[FormAnswer]


def field_answer(one: FormField) -> FieldAnswer:
    return FieldAnswer(
        id=one.id,
        title=one.title,
        kind=one.kind,
        required=one.required,
        options=list(one.options),
        items={item.id: item.title for item in one.items},
        columns=[field_answer(column) for column in one.columns],
    )


@router.get("/forms", response=FormPage, summary="可填写的表单", openapi_extra=extra(SEE))
def list_forms(request: SignedInRequest, project: Annotated[Code, Query()]) -> FormPage:
    """The forms of the regulations that hold at a project, with their fields."""
    request.scope.require(SEE)
    place = _project(request, project)
    return FormPage(
        items=[
            FormAnswer(
                id=rule.id, title=rule.title, number=rule.number, regulation=regulation.id,
                clause=rule.clause, signatures=list(rule.signatures),
                fields=[field_answer(one) for one in rule.fields],
            )
            for regulation, rule in forms_of(place, request.at)
            if rule.fields
        ]
    )  # fmt: skip


def _project(request: SignedInRequest, code: str, right: str = SEE) -> OrgUnit:
    rows = OrgUnit.objects.filter(request.scope.below(right), kind=OrgUnit.Kind.PROJECT)
    return found(rows.select_related("company", "group"), NO_PROJECT, code=code)


# --- Records --------------------------------------------------------------------------------------


class SignatureAnswer(Schema):
    place: str
    name: str
    at: datetime


class RecordAnswer(Schema):
    number: str
    project: str
    form: str
    title: str
    state: str
    on: date
    values: dict[str, Any]
    """As they are kept; what is personal stands behind its mask."""
    signatures: list[SignatureAnswer]
    filled_by: str
    """Staff number."""
    filled_at: datetime
    signed_at: datetime | None
    replaces: str
    version: int


class RecordPage(Schema):
    items: list[RecordAnswer]
    next: str | None


class RecordWish(Said):
    project: Code
    form: Code
    values: dict[str, Any]
    complete: bool = True
    """False: a draft, which may lack what must be filled."""


class SignWish(Said):
    place: Text


class VoidWish(Said):
    text: Text


def record_answer(record: Record) -> RecordAnswer:
    return RecordAnswer(
        number=record.number,
        project=record.project.code,
        form=record.form,
        title=record.title,
        state=record.state,
        on=record.on,
        values=_masked(record),
        signatures=[
            SignatureAnswer(place=each.place, name=each.name, at=each.at)
            for each in record.signatures.all()
        ],
        filled_by=record.filled_by.number,
        filled_at=record.filled_at,
        signed_at=record.signed_at,
        replaces=record.replaces.number if record.replaces else "",
        version=record.version,
    )


def _masked(record: Record) -> dict[str, Any]:
    fields = {one.id: one for one in form_of(record).rule.fields}
    return {name: _mask(fields[name], value) for name, value in record.values.items()}


def _mask(one: FormField, value: Any) -> Any:
    if one.kind == "table":
        columns = {column.id: column for column in one.columns}
        return [{name: _mask(columns[name], cell) for name, cell in line.items()} for line in value]
    return shown(one, value) if one.kind in ("phone", "identity") else value


@router.get("/records", response=RecordPage, summary="填写的表单", openapi_extra=extra(SEE))
def list_records(
    request: SignedInRequest,
    form: Annotated[Code | None, Query()] = None,
    project: Annotated[Code | None, Query()] = None,
    state: Annotated[Literal["draft", "filled", "signed", "void"] | None, Query()] = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> RecordPage:
    """The newest first."""
    request.scope.require(SEE)
    asked = {"form": form, "project__code": project, "state": state}
    rows = visible_records(request.scope).filter(
        **{name: value for name, value in asked.items() if value}
    )
    rows = rows.select_related("project", "filled_by", "replaces").prefetch_related("signatures")
    shown_rows, following = FILLED.page(rows, cursor, limit)
    return RecordPage(items=[record_answer(row) for row in shown_rows], next=following)


@router.get("/records/{number}", response=RecordAnswer, summary="一张表", openapi_extra=extra(SEE))
def show_record(request: SignedInRequest, number: Number) -> RecordAnswer:
    return record_answer(get_record(request.scope, number))


@router.post("/records", response=RecordAnswer, summary="填写一张表", openapi_extra=extra(FILLS))
def fill_record(request: SignedInRequest, body: RecordWish) -> RecordAnswer:
    """By the fields of its form; people by their number, homes by their room, cases by theirs."""
    request.scope.require(FILLS)
    place = _project(request, body.project, FILLS)
    blank = Blank(place, form_in_force(place, body.form, request.at))
    record = begin(
        blank=blank, typed=body.values, complete=body.complete, by=request.scope, at=request.at
    )
    return record_answer(get_record(request.scope, record.number))


@router.post(
    "/records/{number}/sign", response=RecordAnswer, summary="签字", openapi_extra=extra(SEE)
)
def sign_record(request: SignedInRequest, number: Number, body: SignWish) -> RecordAnswer:
    """A place whose role one holds. Signatures by hand are given on the page."""
    record = get_record(request.scope, number)
    sign(record=record, place=body.place, by=request.scope, at=request.at)
    return record_answer(get_record(request.scope, number))


@router.post(
    "/records/{number}/void", response=RecordAnswer, summary="作废", openapi_extra=extra(LEADS)
)
def void_record(request: SignedInRequest, number: Number, body: VoidWish) -> RecordAnswer:
    record = get_record(request.scope, number)
    request.scope.require(LEADS, record.project)
    void(record=record, text=body.text, by=request.scope, at=request.at)
    return record_answer(get_record(request.scope, number))
