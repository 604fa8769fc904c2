"""Calls to the hotline: taken in from the exchange, judged by rings, called back when missed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

from shouwen.accounts.models import Disclosure, Staff
from shouwen.accounts.scope import scope_of
from shouwen.cases.importing.contacts import Outcome
from shouwen.figures.actions.keeping import look_at_months
from shouwen.figures.queries import figure
from shouwen.notify.models import OutboxMessage
from shouwen.registers.actions.calling import call_back, ring_missed, take_in, waiting
from shouwen.registers.models import Call
from shouwen.rules.periods import read_period
from shouwen.rules.refused import Refused
from tests.cast import Cast
from tests.conftest import MODEL_BACKEND
from tests.moments import moment

NOW = moment("2026-11-20 10:20", "周五")
NOVEMBER = read_period("2026-11")


def row(
    key: str, at: str = "10:00", *, caller: str = "13900000421", rang: int = 8, talked: int = 60,
    name: str = "", called: str = "4001", cause: str = "NORMAL_CLEARING",
) -> str:  # fmt: skip
    """One line as the exchange writes it."""
    start = f"2026-11-20 {at}:00"
    answered = start if talked else ""
    return (
        f"{name},{caller},{called},default,{start},{answered},{start},{rang + talked},{talked},"
        f"{cause},{key},,,PCMU,PCMU"
    )


@pytest.fixture
def takes(cast: Cast, tmp_path: Path) -> Callable[..., Outcome]:
    def take(*rows: str, hotlines: tuple[str, ...] = ()) -> Outcome:
        file = tmp_path / "cdr.csv"
        file.write_text("\n".join(rows), encoding="utf-8")
        by = scope_of(cast.limin, NOW)
        return take_in(file, project=cast.cuihu, hotlines=hotlines, by=by, at=NOW)

    return take


@pytest.mark.parametrize(
    ("regulation", "measure"),
    [
        pytest.param("first-contact", "answered-in-three-rings",
                     marks=pytest.mark.clause("S0-3.4-1")),
        pytest.param("service-centre", "calls-answered-in-three-rings",
                     marks=pytest.mark.clause("S2-A8-1")),
    ],
)  # fmt: skip
def test_a_call_is_answered_within_three_rings_of_five_seconds(
    takes: Callable[..., Outcome], cast: Cast, regulation: str, measure: str
) -> None:
    cast.follows(regulation)
    takes(
        row("in-time", rang=15), row("too-late", rang=16), row("never", rang=40, talked=0),
        row("gave-up", rang=14, talked=0), row("ours", name="Outbound Call"),
    )  # fmt: skip
    look_at_months(at=NOW)
    counts = figure(cast.cuihu, NOVEMBER, f"{regulation}/{measure}", NOW).figure.counts
    assert (counts.hit, counts.miss, counts.open, counts.out) == (1, 2, 0, 1)


def test_the_real_records_of_an_exchange_are_taken_in_once(cast: Cast, shared: Path) -> None:
    file, by = shared / "data" / "freeswitch_cdr.csv", scope_of(cast.limin, NOW)
    first = take_in(file, project=cast.cuihu, by=by, at=NOW)
    assert (first.read, first.imported, first.there, first.rejected) == (10, 8, 2, [])
    again = take_in(file, project=cast.cuihu, by=by, at=NOW)
    assert (again.imported, again.there) == (0, 10)
    answered = Call.objects.get(inbound=True, answered_at__isnull=False)
    assert answered.answered_at is not None
    assert answered.answered_at - answered.at == timedelta(seconds=11), "three rings"
    missed = Call.objects.get(inbound=True, answered_at=None)
    assert not waiting(Call.objects.filter(pk=missed.pk)).exists(), "from no number at all"


def test_a_broken_row_is_rejected_with_its_number_and_the_rest_is_taken_in(
    takes: Callable[..., Outcome],
) -> None:
    bad = row("bad").replace("2026-11-20", "昨天")
    outcome = takes(row("one"), bad, row("two"), row(""))
    assert outcome.line() == "rows 4, imported 2, already there 0, rejected 2"
    assert [(number, words) for number, _, words, _ in outcome.rejected] == [
        (2, "看不懂的时间：昨天 10:00:00"), (4, "缺少 uuid"),
    ]  # fmt: skip


def test_only_calls_to_the_hotline_are_ours_to_answer(takes: Callable[..., Outcome]) -> None:
    takes(row("hotline"), row("desk", called="8021", talked=0), hotlines=("4001",))
    assert Call.objects.get(inbound=True).key == "hotline"


# --- Calling back ---------------------------------------------------------------------------------


def told(at: datetime) -> list[tuple[str, str]]:
    ring_missed(at=at)
    rows = OutboxMessage.objects.filter(event__startswith="call:").order_by("pk")
    return [(message.staff.name, message.subject) for message in rows]


@pytest.mark.clause("S0-3.4-1")
def test_a_missed_call_is_to_be_called_back_and_rings_until_it_is(
    takes: Callable[..., Outcome], cast: Cast
) -> None:
    takes(row("missed", rang=30, talked=0))
    heard = told(NOW)
    assert {name for name, _ in heard} == {"李敏", "王芳"}
    assert heard[0][1] == "未接来电，请回电：10:00 139 **** 0421"
    late = told(moment("2026-11-20 10:31", "周五"))[len(heard) :]
    assert [name for name, _ in late] == ["孙丽"]
    call = Call.objects.get()
    by = scope_of(cast.limin, NOW)
    with pytest.raises(Refused, match="请写回电结果"):
        call_back(call=call, note=" ", by=by, at=NOW)
    call_back(call=call, note="王女士问停水时间，已答复", by=by, at=NOW)
    assert not waiting(Call.objects.all()).exists()
    with pytest.raises(Refused, match="已经回过"):
        call_back(call=call, note="再打", by=by, at=NOW)


def test_who_came_through_himself_or_was_rung_up_waits_no_more(
    takes: Callable[..., Outcome],
) -> None:
    takes(
        row("missed", "09:00", talked=0), row("again", "09:05"),
        row("lost", "09:00", talked=0, caller="13900000602"),
        row("rung-up", "09:20", name="Outbound Call", caller="8021", called="13900000602"),
        row("waits", "09:30", talked=0, caller="13900000777"),
    )  # fmt: skip
    assert [call.key for call in waiting(Call.objects.all())] == ["waits"]
    notes = Call.objects.exclude(note="").order_by("pk").values_list("note", flat=True)
    assert list(notes) == ["客户再次来电，已接通", "已回电接通（话机记录）"]


def client(who: Staff) -> Client:
    found = Client()
    found.force_login(who, backend=MODEL_BACKEND)
    return found


def test_the_page_lists_what_waits_and_takes_what_came_of_it(
    takes: Callable[..., Outcome], cast: Cast, clock: Callable[..., datetime]
) -> None:
    clock("2026-11-20 10:40", "周五")
    takes(row("missed", rang=30, talked=0), row("fine"))
    call = Call.objects.get(key="missed")
    Call.objects.filter(pk=call.pk).update(called_back_at=None, note="")
    page = client(cast.limin).get("/calls").content.decode()
    assert "王女士" in page
    assert "13900000421" not in page
    assert "is-late" in page
    shown = client(cast.limin).post(f"/calls/{call.pk}/number").content.decode()
    assert "13900000421" in shown
    assert Disclosure.objects.filter(record="call", staff=cast.limin).exists()
    said = {"key": "k1", "note": "已登记报修"}
    assert client(cast.limin).post(f"/calls/{call.pk}/back", said).status_code == 302
    assert "没有这样的来电" in client(cast.limin).get("/calls").content.decode()
    every = client(cast.limin).get("/calls?state=all&day=2026-11-20").content.decode()
    assert "已登记报修" in every
    assert "三声内接听" in every
    assert client(cast.chenjianguo).post(f"/calls/{call.pk}/number").status_code == 403
