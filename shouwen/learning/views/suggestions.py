"""The register of suggestions, and the lists of those whose suggestions were taken up."""

from __future__ import annotations

from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from shouwen.accounts.context import SignedInRequest, project_of
from shouwen.accounts.models import OrgUnit
from shouwen.cases.board import Reader
from shouwen.cases.downloads import as_file
from shouwen.cases.export import lines
from shouwen.cases.models import Case
from shouwen.learning.listing import Listing, sections
from shouwen.learning.models import Roll, RollLine, Suggestion
from shouwen.learning.month import COLUMNS, NAME, first_of, of_month
from shouwen.learning.queries import get_suggestion, visible_rolls, visible_suggestions
from shouwen.learning.steps import DRAW_UP, LINE_STEPS, ROLL_STEPS, SUGGESTION_STEPS, may
from shouwen.rules.refused import Refused
from shouwen.services.views.stepping import Stepping, run

SEE = "case.view"
#: What was void or merged waits for nobody any more.
STANDS = ~Q(case__status__in=(Case.Status.VOID, Case.Status.MERGED))
STATES = {
    "waiting": (gettext_lazy("待决定"), STANDS & Q(decision="")),
    "unanswered": (gettext_lazy("待告知"), STANDS & ~Q(decision="") & Q(answered_at=None)),
    "taken": (gettext_lazy("已采纳"), Q(decision__in=Suggestion.TAKEN_UP)),
    "declined": (gettext_lazy("未采纳"), Q(decision=Suggestion.Decision.DECLINED)),
}


@require_safe
def suggestions(request: SignedInRequest) -> HttpResponse:
    """Told to the supervisor, decided, answered, put up: each with its time."""
    request.scope.require(SEE)
    seen, mine = visible_suggestions(request.scope), Q(case__owner=request.user)
    listing = Listing(request, "suggestions", seen, mine, STATES, {})
    rows, pager = listing.page(listing.rows.select_related("case", "project"))
    about = {
        **listing.about(),
        "rows": [
            (row, may(SUGGESTION_STEPS.values(), row, request.scope, row.project)) for row in rows
        ],
        "pager": pager,
        "may_export": request.project is not None and request.scope.can("export", request.project),
    }
    return render(request, "learning/suggestions.html", about)


@require_safe
def month(request: SignedInRequest, kind: str) -> HttpResponseBase:
    """《建议情况月度表》 of a project and a month, as a file (S2-A14-12a)."""
    request.scope.require("export")
    first = first_of(request.GET.get("month", ""), localdate(request.at))
    seen = visible_suggestions(request.scope, "export").filter(project=project_of(request))
    cells = lines(of_month(seen, first), COLUMNS, Reader(request.scope, (), request.at))
    return as_file(kind, cells, COLUMNS, NAME, f"{first:%Y-%m}")


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: SignedInRequest, number: str, step: str) -> HttpResponse:
    if step not in SUGGESTION_STEPS:
        raise Http404
    found = get_suggestion(request.scope, number)
    asked = Stepping(
        SUGGESTION_STEPS[step], found, found.project, reverse("learning:suggestions"),
        sub=f"{found.case.address} {found.case.title}", crumb=_("建议"),
    )  # fmt: skip
    return run(request, asked)


# --- Lists of residents ---------------------------------------------------------------------------


@require_safe
def rolls(request: SignedInRequest) -> HttpResponse:
    """“爱我小区” and the awards of each year."""
    project = _whole(request)
    rows = visible_rolls(request.scope).filter(project=project)
    about = {
        "sections": sections("suggestions"),
        "rolls": rows.prefetch_related("lines").order_by("-year", "kind")[:50],
        "may_draw_up": request.scope.can(DRAW_UP.right, project),
    }
    return render(request, "learning/rolls.html", about)


@require_http_methods(["GET", "HEAD", "POST"])
def draw_up(request: SignedInRequest) -> HttpResponse:
    project = project_of(request)
    back = reverse("learning:rolls")
    asked = Stepping(DRAW_UP, project, project, back, sub=project.name, crumb=_("名单"))
    return run(request, asked)


def _whole(request: SignedInRequest) -> OrgUnit:
    """Lists of residents are for those who see the whole project."""
    request.scope.require(SEE)
    if not request.scope.wide(SEE):
        raise Refused("not-allowed", _("您的岗位看不到整个项目的名单，请向项目经理索取。"))
    return project_of(request)


def _roll(request: SignedInRequest, pk: int) -> Roll:
    _whole(request)
    rows = visible_rolls(request.scope).select_related("project", "approved_by", "made_by")
    return get_object_or_404(rows, pk=pk)


@require_safe
def roll(request: SignedInRequest, pk: int) -> HttpResponse:
    """Who is on it, why, and what he is given."""
    found = _roll(request, pk)
    lines = found.lines.select_related("told_by").prefetch_related("suggestions__case")
    scope, project = request.scope, found.project
    about = {
        "sections": sections("suggestions"),
        "roll": found,
        "lines": [(line, may(LINE_STEPS.values(), line, scope, project)) for line in lines],
        "steps": may(ROLL_STEPS.values(), found, scope, project),
    }
    return render(request, "learning/roll.html", about)


@require_http_methods(["GET", "HEAD", "POST"])
def roll_step(request: SignedInRequest, pk: int, step: str) -> HttpResponse:
    if step not in ROLL_STEPS:
        raise Http404
    found = _roll(request, pk)
    back = reverse("learning:roll", args=[found.pk])
    asked = Stepping(ROLL_STEPS[step], found, found.project, back, sub=str(found), crumb=_("名单"))
    return run(request, asked)


@require_http_methods(["GET", "HEAD", "POST"])
def line_step(request: SignedInRequest, pk: int, line: int, step: str) -> HttpResponse:
    if step not in LINE_STEPS:
        raise Http404
    found = _roll(request, pk)
    row = get_object_or_404(RollLine.objects.select_related("roll__project"), pk=line, roll=found)
    back = reverse("learning:roll", args=[found.pk])
    asked = Stepping(LINE_STEPS[step], row, found.project, back, sub=str(row), crumb=str(found))
    return run(request, asked)
