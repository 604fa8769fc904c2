"""Forms and registers by subject, the list of one form, and its workbook."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from shouwen.accounts.context import SignedInRequest, project_of
from shouwen.cases.board import Reader
from shouwen.cases.downloads import as_file
from shouwen.papers.filling.registers import sees_whole
from shouwen.registers.catalogue import catalogue
from shouwen.registers.listing import RecordList, cells_of, columns_of, exported
from shouwen.registers.queries import (
    FILLS,
    SEE,
    FormInForce,
    form_in_force,
    latest_form,
    visible_records,
)
from shouwen.registers.survey import results as tallied_of
from shouwen.rules.refused import Refused


@require_safe
def registers(request: SignedInRequest) -> HttpResponse:
    """Every form and ledger of the regulations, by subject, with its home."""
    request.scope.require(SEE)
    q = request.GET.get("q", "").strip()[:40]
    about = {
        "subjects": catalogue(request.scope, project_of(request), request.at, q),
        "q": q,
        "waiting": visible_records(request.scope)
        .filter(project=request.project, state="filled")
        .select_related("filled_by")
        .order_by("-pk")[:10],
    }
    return render(request, "registers/registers.html", about)


@require_safe
def form(request: SignedInRequest, form: str) -> HttpResponse:
    """The ledger of one form."""
    request.scope.require(SEE)
    asked = RecordList(request, form)
    found, holds = _form(request, asked)
    rows, pager = asked.page()
    project = request.project
    about = {
        **asked.about(),
        "form": found,
        "fields": list(found.rule.in_list()),
        "rows": [(row, cells_of(found.rule, row)) for row in rows],
        "pager": pager,
        "may_fill": holds and project is not None and request.scope.can(FILLS, project),
        "may_export": project is not None and request.scope.can("export", project),
        "may_print": project is not None and sees_whole(request.scope, SEE, project),
        "may_rule": project is not None and request.scope.can("regulation.adopt", project),
        "surveys": found.rule.field_of("scores") is not None,
    }
    return render(request, "registers/form.html", about)


def _form(request: SignedInRequest, asked: RecordList) -> tuple[FormInForce, bool]:
    """The form that holds here, or the last that did; and whether it holds."""
    try:
        return form_in_force(project_of(request), asked.form, request.at), True
    except Refused:
        if found := latest_form(asked.of_level, asked.form):
            return found, False
        raise


@require_safe
def export(request: SignedInRequest, form: str, kind: str) -> HttpResponseBase:
    """The same rows as a file."""
    request.scope.require("export")
    asked = RecordList(request, form, "export")
    found, _holds = _form(request, asked)
    reader = Reader(request.scope, (), request.at)
    return as_file(
        kind, exported(asked.rows, found.rule, reader), columns_of(found.rule), found.rule.title,
        f"{localtime(request.at):%Y-%m-%d %H%M}",
    )  # fmt: skip


@require_safe
def results(request: SignedInRequest, form: str) -> HttpResponse:
    """What a survey or an inspection has come to, in the days that were asked for."""
    request.scope.require(SEE)
    if not request.scope.wide(SEE):
        raise Refused("not-allowed", "您的岗位看不到整个项目的结果，请向客服负责人索取。")
    asked = RecordList(request, form)
    found, _holds = _form(request, asked)
    about = {**asked.about(), "form": found, "results": tallied_of(found.rule, asked.rows)}
    return render(request, "registers/results.html", about)
