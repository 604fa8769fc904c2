"""What customers of the demo say (`matters.toml`): read once, filled in and drawn from."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any


@dataclass(frozen=True)
class Matter:
    """One kind of thing that happens, in the words of those concerned."""

    id: str
    kind: str
    texts: tuple[str, ...]
    lead: str
    """Function of the leading department; "clean" and "lift" are contractors where there are any;
    empty: the desk settles it itself."""
    weight: int = 1
    urgent: bool = False
    slow: bool = False
    """Takes days, and often has to wait."""
    assist: tuple[str, ...] = ()
    facts: Mapping[str, str | bool] = field(default_factory=dict)
    places: tuple[str, ...] = ()
    """Public places; empty: it happens in the caller's home."""
    asked: tuple[str, ...] = ()
    done: tuple[str, ...] = ("已处理",)
    told: tuple[str, ...] = ("已告知处理结果",)

    @property
    def all_facts(self) -> dict[str, str | bool]:
        return {"kind": self.kind, "urgent": self.urgent, **self.facts}

    def address(self, home: str, building: str, rng: Random) -> str:
        return rng.choice(self.places).format(building=building) if self.places else home


@cache
def matters() -> tuple[Matter, ...]:
    return tuple(Matter(**_frozen(row)) for row in _read()["matter"])


@cache
def inquiries() -> tuple[tuple[str, str], ...]:
    """(question, answer)"""
    return tuple((row["text"], row["answer"]) for row in _read()["inquiry"])


def any_matter(rng: Random) -> Matter:
    found = matters()
    return rng.choices(found, [matter.weight for matter in found])[0]


def matter(name: str) -> Matter:
    return next(found for found in matters() if found.id == name)


@cache
def _read() -> dict[str, Any]:
    with Path(__file__).with_name("matters.toml").open("rb") as file:
        return tomllib.load(file)


def _frozen(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(v) if isinstance(v, list) else v for name, v in row.items()}
