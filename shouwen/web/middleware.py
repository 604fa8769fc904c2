"""A refusal that no view has shown at its field becomes a line, a page, or a toast under HTMX."""

from collections.abc import Callable
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.defaults import page_not_found

from shouwen.rules.refused import Refused

STATUS = {"not-allowed": HTTPStatus.FORBIDDEN, "not-found": HTTPStatus.NOT_FOUND}


class RefusedMiddleware:
    """Shows `Refused` with its sentence and clause. Every other exception stays a bug."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """409 where nothing else fits: it may be right once the matter has moved on."""
        if not isinstance(exception, Refused):
            return None
        status = STATUS.get(exception.code, HTTPStatus.CONFLICT)
        if request.headers.get("HX-Request"):
            return HttpResponse(str(exception), "text/plain; charset=utf-8", status)
        if status == HTTPStatus.NOT_FOUND:
            return page_not_found(request, Http404())
        if request.method == "POST" and status == HTTPStatus.CONFLICT and (back := _back(request)):
            messages.error(request, str(exception))
            return HttpResponseRedirect(back)
        return _page(request, exception, status)


def _back(request: HttpRequest) -> str:
    """The page of ours that the form stood on; nothing if the browser does not say."""
    page = request.headers.get("Referer", "")
    return page if url_has_allowed_host_and_scheme(page, {request.get_host()}) else ""


def _page(request: HttpRequest, refused: Refused, status: HTTPStatus) -> HttpResponse:
    forbidden = status == HTTPStatus.FORBIDDEN
    about = {
        "title": _("这里不在您的权限之内") if forbidden else _("现在不能这样做"),
        "sentence": refused.sentence,
        "clause": refused.clause,
    }
    return render(request, "web/problem.html", about, status=status)
