"""The flow charts of the regulations that a project follows."""

from __future__ import annotations

from django import forms
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shouwen.accounts.context import SignedInRequest, project_of
from shouwen.cases.downloads import as_data
from shouwen.cases.files import ACCEPT
from shouwen.outside.actions.charts import keep_chart
from shouwen.outside.queries import chart_slots, charts_of, visible_charts
from shouwen.rules.refused import Refused
from shouwen.web.done import done
from shouwen.web.forms import add_refusal


class ChartForm(forms.Form):
    """One field: the clause stands beside it."""

    clause = forms.CharField(widget=forms.HiddenInput, max_length=24)
    chart = forms.FileField(
        label=_("流程图"), widget=forms.FileInput(attrs={"accept": ACCEPT}), error_messages={
            "required": _("请选择文件。")
        },
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def charts(request: SignedInRequest) -> HttpResponse:
    """Each clause that has a place for one, with the chart that holds."""
    request.scope.require("regulation.view")
    project = project_of(request)
    form = ChartForm(request.POST, request.FILES) if request.method == "POST" else None
    if form is not None:
        request.scope.require("regulation.adopt", project)
        if form.is_valid():
            told = form.cleaned_data
            try:
                keep_chart(
                    project=project, clause=told["clause"], upload=told["chart"],
                    by=request.scope, at=request.at,
                )  # fmt: skip
            except Refused as refused:
                add_refusal(form, refused)
            else:
                done(request, _("已上传流程图"))
                return redirect("outside:charts")
    held = charts_of(request.scope, project)
    about = {
        "rows": [(reg, slot, held.get(slot.id)) for reg, slot in chart_slots(project, request.at)],
        "form": form,
        "may_keep": request.scope.can("regulation.adopt", project),
        "accept": ACCEPT,
    }
    return render(request, "outside/charts.html", about, status=422 if form else 200)


@require_safe
def chart(request: SignedInRequest, pk: int) -> FileResponse:
    """The file itself."""
    found = get_object_or_404(visible_charts(request.scope), pk=pk)
    return as_data(found.sha256, found.media_type, found.label)
