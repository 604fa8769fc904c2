"""The board: promises by due time, what each wants next, figures that open into their rows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouwen.accounts.models import Staff
from shouwen.accounts.scope import Scope
from shouwen.cases.actions import dispatching, linking, working
from shouwen.cases.models import Case, Commitment, SavedView, StockTake
from tests.cases.conftest import MORNING
from tests.cases.many import cases_like, promises_of
from tests.cast import Cast
from tests.moments import SetClock, moment

SignIn = Callable[[Client, Staff], Client]
Register = Callable[..., Case]
Scopes = Callable[..., Scope]
NOON = moment("2026-11-19 12:00", "周四")


class Reader:
    """Somebody before the pages, at a moment."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def context(self, page: str, query: str = "") -> Any:
        answer = self.client.get(reverse(f"cases:{page}") + query)
        assert answer.status_code == 200, answer
        self.text = answer.content.decode()
        return answer.context

    def numbers(self, page: str = "board", query: str = "?of=project") -> list[str]:
        """The numbers of the cases on every page of a list."""
        found: list[str] = []
        while query:
            about = self.context(page, query)
            found += [row.case.number for row in about["rows"]]
            query = about["pager"].older
        return found


@pytest.fixture
def before(cast: Cast, sign_in: SignIn, clock: SetClock) -> Callable[..., Reader]:
    """`before(cast.zhoumin)`: 周敏 at her desk at noon of that Thursday."""

    def at_desk(who: Staff, at: str = "2026-11-19 12:00") -> Reader:
        clock(at)
        return Reader(sign_in(Client(), who))

    return at_desk


def due(row: Any) -> Any:
    return row.promise.due_at


# --- what stands on it ----------------------------------------------------------------------------


@pytest.mark.clause("S0-3.1-2")
def test_the_owner_sees_her_promises_by_due_time_with_clause_and_next_step(
    registered: Register, before: Callable[..., Reader], cast: Cast
) -> None:
    case = registered("卫生间天花板滴水", kind="repair")
    reader = before(cast.limin, "2026-11-19 09:13")
    rows = reader.context("board", "?of=mine")["rows"]
    dues = [due(row) for row in rows if due(row)]
    assert rows
    assert dues == sorted(dues)
    assert {row.promise.holder for row in rows} == {cast.limin}
    sending = next(row for row in rows if row.promise.rule == "repair-dispatch")
    assert "4.4.2" in sending.clause
    assert sending.next.url == reverse("cases:verb", args=[case.number, "dispatch"])
    assert "卫生间天花板滴水" in reader.text
    assert "王女士" not in reader.text, "the address is enough on the board"
    assert "3栋2单元501" in reader.text


def test_what_is_late_stands_on_top_and_says_by_how_much(
    registered: Register, before: Callable[..., Reader], cast: Cast
) -> None:
    registered("楼道有异味", kind="complaint", at=moment("2026-11-19 11:59"))
    late = registered("卫生间天花板滴水", kind="repair")
    reader = before(cast.limin)
    rows = reader.context("board", "?of=mine")["rows"]
    assert rows[0].case == late
    assert rows[0].late
    assert rows[0].next.kind == "primary"
    assert "超时 2 时" in reader.text


def test_an_engineer_is_asked_to_accept_what_was_sent_to_his_department(
    registered: Register, before: Callable[..., Reader], cast: Cast, scope: Scopes
) -> None:
    case = registered("卫生间天花板滴水", kind="repair", told={"ticks": ["read-back"]})
    dispatching.dispatch(
        case=case, lead=cast.department("engineering"), by=scope(cast.limin), at=MORNING
    )
    other = registered("楼道有异味", kind="environment")
    reader = before(cast.chenjianguo, "2026-11-19 09:13")
    rows = reader.context("board", "?of=department")["rows"]
    assert rows
    assert {row.case for row in rows} == {case}
    assert reverse("cases:verb", args=[case.number, "accept"]) in {row.next.url for row in rows}
    assert other.number not in reader.text


def test_a_manager_urges_others_only_when_they_are_late(
    registered: Register, before: Callable[..., Reader], cast: Cast
) -> None:
    case = registered("卫生间天花板滴水", kind="repair")
    urge = reverse("cases:verb", args=[case.number, "urge"])

    def steps(at: str) -> list[tuple[bool, str]]:
        rows = before(cast.zhoumin, at).context("board", "?of=project")["rows"]
        return [(row.late, row.next.url) for row in rows if row.promise.holder != cast.zhoumin]

    assert (False, urge) not in steps("2026-11-19 09:13")
    assert (True, urge) in steps("2026-11-19 12:00")


def test_what_waits_stands_last_with_its_reason_and_is_not_late(
    registered: Register, before: Callable[..., Reader], cast: Cast, scope: Scopes
) -> None:
    case = registered("卫生间天花板滴水", kind="repair", repair_class="general-fault")
    working.wait(case=case, by=scope(cast.limin), at=MORNING, reason="parts", text="等角阀")
    working.approve_wait(case=case, by=scope(cast.zhoumin), at=MORNING)
    registered("楼道有异味", kind="complaint", at=moment("2026-11-19 11:59"))
    paused = Commitment.objects.filter(case=case, paused=True)
    assert paused, "the test wants a promise that waiting stops"
    reader = before(cast.limin)
    rows = reader.context("board", "?of=project")["rows"]
    last = rows[-1]
    assert last.promise in paused
    assert not last.late
    assert last.status.startswith("等待：")
    assert "暂停" in reader.text


# --- levels ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "levels"),
    [
        ("limin", ["我的", "本部门", "本项目"]),
        ("chenjianguo", ["我的", "本部门"]),
        ("zhoumin", ["我的", "本项目"]),
        ("zhengjie", ["我的", "本项目", "公司"]),
        ("qianhong", ["我的", "本项目", "公司", "集团"]),
    ],
)
def test_everybody_has_the_levels_of_their_posts(
    before: Callable[..., Reader], cast: Cast, name: str, levels: list[str]
) -> None:
    tabs = before(getattr(cast, name)).context("board")["tabs"]
    assert [tab.title for tab in tabs] == levels


@pytest.mark.clause("S4-4.3.2a-3", "S4-4.3.2b-1", "S1-1.2-0b")
def test_the_company_supervises_the_complaints_of_all_its_projects_and_of_no_other(
    registered: Register, before: Callable[..., Reader], cast: Cast
) -> None:
    here = registered("保洁没有打扫，两天了", kind="complaint")
    (there,) = cases_like(
        cast, ["电梯困人没人管"], project=cast.jingui, kind="complaint", owner=cast.jingui_clerk
    )
    (elsewhere,) = cases_like(
        cast, ["门禁坏了"], project=cast.jiangnan, company=cast.anhe, kind="complaint"
    )
    (repair,) = cases_like(cast, ["灯不亮"], kind="repair")
    promises_of([there, elsewhere, repair], due_at=MORNING + timedelta(hours=1))
    reader = before(cast.zhengjie)
    shown = reader.numbers(query="?of=company&kind=complaint&due=late")
    assert set(shown) == {here.number, there.number}
    assert "金桂苑" in reader.text, "each row names its project"
    unclosed = reader.numbers("list", "?of=company&kind=complaint&status=open")
    assert set(unclosed) == {here.number, there.number}
    assert set(before(cast.qianhong).numbers("list", "?of=group&kind=complaint")) == {
        here.number, there.number, elsewhere.number,
    }  # fmt: skip


@pytest.mark.clause("S4-4.3.2b-3")
def test_headquarters_can_follow_any_case_of_the_group(
    registered: Register, before: Callable[..., Reader], cast: Cast
) -> None:
    case = registered("卫生间天花板滴水")
    reader = before(cast.qianhong)
    assert case.number in reader.numbers("list", "?of=group")
    assert reader.client.get(reverse("cases:case", args=[case.number])).status_code == 200


def test_asking_for_a_level_one_does_not_have_shows_ones_own(
    registered: Register, before: Callable[..., Reader], cast: Cast
) -> None:
    registered("卫生间天花板滴水", kind="repair")
    about = before(cast.chenjianguo).context("board", "?of=group")
    assert about["level"] == "mine"
    assert about["rows"] == []


# --- figures --------------------------------------------------------------------------------------


@pytest.fixture
def crowd(cast: Cast) -> list[Commitment]:
    """Promises of many kinds around noon, held by 李敏 and 王芳."""
    cases = cases_like(cast, ["楼道灯不亮"] * 60)
    rows: list[Commitment] = []
    for n, case in enumerate(cases):
        at = NOON + timedelta(minutes=13 * (n - 30))
        ended: dict[str, object] = {}
        if n % 6 == 1:
            ended = {"outcome": "met", "ended_at": at - timedelta(minutes=1)}
        if n % 6 == 2:
            ended = {"outcome": "late", "ended_at": at + timedelta(minutes=1)}
        if n % 6 == 3:
            ended = {"outcome": "waived", "ended_at": at + timedelta(minutes=1)}
        if n % 6 == 4:
            ended = {"rule": "visit:repair"}
        if n % 6 == 5:
            ended = {"paused": True}
        holder = cast.limin if n % 5 < 3 else cast.wangfang
        rows += promises_of(
            [case], **{"due_at": None if n % 6 == 5 else at, "holder": holder, **ended}
        )
    return rows


@pytest.mark.parametrize(
    "query", ["?of=mine", "?of=department", "?of=project", "?of=project&kind=repair"]
)
def test_every_figure_opens_into_exactly_what_it_counts(
    crowd: list[Commitment], before: Callable[..., Reader], cast: Cast, query: str
) -> None:
    reader = before(cast.limin)
    tiles = reader.context("board", query)["tiles"]
    counted = {title: (value, url) for title, value, _note, _tone, url in tiles}
    for title in ("已超时", "1 小时内", "今天", "欠回访"):
        value, url = counted[title]
        assert int(value) == len(reader.numbers(query=url)) > 0, title
    rate, url = counted["本月按时"]
    rows = reader.context("board", url)["rows"]
    late = [row for row in rows if row.late]
    assert rate == f"{(len(rows) - len(late)) / len(rows) * 1000 // 1 / 10:.1f}%"


@pytest.mark.peers("T13")
def test_what_waits_or_was_waived_counts_neither_as_kept_nor_as_late(
    crowd: list[Commitment], before: Callable[..., Reader], cast: Cast
) -> None:
    reader = before(cast.limin)
    shown = reader.context("board", "?of=project&due=month")["rows"]
    due_by_now = [
        row for row in crowd if row.outcome != "waived" and row.due_at and row.due_at < NOON
    ]
    assert {row.promise.pk for row in shown} == {row.pk for row in due_by_now}
    late = [row for row in due_by_now if row.outcome != "met"]
    rate = next(
        tile[1] for tile in reader.context("board", "?of=project")["tiles"] if "按时" in tile[0]
    )
    assert rate == f"{(len(due_by_now) - len(late)) * 1000 // len(due_by_now) / 10:.1f}%"


@pytest.mark.peers("T12")
@pytest.mark.deadline("D11")
def test_lateness_is_read_from_the_times_though_no_worker_ever_ran(
    crowd: list[Commitment], before: Callable[..., Reader], cast: Cast
) -> None:
    assert not Commitment.objects.exclude(late_at=None).exists()
    oracle = {
        row.case.number
        for row in crowd
        if row.outcome != "waived" and row.due_at and (row.ended_at or NOON) > row.due_at
    }
    reader = before(cast.zhoumin)
    assert set(reader.numbers("list", "?of=project&late=on")) == oracle
    running = {row.case.number for row in crowd if row.outcome == ""}
    assert set(reader.numbers(query="?of=project&due=late")) == oracle & running
    Commitment.objects.filter(outcome="").update(outcome="late", ended_at=NOON + timedelta(days=9))
    assert oracle <= set(reader.numbers("list", "?of=project&late=on")), "finished late stays late"


def test_exactly_on_time_is_on_time(before: Callable[..., Reader], cast: Cast) -> None:
    promises_of(cases_like(cast, ["灯不亮"]), due_at=NOON)
    reader = before(cast.limin)
    assert reader.numbers(query="?of=mine&due=late") == []
    assert len(reader.numbers(query="?of=mine&due=hour")) == 1


def test_the_margin_says_how_many_more_may_be_late(
    before: Callable[..., Reader], cast: Cast
) -> None:
    cases = cases_like(cast, ["灯不亮"] * 100)
    ended = {"due_at": MORNING, "ended_at": MORNING, "outcome": "met"}
    promises_of(cases[:98], **ended)
    promises_of(cases[98:], due_at=MORNING)
    tile = before(cast.limin).context("board", "?of=mine")["tiles"][-1]
    assert list(tile[1:4]) == ["98.0%", "目标 95%，余量 3 件", "met"]


# --- filters, pages, cost -------------------------------------------------------------------------


def test_the_pages_show_every_promise_once_in_order_with_the_waiting_ones_last(
    before: Callable[..., Reader], cast: Cast
) -> None:
    cases = cases_like(cast, ["灯不亮"] * 130)
    same = MORNING + timedelta(hours=1)
    promises_of(cases[:70], due_at=same)
    promises_of(cases[70:90])
    promises_of(cases[90:], due_at=None, paused=True)
    shown = before(cast.limin).numbers(query="?of=mine")
    assert sorted(shown) == [case.number for case in cases]
    assert shown[90:] == [case.number for case in cases[90:]]
    assert shown.index(cases[71].number) < shown.index(cases[72].number)


@pytest.mark.parametrize("which", ["board", "list"])
@pytest.mark.parametrize("level", ["mine", "department", "project"])
def test_a_page_asks_at_most_twelve_questions_however_many_rows(
    before: Callable[..., Reader], cast: Cast, which: str, level: str
) -> None:
    promises_of(cases_like(cast, ["灯不亮"] * 60))
    reader = before(cast.limin)
    reader.context(which, f"?of={level}")  # the rulebook is read once for all
    with CaptureQueriesContext(connection) as asked:
        assert len(reader.context(which, f"?of={level}")["rows"]) == 50
    assert len(asked) <= 12, "\n".join(query["sql"][:200] for query in asked.captured_queries)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("kind=complaint", "b"),
        ("status=open", "abc"),
        ("status=closed", "d"),
        ("urgent=on", "c"),
        ("source=letter", "b"),
        ("since=2026-11-20", "c"),
        ("until=2026-11-18", "b"),
        ("since=2026-11-19&until=2026-11-19", "ad"),
        ("owner={wangfang}", "c"),
        ("department={engineering}", "a"),
        ("building={building}", "a"),
        ("kind=complaint&urgent=on", ""),
        ("department=999999", ""),
    ],
)
@pytest.mark.parametrize("which", ["board", "list"])
def test_the_filters_narrow_both_lists_alike(
    before: Callable[..., Reader], cast: Cast, which: str, query: str, shown: str
) -> None:
    engineering = cast.department("engineering")
    a = cases_like(cast, ["a"], department=engineering, unit=cast.home)[0]
    b = cases_like(cast, ["b"], kind="complaint", source="letter")[0]
    c = cases_like(cast, ["c"], urgent=True, owner=cast.wangfang)[0]
    d = cases_like(cast, ["d"], status="closed", closed_at=NOON)[0]
    Case.objects.filter(pk=b.pk).update(opened_at=moment("2026-11-18 23:59"))
    Case.objects.filter(pk=c.pk).update(opened_at=moment("2026-11-20 00:00"))
    promises_of([a, b, c, d])
    ids = {
        "wangfang": cast.wangfang.pk,
        "engineering": engineering.pk,
        "building": cast.home.building_id,
    }
    numbers = before(cast.zhoumin).numbers(which, f"?of=project&{query.format(**ids)}")
    titles = Case.objects.filter(number__in=numbers).values_list("title", flat=True)
    assert "".join(sorted(titles)) == shown


@pytest.mark.parametrize(
    "query", ["kind=nonsense", "since=gestern", "since=2026-11-20&until=2026-11-01", "department=x"]
)
def test_a_filter_that_makes_no_sense_lists_nothing_and_says_so(
    before: Callable[..., Reader], cast: Cast, query: str
) -> None:
    promises_of(cases_like(cast, ["灯不亮"]))
    for page in ("board", "list"):
        reader = before(cast.limin)
        assert reader.context(page, f"?of=project&{query}")["rows"] == []
        assert "筛选条件有误" in reader.text


@pytest.mark.parametrize(
    "after", ["x", "-_x", "1_", "nan_3", "1e99_1", "-_", "99999999999999999999_1"]
)
def test_a_broken_key_of_a_page_shows_the_first(
    before: Callable[..., Reader], cast: Cast, after: str
) -> None:
    promises_of(cases_like(cast, ["灯不亮"]))
    for page in ("board", "list"):
        about = before(cast.limin).context(page, f"?of=project&after={after}")
        assert len(about["rows"]) == (0 if page == "board" and after.startswith("-") else 1)


@pytest.mark.peers("T18")
def test_a_merged_case_is_listed_marked_and_said_apart_in_the_count(
    registered: Register, before: Callable[..., Reader], cast: Cast, scope: Scopes
) -> None:
    kept = registered("卫生间天花板滴水")
    merged = registered("楼上滴水下来了")
    linking.merge(case=merged, into=kept, by=scope(cast.zhoumin), at=MORNING, reason="同一处")
    reader = before(cast.zhoumin)
    assert set(reader.numbers("list")) == {kept.number, merged.number}
    assert f"已并入 {kept.number}" in reader.text
    assert "共 2 件，其中已并入 1 件" in reader.text
    assert reader.numbers("list", "?of=project&status=merged") == [merged.number]
    assert reader.numbers("list", "?of=project&status=open") == [kept.number]
    assert merged.number not in reader.numbers(query="?of=project")


@pytest.mark.clause("S0-3.1-2")
def test_an_open_case_in_which_nothing_moves_for_a_day_says_so(
    registered: Register, before: Callable[..., Reader], cast: Cast
) -> None:
    registered("卫生间天花板滴水")
    reader = before(cast.limin, "2026-11-20 09:11")
    reader.context("list")
    assert "没有进展" not in reader.text
    reader = before(cast.limin, "2026-11-20 10:13")
    reader.context("list")
    assert "1 天 1 时没有进展" in reader.text


def test_another_projects_work_is_on_no_page(
    registered: Register, before: Callable[..., Reader], cast: Cast
) -> None:
    registered("卫生间天花板滴水", kind="repair")
    for who in (cast.jingui_clerk, cast.jiangnan_manager):
        reader = before(who)
        for query in ("?of=mine", "?of=project", f"?of=project&project={cast.cuihu.pk}"):
            assert reader.numbers(query=query) == []
            assert reader.numbers("list", query) == []


# --- saved views ----------------------------------------------------------------------------------


def test_a_view_is_kept_renamed_chosen_as_default_and_deleted(
    before: Callable[..., Reader], cast: Cast
) -> None:
    client = before(cast.limin).client
    views, board = reverse("cases:views"), reverse("cases:board")
    said = {"page": "board", "name": "  今天 的投诉 ", "query": "kind=complaint&due=today&x=1"}
    answer = client.post(views, said)
    assert answer.status_code == 302
    view = SavedView.objects.get()
    assert view.name == "今天 的投诉"
    assert parse_qs(view.query) == {"kind": ["complaint"], "due": ["today"]}
    one = reverse("cases:view", args=[view.pk])
    client.post(one, {"do": "rename", "name": "投诉"})
    client.post(one, {"do": "default"})
    assert client.get(board).headers["Location"] == f"{board}?{view.query}"
    assert "投诉" in client.get(board, follow=True).content.decode()
    client.post(one, {"do": "no-default"})
    assert client.get(board).status_code == 200
    client.post(one, {"do": "delete"})
    assert not SavedView.objects.exists()


def test_a_view_without_a_name_is_refused_and_one_of_the_same_name_replaced(
    before: Callable[..., Reader], cast: Cast
) -> None:
    client = before(cast.limin).client
    views = reverse("cases:views")
    refused = client.post(views, {"page": "board", "name": " ", "query": "due=late"})
    assert refused.status_code == 422
    assert "请给视图起个名称" in refused.content.decode()
    for query in ("due=late", "due=hour"):
        client.post(views, {"page": "board", "name": "急的", "query": query})
    assert [view.query for view in SavedView.objects.all()] == ["due=hour"]


def test_nobody_touches_another_persons_view(before: Callable[..., Reader], cast: Cast) -> None:
    view = SavedView.objects.create(
        staff=cast.wangfang, page="board", name="她的", query="due=late"
    )
    reader = before(cast.limin)
    answer = reader.client.post(reverse("cases:view", args=[view.pk]), {"do": "delete"})
    assert answer.status_code == 404
    reader.context("board")
    assert "她的" not in reader.text


# --- the stock-take -------------------------------------------------------------------------------


@pytest.mark.clause("S4-4.3.6a-4")
def test_the_head_confirms_each_days_stock_take_with_instructions_once(
    registered: Register, before: Callable[..., Reader], cast: Cast
) -> None:
    open_case = registered("卫生间天花板滴水", kind="repair")
    cases_like(cast, ["早就关闭的"], status="closed", closed_at=NOON)
    reader = before(cast.sunli, "2026-11-19 17:30")
    rows = reader.context("stocktake")["rows"]
    assert [row.case for row in rows] == [open_case]
    stocktake = reverse("cases:stocktake")
    reader.client.post(stocktake, {"notes": "漏水的今晚必须止住"})
    reader.client.post(stocktake, {"notes": "再来一次"})
    taken = StockTake.objects.get()
    assert (taken.by, taken.at) == (cast.sunli, moment("2026-11-19 17:30"))
    assert (taken.open_cases, taken.late_cases) == (1, 1)
    assert taken.notes == "漏水的今晚必须止住"
    reader.context("stocktake")
    assert "孙丽 17:30 已盘点" in reader.text
    tomorrow = before(cast.sunli, "2026-11-20 17:00")
    tomorrow.client.post(stocktake)
    assert StockTake.objects.count() == 2


def test_a_clerk_does_not_take_stock(before: Callable[..., Reader], cast: Cast) -> None:
    client = before(cast.limin).client
    for answer in (client.get(reverse("cases:stocktake")), client.post(reverse("cases:stocktake"))):
        assert answer.status_code == 403
    assert not StockTake.objects.exists()
