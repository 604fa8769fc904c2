"""A statement as a file: PDF, Word, Excel."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.statements.papers import file_of
from shouwen.statements.queries import get_statement


@require_safe
def paper(request: SignedInRequest, number: str, kind: str) -> HttpResponse:
    """What the page shows, with who signed; a PDF is looked at, the others are kept."""
    row = get_statement(request.scope, number)
    address = request.build_absolute_uri(reverse("statements:statement", args=[row.number]))
    file = file_of(row, kind, by=request.scope.staff, at=request.at, address=address)
    answer = HttpResponse(file.content, content_type=file.media_type)
    kept = content_disposition_header(kind != "pdf", file.name)
    answer.headers["Content-Disposition"] = kept or "inline"
    return answer
