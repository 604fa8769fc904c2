"""A clause counts as enforced only when a rule acts on it and a test proves it."""

from pathlib import Path
from typing import Any

from shouwen.adoption import library
from shouwen.adoption.coverage import (
    coverage,
    gathered,
    is_of_the_product,
    proofs_of_examples,
    proofs_of_tests,
    summary,
)
from shouwen.adoption.examples import Example, Expected
from shouwen.rules.regulation import Regulation

CLAUSE = {"clause": "一", "quote": "…", "category": "intake", "kind": "hard rule"}
RULE = {"id": "r", "title": "时限", "cites": ["X-1"], "met_by": "done", "due": "1 hour"}
SCRIPT = {"id": "s", "title": "话术", "cites": ["X-2"], "moment": "visitor", "text": "您好"}


def trial(**more: Any) -> Regulation:
    clauses = [{"id": f"X-{n}", **CLAUSE} for n in (1, 2, 3)]
    return Regulation.model_validate(
        {"id": "trial", "title": "试行", "edition": "1", "clauses": clauses}
        | {"commitment": [RULE], "script": [SCRIPT]}
        | more
    )


def states(regulation: Regulation, *proved: str) -> list[str]:
    return [one.state for one in coverage([regulation], {clause: ["a test"] for clause in proved})]


def test_a_rule_without_a_test_is_not_yet_enforced() -> None:
    assert states(trial()) == ["not yet", "shown", "not yet"]


def test_a_rule_with_a_test_is_enforced_and_words_on_a_screen_stay_shown() -> None:
    assert states(trial(), "X-1", "X-2") == ["enforced", "shown", "not yet"]


def test_a_rule_that_only_the_rules_are_tested_for_is_shown_and_not_enforced() -> None:
    alone = {
        "X-1": [
            "tests/regulations/test_closing_lines.py::test_a",
            "t/examples.toml::e (rules only)",
        ]
    }
    assert next(one.state for one in coverage([trial()], alone)) == "shown"
    used = {"X-1": [*alone["X-1"], "tests/cases/test_verbs.py::test_b"]}
    assert next(one.state for one in coverage([trial()], used)) == "enforced"


def test_a_test_without_a_rule_enforces_nothing() -> None:
    assert states(trial(commitment=[]), "X-1") == ["not yet", "shown", "not yet"]


def test_a_rule_for_a_later_floor_does_not_count() -> None:
    later = trial(commitment=[], survey=[{"id": "s", "title": "调查", "cites": ["X-1"]}])
    assert states(later, "X-1")[0] == "not yet"


def test_clauses_cited_by_a_value_or_a_tick_count_too() -> None:
    axis = {"id": "a", "title": "a", "values": [{"code": "v", "name": "v", "cites": ["X-3"]}]}
    ticks = [{"id": "t", "title": "t", "cites": ["X-2"]}]
    found = trial(axis=[axis], intake=[{"id": "i", "title": "i", "ticks": ticks}])
    assert states(found, "X-2", "X-3") == ["not yet", "enforced", "enforced"]


def example(*cites: str, expects: str = "r", rules_only: str = "") -> Example:
    return Example(
        id="e", cites=cites, opened="2026-11-19 09:12", weekday="四", rules_only=rules_only,
        expect=(Expected(commitment=expects, due=""),),
    )  # fmt: skip


def test_an_example_that_cannot_be_replayed_proves_only_the_rules() -> None:
    (replayed,) = proofs_of_examples(trial(), [example("X-1")])
    (alone,) = proofs_of_examples(trial(), [example("X-1", rules_only="没有这个动作")])
    assert is_of_the_product(replayed[1])
    assert not is_of_the_product(alone[1])


def test_an_example_proves_only_what_it_and_its_rule_both_cite() -> None:
    def proofs(*cites: str, expects: str = "r") -> list[str]:
        found = proofs_of_examples(trial(), [example(*cites, expects=expects)])
        return [clause for clause, _ in found]

    assert proofs("X-1", "X-3") == ["X-1"]
    assert proofs() == []
    assert proofs("X-1", expects="another") == []


def test_marks_are_read_from_functions_classes_modules_and_parameters(tmp_path: Path) -> None:
    (tmp_path / "test_marks.py").write_text(
        "import pytest\n"
        'pytestmark = pytest.mark.clause("X-1")\n'
        '@pytest.mark.clause("X-2", "X-3")\ndef test_a(): ...\n'
        '@pytest.mark.clause("X-4")\nclass TestB:\n    def test_c(self): ...\n'
        '@pytest.mark.parametrize("n", [pytest.param(1, marks=pytest.mark.clause("X-5"))])\n'
        "def test_d(n): ...\n"
        '@pytest.mark.peers("T1")\ndef test_e(): ...\n',
        encoding="utf-8",
    )
    found = gathered(proofs_of_tests(tmp_path))
    assert sorted(found) == ["X-1", "X-2", "X-3", "X-4", "X-5"]
    assert found["X-5"] == [f"{tmp_path.name}/test_marks.py::test_d"]


def test_all_clauses_are_counted() -> None:
    covered = coverage(library.load_all(), {})
    assert len(covered) == 799
    assert summary(covered).endswith(", of 799")
    assert not [one for one in covered if one.state == "enforced"]
