"""Cases by the hundred thousand: a few hundred real ones, made by the actions, and their rows
copied with other ids, numbers and times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
#: So many of the newest cases hold open ones, as the whole of the small size does.
FRESH = 1_000
COPIED: tuple[type[models.Model], ...] = (
    Contact, Case, JournalEntry, Commitment, CasePart, SearchText,
)  # fmt: skip
CHUNK = 20_000


def build(cast: Cast, wanted: int, now: datetime) -> None:
    """About `wanted` cases in 翠湖花园, all indexed; one has the rare words.

    What lies further back than `FRESH` cases is closed: a file grows, the work at hand does not.
    """
    homes = _homes(cast)
    _real_ones(cast, homes, min(REAL, wanted - 1), now - timedelta(days=2))
    while index_pending(at=now):
        pass
    hasten(True)
    _multiply(wanted - 1, [home.pk for home in homes])
    hasten(False)
    _life(cast, homes[-1], RARE, RARE_PHONE, now - timedelta(hours=1), closed=False)
    index_pending(at=now)
    analyze()


def _multiply(wanted: int, homes: Sequence[int]) -> None:
    originals = [_original(model) for model in COPIED]
    made = Case.objects.count()
    fresh = round(min(wanted, FRESH) / made)
    unfinished = set(Case.objects.filter(closed_at=None).values_list("pk", "contact_id"))
    closed = [original.without(unfinished) for original in originals]
    old = max(0, wanted - fresh * made) // (made - len(unfinished))
    for original, finished in zip(originals, closed, strict=True):
        with transaction.atomic():
            original.copy(range(1, fresh), homes)
            finished.copy(range(fresh, fresh + old), homes)
    _count_on(COPIED)


def open_up(wanted: int) -> int:
    """So many running promises, as further ones of the cases that are open. How many there are."""
    running = Commitment.objects.filter(outcome="")
    there = running.count()
    more = _original(Commitment, {"key": "fresh"}).only(set(running.values_list("pk", flat=True)))
    hasten(True)
    with transaction.atomic():
        more.copy(range(1, max(1, round(wanted / there))), ())
    _count_on([Commitment])
    hasten(False)
    analyze()
    return running.count()


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
    # The return visits were made: their promises outlive the closing.
    left = Commitment.objects.filter(outcome="").exclude(case__closed_at=None)
    left.update(outcome="met", ended_at=first + timedelta(days=1), next_ring_at=None)


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
    """What becomes of a column in a copy: an id is counted on, a time lies further back, a number
    gets an ending, a home is another."""

    name: str
    change: str = ""
    steps: int = 0

    def copied(self, value: Any, turn: int, n: int, homes: Sequence[int]) -> Any:
        if not self.change or value is None:
            return value
        if self.change == "counted":
            return value + turn * self.steps
        if self.change == "moved":
            return _moved(value, turn * SPREAD)
        return f"{value}-{turn}" if self.change == "fresh" else homes[n % len(homes)]


def _moved(value: Any, back: timedelta) -> Any:
    """SQLite gives times as text and wants them back as text."""
    if isinstance(value, str):
        return (datetime.fromisoformat(value) - back).isoformat(" ")
    return value - back


@dataclass(frozen=True)
class Original:
    """The real rows of a table, and how each column of a copy comes about."""

    model: type[models.Model]
    columns: Sequence[Column]
    rows: list[list[Any]]

    def without(self, cases: set[tuple[int, int]]) -> Original:
        """Leaves out what belongs to these cases, given with their contacts."""
        names = [column.name for column in self.columns]
        key = names.index("case_id" if "case_id" in names else "id")
        left_out = {pair[self.model is Contact] for pair in cases}
        return replace(self, rows=[row for row in self.rows if row[key] not in left_out])

    def only(self, ids: set[int]) -> Original:
        return replace(self, rows=[row for row in self.rows if row[0] in ids])

    def copy(self, turns: range, homes: Sequence[int]) -> None:
        names = ", ".join(f'"{column.name}"' for column in self.columns)
        table = self.model._meta.db_table
        write(table, names, len(self.columns), self._copies(turns, homes))
        if self.model is SearchText and connection.vendor == "sqlite":
            _teach(self, turns)

    def _copies(self, turns: range, homes: Sequence[int]) -> Iterator[tuple[Any, ...]]:
        for turn in turns:
            for n, row in enumerate(self.rows, start=turn * len(self.rows)):
                pairs = zip(self.columns, row, strict=True)
                yield tuple(column.copied(value, turn, n, homes) for column, value in pairs)


def _original(model: type[models.Model], special: Mapping[str, str] | None = None) -> Original:
    """With `special` nothing but the id and these columns differs in a copy."""
    fields = [_column(model, field) for field in model._meta.concrete_fields]
    if special is not None:
        pk, rest = fields[0], fields[1:]
        fields = [pk, *(Column(c.name, special.get(c.name, "")) for c in rest)]
    if model is SearchText and connection.vendor == "postgresql":
        fields.append(Column("grams"))
    names = ", ".join(f'"{column.name}"' for column in fields)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {names} FROM {model._meta.db_table}")
        return Original(model, fields, [list(row) for row in cursor.fetchall()])


def _column(model: type[models.Model], field: Any) -> Column:
    target = field.related_model if field.is_relation else model if field.primary_key else None
    if target in COPIED:
        return Column(str(field.column), "counted", _last(target))
    if isinstance(field, models.DateTimeField):
        return Column(str(field.column), "moved")
    special = {"number": "fresh", "unit": "home"}
    return Column(str(field.column), special.get(field.name, ""))


def _last(model: Any) -> int:
    found: int = model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return found


def write(table: str, names: str, width: int, rows: Iterable[tuple[Any, ...]]) -> None:
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


def _teach(texts: Original, turns: range) -> None:
    """The full-text table of SQLite has no copy of its text, so it is told again."""
    names = [column.name for column in texts.columns]
    key, body = names.index("case_id"), names.index("body")
    steps = texts.columns[key].steps
    learnt = [(row[key], " ".join(grams(row[body]))) for row in texts.rows]
    told = ((pk + turn * steps, words) for turn in turns for pk, words in learnt)
    write("cases_searchgrams", "rowid, grams", 2, told)


# --- The database ---------------------------------------------------------------------------------


def hasten(fast: bool) -> None:
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


def analyze() -> None:
    """As the database does by itself in the course of days."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")
        else:
            cursor.execute("ANALYZE")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
