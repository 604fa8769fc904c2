"""What happens around the cases: the worker goes its rounds, a new edition is adopted, the calendar
is edited."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from shouwen.adoption.actions import (
    approve_calendar,
    propose_calendar,
    stop_adopting,
    store_edition,
)
from shouwen.adoption.library import from_content
from shouwen.adoption.models import Adoption, RegulationEdition
from shouwen.adoption.queries import calendar_row, in_force
from shouwen.cases.actions.recalendar import recalendar
from shouwen.rules.case_kinds import Commitment, DueBranch
from shouwen.worker import STEPS
from tests.complaints.walk import Turn, Walk, turn

#: What the worker does for complaints; the anchor ties all journals together once a day.
ROUNDS = (
    "deadlines", "return visits", "likeness", "statements", "lessons", "corrections", "grades",
    "major events", "anchor",
)  # fmt: skip


class Meanwhile(Walk):
    @rule(minutes=st.integers(1, 5 * 24 * 60))
    def worker_goes_its_round(self, minutes: int) -> None:
        """Everything that is due rings, and what the program sees by itself is brought up."""
        self.wait(minutes)
        for step in STEPS:
            if step.name in ROUNDS:
                step.run(self.at)
        self.moved()

    @precondition(lambda self: RegulationEdition.objects.filter(edition__contains="+").count() < 2)
    @rule(minutes=st.integers(1, 600))
    def new_edition(self, minutes: int) -> None:
        """Every time becomes ten minutes: for the cases to come, and for no other."""
        self.wait(minutes)
        held = in_force(self.cast.cuihu, self.at)[0]
        old = from_content(held.edition.content)
        new = old.model_copy(
            update={
                "edition": f"{old.edition}+", "commitment": tuple(map(_shorter, old.commitment)),
            }
        )  # fmt: skip
        stop_adopting(adoption=held, at=self.at)
        Adoption.objects.create(
            unit=held.unit, position=held.position, edition=store_edition(new, self.at),
            since=self.at,
        )  # fmt: skip
        self.moved()

    @rule(turn=turn("qianhong"), days=st.integers(0, 9))
    def edit_calendar(self, turn: Turn, days: int) -> None:
        """A day of the coming week is off after all, and running promises follow."""
        held = calendar_row(self.cast.cuihu, self.at)
        day = (self.at + timedelta(days=days)).date().isoformat()
        content = deepcopy(held.content)
        content["holidays"] = {**content.get("holidays", {}), day: "临时放假"}
        new = propose_calendar(unit=held.unit, name="改", content=content, at=self.at)
        approve_calendar(calendar=new, by=self.cast.qianhong, at=self.at)
        self.do(turn, recalendar, calendar=new)


def _shorter(rule: Commitment) -> Commitment:
    if any(branch.given for branch in rule.due):
        return rule
    return rule.model_copy(update={"due": (DueBranch(within="10 minutes"),)})
