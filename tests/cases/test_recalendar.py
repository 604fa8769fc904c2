"""A calendar changes after cases exist: it is looked at first, and never moves what has ended."""

from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta

import pytest

from shouwen.accounts.models import Staff
from shouwen.accounts.scope import Scope
from shouwen.adoption.actions import approve_calendar, propose_calendar
from shouwen.adoption.models import WorkCalendar
from shouwen.cases.actions.recalendar import preview, recalendar
from shouwen.cases.actions.working import report_done
from shouwen.cases.models import Case
from shouwen.cases.verifying import verify
from shouwen.rules.refused import Refused
from tests.cases.conftest import MORNING
from tests.cast import Cast

Scoped = Callable[[Staff], Scope]


@pytest.fixture
def done(registered: Callable[..., Case], cast: Cast, scope: Scoped) -> Case:
    """A complaint done on Thursday: its visit is due three working days later."""
    case = registered("保洁不到位", kind="complaint")
    report_done(case=case, by=scope(cast.sunli), at=MORNING + timedelta(hours=1), text="已重新打扫")
    return case


def with_holiday(cast: Cast, day: str) -> WorkCalendar:
    content = deepcopy(cast.calendar.content)
    content["holidays"] = {**content.get("holidays", {}), day: "临时放假"}
    return propose_calendar(
        unit=cast.calendar.unit, name="有临时放假的日历", content=content, at=MORNING, source="通知"
    )


@pytest.mark.django_db
@pytest.mark.peers("T6")
@pytest.mark.deadline("D12")
def test_a_proposed_calendar_moves_nothing_until_somebody_approves_it(
    done: Case, cast: Cast, scope: Scoped
) -> None:
    proposed = with_holiday(cast, "2026-11-23")
    with pytest.raises(Refused, match="还没有批准"):
        recalendar(calendar=proposed, by=scope(cast.qianhong), at=MORNING)
    done.refresh_from_db()
    assert done.calendar == cast.calendar


@pytest.mark.django_db
@pytest.mark.deadline("D8")
def test_what_would_move_is_shown_before_and_moved_on_the_record(
    done: Case, cast: Cast, scope: Scoped
) -> None:
    visit = done.commitments.get(rule="visit:complaint-visit")
    ended = {row.key: (row.due_at, row.outcome) for row in done.commitments.exclude(outcome="")}
    proposed = with_holiday(cast, "2026-11-23")
    moves = list(preview(proposed))
    assert visit.due_at is not None
    assert [(m.title, m.before, m.after) for m in moves] == [
        (visit.title, visit.due_at, visit.due_at + timedelta(days=1))
    ]
    at = MORNING + timedelta(hours=2)
    approve_calendar(calendar=proposed, by=cast.qianhong, at=at)
    assert recalendar(calendar=proposed, by=scope(cast.qianhong), at=at) == 1
    visit.refresh_from_db()
    assert visit.due_at == moves[0].after
    assert {
        row.key: (row.due_at, row.outcome) for row in done.commitments.filter(key__in=ended)
    } == ended
    assert done.journal.latest("seq").verb == "recalendared"
    assert list(verify()) == []
    assert recalendar(calendar=proposed, by=scope(cast.qianhong), at=at) == 0


@pytest.mark.django_db
def test_new_cases_follow_the_new_calendar_and_old_ones_their_own(
    done: Case, registered: Callable[..., Case], cast: Cast
) -> None:
    proposed = with_holiday(cast, "2026-11-23")
    approve_calendar(calendar=proposed, by=cast.qianhong, at=MORNING + timedelta(hours=1))
    new = registered("楼道脏", at=MORNING + timedelta(hours=2), kind="complaint")
    done.refresh_from_db()
    assert (done.calendar, new.calendar) == (cast.calendar, proposed)
