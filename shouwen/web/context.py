"""What every template is told."""

from datetime import datetime

from django.http import HttpRequest

from shouwen import clock


def moment(request: HttpRequest) -> dict[str, datetime]:
    """`now`, the same moment for the whole page: that of the request, where it has one."""
    at: datetime | None = getattr(request, "at", None)
    return {"now": at or clock.now()}
