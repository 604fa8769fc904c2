"""Every worked example is replayed through the actions of a project that adopted its regulation."""

from collections.abc import Callable

import pytest

from shouwen.adoption import library
from shouwen.adoption.examples import Example, read_examples
from shouwen.rules.journal import ASKED
from tests.clauses.product import Product
from tests.clauses.replay import Replay

ALL = [
    (regulation_id, example)
    for regulation_id in library.available()
    for example in read_examples(library.root().joinpath(regulation_id))
]
REPLAYED = [
    pytest.param(regulation_id, example, id=f"{regulation_id}-{example.id}")
    for regulation_id, example in ALL
    if not example.rules_only
]


@pytest.mark.parametrize(("regulation_id", "example"), REPLAYED)
def test_what_the_example_says_comes_out_of_the_product(
    adopted: Callable[..., Product], regulation_id: str, example: Example
) -> None:
    product = adopted(*({regulation_id} - {"defaults"}))
    assert Replay(product, example).run() == []


def test_few_examples_cannot_be_said_in_actions_and_each_says_why() -> None:
    left_out = [example for _, example in ALL if example.rules_only]
    between_levels = [e for e in left_out if any(one.verb == ASKED for one in e.entries)]
    assert {e.id for e in left_out if e not in between_levels} == {"visit-during-the-work"}
    assert len(between_levels) == 16  # tests/supervision asks and answers each kind


def test_a_replay_that_comes_out_otherwise_says_so(adopted: Callable[..., Product]) -> None:
    found = read_examples(library.root().joinpath("customer-communication"))
    example = next(one for one in found if one.id == "daytime-repair")
    late = example.expect[0].model_copy(update={"due": "2026-11-19 09:23", "outcome": "late"})
    changed = example.model_copy(update={"expect": (late,), "absent": ("repair-dispatch",)})
    problems = Replay(adopted("customer-communication"), changed).run()
    assert len(problems) == 3
