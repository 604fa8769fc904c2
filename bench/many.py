"""Cases by the hundred thousand: a few hundred real ones, made by the actions, and their rows
copied with other ids, numbers and times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle, islice
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction

from shouwen.accounts.scope import scope_of
from shouwen.cases.actions import closing, contacting, dispatching, working
from shouwen.cases.actions.intake import Told, register
from shouwen.cases.models import Case, CasePart, Commitment, Contact, JournalEntry, SearchText
from shouwen.cases.search import grams, index_pending
from shouwen.estate.address import Reference, key, written
from shouwen.estate.models import Building, Unit
from tests.cast import Cast

#: So many are real; every fifth is still open, which makes about one running promise a case.
REAL = 50
OPEN_EVERY = 5
RARE, RARE_PHONE = "花园里有蟒蛇", "13712345678"
HOMES = 3000
TEXTS = (
    "厨房水管漏水，柜子湿了", "电梯三楼异响", "大堂灯不亮", "单元门禁刷卡没反应", "卫生间地漏返味",
    "客厅空调外机滴水", "楼道堆放杂物没人清理", "地库照明坏了", "阳台窗户关不严", "对讲机没有声音",
)  # fmt: skip
#: A set of copies for each day that lies further back: as many cases a day at every size.
SPREAD = timedelta(days=1)
CHUNK = 20_000


def build(cast: Cast, wanted: int, now: datetime) -> None:
    """`wanted` cases in 翠湖花园, all of them indexed; one of them has the rare words."""
    homes = _homes(cast)
    _real_ones(cast, homes, min(REAL, wanted - 1), now - timedelta(days=2))
    while index_pending(at=now):
        pass
    made = Case.objects.count()
    _hasten(True)
    copied = (Contact, Case, JournalEntry, Commitment, CasePart, SearchText)
    plans = [(model, _columns(model)) for model in copied]  # before any of them has grown
    for model, columns in plans:
        with transaction.atomic():
            _copy(model, columns, _copies(wanted - 1, made), [home.pk for home in homes])
    _count_on(copied)
    _hasten(False)
    _life(cast, homes[-1], RARE, RARE_PHONE, now - timedelta(hours=1), closed=False)
    index_pending(at=now)
    _analyze()


def _copies(wanted: int, made: int) -> int:
    return max(0, round(wanted / made) - 1)


# --- Real ones ------------------------------------------------------------------------------------


def _homes(cast: Cast) -> list[Unit]:
    place = {"project": cast.cuihu, "company": cast.jinxiu, "group": cast.group}
    tower = Building.objects.create(name="88栋", key="88", **place)
    rooms = (Reference("88", "1", f"{100 + n}", "") for n in range(HOMES))
    return Unit.objects.bulk_create(
        Unit(building=tower, entrance=room.entrance, room=room.room, key=key(room),
             label=written(room), **place)
        for room in rooms
    )  # fmt: skip


def _real_ones(cast: Cast, homes: Sequence[Unit], count: int, first: datetime) -> None:
    for n, text in enumerate(islice(cycle(TEXTS), count)):
        at = first + n * timedelta(minutes=1)
        _life(cast, homes[n], text, f"139{n:08}", at, closed=n % OPEN_EVERY != 0)


def _life(cast: Cast, home: Unit, text: str, phone: str, at: datetime, *, closed: bool) -> None:
    """From the call to the closing, or as far as the dispatch."""
    limin, chen, liu = (scope_of(p, at) for p in (cast.limin, cast.chenjianguo, cast.liuqiang))
    told = Told(
        text=text, name="王女士", phone=phone, unit=home, ticks=("read-back",),
        facts={"kind": "repair", "scope": "home", "repair_class": "small"},
    )  # fmt: skip
    case = register(project=cast.cuihu, told=told, by=limin, at=at)
    lead = cast.department("engineering")
    dispatching.dispatch(case=case, lead=lead, by=limin, at=_later(at, 5))
    if not closed:
        return
    dispatching.accept(case=case, by=chen, at=_later(at, 10))
    contacting.contact_customer(case=case, by=chen, at=_later(at, 15), text="马上到")
    working.arrive(case=case, by=chen, at=_later(at, 30))
    working.report_done(case=case, by=chen, at=_later(at, 60), text="修好了")
    working.verify(case=case, by=liu, at=_later(at, 65), ok=True, opinion="已看过")
    contacting.feed_back(case=case, by=limin, at=_later(at, 70), text="已告知", result="satisfied")
    closing.close(case=case, by=limin, at=_later(at, 75))


def _later(at: datetime, minutes: int) -> datetime:
    return at + timedelta(minutes=minutes)


# --- Copies ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Column:
    """What becomes of a column in a copy: an id is counted on, a time lies further back, a home
    is another."""

    name: str
    steps: int
    moved: bool = False
    fresh: bool = False
    home: bool = False


def _columns(model: type[models.Model]) -> list[Column]:
    ours = {Contact, Case, JournalEntry, Commitment, CasePart}
    return [_column(model, field, ours) for field in model._meta.concrete_fields] + (
        [Column("grams", 0)] if _has_grams(model) else []
    )


def _column(model: type[models.Model], field: Any, ours: set[type[models.Model]]) -> Column:
    target = field.related_model if field.is_relation else model if field.primary_key else None
    steps = _last(target) if target in ours else 0
    moved = isinstance(field, models.DateTimeField)
    return Column(field.column, steps, moved, field.name == "number", field.name == "unit")


def _last(model: Any) -> int:
    found: int = model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return found


def _has_grams(model: type[models.Model]) -> bool:
    return model is SearchText and connection.vendor == "postgresql"


def _copy(
    model: type[models.Model], columns: Sequence[Column], copies: int, homes: Sequence[int]
) -> None:
    names = ", ".join(f'"{column.name}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {names} FROM {model._meta.db_table}")
        rows = [_ready(row, columns) for row in cursor.fetchall()]
    _write(model._meta.db_table, names, len(columns), _shifted(rows, columns, copies, homes))
    if model is SearchText and connection.vendor == "sqlite":
        _teach(rows, columns, copies)


def _ready(row: Sequence[Any], columns: Sequence[Column]) -> list[Any]:
    """SQLite gives times as text; they are moved as times and written as text again."""
    return [
        datetime.fromisoformat(value) if column.moved and isinstance(value, str) else value
        for value, column in zip(row, columns, strict=True)
    ]


def _shifted(
    rows: list[list[Any]], columns: Sequence[Column], copies: int, homes: Sequence[int]
) -> Iterator[tuple[Any, ...]]:
    text = connection.vendor == "sqlite"
    counted = [(i, c.steps) for i, c in enumerate(columns) if c.steps]
    moved = [i for i, c in enumerate(columns) if c.moved]
    fresh = [i for i, c in enumerate(columns) if c.fresh]
    home = [i for i, c in enumerate(columns) if c.home]
    for copy in range(1, copies + 1):
        back = copy * SPREAD
        for n, row in enumerate(rows, start=copy * len(rows)):
            new = list(row)
            for i in home:
                new[i] = homes[n % len(homes)]
            for i, steps in counted:
                new[i] = row[i] and row[i] + copy * steps
            for i in moved:
                if row[i] is not None:
                    at = row[i] - back
                    new[i] = at.isoformat(" ") if text else at
            for i in fresh:
                new[i] = f"{row[i]}-{copy}"
            yield tuple(new)


def _write(table: str, names: str, width: int, rows: Iterable[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        statement = f"INSERT INTO {table} ({names}) VALUES ({', '.join(['%s'] * width)})"
        left = iter(rows)
        while chunk := list(islice(left, CHUNK)):
            cursor.executemany(statement, chunk)


def _teach(rows: list[list[Any]], columns: Sequence[Column], copies: int) -> None:
    """The full-text table of SQLite has no copy of its text, so it is told again."""
    steps = next(c.steps for c in columns if c.steps)
    names = [column.name for column in columns]
    key, body = names.index("case_id"), names.index("body")
    learnt = [(row[key], " ".join(grams(row[body]))) for row in rows]
    told = ((pk + copy * steps, words) for copy in range(1, copies + 1) for pk, words in learnt)
    _write("cases_searchgrams", "rowid, grams", 2, told)


# --- The database ---------------------------------------------------------------------------------


def _hasten(fast: bool) -> None:
    """Building need not survive a power cut; what is measured afterwards does."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA synchronous={'OFF' if fast else 'FULL'}")
            cursor.execute(f"PRAGMA cache_size={-400_000 if fast else -2_000}")
        else:
            cursor.execute(f"SET synchronous_commit={'off' if fast else 'on'}")


def _count_on(copied: Sequence[type[models.Model]]) -> None:
    """The next ids follow the copies: PostgreSQL does not notice by itself."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(copied)):
            cursor.execute(statement)


def _analyze() -> None:
    """As the database does by itself in the course of days."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")
        else:
            cursor.execute("ANALYZE")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
