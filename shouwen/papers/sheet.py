"""A sheet becomes a PDF: plain values go in, typst sets them, none is ever read as markup.

A sheet is a dataclass (`shouwen.papers.shapes`) that names its template in `sheets/`. How moments
and amounts are written on paper is said here, once.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import segno
import typst
from django.utils.timezone import localtime

from shouwen.papers.shapes import Sheet
from shouwen.rules.refused import Refused

FOLDER = Path(__file__).parent
FONTS = FOLDER / "fonts"
#: What templates may read: those of all floors, which share papers/sheets/frame.typ.
ROOT = FOLDER.parent
#: The family that the templates ask for; `frontend/build` lays its files into FONTS.
FAMILY = "Noto Sans SC"


def render(sheet: Sheet) -> bytes:
    """The PDF of a sheet, each of its copies on pages of its own."""
    if trouble := font_trouble():
        raise Refused("no-font", trouble)
    return typst.compile(
        ROOT / sheet.app / "sheets" / f"{sheet.template}.typ",
        root=ROOT,
        font_paths=_fonts(FONTS),
        sys_inputs={"data": _payload(sheet)},
    )


def picture(drawing: str, dots: int = 200) -> bytes:
    """A drawing (SVG) as a PNG, for what cannot show drawings."""
    return typst.compile(
        FOLDER / "sheets" / "picture.typ",
        root=ROOT,
        font_paths=_fonts(FONTS),
        sys_inputs={"drawing": drawing},
        format="png",
        ppi=dots,
    )


def font_trouble(folder: Path = FONTS) -> str:
    """What to do where the Chinese font is missing; nothing where all is well. Without it every
    character would be an empty box, so it is asked at the start and before each sheet."""
    if FAMILY in _fonts(folder).families():
        return ""
    return "缺少打印用的中文字体，单据暂时不能打印；请运行 make setup（frontend/build）后重新启动。"


@cache
def _fonts(folder: Path) -> typst.Fonts:
    """Read once for the process; those of the system are left out, so that a sheet looks the same
    everywhere."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
    )


def _payload(sheet: Sheet) -> str:
    copies = [
        {"name": name, "code": code(address_of_copy(sheet.head.address, number))}
        for number, name in enumerate(sheet.head.copies, start=1)
    ]
    return json.dumps({**asdict(sheet), "copies": copies}, ensure_ascii=False, default=_written)


def address_of_copy(address: str, number: int) -> str:
    return f"{address}?copy={number}"


def code(text: str) -> str:
    """A QR code as SVG, with its quiet border: a photo of a creased sheet still reads."""
    drawn = BytesIO()
    segno.make(text, error="m", micro=False).save(drawn, kind="svg", border=2, xmldecl=False)
    return drawn.getvalue().decode()


def _written(value: Any) -> str:
    """How a value that JSON does not know stands on paper."""
    match value:
        case datetime():
            return f"{localtime(value):%Y-%m-%d %H:%M}"
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value:,.2f}"
        case _:
            return str(value)  # translated words
