"""Exports: complete, the same as the screen, harmless to open, and without whole phone numbers."""

import csv
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localtime
from hypothesis import example, given
from hypothesis import strategies as st

from shouwen.accounts.models import Staff
from shouwen.accounts.scope import Scope
from shouwen.cases.actions import linking
from shouwen.cases.export import CASES, as_csv, as_workbook, neutral, original
from shouwen.cases.models import Case
from shouwen.cases.search import index_pending
from tests.cases.conftest import MORNING
from tests.cases.many import cases_like, promises_of
from tests.cast import Cast
from tests.moments import SHANGHAI, SetClock, moment

SignIn = Callable[[Client, Staff], Client]
NOON = moment("2026-11-19 12:00", "周四")
EVIL = ["=1+1", "+86", "-1", "@SUM(A1)", "\tx", "＝1+1", "＋1", "－1", "＠x", "'quoted", "plain"]


@pytest.fixture
def fetch(cast: Cast, sign_in: SignIn, clock: SetClock) -> Callable[..., bytes]:
    """`fetch("list", "csv", "of=project")`: the file, as 周敏 gets it at noon."""
    clock("2026-11-19 12:00", "周四")

    def get(page: str, kind: str, query: str = "of=project", who: Staff | None = None) -> bytes:
        client = sign_in(Client(), who or cast.zhoumin)
        answer: Any = client.get(f"{reverse('cases:export', args=[page, kind])}?{query}")
        assert answer.status_code == 200
        return b"".join(answer.streaming_content)

    return get


def records(file: bytes) -> list[dict[str, str]]:
    """The rows of a CSV file, as Excel reads them."""
    return list(csv.DictReader(StringIO(file.decode("utf-8-sig"))))


def sheet(file: bytes) -> Any:
    return openpyxl.load_workbook(BytesIO(file)).active


def walked(client: Client, page: str, query: str) -> Iterator[str]:
    """The numbers on every page of a list."""
    following = f"?{query}"
    while following:
        about = client.get(reverse(f"cases:{page}") + following).context
        yield from (row.case.number for row in about["rows"])
        following = about["pager"].older


# --- complete, and the same as the screen ---------------------------------------------------------


@pytest.mark.peers("T17")
def test_fifty_thousand_cases_are_exported_and_the_screen_says_the_same_number(
    cast: Cast, fetch: Callable[..., bytes], sign_in: SignIn
) -> None:
    cases_like(cast, ["灯不亮"] * 50_000)
    promises_of(list(Case.objects.select_related("project", "company", "group", "owner")[:100]))
    rows = records(fetch("list", "csv"))
    assert len(rows) == 50_000
    assert [row["编号"] for row in rows] == [f"T-{n:06}" for n in range(49_999, -1, -1)]
    client = sign_in(Client(), cast.zhoumin)
    assert (
        "共 50000 件"
        in client.get(reverse("cases:list") + "?of=project&count=all").content.decode()
    )
    assert "共 999+ 件" in client.get(reverse("cases:list") + "?of=project").content.decode()


@pytest.mark.peers("T17")
def test_memory_stays_flat_however_many_rows_are_written() -> None:
    def rows(count: int) -> Iterator[list[Any]]:
        return ([f"第{n}行" * 5, n, NOON, ""] * 5 for n in range(count))

    def peak(write: Callable[[int], None], count: int) -> int:
        tracemalloc.start()
        write(count)
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    def text(count: int) -> None:
        for _piece in as_csv(rows(count), CASES):
            pass

    def workbook(count: int) -> None:
        as_workbook(rows(count), CASES, "清单").close()

    for write in (text, workbook):
        write(10)
        assert peak(write, 6_000) < 1.5 * peak(write, 2_000) + 300_000


@pytest.mark.parametrize(
    "query", ["of=project", "of=mine", "of=project&kind=complaint", "of=project&late=on"]
)
def test_the_file_holds_what_the_list_shows_in_its_order(
    cast: Cast, fetch: Callable[..., bytes], sign_in: SignIn, query: str
) -> None:
    _mixed(cast)
    on_screen = list(walked(sign_in(Client(), cast.zhoumin), "list", query))
    assert [row["编号"] for row in records(fetch("list", "csv", query))] == on_screen
    book = sheet(fetch("list", "xlsx", query))
    assert [row[0].value for row in book.iter_rows(min_row=2)] == on_screen


@pytest.mark.parametrize(
    "query", ["of=project", "of=project&due=late", "of=project&due=month", "of=mine"]
)
def test_the_file_holds_what_the_board_shows_in_its_order(
    cast: Cast, fetch: Callable[..., bytes], sign_in: SignIn, query: str
) -> None:
    _mixed(cast)
    on_screen = list(walked(sign_in(Client(), cast.zhoumin), "board", query))
    assert [row["编号"] for row in records(fetch("board", "csv", query))] == on_screen


def _mixed(cast: Cast) -> None:
    cases = cases_like(cast, [f"第{n}件" for n in range(60)], kind="repair")
    cases += cases_like(cast, [f"投诉{n}" for n in range(60)], kind="complaint", owner=cast.zhoumin)
    for n, case in enumerate(cases):
        at = NOON + timedelta(minutes=7 * (n % 40 - 20))
        promises_of([case], due_at=None if n % 11 == 0 else at, paused=n % 11 == 0)


def test_the_result_of_a_search_is_exported_too(cast: Cast, fetch: Callable[..., bytes]) -> None:
    cases_like(cast, ["漏水", "灯不亮", "又漏水"])
    index_pending(at=MORNING)
    assert [row["内容"] for row in records(fetch("search", "csv", "q=漏水"))] == ["又漏水", "漏水"]


# --- what it says ---------------------------------------------------------------------------------


@pytest.mark.peers("T12", "T13")
@pytest.mark.deadline("D11")
def test_late_stays_late_and_what_waits_or_was_waived_is_never_completed(
    cast: Cast, fetch: Callable[..., bytes]
) -> None:
    at, later, earlier = MORNING, MORNING + timedelta(minutes=1), MORNING - timedelta(minutes=1)
    wanted: dict[str, dict[str, Any]] = {
        "超时": {"due_at": at, "ended_at": later, "outcome": "late"},
        "按时": {"due_at": at, "ended_at": at, "outcome": "met"},
        "免责": {"due_at": earlier, "ended_at": later, "outcome": "waived", "why": "客户失联"},
        "暂停": {"due_at": None, "paused": True},
        "已超时": {"due_at": at},
        "进行中": {"due_at": NOON + timedelta(minutes=1)},
    }
    for words, fields in wanted.items():
        (case,) = cases_like(cast, [words], status="closed", closed_at=NOON)
        promises_of([case], **fields)
    shown = records(fetch("board", "csv", "of=project")) + records(
        fetch("board", "csv", "of=project&due=month")
    )
    assert {row["摘要"]: row["结果"] for row in shown if row["摘要"] != "免责"} == {
        words: words for words in wanted if words != "免责"
    }
    late = {row["内容"]: row["超时"] for row in records(fetch("list", "csv"))}
    assert {words for words, value in late.items() if value == "是"} == {"超时", "已超时"}


@pytest.mark.peers("T18")
def test_a_merged_case_is_in_the_file_and_says_where_it_went(
    cast: Cast, fetch: Callable[..., bytes], registered: Callable[..., Case],
    scope: Callable[..., Scope],
) -> None:  # fmt: skip
    kept, merged = registered("滴水"), registered("楼下也滴水")
    linking.merge(case=merged, into=kept, by=scope(cast.zhoumin), at=MORNING, reason="同一处")
    rows = {row["编号"]: row for row in records(fetch("list", "csv"))}
    assert rows[merged.number]["并入"] == kept.number
    assert rows[merged.number]["状态"] == f"已并入 {kept.number}"
    assert rows[kept.number]["并入"] == ""


def test_phones_are_masked_in_every_file(cast: Cast, fetch: Callable[..., bytes]) -> None:
    cases_like(cast, ["灯不亮"], customer_phone="13900000421")
    assert records(fetch("list", "csv"))[0]["电话"] == "139 **** 0421"
    values = [cell.value for row in sheet(fetch("list", "xlsx")).iter_rows() for cell in row]
    assert "139 **** 0421" in values
    assert not any("13900000421" in str(value) for value in values)


@pytest.mark.parametrize("who", ["chenjianguo", "wuqiang", "dingyi", "admin"])
@pytest.mark.parametrize("which", ["board", "list", "search"])
def test_who_may_not_export_gets_no_file(cast: Cast, sign_in: SignIn, who: str, which: str) -> None:
    client = sign_in(Client(), getattr(cast, who))
    for kind in ("csv", "xlsx"):
        assert client.get(reverse("cases:export", args=[which, kind])).status_code == 403
    if who != "admin":
        assert "导出" not in client.get(reverse("cases:board")).content.decode()


def test_another_projects_cases_are_in_nobodys_file(
    cast: Cast, fetch: Callable[..., bytes]
) -> None:
    promises_of(cases_like(cast, ["漏水"]))
    index_pending(at=MORNING)
    for which, query in (("list", "of=project"), ("board", "of=project"), ("search", "q=漏水")):
        assert records(fetch(which, "csv", query, cast.jingui_clerk)) == []
        assert len(records(fetch(which, "csv", query))) == 1


# --- harmless to open -----------------------------------------------------------------------------


def test_no_cell_of_a_csv_file_is_a_formula_and_the_text_comes_back(
    cast: Cast, fetch: Callable[..., bytes]
) -> None:
    cases_like(cast, EVIL)
    raw = [row["内容"] for row in records(fetch("list", "csv"))]
    assert all(cell == "plain" or cell.startswith("'") for cell in raw)
    assert [original(cell) for cell in reversed(raw)] == EVIL


@given(st.text())
@example("=cmd()")
@example("'=cmd()")
@example("''")
def test_what_is_made_harmless_can_be_made_as_it_was(text: str) -> None:
    assert original(neutral(text)) == text
    assert not neutral(text).startswith(tuple("=+-@\t\r＝＋－＠"))


def test_a_workbook_has_real_times_plain_texts_and_a_head_that_stays(
    cast: Cast, fetch: Callable[..., bytes]
) -> None:
    cases_like(cast, EVIL)
    book = sheet(fetch("list", "xlsx"))
    heads = {cell.value: place for place, cell in enumerate(book[1])}
    first = book[2]
    opened = Case.objects.order_by("-opened_at")[0].opened_at
    shown = first[heads["登记时间"]]
    assert shown.is_date
    assert shown.value == localtime(opened, SHANGHAI).replace(tzinfo=None, microsecond=0)
    assert first[heads["第几轮"]].value == 1
    texts = [row[heads["内容"]] for row in book.iter_rows(min_row=2)]
    assert [cell.value for cell in reversed(texts)] == EVIL
    assert {cell.data_type for cell in texts} == {"s"}
    assert book.freeze_panes == "A2"
    assert book.auto_filter.ref == f"A1:{book.cell(1, len(heads)).column_letter}{len(EVIL) + 1}"


def test_the_file_is_named_for_what_it_is_and_when(
    cast: Cast, sign_in: SignIn, clock: SetClock
) -> None:
    clock("2026-11-19 12:00")
    client = sign_in(Client(), cast.limin)
    answer = client.get(reverse("cases:export", args=["list", "csv"]))
    assert "诉求清单 2026-11-19 1200.csv" in unquote(answer.headers["Content-Disposition"])


@pytest.mark.parametrize("address", ["list.pdf", "nothing.csv"])
def test_there_are_no_other_files(cast: Cast, sign_in: SignIn, address: str) -> None:
    client = sign_in(Client(), cast.zhoumin)
    assert client.get(f"/export/{address}").status_code == 404
