"""A complaint's life: whatever everybody does in whatever order, under each regulation and under
all together, the guarantees of the design hold at every step.

Further than in the daily run: SHOUWEN_WALKS=20 walks twenty times as often.
"""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from shouwen.cases.models import Case
from tests.cases.lives import walk
from tests.cast import Cast
from tests.complaints.afterwards import Afterwards
from tests.complaints.at_the_desk import Desk
from tests.complaints.between_levels import Levels
from tests.complaints.grave import Grave
from tests.complaints.many_homes import Households
from tests.complaints.meanwhile import Meanwhile
from tests.complaints.outside_us import Hops
from tests.complaints.walk import World

EACH = (
    "first-contact", "developer-aftersales", "service-centre", "complaint-procedure",
    "customer-communication",
)  # fmt: skip


class Complaints(Desk, Levels, Hops, Grave, Households, Afterwards, Meanwhile):
    """All that can be done to a complaint."""


#: The actions are the same under each; what differs is which rules are read, and that is pure.
under_each = pytest.mark.parametrize(
    "adopted",
    [
        *(pytest.param((one,), id=one, marks=pytest.mark.once) for one in EACH),
        pytest.param(EACH, id="together"),
    ],
)


@pytest.fixture
def ready(cast: Cast, adopted: tuple[str, ...], settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    Complaints.cast, Complaints.world = cast, World(cast, adopted)


@pytest.mark.django_db
@under_each
@pytest.mark.usefixtures("ready")
def test_whatever_becomes_of_a_complaint_the_guarantees_hold_at_every_step() -> None:
    walk(Complaints, walks=2, steps=45)
    assert not Case.objects.exists(), "a walk was not undone"


@pytest.mark.django_db
@under_each
@pytest.mark.usefixtures("ready")
def test_an_ordinary_complaint_comes_to_its_end() -> None:
    """Else the walks above would stay at the beginning."""
    for source in ("phone", "government"):
        life = Complaints()
        life.somebody_complained(
            text="保安态度恶劣", source=source, function="security", stage="closed"
        )
        (case,) = life.cases
        left = life.product.lines(case)
        life.teardown()
        assert case.status == Case.Status.CLOSED, left
