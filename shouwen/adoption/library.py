"""Reads the written regulations that come with the program, and keeps an adopted one for ever.

Every file says what it may hold; an unknown key is refused with the file and the key.
"""

import csv
import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from pydantic import ValidationError

from shouwen.rules.regulation import Regulation, Rulebook

#: Which file may hold which top-level keys; `regulation.toml` holds all that are not named here.
FILES: dict[str, str] = {
    "scripts.toml": "script",
    "checklists.toml": "checklist",
    "forms.toml": "form",
    "measures.toml": "measure",
    "statements.toml": "statement",
}

Folder = Traversable


class BadRegulation(Exception):
    """A regulation that cannot be read: which file, which key, what is wrong."""

    def __init__(self, file: str, key: str, problem: str) -> None:
        super().__init__(f"{file}: {key}: {problem}")
        self.file, self.key, self.problem = file, key, problem


def root() -> Folder:
    """The folder of regulations inside the installed program."""
    return files("shouwen.regulations")


def available() -> list[str]:
    """The ids of all regulations that come with the program."""
    return sorted(
        folder.name
        for folder in root().iterdir()
        if folder.is_dir() and folder.joinpath("regulation.toml").is_file()
    )


@cache
def load(regulation_id: str) -> Regulation:
    """One regulation, complete. The same object every time."""
    folder = root().joinpath(regulation_id)
    if not folder.joinpath("regulation.toml").is_file():
        raise BadRegulation(regulation_id, "regulation.toml", "there is no such regulation")
    return read(folder)


def load_all() -> list[Regulation]:
    return [load(regulation_id) for regulation_id in available()]


@cache
def _rulebook(ids: tuple[str, ...]) -> Rulebook:
    return Rulebook(regulations=tuple(load(regulation_id) for regulation_id in ids))


def rulebook(ids: Iterable[str]) -> Rulebook:
    """These regulations together, the first speaking before those after it."""
    return _rulebook(tuple(ids))


def read(folder: Folder) -> Regulation:
    """The regulation that a folder holds."""
    data = read_toml(folder, "regulation.toml")
    for name, kind in FILES.items():
        _refuse(folder, "regulation.toml", data.keys() & {kind}, f"belongs into {name}")
        data[kind] = _only(folder, name, kind)
    data["clauses"] = read_clauses(folder)
    if data.get("id") != folder.name:
        raise BadRegulation(f"{folder.name}/regulation.toml", "id", "is not the folder's name")
    return _validated(folder.name, data)


def read_toml(folder: Folder, name: str) -> dict[str, Any]:
    """A TOML file of the folder; empty when the regulation has none."""
    file = folder.joinpath(name)
    if not file.is_file():
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadRegulation(f"{folder.name}/{name}", "syntax", str(error)) from error


def _only(folder: Folder, name: str, kind: str) -> list[Any]:
    data = read_toml(folder, name)
    _refuse(folder, name, data.keys() - {kind}, f"unknown key, only [[{kind}]] belongs here")
    rules: list[Any] = data.get(kind, [])
    return rules


def _refuse(folder: Folder, name: str, keys: Iterable[str], problem: str) -> None:
    for key in sorted(keys):
        raise BadRegulation(f"{folder.name}/{name}", key, problem)


COLUMNS = ["id", "section", "clause", "quote", "category", "kind", "does"]


def read_clauses(folder: Folder) -> list[dict[str, str]]:
    """All clauses of the document, in its order."""
    file = folder.joinpath("clauses.csv")
    if not file.is_file():
        return []
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    if rows.fieldnames != COLUMNS:
        raise BadRegulation(f"{folder.name}/clauses.csv", "header", f"must be {','.join(COLUMNS)}")
    return list(rows)


def _validated(name: str, data: dict[str, Any]) -> Regulation:
    try:
        return Regulation.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        file = file_of(str(first["loc"][0]))
        key = _key(data, first["loc"])
        problem = "unknown key" if first["type"] == "extra_forbidden" else first["msg"]
        raise BadRegulation(f"{name}/{file}", key, problem) from error


def file_of(kind: str) -> str:
    """The file that holds rules of a kind."""
    if kind == "clauses":
        return "clauses.csv"
    return next((file for file, known in FILES.items() if known == kind), "regulation.toml")


def _key(data: Any, place: tuple[int | str, ...]) -> str:
    """The way to a value in words: an entry is called by its id, where it has one."""
    words: list[str] = []
    for step in place:
        found = _step(data, step)
        named = isinstance(step, int) and isinstance(found, Mapping)
        words.append(str(found.get("id", step)) if named else str(step))
        data = found
    return ".".join(words)


def _step(data: Any, step: int | str) -> Any:
    if isinstance(data, Mapping):
        return data.get(step)
    if isinstance(data, list) and isinstance(step, int) and step < len(data):
        return data[step]
    return None


def content(regulation: Regulation) -> dict[str, Any]:
    """All of it as plain JSON values: what an adoption stores, out of reach of later edits.

    What equals its default is left out: a default of the schema is part of the format, for ever.
    """
    return regulation.model_dump(mode="json", exclude_defaults=True)


def from_content(stored: dict[str, Any]) -> Regulation:
    """The regulation as it was when it was adopted."""
    return Regulation.model_validate(stored)


def sha256(regulation: Regulation) -> str:
    """The same for the same content, whatever the order of keys in a file."""
    text = json.dumps(content(regulation), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
