"""Each kind of mistake is found where it was planted."""

from typing import Any

import pytest

from shouwen.adoption import library
from shouwen.adoption.check import check
from shouwen.adoption.commands import check_all
from shouwen.rules.regulation import Regulation

BASE: dict[str, Any] = {"id": "trial", "title": "试行制度", "edition": "1"}
REPAIR: dict[str, Any] = {"id": "r", "title": "报修", "met_by": "done", "due": "1 hour"}
VISIT: dict[str, Any] = {"id": "v", "title": "回访", "window": ["0 days", "3 days"]}
CLOSING: dict[str, Any] = {"id": "c", "title": "关闭", "needs": {"entry": "fed-back"}}
SCOPE: dict[str, Any] = {
    "id": "trial-scope",
    "title": "范围",
    "applies": {"kind": ["repair"]},
    "values": [{"code": "public", "name": "公共"}],
}


def problems(**kinds: Any) -> list[str]:
    """What is found in a regulation of a few rules, among ours."""
    trial = Regulation.model_validate(BASE | kinds)
    return [found.problem for found in check([trial], [*library.load_all(), trial])]


def commitment(**change: Any) -> list[str]:
    return problems(commitment=[REPAIR | change])


def test_our_own_regulations_are_clean() -> None:
    checked, found = check_all(library.available())
    assert checked == 7
    assert [str(problem) for problem in found] == []


def test_a_rule_without_mistakes_is_clean() -> None:
    assert commitment(applies={"kind": ["repair"]}) == []
    assert problems(return_visit=[VISIT], closing=[CLOSING], axis=[SCOPE]) == []


def test_a_problem_names_file_rule_and_mistake() -> None:
    trial = Regulation.model_validate(
        BASE | {"form": [{"id": "f", "title": "表", "cites": ["S9-1"]}]}
    )
    (found,) = check([trial], [trial])
    assert str(found) == "trial/forms.toml: f: cites S9-1, which is in no clauses.csv"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"cites": ["S4-9.9"]}, "cites S4-9.9"),
        ({"starts": "begun"}, "unknown verb 'begun'"),
        ({"met_by": ["finished"]}, "unknown verb 'finished'"),
        ({"tells": ["king"]}, "unknown role 'king'"),
        ({"holder": "nobody"}, "unknown role 'nobody'"),
        ({"late": [{"after": "1 hour", "to": "boss"}]}, "unknown role 'boss'"),
        ({"late": [{"after": "1 working hour", "to": "csr"}]}, "elapsed time"),
        ({"warn": "soon"}, "soon"),
        ({"met_by": "noted", "met_tag": "gossip"}, "unknown tag 'gossip'"),
        ({"met_tag": "plan"}, "not met by a note"),
        ({"raises": {"grade": "huge"}}, "raises grade = 'huge'"),
        ({"applies": {"kind": ["weather"]}}, "applies: no axis gives kind = 'weather'"),
        ({"applies": {"colour": ["red"]}}, "applies: no axis gives colour = 'red'"),
        ({"unless": {"asleep": True}}, "unless: no axis gives asleep = True"),
        ({"due": "2 fortnights"}, "due: "),
        ({"due": [{"between": ["08:00", "18:00"], "within": "1 hour"}]}, "没有适用的时限"),
        (
            {
                "due": [
                    {"between": ["08:00", "18:00"], "within": "1 hour"},
                    {"between": ["17:00", "08:00"], "next": "09:00"},
                ]
            },
            "重叠",
        ),
        (
            {"due": [{"between": ["18:00", "24:00"], "within": "3 days"}, {"within": "1 hour"}]},
            "不单调",
        ),
        ({"due": [{"within": "1 hour"}, {"next": "09:00"}]}, "永远用不到"),
        (
            {"applies": {"kind": ["repair"]}, "unless": {"kind": ["repair", "complaint"]}},
            "can never apply: `unless`",
        ),
        ({"applies": {"urgent": True}, "unless": {"urgent": True}}, "can never apply: `unless`"),
        ({"applies": {"kind": []}}, "can never apply: kind has no value"),
        (
            {"applies": {"kind": ["complaint"], "repair_class": ["general-fault"]}},
            "can never apply: repair_class is only asked of another kind",
        ),
    ],
)
def test_a_mistake_in_a_commitment_is_found(change: dict[str, Any], says: str) -> None:
    found = commitment(**change)
    assert any(says in problem for problem in found), found


@pytest.mark.parametrize(
    ("kinds", "says"),
    [
        ({"closing": [CLOSING | {"before": "shut"}]}, "unknown verb 'shut'"),
        ({"closing": [CLOSING | {"needs": {"entry": "sung"}}]}, "unknown verb 'sung'"),
        ({"closing": [CLOSING | {"needs": {"entry": "noted", "tag": "joke"}}]}, "tag 'joke'"),
        ({"closing": [CLOSING | {"needs": {"entry": "done", "by": ["cat"]}}]}, "role 'cat'"),
        (
            {"closing": [CLOSING | {"needs": {"entry": "visited", "rule": "no-visit"}}]},
            "unknown return visit 'no-visit'",
        ),
        ({"permission": [{"id": "p", "title": "p", "verb": "eaten", "only": "csr"}]}, "'eaten'"),
        ({"permission": [{"id": "p", "title": "p", "verb": "closed"}]}, "forbids nothing"),
        ({"return_visit": [VISIT | {"by": ["owner-in-chief"]}]}, "owner-in-chief"),
        ({"return_visit": [VISIT | {"rate": "130%"}]}, "not a share"),
        ({"return_visit": [VISIT | {"rate": "many"}]}, "not a percentage"),
        ({"return_visit": [VISIT | {"window": ["2 months", "1 month"]}]}, "closes before"),
        ({"return_visit": [VISIT | {"window": ["0 days", "later"]}]}, "later"),
        ({"route": [{"id": "x", "title": "x", "lead": "kitchen"}]}, "department 'kitchen'"),
        (
            {
                "suggest": [
                    {"id": "x", "title": "x", "axis": "kind", "value": "moon", "words": ["月"]}
                ]
            },
            "no axis gives kind = 'moon'",
        ),
        (
            {
                "suggest": [
                    {
                        "id": "x",
                        "title": "x",
                        "axis": "urgent",
                        "value": True,
                        "words": ["漏", "漏"],
                    }
                ]
            },
            "stands there 2 times",
        ),
        ({"intake": [{"id": "x", "title": "x", "details": ["shoe-size"]}]}, "detail 'shoe-size'"),
        (
            {"provision": [{"id": "x", "title": "x", "kept_by": "shouwen.rules.due.never"}]},
            "there is no shouwen.rules.due.never",
        ),
        (
            {"provision": [{"id": "x", "title": "x", "kept_by": "shouwen.nowhere.at_all"}]},
            "there is no shouwen.nowhere.at_all",
        ),
        ({"axis": [SCOPE | {"decided_by": ["cook"]}]}, "role 'cook'"),
        ({"axis": [SCOPE | {"values": SCOPE["values"] * 2}]}, "stands there 2 times"),
        (
            {
                "axis": [
                    SCOPE | {"values": [{"code": "a", "name": "a", "sets": {"origin": "heaven"}}]}
                ]
            },
            "a sets origin = 'heaven'",
        ),
        (
            {"axis": [{"id": "kind", "title": "k", "values": [{"code": "odd", "name": "奇"}]}]},
            "canonical kind 'odd'",
        ),
        ({"roles": [{"code": "wizard", "name": "巫师"}]}, "unknown role 'wizard'"),
        ({"closing": [CLOSING, CLOSING]}, "the id is used 2 times"),
    ],
)
def test_a_mistake_in_another_rule_is_found(kinds: dict[str, Any], says: str) -> None:
    found = problems(**kinds)
    assert any(says in problem for problem in found), found


def test_a_name_that_the_program_defines_is_accepted() -> None:
    rule = {"id": "x", "title": "x", "kept_by": "shouwen.rules.due.due"}
    assert problems(provision=[rule]) == []


def test_two_conditions_that_exclude_each_other_are_no_mistake_of_the_value() -> None:
    assert commitment(applies={"kind": ["repair"], "scope": ["public"]}) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"of": {"kind": ["odd"], "opened_in": "period"}}, "no axis gives kind = 'odd'"),
        ({"count": {"commitment": "nobody-promised"}}, "unknown commitment 'nobody-promised'"),
        ({"count": {"state": "gone"}}, "unknown state 'gone'"),
        ({"count": {"result": "delighted"}}, "unknown result 'delighted'"),
        ({"of": {"record": "visit", "rules": ["never"]}}, "unknown rule 'never'"),
        ({"beside": "nothing"}, "unknown measure 'nothing'"),
        ({"beside": "nothing"}, "not marked `product_default`"),
        ({"value": "mean"}, "is a mean of nothing"),
    ],
)
def test_a_mistake_in_a_measure_is_found(change: dict[str, Any], says: str) -> None:
    of, count = {"opened_in": "period"}, {"state": "closed"}
    plain = {"id": "m", "title": "指标", "of": of, "count": count}
    found = problems(measure=[plain | change])
    assert any(says in problem for problem in found), found
