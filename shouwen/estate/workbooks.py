"""Opening a workbook of any length in little memory, and refusing what is not one.

Sheets are parsed as they are unpacked, row by row; the table of texts is kept in a temporary file.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from xml.parsers import expat

from shouwen.estate.workbook_cells import (
    CHUNK,
    Day,
    Fault,
    Formula,
    Merged,
    MergedArea,
    Row,
    SheetReader,
    Texts,
    broken,
    column_index,
    column_name,
    local_name,
    safe_parser,
)
from shouwen.rules.refused import Refused

ENTRIES_AT_MOST = 2_000
UNPACKED_AT_MOST = 1024 * 1024 * 1024

_OLD_FORMAT = b"\xd0\xcf\x11\xe0"
_DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_NOT_A_DATE = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')

Handler = Callable[[dict[str, str]], None]


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    part: str


class Workbook:
    """An .xlsx file, open for reading. Use it in a `with`."""

    def __init__(self, path: Path) -> None:
        self._zip = _unzip(path)
        self._texts = Texts()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._texts.close()
        self._zip.close()

    @cached_property
    def sheets(self) -> list[Sheet]:
        """The worksheets in their order. Charts and macros are none."""
        targets: dict[str, str] = {}
        found: list[tuple[str, str]] = []
        self._scan(
            "xl/_rels/workbook.xml.rels",
            {"Relationship": lambda a: targets.update({a["Id"]: _part(a)})},
        )
        self._scan("xl/workbook.xml", {"sheet": lambda a: found.append((a["name"], _relation(a)))})
        names = set(self._zip.namelist())
        return [Sheet(name, targets[rel]) for name, rel in found if targets.get(rel) in names]

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        """Rows that hold something. A cell merged downwards stands in each of its rows."""
        self._load_texts()
        merged = self._merged(sheet)
        reader = SheetReader(self._texts, self._date_styles, self._first_day)
        with self._reading(sheet.part) as stream:
            for row in reader.rows(stream):
                yield merged.fill(row)

    def length(self, sheet: Sheet) -> int:
        """About how many rows, as the sheet itself says; 0 when it does not."""
        with self._reading(sheet.part) as stream:
            found = re.search(rb'dimension ref="[A-Z]+\d+:[A-Z]+(\d+)"', stream.read(4096))
        return int(found[1]) if found else 0

    @cached_property
    def _date_styles(self) -> set[int]:
        """Which styles show a number as a date."""
        custom: set[int] = set()
        styles: list[int] = []
        inside = False

        def formats(attributes: dict[str, str]) -> None:
            code = _NOT_A_DATE.sub("", attributes.get("formatCode", "")).lower()
            if re.search("[ymd年月日]", code):
                custom.add(int(attributes["numFmtId"]))

        def begin(attributes: dict[str, str]) -> None:
            nonlocal inside
            inside = True

        def end() -> None:
            nonlocal inside
            inside = False

        def style(attributes: dict[str, str]) -> None:
            if inside:
                styles.append(int(attributes.get("numFmtId", "0")))

        if "xl/styles.xml" in self._zip.namelist():
            handlers = {"numFmt": formats, "cellXfs": begin, "xf": style}
            self._scan("xl/styles.xml", handlers, {"cellXfs": end})
        return {at for at, code in enumerate(styles) if code in _DATE_FORMATS | custom}

    @cached_property
    def _first_day(self) -> date:
        """Day 0 of the serial numbers: workbooks from old Macs count from 1904."""
        old: list[bool] = []
        self._scan(
            "xl/workbook.xml",
            {"workbookPr": lambda a: old.append(a.get("date1904", "0") in ("1", "true"))},
        )
        return date(1904, 1, 1) if any(old) else date(1899, 12, 30)

    def _load_texts(self) -> None:
        if not self._texts.loaded and "xl/sharedStrings.xml" in self._zip.namelist():
            with self._reading("xl/sharedStrings.xml") as stream:
                self._texts.load(stream)

    def _merged(self, sheet: Sheet) -> Merged:
        """The areas merged downwards. They stand behind the rows, hence this pass."""
        tail = b""
        with self._reading(sheet.part) as stream:
            while chunk := stream.read(CHUNK):
                tail = tail + chunk if b"mergeCells" in tail else tail[-20:] + chunk
        return Merged(
            [
                MergedArea(column_index(left.decode()), int(top), int(bottom))
                for left, top, _, bottom in _MERGED.findall(tail)
                if int(bottom) > int(top)
            ]
        )

    def _scan(
        self,
        part: str,
        starts: Mapping[str, Handler],
        ends: dict[str, Callable[[], None]] | None = None,
    ) -> None:
        """Hand each element of a small part to its handler."""
        parser = safe_parser()

        def start(name: str, attributes: dict[str, str]) -> None:
            handler = starts.get(local_name(name))
            if handler:
                handler(attributes)

        def end(name: str) -> None:
            handler = (ends or {}).get(local_name(name))
            if handler:
                handler()

        parser.StartElementHandler, parser.EndElementHandler = start, end
        with self._reading(part) as stream:
            parser.ParseFile(stream)

    @contextmanager
    def _reading(self, part: str) -> Iterator[IO[bytes]]:
        """A part of the package; what is broken in it is the file's fault and said so."""
        try:
            with self._zip.open(part) as stream:
                yield stream
        except (
            KeyError,
            ValueError,
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            expat.ExpatError,
        ) as error:
            raise broken() from error


def _unzip(path: Path) -> zipfile.ZipFile:
    """Open the package after looking at its size: nothing is unpacked before."""
    with path.open("rb") as file:
        if file.read(4) == _OLD_FORMAT:
            raise Refused(
                "old-workbook", "这是旧版 .xls 或加了密码的文件。请去掉密码，另存为 .xlsx 再导入。"
            )
    if not zipfile.is_zipfile(path):
        raise Refused(
            "not-a-workbook",
            "这不是 Excel 工作簿（.xlsx），只是名字像。请用 Excel 另存为 .xlsx 再导入。",
        )
    try:
        package = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError) as error:
        raise broken() from error
    entries = package.infolist()
    if len(entries) > ENTRIES_AT_MOST or sum(e.file_size for e in entries) > UNPACKED_AT_MOST:
        package.close()
        raise Refused(
            "workbook-too-big", "这个文件展开后太大，没有打开。请按楼栋分成几个文件导入。"
        )
    if "xl/workbook.xml" not in package.namelist():
        package.close()
        raise Refused(
            "not-a-workbook",
            "这个文件里没有工作表，不是 .xlsx 工作簿。请用 Excel 另存为 .xlsx 再导入。",
        )
    return package


def _part(attributes: dict[str, str]) -> str:
    target = attributes["Target"]
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _relation(attributes: dict[str, str]) -> str:
    return next((value for name, value in attributes.items() if name.endswith(":id")), "")


__all__ = ["Day", "Fault", "Formula", "Row", "Sheet", "Workbook", "column_name"]
