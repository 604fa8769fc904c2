"""Where payment providers call. Nobody signs in: their signature over the bytes is what counts."""

from __future__ import annotations

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from shouwen import clock
from shouwen.accounts.models import OrgUnit
from shouwen.billing.actions.online import receive
from shouwen.billing.providers import Message, provider_for
from shouwen.rules.refused import Refused


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: HttpRequest, provider: str, code: str) -> HttpResponse:
    """What a provider has to tell; who opens it in a browser sees that the address is right. Not
    taken is anything but its thanks, and then it comes again."""
    if request.method != "POST":
        return HttpResponse("ok", "text/plain")
    at = clock.now()
    try:
        place = _place(code)
        theirs = provider_for(provider, place, settings.CONFIG.data)
        said = theirs.read(Message(request.headers, request.body, at))
        receive(name=provider, place=place, notice=said, at=at)
    except Refused as refused:
        return HttpResponse(refused.code, "text/plain", HTTPStatus.FORBIDDEN)
    media_type, text = theirs.thanks
    return HttpResponse(text, media_type)


def _place(code: str) -> OrgUnit:
    place = OrgUnit.objects.filter(code=code).select_related("project", "company", "group").first()
    if place is None:
        raise Refused("not-found", "没有这个地址。")
    return place
