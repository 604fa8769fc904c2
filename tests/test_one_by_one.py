"""A row that fails holds back no other of its step, and is heard of."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection

from shouwen.cases.actions.ringing import ring_due
from shouwen.cases.models import Case, Commitment
from shouwen.followup.actions.following import follow
from shouwen.followup.models import Visit
from shouwen.groups.actions.noticing import notice
from shouwen.groups.models import Alike, Compared, Gram
from shouwen.learning.actions.detecting import learn
from shouwen.learning.models import Suggestion
from shouwen.majors.actions.grading import PUT_OFF, look_at_all
from shouwen.majors.actions.ringing import ring
from shouwen.majors.models import GradeWatch, Risk
from tests.cast import Cast
from tests.followup.conftest import FINISHED, OPENED, Desk
from tests.groups.conftest import NOW, SMOKE, Estate
from tests.majors.conftest import LATER, Scene


def refuse(table: str, column: str, value: object) -> None:
    """From now on this table takes no row with this value: a row that fails for a reason of its
    own. Goes with the transaction of the test."""
    word = value if isinstance(value, int) else f"'{value}'"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                f"CREATE TRIGGER poison BEFORE INSERT ON {table} WHEN NEW.{column} = {word}"
                " BEGIN SELECT RAISE(ABORT, 'poison'); END"
            )
            return
        connection.check_constraints()  # what is deferred would hold the table
        cursor.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT poison CHECK ({column} <> {word}) NOT VALID"
        )


poison = pytest.RaisesExc(IntegrityError, match="poison")


def poisoned(failed: int = 1) -> pytest.RaisesGroup[IntegrityError]:
    """What failed is raised with its story."""
    return pytest.RaisesGroup(*[poison] * failed)


def test_a_complaint_that_cannot_be_judged_is_put_off_and_those_after_it_are_graded(
    cast: Cast,
) -> None:
    scene = Scene(cast)
    bad, good = (scene.complains(details={"claim": "8000元"}) for _ in range(2))
    refuse("cases_journalentry", "case_id", bad.pk)
    with poisoned():
        look_at_all(at=LATER, limit=1)
    assert look_at_all(at=LATER, limit=1) == 1, "the next one has its turn"
    good.refresh_from_db()
    assert good.facts["grade"] == "major"
    assert GradeWatch.objects.get(case=bad).look_at == LATER + PUT_OFF
    look_at_all(at=LATER)  # once more, for what grading wrote
    assert look_at_all(at=LATER) == 0
    with poisoned():
        look_at_all(at=LATER + PUT_OFF)


@pytest.mark.parametrize("table", ["groups_gram", "groups_alike"])
def test_a_case_that_cannot_be_compared_does_not_keep_the_others_out_of_the_index(
    cast: Cast, table: str
) -> None:
    estate = Estate(cast)
    first, bad, good = (estate.tells(SMOKE[n], 7 * n) for n in range(3))
    refuse(table, "case_id", bad.pk)
    with poisoned():
        notice(at=NOW)
    assert {row.earlier_id for row in Alike.objects.filter(case=good)} >= {first.pk}
    assert Compared.objects.filter(case=bad).exists()
    assert Gram.objects.filter(case=good).exists()
    assert notice(at=NOW) == 0


def test_what_cannot_be_learned_from_is_read_past(cast: Cast) -> None:
    desk = Desk(cast)
    bad, good = (desk.registers(f"建议加装充电桩 {n}", kind="suggestion") for n in range(2))
    refuse("learning_suggestion", "case_id", bad.pk)
    with poisoned():
        learn(at=OPENED)
    assert [row.case for row in Suggestion.objects.all()] == [good]
    assert learn(at=OPENED) == 0


def test_a_case_whose_visits_cannot_be_planned_holds_back_no_other(cast: Cast) -> None:
    desk = Desk(cast)
    bad, good = (desk.finished(f"投诉保安态度差 {n}", kind="complaint") for n in range(2))
    refuse("followup_visit", "case_id", bad.pk)
    with poisoned():
        follow(at=FINISHED)
    assert Visit.objects.filter(case=good).exists()
    assert follow(at=FINISHED) == 0


def test_a_promise_that_cannot_ring_holds_back_no_other(cast: Cast) -> None:
    scene = Scene(cast)
    bad, good = (scene.complains() for _ in range(2))
    refuse("notify_outboxmessage", "url", f"/cases/{bad.number}")
    later = LATER + timedelta(days=40)
    with pytest.RaisesGroup(*[poison] * waiting(bad, later)):
        ring_due(at=later)
    assert not waiting(good, later)
    assert waiting(bad, later), "it is tried again"


def waiting(case: Case, at: datetime) -> int:
    rows = Commitment.objects.filter(case=case, outcome="", next_ring_at__lte=at)
    return rows.count()


def test_a_drill_that_cannot_ring_holds_back_nothing_else_of_its_floor(cast: Cast) -> None:
    bad, good = (
        Risk.objects.create(
            unit=cast.cuihu, title="停水", trigger="管网检修", level="high", owner=cast.zhoumin,
            plan="送水", next_drill_at=LATER, opened_at=NOW, opened_by=cast.zhoumin,
        )
        for _ in range(2)
    )  # fmt: skip
    refuse("notify_outboxmessage", "url", f"/majors/risks/{bad.pk}")
    with poisoned():
        ring(at=LATER)
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.told_at, bad.told_at) == (LATER, None)
