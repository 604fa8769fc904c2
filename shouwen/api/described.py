"""What the description of the API says of every operation, added in one place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ninja.openapi.schema import REF_TEMPLATE, OpenAPISchema
from ninja.schema import NinjaGenerateJsonSchema

from shouwen.api.problems import MEDIA_TYPE, Problem
from shouwen.api.repeats import LONGEST_KEY

PROBLEM = {
    "description": "为什么不行（RFC 9457）",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
BINARY = {"schema": {"type": "string", "format": "binary"}}


def describe(schema: OpenAPISchema) -> OpenAPISchema:
    schemas = schema["components"]["schemas"]
    told = Problem.model_json_schema(
        ref_template=REF_TEMPLATE, schema_generator=NinjaGenerateJsonSchema
    )
    schemas.update(told.pop("$defs", {}))
    schemas["Problem"] = told
    for path, method, operation in _operations(schema):
        operation["responses"]["default"] = PROBLEM
        operation["parameters"] += _headers(path, method)
        if path.endswith("/attachments/{id}"):
            operation["responses"][200]["content"] = {"*/*": BINARY}
        if method == "get" and path.endswith("/cases/{number}"):
            operation["responses"][304] = {"description": "这个版本您已经有了"}
    return schema


def _operations(schema: OpenAPISchema) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _headers(path: str, method: str) -> list[dict[str, Any]]:
    if method == "get":
        seen = _header("If-None-Match", '您已有的版本，如 "7"；没有变就答 304')
        return [seen] if path.endswith("/cases/{number}") else []
    once = _header(
        "Idempotency-Key",
        "同一个键、同样的内容，只做一次，答复也一样；保存 90 天",
        maxLength=LONGEST_KEY,
    )
    seen = _header("If-Match", '您看到的版本，如 "7"；别人改过就答 412')
    about_a_case = "/cases/{number}/" in path and not path.endswith("/phone")
    return [once, seen] if about_a_case else [once]


def _header(name: str, words: str, **limits: int) -> dict[str, Any]:
    schema = {"type": "string", **limits}
    return {"in": "header", "name": name, "required": False, "description": words, "schema": schema}
