"""The workbooks that we write: the sheet of rejected rows, and the template to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from shouwen.estate.importing.stage import BadRow, Problem, Stage
from shouwen.estate.workbooks import column_name

_ABOUT = ("原行号", "哪里不对", "怎么改")
_TEXT = "@"  # so that Excel neither turns 3-2 into a date nor eats the zero of 0571

TEMPLATE: tuple[tuple[str, str, str], ...] = (
    ("楼号*", "3幢", "楼栋的叫法：3、3幢、A座"),
    ("单元", "2", "没有单元的（商铺、别墅）留空"),
    ("房间*", "501", "房号，不带楼号和单元"),
    ("楼层", "5", ""),
    ("建筑面积", "89.50", "平方米，只填数字"),
    ("房屋类型", "住宅", "住宅、商铺、办公室、宿舍……"),
    ("房屋状态", "已入住", "未销售、已交房、装修中、已入住、空闲……"),
    ("交付日期", "2021-06-30", "写成 2021-06-30"),
    ("房屋备注", "", ""),
    ("业主名称", "李女士", "姓名或单位；同一间房有几个人就写几行，房屋一栏照抄"),
    ("手机号", "13900000421", "几个号码用顿号分开，说明写在括号里：13900000421（妻）"),
    ("关系", "业主", "业主、家属、租户、其他；不填就是业主"),
    ("客户编号", "", "有就填，以后改名字、换电话仍认得是同一人"),
    ("入住日期", "2021-07-15", ""),
    ("迁出日期", "", "搬走的人填这一栏；不填不会让任何人迁出"),
    ("关怀提示", "独居老人，敲门后稍候", "上门的人要知道的"),
    ("联系限制", "20:00 后不打电话", "什么时候、用什么方式不要联系"),
    ("客户备注", "", ""),
)


def write_template(target: Path | IO[bytes]) -> None:
    """Our own workbook: a sheet with the header to fill in, and one that explains each column."""
    book = xlsxwriter.Workbook(target, {"default_date_format": "yyyy-mm-dd"})
    title = book.add_format({"bold": True, "bg_color": "#E8EEF4", "num_format": _TEXT})
    text = book.add_format({"num_format": _TEXT})
    sheet = book.add_worksheet("房屋与客户")
    for at, (name, _, _) in enumerate(TEMPLATE):
        sheet.set_column(at, at, 14, text)
        sheet.write_string(0, at, name, title)
    sheet.freeze_panes(1, 0)
    notes = book.add_worksheet("填写说明")
    notes.set_column(0, 0, 14)
    notes.set_column(1, 1, 24)
    notes.set_column(2, 2, 60)
    notes.write_row(0, 0, ("这一栏", "例如", "怎么填"), title)
    for at, column in enumerate(TEMPLATE, 1):
        notes.write_row(at, 0, column)
    book.close()


def write_errors(stage: Stage, target: Path) -> int:
    """Every rejected row as it was, with what is wrong before it; returns how many.

    The header stays, so that the corrected sheet can be imported itself.
    """
    book = xlsxwriter.Workbook(target, {"constant_memory": True, "strings_to_formulas": False})
    formats = (
        book.add_format({"bold": True, "bg_color": "#E8EEF4"}),
        book.add_format({"num_format": _TEXT}),
        book.add_format({"num_format": _TEXT, "bg_color": "#FBE3E0"}),
    )
    sheets: dict[str, _ErrorSheet] = {}
    titles = stage.sheets()
    count = 0
    for bad in stage.bad_rows():
        if bad.sheet not in sheets:
            sheets[bad.sheet] = _ErrorSheet(
                book.add_worksheet(bad.sheet[:31]), titles[bad.sheet][1], formats
            )
        sheets[bad.sheet].add(bad)
        count += 1
    book.close()
    return count


class _ErrorSheet:
    """The rejected rows of one sheet of the workbook."""

    def __init__(
        self, sheet: Worksheet, titles: dict[int, str], formats: tuple[Format, Format, Format]
    ) -> None:
        self._sheet, self._titles = sheet, titles
        head, self._text, self._wrong = formats
        sheet.set_column(0, 0, 8)
        sheet.set_column(1, 2, 44)
        for at, name in enumerate(_ABOUT):
            sheet.write_string(0, at, name, head)
        for at, name in titles.items():
            sheet.write_string(0, at + len(_ABOUT), name, head)
        self._next = 1

    def add(self, bad: BadRow) -> None:
        wrong = {problem.column for problem in bad.problems}
        what = "；".join(self._named(problem) for problem in bad.problems)
        fix = "；".join(dict.fromkeys(problem.fix for problem in bad.problems))
        self._sheet.write_number(self._next, 0, bad.number)
        self._sheet.write_string(self._next, 1, what[:32_000], self._text)
        self._sheet.write_string(self._next, 2, fix[:32_000], self._text)
        for at in sorted({*bad.cells, *(at for at in wrong if at is not None)}):
            style = self._wrong if at in wrong else self._text
            place = (self._next, at + len(_ABOUT))
            if at in bad.cells:
                self._sheet.write_string(*place, bad.cells[at][:32_000], style)
            else:
                self._sheet.write_blank(*place, None, style)
        self._next += 1

    def _named(self, problem: Problem) -> str:
        """E 列手机号：电话里有数字以外的字"""
        if problem.column is None:
            return problem.what
        title = self._titles.get(problem.column, "")
        return f"{column_name(problem.column)} 列{title}：{problem.what}"
