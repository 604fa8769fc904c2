"""Searching: two characters are enough, nothing is missed, nothing is found that is not there."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.scope import Scope
from shouwen.cases import search
from shouwen.cases.actions import contacting
from shouwen.cases.models import Case, SearchText
from shouwen.cases.search import Wanted, find, index_pending
from tests.cases.conftest import MORNING
from tests.cases.many import cases_like
from tests.cast import Cast

SignIn = Callable[[Client, Staff], Client]
Register = Callable[..., Case]
Numbers = Callable[..., list[str]]


@pytest.fixture
def numbers(cast: Cast, scope: Callable[..., Scope]) -> Numbers:
    """`numbers("漏水")`: what 李敏 finds, as numbers of cases."""

    def found(text: str, who: Staff | None = None, project: OrgUnit | None = None) -> list[str]:
        wanted = Wanted(text, project or cast.cuihu)
        return [case.number for case in find(scope(who or cast.limin), wanted)]

    return found


@pytest.fixture(params=["just typed", "indexed"])
def indexed(request: pytest.FixtureRequest) -> Callable[[], None]:
    """Every question is asked twice: before the worker came by, and after."""

    def bring_up() -> None:
        if request.param == "indexed":
            index_pending(at=MORNING)
            assert not Case.objects.exclude(search_text__isnull=False).exists()

    return bring_up


# --- what finds a case ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "滴水", "天花板", "王女士", "13900000421", "139 0000 0421", "0421", "00421",
        "3-2-501", "3栋2单元501", "三号楼二单元501室", "２单元", "卫生间 王女士", "王女士 0421",
    ],
)  # fmt: skip
def test_a_case_is_found_by_words_name_phone_and_room_in_any_writing(
    registered: Register, indexed: Callable[[], None], numbers: Numbers, text: str
) -> None:
    case = registered("卫生间天花板滴水")
    registered(
        "楼上装修太吵", told={"name": "赵先生", "phone": "13900000602", "address": "1-3-602"}
    )
    indexed()
    assert numbers(text) == [case.number]


def test_a_case_is_found_by_its_number_whole_or_in_part(
    registered: Register, indexed: Callable[[], None], numbers: Numbers
) -> None:
    first, second = registered("滴水"), registered("异响")
    indexed()
    assert numbers(first.number) == [first.number]
    assert numbers(first.number.lower()[:-1]) == [second.number, first.number]


def test_what_was_written_later_into_the_story_is_found(
    registered: Register, scope: Callable[..., Scope], cast: Cast, numbers: Numbers,
    indexed: Callable[[], None],
) -> None:  # fmt: skip
    case = registered("卫生间天花板滴水")
    index_pending(at=MORNING)
    at = MORNING + timedelta(minutes=5)
    contacting.contact_customer(case=case, by=scope(cast.limin), at=at, text="客户说角阀是新换的")
    indexed()
    assert numbers("角阀") == [case.number]
    assert numbers("滴水") == [case.number]


@pytest.mark.parametrize(
    "text",
    ["水滴", "板卫", "漏水", "2139", "000004", "3-2-50", "502", "王女士 赵先生", "水", "", "  "],
)
def test_what_is_not_there_is_not_found(
    registered: Register, indexed: Callable[[], None], numbers: Numbers, text: str
) -> None:
    registered("卫生间天花板滴水")
    indexed()
    assert numbers(text) == []


def test_the_last_registered_comes_first(
    registered: Register, indexed: Callable[[], None], numbers: Numbers
) -> None:
    made = [registered(f"第{n}处漏水", at=MORNING + timedelta(minutes=n)) for n in range(3)]
    indexed()
    assert numbers("漏水") == [case.number for case in reversed(made)]


def test_nobody_finds_what_is_not_theirs_to_see(
    registered: Register, indexed: Callable[[], None], numbers: Numbers, cast: Cast
) -> None:
    case = registered("卫生间天花板滴水")
    indexed()
    assert numbers("滴水", cast.jingui_clerk, cast.jingui) == []
    assert numbers(case.number, cast.jiangnan_clerk, cast.jiangnan) == []
    assert numbers("滴水", cast.wuqiang) == [], "not handed to his department"
    assert numbers("滴水", cast.zhengjie) == [case.number]


def test_the_index_can_be_brought_up_again_and_again(registered: Register) -> None:
    for n in range(7):
        registered(f"第{n}件")
    assert index_pending(at=MORNING, limit=5) == 5
    assert index_pending(at=MORNING, limit=5) == 2
    assert index_pending(at=MORNING) == 0
    assert SearchText.objects.count() == 7


# --- as good as reading every case ----------------------------------------------------------------

#: Few characters, so that random texts and random words meet; with what tokenizers stumble over.
SIGNS = st.sampled_from("水漏门坏灯楼上的 Ａa1١é👍🏽.%_\\'\"*-\n")
TEXTS = st.text(SIGNS, min_size=1, max_size=12)


@settings(
    max_examples=40, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(
    texts=st.lists(TEXTS, min_size=1, max_size=8),
    word=st.text(SIGNS, min_size=2, max_size=4),
    fresh=st.integers(0, 8),
)
@example(texts=["漏水", "水漏"], word="漏水", fresh=0)
@example(texts=["楼上坏 上门"], word="楼上门", fresh=0)
@example(texts=["100%", "1000"], word="0%", fresh=0)
@example(texts=["Ａa", "aA"], word="aa", fresh=1)
def test_it_finds_exactly_what_reading_every_case_would_find(
    cast: Cast, scope: Callable[..., Scope], texts: list[str], word: str, fresh: int
) -> None:
    """Some of the cases are indexed, the others were just typed."""
    Case.objects.all().delete()
    SearchText.objects.all().delete()
    cases = cases_like(cast, texts)
    index_pending(at=MORNING, limit=max(0, len(cases) - fresh))
    words = search.normal(word).split()
    long_enough = any(len(one) > 1 for one in words)
    expected = {
        case.pk
        for case in cases
        if long_enough and all(one in search.normal(case.text) for one in words)
    }
    found = find(scope(cast.limin), Wanted(word))
    mine = {case.pk for case in found if search.normal(case.text)}
    assert mine == expected


# --- at what cost ---------------------------------------------------------------------------------

MANY = 20_000


@pytest.fixture
def many(transactional_db: None, cast: Cast) -> Iterator[None]:
    """20,000 cases: 漏水 in every tenth, 蟒蛇 in one, the rest about lifts and gates.

    Really committed and vacuumed: a plan is only worth judging when the planner knows the tables.
    """
    texts = [
        "厨房漏水" if n % 10 == 0 else "花园里有蟒蛇" if n == 777 else f"电梯{n % 97}号异响"
        for n in range(MANY)
    ]
    cases_like(cast, texts)
    while index_pending(at=MORNING, limit=5000):
        pass
    is_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if is_sqlite else "VACUUM ANALYZE")
        yield
        if is_sqlite:  # no table of Django's, so emptying the database leaves it
            cursor.execute(
                "INSERT INTO cases_searchgrams (cases_searchgrams) VALUES ('delete-all')"
            )


def test_the_index_answers_whether_the_word_is_common_rare_or_not_there(
    many: None, cast: Cast, scope: Callable[..., Scope]
) -> None:
    """Judged by the plan: no table of cases or of texts is read from its beginning."""
    for word, count in (("漏水", 2000), ("蟒蛇", 1), ("鳄鱼", 0)):
        with CaptureQueriesContext(connection) as asked:
            assert len(find(scope(cast.limin), Wanted(word))) == count
        assert len(asked) <= 5
        for query in asked.captured_queries:
            tables = walked(query["sql"])
            assert "cases_case" not in tables or count > 1, query["sql"]
            assert "cases_searchtext" not in tables or count > 1, query["sql"]

    very_common = find(scope(cast.limin), Wanted("电梯"))
    newest = [case.pk for case in very_common[:50]]
    assert newest == sorted(newest, reverse=True)
    assert very_common.count() == MANY - 2000 - 1


def walked(sql: str) -> set[str]:
    """The tables that a question reads from end to end; what waits for the index is little."""
    sql = sql.replace("%", "%%")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
            return set(_walked_nodes(cursor.fetchone()[0][0]["Plan"]))
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        lines = [row[-1] for row in cursor.fetchall()]
    return {line.split()[1] for line in lines if line.startswith("SCAN") and ALLOWED not in line}


#: The index over the few cases that the text index does not know yet.
ALLOWED = "case_not_indexed"


def _walked_nodes(plan: dict[str, Any]) -> Iterator[str]:
    """A table read from its beginning, or along a whole index."""
    whole = plan["Node Type"] == "Seq Scan" or (
        plan["Node Type"] in ("Index Scan", "Index Only Scan")
        and "Index Cond" not in plan
        and plan["Index Name"] != ALLOWED
    )
    if whole:
        yield plan["Relation Name"]
    for below in plan.get("Plans", ()):
        yield from _walked_nodes(below)


# --- the page -------------------------------------------------------------------------------------


@pytest.fixture
def ask(client: Client, cast: Cast, sign_in: SignIn) -> Callable[..., str]:
    sign_in(client, cast.limin)

    def get(**query: str) -> str:
        answer = client.get(reverse("cases:search"), query)
        assert answer.status_code == 200
        return answer.content.decode()

    return get


def test_the_page_shows_what_was_found_without_a_whole_phone_number(
    registered: Register, ask: Callable[..., str]
) -> None:
    case = registered("卫生间天花板滴水")
    shown = ask(q="滴水")
    assert case.number in shown
    assert "13900000421" not in shown


def test_the_page_says_honestly_that_nothing_was_found(ask: Callable[..., str]) -> None:
    assert "没有找到“鳄鱼”" in ask(q="鳄鱼")
    assert "一个字找不准" in ask(q="水")
    assert "找什么" in ask()


def test_the_pages_of_a_search_show_every_case_once(
    cast: Cast, ask: Callable[..., str], client: Client
) -> None:
    cases_like(cast, ["漏水"] * 120)
    index_pending(at=MORNING)
    seen: list[Any] = []
    query = {"q": "漏水"}
    while True:
        answer = client.get(reverse("cases:search"), query)
        seen += [row.case.pk for row in answer.context["rows"]]
        older = answer.context["pager"].older
        if not older:
            break
        query = {"q": "漏水", "after": older.rpartition("after=")[2]}
    assert len(seen) == len(set(seen)) == 120
    assert seen == sorted(seen, reverse=True)
