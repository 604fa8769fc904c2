"""The first pass: from a workbook to a stage, each row understood or rejected with its reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TypeVar

from shouwen.estate.address import Reference, candidates, key, value, written
from shouwen.estate.importing import values
from shouwen.estate.importing.layout import HEADER_WITHIN, Layout, recognise
from shouwen.estate.importing.stage import PERSON_FIELDS, UNIT_FIELDS, Problem, Stage
from shouwen.estate.importing.values import PhoneEntry, Wrong
from shouwen.estate.workbooks import Row, Workbook
from shouwen.rules.refused import Refused

Progress = Callable[[int, int], None]
"""Told so many rows of about so many."""
EVERY = 2_000

T = TypeVar("T")
normal = lru_cache(maxsize=20_000)(value)


@dataclass(frozen=True)
class Found:
    """What a workbook turned out to hold: rows read, and sheets about something else."""

    rows: int
    skipped: tuple[str, ...]


def check(source: Path, stage: Stage, progress: Progress) -> Found:
    """Read every row of every sheet of ours into the stage. Refuses what is no such workbook."""
    with Workbook(source) as book:
        layouts = {
            sheet: recognise(islice(book.rows(sheet), HEADER_WITHIN)) for sheet in book.sheets
        }
        ours = {sheet: layout for sheet, layout in layouts.items() if layout and layout.ours}
        others = {
            sheet.name: layout.kind
            for sheet, layout in layouts.items()
            if layout and not layout.ours
        }
        if not ours:
            raise _wrong_kind(others)
        about = sum(book.length(sheet) for sheet in ours)
        reader = _Reader(stage, any(layout.kind == "buildings" for layout in ours.values()))
        for sheet, layout in ours.items():
            stage.add_sheet(sheet.name, layout.kind, layout.titles, layout.columns)
            for row in book.rows(sheet):
                taken = row.number > layout.header and reader.take(sheet.name, layout, row)
                if taken and reader.rows % EVERY == 0:
                    progress(reader.rows, max(about, reader.rows))
    if not reader.rows:
        raise Refused("empty-workbook", "认出了表头，但表头下面没有一行数据。请填好后再导入。")
    progress(reader.rows, reader.rows)
    return Found(reader.rows, tuple(f"{name}（{kind}）" for name, kind in others.items()))


def _wrong_kind(others: Mapping[str, str]) -> Refused:
    if others:
        kinds = "、".join(dict.fromkeys(others.values()))
        return Refused(
            "wrong-workbook",
            f"这是{kinds}的工作簿，不是房屋与客户的，没有导入。房屋与客户请用导入页上的模板。",
        )
    return Refused(
        "no-header",
        "没有找到房屋或客户的表头。表头里要有“楼号、单元、房间”或“房屋”，可以下载导入页上的模板对照。",
    )


@dataclass
class _Line:
    """A row being read: its cells by field, and what is wrong so far."""

    cells: Mapping[int, str]
    columns: Mapping[str, int]
    problems: list[Problem] = field(default_factory=list)

    def has(self, name: str) -> bool:
        return name in self.columns and bool(self.cells.get(self.columns[name]))

    def get(self, name: str, reader: Callable[[str], T], otherwise: T) -> T:
        """The field as its reader understands it; when it does not, that is noted."""
        at = self.columns.get(name)
        if at is None:
            return otherwise
        try:
            return reader(self.cells.get(at, ""))
        except Wrong as wrong:
            self.problems.append(Problem(at, wrong.what, wrong.fix))
            return otherwise

    def text(self, name: str, most: int) -> str:
        return self.get(name, lambda text: values.plain(text, most), "")

    def place(self, name: str, most: int) -> str:
        return self.get(name, lambda text: values.name_of_place(text, most), "")

    def wrong(self, name: str, what: str, fix: str) -> None:
        self.problems.append(Problem(self.columns.get(name), what, fix))


@dataclass(frozen=True)
class _Person:
    name: str
    code: str
    kind: str
    care: str
    restriction: str
    note: str
    phones: tuple[PhoneEntry, ...]

    def key(self, unit: str) -> str:
        """Who is the same: by code and name, by number and name, else by home and name."""
        if self.code:
            return f"c{self.code}|{self.name}"
        return f"p{self.phones[0].number}|{self.name}" if self.phones else f"u{unit}|{self.name}"


@dataclass
class _Reader:
    """Takes rows into the stage. `listed`: the workbook has a list of its buildings."""

    stage: Stage
    listed: bool
    rows: int = 0

    def take(self, sheet: str, layout: Layout, row: Row) -> bool:
        """Read one row; False when nothing stands under the header (blank, or notes beside it)."""
        line = _Line(row.cells, layout.columns)
        if not any(line.has(name) for name in layout.columns):
            return False
        self.rows += 1
        written_here = {at: row.cells[at] for at in layout.titles if at in row.cells}
        self.stage.add_row(self.rows, sheet, row.number, written_here)
        taking = {"rooms": self._room, "people": self._owner, "buildings": self._building}
        taking[layout.kind](line)
        if line.problems:
            self.stage.reject(self.rows, line.problems)
        return True

    # --- the three kinds of row -------------------------------------------------------------------

    def _building(self, line: _Line) -> None:
        name = line.place("house", 40)
        line.place("entrance", 20)
        if not name and not line.problems:
            line.wrong("house", "没有楼号", "填楼号，如 3 或 3幢")
        if not line.problems:
            self._add_building(name, listed=True)
            self.stage.do("UPDATE rows SET building = ? WHERE id = ?", (normal(name), self.rows))

    def _room(self, line: _Line) -> None:
        place = _place(line)
        unit = self._unit_of(line)
        people = _people(line)
        since, until = _dates(line)
        relation = line.get("relation", values.relation, "owner")
        if line.problems:
            return
        code = key(place)
        # A number without a name points into the list of owners on another sheet.
        number = line.text("code", 40) if not people else ""
        if self._add_unit(line, place, code, unit) and not people and not number:
            self._duplicate(line, "units", "key", code)
        if number:
            self._ask(line, number, code, since, until)
        for person in people:
            self._add_tie(line, code, self._add_person(line, person, code), relation, since, until)

    def _owner(self, line: _Line) -> None:
        people = _people(line)
        since, until = _dates(line)
        relation = line.get("relation", values.relation, "owner")
        number = line.text("code", 40)
        if not people and not line.problems:
            line.wrong("name", "没有姓名", "填姓名或单位名称")
        if line.problems:
            return
        for person in people:
            self._add_owner(line, person, number, relation, since, until)

    def _add_owner(
        self, line: _Line, person: _Person, number: str, relation: str, since: str, until: str
    ) -> None:
        """An owner has a number of his own; family and tenants carry that of their owner."""
        if number and relation == "owner":
            taken = self.stage.one(
                "SELECT r.number FROM numbers n JOIN rows r ON r.id = n.row WHERE n.number = ?",
                (number,),
            )
            if taken:
                line.wrong(
                    "code", f"业主编号 {number} 与第 {taken[0]} 行重复", "每个业主用不同的编号"
                )
                return
        whose = self._add_person(line, person, f"#{number}")
        if number and relation == "owner":
            self.stage.do("INSERT INTO numbers VALUES (?,?,?)", (number, whose, self.rows))
        elif number:
            self.stage.do(
                "INSERT INTO belongs VALUES (?,?,?,?,?,?)",
                (number, whose, relation, self.rows, since, until),
            )

    # --- into the stage ---------------------------------------------------------------------------

    def _unit_of(self, line: _Line) -> tuple[str, ...]:
        use, state = line.text("use", 20), line.text("state", 20)
        return (
            line.text("floor", 10),
            line.get("area", values.area, ""),
            values.USES.get(use, use),
            values.STATES.get(state, state),
            line.get("handed_over_on", values.day, ""),
            line.text("unit_note", 300),
        )

    def _add_building(self, name: str, *, listed: bool) -> None:
        shown = f"{name}幢" if name.isdigit() else name
        self.stage.do(
            "INSERT INTO buildings (key, row, name, listed) VALUES (?,?,?,?)"
            " ON CONFLICT DO NOTHING",
            (normal(name), self.rows, shown, listed or not self.listed),
        )

    def _add_unit(self, line: _Line, place: Reference, code: str, unit: tuple[str, ...]) -> bool:
        """Whether the unit had been staged before, by another row."""
        self._add_building(place.house, listed=False)
        fixed = (
            code,
            self.rows,
            normal(place.house),
            normal(place.entrance),
            normal(place.room),
            written(place),
        )
        self.stage.do("UPDATE rows SET unit = ? WHERE id = ?", (code, self.rows))
        added = self.stage.do(
            "INSERT INTO units (key, row, building, entrance, room, label,"
            " floor, area, use, state, handed_over_on, note)"
            " VALUES (?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING",
            (*fixed, *unit),
        )
        if not added:
            self._complete(line, "units", code, dict(zip(UNIT_FIELDS, unit, strict=True)))
        return not added

    def _add_person(self, line: _Line, person: _Person, unit: str) -> str:
        whose = person.key(unit)
        fields = {name: getattr(person, name) for name in PERSON_FIELDS}
        added = self.stage.do(
            f"INSERT INTO people (key, row, name, {', '.join(PERSON_FIELDS)})"  # noqa: S608 - our own words
            " VALUES (?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING",
            (whose, self.rows, person.name, *fields.values()),
        )
        if not added:
            self._complete(line, "people", whose, fields)
        self.stage.do("UPDATE rows SET person = ? WHERE id = ?", (whose, self.rows))
        self.stage.many(
            "INSERT INTO phones VALUES (?,?,?) ON CONFLICT DO NOTHING",
            [(whose, phone.number, phone.label) for phone in person.phones],
        )
        return whose

    def _complete(self, line: _Line, table: str, code: str, fields: Mapping[str, str]) -> None:
        """A second row about the same adds what the first left open, and may not contradict it."""
        names = ", ".join(f"t.{name}" for name in fields)
        found = self.stage.one(
            f"SELECT r.number, {names} FROM {table} t JOIN rows r ON r.id = t.row WHERE t.key = ?",  # noqa: S608 - our own words
            (code,),
        )
        number, *before = found or (0,)
        for (name, text), had in zip(fields.items(), before, strict=True):
            if text and had and text != had:
                column = (
                    {"units": "unit_note", "people": "customer_note"}[table]
                    if name == "note"
                    else name
                )
                line.wrong(
                    column,
                    f"与第 {number} 行写的“{had}”不一致",
                    "同一房屋或同一客户的内容要写得一样",
                )
            elif text and not had:
                self.stage.do(f"UPDATE {table} SET {name} = ? WHERE key = ?", (text, code))  # noqa: S608 - our own words

    def _add_tie(
        self, line: _Line, unit: str, person: str, relation: str, since: str, until: str
    ) -> None:
        tie = (unit, person, relation)
        added = self.stage.do(
            "INSERT INTO ties (unit, person, relation, row, since, until) VALUES (?,?,?,?,?,?)"
            " ON CONFLICT DO NOTHING",
            (*tie, self.rows, since, until),
        )
        if not added:
            first = self.stage.one(
                "SELECT r.number FROM ties t JOIN rows r ON r.id = t.row"
                " WHERE t.unit = ? AND t.person = ? AND t.relation = ?",
                tie,
            )
            line.wrong("name", f"与第 {first[0] if first else 0} 行重复", "删去其中一行")

    def _ask(self, line: _Line, number: str, unit: str, since: str, until: str) -> None:
        if number == "0":
            return
        again = self.stage.one(
            "SELECT r.number FROM asked a JOIN rows r ON r.id = a.row"
            " WHERE a.unit = ? AND a.number = ?",
            (unit, number),
        )
        if again:
            line.wrong("room", f"与第 {again[0]} 行重复", "删去其中一行")
        else:
            self.stage.do(
                "INSERT INTO asked VALUES (?,?,?,?,?)", (number, unit, self.rows, since, until)
            )

    def _duplicate(self, line: _Line, table: str, column: str, code: str) -> None:
        found = self.stage.one(
            f"SELECT r.number FROM {table} t JOIN rows r ON r.id = t.row WHERE t.{column} = ?",  # noqa: S608 - our own words
            (code,),
        )
        line.wrong("room", f"与第 {found[0] if found else 0} 行是同一间房", "删去其中一行")


def _place(line: _Line) -> Reference:
    """House, entrance and room from their columns, or from one column as people write it."""
    house, entrance, room = (
        line.place("house", 40),
        line.place("entrance", 20),
        line.place("room", 80),
    )
    address = line.place("address", 80)
    if line.problems:
        return Reference()
    if not house and (address or room):
        return _read(line, address or room, "address" if address else "room")
    if not room and address:
        room = candidates(address)[0].room
    if not house or not room:
        missing = "room" if house else "house"
        word = "房间" if house else "楼号"
        line.wrong(missing, f"没有{word}", f"填{word}")
    elif len(normal(room)) > 20:
        line.wrong("room", "房号太长，最多 20 个字", "只写房号，如 501")
    # 0 is what a shop without entrance is given in some templates.
    return Reference(house, "" if normal(entrance or "0") == "0" else entrance, room)


def _read(line: _Line, text: str, name: str) -> Reference:
    for reading in candidates(text):
        if reading.house and reading.room:
            return Reference(reading.house, reading.entrance, reading.room)
    if "house" in line.columns:
        line.wrong("house", "没有楼号", "填楼号，如 3 或 3幢")
    else:
        line.wrong(name, "看不出是哪一幢哪一室", "写成 3幢2单元501室，或分开填楼号、单元、房间")
    return Reference()


def _dates(line: _Line) -> tuple[str, str]:
    since, until = line.get("since", values.day, ""), line.get("until", values.day, "")
    if since and until and until < since:
        line.wrong("until", f"迁出日期早于入住日期 {since}", "核对两个日期")
    return since, until


def _people(line: _Line) -> list[_Person]:
    """Whoever the row names. Several with as many numbers have one each; else the first has all."""
    names: list[str] = line.get("name", values.names, [])
    numbers: list[PhoneEntry] = line.get("phone", values.phones, [])
    if numbers and not names and not line.problems:
        line.wrong("name", "有电话，没有姓名", "填姓名，或清空电话")
    one_each = len(names) == len(numbers)
    code, kind = _own_code(line), line.text("kind", 10)
    care, restriction = line.text("care", 200), line.text("restriction", 200)
    note = line.text("customer_note", 300)
    return [
        _Person(
            name=name,
            code=code if at == 0 else "",
            kind=values.kind(kind, name),
            care=care,
            restriction=restriction,
            note=note,
            phones=tuple(numbers[at : at + 1] if one_each else numbers if at == 0 else ()),
        )
        for at, name in enumerate(names)
    ]


def _own_code(line: _Line) -> str:
    """On a list of people, the code of whoever is no owner is that of the owner they belong to."""
    belongs = line.get("relation", values.relation, "owner") != "owner"
    on_a_list = not (line.has("room") or line.has("address"))
    return "" if belongs and on_a_list else line.text("code", 40)
