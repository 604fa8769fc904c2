"""What all forms of the counter do alike: once for a key, refusals at their field."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from shouwen.accounts.context import SignedInRequest
from shouwen.billing.forms import Keyed
from shouwen.cases.actions.once import once
from shouwen.rules.refused import Refused
from shouwen.web.forms import add_refusal


class _Unfinished(Exception):
    """The form lacks something; raised through `once`, so that the key stays free."""


def acted(
    request: SignedInRequest, form: Keyed, act: Callable[[], str | None]
) -> dict[str, Any] | None:
    """Does it once for the form's key and answers {"number": what the act gave back}; None when the
    form has to be shown again, with what was wrong beside what was typed."""

    def do() -> tuple[int, dict[str, Any]]:
        if not form.is_valid():
            raise _Unfinished
        return HTTPStatus.OK, {"number": act() or ""}

    try:
        _status, answer = once(
            actor=request.user.number,
            key=f"money:{(request.POST.get('key') or form['key'].initial)[:64]}",
            request=[request.path, _said(request)],
            at=request.at,
            act=do,
        )
    except _Unfinished:
        return None
    except Refused as refused:
        if refused.code in ("not-allowed", "not-found"):
            raise
        add_refusal(form, refused)
        return None
    return answer


def _said(request: SignedInRequest) -> list[tuple[str, list[str]]]:
    aside = ("csrfmiddlewaretoken", "key")
    return sorted((name, values) for name, values in request.POST.lists() if name not in aside)
