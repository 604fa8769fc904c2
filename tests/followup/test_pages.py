"""The pages of return visits: the list, its export, the record, the shares, the draw."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from PIL import Image

from shouwen.accounts.models import Disclosure, Staff
from shouwen.cases.models import Case
from shouwen.followup.actions.following import follow
from shouwen.followup.actions.recording import Said, attempt
from shouwen.followup.models import Visit
from tests.cast import Cast
from tests.followup.conftest import FINISHED, NEXT_DAY, S2, Desk
from tests.moments import moment

clause = pytest.mark.clause
MOST_QUERIES = 12
RUDE = "投诉保安态度差"


@pytest.fixture(autouse=True)
def now(clock: Callable[..., datetime]) -> None:
    clock("2026-11-20 10:00", "周五")


@pytest.fixture
def visit(desk: Desk) -> Visit:
    """李敏 is to ask 王女士 about a complaint that 陈建国 dealt with."""
    return desk.visit(desk.finished(RUDE, kind="complaint"), "complaint-visit")


def sees(desk: Desk, who: Staff, name: str = "visits", *args: object, **asked: Any) -> str:
    response = desk.client(who).get(reverse(f"followup:{name}", args=args), asked)
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


def sends(desk: Desk, who: Staff, name: str, *args: object, **fields: Any) -> Any:
    return desk.client(who).post(reverse(f"followup:{name}", args=args), fields)


def errors(response: Any) -> str:
    assert response.status_code == 422, response.status_code
    return str(response.content.decode())


SATISFIED = {"key": "k1", "result": "satisfied", "mode": "phone", "spoken_to": "王女士"}


# --- The list -------------------------------------------------------------------------------------


def test_the_list_shows_mine_and_the_projects_and_what_is_overdue_on_top(
    desk: Desk, cast: Cast, visit: Visit
) -> None:
    later = desk.visit(desk.finished("投诉电梯慢", kind="complaint"), "complaint-visit")
    Visit.objects.filter(pk=visit.pk).update(due_at=NEXT_DAY - timedelta(hours=2))
    page = sees(desk, cast.limin)
    assert page.index(f'/visits/{visit.pk}"') < page.index(f'/visits/{later.pk}"')
    assert "is-late" in page
    assert "没有待办的回访" in sees(desk, cast.wangfang)
    assert f"/visits/{visit.pk}" in sees(desk, cast.wangfang, of="project")
    assert f"/visits/{visit.pk}" in sees(desk, cast.zhengjie, of="company")


def test_nobody_sees_the_visits_of_another_project(desk: Desk, cast: Cast, visit: Visit) -> None:
    for who in (cast.jingui_clerk, cast.jiangnan_manager):
        for level in ("mine", "project", "company"):
            assert f"/visits/{visit.pk}" not in sees(desk, who, of=level)
        for name in ("visit", "form"):
            address = reverse(f"followup:{name}", args=[visit.pk])
            assert desk.client(who).get(address).status_code == 404
        assert sends(desk, who, "visit", visit.pk, **SATISFIED).status_code == 404
        assert sends(desk, who, "phone", visit.pk).status_code == 404
        panel = reverse("followup:panel", args=[visit.case.number])
        assert desk.client(who).get(panel).status_code == 404
    visit.refresh_from_db()
    assert visit.state == Visit.State.PLANNED


def test_a_row_says_how_often_it_was_tried_and_what_was_agreed(
    desk: Desk, cast: Cast, visit: Visit
) -> None:
    by = desk.of(cast.limin)
    attempt(visit=visit, by=by, at=FINISHED, outcome="no-answer")
    attempt(visit=visit, by=by, at=FINISHED, outcome="later", again_at=moment("2026-11-20 18:30"))
    page = sees(desk, cast.limin)
    assert "2 次未访成" in page
    assert "约 11-20 18:30" in page


@clause("S2-A17r-7")
def test_the_register_is_searched_by_kind_date_room_and_result(
    desk: Desk, cast: Cast, visit: Visit
) -> None:
    desk.asks(visit, "partly", opinion="还有一处")
    asked = {"of": "project", "state": "done"}
    here = f"/visits/{visit.pk}"
    for found in (
        {"result": "partly"}, {"rule": "complaint-visit"}, {"kind": "complaint"}, {"room": "501"},
        {"since": "2026-11-20", "until": "2026-11-20"},
    ):  # fmt: skip
        assert here in sees(desk, cast.limin, **asked, **found), found
    for other in (
        {"result": "satisfied"}, {"rule": "repair-visit"}, {"kind": "repair"}, {"room": "999"},
        {"since": "2026-11-21"}, {"until": "2026-11-19"},
    ):  # fmt: skip
        assert here not in sees(desk, cast.limin, **asked, **other), other
    wrong = sees(desk, cast.limin, **asked, since="2026-11-21", until="2026-11-20")
    assert "请对调" in wrong


@clause("S2-A17r-7")
def test_the_register_is_exported_exactly_as_it_is_listed(desk: Desk, cast: Cast) -> None:
    for number in range(3):
        case = desk.finished(f"投诉 {number}", kind="complaint")
        made = desk.visit(case, "complaint-visit")
        desk.asks(made, at=NEXT_DAY + timedelta(minutes=number), opinion="=1+1")
    asked = {"of": "project", "state": "done", "rule": "complaint-visit"}
    listed = re.findall(r"S-CH-\d{6}-\d{3}", sees(desk, cast.limin, **asked))
    assert len(listed) == 3
    response = desk.client(cast.limin).get(reverse("followup:export", args=["csv"]), asked)
    body = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined] # streamed
    rows = list(csv.DictReader(io.StringIO(body)))
    assert [row["编号"] for row in rows] == listed
    assert [row["结果"] for row in rows] == ["满意"] * 3
    assert {row["客户意见"] for row in rows} == {"'=1+1"}
    book = desk.client(cast.limin).get(reverse("followup:export", args=["xlsx"]), asked)
    content = b"".join(book.streaming_content)  # type: ignore[attr-defined] # streamed
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    assert [cell.value for cell in sheet["C"]][1:] == listed


def test_who_may_not_export_is_refused(desk: Desk, cast: Cast) -> None:
    address = reverse("followup:export", args=["csv"])
    assert desk.client(cast.wuqiang).get(address).status_code == 403


def test_a_long_list_is_read_page_by_page_and_costs_the_same(
    desk: Desk, cast: Cast, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert queries(desk, cast.limin) <= MOST_QUERIES
    one = queries(desk, cast.limin)
    for number in range(6):
        desk.finished(f"投诉 {number}", kind="complaint")
    follow(at=FINISHED)
    assert queries(desk, cast.limin) == one
    monkeypatch.setattr("shouwen.followup.listing.PAGE", 3)
    seen: list[str] = []
    client, address = desk.client(cast.limin), reverse("followup:visits")
    for _ in range(3):
        response = client.get(address)
        seen += [str(row.pk) for row in response.context["rows"]]
        address = reverse("followup:visits") + response.context["pager"].older
    assert len(seen) == len(set(seen)) == 7


def queries(desk: Desk, who: Staff) -> int:
    client = desk.client(who)
    client.get(reverse("followup:visits"))
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("followup:visits"))
    return len(asked)


# --- One visit ------------------------------------------------------------------------------------


def test_the_page_says_what_was_done_and_promised_what_to_say_and_whom_to_ring(
    desk: Desk, cast: Cast, visit: Visit
) -> None:
    page = sees(desk, cast.limin, "visit", visit.pk)
    for words in (
        "换了角阀，试水不漏",
        "王女士您好，我是翠湖花园的李敏",
        "客户沟通管理规定",
        "139 **** 0421",
    ):
        assert words in page, words
    assert "13900000421" not in page


def test_looking_behind_the_mask_is_written_down(desk: Desk, cast: Cast, visit: Visit) -> None:
    shown = sends(desk, cast.limin, "phone", visit.pk).content.decode()
    assert "13900000421" in shown
    trace = Disclosure.objects.get()
    assert (trace.staff, trace.record_id, trace.purpose) == (cast.limin, visit.case_id, "回访")


def test_a_record_is_sent_once_however_often_it_is_clicked(
    desk: Desk, cast: Cast, visit: Visit
) -> None:
    for _ in range(2):
        assert sends(desk, cast.limin, "visit", visit.pk, **SATISFIED).status_code == 302
    visit.refresh_from_db()
    assert (visit.result, visit.spoken_to) == ("satisfied", "王女士")
    assert visit.case.journal.filter(verb="visited").count() == 1
    assert "已记录回访" not in sees(desk, cast.wangfang, "visit", visit.pk)


def test_what_was_typed_survives_a_refusal(desk: Desk, cast: Cast, visit: Visit) -> None:
    partly = {**SATISFIED, "result": "partly"}
    opinion = {"item-0": "花坛的灯不亮"}
    page = errors(sends(desk, cast.limin, "visit", visit.pk, **partly, **opinion))
    assert "写下还有什么没解决" in page
    assert "花坛的灯不亮" in page
    again = sends(desk, cast.limin, "visit", visit.pk, **partly, **opinion, opinion="还漏")
    assert again.status_code == 302
    visit.case.refresh_from_db()
    assert visit.case.round == 2


def test_several_visitors_and_who_typed_it_in_stand_on_the_record(
    desk: Desk, cast: Cast, visit: Visit
) -> None:
    people = [cast.limin.pk, cast.wangfang.pk]
    sends(desk, cast.sunli, "visit", visit.pk, visitors=people, **SATISFIED)
    page = sees(desk, cast.limin, "visit", visit.pk)
    assert "李敏、王芳" in page
    assert "代为录入" in page
    assert "孙丽" in page


@clause("S2-A18-6c")
def test_a_signature_is_kept_with_the_record(desk: Desk, cast: Cast) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (20, 10), "white").save(picture, "PNG")
    desk.adopts(S2)
    case = desk.finished("水龙头滴水", kind="repair", origin="daily")
    every = desk.visits(case)["visit-every-repair"]
    upload = SimpleUploadedFile("签名.png", picture.getvalue(), "image/png")
    response = sends(desk, cast.gaofei, "visit", every.pk, **SATISFIED, signature=upload)
    assert response.status_code == 302, errors(response)
    every.refresh_from_db()
    assert every.signature is not None
    assert every.signature.case == case
    assert "签名.png" in sees(desk, cast.gaofei, "visit", every.pk)


def test_an_attempt_is_written_down_on_the_page(desk: Desk, cast: Cast, visit: Visit) -> None:
    assert "约定的时间" in errors(
        sends(desk, cast.limin, "attempt", visit.pk, **{"try-outcome": "later"})
    )
    sends(desk, cast.limin, "attempt", visit.pk, **{"try-outcome": "no-answer", "try-note": "忙"})
    page = sees(desk, cast.limin, "visit", visit.pk)
    assert "无人接听" in page
    assert "忙" in page


def test_the_head_gives_a_visit_to_another_and_a_clerk_may_not(
    desk: Desk, cast: Cast, visit: Visit
) -> None:
    chosen = {"visitors": [cast.wangfang.pk]}
    assert sends(desk, cast.limin, "visitors", visit.pk, **chosen).status_code == 403
    assert sends(desk, cast.sunli, "visitors", visit.pk, **chosen).status_code == 302
    assert "孙丽指派" in sees(desk, cast.wangfang, "visit", visit.pk)
    assert f"/visits/{visit.pk}" in sees(desk, cast.wangfang)


@clause("S2-HF1-4a")
def test_an_opinion_on_the_page_becomes_a_matter_with_one_click(
    desk: Desk, cast: Cast, visit: Visit
) -> None:
    desk.asks(visit, items=[Said("花坛的灯不亮")])
    assert "还没有着落" in sees(desk, cast.limin, "visit", visit.pk)
    response = sends(desk, cast.limin, "open-item", visit.items.get().pk)
    opened = Case.objects.get(text="花坛的灯不亮")
    assert response.headers["Location"] == reverse("cases:case", args=[opened.number])
    assert opened.number in sees(desk, cast.limin, "visit", visit.pk)


@clause("S2-A18-6a")
def test_the_form_on_paper_has_its_number_and_what_is_to_be_asked(desk: Desk) -> None:
    desk.adopts(S2)
    case = desk.finished(RUDE, kind="complaint")
    visit = desk.visits(case)["visit-general-complaint"]
    page = sees(desk, desk.cast.limin, "form", visit.pk)
    for words in ("回访记录表", visit.form_number, "质量评价", "住户签名", "刘强"):
        assert words in page, words


def test_the_page_of_a_case_shows_its_visits(desk: Desk, cast: Cast, visit: Visit) -> None:
    desk.asks(visit, "partly", opinion="还有一处")
    panel = sees(desk, cast.limin, "panel", visit.case.number)
    assert "部分解决" in panel
    assert "还有一处" in panel


@clause("S4-3.7-1")
def test_a_visit_while_the_work_goes_on_is_typed_in_from_the_case(desk: Desk, cast: Cast) -> None:
    case = desk.registers(RUDE, kind="complaint")
    assert "记录过程中回访" in sees(desk, cast.limin, "panel", case.number)
    said = {"opinion": "催得紧", "mode": "phone"}
    assert sends(desk, cast.limin, "during", case.number, **said).status_code == 302
    assert "不计入回访率" in sees(desk, cast.limin, "panel", case.number)


# --- The shares -----------------------------------------------------------------------------------


@clause("S2-A18-1c")
def test_the_page_of_shares_shows_each_rule_against_its_target(
    desk: Desk, cast: Cast, visit: Visit
) -> None:
    desk.visit(desk.finished("投诉电梯慢", kind="complaint"), "complaint-visit")
    desk.asks(visit)
    page = sees(desk, cast.limin, "coverage")
    assert "50.0% / 100%" in page
    assert "1 次回访" in page
    assert "剩 4 天" in page
    assert "还没有要回访的事项" in sees(desk, cast.limin, "coverage", month="2026-10")
    assert "2026-11" in sees(desk, cast.limin, "coverage", month="2026-99")


def test_the_head_draws_more_and_everybody_sees_the_lots(
    desk: Desk, cast: Cast, drawn: Callable[..., Case]
) -> None:
    case = drawn(wanted=False)
    out = Visit.objects.filter(state="not-drawn").order_by("draw")
    page = sees(desk, cast.limin, "sample", "repair-visit")
    lots = [f"{v.draw:.4f}" for v in Visit.objects.order_by("draw")]
    assert [lot for lot in lots if lot in page] == lots
    lowest = out[0]
    asked = {"more": "1", "month": "2026-11", "of": "project"}
    assert sends(desk, cast.limin, "draw", "repair-visit", **asked).status_code == 403
    assert out.count() == len(out)
    assert "整数" in errors(
        sends(desk, cast.sunli, "draw", "repair-visit", **{**asked, "more": "x"})
    )
    sends(desk, cast.sunli, "draw", "repair-visit", **asked)
    lowest.refresh_from_db()
    assert (lowest.state, lowest.topped_up) == ("planned", True)
    assert case.visits.exists()


def test_a_visit_not_drawn_is_added_from_its_own_page(
    desk: Desk, cast: Cast, drawn: Callable[..., Case]
) -> None:
    visit = drawn(wanted=False).visits.get()
    assert "没有抽中" in sees(desk, cast.sunli, "visit", visit.pk)
    assert sends(desk, cast.sunli, "plan", visit.pk).status_code == 302
    visit.refresh_from_db()
    assert visit.state == "planned"
