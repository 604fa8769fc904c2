"""The path of a matter outside: whatever is tried in whatever order, it goes one way."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwen.adoption import library
from shouwen.rules.commitments import Calendars, promises
from shouwen.rules.complaint_kinds import ReferralPath
from shouwen.rules.journal import VERBS, Entry
from shouwen.rules.referrals import (
    OPENED,
    STEPS,
    WITHDRAWN,
    as_commitments,
    next_step,
    require_doer,
    require_next,
)
from shouwen.rules.refused import Refused
from shouwen.rules.regulation import Rulebook
from shouwen.rules.worktime import Calendar
from tests.moments import moment

S2 = library.load("service-centre")
BOOK = Rulebook(regulations=(S2, library.load("defaults")))
PATHS = [path for _, path in BOOK.all("referral")]
CALENDARS = Calendars(Calendar.always("Asia/Shanghai"))


def test_every_step_has_a_verb_of_the_journal() -> None:
    assert {kind.verb for kind in STEPS.values()} <= VERBS.keys()


@given(st.sampled_from(PATHS), st.lists(st.sampled_from(sorted(STEPS)), max_size=40))
def test_no_step_is_jumped_over_and_none_is_done_twice(
    path: ReferralPath, tried: list[str]
) -> None:
    done: list[str] = []
    for step in tried:
        try:
            require_next(path, done, step)
        except Refused:
            continue
        done.append(step)
    order = [step.step for step in path.steps]
    assert done == order[: len(done)]
    after = next_step(path, done)
    assert (after.step if after else None) == next(iter(order[len(done) :]), None)


@given(
    st.lists(
        st.tuples(st.sampled_from("AB"), st.sampled_from([OPENED, WITHDRAWN, *STEPS])), max_size=25
    )
)
def test_each_referral_has_one_running_promise_for_its_next_step(
    story: list[tuple[str, str]],
) -> None:
    """Two matters of one case are read apart, whatever happens to the other."""
    path = next(path for path in PATHS if path.id == "developer-negotiation")
    facts = {"kind": "complaint", "cause": "class-2"}
    at = moment("2026-11-19 09:00", "周四")
    entries = [Entry(1, "opened", at, "0001", (), {"owner": "0001", "facts": facts})]
    done: dict[str, list[str]] = {}
    for name, verb in story:
        if verb == OPENED and name not in done:
            done[name] = []
        elif name in done and verb == WITHDRAWN:
            done[name] = [*(step.step for step in path.steps)]
        elif name in done and (after := next_step(path, done[name])) and after.step == verb:
            done[name].append(verb)
        else:
            continue
        data = {"referral": name, "path": path.id, "due": "2026-12-01T00:00:00+00:00"}
        written = STEPS[verb].verb if verb in STEPS else verb
        entries.append(Entry(len(entries) + 1, written, at, "0001", (), data))
    running = [p for p in promises(BOOK, entries, CALENDARS) if p.outcome == ""]
    ours = sorted(p.key for p in running if p.rule.per == "referral")
    wanted = [
        f"referral:{path.id}:{after.step}/1/{name}"
        for name, steps in done.items()
        if (after := next_step(path, steps))
    ]
    assert ours == sorted(wanted)


def test_a_role_signs_only_in_the_department_that_the_clause_names() -> None:
    path = next(path for path in PATHS if path.id == "developer-negotiation")
    advise = next(step for step in path.steps if step.step == "advise")
    require_doer(path, advise, [("dept_head", "engineering")], signed_before=False)
    with pytest.raises(Refused, match="制度指定的岗位"):
        require_doer(path, advise, [("dept_head", "environment")], signed_before=False)
    with pytest.raises(Refused, match="另一个人"):
        require_doer(path, advise, [("dept_head", "engineering")], signed_before=True)


def test_a_promise_of_a_step_fits_its_column() -> None:
    assert all(len(rule.title) <= 60 for path in PATHS for rule in as_commitments(path))


def _running(*story: tuple[str, dict[str, Any]]) -> list[str]:
    """The steps outside that are owed after such a story of one complaint."""
    facts = {"kind": "complaint", "cause": "class-2"}
    told: list[tuple[str, dict[str, Any]]] = [
        ("opened", {"owner": "0001", "facts": facts}),
        *story,
    ]
    at = moment("2026-11-19 09:00", "周四")
    entries = [
        Entry(seq, verb, at, "0001", (), {"referral": "A", "path": "developer-negotiation", **data})
        for seq, (verb, data) in enumerate(told, start=1)
    ]
    read = promises(BOOK, entries, CALENDARS)
    return [p.key for p in read if p.outcome == "" and p.rule.per == "referral"]


def test_what_was_taken_back_does_not_ring_again_when_the_matter_is_classed_anew() -> None:
    story: list[tuple[str, dict[str, object]]] = [(OPENED, {}), (WITHDRAWN, {})]
    assert _running(*story) == []
    assert _running(*story, ("classified", {"facts": {"validity": "valid"}})) == []


def test_what_lies_outside_rings_on_when_the_matter_is_opened_again() -> None:
    story: list[tuple[str, dict[str, object]]] = [(OPENED, {}), ("done", {}), ("reopened", {})]
    assert _running(*story) == _running(*story[:1]) != []
