"""What a customer answers, asks and adds through his link, and whom it reaches."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from shouwen.accounts.scope import scope_of
from shouwen.cases.actions.closing import decide_void, request_void
from shouwen.cases.actions.linking import merge
from shouwen.cases.models import Case, JournalEntry
from shouwen.notify.models import OutboxMessage
from shouwen.portal.actions.answering import rate
from shouwen.portal.actions.linking import issue_link
from shouwen.rules.refused import Refused
from tests.followup.conftest import NEXT_DAY
from tests.permissions_world import PNG
from tests.portal.conftest import Portal


def verbs(case: Case) -> list[str]:
    return list(case.journal.order_by("seq").values_list("verb", flat=True))


def last(case: Case, verb: str) -> JournalEntry:
    entry = case.journal.filter(verb=verb).order_by("-seq").first()
    assert entry is not None
    return entry


def told(case: Case, word: str) -> list[str]:
    """Who was told of something about the case."""
    rows = OutboxMessage.objects.filter(event__startswith=f"case:{case.pk}:{word}")
    return sorted(rows.values_list("staff__name", flat=True))


# --- Is it settled? -------------------------------------------------------------------------------


@pytest.mark.peers("T24")
def test_one_click_in_the_message_is_the_answer_without_sign_in_or_details(
    portal: Portal, finished: Case
) -> None:
    page = portal.customer(finished).clicks("satisfied")
    assert "您的评价：已解决" in page
    entry = last(finished, "rated")
    assert (entry.data["result"], entry.by, entry.said_by) == ("satisfied", None, "王女士")


@pytest.mark.peers("T23", "T16", "T22")
@pytest.mark.parametrize(("answer", "word"), [("partly", "部分解决"), ("unsatisfied", "未解决")])
def test_partly_or_not_settled_opens_the_matter_again_with_reason_channel_and_who_said_so(
    portal: Portal, finished: Case, answer: str, word: str
) -> None:
    portal.customer(finished).clicks(answer)
    finished.refresh_from_db()
    entry = last(finished, "reopened")
    assert (finished.status, finished.round) == ("registered", 2)
    assert (entry.data, entry.said_by) == (
        {"reason": f"客户评价：{word}", "channel": "link"}, "王女士"
    )  # fmt: skip
    assert told(finished, "reopened") == ["李敏"]


def test_the_same_click_twice_is_one_answer(portal: Portal, finished: Case) -> None:
    customer = portal.customer(finished)
    customer.clicks("partly")
    customer.clicks("partly")
    assert verbs(finished).count("rated") == verbs(finished).count("reopened") == 1


def test_who_said_settled_may_say_later_that_it_is_not(portal: Portal, finished: Case) -> None:
    customer = portal.customer(finished)
    customer.clicks("satisfied")
    portal.feeds_back(finished)
    customer.clicks("unsatisfied")
    finished.refresh_from_db()
    assert finished.round == 2


def test_a_program_that_only_looks_at_the_links_of_a_message_answers_nothing(
    portal: Portal, finished: Case
) -> None:
    customer = portal.customer(finished)
    for answer in ("satisfied", "partly", "unsatisfied"):
        address = reverse("portal:rate", args=[customer.token, answer])
        assert customer.client.get(address).status_code == 200
        assert customer.client.head(address).status_code == 200
    assert "rated" not in verbs(finished)


def test_before_the_work_is_done_there_is_nothing_to_rate(portal: Portal) -> None:
    case = portal.registers(kind="repair")
    customer = portal.customer(case)
    assert "解决了吗" not in customer.opens()
    assert "工作还没有完成" in customer.clicks("satisfied")
    assert "rated" not in verbs(case)


@pytest.mark.peers("T25")
def test_who_did_the_work_does_not_send_the_link_by_which_it_is_judged(
    portal: Portal, finished: Case
) -> None:
    work = portal.registers("楼道灯不亮", kind="repair")
    portal.finishes(work, who=portal.cast.sunli, department="service")
    with pytest.raises(Refused, match="处理人不能自己发评价链接"):
        portal.customer(work, by=portal.cast.sunli)
    assert portal.customer(finished).opens()


@pytest.mark.peers("T25")
def test_an_answer_by_a_link_of_who_did_the_work_later_is_marked(portal: Portal) -> None:
    case = portal.registers("楼道灯不亮", kind="repair")
    customer = portal.customer(case, by=portal.cast.sunli)
    portal.finishes(case, who=portal.cast.sunli, department="service")
    rate(link=customer.link, result="satisfied", at=NEXT_DAY)
    assert last(case, "rated").data["sent_by_handler"] is True


@pytest.mark.peers("T25")
def test_who_is_signed_in_as_one_of_us_looks_and_answers_nothing(
    portal: Portal, finished: Case
) -> None:
    customer = portal.customer(finished)
    staff = portal.client(portal.cast.chenjianguo)
    assert "不能代客户操作" in staff.get(customer.page).content.decode()
    for address, body in (
        (reverse("portal:rate", args=[customer.token, "satisfied"]), {}),
        (customer.page, {"text": "很好", "do": "add", "key": "k"}),
    ):
        assert staff.post(address, body).status_code == 409
    assert "rated" not in verbs(finished)


def test_a_link_for_progress_does_not_rate(portal: Portal, finished: Case) -> None:
    customer = portal.customer(finished, "progress")
    assert "解决了吗" not in customer.opens()
    assert "这个链接不能评价" in customer.clicks("satisfied")


@pytest.mark.peers("T16")
def test_an_unhappy_answer_stops_the_closing_until_it_is_settled(
    portal: Portal, finished: Case
) -> None:
    """Rated unhappy the case goes on: nobody closes it in silence."""
    portal.feeds_back(finished)
    portal.customer(finished).clicks("partly")
    with pytest.raises(Refused):
        portal.closes(finished, at=NEXT_DAY)


# --- Ask again ------------------------------------------------------------------------------------


@pytest.mark.peers("T21")
def test_asking_again_about_work_under_way_urges_owner_and_department(portal: Portal) -> None:
    case = portal.registers(kind="repair")
    portal.customer(case, "progress").says("还在漏，什么时候来？", "again")
    assert last(case, "urged").data["channel"] == "link"
    assert "李敏" in told(case, "urged")


@pytest.mark.peers("T21", "T22")
def test_asking_again_about_a_closed_case_opens_it_again(portal: Portal, closed: Case) -> None:
    portal.customer(closed, "progress").says("物业费算得不对", "again")
    closed.refresh_from_db()
    entry = last(closed, "reopened")
    assert (closed.status, entry.data["reason"], entry.said_by) == (
        "registered", "物业费算得不对", "王女士"
    )  # fmt: skip
    assert told(closed, "reopened") == ["李敏"]


@pytest.mark.peers("T21")
def test_a_note_on_a_closed_case_reaches_its_owner_at_once(portal: Portal, closed: Case) -> None:
    portal.customer(closed, "progress").says("说得很清楚，谢谢", "add")
    closed.refresh_from_db()
    message = OutboxMessage.objects.get(event__startswith=f"case:{closed.pk}:noted")
    assert (closed.status, message.staff.name, message.urgent) == ("closed", "李敏", True)


def test_who_asks_about_a_merged_case_reaches_the_one_that_goes_on(portal: Portal) -> None:
    main, same = portal.registers("3 栋停水", kind="repair"), portal.registers("没水了")
    customer = portal.customer(same, "progress")
    merge(
        case=same, into=main, by=scope_of(portal.cast.limin, NEXT_DAY), at=NEXT_DAY,
        reason="同一停水",
    )  # fmt: skip
    customer.says("怎么还没水？", "again")
    assert last(main, "urged").data["text"] == "怎么还没水？"
    assert "与同一问题一并处理" in customer.opens()


def test_of_a_voided_case_the_page_says_so_and_takes_nothing(portal: Portal) -> None:
    case = portal.registers("登记错了")
    customer = portal.customer(case, "progress")
    request_void(case=case, by=portal.of(portal.cast.limin), at=NEXT_DAY, reason="登记错")
    decide_void(case=case, by=portal.of(portal.cast.zhoumin), at=NEXT_DAY, approve=True)
    assert "已取消" in customer.opens()
    assert "已经作废" in customer.says("在吗", "again").content.decode()


def test_sent_twice_it_is_said_once(portal: Portal) -> None:
    case = portal.registers(kind="repair")
    customer = portal.customer(case, "progress")
    customer.says("还在漏", "again", key="same")
    customer.says("还在漏", "again", key="same")
    assert verbs(case).count("urged") == 1


def test_photos_hang_on_what_was_said_and_their_sender_is_the_customer(portal: Portal) -> None:
    case = portal.registers(kind="repair")
    photo = SimpleUploadedFile("漏.png", PNG, "image/png")
    portal.customer(case, "progress").says("拍给你们看", photos=[photo])
    file = case.attachments.get()
    assert (file.by, file.entry, file.label) == (None, last(case, "noted"), "漏.png")


def test_only_photos_are_taken(portal: Portal) -> None:
    case = portal.registers(kind="repair")
    file = SimpleUploadedFile("a.pdf", b"%PDF-1.7 x", "application/pdf")
    answer = portal.customer(case, "progress").says("看附件", photos=[file])
    assert answer.status_code == 422
    assert "只能传照片" in answer.content.decode()
    assert not case.attachments.exists()


def test_the_journal_of_our_side_says_that_it_was_the_customer(
    portal: Portal, finished: Case
) -> None:
    portal.customer(finished).clicks("satisfied")
    page = portal.client(portal.cast.limin).get(reverse("cases:case", args=[finished.number]))
    assert "客户评价" in page.content.decode()
    assert "客户链接，满意" in page.content.decode()


def test_an_unknown_answer_is_refused(portal: Portal, finished: Case) -> None:
    customer = portal.customer(finished)
    assert "请选" in customer.clicks("super")
    link, _token = issue_link(
        case=finished, purpose="rate", by=portal.of(portal.cast.wangfang), at=NEXT_DAY
    )
    with pytest.raises(Refused):
        rate(link=link, result="ok", at=NEXT_DAY)
    assert Client().post(reverse("portal:rate", args=["x", "satisfied"])).status_code == 404
