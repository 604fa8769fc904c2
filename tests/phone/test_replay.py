"""What was done without a signal: written once, in its order, with its true times; what cannot be
written is shown and kept."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from hashlib import sha256

import pytest

from shouwen.cases.actions.closing import request_void
from shouwen.cases.models import Attachment, Case, JournalEntry
from shouwen.notify.models import OutboxMessage
from shouwen.phone.acts import ACTS
from shouwen.phone.doing import Doable
from shouwen.phone.models import Conflict
from shouwen.phone.said import BATCH, Nothing
from shouwen.pricing.actions import quoting
from shouwen.repairs.actions import working
from shouwen.repairs.models import WorkOrder
from tests.cast import Cast
from tests.moments import moment
from tests.permissions_world import PNG
from tests.phone.conftest import BACK, PICTURE, Phone, PhoneOf, said
from tests.repairs.conftest import Shop

LEFT = moment("2026-11-19 09:25", "周四")
THERE = moment("2026-11-19 09:40", "周四")
SAFE = moment("2026-11-19 09:44", "周四")
QUOTED = moment("2026-11-19 09:55", "周四")
AGREED = moment("2026-11-19 09:58", "周四")
FINISHED = moment("2026-11-19 10:50", "周四")
DONE = {
    "text": "换了角阀，试水不漏", "quality": 5, "attitude": 5, "opinion": "满意",
    "phone": "13900000421", "signed_name": "王女士", "signature": PICTURE, "files": [PICTURE],
}  # fmt: skip


def times(order: WorkOrder, verb: str) -> list[JournalEntry]:
    return list(order.case.journal.filter(verb=verb))


@pytest.mark.peers("T28")
def test_a_shift_without_a_signal_is_written_in_its_order_with_its_true_times(
    shop: Shop, phone: Phone
) -> None:
    order = shop.sent(payer="company")
    phone.sends_file()
    answers = phone.sends(
        phone.act("accept", order, LEFT),
        phone.act("depart", order, LEFT),
        phone.act("arrive", order, THERE),
        phone.act("finish", order, FINISHED, **DONE),
    )
    assert said(answers) == ["ok"] * 4
    order.refresh_from_db()
    assert (order.departed_at, order.arrived_at, order.done_at) == (LEFT, THERE, FINISHED)
    (entry,) = times(order, "order-done")
    assert (entry.at, entry.recorded_at) == (FINISHED, BACK)


@pytest.mark.peers("T28")
def test_what_may_not_follow_is_shown_to_the_engineer_and_to_the_desk_and_not_swallowed(
    shop: Shop, phone: Phone
) -> None:
    order = shop.sent()
    working.cancel(order=order, reason="业主取消", by=shop.of(shop.cast.liuqiang), at=THERE)
    early = phone.act("depart", order, LEFT)
    assert said(phone.sends(early, phone.act("arrive", order, THERE))) == [
        "order-departed-not-now",
        "order-arrived-not-now",
    ]
    conflict = Conflict.objects.get(key=early["key"])
    assert (conflict.happened, conflict.at, conflict.case) == (LEFT, BACK, order.case)
    assert conflict.staff == shop.cast.chenjianguo
    assert OutboxMessage.objects.filter(staff=order.case.owner, subject__contains="手机记录")
    assert [each["act"] for each in phone.day()["conflicts"]] == ["arrive", "depart"]


def test_a_conflict_leaves_the_phone_when_it_was_read_and_stays_with_the_desk(
    shop: Shop, phone: Phone
) -> None:
    act = phone.act("resume", shop.sent(), THERE)
    phone.sends(act)
    assert said(phone.sends(phone.act("dismiss", "", BACK, conflict=act["key"]))) == ["ok"]
    assert phone.day()["conflicts"] == []
    assert Conflict.objects.get().settled_at is None


def test_sent_twice_it_is_done_once_and_answered_twice(shop: Shop, phone: Phone) -> None:
    order = shop.sent()
    batch = [phone.act("depart", order, LEFT), phone.act("resume", order, FINISHED)]
    first = phone.sends(*batch)
    assert phone.sends(*batch, at=BACK + timedelta(minutes=5)) == first
    assert said(first) == ["ok", "order-resumed-not-now"]
    assert len(times(order, "order-departed")) == 1
    assert Conflict.objects.count() == 1


def test_a_key_stands_for_one_act_only(shop: Shop, phone: Phone) -> None:
    order = shop.sent()
    act = phone.act("depart", order, LEFT)
    phone.sends(act)
    assert said(phone.sends({**act, "act": "arrive"})) == ["key-reused"]


@pytest.mark.parametrize("slow", [timedelta(days=1), timedelta(days=-1), timedelta(hours=3)])
def test_a_phone_whose_clock_is_wrong_tells_the_true_time_all_the_same(
    shop: Shop, phone_of: PhoneOf, slow: timedelta
) -> None:
    phone, order = phone_of(slow=slow), shop.sent()
    assert said(phone.sends(phone.act("depart", order, LEFT))) == ["ok"]
    assert times(order, "order-departed")[0].at == LEFT


def test_a_step_is_never_earlier_than_the_one_before_it_though_a_clock_was_set_right_between(
    shop: Shop, phone: Phone
) -> None:
    """He arrived by a clock that was an hour fast; the network set it right before he finished."""
    order = shop.sent(payer="company")
    phone.sends_file()
    answers = phone.sends(
        phone.act("depart", order, LEFT),
        phone.act("arrive", order, FINISHED + timedelta(minutes=9)),
        phone.act("finish", order, FINISHED, **DONE),
    )
    assert said(answers) == ["ok"] * 3, "what was done and signed is not lost to a clock"
    order.refresh_from_db()
    assert order.arrived_at == order.done_at == FINISHED + timedelta(minutes=9)
    noted = times(order, "noted")[-1]
    assert noted.at == FINISHED
    assert "手机记的时间是 11-19 10:50" in noted.data["text"]


def test_a_conflict_keeps_the_time_of_the_phone_and_the_true_one(
    shop: Shop, phone_of: PhoneOf
) -> None:
    phone = phone_of(slow=timedelta(days=1))
    phone.sends(phone.act("arrive", "W-CH-000000-000", THERE))
    conflict = Conflict.objects.get()
    assert (conflict.happened, conflict.phone_at) == (THERE, THERE - timedelta(days=1))


def test_what_came_after_thirty_days_is_written_when_it_still_fits(
    shop: Shop, phone: Phone
) -> None:
    order = shop.sent()
    late = BACK + timedelta(days=30)
    assert said(phone.sends(phone.act("depart", order, LEFT), at=late)) == ["ok"]
    assert times(order, "order-departed")[0].at == LEFT


def test_an_act_waits_for_its_photos_and_a_cut_photo_is_none(shop: Shop, phone: Phone) -> None:
    order = shop.on_site(payer="company")
    finish = phone.act("finish", order, FINISHED, **DONE)
    (answer,) = phone.sends(finish)
    assert answer["missing"] == [PICTURE, PICTURE]
    assert phone.sends_file(PNG[:40]).status_code == 422
    assert phone.sends(finish)[0]["missing"]
    assert phone.sends_file().status_code == phone.sends_file().status_code == 200
    assert said(phone.sends(finish)) == ["ok"]
    assert Attachment.objects.filter(case=order.case).count() == 2


def test_a_file_that_cannot_be_kept_becomes_a_conflict_of_its_act(shop: Shop, phone: Phone) -> None:
    order = shop.on_site()
    sha = sha256(b"no picture").hexdigest()
    assert phone.sends_file(b"no picture", sha).status_code == 200
    photo = phone.act("photo", order, THERE, when="before", files=[sha])
    assert said(phone.sends(photo)) == ["file-refused"]


@pytest.mark.parametrize(
    ("act", "code"),
    [
        ({"act": "fly"}, "unknown-act"),
        ({"data": {"colour": "red"}}, "bad-act"),
        ({"data": {"text": "a\x00b"}, "act": "note"}, "bad-act"),
        ({"order": "W-CH-000000-000"}, "not-found"),
    ],
)
def test_what_we_do_not_understand_holds_up_nothing_behind_it(
    shop: Shop, phone: Phone, act: dict[str, object], code: str
) -> None:
    order = shop.sent()
    strange = {**phone.act("depart", order, LEFT), **act}
    assert said(phone.sends(strange, phone.act("depart", order, LEFT))) == [code, "ok"]
    assert Conflict.objects.get().code == code


def test_what_is_no_act_at_all_is_answered_too(shop: Shop, phone: Phone) -> None:
    order = shop.sent()
    assert said(phone.sends({"key": "x"}, phone.act("depart", order, LEFT))) == ["bad-act", "ok"]


def test_a_failure_of_ours_is_a_conflict_and_not_the_end_of_the_queue(
    shop: Shop, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ACTS, "resume", Doable("恢复", Nothing, lambda doing, data: 1 // 0))
    order = shop.sent()
    answers = phone.sends(phone.act("resume", order, LEFT), phone.act("depart", order, LEFT))
    assert said(answers) == ["failed", "ok"]
    assert Conflict.objects.get().act == "resume"


def test_no_more_than_fifty_acts_come_at_once(shop: Shop, phone: Phone) -> None:
    order = shop.sent()
    acts = [phone.act("note", order, LEFT, text=str(n)) for n in range(BATCH + 1)]
    assert phone.asks(*acts).json()["refused"]["code"] == "bad-batch"


def test_what_one_did_is_not_sent_under_the_name_of_another(
    shop: Shop, phone: Phone, cast: Cast
) -> None:
    phone.staff = cast.hewei
    assert phone.sends_file().json()["refused"]["code"] == "other-person"
    assert phone.asks().json()["refused"]["code"] == "other-person"


# --- Two hands on one order -----------------------------------------------------------------------


def test_two_phones_of_one_engineer_do_not_do_it_twice(shop: Shop, phone_of: PhoneOf) -> None:
    order = shop.sent()
    one, other = phone_of(), phone_of()
    assert said(one.sends(one.act("depart", order, LEFT))) == ["ok"]
    assert said(other.sends(other.act("depart", order, LEFT))) == ["order-departed-not-now"]


def test_an_order_that_went_to_another_meanwhile_is_a_conflict(shop: Shop, phone: Phone) -> None:
    order = shop.sent()
    shop.sends(order, to=shop.cast.hewei)
    (answer,) = phone.sends(phone.act("depart", order, LEFT))
    assert "refused" in answer
    assert Conflict.objects.get().case == order.case


def test_a_case_that_was_voided_meanwhile_takes_no_report(shop: Shop, phone: Phone) -> None:
    order = shop.on_site(payer="company")
    phone.sends_file()
    boss = shop.of(shop.cast.zhoumin, THERE)
    request_void(case=order.case, reason="重复登记", by=boss, at=THERE)
    working.cancel(order=order, reason="重复", by=boss, at=THERE)
    assert said(phone.sends(phone.act("finish", order, FINISHED, **DONE))) == ["order-done-not-now"]
    assert not Attachment.objects.filter(case=order.case).exists()


# --- The price ------------------------------------------------------------------------------------

LINES = [
    {"code": "", "name": "角阀", "unit": "个", "quantity": "1", "price": "36.00", "material": True}
]


@pytest.mark.peers("T28", "T30")
def test_an_emergency_is_made_safe_before_any_price_and_paid_work_waits_for_the_signature(
    shop: Shop, phone: Phone
) -> None:
    shop.adopts("customer-communication")
    order = shop.on_site()
    phone.sends_file()
    answers = phone.sends(
        phone.act("make-safe", order, SAFE, text="关了入户阀"),
        phone.act("decide-payer", order, SAFE, payer="owner", reason="自用部位"),
        phone.act("finish", order, SAFE, **DONE),
    )
    assert said(answers) == ["ok", "ok", "no-consent"]
    consent = {"name": "王女士", "total": "36.00", "signature": PICTURE}
    answers = phone.sends(
        phone.act("quote", order, QUOTED, lines=LINES),
        phone.act("consent", order, AGREED, **consent),
        phone.act("finish", order, FINISHED, **DONE),
    )
    assert said(answers) == ["ok"] * 3
    assert times(order, "consented")[0].at == AGREED
    assert times(order, "charged")


def test_a_signature_under_one_amount_does_not_agree_to_another(shop: Shop, phone: Phone) -> None:
    shop.adopts("customer-communication")
    order = shop.on_site()
    phone.sends_file()
    dearer = [{**LINES[0], "price": "80.00"}]
    other = {"name": "王女士", "total": "36.00", "signature": PICTURE}
    phone.sends(phone.act("decide-payer", order, SAFE, payer="owner", reason="自用部位"))
    answers = phone.sends(
        phone.act("quote", order, QUOTED, lines=dearer),
        phone.act("consent", order, AGREED, **other),
    )
    assert said(answers) == ["ok", "other-amount"]
    assert not times(order, "consented")


def test_what_the_desk_agreed_meanwhile_stands_against_an_older_price(
    shop: Shop, phone: Phone
) -> None:
    shop.adopts("customer-communication")
    order = shop.on_site()
    desk, line = shop.of(shop.cast.limin, FINISHED), quoting.QuoteLine
    told = quoting.quote(
        case=order.case, subject=order.number, by=desk, at=FINISHED,
        lines=[line(None, "角阀", "个", Decimal(1), Decimal("48.00"), material=True)],
    )  # fmt: skip
    quoting.consent(quotation=told, name="王女士", means="call", by=desk, at=FINISHED)
    assert said(phone.sends(phone.act("quote", order, QUOTED, lines=LINES))) == ["quoted-meanwhile"]
    told.refresh_from_db()
    assert told.state == "agreed"
    assert Conflict.objects.get().case == order.case


def test_a_fault_that_an_inspector_found_becomes_a_case_of_his(
    cast: Cast, phone_of: PhoneOf
) -> None:
    phone = phone_of(cast.gaofei)
    phone.sends_file()
    found = {"text": "地下室水泵房地面积水", "address": "3栋", "files": [PICTURE]}
    assert said(phone.sends(phone.act("report", "", THERE, **found))) == ["ok"]
    case = Case.objects.get(source="patrol")
    assert (case.owner, case.opened_at, case.attachments.count()) == (cast.gaofei, THERE, 1)


def test_cash_that_nobody_owes_is_a_conflict_and_the_work_stays_done(
    shop: Shop, phone: Phone
) -> None:
    order = shop.sent(payer="company")
    phone.sends_file()
    answers = phone.sends(
        phone.act("accept", order, LEFT),
        phone.act("arrive", order, THERE),
        phone.act("finish", order, FINISHED, **DONE),
        phone.act("collect", order, FINISHED, amount="35.00", payer="王女士"),
    )
    assert said(answers) == ["ok", "ok", "ok", "nothing-owed"]
    order.refresh_from_db()
    assert order.state == "done"
    assert Conflict.objects.get().act == "collect"
