"""Reading a CSV file that somebody else wrote."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from shouwen.rules.refused import Refused

ENCODINGS = ("utf-8-sig", "gb18030", "utf-16")
#: One cell may hold so many characters; more is no message but a broken quotation mark.
CELL_LIMIT = 1_000_000
#: What a row holds beyond its headings: mostly a comma in a text without quotation marks.
EXTRA = "（多出的格）"


def encoding_of(path: Path) -> str:
    """The first encoding in which the whole file can be read. A workbook or picture is refused."""
    head = path.read_bytes()[:4]
    if head[:2] in (b"PK", b"\xff\xd8", b"\x89P", b"%P"):
        raise Refused("not-a-csv", "这不是 CSV 文件；表格请先“另存为 CSV UTF-8”。", field="file")
    marked = head[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ENCODINGS[2:] if marked else ENCODINGS[:2]:
        if _readable(path, encoding):
            return encoding
    raise Refused("unreadable", "文件的编码认不出来，请另存为 CSV UTF-8 再导入。", field="file")


def _readable(path: Path, encoding: str) -> bool:
    try:
        with path.open(encoding=encoding) as file:
            while file.read(1 << 20):
                pass
    except UnicodeDecodeError:
        return False
    return True


def rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """(row number, cells by heading); the first data row is 2, as a spreadsheet shows it.

    A row with fewer cells than headings has empty ones; what it has more stands under EXTRA.
    """
    csv.field_size_limit(CELL_LIMIT)
    with path.open(encoding=encoding_of(path), newline="") as file:
        sample = file.read(4096)
        file.seek(0)
        lines = (line.replace("\x00", "") for line in file)
        read = _whole(csv.reader(lines, delimiter=_delimiter(sample), strict=True))
        headings = [heading.strip() for heading in next(read, [])]
        if not any(headings):
            raise Refused("empty-file", "文件里没有表头，也没有内容。", field="file")
        for number, cells in enumerate(read, start=2):
            if any(cell.strip() for cell in cells):
                yield number, _by_heading(headings, cells)


def _by_heading(headings: list[str], cells: list[str]) -> dict[str, str]:
    named = dict(zip(headings, [*cells, *[""] * len(headings)], strict=False))
    extra = "，".join(cell for cell in cells[len(headings) :] if cell.strip())
    return {**named, EXTRA: extra} if extra else named


def _whole(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    """The rows; what cannot be cut into cells for certain is refused, all of the file: a quotation
    mark without its partner would swallow the rows behind it."""
    try:
        yield from reader
    except csv.Error as error:
        raise Refused(
            "broken-csv", f"文件在中间断开了，引号可能不成对：{error}", field="file"
        ) from error


def _delimiter(sample: str) -> str:
    first = sample.splitlines()[0] if sample else ""
    return max(",;\t", key=first.count)
