"""The inbox: what somebody was told, what they have not read, and whether anybody rings."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouwen.accounts.models import Staff
from shouwen.notify.actions import beat, deliver, mark_read, tell
from shouwen.notify.models import Notice
from tests.cast import Cast
from tests.moments import moment

NOW = moment("2026-11-19 09:12", "周四")
SignIn = Callable[[Client, Staff], Client]


@pytest.fixture
def limin(cast: Cast, client: Client, sign_in: SignIn, clock: Callable[..., datetime]) -> Client:
    clock("2026-11-19 09:12", "周四")
    beat(worker="test", at=NOW)
    return sign_in(client, cast.limin)


def told(who: Staff, subject: str, at: datetime = NOW, **rest: object) -> Notice:
    with transaction.atomic():
        tell(people=[who], event=f"test:{subject}", subject=subject, at=at, **rest)  # type: ignore[arg-type] # by name
    deliver(at=at)
    return Notice.objects.get(subject=subject, staff=who)


def page_of(client: Client, address: str = "") -> str:
    return client.get(address or reverse("notify:inbox")).content.decode()


def test_unread_comes_first_and_the_urgent_on_top(cast: Cast, limin: Client) -> None:
    told(cast.limin, "昨天的派单", NOW - timedelta(days=1))
    told(cast.limin, "急：水漫楼道", NOW - timedelta(hours=2), urgent=True)
    told(cast.limin, "刚刚的派单")
    mark_read(staff=cast.limin, at=NOW, ids=[Notice.objects.get(subject="昨天的派单").pk])
    page = page_of(limin)
    places = [page.index(subject) for subject in ("急：水漫楼道", "刚刚的派单", "昨天的派单")]
    assert places == sorted(places)
    assert '<span class="chip chip-late">紧急</span>' in page


def test_opening_a_notice_marks_it_read_and_leads_to_the_case(cast: Cast, limin: Client) -> None:
    notice = told(cast.limin, "派单", url="/cases/S-CH-261119-001")
    answer = limin.post(reverse("notify:open", args=[notice.pk]))
    assert answer.headers["Location"] == "/cases/S-CH-261119-001"
    notice.refresh_from_db()
    assert notice.read_at == NOW


def test_a_notice_never_leads_away_from_here(cast: Cast, limin: Client) -> None:
    notice = told(cast.limin, "派单", url="https://example.org/")
    answer = limin.post(reverse("notify:open", args=[notice.pk]))
    assert answer.headers["Location"] == reverse("notify:inbox")


def test_nobody_opens_or_reads_what_others_were_told(cast: Cast, limin: Client) -> None:
    notice = told(cast.wangfang, "给王芳的")
    assert "给王芳的" not in page_of(limin)
    for name in ("open", "read"):
        assert limin.post(reverse(f"notify:{name}", args=[notice.pk])).status_code == 404
    limin.post(reverse("notify:read-all"))
    notice.refresh_from_db()
    assert notice.read_at is None


def test_one_or_all_are_marked_read(cast: Cast, limin: Client) -> None:
    first = told(cast.limin, "一")
    told(cast.limin, "二")
    limin.post(reverse("notify:read", args=[first.pk]))
    assert Notice.objects.filter(read_at=None).count() == 1
    answer = limin.post(reverse("notify:read-all"), follow=True)
    assert "已将 1 条标为已读" in answer.content.decode()
    assert not Notice.objects.filter(read_at=None).exists()


def test_the_read_ones_go_on_page_by_page_without_a_gap_or_a_double(
    cast: Cast, limin: Client
) -> None:
    for number in range(70):
        told(cast.limin, f"第{number:02}条", NOW - timedelta(minutes=number // 2))
    mark_read(staff=cast.limin, at=NOW)
    seen: list[str] = []
    address = reverse("notify:inbox")
    for _page in range(3):
        answer = limin.get(address)
        seen += [notice.subject for notice in answer.context["read"]]
        address = answer.context["pager"].older
    assert address == ""
    assert len(seen) == len(set(seen)) == 70


@pytest.mark.parametrize("key", ["x", "2026-11-19|1", "2026-11-19T09:12:00+08:00|x", "|"])
def test_an_address_that_somebody_cut_shows_the_beginning(limin: Client, key: str) -> None:
    assert limin.get(reverse("notify:inbox"), {"after": key}).status_code == 200


def test_the_count_stops_at_ninety_nine(cast: Cast, limin: Client) -> None:
    assert "red-count" not in page_of(limin, reverse("notify:count"))
    for number in range(101):
        told(cast.limin, f"第 {number} 条")
    assert "99+" in page_of(limin, reverse("notify:count"))


def test_everybody_is_warned_when_no_worker_has_been_heard_of_for_a_minute(
    limin: Client, clock: Callable[..., datetime]
) -> None:
    count = reverse("notify:count")
    assert "后台程序" not in page_of(limin, count)
    clock("2026-11-19 09:13")
    assert "后台程序" not in page_of(limin, count), "after sixty seconds, not before"
    clock("2026-11-19 09:14")
    assert "后台程序已超过 1 分钟没有响应" in page_of(limin, count)
    assert "后台程序已超过 1 分钟没有响应" in page_of(limin)
    beat(worker="test", at=moment("2026-11-19 09:14"))
    assert "后台程序" not in page_of(limin, count)


def test_asking_for_the_count_costs_the_same_however_many_there_are(
    cast: Cast, limin: Client
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            limin.get(reverse("notify:count"), headers={"HX-Request": "true"})
        return len(asked)

    queries()
    few = queries()
    for number in range(30):
        told(cast.limin, f"第 {number} 条")
    assert queries() == few
