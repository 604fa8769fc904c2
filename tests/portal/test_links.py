"""What a link opens and what it never shows; who tries too much is not heard any more."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shouwen.cases.actions.contacting import contact_customer
from shouwen.cases.actions.working import note, wait
from shouwen.cases.models import Case
from shouwen.portal.actions.limiting import (
    FROM_LINK,
    GUESSES,
    REPORTS_FROM_ADDRESS,
    count,
    purge_tallies,
)
from shouwen.portal.actions.linking import issue_link, revoke_link
from shouwen.portal.models import CustomerLink, Tally
from shouwen.rules.refused import Refused
from shouwen.settings import CONFIG
from tests.followup.conftest import NEXT_DAY
from tests.moments import SetClock
from tests.portal.conftest import TEXT, Portal

CANARY = "金丝雀"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": "[^"]*"')


def bare(answer: Any) -> tuple[int, str]:
    return answer.status_code, TOKEN.sub("", answer.content.decode())


# --- What it opens --------------------------------------------------------------------------------


def test_only_the_hash_of_a_link_is_kept(portal: Portal, finished: Case) -> None:
    customer = portal.customer(finished)
    assert len(customer.token) == 32
    row = CustomerLink.objects.filter(pk=customer.link.pk).values().get()
    assert customer.token not in str(row)


def test_a_guess_an_ended_and_a_withdrawn_link_answer_alike(
    portal: Portal, finished: Case, clock: SetClock
) -> None:
    ended, withdrawn = portal.customer(finished, "consent"), portal.customer(finished)
    revoke_link(link=withdrawn.link, by=portal.of(portal.cast.limin), at=NEXT_DAY)
    guess = Client().get(reverse("portal:progress", args=["x" * 32]))
    assert bare(withdrawn.client.get(withdrawn.page)) == bare(guess)
    clock("2026-11-27 10:00", "周五")  # seven days to the minute: it has ended
    late = Client().get(reverse("portal:progress", args=["x" * 32]))
    assert ended.client.get(ended.page).status_code == late.status_code == 404
    for address in (ended.page, reverse("portal:rate", args=[ended.token, "satisfied"])):
        assert Client().post(address).status_code == 404


def test_a_link_is_good_until_its_last_minute(
    portal: Portal, finished: Case, clock: SetClock
) -> None:
    customer = portal.customer(finished, "consent")
    clock("2026-11-27 09:59", "周五")
    assert customer.opens()


def test_a_link_opens_its_own_case_and_no_other(portal: Portal, finished: Case) -> None:
    other = portal.registers("隔壁的事")
    page = portal.customer(finished).opens()
    assert finished.number in page
    assert other.number not in page


def test_the_customer_reads_neither_our_notes_nor_names_nor_phones_nor_other_residents(
    portal: Portal,
) -> None:
    """What a clerk writes down may speak of anybody: 602 赵先生, a colleague's phone."""
    case = portal.registers(f"501 说 602 赵先生家漏水 {CANARY}1", kind="repair")
    by = portal.of(portal.cast.limin)
    note(case=case, by=by, at=NEXT_DAY, text=f"赵先生 13900000602 {CANARY}2", tag="investigate")
    contact_customer(case=case, by=by, at=NEXT_DAY, text=f"何师傅 13800000004 {CANARY}3")
    wait(case=case, by=by, at=NEXT_DAY, reason="customer", text=f"等赵先生 {CANARY}4")
    for purpose in ("progress", "rate", "consent"):
        page = portal.customer(case, purpose).opens()
        assert "等您方便的时间" in page
        for secret in (CANARY, "赵先生", "0602", "13800000", "13900000421", "独居", "工程部"):
            assert secret not in page, secret


def test_the_steps_are_told_in_the_customers_words(portal: Portal, finished: Case) -> None:
    page = portal.customer(finished).opens()
    for words in ("已处理完成", "我们已收到", "已交给负责的部门", "解决了吗"):
        assert words in page
    assert TEXT not in page


def test_our_side_sees_that_the_customer_has_opened_it(portal: Portal, finished: Case) -> None:
    customer = portal.customer(finished)
    panel = reverse("portal:panel", args=[finished.number])
    assert "未打开" in portal.client(portal.cast.limin).get(panel).content.decode()
    customer.opens()
    assert "客户已打开" in portal.client(portal.cast.limin).get(panel).content.decode()


def test_a_page_of_a_customer_is_not_kept_and_not_found_by_search_engines(
    portal: Portal, finished: Case
) -> None:
    customer = portal.customer(finished)
    headers = customer.client.get(customer.page).headers
    assert headers["Cache-Control"] == "no-store"
    assert "noindex" in headers["X-Robots-Tag"]
    assert headers["Referrer-Policy"] == "same-origin"
    assert "'unsafe-inline'" not in headers["Content-Security-Policy"]


def test_another_site_cannot_answer_for_the_customer(portal: Portal, finished: Case) -> None:
    customer = portal.customer(finished)
    strict = Client(enforce_csrf_checks=True)
    address = reverse("portal:rate", args=[customer.token, "satisfied"])
    assert strict.post(address).status_code == 403
    assert strict.post(customer.page, {"text": "x", "do": "again", "key": "k"}).status_code == 403
    assert not finished.journal.filter(verb="rated").exists()


def test_reading_a_page_asks_the_database_so_often(
    portal: Portal, finished: Case, django_assert_max_num_queries: Any
) -> None:
    customer = portal.customer(finished)
    with django_assert_max_num_queries(6):
        customer.opens()


# --- Who gives it ---------------------------------------------------------------------------------


def test_who_may_not_tell_customers_the_result_sends_no_link(
    portal: Portal, finished: Case
) -> None:
    with pytest.raises(Refused, match="没有这项权限"):
        portal.customer(finished, by=portal.cast.chenjianguo)
    answer = portal.client(portal.cast.chenjianguo).get(
        reverse("portal:issue", args=[finished.number])
    )
    assert answer.status_code == 403


def test_nobody_gives_out_the_link_of_who_reported_it_himself(
    portal: Portal, finished: Case
) -> None:
    with pytest.raises(Refused, match="请选链接的用途"):
        issue_link(case=finished, purpose="own", by=portal.of(portal.cast.limin), at=NEXT_DAY)


def test_the_message_to_send_holds_the_three_answers_and_is_shown_once(
    portal: Portal, finished: Case
) -> None:
    client = portal.client(portal.cast.limin)
    address = reverse("portal:issue", args=[finished.number])
    page = client.post(address, {"purpose": "rate"}).content.decode()
    links = re.findall(r"(?:已解决|部分解决|未解决) http://testserver(/c/\S{32}/rate/\w+)", page)
    assert len(set(links)) == 3
    assert "data:image/svg+xml" in page
    answer = Client().post(links[0], follow=True)
    assert "谢谢，已记下：已解决" in answer.content.decode()
    assert links[0].split("/")[2] not in client.get(address).content.decode()


def test_a_link_is_withdrawn_once_and_by_who_may(portal: Portal, finished: Case) -> None:
    customer = portal.customer(finished)
    client = portal.client(portal.cast.limin)
    address = reverse("portal:revoke", args=[customer.link.pk])
    assert portal.client(portal.cast.jingui_clerk).post(address).status_code == 404
    assert client.post(address).status_code == 302
    assert customer.client.get(customer.page).status_code == 404
    with pytest.raises(Refused, match="已经撤回"):
        revoke_link(link=customer.link, by=portal.of(portal.cast.limin), at=NEXT_DAY)


# --- How often ------------------------------------------------------------------------------------


def test_who_guesses_links_is_soon_not_heard_any_more_and_nobody_else_is_touched(
    portal: Portal, finished: Case, clock: SetClock
) -> None:
    customer, guesser = portal.customer(finished), Client(REMOTE_ADDR="203.0.113.9")
    answers = [
        guesser.get(reverse("portal:progress", args=[f"guess-{n}"])).status_code
        for n in range(GUESSES.most + 2)
    ]
    assert answers == [404] * GUESSES.most + [429, 429]
    assert guesser.get(customer.page).status_code == 429
    assert customer.opens()
    clock("2026-11-20 10:11", "周五")
    assert guesser.get(customer.page).status_code == 200


def test_one_link_acts_so_often_and_is_told_what_to_do_instead(
    portal: Portal, clock: SetClock
) -> None:
    customer = portal.customer(portal.registers(kind="repair"), "progress")
    for _ in range(FROM_LINK.most):
        count(FROM_LINK, str(customer.link.pk), NEXT_DAY)
    answer = customer.says("在吗", "again")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"]
    assert "紧急的事请直接打服务中心电话" in answer.content.decode()
    clock("2026-11-20 11:01", "周五")
    assert customer.says("在吗", "again").status_code == 200


def test_one_address_reports_so_often(portal: Portal) -> None:
    code, client = portal.code(), Client()
    for _ in range(REPORTS_FROM_ADDRESS.most):
        count(REPORTS_FROM_ADDRESS, "127.0.0.1", NEXT_DAY)
    assert portal.reports(code, TEXT, client=client).status_code == 429
    elsewhere = Client(REMOTE_ADDR="203.0.113.7")
    assert portal.reports(code, TEXT, client=elsewhere).status_code == 302


def test_behind_our_proxy_the_visitor_counts_and_not_the_proxy(
    portal: Portal, settings: Any
) -> None:
    settings.CONFIG = replace(CONFIG, https=True)
    client = Client(headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.9"})
    answers = [
        client.get(reverse("portal:progress", args=[f"guess-{n}"])).status_code
        for n in range(GUESSES.most + 1)
    ]
    assert answers[-1] == 429
    other = Client(headers={"X-Forwarded-For": "203.0.113.9, 203.0.113.10"})
    assert other.get(reverse("portal:progress", args=["guess"])).status_code == 404


def test_no_address_is_kept_and_what_was_counted_is_forgotten(portal: Portal) -> None:
    count(GUESSES, "203.0.113.9", NEXT_DAY)
    assert "203.0.113.9" not in str(Tally.objects.values().get())
    assert purge_tallies(NEXT_DAY + timedelta(minutes=59)) == 0
    assert purge_tallies(NEXT_DAY + timedelta(minutes=61)) == 1
