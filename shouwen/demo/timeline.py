"""Eight weeks in a minute: many lives side by side on one clock, and what the worker does between.

A life is a generator that yields the moment at which it wants to go on. What lies beyond now never
happens: those lives stay where they are, and are what is open when the demo begins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from heapq import heappop, heappush

from django.db.models import Min

from shouwen import clock
from shouwen.accounts.models import Staff
from shouwen.cases.actions.ringing import ring_due
from shouwen.cases.models import Commitment
from shouwen.cases.verifying import anchor
from shouwen.followup.actions.following import follow
from shouwen.notify.actions import deliver, mark_read

Life = Iterator[datetime]

#: How often the outbox is delivered and the journal read on, if anything happened.
ROUND = timedelta(hours=3)
#: On how many of the days everybody reads what they were told.
READING = 4
#: What came in so lately has not been read yet.
UNREAD = timedelta(hours=3)
DAY = timedelta(days=1)
#: The worker takes at most so much at a time; less means that nothing is left.
MANY = 200


class Timeline:
    """Plays every life up to now, in the order in which things happen."""

    def __init__(self, since: datetime, now: datetime) -> None:
        self.at, self.now = since, now
        self._waiting: list[tuple[datetime, int, Life]] = []
        self._started = 0
        self._next_round = since
        self._quiet = True

    def begin(self, at: datetime, life: Life) -> None:
        self._started += 1
        heappush(self._waiting, (at, self._started, life))

    def play(self, progress: Callable[[datetime], None]) -> None:
        for until in self._days():
            self._play(until)
            progress(until)

    def _days(self) -> Iterator[datetime]:
        """The ends of the days; the last hours are a day of their own, after which nothing was
        read."""
        until, lately = self.at + DAY, self.now - UNREAD
        while until < lately:
            yield until
            until += DAY
        yield lately
        yield self.now

    def _play(self, until: datetime) -> None:
        while self._waiting and self._waiting[0][0] <= until:
            at, number, life = heappop(self._waiting)
            self._pass(at)
            with clock.set_to(at):
                wanted = next(life, None)
            self._quiet = False
            if wanted is not None:
                heappush(self._waiting, (max(wanted, at), number, life))
        self._pass(until)
        self._close_day(until)

    def _pass(self, until: datetime) -> None:
        """What the worker does meanwhile: each deadline rings at its own moment."""
        while self._next_round <= until:
            self._ring(self._next_round)
            self._work(self._next_round, self._quiet)
            self._quiet = True
            self._next_round += ROUND
        self._ring(until)

    def _ring(self, until: datetime) -> None:
        due = Commitment.objects.filter(outcome="", next_ring_at__lte=until)
        while moment := due.aggregate(next=Min("next_ring_at"))["next"]:
            self.at = max(moment, self.at)
            ring_due(at=self.at)
        self.at = until

    @staticmethod
    def _work(at: datetime, quiet: bool = False) -> None:
        while not quiet and follow(at=at) >= MANY:
            pass
        while deliver(at=at) >= MANY:
            pass

    def _close_day(self, until: datetime) -> None:
        self._work(until)
        if until == self.now - UNREAD or until.toordinal() % READING == 0:
            read_all(until)
        if until < self.now:
            anchor(at=until)


def read_all(at: datetime) -> None:
    """Everybody has read what they were told so far."""
    for person in Staff.objects.filter(notices__read_at=None).distinct().order_by("number"):
        mark_read(staff=person, at=at)
