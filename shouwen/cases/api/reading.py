"""Reading contacts, cases, commitments and files."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import quote

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import FileResponse
from ninja import Query, Schema
from pydantic import Field

from shouwen.accounts.actions import disclose
from shouwen.accounts.context import SignedInRequest
from shouwen.cases.api import answers
from shouwen.cases.api.router import router
from shouwen.cases.files import path_of
from shouwen.cases.models import Attachment, Case, Commitment, Contact, JournalEntry
from shouwen.cases.queries import (
    get_case,
    journal,
    visible_cases,
    visible_commitments,
    visible_contacts,
)
from shouwen.cases.search import Wanted, find
from shouwen.cases.standing import Standing
from shouwen.rules.refused import Refused
from shouwen.web.http import Code, Cursor, Id, Limit, Moment, Number, Order, Short, extra

OPENED = Order[Case]("opened_at", descending=True)
CASE_DUE = Order[Case]("next_due_at")
SAID = Order[Contact]("at", descending=True)
DUE = Order[Commitment]("due_at")
Status = Literal[
    "registered", "dispatched", "accepted", "waiting", "done", "fed-back", "closed", "merged",
    "void",
]  # fmt: skip


# --- Cases ----------------------------------------------------------------------------------------


class CaseFilters(Schema):
    project: Code | None = None
    status: list[Status] = Field([])
    kind: Code | None = None
    urgent: bool | None = None
    open: bool | None = None
    since: Moment | None = None
    until: Moment | None = None
    updated: Moment | None = None
    q: Short = ""

    def narrow(self, rows: QuerySet[Case]) -> QuerySet[Case]:
        asked: dict[str, Any] = {
            "project__code": self.project,
            "status__in": self.status or None,
            "kind": self.kind,
            "urgent": self.urgent,
            "opened_at__gte": self.since,
            "opened_at__lt": self.until,
        }
        rows = rows.filter(**{name: value for name, value in asked.items() if value is not None})
        if self.open is not None:
            still = Q(status__in=Case.OPEN)
            rows = rows.filter(still if self.open else ~still)
        return rows.filter(self._changed()) if self.updated else rows

    def _changed(self) -> Exists:
        """The last entry of the journal says when a case was last changed: one row of an index."""
        last = JournalEntry.objects.filter(case=OuterRef("pk"), seq=OuterRef("version"))
        return Exists(last.filter(recorded_at__gte=self.updated))


@router.get(
    "/cases", response=answers.CasePage, summary="诉求清单", openapi_extra=extra("case.view")
)
def list_cases(
    request: SignedInRequest,
    filters: Query[CaseFilters],
    order: Literal["opened", "due"] = "opened",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> answers.CasePage:
    """Newest first, or by the nearest due time. `updated` keeps what was changed since then."""
    request.scope.require("case.view")
    found = find(request.scope, Wanted(filters.q)) if filters.q else visible_cases(request.scope)
    rows = filters.narrow(found).select_related(
        "project", "owner", "delegate", "department", "assignee", "unit"
    )
    cases, following = (OPENED if order == "opened" else CASE_DUE).page(rows, cursor, limit)
    return answers.CasePage(items=[answers.case_line(case) for case in cases], next=following)


@router.get(
    "/cases/{number}",
    response=answers.CaseAnswer,
    summary="一件诉求",
    openapi_extra=extra("case.view"),
)
def show_case(request: SignedInRequest, number: Number) -> answers.CaseAnswer:
    """With its axes, promises and what is missing for closing. Its ETag is its version."""
    case = get_case(request.scope, number)
    return answers.case_answer(Standing(case, request.scope, request.at))


@router.get(
    "/cases/{number}/journal",
    response=answers.Journal,
    summary="过程记录",
    openapi_extra=extra("case.view"),
)
def show_journal(request: SignedInRequest, number: Number) -> answers.Journal:
    case = get_case(request.scope, number)
    rows = [answers.entry_answer(row) for row in journal(case)]
    return answers.Journal(version=case.version, items=rows)


@router.post(
    "/cases/{number}/phone",
    response=answers.Phone,
    summary="查看完整电话（留痕）",
    openapi_extra=extra("personal.unmask"),
)
def show_case_phone(request: SignedInRequest, number: Number) -> answers.Phone:
    case = get_case(request.scope, number)
    request.scope.require("personal.unmask", case.project)
    disclose(by=request.user, at=request.at, record="case", record_id=case.pk, project=case.project)
    return answers.Phone(phone=case.customer_phone)


# --- Contacts -------------------------------------------------------------------------------------


@router.get(
    "/contacts",
    response=answers.ContactPage,
    summary="来电来访清单",
    openapi_extra=extra("case.view"),
)
def list_contacts(
    request: SignedInRequest,
    project: Annotated[Code | None, Query()] = None,
    since: Annotated[Moment | None, Query()] = None,
    until: Annotated[Moment | None, Query()] = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> answers.ContactPage:
    """Newest first."""
    request.scope.require("case.view")
    asked = {"project__code": project, "at__gte": since, "at__lt": until}
    rows = visible_contacts(request.scope).filter(**{k: v for k, v in asked.items() if v})
    contacts, following = SAID.page(
        rows.select_related("project", "received_by", "unit"), cursor, limit
    )
    return answers.ContactPage(
        items=answers.contact_answers(contacts, request.scope), next=following
    )


@router.get(
    "/contacts/{number}",
    response=answers.ContactAnswer,
    summary="一次来电来访",
    openapi_extra=extra("case.view"),
)
def show_contact(request: SignedInRequest, number: Number) -> answers.ContactAnswer:
    contact = get_contact(request, number)
    return answers.contact_answers([contact], request.scope)[0]


def get_contact(request: SignedInRequest, number: str) -> Contact:
    """The same refusal whether it is unknown or not theirs to see."""
    rows = visible_contacts(request.scope).select_related("project", "received_by", "unit")
    contact = rows.filter(number=number).first()
    if contact is None:
        raise Refused("not-found", "没有找到这次来电来访，请核对编号。")
    return contact


@router.post(
    "/contacts/{number}/phone",
    response=answers.Phone,
    summary="查看完整电话（留痕）",
    openapi_extra=extra("personal.unmask"),
)
def show_contact_phone(request: SignedInRequest, number: Number) -> answers.Phone:
    contact = get_contact(request, number)
    request.scope.require("personal.unmask", contact.project)
    disclose(
        by=request.user, at=request.at, record="contact", record_id=contact.pk,
        project=contact.project,
    )  # fmt: skip
    return answers.Phone(phone=contact.phone)


# --- Commitments ----------------------------------------------------------------------------------


@router.get(
    "/commitments",
    response=answers.CommitmentPage,
    summary="承诺清单",
    openapi_extra=extra("case.view"),
)
def list_commitments(
    request: SignedInRequest,
    project: Annotated[Code | None, Query()] = None,
    outcome: Literal["running", "met", "late", "waived"] = "running",
    due_before: Annotated[Moment | None, Query()] = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> answers.CommitmentPage:
    """By due time, the most urgent first. What is paused has none, and is not in this list."""
    request.scope.require("case.view")
    asked = {"case__project__code": project, "due_at__lt": due_before}
    rows = visible_commitments(request.scope).filter(
        outcome="" if outcome == "running" else outcome, **{k: v for k, v in asked.items() if v}
    )
    found, following = DUE.page(rows.select_related("case", "holder", "department"), cursor, limit)
    return answers.CommitmentPage(
        items=[answers.commitment_answer(row, row.case) for row in found], next=following
    )


# --- Files ----------------------------------------------------------------------------------------


@router.get(
    "/cases/{number}/attachments",
    response=answers.Files,
    summary="附件清单",
    openapi_extra=extra("case.view"),
)
def list_attachments(request: SignedInRequest, number: Number) -> answers.Files:
    """Those of the case, and of the contact that opened it."""
    case = get_case(request.scope, number)
    rows = Attachment.objects.filter(Q(case=case) | Q(contact=case.contact_id)).order_by("pk")
    return answers.Files(items=[answers.file_answer(row) for row in rows])


@router.get("/attachments/{id}", summary="下载附件", openapi_extra=extra("case.view"))
def show_attachment(request: SignedInRequest, id: Id) -> FileResponse:
    """The file itself, as it was looked into when it was taken in."""
    seen = visible_cases(request.scope)
    file = Attachment.objects.filter(
        Q(case__in=seen.values("pk"))
        | Q(contact__in=seen.values("contact_id"))
        | Q(contact__in=visible_contacts(request.scope).values("pk")),
        pk=id,
    ).first()
    if file is None:
        raise Refused("not-found", "没有找到这个附件。")
    response = FileResponse(path_of(file.sha256).open("rb"), content_type=file.media_type)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.label)}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
