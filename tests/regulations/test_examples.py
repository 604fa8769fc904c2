"""Every worked example of every regulation comes out as it says."""

import pytest

from shouwen.adoption import library
from shouwen.adoption.examples import Example, Expected, read_examples, run_example, sample_calendar

EXAMPLES = [
    pytest.param(regulation_id, example, id=f"{regulation_id}-{example.id}")
    for regulation_id in library.available()
    for example in read_examples(library.root().joinpath(regulation_id))
]
AT_LEAST = {
    "customer-communication": 10,
    "first-contact": 5,
    "developer-aftersales": 5,
    "service-centre": 5,
    "complaint-procedure": 5,
}


@pytest.mark.parametrize(("regulation_id", "example"), EXAMPLES)
def test_the_worked_example_comes_out(regulation_id: str, example: Example) -> None:
    assert run_example(example, library.rulebook((regulation_id,)), sample_calendar()) == []


@pytest.mark.parametrize("regulation_id", sorted(AT_LEAST))
def test_each_regulation_brings_enough_worked_examples(regulation_id: str) -> None:
    examples = read_examples(library.root().joinpath(regulation_id))
    assert len(examples) >= AT_LEAST[regulation_id]
    assert len({example.id for example in examples}) == len(examples)


@pytest.mark.parametrize("regulation_id", sorted(AT_LEAST))
def test_every_time_limit_of_a_regulation_has_a_worked_example(regulation_id: str) -> None:
    expected = {
        one.commitment
        for example in read_examples(library.root().joinpath(regulation_id))
        for one in example.expect
    }
    limits = {rule.id for rule in library.load(regulation_id).commitment}
    assert sorted(limits - expected) == []


BASE = Example(
    id="base",
    cites=(),
    opened="2026-11-19 09:12",
    weekday="四",
    facts={"kind": "repair"},
    expect=(Expected(commitment="repair-first-contact", due="2026-11-19 10:12"),),
)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"weekday": "五"}, "is a 星期四"),
        (
            {"expect": (Expected(commitment="repair-first-contact", due="2026-11-19 10:13"),)},
            "10:12",
        ),
        ({"expect": (Expected(commitment="no-such", due=""),)}, "is not promised"),
        ({"absent": ("repair-dispatch",)}, "must not be there"),
        (
            {"expect": (BASE.expect[0].model_copy(update={"outcome": "met"}),)},
            "outcome none, expected met",
        ),
    ],
)
def test_an_example_that_is_wrong_says_so(change: dict[str, object], says: str) -> None:
    book = library.rulebook(("customer-communication",))
    assert run_example(BASE, book, sample_calendar()) == []
    (problem,) = run_example(BASE.model_copy(update=change), book, sample_calendar())
    assert says in problem
