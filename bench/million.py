"""Inside one installation: the figures of a month of very many cases.

    python -m bench.million 1000000 5

The last line is JSON.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouwen.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402 - all below needs django.setup()
from django.utils.timezone import localdate  # noqa: E402

from bench.figures import seconds_of  # noqa: E402
from bench.many import analyze, build, hasten, write  # noqa: E402
from shouwen import clock  # noqa: E402
from shouwen.accounts.models import OrgUnit  # noqa: E402
from shouwen.accounts.scope import scope_of  # noqa: E402
from shouwen.cases.board import Reader  # noqa: E402
from shouwen.cases.export import as_csv, lines  # noqa: E402
from shouwen.cases.models import Case  # noqa: E402
from shouwen.figures.actions.keeping import rejudge  # noqa: E402
from shouwen.figures.actions.locking import lock_what_is_due  # noqa: E402
from shouwen.figures.exporting import export  # noqa: E402
from shouwen.figures.listing import COLUMNS, RELATED  # noqa: E402
from shouwen.figures.measures import end_of, midnight  # noqa: E402
from shouwen.figures.models import Tally, Verdict  # noqa: E402
from shouwen.figures.queries import behind, figures  # noqa: E402
from shouwen.rules.periods import Period, period  # noqa: E402
from shouwen.statements.content import build as build_content  # noqa: E402
from shouwen.statements.owing import laws  # noqa: E402
from tests import cast  # noqa: E402

MEASURE = "customer-communication/repair-closed"
#: Every tenth failed, every hundredth is not counted.
FAILED, LEFT_OUT = 10, 100
#: Real cases, which are judged anew from their journals.
REAL = 2_000

# --- A month of so many ---------------------------------------------------------------------------


def fill(places: list[OrgUnit], month: Period, many: int, at: datetime) -> None:
    """One verdict each: the rows of `many` cases, project by project and day by day, which is the
    order of the indexes, in one transaction."""
    departments = [_departments(place) for place in places]
    fields = Verdict._meta.concrete_fields[1:]
    columns = [field.column for field in fields]
    plain = {field.column: field.get_default() for field in fields}

    def row(n: int) -> tuple[Any, ...]:
        which, day = divmod(n * len(places) * month.days // many, month.days)
        place = places[which]
        told = {
            "project_id": place.pk, "company_id": place.company_id, "group_id": place.group_id,
            "measure": MEASURE, "record": f"case:many-{n:07}", "label": f"S-{n}", "kind": "repair",
            "on": month.first + timedelta(days=day), "judged_at": at,
            "department_id": departments[which][n % 4], "verdict": _verdict(n),
        }  # fmt: skip
        return tuple((plain | told)[column] for column in columns)

    names = ", ".join(f'"{column}"' for column in columns)
    with transaction.atomic():
        write(Verdict._meta.db_table, names, len(columns), map(row, range(many)))


def _departments(place: OrgUnit) -> list[int]:
    rows = OrgUnit.objects.filter(project=place, kind=OrgUnit.Kind.DEPARTMENT).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def _verdict(n: int) -> str:
    if n % LEFT_OUT == 0:
        return "out"
    return "miss" if n % FAILED == 0 else "hit"


# --- What is measured -----------------------------------------------------------------------------


def by_hand(place: OrgUnit, month: Period) -> list[tuple[Any, ...]]:
    """The sums of a month as one statement over the same rows."""
    return _asked(
        f"SELECT measure, verdict, COUNT(*) FROM figures_verdict WHERE {place.kind}_id = %s"
        ' AND "on" BETWEEN %s AND %s GROUP BY measure, verdict',
        [place.pk, _day(month.first), _day(month.last)],
    )


def of_journal(place: OrgUnit, month: Period) -> list[tuple[Any, ...]]:
    """What the journals of the same cases hold, added up in one statement."""
    return _asked(
        "SELECT c.kind, c.status, e.verb, COUNT(*) FROM cases_case c JOIN cases_journalentry e"
        " ON e.case_id = c.id WHERE c.project_id = %s AND c.opened_at >= %s AND c.opened_at < %s"
        " GROUP BY c.kind, c.status, e.verb",
        [place.pk, midnight(month.first), end_of(month)],
    )


def _asked(statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _day(day: date) -> object:
    return day.isoformat() if connection.vendor == "sqlite" else day


def turns(
    rounds: int, ours: Callable[[], object], theirs: Callable[[], object]
) -> list[list[float]]:
    """Milliseconds of each, by turns."""
    both = [(seconds_of(ours), seconds_of(theirs)) for _ in range(rounds)]
    return [[1000 * a for a, _b in both], [1000 * b for _a, b in both]]


def resident() -> float:
    """Megabytes that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def drained(pieces: Iterator[str]) -> dict[str, float]:
    """A file sent to nobody: how long it took, and how much memory it held at a tenth of its way
    and at most."""
    held: list[float] = []
    taken = seconds_of(lambda: held.extend(resident() for _piece in pieces))
    return {"seconds": taken, "early": max(held[: len(held) // 10 + 1]), "most": max(held)}


def sent(place: OrgUnit, month: Period, at: datetime, rows: int, who: Any) -> dict[str, float]:
    """The records of a figure as a file, as it leaves the program."""
    found = behind(place, month, MEASURE, at).prefetch_related(*RELATED)
    reader = Reader(scope_of(who, at), (), at)
    return drained(as_csv(lines(found[:rows], COLUMNS, reader), COLUMNS))


# --- All of it ------------------------------------------------------------------------------------


def measure(many: int, rounds: int) -> Iterator[tuple[str, Any]]:
    people, at = cast.build(), clock.now()
    month = period("month", localdate(at)).before()
    above = {"project": people.cuihu, "company": people.jinxiu, "group": people.group}
    build(people, min(REAL, many // 5), at)
    yield "journal", _judged(people.cuihu, month, at, rounds)
    Verdict.objects.all().delete()
    hasten(True)
    fill([people.cuihu, people.jingui, people.jiangnan], month, many, at)
    hasten(False)
    analyze()
    yield "live", {name: _live(place, month, at, rounds) for name, place in above.items()}
    after = max(at, end_of(month) + timedelta(days=7))
    yield "lock", seconds_of(lambda: lock_what_is_due(at=after))
    yield "tallies", Tally.objects.count()
    yield "locked", {name: _locked(place, month, at, rounds) for name, place in above.items()}
    yield "statement", {name: _stated(place, month, at, rounds) for name, place in above.items()}
    yield "export", sent(people.group, month, at, many // 2, people.qianhong)


def _judged(project: OrgUnit, month: Period, at: datetime, rounds: int) -> dict[str, Any]:
    """Cases judged anew from their journals, and these exported to be counted elsewhere."""
    counted = rejudge(project=project, month=month, at=at)
    ours, theirs = turns(
        rounds,
        lambda: rejudge(project=project, month=month, at=at),
        lambda: of_journal(project, month),
    )
    file = StringIO()
    taken = seconds_of(lambda: export(file, at=at))
    return {
        "cases": counted, "ours": ours, "theirs": theirs, "export": taken,
        "exported": Case.objects.count(), "bytes": len(file.getvalue()),
    }  # fmt: skip


def _live(place: OrgUnit, month: Period, at: datetime, rounds: int) -> list[list[float]]:
    return turns(rounds, lambda: figures(place, month, at), lambda: by_hand(place, month))


def _stated(place: OrgUnit, month: Period, at: datetime, rounds: int) -> list[float]:
    """The monthly statement of a place, as the worker prepares it."""
    rules = (law.rule for law in laws(at) if law.unit == place)
    rule = next(rule for rule in rules if rule.id == f"month-{place.kind}")
    return [1000 * seconds_of(lambda: build_content(rule, place, month, at)) for _ in range(rounds)]


def _locked(place: OrgUnit, month: Period, at: datetime, rounds: int) -> list[float]:
    return [1000 * seconds_of(lambda: figures(place, month, at)) for _ in range(rounds)]


def main() -> None:
    print(json.dumps(dict(measure(int(sys.argv[1]), int(sys.argv[2])))))


if __name__ == "__main__":
    main()
