"""What a rule may refer to: axes with their values, clauses, verbs, roles, departments."""

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from shouwen.accounts.rights import ROLES
from shouwen.rules.case_kinds import Axis
from shouwen.rules.regulation import RULE_KINDS, Regulation
from shouwen.rules.rule import Applies
from shouwen.rules.vocabulary import LEVELS, PARTS, YES_NO

#: Whom a rule may name: a role, or a part that somebody has in the case.
PEOPLE = ROLES.keys() | PARTS.keys()


@dataclass(frozen=True)
class Known:
    """Everything that the given regulations define together."""

    clauses: frozenset[str]
    axes: Mapping[str, tuple[Axis, ...]]
    visits: frozenset[str]
    ids: Mapping[str, frozenset[str]]
    """The ids of the rules of each kind."""

    @classmethod
    def of(cls, regulations: Iterable[Regulation]) -> "Known":
        listed = list(regulations)
        axes: dict[str, tuple[Axis, ...]] = {}
        for axis in (axis for regulation in listed for axis in regulation.axis):
            axes[axis.id] = (*axes.get(axis.id, ()), axis)
        return cls(
            frozenset(clause.id for regulation in listed for clause in regulation.clauses),
            axes,
            frozenset(visit.id for one in listed for visit in one.return_visit),
            {
                kind: frozenset(rule.id for one in listed for rule in getattr(one, kind))
                for kind in RULE_KINDS
            },
        )

    def values(self, axis: str) -> frozenset[str]:
        """The codes that an axis has in any regulation; empty when there is no such axis."""
        if axis == "level":
            return frozenset(LEVELS)
        found = self.axes.get(axis, ())
        return frozenset(value.code for one in found for value in one.values)

    def is_fact(self, axis: str, value: object) -> bool:
        """Whether a case can have this value."""
        return axis in YES_NO if isinstance(value, bool) else value in self.values(axis)


def never_together(one: Applies, two: Applies) -> str:
    """An axis for which no case can satisfy both, or empty."""
    for axis in one.keys() & two.keys():
        mine, other = one[axis], two[axis]
        if isinstance(mine, bool) or isinstance(other, bool):
            if mine is not other:
                return axis
        elif not set(mine) & set(other):
            return axis
    return ""


def covers(unless: Applies, applies: Applies) -> bool:
    """Whether the exception holds for every case that the rule speaks about."""
    return bool(unless) and all(
        axis in applies and _within(applies[axis], excepted) for axis, excepted in unless.items()
    )


def _within(accepted: bool | tuple[str, ...], excepted: bool | tuple[str, ...]) -> bool:
    if isinstance(accepted, bool) or isinstance(excepted, bool):
        return accepted is excepted
    return set(accepted) <= set(excepted)


def is_defined(dotted: str) -> bool:
    """Whether a module of the program defines this name. Read, not run: some need a database."""
    package, *path, name = dotted.split(".")
    return package == "shouwen" and bool(path) and name in _names("/".join(path))


@cache
def _names(path: str) -> frozenset[str]:
    root = files("shouwen")
    for file in (root.joinpath(f"{path}.py"), root.joinpath(f"{path}/__init__.py")):
        if file.is_file():
            body = ast.parse(file.read_text(encoding="utf-8")).body
            return frozenset(name for node in body for name in _bound(node))
    return frozenset()


def _bound(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
        return [node.name]
    if isinstance(node, ast.ImportFrom):
        return [alias.asname or alias.name for alias in node.names]
    return []
