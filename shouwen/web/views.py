"""Pages that belong to no subject: the patterns, and what a form open too long gets."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shouwen import clock
from shouwen.web.patterns import samples


@require_safe
def patterns(request: HttpRequest) -> HttpResponse:
    """Every component with real, long, missing and wrong content."""
    return render(request, "web/patterns.html", samples(clock.now()))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW."""
    about = {
        "title": "页面开得太久了",
        "sentence": "为了安全，这次没有提交。请返回上一页、刷新后再交一次；填的内容还在。",
    }
    return render(request, "web/problem.html", about, status=HTTPStatus.FORBIDDEN)
