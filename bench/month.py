"""Inside one installation: charges of a month, billed and summed by turns.

    python -m bench.month 20000 5

The last line is JSON: milliseconds of every round, and how many bills that made.
"""

import json
import os
import sys
from datetime import datetime, timedelta
from decimal import Decimal

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouwen.settings")
django.setup()

from django.db.models import F, Sum  # noqa: E402 - all below needs django.setup()
from django.utils.timezone import localtime  # noqa: E402

from bench.figures import seconds_of  # noqa: E402
from shouwen import clock  # noqa: E402
from shouwen.accounts.models import OrgUnit  # noqa: E402
from shouwen.billing.actions.bills import run_bills  # noqa: E402
from shouwen.billing.models import Bill, Charge, place  # noqa: E402
from shouwen.estate.models import Building, Unit  # noqa: E402
from tests import cast  # noqa: E402

#: Charges that a home has in a month.
EACH = 4


def homes(project: OrgUnit, many: int) -> list[Unit]:
    house = Building.objects.create(name="99栋", key="99", **place(project))
    return Unit.objects.bulk_create(
        Unit(building=house, room=f"{n}", key=f"99--{n}", label=f"99栋{n}", **place(project))
        for n in range(many)
    )


def charge(project: OrgUnit, many: int, at: datetime) -> None:
    units = homes(project, many // EACH)
    Charge.objects.bulk_create(
        (
            Charge(
                **place(project), number=f"C-{n}", unit=units[n % len(units)], title="有偿维修",
                amount=Decimal(1_000 + n % 5_000) / 100, collect="fee-bill",
                at=at - timedelta(seconds=n), recorded_at=at,
            )
            for n in range(many)
        ),
        batch_size=1_000,
    )  # fmt: skip


def total(project: OrgUnit) -> None:
    """What is owed, by home, in one statement."""
    waiting = Charge.objects.filter(project=project, state="open", collect="fee-bill").order_by()
    list(waiting.values("unit").annotate(debt=Sum(F("amount") - F("paid") - F("written_off"))))


def bill(project: OrgUnit, at: datetime) -> None:
    run_bills(project=project, period=f"{localtime(at):%Y-%m}", kind="fee", by=None, at=at)


def main() -> None:
    project, at = cast.build().cuihu, clock.now()
    charge(project, int(sys.argv[1]), at)
    times: dict[str, list[float]] = {"sum": [], "bill": []}
    made = 0
    for _round in range(int(sys.argv[2])):
        times["sum"].append(1000 * seconds_of(lambda: total(project)))
        times["bill"].append(1000 * seconds_of(lambda: bill(project, at)))
        made = Bill.objects.count()
        Charge.objects.update(bill=None, state="open")
        Bill.objects.all().delete()
    print(json.dumps({**times, "bills": made}))


if __name__ == "__main__":
    main()
