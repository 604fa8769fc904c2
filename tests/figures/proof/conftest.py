"""The same November under some regulations and under others."""

from collections.abc import Iterator

import pytest

from shouwen.adoption.queries import calendars, rulebook
from tests.cast import Cast, build
from tests.figures.proof.days import fills_in, rings
from tests.figures.proof.month import Month
from tests.snapshot import Snapshot

S0, S1, S2, S3, S4 = (
    "first-contact", "developer-aftersales", "service-centre", "complaint-procedure",
    "customer-communication",
)  # fmt: skip


def november(*regulations: str) -> Cast:
    cast = build()
    month = Month(cast)
    month.adopts(*regulations)
    month.passes()
    rings(cast)
    fills_in(cast)
    return cast


NOVEMBERS = {
    "centre": Snapshot(lambda: november(S2)),
    "procedure": Snapshot(lambda: november(S3, S0)),
    "communication": Snapshot(lambda: november(S4, S0, S1)),
}


@pytest.fixture(params=NOVEMBERS)
def cast(db: None, request: pytest.FixtureRequest) -> Iterator[Cast]:
    """Everybody, and what they did in November."""
    yield NOVEMBERS[request.param].put()
    calendars.cache_clear()
    rulebook.cache_clear()  # trusts that an id means the same for ever; a rollback breaks that
