"""Every "no" as RFC 9457 problem details: a code for programs, a Chinese sentence for people."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import Field

from shouwen.rules.refused import Refused
from shouwen.web.http import Stale, etag

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
S = HTTPStatus

TITLES: Mapping[int, str] = {
    S.BAD_REQUEST: "请求写得不对",
    S.UNAUTHORIZED: "请出示有效的令牌",
    S.FORBIDDEN: "没有这项权限",
    S.NOT_FOUND: "没有找到",
    S.METHOD_NOT_ALLOWED: "这里不能这样做",
    S.CONFLICT: "现在不能这样做",
    S.PRECONDITION_FAILED: "别人刚刚改过",
    S.REQUEST_ENTITY_TOO_LARGE: "内容太大",
    S.UNPROCESSABLE_ENTITY: "填写有误",
    S.PRECONDITION_REQUIRED: "请带上看到的版本",
    S.INTERNAL_SERVER_ERROR: "程序出错",
}
#: Codes of refusals that have a status of their own; every other is 409.
STATUS: Mapping[str, HTTPStatus] = {
    "not-allowed": S.FORBIDDEN,
    "not-found": S.NOT_FOUND,
    "changed-meanwhile": S.PRECONDITION_FAILED,
    "version-wanted": S.PRECONDITION_REQUIRED,
    "bad-cursor": S.UNPROCESSABLE_ENTITY,
    "key-reused": S.UNPROCESSABLE_ENTITY,
    "unknown-filter": S.UNPROCESSABLE_ENTITY,
    "filter-repeated": S.UNPROCESSABLE_ENTITY,
    "bad-key": S.UNPROCESSABLE_ENTITY,
    "file-too-large": S.REQUEST_ENTITY_TOO_LARGE,
}
#: What pydantic found wrong, as a person reads it. `{…}` is filled from its context.
FAULTS: Mapping[str, str] = {
    "missing": "必填",
    "extra_forbidden": "没有这一项",
    "string_type": "要是文字",
    "string_too_long": "最多 {max_length} 字",
    "string_too_short": "至少 {min_length} 字",
    "string_pattern_mismatch": "含有不能用的字符",
    "bool_type": "要是 true 或 false",
    "int_type": "要是整数",
    "literal_error": "只能是 {expected}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "too_long": "最多 {max_length} 项",
    "too_short": "至少 {min_length} 项",
    "value_error": "时间要带时区，如 2026-11-19T09:12:00+08:00",
    "list_type": "要是列表",
    "dict_type": "要是对象",
}


class Fault(Schema):
    """One field at fault."""

    field: str
    code: str
    detail: str


class Problem(Schema):
    """RFC 9457."""

    type: str
    """urn:shouwen:<code>; never changes."""
    title: str
    status: int
    detail: str
    """Chinese, for the person who tried: what to do instead."""
    code: str
    clause: str = ""
    """The clause that forbids it, empty where the product itself does."""
    field: str = ""
    errors: list[Fault] = Field([])
    version: int | None = Field(None)
    """Of a lost update: the version that is there now."""


def problem(
    status: int, code: str, detail: str, headers: Mapping[str, str] | None = None, **more: Any
) -> HttpResponse:
    told = Problem(
        type=f"urn:shouwen:{code}", title=TITLES[status], status=status, detail=detail, code=code,
        **more,
    )  # fmt: skip
    return JsonResponse(
        told.model_dump(exclude_defaults=True),
        status=status,
        content_type=MEDIA_TYPE,
        headers={"Cache-Control": "no-store", **(headers or {})},
        json_dumps_params={"ensure_ascii": False},
    )


# --- From what was raised -------------------------------------------------------------------------


def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    status = STATUS.get(error.code, S.CONFLICT)
    if status == S.NOT_FOUND and error.field:
        status = S.UNPROCESSABLE_ENTITY  # what is named in the body, not what the address names
    return problem(
        status, error.code, error.sentence, clause=error.clause, field=error.field,
        errors=_fault(error) if status == S.UNPROCESSABLE_ENTITY else [],
    )  # fmt: skip


def _fault(error: Refused) -> list[Fault]:
    named = Fault(field=error.field, code=error.code, detail=error.sentence)
    return [named] if error.field else []


def stale(request: HttpRequest, error: Stale) -> HttpResponse:
    return problem(
        S.PRECONDITION_FAILED, error.code, error.sentence, {"ETag": etag(error.version)},
        version=error.version,
    )  # fmt: skip


def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    found = faults(error.errors)
    return problem(S.UNPROCESSABLE_ENTITY, "invalid", "有些内容填得不对，见 errors。", errors=found)


def faults(errors: Iterable[Mapping[str, Any]]) -> list[Fault]:
    return [
        Fault(field=_place(found["loc"]), code=found["type"], detail=_words(found))
        for found in errors
    ]


def _place(loc: Iterable[object]) -> str:
    """facts.kind or limit: where it is in what was sent, without how it got here."""
    source, *path = (str(part) for part in loc)
    inner = path[1:] if source == "body" and path[:1] == ["body"] else path
    return ".".join(inner) or source


def _words(found: Mapping[str, Any]) -> str:
    words = FAULTS.get(found["type"], "格式不对")
    return words.format_map({**found.get("ctx", {})}) if "{" in words else words


def nobody(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problem(
        S.UNAUTHORIZED, "no-token", "令牌不对、已停用或已到期，请向系统管理员要一个新的。",
        {"WWW-Authenticate": 'Bearer realm="shouwen"'},
    )  # fmt: skip


def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error.__cause__, RequestDataTooBig):
        return too_big(request, error.__cause__)
    return problem(S.BAD_REQUEST, "unreadable", "请求的内容不是 JSON。")


def nowhere(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(S.NOT_FOUND, "not-found", "没有这个地址。")


def too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return problem(S.REQUEST_ENTITY_TOO_LARGE, "too-large", "请求的内容太大。")


def suspicious(request: HttpRequest, error: SuspiciousOperation) -> HttpResponse:
    return problem(S.BAD_REQUEST, "unreadable", "请求写得不对。")


def broken(request: HttpRequest, error: Exception) -> HttpResponse:
    """A bug of ours: the whole of it into the log, nothing of it to the caller."""
    log.exception("%s %s", request.method, request.path, exc_info=error)
    return problem(
        S.INTERNAL_SERVER_ERROR, "broken", "程序出错，已经记下；请带上同一个 Idempotency-Key 再试。"
    )


HANDLERS: tuple[tuple[type[Exception], Callable[[HttpRequest, Any], HttpResponse]], ...] = (
    (Refused, refused),
    (Stale, stale),
    (ValidationError, invalid),
    (AuthenticationError, nobody),
    (HttpError, unreadable),
    (Http404, nowhere),
    (RequestDataTooBig, too_big),
    (SuspiciousOperation, suspicious),
    (Exception, broken),
)


def answer_problems(api: NinjaAPI) -> None:
    for error, handler in HANDLERS:
        api.add_exception_handler(error, handler)
