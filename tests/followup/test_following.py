"""Reading the journal in the order of commits, which is not the order of its ids."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection, connections, models, transaction

from shouwen.cases.actions.working import report_done
from shouwen.cases.models import Case, JournalEntry
from shouwen.followup.actions.following import BATCH, PATIENCE, follow
from shouwen.followup.models import Cursor, Visit
from tests.cast import Cast
from tests.databases import asked
from tests.followup.conftest import FINISHED, OPENED, Desk

concurrent = pytest.mark.skipif(
    asked() != "postgresql", reason="SQLite writes one transaction at a time: nothing overtakes"
)
RUDE = "投诉保安态度差"


@pytest.fixture
def committing(transactional_db: None, cast: Cast) -> Desk:
    """The desk on a database in which each transaction really commits."""
    return Desk(cast)


@pytest.fixture
def elsewhere() -> Iterator[Callable[[Callable[[], object]], threading.Thread]]:
    """`elsewhere(act)` runs in a thread with a connection of its own."""
    threads = []

    def start(act: Callable[[], object]) -> threading.Thread:
        def run() -> None:
            try:
                act()
            finally:
                connections.close_all()

        thread = threading.Thread(target=run, daemon=True)
        threads.append(thread)
        thread.start()
        return thread

    yield start
    for thread in threads:
        thread.join(20)


@concurrent
def test_an_entry_that_commits_after_a_later_one_is_not_skipped(
    committing: Desk, elsewhere: Callable[[Callable[[], object]], threading.Thread]
) -> None:
    """The slow transaction takes its id first and commits last."""
    slow, quick = (committing.registers(f"{RUDE} {n}", kind="complaint") for n in (1, 2))
    by = committing.of(committing.cast.sunli, FINISHED)
    written, may_commit = threading.Event(), threading.Event()

    def be_slow() -> None:
        with transaction.atomic():
            report_done(case=slow, by=by, at=FINISHED, text="道过歉")
            written.set()
            may_commit.wait(20)

    thread = elsewhere(be_slow)
    assert written.wait(20)
    report_done(case=quick, by=by, at=FINISHED, text="道过歉")
    follow(at=FINISHED)
    assert [visit.case for visit in Visit.objects.all()] == [quick]
    may_commit.set()
    thread.join(20)
    ids = dict(JournalEntry.objects.filter(verb="done").values_list("case", "pk"))
    assert ids[slow.pk] < ids[quick.pk] <= Cursor.objects.get().last
    follow(at=FINISHED + timedelta(seconds=3))
    assert {visit.case for visit in Visit.objects.all()} == {slow, quick}
    assert str(ids[slow.pk]) not in Cursor.objects.get().behind


@concurrent
def test_two_workers_at_once_plan_one_visit(
    committing: Desk, elsewhere: Callable[[Callable[[], object]], threading.Thread]
) -> None:
    case = committing.finished(RUDE, kind="complaint")
    both = threading.Barrier(2, timeout=20)

    def work() -> None:
        both.wait()
        follow(at=FINISHED)

    for thread in [elsewhere(work), elsewhere(work)]:
        thread.join(20)
    assert Visit.objects.filter(case=case).count() == 1


def test_a_gap_is_looked_at_until_it_fills_or_is_too_old(desk: Desk) -> None:
    case = desk.finished(RUDE, kind="complaint")
    done = JournalEntry.objects.get(case=case, verb="done")
    top = JournalEntry.objects.order_by("pk").last()
    assert top is not None
    Cursor.objects.create(name="followup", last=top.pk, behind={str(done.pk): OPENED.isoformat()})
    follow(at=OPENED + PATIENCE - timedelta(seconds=1))
    assert case.visits.exists()
    Cursor.objects.update(behind={"999999": OPENED.isoformat()})
    follow(at=OPENED + PATIENCE - timedelta(seconds=1))
    assert Cursor.objects.get().behind
    follow(at=OPENED + PATIENCE)
    assert not Cursor.objects.get().behind


def test_a_journal_that_does_not_begin_at_one_leaves_no_long_gap(desk: Desk) -> None:
    case = desk.finished(RUDE, kind="complaint")
    JournalEntry.objects.update(id=1_000_000 + models.F("id"))
    follow(at=FINISHED)
    assert case.visits.exists()
    assert len(Cursor.objects.get().behind) <= BATCH


def test_what_was_rolled_back_leaves_a_gap_that_is_remembered(desk: Desk) -> None:
    """Ids of a transaction that failed are gone for ever on PostgreSQL."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite gives such ids out again")
    follow(at=OPENED)
    with transaction.atomic():
        desk.registers(RUDE, kind="complaint")
        transaction.set_rollback(True)
    desk.finished(RUDE, kind="complaint")
    follow(at=FINISHED)
    behind = {int(pk) for pk in Cursor.objects.get().behind}
    assert behind
    assert not JournalEntry.objects.filter(pk__in=behind).exists()


def test_a_long_backlog_is_read_in_several_goes(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [desk.finished(f"{RUDE} {n}", kind="complaint") for n in range(3)]
    monkeypatch.setattr("shouwen.followup.actions.following.BATCH", 4)
    while follow(at=FINISHED):
        pass
    assert Case.objects.filter(visits__state="planned").count() == len(cases)
