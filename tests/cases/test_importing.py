"""Messages from elsewhere: every row ends as a contact or as a line of the error sheet, once."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from shouwen.accounts.scope import Scope
from shouwen.cases.commands import contacts as contacts_command
from shouwen.cases.importing.contacts import SAID, Outcome, import_contacts, write_errors
from shouwen.cases.importing.mapping import columns, read
from shouwen.cases.importing.table import rows
from shouwen.cases.models import Case, Commitment, Contact
from shouwen.notify.actions import deliver
from shouwen.notify.models import Notice
from shouwen.rules.refused import Refused
from tests.cases.conftest import MORNING
from tests.cast import Cast
from tests.moments import SHANGHAI, SetClock, moment

HEADINGS = ("编号", "时间", "内容", "姓名", "电话", "房号", "答复", "答复时间")
LEAK = ("17", "2026-11-02 09:30", "厨房漏水", "王女士", "13900000421", "3栋2单元501", "", "")
NOISE = ("18", "2026-11-03 22:10", "楼上半夜装修", "赵先生", "", "1-3-602", "", "")

Take = Callable[..., Outcome]
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """`write(LEAK, NOISE)`: a file as a spreadsheet saves it."""

    def to_file(
        *table: Sequence[str], headings: Sequence[str] = HEADINGS, encoding: str = "utf-8-sig",
        delimiter: str = ",",
    ) -> Path:  # fmt: skip
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter).writerows([headings, *table])
        path = tmp_path / "来件.csv"
        path.write_bytes(text.getvalue().encode(encoding))
        return path

    return to_file


@pytest.fixture
def take(cast: Cast, scope: Callable[..., Scope]) -> Take:
    """`take(path)`: 李敏 imports it into 翠湖花园 on the morning of the tests."""

    def into(path: Path, **chosen: str) -> Outcome:
        return import_contacts(
            path, project=cast.cuihu, by=scope(cast.limin), now=MORNING, chosen=chosen
        )

    return into


def sums(outcome: Outcome) -> tuple[int, int, int, int]:
    """Read, imported, there already, rejected."""
    found = (outcome.read, outcome.imported, outcome.there, len(outcome.rejected))
    assert found[0] == sum(found[1:])
    return found


# --- What a message becomes -----------------------------------------------------------------------


def test_a_message_becomes_a_contact_and_a_case_at_its_own_time(
    write: Write, take: Take, cast: Cast
) -> None:
    assert sums(take(write(LEAK, NOISE))) == (2, 2, 0, 0)
    case = Case.objects.get(text="厨房漏水")
    assert case.opened_at == moment("2026-11-02 09:30", "周一")
    assert case.unit == cast.home
    assert (case.customer_name, case.customer_phone) == ("王女士", "13900000421")
    assert case.contact.sender_number == "17"
    assert Case.objects.get(text="楼上半夜装修").contact.night


def test_what_fell_late_years_ago_is_late_since_then_and_nobody_is_told_today(
    write: Write, take: Take
) -> None:
    outcome = take(write(("1", "2019-02-28 11:25:05", "厨房水管漏水", "", "", "", "", "")))
    assert outcome.late > 0
    assert outcome.warned > 0
    late = Commitment.objects.exclude(late_at=None)
    assert late.count() == outcome.late
    assert all(row.late_at == row.due_at for row in late)
    deliver(at=MORNING)
    assert not Notice.objects.exists()


def test_the_reply_that_was_given_stands_at_its_time(write: Write, take: Take) -> None:
    replied = (*LEAK[:6], "已派人修好，请知悉", "2026-11-04 15:00:00")
    take(write(replied))
    case = Case.objects.get()
    told = case.journal.filter(data__text="已派人修好，请知悉").get()
    assert told.at == moment("2026-11-04 15:00", "周三")
    assert told.verb in ("fed-back", "customer-contacted")


def test_a_reply_before_the_message_is_left_out_and_the_message_stays(
    write: Write, take: Take
) -> None:
    assert sums(take(write((*LEAK[:6], "已修", "2026-11-01 15:00")))) == (1, 1, 0, 0)
    assert Case.objects.get().status == Case.Status.REGISTERED


def test_columns_can_be_named_where_the_headings_say_nothing(write: Write, take: Take) -> None:
    path = write(("漏水", "2026-11-02"), headings=("A", "B"))
    assert sums(take(path, text="A", at="B")) == (1, 1, 0, 0)
    assert Case.objects.get().opened_at == moment("2026-11-02 00:00")


@pytest.mark.parametrize(
    ("chosen", "code"),
    [({"text": "C"}, "unknown-column"), ({"wrong": "A"}, "unknown-field"), ({}, "no-text-column")],
)
def test_a_column_that_is_not_there_is_said_before_anything_is_taken(
    write: Write, take: Take, chosen: dict[str, str], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        take(write(("漏水", "2026-11-02"), headings=("A", "B")), **chosen)
    assert refused.value.code == code
    assert not Contact.objects.exists()


# --- Once -----------------------------------------------------------------------------------------


def test_a_second_run_imports_nothing(write: Write, take: Take) -> None:
    path = write(LEAK, NOISE, LEAK)
    assert sums(take(path)) == (3, 2, 1, 0)
    assert sums(take(path)) == (3, 0, 3, 0)
    assert Case.objects.count() == 2


def test_the_same_words_at_another_time_are_another_message(write: Write, take: Take) -> None:
    again = ("", "2026-11-05 08:00", *LEAK[2:])
    assert sums(take(write(LEAK, again))) == (2, 2, 0, 0)


# --- Rows that cannot be taken --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "column", "says"),
    [
        ({"时间": "昨天"}, "时间", "不是时间"),
        ({"时间": "2026-13-45 10:00"}, "时间", "不是时间"),
        ({"时间": "0001-01-01 00:00"}, "时间", "不是时间"),
        ({"时间": "1900-01-00"}, "时间", "不是时间"),
        ({"时间": "2027-01-01 10:00"}, "时间", "将来"),
        ({"内容": "   "}, "text", "没有内容"),
        ({"内容": "漏" * 20_000}, "text", "最多 10000 字"),
        ({"答复时间": "9999-12-31"}, "答复时间", "不是时间"),
    ],
)
def test_a_wrong_row_is_said_with_its_row_column_and_what_to_do(
    write: Write, take: Take, wrong: Mapping[str, str], column: str, says: str
) -> None:
    bad = [wrong.get(name, cell) for name, cell in zip(HEADINGS, LEAK, strict=True)]
    outcome = take(write(NOISE, bad))
    assert sums(outcome) == (2, 1, 0, 1)
    row, where, sentence, cells = outcome.rejected[0]
    assert (row, where) == (3, column)
    assert says in sentence
    assert list(cells.values()) == bad


def test_a_comma_without_quotation_marks_loses_no_half_of_a_text(
    tmp_path: Path, take: Take
) -> None:
    path = tmp_path / "手写.csv"
    path.write_text("内容,姓名\n漏水,而且漏到楼下,王女士\n停电,赵先生\n", encoding="utf-8")
    outcome = take(path)
    assert sums(outcome) == (2, 1, 0, 1)
    assert "王女士" in outcome.rejected[0][3].values()


def test_the_mended_error_sheet_is_imported_itself(
    write: Write, take: Take, tmp_path: Path
) -> None:
    formula = "=cmd|' /C calc'!A0 漏水"
    outcome = take(write(LEAK, ("19", "昨天", formula, "", "", "", "", ""), NOISE))
    sheet = tmp_path / "errors.csv"
    write_errors(sheet, outcome)
    (told,) = list(csv.DictReader(sheet.read_text("utf-8-sig").splitlines()))
    assert [told[name] for name in SAID[:2]] == ["3", "时间"]
    assert told["内容"] == f"'{formula}", "a spreadsheet would run it"

    assert sums(take(sheet)) == (1, 0, 0, 1)
    sheet.write_text(sheet.read_text("utf-8-sig").replace("昨天", "2026-11-04 10:00"), "utf-8")
    assert sums(take(sheet)) == (1, 1, 0, 0)
    assert Case.objects.get(contact__sender_number="19").text == formula


# --- Files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_file_is_read_in_the_encoding_in_which_it_was_saved(
    write: Write, take: Take, encoding: str, delimiter: str
) -> None:
    rare = ("20", "2026-11-02 09:30", "𠮷先生家漏水 👨‍👩‍👧", "𠮷野", "", "", "", "")
    assert sums(take(write(rare, encoding=encoding, delimiter=delimiter))) == (1, 1, 0, 0)
    case = Case.objects.get()
    assert (case.text, case.customer_name) == ("𠮷先生家漏水 👨‍👩‍👧", "𠮷野")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04 a workbook", "not-a-csv"),
        (b"\xff\xd8\xff\xe0 a photo", "not-a-csv"),
        (b"\x89PNG\r\n\x1a\n", "not-a-csv"),
        (b"%PDF-1.7", "not-a-csv"),
        (b"", "empty-file"),
        (b"\n\n", "empty-file"),
        (codecs.BOM_UTF16_LE + "内容\n漏水".encode("utf-16-le")[:-1], "unreadable"),
        (b"\xe5\x86\x85\xff\xff\xff", "unreadable"),
        ('内容,姓名\n"漏水,王女士\n停电,赵先生\n'.encode(), "broken-csv"),
        ("内容\n".encode() + b'"' + b"x" * 1_100_000 + b'"', "broken-csv"),
    ],
)
def test_a_file_that_cannot_be_read_for_certain_is_refused_with_a_sentence(
    tmp_path: Path, take: Take, content: bytes, code: str
) -> None:
    path = tmp_path / "来件.csv"
    path.write_bytes(content)
    with pytest.raises(Refused) as refused:
        take(path)
    assert refused.value.code == code
    assert not Contact.objects.exists()


def test_a_zero_byte_in_a_text_is_left_out(tmp_path: Path, take: Take) -> None:
    path = tmp_path / "来件.csv"
    path.write_bytes("内容\n漏\x00水\n".encode())
    assert sums(take(path)) == (1, 1, 0, 0)
    assert Case.objects.get().text == "漏水"


# --- Any table ------------------------------------------------------------------------------------

CELLS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.sampled_from(["漏水", "=1+1", "2026-11-02 09:30", "2026-11-02", "9999-12-31", "0001-01-01",
                     "3栋2单元501", "1390000",
                     '"', ",", "\n", "𠮷👨‍👩‍👧", "\u202e倒写", "漏" * 10_001]),
)  # fmt: skip
TABLES = st.lists(st.lists(CELLS, min_size=1, max_size=9), max_size=6)


@settings(
    max_examples=40, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(table=TABLES)
@example(table=[["", "", "", "", "", "", "", "", "多"]])
@example(table=[["1", "2026-11-02", "漏水", "", "", "", "已修", "0001-01-01"]])
def test_whatever_the_table_every_row_ends_once_and_a_second_run_imports_nothing(
    write: Write, take: Take, table: list[list[str]]
) -> None:
    Commitment.objects.all().delete()
    path = write(*table)
    filled = [row for row in table if any(cell.replace("\x00", "").strip() for cell in row)]
    first = take(path)
    assert sums(first)[0] == len(filled)
    second = take(path)
    assert second.imported == 0
    assert len(second.rejected) == len(first.rejected)


# --- The command ----------------------------------------------------------------------------------


def test_the_command_says_progress_what_rang_where_the_errors_are_and_last_the_sum(
    cast: Cast, clock: SetClock, write: Write, tmp_path: Path
) -> None:
    clock("2026-11-19 09:12", "周四")
    path, sheet = write(LEAK, (*LEAK[:1], "昨天", *LEAK[2:]), NOISE), tmp_path / "错误.csv"
    words = [str(path), "--project", "CH", "--errors", str(sheet)]
    said = CliRunner().invoke(contacts_command, words)
    assert said.exit_code == 0, said.output
    assert "已处理 2 件" in said.stderr
    lines = said.stdout.splitlines()
    assert str(sheet) in lines[0]
    assert lines[1].startswith("按原来的时间：提醒 ")
    assert lines[-1] == "rows 3, imported 2, already there 0, rejected 1"
    assert sheet.exists()
    again = CliRunner().invoke(contacts_command, words)
    assert again.stdout.splitlines()[-1] == "rows 3, imported 0, already there 2, rejected 1"


def test_a_project_or_person_that_is_not_there_is_named(cast: Cast, write: Write) -> None:
    path = str(write(LEAK))
    for words in (["--project", "没有"], ["--project", "CH", "--by", "nobody"]):
        said = CliRunner().invoke(contacts_command, [path, *words])
        assert said.exit_code == 1
        assert "请用" in said.output


# --- Real messages --------------------------------------------------------------------------------

NYC = {"number": "Unique Key", "at": "Created Date", "subject": "Complaint Type",
       "text": "Descriptor", "room": "Incident Address", "sender_due": "Due Date"}  # fmt: skip
REAL = [
    ("complaints/hot.csv", {}, 2109),
    ("complaints/labelled.csv", {}, 717),
    ("complaints/replies.csv", {}, 1381),
    ("complaints/unlabelled_test.csv", {}, 1368),
    ("nyc311/one-day.csv", NYC, 1199),
]


@pytest.mark.parametrize(("name", "chosen", "count"), REAL)
def test_every_real_message_is_read(
    shared: Path, name: str, chosen: dict[str, str], count: int
) -> None:
    found = list(rows(shared / "data" / name))
    assert len(found) == count
    named = columns(list(found[0][1]), chosen)
    messages = [read(number, cells, named, SHANGHAI, MORNING) for number, cells in found]
    assert all(message.text and message.at < MORNING for message in messages)


@pytest.mark.parametrize(("name", "chosen"), [real[:2] for real in REAL])
def test_real_messages_are_taken_in_once_at_their_time(
    shared: Path, take: Take, tmp_path: Path, name: str, chosen: dict[str, Any]
) -> None:
    """The first of each file: all of them take minutes, and are told of in docs/real-input.md."""
    path = tmp_path / "first.csv"
    with (
        (shared / "data" / name).open(encoding="utf-8-sig", newline="") as file,
        path.open("w", encoding="utf-8", newline="") as part,
    ):
        csv.writer(part).writerows(islice(csv.reader(file), 13))
    outcome = take(path, **chosen)
    assert sums(outcome)[:2] == (12, 12)
    assert outcome.late == Commitment.objects.exclude(late_at=None).count()
    assert outcome.late or "nyc" in name, "English words suggest no kind, and no kind no promise"
    assert sums(take(path, **chosen)) == (12, 0, 12, 0)
    assert all(case.opened_at.year < 2021 for case in Case.objects.all())
