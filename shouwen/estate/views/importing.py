"""The import: upload, see what it would do, let it be done."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path, PurePath

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.estate import importing, queries
from shouwen.estate.forms import ImportForm
from shouwen.estate.importing.sheets import write_template
from shouwen.estate.models import ImportRun
from shouwen.estate.views.common import form_page, here, saved, sent
from shouwen.web.done import done

RIGHT = "estate.import"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RUNS_SHOWN = 20
#: Up to this size the page does it at once; what is longer is the worker's.
AT_ONCE = 300 * 1024
#: After so long without anybody at it, the page says that the worker seems to be down.
PATIENCE = timedelta(seconds=20)
State = ImportRun.State
KINDS = (
    ("buildings", "楼栋"),
    ("units", "房屋"),
    ("customers", "客户"),
    ("occupancies", "入住关系"),
    ("rows", "合计行"),
)


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: SignedInRequest) -> HttpResponse:
    """Upload a workbook; the latest imports of the project below."""
    project = here(request, RIGHT)
    form = ImportForm(sent(request), request.FILES or None)
    made: list[ImportRun] = []

    def start() -> None:
        file = form.cleaned_data["file"]
        made.append(
            importing.start(
                by=request.scope,
                project=project,
                name=file.name,
                content=file.chunks(),
                at=request.at,
            )
        )
        if file.size <= AT_ONCE:
            importing.run_now(made[0], request.at)

    if saved(request, form, start):
        return redirect("estate:import-run", made[0].pk)
    runs = queries.visible_imports(request.scope).filter(project=project).select_related("by")
    return form_page(
        request, "estate/imports.html", form, project=project, runs=list(runs[:RUNS_SHOWN])
    )


@require_safe
def template(request: SignedInRequest) -> FileResponse:
    """Our own workbook, to fill in."""
    here(request, RIGHT)
    file = BytesIO()
    write_template(file)
    file.seek(0)
    return FileResponse(
        file, as_attachment=True, filename="首问-房屋与客户模板.xlsx", content_type=XLSX
    )


@require_safe
def import_run(request: SignedInRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    return render(request, "estate/import_run.html", _about(request, run))


@require_safe
def progress(request: SignedInRequest, pk: int) -> HttpResponse:
    """The part of the page that asks for itself until there is something to decide or to read."""
    return render(request, "estate/import_progress.html", _about(request, _run(request, pk)))


def _about(request: SignedInRequest, run: ImportRun) -> dict[str, object]:
    waiting = run.state in (State.WAITING, State.CONFIRMED)
    left = run.claimed_until is not None and run.claimed_until < request.at
    return {
        "run": run,
        "busy": waiting or run.state in (State.CHECKING, State.APPLYING),
        "alone": left or (waiting and request.at - run.at > PATIENCE),
        "counts": [(name, run.counts.get(kind, {})) for kind, name in KINDS if run.counts],
        "to_do": any(run.counts.get("rows", {}).get(key) for key in ("new", "changed")),
    }


@require_POST
def confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    importing.confirm(run=run, by=request.scope)
    if _small(run):
        importing.run_now(run, request.at)
    return redirect("estate:import-run", run.pk)


@require_POST
def cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    importing.cancel(run=run, by=request.scope, at=request.at)
    done(request, _("已取消，没有导入任何一行。"))
    return redirect("estate:imports")


@require_safe
def errors(request: SignedInRequest, pk: int) -> FileResponse:
    """The rows that were rejected, as a workbook to correct."""
    run = _run(request, pk)
    path = Path(settings.MEDIA_ROOT) / run.error_file
    if not run.error_file or not path.exists():
        raise Http404
    name = f"{PurePath(run.name).stem}-有错的行.xlsx"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=XLSX)


def _run(request: SignedInRequest, pk: int) -> ImportRun:
    visible = queries.visible_imports(request.scope).select_related("project", "by")
    return get_object_or_404(visible, pk=pk)


def _small(run: ImportRun) -> bool:
    file = Path(settings.MEDIA_ROOT) / run.file
    return file.exists() and file.stat().st_size <= AT_ONCE
