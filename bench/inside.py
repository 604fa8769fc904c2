"""A process inside one installation: fills it to a size, then measures what it is asked to.

    python -m bench.inside 100000

Says `ready` with its size, then answers each line of JSON with one of times in seconds. Two of
these, one small and one large, are asked in turns (`bench.growth`).
"""

import json
import os
import sys
from datetime import datetime, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouwen.settings")
django.setup()

from django.db.models import QuerySet  # noqa: E402 - all below needs django.setup()
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from bench.figures import seconds_of  # noqa: E402
from bench.many import RARE, RARE_PHONE, build, open_up  # noqa: E402
from shouwen import clock  # noqa: E402
from shouwen.cases.actions.ringing import ring_due  # noqa: E402
from shouwen.cases.models import Case, Commitment  # noqa: E402
from tests import cast  # noqa: E402

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"
#: So many promises fall due in each sweep, however many are open.
DUE = 100


def pages() -> dict[str, str]:
    """What is looked at, by the name that the report gives it."""
    number = Case.objects.order_by("pk").values_list("number", flat=True)[1]
    search = reverse("cases:search")
    return {
        "board, mine": reverse("cases:board"),
        "board, whole project": f"{reverse('cases:board')}?of=project",
        "list of cases": reverse("cases:list"),
        "search, common word": f"{search}?q=漏水",
        "search, rare word": f"{search}?q={RARE[-2:]}",
        "search, nothing there": f"{search}?q=鳄鱼",
        "search, phone": f"{search}?q={RARE_PHONE}",
        "page of a case": reverse("cases:case", args=[number]),
    }


def look(path: str, client: Client) -> None:
    answer = client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path}: {answer.status_code}")


def sweep(due: int) -> float:
    """The worker's step, with so many promises due and all others open and not due."""
    at = clock.now()
    if due:
        _fall_due(Commitment.objects.filter(outcome="", paused=False), due, at)
    return seconds_of(lambda: ring_due(at=at))


def _fall_due(running: QuerySet[Commitment], due: int, at: datetime) -> None:
    """Promises with two rings: one that is due now, and one in nine days."""
    chosen = list(running.order_by("rung", "-pk").values_list("pk", flat=True)[:due])
    for row in Commitment.objects.filter(pk__in=chosen):
        first, second = at - timedelta(minutes=1), at + timedelta(days=9)
        row.rings = [[first.isoformat(), "owner", "warn"], [second.isoformat(), "owner", "late"]]
        row.rung, row.next_ring_at, row.generation = 0, first, row.generation + 1
        row.save()


def quiet(at: datetime) -> None:
    """Nothing is due by itself: whatever is, rings in nine days."""
    later = at + timedelta(days=9)
    Commitment.objects.filter(outcome="", next_ring_at__lt=later).update(next_ring_at=later)


def answer(asked: dict[str, str], client: Client) -> list[float]:
    """`{"page": name}` five times, or `{"sweep": how many are due}` once; seconds. After
    `{"open": n}` so many promises run; how many these are."""
    if "open" in asked:
        running = open_up(int(asked["open"]))
        quiet(clock.now())
        return [running]
    if "sweep" in asked:
        return [sweep(int(asked["sweep"]))]
    path = pages()[asked["page"]]
    return [seconds_of(lambda: look(path, client)) for _ in range(5)]


def main() -> None:
    people, now = cast.build(), clock.now()
    build(people, int(sys.argv[1]), now)
    quiet(now)
    client = Client(SERVER_NAME="localhost")
    client.force_login(people.limin, backend=MODEL_BACKEND)
    for path in pages().values():
        look(path, client)
    sweep(DUE)
    print("ready", json.dumps({"cases": Case.objects.count(), "pages": list(pages())}), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line), client)), flush=True)


if __name__ == "__main__":
    main()
