"""Commitments that ring: once, at the right person, at the right time."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from shouwen.accounts.actions import record_absence
from shouwen.accounts.models import Staff
from shouwen.accounts.scope import Scope
from shouwen.cases.actions.contacting import contact_customer
from shouwen.cases.actions.dispatching import dispatch
from shouwen.cases.actions.ringing import ring_due
from shouwen.cases.actions.working import resume, wait
from shouwen.cases.models import Case, Commitment
from shouwen.notify.actions import deliver
from shouwen.notify.models import Notice, OutboxMessage
from tests.cases.conftest import MORNING
from tests.cast import Cast
from tests.moments import moment

Register = Callable[..., Case]
Scoped = Callable[[Staff], Scope]


def told(rule: str, case: Case) -> list[tuple[str, str]]:
    """Who was told about a commitment, in the order of its rings."""
    row = case.commitments.get(rule=rule)
    messages = OutboxMessage.objects.filter(event__startswith=f"ring:{row.pk}:").order_by("pk")
    return [(message.staff.name, message.subject.split("：")[0]) for message in messages]


def ring(at: datetime) -> int:
    return ring_due(at=at)


@pytest.mark.django_db
def test_a_promise_warns_then_falls_late_then_climbs(registered: Register) -> None:
    case = registered("厨房水管漏水", kind="repair")
    due = case.commitments.get(rule="repair-dispatch").due_at
    assert due == MORNING + timedelta(minutes=10)
    ring(due - timedelta(seconds=1))
    before = told("repair-dispatch", case)
    assert all(word == "快到期" for _, word in before)
    ring(due + timedelta(hours=3))
    names = [name for name, _ in told("repair-dispatch", case)]
    assert names[0] == "李敏"
    assert "周敏" in names


@pytest.mark.django_db
def test_ringing_again_rings_nothing_twice(registered: Register) -> None:
    registered("厨房水管漏水", kind="repair")
    at = MORNING + timedelta(hours=5)
    assert ring(at) > 0
    count = OutboxMessage.objects.count()
    assert ring(at) == 0
    assert OutboxMessage.objects.count() == count


@pytest.mark.django_db
def test_a_clock_set_back_an_hour_rings_nothing_twice(registered: Register) -> None:
    registered("厨房水管漏水", kind="repair")
    ring(MORNING + timedelta(hours=2))
    count = OutboxMessage.objects.count()
    ring(MORNING + timedelta(hours=1))
    ring(MORNING + timedelta(hours=2))
    assert OutboxMessage.objects.count() == count


@pytest.mark.django_db
def test_a_worker_that_was_down_for_a_day_rings_all_that_it_missed_once(
    registered: Register,
) -> None:
    case = registered("厨房水管漏水", kind="repair")
    ring(MORNING + timedelta(days=1))
    row = case.commitments.get(rule="repair-dispatch")
    assert row.rung == len(row.rings)
    assert row.late_at == row.due_at
    events = list(OutboxMessage.objects.values_list("event", "staff_id", "channel"))
    assert len(events) == len(set(events))


@pytest.mark.django_db
@pytest.mark.peers("T2")
def test_a_paused_promise_neither_rings_nor_climbs(
    registered: Register, cast: Cast, scope: Scoped
) -> None:
    case = registered(
        "厨房水管漏水", kind="repair", repair_class="general-fault", told={"ticks": ["read-back"]}
    )
    dispatch(
        case=case, lead=cast.department("engineering"), by=scope(cast.limin),
        at=MORNING + timedelta(minutes=3),
    )  # fmt: skip
    wait(
        case=case, by=scope(cast.zhoumin), at=MORNING + timedelta(minutes=30), reason="parts",
        text="等角阀",
    )  # fmt: skip
    fault = case.commitments.get(rule="repair-general-fault")
    assert (fault.paused, fault.due_at, fault.next_ring_at) == (True, None, None)
    ring(MORNING + timedelta(days=5))
    assert told("repair-general-fault", case) == []
    resume(case=case, by=scope(cast.zhoumin), at=MORNING + timedelta(days=5))
    fault.refresh_from_db()
    assert fault.due_at is not None
    assert fault.due_at > MORNING + timedelta(days=5)


@pytest.mark.django_db
def test_what_was_kept_in_time_does_not_ring(
    registered: Register, cast: Cast, scope: Scoped
) -> None:
    case = registered("厨房水管漏水", kind="repair")
    contact_customer(
        case=case, by=scope(cast.limin), at=MORNING + timedelta(minutes=5), text="马上安排"
    )
    ring(MORNING + timedelta(days=1))
    assert told("repair-first-contact", case) == []


@pytest.mark.django_db
@pytest.mark.peers("T5")
@pytest.mark.parametrize(
    ("urgent", "when"),
    [(False, "2026-11-23 09:00"), (True, "2026-11-21 12:00")],
    ids=["an ordinary case waits for Monday", "an urgent one does not"],
)
def test_reminders_of_ordinary_cases_wait_for_working_time(
    registered: Register, urgent: bool, when: str
) -> None:
    case = registered("灯坏了", at=moment("2026-11-20 19:00", "周五"), kind="repair", urgent=urgent)
    ring(moment("2026-11-21 12:00", "周六"))
    row = case.commitments.get(rule="repair-first-contact")
    late = OutboxMessage.objects.filter(event__startswith=f"ring:{row.pk}:").earliest("pk")
    assert late.not_before == moment(when)


@pytest.mark.django_db
@pytest.mark.peers("T14")
def test_what_nobody_dispatched_in_time_reaches_the_supervisor(
    registered: Register, cast: Cast
) -> None:
    case = registered("厨房水管漏水", kind="repair")
    record_absence(
        staff=cast.limin, starts_at=MORNING, ends_at=MORNING + timedelta(days=9), deputy=None
    )
    ring(MORNING + timedelta(hours=2))
    assert {"孙丽", "周敏"} & {name for name, _ in told("repair-dispatch", case)}


@pytest.mark.django_db
@pytest.mark.peers("T26")
def test_the_climb_passes_those_who_are_away_up_to_the_top(
    registered: Register, cast: Cast
) -> None:
    away = (cast.limin, cast.wangfang, cast.sunli, cast.zhoumin, cast.zhengjie, cast.zhaogang)
    for person in away:
        record_absence(
            staff=person, starts_at=MORNING, ends_at=MORNING + timedelta(days=9), deputy=None
        )
    case = registered("厨房水管漏水", kind="repair")
    ring(MORNING + timedelta(hours=5))
    assert {name for name, _ in told("repair-dispatch", case)} == {"钱红"}


@pytest.mark.django_db
@pytest.mark.peers("T26")
def test_a_deputy_is_told_for_who_is_away(registered: Register, cast: Cast) -> None:
    record_absence(
        staff=cast.limin, starts_at=MORNING, ends_at=MORNING + timedelta(days=9),
        deputy=cast.wangfang,
    )  # fmt: skip
    case = registered("厨房水管漏水", kind="repair")
    ring(MORNING + timedelta(minutes=11))
    assert told("repair-dispatch", case)[0][0] == "王芳"


@pytest.mark.django_db
def test_a_notice_is_delivered_once_and_then_in_the_inbox(registered: Register, cast: Cast) -> None:
    registered("厨房水管漏水", kind="repair", urgent=True)
    at = MORNING + timedelta(hours=1)
    ring(at)
    deliver(at=at)
    count = Notice.objects.count()
    assert count == OutboxMessage.objects.exclude(delivered_at=None).count() > 0
    deliver(at=at + timedelta(hours=1))
    deliver(at=at + timedelta(hours=2))
    assert Notice.objects.filter(at=at).count() == count


@pytest.mark.django_db
def test_a_promise_that_was_moved_may_ring_anew(
    registered: Register, cast: Cast, scope: Scoped
) -> None:
    case = registered("厨房水管漏水", kind="repair", repair_class="general-fault")
    row = case.commitments.get(rule="repair-general-fault")
    generation = row.generation
    wait(
        case=case,
        by=scope(cast.zhoumin),
        at=MORNING + timedelta(hours=1),
        reason="parts",
        text="等",
    )
    resume(case=case, by=scope(cast.zhoumin), at=MORNING + timedelta(hours=4))
    row.refresh_from_db()
    assert row.generation > generation
    assert row.rung == 0
    assert Commitment.objects.filter(next_ring_at__isnull=False, pk=row.pk).exists()


@pytest.mark.django_db
def test_the_head_who_is_told_is_the_head_of_the_department_that_has_the_work(
    registered: Register, cast: Cast, scope: Scoped
) -> None:
    case = registered(
        "厨房水管漏水", kind="repair", repair_class="general-fault", told={"ticks": ["read-back"]}
    )
    dispatch(
        case=case, lead=cast.department("engineering"), by=scope(cast.limin),
        at=MORNING + timedelta(minutes=3),
    )  # fmt: skip
    ring(MORNING + timedelta(hours=9))
    names = {name for name, _ in told("repair-general-fault", case)}
    assert "刘强" in names
    assert "吴强" not in names
