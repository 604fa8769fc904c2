"""The lock of months: which are locked, what would differ now, corrections and exclusions."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope, found
from shouwen.figures.actions.locking import lock_due
from shouwen.figures.actions.restating import RULES, differences
from shouwen.figures.asked import asked_of
from shouwen.figures.counting import at_place, projects_of
from shouwen.figures.models import OUTCOME, Exclusion, MonthLock, Restatement, Verdict
from shouwen.figures.queries import SEE, get_place, require_whole, visible_verdicts
from shouwen.figures.steps import DECIDE, DECIDE_EXCLUSION, EXCLUDE, LOCK, RESTATE, WITHDRAW, Month
from shouwen.rules.periods import Period, period, read_period
from shouwen.services.steps import Step
from shouwen.services.views.stepping import Stepping, run

#: Months that the list goes back.
BACK = 6
#: Projects that it shows; of more it is asked company by company.
PROJECTS = 200


@require_safe
def months(request: SignedInRequest) -> HttpResponse:
    """The projects of a place and the last months, each with its lock."""
    asked = asked_of(request, "months")
    listed = [period("month", localdate(request.at))]
    while len(listed) < BACK:
        listed.append(listed[-1].before())
    projects = list(projects_of(asked.place).order_by("path")[:PROJECTS])
    locks = MonthLock.objects.filter(at_place(asked.place), month__gte=listed[-1].first)
    held = {(lock.project_id, lock.month): lock for lock in locks}
    rows = [
        (one, [(month, _address(one, month), held.get((one.pk, month.first))) for month in listed])
        for one in projects
    ]
    about = {"asked": asked, "places": asked.places(request), "months": listed, "rows": rows}
    return render(request, "figures/months.html", about)


def _address(project: OrgUnit, month: Period) -> str:
    return reverse("figures:month", args=[project.code, month.key])


@require_safe
def month(request: SignedInRequest, place: str, month: str) -> HttpResponse:
    """One month of one project: what was locked, what would be counted differently now."""
    shown = _month(request.scope, place, month)
    lock, project = shown.lock, shown.project
    leads = request.scope.can(RULES, project)
    related = ("asked_by", "decided_by")
    restatements = lock.restatements().select_related(*related) if lock else []
    during = visible_verdicts(request.scope).filter(
        project=project, on__range=(shown.period.first, shown.period.last)
    )
    excluded = Exclusion.objects.filter(project=project, record__in=during.values("record"))
    about = {
        "month": shown,
        "lock": lock,
        "due_at": lock.due_at if lock else lock_due(project, shown.period, request.at),
        "is_over": shown.period.last < localdate(request.at),
        "differences": _words(lock, differences(project, shown.period)[:MOST]) if lock else [],
        "restatements": restatements,
        "exclusions": excluded.select_related(*related, "withdrawn_by").order_by("-pk")[:MOST],
        "may_lead": leads,
        "table": f"{reverse('figures:figures')}?place={project.code}&period={shown.period.key}",
    }
    return render(request, "figures/month.html", about)


#: Rows of a table on the page of a month.
MOST = 200


def _words(lock: MonthLock, rows: Iterable[Verdict]) -> list[tuple[Verdict, str, str, str]]:
    """Each with its measure, how it counts and how it would."""
    titles, words = lock.titles, dict(OUTCOME)
    return [
        (
            row,
            titles.get(row.measure, row.measure),
            str(words.get(row.restated or row.verdict, _("未计入"))),
            str(words[row.later]),
        )
        for row in rows
    ]


def _month(scope: Scope, place: str, key: str) -> Month:
    project = get_place(scope, place)
    try:
        asked = read_period(key)
    except (ValueError, OverflowError):
        raise Http404 from None
    if not project.is_project or asked.kind != "month":
        raise Http404
    return Month(project, asked)


# --- Steps ----------------------------------------------------------------------------------------


def _of_month(step: Step) -> Callable[[SignedInRequest, str, str], HttpResponse]:
    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: SignedInRequest, place: str, month: str) -> HttpResponse:
        shown = _month(request.scope, place, month)
        project = shown.project
        back, crumb = _address(project, shown.period), f"{project.name} {shown.period.words}"
        return run(request, Stepping(step, shown, project, back, sub=crumb, crumb=_("月度锁定")))

    return view


lock, restate = _of_month(LOCK), _of_month(RESTATE)


@require_http_methods(["GET", "HEAD", "POST"])
def restatement(request: SignedInRequest, number: str) -> HttpResponse:
    """What is asked for, and the decision."""
    require_whole(request.scope)
    seen = Restatement.objects.filter(request.scope.on(SEE)).select_related(
        "project", "asked_by", "decided_by"
    )
    row = found(seen, _("没有找到这份更正，请从月度锁定打开。"), number=number)
    back = _address(row.project, period("month", row.month))
    asked = Stepping(
        DECIDE, row, row.project, back, sub=row.reason, crumb=row.number,
        template="figures/restatement.html",
    )  # fmt: skip
    waits = row.approved is None and row.asked_by != request.user
    if request.method == "POST" or (waits and request.scope.can(RULES, row.project)):
        return run(request, asked)
    return render(request, "figures/restatement.html", {"asked": asked})


@require_http_methods(["GET", "HEAD", "POST"])
def exclude(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask that one record be left out."""
    require_whole(request.scope)
    rows = visible_verdicts(request.scope).select_related("project")
    row = found(rows, _("没有找到这条记录，请从指标打开。"), pk=pk)
    month = period("month", row.on)
    regulation, _slash, rule = row.measure.partition("/")
    back = reverse("figures:figure", args=[row.project.code, month.key, regulation, rule])
    asked = Stepping(EXCLUDE, row, row.project, back, sub=row.label, crumb=_("指标"))
    return run(request, asked)


@require_http_methods(["GET", "HEAD", "POST"])
def exclusion(request: SignedInRequest, pk: int) -> HttpResponse:
    """Decide whether it is left out; where it is, take that back."""
    require_whole(request.scope)
    seen = Exclusion.objects.filter(request.scope.on(SEE)).select_related("project")
    row = found(seen, _("没有找到这份申请，请从月度锁定打开。"), pk=pk)
    step = WITHDRAW if row.holds else DECIDE_EXCLUSION
    back = f"{reverse('figures:months')}?place={row.project.code}"
    sub = f"{row.label}：{row.reason}"
    return run(request, Stepping(step, row, row.project, back, sub=sub, crumb=_("月度锁定")))
