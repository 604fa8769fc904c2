"""Records, empty forms and ledgers as files."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from shouwen.accounts.context import SignedInRequest, project_of
from shouwen.papers.actions import print_sheet
from shouwen.papers.filling.registers import MOST_ROWS, sees_whole
from shouwen.registers.actions.printing import print_record, write_record
from shouwen.registers.listing import RecordList
from shouwen.registers.paper import blank_source, ledger_source
from shouwen.registers.queries import SEE, form_in_force, forms_of, get_record
from shouwen.registers.starter import starter
from shouwen.rules.form_kinds import Form
from shouwen.rules.periods import period
from shouwen.rules.refused import Refused

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TYPES = {"pdf": "application/pdf", "docx": WORD}


@require_safe
def record(request: SignedInRequest, number: str, kind: str) -> HttpResponse:
    """One record, PDF or Word. Each reading is a print, on record."""
    found = get_record(request.scope, number)
    address = request.build_absolute_uri(request.path)
    match kind:
        case "pdf":
            made = print_record(record=found, address=address, by=request.scope, at=request.at)
        case "docx":
            made = write_record(record=found, by=request.scope, at=request.at)
        case _:
            raise Http404
    return sent(made, kind, f"{found.title} {found.number}")


@require_safe
def blank(request: SignedInRequest, form: str, kind: str) -> HttpResponse:
    """An empty form, PDF to be written on, or Word with its placeholders to be made one's own."""
    request.scope.require(SEE)
    rule = _form(request, form)
    if kind == "docx" and rule.fields:
        return sent(starter(rule), kind, rule.title)
    if kind != "pdf":
        raise Http404
    source = blank_source(project_of(request), rule)
    address = request.build_absolute_uri(request.path)
    made = print_sheet(
        kind="blank", source=source, address=address, by=request.scope, at=request.at
    )
    return sent(made, kind, rule.title)


def _form(request: SignedInRequest, form: str) -> Form:
    """Any form that holds here, also those that other floors fill."""
    for _regulation, rule in forms_of(project_of(request), request.at):
        if rule.id == form:
            return rule
    raise Refused("no-such-form", "本项目采用的制度没有这张表，请从“表单与台账”中选。")


@require_safe
def ledger(request: SignedInRequest, form: str) -> HttpResponse:
    """The ledger of a month, or of the days that were asked for, for who sees the whole project."""
    project = project_of(request)
    if not sees_whole(request.scope, SEE, project):
        raise Refused("not-allowed", "您的岗位看不到整个项目的台账，请让客服人员打印。")
    asked = RecordList(request, form)
    found = form_in_force(project, form, request.at)
    first, last = _days(asked, localdate(request.at))
    rows = asked.rows.filter(project=project, on__range=(first, last)).order_by("on", "pk")
    if (count := rows.count()) > MOST_ROWS:
        raise Refused("too-long", f"有 {count} 行，请导出 Excel。")
    source = ledger_source(project, found, list(rows), f"{first} 至 {last}")
    address = request.build_absolute_uri(request.path)
    made = print_sheet(
        kind="register", source=source, address=address, by=request.scope, at=request.at
    )
    return sent(made, "pdf", f"{found.rule.title} {first} {last}")


def _days(asked: RecordList, today: date) -> tuple[date, date]:
    month = period("month", asked.day("since") or asked.day("until") or today)
    return asked.day("since") or month.first, asked.day("until") or month.last


def sent(made: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(made, content_type=TYPES[kind])
    shown = content_disposition_header(kind == "docx", f"{name}.{kind}")
    answer.headers["Content-Disposition"] = shown or "inline"
    return answer
