"""`shouwen work`: what happens unasked. Deadlines ring, messages go out, imports run.

Every step looks for rows that are due and does them; nothing is scheduled in memory, so a worker
that was down for a day does on its first round all that was missed, once.
"""

import logging
import os
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from time import monotonic

from django.db import close_old_connections

from shouwen import clock
from shouwen.archive.actions.collecting import collect
from shouwen.archive.actions.depositing import owe_visits, ring_deposits
from shouwen.archive.actions.lending import ring_lent
from shouwen.billing.actions.bills import bill_due
from shouwen.cases.actions.once import purge_done
from shouwen.cases.actions.ringing import ring_due
from shouwen.cases.search import index_pending
from shouwen.cases.verifying import anchor
from shouwen.dashboards.actions.watching import watch
from shouwen.estate.importing.runs import claim_and_run
from shouwen.figures.actions.keeping import keep, look_at_months
from shouwen.figures.actions.locking import lock_what_is_due
from shouwen.figures.actions.reminding import ring_duties
from shouwen.followup.actions.following import follow
from shouwen.groups.actions.answering import ring_statements
from shouwen.groups.actions.grouping import recount_changed
from shouwen.groups.actions.noticing import notice
from shouwen.learning.actions.detecting import learn
from shouwen.learning.actions.ringing import ring_corrections
from shouwen.majors.actions.grading import look_at_all
from shouwen.majors.actions.ringing import ring
from shouwen.notify import actions as notify
from shouwen.portal.actions.limiting import purge_tallies
from shouwen.registers.actions.calling import ring_missed
from shouwen.repairs.actions.rostering import ring_unsent
from shouwen.services.actions.keeping import remind_expiring
from shouwen.services.actions.rents import remind_due
from shouwen.statements.actions.preparing import prepare_due
from shouwen.statements.actions.ringing import ring_late

log = logging.getLogger(__name__)

#: The longest that a stopping worker sleeps, and the finest that an interval can be.
PAUSE = timedelta(seconds=0.5)


@dataclass(frozen=True)
class Step:
    """Something to be looked for so often. `run` is handed the moment and does what is due."""

    name: str
    every: timedelta
    run: Callable[[datetime], object]


def beat(at: datetime) -> None:
    notify.beat(worker=f"{socket.gethostname()}:{os.getpid()}", at=at)


STEPS: tuple[Step, ...] = (
    Step("heartbeat", timedelta(seconds=15), beat),
    Step("deadlines", timedelta(seconds=5), lambda at: ring_due(at=at)),
    Step("outbox", timedelta(seconds=2), lambda at: notify.deliver(at=at)),
    Step("imports", timedelta(seconds=2), claim_and_run),
    Step("return visits", timedelta(seconds=3), lambda at: follow(at=at)),
    Step("likeness", timedelta(seconds=3), lambda at: notice(at=at)),
    Step("groups", timedelta(seconds=3), lambda at: recount_changed(at=at)),
    Step("statements", timedelta(seconds=30), lambda at: ring_statements(at=at)),
    Step("lessons", timedelta(seconds=5), lambda at: learn(at=at)),
    Step("corrections", timedelta(seconds=15), lambda at: ring_corrections(at=at)),
    Step("grades", timedelta(seconds=10), lambda at: look_at_all(at=at)),
    Step("major events", timedelta(seconds=30), lambda at: ring(at=at)),
    Step("figures", timedelta(seconds=3), lambda at: keep(at=at)),
    Step("duties and calls", timedelta(minutes=10), lambda at: look_at_months(at=at)),
    Step("month locks", timedelta(minutes=10), lambda at: lock_what_is_due(at=at)),
    Step("swings", timedelta(minutes=5), lambda at: watch(at=at)),
    Step("bills", timedelta(minutes=30), lambda at: bill_due(at=at)),
    Step("subscriptions", timedelta(minutes=10), lambda at: remind_expiring(at=at)),
    Step("rents", timedelta(minutes=10), lambda at: remind_due(at=at)),
    Step("unsent orders", timedelta(seconds=15), lambda at: ring_unsent(at=at)),
    Step("duties", timedelta(hours=1), lambda at: ring_duties(at=at)),
    Step("missed calls", timedelta(seconds=15), lambda at: ring_missed(at=at)),
    Step("reports", timedelta(minutes=1), lambda at: prepare_due(at=at)),
    Step("late reports", timedelta(seconds=30), lambda at: ring_late(at=at)),
    Step("archive", timedelta(seconds=30), lambda at: collect(at=at)),
    Step("papers owed", timedelta(hours=1), lambda at: owe_visits(at=at)),
    Step("papers late", timedelta(minutes=1), lambda at: ring_deposits(at=at)),
    Step("folders lent", timedelta(hours=1), lambda at: ring_lent(at=at)),
    Step("search", timedelta(seconds=2), lambda at: index_pending(at=at)),
    Step("anchor", timedelta(hours=1), lambda at: anchor(at=at)),
    Step("old keys", timedelta(hours=6), purge_done),
    Step("old tallies", timedelta(hours=1), purge_tallies),
)


def once(steps: Sequence[Step] = STEPS) -> None:
    """Every step one time; what fails is raised."""
    for step in steps:
        step.run(clock.now())


def work(stop: Event, steps: Sequence[Step] = STEPS) -> None:
    """Every step at its interval until told to stop; a step is never broken off."""
    due = dict.fromkeys(steps, monotonic())
    while not stop.wait(PAUSE.total_seconds()):
        for step in steps:
            if due[step] <= monotonic() and not stop.is_set():
                _run(step)
                due[step] = monotonic() + step.every.total_seconds()


def _run(step: Step) -> None:
    """A step that fails is logged with its whole story and tried again at its next time."""
    close_old_connections()
    try:
        step.run(clock.now())
    except Exception:
        log.exception("step %s failed", step.name)
