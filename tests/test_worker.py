"""The worker does what is due, whatever happens to the one beside it."""

import logging
from datetime import datetime, timedelta
from threading import Event

import pytest

from shouwen import worker
from shouwen.notify.models import Heartbeat
from shouwen.worker import Step
from tests.moments import SetClock, moment

NEVER_AGAIN = timedelta(days=1)


def broken(at: datetime) -> None:
    raise ValueError("no such workbook")


@pytest.mark.django_db
def test_a_broken_step_is_logged_and_does_not_stop_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stop = Event()
    done: list[datetime] = []

    def last(at: datetime) -> None:
        done.append(at)
        stop.set()

    with caplog.at_level(logging.ERROR):
        worker.work(stop, [Step("imports", NEVER_AGAIN, broken), Step("bell", NEVER_AGAIN, last)])
    assert len(done) == 1
    assert "step imports failed" in caplog.text
    assert "no such workbook" in caplog.text


def test_once_lets_a_bug_surface() -> None:
    with pytest.raises(ValueError, match="no such workbook"):
        worker.once([Step("imports", NEVER_AGAIN, broken)])


@pytest.mark.django_db
def test_a_step_waits_for_its_time() -> None:
    stop = Event()
    often: list[datetime] = []
    seldom: list[datetime] = []

    def thrice(at: datetime) -> None:
        often.append(at)
        if len(often) == 3:
            stop.set()

    worker.work(
        stop, [Step("seldom", NEVER_AGAIN, seldom.append), Step("often", timedelta(0), thrice)]
    )
    assert (len(often), len(seldom)) == (3, 1)


def test_the_steps_are_handed_the_moment(clock: SetClock) -> None:
    at = clock("2026-11-19 09:12", "周四")
    seen: list[datetime] = []
    worker.once([Step("bell", NEVER_AGAIN, seen.append)])
    assert seen == [at]


@pytest.mark.django_db
def test_the_worker_says_that_it_lives(clock: SetClock) -> None:
    clock("2026-11-19 09:12")
    worker.once()
    assert Heartbeat.objects.get().at == moment("2026-11-19 09:12")
