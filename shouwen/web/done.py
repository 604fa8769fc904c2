"""Telling the person, on the next page, that it is done."""

from django.contrib import messages
from django.http import HttpRequest


def done(request: HttpRequest, sentence: str, form: str = "") -> None:
    """Shows the sentence in green. `form` is the data-keep of the form whose draft may go."""
    messages.success(request, sentence, extra_tags=f"kept:{form}" if form else "")
