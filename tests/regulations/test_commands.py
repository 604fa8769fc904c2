"""`shouwen regulation …`"""

import json
import re

import pytest
from click.testing import CliRunner, Result

from shouwen import clock
from shouwen.adoption import library
from shouwen.adoption.commands import check_all, regulation
from shouwen.adoption.library import BadRegulation
from shouwen.adoption.queries import in_force
from tests.cast import Cast
from tests.moments import moment


def run(*arguments: str) -> Result:
    with clock.set_to(moment("2026-11-19 09:12", "周四")):
        return CliRunner().invoke(regulation, arguments)


def test_list_names_every_regulation() -> None:
    lines = run("list").output.splitlines()
    assert [line.split("\t")[0] for line in lines] == library.available()


def test_check_says_how_many_it_read_and_ends_well() -> None:
    result = run("check")
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[-1] == "7 regulations, 0 problems"


def test_check_of_something_unknown_ends_with_an_error() -> None:
    result = run("check", "no-such")
    assert result.exit_code == 1
    assert "no-such: regulation.toml: there is no such regulation" in result.output


def test_a_regulation_that_cannot_be_read_is_a_problem_and_the_others_are_still_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = library.load

    def load(regulation_id: str) -> object:
        if regulation_id == "staff-handbook":
            raise BadRegulation(
                "staff-handbook/regulation.toml", "commitment.x.dues", "unknown key"
            )
        return real(regulation_id)

    monkeypatch.setattr(library, "load", load)
    _, problems = check_all(["staff-handbook", "first-contact"])
    assert [str(problem) for problem in problems] == [
        "staff-handbook/regulation.toml: commitment.x.dues: unknown key"
    ]


def test_explain_a_clause_shows_its_words_its_rules_and_the_arithmetic_of_now() -> None:
    output = run("explain", "S4-4.4.2b-4").output
    assert "18:00之后提交的单在次日9:00之前响应" in output
    assert "customer-communication/repair-first-contact" in output
    assert "18:00 整起算作“之后”" in output
    assert "登记 11-19（四）09:12" in output
    assert "11-19（四）10:12" in output


def test_explain_a_rule_says_where_the_value_is_ours() -> None:
    output = run("explain", "urgent-repair-told").output
    assert "系统默认，非制度规定" in output
    assert "urgent = 是" in output
    assert "09:17" in output


def test_explain_a_regulation_lists_its_rules() -> None:
    assert "repair-dispatch-night" in run("explain", "customer-communication").output


def test_explain_something_unknown_says_so() -> None:
    result = run("explain", "S9-1")
    assert result.exit_code == 1
    assert "S9-1" in result.output


def test_coverage_ends_with_the_sum_of_all_799_clauses() -> None:
    last = run("coverage").output.splitlines()[-1]
    found = re.fullmatch(r"enforced (\d+), shown (\d+), not yet (\d+), of 799", last)
    assert found is not None
    assert sum(map(int, found.groups())) == 799
    assert int(found[1]) > 0


def test_coverage_of_one_category_still_counts_everything_last() -> None:
    lines = run("coverage", "--category", "dispatch").output.splitlines()
    assert lines[0].startswith("dispatch: enforced ")
    assert not [line for line in lines if line.startswith("intake:")]
    assert lines[-1].endswith(", of 799")


def test_coverage_as_json_has_rule_and_test_of_each_clause() -> None:
    rows = {row["id"]: row for row in json.loads(run("coverage", "--json").output)}
    assert len(rows) == 799
    assert rows["S4-4.4.2b-2"]["state"] == "enforced"
    assert rows["S4-4.4.2b-2"]["rules"] == ["commitment:customer-communication/repair-dispatch"]
    assert "customer-communication/examples.toml::daytime-repair" in rows["S4-4.4.2b-2"]["tests"]


@pytest.mark.parametrize("name", [one for one in library.available() if one != "defaults"])
def test_every_regulation_is_adopted_with_one_command(cast: Cast, name: str) -> None:
    result = run("adopt", name, "--unit", "CH")
    assert result.exit_code == 0, result.output
    assert "翠湖花园 自 2026-11-19 09:12 起采用" in result.output
    held = in_force(cast.cuihu, moment("2026-11-19 09:12", "周四"))
    assert name in [adoption.edition.regulation for adoption in held]
    assert [adoption.position for adoption in held if adoption.unit == cast.cuihu] == [2]


def test_adopting_at_a_position_from_a_day_says_both(cast: Cast) -> None:
    result = run(
        "adopt", "service-centre", "--unit", "CH", "--position", "0", "--since", "2026-12-01"
    )
    assert "自 2026-12-01 00:00 起采用" in result.output
    assert len(in_force(cast.cuihu, moment("2026-11-30 23:59"))) == 2
    assert (
        in_force(cast.cuihu, moment("2026-12-01 00:00"))[0].edition.regulation == "service-centre"
    )


def test_adopting_what_or_where_nobody_knows_is_said(cast: Cast) -> None:
    assert "没有制度 no-such" in run("adopt", "no-such", "--unit", "CH").output
    assert "没有代码为 XX 的单位" in run("adopt", "first-contact", "--unit", "XX").output
