"""What stands in a statement as it is shown, signed and printed: the content with the words that a
person wrote in place of the draft."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from shouwen.rules.figure_kinds import SECTIONS
from shouwen.statements.models import Statement


def sections(row: Statement) -> list[dict[str, Any]]:
    """Each as `statements.content.build` made it; a text has its `words` and `is_own`."""
    return [_with_words(section, row.texts) for section in row.content.get("sections", ())]


def _with_words(section: dict[str, Any], texts: dict[str, str]) -> dict[str, Any]:
    if section["kind"] != "text":
        return section
    own = texts.get(section["id"], "")
    return {**section, "words": own or section["draft"], "is_own": bool(own)}


def drafts(row: Statement) -> dict[str, str]:
    """The draft of every section of text."""
    found = row.content.get("sections", ())
    return {section["id"]: section["draft"] for section in found if section["kind"] == "text"}


def missing(row: Statement) -> list[str]:
    """The titles of sections that must hold words before anybody signs and hold none."""
    said = drafts(row) | row.texts
    return [SECTIONS[name] for name in row.written.required if not said.get(name, "").strip()]


def title_of(row: Statement, section: str) -> str:
    titles = (one["title"] for one in row.content["sections"] if one["id"] == section)
    return next(titles, section)


def digest_of(row: Statement, measures: list[list[Any]]) -> str:
    """The fingerprint of what is signed: tables, words, measures."""
    signed = {"content": row.content, "texts": row.texts, "measures": measures}
    return sha256(json.dumps(signed, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def message_of(row: Statement) -> str:
    """The words of a short message; empty for a paper."""
    return next((one["words"] for one in sections(row) if one["id"] == "message"), "")
