"""What every page with a form does alike."""

from collections.abc import Callable

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from shouwen.rules.refused import Refused
from shouwen.web.forms import add_refusal

#: What a form answers when it comes back with errors.
UNPROCESSABLE = 422


def form_page(
    request: HttpRequest, template: str, form: forms.Form, **about: object
) -> HttpResponse:
    """The form, empty or as it came back; what was typed stays."""
    status = UNPROCESSABLE if form.errors else 200
    return render(request, template, {"form": form, **about}, status=status)


def sent(request: HttpRequest) -> QueryDict | None:
    """What was sent, be it empty; None when the form is only to be shown."""
    return request.POST if request.method == "POST" else None


def saved(request: HttpRequest, form: forms.Form, act: Callable[[], object]) -> bool:
    """Whether the form was sent, is right, and the act it asks for was not refused."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act()
    except Refused as refused:
        add_refusal(form, refused)
        return False
    return True
