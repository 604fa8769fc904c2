"""On a plan of visits: how many homes are still without one."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.figures.coverage import PLAN, coverage_of
from shouwen.figures.queries import require_whole
from shouwen.registers.queries import get_record


@require_safe
def coverage(request: SignedInRequest, number: str) -> HttpResponse:
    """A box for the page of the plan, fetched by it."""
    require_whole(request.scope)
    record = get_record(request.scope, number)
    if record.form != PLAN:
        raise Http404
    return render(request, "figures/coverage.html", {"told": coverage_of(record, request.at)})
