"""Handings and questions as promises: each is kept by its own answer, and by no other."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwen.rules.closing import checklist
from shouwen.rules.commitments import Promise, promises
from shouwen.rules.journal import Entry
from shouwen.rules.lifecycle import fold
from shouwen.rules.matters import KINDS, require_details, rules_of
from shouwen.rules.refused import Refused
from shouwen.rules.regulation import Regulation, Rulebook
from tests.moments import moment
from tests.rules.story import CALENDARS

OPENED = moment("2026-11-16 09:00", "周一")


def rule(kind: str, **more: Any) -> dict[str, Any]:
    about = {"starts": "asked", "starts_kind": [kind], "met_by": "asked-answered"}
    own = {"id": kind, "title": KINDS[kind].title, "per": "matter", "due": "1 hour"}
    return {**about, **own, "rounds": False, **more}


BOOK = Rulebook(
    regulations=(
        Regulation.model_validate(
            {
                "id": "small", "title": "小规定", "edition": "1",
                "commitment": [
                    rule("supervise"), rule("take-over"), rule("brand", per="department"),
                    rule("report", applies={"urgent": True}),
                ],
            }
        ),
    )
)  # fmt: skip


def journal(*told: tuple[str, datetime, dict[str, Any]]) -> list[Entry]:
    opening = ("opened", OPENED, {"owner": "1", "facts": {"kind": "complaint"}})
    return [
        Entry(seq, verb, at, "1", (), data)
        for seq, (verb, at, data) in enumerate((opening, *told), start=1)
    ]


def asked(number: str, kind: str = "supervise", **more: str) -> dict[str, Any]:
    return {"matter": number, "kind": kind, "title": KINDS[kind].title, **more}


def by_key(entries: list[Entry]) -> dict[str, Promise]:
    return {promise.key: promise for promise in promises(BOOK, entries, CALENDARS)}


_steps = st.lists(
    st.tuples(
        st.sampled_from(["supervise", "take-over", "answer", "answer", "reopen"]),
        st.integers(1, 200),
        st.integers(0, 9),
    ),
    max_size=14,
)


@given(_steps)
def test_any_interleaving_leaves_open_exactly_what_was_asked_and_not_answered(
    steps: list[tuple[str, int, int]],
) -> None:
    told: list[tuple[str, datetime, dict[str, Any]]] = []
    at, open_, answered_at = OPENED, {}, {}
    for n, (step, minutes, which) in enumerate(steps):
        at += timedelta(minutes=minutes)
        if step == "reopen":
            told.append(("reopened", at, {"reason": "客户再次提出"}))
        elif step != "answer":
            open_[f"K{n}"] = step
            told.append(("asked", at, asked(f"K{n}", step)))
        elif open_:
            number = sorted(open_)[which % len(open_)]
            told.append(("asked-answered", at, asked(number, open_.pop(number))))
            answered_at[number] = at
    entries = journal(*told)
    found = {key.rpartition("/")[2]: promise for key, promise in by_key(entries).items()}
    assert {number for number, promise in found.items() if promise.outcome == ""} == set(open_)
    assert {number: found[number].ended_at for number in answered_at} == answered_at
    assert set(fold(entries).owed) == set(open_)
    lines = {line.id for line in checklist(BOOK, entries) if line.id.startswith("owed-")}
    assert lines == {f"owed-{number}" for number in open_}


def test_each_department_answers_for_itself_and_no_other_kind_answers_for_it() -> None:
    later = OPENED + timedelta(minutes=30)
    entries = journal(
        ("asked", OPENED, asked("K1", "brand", department="GC")),
        ("asked", OPENED, asked("K2", "brand", department="HJ")),
        ("asked-answered", later, asked("K3", "supervise")),
        ("asked-answered", later, asked("K1", "brand", department="GC")),
    )
    outcomes = {key: promise.outcome for key, promise in by_key(entries).items()}
    assert outcomes == {"brand/1/GC": "met", "brand/1/HJ": ""}


def test_a_handing_for_information_owes_nothing_and_moves_the_level() -> None:
    told = {"matter": "J1", "kind": "", "title": "交项目处理", "facts": {"handle_level": "project"}}
    state = fold(journal(("handed", OPENED, told)))
    assert (state.owed, state.facts["handle_level"]) == ({}, "project")


def test_the_questions_are_those_of_the_rules_that_speak_about_the_case() -> None:
    assert set(rules_of(BOOK, {"kind": "complaint"})) == {"supervise", "take-over", "brand"}
    assert "report" in rules_of(BOOK, {"kind": "complaint", "urgent": True})


def test_what_may_be_left_out_may_be_left_out() -> None:
    require_details(("verdict", "appointment"), {"verdict": "unreasonable"})
    with pytest.raises(Refused, match="约定见面的时间"):
        require_details(("verdict", "appointment"), {"verdict": "reasonable"})
