"""A price is told from the list in force, and nothing is done for money before yes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shouwen.adoption.queries import rulebook
from shouwen.cases.actions.classifying import classify
from shouwen.cases.files import attach
from shouwen.cases.models import Case
from shouwen.cases.queries import as_entries, journal
from shouwen.pricing.actions.quoting import QuoteLine, consent, decline, quote, require_consent
from shouwen.pricing.models import Quotation
from shouwen.pricing.queries import agreed_quotation, latest_quotation, paid_work_rule
from shouwen.rules.closing import checklist
from shouwen.rules.journal import Entry
from shouwen.rules.refused import Refused
from tests.cast import FOUNDED, Cast
from tests.permissions_world import PNG
from tests.pricing.conftest import ON_SITE, OPENED, Shop
from tests.pricing.prices import REPAIR, repair_prices

clause = pytest.mark.clause


@clause("S0-3.4-25")
def test_a_quotation_says_every_line_and_its_sum_and_stands_in_the_journal(shop: Shop) -> None:
    case = shop.sent(shop.leak())
    found = shop.quotes(case, shop.line("JS-01", quantity="2"), shop.line("JS-02", price="80.50"))
    assert [(line.name, line.amount) for line in found.lines.all()] == [
        ("更换角阀", Decimal("70.00")),
        ("疏通下水管", Decimal("80.50")),
    ]
    assert found.total == Decimal("150.50")
    entry = case.journal.get(verb="quoted")
    assert entry.data["total"] == "150.50"
    assert entry.data["edition"] == "有偿维修收费标准 V1"
    assert [line["amount"] for line in entry.data["lines"]] == ["70.00", "80.50"]


def test_a_price_beside_the_band_of_the_list_is_refused_with_the_band(shop: Shop) -> None:
    case = shop.sent(shop.leak())
    with pytest.raises(Refused, match=r"60\.00–120\.00"):
        shop.quotes(case, shop.line("JS-02", price="120.01"))
    with pytest.raises(Refused, match=r"35\.00 元"):
        shop.quotes(case, shop.line("JS-01", price="34.99"))


def test_what_is_on_no_list_is_refused_unless_it_is_material(shop: Shop) -> None:
    case = shop.sent(shop.leak())
    thing = QuoteLine(None, "角阀", "个", Decimal(1), Decimal("18.00"))
    with pytest.raises(Refused, match="不在现行收费标准中"):
        shop.quotes(case, thing)
    assert shop.quotes(case, replace(thing, material=True)).total == Decimal("18.00")
    many = replace(thing, material=True, quantity=Decimal(9_999_999), price=Decimal(999_999))
    with pytest.raises(Refused, match="金额太大"):
        shop.quotes(case, many)


def test_nothing_is_quoted_from_an_edition_that_a_newer_one_has_replaced(shop: Shop) -> None:
    case, old = shop.sent(shop.leak()), shop.line()
    dearer = replace(REPAIR[0], low=Decimal("40.00"), high=Decimal("40.00"))
    repair_prices(shop.cast, (dearer,))
    with pytest.raises(Refused, match="第 1 版不在有效期"):
        shop.quotes(case, old)


def test_what_was_quoted_keeps_its_price_when_the_list_changes(shop: Shop) -> None:
    quotation = shop.agrees(shop.quotes(shop.sent(shop.leak())))
    repair_prices(shop.cast, (replace(REPAIR[0], high=Decimal("99.00"), low=Decimal("99.00")),))
    quotation.refresh_from_db()
    assert [line.price for line in quotation.lines.all()] == [Decimal("35.00")]


@clause("S0-3.4-16")
def test_who_agreed_when_and_to_how_much_stands_on_record(shop: Shop) -> None:
    case = shop.sent(shop.leak())
    found = shop.agrees(shop.quotes(case))
    assert (found.state, found.answered_by_name, found.answered_at) == (
        Quotation.State.AGREED, "王女士", ON_SITE,
    )  # fmt: skip
    entry = case.journal.get(verb="consented")
    assert (entry.said_by, entry.data["total"], entry.data["means"]) == ("王女士", "35.00", "call")
    assert entry.data["proxied"] is True


def test_a_signature_is_kept_with_the_consent_and_one_without_it_is_refused(shop: Shop) -> None:
    case = shop.sent(shop.leak())
    quotation, by = shop.quotes(case), shop.of(shop.cast.chenjianguo)
    with pytest.raises(Refused, match="请附客户的签名"):
        consent(quotation=quotation, name="王女士", means="signature", by=by, at=ON_SITE)
    signature = attach(
        upload=SimpleUploadedFile("signature.png", PNG, "image/png"), by=by, at=ON_SITE, case=case
    )
    found = consent(
        quotation=quotation, name="王女士", means="signature", by=by, at=ON_SITE,
        attachment=signature,
    )  # fmt: skip
    assert (found.attachment, found.is_proxied) == (signature, False)


def test_only_the_customer_himself_agrees_by_his_link(shop: Shop) -> None:
    quotation = shop.quotes(shop.sent(shop.leak()))
    with pytest.raises(Refused, match="只能由客户自己"):
        consent(
            quotation=quotation, name="王女士", means="link", by=shop.of(shop.cast.limin),
            at=ON_SITE,
        )  # fmt: skip
    found = consent(quotation=quotation, name="王女士", means="link", by=None, at=ON_SITE)
    assert (found.recorded_by, found.is_agreed, found.is_proxied) == (None, True, False)


def test_an_answer_is_given_once(shop: Shop) -> None:
    quotation = shop.agrees(shop.quotes(shop.sent(shop.leak())))
    with pytest.raises(Refused, match="现在是“客户同意”"):
        shop.agrees(quotation)
    with pytest.raises(Refused, match="重新报价"):
        decline(quotation=quotation, reason="太贵", by=None, at=ON_SITE)


def test_who_declines_gives_the_reason_and_the_work_is_not_done_for_money(shop: Shop) -> None:
    case = shop.sent(shop.leak())
    quotation = shop.quotes(case)
    with pytest.raises(Refused, match="为什么不同意"):
        decline(quotation=quotation, reason=" ", by=shop.of(shop.cast.limin), at=ON_SITE)
    found = decline(
        quotation=quotation, reason="太贵，自己找人修", by=shop.of(shop.cast.limin), at=ON_SITE
    )
    assert (found.state, found.answered_by_name) == (Quotation.State.DECLINED, "王女士")
    assert case.journal.get(verb="declined").data["reason"] == "太贵，自己找人修"
    with pytest.raises(Refused, match="还没有同意报价"):
        require_consent(case, urgent=False)


def test_a_new_price_takes_back_what_was_agreed_before(shop: Shop) -> None:
    case = shop.sent(shop.leak())
    first = shop.agrees(shop.quotes(case))
    second = shop.quotes(case, shop.line("JS-02", price="120"), at=ON_SITE + timedelta(minutes=9))
    first.refresh_from_db()
    assert first.state == Quotation.State.WITHDRAWN
    assert latest_quotation(case) == second
    assert agreed_quotation(case) is None


def test_a_price_that_was_told_before_another_takes_nothing_back(shop: Shop) -> None:
    """陈建国's phone was without a signal while the desk agreed on another price."""
    case = shop.sent(shop.leak())
    later = ON_SITE + timedelta(hours=1)
    agreed = shop.agrees(shop.quotes(case, at=later), at=later)
    with pytest.raises(Refused, match=agreed.number):
        quote(
            case=case, subject="", lines=[shop.line("JS-02")], by=shop.of(shop.cast.chenjianguo),
            at=later + timedelta(hours=1), happened=ON_SITE,
        )  # fmt: skip
    assert agreed_quotation(case) == agreed


def test_nobody_agrees_to_a_price_before_it_was_told(shop: Shop) -> None:
    case = shop.sent(shop.leak())
    later = ON_SITE + timedelta(hours=1)
    quotation = shop.quotes(case, at=later)
    with pytest.raises(Refused, match="答复不能早于报价"):
        consent(
            quotation=quotation, name="王女士", means="call", by=shop.of(shop.cast.limin),
            at=later, happened=ON_SITE,
        )  # fmt: skip


def test_an_order_without_a_quotation_of_its_own_goes_by_the_one_for_the_matter(
    shop: Shop,
) -> None:
    case = shop.sent(shop.leak())
    whole = shop.agrees(shop.quotes(case))
    assert agreed_quotation(case, "W-CH-261119-001") == whole
    own = shop.quotes(case, shop.line("JS-02"), subject="W-CH-261119-001")
    assert latest_quotation(case, "W-CH-261119-001") == own
    assert agreed_quotation(case, "W-CH-261119-001") is None
    assert agreed_quotation(case) == whole


@pytest.mark.peers("T30")
def test_an_emergency_is_made_safe_whoever_pays(shop: Shop) -> None:
    case = shop.sent(shop.leak(urgent=True, fee="paid"))
    require_consent(case, urgent=True)
    with pytest.raises(Refused, match="还没有同意报价") as refused:
        require_consent(case, urgent=False)
    assert refused.value.clause == "3.4"


# --- Before the dispatch --------------------------------------------------------------------------


@clause("S0-3.4-16")
def test_a_repair_that_costs_is_dispatched_only_after_the_customer_agreed(shop: Shop) -> None:
    case = shop.leak(fee="paid")
    with pytest.raises(Refused, match="客户同意收费"):
        shop.sent(case)
    quotation = _quoted_at_the_desk(shop, case)
    with pytest.raises(Refused, match="客户同意收费"):
        shop.sent(case)
    shop.agrees(quotation, OPENED)
    shop.sent(case)
    assert case.status == "dispatched"


def test_what_was_agreed_holds_when_the_work_is_done_over(shop: Shop) -> None:
    case = shop.leak(fee="paid")
    shop.agrees(_quoted_at_the_desk(shop, case), OPENED)
    told = as_entries(journal(case))
    again = [*told, Entry(len(told) + 1, "reopened", ON_SITE)]
    lines = checklist(rulebook(case.rulebook_id), again, "dispatched")
    assert [line.done for line in lines if line.title == "客户同意收费"] == [True]


def test_a_repair_free_of_charge_and_an_urgent_one_are_dispatched_at_once(shop: Shop) -> None:
    shop.sent(shop.leak(fee="free"))
    shop.sent(shop.leak(fee="paid", urgent=True))


def test_what_turns_out_to_be_free_needs_no_consent(shop: Shop) -> None:
    case = shop.leak(fee="paid")
    classify(case=case, facts={"fee": "free"}, by=shop.of(shop.cast.limin, OPENED), at=OPENED)
    assert case.facts["paid"] is False
    shop.sent(case)


@pytest.fixture
def liyuan(cast: Cast) -> Shop:
    """翠湖花园 follows the procedure of 荔园物业 and no other; 工程部 has drawn up its list."""
    cast.follows("complaint-procedure", since=FOUNDED)
    return Shop(cast, repair_prices(cast))


@clause("S3-4.2-1b")
def test_an_indoor_repair_is_dispatched_only_when_it_is_known_whether_it_costs(
    liyuan: Shop,
) -> None:
    with pytest.raises(Refused, match="有偿或无偿"):
        liyuan.sent(liyuan.leak())
    liyuan.sent(liyuan.leak(fee="free"))
    liyuan.sent(liyuan.leak(scope="public"))


@clause("S3-4.2-1d")
def test_a_paid_repair_is_sent_to_engineering_only_when_the_customer_accepted_the_price(
    liyuan: Shop,
) -> None:
    case = liyuan.leak(fee="paid")
    with pytest.raises(Refused, match="客户认可收费") as refused:
        liyuan.sent(case)
    assert refused.value.clause == "4.2-1"
    liyuan.agrees(_quoted_at_the_desk(liyuan, case), OPENED)
    liyuan.sent(case)


@clause("S3-4.2-1c")
def test_an_indoor_repair_is_quoted_from_the_list_of_engineering(liyuan: Shop) -> None:
    case = liyuan.leak(fee="paid")
    found = _quoted_at_the_desk(liyuan, case)
    assert str(found.edition) == "有偿服务收费标准 V1"
    with pytest.raises(Refused, match="不在现行收费标准中"):
        _quoted_at_the_desk(
            liyuan, case, [QuoteLine(None, "换角阀", "个", Decimal(1), Decimal(50))]
        )


@clause("S3-4.2-2")
def test_for_cleaning_at_home_the_price_is_what_was_agreed(liyuan: Shop) -> None:
    case = liyuan.leak(kind="special-service", fee="paid")
    lines = [QuoteLine(None, "室内清洁，三室两厅", "次", Decimal(1), Decimal("280.00"))]
    found = _quoted_at_the_desk(liyuan, case, lines)
    assert (found.total, found.edition) == (Decimal("280.00"), None)
    rule = paid_work_rule(case)
    assert rule is not None
    assert (rule[1].collect, rule[1].clause) == ("fee-bill", "4.2-2")


@clause("S2-RP-6")
def test_on_site_paid_work_waits_for_the_price_of_the_list_and_her_yes(cast: Cast) -> None:
    cast.follows("service-centre", since=FOUNDED)
    shop = Shop(cast, repair_prices(cast))
    case = shop.sent(shop.leak(fee="paid"))
    quotation = shop.quotes(case)
    with pytest.raises(Refused, match="先报价") as refused:
        require_consent(case, urgent=False)
    assert refused.value.clause == "第五节"
    shop.agrees(quotation)
    require_consent(case, urgent=False)


@clause("S0-3.4-23")
def test_whether_a_wished_service_can_be_had_is_answered_with_an_explanation(shop: Shop) -> None:
    case, by = shop.leak(kind="special-service"), shop.of(shop.cast.limin)
    wanted = [line.id for line in checklist(rulebook(case.rulebook_id), as_entries(journal(case)))]
    assert "offer" in wanted
    with pytest.raises(Refused, match="要写明意见"):
        classify(case=case, facts={"offer": "cannot"}, by=by, at=ON_SITE)
    reason = "高空作业没有资质，介绍专业公司"
    classify(case=case, facts={"offer": "cannot"}, by=by, at=ON_SITE, reason=reason)
    entry = case.journal.get(verb="classified")
    assert (entry.data["facts"]["offer"], entry.data["reason"]) == ("cannot", reason)
    assert entry.at == ON_SITE


def test_the_collection_follows_the_first_regulation_that_speaks_of_it(
    liyuan: Shop,
) -> None:
    rule = paid_work_rule(liyuan.leak(fee="paid"))
    assert rule is not None
    assert (rule[0].id, rule[1].collect) == ("complaint-procedure", "fee-bill")


def _quoted_at_the_desk(shop: Shop, case: Case, lines: list[QuoteLine] | None = None) -> Quotation:
    from_desk = shop.of(shop.cast.limin, OPENED)
    return quote(case=case, subject="", lines=lines or [shop.line()], by=from_desk, at=OPENED)
