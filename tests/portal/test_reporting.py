"""Reports at the code of a building: what becomes of them, and who receives them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from shouwen.accounts.actions import record_absence
from shouwen.accounts.models import Post
from shouwen.cases.models import Case
from shouwen.notify.models import OutboxMessage
from shouwen.portal.actions.coding import make_code, retire_code
from shouwen.portal.models import CustomerLink
from shouwen.rules.refused import Refused
from tests.followup.conftest import FINISHED, NEXT_DAY
from tests.moments import SetClock, moment
from tests.permissions_world import PNG
from tests.portal.conftest import Portal

LEAK = "水槽下面漏水，柜子湿了"


def case_of(answer: Any) -> Case:
    assert answer.status_code == 302, answer.content.decode()
    return Case.objects.get()


@pytest.mark.clause("S2-RP-1")
def test_a_report_at_the_code_is_a_case_with_room_contact_photos_and_its_own_page(
    portal: Portal,
) -> None:
    photo = SimpleUploadedFile("漏.png", PNG, "image/png")
    client = Client()
    answer = portal.reports(
        portal.code(), LEAK, client=client, name="王女士", phone="139 0000 0421", photos=[photo]
    )
    case = case_of(answer)
    assert (case.kind, case.source, case.address) == ("repair", "app", "3幢2单元501室")
    assert (case.unit, case.customer) == (portal.cast.home, portal.cast.mswang)
    assert (case.customer_name, case.customer_phone) == ("王女士", "13900000421")
    assert case.attachments.get().by is None
    page = client.get(answer.headers["Location"]).content.decode()
    assert case.number in page
    assert LEAK in page


def test_the_journal_says_that_the_customer_wrote_it_and_who_received_it(portal: Portal) -> None:
    case = case_of(portal.reports(portal.code(keeper=portal.cast.wangfang), LEAK))
    entry = case.journal.get()
    assert (entry.verb, entry.by, entry.data["owner"]) == ("opened", None, "0002")
    assert case.owner == case.contact.received_by == portal.cast.wangfang
    assert OutboxMessage.objects.get().staff == portal.cast.wangfang
    page = portal.client(portal.cast.limin).get(reverse("cases:case", args=[case.number]))
    assert '<span class="entry-who">客户</span>' in page.content.decode()


@pytest.mark.peers("T29")
@pytest.mark.parametrize("said", [{}, {"urgent": ""}, {"urgent": "false"}])
def test_an_emergency_is_known_on_the_server_whatever_the_page_says(
    portal: Portal, said: dict[str, str]
) -> None:
    case = case_of(portal.reports(portal.code(), "电梯困人，快来", client=Client(), **said))
    assert case.urgent
    by_desk = portal.registers("电梯困人，快来", at=NEXT_DAY)
    assert promises(case) == promises(by_desk)


def promises(case: Case) -> set[tuple[str, datetime | None]]:
    return set(case.commitments.values_list("rule", "due_at"))


def test_the_customer_may_say_that_it_is_urgent_and_then_it_is(portal: Portal) -> None:
    assert case_of(portal.reports(portal.code(), "客厅灯不亮", urgent="on")).urgent


def test_what_is_about_a_public_place_belongs_to_no_home(portal: Portal) -> None:
    code = portal.code("2单元大堂")
    case = case_of(portal.reports(code, "灯不亮", where="public", place="3 楼楼道"))
    assert (case.unit, case.address) == (None, "3栋 3 楼楼道")


def test_the_form_shows_numbers_of_homes_and_no_name_or_phone(portal: Portal) -> None:
    page = Client().get(reverse("portal:report", args=[portal.code().code])).content.decode()
    assert "3幢2单元501室" in page
    assert "1幢3单元602室" not in page
    for secret in ("王女士", "0421", "赵先生", "李敏", "独居"):
        assert secret not in page


def test_a_phone_that_is_not_of_this_home_links_nobody_and_the_page_is_the_same(
    portal: Portal,
) -> None:
    answer = portal.reports(portal.code(), LEAK, phone="13900000602")
    assert case_of(answer).customer is None


def test_without_text_or_place_nothing_is_registered_and_what_was_typed_stays(
    portal: Portal,
) -> None:
    answer = portal.reports(portal.code(), "", where="", name="王女士", phone="打我电话")
    page = answer.content.decode()
    assert answer.status_code == 422
    for sentence in ("请选房号", "请写下什么事", "电话只能是数字", "王女士"):
        assert sentence in page
    assert not Case.objects.exists()


def test_a_home_of_another_building_cannot_be_named(portal: Portal) -> None:
    answer = portal.reports(portal.code(), LEAK, where=str(portal.cast.neighbour.pk))
    assert answer.status_code == 422
    assert not Case.objects.exists()


def test_sent_twice_it_is_one_case(portal: Portal) -> None:
    code = portal.code()
    first, second = portal.reports(code, LEAK), portal.reports(code, LEAK)
    assert first.status_code == second.status_code == 302
    assert Case.objects.count() == 1


# --- Who receives it ------------------------------------------------------------------------------


def test_without_a_keeper_the_desk_receives_it_who_has_least_to_do_first(portal: Portal) -> None:
    portal.registers("门禁坏了")  # 李敏 has one open case
    assert received(portal) == "王芳"


def test_while_the_keeper_is_away_his_deputy_receives_it(portal: Portal) -> None:
    cast = portal.cast
    record_absence(
        staff=cast.wangfang, starts_at=FINISHED, ends_at=moment("2026-12-01 08:00", "周二"),
        deputy=cast.sunli, reason="年假",
    )  # fmt: skip
    assert received(portal, keeper=cast.wangfang) == "孙丽"


def test_at_night_who_is_on_duty_receives_it(portal: Portal, clock: SetClock) -> None:
    clock("2026-11-20 23:40", "周五")
    assert received(portal, keeper=portal.cast.wangfang) == "高飞"


def test_where_nobody_of_the_desk_is_the_next_above_receives_it(portal: Portal) -> None:
    Post.objects.filter(role="csr").update(until=FINISHED)
    assert received(portal) == "孙丽"


def received(portal: Portal, **keeper: Any) -> str:
    portal.reports(portal.code(**keeper), LEAK)
    return Case.objects.order_by("-pk")[0].owner.name


# --- The codes ------------------------------------------------------------------------------------


def test_a_code_that_was_taken_down_opens_nothing_but_links_given_out_stay(
    portal: Portal,
) -> None:
    code, client = portal.code(), Client()
    answer = portal.reports(code, LEAK, client=client)
    retire_code(code=code, by=portal.of(portal.cast.zhoumin), at=NEXT_DAY)
    assert client.get(reverse("portal:report", args=[code.code])).status_code == 404
    assert portal.reports(code, LEAK, key="other").status_code == 404
    assert client.get(answer.headers["Location"]).status_code == 200


def test_a_place_has_one_code_and_its_keeper_is_somebody_who_may_register(portal: Portal) -> None:
    portal.code("大堂")
    with pytest.raises(Refused, match="已有二维码"):
        portal.code("大堂")
    with pytest.raises(Refused, match="不能登记来电来访"):
        portal.code("车库", keeper=portal.cast.jingui_clerk)
    with pytest.raises(Refused):
        make_code(
            building=portal.cast.home.building, place="x", by=portal.of(portal.cast.limin),
            at=NEXT_DAY,
        )  # fmt: skip


def test_the_reporter_may_rate_and_may_agree_to_no_price(portal: Portal) -> None:
    portal.reports(portal.code(), LEAK)
    link = CustomerLink.objects.get()
    assert (link.purpose, link.issued_by) == ("own", None)
    assert link.purpose in CustomerLink.RATING
    assert link.purpose != CustomerLink.Purpose.CONSENT
