"""`shouwen import estate`: what the operator sees, and the last line that programs read."""

from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from pytest_django.fixtures import Settings

from shouwen.estate.commands import import_
from shouwen.estate.models import ImportRun, Unit
from tests.cast import Cast
from tests.estate.workbook import ROOMS, write


@pytest.fixture
def file(tmp_path: Path, settings: Settings) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    table = [ROOMS, [8, 1, 101, 90, "赵一", "13900001001"], [8, 1, 102], [8, 1, 103, "九十"]]
    return write(tmp_path / "房屋.xlsx", 表=table)


def run(*arguments: object, typed: str = "") -> Result:
    return CliRunner().invoke(import_, [str(argument) for argument in arguments], input=typed)


def last(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.stdout.strip().splitlines()[-1]


def test_the_command_imports_and_says_last_what_came_of_each_row(cast: Cast, file: Path) -> None:
    wrong = file.with_name("错.xlsx")
    result = run("estate", file, "--project", "CH", "--yes", "--errors", wrong)
    assert last(result) == "rows 3, new 2, changed 0, same 0, rejected 1"
    assert "2000 行" not in result.stdout
    assert openpyxl.load_workbook(wrong).worksheets[0]["A2"].value == 4
    again = run("estate", file, "--project", cast.cuihu.pk, "--yes")
    assert last(again) == "rows 3, new 0, changed 0, same 2, rejected 1"


def test_without_yes_the_command_asks_and_takes_no_for_an_answer(cast: Cast, file: Path) -> None:
    result = run("estate", file, "--project", "CH", typed="n\n")
    assert last(result) == "rows 3, new 2, changed 0, same 0, rejected 1"
    assert ImportRun.objects.get().state == ImportRun.State.FAILED
    assert not Unit.objects.filter(building__key="8").exists()
    run("estate", file, "--project", "CH", typed="y\n")
    assert Unit.objects.filter(building__key="8").count() == 2


def test_an_import_is_written_down_for_somebody_who_may(cast: Cast, file: Path) -> None:
    run("estate", file, "--project", "CH", "--yes", "--by", "sunli")
    assert ImportRun.objects.get().by == cast.sunli
    refused = run("estate", file, "--project", "CH", "--yes", "--by", "limin")
    assert refused.exit_code == 1
    assert "导入权限" in refused.stderr


@pytest.mark.parametrize(
    ("project", "sentence"), [("XX", "没有代码或编号"), ("CH-service", "没有代码")]
)
def test_an_unknown_project_is_refused(cast: Cast, file: Path, project: str, sentence: str) -> None:
    result = run("estate", file, "--project", project, "--yes")
    assert result.exit_code == 1
    assert sentence in result.stderr


def test_a_file_that_is_no_workbook_ends_with_its_sentence(cast: Cast, file: Path) -> None:
    file.write_bytes(b"a,b,c")
    result = run("estate", file, "--project", "CH", "--yes")
    assert result.exit_code == 1
    assert "不是 Excel 工作簿" in result.stderr


def test_the_template_is_written_where_it_is_wanted(tmp_path: Path) -> None:
    assert run("template", tmp_path / "模板.xlsx").exit_code == 0
    assert openpyxl.load_workbook(tmp_path / "模板.xlsx").sheetnames[0] == "房屋与客户"
