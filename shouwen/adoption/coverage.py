"""Which of the clauses the program keeps, and which test proves it.

enforced   a rule that acts cites the clause, and a test proves it through what a user uses
           (actions, pages, API). A worked example counts: it is replayed through the actions
shown      only as words on a screen or a form (script, checklist, form, word list), or by a rule
           that no test has seen at work in the product, only among the rules
not yet    the rest, also where a rule stands there that no test proves

A proof is a test marked `clause("S4-4.4.2b-2")`, or a worked example whose `cites` name the clause
and which expects a commitment or return visit that cites it too.
"""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from shouwen.adoption.examples import Example
from shouwen.rules.case_kinds import Axis, Checklist, Intake
from shouwen.rules.form_kinds import Form
from shouwen.rules.regulation import Clause, Regulation
from shouwen.rules.rule import Rule

_ACTING = ["axis", "route", "intake", "commitment", "closing", "permission", "return_visit"]
_MONEY = ["paid_work", "price_list", "warranty", "service_item", "work_order"]
_GRAVE = ["grade", "reporting", "early_warning"]
_REPORTED = ["measure", "statement", "duty", "retention"]
ENFORCING = frozenset([*_ACTING, "provision", "referral", *_MONEY, *_GRAVE, *_REPORTED])
SHOWING = frozenset({"suggest", "script", "checklist", "form"})
STATES = ("enforced", "shown", "not yet")
#: Tests that see the rules alone, and how an example is named that cannot be replayed.
RULES_ALONE = ("tests/regulations/", "tests/rules/")
NOT_REPLAYED = " (rules only)"


@dataclass(frozen=True)
class Covered:
    """One clause: what becomes of it, by which rules, proved by which tests."""

    id: str
    regulation: str
    category: str
    kind: str
    state: str
    rules: tuple[str, ...]
    tests: tuple[str, ...]


def cited(rule: Rule) -> Iterator[str]:
    """All clauses that a rule names, at its head or at one of its parts."""
    yield from rule.cites
    if isinstance(rule, Axis):
        for value in rule.values:
            yield from value.cites
    if isinstance(rule, Intake):
        for tick in rule.ticks:
            yield from tick.cites
    if isinstance(rule, Checklist):
        for item in rule.items:
            yield from item.cites
    if isinstance(rule, Form):
        for field in rule.fields:
            for scored in field.items:
                yield from scored.cites


def citing(regulations: Iterable[Regulation]) -> dict[str, dict[str, None]]:
    """For each clause the rules that cite it, as "kind:regulation/rule"."""
    found: dict[str, dict[str, None]] = {}
    for regulation in regulations:
        for kind, rule in regulation.rules():
            for clause in cited(rule):
                found.setdefault(clause, {})[f"{kind}:{regulation.id}/{rule.id}"] = None
    return found


def coverage(
    regulations: Sequence[Regulation], proofs: Mapping[str, Sequence[str]]
) -> list[Covered]:
    """Every clause of every document, in the order of the documents."""
    rules = citing(regulations)
    return [
        _covered(
            regulation, clause, tuple(rules.get(clause.id, ())), tuple(proofs.get(clause.id, ()))
        )
        for regulation in sorted(regulations, key=lambda one: one.source)
        for clause in regulation.clauses
    ]


def _covered(
    regulation: Regulation, clause: Clause, rules: tuple[str, ...], tests: tuple[str, ...]
) -> Covered:
    kinds = {rule.partition(":")[0] for rule in rules}
    acts = bool(kinds & ENFORCING)
    state = "not yet"
    if acts and any(is_of_the_product(test) for test in tests):
        state = "enforced"
    elif kinds & SHOWING or (acts and tests):
        state = "shown"
    return Covered(clause.id, regulation.id, clause.category, clause.kind, state, rules, tests)


def is_of_the_product(test: str) -> bool:
    """Whether a proof goes through what a user uses, and not through the rules alone."""
    return not test.startswith(RULES_ALONE) and not test.endswith(NOT_REPLAYED)


def summary(covered: Iterable[Covered]) -> str:
    """The last line of the command."""
    states = Counter(one.state for one in covered)
    counted = ", ".join(f"{state} {states[state]}" for state in STATES)
    return f"{counted}, of {states.total()}"


def by_category(covered: Iterable[Covered]) -> dict[str, Counter[str]]:
    """Category -> how many clauses in each state."""
    found: dict[str, Counter[str]] = {}
    for one in covered:
        found.setdefault(one.category, Counter())[one.state] += 1
    return dict(sorted(found.items()))


def as_json(covered: Iterable[Covered]) -> list[dict[str, object]]:
    return [asdict(one) for one in covered]


# Proofs


def proofs_of_examples(
    regulation: Regulation, examples: Iterable[Example]
) -> Iterator[tuple[str, str]]:
    """(clause, example) where both the example and a rule that it expects cite the clause."""
    dated = {rule.id: rule.cites for rule in regulation.commitment}
    dated |= {f"visit:{rule.id}": rule.cites for rule in regulation.return_visit}
    for example in examples:
        expected = {clause for one in example.expect for clause in dated.get(one.commitment, ())}
        for clause in example.cites:
            if clause in expected:
                how = NOT_REPLAYED if example.rules_only else ""
                yield clause, f"{regulation.id}/examples.toml::{example.id}{how}"


def proofs_of_tests(folder: Path) -> Iterator[tuple[str, str]]:
    """(clause, test) for every `pytest.mark.clause(…)` below a folder. Files are read, not run."""
    for file in sorted(folder.rglob("test_*.py")):
        name = file.relative_to(folder.parent).as_posix()
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for clause, test in _marked(tree):
            yield clause, f"{name}::{test}" if test else name


def _marked(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        test = getattr(node, "name", "")
        for inner in ast.walk(node):
            yield from ((clause, test) for clause in _clauses(inner))


def _clauses(node: ast.AST) -> list[str]:
    """The arguments of `pytest.mark.clause(…)`, or of `clause(…)` where a file shortens it."""
    if not isinstance(node, ast.Call) or "clause" not in _name(node.func):
        return []
    words = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
    return [word for word in words if isinstance(word, str)]


def _name(function: ast.expr) -> tuple[str, ...]:
    if isinstance(function, ast.Attribute):
        return (function.attr,) if getattr(function.value, "attr", "") == "mark" else ()
    return (function.id,) if isinstance(function, ast.Name) else ()


def gathered(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Clause -> its tests, each once."""
    found: dict[str, dict[str, None]] = {}
    for clause, test in pairs:
        found.setdefault(clause, {})[test] = None
    return {clause: list(tests) for clause, tests in sorted(found.items())}
