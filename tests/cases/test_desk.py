"""The desk: whoever hears a customer writes it down, and what follows is promised."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from shouwen.accounts.models import Disclosure, Staff
from shouwen.adoption.actions import adopt
from shouwen.cases.models import Case, Contact, Done
from shouwen.estate.models import Customer, Phone
from shouwen.notify.models import OutboxMessage
from tests.cast import Cast
from tests.moments import moment

SignIn = Callable[[Client, Staff], Client]
Clock = Callable[..., datetime]
LEAK = "她家卫生间天花板在滴水，地上已经积水了，担心漏到电箱。楼上 601 好像没人在家。"
NOISE = "投诉楼上装修，中午用电锤，没人管"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def desk(cast: Cast, client: Client, sign_in: SignIn, clock: Clock) -> Client:
    """李敏 at her desk on a Friday morning."""
    clock("2026-11-20 09:12", "周五")
    return sign_in(client, cast.limin)


def press(desk: Client, button: str = "register", **typed: Any) -> Any:
    return desk.post("/desk", {"do": button, "source": "phone", **typed})


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def preview(desk: Client, **typed: Any) -> Any:
    return desk.post("/desk/preview", {"source": "phone", **typed}, headers=HTMX)


# --- Saving ---------------------------------------------------------------------------------------


def test_saving_never_needs_more_than_a_text(desk: Client, cast: Cast) -> None:
    answer = press(desk, text="楼道灯不亮")
    case = Case.objects.get()
    assert answer.url == f"/desk/saved/{case.number}"
    assert (case.owner, case.text, case.customer_name) == (cast.limin, "楼道灯不亮", "")
    assert case.number in desk.get(answer.url).content.decode()


@pytest.mark.clause("S0-3.4-8")
def test_a_room_alone_brings_the_customer_with_name_and_phone(desk: Client, cast: Cast) -> None:
    press(desk, who="3栋2单元501", text=LEAK)
    contact = Contact.objects.get()
    assert (contact.unit, contact.customer) == (cast.home, cast.mswang)
    assert (contact.name, contact.phone) == ("王女士", "13900000421")
    assert contact.address == cast.home.label


def test_one_button_registers_and_dispatches_and_the_department_is_told(
    desk: Client, cast: Cast
) -> None:
    press(desk, "dispatch", text=LEAK)
    case = Case.objects.get()
    assert (case.status, case.department) == ("dispatched", cast.department("engineering"))
    assert OutboxMessage.objects.filter(staff=cast.liuqiang, urgent=True).exists()


def test_what_must_be_confirmed_first_delays_the_dispatch_and_never_the_registration(
    desk: Client, cast: Cast
) -> None:
    answer = press(desk, "dispatch", text=NOISE)
    case = Case.objects.get()
    page = words(desk.get(answer.url))
    assert case.status == "registered"
    assert "还没有派单" in page
    assert "已复述" in page
    desk.post(f"{answer.url}/dispatch", {"ticks": "read-back", "lead": "CH-engineering"})
    case.refresh_from_db()
    assert (case.status, case.department) == ("dispatched", cast.department("engineering"))


def test_a_tick_at_the_desk_is_kept_with_its_time(desk: Client) -> None:
    press(desk, "dispatch", text=NOISE, ticks=["read-back"])
    assert Case.objects.get().status == "dispatched"
    ticked = Contact.objects.get().ticks["read-back"]
    assert datetime.fromisoformat(ticked) == moment("2026-11-20 09:12")


@pytest.mark.clause("S0-3.3.2-1", "S2-A15-3")
def test_what_is_answered_in_the_same_call_is_kept_as_a_contact_with_its_answer(
    desk: Client,
) -> None:
    answer = press(desk, "answer", text="咨询停车月租", answer="地面 150 元，地库 300 元")
    contact = Contact.objects.get()
    assert (contact.answer, Case.objects.count()) == ("地面 150 元，地库 300 元", 0)
    assert contact.answered_at == moment("2026-11-20 09:12")
    assert contact.number in words(desk.get(answer.url))
    assert "当场答复" in words(desk.get("/contacts"))


def test_answered_at_once_without_an_answer_is_asked_for_one(desk: Client) -> None:
    answer = press(desk, "answer", text="咨询停车月租")
    assert answer.status_code == 422
    assert "请写下当场是怎么答复的" in words(answer)
    assert "咨询停车月租" in words(answer)
    assert not Contact.objects.exists()


@pytest.mark.clause("S0-3.4-9", "S0-3.4-12", "S2-A8-3b")
def test_one_call_may_bring_several_matters_each_its_own_case(desk: Client, cast: Cast) -> None:
    saved = press(desk, who="3栋2单元501", text="厨房水龙头漏水")
    page = desk.get(saved.url)
    contact = Contact.objects.get()
    assert "其它需要帮助" in words(page)
    onward = f"/desk?after={contact.number}"
    assert onward in page.content.decode()
    assert "王女士" in words(desk.get(onward))
    press(desk, text="顺便投诉楼道垃圾两天没清", after=contact.number)
    assert Contact.objects.count() == 1
    assert [case.kind for case in contact.cases.order_by("pk")] == ["repair", "complaint"]
    assert {case.customer for case in contact.cases.all()} == {cast.mswang}


def test_a_double_click_registers_once_and_gives_the_same_number(desk: Client) -> None:
    first, second = (press(desk, text=LEAK, key="k-1") for _ in range(2))
    assert first.url == second.url
    assert (Case.objects.count(), Done.objects.count()) == (1, 1)


def test_the_same_key_with_another_text_is_another_matter_and_asks_first(desk: Client) -> None:
    press(desk, text=LEAK, key="k-1")
    answer = press(desk, text=NOISE, key="k-1")
    assert answer.status_code == 422
    assert "刚才已经提交过一次" in words(answer)
    assert Case.objects.count() == 1
    fresh = re.search(r'name="key" value="(\w+)"', answer.content.decode())
    assert fresh
    assert fresh[1] != "k-1"
    press(desk, text=NOISE, key=fresh[1])
    assert Case.objects.count() == 2


# --- Sources --------------------------------------------------------------------------------------


@pytest.mark.clause("S0-3.2-1", "S4-3.2-1")
def test_every_source_of_the_regulation_can_be_chosen(desk: Client) -> None:
    page = words(desk.get("/desk"))
    for source in ("口头", "电话", "函件", "客户信息数据平台", "客户拜访等主动沟通", "满意度测评"):
        assert source in page


@pytest.mark.clause("S0-3.2-2")
def test_a_call_at_night_is_marked_and_stands_in_the_morning_hand_over(
    cast: Cast, client: Client, sign_in: SignIn, clock: Clock
) -> None:
    clock("2026-11-20 02:10", "周五")
    press(sign_in(client, cast.gaofei), text="地库道闸坏，出不了库")
    assert Contact.objects.get().night
    clock("2026-11-20 08:05", "周五")
    page = words(sign_in(client, cast.limin).get("/handover"))
    assert "地库道闸坏" in page
    assert "高飞" in page


def test_a_call_of_last_week_is_no_longer_handed_over(
    cast: Cast, client: Client, sign_in: SignIn, clock: Clock
) -> None:
    clock("2026-11-13 02:10", "周五")
    press(sign_in(client, cast.gaofei), text="地库道闸坏")
    clock("2026-11-20 08:05", "周五")
    assert "夜里没有来电" in words(sign_in(client, cast.limin).get("/handover"))


@pytest.mark.clause("S0-3.2-3")
def test_a_walk_in_is_one_click_and_notes_how_long_they_waited(desk: Client) -> None:
    page = desk.get("/desk?source=front-desk")
    assert "/desk?source=front-desk" in desk.get("/desk").content.decode()
    assert "这里是服务处" in words(page)
    press(desk, source="front-desk", text="办理装修手续", waited="12")
    contact = Contact.objects.get()
    assert (contact.source, contact.details["waited"]) == ("front-desk", 12)


@pytest.mark.clause("S0-3.2-4", "S0-3.2-5")
def test_a_case_passed_on_carries_its_sender_number_and_due_time(desk: Client) -> None:
    press(
        desk, source="hotline-400", text=NOISE, sender="400 热线", sender_number="Z-2026-77",
        sender_due="2026-11-23T17:00",
    )  # fmt: skip
    contact, case = Contact.objects.get(), Case.objects.get()
    assert (contact.sender, contact.sender_number) == ("400 热线", "Z-2026-77")
    owed = case.commitments.get(rule="sender-answered-in-time")
    assert owed.due_at == moment("2026-11-23 17:00", "周一")


@pytest.mark.clause("S0-3.2-6")
def test_an_oral_report_names_who_heard_it_and_a_letter_keeps_its_scan(desk: Client) -> None:
    press(desk, source="oral", text=NOISE, heard_by="保洁 刘姐", heard_at="2026-11-20T08:40")
    oral = Contact.objects.get()
    assert (oral.heard_by, oral.heard_at) == ("保洁 刘姐", moment("2026-11-20 08:40"))
    scan = SimpleUploadedFile("来信.pdf", b"%PDF-1.7 letter")
    press(desk, source="letter", text="来信要求公布公共收益", uploads=[scan])
    letter = Contact.objects.get(source="letter")
    assert letter.attachments.get().label == "来信.pdf"
    assert letter.details["scan"] == "来信.pdf"


def test_a_night_call_typed_later_counts_from_when_it_was(desk: Client) -> None:
    press(desk, text=NOISE, happened="2026-11-19T22:30", stand_in="on")
    contact = Contact.objects.get()
    assert (contact.night, contact.late_entry, contact.stand_in) == (True, True, True)
    assert Case.objects.get().opened_at == moment("2026-11-19 22:30")
    assert contact.recorded_at == moment("2026-11-20 09:12")


# --- What the desk says while one types -----------------------------------------------------------


def test_the_greeting_of_the_adopted_regulation_stands_on_the_empty_desk(desk: Client) -> None:
    assert "您好，翠湖花园，请讲。" in words(desk.get("/desk"))


def test_the_text_suggests_kind_department_and_urgency_and_says_which_words_did(
    desk: Client,
) -> None:
    page = preview(desk, text=LEAK).content.decode()
    for chip in ("pick-kind-repair", "pick-lead-CH-engineering", "pick-urgent-yes"):
        assert re.search(rf'id="{chip}" checked', page), chip
    assert "“滴水”→ 报修" in page
    assert "“积水”→ 先处置，费用后说" in page
    assert "我们立即联系工程人员" in page


def test_what_the_clerk_chose_is_never_overwritten_by_a_suggestion(desk: Client) -> None:
    chosen = {"axis-kind": "facility", "was-kind": "repair"}
    page = preview(desk, text=LEAK, **chosen).content.decode()
    assert re.search(r'id="pick-kind-facility" checked', page)
    kept: dict[str, Any] = {"axis-kind": "facility", "was-kind": "complaint", "hand": ["kind"]}
    page = preview(desk, text=NOISE, **kept).content.decode()
    assert re.search(r'id="pick-kind-facility" checked', page)
    press(desk, text=NOISE, **kept)
    assert Case.objects.get().kind == "facility"


def test_a_suggestion_of_an_older_text_gives_way_to_the_newer_text(desk: Client) -> None:
    press(desk, text=NOISE, **{"axis-kind": "repair", "was-kind": "repair"})
    assert Case.objects.get().kind == "complaint"


def test_taking_the_urgent_chip_away_is_a_decision_too(desk: Client) -> None:
    press(desk, text=LEAK, **{"was-urgent": "yes"})
    assert Case.objects.get().urgent is False


def test_before_saving_stands_what_saving_will_promise_and_saving_promises_just_that(
    desk: Client,
) -> None:
    page = words(preview(desk, text=NOISE))
    press(desk, "dispatch", text=NOISE, ticks=["read-back"])
    commitments = Case.objects.get().commitments.all()
    assert commitments
    for one in commitments:
        assert one.title in page
    due = commitments.get(rule="complaint-first-response").due_at
    assert due == moment("2026-11-20 10:12")
    assert "今天 10:12" in page


def test_it_says_who_is_told_now_and_who_when_it_is_late(desk: Client) -> None:
    page = words(preview(desk, text=LEAK))
    assert "工程部 ：刘强" in page or "工程部：刘强" in page
    assert "项目经理 周敏" in page


@pytest.mark.clause("S3-4.1-2")
def test_the_four_clear_and_one_report_are_ticked_where_the_regulation_wants_them(
    desk: Client, cast: Cast, clock: Clock
) -> None:
    adopt(
        unit=cast.cuihu,
        regulation="complaint-procedure",
        position=0,
        since=moment("2026-11-20 09:00"),
    )
    page = words(preview(desk, text=NOISE))
    five = {"heard": "听清楚", "asked": "问清楚", "repeated": "复清楚", "noted": "记清楚"}
    five["told-head"] = "已报告部门主管或负责人"
    for title in five.values():
        assert title in page
    noise = {"text": NOISE, "axis-business": "decoration-noise"}
    press(desk, "dispatch", ticks=["heard", "asked"], **noise)
    assert Case.objects.get().status == "registered"
    press(desk, "dispatch", ticks=list(five), **noise)
    assert Case.objects.latest("pk").status == "dispatched"


# --- Who is calling -------------------------------------------------------------------------------


def test_the_caller_brings_what_is_open_and_what_was_before_and_what_to_mind(
    desk: Client, cast: Cast
) -> None:
    press(desk, who="3栋2单元501", text="厨房水槽下漏水")
    press(desk, "answer", who="3栋2单元501", text="咨询停车月租", answer="150 元")
    page = words(desk.get("/desk/caller", {"who": "13900000421"}, headers=HTMX))
    for said in (
        "王女士",
        "业主",
        "独居老人",
        "139 **** 0421",
        Case.objects.get().number,
        "咨询停车月租",
    ):
        assert said in page
    assert "13900000421" not in page.replace('value="13900000421"', "")


def test_the_number_on_file_is_masked_and_looking_behind_it_leaves_a_trace(
    desk: Client, cast: Cast
) -> None:
    page = desk.get("/desk", {"who": "3-2-501"}).content.decode()
    assert "13900000421" not in page
    address = re.search(r'hx-post="(/phones/\d+/reveal)"', page)
    assert address
    assert "13900000421" in desk.post(address[1], headers=HTMX).content.decode()
    assert Disclosure.objects.get().staff == cast.limin


def test_a_name_that_several_have_offers_them_to_choose(desk: Client, cast: Cast) -> None:
    Customer.objects.create(
        project=cast.cuihu, company=cast.jinxiu, group=cast.group, name="王先生"
    )
    page = words(desk.get("/desk/caller", {"who": "王"}, headers=HTMX))
    assert "王先生" in page
    assert "王女士" in page


def test_nobody_of_another_project_is_found_at_this_desk(desk: Client, cast: Cast) -> None:
    other = Customer.objects.create(
        project=cast.jiangnan, company=cast.anhe, group=cast.group, name="钱先生"
    )
    Phone.objects.create(customer=other, project=cast.jiangnan, number="13911112222")
    assert "钱先生" not in words(desk.get("/desk", {"who": "13911112222"}))
    press(desk, text="停水", customer=other.pk, unit=cast.elsewhere.pk)
    assert Contact.objects.get().customer is None
    assert Contact.objects.get().unit is None


# --- Wrong input ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"text": "  "}, "请写下客户说了什么"),
        ({"text": "漏" * 20_000}, "最多 10000 字"),
        ({"text": NOISE, "phone": "一三九"}, "电话只能是数字"),
        ({"text": NOISE, "happened": "昨天夜里"}, "日期时间不对"),
        ({"text": NOISE, "happened": "2026-12-01T08:00"}, "来电时间不能晚于现在"),
        ({"text": NOISE, "name": "长" * 61}, "60"),
    ],
)  # fmt: skip
def test_a_wrong_entry_is_named_at_its_field_and_nothing_typed_is_lost(
    desk: Client, typed: dict[str, str], sentence: str
) -> None:
    answer = press(desk, **{"sender": "街道办", **typed, "axis-kind": "facility"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert "is-wrong" in page
    assert typed["text"].strip() in page
    assert "街道办" in page
    assert re.search(r'id="pick-kind-facility" checked', page)
    assert not Contact.objects.exists()


@pytest.mark.parametrize("name", ["照片.jpg", "说明.svg", "合同.pdf"])
def test_a_file_that_is_not_what_its_name_says_is_refused_and_the_text_stays(
    desk: Client, name: str
) -> None:
    answer = press(desk, text=NOISE, uploads=[SimpleUploadedFile(name, b"<svg onload=alert(1)>")])
    assert answer.status_code == 422
    assert name in words(answer)
    assert NOISE in words(answer)
    assert not Contact.objects.exists()


def test_html_in_every_field_is_shown_as_it_was_typed(desk: Client) -> None:
    evil = "<script>alert(1)</script>"
    fields = dict.fromkeys(
        ("who", "name", "address", "text", "heard_by", "sender", "accused"), evil
    )
    saved = press(desk, **fields)
    number = Contact.objects.get().number
    for address in (
        saved.url,
        "/contacts",
        f"/contacts/{number}",
        "/contacts/register",
        "/handover",
    ):
        assert evil not in desk.get(address).content.decode(), address
    assert evil not in preview(desk, **fields).content.decode()


def test_the_desk_works_without_scripts(desk: Client, cast: Cast) -> None:
    found = press(desk, "find", who="3栋2单元501", text=LEAK)
    assert found.status_code == 200
    assert "王女士" in words(found)
    assert LEAK in words(found)
    looked = press(desk, "look", text=LEAK)
    assert "报修首次接洽" in words(looked)
    assert not Contact.objects.exists()


# --- Who may --------------------------------------------------------------------------------------


def test_the_first_page_of_a_clerk_is_the_desk(desk: Client) -> None:
    assert desk.get("/").headers["Location"] == "/desk"


def test_an_auditor_has_no_desk(cast: Cast, client: Client, sign_in: SignIn) -> None:
    sign_in(client, cast.admin)
    assert client.get("/desk").status_code == 403
    assert client.get("/").headers["Location"] != "/desk"


@pytest.mark.clause("S0-3.1-7")
def test_an_engineer_may_report_what_he_was_told_and_the_desk_dispatches_it(
    cast: Cast, client: Client, sign_in: SignIn, clock: Clock
) -> None:
    clock("2026-11-20 09:12", "周五")
    page = sign_in(client, cast.chenjianguo).get("/desk").content.decode()
    assert "登记并派单" not in page
    press(client, text="住户反映门禁坏了")
    assert Case.objects.get().owner == cast.chenjianguo


# --- Cost -----------------------------------------------------------------------------------------


def test_the_desk_asks_the_database_the_same_number_of_questions_however_much_there_is(
    desk: Client, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    desk.get("/desk")
    with django_assert_max_num_queries(22):
        desk.get("/desk", {"who": "3栋2单元501"})
    for n in range(12):
        press(desk, who="3栋2单元501", text=f"{LEAK} {n}")
    with django_assert_max_num_queries(28):
        desk.get("/desk", {"who": "3栋2单元501"})
    with django_assert_max_num_queries(45):
        preview(desk, text=LEAK, unit=cast.home.pk)


def test_who_reaches_several_projects_looks_for_callers_in_the_one_at_hand(
    cast: Cast, client: Client, sign_in: SignIn
) -> None:
    place = {"company": cast.jinxiu, "group": cast.group}
    Customer.objects.create(project=cast.jingui, name="王金桂", **place)
    sign_in(client, cast.fengjuan)
    client.post(f"/projects/{cast.cuihu.pk}/choose")
    page = words(client.get("/desk", {"who": "王"}))
    assert "王女士" in page
    assert "王金桂" not in page


def test_everybody_begins_where_his_work_is(
    cast: Cast, client: Client, sign_in: SignIn, clock: Clock
) -> None:
    """Who makes no promises to customers finds no empty board."""
    clock("2026-11-20 09:12", "周五")
    begins = {
        cast.limin: "/desk", cast.chenjianguo: "/desk", cast.xuqin: "/money",
        cast.tangli: "/money", cast.machao: "/stores",
    }  # fmt: skip
    found = {who: sign_in(client, who).get("/").headers["Location"] for who in begins}
    assert {who: page.rstrip("/") for who, page in found.items()} == begins
