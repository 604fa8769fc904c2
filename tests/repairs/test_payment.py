"""Who pays is decided first; no consent, no paid work; an emergency asks nobody for money."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from shouwen.accounts.models import Staff
from shouwen.billing.actions.charging import cancel_charge
from shouwen.billing.queries import charges_of
from shouwen.cases.actions.closing import close, reopen
from shouwen.cases.actions.contacting import feed_back
from shouwen.cases.actions.intake import Told, register
from shouwen.cases.models import Case
from shouwen.cases.queries import as_entries, journal
from shouwen.pricing.actions.quoting import QuoteLine, consent, decline, quote
from shouwen.pricing.models import PriceItem, Quotation
from shouwen.repairs.actions import issuing, working
from shouwen.repairs.models import WorkOrder
from shouwen.repairs.queries import proposed_payer, quotation_of
from shouwen.rules.orders import CONSENT, FINISH, MAKE_SAFE, QUOTE, fold_order, next_step
from tests.pricing.prices import repair_prices
from tests.repairs.conftest import EVENING, FINISHED, OPENED, THERE, Shop
from tests.repairs.test_orders import refused

S2, S3 = "service-centre", "complaint-procedure"


@pytest.fixture
def prices(shop: Shop) -> dict[str, PriceItem]:
    return repair_prices(shop.cast)


def quoted(shop: Shop, order: WorkOrder, item: PriceItem, who: Staff | None = None) -> Quotation:
    """Two of them, told by 陈建国 on the spot or by whom it is said."""
    line = QuoteLine(item, item.name, item.unit, Decimal(2), item.low)
    return quote(
        case=order.case, subject=order.number, lines=[line],
        by=shop.of(who or shop.cast.chenjianguo, THERE), at=THERE,
    )  # fmt: skip


def agreed(shop: Shop, quotation: Quotation) -> Quotation:
    by = shop.of(shop.cast.limin, THERE)
    return consent(quotation=quotation, name="王女士", means="call", by=by, at=THERE)


def step(order: WorkOrder) -> Any:
    return next_step(fold_order(order.number, as_entries(journal(order.case))))


def test_the_warranty_of_the_house_says_who_pays(shop: Shop) -> None:
    home = shop.cast.home
    home.handed_over_on = date(2023, 6, 1)
    home.save()
    case = shop.registers("卫生间渗水")
    within = proposed_payer(case, range="home", part="waterproof", at=OPENED)
    assert (within.code, within.clause) == ("developer", "建设工程质量管理条例第四十条（二）")
    outside = proposed_payer(case, range="home", part="wiring", at=OPENED)
    assert outside.code == "owner"
    assert "2025-06-01" in outside.words
    assert proposed_payer(case, range="public", work_class="medium", at=OPENED).code == "fund"


def test_another_payer_than_the_warranty_says_wants_a_reason(shop: Shop) -> None:
    order = shop.issues()
    by = shop.of(shop.cast.limin)
    with refused("no-reason"):
        issuing.decide_payer(order=order, payer="company", by=by, at=OPENED)
    issuing.decide_payer(order=order, payer="owner", by=by, at=OPENED)
    assert (order.payer, order.paid) == ("owner", True)
    assert order.case.facts["paid"] is True
    issuing.decide_payer(order=order, payer="liable", by=by, at=OPENED, reason="装修公司打断水管")
    assert order.payer_words == "装修公司打断水管"


def test_the_repairer_decides_who_pays_where_only_the_desk_may_classify(shop: Shop) -> None:
    """S0 3.1 lets nobody but the desk classify; what the order says of its case is no 分类."""
    order = shop.on_site()
    by = shop.of(shop.cast.chenjianguo, THERE)
    issuing.decide_payer(order=order, payer="company", by=by, at=THERE, reason="返工，免费")
    assert (order.payer, order.case.facts["paid"]) == ("company", False)
    assert "classified" not in shop.verbs(order.case)


def test_paid_work_is_quoted_agreed_done_and_charged(
    shop: Shop, prices: dict[str, PriceItem]
) -> None:
    shop.adopts(S2)
    order = shop.on_site(payer="owner")
    assert step(order) == QUOTE
    quotation = quoted(shop, order, prices["JS-01"])
    assert step(order) == CONSENT
    with refused("no-consent"):
        shop.finishes(order)
    agreed(shop, quotation)
    assert step(order) == FINISH
    shop.finishes(order)
    charge = charges_of(order.case, order.number).get()
    assert (charge.amount, charge.state) == (Decimal("70.00"), "open")
    assert shop.verbs(order.case)[-2:] == ["charged", "hold-lifted"]


def test_a_repair_done_again_is_not_charged_again(shop: Shop, prices: dict[str, PriceItem]) -> None:
    shop.adopts(S2)
    order = shop.on_site(payer="owner")
    agreed(shop, quoted(shop, order, prices["JS-01"]))
    shop.finishes(order)
    working.check(
        order=order, ok=False, opinion="还渗", by=shop.of(shop.cast.sunli, FINISHED), at=FINISHED
    )
    shop.goes(order, at=FINISHED)
    shop.finishes(order)
    assert charges_of(order.case, order.number).count() == 1


def test_who_declines_the_price_owes_nothing(shop: Shop, prices: dict[str, PriceItem]) -> None:
    shop.adopts(S2)
    order = shop.on_site(payer="owner")
    quotation = quoted(shop, order, prices["JS-01"])
    with refused("not-declined"):
        shop.finishes(order, result="declined")
    by = shop.of(shop.cast.chenjianguo, THERE)
    decline(quotation=quotation, reason="自己找人修", by=by, at=THERE)
    shop.finishes(order, result="declined", text="客户不修，未动")
    assert (order.state, order.result) == ("done", "declined")
    assert not charges_of(order.case).exists()
    assert order.case.status == "done"


@pytest.mark.peers("T30")
def test_what_is_owed_never_stops_an_emergency_from_being_made_safe(shop: Shop) -> None:
    order = shop.sends(shop.issues(shop.registers("水管爆裂，积水", urgent=True), payer="owner"))
    shop.goes(order)
    assert step(order) == MAKE_SAFE, "first safe, then the price"
    by = shop.of(shop.cast.chenjianguo, THERE)
    working.make_safe(order=order, text="关了总阀，抽干积水", by=by, at=THERE)
    assert order.made_safe_at == THERE
    with refused("no-consent"):
        shop.finishes(order)
    shop.finishes(order, result="made-safe", text="关阀，待另修")
    assert order.state == "done"
    assert not charges_of(order.case).exists()


@pytest.mark.peers("T30")
def test_an_emergency_is_sent_without_a_price_where_others_wait_for_consent(
    shop: Shop, prices: dict[str, PriceItem]
) -> None:
    """S3 wants consent before dispatch: of the tap, not of the burst pipe."""
    shop.adopts(S3)
    calm = shop.issues(payer="owner")
    with refused("no-consent"):
        shop.sends(calm, by=shop.cast.limin)
    agreed(shop, quoted(shop, calm, prices["JS-01"], shop.cast.limin))
    assert shop.sends(calm, by=shop.cast.limin, at=THERE).state == "sent"
    burst = shop.issues(shop.registers("水管爆裂", urgent=True), payer="owner")
    assert shop.sends(burst, by=shop.cast.limin).state == "sent"


def test_a_price_for_the_matter_as_a_whole_speaks_for_its_order(
    shop: Shop, prices: dict[str, PriceItem]
) -> None:
    shop.adopts(S2)
    order = shop.on_site(payer="owner")
    item = prices["JS-01"]
    whole = quote(
        case=order.case, subject="", by=shop.of(shop.cast.limin, THERE), at=THERE,
        lines=[QuoteLine(item, item.name, item.unit, Decimal(1), item.low)],
    )  # fmt: skip
    agreed(shop, whole)
    shop.finishes(order)
    assert charges_of(order.case).get().amount == Decimal("35.00")


def test_a_price_for_the_matter_is_owed_beside_that_of_another_order(
    shop: Shop, prices: dict[str, PriceItem]
) -> None:
    shop.adopts(S2)
    first = shop.on_site(payer="owner")
    case, item = first.case, prices["JS-01"]
    whole = quote(
        case=case, subject="", by=shop.of(shop.cast.limin, THERE), at=THERE,
        lines=[QuoteLine(item, item.name, item.unit, Decimal(1), item.low)],
    )  # fmt: skip
    agreed(shop, whole)
    agreed(shop, quoted(shop, first, item))
    others = [shop.issues(case, title=title, payer="owner", at=THERE) for title in ("龙头", "软管")]
    for order in (first, *(shop.goes(shop.sends(other)) for other in others)):
        shop.finishes(order)
    amounts = charges_of(case).values_list("amount", flat=True)
    assert sorted(amounts) == [Decimal("35.00"), Decimal("70.00")]


def priced_as_a_whole(shop: Shop, case: Case, item: PriceItem, at: datetime) -> Quotation:
    """李敏 tells one price for the whole matter, and 王女士 agrees on the telephone."""
    by = shop.of(shop.cast.limin, at)
    lines = [QuoteLine(item, item.name, item.unit, Decimal(1), item.low)]
    whole = quote(case=case, subject="", lines=lines, by=by, at=at)
    return consent(quotation=whole, name="王女士", means="call", by=by, at=at)


def reopened(shop: Shop, case: Case) -> Case:
    """It was told and closed; in the evening 王女士 calls again."""
    by = shop.of(shop.cast.limin, EVENING)
    feed_back(case=case, by=by, at=EVENING, text="修好了", said_by="王女士")
    close(case=case, by=by, at=EVENING)
    return reopen(case=case, reason="又漏了", channel="phone", said_by="王女士", by=by, at=EVENING)


def test_a_price_for_the_matter_counts_in_the_round_in_which_it_was_agreed(
    shop: Shop, prices: dict[str, PriceItem]
) -> None:
    shop.adopts(S2)
    order = shop.on_site(payer="owner")
    case, item = order.case, prices["JS-01"]
    first = priced_as_a_whole(shop, case, item, THERE)
    shop.finishes(order)
    reopened(shop, case)
    later = EVENING + timedelta(minutes=30)
    new = shop.issues(case, title="更换软管", payer="owner", at=EVENING)
    shop.goes(shop.sends(new, at=EVENING), at=later)
    assert step(new) == QUOTE
    with refused("no-consent"):
        shop.finishes(new, at=later)
    priced_as_a_whole(shop, case, item, later)
    shop.finishes(new, at=later + timedelta(minutes=5))
    assert [charge.subject for charge in charges_of(case)] == [order.number, new.number]
    first.refresh_from_db()
    assert first.is_agreed, "what was agreed and done is not taken back"
    order.refresh_from_db()
    assert quotation_of(order) == first


def test_the_agreed_price_of_a_finished_order_is_not_taken_back(
    shop: Shop, prices: dict[str, PriceItem]
) -> None:
    shop.adopts(S2)
    order = shop.on_site(payer="owner")
    first = agreed(shop, quoted(shop, order, prices["JS-01"]))
    shop.finishes(order)
    with refused("finished-already"):
        quoted(shop, order, prices["JS-02"])
    head = shop.of(shop.cast.sunli, FINISHED)
    working.check(order=order, ok=False, opinion="还渗", by=head, at=FINISHED)
    with refused("finished-already"):
        quoted(shop, order, prices["JS-02"])
    first.refresh_from_db()
    assert first.is_agreed
    clerk = shop.of(shop.cast.xuqin, FINISHED)
    cancel_charge(charge=charges_of(order.case).get(), reason="项目记错", by=clerk, at=FINISHED)
    quoted(shop, order, prices["JS-02"])
    first.refresh_from_db()
    assert not first.is_agreed, "nothing is owed of it any more"


def test_the_agreed_price_of_the_matter_is_not_taken_back_once_it_is_owed(
    shop: Shop, prices: dict[str, PriceItem]
) -> None:
    shop.adopts(S2)
    order, item = shop.on_site(payer="owner"), prices["JS-01"]
    priced_as_a_whole(shop, order.case, item, THERE)
    priced_as_a_whole(shop, order.case, item, THERE)
    shop.finishes(order)
    with refused("finished-already"):
        priced_as_a_whole(shop, order.case, item, FINISHED)


def test_a_price_for_the_matter_is_not_agreed_to_once_it_was_reopened(
    shop: Shop, prices: dict[str, PriceItem]
) -> None:
    shop.adopts(S2)
    order, item = shop.done(), prices["JS-01"]
    case, by = order.case, shop.of(shop.cast.limin, FINISHED)
    lines = [QuoteLine(item, item.name, item.unit, Decimal(1), item.low)]
    whole = quote(case=case, subject="", lines=lines, by=by, at=FINISHED)
    reopened(shop, case)
    with refused("earlier-round"):
        consent(quotation=whole, name="王女士", means="call", by=by, at=EVENING)


def test_what_was_agreed_is_not_done_for_nothing_because_nobody_said_who_pays(
    shop: Shop, prices: dict[str, PriceItem]
) -> None:
    shop.adopts(S2)
    order = shop.on_site()
    agreed(shop, quoted(shop, order, prices["JS-01"]))
    with refused("no-payer"):
        shop.finishes(order)
    by = shop.of(shop.cast.chenjianguo, THERE)
    issuing.decide_payer(order=order, payer="owner", reason="自用部位", by=by, at=THERE)
    shop.finishes(order)
    assert charges_of(order.case).get().amount == Decimal("70.00")


# --- What completion needs (T27) ------------------------------------------------------------------


def by_the_desk(shop: Shop) -> WorkOrder:
    return shop.on_site(payer="company")


def by_the_night_duty(shop: Shop) -> WorkOrder:
    night = OPENED + timedelta(hours=14)
    order = shop.issues(by=shop.cast.gaofei, at=night, payer="company")
    return shop.goes(shop.sends(order, at=night), at=night)


def by_grabbing(shop: Shop) -> WorkOrder:
    return shop.goes(shop.sends(shop.issues(payer="company"), mode="grab"))


def as_a_second_order(shop: Shop) -> WorkOrder:
    first = shop.issues()
    return shop.goes(shop.sends(shop.issues(first.case, title="另一处", payer="company")))


def on_a_case_from_the_phone(shop: Shop) -> WorkOrder:
    told = Told(text="厨房漏水", unit=shop.cast.home, source="oral", heard_by="陈建国",
                facts={"kind": "repair"}, ticks=["read-back"])  # fmt: skip
    by = shop.of(shop.cast.chenjianguo)
    case = register(project=shop.cast.cuihu, told=told, by=by, at=OPENED)
    return shop.goes(shop.sends(shop.issues(case, payer="company")))


@pytest.mark.peers("T27")
@pytest.mark.parametrize(
    "born",
    [by_the_desk, by_the_night_duty, by_grabbing, as_a_second_order, on_a_case_from_the_phone],
)
def test_completion_wants_the_same_however_the_order_was_born(
    shop: Shop, born: Callable[[Shop], WorkOrder]
) -> None:
    order = born(shop)
    late = OPENED + timedelta(hours=20)
    with refused("finish-incomplete") as said:
        shop.finishes(order, signature=None, at=late)
    assert "客户签名" in str(said.value)
    with refused("finish-incomplete"):
        shop.finishes(order, scores={"quality": 5}, at=late)
    assert shop.finishes(order, at=late).state == "done"


def test_where_nobody_could_sign_the_reason_stands_for_it(shop: Shop) -> None:
    order = shop.on_site(payer="company")
    shop.finishes(order, signature=None, signed_name="", scores={}, opinion="",
                  no_signature="业主不在家，物业陪同")  # fmt: skip
    assert order.case.journal.get(verb="done").data["signed"] is False


@pytest.mark.clause("S3-4.2-1f", "S3-4.5-2a")
def test_signature_and_both_scores_are_asked_for_before_it_is_done(shop: Shop) -> None:
    shop.adopts(S3)
    order = shop.goes(shop.sends(shop.issues(payer="company"), by=shop.cast.limin))
    for lacking in (
        {"signature": None},
        {"scores": {"quality": 5}},
        {"scores": {"attitude": 5}},
    ):
        with refused("finish-incomplete"):
            shop.finishes(order, **lacking)
    shop.finishes(order, scores={"quality": 4, "attitude": 5})
    order.refresh_from_db()
    assert order.signature
    assert (order.score_quality, order.score_attitude) == (4, 5)


@pytest.mark.clause("S2-RP-8")
def test_opinion_and_phone_are_on_the_order_before_it_is_done(shop: Shop) -> None:
    shop.adopts(S2)
    order = shop.on_site(payer="company")
    with refused("finish-incomplete"):
        shop.finishes(order, opinion="")
    with refused("finish-incomplete"):
        shop.finishes(order, phone="")
    shop.finishes(order, opinion="修得好，下次早点来", phone="13800138000")
    order.refresh_from_db()
    assert order.opinion == "修得好，下次早点来"
    assert order.phone_for_visit == "13800138000"
