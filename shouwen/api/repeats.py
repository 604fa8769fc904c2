"""How every operation answers: once for an `Idempotency-Key`, with an ETag, in one form of JSON."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from ninja import Status
from pydantic import BaseModel

from shouwen.api.callers import ApiRequest
from shouwen.cases.actions.once import once
from shouwen.rules.refused import Refused
from shouwen.web.http import etag

LONGEST_KEY = 200
Operation = Callable[..., Any]


def answering(operation: Operation) -> Operation:
    """Around every operation, behind the token and the validation of what was sent."""

    @wraps(operation)
    def answered(request: ApiRequest, **said: Any) -> HttpResponseBase:
        if request.method == "POST":
            return _acted(request, said, lambda: operation(request, **said))
        _require_known(request, said)
        result = operation(request, **said)
        if isinstance(result, HttpResponseBase):
            return result
        return _unless_known(request, _response(*_kept(result)))

    return answered


def _require_known(request: ApiRequest, said: Mapping[str, Any]) -> None:
    """A slip of the pen would quietly list everything; of one said twice, half would not count."""
    known: set[str] = set()
    for name, value in said.items():
        known |= set(type(value).model_fields) if isinstance(value, BaseModel) else {name}
    for name in request.GET:
        if name not in known:
            raise Refused("unknown-filter", f"没有“{name}”这个条件。", field=name)
        if len(request.GET.getlist(name)) > 1:
            raise Refused("filter-repeated", f"“{name}”只能写一次。", field=name)


def _acted(request: ApiRequest, said: Mapping[str, Any], act: Callable[[], Any]) -> HttpResponse:
    """Everything of one request in one transaction; the same key again gives the same answer."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        with transaction.atomic():
            return _response(*_kept(act()))
    if len(key) > LONGEST_KEY:
        raise Refused("bad-key", f"Idempotency-Key 最多 {LONGEST_KEY} 个字符。")
    return _response(
        *once(
            actor=f"token:{request.auth.pk}",
            key=key,
            request=[request.path, _plain(said)],
            at=request.at,
            act=lambda: _kept(act()),
        )
    )


def _plain(said: Any) -> Any:
    """What was sent, as it can be compared: two requests are the same when they say the same."""
    if isinstance(said, BaseModel):
        return said.model_dump(mode="json")
    if isinstance(said, UploadedFile):
        digest = hashlib.sha256(said.read()).hexdigest()
        said.seek(0)
        return [said.name, digest]
    if isinstance(said, Mapping):
        return {name: _plain(value) for name, value in said.items()}
    return said


def _kept(result: Any) -> tuple[int, dict[str, Any]]:
    """Status and answer as they are kept: the very text, so that a repeat is the same."""
    status, answer = HTTPStatus.OK, result
    if isinstance(result, Status):
        status, answer = HTTPStatus(result.status_code), result.value
    tag = etag(answer.version) if hasattr(answer, "version") else ""
    return status, {"body": answer.model_dump_json(), "etag": tag}


def _response(status: int, answer: Mapping[str, Any]) -> HttpResponse:
    headers = {"Cache-Control": "private, no-cache"}
    if answer["etag"]:
        headers["ETag"] = answer["etag"]
    return HttpResponse(
        answer["body"], status=status, content_type="application/json", headers=headers
    )


def _unless_known(request: ApiRequest, response: HttpResponse) -> HttpResponse:
    """304 for who has this version already."""
    tag = response.headers.get("ETag")
    said = request.headers.get("If-None-Match", "")
    if tag is None or tag not in {one.strip().removeprefix("W/") for one in said.split(",")}:
        return response
    return HttpResponse(status=HTTPStatus.NOT_MODIFIED, headers={"ETag": tag})
