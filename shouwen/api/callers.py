"""Who calls: a token stands for somebody, narrowed to a unit and to some rights."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from django.db.models import Q
from django.http import HttpRequest
from ninja.security import HttpBearer

from shouwen import clock
from shouwen.accounts.actions import token_digest
from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.models import ApiToken
from shouwen.accounts.scope import scope_of

#: `last_used_at` is for people who look for forgotten tokens: a write a minute says enough.
USED_EVERY = timedelta(minutes=1)


class ApiRequest(SignedInRequest):
    """A request with a token that holds."""

    auth: ApiToken


class BearerToken(HttpBearer):
    """`Authorization: Bearer sw_…`, looked up anew each time: what is revoked opens nothing."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        at = clock.now()
        found = _holding(token, at)
        if found is None:
            return None
        _touch(found, at)
        called = cast("ApiRequest", request)
        called.user, called.at, called.project = found.staff, at, None
        called.scope = scope_of(found.staff, at, found)
        return found


def _holding(token: str, at: datetime) -> ApiToken | None:
    """The token if it is neither revoked nor over, and who it stands for still works here."""
    valid = Q(expires_at=None) | Q(expires_at__gt=at)
    rows = ApiToken.objects.filter(valid, revoked_at=None, staff__is_active=True)
    return rows.select_related("staff", "unit__project").filter(digest=token_digest(token)).first()


def _touch(token: ApiToken, at: datetime) -> None:
    """Only who changes the row writes; of many at once, one."""
    before = at - USED_EVERY
    if token.last_used_at is None or token.last_used_at <= before:
        unused = Q(last_used_at=None) | Q(last_used_at__lte=before)
        ApiToken.objects.filter(unused, pk=token.pk).update(last_used_at=at)
